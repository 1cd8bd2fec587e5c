"""The command line: `stackcraft`. Every command lies in a file of its own kind and loads what it needs when called."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from stackcraft.viz.cli import analyse, dashboard, study

app = typer.Typer(
    name="stackcraft",
    help="Simulate how the American and the Chinese AI stack spread to the rest of the world. Explores what follows from"
    " assumptions; forecasts nothing.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _place(text: str) -> Path:
    """A path from the command line; nothing is no path, though Python takes it for the folder one is in."""
    if not text.strip():
        raise typer.BadParameter("give the name of a file or folder, not an empty text")
    return Path(text)


OBJECTS_PER_COLLECTION = (
    50_000  # Python's own 700 has it look for garbage all the time while libraries load, a fifth of a second in all
)

RunsOption = Annotated[
    int | None, typer.Option("--runs", help="How many runs; more runs, narrower intervals.", metavar="N")
]
SeedOption = Annotated[
    int | None, typer.Option("--seed", help="Seed of the luck; the same seed gives the same runs.", metavar="N")
]
YearsOption = Annotated[
    str | None, typer.Option("--years", help="First and last year, such as 2025:2045.", metavar="A:B")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="Set a lever, such as us_government.guarantee=0.9, KEN.hedge=0.8 or"
                 " us_vendors.affiliation@2035=0.1 (from that January). May be repeated.", metavar="LEVER=VALUE"),
]  # fmt: skip
ParameterOption = Annotated[
    list[str] | None,
    typer.Option("--parameter", help="Set a parameter, such as supply_fear=3. May be repeated.", metavar="NAME=VALUE"),
]
PresetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--preset",
        help="A strategy for a whole side, such as US=contested-first. May be repeated.",
        metavar="SIDE=NAME",
    ),
]
StrategyOption = Annotated[
    list[str] | None,
    typer.Option(
        "--strategy",
        help="A strategy for one actor or group, such as KEN=hedge. May be repeated.",
        metavar="ACTOR=NAME",
    ),
]
OffOption = Annotated[
    list[str] | None,
    typer.Option("--off", help="Switch a submodel off, such as disputes. May be repeated.", metavar="SUBMODEL"),
]
WorldOption = Annotated[
    str | None, typer.Option("--world", help="world, synthetic, or a folder of facts tables.", metavar="NAME")
]
PeerGraphOption = Annotated[
    str | None,
    typer.Option(
        "--peer-graph",
        help="Who looks to whom: trade-and-votes (usual), neighbours, region, votes or random.",
        metavar="NAME",
    ),
]
ThreadsOption = Annotated[
    int | None, typer.Option("--threads", help="Threads that share the runs; changes no result.", metavar="N", min=1)
]
OutOption = Annotated[
    Path | None,
    typer.Option(
        "--out",
        help="Folder for report, results, deals and manifest; by default under results/.",
        metavar="FOLDER",
        parser=_place,
    ),
]
NoFilesOption = Annotated[bool, typer.Option("--no-files", help="Print the answer and write nothing.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")]
ScenarioArgument = Annotated[
    str | None,
    typer.Argument(help="A scenario's name (see `stackcraft scenarios`) or a TOML file; baseline if left out.", metavar="SCENARIO"),
]  # fmt: skip


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", hidden=True)] = False,
) -> None:
    if version:
        from stackcraft.experiments.runs.manifest import version as installed

        print(f"stackcraft {installed()}")
        raise typer.Exit


@app.command()
def run(
    scenario: ScenarioArgument = None,
    runs: RunsOption = None,
    seed: SeedOption = None,
    years: YearsOption = None,
    levers: SetOption = None,
    parameters: ParameterOption = None,
    presets: PresetOption = None,
    strategies: StrategyOption = None,
    off: OffOption = None,
    world: WorldOption = None,
    peer_graph: PeerGraphOption = None,
    threads: ThreadsOption = None,
    out: OutOption = None,
    no_files: NoFilesOption = False,
    manifest: Annotated[
        Path | None,
        typer.Option(
            "--manifest",
            help="Repeat the run that this manifest describes and say whether the results are the same.",
            metavar="FILE",
            parser=_place,
        ),
    ] = None,
) -> None:
    """Run a scenario, print the answer and write the report."""
    from stackcraft.viz.cli import run

    changes = dict(runs=runs, seed=seed, years=years, levers=levers, parameters=parameters, presets=presets,
                   strategies=strategies, off=off, world=world, peer_graph=peer_graph)  # fmt: skip
    if manifest:
        run.repeat(manifest, {"scenario": scenario, **changes}, threads=threads, out=out)
    else:
        run.run(scenario if scenario is not None else "baseline", changes, threads=threads, out=out, files=not no_files)


@app.command()
def compare(
    a: Annotated[str, typer.Argument(help="A scenario's name or file.", metavar="A")],
    b: Annotated[str, typer.Argument(help="The scenario to compare with it.", metavar="B")],
    runs: RunsOption = None,
    seed: SeedOption = None,
    years: YearsOption = None,
    levers: Annotated[
        list[str] | None, typer.Option("--set", help="Set a lever in B only. May be repeated.", metavar="LEVER=VALUE")
    ] = None,
    parameters: ParameterOption = None,
    off: OffOption = None,
    world: WorldOption = None,
    peer_graph: PeerGraphOption = None,
    threads: ThreadsOption = None,
    out: OutOption = None,
    no_files: NoFilesOption = False,
    as_json: JsonOption = False,
    everything: Annotated[bool, typer.Option("--all", help="Print every difference, not only the clearest.")] = False,
) -> None:
    """Run two scenarios under the same luck and print what differs, with 95 % intervals over runs.

    --parameter, --peer-graph and --off change both scenarios; --set changes B.
    """
    from stackcraft.viz.cli import run

    both = dict(runs=runs, seed=seed, years=years, parameters=parameters, off=off, world=world, peer_graph=peer_graph)
    run.compare(
        a, b, both, levers, threads=threads, out=out, files=not no_files, as_json=as_json, everything=everything
    )


@app.command()
def scenarios() -> None:
    """List the scenarios that come with the project."""
    from stackcraft.viz.cli import read

    read.scenarios()


@app.command()
def strategies(
    name: Annotated[str | None, typer.Argument(help="Show this one in full.", metavar="[NAME]")] = None,
) -> None:
    """List the strategies of each kind of actor and the presets of each side."""
    from stackcraft.viz.cli import read

    read.strategies(name)


@app.command()
def levers(
    name: Annotated[
        str | None, typer.Argument(help="Show this lever, or those of this actor.", metavar="[NAME]")
    ] = None,
    trace: Annotated[
        bool,
        typer.Option(
            "--trace",
            help="Show every claim of the policy debate: which way its lever moves its number here, and through what.",
        ),
    ] = False,
    measure: Annotated[
        bool,
        typer.Option(
            "--measure",
            help="With --trace: measure now (minutes to hours) instead of showing the last full measurement; so does any of --runs, --seed, --worlds, --threads.",
        ),
    ] = False,
    runs: RunsOption = None,
    seed: SeedOption = None,
    worlds: Annotated[
        int | None, typer.Option("--worlds", help="With --trace: how many parameter sets to try.", metavar="N", min=0)
    ] = None,
    threads: ThreadsOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what each actor can pull: bounds, default, upside, downside, source."""
    from stackcraft.viz.cli import checks, read

    options: dict[str, Any] = dict(runs=runs, seed=seed, worlds=worlds, threads=threads)
    if trace:
        checks.trace(name, **options, measure=measure, as_json=as_json)
    elif idle := [f"--{key}" for key, value in {**options, "measure": measure or None}.items() if value is not None]:
        raise typer.BadParameter(f"{idle[0]} says how to measure claims; add --trace")
    else:
        read.levers(name, as_json=as_json)


