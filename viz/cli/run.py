"""The commands `run` and `compare`: scenario in, answer and output folder out."""

from __future__ import annotations

import hashlib
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from stackcraft.viz.cli.options import CHANGES, MAYBE_PATH, OUTPUT, SHARED, Json, SetInB, place, takes

# Nothing heavy above: the help must come at once.
if TYPE_CHECKING:
    from stackcraft.model.scenario import Scenario

RESULTS_FOLDER = Path("results")


@takes(changes=CHANGES, output=OUTPUT)
def run(
    scenario: Annotated[
        str | None,
        typer.Argument(
            help="A scenario's name (see `stackcraft scenarios`) or a TOML file; baseline if left out.",
            metavar="SCENARIO",
        ),
    ] = None,
    *,
    changes: dict[str, Any],
    output: dict[str, Any],
    manifest: Annotated[
        MAYBE_PATH,
        typer.Option(
            "--manifest",
            help="Repeat the run that this manifest describes and say whether the results are the same.",
            metavar="FILE",
            parser=place,
        ),
    ] = None,
) -> None:
    """Run a scenario, print the answer and write the report."""
    if manifest:
        _repeat(manifest, {"scenario": scenario, **changes}, output)
        return
    from stackcraft.experiments.runs import outputs

    original = load("baseline" if scenario is None else scenario)
    chosen = changed(original, changes)
    folder, files = output["out"] or RESULTS_FOLDER, not output["no_files"]
    if files and not output["out"]:
        folder /= _label(original, chosen)
    if files:
        outputs.check_place(folder)
    note_worlds(chosen.worlds)
    with closing(_simulate(chosen, output["threads"], files)) as simulation:
        _print_run(chosen, simulation)
        if files:
            _write(folder, chosen, simulation, overrides(changes))


def _repeat(path: Path, changes: dict[str, Any], output: dict[str, Any]) -> None:
    """Run again what a manifest describes; say whether the results are the same, and exit with 1 if not."""
    from stackcraft.agents.errors import InputError
    from stackcraft.experiments.runs import manifest as manifests
    from stackcraft.experiments.runs import outputs

    if (name := changes.get("scenario")) is not None:
        raise InputError(f"--manifest holds its own scenario; leave out {name!r}, or leave out --manifest")
    if given := overrides(changes):
        raise InputError(f"--manifest repeats a run exactly as it was; leave out {given[0].split()[0]}")
    manifest = manifests.read_manifest(path)
    scenario = manifests.scenario_of(manifest, Path(path).name)
    out = output["out"]
    if out:
        outputs.check_place(out)
    with closing(_simulate(scenario, output["threads"], bool(out))) as simulation:
        _print_run(scenario, simulation)
        if out:
            _write(out, scenario, simulation, manifest.get("overrides", []))
        same = outputs.results_hash(simulation.results) == manifest["results_hash"]
        facts = simulation.inputs.facts_hash
        if same and facts == manifest["facts_hash"]:
            print("The results are the same as in the manifest, bit for bit.")
            return
        if same:
            _differ(
                "the results are the same bit for bit, but the facts are not those of the manifest:"
                f" they have hash {facts}, in the manifest {manifest['facts_hash']}"
            )
        differs = manifests.what_differs(manifest, facts)
        reasons = (
            "; ".join(differs) or "version, commit, facts and packages are the same, so this is a fault worth reporting"
        )
        _differ(f"the results differ from those of the manifest: {reasons}")


def _differ(text: str) -> NoReturn:
    print(f"stackcraft: {text}", file=sys.stderr)
    raise typer.Exit(1)


