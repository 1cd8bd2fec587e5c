"""The commands that measure the model itself: `check`, `bench` and `levers --trace`."""

from __future__ import annotations

import json
import math
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from stackcraft.viz.cli.tables import console


def check(chosen: list[str], *, threads: int | None, as_json: bool) -> None:
    """Run the checks and print each one's value beside its tolerance; exit with 1 if one fails."""
    from stackcraft.experiments import checks

    with waiting("Checking") as note:
        rows = checks.run(chosen or None, note=note, **_given(threads=threads))
    if as_json:
        print(json.dumps([_plain(vars(row)) for row in rows], indent=2, ensure_ascii=False))
    else:
        table = Table(title="Checks", title_justify="left")
        for column in ("group", "check", "reached", "must be", ""):
            table.add_column(column, justify="right" if column in ("reached", "must be") else "left")
        for row in rows:
            verdict = "passed" if row.passed else "[bold]FAILED[/bold]"
            bound = _text(row.tolerance) if row.tolerance is None else f"{row.sense} {_text(row.tolerance)}".strip()
            table.add_row(row.group, escape(row.name), _text(row.value), bound, verdict)
        out = console()
        out.print(table)
        for row in rows:
            if not row.passed and row.detail:
                out.print(f"{row.group}, {row.name}: {escape(row.detail)}")
        out.print(f"{sum(row.passed for row in rows)} passed, {sum(not row.passed for row in rows)} failed")
    if not all(row.passed for row in rows):
        raise typer.Exit(1)


def bench(*, runs: int | None, seed: int | None, threads: int | None, as_json: bool) -> None:
    """Measure the speed here and print it; exit with 1 if the work measured is not what `run` does."""
    from stackcraft.experiments import bench as benchmarks

    with waiting("Measuring") as note:
        found = benchmarks.run(note=note, **_given(runs=runs, seed=seed, threads=threads))
    if as_json:
        print(json.dumps(_plain(found), indent=2, ensure_ascii=False))
    else:
        from stackcraft.viz.cli.bench import print_bench

        print_bench(found)
    if not found["counts"]["same_as_run"]:
        raise typer.Exit(1)


def trace(
    name: str | None,
    *,
    runs: int | None,
    seed: int | None,
    worlds: int | None,
    threads: int | None,
    measure: bool,
    as_json: bool,
) -> None:
    """Show the claims of the policy debate, all or those of one lever or claim: as last measured in full, or measured
    now.

    They are measured now where `measure` or any of the options asks for it, or where no measurement is stored.
    """
    from stackcraft.experiments.evidence import claim_tests as tracing
    from stackcraft.viz.words import claims

    chosen = [claim.claim for claim in tracing.select(name)]
    known = claims.stored(chosen)
    options = _given(runs=runs, seed=seed, worlds=worlds, threads=threads)
    if known.rows and not measure and not options:
        if as_json:
            print(json.dumps(_plain(claims.as_plain(known)), indent=2, ensure_ascii=False))
        else:
            notes = [claims.measured_sentence(known)]
            if missing := set(chosen) - {row.claim for row in known.rows}:
                notes.append(f"Not in the table: {', '.join(sorted(missing))}; --measure measures them.")
            _claims(known.rows, notes, claims.warning(known))
        return
    with waiting("Tracing") as note:
        rows = tracing.run(name, note=note, **options)
    if as_json:
        print(json.dumps([_plain(vars(row)) for row in rows], indent=2, ensure_ascii=False))
    else:
        _claims(rows, ["Measured just now, on the present code and parameters."], "")


def _claims(rows: list[Any], notes: list[str], warning: str) -> None:
    """A table of claims, how many hold, and what a reader must know of the measurement."""
    from stackcraft.viz.words import claims

    table = Table(title="Claims, measured", title_justify="left", expand=True)
    shown = {
        "claim and lever": 8,
        "measure": 5,
        "effect, 95 % interval": 4,
        "agrees in": 2,
        "without carrier": 3,
        "verdict": 4,
    }
    for column, width in shown.items():
        table.add_column(column, overflow="fold", ratio=width)
    for row in rows:
        name, lever, measure, effect, interval, *others = map(escape, claims.cells(row))
        told = f"[bold]{name}[/bold] {escape(row.sentence)} ({lever})"
        table.add_row(told, measure, f"{effect} ({interval})", *others, end_section=True)
    out = console()
    if warning:
        out.print(f"[bold]{escape(warning)}[/bold]")
    out.print(table)
    out.print(escape(" ".join([claims.tally_sentence(rows), *notes])))


class waiting:
    """A spinner on the error stream; calling what it gives changes the words beside it."""

    def __init__(self, title: str):
        screen = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(pulse_style="dim"), TimeElapsedColumn())
        self.progress = Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal)
        self.title = title

    def __enter__(self):
        self.progress.start()
        task = self.progress.add_task(self.title, total=None)
        return lambda text: self.progress.update(task, description=f"{self.title}: {text}")

    def __exit__(self, *error) -> None:
        self.progress.stop()


def _given(**options: Any) -> dict[str, Any]:
    """Only what was said on the command line; the rest keeps its default."""
    return {key: value for key, value in options.items() if value is not None}


def _text(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(item) for item in value)
    return str(value)


def _plain(value: Any) -> Any:
    """JSON's own kinds of values; what is not finite becomes None."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
