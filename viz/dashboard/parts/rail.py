"""The rail of levers as plain data: what each lever is, moves and costs, where it is, and what moving it does.

Levers, their titles, sections, bounds, sentences and sources are read from the declarations, costs and effects from
the stored table of `stackcraft.experiments.evidence.lever_effects`. `layout` is the same for everybody; `state` is that
of a question, and `moved` the question after moves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np

from stackcraft.agents import assignments
from stackcraft.agents.declare import Declaration
from stackcraft.agents.errors import InputError
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import LAYERS, SIDES, actors_of, kind_of, members, stack_of
from stackcraft.agents.strategies.registry import find_preset, preset_names
from stackcraft.experiments.evidence import lever_effects
from stackcraft.experiments.live.lever_effects import Effects
from stackcraft.experiments.live.moves import ACTORS, HIGH, LEVER, LOW, has_ends
from stackcraft.experiments.statistics import Interval
from stackcraft.model.casting import answers, preview
from stackcraft.model.inputs import load_inputs
from stackcraft.model.scenario import Scenario, shipped
from stackcraft.viz import words
from stackcraft.viz.dashboard.state import Question, exact
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words import claims
from stackcraft.viz.words.languages import in_each_language

# The sections of a kind of actor, in order; which lever is in which, its declaration says.
SECTIONS: dict[str, tuple[str, ...]] = {
    "home_government": ("money", "promises", "signals", "rules", "who", "delivery"),
    "financier": ("terms", "risk", "room"),
    "vendor": ("offer", "price", "bonds", "use"),
    "importer": ("choice", "needs", "requirements"),
}
START = (
    "us_government.supply_bond",
    "us_government.subsidy",
    "us_government.budget_bn",
    "us_government.min_package_mw",
    "us_government.local_hosting",
    "us_government.capacity_building",
    "us_government.coerce",
    "us_government.control_strictness",
    "us_financiers.risk_tolerance",
    "us_vendors.open_weights",
    "cn_government.subsidy",
    "cn_government.capacity_building",
)
HOME_KEYS = tuple(side.lower() for side in SIDES)  # as outcomes call the homes
BARE_UNITS = ("share", "0-1", "0 or 1", "-1 to 1")
SHARE_DIGITS = 4  # of a share of a whole
STRINGS = (
    "heading",
    "open",
    "also_set",
    "search",
    "search_found",
    "search_none",
    "start",
    "changed_none",
    "changed_some",
    "reset",
    "undo",
    "undo_one",
    "why",
    "value_of",
    "rule",
    "changed_mark",
    "from_to",
    "part_mark",
)


def title(name: str) -> str:
    """The plain title of "us_government.supply_bond"."""
    return words.said(declared(name).title)


def declared(name: str) -> Declaration:
    """The declaration of "us_government.supply_bond", or of a part of it."""
    actor, lever = name.split(".")[:2]
    return LEVER_SETS[_kind(actor)][lever]


def full_title(name: str) -> str:
    """The title with whose lever it is: "US government: bond against cutting supply"."""
    one = title(name)
    return f"{text('levers.actor_' + name.partition('.')[0])}: {one[:1].lower()}{one[1:]}"


def strings() -> dict[str, str]:
    """What the widget itself says."""
    return {name: _raw(name) for name in STRINGS}


def on_the_rail(lever: Declaration) -> bool:
    """Return whether a lever is on the rail: not one with a number for each country, nor the number of a club."""
    return lever.shape != "country" and lever.name != "club"


def names_of(actor: str) -> Iterator[str]:
    """The levers of an actor or group on the rail."""
    return (f"{actor}.{lever.name}" for lever in LEVER_SETS[_kind(actor)] if on_the_rail(lever))


@cache
def every_name() -> tuple[str, ...]:
    return tuple(name for actor in ACTORS for name in names_of(actor))


# what is the same for everybody


@in_each_language(most=12)
def layout(effects: Effects | None = None) -> dict[str, Any]:
    """Return groups, sections and levers, without their values; costs and effects from the stored table if left out."""
    return _make_layout(stored() if effects is None else effects)


@cache
def stored() -> Effects | None:
    """The stored costs and effects at the status quo, read once; None where there are none."""
    return lever_effects.stored()


def _make_layout(effects: Effects | None) -> dict[str, Any]:
    groups = []
    for actor in ACTORS:
        kind = _kind(actor)
        placed: dict[str, list[dict]] = {section: [] for section in SECTIONS[kind]}
        for name in names_of(actor):
            if name not in START:
                placed[declared(name).section].append(_lever(name, effects))
        sections = [
            {"id": f"{actor}-{section}", "title": text(f"levers.section_{section}"), "levers": rows}
            for section, rows in placed.items()
            if rows
        ]
        note = text("levers.actor_importers_note") if actor == "importers" else ""
        groups.append({"id": actor, "title": text(f"levers.actor_{actor}"), "note": note, "sections": sections})
    absent = [
        title(f"{actor}.{lever.name}").lower()
        for actor in ("us_government", "us_vendors", "importers")
        for lever in LEVER_SETS[_kind(actor)]
        if not on_the_rail(lever)
    ]
    return {
        "start": [_lever(name, effects, full=True) for name in START], "groups": groups, "selects": _selects(),
        "left_out": text("levers.left_out", levers=words.listed(absent)), "measured": measured(effects),
    }  # fmt: skip


def measured(effects: Effects | None) -> str:
    """What costs and effects were measured with, and whether that still holds."""
    if effects is None:
        return text("levers.measured_never")
    told = f"{text('levers.measured', runs=effects.wanted)} {text('cost.stored', runs=effects.wanted)}"
    stale = lever_effects.stale(effects) if effects.about else []
    return f"{told} {text('levers.measured_stale', changed=claims.changed_words(stale))}" if stale else told


def _lever(name: str, effects: Effects | None, full: bool = False) -> dict[str, Any]:
    actor, _, lever_name = name.partition(".")
    one = LEVER_SETS[_kind(actor)][lever_name]
    parts = list(assignments.part_names(one)) if one.shape != "scalar" else []
    return {
        "name": name,
        "title": title(name),
        "actor": text(f"levers.actor_{actor}") if full else "",
        "sentence": words.said(one.sentence),
        "whole": not (parts and one.simplex),
        **scale_of(one),
        "why": why_of(one),
        "moves": text("levers.moves", upside=one.upside, downside=one.downside),
        "cost": cost_line(name, effects),
        "effect": effect_line(name, effects),
        "by_part": text("levers.by_part", axis=text(f"levers.axis_{one.shape}")) if parts else "",
        "parts": [{"name": f"{name}.{part}", "title": part_title(part), **scale_of(one)} for part in parts],
    }


def scale_of(one: Declaration) -> dict[str, Any]:
    """The bounds, step and unit of a lever's slider."""
    unit = "" if one.unit in BARE_UNITS or one.unit == "year" else words.said(one.unit)
    return {"low": one.low, "high": one.high, "step": step_of(one), "unit": unit, "whole_number": one.whole}