@takes(both=SHARED, output={**OUTPUT, "as_json": Json})
def compare(
    a: Annotated[str, typer.Argument(help="A scenario's name or file.", metavar="A")],
    b: Annotated[str, typer.Argument(help="The scenario to compare with it.", metavar="B")],
    *,
    both: dict[str, Any],
    levers: SetInB = None,
    output: dict[str, Any],
    everything: Annotated[bool, typer.Option("--all", help="Print every difference, not only the clearest.")] = False,
) -> None:
    """Run two scenarios under the same luck and print what differs, with 95 % intervals over runs.

    --parameter, --peer-graph and --off change both scenarios; --set changes B.
    """
    from stackcraft.experiments.runs import compare as comparing
    from stackcraft.experiments.runs import outputs
    from stackcraft.viz.cli import tables
    from stackcraft.viz.cli.terminal import print_json
    from stackcraft.viz.report.bundle import write_comparison_bundle

    as_json = output["as_json"]
    first = changed(load(a), both)
    loaded = load(b)
    # B takes A's luck and worlds unless the command line says otherwise: without them there is nothing to compare.
    luck = {
        "runs": both["runs"] or first.runs,
        "seed": first.seed if both["seed"] is None else both["seed"],
        "worlds": both["worlds"] or first.worlds,
    }
    second = changed(loaded, {**both, **luck, "levers": levers})
    comparing.check_comparable(first, second)
    folder, files = output["out"] or RESULTS_FOLDER, not output["no_files"] and (not as_json or output["out"])
    if files and not output["out"]:
        changes = _label(loaded, second.with_changes(runs=loaded.runs, seed=loaded.seed))
        folder /= f"compare-{_label(first, first)}-{changes}"
    if files:
        outputs.check_place(folder)
    note_worlds(first.worlds)
    simulations = [_simulate(scenario, output["threads"], bool(files)) for scenario in (first, second)]
    with closing(simulations[0]), closing(simulations[1]):
        results = [simulation.results for simulation in simulations]
        comparison = comparing.compare_results(first, second, *results)
        if as_json:
            print_json(comparison.as_dict())
        else:
            tables.print_comparison(comparison, *results, levers or (), everything=everything)
        if files:
            with outputs.output_folder(folder) as place:
                write_comparison_bundle(place, comparison, simulations, [f"--set {text} (B)" for text in levers or []])
            if not as_json:
                _say_where(folder)


def load(name: str) -> Scenario:
    """Return the scenario of that name or file. Raises `InputError`, also for a folder: it names the file in it."""
    from stackcraft.agents.errors import InputError
    from stackcraft.model.scenario import Scenario, shipped

    path = Path(name)
    if path.is_dir() and name not in shipped():
        inside = path / "scenario.toml"
        hint = (
            f"did you mean {inside}?"
            if inside.is_file()
            else "give a scenario's name or a file whose name ends in .toml"
        )
        raise InputError(
            f"{name} is a folder, not a scenario; {hint}" if name else f"the scenario's name is empty: ''; {hint}"
        )
    return Scenario.load(name)


def changed(scenario: Scenario, changes: dict[str, Any]) -> Scenario:
    """Return the scenario with what the command line asks for. Raises `InputError`."""
    from stackcraft.agents.errors import InputError
    from stackcraft.model.scenario import ScenarioError

    replaced = {
        key: changes[key] for key in ("runs", "seed", "world", "worlds", "peer_graph") if changes.get(key) is not None
    }
    for text in changes.get("levers") or ():
        if not text.strip():
            raise InputError(
                f"--set {text!r} is not an assignment; write --set ACTOR.LEVER=VALUE,"
                " such as --set us_government.supply_bond=0.9"
            )
    if changes.get("years") is not None:
        replaced["years"] = years(changes["years"])
    off = [name for text in changes.get("off") or [] for name in text.split(",")]
    parameters = {}
    for name, value in pairs(changes.get("parameters"), "--parameter", "supply_fear=3").items():
        try:
            parameters[name] = float(value)
        except ValueError:
            raise InputError(f"--parameter {name}={value}: {value!r} is not a number") from None
    presets = pairs(changes.get("presets"), "--preset", "US=contested-first")
    strategies = pairs(changes.get("strategies"), "--strategy", "KEN=hedge")
    try:
        made = scenario.with_changes(
            levers=changes.get("levers") or (),
            parameters=parameters,
            presets=presets,
            strategies=strategies,
            off=off,
            **replaced,
        )
        for name, value in made.parameters.items():
            note_implausible(name, value)
        return made
    except ScenarioError as error:
        # The scenario was right when it was read, so the command line made the mistake.
        here = f"{scenario.source or scenario.name}: "
        raise ScenarioError([f"command line: {line.removeprefix(here)}" for line in error.mistakes]) from None


