"""The command line: `stackcraft`. Every command loads what it needs only when it is called."""

from __future__ import annotations

import atexit
import errno
import gc
import sys
import warnings
from contextlib import suppress
from typing import Annotated, Any

import typer

from stackcraft.viz.cli import analyse, dashboard, evidence, streams, study, wargame
from stackcraft.viz.cli import run as runs_commands
from stackcraft.viz.cli.options import (
    MAYBE_NUMBER,
    MAYBE_TEXT,
    MAYBE_TEXTS,
    Json,
    Runs,
    Seed,
    Threads,
    World,
    takes,
)  # fmt: skip

app = typer.Typer(
    name="stackcraft",
    help="Simulate how the American and the Chinese AI stack spread to the rest of the world. It works out what follows"
    " from assumptions; it is not a forecast.",
    epilog="The first run of a version compiles the model; `stackcraft cache` says where that is kept and how large.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
# Python's own 700 has it look for garbage all the time while libraries load, a fifth of a second in all.
OBJECTS_PER_COLLECTION = 50_000
MEASURING = {
    "runs": Runs,
    "seed": Seed,
    "worlds": Annotated[
        MAYBE_NUMBER,
        typer.Option("--worlds", help="With --trace: how many parameter draws to try.", metavar="N", min=0),
    ],
    "threads": Threads,
}  # fmt: skip


def _name(help_text: str) -> Any:
    return Annotated[MAYBE_TEXT, typer.Argument(help=help_text, metavar="[NAME]")]


@app.callback(invoke_without_command=True)
def _top(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    debug: Annotated[bool, typer.Option("--debug", hidden=True)] = False,
) -> None:
    if version:
        from stackcraft.experiments.runs.manifest import version as installed

        print(f"stackcraft {installed()}")
        raise typer.Exit


app.command()(runs_commands.run)
app.command()(runs_commands.compare)


@app.command()
def scenarios() -> None:
    """List the scenarios that come with the project."""
    from stackcraft.viz.cli import read

    read.scenarios()


@app.command()
def strategies(name: _name("Show this one in full.") = None) -> None:
    """List the strategies of each kind of actor and the presets of each side."""
    from stackcraft.viz.cli import read

    read.strategies(name)


@app.command()
@takes(options=MEASURING)
def levers(
    name: _name("Show this lever, or those of this actor.") = None,
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
            help="With --trace: measure now (minutes to hours) instead of showing the last full measurement; so does"
            " any of --runs, --seed, --worlds, --threads.",
        ),
    ] = False,
    *,
    options: dict[str, Any],
    as_json: Json = False,
) -> None:
    """List what each actor can pull: bounds, default, upside, downside, source."""
    from stackcraft.viz.cli import checks, read

    if trace:
        checks.trace(name, options, measure=measure, as_json=as_json)
    elif idle := [f"--{key}" for key, value in {**options, "measure": measure or None}.items() if value is not None]:
        raise typer.BadParameter(f"{idle[0]} says how to measure claims; add --trace")
    else:
        read.levers(name, as_json=as_json)


@app.command()
def parameters(name: _name("Show this one only.") = None, as_json: Json = False) -> None:
    """List the parameters of the model: bounds, default, meaning, source or judgement."""
    from stackcraft.viz.cli import read

    read.parameters(name, as_json=as_json)


@app.command()
def facts(
    country: Annotated[
        str, typer.Argument(help="A country's ISO code or name, such as KEN or Kenya.", metavar="COUNTRY")
    ],
    world: World = None,
    as_json: Json = False,
) -> None:
    """Show what is known of a country, from where, and which values were filled in."""
    from stackcraft.viz.cli import read

    read.facts(country, world or "world", as_json=as_json)