def step_of(one: Declaration) -> float:
    """A step that makes a lever easy to set: about a twentieth to a fiftieth of its range, round."""
    if one.whole:
        return 1.0
    rough = (one.high - one.low) / 50
    size = 10 ** np.floor(np.log10(rough))
    return float(f"{next(size * round_step for round_step in (1, 2, 5, 10) if size * round_step >= rough * 0.999):.3g}")


def why_of(one: Declaration) -> str:
    """Where a lever's usual value comes from, and what it can be set to."""
    unit = "" if one.unit in BARE_UNITS or one.unit == "year" else f" {words.said(one.unit)}"
    if one.source.lower() == "judgement" or (one.judgement and one.source.lower().startswith("judgement;")):
        source = text("levers.source_judgement")
    else:
        source = text("levers.source_mixed" if one.judgement else "levers.source_known", source=one.source)
    lines = [
        source,
        text("levers.range", low=words.number(f"{one.low:g}"), high=words.number(f"{one.high:g}"), unit=unit),
    ]
    if one.none_means:
        lines.append(text("levers.none_means", rule=words.said(one.none_means)))
    if one.simplex:
        lines.append(text("levers.shares_note"))
    return " ".join(lines)


def cost_line(name: str, effects: Effects | None) -> str:
    """Return what moving the lever to either end does to its side's public cost, or to both homes' costs.

    "" where that was not measured.
    """
    actor, _, lever = name.partition(".")
    if effects is not None and not has_ends(LEVER_SETS[_kind(actor)][lever]):
        return text("levers.cost_of_shares")
    side = _side(name)
    found = {one: _ends(name, f"{one}_cost", effects) for one in ((side,) if side in HOME_KEYS else HOME_KEYS)}
    if None in found.values():
        return ""
    years = f"{effects.years[0]}-{effects.years[1]}"
    told = {one: _both(ends, lambda bn: f"{'+' if bn > 0 else ''}{words.money(bn)}") for one, ends in found.items()}
    return (
        text("levers.cost", what=told[side], years=years)
        if side in told
        else text("levers.cost_both", years=years, **told)
    )


