"""Tables for the terminal: the answer of a run, and the differences of a comparison. The numbers are the report's own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stackcraft.agents.names import STACKS
from stackcraft.experiments.leads import CONTESTED_LEAD, end_shares, leads, weight_index, world_shares
from stackcraft.experiments.runs.compare import Comparison, Difference, largest
from stackcraft.experiments.statistics import band, few, paired_interval
from stackcraft.model.scenario import Scenario
from stackcraft.viz import words
from stackcraft.viz.report.scorecard import scorecard, summary

SHOWN = 20
WEIGHTS = ("country", "capability")
OWNERS = ("US", "contested", "CN", "independent")


def console() -> Console:
    """Standard output; wide enough for the tables when it is a file or a pipe."""
    plain = Console(highlight=False)
    return plain if plain.is_terminal else Console(highlight=False, width=110)


def print_run(scenario: Scenario, results: Any) -> None:
    """What came out in a sentence; shares by layer and stack, who leads where, and the scorecard."""
    out = console()
    first, last = (int(results["year"].values[place]) for place in (0, -1))
    runs = results.sizes["run"]
    results = good_runs(results)
    failed = runs - results.sizes["run"]
    out.print(f"[bold]{scenario.title or scenario.name}[/bold]: {first} to {last}, {_runs(runs)}, seed {scenario.seed}")
    if failed:
        out.print(
            f"[bold]{failed} of {runs} runs failed and are left out below; `status` in the results says which.[/bold]"
        )
    found, shares = leads(results[["installed"]].isel(year=[-1])), end_shares(results)
    countries = results.sizes["country"]
    out.print(words.headline(last, shares, found.open_race(), countries), words.certainty(shares))
    out.print()
    for weight in WEIGHTS:
        out.print(_shares(results, weight, first, last))
    out.print(_leads(found, results, last))
    out.print(_scorecard(results, first, last))
    many = not few(runs - failed)
    said = "In brackets: nine runs of ten, which differ by luck alone; other assumptions move more. " if many else ""
    out.print(said + "What follows from stated assumptions, not a forecast.", style="dim")


def print_comparison(
    comparison: Comparison, first: Any, second: Any, set_in_b: Sequence[str] = (), *, everything: bool = False
) -> None:
    """Differences of shares, then those that stand out most from luck, or all. `first` and `second` are results;
    `set_in_b` is what
    the command line set in B alone."""
    out = console()
    a, b = comparison.a, comparison.b
    out.print(f"[bold]{b.title or b.name}[/bold] (B) less [bold]{a.title or a.name}[/bold] (A): {a.years[0]} to {a.years[1]},"
              f" {_runs(a.runs)} of each under the same luck, seed {a.seed}")  # fmt: skip
    if set_in_b:
        out.print(f"In B alone: {escape(', '.join(set_in_b))}")
    if comparison.zero_everywhere:
        out.print("The difference is zero everywhere: every result of every run is the same, bit for bit.")
        return
    out.print(_share_differences(first, second, a.years[1]))
    clear = [row for row in comparison.differences if row.clear]
    rows = comparison.differences if everything else largest(comparison.differences, SHOWN)
    if rows:
        title = "All differences" if everything else "Differences that stand out most"
        table = Table(title=f"{title}, with 95 % intervals over runs", title_justify="left")
        table.add_column("measure", ratio=3)
        table.add_column("of", ratio=3)
        for name in ("A", "B", "B - A", "95 % interval"):
            table.add_column(name, justify="right", no_wrap=True)
        for row in rows:
            table.add_row(*_difference(row), style="" if row.clear else "dim")
        out.print(table)
    out.print(f"{len(clear)} of {len(comparison.differences)} differences have an interval that leaves out zero"
              f"{'' if everything else '; --all prints every one'}.")  # fmt: skip
    if a.runs == 1:
        out.print("One run gives no interval; try --runs 64.")
    else:
        out.print("Of differences that are luck alone, one in twenty leaves out zero too; what the change does not touch"
                  " is exactly zero.", style="dim")  # fmt: skip


def good_runs(results: Any) -> Any:
    """The runs that ended well. Raises `RuntimeError` if none did."""
    if "status" not in results:
        return results
    status = results["status"].to_numpy()
    if (status != 0).all():
        raise RuntimeError(f"every run failed, with status {', '.join(map(str, sorted(set(status.tolist()))))}")
    return results if (status == 0).all() else results.isel(run=status == 0)


def _shares(results: Any, weight: str, first: int, last: int) -> Table:
    """A row a layer and one for all: the share of each stack in the first and the last year, in per cent."""
    table = Table(title=f"Installed shares in per cent, {words.WEIGHT_TITLES[weight]}", title_justify="left")
    table.add_column("layer")
    for stack in STACKS:
        table.add_column(f"{words.STACK_SHORT[stack]}, {first} -> {last}", justify="right", no_wrap=True)
    values = 100 * world_shares(results)[:, :, weight_index(results, weight)]
    before = band(values[:, 0]).mean
    after, low, high = band(values[:, -1])
    for place, layer in enumerate(("all", *map(str, results["layer"].values))):
        cells = []
        for stack in range(len(STACKS)):
            text = f"{before[place, stack]:.0f} -> {after[place, stack]:.0f}"
            cells.append(
                text if np.isnan(low[place, stack]) else f"{text} ({low[place, stack]:.0f} to {high[place, stack]:.0f})"
            )
        table.add_row(words.layer_title(layer), *cells, end_section=place == 0)
    return table


def _leads(found: Any, results: Any, last: int) -> Table:
    """How many countries each stack leads in, how many are contested, and on how many leads the runs disagree: a row a
    layer.
    """
    table = Table(
        title=f"Countries by who leads, {last}", title_justify="left", caption_justify="left",
        caption=f"Contested: a lead below {100 * CONTESTED_LEAD:g} points. Unsure: of the countries led, those in which fewer than two"
        " runs in three agree on who leads. In both the race is open.",
    )  # fmt: skip
    table.add_column("layer")
    for owner in OWNERS:
        table.add_column(words.STACK_SHORT.get(owner, owner), justify="right")
    for name in ("unsure", "race open"):
        table.add_column(name, justify="right")
    for place, layer in enumerate(("all", *map(str, results["layer"].values))):
        counts = found.counts(layer=place)
        race = found.open_race(layer=place)
        numbers = (*(counts[owner] for owner in OWNERS), race - counts["contested"], race)
        table.add_row(words.layer_title(layer), *map(str, numbers), end_section=place == 0)
    return table


def _scorecard(results: Any, first: int, last: int) -> Table:
    table = Table(title=f"Scorecard, {first} to {last}", title_justify="left")
    table.add_column("")
    for stack in STACKS:
        table.add_column(words.STACK_SHORT[stack], justify="right")
    for row, values in scorecard(results):
        cells = []
        for middle, low, high in summary(values):
            banded = math.isfinite(low) and math.isfinite(high) and row.show(low) != row.show(high)
            cells.append(_banded(*map(row.show, (middle, low, high))) if banded else row.show(middle))
        table.add_row(row.title, *cells)
    return table


def _share_differences(first: Any, second: Any, last: int) -> Table:
    table = Table(
        title=f"Installed shares {last}, B less A, points, every country counts the same", title_justify="left"
    )
    table.add_column("layer")
    for stack in STACKS:
        table.add_column(words.STACK_SHORT[stack], justify="right")
    place = weight_index(first, "country")
    gap = 100 * (world_shares(second)[:, -1, place] - world_shares(first)[:, -1, place])
    for layer, name in enumerate(("all", *map(str, first["layer"].values))):
        cells = []
        for stack in range(len(STACKS)):
            mean, low, high = paired_interval(gap[:, layer, stack])
            cells.append(f"{mean:+.2f} ({low:+.2f} to {high:+.2f})" if np.isfinite(low) else f"{mean:+.2f}")
        table.add_row(words.layer_title(name), *cells, end_section=layer == 0)
    return table


def _difference(row: Difference) -> list[str]:
    interval = (
        "-" if np.isnan(row.low) else f"{_number(row.low, row.unit, True)} to {_number(row.high, row.unit, True)}"
    )
    unit = f" ({row.unit})" if row.unit not in ("share", "count", "") else ""
    name = row.measure.replace("_", " ").replace(" bn", "") + unit + (", all years" if row.total else "")
    return [
        name,
        row.place,
        _number(row.a, row.unit),
        _number(row.b, row.unit),
        _number(row.difference, row.unit, True),
        interval,
    ]


def _number(value: float, unit: str, signed: bool = False) -> str:
    """Three digits that mean something; shares in per cent, their differences in points."""
    if not math.isfinite(value):
        return "-"
    if value == 0:
        return "0"
    sign = "+" if signed else ""
    if unit == "share":
        return f"{100 * value:{sign}.2f}" + ("" if signed else " %")
    if abs(value) >= 100:
        return f"{value:{sign},.0f}"
    return f"{value:{sign}.1f}" if abs(value) >= 10 else f"{value:{sign}.3g}"


def _banded(middle: str, low: str, high: str) -> str:
    """ "7.6 months", "7.4 months", "7.8 months" -> "7.6 months (7.4 to 7.8)": a unit that all three share is written
    once.
    """
    units = {text.partition(" ")[2] for text in (middle, low, high)}
    if len(units) == 1 and units != {""}:
        return f"{middle} ({low.partition(' ')[0]} to {high.partition(' ')[0]})"
    return f"{middle} ({_span(low, high)})"


def _span(low: str, high: str) -> str:
    """ "20 months", "24 months" -> "20 to 24 months": what follows the number is written once."""
    number, _, unit = low.partition(" ")
    return f"{number} to {high}" if unit and high.partition(" ")[2] == unit else f"{low} to {high}"


def _runs(number: int) -> str:
    return f"{number} run{'' if number == 1 else 's'}"
