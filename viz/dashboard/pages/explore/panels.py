"""What is beside the map on Explore: headline, three numbers, curves, scorecard, groups, all from a `Summary`.

`view` says which year, layer, kind and weight are looked at, as the address does. A year outside the summary counts as
its nearest.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from stackcraft.agents.names import LAYERS, STACKS
from stackcraft.experiments.leads import sum_of, weight_index, world_shares
from stackcraft.experiments.live.ensemble import replicates_of
from stackcraft.experiments.statistics import band, few
from stackcraft.model.groups import CLOSE_TIES, country_groups
from stackcraft.model.indicators import INDICATORS
from stackcraft.viz import words
from stackcraft.viz.charts import kit, stacks
from stackcraft.viz.dashboard.parts import markup
from stackcraft.viz.dashboard.parts.glossary import term
from stackcraft.viz.dashboard.parts.markup import folded, joined, marked, note, scrolled, table
from stackcraft.viz.dashboard.parts.places import layer_place, year_place
from stackcraft.viz.dashboard.state import View
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.report.scorecard import scorecard
from stackcraft.viz.report.scorecard import summary as over_runs
from stackcraft.viz.words import doubt, explore, public_cost

if TYPE_CHECKING:
    from stackcraft.experiments.live import Summary

SMALL_SCORECARD = ("announced", "built", "utilisation", "retention", "cost", "cost_per_adopter", "additional")
USUAL = View()  # the last year, all layers, installed, each country alike
GROUPINGS = ("region", "income", "alliance")


def run_shares(summary: Summary, view: View) -> dict[str, np.ndarray]:
    """World shares by stack, each of shape (runs,)."""
    data = world_shares(summary.world, view.kind)[
        :, year_place(summary.years, view.year), weight_index(summary.world, view.weight), layer_place(view.layer)
    ]
    return {stack: data[:, place] for place, stack in enumerate(STACKS)}


def explore_headline(summary: Summary, view: View = USUAL) -> str:
    """The finding in one sentence for what is on screen."""
    place = year_place(summary.years, view.year)
    race = summary.cells(view.kind).open_races(place, layer_place(view.layer))
    what = explore.capacity_words(view.layer, view.kind)
    shares = run_shares(summary, view)
    found = explore.finding(
        summary.years[place], shares, race, len(summary.codes), what, view.weight, kind=summary.scenario.worlds
    )
    return found if place else found.replace("By ", "In ", 1)  # nothing has happened yet on the first day


def lasting(summary: Summary, year: int | None = None) -> str:
    """Whether adopters stay, up to `year`: five-year retention by stack."""
    place = year_place(summary.years, year)
    due = np.nan_to_num(_flow(summary, "adopters_5y", "stack")).cumsum(axis=1)
    counted = np.flatnonzero((due.mean(axis=0) >= explore.LEAST_DUE).any(axis=1))
    first = summary.years[counted[0]] if len(counted) else None
    kept = INDICATORS["retention"].everywhere(summary.records(year))
    return explore.would_it_last(summary.years[place], kept, due[:, place], first)


def cost(summary: Summary, year: int | None = None) -> str:
    """What both programmes have cost up to `year`."""
    shown = summary.years[year_place(summary.years, year)]
    return public_cost.sentence(shown, summary.years[0], public_cost.spent(summary.records(shown)))


def sureness(summary: Summary, view: View = USUAL) -> str:
    """How sure the finding is: in how many worlds it holds, and what they differ by."""
    return doubt.lead_sentences(
        summary.scenario.worlds, replicates_of(summary), run_shares(summary, view), summary.scenario.parameters
    )


def headline_block(summary: Summary, view: View = USUAL) -> Markup:
    """The h1 of the page; beneath it how sure it is, whether it lasts and what it costs."""
    return Markup('<h1>{}</h1><p class="lead">{}</p><p class="note">{}</p><p class="note">{}</p>').format(
        explore_headline(summary, view), lasting(summary, view.year), cost(summary, view.year), sureness(summary, view)
    )


def tiles(summary: Summary, view: View = USUAL) -> Markup:
    """Three numbers: the shares of the three stacks in that year, each with its band over runs."""
    place = year_place(summary.years, view.year)
    rows = []
    for stack, values in run_shares(summary, view).items():
        middle, low, high = (float(value) for value in band(values))
        ranged = text("explore.no_band", runs=words.count("run", len(values)))
        if math.isfinite(low) and math.isfinite(high):
            ranged = text("explore.from_low_to_high", low=words.percent(low), high=words.percent(high))
        rows.append((stack, text(f"explore.stack_{stack}"), words.percent(middle), ranged))
    said = text(
        "explore.tiles",
        year=summary.years[place],
        what=explore.capacity_words(view.layer, view.kind),
        where=words.WHERE[view.weight],
    )
    return Markup('<div class="numbers">{}{}</div>').format(note(said), markup.tiles(rows))


def share_curves(summary: Summary, view: View = USUAL, before: Summary | None = None) -> Markup:
    """Return the three shares over the years with bands, a cursor at `year`, and all years as a table behind.

    `before`, the same without what was changed, is drawn dotted.
    """
    data = world_shares(summary.world, view.kind)[
        :, :, weight_index(summary.world, view.weight), layer_place(view.layer)
    ]
    lines, told, columns = [], [], []
    for place, stack in enumerate(STACKS):
        middle, low, high = band(data[:, :, place])
        lines.append(stacks.Curve(stack, words.STACK_SHORT[stack], middle, low, high))
        told.append(
            text(
                "explore.from_to",
                stack=words.STACK_SHORT[stack],
                first=words.percent(middle[0]),
                last=words.percent(middle[-1]),
            )
        )
        columns.append((middle, low, high))
    what = explore.capacity_words(view.layer, view.kind)
    title = text("explore.curves_title", what=what, where=words.WHERE[view.weight])
    now = summary.years[year_place(summary.years, view.year)]
    ghosts = [] if before is None else _middles(before, view)
    drawn = stacks.curves(summary.years, lines, title, "; ".join(told), (430, 220), cursor=now, ghosts=ghosts)
    rows = [
        [str(one), *(_with_band(middle[place], low, high, place) for middle, low, high in columns)]
        for place, one in enumerate(summary.years)
    ]
    head = [text("explore.year"), *(words.STACK_SHORT[stack] for stack in STACKS)]
    behind = folded(text("frame.table"), scrolled(kit.table(head, rows, title), title))
    runs = words.count("run", summary.runs - summary.failed)
    note = text(
        "explore.curves_note" if not few(len(data)) else "explore.curves_note_few", runs=runs, start=summary.years[0]
    ) + (" " + text("country.ghost_note") if ghosts else "")
    return Markup(
        '<figure class="curves-panel wide"><figcaption><h2 class="panel">{}</h2>'
        '</figcaption>{}<p class="note">{}</p>{}</figure>'
    ).format(title, drawn, note, behind)


def _middles(summary: Summary, view: View) -> list[stacks.Curve]:
    """The middle of each stack's share over the years."""
    data = world_shares(summary.world, view.kind)[
        :, :, weight_index(summary.world, view.weight), layer_place(view.layer)
    ]
    return [stacks.Curve(stack, "", band(data[:, :, place])[0]) for place, stack in enumerate(STACKS)]


