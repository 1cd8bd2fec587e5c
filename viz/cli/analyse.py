"""The command `analyse`: what a study says, in the terminal, as JSON, or as a report."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from stackcraft.viz.cli.options import MAYBE_PATH, place

# Nothing heavy above: the help must come at once.


def analyse(
    what: Annotated[
        str,
        typer.Argument(
            help="sobol, morris, scores, enough, luck, prim, tree, robustness, contributions, game; "
            "all that fit the study; or list.",
            metavar="WHAT",
        ),
    ],
    folder: Annotated[
        MAYBE_PATH,
        typer.Argument(help="The folder of a study, made by `stackcraft sweep`.", metavar="FOLDER", parser=place),
    ] = None,
    measure: Annotated[
        str | None,
        typer.Option(
            "--measure", help="The measure that counts as the outcome; the study's first if left out.", metavar="NAME"
        ),
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", help="A year that the study kept; the last if left out.", metavar="Y")
    ] = None,
    option: Annotated[
        list[str] | None,
        typer.Option(
            "--option",
            help="Set an option of the analysis, such as draws=500; `analyse list` names them. May be repeated.",
            metavar="NAME=VALUE",
        ),
    ] = None,
    seed: Annotated[
        int, typer.Option("--seed", help="Seed of the resampling behind the intervals.", metavar="N", min=0)
    ] = 0,
    out: Annotated[
        MAYBE_PATH,
        typer.Option("--out", help="Write a report with charts to this file.", metavar="REPORT.html", parser=place),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON and nothing else.")] = False,
) -> None:
    """Say what a finished study shows, with 95 % intervals: what matters, where, and what holds up."""
    from stackcraft.agents.errors import InputError
    from stackcraft.experiments.analyses import table

    if what == "list":
        _list(as_json)
        return
    chosen = list(table.ANALYSES.values()) if what == "all" else [table.find(what)]
    options = _options(chosen, table.split_options(option or ()))
    if folder is None:
        raise InputError(f"analyse {what} needs the folder of a study; give stackcraft analyse {what} FOLDER")
    if what != "all" and measure is not None and not chosen[0].takes_measure():
        raise InputError(f"{what} takes no --measure: it names its own; stackcraft analyse list shows its options")
    if out is not None:
        from stackcraft.experiments.runs.outputs import check_file

        check_file(out)
    results = open_study(folder)
    measure = _measure(results, measure, folder)
    _check_year(results, year, folder)
    findings, left_out = _run(chosen, results, measure, year, options, seed, every=what == "all")
    if out is not None:  # before anything is printed: a reader of the output may go away
        repeat = _repeat(
            what, folder, measure if any(one.takes_measure() for one in chosen) else None, year, option or (), seed, out
        )
        _report(results, findings, left_out, measure, year, repeat, out)
    if as_json:
        print(
            json.dumps(
                {"findings": [finding.as_dict() for finding in findings], "left_out": left_out},
                indent=2,
                ensure_ascii=False,
                allow_nan=False,
            )
        )
    else:
        _print(results, measure, findings, left_out, out)
        if out is not None:
            print(f"Report: {out}")


def open_study(folder: Path) -> Any:
    """The study in a folder; tests put a study in memory here."""
    from stackcraft.experiments import sweep

    return sweep.open_study(folder)


def _options(chosen: list[Any], texts: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Values of options by analysis. With several analyses each takes those it has; one that none has is an error."""
    from stackcraft.agents.errors import InputError, hint

    if len(chosen) == 1:
        return {chosen[0].name: chosen[0].read_options(texts)}
    if not texts:
        return {one.name: {} for one in chosen}
    known = {one.name: {option.name for option in one.options()} for one in chosen}
    for name in texts:
        if not any(name in names for names in known.values()):
            options = sorted(set().union(*known.values()))
            raise InputError(
                f"option {name!r} in every analysis is unknown{hint(name, options)}; "
                f"{'; '.join(f'{one} takes ' + (', '.join(sorted(names)) or 'none') for one, names in known.items())}"
            )
    return {
        one.name: one.read_options({name: text for name, text in texts.items() if name in known[one.name]})
        for one in chosen
    }


def _measure(results: Any, measure: str | None, folder: Path) -> str:
    from stackcraft.agents.errors import unknown

    if measure is None:
        return results.measures[0]
    if measure not in results.measures:
        raise unknown("measure", measure, results.measures, f"study {folder}")
    return measure


def _check_year(results: Any, year: int | None, folder: Path) -> None:
    from stackcraft.agents.errors import InputError

    if year is not None and year not in results.years:
        nearest = min(results.years, key=lambda one: abs(one - year))
        raise InputError(f"--year {year}: study {folder} kept no such year; the nearest it kept is {nearest}")


