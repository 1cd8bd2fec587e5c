"""What the price rule asks for each order by the measured effects, beside what the order costs.

The rule: a step of a home's or a firm's order costs 1 PC for each half point of world share that it gains (use by
countries, the full move's gain shared out over its steps, the home for which it is worth more); a step of a bloc's
order 1 PC for each half point of the open mandate, the mean over blocs. Nothing costs less than 1, and a move that
gains nothing costs 1; what was not clearly measured counts for nothing. Orders whose price is another one have a
reason in `rules.OFF_RULE`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from stackcraft.experiments.wargame import effects, rules
from stackcraft.experiments.wargame.seats import MANDATES, SEATS

SHARE_A_PC, MANDATE_A_PC = 0.5, 0.5
USE = {"home": "use", "firms": "firm_use"}


@dataclass(frozen=True)
class Price:
    """An order's price a step, up and down, beside the rule's; `gain` is what a step is worth that way.

    In points of world share for homes and firms, of the mandate for blocs; None for a way that was not measured.
    """

    order: str
    title: str
    up: int
    down: int
    gain_up: float | None
    gain_down: float | None

    @property
    def ruled(self) -> tuple[int, int]:
        """What the rule asks, up and down; the price itself for a way that was not measured."""
        unit = MANDATE_A_PC if self.order[0] in "BG" else SHARE_A_PC
        up, down = (None if gain is None else max(1, int(gain / unit + 0.5)) for gain in (self.gain_up, self.gain_down))
        return (self.up if up is None else up, self.down if down is None else down)

    @property
    def by_rule(self) -> bool:
        """Whether the price is the rule's."""
        return (self.up, self.down) == self.ruled


def prices() -> Iterator[Price]:
    """Yield every order that was measured, with its price and the gain of a step."""
    for forms, kind, seats in (
        ((*rules.HOME, *rules.CHINA_ONLY), "home", ("us", "cn")),
        (rules.FIRMS, "firms", ("us_firms", "cn_firms")),
        (rules.BLOC, "bloc", tuple(seat for seat, form in SEATS.items() if form.kind == "bloc")),
        (rules.GULF, "bloc", ("gulf",)),
    ):
        for form in forms:
            up, down = (_gain(form, kind, seats, sign) for sign in (1, -1))
            if up is not None or down is not None:
                yield Price(form.order, form.title, form.up, form.down, up, down)


def _gain(form: rules.OrderForm, kind: str, seats: Sequence[str], sign: int) -> float | None:
    """What a step of an order gains that way; None if it was not measured."""
    found = []
    for seat in seats:
        steps = [
            _worth(seat, kind, value, by_measure) / abs(one.steps)
            for (order, value), by_measure in effects.of_seat(seat).items()
            for one in [next(iter(by_measure.values()))]
            if order == form.order and one.steps * sign > 0
        ]
        if steps:
            found.append(max(steps))
    if not found:
        return None
    return float(np.mean(found)) if kind == "bloc" else max(found)


def _worth(seat: str, kind: str, value: str, by_measure: dict[str, effects.Effect]) -> float:
    one = next(iter(by_measure.values()))
    if kind == "bloc":
        return effects.worth(seat, MANDATES["bloc"], one.order, value, effects.YEARS) or 0.0
    return by_measure[USE[kind]].mean if by_measure[USE[kind]].clear else 0.0


def table() -> list[str]:
    """Return the prices as lines of a Markdown table, those off the rule with their reason."""
    lines = ["| Order | PC a step up, down | The rule's | A step gains | Why another price |", "|---|---|---|---|---|"]
    for one in prices():
        gains = ", ".join("-" if gain is None else f"{gain:+.2f}" for gain in (one.gain_up, one.gain_down))
        why = "" if one.by_rule else rules.OFF_RULE.get(one.order, "")
        up, down = one.ruled
        lines.append(f"| {one.order} {one.title} | {one.up}, {one.down} | {up}, {down} | {gains} | {why} |")
    return lines
