"""Write the tables of the model description from the declarations.

    python -m stackcraft.viz.docs.describe_model [--check] [--out FILE]

`model/DESCRIPTION.md` is prose in which each table lies between `<!-- table NAME -->` and `<!-- end -->`. Everything
between two such marks is made here from what the program itself reads, and a test fails when it is out of date: change
the declaration, not the table. `--check` writes nothing and exits with 1 if the file is not what it would write;
`--out` writes to another file.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from stackcraft.agents import names
from stackcraft.agents.declare import Declaration
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.strategies import registry
from stackcraft.experiments.evidence import staleness
from stackcraft.experiments.evidence.claims import SOURCES
from stackcraft.model import measures, parameters
from stackcraft.model import peer_graphs as graphs
from stackcraft.model import state as world_state
from stackcraft.model.inputs import declared_inputs, load_inputs
from stackcraft.model.loop import codes, january, year
from stackcraft.model.scenario import Scenario, shipped
from stackcraft.viz.words import claims as stored_claims

LOOP = Path(inspect.getfile(year)).parent
MODEL = LOOP.parent
TARGET = MODEL / "DESCRIPTION.md"
MARK = re.compile(r"<!-- table (?P<name>[\w-]+) -->\n.*?<!-- end -->", re.S)


def refreshed(text: str) -> str:
    """Return `text` with every marked table as it is now. Raises `ValueError` for an unknown or a missing table."""
    made = tables()
    places = [match["name"] for match in MARK.finditer(text)]
    if missing := sorted(set(made) - set(places)):
        raise ValueError(f"the model description has no place for: {', '.join(missing)}")
    if unknown := sorted(set(places) - set(made)):
        raise ValueError(f"the model description has a place for unknown tables: {', '.join(unknown)}")
    return MARK.sub(lambda match: f"<!-- table {match['name']} -->\n{made[match['name']]}\n<!-- end -->", text)


def tables() -> dict[str, str]:
    """Return every table as Markdown, by name."""
    makers = (
        "summary order actors vendors financiers state deal inputs terms parameter_tables levers presets strategies "
        "measure_table switches peer_graphs scenarios claims unread"
    ).split()
    return {name.replace("_tables", "s").replace("_table", "s"): globals()[name]() for name in makers}


def _table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [f"| {' | '.join(columns)} |", f"|{'---|' * len(columns)}"]
    for row in rows:
        lines.append(f"| {' | '.join(_cell(item) for item in row)} |")
    return "\n".join(lines)


def _cell(item: Any) -> str:
    return " ".join(str(item).split()).replace("|", "\\|")


def _number(value: Any) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return "none"
    if isinstance(value, (list, tuple, np.ndarray)):
        if np.ndim(value) > 1:
            return "; ".join(_number(row) for row in value)
        return " ".join(_number(item) for item in value)
    return f"{float(value):g}"


def _origin(declaration: Declaration) -> str:
    """Return the source, "judgement", or "judgement beside" a source."""
    if not declaration.judgement:
        return declaration.source
    return "judgement" if declaration.source.startswith("judgement") else f"judgement beside {declaration.source}"


def summary() -> str:
    """Count what is declared, and how much of it is judged."""
    declared = list(parameters.PARAMETERS.values())
    judged = sum(declaration.judgement for declaration in declared)
    scalars = [name for name, _ in parameters.scalars()]
    judged_scalars = sum(map(parameters.is_judged, scalars))
    all_levers = [lever for kind in LEVER_SETS.values() for lever in kind]
    inputs_ = [declaration.metadata for declaration in declared_inputs().values()]
    judged_levers = sum(declaration.judgement for declaration in all_levers)
    judged_inputs = sum(bool(declaration["judgement"]) for declaration in inputs_)
    return (
        f"{len(declared)} parameters ({len(scalars)} numbers), {judged} of them ({judged_scalars} numbers) judgements, "
        f"whole or in part; {len(all_levers)} levers, the "
        f"defaults of {judged_levers} of them judgements; {len(inputs_)} inputs a country, "
        f"{judged_inputs} of them by a "
        f"formula with a judgement in it; {len(measures.MEASURES)} measures; {len(codes.SUBMODELS)} switches."
    )


def order() -> str:
    """List the steps of January and of a month as the loop takes them."""
    rows = [("January", *row) for row in _calls(january.january.py_func, january)]
    rows += [("each month", *row) for row in _calls(year.month.py_func, year)]
    rows.append(("31 December", "", "record", *_about(year, "record")))
    return _table(("when", "only if", "step", "what it does", "file"), rows)


def _calls(function: Any, module: ModuleType) -> list[tuple[str, str, str, str]]:
    """Return (condition, step, sentence, file) of the loop's functions in the order of their calls."""
    rows: list[tuple[str, str, str, str]] = []

    def walk(body: list[ast.stmt], condition: str) -> None:
        for statement in body:
            if isinstance(statement, ast.If):
                walk(statement.body, ast.unparse(statement.test).replace("run.", "").replace("w.", ""))
                continue
            for node in ast.walk(statement):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Name)
                    and hasattr(getattr(module, node.func.id, None), "py_func")
                ):
                    rows.append((f"`{condition}`" if condition else "", node.func.id, *_about(module, node.func.id)))

    walk(ast.parse(inspect.getsource(function)).body[0].body, "")
    return rows


