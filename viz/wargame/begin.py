"""Begin to serve: a new game or the one that was under way, its links, and the server."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.viz.dashboard.access import address_of, is_loopback
from stackcraft.viz.dashboard.server import listen
from stackcraft.viz.wargame import addresses
from stackcraft.viz.wargame.house import KEEP_DAYS, MOST_GAMES, House, Table
from stackcraft.viz.wargame.server import check_installed, make_app, serve

GOES_ON_SECONDS = 8 * 3600  # a game that was under way within this time is gone on with


@dataclass
class Links:
    """What is printed when a game is open: secrets stand after the `#`."""

    code: str
    join: str
    desk: str
    screen: str
    seat: str = ""
    goes_on: bool = False
    open_to_others: bool = False


@dataclass
class Wish:
    """What the command line asks for; None leaves it to the scenario."""

    scenario: str = "game-2025"
    seats: str | None = None
    turns: int | None = None
    years_a_turn: int | None = None
    seed: int | None = None
    folder: Path = Path("games")
    host: str = "127.0.0.1"
    port: int = 8765
    names: Sequence[str] = field(default_factory=tuple)
    most: int = MOST_GAMES
    keep_days: float = KEEP_DAYS
    new: bool = False
    clock: bool = False
    pseudonyms: bool = False

    def options(self) -> dict[str, Any]:
        """Return what a new game is made with beside its scenario."""
        wanted = {
            "seats": self.seats, "turns": self.turns, "years_a_turn": self.years_a_turn, "seed": self.seed,
        }  # fmt: skip
        given = {name: value for name, value in wanted.items() if value is not None}
        return {**given, "clock": self.clock, "names": not self.pseudonyms}


def under_way(folder: Path) -> Path | None:
    """Return the newest game of a folder that is not over and was played today, or None."""
    from stackcraft.experiments.wargame.log import Log

    for path in sorted(folder.glob("*.db"), key=lambda one: -one.stat().st_mtime):
        if time.time() - path.stat().st_mtime > GOES_ON_SECONDS:
            return None
        log = Log(path)
        try:
            rows = [(row.kind, row.body) for row in log.rows()]
        finally:
            log.close()
        phases = [body["phase"] for kind, body in rows if kind == "phase"]
        if not phases or phases[-1] != "over":
            return path
    return None


def open_house(wish: Wish) -> tuple[House, Table, bool]:
    """Return the games of a folder with one at the table: the one under way, or a new one. Raises `InputError`."""
    from stackcraft.experiments.wargame import Wargame

    house = House(wish.folder, wish.most, wish.keep_days)
    house.delete_old()
    path = None if wish.new else under_way(wish.folder)
    game = house.open(path.stem) if path else Wargame.create(wish.scenario, folder=wish.folder, **wish.options())
    return house, house.take(game), path is not None


def host(wish: Wish, ready: Callable[[Links], None], prepare: Callable[[Table], str] | None = None) -> None:
    """Serve games until Ctrl-C. `ready` is given the links once pages are answered. Raises `InputError`.

    `prepare` may seat somebody before the first page, and returns the token of that seat.
    """
    check_installed()
    listening = listen(wish.host, wish.port)
    try:
        bound, port = listening.getsockname()[:2]
        house, table, goes_on = open_house(wish)
        house.debriefs_ahead = True
        token = prepare(table) if prepare else ""
        base = addresses.base_address(bound, port)
        others = not is_loopback(bound)
        names = [*wish.names, *([wish.host] if address_of(wish.host) is None and others else [])]
        app = make_app(house, base, bound, names)
        own = f"{base}/game/{table.name}"
        links = Links(
            table.game.state.code,
            f"{base}/game/{table.game.state.code}",
            f"{own}/enter#{app.state.keys.make('desk')}",
            f"{own}/enter#{app.state.keys.make(table.name)}",
            f"{own}/enter#{token}" if token else "",
            goes_on,
            others,
        )
        serve(app, house, listening, lambda: ready(links))
    finally:
        listening.close()


def reachable(wish: Wish, told: Callable[[str, str], None], patience: float) -> str | None:
    """Serve one sentence on the network until another device asks for it; return that device's address, or None.

    `told` is given the address and its QR code once it can be asked for. `patience` is in seconds.
    """

    listening = listen(wish.host, wish.port)
    base = addresses.base_address(*listening.getsockname()[:2])
    own = {*addresses.network_addresses(), "127.0.0.1", "::1"}
    told(base, addresses.qr_terminal(base))
    answer = b"This device can reach the game. You can close this page.\n"
    lines = (
        "HTTP/1.1 200 OK",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(answer)}",
        "Connection: close",
        "",
        "",
    )
    end = time.monotonic() + patience
    with listening:
        while (left := end - time.monotonic()) > 0:
            listening.settimeout(left)
            try:
                connection, place = listening.accept()
            except TimeoutError:
                break
            with connection:
                connection.settimeout(2)
                try:
                    asked = connection.recv(2000)
                    connection.sendall("\r\n".join(lines).encode() + answer)
                except OSError:
                    continue
            if asked.startswith(b"GET ") and place[0] not in own:
                return str(place[0])
    return None


def described(path: Path) -> dict[str, Any]:
    """Return what a list says of a game's file without playing it: title, turn, turns, people, size, age."""
    from stackcraft.experiments.wargame.log import Log

    log = Log(path)
    try:
        rows = list(log.rows())
    except InputError as error:
        return {"code": path.stem, "title": str(error), "turn": 0, "turns": 0, "people": 0}
    finally:
        log.close()
    config = rows[0].body if rows else {}
    phases = [row.body for row in rows if row.kind == "phase"]
    return {
        "code": path.stem,
        "title": config.get("title", ""),
        "turn": phases[-1]["turn"] if phases else 0,
        "turns": config.get("turns", 0),
        "people": sum(1 for row in rows if row.kind == "joined"),
        "bytes": path.stat().st_size,
        "seconds": time.time() - path.stat().st_mtime,
    }