@app.command()
def parameters(
    name: Annotated[str | None, typer.Argument(help="Show this one only.", metavar="[NAME]")] = None,
    as_json: JsonOption = False,
) -> None:
    """List the parameters of the model: bounds, default, meaning, source or judgement."""
    from stackcraft.viz.cli import read

    read.parameters(name, as_json=as_json)


@app.command()
def facts(
    country: Annotated[
        str, typer.Argument(help="A country's ISO code or name, such as KEN or Kenya.", metavar="COUNTRY")
    ],
    world: WorldOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what is known of a country, from where, and which values were filled in."""
    from stackcraft.viz.cli import read

    read.facts(country, world or "world", as_json=as_json)


@app.command()
def check(
    names: Annotated[list[str] | None, typer.Argument(help="Only these checks.", metavar="[CHECK]...")] = None,
    threads: ThreadsOption = None,
    as_json: JsonOption = False,
) -> None:
    """Check the model against exact answers: value reached, tolerance, passed or not."""
    from stackcraft.viz.cli import checks

    checks.check(names or [], threads=threads, as_json=as_json)


@app.command()
def bench(
    runs: RunsOption = None, seed: SeedOption = None, threads: ThreadsOption = None, as_json: JsonOption = False
) -> None:
    """Measure how fast the model is on this machine."""
    from stackcraft.viz.cli import checks

    checks.bench(runs=runs, seed=seed, threads=threads, as_json=as_json)


app.command()(study.sweep)
app.command()(analyse.analyse)
app.command()(dashboard.dashboard)
app.add_typer(study.app)


def main(arguments: list[str] | None = None) -> int:
    """The entry point: runs a command and turns every error into one clear line and an exit code.

    0 is success, 1 failure, 2 bad input, 130 Ctrl-C. `--debug` shows the traceback instead.
    """
    gc.set_threshold(OBJECTS_PER_COLLECTION, *gc.get_threshold()[1:])
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    from stackcraft.experiments.runs import stopping

    stopping.stop_tidily()
    try:
        code = app(arguments, prog_name="stackcraft", standalone_mode=False)
        if code == 130:  # Typer turns Ctrl-C into this
            raise KeyboardInterrupt
        return _flushed(code if isinstance(code, int) else 0)
    except KeyboardInterrupt:
        return _say("interrupted; nothing half written is left", stopping.exit_code())
    except BaseException as error:
        if debug or isinstance(error, SystemExit):
            raise
        return _explain(error, arguments)


def _explain(error: BaseException, arguments: list[str]) -> int:
    """One line a mistake on the error stream, and the exit code."""
    from stackcraft.agents.errors import InputError, nearest

    if isinstance(error, InputError):
        return _say(str(error), 2)
    if hasattr(error, "format_message"):  # the command line itself was misspelt
        command, commands = _command_at(arguments)
        text = " ".join(str(error.format_message()).split()).rstrip(".")
        if not text:  # no command at all: the help has been printed
            return 0
        if text.startswith("No such command"):
            word = text.split("'")[1]
            text = f"command {word!r} is unknown; did you mean {nearest(word, commands)}?"
        return _say(f"{text}; see stackcraft {command + ' ' if command else ''}--help", 2)
    if isinstance(error, BrokenPipeError):
        # Whoever read our output has gone, as `head` does; do not trip over the last flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    if isinstance(error, MemoryError):
        return _say("not enough memory; try fewer --runs", 1)
    if isinstance(error, OSError):
        return _say(str(error) if error.errno is None else f"{error.filename or ''}: {error.strerror}".lstrip(": "), 1)
    detail = (str(error).strip() or "no message").splitlines()[0]
    return _say(f"something went wrong: {type(error).__name__}: {detail} (--debug shows where)", 1)


def _command_at(arguments: list[str]) -> tuple[str, list[str]]:
    """The command that was meant ("study show"), and the names that could stand where it went wrong."""

    def names(of: typer.Typer) -> list[str]:
        return [one.name or one.callback.__name__ for one in of.registered_commands]

    groups = {one.typer_instance.info.name: one.typer_instance for one in app.registered_groups}
    commands = [*names(app), *groups]
    command = next((word for word in arguments if word in commands), "")
    if command in groups:
        commands = names(groups[command])
        inner = next((word for word in arguments[arguments.index(command) + 1 :] if word in commands), "")
        command = f"{command} {inner}".strip()
    return command, commands


def _say(text: str, code: int) -> int:
    for line in text.splitlines() or [""]:
        print(f"stackcraft: {line}", file=sys.stderr)
    return code


def _flushed(code: int) -> int:
    sys.stdout.flush()
    return code


if __name__ == "__main__":
    sys.exit(main())
