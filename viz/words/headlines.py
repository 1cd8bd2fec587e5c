"""Headlines: what a run or a comparison found, how sure it is, and what buyers believe, each in a sentence.

Nothing here knows a scenario. Every function takes numbers (shares as fractions) and returns plain English. Where runs
disagree, the sentence says so in counts of runs.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stackcraft.experiments.leads import OpenRaces
from stackcraft.experiments.statistics import paired_interval
from stackcraft.viz.words.names import STACK_TITLES, layer_title
from stackcraft.viz.words.numbers import band_words, capital, count, interval_words, percent, points, runs_words


def headline(
    year: int,
    shares: Mapping[str, np.ndarray],
    races: OpenRaces,
    countries: int,
    what: str = "AI capacity",
    where: str = "in the average importing country",
) -> str:
    """Return the finding of a run in one sentence.

    `shares` gives, for each stack, its share of `what` in every run, shape (runs,); `races` says in how many of the
    `countries` importing countries the race is open; `where` says whose shares they are.
    """
    middle = {stack: float(np.mean(values)) for stack, values in shares.items()}
    first, second, third = sorted(middle, key=middle.get, reverse=True)
    ahead = np.asarray(shares[first]) > np.asarray(shares[second])
    part, whole = int(ahead.sum()), int(ahead.size)
    open_part = open_words(races, countries)
    one, other, last = (percent(middle[stack]) for stack in (first, second, third))
    if part / whole < 0.67 or middle[first] - middle[second] < 0.01:
        both = f"{STACK_TITLES[first]} ({one}) and {STACK_TITLES[second]} ({other})"
        level = "" if what == "AI capacity" else f" in {what}"
        return f"By {year} {both} are level{level} {where}, with {STACK_TITLES[third]} at {last}; {open_part}."
    if part / whole < 0.95:
        are = "are" if first == "independent" else "is"
        lead = (
            f"{STACK_TITLES[first]} {are} ahead in most runs, with {one} of {what} {where} against {other} "
            f"for {STACK_TITLES[second]}"
        )
        return f"By {year} {lead} and {last} for {STACK_TITLES[third]}; {open_part}."
    verb = "hold" if first == "independent" else "holds"
    others = f"{STACK_TITLES[second]} {other}, {STACK_TITLES[third]} {last}"
    return f"By {year} {STACK_TITLES[first]} {verb} {one} of {what} {where}, {others}; {open_part}."


def open_words(races: OpenRaces, countries: int) -> str:
    """Say in how many countries the race is open, with its interval; one run cannot tell."""
    if not np.isfinite(races.mean):
        return "one run cannot say where the race is open"
    low, high = (f"{end:.0f}" if np.isfinite(end) else "" for end in (races.low, races.high))
    spread = f" ({low} to {high})" if low != high else ""
    return f"in {races.mean:.0f} of {countries} countries{spread} the race is open"


def races(number: OpenRaces) -> str:
    """ "45 (41 to 49)"; "-" where runs are too few."""
    if not np.isfinite(number.mean):
        return "-"
    spread = f" ({number.low:.0f} to {number.high:.0f})" if np.isfinite(number.low) else ""
    return f"{number.mean:.0f}{spread}"


def certainty(shares: Mapping[str, np.ndarray]) -> str:
    """Say how sure the headline is, in runs; shapes as in `headline`."""
    middle = {stack: float(np.mean(values)) for stack, values in shares.items()}
    first, second = sorted(middle, key=middle.get, reverse=True)[:2]
    ahead = np.asarray(shares[first]) > np.asarray(shares[second])
    whole = ahead.size
    verb = "are" if first == "independent" else "is"
    text = f"{capital(STACK_TITLES[first])} {verb} ahead {runs_words(int(ahead.sum()), whole)}"
    spread = band_words(shares[first])
    if whole == 1:
        return text + ": one run shows one course of events and says nothing about how sure it is."
    whose = "their" if first == "independent" else "its"
    return f"{text}; {whose} share is {spread}." if spread else text + "."


def change(start: int, end: int, before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """Say what moved between two years; `before` and `after` are shares by stack."""
    moves = {stack: after[stack] - before[stack] for stack in after}
    up = max(moves, key=moves.get)
    down = min(moves, key=moves.get)
    if moves[up] < 0.01:
        return f"Between {start} and {end} no stack's share moves by more than a point."
    verb, loses = ("gain", "lose") if up == "independent" else ("gains", "loses")
    loses = "lose" if down == "independent" else "loses"
    text = f"Between {start} and {end} {STACK_TITLES[up]} {verb} {points(moves[up]).lstrip('+')}"
    text += f" ({percent(before[up])} to {percent(after[up])})"
    if moves[down] < -0.005:
        text += f"; {STACK_TITLES[down]} {loses} {points(-moves[down]).lstrip('+')}"
    return text + "."


def layers_sentence(leads: Mapping[str, float]) -> str:
    """Say in which layer the gap is widest and in which narrowest; `leads` is US less Chinese share by layer."""
    close = min(leads, key=lambda layer: abs(leads[layer]))
    wide = max(leads, key=lambda layer: abs(leads[layer]))

    def lead(layer: str) -> str:
        if abs(leads[layer]) < 0.005:
            return "the two are level"
        side = "US" if leads[layer] > 0 else "CN"
        return f"{STACK_TITLES[side]} leads by {points(abs(leads[layer]), 0).lstrip('+')}"

    if close == wide:
        return f"In {layer_title(close).lower()} {lead(close)}."
    return (
        f"Between the two home stacks the widest gap is in {layer_title(wide).lower()} ({lead(wide)}), "
        f"the narrowest in {layer_title(close).lower()} ({lead(close)})."
    )


def weighting_sentence(by_weight: Mapping[str, Mapping[str, float]]) -> str:
    """Say how the answer depends on who is counted; shares by weighting and stack."""
    parts = []
    for weight, phrase in (("gdp", "Weighted by GDP"), ("low_income", "among low-income countries")):
        shares = by_weight[weight]
        parts.append(
            f"{phrase} the US stack holds {percent(shares['US'])} and the Chinese stack {percent(shares['CN'])}"
        )
    return "; ".join(parts) + "."


def comparison_headline(first: str, second: str, year: int, difference: Mapping[str, np.ndarray]) -> str:
    """Say what `second` changes against `first`; paired differences of shares by stack, of shape (runs,)."""
    found = {stack: paired_interval(values) for stack, values in difference.items()}
    moved = {stack: one.mean for stack, one in found.items() if one.clear}
    runs = max(np.asarray(values).size for values in difference.values())
    if all(np.all(np.asarray(values) == 0) for values in difference.values()):
        return f"{second} and {first} end exactly alike in {year}: nothing that differs between them changed a share."
    if not moved:
        largest = max(found, key=lambda stack: abs(found[stack][0]))
        mean, low, high = found[largest]
        return (
            f"{second} rather than {first} makes no clear difference by {year}: {STACK_TITLES[largest]} "
            f"{'move' if largest == 'independent' else 'moves'} by {points(mean)} "
            f"({interval_words(low, high)}) over {count(runs, 'paired run')}."
        )
    stack = max(moved, key=lambda name: abs(moved[name]))
    mean, low, high = found[stack]
    verb = ("gain" if mean > 0 else "lose") + ("" if stack == "independent" else "s")
    return (
        f"With {second} rather than {first}, {STACK_TITLES[stack]} {verb} {points(abs(mean)).lstrip('+')} "
        f"of AI capacity in the average importing country by {year} ({interval_words(low, high)})."
    )


def belief_sentence(stack: str, channel: str, perceived: float, true: float, whose: str = "") -> str:
    """Say whether buyers, or the country `whose`, fear too much or too little; yearly hazards as fractions."""
    what = {"supply": "being cut off by", "security": "a breach through", "commitment": "being let down by"}[channel]
    whom = STACK_TITLES[stack]
    if abs(perceived - true) < 0.25 * max(true, 0.01):
        return (
            f"{whose or 'Buyers'} {'judges' if whose else 'judge'} the risk of {what} {whom} about right "
            f"({percent(perceived, 1)} a year believed, {percent(true, 1)} true)."
        )
    side = ("fear" if perceived > true else "underrate") + ("s" if whose else "")
    more = "more than is warranted " if perceived > true else ""
    return (
        f"{whose or 'Buyers'} {side} {what} {whom} {more}({percent(perceived, 1)} a year believed, "
        f"{percent(true, 1)} true)."
    )
