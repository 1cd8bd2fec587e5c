"""What every answer of the server has: a page's head, and the policy that keeps browsers from asking anybody else."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from markupsafe import escape

from stackcraft.viz.dashboard.access import DOWNLOADS
from stackcraft.viz.dashboard.strings import text, well_translated
from stackcraft.viz.words import languages

INSTANCE = secrets.token_hex(8)  # told to pages, which reload when another server answers
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")
_COMMON = ("object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")
# Files to take along bring their own styles and scripts and ask nobody for anything.
DOWNLOAD_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self' 'unsafe-inline'",
        "script-src 'unsafe-inline'",
        "img-src 'self' data:",
        "font-src 'self' data:",
        *_COMMON,
    )
)

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]


def page_policy(nonce: str, host: str) -> str:
    """Return the content security policy of a page: nothing from outside `host`, scripts only with the nonce.

    Solara's templates are compiled in the page (eval), widgets arrive as blobs, and Vuetify writes its own style
    elements. Not every browser counts the page's own WebSocket as 'self', so that it is named.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            f"connect-src 'self'{sockets}",
            *_COMMON,
        )
    )


# A proxy that serves the dashboard below a path shows another path than the one that was asked for here; then no script
# or style of the page is found, so that this one is in the page itself.
_CHECK_PATH = """<script>{
  const asked = document.querySelector('meta[name="stackcraft-path"]').content;
  addEventListener("DOMContentLoaded", () => {
    if (decodeURI(location.pathname) !== asked)
      document.body.prepend(document.getElementById("stackcraft-incomplete").content.cloneNode(true));
  });
}</script>"""


def language_of(scope: Any) -> languages.Spoken:
    """Return the language of a request: what its address asks for, else what the browser wants."""
    header = dict(scope["headers"]).get(b"accept-language", b"").decode("latin-1")
    return languages.of_request(scope.get("query_string", b"").decode("latin-1"), header, well_translated)


def dressed(html: str, nonce: str, pages: Iterable[str] = (), path: str = "/") -> str:
    """Return Solara's page with our head: as it comes it forbids zooming, names no language, and brings its own icon.

    `pages` are the paths between which links move without loading everything again; `path` is the one asked for.
    """
    head = (
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="description" content="{escape(text("shell.description"))}">'
        f'<meta name="stackcraft-instance" content="{INSTANCE}">'
        f'<meta name="stackcraft-pages" content="{escape(" ".join(pages))}">'
        '<link rel="icon" type="image/svg+xml" href="/assets/stackcraft.svg">'
        '<link rel="preload" href="/assets/font.ttf" as="font" type="font/ttf" crossorigin>'
        f'<template id="stackcraft-away"><div class="away" role="alert"><p>{escape(text("shell.away"))}</p>'
        f'<button type="button" data-reload>{escape(text("shell.reload"))}</button></div></template>'
        f'<meta name="stackcraft-path" content="{escape(path)}"><template id="stackcraft-incomplete">'
        f'<p class="away" role="alert">{escape(text("shell.incomplete"))}</p></template>'
        f'{_CHECK_PATH}<script src="/assets/stackcraft.js"></script>'
    )
    html = re.sub(r"<html(?![^>]*\blang=)", f"<html {languages.attributes()}", html, count=1)
    html = re.sub(r'<meta name="viewport"[^>]*>|<link rel="icon"[^>]*>', "", html)
    html = html.replace("<head>", "<head>" + head, 1).replace(
        "</head>", '<link rel="stylesheet" href="/assets/stackcraft.css"></head>', 1
    )
    html = re.sub(
        r"(<body[^>]*>)",
        rf'\1<noscript><p class="away">{escape(text("shell.no_script"))}</p></noscript>',
        html,
        count=1,
    )
    return re.sub(r"<script(?=[\s>])", f'<script nonce="{nonce}"', html)


def lost_page() -> str:
    """Return what is said where there is no page."""
    home = escape(languages.address_in_language("/"))
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(text("shell.lost"))} - '
        f"{escape(text('shell.name'))}</title></head><body>"
        f'<main class="shell"><h1>{escape(text("shell.lost"))}</h1><p>'
        f'<a href="{home}">{escape(text("shell.lost_home"))}</a></p></main></body></html>'
    )


def session_cookie(cookie: bytes, secure: bool) -> bytes:
    """Return a Set-Cookie header for the same name and value that ends with the browser's session.

    No other site's page can have it sent, and no script can read it. Solara's own would be kept until 2038.
    """
    pair = cookie.split(b";", 1)[0].strip()
    return pair + b"; Path=/; HttpOnly; SameSite=Lax" + (b"; Secure" if secure else b"")


class Documents:
    """An ASGI layer that gives every answer its headers, and pages their head; `pages` are their paths."""

    def __init__(self, app: Any, pages: Callable[[], Iterable[str]] = tuple) -> None:
        self.app, self.pages = app, pages

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        dressing = _Dressing(send, self.pages, scope)
        with languages.using(*dressing.language):
            await self.app(scope, receive, dressing)


class _Dressing:
    """One answer on its way out; a page is held back until it is whole."""

    def __init__(self, send: Send, pages: Callable[[], Iterable[str]], scope: Any) -> None:
        self.send, self.pages = send, pages
        self.host = dict(scope["headers"]).get(b"host", b"").decode("latin-1")
        self.secure, self.path = scope.get("scheme") == "https", scope["path"]
        self.download = self.path.startswith(DOWNLOADS)
        self.language = language_of(scope)
        self.nonce = secrets.token_urlsafe(16)
        self.start: Message | None = None
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [
                (name, session_cookie(value, self.secure) if name.lower() == b"set-cookie" else value)
                for name, value in message["headers"]
            ]
            page = dict(headers).get(b"content-type", b"").startswith(b"text/html") and not self.download
            policy = page_policy(self.nonce, self.host) if page else DOWNLOAD_POLICY
            headers += [
                (b"content-security-policy", policy.encode("latin-1", "ignore")),
                (b"referrer-policy", b"same-origin"),
                (b"x-content-type-options", b"nosniff"),
            ]
            message["headers"] = headers
            if page:
                self.start = message
                return
        elif self.start is not None:
            self.body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            with languages.using(*self.language):
                whole = dressed(self.body.decode("utf-8", "replace"), self.nonce, self.pages(), self.path).encode()
            kept = [one for one in self.start["headers"] if one[0] not in (b"content-length", b"cache-control")]
            self.start["headers"] = [
                *kept,
                (b"content-length", str(len(whole)).encode()),
                (b"cache-control", b"no-cache"),
                (b"vary", b"Accept-Language"),
            ]
            await self.send(self.start)
            message = {"type": "http.response.body", "body": whole}
        await self.send(message)
