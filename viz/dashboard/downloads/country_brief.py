"""The brief about one country: two A4 pages to print, one file that needs nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from stackcraft.experiments.evidence import lever_effects, stored_reasons
from stackcraft.experiments.live import RunRecord
from stackcraft.experiments.live.countries import CountrySummary, OwnEffects
from stackcraft.experiments.runs.manifest import version
from stackcraft.model.inputs import load_inputs
from stackcraft.viz import words
from stackcraft.viz.charts import kit
from stackcraft.viz.dashboard.downloads.brief import environment, rests
from stackcraft.viz.dashboard.downloads.codes import encode
from stackcraft.viz.dashboard.downloads.files import command
from stackcraft.viz.dashboard.pages.country import choices, facts, own, panels, today
from stackcraft.viz.dashboard.pages.country.sections import titles
from stackcraft.viz.dashboard.parts import because
from stackcraft.viz.dashboard.parts.blocs import members_in, place_of
from stackcraft.viz.dashboard.parts.contracts import run_note
from stackcraft.viz.dashboard.state import State
from stackcraft.viz.dashboard.strings import text


@dataclass(frozen=True)
class Known:
    """What the brief is written from; `before` is the same without the country's own levers where any is set."""

    code: str
    summary: CountrySummary
    before: CountrySummary | None
    effects: OwnEffects
    record: RunRecord | None


def country_brief(state: State, known: Known) -> str:
    """Return the page about one country."""
    summary, code = known.summary, known.code
    scenario = state.question.scenario
    _, inputs = place_of(code, load_inputs(scenario.world, peer_graph=scenario.peer_graph))
    year = today.year_ahead(summary.years, state.view.year)
    view = panels.Where(year, state.view.layer, state.view.kind)
    name, first = panels.name_of(inputs, code), summary.years[0]
    set_here = own.names_set(state.question, code) if known.before is not None else []
    found = own.set_words_and_table(known.before, summary, inputs, code, year, set_here) if set_here else ("", "")
    context: dict[str, Any] = {
        "name": name,
        "title": state.question.names.long,
        "patterns": kit.patterns(),
        "text": text,
        "titles": titles(name, year),
        "year": year,
        "first_year": first,
        "headline": panels.headline(summary, inputs, code, view),
        "today_words": today.in_words(summary, inputs, code, first),
        "today_doubt": f"{text('country.today_doubt', name=name, year=first)} {facts.filled_sentence(inputs, code)}",
        "strip_now": today.strip(summary, inputs, code, first),
        "strip_ahead": today.strip(summary, inputs, code, year),
        "ahead_words": today.in_words(summary, inputs, code, year),
        "ahead_band": today.band_words(summary, code, year),
        "curves": today.over_years(summary, known.before, inputs, code, year),
        "ahead_note": text("country.ahead_note", runs=words.count("future", summary.runs - summary.failed)),
        "set_words": found[0],
        "set_table": found[1],
        "own": own.largest(known.effects, year),
        "own_note": own.how_measured(known.effects, year),
        "why": choices.why_words(known.record, inputs, code),
        "why_note": run_note(known.record) if known.record is not None else "",
        "rests": rests(),
        "command": command(state.question),
        "source": text(
            "takeaway.country_source",
            version=version(),
            runs=summary.runs,
            seed=scenario.seed,
            day=words.day(date.today()),
        ),
        "code": text("takeaway.brief_address", code=encode(state.query_in_no_language())),
        **_others(inputs, code, view.kind),
    }
    return environment().get_template("country_brief.html").render(**context)


def _others(inputs: Any, code: str, kind: str) -> dict[str, Any]:
    """What the levers of governments and financiers do to the country, as stored for the status quo."""
    stored = lever_effects.stored()
    if stored is None or not set(members_in(inputs, code)) <= set(stored.codes):
        return {"others": [text("country.no_levers")], "others_note": ""}
    reasons = stored_reasons.stored()
    told = choices.others_in_words(stored, code, kind, reasons)
    why = f" {because.how_read(reasons)}" if reasons is not None else ""
    note = f"{text('country.others_usual')} {text('country.others_note')}{why}"
    return {"others": told or [text("country.others_unclear", name=panels.name_of(inputs, code))], "others_note": note}
