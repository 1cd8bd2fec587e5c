"""What was observed: functions that targets name in `observed`, each of which returns one number."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.evidence.hindcast import baselines, scores
from stackcraft.experiments.evidence.hindcast.declared import Declared
from stackcraft.experiments.evidence.hindcast.declared import Target as HindcastTarget
from stackcraft.experiments.evidence.hindcast.declared import declared as hindcast_readings
from stackcraft.experiments.evidence.hindcast.outcomes import FROM, Outcome
from stackcraft.experiments.evidence.level_readings import public as public_figures
from stackcraft.experiments.sweep.references import find_function

GEOMETRIC = 2.0  # a span whose ends differ by more than this factor has its middle on a logarithmic scale


@cache
def plan() -> Declared:
    """Return the declared targets of the hindcast."""
    return hindcast_readings()


def hindcast_target(name: str) -> HindcastTarget:
    """Return a target of the hindcast that can be tested. Raises `InputError`."""
    known = {one.name: one for one in plan().tested()}
    if name not in known:
        raise unknown("target of the hindcast", name, known)
    return known[name]


def outcome_of(name: str) -> Outcome:
    """Return what happened, for a target of the hindcast about countries."""
    from stackcraft.experiments.evidence.hindcast.score import outcome_of as found

    return found(hindcast_target(name))


def hindcast(name: str) -> float:
    """What happened: the number of events of a yes-no target or a count, or a level."""
    from stackcraft.experiments.evidence.hindcast import outcomes

    target = hindcast_target(name)
    if target.kind == "level":
        function, *arguments = target.outcome
        return float(getattr(outcomes, function)(*arguments))
    return float(outcome_of(name).number)


def best_baseline(name: str) -> float:
    """The primary score of the best declared baseline, chosen in hindsight."""
    target, outcome = hindcast_target(name), outcome_of(name)
    there = outcome.candidate
    rate = scores.YES_NO.get(target.primary, scores.spearman)
    found = []
    for one in target.baselines:
        theirs = baselines.ranking(one) if target.kind == "ranking" else baselines.yes_no(one, outcome, target.side)
        found.append(rate(theirs[there], outcome.happened[there]))
    return float(np.nanmax(found) if target.primary in scores.GAINS else np.nanmin(found))


def entries_before(name: str, first: int) -> float:
    """How many countries had the event from January `first` to January 2019."""
    outcome = outcome_of(name)
    return float(np.nansum(outcome.there_in(FROM)) - np.nansum(outcome.there_in(first)))


def order_by_gdp(name: str) -> float:
    """The chance that a country with the event by January 2019 has more GDP than one without."""
    outcome, facts = outcome_of(name), baselines.Facts.of(FROM)
    return scores.auc(facts.log_gdp, outcome.there_in(FROM))


def public(method: str, *arguments: Any) -> float:
    """The middle of a span of public figures: a method of `Public` in `level_readings.py`, with its arguments."""
    low, high = getattr(public_figures(), method)(*arguments)
    return float(np.sqrt(low * high)) if low > 0 and high / low > GEOMETRIC else (low + high) / 2


RULES = {one.__name__: one for one in (hindcast, best_baseline, entries_before, order_by_gdp, public)}


def value_of(named: Mapping[str, Any], where: str, folder: Path) -> float:
    """Return the number that a rule gives: one of `RULES`, or "module:function". Raises `InputError`."""
    name = str(named.get("rule", ""))
    if ":" in name:
        function = find_function(name, folder)
    elif name in RULES:
        function = RULES[name]
    else:
        raise InputError(f"{where}: {unknown('rule', name, RULES)}")
    try:
        return float(function(*named.get("with", [])))
    except InputError:
        raise
    except Exception as error:  # whatever somebody's function raises
        raise InputError(f"{where}: {name}: {type(error).__name__}: {error}") from None
