"""What a class learns from afterwards: one page, and a table for grading, from a game's log alone.

    from stackcraft.experiments.wargame import Wargame
    from stackcraft.experiments.wargame.debrief import Debrief

    debrief = Debrief(Wargame.open("games/K7M2QX.db", play=False))
    debrief.write("class.html")
    debrief.write_table("class.csv")

The quick level reads the log; the full one also replays the game with orders, contracts and seats taken out (some
minutes of one core, see `attribution`); `write` writes the page again with each part that is ready. Replays are
left out, with a sentence, where this version of the project plays the game otherwise than it was played.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from stackcraft.agents.countries import usual_name
from stackcraft.agents.errors import InputError
from stackcraft.agents.names import BELIEF_CHANNELS, STACKS
from stackcraft.experiments.wargame import attribution, plans, scores, story, views
from stackcraft.experiments.wargame.attribution import Say
from stackcraft.experiments.wargame.contracts import FORMS, sentence
from stackcraft.experiments.wargame.files import write
from stackcraft.experiments.wargame.seats import SEATS
from stackcraft.experiments.wargame.state import State

if TYPE_CHECKING:
    from stackcraft.experiments.wargame.game import Wargame

LEVELS = ("quick", "full")
SAME = 0.15  # points: a replay that is further from the logged scores is another version's


class Debrief:
    """The debrief of a game; see the module. `data` holds all that the page says, as plain values."""

    def __init__(
        self, game: Wargame, level: str = "full", *, say: Say | None = None, earlier: Sequence[Any] = (),
        workers: int = 1,
    ) -> None:  # fmt: skip
        """Read a game. `say(what, done, of)` is told how replays go on; `earlier` are `summary`s of other classes.

        `workers` threads replay parts side by side, each with up to 0.7 GB of memory; they change no result.
        Raises `InputError` for a game of which no turn was played.
        """
        if level not in LEVELS:
            raise InputError(f"level {level!r} is neither quick nor full")
        if not game.state.played.results:
            raise InputError("no turn of this game has been played; there is nothing to debrief")
        self.state, self.records, self.level = game.state, dict(game.records), level
        self._say, self._earlier, self.workers = say, list(earlier), workers

    @cached_property
    def data(self) -> dict[str, Any]:
        """Everything that the page says, as plain values."""
        *_, last = self.stages()
        return last

    def stages(self) -> Iterator[dict[str, Any]]:
        """Yield the contents of the page: first from the log alone, then again after each part that replays finish."""
        found = self._logged()
        for parts in self._replayed():
            data = {**found, "promises": [dict(one) for one in found["promises"]], **parts}
            worth = {one["contract"]: one for one in data["what_ifs"] or () if one["contract"] is not None}
            breaches = {one["promise"]: one for one in data["what_ifs"] or () if one["kind"] == "breach"}
            for one in data["promises"]:
                one["worth"], one["breach"] = worth.get(one["id"]), breaches.get(one["id"])
            data["story"] = story.sentences(data)
            data["prompts"] = story.prompts(data)
            yield data

    def _logged(self) -> dict[str, Any]:
        return {
            "game": self._game(),
            "turns": [self._turn(turn) for turn in sorted(self.state.played.results)],
            "board": self._board(),
            "seats": [self._seat(seat) for seat in self.state.seats],
            "overrides": [{name: one[name] for name in ("turn", "what", "reason")}
                          for one in self.state.played.overrides],
            "beliefs": self._beliefs(),
            "forecasts": self._forecasts(),
            "promises": self._promises(),
            "frames": self._frames(),
            "earlier": self._earlier,
        }  # fmt: skip

    def write(self, path: str | Path) -> Path:
        """Write the page, one HTML file that needs nothing else, and return its path. Raises `InputError`.

        The page is there at once with what the log says, and is written again with each part that is ready.
        """
        from stackcraft.experiments.wargame.debrief_page import page

        for data in self.stages():
            written = write(path, page(data))
        self.__dict__["data"] = data
        return written

    def html(self) -> str:
        """Return the page as a text."""
        from stackcraft.experiments.wargame.debrief_page import page

        return page(self.data)

    def write_table(self, path: str | Path) -> Path:
        """Write the table for grading, a row for each person and turn. Returns its path. Raises `InputError`."""
        from stackcraft.experiments.wargame.grades import table

        return write(path, table(self.state))

    def summary(self) -> dict[str, Any]:
        """What other classes may be shown of this one: its scenario, its digest and its scores."""
        results = self.state.played.results
        return {
            "title": self.state.config["title"], "game": self.state.config["game"], "seed": self.state.config["seed"],
            "turns": len(results), "digest": results[max(results)]["digest"][:12],
            "scores": {seat: one["no_luck"] for seat, one in self._scores().items()},
        }  # fmt: skip

    # what the log says

    def _scores(self) -> Mapping[str, Any]:
        return self.state.played.scores[max(self.state.played.scores)] if self.state.played.scores else {}

    def _game(self) -> dict[str, Any]:
        config = self.state.config
        named = ("title", "game", "seed", "turns", "years_a_turn", "first_year", "last_year", "opening", "not_this")
        return {
            **{name: config[name] for name in named}, "code": self.state.code, "runs": config["shadows"] + 1,
            "played": len(self.state.played.results), "versions": config["versions"],
            "last_played": self.state.year,
        }  # fmt: skip

    def _turn(self, turn: int) -> dict[str, Any]:
        state = self.state
        history, result = state.played.history[turn], state.played.results[turn]
        entered = [one for one in state.contracts.values() if one.since == turn]
        news = [one for one in state.played.news if one["turn"] == turn and one["seq"] not in state.hidden]
        return {
            "turn": turn, "from_year": state.year_of(turn), "to_year": state.year_of(turn + 1),
            "orders": {
                seat: {"orders": [views.order_view(state, seat, order) for order in one["orders"]], "why": one["why"],
                       "pc": one["pc"]}
                for seat, one in history.items()
            },
            "contracts": [_agreed(one) for one in entered],
            "news": [one["text"] for one in news if one["seat"] is None and one["kind"] != "contract"],
            "reasons": [one["sentence"] for one in result["reasons"]],
        }  # fmt: skip

    def _board(self) -> list[dict[str, Any]]:
        """Announced and in use, by turn and home; use in points of the world's countries."""
        board = []
        for turn, record in sorted(self.records.items()):
            for place, side in enumerate(STACKS[:2]):
                board.append({
                    "turn": turn, "year": record["public"]["year"], "stack": side,
                    "announced_bn": record["public"]["announced_bn"][side],
                    "delivered_bn": record["secret"]["delivered_bn"][side],
                    "use": record["secret"]["use"][side], "trust": record["public"]["trust"][side], "place": place,
                })  # fmt: skip
        return board

    def _seat(self, seat: str) -> dict[str, Any]:
        state, form = self.state, SEATS[seat]
        chair, score = state.chairs[seat], self._scores().get(seat)
        return {
            "seat": seat, "title": form.title, "kind": form.kind, "side": form.side, "people": len(state.members(seat)),
            "bot": plans.drawn(seat, chair.bot, state.config["seed"]) if chair.bot else None,
            "countries": list(form.countries),
            "card": views.card_view(form.kind, state.config["cards"][seat]),
            "score": score, "kept": chair.kept, "broken": chair.broken, "spent_bn": round(chair.spent_bn, 3),
        }  # fmt: skip

    def _beliefs(self) -> list[dict[str, Any]]:
        """What each bloc's members feared of each stack and how it was: hazards of being cut off and of a breach."""
        found = []
        for turn, record in sorted(self.records.items()):
            for seat in self.state.seats:
                countries = record["books"].get(seat, {}).get("countries", {})
                if not countries:
                    continue
                weight = np.array([one["demand"] for one in countries.values()])
                for place, stack in enumerate(STACKS[:2]):
                    feared = np.array([one["hazards"][stack][:2] for one in countries.values()])
                    true = np.array([record["secret"]["hazards"][code][stack][:2] for code in countries])
                    means = [(weight[:, None] * one).sum(axis=0) / weight.sum() for one in (feared, true)]
                    found += [
                        {"turn": turn, "year": record["public"]["year"], "seat": seat, "stack": stack,
                         "channel": BELIEF_CHANNELS[c], "feared": round(100 * float(means[0][c]), 2),
                         "true": round(100 * float(means[1][c]), 2), "place": place}
                        for c in range(2)
                    ]  # fmt: skip
        return found

    def _forecasts(self) -> list[dict[str, Any]]:
        """Every forecast, one for each person who made one, nobody named; a bot's or a script's is its seat's."""
        return [
            {"turn": turn, "seat": seat, "question": one["question"], "outcome": one["outcome"], **said}
            for turn, result in sorted(self.state.played.results.items())
            for seat, one in result["forecasts"].items()
            for said in _said(one)
        ]

    def _promises(self) -> list[dict[str, Any]]:
        settled = ("in force", "kept", "broken", "declined", "lapsed", "withdrawn", "countered")
        ordered = {broken["contract"] for move in self.state.played.moves.values() for broken in move["broken"]}
        return [{**_agreed(one), "state": one.state, "turn": one.since or one.turn, "penalty_bn": one.penalty_bn,
                 "broken_by": one.breaker, "by_an_order": one.id in ordered, "worth": None, "breach": None,
                 "came_about": one.since is not None}
                for one in self.state.contracts.values() if one.state in settled]  # fmt: skip

    def _frames(self) -> list[dict[str, Any]]:
        return [{"turn": turn, "year": record["public"]["year"], "shares": record["public"]["countries"]}
                for turn, record in sorted(self.records.items())]  # fmt: skip

    # what replays say

    def _replayed(self) -> Iterator[dict[str, Any]]:
        """Yield the parts that replays give, as they are ready; those that are missing are None."""
        parts: dict[str, Any] = dict.fromkeys(REPLAYED)
        if self.level == "quick":
            yield {**parts, "replays": "not asked for", "ready": 0}
            return
        yield {**parts, "replays": "under way", "ready": 0}
        played = attribution.Played.of(self.state)
        if not self._same(played):
            yield {**parts, "replays": "another version", "ready": 0}
            return
        with ThreadPoolExecutor(self.workers) as pool:  # the model's kernels release the interpreter's lock
            asked = {pool.submit(make, played, self._say): name for name, make in REPLAYED.items()}
            try:
                for ready, done in enumerate(as_completed(asked), start=1):
                    parts[asked[done]] = done.result()
                    yield {**parts, "replays": "played" if ready == len(parts) else "under way", "ready": ready}
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _same(self, played: attribution.Played) -> bool:
        """Whether the replay gives the logged scores, but for what the model does not decide."""
        for seat, score in self._scores().items():
            extra = scores.KEPT_POINTS * score["kept"] - scores.MISSING_POINTS * score["missing_bn"]
            extra += score["facilitator"] + score["shared"]
            again = 50 + played.points(seat, played.base) + extra
            logged = np.array(score["by_run"])
            if np.abs(again[: len(logged)] - logged).max() > SAME:
                return False
        return True


