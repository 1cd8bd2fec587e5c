"""How commands print: one console, one way to make a table that fits the terminal, one way to print JSON."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

PIPE_WIDTH = 110
FOLDED_WIDTH = 8  # of a column that is broken anywhere
PROSE_WIDTH = 14  # a column of sentences that is narrower than this is not read any more
Row = Sequence[str]


def console() -> Console:
    """Return a console on standard output; wide enough for the tables when that is a file or a pipe."""
    plain = Console(highlight=False)
    return plain if plain.is_terminal else Console(highlight=False, width=PIPE_WIDTH)


def print_json(value: Any) -> None:
    """Print `value` as JSON; letters that the terminal's encoding may lack are escaped there."""
    unicode = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "").startswith("utf")
    print(json.dumps(plain(value), indent=2, ensure_ascii=not unicode, allow_nan=False))


def plain(value: Any) -> Any:
    """Return `value` in JSON's own kinds of values; a number that is not finite becomes None."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    return None if isinstance(value, float) and not math.isfinite(value) else value


def name(header: str) -> Column:
    """Return a column of names, which are not broken over lines."""
    return Column(escape(header), no_wrap=True)


def prose(header: str) -> Column:
    """Return a column of sentences."""
    return Column(escape(header), overflow="fold", min_width=PROSE_WIDTH)


def number(header: str) -> Column:
    """Return a column of numbers with what belongs to them, aligned at the right."""
    return Column(escape(header), justify="right")


def show(
    out: Console,
    title: str,
    columns: Sequence[Column | str],
    rows: Iterable[Row],
    *,
    lines_after: Iterable[int] = (),
    dim: Iterable[int] = (),
    caption: str = "",
) -> None:
    """Print a table; where it is too wide for the terminal, each row under its first cell, a line for each column.

    Cells are markup of rich: escape what is not. `lines_after` are the rows after which a line is drawn, `dim` those
    that are printed faintly.
    """
    rows, lines_after, dim = list(rows), set(lines_after), set(dim)
    # Copies: a column of rich holds the cells of the table that it is in.
    headers = [column.copy() if isinstance(column, Column) else column for column in columns]
    table = Table(*headers, title=title or None, title_justify="left", caption=caption or None, caption_justify="left")
    table.expand = any(column.ratio for column in table.columns)
    for place, row in enumerate(rows):
        table.add_row(*row, end_section=place in lines_after, style="dim" if place in dim else None)
    if sum(_least_width(out, column) + 3 for column in table.columns) + 1 <= out.width:
        out.print(table)
        return
    names = [str(column.header) for column in table.columns]
    out.print(f"[italic]{title}[/italic]")
    for place, (first, *others) in enumerate(rows):
        style = "dim" if place in dim else None
        out.print(f"[bold]{first or '-'}[/bold]", style=style)
        for header, cell in zip(names[1:], others, strict=True):
            if cell:
                out.print(f"  {header}: {cell}" if header else f"  {cell}", style=style)
    if caption:
        out.print(caption, style="dim italic")
    out.print()


def _least_width(out: Console, column: Column) -> int:
    """Return how narrow a column may be: its longest word, or line if it is not broken, unless it folds anywhere."""
    sizes = [out.measure(cell) for cell in (column.header, *column.cells) if cell]
    longest = max((size.maximum if column.no_wrap else size.minimum for size in sizes), default=0)
    return min(longest, column.min_width or FOLDED_WIDTH) if column.overflow == "fold" else longest
