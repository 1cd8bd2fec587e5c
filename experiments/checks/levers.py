"""What every lever does from end to end, and why: none that moves nothing or wins at no cost without a reason.

Effects are read from the stored measurement of lever effects, which `make remeasure` renews; reasons from
`experiments/evidence/lever_reasons.toml`. What a lever does at its default is nothing, by definition: the first row has
what the status quo itself brings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from statistics import NormalDist

import numpy as np

from stackcraft.agents.declare import Declaration
from stackcraft.agents.names import kind_of, members
from stackcraft.experiments.checks.check import Check, equal, report
from stackcraft.experiments.evidence import lever_effects
from stackcraft.experiments.live.lever_effects import OUTCOMES, Effects
from stackcraft.experiments.live.moves import HIGH, LEVER, LOW, declaration, side_of
from stackcraft.experiments.statistics import LEVEL, NORMAL_95, TOLERANCE, Interval
from stackcraft.model.toml_files import read_toml

REASONS = lever_effects.STORED.with_name("lever_reasons.toml")
EVERY = "every"
OWN = {"US": "us", "CN": "cn"}
# What is told of the side that pulls a lever: the outcome, its name, and what one of it counts.
TOLD = (
    ("share", "share, points", 100.0),
    ("cost", "cost, bn$", 1.0),
    ("security_incidents", "incidents", 1.0),
    ("payoff", "payoff, bn$", 1.0),
)
# What may pay for a gain in share, and which way it costs.
COSTS = {"cost": 1, "security_incidents": 1, "incident_loss": 1, "payoff": -1, "profit": -1, "private": -1,
         "retention": -1, "built": -1, "delivered": -1}  # fmt: skip


Reasons = Mapping[str, Mapping[str, str]]  # sentences by kind of actor, or actor or group, and by lever


def reason_for(name: str, why: Reasons, still: bool = False) -> str:
    """Return the sentence on a lever such as "us_vendors.markup"; "" if there is none.

    The actor's own comes before that of its kind; that of its kind does not say why a lever moves nothing (`still`).
    """
    actor, lever = name.split(".")
    own, general = why.get(actor, {}), why.get(kind_of(members(actor)[0]), {})
    return own.get(lever, "") or (own.get(EVERY, "") if still else general.get(lever, ""))


def checks(threads: int | None = None) -> Iterator[Check]:
    """One line a lever: what either end does, and because of what. `threads` is not used: nothing is run."""
    effects = lever_effects.stored()
    yield equal(
        "levers",
        "a measurement is stored",
        "missing tables of lever effects (`make remeasure` makes it)",
        int(effects is None),
    )
    if effects is not None:
        changed = lever_effects.stale(effects)
        yield report(
            "levers",
            f"measured at {effects.about.get('commit', '')[:7]}, {effects.runs} runs"
            f"{'; since then changed: ' + ', '.join(changed) if changed else ''}",
            "parts of what the measurement rests on that have changed since",
            len(changed),
        )
        yield from rows(effects, read_toml(REASONS))


def rows(effects: Effects, why: Reasons) -> Iterator[Check]:
    """Yield the status quo, then a row for each lever."""
    for stack, side in OWN.items():
        base = (
            f"{label} {_number(factor * effects.base.get(f'{side}_{what}', np.nan))}" for what, label, factor in TOLD
        )
        yield report(
            "levers", f"status quo, {stack}: {', '.join(base)}", "share of the world", effects.base[f"{side}_share"]
        )
    for name in dict.fromkeys(one.name for one in effects.changes if one.kind == LEVER):
        yield row_of(name, effects, why)


def row_of(name: str, effects: Effects, why: Reasons) -> Check:
    """Return the row of a lever; it fails without a sentence, or if what stands out has no reason of its own."""
    declared, side = declaration(name), OWN.get(side_of(name))
    ends = {end: {outcome: effects.effect(LEVER, name, outcome, end) for outcome in OUTCOMES} for end in (LOW, HIGH)}
    still = not moves_any([one for end in ends.values() for one in end.values()])
    free = [end for end, found in ends.items() if side and wins_at_no_cost(found, side)]
    because = reason_for(name, why, still)
    if free and because:
        because += f"; its cost shows in {declared.trial.cost[0]}"
    told = "; ".join(_told(stack, what, label, factor, ends) for stack, what, label, factor in _columns(side))
    reach = max(
        abs(end[f"{stack}_share"].mean) for end in ends.values() for stack in ([side] if side else OWN.values())
    )
    what = (
        "moves nothing beyond luck" if still else f"wins at no measured cost at {_ends(free, declared)}" if free else ""
    )
    return Check(
        "levers",
        f"{name} at {declared.low:g} / {_number(effects.now.get(name, np.nan))} / {declared.high:g}: {told}. "
        + (f"Because {because}." if because else "No sentence says why."),
        "largest effect on share of either end, points",
        100 * reach,
        None,
        bool(because),
        what if because else f"{what}, and no reason is given".lstrip(", "),
        stands_out=bool(what),
    )


def moves_any(found: Sequence[Interval]) -> bool:
    """Return whether any of so many effects is off zero by more than the largest of as many would be by luck.

    Of a hundred 95 % intervals five leave zero out by luck, so intervals are widened until one in twenty such lists
    has any that does (Bonferroni).
    """
    known = [one for one in found if np.isfinite(one.mean)]
    wider = NormalDist().inv_cdf(1 - (1 - LEVEL) / 2 / max(len(known), 1)) / NORMAL_95
    return any(abs(one.mean) > max(wider * (one.high - one.low) / 2, TOLERANCE) for one in known)


def wins_at_no_cost(found: Mapping[str, Interval], side: str) -> bool:
    """Return whether a side's share rises, off luck, and nothing that it pays with moves its way."""
    if not found[f"{side}_share"].low > 0:
        return False
    ways = ((found[f"{side}_{what}"], way) for what, way in COSTS.items())
    return not any(one.clear and one.mean * way > 0 for one, way in ways)


def _columns(side: str | None) -> list[tuple[str, str, str, float]]:
    """Return stack, outcome, label and factor of what is told; of levers of no side, both sides' shares."""
    if side:
        return [(side, what, label, factor) for what, label, factor in TOLD]
    return [(own, "share", f"{stack} share, points", 100.0) for stack, own in OWN.items()]


def _told(side: str, what: str, label: str, factor: float, ends: Mapping[str, Mapping[str, Interval]]) -> str:
    """Say what either end does to an outcome; a star where the 95 % interval is off zero."""
    found = [end[f"{side}_{what}"] for end in ends.values()]
    if not any(np.isfinite(one.mean) for one in found):
        return f"{label} not measured"
    return f"{label} " + " / ".join(f"{factor * one.mean:+.3g}{'*' if one.clear else ''}" for one in found)


def _ends(free: list[str], declared: Declaration) -> str:
    return " and ".join(f"{declared.low if end == LOW else declared.high:g}" for end in free)


def _number(value: float) -> str:
    return f"{value:.4g}" if np.isfinite(value) else "-"
