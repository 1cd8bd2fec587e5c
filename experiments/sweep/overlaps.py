"""Factors that would hide one another: a row would say that something differs, and the run would not know of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from stackcraft.agents.assignments import Assignment, parse_all, parse_target, part_names
from stackcraft.agents.names import SIDES, members
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.model.parameters import PARAMETERS, parts

Cells = set[tuple]


def overlaps(found: Mapping[str, Sequence[Factor]], iso3: Sequence[str]) -> Iterator[str]:
    """One line for each factor of which another takes away everything, in the order in which they are laid on a run.

    `found` holds factors by group. Bundles may overlap among themselves in levers: what the last one says holds.
    """
    numbers = [(one, _cells_of_parameter(one)) for group in ("uncertainty", "structure") for one in found[group]]
    levers = [(lever, _cells_of_levers([parse_target(lever.name, iso3)], iso3)) for lever in found["lever"]]
    strategies = [
        (
            strategy,
            {(name,) for name in ([strategy.name] if strategy.name in SIDES else members(strategy.name, tuple(iso3)))},
        )
        for strategy in found["strategy"]
    ]
    for group in (numbers, levers, strategies):
        for place, (one, cells) in enumerate(group):
            later: Cells = set().union(*(others for _, others in group[place + 1 :]))
            if cells and cells <= later:
                last = next(other for other, others in group[place + 1 :] if cells & others)
                yield f"{last.name} sets all that {one.name} sets; leave one of them out"
    sides: dict[str, str] = {
        strategy.name: f"strategies of {strategy.name}" for strategy in found["strategy"] if strategy.name in SIDES
    }
    for bundle in found["bundle"]:
        for side in bundle.settings["presets"]:
            if side in sides:
                yield (
                    f"bundle {bundle.name} sets the preset of {side}, and so does {sides[side]}; leave one of them out"
                )
            sides[side] = f"bundle {bundle.name}"
        held = _cells_of_levers(parse_all(bundle.settings["levers"], iso3), iso3)
        for one, cells in levers:
            if cells <= held:
                yield f"bundle {bundle.name} sets all that {one.name} sets; leave one of them out"


def _cells_of_parameter(factor: Factor) -> Cells:
    head, _, tail = factor.name.partition(".")
    if head not in PARAMETERS:
        return set()
    return {(head, tail)} if tail else {(head, text) for text, _ in parts(PARAMETERS[head])}


def _cells_of_levers(given: Sequence[Assignment], iso3: Sequence[str]) -> Cells:
    """Return what assignments write: (actor, lever, part, country, year); no country where the general value is set."""
    cells: Cells = set()
    for assignment in given:
        parts = [assignment.part] if assignment.part is not None else part_names(assignment.declaration, iso3) or [None]
        cells |= {
            (actor, assignment.lever, part, country, assignment.year)
            for actor in assignment.actors
            for part in parts
            for country in assignment.countries or (None,)
        }
    return cells
