"""What happens to a question when a lever of the rail is moved, undone, or a scenario or strategy is chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from stackcraft.agents import assignments
from stackcraft.agents.errors import InputError
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import SIDES, actors_of, kind_of, members
from stackcraft.model.casting import preview
from stackcraft.model.inputs import load_inputs
from stackcraft.model.scenario import Scenario
from stackcraft.viz.dashboard.parts.rail import covers, every_name
from stackcraft.viz.dashboard.state import Question, exact

SHARE_DIGITS = 4


def moved(question: Question, moves: Iterable[Mapping[str, Any]]) -> Question:
    """The question after some moves in order, each {"name": ..., "value": ...}.

    A name is that of a lever or of one of its parts, "scenario", or "preset.US"; the value None undoes what the
    question itself sets there. Raises `InputError` with one line for a value out of bounds or a name that there is not.
    """
    for move in moves:
        question = _one(question, str(move.get("name", "")), move.get("value"))
    _ = question.scenario
    return question


def reset(question: Question) -> Question:
    """The question without levers of its own."""
    return replace(question, levers=())


def _one(question: Question, name: str, value: Any) -> Question:
    if name == "scenario":
        empty = {"title": "", "levers": (), "parameters": (), "presets": (), "strategies": (), "off": (), "events": ()}
        return replace(question, base=str(value or "baseline"), **empty)
    head, _, side = name.partition(".")
    if head == "preset" and side in SIDES:
        own = str(Scenario.load(question.base).presets[side]) if question.base else ""
        kept = tuple(pair for pair in question.presets if pair[0] != side)
        return replace(question, presets=kept if value in (None, "", own) else (*kept, (side, str(value))))
    if value is None:
        return replace(question, levers=without(question, name))
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InputError(f"{name}={value!r:.40} is no number") from None
    return replace(question, levers=_set(question, name, number))


def without(question: Question, name: str) -> tuple[str, ...]:
    """The question's assignments less those that set the lever (or part) `name`; who else is set by them stays set."""
    row = ".".join(name.split(".")[:2])
    part = name.split(".")[2] if name.count(".") == 2 else ""
    if row not in every_name():
        return tuple(one for one in question.levers if one.partition("=")[0] != name)
    importers = _importers(question)
    kept: list[str] = []
    for item in assignments.parse_all(question.levers, importers):
        if not any(covers(item, other, importers) for other in _together(row)) or (part and item.part != part):
            kept.append(item.text)
            continue
        # A wider group than this row: the others of it keep what they were given.
        rest = item.text.partition(".")[2]
        kept += [f"{actor}.{rest}" for actor in item.actors if actor not in members(row.partition(".")[0], importers)]
    return tuple(kept)


def _set(question: Question, name: str, value: float) -> tuple[str, ...]:
    pieces = name.split(".")
    if len(pieces) < 2:
        raise InputError(f"{name} is no lever; write actor.lever")
    row, part = ".".join(pieces[:2]), pieces[2] if len(pieces) == 3 else ""
    importers = _importers(question)
    whole = members(pieces[0], importers)
    kind = kind_of(whole[0], importers)
    lever = LEVER_SETS[kind][pieces[1]]
    later = tuple(one for one in question.levers if "@" in one.partition("=")[0])  # a schedule stays
    now = replace(question, levers=tuple(one for one in question.levers if one not in later))
    if lever.simplex:
        return (*without(now, row), *later, *_shares(question, row, part, value))
    if part:
        return (*without(now, name), *later, f"{name}={exact(value)}")
    kept = (*without(now, row), *later)
    before = preview(replace(question, levers=kept).scenario)[kind][lever.name][
        np.isin(actors_of(kind, importers), whole)
    ]
    return kept if bool((before == value).all()) else (*kept, f"{name}={exact(value)}")


def _shares(question: Question, row: str, part: str, value: float) -> list[str]:
    """A full set of shares in which one is `value` and the others keep their proportions."""
    actor, _, lever_name = row.partition(".")
    importers = _importers(question)
    kind = kind_of(members(actor, importers)[0], importers)
    lever = LEVER_SETS[kind][lever_name]
    lever.check(value, f"{row}{'.' + part if part else ''}")
    places = np.isin(actors_of(kind, importers), members(actor, importers))
    levers = preview(question.scenario)[kind][places]
    scalars = LEVER_SETS[kind].simplexes()[lever.simplex]
    if len(scalars) > 1:
        names, old, moved_name = scalars, np.array([levers[name].mean() for name in scalars]), lever_name
    else:
        names, old, moved_name = assignments.part_names(lever, importers), levers[lever_name].mean(axis=0), part
    if moved_name not in names:
        raise InputError(f"{row} has no part {part!r}; it is one of {', '.join(names)}")
    mine = np.array([name == moved_name for name in names])
    others = np.where(mine, 0.0, np.nan_to_num(old))
    others = others / others.sum() if others.sum() > 0 else np.where(mine, 0.0, 1 / (len(names) - 1))
    new = np.round(np.where(mine, value, others * (1 - value)), SHARE_DIGITS)
    largest = int(np.argmax(np.where(mine, -1.0, new)))
    new[largest] = max(0.0, round(new[largest] + 1 - new.sum(), SHARE_DIGITS))  # rounding is taken up by the largest
    if len(scalars) > 1:
        return [f"{actor}.{name}={share:g}" for name, share in zip(names, new, strict=True)]
    return [f"{row}={','.join(f'{share:g}' for share in new)}"]


def _together(row: str) -> tuple[str, ...]:
    """The rows that move together with this one: scalar levers that share one set of shares."""
    actor, _, lever_name = row.partition(".")
    levers = LEVER_SETS[kind_of(members(actor)[0])]
    lever = levers[lever_name]
    return tuple(f"{actor}.{name}" for name in levers.simplexes()[lever.simplex]) if lever.simplex else (row,)


def _importers(question: Question) -> tuple[str, ...]:
    scenario = question.scenario
    return tuple(load_inputs(scenario.world, peer_graph=scenario.peer_graph).iso3)