def _said(forecast: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Forecast and Brier score of each person of a seat, or of the seat itself where no person made one."""
    people = list((forecast.get("people") or {}).values())
    own = {name: forecast[name] for name in ("forecast", "brier")}
    return people or ([own] if forecast["forecast"] is not None else [])


# What replays give, in the order in which a class asks for it.
REPLAYED: dict[str, Callable[[attribution.Played, Say | None], Any]] = {
    "what_ifs": attribution.what_ifs,
    "whose_turn": attribution.whose_turn,
    "regrets": attribution.regrets,
    "by_bots": attribution.beside_bots,
    "whose": attribution.whose,
}


def _agreed(contract: Any) -> dict[str, Any]:
    said = [sentence(clause, doer, other) for clause, doer, other in contract.clauses()]
    return {
        "id": contract.id, "by": contract.by, "to": contract.to, "form": contract.does["form"],
        "title": FORMS[contract.does["form"]].title, "does": said[0], "wants": said[1] if len(said) > 1 else None,
        "public": contract.public, "value_bn": round(sum(contract.values.values()), 2),
        "countries": [usual_name(code) for code in contract.does["terms"].get("countries", ())],
    }  # fmt: skip


def earlier_classes(folder: str | Path, besides: State) -> list[dict[str, Any]]:
    """Return the summaries of the other finished games of the same scenario in a folder; damaged files are left out."""
    from stackcraft.experiments.wargame.game import ENDING, Wargame

    found = []
    for path in sorted(Path(folder).glob(f"*{ENDING}")):
        try:
            with Wargame.open(path, play=False) as game:
                state = game.state
                if (
                    state.code != besides.code
                    and state.config["game"] == besides.config["game"]
                    and state.played.scores
                ):
                    found.append(Debrief(game, "quick").summary())
        except InputError:
            continue
    return found
