"""The commands of studies: `sweep`, and `study list|check|show|verify|rerun|query`."""

from __future__ import annotations

import io
import json
import re
import shlex
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer

from stackcraft.viz.cli.options import MAYBE_PATH, place

STUDIES_FOLDER = Path("results/studies")

app = typer.Typer(
    name="study",
    no_args_is_help=True,
    rich_markup_mode="rich",
    help="Look at studies: list those that come with the project, check a file, show, verify, query a finished one, "
    "run one row again.",
)
StudyArgument = Annotated[
    str, typer.Argument(help="A study's name (see `stackcraft study list`) or a TOML file.", metavar="STUDY")
]
FolderArgument = Annotated[
    Path, typer.Argument(help="The folder of a study, made by `stackcraft sweep`.", metavar="FOLDER", parser=place)
]


def sweep(
    study: StudyArgument,
    out: Annotated[
        MAYBE_PATH,
        typer.Option(
            "--out",
            parser=place,
            help="Folder of the study; by default under results/studies/. "
            "Give the same command again to go on after a stop.",
            metavar="FOLDER",
        ),
    ] = None,
    replicates: Annotated[
        int | None,
        typer.Option(
            "--replicates",
            help="Replicates of each row, in place of the study's; more may be added to a finished study.",
            metavar="N",
            min=1,
        ),
    ] = None,
    threads: Annotated[
        int | None, typer.Option("--threads", help="Parts run at once; changes no result.", metavar="N", min=1)
    ] = None,
    dask: Annotated[
        str | None,
        typer.Option(
            "--dask",
            help="Work on a Dask cluster: its scheduler's address, or local for processes on this machine.",
            metavar="ADDRESS",
        ),
    ] = None,
    shard: Annotated[
        str | None,
        typer.Option(
            "--shard", help="Do only every n-th part, from the i-th on, as one job of an array.", metavar="I/N"
        ),
    ] = None,
    time_limit: Annotated[
        str | None,
        typer.Option("--time-limit", help="Begin no part after this time, such as 90m or 2h.", metavar="TIME"),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Go on with other code, or set another study in the folder aside.")
    ] = False,
) -> None:
    """Run a study, or what is missing of it: every row of its design, under the luck of every replicate."""
    from stackcraft.experiments.runs import stopping
    from stackcraft.experiments.sweep import Study
    from stackcraft.experiments.sweep import sweep as run_study

    part_of = _shard(shard)
    loaded = Study.load(study)
    if replicates is not None:
        loaded = loaded.with_replicates(replicates)
    folder = out or STUDIES_FOLDER / loaded.name
    limit = seconds(time_limit) if time_limit is not None else None
    with _Progress(loaded.title) as progress:
        report = run_study(
            loaded, folder, threads=threads, dask=dask, shard=part_of, force=force, time_limit=limit, progress=progress
        )
    _say_done(report, folder, part_of)
    if report.stopped.startswith("stopped by"):
        raise typer.Exit(stopping.exit_code())
    if report.lost or not (report.whole or report.stopped):
        raise typer.Exit(1)


@app.command("list")
def list_() -> None:
    """List the studies that come with the project."""
    from rich.markup import escape

    from stackcraft.experiments.sweep.study import Study, shipped
    from stackcraft.viz.cli.tables import console

    out = console()
    for name in shipped():
        one = Study.load(name)
        out.print(
            f"[bold]{name}[/bold]: {escape(one.title)}. {one.design.rows:,} rows x {one.replicates} replicates = "
            f"{one.runs:,} runs",
            highlight=False,
        )
        if one.story:
            out.print(f"  {one.story}", highlight=False, markup=False)


@app.command()
def check(study: StudyArgument) -> None:
    """Check a study file whole and say what it would run; runs nothing."""
    from stackcraft.experiments.sweep import Study

    _describe(Study.load(study))


