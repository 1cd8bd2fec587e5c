"""A turn that was played, between the worlds and the log: what the log keeps of it, and the scores."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

import numpy as np

from stackcraft.experiments.wargame import outcomes, replays
from stackcraft.experiments.wargame import scores as measured
from stackcraft.experiments.wargame.replays import Course
from stackcraft.experiments.wargame.state import State
from stackcraft.experiments.wargame.worlds import Worlds


def outcome(state: State, worlds: Worlds, turn: int, digest: str) -> dict[str, Any]:
    """Return what the log keeps of a turn played, and what the next one's rules need of the world."""
    own = {code for chair in state.chairs.values() for code in chair.form.countries}
    record = worlds.turn(state.years_a_turn, own)
    places = {seat: worlds.places(chair.form.countries) for seat, chair in state.chairs.items()}
    return {
        "turn": turn,
        "digest": digest,
        "judged": {str(number): one for number, one in outcomes.judged(state, record, turn).items()},
        "forecasts": outcomes.forecasts(state, record, turn, places),
        "cut_offs": len({(one["country"], one["stack"]) for one in record.cut()}),
        "news": outcomes.news(record, turn, own),
        "reasons": outcomes.reasons(record, own),
        "world": worlds.world_facts(),
    }


Pars: TypeAlias = Mapping[str, Mapping[str, np.ndarray]]  # measures of each seat that acted, (runs,)


def play_pars(state: State, courses: Mapping[str, Course], threads: int = 1) -> Pars:
    """Play the courses of `replays.pars` and return each seat's measures in its own; some seconds for eight seats."""
    runs = replays.RUNS_OF_PAR
    found = replays.play(state, list(courses.values()), runs=runs, threads=threads, at_once=replays.PARS_AT_ONCE)
    return {seat: one[seat] for seat, one in zip(courses, found, strict=True)}


def scores(state: State, worlds: Worlds, pars: Pars) -> dict[str, dict[str, Any]]:
    """Return every seat's score after the last turn played, as it happened and without luck.

    A seat that is not in `pars` did nothing, so that its par is the game as it was.
    """
    own, nobody = worlds.books()
    turn = max(state.played.results)
    broken = [one for one in state.contracts.values() if one.state == "broken" and one.does["form"] == "A2"]
    shared = measured.shared_points(own, nobody, state.played.results[turn]["cut_offs"], len(broken))
    years, found = turn * state.years_a_turn, {}
    for seat, chair in state.chairs.items():
        card, extra = state.config["cards"][seat], measured.Extra(chair.kept, chair.missing_bn, chair.points, shared)
        book = measured.with_purse(own, chair.spent_bn, chair.pc)
        mine = measured.measured(book, chair.form, measured.weights_of(chair.form, card))
        idle = pars.get(seat) or {name: values[: replays.RUNS_OF_PAR] for name, values in mine.items()}
        found[seat] = measured.score(chair.form, card, mine, idle, years, extra)
    return found
