"""The commands `evidence match` and `evidence worlds`: which worlds what happened does not rule out."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stackcraft.viz.cli.options import MAYBE_PATH, MAYBE_TEXT, Json, Threads, place

# Nothing heavy above: the help must come at once.
if TYPE_CHECKING:
    from stackcraft.experiments.evidence.matching.declared import Matching

FOLDER = Path("results/matching")


def match(
    file: Annotated[
        MAYBE_PATH,
        typer.Argument(help="What to match on; the project's own targets if left out.", metavar="[FILE]", parser=place),
    ] = None,
    out: Annotated[
        MAYBE_PATH,
        typer.Option(
            "--out", help="Folder of the matching; given again, it goes on where it was stopped.", metavar="FOLDER",
            parser=place,
        ),
    ] = None,
    groups: Annotated[
        MAYBE_TEXT,
        typer.Option(
            "--groups", help="Groups of targets that may rule a world out, such as before,present,after; the file's if "
            "left out.", metavar="A,B",
        ),
    ] = None,
    share: Annotated[
        float,
        typer.Option("--share", help="Part of the worlds, for a quick look that settles nothing.", min=0.01, max=1.0),
    ] = 1.0,
    check: Annotated[bool, typer.Option("--check", help="Only say what would be run.")] = False,
    threads: Threads = None,
    as_json: Json = False,
) -> None:  # fmt: skip
    """Rule out the worlds that contradict what happened, weigh those left, and say what was learnt; an hour or so."""
    from stackcraft.experiments.evidence.matching import declared
    from stackcraft.experiments.evidence.matching.keep import keep
    from stackcraft.experiments.evidence.matching.report import findings
    from stackcraft.experiments.evidence.matching.stages import match as matched
    from stackcraft.viz.cli.terminal import print_json

    plan = declared.load(file or declared.HISTORY)
    if groups is not None:
        plan = plan.matching_on([name.strip() for name in groups.split(",")])
    if share < 1.0:
        plan = plan.smaller(share)
    if check:
        _print_plan(plan)
        return
    folder = out or FOLDER / Path(plan.file).stem
    with _Told(plan) as told:
        found = matched(plan, folder, threads=threads, report=told)
        told.words("writing what was found")
        results = findings(found)
        kept = keep(found, folder) if found.left else None
    repeat = ["stackcraft", "evidence", "match", *([str(file)] if file else []), "--out", str(folder)]
    repeat += ["--groups", groups] if groups else []
    repeat += ["--share", f"{share:g}"] if share < 1.0 else []
    page = _write(results, plan, folder, shlex.join(repeat))
    if as_json:
        print_json({"findings": [one.as_dict() for one in results], "worlds": str(kept) if kept else None})
        return
    from stackcraft.viz.analysis_report.terminal import print_finding

    for one in results:
        print_finding(one)
    print(f"\nReport: {page}")
    print(f"Worlds that are left: {kept}" if kept else "No worlds are left, so that no table was written.")


def _print_plan(plan: Matching) -> None:
    from stackcraft.viz.cli.terminal import console, name, number, prose, show

    columns = (name("target"), prose("group"), prose("observed"), number("sd"), prose("what"))
    rows = [
        (one.name, f"{one.group}{'' if one.group in plan.matched else ', kept back'}", f"{one.kind} {one.observed:.3g}",
         f"{one.doubt**0.5:.2g}{' (log)' if one.scale == 'log' else ''}", one.what)
        for one in plan.targets
    ]  # fmt: skip
    show(console(), f"{plan.title}: declared {plan.declared}", columns, rows)
    stages = [("screening", plan.screening), *((f"wave {place}", one) for place, one in enumerate(plan.waves, 1)),
              ("last", plan.last)]  # fmt: skip
    sizes = "; ".join(f"{name}: {one.worlds} worlds x {one.replicates}" for name, one in stages)
    print(f"{len(plan.inputs)} parameters. {sizes}. {plan.runs:,} runs of {len(plan.simulations)} simulations in all.")


def _write(results: list, plan: Matching, folder: Path, repeat: str) -> Path:
    from stackcraft.experiments.runs.manifest import commit, version
    from stackcraft.experiments.runs.outputs import cannot_write
    from stackcraft.viz.analysis_report.report import build_findings_report

    about = {
        "file": plan.file, "declared": plan.declared, "hash": plan.hash(), "matched on": ", ".join(plan.matched),
        "seed": plan.seed, "runs": plan.runs, "version": version(), "commit": commit()["commit"], "repeat": repeat,
    }  # fmt: skip
    try:
        return build_findings_report(results, folder / "report.html", title=plan.title, story="", about=about)
    except OSError as error:
        raise cannot_write(folder, error) from None


class _Told:
    """A bar with the time left where somebody is watching; a line for each stage where not."""

    def __init__(self, plan: Matching) -> None:
        from rich.console import Console
        from rich.markup import escape
        from rich.progress import (
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
            TimeRemainingColumn,
        )

        self.console = Console(stderr=True, highlight=False)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
                   TextColumn("left"), TimeRemainingColumn())  # fmt: skip
        self.bar = Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)
        self.task = self.bar.add_task(escape(plan.title), total=plan.runs)
        self.stage = ""

    def __enter__(self) -> _Told:
        self.bar.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self.bar.__exit__(*exception)
        if exception[0] is KeyboardInterrupt:
            self.console.print("Stopped; the same command goes on from here.")

    def words(self, text: str) -> None:
        """Say what is being done."""
        self.bar.update(self.task, description=text)

    def __call__(self, progress: Any) -> None:
        self.bar.update(self.task, description=progress.doing, completed=progress.done)
        stage = progress.doing.partition(":")[0].partition("(")[0]
        if stage != self.stage and not self.console.is_terminal:
            share = progress.done / max(progress.total, 1)
            self.console.print(f"{stage}: {100 * share:.0f} % of the runs after {progress.seconds:,.0f} s")
        self.stage = stage


def worlds(
    kind: Annotated[
        str, typer.Argument(help="plausible, or the file of a table of worlds.", metavar="[KIND]")
    ] = "plausible",
    csv: Annotated[
        MAYBE_PATH,
        typer.Option(
            "--csv", help="Write the table here, a row a world, for other programs.", metavar="FILE", parser=place
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a table of worlds: what it was made with, how far it reaches; write it for other programs."""
    import numpy as np

    from stackcraft.agents.errors import InputError
    from stackcraft.model.parameters import judged, plausible
    from stackcraft.model.worlds import table_of
    from stackcraft.viz.cli.run import note_worlds
    from stackcraft.viz.cli.terminal import console, name, number, print_json, prose, show

    table = table_of(kind)
    if table is None:
        raise InputError(f"{kind} worlds have no table; name plausible, or the file of one")
    note_worlds(kind)
    if csv is not None:
        _write_table(table, csv)
    if as_json:
        print_json({"about": dict(table.about), "worlds": len(table), "parameters": list(table.names)})
        return
    print(f"{len(table)} worlds of {len(table.names)} parameters, as sure as {table.effective:.0f} of equal weight")
    for key, value in table.about.items():
        print(f"{key}: {value}")
    ranges = dict(judged())
    rows = []
    for column, one in enumerate(table.names):
        if one in ranges:
            low, high = plausible(one, ranges[one])
            order = np.argsort(table.values[:, column])
            reached = np.cumsum(table.weight[order])
            left = [float(table.values[order[min(np.searchsorted(reached, q), len(order) - 1)], column]) for q in
                    (0.05, 0.5, 0.95)]  # fmt: skip
            rows.append((one, f"{low:.4g} to {high:.4g}", f"{left[1]:.4g}", f"{left[0]:.4g} to {left[2]:.4g}",
                         (left[2] - left[0]) / (0.9 * (high - low))))  # fmt: skip
    rows = sorted(rows, key=lambda row: row[-1])[:12]
    columns = (name("parameter"), prose("judged"), number("median"), prose("5 to 95 %"), number("width, of judged"))
    show(console(), "Narrowest", columns, [(*row[:-1], f"{row[-1]:.2f}") for row in rows])


def _write_table(table: Any, path: Path) -> None:
    """Write a table of worlds as CSV: number, weight, hash, then the parameters."""
    import csv as writing
    import io

    from stackcraft.experiments.runs.outputs import cannot_write
    from stackcraft.model.files import write_whole

    buffer = io.StringIO()
    rows = writing.writer(buffer, lineterminator="\n")
    rows.writerow(("world", "weight", "hash", *table.names))
    for number, (weight, code, values) in enumerate(zip(table.weight, table.hashes(), table.values, strict=True)):
        rows.writerow((number, repr(float(weight)), code, *(f"{value:.6g}" for value in values)))
    try:
        write_whole(buffer.getvalue(), path)
    except OSError as error:
        raise cannot_write(path, error, "file") from None
    print(f"Table: {path}")
