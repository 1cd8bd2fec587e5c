"""Tables for the terminal: the answer of a run, and the differences of a comparison. The report's numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from rich.console import Console
from rich.markup import escape
from rich.table import Column

from stackcraft.agents.names import STACKS
from stackcraft.experiments.leads import CONTESTED_LEAD, end_shares, leads, weight_index, world_shares
from stackcraft.experiments.runs.compare import Comparison, Difference, largest
from stackcraft.experiments.statistics import band, few, paired_interval
from stackcraft.model.scenario import Scenario
from stackcraft.model.worlds import DEFAULT, PLAUSIBLE
from stackcraft.viz import words
from stackcraft.viz.cli.terminal import console, number, show
from stackcraft.viz.report.scorecard import scorecard, summary
from stackcraft.viz.words import doubt

SHOWN = 20
WEIGHTS = ("country", "capability")
OWNERS = ("US", "contested", "CN", "independent")


def print_run(scenario: Scenario, results: Any) -> None:
    """Print what came out in a sentence, shares by layer and stack, who leads where, and the scorecard."""
    out = console()
    first, last = (int(results["year"].values[place]) for place in (0, -1))
    runs = results.sizes["run"]
    results = good_runs(results)
    failed = runs - results.sizes["run"]
    out.print(f"[bold]{_title(scenario)}[/bold]: {first} to {last}, {_runs(runs)}, seed {scenario.seed}")
    if scenario.worlds != PLAUSIBLE:
        alike = (
            "all runs have the same assumptions"
            if scenario.worlds == DEFAULT
            else "each run has assumptions of its own"
        )
        out.print(f"Worlds: {scenario.worlds}; {alike}.", markup=False, highlight=False)
    if failed:
        out.print(
            f"[bold]{failed} of {runs} runs failed and are left out below; `status` in the results says which.[/bold]"
        )
    found, shares = leads(results[["installed"]].isel(year=[-1])), end_shares(results)
    countries = results.sizes["country"]
    sure = doubt.lead_sentences(scenario.worlds, results["run"].values, shares, scenario.parameters)
    out.print(words.headline(last, shares, found.open_races(), countries, kind=scenario.worlds), sure)
    out.print()
    for weight in WEIGHTS:
        _shares(out, results, weight, (first, last))
    _leads(out, found, results, last)
    _scorecard(out, results, first, last)
    many = not few(runs - failed)
    by = "luck alone; other assumptions move more" if scenario.worlds == DEFAULT else "luck and by their assumptions"
    said = f"In brackets: nine runs of ten, which differ by {by}. " if many else ""
    out.print(said + "What follows from stated assumptions, not a forecast.", style="dim")


def print_comparison(
    comparison: Comparison, first: Any, second: Any, set_in_b: Sequence[str] = (), *, everything: bool = False
) -> None:
    """Print differences of shares, then those that stand out most from luck, or all.

    `first` and `second` are results; `set_in_b` is what the command line set in B alone.
    """
    out = console()
    a, b = comparison.a, comparison.b
    out.print(
        f"[bold]{_title(b)}[/bold] (B) less [bold]{_title(a)}[/bold] (A):"
        f" {a.years[0]} to {a.years[1]}, {_runs(a.runs)} of each under the same luck, seed {a.seed}"
    )
    if a.worlds != PLAUSIBLE:
        out.print(f"Worlds: {a.worlds}, the same for run and run in A and B.", markup=False, highlight=False)
    if set_in_b:
        out.print(f"In B alone: {escape(', '.join(set_in_b))}")
    if comparison.zero_everywhere:
        out.print("The difference is zero everywhere: every result of every run is the same, bit for bit.")
        return
    _share_differences(out, first, second, a.years[1])
    clear = [row for row in comparison.differences if row.clear]
    rows = comparison.differences if everything else largest(comparison.differences, SHOWN)
    if rows:
        title = "All differences" if everything else "Differences that stand out most"
        columns = (
            Column("measure", ratio=3),
            Column("of", ratio=3),
            *(_fixed(name) for name in ("A", "B", "B - A", "95 % interval")),
        )
        faint = [place for place, row in enumerate(rows) if not row.clear]
        show(out, f"{title}, with 95 % intervals over runs", columns, map(_difference, rows), dim=faint)
    out.print(f"{len(clear)} of {len(comparison.differences)} differences have an interval that leaves out zero"
              f"{'' if everything else '; --all prints every one'}.")  # fmt: skip
    if a.runs == 1:
        out.print("One run gives no interval; try --runs 64.")
    else:
        out.print(
            "Of differences that are luck alone, one in twenty leaves out zero too; what the change does not touch is"
            " exactly zero.",
            style="dim",
        )


def good_runs(results: Any) -> Any:
    """Return the runs that ended well. Raises `RuntimeError` if none did."""
    if "status" not in results:
        return results
    status = results["status"].to_numpy()
    if (status != 0).all():
        raise RuntimeError(f"every run failed, with status {', '.join(map(str, sorted(set(status.tolist()))))}")
    return results if (status == 0).all() else results.isel(run=status == 0)


def _title(scenario: Scenario) -> str:
    """Return the title of a scenario, or its name, on one line and safe from being taken for markup."""
    return escape(" ".join((scenario.title or scenario.name).split()))


def _fixed(header: str) -> Column:
    return Column(header, justify="right", no_wrap=True)


def _shares(out: Console, results: Any, weight: str, years: tuple[int, int]) -> None:
    """Print a row a layer and one for all: the share of each stack in the first and the last year, in per cent."""
    first, last = years
    columns = [_fixed(f"{words.STACK_SHORT[stack]}, {first} -> {last}") for stack in STACKS]
    values = 100 * world_shares(results)[:, :, weight_index(results, weight)]
    before = band(values[:, 0]).mean
    after, low, high = band(values[:, -1])
    rows = []
    for place, layer in enumerate(("all", *map(str, results["layer"].values))):
        cells = []
        for stack in range(len(STACKS)):
            text = f"{before[place, stack]:.0f} -> {after[place, stack]:.0f}"
            banded = np.isfinite(low[place, stack])
            cells.append(f"{text} ({low[place, stack]:.0f} to {high[place, stack]:.0f})" if banded else text)
        rows.append((words.layer_title(layer), *cells))
    title = f"Installed shares in per cent, {words.WEIGHT_TITLES[weight]}"
    show(out, title, ("layer", *columns), rows, lines_after=[0])


def _leads(out: Console, found: Any, results: Any, last: int) -> None:
    """Print in how many countries each stack leads, the lead is contested and the race is open, by layer."""
    columns = ("layer", *(number(words.STACK_SHORT.get(owner, owner)) for owner in OWNERS), number("race open"))
    rows = []
    for place, layer in enumerate(("all", *map(str, results["layer"].values))):
        counts = found.counts(layer=place)
        race = words.races(found.open_races(layer=place))
        numbers = (*(counts[owner] for owner in OWNERS), race)
        rows.append((words.layer_title(layer), *map(str, numbers)))
    caption = (
        f"Contested: a mean lead below {100 * CONTESTED_LEAD:g} points. Race open: in how many countries two runs drawn"
        " at random have different leaders, with a 95 % interval; more runs narrow it."
    )
    show(out, f"Countries by who leads, {last}", columns, rows, lines_after=[0], caption=caption)


def _scorecard(out: Console, results: Any, first: int, last: int) -> None:
    rows = []
    for row, values in scorecard(results):
        cells = []
        for middle, low, high in summary(values):
            shown = [words.in_unit(value, row.unit) for value in (middle, low, high)]
            banded = math.isfinite(low) and math.isfinite(high) and shown[1] != shown[2]
            cells.append(_banded(*shown) if banded else shown[0])
        rows.append((row.title, *cells))
    columns = ("", *(number(words.STACK_SHORT[stack]) for stack in STACKS))
    show(out, f"Scorecard, {first} to {last}", columns, rows)


def _share_differences(out: Console, first: Any, second: Any, last: int) -> None:
    place = weight_index(first, "country")
    gap = 100 * (world_shares(second)[:, -1, place] - world_shares(first)[:, -1, place])
    rows = []
    for layer, name in enumerate(("all", *map(str, first["layer"].values))):
        cells = []
        for stack in range(len(STACKS)):
            mean, low, high = paired_interval(gap[:, layer, stack])
            cells.append(f"{mean:+.2f} ({low:+.2f} to {high:+.2f})" if np.isfinite(low) else f"{mean:+.2f}")
        rows.append((words.layer_title(name), *cells))
    columns = ("layer", *(number(words.STACK_SHORT[stack]) for stack in STACKS))
    title = f"Installed shares {last}, B less A, points, every country counts the same"
    show(out, title, columns, rows, lines_after=[0])


def _difference(row: Difference) -> list[str]:
    interval = (
        "-" if np.isnan(row.low) else f"{_number(row.low, row.unit, True)} to {_number(row.high, row.unit, True)}"
    )
    unit = f" ({row.unit})" if row.unit not in ("share", "count", "") else ""
    name = row.measure.replace("_", " ").replace(" bn", "") + unit + (", all years" if row.total else "")
    return [
        escape(name),
        escape(row.place),
        _number(row.a, row.unit),
        _number(row.b, row.unit),
        _number(row.difference, row.unit, True),
        interval,
    ]


def _number(value: float, unit: str, signed: bool = False) -> str:
    """Return three digits that mean something; shares in per cent, their differences in points."""
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
    """Return "7.6 months (7.4 to 7.8)": a unit that all three share is written once."""
    units = {text.partition(" ")[2] for text in (middle, low, high)}
    if len(units) == 1 and units != {""}:
        return f"{middle} ({low.partition(' ')[0]} to {high.partition(' ')[0]})"
    return f"{middle} ({_span(low, high)})"


def _span(low: str, high: str) -> str:
    """Return "20 to 24 months" for "20 months" and "24 months": what follows the number is written once."""
    number, _, unit = low.partition(" ")
    return f"{number} to {high}" if unit and high.partition(" ")[2] == unit else f"{low} to {high}"


def _runs(number: int) -> str:
    return f"{number} run{'' if number == 1 else 's'}"
