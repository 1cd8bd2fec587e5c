"""Making a game: its scenario, its seats and cards, and all that its first row holds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, shown, unknown
from stackcraft.agents.names import LAYERS
from stackcraft.experiments.runs.manifest import version
from stackcraft.experiments.wargame import content, injects, rules
from stackcraft.experiments.wargame.seats import CARDS, SEATS, SeatForm, card_of, pack
from stackcraft.experiments.wargame.state import State
from stackcraft.experiments.wargame.worlds import Levers, Worlds, terms_of_layers
from stackcraft.model import Scenario
from stackcraft.model.inputs import load_inputs
from stackcraft.model.parameters import defaults

FORMAT = 1  # of the log; a log of another format cannot be read
CLOCK = {"brief": 60.0, "talk": 270.0, "orders": 120.0, "results": 90.0}  # seconds, of a class
BANNED = 0.5  # a layer counts as shut out where the bloc's mean ban is at least this
MOST_TURNS, MOST_YEARS = 12, 3


def config(game: content.Game, code: str, shadows: int, threads: int, **given: Any) -> tuple[dict[str, Any], Worlds]:
    """Return what a game's first row holds, and its worlds on their first January.

    `given`: see `Wargame.create`. Raises `InputError`.
    """
    scenario = Scenario.load(game.scenario)
    seats = pack(given.get("seats") or game.pack)
    turns = _whole("turns", given.get("turns") or game.turns, 1, MOST_TURNS)
    years_a_turn = _whole("years_a_turn", given.get("years_a_turn") or game.years_a_turn, 1, MOST_YEARS)
    seed = _whole("seed", given.get("seed", scenario.seed), 0, 2**53)
    first = scenario.years[0]
    scenario = scenario.with_changes(years=(first, first + turns * years_a_turn))
    worlds, levers = Worlds(scenario, seed, shadows, threads), Levers(scenario)
    chosen = {**game.cards, **(given.get("cards") or {})}
    body = {
        "format": FORMAT,
        "versions": versions(),
        "code": code,
        "title": given.get("title") or game.title,
        "game": game.name,
        "opening": game.told(scenario.years[1]),
        "not_this": game.not_this,
        "scenario": scenario.as_dict(),
        "seats": list(seats),
        "turns": turns,
        "years_a_turn": years_a_turn,
        "first_year": first,
        "last_year": scenario.years[1],
        "seed": seed,
        "shadows": shadows,
        "pc": _whole("pc", given.get("pc") or game.pc, 1, 30),
        "names": given.get("names", True) is not False,
        "clock": _clock(given.get("clock")),
        "cards": drawn_cards(seats, seed, chosen),
        "terms": terms_of_layers(),
        "start": {seat: start_of(SEATS[seat], seats, levers) for seat in seats},
        "world": worlds.world_facts(),
    }
    before = State()
    before.config = body
    return {**body, "injects": injects.dealt(before, game.injects)}, worlds


def _clock(given: Any) -> dict[str, float] | None:
    if given is None or given is False:
        return None
    times = given if isinstance(given, Mapping) else {}
    for phase, seconds in times.items():
        if phase not in CLOCK:
            raise unknown("phase", phase, CLOCK)
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 1 <= seconds <= 7200:
            raise InputError(f"clock: {phase} {shown(seconds)}; give 1 to 7200 seconds")
    return {**CLOCK, **times}


def _whole(name: str, value: Any, low: int, high: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{name}={shown(value)}; give a whole number from {low} to {high}")
    return value


@cache
def versions() -> dict[str, str]:
    """Return what a reader of an old log may ask: the project's version, hashes of facts and parameters.

    Whether the code still plays the same, the digests of the turns say.
    """
    parameters = hashlib.sha256(defaults(1).tobytes()).hexdigest()
    return {"stackcraft": version(), "facts": load_inputs("world").facts_hash, "parameters": parameters}


def drawn_cards(seats: Sequence[str], seed: int, chosen: Mapping[str, Any]) -> dict[str, str]:
    """Return the secret card of every seat: the one chosen, or drawn by the seed, from a list if one is given."""
    cards = {}
    for seat in seats:
        kind, given = SEATS[seat].kind, chosen.get(seat)
        options = [given] if isinstance(given, str) else list(given or (card.card for card in CARDS[kind]))
        luck = np.random.default_rng([seed, 0xCA6D, *seat.encode()])
        cards[seat] = card_of(kind, options[int(luck.integers(len(options)))]).card
    return cards


def start_of(seat: SeatForm, seats: Sequence[str], levers: Levers) -> dict[str, Any]:
    """Where a seat's orders stand before anybody gives one, by order; "ORDER@PLACE" where a place differs."""
    start: dict[str, Any] = {}
    for form in rules.orders_of(seat.seat, tuple(seats)).values():
        actors = rules.actors_of_order(form, seat)
        by_actor = {actor: _stands(form, actor, levers) for actor in actors}
        start[form.order] = _together(form, list(by_actor.values()))
        if form.where in ("member", "vendor"):
            different = {actor: one for actor, one in by_actor.items() if one != start[form.order]}
            start |= {f"{form.order}@{actor}": one for actor, one in different.items()}
    if seat.kind == "home":
        start["aid_bn"] = float(levers.value(seat.government, "aid_bn"))
    return start


def _stands(form: rules.OrderForm, actor: str, levers: Levers) -> Any:
    """Where an order stands for one actor, by the lever it moves first."""
    if form.form == "choice":
        return rules.AS_NOW
    if form.form in ("countries", "act") or form.order == "B7":
        return []
    if form.form == "layers":
        bans = np.asarray(levers.value(actor, f"ban_{form.order.partition('.')[2]}"))
        return [layer for layer, ban in zip(LAYERS, bans, strict=True) if ban >= BANNED]
    value = float(np.mean(levers.value(actor, form.levers[0].name)))
    return round(value) if form.form == "switch" else rules.level_of(form, value)


def _together(form: rules.OrderForm, values: list[Any]) -> Any:
    """Where an order stands for several actors at once: their mean, or what most of them shut out."""
    if form.form in ("choice", "countries", "act", "switch"):
        return values[0] if values else None
    if form.form == "layers":
        return [layer for layer in LAYERS if 2 * sum(layer in one for one in values) >= len(values) > 0]
    known = [one for one in values if one is not None]
    return round(sum(known) / len(known), 4) if known else None
