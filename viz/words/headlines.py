"""Headlines: what a run or a comparison found, how sure it is, and what buyers believe, each in a sentence.

Nothing here knows a scenario. Every function takes numbers (shares as fractions) and returns a sentence in the language
spoken now. Where runs disagree, the sentence says so in counts of runs.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from stackcraft.experiments.leads import OpenRaces
from stackcraft.experiments.statistics import paired_interval
from stackcraft.model.worlds import DEFAULT, PLAUSIBLE
from stackcraft.viz.words.catalogue import text
from stackcraft.viz.words.forms import number
from stackcraft.viz.words.names import STACK_TITLES, layer_title, verb
from stackcraft.viz.words.numbers import bare_points, count, interval_words, percent, points

LEVEL_BELOW, LEVEL_WITHIN = 0.67, 0.01  # two stacks are level if the first leads in fewer futures, or by less


def headline(
    year: int,
    shares: Mapping[str, np.ndarray],
    races: OpenRaces,
    countries: int,
    what: str = "",
    where: str = "",
    *,
    kind: str = PLAUSIBLE,
) -> str:
    """Return the finding of an ensemble in one sentence, with the number of worlds in which it holds.

    `shares` gives, for each stack, its share of `what` (AI capacity) in every run, shape (runs,); `races` says in how
    many of the `countries` importing countries the race is open; `where` says whose shares they are (those of the
    average importing country); `kind` is the scenario's kind of worlds.
    """
    usual = text("titles.capacity_all_installed")
    what, where = what or usual, where or text("titles.where_country")
    middle = {stack: float(np.mean(values)) for stack, values in shares.items()}
    order = sorted(middle, key=middle.get, reverse=True)
    first, second, _ = order
    others = np.max([np.asarray(shares[stack]) for stack in order[1:]], axis=0)
    part, whole = int((np.asarray(shares[first]) > others).sum()), len(others)
    told = dict(zip(("first", "second", "third"), (STACK_TITLES[stack] for stack in order), strict=True))
    told |= dict(zip(("one", "other", "last"), (percent(middle[stack]) for stack in order), strict=True))
    if part / whole < LEVEL_BELOW or middle[first] - middle[second] < LEVEL_WITHIN:
        key = "level" if what == usual else "level_in"
    else:
        key = f"holds_{verb(first)}"
    told |= {"ahead": counted("ahead", part, whole, kind), "open": open_words(races, countries)}
    return text(f"findings.{key}", year=year, what=what, where=where, **told)


def counted(what: str, part: int, whole: int, kind: str) -> str:
    """Return in how many of the futures: `what` is "ahead" or "held", `kind` the scenario's kind of worlds."""
    if whole == 1:
        return text(f"doubt.{what}_single")
    of = "runs" if kind == DEFAULT else "worlds"
    return text(f"doubt.{what}_{of}{'_every' if part == whole else ''}", part=part, n=whole)


def open_words(races: OpenRaces, countries: int) -> str:
    """Say in how many countries the race is open, with its interval; one run cannot tell."""
    if not np.isfinite(races.mean):
        return text("findings.open_unknown")
    low, high = (number(f"{end:.0f}") if np.isfinite(end) else "" for end in (races.low, races.high))
    values = {"number": number(f"{races.mean:.0f}"), "countries": countries}
    if low != high:
        return text("findings.open_span", low=low, high=high, **values)
    return text("findings.open", **values)


def races(found: OpenRaces) -> str:
    """ "45 (41 to 49)"; "-" where runs are too few."""
    if not np.isfinite(found.mean):
        return "-"
    mean, low, high = (number(f"{one:.0f}") for one in (found.mean, found.low, found.high))
    return text("findings.races_span", number=mean, low=low, high=high) if np.isfinite(found.low) else mean


