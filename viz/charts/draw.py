"""Any chart of a finding as SVG, for a page and for a phone."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from stackcraft.experiments.analyses.finding import Bars, Chart, Heat, Lines, Points
from stackcraft.viz.charts.bars_and_heat import NARROW, WIDE, bars, heat
from stackcraft.viz.charts.lines_and_points import lines, points

_DRAWN = {Bars: bars, Heat: heat, Lines: lines, Points: points}


MOST_BARS, MOST_ROWS, MOST_COLUMNS = 120, 80, 60  # more are not drawn: nobody could read them


def draw(chart: Chart, narrow: bool = False) -> Markup:
    """`chart` as one SVG element with a title and a description; `narrow` for a phone. Colours come from the page's
    style.

    Of a very large chart only the first part is drawn; `not_drawn` says so.
    """
    if isinstance(chart, Bars):
        chart = replace(
            chart, **{name: getattr(chart, name)[:MOST_BARS] for name in ("labels", "values", "low", "high")}
        )
    elif isinstance(chart, Heat):
        values = tuple(row[:MOST_COLUMNS] for row in chart.values[:MOST_ROWS])
        marked = tuple(place for place in chart.marked if place[0] < MOST_ROWS and place[1] < MOST_COLUMNS)
        chart = replace(
            chart, rows=chart.rows[:MOST_ROWS], columns=chart.columns[:MOST_COLUMNS], values=values, marked=marked
        )
    return _DRAWN[type(chart)](chart, NARROW if narrow else WIDE)


def not_drawn(chart: Chart) -> str:
    """A sentence on what `draw` leaves out of a very large chart, or nothing."""
    if isinstance(chart, Bars) and len(chart.labels) > MOST_BARS:
        return f"Drawn: the first {MOST_BARS} of {len(chart.labels):,} bars."
    if isinstance(chart, Heat) and (len(chart.rows) > MOST_ROWS or len(chart.columns) > MOST_COLUMNS):
        rows, columns = min(len(chart.rows), MOST_ROWS), min(len(chart.columns), MOST_COLUMNS)
        return f"Drawn: the first {rows} of {len(chart.rows):,} rows and {columns} of {len(chart.columns):,} columns."
    return ""


def patterns() -> Markup:
    """The hatch of what lies below zero, which charts refer to; once a page."""
    return Markup(
        '<svg width="0" height="0" aria-hidden="true" class="defs"><defs>'
        '<pattern id="hatch-below" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="1.6" height="6" class="below-ink"/></pattern>'
        '<pattern id="hatch-missing" width="10" height="10" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="10" height="10" class="land"/><rect width="3" height="10" class="hatch"/></pattern></defs></svg>'
    )