def _about(module: ModuleType, name: str) -> tuple[str, str]:
    """Return the first sentence of a kernel's docstring, and its file."""
    kernel = getattr(module, name).py_func
    return first_sentence(kernel.__doc__ or ""), Path(inspect.getfile(kernel)).name


def first_sentence(text: str) -> str:
    """Return the first sentence of a docstring, whatever lines it is broken over, with a full stop."""
    paragraph = " ".join(text.strip().split("\n\n")[0].split())
    return re.split(r"(?<=\.)\s", paragraph)[0].rstrip(".") + "."


def actors() -> str:
    """List the kinds of actors, the layers and the stacks."""
    rows = [
        ("home governments", len(names.HOMES), ", ".join(names.HOMES)),
        ("financiers", len(names.FINANCIERS), ", ".join(names.FINANCIERS)),
        ("vendors", len(names.VENDORS), ", ".join(names.VENDORS)),
        ("importing governments", len(names.IMPORTERS), "every country but the two home countries"),
        ("layers", len(names.LAYERS), ", ".join(names.LAYERS)),
        ("stacks", len(names.STACKS), ", ".join(names.STACKS)),
    ]
    return _table(("kind", "how many", "which"), rows)


def vendors() -> str:
    """List the vendors with their layers and money."""
    them = load_inputs("world").vendors
    rows = []
    for place, name in enumerate(names.VENDORS):
        layers = ", ".join(layer for column, layer in enumerate(names.LAYERS) if them.serves[place, column])
        money = f"{them.home_revenue_bn[place]:g} / {them.export_revenue_bn[place]:g}"
        rows.append((name, them.title[place], them.modelled_on[place], layers, money, f"{them.rnd_share[place]:g}"))
    return _table(("vendor", "title", "modelled on", "layers", "revenue at home / abroad, bn$", "research share"), rows)


def financiers() -> str:
    """List the financiers with their limits."""
    them = load_inputs("world").financiers
    rows = []
    for place, name in enumerate(names.FINANCIERS):
        serves = ", ".join(stack for column, stack in enumerate(names.STACKS) if them.serves_stack[place, column])
        rows.append(
            (
                name,
                them.title[place],
                serves,
                *(f"{getattr(them, key)[place]:g}" for key in ("cap_bn", "used_bn", "commitment_limit_bn")),
            )
        )
    return _table(("financier", "title", "stacks", "cap, bn$", "taken, bn$", "yearly limit, bn$"), rows)


def state() -> str:
    """List every field of a run's state."""
    countries = 1009  # a number that no other axis has
    fields = world_state.state_fields(countries)
    return _table(
        ("field", "shape", "meaning"),
        [(name, _axes(shape, countries), sentence) for name, _, shape, sentence in fields],
    )


