"""What an analysis found: sentences, tables and charts, as plain data. Somebody else draws it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Column:
    """One column of a table: heading, unit ("" for none), and how many digits follow the point (None: text)."""

    name: str
    unit: str = ""
    digits: int | None = None


def headings(*texts: str) -> tuple[Column, ...]:
    """Return columns from "name", "name|digits" or "name|digits|unit"."""
    columns = []
    for text in texts:
        name, digits, unit, *_ = (*text.split("|"), "", "")
        columns.append(Column(name, unit, int(digits) if digits else None))
    return tuple(columns)


@dataclass(frozen=True)
class Table:
    """Rows of plain values (text, numbers, None where there is none), one value a column."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        for row in self.rows:
            if len(row) != len(self.columns):
                raise ValueError(f"table {self.title!r}: a row of {len(row)} values under {len(self.columns)} columns")

    def to_pandas(self) -> pd.DataFrame:
        """Return the table as a DataFrame; `attrs["units"]` gives the unit of each column.

        A heading that comes several times, such as the half-width of an interval, follows the name of its value.
        """
        import pandas as pd

        headings = [column.name for column in self.columns]
        names, value = [], ""
        for heading in headings:
            repeated = headings.count(heading) > 1
            value = value if repeated else heading
            names.append(f"{value} {heading}".strip() if repeated else heading)
        frame = pd.DataFrame(list(self.rows), columns=names)
        frame.attrs = {
            "title": self.title,
            "units": {name: column.unit for name, column in zip(names, self.columns, strict=True)},
        }
        return frame

    def _repr_html_(self) -> str:
        return f"<p><b>{escape(self.title)}</b></p>{self.to_pandas().to_html(index=False, na_rep='')}"


@dataclass(frozen=True)
class Bars:
    """One value a label, each with an interval (NaN bounds draw none); `low`, `high` may be empty."""

    title: str
    unit: str
    labels: tuple[str, ...]
    values: tuple[float, ...]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Heat:
    """A matrix: `values[row][column]`, NaN where there is nothing; `marked` (row, column) places are framed."""

    title: str
    unit: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    values: tuple[tuple[float, ...], ...]
    marked: tuple[tuple[int, int], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Lines:
    """Named curves over common places `x`: `curves` are (name, values), `bands` (name, low, high)."""

    title: str
    x_title: str
    y_title: str
    x: tuple[float, ...]
    curves: tuple[tuple[str, tuple[float, ...]], ...]
    bands: tuple[tuple[str, tuple[float, ...], tuple[float, ...]], ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Points:
    """A cloud of points.

    `kind` 0 or 1 for each says which of `kinds` it is; `boxes` are (x low, x high, y low, y high).
    """

    title: str
    x_title: str
    y_title: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    kind: tuple[int, ...] = ()
    kinds: tuple[str, str] = ("", "")
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    note: str = ""


Chart = Bars | Heat | Lines | Points


@dataclass(frozen=True, repr=False)
class Finding:
    """The answer of one analysis.

    `name` is the analysis ("sobol"), `title` a heading, `sentences` what was found and how sure that is, in plain
    English;
    `about` what went into it (study, measure, year, runs, seed, options), for those who repeat it.
    """

    name: str
    title: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    charts: tuple[Chart, ...] = ()
    about: tuple[tuple[str, Any], ...] = ()

    def __repr__(self) -> str:
        return "\n".join([f"{self.title} ({self.name})", *self.sentences])

    def _repr_html_(self) -> str:
        sentences = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.sentences)
        tables = "".join(table._repr_html_() for table in self.tables)
        return f"<div><h4>{escape(self.title)}</h4>{sentences}{tables}</div>"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what has no value is None; a chart says of which kind it is."""
        charts = [{"kind": type(chart).__name__.lower(), **asdict(chart)} for chart in self.charts]
        return _plain({**asdict(self), "about": dict(self.about), "charts": charts})


def _plain(value: Any) -> Any:
    if hasattr(value, "item") and not isinstance(value, (str, bytes)):  # NumPy's numbers
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(one) for one in value]
    return value
