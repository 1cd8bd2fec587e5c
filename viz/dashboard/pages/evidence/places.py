"""Hits and misses of one question by country: the map, the worst surprises, and the table behind them."""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from stackcraft.experiments.evidence.hindcast.declared import Declared
from stackcraft.experiments.evidence.hindcast.score import Forecast
from stackcraft.experiments.evidence.hindcast.stored import OUTCOMES, Evidence
from stackcraft.model.inputs import load_inputs
from stackcraft.viz import words
from stackcraft.viz.dashboard.pages.evidence.naming import name_of
from stackcraft.viz.dashboard.pages.evidence.targets import by_country
from stackcraft.viz.dashboard.parts.markup import behind, each, joined, note, paragraph, scrolled, table
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.map import world_map
from stackcraft.viz.map.shapes import border_note

WORST = 6  # surprises of each kind that are named
OUT = "out"
TEXTURES = {"missed": "crosses", "alarm": "dots", OUT: "hatch"}
LEGEND = (*OUTCOMES.values(), OUT)


def usual(evidence: Evidence, plan: Declared) -> str:
    """Return the question with a forecast by country that is lost first; "" where nothing is stored."""
    shown = {target.name for target in by_country(plan)}
    return next((one.target for one in evidence.primary() if one.target in shown), "")


def panel(evidence: Evidence, target: str) -> Markup:
    """Return the map of a question with its legend, the worst surprises by name, and all its countries as a table."""
    outcomes, rows = evidence.outcomes(target), evidence.of_target(target)
    number = Counter(outcomes.values())
    told = text(
        "evidence.where_note", name=name_of(target), number=number["hit"] + number["alarm"],
        happened=number["hit"] + number["missed"], hits=number["hit"],
    )  # fmt: skip
    return joined((
        paragraph(told), _map(target, outcomes, rows), _legend(number, len(_names()) - len(rows)),
        note(border_note()), _worst(rows, outcomes),
        behind(_table(target, outcomes, rows), text("evidence.table_where")),
    ))  # fmt: skip


def _names() -> dict[str, str]:
    return words.country_names(load_inputs("world"))


def _map(target: str, outcomes: dict[str, str], rows: list[Forecast]) -> Markup:
    labels = {code: text("evidence.at_out", name=name) for code, name in _names().items()}
    for one in rows:
        labels[one.iso3] = text(
            "evidence.at_country", name=_names()[one.iso3], chance=words.percent(one.chance),
            happened=text(f"evidence.happened_{'yes' if one.happened else 'no'}"),
        )  # fmt: skip
    number = Counter(outcomes.values())
    says = text(
        "evidence.map_says", hits=number["hit"], missed=number["missed"], alarms=number["alarm"],
        neither=number["neither"],
    )  # fmt: skip
    patterns = Markup("<defs>{}</defs>").format(
        Markup("".join(world_map.pattern(name, texture) for name, texture in TEXTURES.items()))
    )
    states = {code: outcomes.get(code, OUT) for code in _names()}
    drawn = world_map.draw(states, labels, name_of(target), says, "outcomes-map", patterns)
    return scrolled(drawn, text("evidence.title_where"))


def _legend(number: Counter, out: int) -> Markup:
    rows = each(
        "<li>{}{}</li>",
        (
            (
                world_map.swatch(name),
                text(
                    "evidence.legend_number",
                    what=text(f"evidence.outcome_{name}"),
                    number=out if name == OUT else number[name],
                ),
            )
            for name in LEGEND
        ),
    )
    return Markup('<ul class="legend">{}</ul>').format(rows)


def _surprise(one: Forecast) -> float:
    """The chance that was given to what did not come."""
    return 1 - one.chance if one.happened else one.chance


def _worst(rows: list[Forecast], outcomes: dict[str, str]) -> Markup:
    columns = []
    for kind in ("missed", "alarm"):
        found = sorted((one for one in rows if outcomes[one.iso3] == kind), key=_surprise, reverse=True)[:WORST]
        told = [
            text(
                "evidence.worst_one", name=_names()[one.iso3], chance=words.percent(one.chance),
                theirs=words.percent(one.baseline),
            )
            for one in found
        ]  # fmt: skip
        items = each("<li>{}</li>", told or [text("evidence.nothing")])
        columns.append(Markup("<div><h3>{}</h3><ol>{}</ol></div>").format(text(f"evidence.worst_{kind}"), items))
    return Markup('<div class="pair">{}</div>').format(joined(columns))


def _table(target: str, outcomes: dict[str, str], rows: list[Forecast]) -> Markup:
    head = [
        text(f"evidence.head_{name}") for name in ("country", "chance", "left_out", "theirs", "happened", "outcome")
    ]
    body = [
        [
            _names()[one.iso3], words.percent(one.chance), words.percent(one.left_out), words.percent(one.baseline),
            text("evidence.yes" if one.happened else "evidence.no"), text(f"evidence.outcome_{outcomes[one.iso3]}"),
        ]
        for one in sorted(rows, key=_surprise, reverse=True)
    ]  # fmt: skip
    return table(head, body, text("evidence.where_caption", name=name_of(target)))
