"""A country's own levers as plain data for the widget of levers: the same as `rail`, for one country alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from stackcraft.agents import assignments
from stackcraft.agents.levers import IMPORTER
from stackcraft.experiments.live.moves import BANS
from stackcraft.model.blocs import members_of
from stackcraft.model.casting import preview
from stackcraft.model.inputs import load_inputs
from stackcraft.viz import words
from stackcraft.viz.dashboard.parts import rail
from stackcraft.viz.dashboard.state import Question
from stackcraft.viz.dashboard.strings import text

SECTIONS = rail.SECTIONS["importer"]
FIRST = ("skills", "require_hosting", "hedge")  # what is offered before the country's levers have been tried
OBVIOUS = (*(name.partition(".")[2] for name in BANS), "leaning")  # what they do to a stack is their definition


def names(code: str) -> tuple[str, ...]:
    """The levers of a country that are shown: "KEN.hedge" and so on."""
    return tuple(f"{code}.{lever.name}" for lever in IMPORTER if rail.on_the_rail(lever))


def strings(country: str) -> dict[str, str]:
    """What the widget itself says."""
    return {
        **rail.strings(),
        "heading": text("country.own_heading", name=country),
        "open": text("country.own_open"),
        "start": text("country.own_start", name=country),
    }


def layout(code: str, effects: Mapping[str, str], first: Sequence[str], note: str) -> dict[str, Any]:
    """Return the levers of the country `code` without their values: `first` in sight, the others in groups.

    `effects` has a sentence by lever on what moving it does, `note` says how they were measured.
    """
    groups = []
    for section in SECTIONS:
        rows = [
            _lever(code, lever.name, effects)
            for lever in IMPORTER
            if rail.on_the_rail(lever) and lever.section == section and lever.name not in first
        ]
        if rows:
            part = {"id": f"{code}-{section}", "title": text(f"levers.section_{section}"), "levers": rows}
            groups.append({"id": part["id"], "title": part["title"], "note": "", "sections": [part]})
    return {
        "start": [_lever(code, name, effects) for name in first], "groups": groups, "selects": [],
        "left_out": "", "measured": note,
    }  # fmt: skip


def _lever(code: str, name: str, effects: Mapping[str, str]) -> dict[str, Any]:
    one = IMPORTER[name]
    parts = list(assignments.part_names(one)) if one.shape != "scalar" else []
    whole = f"{code}.{name}"
    return {
        "name": whole, "title": words.said(one.title), "actor": "", "sentence": words.said(one.sentence),
        "whole": not (parts and one.simplex), **rail.scale_of(one), "why": rail.why_of(one),
        "moves": text("levers.moves", upside=words.said(one.upside), downside=words.said(one.downside)),
        "cost": "", "effect": effects.get(name, ""),
        "by_part": text("levers.by_part", axis=text(f"levers.axis_{one.shape}")) if parts else "",
        "parts": [
            {"name": f"{whole}.{part}", "title": rail.part_title(part), **rail.scale_of(one)} for part in parts
        ],
    }  # fmt: skip


def state(question: Question, code: str) -> dict[str, Any]:
    """What every lever of the country is set to under the question, which are changed, and what it was before."""
    scenario, members = question.checked, members_here(question, code)
    importers = list(load_inputs(scenario.world, peer_graph=scenario.peer_graph).iso3)
    places = [importers.index(one) for one in members]
    here, there = (preview(one)["importer"][places] for one in (scenario, plain(question, code).checked))
    rows: dict[str, list[Any]] = {}
    changed = []
    for name in names(code):
        lever = IMPORTER[name.partition(".")[2]]
        each = np.asarray(here[lever.name], float)
        now, before = each.mean(axis=0), np.asarray(there[lever.name], float).mean(axis=0)
        own = own_levers(question, code, lever.name)
        note = text("levers.parts_note") if now.ndim and not lever.simplex and not np.allclose(now, now[0]) else ""
        if not np.allclose(each, each[0], equal_nan=True):
            note = f"{note} {text('levers.differs_note')}".strip()
        rows[name] = [_number(now.mean()), _number(before.mean()), bool(own), note]
        changed += [name] if own else []
        if now.ndim:
            for part, value, was in zip(assignments.part_names(lever), now, before, strict=True):
                moved = not np.isclose(value, was, equal_nan=True)
                rows[f"{name}.{part}"] = [_number(value), _number(was), moved, ""]
    return {"levers": rows, "changed": changed, "others": [], "chosen": {}, "own": []}


def own_levers(question: Question, code: str, lever: str = "") -> tuple[str, ...]:
    """The question's assignments of the country's own levers, or of one of them."""
    members = members_here(question, code)
    return tuple(
        one for one in question.levers
        if (target := one.partition("=")[0].partition("@")[0].split("."))[0] in members
        and (not lever or target[1:2] == [lever])
    )  # fmt: skip


def members_here(question: Question, code: str) -> tuple[str, ...]:
    """The countries behind a code in the world of the question: one, or the members of a bloc."""
    world, graph = question.checked.world, question.checked.peer_graph
    return members_of(code, load_inputs(world, peer_graph=graph).iso3)


def moved(question: Question, code: str, name: str, value: float) -> Question:
    """The question with a lever, or a part of one ("KEN.skills"), set for the country or for every member of a bloc."""
    rest = name.partition(".")[2]
    for member in members_here(question, code):
        question = question.with_lever(f"{member}.{rest}", value)
    _ = question.checked
    return question


def plain(question: Question, code: str) -> Question:
    """The question without what it sets of the country's own levers: what "before" means on its page."""
    own = own_levers(question, code)
    return replace(question, levers=tuple(one for one in question.levers if one not in own))


def undone(question: Question, code: str, lever: str) -> Question:
    """The question without what it sets of one lever of the country, parts and later years included."""
    own = own_levers(question, code, lever)
    return replace(question, levers=tuple(one for one in question.levers if one not in own))


def _number(value: Any) -> float | None:
    found = float(value)
    return float(f"{found:.6g}") if np.isfinite(found) else None
