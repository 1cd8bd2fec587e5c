"""What a check reports, and how one is stated."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Check:
    """One check: what is claimed, what was reached, what would have been near enough.

    `value` and `tolerance` are numbers of the same kind (a largest difference, a share, a count); `tolerance` is None
    where the check only reports. `sense` says on which side of it `value` must lie: "<=", ">=", "=", or "within x" (a
    factor, up or down). `stands_out`: it lies elsewhere, and passes for the reason that `detail` gives. `seconds` is
    filled in by `stackcraft.experiments.checks.run`.
    """

    group: str
    name: str
    claim: str
    value: float
    tolerance: float | None
    passed: bool
    detail: str = ""
    seconds: float = 0.0
    sense: str = ""
    stands_out: bool = False


def within(group: str, name: str, claim: str, value: float, tolerance: float, detail: str = "") -> Check:
    """A check that holds where `value` is at most `tolerance`; what is not a number fails."""
    return Check(group, name, claim, float(value), float(tolerance), bool(value <= tolerance), detail, sense="<=")


def at_least(group: str, name: str, claim: str, value: float, least: float, detail: str = "") -> Check:
    """A check that holds where `value` is at least `least`."""
    return Check(group, name, claim, float(value), float(least), bool(value >= least), detail, sense=">=")


def equal(group: str, name: str, claim: str, differing: int, detail: str = "") -> Check:
    """A check that holds where nothing differs in any bit; `differing` counts what does."""
    return Check(group, name, claim, int(differing), 0, differing == 0, detail, sense="=")


def report(group: str, name: str, claim: str, value: float, detail: str = "") -> Check:
    """A number that is shown and not judged."""
    return Check(group, name, claim, float(value), None, True, detail)
