"""What a draft may do, as far as its seat can tell: a few imagined futures, never a look into the game's own."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import scores, sealing, worlds
from stackcraft.experiments.wargame.seats import SEATS
from stackcraft.model import Scenario
from stackcraft.model.look_ahead import Known

if TYPE_CHECKING:
    from stackcraft.experiments.wargame.game import Wargame

EVERY_SECONDS = 5.0  # one preview a seat
NOT_IMAGINED = ("purse", "headline", "capital_left", "retained")  # what the seat knows itself, or no future can tell


def preview(game: Wargame, seat: str, orders: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a draft changes in imagined futures: {futures, years, measures: [{measure, title, mean, low, high}]}.

    What goes in is the public record, the orders of others that can be seen, and the seat's own. `low` and `high` are
    the mean plus and minus two standard errors. Cut-offs and agreements are not imagined. Raises `InputError`.
    """
    with game.lock:
        state = game.state
        if seat not in state.chairs:
            raise InputError(f"{seat} is not in this game")
        now, last = time.monotonic(), game.previewed.get(seat, float("-inf"))
        if now - last < EVERY_SECONDS:
            raise InputError(f"one preview in {EVERY_SECONDS:g} s; ask again in {EVERY_SECONDS - now + last:.0f} s")
        checked = sealing.checked_orders(state, seat, [dict(one) for one in orders])
        game.previewed[seat] = now
        seen = [text for one, chair in sorted(state.chairs.items()) if one != seat and chair.form.kind != "firms"
                for text in sealing.laid(state, one, [], hidden=False)]  # fmt: skip
        known = Known(
            Scenario.from_dict({**state.config["scenario"], "events": []}, name="imagined"),
            state.year,
            np.array(list(game.records[max(game.records)]["public"]["layers"].values())),
            [*seen, *sealing.laid(state, seat, [])],
        )
        given, card, years = sealing.laid(state, seat, checked), state.config["cards"][seat], state.years_a_turn
        seed = state.config["seed"] + state.turn
    with_them, without = worlds.imagined(known, given, years, seed)
    measures = []
    for name in scores.weights_of(SEATS[seat], card):
        if name not in NOT_IMAGINED:
            one = scores.MEASURES[name]
            apart = one.value(with_them, SEATS[seat]) - one.value(without, SEATS[seat])
            error = 2 * float(apart.std(ddof=1)) / len(apart) ** 0.5
            mean = float(apart.mean())
            low, high = round(mean - error, 2), round(mean + error, 2)
            measures.append({"measure": name, "title": one.title, "mean": round(mean, 2), "low": low, "high": high})
    return {"futures": worlds.FUTURES, "years": years, "measures": measures}
