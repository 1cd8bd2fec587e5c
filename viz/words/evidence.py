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
from stackcraft.viz.words.catalogue import text
from stackcraft.viz.words.claims import changed_words
from stackcraft.viz.words.forms import number as written
from stackcraft.viz.words.names import Titles

MEASURE_AGAIN = '`make remeasure MEASURE="--only hindcast"`'
BLOCKS = Titles("block", ("africa", "middle", "europe", "americas", "pacific"), "claims")


def summary(evidence: Evidence) -> str:
    """Say in two sentences how often the model loses, draws and wins."""
    verdicts = Counter(one.verdict for one in evidence.primary())
    compared = verdicts["worse"] + verdicts["no difference shown"] + verdicts["better"]
    levels = verdicts["inside"] + verdicts["outside"]
    told = text(
        "claims.hindcast_compared", targets=words.count("target", compared), worse=_few(verdicts["worse"]),
        drawn=_few(verdicts["no difference shown"]), better=_few(verdicts["better"]),
    )  # fmt: skip
    if not levels:
        return told
    key = "one" if verdicts["inside"] == 1 else "many"
    rest = text(f"claims.hindcast_levels_{key}", levels=words.count("level", levels), inside=_few(verdicts["inside"]))
    return f"{told} {rest}"


def _few(number: int) -> str:
    return words.spelled(number) if number else text("claims.hindcast_none")


def basis(evidence: Evidence, plan: Declared) -> str:
    """Say when the readings were declared, how many runs were made, and whether the scores still hold."""
    told = text("claims.hindcast_basis", day=plan.declared, runs=evidence.about.get("runs", plan.runs))
    return f"{told} {stale}" if (stale := warning(evidence)) else told


def warning(evidence: Evidence) -> str:
    """Say what a reader must know where the scores were measured on something else than what is here; else ""."""
    changed = staleness.what_changed("hindcast", evidence.about)
    if not changed:
        return ""
    return text("claims.hindcast_stale", changed=changed_words(changed), command=MEASURE_AGAIN)


def row(one: Score, wrong: dict[str, Score]) -> list[str]:
    """Return a primary score as cells: target, score, model, baseline, difference, verdict, wrong models as good."""
    foreseen = "" if math.isnan(one.foreseen) else f"{one.foreseen:.3g} of {one.events:.3g}"
    return [
        one.target, one.score, number(one.value), f"{number(one.baseline)} {one.best}".strip(),
        f"{number(one.difference)} ({words.span(one.low, one.high, number)})" if not math.isnan(one.low) else "",
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
    return "" if math.isnan(value) else written(f"{value:.3g}")
