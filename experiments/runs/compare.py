"""Two scenarios under the same luck: paired differences, with 95 % intervals over runs.

Run 17 of A and run 17 of B draw the same luck, so their difference is what the change did, and where nothing was
changed it is exactly zero.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.experiments.runs.running import run_scenario
from stackcraft.experiments.statistics import LEVEL, paired_interval
from stackcraft.model.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

# Too large or too detailed for a table of differences.
LEFT_OUT = ("status",)


@dataclass(frozen=True)
class Difference:
    """One measure at one place (a stack, a layer of a stack, ...): B less A, paired by run.

    `total` says whether the value adds up over the years or is that of the last January. The interval is the 95 %
    t-interval of the mean paired difference; it is NaN with a single run, and 0 wide where all runs agree.
    """

    measure: str
    place: str
    unit: str
    total: bool
    a: float
    b: float
    difference: float
    low: float
    high: float
    runs: int

    @property
    def clear(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, repr=False)
class Comparison:
    """Scenario `b` less scenario `a`; `changed` names every result of which any bit differs."""

    a: Scenario
    b: Scenario
    differences: list[Difference] = field(repr=False)
    changed: list[str]

    @property
    def zero_everywhere(self) -> bool:
        """Whether the two gave the same bits in every result of every run, country and year."""
        return not self.changed

    def to_pandas(self) -> pd.DataFrame:
        """Return a row for each difference: measure, place, unit, both means, the difference and its interval."""
        return _frame(self.differences)

    def __repr__(self) -> str:
        clear = sum(row.clear for row in self.differences)
        names = f"{self.b.title or self.b.name} less {self.a.title or self.a.name}"
        return f"<Comparison: {names}, {clear} of {len(self.differences)} differences clear of zero>"

    def _repr_html_(self) -> str:
        return f"<p>{escape(repr(self)[1:-1])}</p>{_frame(largest(self.differences, 12)).to_html(index=False)}"

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; what has no value is None."""

        def plain(value):
            return None if isinstance(value, float) and not np.isfinite(value) else value

        return {
            "a": self.a.as_dict(),
            "b": self.b.as_dict(),
            "runs": self.a.runs,
            "seed": self.a.seed,
            "interval": LEVEL,
            "zero_everywhere": self.zero_everywhere,
            "changed": self.changed,
            "differences": [
                {**{key: plain(value) for key, value in vars(row).items()}, "clear": row.clear}
                for row in self.differences
            ],
        }


def _frame(rows: Iterable[Difference]) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame([{**vars(row), "clear": row.clear} for row in rows])


def check_comparable(a: Scenario, b: Scenario) -> None:
    """Raise `InputError` unless the two share world, worlds, years, runs and seed: else their luck is not the same."""
    for what in ("world", "worlds", "years", "runs", "seed"):
        one, two = getattr(a, what), getattr(b, what)
        if one != two:
            raise InputError(
                f"{a.name} and {b.name} cannot be compared: {what} is {_words(one)} in one and {_words(two)} in the"
                " other;"
                f" give both the same{f' with --{what}' if what != 'years' else ', such as --years 2025:2045'}"
            )


def compare(a: Scenario, b: Scenario, **options: Any) -> Comparison:
    """Run both scenarios under the same luck and return `b` less `a`.

    Options are those of `run_scenario`. Raises `InputError` if the two cannot be compared.
    """
    check_comparable(a, b)
    with run_scenario(a, **options) as first, run_scenario(b, **options) as second:
        return compare_results(a, b, first.results, second.results)


def compare_results(a: Scenario, b: Scenario, results_a: xr.Dataset, results_b: xr.Dataset) -> Comparison:
    """Compare results that were made with the same runs and seed."""
    if dict(results_a.sizes) != dict(results_b.sizes):
        raise InputError(f"{a.name} and {b.name} cannot be compared: their results have different sizes")
    names = [str(name) for name in results_a.data_vars if name in results_b.data_vars]
    changed = [name for name in names if not _same(results_a[name], results_b[name])]
    rows = []
    results_a, results_b = _good_in_both(results_a, results_b)
    for name in names:
        before, after = per_run(results_a, name), per_run(results_b, name)
        rows += [_difference(name, place, results_a[name].attrs, before[place], after[place]) for place in before]
    return Comparison(a, b, rows, changed)


def per_run(results: xr.Dataset, name: str) -> dict[str, np.ndarray]:
    """place -> one value a run, shape (runs,), of the measure `name`.

    Flows are summed over the years and stocks read in the last January; countries are averaged, each counting the
    same. What lacks a value is NaN. A place reads like "cloud, US"; it is "" where there is only one.
    """
    array = results[name]
    if name in LEFT_OUT or "run" not in array.dims or array.dtype.kind not in "fiub":
        return {}
    flow = is_flow(array.attrs)
    array = array.astype(float)
    if "year" in array.dims:
        # min_count keeps "no value in any year" apart from zero.
        array = array.isel(year=slice(1, None)).sum("year", min_count=1) if flow else array.isel(year=-1)
    if "country" in array.dims:
        array = array.mean("country")
    others = [dim for dim in array.dims if dim != "run"]
    array = array.transpose(*others, "run")
    labels: list[list[str]] = [[]]
    for dim in others:
        values = results[dim].values if dim in results.coords else range(results.sizes[dim])
        labels = [[*label, str(value)] for label in labels for value in values]
    values = array.to_numpy().reshape(len(labels), -1)
    return {", ".join(label): row for label, row in zip(labels, values, strict=True)}


def is_flow(attributes: dict[str, Any]) -> bool:
    """Whether a measure adds up over the years, as its attribute `flow` says; without one it does not."""
    return bool(attributes.get("flow", False))


def largest(rows: Iterable[Difference], count: int) -> list[Difference]:
    """The rows whose differences stand out most from the spread between runs, the clearest first, one a measure."""

    def clearness(row: Difference) -> float:
        half = (row.high - row.low) / 2
        return abs(row.difference) / half if half > 0 else np.inf

    best: dict[str, Difference] = {}
    for row in sorted((row for row in rows if row.clear), key=clearness, reverse=True):
        best.setdefault(row.measure, row)
    return list(best.values())[:count]


def _difference(name: str, place: str, attributes: dict[str, Any], a: np.ndarray, b: np.ndarray) -> Difference:
    known = ~(np.isnan(a) | np.isnan(b))
    count = int(known.sum())
    mean, low, high = paired_interval(b - a)
    first = float(a[known].mean()) if count else np.nan
    second = float(b[known].mean()) if count else np.nan
    unit = str(attributes.get("units", ""))
    return Difference(name, place, unit, is_flow(attributes), first, second, mean, low, high, count)


def _good_in_both(one: xr.Dataset, two: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """The runs that ended well in both. Raises `RuntimeError` if there is none."""
    if "status" not in one or "status" not in two:
        return one, two
    good = (one["status"].to_numpy() == 0) & (two["status"].to_numpy() == 0)
    if not good.any():
        raise RuntimeError("no run ended well in both scenarios")
    return (one, two) if good.all() else (one.isel(run=good), two.isel(run=good))


def _same(one: xr.DataArray, two: xr.DataArray) -> bool:
    """Whether every bit is the same; not-a-number equals not-a-number."""
    first, second = one.to_numpy(), two.to_numpy()
    return first.shape == second.shape and np.array_equal(first, second, equal_nan=first.dtype.kind == "f")


def _words(value: Any) -> str:
    return f"{value[0]}:{value[1]}" if isinstance(value, tuple) else str(value)
