"""What a country runs on now and where that is heading, in words and as bars by layer."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from markupsafe import Markup

from stackcraft.agents.names import LAYERS, STACKS
from stackcraft.experiments.live.countries import LATER, OUTCOMES, CountrySummary
from stackcraft.experiments.statistics import Interval, band
from stackcraft.viz import words
from stackcraft.viz.charts import kit
from stackcraft.viz.charts.stacks import Curve, curves
from stackcraft.viz.charts.strips import layer_strip
from stackcraft.viz.dashboard.pages.country.facts import filled_sentence
from stackcraft.viz.dashboard.pages.country.panels import name_of
from stackcraft.viz.dashboard.parts.markup import behind, note
from stackcraft.viz.dashboard.parts.places import year_place
from stackcraft.viz.dashboard.strings import text

AHEAD = 2035  # the year that a country's page looks at unless the address names one
CLEAR_LEAD = 0.10  # of a layer: below it nobody leads there


def year_ahead(years: tuple[int, ...], year: int | None) -> int:
    """Return the year that the page looks at: the one asked for, or some ten years on, within the run."""
    return years[year_place(years, AHEAD if year is None else year)]


def by_layer(summary: CountrySummary, code: str, year: int, kind: str = "installed") -> list[tuple[str, np.ndarray]]:
    """Title of every layer with the shares of the three stacks there in a year."""
    shares = summary.cells(kind).shares[summary.years.index(year), 1:, summary.codes.index(code)]
    return [(words.layer_title(layer), shares[number]) for number, layer in enumerate(LAYERS)]


def in_words(summary: CountrySummary, inputs: Any, code: str, year: int) -> str:
    """What a country runs on in a year: which stack leads in which layers, and by how much."""
    held: dict[str, list[str]] = {stack: [] for stack in STACKS}
    level: list[str] = []
    for title, shares in by_layer(summary, code, year):
        if not np.isfinite(shares).all():
            continue
        first, second = np.argsort(-shares, kind="stable")[:2]
        named = text("country.layer_share", layer=title.lower(), share=words.percent(float(shares[first])))
        if shares[first] - shares[second] < CLEAR_LEAD:
            level.append(title.lower())
        else:
            held[STACKS[first]].append(named)
    order = sorted((stack for stack in STACKS if held[stack]), key=lambda stack: -len(held[stack]))
    parts = [text(f"country.runs_{stack}", layers=words.listed(held[stack])) for stack in order]
    values = {"name": name_of(inputs, code), "year": year, "parts": words.listed(parts), "layers": words.listed(level)}
    if not parts:
        return text("country.runs_on_nobody" if level else "country.runs_on_nothing", **values)
    return text("country.runs_on_and_level" if level else "country.runs_on", **values)


def strip(summary: CountrySummary, inputs: Any, code: str, year: int) -> Markup:
    """Return the seven layers of a country in a year as bars."""
    rows = by_layer(summary, code, year)
    title = text("country.strip_title", name=name_of(inputs, code), year=year)
    told = "; ".join(
        f"{layer}: " + ", ".join(
            f"{words.STACK_SHORT[stack]} {words.percent(float(share))}"
            for stack, share in zip(STACKS, shares, strict=True)
        )
        for layer, shares in rows
    )  # fmt: skip
    return layer_strip(rows, title, told)


def today(summary: CountrySummary, inputs: Any, code: str) -> Markup:
    """Return what a country runs on in the first year, in words and as bars, and how far that can be trusted."""
    first = summary.years[0]
    told = in_words(summary, inputs, code, first)
    doubt = text("country.today_doubt", name=name_of(inputs, code), year=first)
    return Markup('<div class="today"><div>{}</div><div><p class="lead">{}</p>{}</div></div>').format(
        strip(summary, inputs, code, first), told, note(doubt, filled_sentence(inputs, code))
    )


def outcome(summary: CountrySummary, code: str, name: str, year: int) -> Interval:
    """An outcome of a country in a year, with its band over runs."""
    return band(summary.of(code)[:, summary.years.index(year), OUTCOMES.index(name)])


def band_words(summary: CountrySummary, code: str, year: int) -> str:
    """How wide the possible futures lie in a year, and how much of what the country runs stays."""
    at = summary.years.index(year)
    shares = [band(summary.of(code)[:, at, place]) for place in range(len(STACKS))]
    if not np.isfinite([float(one.mean) for one in shares]).any():
        return ""
    first = int(np.nanargmax([float(one.mean) for one in shares]))
    lead, kept = shares[first], outcome(summary, code, "lasting", year)
    told = []
    if math.isfinite(float(lead.low)):
        told.append(
            text(
                "country.ahead_band",
                stack=words.capital(words.STACK_TITLES[STACKS[first]]),
                low=words.percent(float(lead.low)),
                high=words.percent(float(lead.high)),
                year=year,
            )
        )
    if math.isfinite(float(kept.low)):
        told.append(
            text(
                "country.ahead_lasting",
                before=year - LATER,
                year=year,
                kept=words.percent(float(kept.mean)),
                low=words.percent(float(kept.low)),
                high=words.percent(float(kept.high)),
            )
        )
    return " ".join(told)


def lines_of(summary: CountrySummary, code: str) -> list[Curve]:
    """The shares of the three stacks over the years, with bands."""
    shares = summary.of(code)
    return [Curve(stack, words.STACK_SHORT[stack], *band(shares[:, :, place])) for place, stack in enumerate(STACKS)]


def over_years(summary: CountrySummary, before: CountrySummary | None, inputs: Any, code: str, year: int) -> Markup:
    """Return the shares over the years; `before`, where there is one, is drawn dotted."""
    lines = lines_of(summary, code)
    told = "; ".join(f"{line.label} {words.percent(float(line.middle[-1]))}" for line in lines)
    ghosts = [] if before is None else lines_of(before, code)
    title = text("country.ahead_title", name=name_of(inputs, code))
    return curves(list(summary.years), lines, title, told, (560, 214), cursor=year, ghosts=ghosts)


def ahead(summary: CountrySummary, before: CountrySummary | None, inputs: Any, code: str, year: int) -> Markup:
    """Return where a country is heading: words for a year, its bars, and the shares over the years with bands.

    `before` is the same without what was changed, drawn dotted; None where nothing was.
    """
    title = text("country.ahead_title", name=name_of(inputs, code))
    lines = lines_of(summary, code)
    rows = [[str(one), *(_mean_and_band(line, number) for line in lines)] for number, one in enumerate(summary.years)]
    table = kit.table([text("country.fact_year"), *(words.STACK_SHORT[stack] for stack in STACKS)], rows, title)
    drawn = Markup(
        '<div class="pair"><figure><figcaption><h3>{}</h3></figcaption>{}</figure>'
        '<figure class="wide"><figcaption><h3>{}</h3></figcaption>{}</figure></div>'
    ).format(
        text("country.strip_heading", year=year),
        strip(summary, inputs, code, year),
        title,
        over_years(summary, before, inputs, code, year),
    )
    futures = words.count("future", summary.runs - summary.failed)
    return Markup('<p class="lead">{}</p><p>{}</p>{}{}{}').format(
        in_words(summary, inputs, code, year),
        band_words(summary, code, year),
        drawn,
        note(text("country.ahead_note", runs=futures), "" if before is None else text("country.ghost_note")),
        behind(table),
    )


def _mean_and_band(line: Curve, at: int) -> str:
    if not np.isfinite(line.low[at]):  # too few runs for a band
        return words.percent(float(line.middle[at]))
    mean, low, high = (words.percent(float(values[at])) for values in (line.middle, line.low, line.high))
    return text("country.mean_and_band", mean=mean, low=low, high=high)
