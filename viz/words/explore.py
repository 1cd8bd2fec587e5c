"""Sentences beside the map: the finding for the year and layer shown, whether it lasts, its cost, how sure it is.

Every function takes numbers and returns plain English. Shares are fractions, money is in constant 2025 US$ bn, arrays
lead with runs; what is missing is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stackcraft.agents.names import STACKS
from stackcraft.experiments.leads import OpenRaces
from stackcraft.experiments.statistics import band
from stackcraft.viz.words.headlines import headline
from stackcraft.viz.words.names import STACK_TITLES, WHERE
from stackcraft.viz.words.numbers import band_words, capital, count, listed, percent, runs_words

CAPACITY = {"all": "AI", "chips": "chip", "models": "model", "applications": "application"} | {
    layer: layer for layer in ("network", "cloud", "data", "security")
}
LEAST_DUE = 20  # adopters in a run: a share of fewer swings too widely to be worth a sentence


def capacity_words(layer: str, kind: str) -> str:
    """Return what is shared out: "AI capacity", "cloud capacity in use"."""
    what = f"{CAPACITY[layer]} capacity"
    return what if kind == "installed" else f"{what} in use"


def finding(
    year: int, shares: Mapping[str, np.ndarray], race: OpenRaces, countries: int, what: str, weight: str
) -> str:
    """Return the headline for any year, kind of capacity (`what`) and weighting; `shares` by stack of shape (runs,)."""
    sound = np.isfinite(np.stack([np.asarray(shares[stack], float) for stack in STACKS])).all(axis=0)
    if not sound.any():
        return f"In {year} there is no {what} to share out {WHERE[weight]} yet."
    return headline(
        year, {stack: np.asarray(shares[stack], float)[sound] for stack in STACKS}, race, countries, what, WHERE[weight]
    )


def would_it_last(year: int, retention: np.ndarray, due: np.ndarray, first: int | None = None) -> str:
    """Say whether adopters stay: five-year retention by stack, of all whose five years were over by `year`.

    `retention` is the share of the `due` adopters that still have the stack; both (runs, stack), over the years so far.
    `first` is the first year with enough of them to give a share, where it is known.
    """
    told, early, ranged = [], [], False
    for place, stack in enumerate(STACKS):
        if not due[:, place].sum():
            continue
        if due[:, place].mean() < LEAST_DUE:
            early.append(STACK_TITLES[stack])
            continue
        middle, low, high = band(retention[:, place])
        spread = f" ({percent(low)} to {percent(high)})" if percent(low) != percent(high) else ""
        ranged = ranged or bool(spread)
        told.append(f"{STACK_TITLES[stack]} {percent(middle)}{spread}")
    if not told:
        when = f"; the first count large enough comes in {first}" if first and first > year else ""
        return f"Would it last? Too early to say in {year}: it takes five years to see who stays{when}."
    text = (
        f"Would it last? Of those whose five years were over by {year}, these shares still used what they "
        f"had adopted: {listed(told)}"
    )
    text += "; in brackets nine runs of ten." if ranged else "."
    return text + (f" Too few have had {listed(early)} for five years to say." if early else "")


# Why nothing is said of other assumptions.
NOT_TRIED = "has not been looked at here"
BEING_TRIED = "is being looked at now"


def spread_words(
    shares: Mapping[str, np.ndarray], holds: int | None = None, worlds: int | None = None, untold: str = NOT_TRIED
) -> str:
    """Say how sure a finding is, with two kinds of doubt kept apart: luck between runs, and doubt about the model.

    `shares` by stack of shape (runs,). The finding `holds` in so many of `worlds` other worlds, in which judged
    parameters have new values; None where that is not known, for the reason `untold`.
    """
    sound = {stack: np.asarray(values, float)[np.isfinite(values)] for stack, values in shares.items()}
    whole = min(values.size for values in sound.values())
    if not whole:
        return "There is nothing yet to be sure of."
    middle = {stack: float(values.mean()) for stack, values in sound.items()}
    first, second = sorted(middle, key=middle.get, reverse=True)[:2]
    verb = "are" if first == "independent" else "is"
    text = f"{capital(STACK_TITLES[first])} {verb} ahead {runs_words(int((sound[first] > sound[second]).sum()), whole)}"
    spread = band_words(sound[first])
    text += f"; {'their' if first == 'independent' else 'its'} share is {spread}" if spread else ""
    text += ". That is luck, under the same assumptions."
    if holds is None or not worlds:
        return text + f" Doubt about the assumptions themselves comes on top and {untold}."
    return text + f" Doubt about the assumptions is another matter: {flips_words(holds, worlds)}"


def flips_words(holds: int, worlds: int) -> str:
    """Say in how many other worlds a finding holds, and what to make of it."""
    text = (
        f"with other values for the judged parameters, the same stack is ahead in {holds} of "
        f"{count(worlds, 'other world')}"
    )
    share = holds / worlds
    if share >= 0.9:
        return text + "; the finding hardly depends on them."
    if share >= 2 / 3:
        return text + "; the finding mostly holds, but some judgements would reverse it."
    if share > 1 / 3:
        return text + "; the finding depends on the judgements made."
    return text + "; under most other judgements it is reversed."
