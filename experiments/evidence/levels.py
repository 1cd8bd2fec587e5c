"""Levels of the model beside public figures: what is compared with what, after which adjustments, and by what factor.

`levels.toml` is the table of what is compared. Public figures are in `model/facts/public_magnitudes.csv`, each with its
page. Most are of the whole world, while the model has no homes: a stated share takes the homes out. Where the share
itself is in doubt, the figure is a span from low to high, and the ratio is taken to its middle (of logarithms). A row
whose scope cannot be matched says so and has no ratio. What lies outside a factor of two stands out and needs a reason.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.experiments.evidence.level_readings import OF_DEALS, Model, Public, public
from stackcraft.experiments.variants import judged
from stackcraft.model import Scenario, Simulation
from stackcraft.model.parameters import PARAMETERS, is_judged, scalars
from stackcraft.model.toml_files import read_toml

STORED = Path(__file__).with_suffix(".csv")
TABLE = Path(__file__).with_suffix(".toml")
NOTES = Path(__file__).with_name("CALIBRATION.md")
YEARS, RUNS, LEDGERS = (2025, 2031), 64, 32
FACTOR = 2.0  # beyond which a row stands out
KINDS = ("about", "at least", "at most", "not comparable")
RANGE = (0.05, 0.5, 0.95)  # quantiles over worlds
NUMBERS = ("model", "p05", "median", "p95", "low", "high", "ratio")
COLUMNS = (
    *("what", "unit", "model", "p05", "median", "p95"),
    *("low", "high", "kind", "ratio", "year", "source", "rule", "reason"),
)


@dataclass(frozen=True)
class Level:
    """One row: a `reading` of the model and the `public` figure that it is set against, each a name and its arguments.

    `reading` names a method of `Model`, `public` one of `Public` that gives a span; arguments by name come last, as a
    mapping. `figures` are the public figures it rests on. `rule` says what is compared with what; `kind` whether the
    public figure is a value, a bound, or of another scope; `reason` why the two differ, where they do.
    """

    what: str
    unit: str
    reading: Sequence[Any]
    public: Sequence[Any]
    figures: Sequence[str]
    rule: str
    kind: str = "about"
    reason: str = ""


LEVELS = tuple(Level(**row) for row in read_toml(TABLE)["level"])


def called(place: Model | Public, call: Sequence[Any]) -> Any:
    """Return what a method gives: `call` is its name, its arguments and, last, a mapping of those by name."""
    name, *arguments = call
    named = arguments.pop() if arguments and isinstance(arguments[-1], Mapping) else {}
    return getattr(place, name)(*arguments, **named)


@dataclass(frozen=True)
class Row:
    """A level as measured: mean and quantiles over worlds; `ratio` is NaN where the scope cannot be matched."""

    what: str
    unit: str
    model: float
    p05: float
    median: float
    p95: float
    low: float
    high: float
    kind: str
    ratio: float
    year: str
    source: str
    rule: str
    reason: str

    @property
    def stands_out(self) -> bool:
        """Whether the model is off by more than the factor, or on the wrong side of a bound."""
        if self.kind == "not comparable":
            return False
        if not math.isfinite(self.ratio):
            return True
        if self.kind == "at least":
            return self.ratio < 1
        if self.kind == "at most":
            return self.ratio > 1
        return not 1 / FACTOR <= self.ratio <= FACTOR


def measured(level: Level, models: Sequence[Model], figures: Public) -> Row:
    """Return a level's row from one or more runs; those without anything to read do not count."""
    values = np.array([float(called(model, level.reading)) for model in models])
    values = values[np.isfinite(values)]
    value, ends = (float(values.mean()), np.quantile(values, RANGE)) if len(values) else (math.nan, (math.nan,) * 3)
    low, high = called(figures, level.public)
    against = {"at least": low, "at most": high, "about": math.sqrt(low * high), "not comparable": math.nan}[level.kind]
    return Row(
        level.what,
        level.unit,
        value,
        *map(float, ends),
        low,
        high,
        level.kind,
        value / against,
        figures.years(*level.figures),
        figures.source(*level.figures),
        level.rule,
        level.reason,
    )


def simulate(
    *, runs: int = RUNS, threads: int | None = None, each_january: Callable[[], object] = lambda: None
) -> Simulation:
    """Return the status quo to the last year that public figures reach, run, with the deals of a few runs."""
    scenario = Scenario.load("baseline").with_changes(years=YEARS)
    simulation = Simulation(scenario, runs=runs, ledger_runs=min(runs, LEDGERS), threads=threads)
    while not simulation.done:
        each_january()
        simulation.step()
    return simulation


