"""The games that one server holds: opened when somebody asks for them, played by one worker, watched by a clock.

Commands and views are short and run between requests; making, opening and resolving a game take seconds and run in one
worker thread, one game after another, so that pages stay quick and no two simulations compute at once.
"""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import Wargame
from stackcraft.experiments.wargame.log import LOCK
from stackcraft.experiments.wargame.views import Reader, seat_state
from stackcraft.viz.wargame.pages.frame import DAY, text
from stackcraft.viz.wargame.stream import Feed

LOG = logging.getLogger(__name__)
TICK_SECONDS = 0.5
SEEN_SECONDS = 4.0  # how often the sign of life of an open page is passed on
MOST_GAMES = 8
KEEP_DAYS = 30
DESK, SCREEN, DOOR = "desk", "screen", "door"  # readers without a seat, as feeds call them
# Commands that the pages of other teams do not show: they wake the own team, and whoever sees the signs of all seats.
OWN_TEAM = ("draft", "forecast", "lock", "unlock", "join", "rejoin", "leave", "name", "job", "take_pen", "pass_pen")


@dataclass(eq=False)
class Table:
    """One open game with those who listen to it. `busy` while the worker has it."""

    game: Any
    name: str
    feed: Feed = field(default_factory=Feed)
    busy: bool = False
    free: asyncio.Event = field(default_factory=asyncio.Event)  # not set while nothing of the game can be read
    failed: str = ""
    solo: str = ""  # the person who plays alone
    watched: str = ""  # the seat that a bot plays while that person watches
    signs: tuple[Any, ...] = ()
    cards: dict[str, tuple[Any, Any]] = field(default_factory=dict)  # seat -> what its cards of orders show, and those
    visits: dict[str, Any] = field(default_factory=dict)  # person -> (turn and phase, words, moment) of the last look
    told_alive: dict[str, float] = field(default_factory=dict)
    maps: dict[Any, Any] = field(default_factory=dict)  # pictures and tables that a turn's results change
    previews: dict[str, dict[str, Any]] = field(default_factory=dict)  # seat -> the last preview of a draft
    had_not: dict[str, dict[str, Any]] = field(default_factory=dict)  # what a turn would have been without an order
    debriefs: dict[Any, Any] = field(default_factory=dict)
    used: float = field(default_factory=time.monotonic)

    def view(self, reader: Reader) -> dict[str, Any]:
        """Return what the reader may see."""
        return self.game.view(reader)

    def apply(self, kind: str, actor: str | None, key: str | None = None, **body: Any) -> dict[str, Any]:
        """Do a command and tell whom it concerns. Raises `InputError`."""
        answer = self.game.apply(kind, actor, key=key, **body)
        self.tell(kind, actor or answer.get("person"))
        return answer

    def tell(self, kind: str = "", actor: str | None = None) -> None:
        """Give a new version to the pages that show something new; what kind it is stays unsaid."""
        signs, moved = self._signs(), self.signs
        self.signs = signs
        if kind in OWN_TEAM:
            shown = (SCREEN, DOOR) if signs != moved else ()
            self.feed.tell([*self.team_of(actor), DESK, *shown])
        else:
            self.feed.tell(list(self.feed.versions))

    def _signs(self) -> tuple[Any, ...]:
        game = self.game
        return tuple((seat, seat_state(game, seat), len(game.state.members(seat))) for seat in game.state.seats)

    def team_of(self, person: str | None) -> list[str]:
        """Return the people in the seat of a person."""
        people = self.game.state.people
        seat = people[person].seat if person in people else None
        return [one.person for one in people.values() if seat is not None and one.seat == seat]

    def look_around(self) -> None:
        """Pass on the signs of life of open pages, and tell when a seat falls silent or comes back."""
        now = time.monotonic()
        for person, events in list(self.feed.listening.items()):
            if events and person in self.game.state.people and now - self.told_alive.get(person, 0) > SEEN_SECONDS:
                self.seen(person)
        if (signs := self._signs()) != self.signs:
            self.signs = signs
            self.feed.tell(list(self.feed.versions))

    def seen(self, person: str) -> None:
        """Pass on that a person gave a sign of life."""
        self.told_alive[person] = time.monotonic()
        with suppress(InputError):
            self.game.apply("seen", person)