def effect_line(name: str, effects: Effects | None) -> str:
    """What moving the lever to either end does to its side's share of the world; "" where that was not measured."""
    found = _ends(name, f"{_side(name)}_share", effects)
    if found is None:
        return ""
    return text(
        "levers.effect",
        what=_both(found, words.points),
        stack=words.STACK_TITLES[stack_of(name)],
        year=effects.years[1],
    )


def _both(found: list[tuple[Interval, float, float]], shown: Callable[[float], str]) -> str:
    """What is seen at either end, in few words: an end at which the lever already is gets no mention."""
    told = [
        (shown(one.mean) if one.clear else "", value)
        for one, now, value in found
        if not (np.isclose(now, value) and one.mean == 0)
    ]
    if not any(what for what, _ in told):
        return text("levers.unclear")
    unclear = text("levers.unclear")
    return ", ".join(text("levers.at", what=what or unclear, value=f"{value:g}") for what, value in told)


def _ends(name: str, outcome: str, effects: Effects | None) -> list[tuple[Interval, float, float]] | None:
    """(effect, value now, value at the end) for both ends."""
    if effects is None:
        return None
    values = {one.end: one.value for one in effects.changes if one.kind == LEVER and one.name == name}
    found = [
        (effects.effect(LEVER, name, outcome, end), effects.now.get(name, np.nan), values.get(end, np.nan))
        for end in (LOW, HIGH)
    ]
    return found if all(np.isfinite(one.mean) for one, *_ in found) else None


def part_title(part: str) -> str:
    return words.LAYER_TITLES[part] if part in LAYERS else text(f"levers.part_{part}")


def _selects() -> list[dict[str, Any]]:
    ready = [Scenario.load(name) for name in shipped()]
    found = [
        {
            "name": "scenario",
            "title": text("levers.scenario"),
            "options": [_option(one.name, words.said(one.title), words.said(one.story)) for one in ready],
        }
    ]
    for side in SIDES:
        presets = [find_preset(name, side) for name in preset_names(side)]
        found.append(
            {
                "name": f"preset.{side}",
                "title": text(f"levers.preset_{side.lower()}"),
                "options": [_option(one.name, words.said(one.title), words.said(one.story)) for one in presets],
            }
        )
    return found


def _option(value: str, shown: str, story: str) -> dict[str, str]:
    return {"value": value, "title": shown, "story": story}


# what every lever is set to for a question