def rows_of(simulation: Simulation) -> Iterator[Row]:
    """Yield every row of a simulation that `simulate` made."""
    deals, figures = simulation.deals, public()
    models = [Model(simulation, run, deals) for run in range(simulation.runs)]
    keep_deals = [model for model in models if len(model.deals)]
    for level in LEVELS:
        yield measured(level, keep_deals if level.reading[0] in OF_DEALS else models, figures)


def store(rows: list[Row], about: Mapping[str, str], path: Path = STORED) -> None:
    """Write rows to a table that begins with comment lines: what they were measured with."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(f"# {name}: {value}\n" for name, value in about.items())
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in rows:
            values = (getattr(row, name) for name in COLUMNS)
            writer.writerow(f"{value:.6g}" if isinstance(value, float) else value for value in values)


def stored(path: Path = STORED) -> tuple[list[Row], dict[str, str]]:
    """Return the stored rows, and what they were measured with. Without a file both are empty."""
    if not path.is_file():
        return [], {}
    lines = path.read_text(encoding="utf-8").splitlines()
    about = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    table = csv.DictReader(line for line in lines if not line.startswith("# "))
    if tuple(table.fieldnames or ()) != COLUMNS:
        return [], {}  # another version's
    rows = [Row(**{name: float(text) if name in NUMBERS else text for name, text in row.items()}) for row in table]
    return rows, about


def table(rows: list[Row]) -> str:
    """Return the rows as a table in Markdown; what stands out is bold, with its reason."""
    lines = [
        "| | model (5 to 95 % of worlds) | public figure | ratio | source, year | what is compared |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows:
        ratio = "not comparable" if row.kind == "not comparable" else f"{row.ratio:.2f}"
        rule = f"{row.rule}. **Because** {row.reason}" if row.stands_out and row.reason else row.rule
        cells = (
            f"{row.what}, {row.unit}",
            model_words(row),
            figure_words(row),
            f"**{ratio}**" if row.stands_out else ratio,
            f"{row.source}, {row.year}".rstrip(", "),
            rule,
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def model_words(row: Row) -> str:
    """Return what the model gives in words: its mean, and where nine worlds of ten lie."""
    alike = f"{row.p05:.3g}" == f"{row.p95:.3g}" or not math.isfinite(row.p05)
    return f"{row.model:.3g}" if alike else f"{row.model:.3g} ({row.p05:.3g} to {row.p95:.3g})"


def figure_words(row: Row) -> str:
    """Return the public figure in words: a number, a span or a bound."""
    if row.kind == "at least":
        return f"at least {row.low:.3g}"
    if row.kind == "at most":
        return f"at most {row.high:.3g}"
    return f"{row.low:.3g}" if math.isclose(row.low, row.high) else f"{row.low:.3g} to {row.high:.3g}"


def summary(rows: list[Row]) -> str:
    """Count the rows: within the factor or the bound, standing out, not comparable."""
    apart = sum(row.kind == "not comparable" for row in rows)
    out = sum(row.stands_out for row in rows)
    return (
        f"{len(rows)} magnitudes: {len(rows) - apart - out} within a factor of two or on the right side of a bound, "
        f"{out} stand out, {apart} cannot be compared."
    )


def judgements() -> str:
    """Say how much of the parameters rests on judgement, and how much of it studies of uncertainty draw."""
    numbers = [name for name, _ in scalars()]
    marked = sum(one.judgement for one in PARAMETERS.values())
    return (
        f"Of {len(PARAMETERS)} parameters {marked} are judgements in whole or in part, of their {len(numbers)} numbers "
        f"{sum(map(is_judged, numbers))}; {len(judged())} numbers are drawn in studies of uncertainty."
    )


def page(text: str, parts: Mapping[str, str]) -> str:
    """Return the notes on calibration; what stands between marks in them is written anew."""
    for name, body in parts.items():
        begin, end = f"<!-- table {name} -->\n", "<!-- end -->"
        before, _, rest = text.partition(begin)
        _, mark, after = rest.partition(end)
        if not mark:
            raise ValueError(f"the notes have no place for {name}")
        text = f"{before}{begin}{body}\n{end}{after}"
    return text
