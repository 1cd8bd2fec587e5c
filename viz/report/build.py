"""Put a report together and write it: one file, no network, no script needed for the essentials."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup, escape

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import STACKS
from stackcraft.experiments.evidence.hindcast.declared import declared
from stackcraft.experiments.evidence.hindcast.stored import stored
from stackcraft.experiments.leads import (
    STATES,
    OpenRaces,
    changes,
    count_owners,
    end_shares,
    leads,
    weight_index,
    world_shares,
)
from stackcraft.experiments.statistics import paired_interval
from stackcraft.model.files import write_whole
from stackcraft.model.worlds import DEFAULT, PLAUSIBLE
from stackcraft.viz import words
from stackcraft.viz.charts import kit
from stackcraft.viz.dashboard.pages.evidence import panels as evidence
from stackcraft.viz.dashboard.strings import about_translation, strings_of, text
from stackcraft.viz.map import world_map
from stackcraft.viz.map.shapes import border_note, map_source, shapes
from stackcraft.viz.report import assumptions, sections
from stackcraft.viz.report.source import Source, source_of
from stackcraft.viz.words import claims, doubt, languages

SCRIPTED = ("js_", "counts_", "play", "no_data")  # strings that the page's script says
TEMPLATES = Path(__file__).parent / "templates"
LOOK = Path(__file__).parents[1]  # look.css and cells.js, shared with the dashboard


def build_report(simulation: Any, path: str | Path, manifest: Mapping[str, Any] | None = None) -> Path:
    """Write the report of one run to `path` and return it.

    `simulation` has been run: it has `results` (xarray Dataset, dims run year country layer stack ...), and where known
    `deals`,
    `scenario`, `inputs`, `manifest`. `manifest` overrides the simulation's own. Raises `InputError` for results that
    lack what the report draws, and `OSError` where the file cannot be written; a half-written file is never left
    behind.
    """
    source = source_of(simulation, manifest)
    leading = leads(source.results)
    shares = end_shares(source.results)
    counts = leading.counts()
    context = _common(source) | {
        "kind": "run",
        "headline": words.headline(
            source.years[-1], shares, leading.open_races(), len(source.codes), kind=_kind_of(source)
        ),
        "certainty": doubt.lead_sentences(
            _kind_of(source), source.results["run"].values, shares, source.scenario.get("parameters") or {}
        ),
        "findings": _findings(source),
        "tiles": _tiles(source, leading.open_races()),
        "map_svg": world_map.draw(
            world_map.state_names(leading.state[-1, 0], source.codes, leading.open[-1, 0]),
            world_map.lead_labels(leading, source.codes, source.countries),
            text("report.title_map_lead", year=source.years[-1]),
            _counts_words(counts),
        ),
        "legend": world_map.legend(),
        "counts": _counts_words(counts),
        "country_table": sections.country_table(source.codes, source.countries, source.layers, leading.shares[-1]),
        "payload": _payload(source)
        | {"mode": "lead", "views": [{"name": "lead", "title": source.title, "cells": world_map.lead_bytes(leading)}]},
        "curves": sections.share_curves(source),
        "scorecard": sections.scorecard_rows(source),
        "lifecycles": sections.lifecycles(source),
        "deals": sections.deals_that_mattered(source),
        "scripted": sections.scripted_deals(source),
        "beliefs": sections.beliefs(source),
        "arms": [_arm(source)],
    }
    return write_whole(render(context), path)


def build_comparison_report(
    first: Any, second: Any, path: str | Path, manifest: Mapping[str, Any] | None = None
) -> Path:
    """Write the report of `second` against `first` to `path` and return it; arguments and errors as in `build_report`.

    Both arms need the same runs, years and countries, because differences are taken run by run under the same luck.
    """
    a, b = source_of(first, manifest), source_of(second, manifest)
    for axis in ("run", "year", "country", "layer"):
        if not np.array_equal(a.results[axis].values, b.results[axis].values):
            raise InputError(
                f"report: the two arms differ along {axis}; compare runs of the same {axis}s, so that "
                "they can be paired"
            )
    titles = (
        (a.title, b.title)
        if a.title != b.title
        else (text("report.title_a", title=a.title), text("report.title_b", title=b.title))
    )
    quoted = (text("names.side_a", title=a.title), text("names.side_b", title=b.title))
    moved, leads_a, leads_b = changes(a.results, b.results), leads(a.results), leads(b.results)
    before, after = end_shares(a.results), end_shares(b.results)
    difference = {stack: after[stack] - before[stack] for stack in STACKS}
    tally = _change_counts(moved.state[-1, 0])
    views = [
        {"name": "difference", "title": text("report.difference_b_a"), "cells": world_map.change_bytes(moved)},
        {"name": "lead", "title": text("report.arm_a", title=titles[0]), "cells": world_map.lead_bytes(leads_a)},
        {"name": "lead", "title": text("report.arm_b", title=titles[1]), "cells": world_map.lead_bytes(leads_b)},
    ]
    context = _common(a) | {
        "kind": "comparison",
        "title": text("report.against", a=titles[0], b=titles[1]),
        "story": b.story,
        "headline": words.comparison_headline(*quoted, a.years[-1], difference, _kind_of(a)),
        "certainty": _pairing(a),
        "findings": _comparison_findings(a, b, titles, leads_a.counts(), leads_b.counts()),
        "tiles": _difference_tiles(difference),
        "map_svg": world_map.draw(
            world_map.state_names(moved.state[-1, 0], a.codes),
            world_map.change_labels(moved, a.codes, a.countries),
            text("report.title_map_change", year=a.years[-1]),
            tally,
        ),
        "legend": world_map.change_legend(),
        "lead_legend": world_map.legend(),
        "counts": tally,
        "country_table": sections.country_table(a.codes, a.countries, a.layers, moved.shares[-1], signed=True),
        "payload": _payload(a) | {"mode": "difference", "views": views},
        "layer_differences": sections.layer_differences(a, b),
        "scorecard": sections.scorecard_differences(a, b),
        "repeat": _repeat(a, b),
        "unlike": assumptions.unlike(a, b),
        "curves_pair": [
            (title, sections.share_curves(arm, ("country",), ("installed",))[0])
            for title, arm in zip(titles, (a, b), strict=True)
        ],
        "lifecycles": [],
        "deals": sections.deals_that_mattered(b),
        "scripted": sections.scripted_deals(b),
        "beliefs": sections.beliefs(b),
        "arms": [_arm(a), _arm(b)],
        "titles": titles,
    }
    return write_whole(render(context), path)


def _kind_of(source: Source) -> str:
    """Return the kind of worlds; a run of a version that did not know them was one of the default."""
    return str(source.scenario.get("worlds", DEFAULT))


def _common(source: Source) -> dict[str, Any]:
    return {
        "title": source.title,
        "story": source.story,
        "years": source.years,
        "runs": source.runs,
        "own_worlds": _kind_of(source) != DEFAULT,
        "stacks": [(stack, words.STACK_SHORT[stack], kit.KEYS[stack]) for stack in STACKS],
        "layers": [("all", words.layer_title("all")), *((layer, words.layer_title(layer)) for layer in source.layers)],
        "patterns": kit.patterns(),
        "swatch": world_map.swatch,
        "border_note": border_note(),
        "real_world": any(code in shapes() for code in source.codes),
        "map_source": map_source(),
        "sources": assumptions.sources(source),
        "judged": assumptions.judged_words(),
        "claims": _claims(),
        "evidence_title": text("evidence.title_report"),
        "evidence": evidence.for_report(stored(), declared()),
        "about_translation": about_translation(),
        "ledger_runs": sections.ledger_runs(source),
        "manifest": _manifest_rows(source.manifest),
        "repeat": _repeat(source),
        "repeat_here": bool(source.manifest.get("repeat")),
    }


def _claims() -> dict[str, Any]:
    """Return the stored measurement of the claims as sentences and a table; empty where none is stored."""
    stored = claims.stored()
    if not stored.rows:
        return {}
    rows = [{"sentence": words.said(row.sentence), "cells": claims.cells(row)} for row in stored.rows]
    return {
        "tally": claims.tally_sentence(stored.rows),
        "measured": claims.measured_sentence(stored),
        "warning": claims.warning(stored),
        "head": claims.columns(),
        "rows": rows,
    }


def _arm(source: Source) -> dict[str, Any]:
    return {
        "title": source.title,
        "settings": assumptions.settings(source),
        "levers": assumptions.changed_levers(source),
        "parameters": assumptions.changed_parameters(source),
        "filled": assumptions.filled_rows(source),
    }


def _payload(source: Source) -> dict[str, Any]:
    return {
        "years": source.years,
        "layers": ["all", *source.layers],
        "layerTitles": [words.layer_title("all"), *(words.layer_title(layer) for layer in source.layers)],
        "codes": source.codes,
        "names": [source.countries.get(code, code) for code in source.codes],
        "states": STATES,
        "runs": source.runs,
        "words": {name: entry for name, entry in strings_of("report").items() if name.startswith(SCRIPTED)}
        | {name: words.STACK_SHORT[stack] for name, stack in (("us", "US"), ("cn", "CN"), ("in", "independent"))}
        | _runs_words(source.runs),
    }


def _runs_words(runs: int) -> dict[str, str]:
    """Return how a page's script says in how many runs something holds; {part} is filled in by it."""
    one = text("numbers.runs_only")
    return {"in_runs": one if runs == 1 else text("numbers.runs_some", n=runs, part="{part}")}