class House:
    """All games of a folder. `most` may be open at once; files older than `keep_days` are deleted at the start."""

    def __init__(self, folder: Path, most: int = MOST_GAMES, keep_days: float = KEEP_DAYS) -> None:
        self.folder = folder
        self.most, self.keep_days = most, keep_days
        self.previewing = 0  # how many previews wait for the worker
        self.debriefs_ahead = False  # whether replays begin with the end of a game, before anybody asks for them
        self.tables: dict[str, Table] = {}
        self.held: dict[str, FileLock] = {}  # by the names of games: no other server plays them meanwhile
        self.worker = ThreadPoolExecutor(1, thread_name_prefix="game")
        self.opening: dict[str, asyncio.Future[Table]] = {}
        self.tasks: set[asyncio.Task[None]] = set()
        folder.mkdir(parents=True, exist_ok=True)

    def files(self) -> list[Path]:
        """Return the files of all games, the newest first."""
        return sorted(self.folder.glob("*.db"), key=lambda path: -path.stat().st_mtime)

    def delete_old(self) -> list[str]:
        """Delete the games that are older than they are kept, and return their names."""
        from stackcraft.experiments.wargame.log import delete

        old = [path for path in self.files() if time.time() - path.stat().st_mtime > self.keep_days * DAY]
        for path in old:
            delete(path)
        return [path.stem for path in old]

    def name_of(self, code: str) -> str | None:
        """Return the name of the game that has a code: the code it began with, or the one it has since."""
        wanted = code.strip().upper()
        for name, table in self.tables.items():
            if wanted in (name, table.game.state.code):
                return name
        path = self.folder / f"{wanted}.db"
        return wanted if wanted.isalnum() and path.is_file() else None

    async def table(self, code: str) -> Table | None:
        """Return a game by its code, opened from its file if need be; None where there is none. Raises `InputError`."""
        name = self.name_of(code)
        if name is None:
            return None
        if name not in self.tables:
            if name not in self.opening:
                self._make_room()
                self.opening[name] = asyncio.ensure_future(self._opened(name, self.open, name))
            try:
                await asyncio.shield(self.opening[name])
            finally:
                self.opening.pop(name, None)
        table = self.tables[name]
        table.used = time.monotonic()
        await table.free.wait()
        return table

    async def create(self, scenario: str, **options: Any) -> Table:
        """Make a game and return it. Raises `InputError`."""
        self._make_room()
        return await self._opened(None, Wargame.create, scenario, folder=self.folder, **options)

    async def _opened(self, name: str | None, make: Any, *arguments: Any, **options: Any) -> Table:
        return self.take(await self.in_worker(make, *arguments, **options), name)

    def open(self, name: str) -> Any:
        """Open a game's file, which no other server may play meanwhile. Raises `InputError`."""
        self._hold(name)
        try:
            return Wargame.open(self.folder / f"{name}.db")
        except BaseException:
            self._let_go(name)
            raise

    def _hold(self, name: str) -> None:
        lock = FileLock(self.folder / f"{name}{LOCK}", thread_local=False)
        with suppress(OSError, NotImplementedError):  # a folder that knows no locks
            try:
                lock.acquire(timeout=0)
            except Timeout:
                raise InputError(text("refused.elsewhere", code=name)) from None
            self.held[name] = lock

    def _let_go(self, name: str) -> None:
        if name in self.held:
            self.held.pop(name).release()

    def take(self, game: Any, name: str | None = None) -> Table:
        """Put an open game on a table and return that."""
        table = Table(game, name or Path(game.path).stem)
        if table.name not in self.held:
            self._hold(table.name)
        table.free.set()
        table.signs = table._signs()
        self.tables[table.name] = table
        return table

    def _make_room(self) -> None:
        """Close games that are over and nobody looks at. Raises `InputError` where no game can be closed."""
        if len(self.tables) < self.most:
            return
        idle = [one for one in self.tables.values() if not one.busy and not one.feed.listeners()]
        if not idle:
            raise InputError(text("refused.most", most=self.most))
        self.close(min(idle, key=lambda one: one.used))

    def close(self, table: Table) -> None:
        """Let go of a game; its file stays."""
        table.feed.close()
        self.drop_debrief(table)
        self.tables.pop(table.name, None)
        table.game.close()
        self._let_go(table.name)

    @staticmethod
    def drop_debrief(table: Table) -> None:
        """Let go of a debrief, and of the replays that are being worked out for it."""
        if replays := table.debriefs.get("task"):
            replays.cancel()
        table.debriefs = {}

    def delete(self, name: str) -> None:
        """Delete a game and its file. Raises `InputError`."""
        from stackcraft.experiments.wargame.log import delete

        if name in self.tables:
            if self.tables[name].busy:
                raise InputError(text("refused.resolving"))
            self.close(self.tables[name])
        delete(self.folder / f"{name}.db")

    async def in_worker(self, function: Any, *arguments: Any, **options: Any) -> Any:
        """Run something long in the worker, after what is under way there."""
        return await asyncio.get_running_loop().run_in_executor(self.worker, lambda: function(*arguments, **options))

    async def keep_time(self) -> None:
        """Watch all clocks until cancelled: phases that are due, turns to resolve, people who fall silent."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            for table in list(self.tables.values()):
                try:
                    await self.tick(table)
                except Exception:
                    LOG.exception("game %s: the clock stumbled", table.name)

    async def tick(self, table: Table) -> None:
        """Do what is due in one game."""
        if table.busy:
            return
        if table.game.due():
            table.apply("advance", "clock")
        if table.game.state.phase == "resolve" or table.game.unscored:
            self.resolve(table)
        else:
            table.look_around()

    async def rewind(self, table: Table, key: str | None, turn: int | None = None) -> None:
        """Go back to a turn, which is worked out again up to there; pages wait meanwhile. Raises `InputError`."""
        table.busy = True
        table.free.clear()
        try:
            await self.in_worker(table.game.apply, "rewind", "facilitator", key=key, turn=turn)
        finally:
            table.busy = False
            table.free.set()
            for kept in (table.maps, table.previews, table.had_not):
                kept.clear()
            self.drop_debrief(table)
            table.tell()

    def resolve(self, table: Table) -> None:
        """Have the worker play a turn, and tell everybody when it is done."""
        if table.busy:
            return
        table.busy, table.failed = True, ""

        async def play() -> None:
            try:
                await self.in_worker(table.game.resolve)
                if self.debriefs_ahead and table.game.over:
                    self.keep(self._debrief_ahead(table))
            except Exception as error:
                LOG.exception("game %s: the turn could not be resolved", table.name)
                table.failed = str(error).splitlines()[0] if str(error) else type(error).__name__
                await asyncio.sleep(5)
            finally:
                table.busy = False
                table.tell()

        self.keep(play())

    async def _debrief_ahead(self, table: Table) -> None:
        """Begin the debrief of a game whose last turn is played, so that it is there by the reveal."""
        from stackcraft.viz.wargame.debriefs import begun

        with suppress(InputError):
            await begun(self, table)

    def keep(self, doing: Any) -> None:
        """Have something run beside the pages until it is done."""
        task = asyncio.get_running_loop().create_task(doing)
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    def end(self) -> None:
        """Close everything."""
        for table in list(self.tables.values()):
            self.close(table)
        self.worker.shutdown(wait=False, cancel_futures=True)
