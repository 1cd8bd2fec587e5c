"""What a bot is after: the library's presets and strategies as targets of the game's orders.

A target is where an order should stand in the end: `targets("us", "sovereignty-guarantor", seats)["H1"] == 0.9`. A bot
goes there step by step, as far as its political capital reaches.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.strategies.importer import STRATEGIES as IMPORTER_STRATEGIES
from stackcraft.agents.strategies.registry import find_preset
from stackcraft.experiments.wargame import rules
from stackcraft.experiments.wargame.seats import SEATS

STATUS_QUO, RANDOM, THOUGHTFUL, DEFAULT = "status-quo", "random", "thoughtful", "default"
ANYBODY = (STATUS_QUO, RANDOM, THOUGHTFUL)
# From which the seed draws, if nobody says which strategy a bot has.
USUAL = {
    "US": ("contested-first", "sovereignty-guarantor", "alliance-infrastructure"),
    "CN": ("turnkey-and-training", "open-weights-flood", "loss-leader-policy-bank"),
    "bloc": ("hedge", "sovereign-first", "club", "price-taker", "capability-first", "rule-setter"),
    "firms": ("deep-customise", "saturate-now", "lock-in", "sovereignty-virtue", "keep-distance"),
}
FIRMS: dict[str, dict[str, Any]] = {
    "deep-customise": {"F1": 0.0, "F8": 0.25},
    "saturate-now": {"F1": 0.75, "F2": 0.2},
    "lock-in": {"F3": 0.75, "F4": 0.75, "F5": 0.0, "F6": 0.75},
    "sovereignty-virtue": {"F3": 0.0, "F4": 0.0, "F5": 1.0, "F6": 0.0},
    "keep-distance": {"F7": 0.0},
}
BUDGET = 10.0  # bn $ a year of public money where a preset cuts prices, so that the cut is paid
CUT = 0.1  # price cuts from here on are paid from a larger budget
CLUB = {"B8": 0.6}


def strategies(seat: str) -> tuple[str, ...]:
    """Return the names of the strategies that a bot of this seat may have."""
    form = SEATS[seat]
    if form.kind == "home":
        from stackcraft.agents.strategies.cn_presets import TABLES as china
        from stackcraft.agents.strategies.us_presets import TABLES as states

        names = tuple(one.name for one in (states if form.side == "US" else china))
        return (*ANYBODY, *(name for name in names if name != "status-quo-2025"))
    if form.kind == "firms":
        return (*ANYBODY, *FIRMS)
    return (*ANYBODY, *(one.name for one in IMPORTER_STRATEGIES if one.name not in ("default", "bandwagon")))


def drawn(seat: str, strategy: str | None, seed: int) -> str:
    """Return the strategy of a bot: the one named, or one that the seed draws. Raises `InputError`."""
    if strategy and strategy != DEFAULT:
        if strategy not in strategies(seat):
            raise unknown(f"strategy of {SEATS[seat].title}", strategy, strategies(seat))
        return strategy
    form = SEATS[seat]
    usual = USUAL[form.side if form.kind == "home" else form.kind]
    luck = np.random.default_rng([seed, 0xB07, *seat.encode()])
    return usual[int(luck.integers(len(usual)))]


@cache
def targets(seat: str, strategy: str, seats: tuple[str, ...]) -> Mapping[str, Any]:
    """Return where a strategy wants each order to stand, for the orders that it cares about."""
    form = SEATS[seat]
    if strategy in ANYBODY:
        return {}
    if form.kind == "firms":
        return FIRMS[strategy]
    if form.kind == "bloc":
        table = next(one for one in IMPORTER_STRATEGIES if one.name == strategy)
        return CLUB if strategy == "club" else _of_levers(seat, seats, {"c": getattr(table, "table", {})})
    preset = find_preset(strategy, form.side)
    found = _of_levers(seat, seats, {"g": preset.government, "v": preset.vendors})
    if found.get("H6", 0.0) > CUT:
        found["H6.budget"] = BUDGET
    return found


def _of_levers(seat: str, seats: Sequence[str], tables: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Targets of the orders whose first lever, or whose choice, the tables speak of."""
    found: dict[str, Any] = {}
    for form in rules.orders_of(seat, tuple(seats)).values():
        if form.form == "choice":
            if (option := _nearest(form, tables)) is not None:
                found[form.order] = option
        elif form.levers and form.levers[0].name in tables.get(form.levers[0].actor, {}):
            value = float(np.mean(tables[form.levers[0].actor][form.levers[0].name]))
            found[form.order] = round(value) if form.form == "switch" else rules.level_of(form, value)
    return found


def _nearest(form: rules.OrderForm, tables: Mapping[str, Mapping[str, Any]]) -> str | None:
    """The option of a choice that comes nearest to what the tables say; None where they say nothing."""
    best: tuple[float, str] | None = None
    for option, levers in form.options.items():
        known = [(name, value) for name, value in levers.items()
                 if name.partition(".")[2] in tables.get(name.partition(".")[0], {})]  # fmt: skip
        if not known:
            continue
        gaps = [_gap(float(np.mean(tables[name.partition(".")[0]][name.partition(".")[2]])), value)
                for name, value in known]  # fmt: skip
        gap = sum(gaps) / len(gaps)
        if best is None or gap < best[0] - 1e-9:
            best = (gap, option)
    return best[1] if best else None


def _gap(wanted: float, value: float) -> float:
    """How far two values of a lever are apart; a large scale counts in proportion."""
    return abs(wanted - value) / max(1.0, abs(wanted), abs(value))


def check(seat: str, strategy: str | None) -> None:
    """Raise `InputError` for a strategy that no bot of this seat can have."""
    if seat not in SEATS:
        raise InputError(str(unknown("seat", seat, SEATS)))
    drawn(seat, strategy, 0)
