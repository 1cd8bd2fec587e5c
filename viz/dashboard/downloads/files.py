"""What visitors download as text: tables, the snippet, the command, and scenario files in and out."""

from __future__ import annotations

import io
import json
import pprint
import shlex
from collections.abc import Sequence
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import STACKS
from stackcraft.experiments.live import PairSummary, Summary, country_frame, curve_frame, difference_frame
from stackcraft.experiments.runs.manifest import version
from stackcraft.model.scenario import Scenario, ScenarioError
from stackcraft.model.toml_files import parse_toml
from stackcraft.viz.dashboard.parts.frame import country_in_view
from stackcraft.viz.dashboard.parts.places import shown_year
from stackcraft.viz.dashboard.state import MOST_YEARS, WORLDS, Question, State, View
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.report.scorecard import scorecard
from stackcraft.viz.report.scorecard import summary as over_runs

LARGEST_FILE = 200_000  # characters; the longest scenario of the project has a few thousand
MOST_MISTAKES = 3  # of a file that are listed; the rest are counted


def command(question: Question) -> str:
    """Return the line to type that makes the same numbers.

    Where it would be too long, with events or a scenario that was brought along, it takes the downloaded file.
    """
    scenario = question.scenario
    words = ["stackcraft", "run", question.base or "scenario.toml"]
    if question.base and question.events:
        words[2] = "scenario.toml"
    if words[2] != "scenario.toml":
        words += [part for one in question.levers for part in ("--set", one)]
        words += [part for name, value in question.parameters for part in ("--parameter", f"{name}={value!r}")]
        words += [part for side, name in question.presets for part in ("--preset", f"{side}={name}")]
        words += [part for actor, name in question.strategies for part in ("--strategy", f"{actor}={name}")]
        words += [part for one in question.off for part in ("--off", one)]
        words += ["--world", question.world] if question.world else []
        words += ["--worlds", question.worlds] if question.worlds else []
        words += ["--peer-graph", question.peer_graph] if question.peer_graph else []
    words += [
        "--years",
        f"{scenario.years[0]}:{scenario.years[1]}",
        "--runs",
        str(scenario.runs),
        "--seed",
        str(scenario.seed),
    ]
    return shlex.join(words)


def snippet(question: Question, view: View) -> str:
    """Python that gives the numbers of `table.csv`, bit for bit."""
    scenario = question.scenario
    table = pprint.pformat(
        {key: value for key, value in scenario.as_dict().items() if value not in ("", [], {})},
        width=110,
        sort_dicts=False,
    )
    year = shown_year(scenario.years, view.year)
    lines = [
        f"# {text('takeaway.snippet_what')}",
        f"# {text('takeaway.snippet_command')}",
        f"#   {command(question)}",
        f"# {text('takeaway.snippet_results', year=year, layer=view.layer, kind=view.kind)}",
        "from stackcraft.experiments.live import country_frame, summarise",
        "from stackcraft.model import Scenario, Simulation",
        "",
        f"scenario = Scenario.from_dict({table})",
        "with Simulation(scenario, ledger_runs=0) as simulation:",
        "    summary = summarise(simulation.run())",
        f"table = country_frame(summary, year={year}, layer={view.layer!r}, kind={view.kind!r})",
        "",
        'if __name__ == "__main__":',
        "    print(table.to_csv(index=False))",
    ]
    return "\n".join(lines) + "\n"


def about(state: State, summary: Summary, what: str, against: Question | None = None) -> list[str]:
    """The lines before a table: what it is, of what, how it was made."""
    question, country = state.question, country_in_view(state)
    scenario = question.scenario
    failed = text("takeaway.failed", failed=summary.failed) if summary.failed else ""
    lines = [
        what,
        *([text("names.looked_at", country=country)] if country else []),
        text(
            "takeaway.scenario",
            title=scenario.title or scenario.name,
            runs=summary.runs,
            seed=scenario.seed,
            first=summary.years[0],
            last=summary.years[-1],
        )
        + failed,
        text("takeaway.again", command=command(question)),
    ]
    if against is not None:
        lines.append(
            text("takeaway.against", title=against.scenario.title or against.scenario.name, command=command(against))
        )
    return [*lines, text("takeaway.version", version=version()), text("takeaway.note")]