def _run(
    chosen: list[Any],
    results: Any,
    measure: str,
    year: int | None,
    options: Mapping[str, Mapping[str, Any]],
    seed: int,
    every: bool,
) -> tuple[list[Any], dict[str, str]]:
    """Return the findings; and of `every` analysis, those that do not fit with the reason.

    Raises `InputError` where nothing is found.
    """
    from stackcraft.agents.errors import InputError
    from stackcraft.viz.cli.checks import waiting

    findings, left_out = [], {}
    with waiting("Analysing") as note:
        for one in chosen:
            note(one.name)
            try:
                found = one.run(results, measure, year, options=options[one.name], seed=seed)
                notes = one.notes(results, measure, year, options[one.name])
                findings.append(replace(found, sentences=(*found.sentences, *notes)))
            except InputError as error:
                if not every:
                    raise
                left_out[one.name] = " ".join(str(error).split())
    if not findings:
        raise InputError(
            "\n".join(["no analysis fits this study:", *(f"{name}: {reason}" for name, reason in left_out.items())])
        )
    return findings, left_out


def _print(results: Any, measure: str, findings: list[Any], left_out: Mapping[str, str], out: Path | None) -> None:
    from rich.markup import escape

    from stackcraft.viz.analysis_report.terminal import print_finding
    from stackcraft.viz.cli.tables import console

    screen = console()
    others = [name for name in results.measures if name != measure]
    more = (
        f"; --measure names another of {len(others) + 1}: {', '.join(others[:6])}{', ...' if len(others) > 6 else ''}"
        if others
        else ""
    )
    screen.print(f"[bold]{escape(results.study.title)}[/bold]: measure {escape(measure + more)}")
    for finding in findings:
        print_finding(finding, screen)
    if left_out:
        screen.print("\n[bold]Left out[/bold]")
        for name, reason in left_out.items():
            screen.print(f"{name}: {escape(reason)}")
    screen.print(
        "\nWhat follows from stated assumptions, not a forecast."
        + ("" if out else " --out report.html writes it with charts."),
        style="dim",
    )


def _report(
    results: Any,
    findings: list[Any],
    left_out: Mapping[str, str],
    measure: str,
    year: int | None,
    repeat: str,
    out: Path,
) -> None:
    from stackcraft.experiments.runs.outputs import cannot_write
    from stackcraft.viz.analysis_report.report import build_findings_report

    study = results.study
    meaning = dict(study.measures).get(measure, "") if isinstance(study.measures, Mapping) else ""
    about = {
        **results.about(),
        "measure": f"{measure} ({meaning})" if meaning and str(meaning) != measure else measure,
        "year": results.years[-1] if year is None else year,
        "factors": study.factors,
        "left_out": left_out,
        "repeat": repeat,
    }
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        build_findings_report(findings, out, title=study.title, story=getattr(study, "story", "") or "", about=about)
    except OSError as error:
        raise cannot_write(out, error, "file") from None


def _repeat(what: str, folder: Path, measure: str | None, year: int | None, options: Any, seed: int, out: Path) -> str:
    words = ["stackcraft", "analyse", what, str(folder)]
    words += ["--measure", measure] if measure else []
    words += ["--year", str(year)] if year is not None else []
    words += [word for pair in options for word in ("--option", pair)]
    words += ["--seed", str(seed)] if seed else []
    return shlex.join([*words, "--out", str(out)])


def _list(as_json: bool) -> None:
    """Every analysis: what it says, and its options with kind and default."""
    from rich.markup import escape
    from rich.table import Table

    from stackcraft.experiments.analyses.table import ANALYSES
    from stackcraft.viz.cli.tables import console

    if as_json:
        rows = [
            {
                "name": analysis.name,
                "sentence": analysis.sentence,
                "measure": analysis.takes_measure(),
                "options": [_as_plain(option) for option in analysis.options()],
            }
            for analysis in ANALYSES.values()
        ]
        print(json.dumps(rows, indent=2, ensure_ascii=False, default=str))
        return
    table = Table(title="Analyses", title_justify="left", show_lines=True)
    table.add_column("name", no_wrap=True)
    table.add_column("what it says")
    table.add_column("options, each with its default")
    for analysis in ANALYSES.values():
        lines = [
            f"{option.name}{'' if option.needed else f'={_default(option.default)}'}: {option.kind}"
            for option in analysis.options()
        ]
        table.add_row(analysis.name, escape(analysis.sentence), escape("\n".join(lines)))
    out = console()
    out.print(table)
    out.print(
        "Run one with `stackcraft analyse NAME FOLDER`, or all that fit with `stackcraft analyse all FOLDER --out "
        "report.html`."
    )


def _as_plain(option: Any) -> dict[str, Any]:
    default = None if option.needed else option.default
    return {"name": option.name, "kind": option.kind, "default": default, "needed": option.needed}


def _default(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ",".join(map(str, value)) if isinstance(value, (tuple, list)) else str(value)