def _axes(shape: Sequence[int], countries: int) -> str:
    """Return the names of the axes of a field as far as their sizes show them, the others as numbers."""
    known = {
        countries: "country",
        codes.N_LAYERS: "layer",
        codes.N_STACKS: "stack",
        codes.VENDOR_PLACES: "vendor",
        codes.N_TASTES: "taste",
    }
    axes: list[str] = []
    for size in shape:
        name = known.get(size, str(int(size)))
        if size == codes.N_SLOTS:  # as many as there are financiers
            name = "slot" if "layer" in axes else "financier"
        axes.append("channel" if name == "stack" and name in axes else name)
    return " x ".join(axes) or "-"


def deal() -> str:
    """List every field of a deal."""
    return _table(("field", "meaning"), [(name, sentence) for name, _, sentence in world_state.DEAL_FIELDS])


def inputs() -> str:
    """List the starting conditions of a country with the rule behind each."""
    rows = []
    for name, entry in declared_inputs().items():
        about = entry.metadata
        rows.append((name, about["shape"], about["unit"], about["rule"], "judgement" if about["judgement"] else ""))
    return _table(("input", "shape", "unit", "rule", ""), rows)


def terms() -> str:
    """List the terms of a bid's utility in the order in which the ledger keeps them."""
    return ", ".join(f"`{name}`" for name in codes.TERMS) + "."


def parameter_tables() -> str:
    """List the parameters by subject."""
    parts = []
    for subject, group in parameters.SUBJECTS.items():
        rows = [
            (
                parameter.name,
                _shape(parameter),
                _number(parameter.default),
                f"{parameter.low:g} to {parameter.high:g}",
                parameter.range_words,
                parameter.unit,
                parameter.sentence,
                _origin(parameter),
                parameter.reason,
            )
            for parameter in group
        ]
        parts.append(
            f"**{subject.capitalize()}**\n\n"
            + _table(
                ("parameter", "by", "default", "bounds", "plausible", "unit", "meaning", "where from", "why plausible"),
                rows,
            )
        )
    return "\n\n".join(parts)


def _shape(declaration: Declaration) -> str:
    return "" if declaration.shape == "scalar" else declaration.shape


def levers() -> str:
    """List the levers by kind of actor."""
    parts = []
    for kind, own in LEVER_SETS.items():
        rows = []
        for lever in own:
            default = _number(lever.default)
            default += "".join(f"; {actor} {_number(value)}" for actor, value in lever.default_by.items())
            default = f"from the facts ({lever.facts})" if lever.facts else default
            rows.append(
                (
                    lever.name,
                    _shape(lever),
                    default,
                    lever.bounds,
                    lever.sentence,
                    lever.upside,
                    lever.downside,
                    lever.metric,
                    ", ".join(lever.claims),
                    ", ".join(["hidden"] * lever.hidden + ["exceptions by country"] * lever.by_country),
                    _origin(lever),
                )
            )
        title = kind.replace("_", " ").capitalize()
        columns = "lever|by|default|bounds|meaning|upside|downside|seen in|claims||where from".split("|")
        parts.append(f"**{title}**\n\n{_table(columns, rows)}")
    return "\n\n".join(parts)


def presets() -> str:
    """List the side presets with what each sets beyond the defaults."""
    rows = []
    for preset in registry.every_preset():
        if not type(preset).__module__.startswith("stackcraft."):
            continue
        sets = []
        for label, table in (
            ("government", getattr(preset, "government", {})),
            ("vendors", getattr(preset, "vendors", {})),
        ):
            if table:
                sets.append(f"{label}: " + ", ".join(f"{name} {_number(value)}" for name, value in table.items()))
        for actor, table in getattr(preset, "financiers", {}).items():
            sets.append(f"{actor}: " + ", ".join(f"{name} {_number(value)}" for name, value in table.items()))
        rows.append((preset.side, preset.name, preset.story, "; ".join(sets) or "decides by what it sees"))
    return _table(("side", "preset", "story", "sets"), rows)


def strategies() -> str:
    """List the strategies of single actors."""
    rows = []
    for strategy in registry.every_strategy():
        if type(strategy).__module__.startswith("stackcraft."):
            traits = [
                name
                for name in ("constant", "adaptive", "needs_look_ahead", "randomised", "seat")
                if getattr(strategy.traits, name)
            ]
            rows.append(
                (
                    strategy.kind.replace("_", " "),
                    strategy.name,
                    strategy.story,
                    ", ".join(traits),
                    ", ".join(sorted(strategy.traits.reads)),
                )
            )
    return _table(("for", "strategy", "story", "traits", "reads"), rows)


