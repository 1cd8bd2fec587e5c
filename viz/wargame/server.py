"""The game's server: one process, our own pages, nothing from anybody else.

`/game` holds everything. Requests under a foreign name, or from another site's page, are turned away as on the
dashboard; every answer carries a policy that keeps browsers from asking anybody else.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Callable, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError

PACKAGES = ("starlette", "uvicorn", "segno", "fontpkg-source-sans-3")
INSTALL = "install it with: pip install 'stackcraft[dashboard]', or start it with: make wargame"
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'self'",
    )
)
STATIC = Path(__file__).parent / "static"


def check_installed() -> None:
    """Raise `InputError` with the command that installs what is missing."""
    missing = [name for name in PACKAGES if not _installed(name)]
    if missing:
        raise InputError(f"the game needs {', '.join(missing)}; {INSTALL}")


def _installed(name: str) -> bool:
    try:
        return distribution(name) is not None
    except PackageNotFoundError:
        return False


class Headers:
    """An ASGI layer that gives every answer its policy, and keeps pages out of stores."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Any) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                ours = {
                    b"content-security-policy": POLICY.encode(),
                    b"referrer-policy": b"same-origin",
                    b"x-content-type-options": b"nosniff",
                    b"cross-origin-opener-policy": b"same-origin",
                    b"cache-control": b"no-store",
                }
                message["headers"] = [*message["headers"], *(pair for pair in ours.items() if pair[0] not in given)]
            await send(message)

        await self.app(scope, receive, sending)


@cache
def _style() -> str:
    look = STATIC.parents[1] / "look.css"
    return look.read_text(encoding="utf-8") + "\n" + (STATIC / "game.css").read_text(encoding="utf-8")


async def _static(request: Any) -> Any:
    from starlette.responses import FileResponse, Response

    from stackcraft.viz.dashboard import assets

    name = request.path_params["name"]
    kept = {"Cache-Control": "no-cache"}
    if name == "game.css":
        return Response(_style(), media_type="text/css", headers=kept)
    if name == "game.js":
        return FileResponse(STATIC / "game.js", media_type="text/javascript", headers=kept)
    if name == "icon.svg":
        return FileResponse(assets.HERE / "static" / "icon.svg", media_type="image/svg+xml", headers=kept)
    if name == "font.ttf" and (path := assets.font()):
        return FileResponse(path, media_type="font/ttf", headers={"Cache-Control": "max-age=86400"})
    return Response(status_code=404)


def make_app(house: Any, base: str, bound: str = "127.0.0.1", names: Sequence[str] = ()) -> Any:
    """Return the Starlette application for the games of a house.

    `base` is the address that people are told, `bound` the one that is listened on, `names` are further host names.
    """
    check_installed()
    from starlette.applications import Starlette
    from starlette.middleware import Middleware
    from starlette.middleware.gzip import GZipMiddleware
    from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse
    from starlette.routing import Mount, Route

    from stackcraft.viz.dashboard import assets
    from stackcraft.viz.dashboard.access import Access
    from stackcraft.viz.wargame import routes, solo
    from stackcraft.viz.wargame.keys import Keys
    from stackcraft.viz.wargame.limits import Limits
    from stackcraft.viz.wargame.pages.frame import render, text

    @contextlib.asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        clock = asyncio.create_task(house.keep_time())
        for table in house.tables.values():
            if table.watched:
                house.keep(solo.watch(house, table))
        yield
        clock.cancel()
        house.end()

    async def health(request: Any) -> Any:
        return JSONResponse({"ready": True, "games": len(house.tables)})

    async def home(request: Any) -> Any:
        return RedirectResponse("/game", 303)

    async def icon(request: Any) -> Any:
        """What browsers ask for beside a page that names no icon, as the debrief."""
        return FileResponse(assets.HERE / "static" / "icon.svg", media_type="image/svg+xml")

    async def lost(request: Any, error: Any) -> Any:
        words = {"title": text("refused.lost"), "message": "", "way": "/game", "way_title": text("refused.home")}
        return HTMLResponse(render("refused.html", **words), getattr(error, "status_code", 404))

    app = Starlette(
        routes=[
            Route("/", home),
            Route("/health", health),
            Route("/favicon.ico", icon),
            Route("/game/static/{name}", _static),
            Mount("/game", routes=[*routes.ROUTES[1:]]),
            Route("/game", routes.ROUTES[0].endpoint),
        ],
        lifespan=lifespan,
        exception_handlers={404: lost, 405: lost},
        middleware=[
            Middleware(Access, bound=bound, names=names),
            Middleware(Headers),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=4),
        ],
    )
    app.state.house, app.state.base = house, base
    app.state.limits, app.state.keys = Limits(), Keys(house.folder)
    app.state.said, app.state.screens = {}, {}
    return app


def serve(app: Any, house: Any, listening: Any, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C; `ready` is called once requests are answered."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets)
            ready()

        async def shutdown(self, sockets: Any = None) -> None:
            for table in house.tables.values():
                table.feed.close()  # or open streams would hold up the end
            await super().shutdown(sockets)

    os.environ.setdefault("NUMBA_NUM_THREADS", "1")
    settings = uvicorn.Config(app, log_level="warning", lifespan="on", server_header=False, timeout_graceful_shutdown=2)
    Server(settings).run(sockets=[listening])
