"""What every answer of the server wears: a page's head, and the policy that keeps browsers from asking anybody else."""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from markupsafe import escape

from stackcraft.viz.dashboard.strings import language, text

INSTANCE = secrets.token_hex(8)  # told to pages, which load themselves anew when another server answers
LOOPBACK = ("127.0.0.1", "localhost", "::1")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")
_COMMON = ("object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")
# Files to take along bring styles and scripts of their own and ask nobody for anything.
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
    """The content security policy of a page: nothing from outside `host`, no script in the markup but those that carry
    the nonce.

    Solara's templates are compiled in the page (eval), widgets arrive as blobs, and Vuetify writes its own style
    elements. Not every browser counts the page's own WebSocket as 'self', so that it is named.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        ("default-src 'self'", f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval' blob:", "style-src 'self' 'unsafe-inline'", "img-src 'self' data: blob:",
         "font-src 'self' data:", f"connect-src 'self'{sockets}", *_COMMON)
    )  # fmt: skip


def dressed(html: str, nonce: str, pages: Iterable[str] = ()) -> str:
    """Solara's page with our head: as it comes it forbids zooming, names no language, and brings its own icon.

    `pages` are the paths between which links move without loading everything again.
    """
    head = (
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="description" content="{escape(text("shell.description"))}">'
        f'<meta name="stackcraft-instance" content="{INSTANCE}"><meta name="stackcraft-pages" content="{escape(" ".join(pages))}">'
        '<link rel="icon" type="image/svg+xml" href="/assets/stackcraft.svg"><link rel="preload" href="/assets/font.ttf" as="font" type="font/ttf" crossorigin>'
        f'<template id="stackcraft-away"><div class="away" role="alert"><p>{escape(text("shell.away"))}</p>'
        f'<button type="button" data-reload>{escape(text("shell.reload"))}</button></div></template>'
        '<script src="/assets/stackcraft.js"></script>'
    )
    html = re.sub(r"<html(?![^>]*\blang=)", f'<html lang="{language()}"', html, count=1)
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
    """What is said where there is no page."""
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{escape(text("shell.lost"))} - {escape(text("shell.name"))}</title></head><body>'
        f'<main class="shell"><h1>{escape(text("shell.lost"))}</h1><p><a href="/">{escape(text("shell.lost_home"))}</a></p></main></body></html>'
    )


class Documents:
    """Dresses every page, sets the policy, and turns away whoever asks under another name or from another site's page.

    The second matters even on one's own machine: without it, any website that is open in the same browser could talk to
    the server. `host` is what the server listens on; where that is not this machine alone, it may be called by any
    name.
    """

    def __init__(self, app: Any, host: str = "127.0.0.1", pages: Callable[[], Iterable[str]] = tuple) -> None:
        self.app, self.pages = app, pages
        self.names = LOOPBACK if host in LOOPBACK else ()

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get("host", "")
        if self._foreign(host, headers.get("origin")):
            await _refuse(scope, send)
        elif scope["type"] == "websocket":
            await self.app(scope, receive, send)
        else:
            await self.app(scope, receive, _Dressing(send, self.pages, host, scope["path"].startswith("/download")))

    def _foreign(self, host: str, origin: str | None) -> bool:
        try:
            name = urlsplit(f"//{host}").hostname or ""
            asker = host if origin is None else urlsplit(origin).netloc
        except ValueError:
            return True
        return bool(self.names and name not in self.names) or asker != host


async def _refuse(scope: Any, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    await send(
        {"type": "http.response.start", "status": 403, "headers": [(b"content-type", b"text/plain; charset=utf-8")]}
    )
    await send({"type": "http.response.body", "body": text("shell.refused").encode()})


class _Dressing:
    """One answer on its way out; a page is held back until it is whole."""

    def __init__(self, send: Send, pages: Callable[[], Iterable[str]], host: str, download: bool) -> None:
        self.send, self.pages, self.host, self.download = send, pages, host, download
        self.nonce = secrets.token_urlsafe(16)
        self.start: Message | None = None
        self.body = bytearray()

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message["headers"])
            page = dict(headers).get(b"content-type", b"").startswith(b"text/html") and not self.download
            policy = page_policy(self.nonce, self.host) if page else DOWNLOAD_POLICY
            headers += [(b"content-security-policy", policy.encode("latin-1", "ignore")), (b"referrer-policy", b"same-origin"),
                        (b"x-content-type-options", b"nosniff")]  # fmt: skip
            message["headers"] = headers
            if page:
                self.start = message
                return
        elif self.start is not None:
            self.body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            whole = dressed(self.body.decode("utf-8", "replace"), self.nonce, self.pages()).encode()
            kept = [one for one in self.start["headers"] if one[0] not in (b"content-length", b"cache-control")]
            self.start["headers"] = [
                *kept,
                (b"content-length", str(len(whole)).encode()),
                (b"cache-control", b"no-cache"),
            ]
            await self.send(self.start)
            message = {"type": "http.response.body", "body": whole}
        await self.send(message)
