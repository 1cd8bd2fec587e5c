"""The dashboard's server: Solara's pages, our own files and downloads, on this machine alone.

Nothing a page needs comes from elsewhere: scripts, fonts and shapes are served from installed packages and from this
folder.
"""

from __future__ import annotations

import os
import socket
import time
import warnings
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.viz.dashboard import assets
from stackcraft.viz.dashboard.access import DOWNLOADS, Access, address_of, is_loopback, is_unspecified
from stackcraft.viz.dashboard.security_headers import INSTANCE, Documents, lost_page

# A tab that is closed says so and its memory is freed at once. One that goes without a word (a crash, a sleeping
# laptop) is kept for five minutes, enough to come back from a lost connection; later it reloads, with its
# whole state in the address.
CULL_AFTER = "5m"
SETTINGS = {
    "SOLARA_APP": "stackcraft.viz.dashboard.app",
    "SOLARA_MODE": "production",
    "SOLARA_TELEMETRY_MIXPANEL_ENABLE": "False",
    "SOLARA_TELEMETRY_SERVER_USER_ID": "none",  # no number for this machine is made or kept
    "SOLARA_KERNEL_CULL_TIMEOUT": CULL_AFTER,
    "SOLARA_ASSETS_PROXY": "True",  # assets come from the installed package...
    "SOLARA_ASSETS_CDN": "http://127.0.0.1:9",  # ...and one that it lacks is never fetched from its public address
    "SOLARA_ASSETS_FONTAWESOME_ENABLED": "False",
    "SOLARA_THEME_LOADER": "plain",
    "SOLARA_THEME_TITLE": "Stackcraft",
    "SOLARA_THEME_FORCE_REFRESH": "True",  # a page whose visitor the server no longer knows reloads
    "SOLARA_SESSION_HTTPS_ONLY": "False",
    "SOLARA_ROOT_PATH": "",  # else the first visitor's headers could set it for everybody
}
PACKAGES = ("solara", "solara-assets", "anywidget", "ipyvuetify", "uvicorn", "starlette", "fontpkg-source-sans-3")
INSTALL = "install it with: pip install 'stackcraft[dashboard]', or start it with: make dashboard"
_started = time.time()
# Routes of Solara that no page asks for, and that tell about the machine. (A page that has lost its connection asks for
# its kernel: that route says nothing.)
CLOSED = ("/readyz", "/resourcez", "/_solara/api/evict/{kernel_id}")
# (option, value) of mallopt(3): most pools; bytes from which memory is mapped on its own, and from which free ends are
# given back.
MALLOC_OPTIONS = ((-8, 2), (-3, 2**23), (-1, 2**24))


def check_installed() -> None:
    """Raise `InputError` with the command that installs what is missing."""
    missing = [name for name in PACKAGES if not _installed(name)]
    if missing:
        raise InputError(f"the dashboard needs {', '.join(missing)}; {INSTALL}")


def _installed(name: str) -> bool:
    try:
        return distribution(name) is not None
    except PackageNotFoundError:
        return False


def make_app(bound: str = "127.0.0.1", names: Sequence[str] = ()) -> Any:
    """Return the Starlette application for a server that listens on the address `bound`.

    `names` are further host names that it answers to. Raises `InputError` where a package is missing.
    """
    check_installed()
    os.environ.update(SETTINGS)
    # Solara explains at length how its own page would sit in a frame of another site, which ours must not.
    warnings.filterwarnings("ignore", message="Cookies with samesite=none")
    import solara.server.starlette as solara_server
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.gzip import GZipMiddleware
    from starlette.routing import Mount, Route
    from starlette.staticfiles import StaticFiles

    from stackcraft.viz.dashboard.downloads.routes import ROUTES

    class Kept(StaticFiles):
        """Files whose address holds their version."""

        def file_response(self, *arguments: Any, **options: Any) -> Any:
            response = super().file_response(*arguments, **options)
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
            return response

    routes = [
        Route("/health", _health),
        Route("/assets/stackcraft.css", _style),
        Route("/assets/stackcraft.js", _script),
        Route("/assets/stackcraft.svg", _icon),
        Route("/assets/font.ttf", _font),
        Route("/assets/shapes.json", _shapes),
        Mount(DOWNLOADS, routes=list(ROUTES)),
        # Before Solara's own, which would fetch what it does not find.
        Mount("/_solara/cdn", app=Kept(directory=assets.solara_files(), check_dir=False)),
        *(route for route in solara_server.routes if getattr(route, "path", "") not in CLOSED),
    ]
    return Starlette(
        routes=routes, lifespan=solara_server.lifespan, exception_handlers={404: _lost},
        middleware=[Middleware(Access, bound=bound, names=names), Middleware(GZipMiddleware, minimum_size=1000),
                    Middleware(Documents, pages=_pages)],
    )  # fmt: skip


