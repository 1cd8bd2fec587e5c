"""What two scenarios set differently, in words, with where the values come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from stackcraft.agents import assignments
from stackcraft.agents.declare import Declaration
from stackcraft.agents.names import FINANCIERS, GROUPS, HOMES, IMPORTER_GROUP, VENDORS
from stackcraft.model.events import Event
from stackcraft.model.inputs import load_inputs
from stackcraft.model.parameters import locate
from stackcraft.model.scenario import Scenario
from stackcraft.viz import words
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.report.assumptions import declared, plain


@dataclass(frozen=True)
class Change:
    """One row: what, its value in A and in B, a sentence on what it does, and where its usual value comes from."""

    what: str
    a: str
    b: str
    sentence: str = ""
    source: str = ""
    judgement: bool = False


def changes_between(a: Scenario, b: Scenario) -> list[Change]:
    """Everything that the two set differently, strategies first; empty where they ask the same."""
    return [*_strategies(a, b), *_levers(a, b), *_parameters(a, b), *_events(a, b), *_switches(a, b), *_rest(a, b)]


def changes_of_rules(a: Scenario, b: Scenario) -> list[Change]:
    """What the two set differently of what decides results, levers aside: neither years nor luck nor world."""
    graph = [one for one in _rest(a, b) if one.what == text("compare.peer_graph")]
    return [*_strategies(a, b), *_parameters(a, b), *_events(a, b), *_switches(a, b), *graph]


def actor_title(actor: str, countries: Mapping[str, str]) -> str:
    """ "United States government", "Kenya", "every importing country"."""
    if actor in HOMES or actor in GROUPS or actor == IMPORTER_GROUP or actor in ("private_capital", "gulf_fund"):
        known = {"homes": "compare.homes", "financiers": "compare.financiers", "vendors": "compare.vendors"}
        return text(known.get(actor, f"levers.actor_{actor}"))
    if actor in FINANCIERS:
        return words.FINANCIER_TITLES[actor]
    return words.vendor_title(actor) if actor in VENDORS else countries.get(actor, actor)


def _countries(scenario: Scenario) -> dict[str, str]:
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    return words.country_names(inputs)


def _strategies(a: Scenario, b: Scenario) -> Iterator[Change]:
    for side in dict.fromkeys([*a.presets, *b.presets]):
        first, second = (_name(one.presets.get(side)) for one in (a, b))
        if first != second:
            yield Change(
                text(f"compare.preset_{side}"), first, second, source=text("compare.strategy_source"), judgement=True
            )
    names = {**_countries(a), **_countries(b)}
    for actor in dict.fromkeys([*a.strategies, *b.strategies]):
        first, second = (_name(one.strategies.get(actor)) for one in (a, b))
        if first != second:
            what = text("compare.strategy_of", actor=actor_title(actor, names))
            yield Change(what, first, second, source=text("compare.strategy_source"), judgement=True)


def _name(strategy: Any) -> str:
    if strategy is None:
        return text("compare.usual")
    return (strategy if isinstance(strategy, str) else str(strategy.name)).replace("-", " ")


def _levers(a: Scenario, b: Scenario) -> Iterator[Change]:
    names = {**_countries(a), **_countries(b)}
    first, second = ({one.target: one for one in arm.levers} for arm in (a, b))
    for target in dict.fromkeys([*first, *second]):
        if first.get(target) == second.get(target):
            continue
        one = first.get(target) or second[target]
        lever = one.declaration
        about = declared(lever, one.actors[0] if len({_default(lever, actor) for actor in one.actors}) == 1 else "")
        left = text("compare.not_set", default=about["default"])
        values = [arm[target].partition("=")[2] if target in arm else None for arm in (first, second)]
        shown = [_value(value, lever, left) for value in values]
        yield Change(
            lever_title(target, one, names), *shown, words.said(lever.sentence), about["source"], lever.judgement
        )


def lever_title(target: str, one: assignments.Assignment, countries: Mapping[str, str]) -> str:
    """ "United States government: bond against cutting supply (cloud), from 2030"."""
    title = words.said(one.declaration.title)
    named = [_part(one.part) if one.part not in countries else one.part] if one.part else []
    named += one.countries if len(one.countries) < 9 else [text("compare.some_countries", number=len(one.countries))]
    part = f" ({words.capital(', '.join(countries.get(name, name) for name in named))})" if named else ""
    start = text("compare.from_year", year=one.year) if one.year else ""
    return (
        f"{words.capital(actor_title(target.partition('.')[0], countries))}: "
        f"{title[:1].lower()}{title[1:]}{part}{start}"
    )


def _part(name: str) -> str:
    return words.layer_title(name).lower() if name in words.LAYER_TITLES else name.replace("_", " ")


def _default(lever: Declaration, actor: str) -> str:
    return plain(lever.default_by.get(actor, lever.default))


def _value(given: str | None, lever: Declaration, left: str) -> str:
    if given is None:
        return left
    bare = lever.unit in ("share", "0-1", "0 or 1", "0/1", "-1 to 1")
    return given if bare or given == "none" else f"{given} {words.said(lever.unit)}"


def _parameters(a: Scenario, b: Scenario) -> Iterator[Change]:
    for name in dict.fromkeys([*a.parameters, *b.parameters]):
        if a.parameters.get(name) == b.parameters.get(name):
            continue
        declaration, index = locate(name)
        about = declared(declaration, "", index)
        shown = [
            plain(arm.parameters[name]) if name in arm.parameters else text("compare.default", default=about["default"])
            for arm in (a, b)
        ]
        yield Change(
            text("compare.parameter", name=parameter_title(name)),
            *shown,
            words.said(declaration.sentence),
            about["source"],
            declaration.judgement,
        )


def parameter_title(name: str) -> str:
    """ "incumbency.cloud" -> "incumbency (cloud)"."""
    head, _, part = name.partition(".")
    return head.replace("_", " ") + (f" ({part.replace('.', ', ').replace('_', ' ')})" if part else "")


def _events(a: Scenario, b: Scenario) -> Iterator[Change]:
    names = {**_countries(a), **_countries(b)}
    for event in dict.fromkeys([*a.events, *b.events]):
        if (event in a.events) != (event in b.events):
            what = text("compare.event", what=event.what.replace("_", " "))
            told = event_words(event, names)
            shown = [told if event in arm.events else text("compare.no_event") for arm in (a, b)]
            yield Change(what, *shown, source=text("compare.event_source"), judgement=True)


def event_words(event: Event, countries: Mapping[str, str]) -> str:
    """When, whom and how much: "June 2030, US, size 1"."""
    month = text(f"compare.month_{event.month}")
    parts = [f"{month} {event.year}"]
    parts += [words.STACK_SHORT.get(event.stack, event.stack)] if event.stack else []
    parts += [countries.get(event.country, event.country)] if event.country else []
    parts += [words.layer_title(event.layer).lower()] if event.layer else []
    parts += [words.vendor_title(event.vendor)] if event.vendor else []
    parts += [words.money(event.value_bn)] if event.value_bn is not None else []
    parts += (
        [text("deal_story.size", size=words.number(f"{event.megawatts:,.0f}"))] if event.megawatts is not None else []
    )
    parts += [text("compare.size", size=words.number(f"{event.size:g}"))] if event.size is not None else []
    return ", ".join(parts)


def _switches(a: Scenario, b: Scenario) -> Iterator[Change]:
    for name in dict.fromkeys([*a.off, *b.off]):
        if (name in a.off) != (name in b.off):
            shown = [text("compare.off" if name in arm.off else "compare.on") for arm in (a, b)]
            yield Change(text("compare.submodel", name=name.replace("_", " ")), *shown)


def _rest(a: Scenario, b: Scenario) -> Iterator[Change]:
    for key in ("world", "peer_graph", "years", "runs", "seed"):
        first, second = getattr(a, key), getattr(b, key)
        if first != second:
            yield Change(
                text(f"compare.{key}"),
                *(":".join(map(str, one)) if isinstance(one, tuple) else str(one) for one in (first, second)),
            )