def with_comments(frame: Any, lines: Sequence[str]) -> str:
    """A table as CSV with comment lines before it; numbers are written so that they read back to the same bits."""
    stream = io.StringIO()
    for line in lines:
        stream.write(f"# {' '.join(line.split())}\n")
    frame.to_csv(stream, index=False, lineterminator="\n")
    return stream.getvalue()


def table_csv(state: State, summary: Summary) -> str:
    """The countries on screen, with their names."""
    view = state.view
    frame = country_frame(summary, shown_year(summary.years, view.year), view.layer, view.kind)
    what = text("takeaway.table_what", year=frame["year"].iloc[0], layer=view.layer, kind=view.kind)
    return with_comments(frame, about(state, summary, what))


def curves_csv(state: State, summary: Summary) -> str:
    """World shares over the years."""
    return with_comments(curve_frame(summary), about(state, summary, text("takeaway.curves_what")))


def difference_csv(state: State, pair: PairSummary) -> str:
    """The countries of both arms and their differences, with their names."""
    view = state.view
    frame = difference_frame(pair, shown_year(pair.a.years, view.year), view.layer, view.kind)
    what = text("takeaway.difference_what", year=frame["year"].iloc[0], layer=view.layer, kind=view.kind)
    return with_comments(frame, about(state, pair.b, what, state.against))


def results_json(state: State, summary: Summary) -> str:
    """Scenario, world shares by year, leads by country count, and the scorecard, as JSON; what has no value is null."""
    question, country = state.question, country_in_view(state)
    curves = curve_frame(summary)
    cells = {}
    for kind in ("installed", "utilised"):
        found = summary.cells(kind)
        cells[kind] = [
            {"year": year, "leads": found.counts(i), "open_races": found.open_races(i)._asdict()}
            for i, year in enumerate(summary.years)
        ]
    cards = [
        {
            "measure": row.name,
            "title": row.title,
            "meaning": row.sentence,
            "by_stack": {
                stack: dict(zip(("mean", "p05", "p95"), three, strict=True))
                for stack, three in zip(STACKS, over_runs(values), strict=True)
            },
        }
        for row, values in scorecard(summary.world)
    ]
    table = {
        "program": "stackcraft",
        "version": version(),
        "note": text("takeaway.note"),
        "title": question.names.long,
        "looked_at": country,
        "command": command(question),
        "scenario": question.scenario.as_dict(),
        "runs": summary.runs,
        "failed": summary.failed,
        "representative": summary.representative,
        "years": list(summary.years),
        "countries": list(summary.codes),
        "world_shares": curves.to_dict(orient="records"),
        "leads": cells,
        "scorecard": cards,
        "scorecard_years": [summary.years[0], summary.years[-1]],
    }
    return json.dumps(_plain(table), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _plain(value: Any) -> Any:
    """Values that JSON can hold: NaN and infinities become null."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not np.isfinite(value) else value


def read_toml_text(given: str, name: str = "scenario file") -> Scenario:
    """Return the scenario that a file's text describes.

    Raises `InputError`, one line that says what is wrong, where, and what would be right.
    """
    if len(given) > LARGEST_FILE:
        raise InputError(
            f"{name}: {len(given):,} characters are more than a scenario file has ({LARGEST_FILE:,}); nothing was "
            "opened"
        )
    table = parse_toml(given, name)
    world = table.get("world", "world")
    if (
        world not in WORLDS
    ):  # a folder is never looked for: a file from elsewhere must not make the server read its disk
        raise InputError(
            f"{name}: world: {world!s:.60} is not here; the worlds are {' and '.join(WORLDS)}, others need "
            "`stackcraft run`"
        )
    try:
        scenario = Scenario.from_dict(table, name="scenario", source=name)
    except ScenarioError as error:
        raise InputError(one_line(error.mistakes)) from None
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise InputError(f"{name}: {' '.join(str(error).split())[:300]}") from None
    if scenario.years[1] - scenario.years[0] > MOST_YEARS:
        raise InputError(f"{name}: years: more than the {MOST_YEARS} that fit on a screen; use `stackcraft run`")
    return scenario


def one_line(mistakes: Sequence[str]) -> str:
    """The first mistakes in a line, the others counted."""
    told = "; ".join(" ".join(one.split()) for one in mistakes[:MOST_MISTAKES])
    rest = len(mistakes) - MOST_MISTAKES
    return f"{told}; and {rest} more" if rest > 0 else told