@app.command()
def show(folder: FolderArgument) -> None:
    """Say what a study's folder holds: the design, how far it is, what failed, how large it is, what made it."""
    from stackcraft.experiments.sweep.store import Store
    from stackcraft.viz.cli.tables import console

    store = Store.open(folder)
    _describe(store.study)
    out = console()
    names, size, done, failed, makers, empty = store.names(), 0, 0, 0, {}, Counter()
    for name in names:
        footer = store.footer(name)
        done += footer["runs"]
        failed += footer["failed"]
        empty.update(footer.get("no_number", {}))
        size += store.path(name).stat().st_size
        maker = footer["made_by"]
        makers[maker["code"]] = maker
    # Rounded down: only what is whole is 100 %.
    share = f"{100 * done // store.runs}%" if store.runs else "nothing"
    out.print(
        f"{done:,} of {store.runs:,} runs are there ({share}), in {counted(len(names), 'part')}; {size / 1e6:,.1f} MB, "
        f"{size / max(done, 1):,.0f} bytes a run",
        highlight=False,
    )
    for maker in makers.values():
        changes = " with uncommitted changes" if maker.get("uncommitted_changes") else ""
        out.print(
            f"Made by version {maker['version']}, commit {str(maker['commit'])[:9]}{changes}, facts "
            f"{maker['facts'][:12] or 'none'}, NumPy {maker['packages'].get('numpy')}, numba "
            f"{maker['packages'].get('numba')}",
            highlight=False,
        )
    if len(makers) > 1:
        out.print("[bold]Parts were made by different code[/bold]: each part's footer says which.")
    if failed:
        out.print(f"[bold]{counted(failed, 'run')} failed[/bold]; the first few:")
        for one in store.failures()[:5]:
            out.print(
                f"  row {one['design_id']}, replicate {one['replicate']}, in {one['stage']}: {one['error']}",
                highlight=False,
                markup=False,
            )
    records = (done - failed) * len(store.study.years)
    for measure, number in empty.items():
        out.print(
            f"{measure} is not a number in {number:,} of {records:,} records (such as a share of nothing)",
            highlight=False,
            markup=False,
        )
    if done < store.runs:
        out.print(f"Go on with: stackcraft sweep STUDY --out {shlex.quote(str(folder))}", highlight=False, markup=False)


@app.command()
def verify(folder: FolderArgument) -> None:
    """Read every page of every part and check it; exit code 1 if any is damaged."""
    from stackcraft.agents.errors import InputError
    from stackcraft.experiments.sweep.store import Store

    store = Store.open(folder)
    damaged = []
    for name in store.names():
        try:
            store.footer(name)
            store.read(name)
        except InputError as error:
            damaged.append(str(error))
    for line in damaged:
        print(line)
    names = store.names()
    if not names:
        raise _wrong(f"{folder} holds no parts yet; see how far it is with stackcraft study show")
    print(f"Sound parts: {len(names) - len(damaged):,} of {len(names):,}")
    if damaged:
        raise typer.Exit(1)


@app.command()
def rerun(
    folder: FolderArgument,
    row: Annotated[int, typer.Option("--row", help="The design row: design_id in the tables.", metavar="N", min=0)],
    replicate: Annotated[int, typer.Option("--replicate", help="The replicate.", metavar="N", min=0)] = 0,
    deals: Annotated[
        MAYBE_PATH,
        typer.Option(
            "--deals", help="Also write the deals of this run to a .parquet file.", metavar="FILE", parser=place
        ),
    ] = None,
) -> None:
    """Run one row of a study again, alone, and say whether it gives the same numbers as those kept."""
    import numpy as np

    from stackcraft.experiments.sweep import files
    from stackcraft.experiments.sweep.store import Store
    from stackcraft.experiments.sweep.work import one_run
    from stackcraft.viz.cli.tables import console

    store = Store.open(folder)
    study = store.study
    if deals is not None:
        _check_file(deals, "--deals", [".parquet"])
    if row >= study.design.rows:
        raise _wrong(f"--row {row}: the study has rows 0 to {study.design.rows - 1}")
    if replicate >= study.replicates:
        raise _wrong(f"--replicate {replicate}: the study has replicates 0 to {study.replicates - 1}")
    values, table = one_run(study, row, replicate, deals=deals is not None)
    kept = store.row(row, replicate)
    out = console()
    out.print(
        f"Row {row}, replicate {replicate}: "
        + ", ".join(
            f"{key} = {value:g}" if isinstance(value, float) else f"{key} = {value}"
            for key, value in _setting(study, row)
        ),
        highlight=False,
        markup=False,
    )
    for position, year in enumerate(study.years):
        if position in (0, len(study.years) - 1):
            out.print(
                f"{year}: "
                + ", ".join(f"{name} {values[position, column]:.6g}" for column, name in enumerate(study.measures)),
                highlight=False,
                markup=False,
            )
    if deals is not None:
        if table is None:
            raise _wrong("--deals: a plain function has no deals; leave it out")
        files.write(deals, table.to_parquet(compression="zstd", index=False))
        print(f"Deals: {deals} ({counted(len(table), 'row')})")
    if kept is None:
        print("The study does not hold this run: it is not done yet, or it failed.")
        return
    if np.array_equal(values.astype(np.float32), kept, equal_nan=True):
        print("The same numbers as those kept, bit for bit.")
        return
    print("These are not the numbers that were kept; see `stackcraft study show` for what made them.")
    raise typer.Exit(1)