def measure_table() -> str:
    """List what is recorded each year."""
    rows = [
        (
            measure.name,
            " x ".join(measure.dims) or "-",
            measure.unit,
            "flow" if measure.flow else "stock",
            measure.sentence,
        )
        for measure in measures.MEASURES
    ]
    return _table(("measure", "by", "unit", "", "meaning"), rows)


def switches() -> str:
    """List the submodels that can be switched off, and where the loop asks."""
    asked: dict[str, set[str]] = {name: set() for name in codes.SUBMODELS}
    for path in sorted(LOOP.glob("*.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(function, ast.FunctionDef):
                for node in ast.walk(function):
                    if isinstance(node, ast.Attribute) and ast.unparse(node.value) in ("run.on", "on"):
                        asked[node.attr].add(f"{path.stem}.{function.name}")
    rows = [(name, ", ".join(sorted(places)) or "(outside the loop)") for name, places in asked.items()]
    return _table(("switch", "asked in"), rows)


def peer_graphs() -> str:
    """List the peer graphs: ways of saying who looks to whom."""
    return _table(("peer graph", "who looks to whom"), [(name, graphs.sentence(name)) for name in names.PEER_GRAPHS])


def scenarios() -> str:
    """List the scenarios that come with the project."""
    return _table(("scenario", "story"), [(name, Scenario.load(name).story) for name in shipped()])


def claims() -> str:
    """List the claims as last measured in full, from experiments/evidence/claim_tests.csv."""
    stored = stored_claims.stored()
    if not stored.rows:
        return "No measurement of the claims is stored."
    rows = [(row.claim, row.sentence, *stored_claims.cells(row)[1:]) for row in stored.rows]
    made = (
        ", ".join(f"{name} {stored.about[name]}" for name in staleness.RESTS_ON if name in stored.about)
        or "not recorded"
    )
    intro = (
        f"**Claims of the policy debate.** {stored_claims.tally_sentence(stored.rows)} "
        f"{stored_claims.measured_sentence(stored)} Hashes of what it was measured on: {made}; `stackcraft "
        "levers --trace` "
        "compares them with what is here. Intervals are of the mean over worlds; *holds in* is "
        "the share of worlds that history does not rule out with the claimed sign and its 95 % interval (*holds* from "
        "90 %, *mostly holds* from 75 %, *open* from 25 %, *mostly fails* from 10 %, below it *fails*); *without "
        "carrier* is the effect with the submodel that should carry it switched "
        "off. The letter of a claim names the text that it comes from: "
        + "; ".join(f"{letter}, {title}" for letter, title in SOURCES.items())
        + "; *System* is a real programme or firm."
    )
    return intro + "\n\n" + _table((stored_claims.NAMES[0], "what is claimed", *stored_claims.columns()[1:]), rows)


def unread() -> str:
    """List the levers and parameters that no line of the model reads."""
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in sorted(MODEL.rglob("*.py")) if "declared" not in path.parts
    )
    words = set(re.findall(r"\w+", text))
    idle = [f"parameter `{name}`" for name in parameters.PARAMETERS if name not in words]
    idle += [
        f"lever `{lever.name}` of {names.a_kind(kind)}"
        for kind, own in LEVER_SETS.items()
        for lever in own
        if lever.name not in words
    ]
    return (
        f"Declared but read nowhere in the model: {', '.join(idle)}."
        if idle
        else "Every declared lever and parameter is read somewhere in the model."
    )


def main(arguments: Sequence[str]) -> int:
    """Write the description, or say with --check whether it is up to date."""
    old = TARGET.read_text(encoding="utf-8")
    new = refreshed(old)
    if "--check" in arguments:
        state_now = "up to date" if new == old else "out of date: run python -m stackcraft.viz.docs.describe_model"
        print(f"{TARGET.name} is {state_now}")
        return int(new != old)
    target = Path(arguments[arguments.index("--out") + 1]) if "--out" in arguments else TARGET
    target.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