def note_implausible(name: str, value: float) -> None:
    """Say it where a parameter is set to a value that is allowed but would hardly be believed."""
    from stackcraft.model.parameters import locate

    declaration, index = locate(name)
    if note := declaration.implausible(value, index or ()):
        print(f"stackcraft: {note}", file=sys.stderr)


def note_worlds(kind: str) -> None:
    """Say it where a table of the user's was made on another version of the model. Raises `InputError` for no table.

    Of the table that comes with the project `stackcraft evidence worlds` says it.
    """
    from stackcraft.model.worlds import PLAUSIBLE, table_of

    table = table_of(kind)
    if table is None or kind == PLAUSIBLE:
        return
    from stackcraft.experiments.evidence.staleness import results

    if table.about.get("results") != results():
        print(
            f"stackcraft: the worlds of {kind} were matched on {table.about.get('made', 'an unknown day')}, and the "
            "model has changed since: history may rule out some of them now",
            file=sys.stderr,
        )


def years(text: str) -> tuple[int, int]:
    """Return the two years of "2025:2045". Raises `InputError`."""
    from stackcraft.agents.errors import InputError

    first, colon, last = text.partition(":")
    if not colon or not first.strip().isdecimal() or not last.strip().isdecimal():
        raise InputError(f"--years {text}: write the first and the last year, such as 2025:2045")
    return int(first), int(last)


def pairs(texts: list[str] | None, option: str, example: str) -> dict[str, str]:
    """Return the names and values of ["name=value", ...]. Raises `InputError`."""
    from stackcraft.agents.errors import InputError

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


def _simulate(scenario: Scenario, threads: int | None, files: bool) -> Any:
    """Run a scenario with a progress bar on the error stream, if somebody is watching; `files` will be written."""
    from rich.markup import escape
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

    from stackcraft.experiments.runs.running import run_scenario
    from stackcraft.viz.cli.progress import bars

    first, last = scenario.years
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[year]}"), TimeElapsedColumn())
    with bars(*columns) as progress:
        task = progress.add_task(f"{escape(scenario.name)}: {scenario.runs} runs", total=last - first, year=str(first))

        def begun(year: int) -> None:
            if year == first + 1:
                threading.Thread(target=_import_what_is_needed, args=(files,), daemon=True).start()
            progress.update(task, advance=1, year=str(year))

        return run_scenario(scenario, threads=threads, progress=begun)


def _import_what_is_needed(files: bool) -> None:
    """Import what tables and files need while the loop runs, which leaves Python alone.

    It takes as long as many runs.
    """
    with suppress(Exception):  # what is wrong with it is said where it is needed
        import xarray

        import stackcraft.viz.cli.tables

        xarray.Dataset({"share": ("run", [0.0])})  # brings in what xarray imports at the first use
        if files:
            import stackcraft.viz.report.bundle  # noqa: F401


def _print_run(scenario: Scenario, simulation: Any) -> None:
    from stackcraft.viz.cli import tables

    tables.print_run(scenario, simulation.results)


def _write(folder: Path, scenario: Scenario, simulation: Any, changes: list[str]) -> None:
    from stackcraft.experiments.runs import outputs
    from stackcraft.viz.report.bundle import write_bundle

    with outputs.output_folder(folder) as place:
        write_bundle(place, scenario, simulation, changes)
    _say_where(folder)


def _say_where(folder: Path) -> None:
    from stackcraft.experiments.runs import outputs

    print(f"Report: {folder / outputs.REPORT}")
    print(f"Beside it: {', '.join(sorted(path.name for path in folder.iterdir() if path.name != outputs.REPORT))}")


def _label(original: Scenario, scenario: Scenario) -> str:
    """The name of an output folder: the scenario's, with a short hash where the command line changed it.

    Raises `InputError` for a name that is none for a folder, or would lead out of results/.
    """
    from stackcraft.agents.errors import InputError

    name = scenario.name
    if any(mark in name for mark in "/\\:\0") or name.startswith(".") or not name.strip():
        raise InputError(
            f"scenario name {name!r} cannot name a folder; use letters, digits and hyphens in `name`, or give --out"
        )
    if original.as_dict() == scenario.as_dict():
        return scenario.name
    text = json.dumps(scenario.as_dict(), sort_keys=True)
    return f"{scenario.name}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"
