"""What questions, rules and amounts of the hindcast are called."""

from __future__ import annotations

from stackcraft.experiments.evidence.hindcast.declared import Declared, Target
from stackcraft.viz import words
from stackcraft.viz.dashboard.strings import text

LOST, WON = ("worse", "outside"), ("better",)


def key(name: str) -> str:
    """Return a name as the end of a key of the catalogue."""
    return name.replace("-", "_").replace(" ", "_")


def name_of(target: str) -> str:
    """Return the short title of a question."""
    return text(f"evidence.name_{key(target)}")


def rule_of(baseline: str) -> str:
    """Return a simple rule in words."""
    return text(f"evidence.baseline_{key(baseline)}")


def verdict_of(verdict: str) -> str:
    """Return a verdict in words."""
    return text(f"evidence.verdict_{key(verdict)}")


def amount(target: Target, value: float) -> str:
    """Return what was foreseen or measured in the unit of its question: countries, a share, or money a year."""
    if target.kind != "level":
        return f"{value:.0f}"
    return words.percent(value) if target.outcome[0] == "share" else words.money(value)


def letters(plan: Declared) -> dict[str, str]:
    """Return the letter of each model that is wrong on purpose."""
    return {one.name: chr(ord("A") + place) for place, one in enumerate(plan.wrong)}