def _mean_shares(source: Source, year: int, weight: str) -> dict[str, float]:
    data = world_shares(source.results)[:, year, weight_index(source.results, weight), 0]
    return {stack: float(np.nanmean(data[:, i])) for i, stack in enumerate(STACKS)}


def _findings(source: Source) -> list[str]:
    data = np.nanmean(world_shares(source.results)[:, -1, weight_index(source.results, "country"), 1:], axis=0)
    gaps = {layer: float(data[i, 0] - data[i, 1]) for i, layer in enumerate(source.layers)}
    return [
        words.change(
            source.years[0], source.years[-1], _mean_shares(source, 0, "country"), _mean_shares(source, -1, "country")
        ),
        words.layers_sentence(gaps),
        words.weighting_sentence({weight: _mean_shares(source, -1, weight) for weight in ("gdp", "low_income")}),
    ]


def _tiles(source: Source, race: OpenRaces) -> list[dict[str, str]]:
    tiles = []
    for stack, values in end_shares(source.results).items():
        spread = words.band_words(values)
        tiles.append(
            {
                "key": kit.KEYS[stack],
                "name": words.STACK_SHORT[stack],
                "value": words.percent(float(np.mean(values))),
                "note": spread,
            }
        )
    tiles.append(
        {
            "key": "grey",
            "name": text("report.tile_open"),
            "value": words.number(f"{race.mean:.0f}") if np.isfinite(race.mean) else "-",
            "note": text(
                "report.tile_open_of_span" if np.isfinite(race.low) else "report.tile_open_of",
                countries=len(source.codes),
                low=f"{race.low:.0f}",
                high=f"{race.high:.0f}",
            ),
        }
    )
    return tiles


