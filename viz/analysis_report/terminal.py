"""A finding in the terminal: its sentences, its tables as far as they fit, and its bars drawn with letters."""

from __future__ import annotations

import math

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Printed

from stackcraft.experiments.analyses.finding import Bars, Finding, Heat, Table
from stackcraft.viz.charts.tables import bar_digits, bounds, cell, heading, tables_of
from stackcraft.viz.cli.tables import console
from stackcraft.viz.words.numbers import interval, shown

SHOWN = 20  # rows of a table or bars
LONGEST = 42  # letters of a line of a name or a cell; longer ones take several lines
BAR = 36  # letters of a bar


def print_finding(finding: Finding, out: Console | None = None) -> None:
    """Print `finding`: title, sentences, tables, bars and matrices. What is cut says where the whole is."""
    out = out or console()
    out.print(f"\n[bold]{escape(finding.title)}[/bold]")
    for sentence in finding.sentences:
        out.print(escape(sentence))
    for table in finding.tables:
        _print_table(table, out)
    undrawn = []
    for chart in finding.charts:
        if isinstance(chart, Bars):
            _print_bars(chart, out)
        elif isinstance(chart, Heat):
            _print_table(tables_of(chart)[0], out, chart.note)
        else:
            undrawn.append(chart.title)
    if undrawn:
        out.print(f"Charts in the report only: {escape('; '.join(undrawn))}.", style="dim")


def _print_table(table: Table, out: Console, note: str = "") -> None:
    heads = [heading(column) for column in table.columns]
    rows = [
        [cell(value, column) for value, column in zip(row, table.columns, strict=False)] for row in table.rows[:SHOWN]
    ]
    across = _fitting(
        [
            max(_head_width(head), *(min(LONGEST, len(row[place])) for row in rows), 1)
            for place, head in enumerate(heads)
        ],
        out.width,
    )
    printed = Printed(
        title=escape(table.title) or None,
        title_justify="left",
        caption_justify="left",
        caption=_cut(table, len(rows), across, note) or None,
    )
    for place, column in enumerate(table.columns[:across]):
        number = column.digits is not None or any(isinstance(row[place], (int, float)) for row in table.rows[:SHOWN])
        printed.add_column(
            escape(heads[place]), justify="right" if number and place else "left", max_width=LONGEST, overflow="fold"
        )
    for row in rows:
        printed.add_row(*(escape(text) for text in row[:across]))
    out.print(printed)


def _head_width(head: str) -> int:
    """A heading may be broken between words."""
    return max((len(word) for word in head.split()), default=0)


def _fitting(widths: list[int], room: int) -> int:
    """How many columns fit: three letters of lines and spaces a column; the first always."""
    used, fit = 1, 0
    for width in widths:
        used += width + 3
        if used > room and fit:
            break
        fit += 1
    return fit


def _cut(table: Table, rows: int, across: int, note: str) -> str:
    """The table's own note, and what of it is not shown."""
    cut = [f"{rows} of {len(table.rows):,} rows"] if rows < len(table.rows) else []
    cut += [f"{across} of {len(table.columns)} columns"] if across < len(table.columns) else []
    told = f"The first {' and '.join(cut)}; --out report.html or --json gives all." if cut else ""
    return escape(" ".join(text for text in (table.note, note, told) if text))


def _print_bars(chart: Bars, out: Console) -> None:
    """A line a bar: name, bar with the interval as a line through its end, value."""
    low, high = bounds(chart)
    finite = [value for value in (*chart.values, *low, *high) if math.isfinite(value)]
    digits = bar_digits(chart)
    start, end = min([0.0, *finite]), max([0.0, *finite])
    printed = Printed(
        title=escape(", ".join(filter(None, (chart.title, chart.unit)))),
        title_justify="left",
        caption_justify="left",
        box=None,
        show_header=False,
        pad_edge=False,
        caption=_bars_note(chart) or None,
    )
    printed.add_column(max_width=LONGEST, overflow="fold")
    for justify in ("left", "right", "left"):
        printed.add_column(justify=justify, no_wrap=True)
    plain = not (out.encoding or "").lower().startswith("utf")
    for label, value, a, b in list(zip(chart.labels, chart.values, low, high, strict=False))[:SHOWN]:
        bar = text_bar(value, a, b, start, end, BAR, plain)
        printed.add_row(escape(label), bar, shown(value, digits), interval(a, b, digits))
    out.print(printed)


def _bars_note(chart: Bars) -> str:
    cut = (
        f"The first {SHOWN} of {len(chart.labels)} bars; --out report.html or --json gives all."
        if len(chart.labels) > SHOWN
        else ""
    )
    return escape(" ".join(text for text in (chart.note, cut) if text))


def text_bar(
    value: float, low: float, high: float, start: float, end: float, width: int = BAR, plain: bool = False
) -> str:
    """Return a bar from zero to `value` on a scale from `start` to `end`, with a line from `low` to `high`.

    `plain` uses ASCII only.
    """
    full, line, zero = ("#", "-", "|") if plain else ("█", "─", "│")
    if not (math.isfinite(value) and end > start):
        return ""

    def place(one):
        return min(width - 1, max(0, round((one - start) / (end - start) * (width - 1))))

    letters = [" "] * width
    if math.isfinite(low) and math.isfinite(high):
        letters[place(low) : place(high) + 1] = line * (place(high) - place(low) + 1)
    first, last = sorted((place(0.0), place(value)))
    letters[first : last + 1] = full * (last - first + 1)
    if start < 0 and first == last:
        letters[first] = zero
    return "".join(letters).rstrip()
