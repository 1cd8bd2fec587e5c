"""The commands that measure the model itself, `check`, `bench` and `levers --trace`, and `cache`."""

from __future__ import annotations

from typing import Any

import typer
from rich.markup import escape
from rich.table import Column

from stackcraft.viz.cli.progress import waiting
from stackcraft.viz.cli.terminal import console, number, print_json, prose, show


def check(chosen: list[str], *, threads: int | None, as_json: bool) -> None:
    """Run the checks and print each one's value beside its tolerance; exit with 1 if one fails."""
    from stackcraft.experiments import checks

    with waiting("Checking") as note:
        rows = checks.run(chosen or None, note=note, **_given(threads=threads))
    if as_json:
        print_json([vars(row) for row in rows])
    else:
        out = console()
        columns = ("group", prose("check"), number("reached"), number("must be"), "")
        show(out, "Checks", columns, map(_check_cells, rows))
        for row in rows:
            if (not row.passed or row.stands_out) and row.detail:
                out.print(f"{row.group}, {escape(row.name.partition(': ')[0])}: {escape(row.detail)}")
        out.print(f"{sum(row.passed for row in rows)} passed, {sum(not row.passed for row in rows)} failed")
    if not all(row.passed for row in rows):
        raise typer.Exit(1)


def _check_cells(row: Any) -> tuple[str, ...]:
    bound = _text(row.tolerance) if row.tolerance is None else f"{row.sense} {_text(row.tolerance)}".strip()
    verdict = "[bold]FAILED[/bold]" if not row.passed else "[bold]stands out[/bold]" if row.stands_out else "passed"
    return row.group, escape(row.name), _text(row.value), bound, verdict


def bench(*, runs: int | None, seed: int | None, threads: int | None, as_json: bool) -> None:
    """Measure the speed here and print it; exit with 1 if the work measured is not what `run` does."""
    from stackcraft.experiments import bench as benchmarks

    with waiting("Measuring") as note:
        found = benchmarks.run(note=note, **_given(runs=runs, seed=seed, threads=threads))
    if as_json:
        print_json(found)
    else:
        from stackcraft.viz.cli.bench import print_bench

        print_bench(found)
    if not found["counts"]["same_as_run"]:
        raise typer.Exit(1)


def bench_against(commit: str, *, runs: int | None, seed: int | None, as_json: bool) -> None:
    """Measure this version and an earlier one in turn and print how they compare."""
    from stackcraft.experiments.bench import against

    with waiting("Measuring") as note:
        found = against.compare(commit, note=note, **_given(runs=runs, seed=seed))
    if as_json:
        print_json(found)
    else:
        from stackcraft.viz.cli.bench import print_comparison

        print_comparison(found)


def trace(name: str | None, options: dict[str, Any], *, measure: bool, as_json: bool) -> None:
    """Show the claims of the policy debate, all or those of one lever or claim, as last measured in full.

    They are measured now where `measure` or any of the options asks for it, or where no measurement is stored.
    """
    from stackcraft.experiments.evidence import claim_tests as tracing
    from stackcraft.viz.words import claims

    chosen = [claim.claim for claim in tracing.select(name)]
    known = claims.stored(chosen)
    options = _given(**options)
    if known.rows and not measure and not options:
        if as_json:
            print_json(claims.as_plain(known))
        else:
            notes = [claims.measured_sentence(known)]
            if missing := set(chosen) - {row.claim for row in known.rows}:
                notes.append(f"Not in the table: {', '.join(sorted(missing))}; --measure measures them.")
            _claims(known.rows, notes, claims.warning(known))
        return
    with waiting("Tracing") as note:
        rows = tracing.run(name, note=note, **options)
    if as_json:
        print_json([vars(row) for row in rows])
    else:
        _claims(rows, ["Measured just now, on the present code and parameters."], "")


def _claims(rows: list[Any], notes: list[str], warning: str) -> None:
    """Print a table of claims, how many hold, and what a reader must know of the measurement."""
    from stackcraft.viz.words import claims

    widths = {
        "claim and lever": 8,
        "measure": 5,
        "effect, 95 % interval": 4,
        "holds in": 2,
        "without carrier": 3,
        "verdict": 4,
    }
    columns = [Column(header, overflow="fold", ratio=width) for header, width in widths.items()]
    cells = []
    for row in rows:
        name, lever, measure, effect, interval, *others = map(escape, claims.cells(row))
        claim = f"[bold]{name}[/bold] {escape(row.sentence)} ({lever})"
        cells.append((claim, measure, f"{effect} ({interval})", *others))
    out = console()
    if warning:
        out.print(f"[bold]{escape(warning)}[/bold]")
    show(out, "Claims, measured", columns, cells, lines_after=range(len(cells)))
    out.print(escape(" ".join([claims.tally_sentence(rows), *notes])))


def cache(*, clear: bool, clear_all: bool, as_json: bool) -> None:
    """Say where compiled code is kept and how large it is; delete this version's or all of it."""
    from stackcraft.model.loop import cache as kept

    if kept.FOLDER is None and as_json:
        print_json({"folder": None, "kernels": 0, "bytes": 0, "bytes_of_all_versions": 0, "versions": 0,
                    "most_bytes": kept.MOST_BYTES})  # fmt: skip
        return
    if kept.FOLDER is None:
        print("No folder can be written: every process compiles the model again. Set STACKCRAFT_CACHE to a folder.")
        return
    here = kept.versions(kept.FOLDER.parent)
    for version in here if clear_all else [version for version in here if clear and version.folder == kept.FOLDER]:
        kept.forget(version)
    here = kept.versions(kept.FOLDER.parent)
    own = sum(version.bytes for version in here if version.folder == kept.FOLDER)
    total, others = sum(version.bytes for version in here), sum(version.folder != kept.FOLDER for version in here)
    if as_json:
        print_json({"folder": str(kept.FOLDER), "kernels": kept.kernels(), "bytes": own, "bytes_of_all_versions": total,
                    "versions": len(here), "most_bytes": kept.MOST_BYTES})  # fmt: skip
        return
    print(f"Compiled code of this version: {kept.kernels()} kernels, {own / 1e6:.0f} MB, in {kept.FOLDER}")
    print(
        f"Other versions beside it: {others}, {(total - own) / 1e6:.0f} MB. All together are kept below"
        f" {kept.MOST_BYTES / 1e6:.0f} MB: those used longest ago go first. STACKCRAFT_CACHE names another place;"
        " --clear deletes this version's, --clear-all all."
    )


def _given(**options: Any) -> dict[str, Any]:
    """Return only what the command line says; the rest keeps its default."""
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
