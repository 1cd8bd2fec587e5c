"""A game: its log, what the log says, and the worlds behind it. Whatever changes goes through `Wargame.apply`."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.wargame import (
    commands,
    commands_desk,
    commands_orders,
    commands_people,
    content,
    preview,
    replays,
    sealing,
    setup,
    tokens,
    turns,
    views,
)  # fmt: skip
from stackcraft.experiments.wargame.bot_moves import BotMoves
from stackcraft.experiments.wargame.contracts import Offer
from stackcraft.experiments.wargame.folding import fold
from stackcraft.experiments.wargame.log import Log, Row, delete, erase, plain
from stackcraft.experiments.wargame.script import Seat, TurnResult
from stackcraft.experiments.wargame.seats import SEATS
from stackcraft.experiments.wargame.state import State
from stackcraft.experiments.wargame.views import Reader
from stackcraft.experiments.wargame.worlds import SHADOWS, Worlds
from stackcraft.model import Scenario

ENDING = ".db"
KNOWN = (commands_people, commands_orders, commands_desk)  # each registers its commands
OPTIONS = ("seats", "seed", "turns", "years_a_turn", "cards", "clock", "names", "title", "pc")
MOST_BODY = 16_000  # signs of a command
MOST_DRIFT = 2.0  # seconds by which the machine's clock may jump before it counts as reset


class Wargame:
    """A game on the disk and in memory. Safe to be used by several threads; `resolve` lets others read meanwhile."""

    def __init__(self, log: Log, state: State, worlds: Worlds | None) -> None:
        """Use `create`, `open` or `replay`."""
        self._log, self.state, self._worlds = log, state, worlds
        self.lock = threading.RLock()
        self._resolving = threading.Lock()
        self._secrets: dict[str, dict[str, Any]] = {}  # what no log holds, by the key of the command that gave it
        self.previewed: dict[str, float] = {}  # seat -> when it last asked for a preview
        self.seen: dict[str, float] = {}  # person -> when they last gave a sign of life, on the monotonic clock
        self._ahead = _ahead()  # how far the machine's time was ahead of time gone by when it was last looked at
        self.records: dict[int, dict[str, Any]] = {}  # turn -> {public, seats, secret}, of the first January at 0
        self._bots = BotMoves(self)
        self._pars: tuple[int, turns.Pars] = (0, {})  # of which turn, and what each seat would have had without orders

    # making and opening

    @classmethod
    def create(
        cls,
        game: str | content.Game = "game-2025",
        *,
        folder: str | Path = "games",
        threads: int = 1,
        shadows: int = SHADOWS,
        **given: Any,
    ) -> Wargame:
        """Make a game in a folder, and its file.

        `game` is a ready one, or its name. `given`: seats (a pack's name or a list), seed, turns, years_a_turn, cards
        ({seat: card}), clock (True for a class's times, {phase: seconds}, or None for none), names (False: pseudonyms
        only), title, pc. `shadows` are the runs beside the played one. Raises `InputError`; no file is left then.
        """
        for name in given:
            if name not in OPTIONS:
                raise unknown("option", name, OPTIONS)
        folder, code = Path(folder), tokens.new_code()
        ready = content.game_of(game) if isinstance(game, str) else game
        body, worlds = setup.config(ready, code, shadows, threads, **given)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(f"{folder} cannot be made: {error.strerror}") from None
        path = folder / f"{code}{ENDING}"
        try:
            made = cls(Log(path, new=True), State(), worlds)
            made._append("facilitator", "created", body)
            made._keep(0, "")
        except InputError:  # a full disk: what is half made would be taken for a game
            worlds.close()
            erase(path)
            raise
        return made

    @classmethod
    def open(cls, path: str | Path, *, threads: int = 1, play: bool = True) -> Wargame:
        """Open a game's file: its log is folded, and its turns are played again and compared with what they gave.

        The clock stands still. With `play=False` nothing is played: old games of another version can be read, not
        played on. Raises `InputError` where a turn comes out otherwise than it did.
        """
        game = cls._read(path, threads if play else None)
        if play and game.state.clock.ends_at is not None:
            game._append("clock", "clock", {"running": False})
        if play and game.unscored:
            game._score()  # the process ended between the two rows
        if play:
            game._bots.resume()
        return game

    @classmethod
    def replay(cls, path: str | Path, *, threads: int = 1) -> Wargame:
        """Play all turns of a game's file again, as `open` does, and write nothing to it."""
        return cls._read(path, threads)

    @classmethod
    def _read(cls, path: str | Path, threads: int | None) -> Wargame:
        """Fold a file's log, and play its turns again on so many threads, or not at all for None."""
        log, state = Log(path), State()
        game = cls(log, state, None)
        try:
            for row in log.rows():
                fold(state, row)
            if not state.config:
                raise InputError(f"{path} holds no game: it was cut off before it was made")
            if state.config["format"] != setup.FORMAT:
                raise InputError(f"{path} is of format {state.config['format']}; this version reads {setup.FORMAT}")
            if threads is not None:
                game._play_again(threads)
            else:
                played = {0, *state.played.results}  # the file may hold more: turns that were taken back
                game.records = {turn: {"public": p, **s} for turn, (_, p, s) in log.turns().items() if turn in played}
        except BaseException:
            game.close()
            raise
        return game

    def _play_again(self, threads: int = 1) -> None:
        config, self._pars = self.state.config, (0, {})
        world = Scenario.from_dict(config["scenario"], name=config["scenario"]["name"])
        if self._worlds is not None:
            threads = self._worlds.played.world.threads
            self._worlds.close()
        self._worlds = Worlds(world, config["seed"], config["shadows"], threads)
        self.records = {}
        self._keep(0, "", again=True)
        for turn, result in sorted(self.state.played.results.items()):
            digest = self._worlds.play(self.state.played.moves[turn])
            if digest != result["digest"]:
                raise InputError(
                    f"{self.path}: turn {turn} comes out otherwise than it was played; this version of the project, "
                    "its facts or its parameters are not those of the game: read it without playing it"
                )
            self._keep(turn, digest, again=True)

    # what it is

    @property
    def path(self) -> Path:
        """The game's file."""
        return self._log.path

    @property
    def code(self) -> str:
        """The code by which people join."""
        return self.state.code

    @property
    def version(self) -> int:
        """The number of the last row of the log; a page that has seen it has seen everything."""
        return self.state.version

    @property
    def digest(self) -> str:
        """The digest of the last turn played; empty before the first."""
        results = self.state.played.results
        return results[max(results)]["digest"] if results else ""

    @property
    def over(self) -> bool:
        """Whether every turn has been played."""
        return self.state.phase == "over" or len(self.state.played.results) == self.state.turns

    @property
    def unscored(self) -> bool:
        """Whether a turn was played of which no score could be written; `resolve` writes it."""
        return bool(set(self.state.played.results) - set(self.state.played.scores))

    # commands

    def apply(self, kind: str, actor: str | None, *, key: str | None = None, **body: Any) -> dict[str, Any]:
        """Do a command: check it, write it to the log, and return its answer, with `version`.

        `actor`, commands and bodies: see the package. A `key` that was seen gives the first answer again. Raises
        `InputError`; nothing is written then.
        """
        with self.lock:
            if kind == "seen":
                if actor not in self.state.people:
                    raise InputError("only people at the table give signs of life")
                self.seen[actor] = time.monotonic()
                return {"version": self.version}
            if key is not None and (before := self._answered(kind, actor, key)) is not None:
                return before
            _check_size(body, key)
            if kind == "rewind" and self._resolving.locked():
                raise InputError("the turn is being played; wait a moment")
            asked = commands.Asked(self.state, actor, body, self._silent)
            made = commands.made(kind, asked)
            self._append(actor or made.body.get("person", "somebody"), made.kind, made.body, made.answer, key)
            if made.secret and key is not None:
                self._secrets[key] = made.secret
            if made.kind == "rewound":
                self._play_again()
            elif made.kind == "overridden" and "points" in made.body and self._scored:
                self._score()
            person = made.body.get("person") if actor is None else actor
            if person in self.state.people:
                self.seen[person] = time.monotonic()
            self._bots.follow(made)
            return {**made.answer, **made.secret, "version": self.version}

    def _answered(self, kind: str, actor: str | None, key: str) -> dict[str, Any] | None:
        found = self._log.answered(key)
        if found is None:
            return None
        who, what, answer = found
        if actor is not None and who != actor:
            raise InputError("this key belongs to somebody else's command; make a new one")
        if actor is None and what not in ("joined", "rejoined"):
            raise InputError("this key belongs to another command; make a new one")
        secret = self._secrets.get(key, {})
        if actor is None and what in ("joined", "rejoined") and not secret:
            return self._token_again(answer)
        return {**answer, **secret, "version": self.version}

    def _token_again(self, answer: dict[str, Any]) -> dict[str, Any]:
        """A join repeated after the process that answered it is gone: the person gets another token."""
        token = tokens.new_token()
        self._append(answer["person"], "rejoined", {"person": answer["person"], "token": tokens.digest(token)}, answer)
        return {**answer, "token": token, "version": self.version}

    def _append(
        self, actor: str, kind: str, body: Mapping[str, Any], answer: Mapping[str, Any] = {}, key: str | None = None
    ) -> Row:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        row = self._log.append(at, self.state.turn, self.state.phase, actor, kind, body=body, answer=answer, key=key)
        fold(self.state, row)
        return row

    def _silent(self, person: str) -> float:
        """For how many seconds somebody gave no sign of life."""
        return time.monotonic() - self.seen.get(person, float("-inf"))

    # bots

    def fill_with_bots(self, strategies: Mapping[str, str] | None = None) -> None:
        """Let bots play every seat that has no people and no orders; `strategies` names some seats' own."""
        for seat, chair in self.state.chairs.items():
            if not self.state.members(seat) and chair.bot is None and chair.draft is None and not chair.standing:
                strategy = (strategies or {}).get(seat)
                self.apply("hand_to_bot", "facilitator", seat=seat, strategy=strategy)

    # time

    def due(self) -> bool:
        """Whether the next phase is to begin: the clock is out, or every seat that is played is locked."""
        with self.lock:
            self._set_clock()
            state = self.state
            ends = state.clock.ends_at
            if ends is not None and datetime.now(UTC) >= ends:
                return True
            people = any(state.members(one.seat) and not one.bot for one in state.chairs.values())
            timed = state.seconds_of(state.phase) is not None and state.clock.left is None
            return timed and state.phase in ("talk", "orders") and people and self.all_in()

    def _set_clock(self) -> None:
        """Keep the time left in a phase if the machine's clock was reset or the machine slept."""
        jump = _ahead() - self._ahead
        if abs(jump) < MOST_DRIFT:
            return
        self._ahead += jump
        ends, now = self.state.clock.ends_at, datetime.now(UTC)
        if ends is not None:
            shown = (ends - now).total_seconds()  # what a row of the clock would start from
            seconds = max(shown + jump, 0.0) - max(shown, 0.0)
            self._append("clock", "clock", {"running": True, "seconds": round(seconds, 3)})

    def all_in(self) -> bool:
        """Whether every seat that somebody plays, people or a bot, is locked."""
        state = self.state
        return all(one.locked for one in state.chairs.values() if one.bot or state.members(one.seat))

    def begin_turn(self, phase: str = "brief") -> None:
        """Go on to the brief, or the talk, of the turn to be played. Raises `InputError` after the last."""
        while self.state.phase in ("lobby", "results", *(["brief"] if phase == "talk" else [])):
            if self.over:
                raise InputError("every turn has been played")
            self.apply("advance", "facilitator")

    def advance(self) -> TurnResult:
        """Go on to the results of this turn, whatever the phase: bots move, drafts are sealed, the turn is played."""
        if self.over:
            raise InputError("every turn has been played")
        if self.state.phase == "results":
            self.apply("advance", "facilitator")
        while self.state.phase not in ("resolve", "results"):
            self.apply("advance", "facilitator")
        return self.resolve()

    def resolve(self) -> TurnResult:
        """Play what `resolving` says, then score it. Results stand in about a second, scores some seconds later.

        Views stay available meanwhile, and show what was before.

        Does nothing where another thread has just done it. Raises `InputError` in another phase.
        """
        with self._resolving:
            state = self.state
            if state.phase != "resolve" and self.unscored:  # the disk was full, or the process ended
                with self.lock:
                    self._score()
            if state.phase == "results":
                return self.result()
            if state.phase != "resolve":
                raise InputError(f"nothing is to be resolved in this phase ({state.phase})")
            if self._worlds is None:
                raise InputError("this game was opened to be read; open it again to play on")
            turn = state.turn
            if self._worlds.year != state.year_of(turn):  # a turn that failed half-way is played from the log again
                self._play_again()
            digest = self._worlds.play(state.played.moves[turn])
            body = turns.outcome(state, self._worlds, turn, digest)
            with self.lock:
                record = self._record()
                self._store(turn, digest, record)  # before the row that says it: of a played turn everything is kept
                self._append("clock", "resolved", body)
                self.records[turn] = record
                seconds = state.seconds_of("results")
                if seconds is not None:
                    self._append("clock", "phase", {"phase": "results", "turn": turn, "seconds": seconds})
                courses = replays.pars(state)
            self._pars = (turn, turns.play_pars(state, courses, self._worlds.played.world.threads))
            with self.lock:
                self._score()
            return self.result()

    def result(self) -> TurnResult:
        """What the last turn played came to."""
        turn = max(self.state.played.results)
        shown = self.view(Reader("projector"))
        news = [one for one in shown["news"] if one["turn"] == turn]
        return TurnResult(turn, news, shown["board"]["headline"], self.digest)

    def _keep(self, turn: int, digest: str, again: bool = False) -> None:
        """Keep what readers may see of a turn; in the file too, unless it was played again."""
        self.records[turn] = self._record()
        if not again:
            self._store(turn, digest, self.records[turn])

    def _record(self) -> dict[str, Any]:
        worlds = self._worlds
        return {
            "public": worlds.public(),
            "books": {seat: worlds.own_books(SEATS[seat]) for seat in self.state.seats},
            "secret": worlds.secret(),
        }

    def _store(self, turn: int, digest: str, record: Mapping[str, Any]) -> None:
        rest = {name: record[name] for name in ("books", "secret")}
        self._log.keep_turn(turn, digest, record["public"], rest)

    @property
    def _scored(self) -> bool:
        """Whether there are scores to write again; not while a turn is played, which scores it in the end."""
        return bool(self.state.played.results) and self._worlds is not None and not self._resolving.locked()

    def _score(self) -> None:
        """Write the scores as they stand into the log."""
        turn = max(self.state.played.results)
        self._append("clock", "scored", {"turn": turn, "scores": self.scores()})

    def scores(self) -> dict[str, dict[str, Any]]:
        """Every seat's score so far, as it happened and without luck; secret while the game is played."""
        turn = max(self.state.played.results)
        if self._pars[0] != turn:
            threads = self._worlds.played.world.threads
            self._pars = (turn, turns.play_pars(self.state, replays.pars(self.state), threads))
        return turns.scores(self.state, self._worlds, self._pars[1])

    # reading

    def view(self, reader: Reader | str) -> dict[str, Any]:
        """What a reader may see; a seat's name stands for a member of it. See `stackcraft...wargame.views`."""
        if isinstance(reader, str):
            reader = Reader("member", seat=reader)
        with self.lock:
            return views.view(self, reader)

    def evaluate(self, seat: str, orders: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """What a draft would cost and what is wrong with it, without giving it. Raises `InputError`."""
        with self.lock:
            checked = sealing.checked_orders(self.state, seat, [dict(one) for one in orders])
            return sealing.evaluated(self.state, seat, checked)

    def preview(self, seat: str, orders: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """What a draft may do, in a few imagined futures; takes a second, so call it from a worker. See `preview`."""
        return preview.preview(self, seat, orders)

    def reader(self, token: str) -> Reader | None:
        """The reader that a token belongs to; None for nobody."""
        wanted, found = tokens.digest(token), None
        with self.lock:
            for person in self.state.people.values():  # all of them, so that time tells nothing
                if sum(tokens.same(wanted, one) for one in person.tokens):
                    found = person
        return None if found is None else Reader("member", seat=found.seat, person=found.person)

    def seat(self, name: str) -> Seat:
        """A seat for a script. Raises `InputError` for one that is not in the game."""
        if name not in self.state.chairs:
            raise InputError(f"{name} is not in this game; its seats are {', '.join(self.state.seats)}")
        return Seat(self, name)

    def offer(self, by: str, to: str, offer: Offer, until: int | None = None, **more: Any) -> int:
        """Make an offer from one seat to another in a script, and return its number. Raises `InputError`."""
        self.begin_turn()
        asked = {"seat": by, "to": to, "offer": offer.as_dict(), "until": until, **more}
        return self.apply("offer", "facilitator", **asked)["contract"]

    def debrief(self) -> Any:
        """What the class learns from afterwards; see `stackcraft.experiments.wargame.debrief`."""
        from stackcraft.experiments.wargame.debrief import Debrief

        return Debrief(self)

    def rewind(self, turn: int) -> None:
        """Go back to the beginning of a turn, on the same luck. Raises `InputError`."""
        self.apply("rewind", "facilitator", turn=turn)

    def rows(self) -> list[Row]:
        """The log so far."""
        return list(self.state.rows)

    def close(self) -> None:
        """Let go of the worlds and the file."""
        if self._worlds is not None:
            self._worlds.close()
        self._log.close()

    def delete(self) -> None:
        """Close the game and delete its file."""
        self.close()
        delete(self.path)

    def __enter__(self) -> Wargame:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _ahead() -> float:
    return time.time() - time.monotonic()


def _check_size(body: Mapping[str, Any], key: Any) -> None:
    if key is not None and (not isinstance(key, str) or not 1 <= len(key) <= 64):
        raise InputError("a key is a text of 1 to 64 signs")
    try:
        size = len(plain({name: one.as_dict() if isinstance(one, Offer) else one for name, one in body.items()}))
    except (TypeError, ValueError, RecursionError):
        raise InputError("a command holds plain values only: texts, numbers, lists, tables") from None
    if size > MOST_BODY:
        raise InputError(f"a command of {size} signs; {MOST_BODY} is the most")
