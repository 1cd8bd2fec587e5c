"""The commands that read: scenarios, strategies, levers, parameters and facts."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from stackcraft.agents import names
from stackcraft.agents.countries import code_of
from stackcraft.agents.declare import Declaration
from stackcraft.agents.errors import InputError, hint, nearest
from stackcraft.viz.cli.terminal import console, print_json, prose, show
from stackcraft.viz.cli.terminal import name as names_column

KIND_WORDS = {
    "home_government": "home governments",
    "financier": "financiers",
    "vendor": "vendors",
    "importer": "importing governments",
}


NAME = names_column("name")


def scenarios() -> None:
    """Print every scenario that comes with the project, with its one-sentence story."""
    from stackcraft.agents.names import PEER_GRAPHS
    from stackcraft.model.peer_graphs import sentence
    from stackcraft.model.scenario import Scenario, shipped

    out = console()
    stories = [(name, escape(Scenario.load(name).story)) for name in shipped()]
    show(out, "Scenarios", (NAME, prose("story")), stories)
    out.print("Run one with `stackcraft run NAME`; compare two with `stackcraft compare baseline NAME`.")
    graphs = [(name, escape(sentence(name))) for name in PEER_GRAPHS]
    title = "Who looks to whom: --peer-graph, or peer_graph in a scenario's file"
    show(out, title, (NAME, prose("peers")), graphs)


def strategies(name: str | None) -> None:
    """Print all strategies and side presets, or one in full."""
    from stackcraft.agents.strategies import registry

    out = console()
    known: list[tuple[str, Any]] = [(f"side {one.side}", one) for one in registry.every_preset()]
    known += [(KIND_WORDS[one.kind], one) for one in registry.every_strategy()]
    if name is not None:
        found = [(group, one) for group, one in known if one.name == name]
        if not found:
            raise InputError(
                f"strategy {name!r} is unknown; did you mean {nearest(name, [one.name for _, one in known])}?"
            )
        for group, one in found:
            _strategy(out, group, one)
        return
    for group in dict.fromkeys(group for group, _ in known):
        rows = [(strategy.name, escape(strategy.story)) for other, strategy in known if other == group]
        show(out, f"For {group}", (NAME, prose("what it does")), rows)


def levers(name: str | None, *, as_json: bool) -> None:
    """Print all levers, those of one kind or actor, or one in full."""
    from stackcraft.agents.levers import LEVER_SETS
    from stackcraft.agents.renamed import LEVERS as OLD_NAMES

    if name is not None:
        owner, dot, lever = name.rpartition(".")
        name = f"{owner}{dot}{OLD_NAMES.get(lever, lever)}"
    chosen, actor = _levers_named(name, LEVER_SETS)
    if as_json:
        print_json([{"kind": kind, **_plain(lever)} for kind, lever in chosen])
        return
    out = console()
    single = name is not None and all(lever.name == name.rpartition(".")[2] for _, lever in chosen)
    for kind in dict.fromkeys(kind for kind, _ in chosen):
        own = [lever for one, lever in chosen if one == kind]
        if single:
            _lever(out, kind, own[0])
            continue
        columns = (names_column("lever"), "from - to", "default", *map(prose, ("what it is", "upside", "downside")))
        rows = [
            (lever.name, lever.bounds, _default(lever, actor) if actor else _defaults(lever),
             *map(escape, (lever.sentence, lever.upside, lever.downside)))
            for lever in own
        ]  # fmt: skip
        show(out, f"Levers of {actor or KIND_WORDS[kind]}", columns, rows)
    if not single:
        out.print("Set one with --set ACTOR.LEVER=VALUE; `stackcraft levers NAME` shows one in full, with its source.")


def parameters(name: str | None, *, as_json: bool) -> None:
    """Print all parameters by subject, or one in full."""
    from stackcraft.model.parameters import PARAMETERS, SUBJECTS, locate

    chosen = list(PARAMETERS.values()) if name is None else [locate(name)[0]]
    if as_json:
        print_json([_plain(parameter) for parameter in chosen])
        return
    out = console()
    if name is not None:
        _lever(out, "", chosen[0])
        return
    columns = (names_column("parameter"), "default", "from - to", "plausible", prose("what it is"), prose("source"))
    for subject, group in SUBJECTS.items():
        rows = [
            (parameter.name, _value(parameter.default), parameter.bounds, parameter.range_words,
             escape(parameter.sentence),
             escape(_source_in_short(parameter)))
            for parameter in group
        ]  # fmt: skip
        show(out, f"Parameters: {subject}", columns, rows)
    out.print("Set one with --parameter NAME=VALUE.")


def facts(country: str, world: str, *, as_json: bool = False) -> None:
    """Print what is known of one country and what the model makes of it: value, unit, year and source."""
    from stackcraft.model.describe import describe_country
    from stackcraft.model.inputs import load_inputs

    inputs = load_inputs(world)
    code = code_of(country, inputs.iso3, dict(zip(inputs.iso3, inputs.name, strict=True)))
    rows = describe_country(inputs, code)
    if as_json:
        print_json({"country": code, "facts_hash": inputs.facts_hash, "rows": [row._asdict() for row in rows]})
        return
    out = console()
    title = escape(inputs.name[inputs.iso3.index(code)])
    for derived, words in ((False, "facts"), (True, "what the model makes of them")):
        cells = [
            (*map(escape, (row.input, row.value, row.unit)), "" if derived else row.year, _origin(row))
            for row in rows
            if row.derived == derived
        ]
        columns = (*map(_folded, ("what", "value", "unit", "year")), prose("where it comes from"))
        show(out, f"{title} ({code}): {words}", columns, cells)
    blank = sum(bool(row.filled) for row in rows)
    judged = sum(row.judgement for row in rows)
    out.print(
        f"{blank} of {len(rows)} lines were filled in or rest on something filled in, {judged} rest on a judgement."
    )
    out.print(f"Hash of all facts: {inputs.facts_hash}", style="dim")


def _folded(header: str) -> Column:
    """Return a column of short texts that are broken anywhere, so that they are never cut."""
    return Column(header, overflow="fold")


def _origin(row: Any) -> str:
    """Return source or rule, whether it is a judgement, and how a blank was filled."""
    text = ("judgement: " if row.judgement else "") + escape(row.source)
    return f"{text} [bold]filled in: {escape(row.filled)}[/bold]" if row.filled else text


def _levers_named(name: str | None, sets: Any) -> tuple[list[tuple[str, Declaration]], str]:
    """Return the levers that a name means (a lever, kind, group or actor), and the actor if it is one."""
    every = [(kind, lever) for kind, one in sets.items() for lever in one]
    if name is None:
        return every, ""
    actor, dot, lever_name = name.partition(".")  # as one writes it after --set
    if dot and actor and lever_name:
        of_actor, _ = _levers_named(actor, sets)
        if found := [(kind, lever) for kind, lever in of_actor if lever.name == lever_name]:
            return found, actor
        raise InputError(
            f"lever {lever_name!r} of {actor} is unknown{hint(lever_name, [lever.name for _, lever in of_actor])}"
        )
    if found := [(kind, lever) for kind, lever in every if lever.name == name]:
        return found, ""
    if name in sets:
        return [(name, lever) for lever in sets[name]], ""
    name = names.known_actor(name)
    actors = [*names.HOMES, *names.FINANCIERS, *names.VENDORS, *names.GROUPS, names.IMPORTER_GROUP, *names.IMPORTERS]
    if name in actors:
        kind = names.kind_of(names.members(name)[0])
        return [(kind, lever) for lever in sets[kind]], name if name in names.members(name) else ""
    options = [*dict.fromkeys(lever.name for _, lever in every), *sets, *actors]
    raise InputError(f"lever or actor {name!r} is unknown; did you mean {nearest(name, options)}?")


def _lever(out: Console, kind: str, one: Declaration) -> None:
    """Print one declaration in full."""
    lines = {
        "what it is": one.sentence,
        "from - to": one.bounds,
        "default": _defaults(one),
        "plausible": one.range_words,
        "because": one.reason,
        "unit": one.unit,
        "one number a": "" if one.shape == "scalar" else one.shape,
        "none means": one.none_means,
        "by country": f"exceptions, such as ACTOR.{one.name}[KEN]=VALUE" if one.by_country else "",
        "acts on": one.acts_on,
        "upside": one.upside,
        "downside": one.downside,
        "watch": one.metric,
        "claims": ", ".join(one.claims),
        "source": _source(one),
    }
    out.print(f"[bold]{one.name}[/bold]{f' ({KIND_WORDS[kind]})' if kind else ''}")
    grid = Table.grid(padding=(0, 2))
    for key, value in lines.items():
        if value:
            grid.add_row(key, escape(value))
    out.print(grid)


def _strategy(out: Console, group: str, one: Any) -> None:
    """Print one strategy in full: its story, its traits and, if it always sets the same, the levers it sets."""
    out.print(f"[bold]{one.name}[/bold] (for {group}): {escape(one.title)}")
    out.print(escape(one.story))
    if one.traits.adaptive:
        out.print("It reacts to what it sees.")
    parts = {"": getattr(one, "table", {})}
    if hasattr(one, "government"):
        parts = {"government": one.government, **one.financiers, "vendors": one.vendors}
    for who, values in parts.items():
        for lever, value in values.items():
            out.print(f"  {who + '.' if who else ''}{lever} = {_value(value)}")


def _source(one: Declaration) -> str:
    if not one.judgement:
        return one.source
    return (
        one.source if "judgement" in one.source.lower() else f"judgement: {one.source}" if one.source else "judgement"
    )


def _source_in_short(one: Declaration) -> str:
    return one.source if not one.judgement or one.sourced else "judgement"


def _default(lever: Declaration, actor: str) -> str:
    return _value(lever.default_by.get(actor, lever.default)) + (
        " (from its facts)" if lever.facts and actor in names.IMPORTERS else ""
    )


def _defaults(one: Declaration) -> str:
    """Return the default, or how it differs by actor."""
    differing = {actor: _value(value) for actor, value in one.default_by.items()}
    if len(set(differing.values())) > 1:
        return ", ".join(f"{actor} {value}" for actor, value in differing.items())
    text = next(iter(differing.values()), _value(one.default))
    return f"{text}, or from the facts" if one.facts else text


def _value(value: Any) -> str:
    if value is None:
        return "none"
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, (list, tuple)) and value and isinstance(value[0], (list, tuple)):
        return f"{len(value)} x {len(value[0])} numbers"
    if isinstance(value, (list, tuple)):
        return " ".join(_value(item) for item in value)
    return f"{value:g}"


def _plain(declaration: Declaration) -> dict[str, Any]:
    """Return a declaration as JSON takes it."""
    keep = (
        "name unit low high default plausible reason sentence source judgement sourced shape acts_on upside downside"
        " claims metric default_by"
        " none_means simplex whole facts hidden"
    )
    return {key: getattr(declaration, key) for key in keep.split()}
