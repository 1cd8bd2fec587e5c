"""The dashboard's server: Solara's pages, our own files and downloads, on this machine alone.

Nothing a page needs comes from elsewhere: scripts, fonts and shapes are served from installed packages and from this folder, and
the content security policy keeps browsers from asking anybody else.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from agents.declare import InputError

HERE = Path(__file__).parent
LOOK = (HERE.parent / "look.css", *sorted(HERE.glob("*.css")), *sorted((HERE / "widgets").glob("*.css")))
SCRIPTS = sorted(HERE.glob("*.js"))
# A tab that was closed gives its memory back after this time; one that only lost its connection can come back within it.
CULL_AFTER = "5m"
INSTANCE = secrets.token_hex(8)  # told to pages, which load themselves anew when another server answers
POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",  # Solara's templates are compiled in the page; widgets are blobs
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self' ws: wss:",
        "object-src 'none'",
        "base-uri 'self'",
        "frame-ancestors 'none'",
    )
)
SETTINGS = {
    "SOLARA_APP": "viz.dashboard.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_KERNEL_CULL_TIMEOUT": CULL_AFTER,
    "SOLARA_ASSETS_PROXY": "True",  # assets come from the installed package...
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9",  # ...and one that it lacks is never fetched from its public address
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_SESSION_HTTPS_ONLY": "False",
}
PACKAGES = ("solara", "solara_assets", "anywidget", "ipyvuetify", "uvicorn", "starlette", "fontpkg_source_sans_3")
INSTALL = "install it with: pip install 'stackcraft[dashboard]', or start it with: make dashboard"
_started = time.time()


def check_installed() -> None:
    """Raise `InputError` with the command that installs what is missing."""
    missing = [name for name in PACKAGES if find_spec(name) is None and name != "solara_assets"]
    if missing:
        raise InputError(f"the dashboard needs {', '.join(missing)}; {INSTALL}")


def font() -> Path | None:
    """The variable font file of the installed font package."""
    found = find_spec("fontpkg_source_sans_3")
    if found is None or not found.submodule_search_locations:
        return None
    return next((path for path in sorted(Path(found.submodule_search_locations[0], "files").glob("SourceSans3[[]*.ttf"))), None)


def make_app() -> Any:
    """The Starlette application. Raises `InputError` where a package is missing."""
    check_installed()
    for name, value in SETTINGS.items():
        os.environ.setdefault(name, value)
    import solara.server.starlette as pages
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.gzip import GZipMiddleware
    from starlette.routing import Mount, Route

    from viz.dashboard.take_away import ROUTES

    routes = [
        Route("/health", _health),
        Route("/assets/stackcraft.css", _style),
        Route("/assets/stackcraft.js", _script),
        Route("/assets/stackcraft.svg", _icon),
        Route("/assets/font.ttf", _font),
        Route("/assets/shapes.json", _shapes),
        Mount("/download", routes=list(ROUTES)),
        *pages.routes,
    ]
    return Starlette(routes=routes, lifespan=pages.lifespan, middleware=[Middleware(GZipMiddleware, minimum_size=1000), Middleware(Frame)])


def style() -> str:
    """Every style sheet in a row."""
    return "\n".join(path.read_text(encoding="utf-8") for path in LOOK)


async def _health(request: Any) -> Any:
    from starlette.responses import JSONResponse

    from experiments.manifest import version
    from viz.dashboard.live import QUEUE

    return JSONResponse({"ready": True, "instance": INSTANCE, "version": version(), "seconds": round(time.time() - _started, 1), **QUEUE.load()})


async def _style(request: Any) -> Any:
    return _text(style(), "text/css")


async def _script(request: Any) -> Any:
    return _text("\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS), "text/javascript")


async def _icon(request: Any) -> Any:
    return _text((HERE / "icon.svg").read_text(encoding="utf-8"), "image/svg+xml")


async def _shapes(request: Any) -> Any:
    from viz.dashboard.widgets.atlas import shapes_json

    return _text(shapes_json(), "application/json")


async def _font(request: Any) -> Any:
    from starlette.responses import FileResponse, Response

    path = font()
    return FileResponse(path, media_type="font/ttf", headers={"Cache-Control": "max-age=86400"}) if path else Response(status_code=404)


def _text(content: str | bytes, kind: str) -> Any:
    from starlette.responses import Response

    # Asked again at every visit, so that a newer server's files are never mixed with an older one's.
    return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})


Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


class Frame:
    """Gives every page a language, a window that can be zoomed, our styles and script, and the security policy."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start: MutableMapping[str, Any] = {}
        body = bytearray()
        page = False

        async def framed(message: MutableMapping[str, Any]) -> None:
            nonlocal page, start
            if message["type"] == "http.response.start":
                headers = dict(message["headers"])
                page = headers.get(b"content-type", b"").startswith(b"text/html") and not scope["path"].startswith("/download")
                message["headers"] = [*message["headers"], (b"content-security-policy", POLICY.encode()), (b"referrer-policy", b"no-referrer"),
                                      (b"x-content-type-options", b"nosniff")]  # fmt: skip
                if not page:
                    await send(message)
                start = message
            elif page:
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    whole = framed_page(body.decode("utf-8", "replace")).encode()
                    start["headers"] = [one for one in start["headers"] if one[0] != b"content-length"] + [(b"content-length", str(len(whole)).encode())]
                    await send(start)
                    await send({"type": "http.response.body", "body": whole})
            else:
                await send(message)

        await self.app(scope, receive, framed)


HEAD = """
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Where in the world would which AI stack run, and would it last? An open simulation of what-ifs.">
<meta name="stackcraft-instance" content="{instance}">
<link rel="icon" type="image/svg+xml" href="/assets/stackcraft.svg">
<script src="/assets/stackcraft.js"></script>
"""
LATE = '<link rel="stylesheet" href="/assets/stackcraft.css"></head>'


def framed_page(html: str) -> str:
    """Solara's page with our head: it forbids zooming, sets no language, and brings its own icon."""
    html = re.sub(r"<html(?![^>]*\blang=)", '<html lang="en"', html, count=1)
    html = re.sub(r'<meta name="viewport"[^>]*>', "", html)
    html = re.sub(r'<link rel="icon"[^>]*>', "", html)
    html = html.replace("<head>", "<head>" + HEAD.format(instance=INSTANCE), 1)
    return html.replace("</head>", LATE, 1)


def serve(host: str, port: int, ready: Callable[[str], None]) -> None:
    """Serve until Ctrl-C; `ready` is called with the address once the first picture is computed. Raises `InputError`."""
    import socket

    app = make_app()
    import uvicorn

    from viz.dashboard.live import warm

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise InputError(f"port {port} on {host} cannot be used: {error.strerror}; give another with --port") from None
    warm()
    listening.listen(128)
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    ready(f"http://[{shown}]:{listening.getsockname()[1]}/" if ":" in shown else f"http://{shown}:{listening.getsockname()[1]}/")
    settings = uvicorn.Config(app, log_level="warning", lifespan="on", timeout_graceful_shutdown=2)
    uvicorn.Server(settings).run(sockets=[listening])