@app.command()
def query(
    folder: FolderArgument,
    sql: Annotated[
        str,
        typer.Argument(
            help="SQL over the tables study (runs with their factors), runs and design, "
            'such as "select year, avg(us_installed) from study group by year".',
            metavar="SQL",
        ),
    ],
    out: Annotated[
        MAYBE_PATH,
        typer.Option(
            "--out", help="Write the answer to this file: .csv, .json or .parquet.", metavar="FILE", parser=place
        ),
    ] = None,
) -> None:
    """Ask a study's tables in SQL, with DuckDB; the answer is shown whole, or written with --out."""
    from stackcraft.experiments import sweep
    from stackcraft.experiments.extras import need

    write = _writer(out)
    answer = sweep.open_study(folder).query(sql)
    if out is not None:
        from stackcraft.experiments.sweep import files

        if twice := [name for name, number in Counter(answer.column_names).items() if number > 1]:
            raise _wrong(f"--out {out}: two columns are called {twice[0]}; name them apart, as in {twice[0]} as other")
        files.write(out, write(answer))
        print(f"{counted(answer.num_rows, 'row')}: {out}")
    elif answer.num_columns:
        everything = 1_000_000_000
        need("duckdb", "analysis").from_arrow(answer).show(
            max_rows=everything, max_width=everything, max_col_width=everything
        )


def _writer(out: Path | None) -> Callable[[Any], bytes] | None:
    """Return what turns a table into the bytes of a file. Raises `InputError` unless its name says of which kind."""
    if out is None:
        return None
    _check_file(out, "--out", WRITERS)
    return WRITERS[out.suffix.lower()]


def _check_file(path: Path, option: str, endings: Iterable[str]) -> None:
    """Raise `InputError`, before the work is done, unless a file of the right kind can be made there."""
    if path.suffix.lower() not in endings:
        raise _wrong(f"{option} {path}: name a file that ends in {', '.join(endings)}")
    if path.is_dir():
        raise _wrong(f"{option} {path} is a folder; name a file in it")
    if not path.absolute().parent.is_dir():
        raise _wrong(f"{option} {path}: there is no folder {path.absolute().parent}")


