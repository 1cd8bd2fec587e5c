"""Sentences beside the map: the finding for the year and layer shown, whether it lasts, its cost, how sure it is.

Every function takes numbers and returns sentences in the language spoken now. Shares are fractions, money is in
constant 2025 US$ bn, arrays lead with runs; what is missing is NaN.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stackcraft.agents.names import STACKS
from stackcraft.experiments.leads import OpenRaces
from stackcraft.experiments.statistics import band
from stackcraft.model.worlds import PLAUSIBLE
from stackcraft.viz.words.catalogue import text
from stackcraft.viz.words.forms import listed
from stackcraft.viz.words.headlines import headline
from stackcraft.viz.words.names import STACK_TITLES, WHERE
from stackcraft.viz.words.numbers import percent

LEAST_DUE = 20  # adopters in a run: a share of fewer swings too widely to be worth a sentence


def capacity_words(layer: str, kind: str) -> str:
    """Return what is shared out: "AI capacity", "cloud capacity in use"."""
    return text(f"titles.capacity_{layer}_{kind}")


def finding(
    year: int,
    shares: Mapping[str, np.ndarray],
    race: OpenRaces,
    countries: int,
    what: str,
    weight: str,
    *,
    kind: str = PLAUSIBLE,
) -> str:
    """Return the headline for any year, kind of capacity (`what`) and weighting; `shares` by stack of shape (runs,).

    `kind` is the scenario's kind of worlds.
    """
    sound = np.isfinite(np.stack([np.asarray(shares[stack], float) for stack in STACKS])).all(axis=0)
    if not sound.any():
        return text("findings.nothing_yet", year=year, what=what, where=WHERE[weight])
    known = {stack: np.asarray(shares[stack], float)[sound] for stack in STACKS}
    return headline(year, known, race, countries, what, WHERE[weight], kind=kind)


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
        spread = percent(low) != percent(high)
        ranged = ranged or spread
        told.append(
            text(
                "findings.lasts_share_span" if spread else "findings.lasts_share", stack=STACK_TITLES[stack],
                share=percent(middle), low=percent(low), high=percent(high),
            )
        )  # fmt: skip
    if not told:
        later = bool(first) and first > year
        return text("findings.lasts_early_first" if later else "findings.lasts_early", year=year, first=first)
    said = text("findings.lasts_ranged" if ranged else "findings.lasts", year=year, shares=listed(told))
    return f"{said} {text('findings.lasts_few', stacks=listed(early))}" if early else said
