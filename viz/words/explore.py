"""Sentences beside the map: the finding for the year and layer on screen, whether it lasts, what it costs, how sure it
is.

Every function takes numbers and returns plain English. Shares are fractions, money is in constant 2025 US$ bn, arrays
lead with runs; what is missing is NaN.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from stackcraft.agents.names import STACKS
from stackcraft.experiments.statistics import band, paired_interval
from stackcraft.viz.words.sentences import (
    STACK_TITLES,
    band_words,
    capital,
    count,
    headline,
    interval_words,
    listed,
    money,
    percent,
    runs_words,
)

WHERE = {
    "country": "in the average importing country",
    "low_income": "in the average low-income country",
    "population": "in importing countries weighted by population",
    "gdp": "in importing countries weighted by GDP",
    "capability": "in importing countries weighted by capability",
}
CAPACITY = {"all": "AI", "chips": "chip", "models": "model", "applications": "application"} | {
    layer: layer for layer in ("network", "cloud", "data", "security")
}
HOME_TITLES = ("the United States", "China")
LEAST_DUE = 20  # adopters in a run: a share of fewer swings too widely to be worth a sentence


def capacity_words(layer: str, kind: str) -> str:
    """What is shared out: "AI capacity", "cloud capacity in use"."""
    what = f"{CAPACITY[layer]} capacity"
    return what if kind == "installed" else f"{what} in use"


def finding(
    year: int, shares: Mapping[str, np.ndarray], race: int, countries: int, layer: str, kind: str, weight: str
) -> str:
    """The headline for any year, layer, kind and weighting; `shares` by stack of shape (runs,), as in `words.headline`."""
    sound = np.isfinite(np.stack([np.asarray(shares[stack], float) for stack in STACKS])).all(axis=0)
    what = capacity_words(layer, kind)
    if not sound.any():
        return f"In {year} there is no {what} to share out {WHERE[weight]} yet."
    return headline(
        year, {stack: np.asarray(shares[stack], float)[sound] for stack in STACKS}, race, countries, what, WHERE[weight]
    )


def would_it_last(year: int, kept: np.ndarray, due: np.ndarray, first: int | None = None) -> str:
    """Whether adopters stay: five-year retention by stack, out of all whose five years were over by `year`.

    `kept` of `due` adopters still have the stack; both of shape (runs, stack), summed over the years so far. `first` is
    the first year with enough of them to give a share, where it is known.
    """
    kept, due = np.asarray(kept, float), np.asarray(due, float)
    told, early, ranged = [], [], False
    for place, stack in enumerate(STACKS):
        if not due[:, place].sum():
            continue
        if due[:, place].mean() < LEAST_DUE:
            early.append(STACK_TITLES[stack])
            continue
        share = np.divide(kept[:, place], due[:, place], out=np.full(len(due), np.nan), where=due[:, place] > 0)
        share = share[np.isfinite(share)]
        middle, low, high = band(share)
        spread = f" ({percent(low)} to {percent(high)})" if percent(low) != percent(high) else ""
        ranged = ranged or bool(spread)
        told.append(f"{STACK_TITLES[stack]} {percent(middle)}{spread}")
    if not told:
        when = f"; the first count worth a number comes in {first}" if first and first > year else ""
        return f"Would it last? Too early to say in {year}: it takes five years to see who stays{when}."
    text = f"Would it last? Of those whose five years were over by {year}, so many still used what they had taken up: {listed(told)}"
    text += "; in brackets nine runs of ten." if ranged else "."
    return text + (f" Too few have had {listed(early)} for five years to say." if early else "")


def cost_words(year: int, start: int, cost: np.ndarray) -> str:
    """What both programmes have cost the public since `start`: `cost` of shape (runs, home), $bn at present value."""
    if year <= start:
        return f"In {year} nothing has been spent yet."
    mean = np.nanmean(np.asarray(cost, float), axis=0)
    years = year - start
    parts = [
        f"{HOME_TITLES[place]} {money(float(bn))} ({money(float(bn) / years)} a year)"
        for place, bn in enumerate(mean[: len(HOME_TITLES)])
    ]
    below = " What comes back in interest and fees is set against it." if (mean < 0).any() else ""
    return f"What it has cost the public by {year}, at present value: {listed(parts)}.{below}"


# Why nothing is said of other assumptions.
NOT_TRIED = "has not been looked at here"
BEING_TRIED = "is being looked at now"


def spread_words(
    shares: Mapping[str, np.ndarray], holds: int | None = None, worlds: int | None = None, untold: str = NOT_TRIED
) -> str:
    """Two kinds of doubt, kept apart: luck between runs, and doubt about the model.

    `shares` by stack of shape (runs,). The finding `holds` in so many of `worlds` other worlds, in which judged
    parameters are drawn anew; None where that is not known, for the reason `untold`.
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
    """In how many other worlds a finding holds, and what to make of it."""
    text = (
        f"with the judged parameters drawn anew, the same stack is ahead in {holds} of {count(worlds, 'other world')}"
    )
    share = holds / worlds
    if share >= 0.9:
        return text + "; the finding hardly hangs on them."
    if share >= 2 / 3:
        return text + "; the finding mostly stands, but some judgements would turn it."
    if share > 1 / 3:
        return text + "; the finding hangs on the judgements made."
    return text + "; under most other judgements it turns."


def change_in_points(values: Sequence[float] | np.ndarray, show) -> tuple[str, bool]:
    """A paired difference as "+5.5 points (95% interval +3.5 to +7.5)", and whether its interval leaves out zero."""
    mean, low, high = paired_interval(values)
    sure = math.isfinite(low) and (low > 0 or high < 0)
    return f"{show(mean)} ({interval_words(low, high, show)})", sure