def _as_json(table: Any) -> bytes:
    from stackcraft.viz.cli.terminal import plain

    def other(value: Any) -> Any:
        if isinstance(value, Decimal):
            return int(value) if value == int(value) else float(value)
        return value.isoformat() if hasattr(value, "isoformat") else str(value)

    rows = plain(table.to_pylist())
    return (json.dumps(rows, default=other, indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def _as_parquet(table: Any) -> bytes:
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    pq.write_table(table, stream, compression="zstd")
    return stream.getvalue()


WRITERS: dict[str, Callable[[Any], bytes]] = {
    # As they are: pandas would make real numbers of whole ones where some are missing, and round beyond 15 digits.
    ".csv": lambda table: table.to_pandas(integer_object_nulls=True).to_csv(index=False).encode(),
    ".json": _as_json,
    ".parquet": _as_parquet,
}


@app.command()
def bench(
    study: StudyArgument = "policies",
    batches: Annotated[
        int, typer.Option("--batches", help="How many parts of the study to run.", metavar="N", min=1)
    ] = 4,
    repeats: Annotated[
        int, typer.Option("--repeats", help="How often each side takes its turn.", metavar="N", min=1)
    ] = 3,
    threads: Annotated[
        int | None, typer.Option("--threads", help="Threads for both sides.", metavar="N", min=1)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Measure what a sweep of this study costs beside the bare engine, in one sitting."""
    from stackcraft.experiments.bench import sweeps
    from stackcraft.experiments.sweep import Study
    from stackcraft.viz.cli.checks import waiting

    with waiting("Measuring") as note:
        found = sweeps.run(Study.load(study), batches=batches, repeats=repeats, threads=threads, note=note)
    if as_json:
        print(json.dumps(found, indent=1))
        return
    print(
        f"{found['runs']:,} runs in {found['batches']} parts, {found['threads']} threads, {found['measures']} measures "
        f"x {found['years']} years; medians of {repeats}"
    )
    print(
        f"bare engine {found['bare']:.1f} runs/s, sweep {found['sweep']:.1f} runs/s: {found['share']:.1%} (asked: at "
        f"least {sweeps.TARGET_SHARE:.0%})"
    )
    print(
        f"{found['bytes_per_run']:.0f} bytes a run on disk (asked: at most {sweeps.TARGET_BYTES:.0f} for 12 measures x "
        "20 years)"
    )


def counted(number: int, noun: str) -> str:
    """Return "1 run" or "1,200 runs"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _wrong(text: str) -> Exception:
    """Bad input; what it is made of loads NumPy, which `--help` should not."""
    from stackcraft.agents.errors import InputError

    return InputError(text)


def seconds(text: str) -> float:
    """The seconds of "90", "90s", "15m" or "2h". Raises `InputError`."""
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*", text)
    if not match:
        raise _wrong(f"--time-limit {text}: write a number and s, m, h or d, such as 90m")
    return float(match[1]) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[match[2]]


def _shard(text: str | None) -> tuple[int, int]:
    if text is None:
        return (1, 1)
    match = re.fullmatch(r"\s*(\d+)\s*/\s*(\d+)\s*", text)
    if not match:
        raise _wrong(f"--shard {text}: write the number of this job and how many there are, such as 3/8")
    return int(match[1]), int(match[2])


def _setting(study: Any, row: int) -> list[tuple[str, Any]]:
    """What distinguishes a row: every factor's value, or the first few of many."""
    table = study.design.table([row])
    return [(factor.name, table[factor.name].iloc[0]) for factor in study.factors][:12]


def _describe(study: Any) -> None:
    from rich.markup import escape

    from stackcraft.viz.cli.tables import console

    out = console()
    out.print(f"[bold]{escape(study.title)}[/bold]", highlight=False)
    if study.story:
        out.print(study.story, highlight=False, markup=False)
    for block in study.design.blocks:
        names = [factor.name for factor in block.factors]
        shown = ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")
        out.print(
            f"  {block.name}: {block.kind}, {block.size:,} row{'s' * (block.size != 1)} over {shown or 'nothing'}",
            highlight=False,
            markup=False,
        )
    if study.design.kept is not None:
        out.print(f"  {study.design.product - study.design.rows:,} rows are left out by constraints", highlight=False)
    years = f"{len(study.years)} years kept" if len(study.years) > 1 else "one year kept"
    out.print(
        f"{study.design.rows:,} rows x {study.replicates:,} replicates = {study.runs:,} runs; {len(study.measures)} "
        f"measures, {years}, seed {study.seed}",
        highlight=False,
    )


def _say_done(report: Any, folder: Path, shard: tuple[int, int]) -> None:
    if report.done:
        print(
            f"{counted(report.done, 'run')} in {report.seconds:,.0f} s, {report.rate:,.1f} a second"
            + (f"; {report.failed:,} failed, see {folder}/failures" if report.failed else "")
        )
    for name, why in report.lost[:5]:
        print(f"{name} was lost: {why}")
    if report.lost:
        print(
            f"Lost with their workers: {counted(len(report.lost), 'part')}; give the same command again to run what is"
            " missing"
        )
    state = (
        "whole"
        if report.whole
        else f"{report.before + report.done:,} of {report.total:,} runs there"
        + (f" ({report.stopped})" if report.stopped else "")
    )
    if shard[1] > 1:
        print(
            f"Shard {shard[0]}/{shard[1]} of the study {folder}: {state}; stackcraft study show {folder} says how far "
            "the others are"
        )
        return
    print(f"Study: {folder}: {state}")
    if report.whole:
        print(f"Next: stackcraft analyse all {shlex.quote(str(folder))} --out report.html")


class _Progress:
    """A bar with rate and time left where somebody is watching; a line now and then where not."""

    def __init__(self, title: str) -> None:
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

        self.console = Console(stderr=True)
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
        )
        self.bar = Progress(*columns, console=self.console, transient=True, disable=not self.console.is_terminal)
        self.title, self.task, self.told, self.notes = escape(title), None, 0.0, 0

    def __enter__(self) -> _Progress:
        self.bar.__enter__()
        return self

    def __exit__(self, *exception: object) -> None:
        self.bar.__exit__(*exception)

    def __call__(self, report: Any) -> None:
        for note in report.notes[self.notes :]:  # at once: one of them says how to stop
            self.console.print(note, highlight=False, markup=False, soft_wrap=True)
        self.notes = len(report.notes)
        done = report.before + report.done
        rate = f"{report.rate:,.1f} runs/s" + (f", {report.failed:,} failed" if report.failed else "")
        if self.task is None:
            self.task = self.bar.add_task(self.title, total=report.total, completed=done, rate="")
        self.bar.update(self.task, completed=done, rate=rate)
        if not self.console.is_terminal and report.seconds - self.told >= 60:
            self.told = report.seconds
            left = f", {rate}, {(report.total - done) / report.rate / 60:,.0f} minutes left" if report.rate else ""
            self.console.print(f"{done:,} of {report.total:,} runs{left}", highlight=False)
