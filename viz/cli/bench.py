"""What `stackcraft bench` prints."""

from __future__ import annotations

from typing import Any

from rich.markup import escape
from rich.table import Table

from stackcraft.viz.cli.tables import console

SHOWN = 0.01  # steps with less of the time stand together
GROWTH = {"countries": "countries", "vendors": "vendors that sell", "years": "years", "runs": "runs in the batch"}


def print_bench(found: dict[str, Any]) -> None:
    """Figures beside their targets, the work behind them, where the time goes and how it grows."""
    out = console()
    setting, machine = found["setting"], found["machine"]
    first, last = setting["years"]
    out.print(
        f"[bold]{setting['scenario']}[/bold]: {setting['countries']} countries, {setting['layers']} layers, {setting['vendors']} vendors,"
        f" {last - first} years by month, batch of {setting['runs']}, seed {setting['seed']}; medians of {setting['repeats']}"
    )
    load = "" if machine["load_before"] is None else f", load {machine['load_before']:.1f} before the start"
    out.print(
        escape(
            f"{machine['processor']}, {machine['cores']} cores{load}; Python {machine['python']}, numba {machine['numba']}"
        )
    )
    out.print()
    out.print(_targets(found["targets"]))
    out.print(_counts(found["counts"]))
    same = "the same" if found["counts"]["same_as_run"] else "[bold]NOT the same[/bold]"
    out.print(
        f"`stackcraft run` counts {same} on this seed (the first {found['counts']['runs_compared']}, run by run).\n"
    )
    out.print(_where(found["where"]))
    out.print(_growth(found["growth"]))
    out.print(_twins(found["twins"]))
    for note in found["notes"]:
        out.print(escape(note))


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="right" if place and column not in ("target", "step") else "left")
    return table


def _targets(targets: list[dict[str, Any]]) -> Table:
    table = _table("Speed and memory", "what", "measured", "target", "")
    for one in targets:
        value = "not measured" if one["value"] is None else f"{one['value']:.3g} {one['unit']}"
        verdict = {True: "met", False: "[bold]missed[/bold]", None: ""}[one["met"]]
        table.add_row(escape(one["name"]), value, f"{one['sense']} {one['target']:g} {one['unit']}", verdict)
    return table


def _counts(counts: dict[str, Any]) -> Table:
    table = _table("Work in a run", "what", "mean of the batch")
    for name, words in (
        ("tenders", "tenders held"),
        ("choices", "choices evaluated"),
        ("signed_deals", "deals signed"),
        ("renewed_deals", "contracts renewed"),
    ):
        table.add_row(words, f"{counts[name]:,.0f}")
    return table


def _where(rows: list[dict[str, Any]]) -> Table | str:
    if not rows:
        return "Where the time goes was not measured: this system has no clock of a thread's own time."
    table = _table("Where the time goes (processor time, one thread)", "when", "step", "ms a run", "share")
    rest = [row for row in rows if row["share"] < SHOWN]
    for row in rows:
        if row["share"] >= SHOWN:
            table.add_row(row["part"], row["step"], f"{row['ms']:.2f}", f"{100 * row['share']:.0f} %")
    if rest:
        table.add_row(
            "",
            f"{len(rest)} more",
            f"{sum(row['ms'] for row in rest):.2f}",
            f"{100 * sum(row['share'] for row in rest):.0f} %",
        )
    return table


def _growth(growth: dict[str, list[dict[str, Any]]]) -> Table:
    table = _table("How it grows (processor time, one thread)", "with", "how many", "ms a run")
    for name, rows in growth.items():
        for place, row in enumerate(rows):
            table.add_row(
                "" if place else GROWTH[name], f"{row['size']}", f"{row['ms']:.1f}", end_section=place == len(rows) - 1
            )
    return table


def _twins(rows: list[dict[str, Any]]) -> Table | str:
    if not rows:
        return "The readable twins were not timed: there is no tests/reference/timed.py."
    table = _table(
        "Readable twins of the compiled submodels", "submodel", "readable, ms", "compiled, ms", "times slower"
    )
    for row in rows:
        table.add_row(
            escape(row["name"]), f"{row['readable_ms']:.3g}", f"{row['compiled_ms']:.3g}", f"{row['ratio']:.0f}"
        )
    return table
