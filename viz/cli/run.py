"""The commands `run` and `compare`: scenario in, answer and output folder out."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import typer

from stackcraft.agents.errors import InputError
from stackcraft.model.scenario import Scenario, ScenarioError, shipped

RESULTS_FOLDER = Path("results")


def run(name: str, changes: dict[str, Any], *, threads: int | None, out: Path | None, files: bool) -> None:
    """Run a scenario, print the answer, write the outputs."""
    from stackcraft.experiments.runs import outputs

    original = load(name)
    scenario = changed(original, changes)
    folder = out or RESULTS_FOLDER
    if files and not out:
        folder /= _label(original, scenario)
    if files:
        outputs.check_place(folder)
    with closing(_simulate(scenario, threads)) as simulation:
        _print_run(scenario, simulation)
        if files:
            _write(folder, scenario, simulation, overrides(changes))


def repeat(path: Path, changes: dict[str, Any], *, threads: int | None, out: Path | None) -> None:
    """Run again what a manifest describes; say whether the results are the same, and exit with 1 if not."""
    from stackcraft.experiments.runs import manifest as manifests
    from stackcraft.experiments.runs import outputs

    if (name := changes.get("scenario")) is not None:
        raise InputError(f"--manifest holds its own scenario; leave out {name!r}, or leave out --manifest")
    if given := overrides(changes):
        raise InputError(f"--manifest repeats a run exactly as it was; leave out {given[0].split()[0]}")
    manifest = manifests.read_manifest(path)
    scenario = manifests.scenario_of(manifest, Path(path).name)
    if out:
        outputs.check_place(out)
    with closing(_simulate(scenario, threads)) as simulation:
        _print_run(scenario, simulation)
        if out:
            _write(out, scenario, simulation, manifest.get("overrides", []))
        same = outputs.results_hash(simulation.results) == manifest["results_hash"]
        facts = _facts_hash(simulation)
        if same and facts == manifest["facts_hash"]:
            print("The results are the same as in the manifest, bit for bit.")
            return
        if same:
            told = f"they have hash {facts}, in the manifest {manifest['facts_hash']}"
            print(
                f"stackcraft: the results are the same bit for bit, but the facts are not those of the manifest: {told}",
                file=sys.stderr,
            )
            raise typer.Exit(1)
        differs = manifests.what_differs(manifest, facts)
        reasons = (
            "; ".join(differs) or "version, commit, facts and packages are the same, so this is a fault worth reporting"
        )
        print(f"stackcraft: the results differ from those of the manifest: {reasons}", file=sys.stderr)
        raise typer.Exit(1)


def compare(
    name_a: str,
    name_b: str,
    both: dict[str, Any],
    levers_b: list[str] | None,
    *,
    threads: int | None,
    out: Path | None,
    files: bool,
    as_json: bool,
    everything: bool,
) -> None:
    """Run two scenarios under the same luck and print the paired differences."""
    from stackcraft.experiments.runs import compare as comparing
    from stackcraft.experiments.runs import outputs

    a = changed(load(name_a), both)
    loaded_b = load(name_b)
    # B takes A's luck unless told otherwise: without that there would be nothing to compare.
    luck = {"runs": both.get("runs") or a.runs, "seed": both["seed"] if both.get("seed") is not None else a.seed}
    b = changed(loaded_b, {**both, **luck, "levers": levers_b})
    comparing.check_comparable(a, b)
    files = files and (not as_json or out is not None)
    folder = out or RESULTS_FOLDER
    if files and not out:
        folder /= f"compare-{_label(a, a)}-{_label(loaded_b, b.with_changes(runs=loaded_b.runs, seed=loaded_b.seed))}"
    if files:
        outputs.check_place(folder)
    comparison, first, second = comparing.compare(a, b, run=lambda scenario: _simulate(scenario, threads))
    with closing(first), closing(second):
        if as_json:
            print(json.dumps(comparison.as_dict(), indent=2, ensure_ascii=False, allow_nan=False))
        else:
            from stackcraft.viz.cli import tables

            tables.print_comparison(comparison, first.results, second.results, levers_b or (), everything=everything)
        if files:
            _write_comparison(
                folder, comparison, first, second, [f"--set {text} (B)" for text in levers_b or []], quiet=as_json
            )


def load(name: str) -> Scenario:
    """The scenario of that name or file. Raises `InputError`, also for a folder, with the file in it that was meant."""
    path = Path(name)
    if path.is_dir() and name not in shipped():
        inside = path / "scenario.toml"
        hint = (
            f"did you mean {inside}?"
            if inside.is_file()
            else "give a scenario's name or a file whose name ends in .toml"
        )
        raise InputError(f"{name} is a folder, not a scenario; {hint}" if name else f"scenario '' is no name; {hint}")
    return Scenario.load(name)


def changed(scenario: Scenario, changes: dict[str, Any]) -> Scenario:
    """The scenario with what the command line asks for. Raises `InputError`."""
    replaced = {key: changes[key] for key in ("runs", "seed", "world", "peer_graph") if changes.get(key) is not None}
    for text in changes.get("levers") or ():
        if not text.strip():
            raise InputError(
                f"--set {text!r} is no assignment; write --set ACTOR.LEVER=VALUE, such as --set us_government.guarantee=0.9"
            )
    if changes.get("years") is not None:
        replaced["years"] = years(changes["years"])
    off = [name for text in changes.get("off") or [] for name in text.split(",")]
    parameters = {}
    for name, value in pairs(changes.get("parameters"), "--parameter", "supply_fear=3").items():
        try:
            parameters[name] = float(value)
        except ValueError:
            raise InputError(f"--parameter {name}={value}: {value!r} is no number") from None
    presets = pairs(changes.get("presets"), "--preset", "US=contested-first")
    strategies = pairs(changes.get("strategies"), "--strategy", "KEN=hedge")
    try:
        return scenario.with_changes(
            levers=changes.get("levers") or (),
            parameters=parameters,
            presets=presets,
            strategies=strategies,
            off=off,
            **replaced,
        )
    except ScenarioError as error:
        # The scenario was right when it was read, so the command line made the mistake.
        here = f"{scenario.source or scenario.name}: "
        raise ScenarioError([f"command line: {line.removeprefix(here)}" for line in error.mistakes]) from None


def years(text: str) -> tuple[int, int]:
    """The two years of "2025:2045". Raises `InputError`."""
    first, colon, last = text.partition(":")
    if not colon or not first.strip().isdigit() or not last.strip().isdigit():
        raise InputError(f"--years {text}: write the first and the last year, such as 2025:2045")
    return int(first), int(last)


def pairs(texts: list[str] | None, option: str, example: str) -> dict[str, str]:
    """The names and values of ["name=value", ...]. Raises `InputError`."""
    found = {}
    for text in texts or []:
        name, equals, value = text.partition("=")
        if not equals or not name.strip() or not value.strip():
            raise InputError(f"{option} {text}: write a name, = and a value, such as {option} {example}")
        found[name.strip()] = value.strip()
    return found


def overrides(changes: dict[str, Any]) -> list[str]:
    """What the command line changed, in its own words, for the manifest and the reader."""
    options = {
        "levers": "set",
        "parameters": "parameter",
        "presets": "preset",
        "strategies": "strategy",
        "peer_graph": "peer-graph",
    }
    found = []
    for key, value in changes.items():
        if value is not None:
            items = value if isinstance(value, list) else [value]
            found += [f"--{options.get(key, key)} {item}" for item in items]
    return found


@contextmanager
def closing(simulation: Any) -> Iterator[Any]:
    """Close a simulation whatever happens, so that its memory is given back."""
    try:
        yield simulation
    finally:
        simulation.close()


def _simulate(scenario: Scenario, threads: int | None):
    """Run a scenario with a progress bar on the error stream, if somebody is watching."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    first, last = scenario.years
    console = Console(stderr=True)
    if not _compiled_before():
        console.print("Compiling the model: once on this machine, a minute or two.")
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[year]}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(f"{scenario.name}: {scenario.runs} runs", total=last - first, year=str(first))
        from stackcraft.experiments.runs.running import run_scenario

        def begun(year: int) -> None:
            if year == first + 1:
                threading.Thread(target=_import_what_prints, daemon=True).start()
            progress.update(task, advance=1, year=str(year))

        return run_scenario(scenario, threads=threads, progress=begun)