def _with_band(middle: float, low: np.ndarray, high: np.ndarray, place: int) -> str:
    if not np.isfinite([middle, low[place]]).all():
        return words.percent(float(middle), 1)
    tenths = partial(words.percent, digits=1)
    return f"{tenths(float(middle))} ({words.span(float(low[place]), float(high[place]), tenths)})"


def small_scorecard(summary: Summary, year: int | None = None, names: Sequence[str] = SMALL_SCORECARD) -> Markup:
    """Each side's deals up to `year` judged by use rather than by signing, with the range of nine runs in ten."""
    place = year_place(summary.years, year)
    found = {
        row.name: (row, over_runs(values)) for row, values in scorecard(summary.world.isel(year=slice(0, place + 1)))
    }
    rows = []
    for name in names:
        if name not in found:
            continue
        row, stacks = found[name]
        title = Markup("{}<small>{}</small>").format(words.said(row.title), words.said(row.sentence))
        rows.append([title, *(_cell(row.unit, *three) for three in stacks)])
    head = [text("explore.measure"), *(words.STACK_SHORT[stack] for stack in STACKS)]
    caption = text("explore.scorecard_caption", start=summary.years[0], year=summary.years[place])
    kept = table(head, rows, caption, "numbers small-scorecard")
    return Markup('<h2 class="panel">{}</h2>{}').format(
        text("explore.scorecard"), scrolled(kept, text("explore.scorecard"))
    )


