"""The debrief of a game on its pages: what the log says at once, the replays once a process of their own has made them.

Replays with orders and seats taken out cost minutes of a core. They run at low priority beside the server, so that no
other game waits; the page shows each part as it is ready. What they give is kept in memory, and made again after a
restart.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

from markupsafe import escape
from starlette.responses import HTMLResponse, Response

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame.debrief import Debrief
from stackcraft.viz.wargame.house import House, Table
from stackcraft.viz.wargame.pages.frame import render, text

# Files to take along bring their own styles and scripts and ask nobody for anything.
DOCUMENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
NICE = 10
TOLD = ("resolved", "scored", "rewound", "overridden", "hidden", "announced")  # rows that change what a debrief says
LOOK_SECONDS = 1.0  # how often a page that is being written is looked at


async def page(house: House, table: Table, back: str) -> Response:
    """Return the debrief, as much of it as there is; before the reveal, a page that says when it opens."""
    if not table.game.state.revealed:
        waiting = render("debrief_wait.html", message=text("debrief.not_yet"), back=back, refresh=5)
        return HTMLResponse(waiting)
    try:
        held = await begun(house, table)
    except InputError as error:
        return HTMLResponse(render("debrief_wait.html", message=text("debrief.missing", reason=str(error)), back=back))
    document = held["page"]
    if held.get("failed"):
        document = document.replace("<main", f'<p role="status"><b>{escape(text("debrief.failed"))}</b></p><main', 1)
    return HTMLResponse(document, headers={"Content-Security-Policy": DOCUMENT_POLICY})


async def begun(house: House, table: Table) -> dict[str, Any]:
    """Return the debrief with at least what the log says; its replays are begun if they are not. Raises `InputError`.

    Whoever comes while it is being made waits for the same one.
    """
    said = max((row.seq for row in table.game.state.rows if row.kind in TOLD), default=0)
    if table.debriefs.get("of") != said:
        house.drop_debrief(table)
        made = asyncio.ensure_future(house.in_worker(lambda: Debrief(table.game, "quick").html()))
        table.debriefs = {"of": said, "made": made}
    held = table.debriefs
    page = await asyncio.shield(held["made"])
    if "task" not in held:
        held["page"] = page
        held["task"] = asyncio.get_running_loop().create_task(_replays(table, held))
    return held


async def _replays(table: Table, held: dict[str, Any]) -> None:
    """Have a process of its own write the full debrief, and keep it."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "debrief.html"
        command = (sys.executable, "-m", "stackcraft.viz.cli.main", "wargame", "debrief", str(table.game.path))
        process = await asyncio.create_subprocess_exec(
            *command, "--output", str(output), "--earlier", str(table.game.path.parent),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        if hasattr(os, "setpriority"):
            with suppress(OSError):  # it has ended already
                os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        try:
            await _follow(process, output, held)
        except asyncio.CancelledError:
            process.kill()
            await process.wait()
            raise
        held["failed"] = process.returncode != 0
        table.tell()


async def _follow(process: asyncio.subprocess.Process, output: Path, held: dict[str, Any]) -> None:
    """Keep the page as it is written again and again, until the process ends."""
    seen, ended = 0, asyncio.ensure_future(process.wait())
    try:
        while True:
            await asyncio.wait([ended], timeout=LOOK_SECONDS)
            over = ended.done()  # asked before the look, so that the last page is seen
            if output.is_file() and (now := output.stat().st_mtime_ns) != seen:
                seen, held["page"] = now, output.read_text(encoding="utf-8")
            if over:
                return
    finally:
        ended.cancel()


async def table_for_grades(house: House, table: Table) -> Response:
    """Return the table for grading: pseudonyms only."""

    def write() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            return Debrief(table.game, "quick").write_table(Path(folder) / "grades.csv").read_bytes()

    content = await house.in_worker(write)
    name = f"{table.name}-grades.csv"
    return Response(content, media_type="text/csv", headers={"Content-Disposition": f'attachment; filename="{name}"'})