def _import_what_prints() -> None:
    """Import what the tables need, which takes as long as several runs, beside the loop, which leaves Python alone
    meanwhile.
    """
    with suppress(Exception):  # what is wrong with it is told where it is needed
        import xarray

        import stackcraft.viz.cli.tables  # noqa: F401

        xarray.Dataset({"share": ("run", [0.0])})  # brings in what xarray imports at the first use


def _compiled_before() -> bool:
    """Whether compiled code of this version of the model lies in the cache."""
    import numba

    import stackcraft.model.loop  # noqa: F401  chooses the cache folder

    return any(Path(numba.config.CACHE_DIR).rglob("*.nbi"))


def _print_run(scenario: Scenario, simulation: Any) -> None:
    from stackcraft.viz.cli import tables

    tables.print_run(scenario, simulation.results)


def _write(folder: Path, scenario: Scenario, simulation: Any, changes: list[str]) -> None:
    from stackcraft.experiments.runs import outputs
    from stackcraft.viz.report.bundle import write_bundle

    with outputs.output_folder(folder) as place:
        write_bundle(place, scenario, simulation, changes)
    _say_where(folder)


def _write_comparison(
    folder: Path, comparison: Any, first: Any, second: Any, changes: list[str], *, quiet: bool
) -> None:
    from stackcraft.experiments.runs import manifest as manifests
    from stackcraft.experiments.runs import outputs
    from stackcraft.viz.report import build_comparison_report

    with outputs.output_folder(folder) as place:
        hashes = {}
        for side, simulation, scenario in (("a", first, comparison.a), ("b", second, comparison.b)):
            (place / f"{side}-{outputs.SCENARIO}").write_text(scenario.to_toml(), encoding="utf-8")
            outputs.write_results(simulation.results, place / f"{side}-{outputs.RESULTS}")
            outputs.write_deals(simulation.deals, place / f"{side}-{outputs.DEALS}")
            hashes[side] = outputs.results_hash(simulation.results)
        table = comparison.as_dict()
        text = json.dumps(table, indent=2, ensure_ascii=False, allow_nan=False)
        (place / outputs.DIFFERENCES).write_text(text + "\n", encoding="utf-8")
        manifest = manifests.make_manifest(
            comparison.b,
            overrides=changes,
            facts_hash=_facts_hash(second),
            results_hash=hashes["b"],
            repeat=f"stackcraft compare a-{outputs.SCENARIO} b-{outputs.SCENARIO}",
            compared_with=comparison.a.as_dict(),
            compared_results_hash=hashes["a"],
        )
        build_comparison_report(first, second, place / outputs.REPORT, manifest)
        outputs.write_manifest(manifest, place)
    if not quiet:
        _say_where(folder)


def _say_where(folder: Path) -> None:
    from stackcraft.experiments.runs import outputs

    print(f"Report: {folder / outputs.REPORT}")
    print(f"Beside it: {', '.join(sorted(path.name for path in folder.iterdir() if path.name != outputs.REPORT))}")


def _facts_hash(simulation: Any) -> str:
    return simulation.inputs.facts_hash


def _label(original: Scenario, scenario: Scenario) -> str:
    """The name of an output folder: the scenario's, with a short hash where the command line changed it.

    Raises `InputError` for a name that is none for a folder, or would lead out of results/.
    """
    name = scenario.name
    if any(mark in name for mark in "/\\:\0") or name.startswith(".") or not name.strip():
        raise InputError(
            f"scenario name {name!r} is no name for a folder; use letters, digits and hyphens in `name`, or give --out"
        )
    if original.as_dict() == scenario.as_dict():
        return scenario.name
    text = json.dumps(scenario.as_dict(), sort_keys=True)
    return f"{scenario.name}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