def _cell(unit: str, *three: float) -> Markup:
    middle, low, high = (words.in_unit(value, unit) for value in three)
    ranged = ""
    if low != high:  # without a band both are "n/a"
        ranged = Markup("<small>{}</small>").format(words.span(*three[1:], partial(words.in_unit, unit=unit)))
    return Markup("{}{}").format(middle, ranged)


def aggregates(summary: Summary, inputs: Any, by: str = "region", view: View = USUAL) -> Markup:
    """Shares by region, income or alliance: a row a group with its countries, shares, and where the race is open."""
    place, at = year_place(summary.years, view.year), layer_place(view.layer)
    cells = summary.cells(view.kind)
    shares, weights = cells.shares[place, at], country_weights(summary, inputs, place, view.layer, view.weight)
    disagreement = cells.disagreement[place, at]
    rows = []
    for name, members in groups(inputs, by).items():
        sound = members & np.isfinite(shares).all(axis=1) & (weights > 0)
        if not members.any():
            continue
        mean = (
            np.average(shares[sound], axis=0, weights=weights[sound]) if sound.any() else np.full(len(STACKS), np.nan)
        )
        rows.append(
            [name, int(members.sum()), *(words.percent(float(one)) for one in mean), _races(disagreement[members])]
        )
    race = term("open", text("explore.open"), by)
    head = [text(f"explore.by_{by}"), text("explore.countries"), *(words.STACK_SHORT[stack] for stack in STACKS), race]
    said = {
        "year": summary.years[place],
        "what": explore.capacity_words(view.layer, view.kind),
        "weighting": words.WEIGHT_TITLES[view.weight],
    }
    caption = marked("explore.aggregates_caption", **said) + (
        " " + text("explore.alliance_note", least=CLOSE_TIES) if by == "alliance" else ""
    )
    return scrolled(table(head, rows, caption, "numbers aggregates"), text(f"explore.by_{by}"))


def _races(chances: np.ndarray) -> str:
    """In how many of some countries the race is open, from the chance in each that two runs disagree."""
    number = sum_of(chances)
    return f"{number:.0f}" if np.isfinite(number) else words.NOTHING


def groups(inputs: Any, by: str) -> dict[str, np.ndarray]:
    """Return the countries of each group that parts the world, bool (countries,), in the order shown."""
    found = country_groups(inputs)[by].items()
    return {words.GROUP_TITLES.get(name, name): members for name, members in found if name != "treaty"}


def country_weights(summary: Summary, inputs: Any, year: int, layer: str, weight: str) -> np.ndarray:
    """How much each country counts, shape (countries,): as the model weighs its world shares."""
    if weight == "gdp":
        return np.asarray(inputs.gdp, float)
    if weight == "population":
        return np.asarray(inputs.population, float)
    if weight == "low_income":
        return country_groups(inputs)["income"]["low"].astype(float)
    if weight == "capability":
        capacity = np.asarray(summary.country["capacity"].isel(year=year).transpose("country", "layer").values, float)
        return np.nan_to_num(capacity.sum(axis=1) if layer == "all" else capacity[:, LAYERS.index(layer)])
    return np.ones(len(summary.codes))


def all_aggregates(summary: Summary, inputs: Any, view: View = USUAL) -> Markup:
    """The three groupings, each behind a line that opens it."""
    parts = [
        folded(text(f"explore.grouped_{by}"), aggregates(summary, inputs, by, view), by == "region") for by in GROUPINGS
    ]
    return Markup('<h2 class="panel">{}</h2>{}').format(text("explore.groups"), joined(parts))


def _flow(summary: Summary, name: str, *dims: str) -> np.ndarray:
    """A yearly measure of the world, shape (run, year, *dims)."""
    return np.asarray(summary.world[name].transpose("run", "year", *dims).values, float)
