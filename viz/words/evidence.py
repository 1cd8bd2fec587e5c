"""The hindcast in words: how the model scores on what happened, losses first, and how its forecasts fared by block."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from stackcraft.experiments.evidence import staleness
from stackcraft.experiments.evidence.hindcast import scores
from stackcraft.experiments.evidence.hindcast.declared import NOT_TESTED, Declared
from stackcraft.experiments.evidence.hindcast.score import Score
from stackcraft.experiments.evidence.hindcast.stored import Evidence
from stackcraft.viz import words

MEASURE_AGAIN = '`make remeasure MEASURE="--only hindcast"`'
BLOCKS = {"africa": "Sub-Saharan Africa", "middle": "North Africa, West, Central and South Asia", "europe": "Europe",
          "americas": "the Americas", "pacific": "East Asia and the Pacific"}  # fmt: skip


def summary(evidence: Evidence) -> str:
    """Say in two sentences how often the model loses, draws and wins."""
    verdicts = Counter(one.verdict for one in evidence.primary())
    compared = verdicts["worse"] + verdicts["no difference shown"] + verdicts["better"]
    levels = verdicts["inside"] + verdicts["outside"]
    text = (
        f"Of {words.count(compared, 'target')} with a simple rule to beat, the model is worse than the best rule on"
        f" {_few(verdicts['worse'])}, no difference shows on {_few(verdicts['no difference shown'])}, and it is better"
        f" on {_few(verdicts['better'])}."
    )
    if levels:
        lie = "lies" if verdicts["inside"] == 1 else "lie"
        text += (
            f" Of {words.count(levels, 'level')}, {_few(verdicts['inside'])} {lie} inside the tolerance agreed"
            " beforehand."
        )
    return text


def _few(number: int) -> str:
    return words.SMALL_NUMBERS[number] if 0 < number < len(words.SMALL_NUMBERS) else f"{number}" if number else "none"


def basis(evidence: Evidence, plan: Declared) -> str:
    """Say when the readings were declared, how many runs were made, and whether the scores still hold."""
    text = (
        f"Targets, readings, baselines and tolerances were declared on {plan.declared}, before anything was scored;"
        f" {evidence.about.get('runs', plan.runs)} runs from January 2011 (to fit) and from January 2019 (to score)."
    )
    return f"{text} {stale}" if (stale := warning(evidence)) else text


def warning(evidence: Evidence) -> str:
    """Say what a reader must know where the scores were measured on something else than what is here; else ""."""
    changed = staleness.what_changed("hindcast", evidence.about)
    return (
        f"Measured on other {words.listed(changed)} than the present: {MEASURE_AGAIN} measures again."
        if changed
        else ""
    )


def row(one: Score, wrong: dict[str, Score]) -> list[str]:
    """Return a primary score as cells: target, score, model, baseline, difference, verdict, wrong models as good."""
    foreseen = "" if math.isnan(one.foreseen) else f"{one.foreseen:.3g} of {one.events:.3g}"
    return [
        one.target, one.score, number(one.value), f"{number(one.baseline)} {one.best}".strip(),
        f"{number(one.difference)} ({number(one.low)} to {number(one.high)})" if not math.isnan(one.low) else "",
        foreseen, one.verdict, ", ".join(as_good(one, wrong)) or "none",
    ]  # fmt: skip


def as_good(one: Score, wrong: Mapping[str, Score]) -> list[str]:
    """Return which models that are wrong on purpose score as well as the model, or better."""
    return [name for name, other in wrong.items() if gain(one, other.value) >= gain(one, one.value)]


def gain(one: Score, value: float) -> float:
    """Return by how much a value of a score is better than the best baseline's: below 0 it is worse."""
    return (value - one.baseline if not math.isnan(one.baseline) else value) * (1 if one.score in scores.GAINS else -1)


def not_tested(plan: Declared) -> list[tuple[str, str]]:
    """Return what cannot be tested, and why."""
    return [(one.what, one.reason) for one in plan.targets if one.status == NOT_TESTED]


def number(value: float) -> str:
    """Return a score with three meaningful digits; "" where there is none."""
    return "" if math.isnan(value) else f"{value:.3g}"
