"""The options that several commands share, each written once, and the way in which a command takes a group of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer


def place(text: str) -> Path:
    """Return a path from the command line; an empty text is refused, though Python takes it for the present folder."""
    if not text.strip():
        raise typer.BadParameter("give the name of a file or folder, not an empty text")
    return Path(text)


def _option(kind: Any, name: str, help_text: str, metavar: str | None = None, **more: Any) -> Any:
    return Annotated[kind, typer.Option(name, help=help_text, metavar=metavar, **more)]


MAYBE_NUMBER, MAYBE_TEXT, MAYBE_TEXTS, MAYBE_PATH = int | None, str | None, list[str] | None, Path | None

Runs = _option(MAYBE_NUMBER, "--runs", "How many runs; more runs, narrower intervals.", "N")
Seed = _option(MAYBE_NUMBER, "--seed", "Seed of the luck; the same seed gives the same runs.", "N")
Years = _option(MAYBE_TEXT, "--years", "First and last year, such as 2025:2045.", "A:B")
Set = _option(
    MAYBE_TEXTS, "--set", "Set a lever, such as us_government.supply_bond=0.9, us_government.supply_bond[IDN]=0.9 (in"
    " one country), KEN.hedge=0.8 or us_vendors.affiliation@2035=0.1 (from that January). May be repeated.",
    "LEVER=VALUE",
)  # fmt: skip
SetInB = _option(MAYBE_TEXTS, "--set", "Set a lever in B only. May be repeated.", "LEVER=VALUE")
Parameter = _option(
    MAYBE_TEXTS, "--parameter", "Set a parameter, such as supply_fear=3. May be repeated.", "NAME=VALUE"
)
Preset = _option(
    MAYBE_TEXTS, "--preset", "A strategy for a whole side, such as US=contested-first. May be repeated.", "SIDE=NAME"
)
Strategy = _option(
    MAYBE_TEXTS, "--strategy", "A strategy for one actor or group, such as KEN=hedge. May be repeated.", "ACTOR=NAME"
)
Off = _option(MAYBE_TEXTS, "--off", "Switch a submodel off, such as disputes. May be repeated.", "SUBMODEL")
World = _option(MAYBE_TEXT, "--world", "world, synthetic, or a folder of facts tables.", "NAME")
Worlds = _option(
    MAYBE_TEXT,
    "--worlds",
    "The parameters of each run: default (the same in all), plausible (run i is world i of those that history does not"
    " rule out), raw (drawn over all judged ranges), or the file of a table.",
    "KIND",
)
PeerGraph = _option(
    MAYBE_TEXT,
    "--peer-graph",
    "Who looks to whom: trade-and-votes (usual), neighbours, region, votes or random.",
    "NAME",
)
Threads = _option(MAYBE_NUMBER, "--threads", "Threads that share the runs; changes no result.", "N", min=1)
Out = _option(
    MAYBE_PATH,
    "--out",
    "Folder for report, results, deals and manifest; by default under results/.",
    "FOLDER",
    parser=place,
)
Json = _option(bool, "--json", "Print JSON and nothing else.")
NoFiles = _option(bool, "--no-files", "Print the answer and write nothing.")

# What changes both scenarios of a comparison, and what changes the scenario of a run.
SHARED = {"runs": Runs, "seed": Seed, "years": Years, "parameters": Parameter, "off": Off, "world": World,
          "worlds": Worlds, "peer_graph": PeerGraph}  # fmt: skip
CHANGES = {"runs": Runs, "seed": Seed, "years": Years, "levers": Set, "parameters": Parameter, "presets": Preset,
           "strategies": Strategy, "off": Off, "world": World, "worlds": Worlds, "peer_graph": PeerGraph}  # fmt: skip
OUTPUT = {"threads": Threads, "out": Out, "no_files": NoFiles}


def takes(**groups: dict[str, Any]) -> Callable[[Callable], Callable]:
    """Give a command groups of options: `takes(changes=CHANGES)` hands it those as one dictionary, `changes`."""

    def decorate(function: Callable) -> Callable:
        parameters = []
        for name, parameter in inspect.signature(function, eval_str=True).parameters.items():
            if name not in groups:
                parameters.append(parameter)
                continue
            for option, kind in groups[name].items():
                default = False if kind in (Json, NoFiles) else None
                parameters.append(inspect.Parameter(option, parameter.KEYWORD_ONLY, default=default, annotation=kind))

        def command(**values: Any) -> Any:
            dictionaries = {name: {option: values.pop(option) for option in group} for name, group in groups.items()}
            return function(**values, **dictionaries)

        command.__name__, command.__doc__ = function.__name__, function.__doc__
        command.__signature__ = inspect.Signature(sorted(parameters, key=lambda parameter: parameter.kind))
        command.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
        return command

    return decorate
