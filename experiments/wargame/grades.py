"""The table for grading: a row for each person and turn, or for each seat and turn where nobody sat.

People are named by their number in the game. Who is who is in `key`, a table of its own that is made on request only.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from stackcraft.experiments.wargame.state import State

COLUMNS = (
    "game", "person", "seat", "job", "turn", "joined", "drafts", "locked", "offers_made", "offers_accepted",
    "agreements_kept", "agreements_broken", "why", "forecast", "outcome", "brier", "seconds_active",
    "score_as_it_happened", "score_without_luck", "compare_between_seats",
)  # fmt: skip
COMPARE = "forecasts and reasons: yes; scores: no, seats are unequal and luck is large"


def table(state: State) -> str:
    """Return the table as CSV. The score is the whole game's; of a turn are drafts, offers, reason and forecast."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in _rows(state):
        writer.writerow({name: "" if value is None else _plain(value) for name, value in row.items()})
    return text.getvalue()


def key(state: State) -> str:
    """Return who is who, as CSV: person, the name given, seat."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("person", "name", "seat"))
    for one in state.people.values():
        writer.writerow((one.person, _plain(one.name), one.seat or ""))
    return text.getvalue()


def _plain(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _rows(state: State) -> Iterator[dict[str, Any]]:
    scores = state.played.scores[max(state.played.scores)] if state.played.scores else {}
    for turn, result in sorted(state.played.results.items()):
        for seat in state.seats:
            people = [one.person for one in state.people.values() if one.seat == seat] or [None]
            for person in people:
                yield _row(state, turn, seat, person, _forecast(result, seat, person), scores.get(seat, {}))


def _forecast(result: dict[str, Any], seat: str, person: str | None) -> dict[str, Any]:
    """A person's own forecast; a bot's or a script's is its seat's."""
    of_seat = result["forecasts"].get(seat, {})
    people = of_seat.get("people") or {}
    own = people.get(person, {"forecast": None, "brier": None} if people else {})
    return {**of_seat, **own}


def _row(
    state: State, turn: int, seat: str, person: str | None, forecast: dict[str, Any], score: dict[str, Any]
) -> dict[str, Any]:
    actor = person or f"bot:{seat}"
    rows = [one for one in state.rows if one.actor == actor and one.turn == turn and one.seq not in state.void]
    offered = [one.body["contract"]["id"] for one in rows if one.kind == "offered"]
    made = [state.contracts[number] for number in offered if number in state.contracts]
    sealed, who = state.played.history[turn][seat], state.people.get(person or "")
    joined = next((one.at for one in state.rows if one.kind == "joined" and one.body["person"] == person), None)
    return {
        "game": state.code, "person": person or "bot", "seat": seat, "job": who and who.job, "turn": turn,
        "joined": joined, "drafts": sum(one.kind == "drafted" for one in rows), "locked": sealed["locked"],
        "offers_made": len(offered), "offers_accepted": sum(one.since is not None for one in made),
        "agreements_kept": sum(one.state == "kept" for one in made),
        "agreements_broken": sum(one.state == "broken" for one in made),
        "why": sealed["why"], "forecast": forecast.get("forecast"), "outcome": forecast.get("outcome"),
        "brier": forecast.get("brier"), "seconds_active": _active([one.at for one in rows]),
        "score_as_it_happened": score.get("points"), "score_without_luck": score.get("no_luck"),
        "compare_between_seats": COMPARE,
    }  # fmt: skip


def _active(times: list[str]) -> int:
    """Seconds from the first to the last command of a turn."""
    if len(times) < 2:
        return 0
    first, last = datetime.fromisoformat(times[0]), datetime.fromisoformat(times[-1])
    return round((last - first).total_seconds())