def change(start: int, end: int, before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """Say what moved between two years; `before` and `after` are shares by stack."""
    moves = {stack: after[stack] - before[stack] for stack in after}
    up = max(moves, key=moves.get)
    down = min(moves, key=moves.get)
    if moves[up] < 0.01:
        return text("findings.moves_none", start=start, end=end)
    values = {
        "start": start, "end": end, "first": STACK_TITLES[up], "gain": bare_points(moves[up]),
        "before": percent(before[up]), "after": percent(after[up]),
    }  # fmt: skip
    if moves[down] >= -0.005:
        return text(f"findings.gains_{verb(up)}", **values)
    return text(
        f"findings.gains_loses_{verb(up)}_{verb(down)}", second=STACK_TITLES[down], loss=bare_points(moves[down]),
        **values,
    )  # fmt: skip


def layers_sentence(leads: Mapping[str, float]) -> str:
    """Say in which layer the gap is widest and in which narrowest; `leads` is US less Chinese share by layer."""
    close = min(leads, key=lambda layer: abs(leads[layer]))
    wide = max(leads, key=lambda layer: abs(leads[layer]))

    def lead(layer: str) -> str:
        if abs(leads[layer]) < 0.005:
            return text("findings.lead_level")
        return text(
            "findings.lead", stack=STACK_TITLES["US" if leads[layer] > 0 else "CN"], gap=bare_points(leads[layer], 0)
        )

    if close == wide:
        return text("findings.layers_one", layer=layer_title(close).lower(), lead=lead(close))
    return text(
        "findings.layers", wide=layer_title(wide).lower(), wide_lead=lead(wide), close=layer_title(close).lower(),
        close_lead=lead(close),
    )  # fmt: skip


def weighting_sentence(by_weight: Mapping[str, Mapping[str, float]]) -> str:
    """Say how the answer depends on who is counted; shares by weighting and stack."""
    shown = {
        f"{stack.lower()}{mark}": percent(by_weight[weight][stack])
        for weight, mark in (("gdp", ""), ("low_income", "_low"))
        for stack in ("US", "CN")
    }
    return text("findings.weighting", **shown)


def comparison_headline(
    first: str, second: str, year: int, difference: Mapping[str, np.ndarray], kind: str = PLAUSIBLE
) -> str:
    """Say what `second` changes against `first`; paired differences of shares by stack, of shape (runs,).

    `kind` is the scenarios' kind of worlds.
    """
    found = {stack: paired_interval(values) for stack, values in difference.items()}
    moved = {stack: one.mean for stack, one in found.items() if one.clear}
    runs = max(np.asarray(values).size for values in difference.values())
    values = {"first": first, "second": second, "year": year}
    if all(np.all(np.asarray(values) == 0) for values in difference.values()):
        return text("findings.alike", **values)
    if not moved:
        stack = max(found, key=lambda one: abs(found[one][0]))
        mean, low, high = found[stack]
        return text(
            f"findings.unclear_{verb(stack)}", stack=STACK_TITLES[stack], points=points(mean),
            interval=interval_words(low, high), runs=count("paired_run", runs), **values,
        )  # fmt: skip
    stack = max(moved, key=lambda name: abs(moved[name]))
    mean, low, high = found[stack]
    gap = np.asarray(difference[stack])
    held = counted("held", int((np.sign(gap) == np.sign(mean)).sum()), len(gap), kind)
    return text(
        f"findings.changed_{'gain' if mean > 0 else 'lose'}_{verb(stack)}", stack=STACK_TITLES[stack],
        points=bare_points(mean), interval=interval_words(low, high), held=held, **values,
    )  # fmt: skip


def belief_sentence(stack: str, channel: str, perceived: float, true: float, whose: str = "") -> str:
    """Say whether buyers, or the country `whose`, fear too much or too little; yearly hazards as fractions.

    `channel` is supply, security or commitment.
    """
    right = abs(perceived - true) < 0.25 * max(true, 0.01)
    judged = "right" if right else "fear" if perceived > true else "underrate"
    return text(
        f"findings.{judged}_{channel}{'_here' if whose else ''}", whom=STACK_TITLES[stack], whose=whose,
        believed=percent(perceived, 1), true=percent(true, 1),
    )  # fmt: skip
