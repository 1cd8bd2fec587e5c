"""The list of games on this machine, and the form for a new one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from stackcraft.experiments.wargame.content import game_of, games
from stackcraft.experiments.wargame.seats import PACKS, SEATS
from stackcraft.viz.wargame.pages.frame import DAY, HOUR, MINUTE, text

# Which pack is offered first.
USUAL_PACK = "six"


def context(house: Any) -> dict[str, Any]:
    """Return what `games.html` shows."""
    return {
        "folder": str(house.folder),
        "days": f"{house.keep_days:g}",
        "games": [_row(path, house) for path in house.files()],
        "scenarios": scenarios(),
        "packs": [(name, _pack_title(name)) for name in sorted(PACKS, key=lambda one: one != USUAL_PACK)],
    }


def scenarios() -> list[tuple[str, str]]:
    """Return the names and titles of the scenarios that can be played."""
    return [(name, f"{game_of(name).title}. {game_of(name).for_whom}") for name in games()]


def _pack_title(name: str) -> str:
    titles = ", ".join(SEATS[seat].title for seat in PACKS[name])
    return text("games.pack", name=name, count=len(PACKS[name]), titles=titles)


def _row(path: Path, house: Any) -> dict[str, Any]:
    table = house.tables.get(path.stem)
    state = text("games.unread")
    title = ""
    if table is not None:
        game = table.game.state
        title = str(game.config.get("title", ""))
        state = text("games.running", turn=game.turn, turns=game.turns)
    about = path.stat()
    return {"code": path.stem, "title": title, "state": state, "size": size_text(_size(path)),
            "age": age_text(time.time() - about.st_mtime)}  # fmt: skip


def _size(path: Path) -> int:
    parts = (path, Path(f"{path}-wal"), Path(f"{path}-shm"))
    return sum(part.stat().st_size for part in parts if part.exists())


def size_text(size: int) -> str:
    """Return bytes as kB or MB."""
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{max(1, round(size / 1e3))} kB"


def age_text(seconds: float) -> str:
    """Return a time as minutes, hours or days."""
    for span, unit in ((DAY, "d"), (HOUR, "h"), (MINUTE, "min")):
        if seconds >= span:
            return f"{int(seconds // span)} {unit}"
    return f"{max(0, int(seconds))} s"