def _difference_tiles(difference: Mapping[str, np.ndarray]) -> list[dict[str, str]]:
    tiles = []
    for stack, values in difference.items():
        mean, low, high = paired_interval(values)
        note = words.interval_words(low, high)
        tiles.append(
            {"key": kit.KEYS[stack], "name": words.STACK_SHORT[stack], "value": words.points(mean), "note": note}
        )
    return tiles


def _counts_words(counts: Mapping[str, int]) -> str:
    values = {name.lower(): number for name, number in counts.items()}
    return text("report.counts_lead_none" if counts["none"] else "report.counts_lead", **values)


def _change_counts(state: np.ndarray) -> str:
    return text("report.counts_change", **{name.lower(): number for name, number in count_owners(state).items()})


def _pairing(source: Source) -> str:
    return text("report.one_pair" if source.runs == 1 else "report.pairs", runs=source.runs)


def _comparison_findings(
    a: Source, b: Source, titles: tuple[str, str], first: Mapping[str, int], second: Mapping[str, int]
) -> list[str]:
    year = a.years[-1]
    found = [
        words.capital(text(f"report.led_{key}", n=second[key], year=year, before=first[key], title=titles[0]))
        for key in ("US", "CN", "contested")
    ]
    before, after = (_mean_shares(one, -1, "low_income") for one in (a, b))
    us, cn = (words.points(after[stack] - before[stack]) for stack in ("US", "CN"))
    return [*found, text("report.low_income", us=us, cn=cn)]


def _manifest_rows(manifest: Mapping[str, Any]) -> list[tuple[str, str]]:
    wanted = (
        "version",
        "commit",
        "uncommitted_changes",
        "seed",
        "runs",
        "facts_hash",
        "results_hash",
        "made",
        "python",
        "machine",
    )
    shown = {
        name: {True: "yes", False: "no"}.get(manifest[name], manifest[name])
        if isinstance(manifest.get(name), bool)
        else manifest.get(name)
        for name in wanted
    }
    return [(name.replace("_", " "), str(value)) for name, value in shown.items() if value is not None]


def _repeat(source: Source, other: Source | None = None) -> str:
    """Return the command that repeats the run or the comparison with `other`: the manifest's where there is one."""
    if source.manifest.get("repeat"):
        return str(source.manifest["repeat"])
    years = f"--runs {source.runs} --seed {source.scenario.get('seed')} --years {source.years[0]}:{source.years[-1]}"
    name = source.scenario.get("name") or "baseline"
    if other is not None:
        return f"stackcraft compare {name} {other.scenario.get('name') or 'baseline'} {years}"
    changed = [f"--set {text}" for text in source.scenario.get("levers") or ()]
    kind = _kind_of(source)
    changed += [f"--worlds {kind}"] if kind != PLAUSIBLE else []
    changed += [f"--parameter {key}={value}" for key, value in (source.scenario.get("parameters") or {}).items()]
    return " ".join([f"stackcraft run {name} {years}", *changed])


def say(key: str, **values: Any) -> Markup:
    """Return a string of the catalogue, which may hold HTML, with values escaped in its places."""
    return Markup(
        text(key, **{name: value if isinstance(value, int) else escape(value) for name, value in values.items()})
    )


def render(context: Mapping[str, Any], template: str = "report.html") -> str:
    """Return the HTML of a report or a section; a name that a template needs and the context lacks is an error."""
    environment = Environment(
        loader=FileSystemLoader([TEMPLATES, LOOK]),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(language=Markup(languages.attributes()), say=say)
    return environment.get_template(template).render(**context)