@app.command()
def check(
    names: Annotated[MAYBE_TEXTS, typer.Argument(help="Only these checks.", metavar="[CHECK]...")] = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Check the model against exact answers: value reached, tolerance, passed or not."""
    from stackcraft.viz.cli import checks

    checks.check(names or [], threads=threads, as_json=as_json)


@app.command()
def bench(
    runs: Runs = None,
    seed: Seed = None,
    threads: Threads = None,
    against: Annotated[
        MAYBE_TEXT,
        typer.Option("--against", help="Measure an earlier version in turn with this one.", metavar="COMMIT"),
    ] = None,
    as_json: Json = False,
) -> None:
    """Measure how fast the model is on this machine."""
    from stackcraft.viz.cli import checks

    if against is None:
        checks.bench(runs=runs, seed=seed, threads=threads, as_json=as_json)
    elif threads is not None:
        raise typer.BadParameter("--against measures one thread of each version; leave --threads out")
    else:
        checks.bench_against(against, runs=runs, seed=seed, as_json=as_json)


@app.command()
def cache(
    clear: Annotated[bool, typer.Option("--clear", help="Delete what this version has compiled.")] = False,
    clear_all: Annotated[bool, typer.Option("--clear-all", help="Delete what all versions have compiled.")] = False,
    as_json: Json = False,
) -> None:
    """Say where compiled code is kept and how large it is, or delete it; the next run compiles again."""
    from stackcraft.viz.cli import checks

    checks.cache(clear=clear, clear_all=clear_all, as_json=as_json)


app.command()(study.sweep)
app.command()(analyse.analyse)
app.command()(dashboard.dashboard)
app.add_typer(evidence.app)
app.add_typer(study.app)
app.add_typer(wargame.app)


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit code; every error becomes one clear line.

    0 is success, 1 failure, 2 bad input, 130 Ctrl-C, 143 SIGTERM, 129 SIGHUP. `--debug` shows the traceback instead. A
    reader that has gone, as `head` does, is a success.
    """
    from stackcraft.experiments.runs import stopping

    gc.set_threshold(OBJECTS_PER_COLLECTION, *gc.get_threshold()[1:])
    _end_at_once()
    output = streams.prepare_streams()
    warnings.formatwarning = lambda message, *_: f"stackcraft: {message}\n"
    stopping.stop_tidily()
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in arguments
    arguments = [argument for argument in arguments if argument != "--debug"]
    try:
        code = app(arguments, prog_name="stackcraft", standalone_mode=False)
        if code == 130:  # Typer turns Ctrl-C into this
            raise KeyboardInterrupt
    except KeyboardInterrupt:
        return _say("interrupted; nothing half written is left", stopping.exit_code())
    except BaseException as error:
        if debug or isinstance(error, SystemExit):
            raise
        return _explain(error, arguments)
    sys.stdout.flush()
    if output and output.error and not isinstance(output.error, BrokenPipeError):
        return _say(f"standard output could not be written: {output.error.strerror}", 1)
    return code if isinstance(code, int) else 0


def _end_at_once() -> None:
    """Have Python not look for garbage when it ends, which took most of a second after the last line was printed."""
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)


def _explain(error: BaseException, arguments: list[str]) -> int:
    """Print one line a mistake on the error stream, and return the exit code."""
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
    if isinstance(error, MemoryError):
        return _say("not enough memory; try fewer --runs", 1)
    if isinstance(error, OSError):
        return _say(_advice(error), 1)
    detail = (str(error).strip() or "no message").splitlines()[0]
    return _say(f"something went wrong: {type(error).__name__}: {detail} (--debug shows where)", 1)


def _advice(error: OSError) -> str:
    """Return what the system refused, where, and what would help."""
    from stackcraft.experiments.runs.outputs import REASONS

    if error.errno is None:
        return str(error)
    reason = REASONS.get(error.errno, error.strerror)
    advice = "; work in a folder on another disk" if error.errno == errno.EROFS else ""
    return f"{error.filename or ''}: {reason}{advice}".lstrip(": ")


def _command_at(arguments: list[str]) -> tuple[str, list[str]]:
    """Return the command that was meant ("study show"), and the names that are possible where it went wrong."""

    def names(of: typer.Typer) -> list[str]:
        return [command.name or command.callback.__name__ for command in of.registered_commands]

    groups = {group.typer_instance.info.name: group.typer_instance for group in app.registered_groups}
    commands = [*names(app), *groups]
    command = next((word for word in arguments if word in commands), "")
    if command in groups:
        commands = names(groups[command])
        inner = next((word for word in arguments[arguments.index(command) + 1 :] if word in commands), "")
        command = f"{command} {inner}".strip()
    return command, commands


def _say(text: str, code: int) -> int:
    with suppress(OSError):  # the terminal has gone
        for line in text.splitlines() or [""]:
            print(f"stackcraft: {line}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
