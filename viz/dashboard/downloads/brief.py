"""The brief: two A4 pages to print, one file that needs nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from stackcraft.agents.names import STACKS
from stackcraft.experiments.leads import weight_index, world_shares
from stackcraft.experiments.live import PairSummary, Summary
from stackcraft.experiments.runs.manifest import version
from stackcraft.experiments.statistics import band, paired_interval
from stackcraft.viz import words
from stackcraft.viz.charts import kit, stacks
from stackcraft.viz.charts.stacks import differences
from stackcraft.viz.dashboard.downloads.codes import encode
from stackcraft.viz.dashboard.downloads.files import command
from stackcraft.viz.dashboard.pages.compare import panels as compare
from stackcraft.viz.dashboard.pages.compare.changed import changes_between
from stackcraft.viz.dashboard.pages.explore import panels as explore
from stackcraft.viz.dashboard.parts.places import shown_year
from stackcraft.viz.dashboard.state import Question, State
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.map import world_map
from stackcraft.viz.map.shapes import border_note, map_source
from stackcraft.viz.report import assumptions
from stackcraft.viz.report.scorecard import scorecard
from stackcraft.viz.report.scorecard import summary as over_runs
from stackcraft.viz.report.source import source_of_summary
from stackcraft.viz.words import languages

HERE = Path(__file__).parent
IN_BRIEF = ("retention", "utilisation", "built", "announced", "additional", "cost", "cost_per_adopter", "broken")


def brief(state: State, summary: Summary, pair: PairSummary | None = None) -> str:
    """The page of a question, or with a `pair` of its comparison with what it is compared with."""
    year = shown_year(summary.years, state.view.year)
    at = summary.years.index(year)
    scenario = state.question.scenario
    title = state.question.names.long
    shares = {stack: values[:, at] for stack, values in _over_years(summary).items()}
    context: dict[str, Any] = {
        "title": title,
        "story": words.said(scenario.story),
        "patterns": kit.patterns(),
        "border_note": border_note(),
        "swatch": world_map.swatch,
        "scorecard": _scorecard(summary, year),
        "rests": rests(),
        "command": command(state.question),
        "text": text,
        "source": text(
            "takeaway.brief_source",
            version=version(),
            runs=summary.runs,
            seed=scenario.seed,
            day=words.day(date.today()),
            map=map_source(),
        ),
        "code": text("takeaway.brief_address", code=encode(state.query_in_no_language())),
    }
    names = source_of_summary(summary).countries
    if pair is None:
        base = state.question.plain().scenario if state.question.base else Question().scenario
        found = summary.installed
        context |= {
            "headline": words.headline(year, shares, found.open_races(at), len(summary.codes), kind=scenario.worlds),
            "certainty": explore.sureness(summary, replace(explore.USUAL, year=year)),
            "lasts": f"{explore.lasting(summary, year)} {explore.cost(summary, year)}",
            "map": _map(summary, names, year, at),
            "map_title": text("takeaway.brief_map", year=year),
            "legend": world_map.legend(),
            "changed": changes_between(base, scenario),
            "sides": ("", ""),
            "charts": [(text("takeaway.brief_curves"), _curves(summary))],
        }
    else:
        against = state.against.scenario
        titles = compare.titles_of(state.against, state.question)
        context |= {
            "title": title,
            "headline": compare.headline(pair, titles, year),
            "certainty": compare.sureness(pair, year),
            "lasts": " ".join(compare.lasting_and_cost(pair, year)),
            "map": _gap_map(pair, names, year, at),
            "map_title": text("takeaway.brief_gap_map", year=year),
            "legend": world_map.change_legend(),
            "changed": changes_between(against, scenario),
            "sides": titles,
            "charts": [
                (text("takeaway.brief_curves") + f", B: {titles[1]}", _curves(summary)),
                (text("takeaway.brief_gap"), _gaps(pair)),
            ],
        }
    return environment().get_template("brief.html").render(**context)


def environment() -> Environment:
    """The templates of what is printed, and the look that all pages share."""
    made = Environment(
        loader=FileSystemLoader([HERE / "templates", HERE.parents[1]]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals["language"] = Markup(languages.attributes())
    return made


def _over_years(summary: Summary) -> dict[str, np.ndarray]:
    """World shares over all layers, every country counting the same, each (run, year)."""
    data = world_shares(summary.world)[:, :, weight_index(summary.world, "country"), 0]
    return {stack: data[:, :, i] for i, stack in enumerate(STACKS)}


def _curves(summary: Summary) -> Markup:
    lines = [
        stacks.Curve(stack, words.STACK_SHORT[stack], *band(values)) for stack, values in _over_years(summary).items()
    ]
    told = "; ".join(
        f"{line.label} {words.percent(line.middle[0])} to {words.percent(line.middle[-1])}" for line in lines
    )
    return stacks.curves(list(summary.years), lines, text("takeaway.brief_curves"), told, size=(520, 210))


def _gaps(pair: PairSummary) -> Markup:
    gap = compare.gaps(pair)
    lines = [
        stacks.Curve(stack, words.STACK_SHORT[stack], *paired_interval(gap[:, :, i])) for i, stack in enumerate(STACKS)
    ]
    told = "; ".join(f"{line.label} {words.points(float(line.middle[-1]))}" for line in lines)
    return differences(pair.a.years, lines, text("takeaway.brief_gap"), told)


def _map(summary: Summary, names: dict[str, str], year: int, at: int) -> Markup:
    found = summary.installed
    states = world_map.state_names(found.state[at, 0], summary.codes, found.open[at, 0])
    labels = {
        code: f"{names[code]}: "
        + ", ".join(
            f"{words.STACK_SHORT[stack]} {words.percent(float(share))}"
            for stack, share in zip(STACKS, three, strict=True)
        )
        for code, three in zip(summary.codes, found.shares[at, 0], strict=True)
    }
    counts = found.counts(at)
    return world_map.draw(
        states,
        labels,
        text("takeaway.brief_map", year=year),
        "; ".join(f"{name} {number}" for name, number in counts.items()),
    )


def _gap_map(pair: PairSummary, names: dict[str, str], year: int, at: int) -> Markup:
    moved = pair.changes["installed"]
    states = world_map.state_names(moved.state[at, 0], pair.a.codes)
    labels = {
        code: f"{names[code]}: "
        + ", ".join(
            f"{words.STACK_SHORT[stack]} {words.points(float(share))}"
            for stack, share in zip(STACKS, three, strict=True)
        )
        for code, three in zip(pair.a.codes, moved.shares[at, 0], strict=True)
    }
    return world_map.draw(states, labels, text("takeaway.brief_gap_map", year=year), compare.counts(pair, year))


def _scorecard(summary: Summary, year: int) -> Markup:
    rows = []
    for row, values in scorecard(summary.world.sel(year=slice(None, year))):
        if row.name in IN_BRIEF:
            cells = [words.said(row.title)]
            for middle, low, high in over_runs(values):
                ranged = (
                    f" ({words.span(low, high, partial(words.in_unit, unit=row.unit))})"
                    if np.isfinite(low)
                    and np.isfinite(high)
                    and words.in_unit(low, row.unit) != words.in_unit(high, row.unit)
                    else ""
                )
                cells.append(f"{words.in_unit(middle, row.unit)}{ranged}")
            rows.append(cells)
    head = [text("takeaway.measure"), *(words.STACK_SHORT[stack] for stack in STACKS)]
    return kit.table(head, rows, text("takeaway.brief_scorecard_note", first=summary.years[0], year=year))


def rests() -> str:
    """What the numbers rest on: how much is a judgement, and what the bands leave out."""
    judged = [
        text("takeaway.brief_judged", marked=marked, all=whole, group=group)
        for group, (marked, whole) in assumptions.judged().items()
    ]
    return text("takeaway.brief_rests_text", judged=words.capital(words.listed(judged)))
