"""The report of a study's findings: one HTML file that opens offline, in the look of a run's report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from stackcraft.experiments.analyses.finding import Finding, Table
from stackcraft.model.files import write_whole
from stackcraft.viz.charts.findings import draw, not_drawn
from stackcraft.viz.charts.kit import patterns
from stackcraft.viz.charts.tables import cell, heading, tables_of
from stackcraft.viz.report import assumptions
from stackcraft.viz.report.build import LOOK
from stackcraft.viz.report.build import TEMPLATES as RUN_TEMPLATES
from stackcraft.viz.words.numbers import shown

TEMPLATES = (Path(__file__).parent / "templates", RUN_TEMPLATES, LOOK)
MOST_ROWS, MOST_COLUMNS = 2000, 120  # of one table on the page; --json gives all
GROUPS = {
    "uncertainty": "uncertain",
    "lever": "lever",
    "bundle": "bundle of levers",
    "strategy": "strategy",
    "structure": "structure of the model",
}


def build_findings_report(
    findings: Sequence[Finding], path: str | Path, *, title: str, story: str, about: Mapping[str, Any]
) -> Path:
    """Write the report of `findings` to `path` and return it. A half-written file is never left behind.

    `about` holds what went into the study: its rows become a table. Three keys have places of their own: "factors",
    what was varied (each with name, group, kind, low, high, values, unit, sentence and judgement, as a mapping or an
    object); "left_out", analyses that did not fit with the reason of each; "repeat", the command that makes the
    findings again. Raises `ValueError` without findings and `OSError` where the file cannot be written.
    """
    if not findings:
        raise ValueError("a report needs at least one finding")
    rest = dict(about)
    factors = [_factor(one) for one in rest.pop("factors", ())]
    left_out = list(dict(rest.pop("left_out", {})).items())
    context = {
        "title": title,
        "story": story,
        "patterns": patterns(),
        "findings": [_finding(one, number) for number, one in enumerate(findings, 1)],
        "left_out": left_out,
        "factors": factors,
        "judged": sum(row["judgement"] for row in factors),
        "model_judged": assumptions.judged(),
        "repeat": rest.pop("repeat", ""),
        "about": about_rows(rest.items()),
    }
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(["html"]), undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    return write_whole(environment.get_template("findings.html").render(**context), path)


def about_rows(pairs: Any) -> list[tuple[str, str]]:
    """Names and values as text; mappings and lists are written out, what is empty is left out."""
    return [(str(name).replace("_", " "), text) for name, value in pairs if (text := _told(value))]


def _finding(one: Finding, number: int) -> dict[str, Any]:
    return {
        "id": f"finding-{number}",
        "title": one.title,
        "sentences": one.sentences,
        "charts": [
            {
                "title": chart.title,
                "note": " ".join(text for text in (chart.note, not_drawn(chart)) if text),
                "wide": draw(chart),
                "narrow": draw(chart, narrow=True),
                "tables": [_table(table) for table in tables_of(chart)],
            }
            for chart in one.charts
        ],
        "tables": [_table(table) for table in one.tables],
        "about": about_rows(one.about),
    }


def _table(table: Table) -> dict[str, Any]:
    """A table as text, with which columns hold words: those without digits whose values are not numbers."""
    columns = []
    for place, column in enumerate(table.columns[:MOST_COLUMNS]):
        numbers = any(isinstance(row[place], (int, float)) and not isinstance(row[place], bool) for row in table.rows)
        columns.append({"heading": heading(column), "word": place == 0 or (column.digits is None and not numbers)})
    note = table.note
    cut = [
        f"{most:,} of {there:,} {what}"
        for most, there, what in ((MOST_ROWS, len(table.rows), "rows"), (MOST_COLUMNS, len(table.columns), "columns"))
        if there > most
    ]
    if cut:
        note = f"{note} The first {' and '.join(cut)}; --json gives all.".strip()
    rows = [
        [cell(value, column) for value, column in zip(row, table.columns[:MOST_COLUMNS], strict=False)]
        for row in table.rows[:MOST_ROWS]
    ]
    return {"title": table.title, "columns": columns, "rows": rows, "note": note}


def _factor(one: Any) -> dict[str, Any]:
    given = (
        one
        if isinstance(one, Mapping)
        else {
            key: getattr(one, key, None)
            for key in ("name", "group", "kind", "low", "high", "values", "unit", "sentence", "judgement")
        }
    )
    kind, unit = given.get("kind"), given.get("unit") or ""
    if given.get("values"):
        values = ", ".join(map(str, given["values"]))
    elif kind == "switch":
        values = "off or on"
    else:
        values = f"{shown(given.get('low'))} to {shown(given.get('high'))} {unit}".strip()
    group = str(given.get("group") or "")
    return {
        "name": given["name"],
        "group": GROUPS.get(group, group),
        "range": values,
        "sentence": given.get("sentence") or "",
        "judgement": bool(given.get("judgement")),
    }


def _told(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {_told(one)}" for key, one in value.items())
    if isinstance(value, (list, tuple, set, frozenset)):
        return ", ".join(map(_told, value))
    return str(value) if isinstance(value, Path) else shown(value)