def state(question: Question) -> dict[str, Any]:
    """What every lever is set to under the question, which are changed, and what is chosen.

    `levers` maps names (and names of parts) to [value or None, value without the question's own levers or None,
    changed, note].
    """
    scenario, plain = question.scenario, replace(question, levers=()).scenario
    importers = tuple(load_inputs(scenario.world, peer_graph=scenario.peer_graph).iso3)
    levers, before = preview(scenario), preview(plain)
    given = assignments.parse_all(question.levers, importers)
    scheduled = scenario.levers
    settled = answers(scenario)
    rows: dict[str, list[Any]] = {}
    touched = set()
    for name in every_name():
        actor, _, lever = name.partition(".")
        kind, one = _kind(actor), LEVER_SETS[_kind(actor)][lever]
        places = np.isin(actors_of(kind, importers), members(actor, importers))
        here, there = levers[kind][lever][places], before[kind][lever][places]
        changed = any(covers(item, name, importers) for item in given)
        touched |= {item.text for item in given if covers(item, name, importers)}
        notes = []
        if _spread(here):
            notes.append(text("levers.differs_note"))
        elif here.ndim > 1 and not one.simplex and _spread(here.T):
            notes.append(text("levers.parts_note"))
        years = sorted(
            {
                item.year
                for item in scheduled
                if item.year and item.year > scenario.years[0] and covers(item, name, importers)
            }
        )
        if years:
            notes.append(text("levers.later", years=words.listed([str(year) for year in years])))
        if kind != "importer" and stack_of(actor) in settled:
            notes.append(text("levers.decided"))
        rows[name] = [_mean(here), _mean(there), changed, " ".join(notes)]
        if here.ndim > 1:
            for part, value, base in zip(
                assignments.part_names(one, importers), here.mean(axis=0), there.mean(axis=0), strict=True
            ):
                rows[f"{name}.{part}"] = [
                    _mean(value),
                    _mean(base),
                    changed and not np.isclose(value, base, equal_nan=True),
                    "",
                ]
    chosen = {"scenario": question.base, **{f"preset.{side}": str(scenario.presets[side]) for side in SIDES}}
    others = [{"name": one.text.partition("=")[0], "text": one.text} for one in given if one.text not in touched]
    own = (
        []
        if question.base
        else [
            {"name": "scenario", **_option("", question.title or text("levers.own_scenario"), text("levers.own_story"))}
        ]
    )
    return {
        "levers": rows,
        "changed": [name for name in every_name() if rows[name][2]],
        "others": others,
        "chosen": chosen,
        "own": own,
    }


def covers(one: assignments.Assignment, name: str, importers: Sequence[str]) -> bool:
    """Whether an assignment sets the lever `name` for everybody for whom that row of the rail sets it."""
    actor, _, lever = name.partition(".")
    return one.lever == lever and not one.countries and set(members(actor, tuple(importers))) <= set(one.actors)


def _spread(values: np.ndarray) -> bool:
    """Whether the first axis is not all alike."""
    return bool(len(values) > 1 and not np.allclose(values, values[:1], equal_nan=True))


def _mean(values: Any) -> float | None:
    """The mean as a round number; None where it is none."""
    found = float(np.mean(values))
    return float(f"{found:.6g}") if np.isfinite(found) else None


def _kind(actor: str) -> str:
    return kind_of(members(actor)[0])


def _side(name: str) -> str:
    """Return the side whose share a lever is judged by, as outcomes call it; "independent" for neither home."""
    stack = stack_of(name)
    return stack.lower() if stack in SIDES else stack


@in_each_language()
def _raw(name: str) -> str:
    """A string with its placeholders left in, for the widget to fill."""
    keep = {key: "{" + key + "}" for key in ("count", "title", "base", "axis")}
    return text(f"levers.{name}", **keep)


# what happens to a question when a lever is moved


def moved(question: Question, moves: Iterable[Mapping[str, Any]]) -> Question:
    """The question after some moves in order, each {"name": ..., "value": ...}.

    A name is that of a lever or of one of its parts, "scenario", or "preset.US"; the value None undoes what the
    question itself sets there. Raises `InputError` with one line for a value out of bounds or a name that there is not.
    """
    for move in moves:
        question = _move(question, str(move.get("name", "")), move.get("value"))
    _ = question.scenario
    return question


def reset(question: Question) -> Question:
    """The question without its own levers."""
    return replace(question, levers=())


def _move(question: Question, name: str, value: Any) -> Question:
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
        raise InputError(f"{name}={value!r:.40} is not a number") from None
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
        raise InputError(f"{name} is not a lever; write actor.lever")
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