def _pages() -> list[str]:
    from stackcraft.viz.dashboard.app import PAGES

    return ["/" + path.strip("/") for path in PAGES]


async def _lost(request: Any, error: Any) -> Any:
    from starlette.responses import HTMLResponse, PlainTextResponse

    if "text/html" in request.headers.get("accept", ""):
        return HTMLResponse(lost_page(), status_code=404)
    return PlainTextResponse("Not found", status_code=404)


async def _health(request: Any) -> Any:
    from starlette.responses import JSONResponse

    from stackcraft.experiments.runs.manifest import version
    from stackcraft.viz.dashboard.live import PAINTERS, QUEUE

    told = {
        "ready": True,
        "instance": INSTANCE,
        "version": version(),
        "seconds": round(time.time() - _started, 1),
        "pages": len(PAINTERS),
    }
    return JSONResponse({**told, **QUEUE.load()})


async def _style(request: Any) -> Any:
    return _text(assets.style(), "text/css")


async def _script(request: Any) -> Any:
    return _text(assets.script(), "text/javascript")


async def _icon(request: Any) -> Any:
    return _text((assets.HERE / "static" / "icon.svg").read_text(encoding="utf-8"), "image/svg+xml")


async def _shapes(request: Any) -> Any:
    from stackcraft.viz.dashboard.widgets.atlas import shapes_json

    return _text(shapes_json(), "application/json")


async def _font(request: Any) -> Any:
    from starlette.responses import FileResponse, Response

    path = assets.font()
    return (
        FileResponse(path, media_type="font/ttf", headers={"Cache-Control": "max-age=86400"})
        if path
        else Response(status_code=404)
    )


def _text(content: str | bytes, kind: str) -> Any:
    from starlette.responses import Response

    # Asked again at every visit, so that a newer server's files are never mixed with an older one's.
    return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})


def give_memory_back() -> None:
    """Have freed memory go back to the system soon: few pools for all threads, and large arrays outside of them.

    The GNU allocator keeps a pool for each thread and raises by itself the size from which memory is given back, so a
    server with many short-lived threads would keep several times what it uses. Elsewhere this does nothing.
    """
    import ctypes

    try:
        set_option = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):
        return
    for option, value in MALLOC_OPTIONS:
        set_option(option, value)


def serve(host: str, port: int, ready: Callable[[str, bool], None], names: Sequence[str] = ()) -> None:
    """Serve until Ctrl-C.

    `ready` is called once the first picture is computed, with the address and whether other machines can reach it.
    `names` are further host names to answer to. Raises `InputError`.
    """
    give_memory_back()
    check_installed()
    listening = listen(host, port)
    bound, port = listening.getsockname()[:2]
    try:
        # A name that leads to this machine alone is not one that others may use: only its address is.
        app = make_app(bound, [*names, host] if address_of(host) is None and not is_loopback(bound) else names)
        import uvicorn

        from stackcraft.viz.dashboard.live import QUEUE, warm

        class Server(uvicorn.Server):
            async def shutdown(self, sockets: Any = None) -> None:
                QUEUE.stop()  # or a download that computes would hold up the end for minutes
                await super().shutdown(sockets)

        warm()
        shown = "127.0.0.1" if is_unspecified(bound) else bound
        ready(f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/", not is_loopback(bound))
        settings = uvicorn.Config(
            app, log_level="warning", lifespan="on", server_header=False, timeout_graceful_shutdown=2
        )
        Server(settings).run(sockets=[listening])
    finally:
        listening.close()


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens on the address of `host`, the IPv4 one where it has both. Raises `InputError`."""
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, _, _, _, place = min(found, key=lambda entry: entry[0] != socket.AF_INET)
    except (socket.gaierror, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be read as a name"
        raise InputError(
            f"--host {host!r} is not an address of this machine: {reason}; leave it out to serve this machine alone"
        ) from None
    listening = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere it would let two servers share a port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(place)
        listening.listen(128)  # at once, so that the port is ours; a browser that comes early waits
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise InputError(f"port {port} on {host} cannot be used: {reason}; give another with --port") from None
    return listening
