"""Return the parts of a report that need more than a number: curves, scorecard, deals, beliefs, as plain values."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from stackcraft.agents.names import STACKS
from stackcraft.experiments.leads import hazards, weight_index, world_shares
from stackcraft.experiments.statistics import band, paired_interval
from stackcraft.viz import words
from stackcraft.viz.charts import kit, stacks
from stackcraft.viz.report.scorecard import scorecard, summary
from stackcraft.viz.report.source import Source
from stackcraft.viz.words.catalogue import text

KINDS = words.Titles("kind", ("installed", "utilised"), "report")
MATTERED = 8
CHANNELS = words.Titles("channel", ("supply", "security", "commitment"), "report")
MEANINGS = words.Titles("meaning", tuple(CHANNELS), "report")
# In the order of the strip. A deal that passed to another vendor of its stack may serve, be under way still, or have
# ended.
NOVATED = ("novated, operating", "novated, not yet operating", "novated, ended")
OUTCOMES = (
    "operating",
    "renewed",
    NOVATED[0],
    "pipeline",
    NOVATED[1],
    "lapsed",
    "switched",
    NOVATED[2],
    "restricted",
    "cancelled",
    "defaulted",
    "cut",
)


def share_curves(
    source: Source, weights: Sequence[str] = tuple(words.WEIGHT_TITLES), kinds: Sequence[str] = tuple(KINDS)
) -> list[dict[str, Any]]:
    """Return every weighting and kind with a chart for each layer, the mean over layers first and larger."""
    views = []
    shares = {kind: world_shares(source.results, kind) for kind in kinds}
    for weight in weights:
        weight_title = words.WEIGHT_TITLES[weight]
        for kind in kinds:
            kind_title = KINDS[kind]
            data = shares[kind][:, :, weight_index(source.results, weight)]
            drawn, rows = [], []
            for position, layer in enumerate(("all", *source.layers)):
                lines, told = [], []
                for i, stack in enumerate(STACKS):
                    middle, low, high = band(data[:, :, position, i])
                    narrow = stack == "independent" and layer != "all"
                    label = stacks.SHORT[stack] if narrow else words.STACK_SHORT[stack]
                    lines.append(stacks.Curve(stack, label, middle, low, high))
                    told.append(f"{words.STACK_SHORT[stack]} {words.span(middle[0], middle[-1], words.percent)}")
                    rows.append(
                        [
                            f"{words.layer_title(layer)}, {words.STACK_SHORT[stack]}",
                            *_ends(source.years, middle, low, high),
                        ]
                    )
                title = text("report.share_title", layer=words.layer_title(layer), kind=kind_title, weight=weight_title)
                size = (520, 230) if layer == "all" else (320, 190)
                drawn.append(
                    {
                        "title": words.layer_title(layer),
                        "svg": stacks.curves(source.years, lines, title, "; ".join(told), size),
                    }
                )
            head = [text("report.layer_and_stack"), *map(str, _shown_years(source.years))]
            head.append(text("report.nine_of_ten", year=source.years[-1]))
            caption = text("report.share_caption", kind=kind_title, weight=weight_title)
            views.append(
                {
                    "weight": weight,
                    "weight_title": weight_title,
                    "kind": kind,
                    "charts": drawn,
                    "table": kit.table(head, rows, caption),
                }
            )
    return views


def layer_differences(
    a: Source, b: Source, weights: Sequence[str] = tuple(words.WEIGHT_TITLES), kind: str = "installed", year: int = -1
) -> dict[str, Any]:
    """Return paired differences by layer and weighting, as a chart and a table; `year` is a position."""
    views = []
    after, before = (world_shares(arm.results, kind)[:, year] for arm in (b, a))
    for weight in weights:
        title = words.WEIGHT_TITLES[weight]
        at = weight_index(a.results, weight)
        gap = after[:, at] - before[:, at]
        rows, reach = [], 0.01
        for position, layer in enumerate(("all", *a.layers)):
            found = [(stack, *paired_interval(gap[:, position, i])) for i, stack in enumerate(STACKS)]
            reach = max([reach, *(abs(value) for _, *three in found for value in three if np.isfinite(value))])
            rows.append((layer, found))
        drawn = []
        for layer, found in rows:
            dots = [
                stacks.Dot(stack, mean, low, high, f"{words.STACK_SHORT[stack]} {words.points(mean)}")
                for stack, mean, low, high in found
            ]
            told = "; ".join(dot.label for dot in dots)
            drawn.append(
                {
                    "title": words.layer_title(layer),
                    "svg": stacks.dot_intervals(dots, words.layer_title(layer), told, (-reach, reach), zero=True),
                }
            )
        head = [text("report.layer"), *(words.STACK_SHORT[stack] for stack in STACKS)]
        cells = [
            [
                words.layer_title(layer),
                *(f"{words.points(mean)} ({words.interval_words(low, high)})" for _, mean, low, high in found),
            ]
            for layer, found in rows
        ]
        views.append(
            {
                "weight": weight,
                "weight_title": title,
                "reach": words.bare_points(reach),
                "charts": drawn,
                "table": kit.table(head, cells, text("report.difference_caption", year=a.years[year], weight=title)),
            }
        )
    return {"views": views}


def _shown_years(years: Sequence[int]) -> list[int]:
    return [years[i] for i in sorted({round(step * (len(years) - 1) / 4) for step in range(5)})]


def _ends(years: Sequence[int], middle: np.ndarray, low: np.ndarray, high: np.ndarray) -> list[str]:
    cells = [words.percent(float(middle[years.index(year)]), 1) for year in _shown_years(years)]
    if not math.isfinite(low[-1]):
        return [*cells, text("report.few_runs")]
    return [*cells, words.span(float(low[-1]), float(high[-1]), partial(words.percent, digits=1))]


def scorecard_rows(source: Source) -> list[dict[str, Any]]:
    """Return the programme scorecard: for each measure its values by stack, and dots with intervals."""
    rows = []
    for row, values in scorecard(source.results):
        found = summary(values)
        cells = [
            {"stack": stack, "value": words.in_unit(middle, row.unit), "range": _range(row, low, high)}
            for stack, (middle, low, high) in zip(STACKS, found, strict=True)
        ]
        plot = _dots(row, [(stack, *three) for stack, three in zip(STACKS, found, strict=True)])
        rows.append(
            {
                "title": words.said(row.title),
                "meaning": words.said(row.sentence),
                "better": row.better,
                "cells": cells,
                "plot": plot,
            }
        )
    return rows


def _range(row: Any, low: float, high: float) -> str:
    """Return where nine runs in ten lie; "" where that says no more than the mean."""
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        return ""
    return words.span(low, high, partial(words.in_unit, unit=row.unit))


def _dots(row: Any, found: Sequence[tuple[str, float, float, float]], zero: bool = False) -> Any:
    numbers = [value for _, *three in found for value in three if math.isfinite(value)]
    if not numbers:
        return ""
    low, high = (min(numbers), max(numbers)) if zero else (min(0.0, *numbers), max(numbers))
    if zero:
        reach = max(abs(low), abs(high)) or 1.0
        low, high = -reach, reach
    dots = [
        stacks.Dot(stack, middle, least, most, f"{words.STACK_SHORT[stack]}: {words.in_unit(middle, row.unit)}")
        for stack, middle, least, most in found
    ]
    told = "; ".join(f"{words.STACK_SHORT[stack]} {words.in_unit(middle, row.unit)}" for stack, middle, _, _ in found)
    return stacks.dot_intervals(dots, words.said(row.title), told, (low, high if high > low else low + 1), zero=zero)


def scorecard_differences(first: Source, second: Source) -> list[dict[str, Any]]:
    """Return the scorecard of two arms side by side with the paired difference and its 95 % interval."""
    after = {row.name: values for row, values in scorecard(second.results)}
    rows = []
    for row, before in scorecard(first.results):
        if row.name not in after:
            continue
        cells, found = [], []
        for i, stack in enumerate(STACKS[:2]):
            pair = paired_interval(after[row.name][:, i] - before[:, i])
            found.append((stack, *pair))
            a, b = summary(before)[i][0], summary(after[row.name])[i][0]
            cells.append(
                {
                    "stack": stack,
                    "a": words.in_unit(a, row.unit),
                    "b": words.in_unit(b, row.unit),
                    "difference": words.change_in_unit(pair[0], row.unit),
                    "range": _signed_range(row, *pair[1:]),
                    "sure": pair.clear,
                }
            )
        rows.append(
            {
                "title": words.said(row.title),
                "meaning": words.said(row.sentence),
                "better": row.better,
                "cells": cells,
                "plot": _dots(row, found, zero=True),
            }
        )
    return rows


def _signed_range(row: Any, low: float, high: float) -> str:
    if not (math.isfinite(low) and math.isfinite(high)):
        return ""
    return words.span(low, high, partial(words.change_in_unit, unit=row.unit))


def lifecycles(source: Source) -> list[dict[str, Any]]:
    """Return what became of the deals in the ledger, by stack; empty without a ledger."""
    return lifecycle_strips(source.deals)


def lifecycle_strips(deals: Any) -> list[dict[str, Any]]:
    """Return a strip for each stack of what became of the deals of a table; empty for None or an empty table."""
    if deals is None or not len(deals):
        return []
    strips = []
    for stack in STACKS:
        counts = _outcomes(deals[deals["stack"].astype(str) == stack]).value_counts()
        order = [name for name in OUTCOMES if name in counts] + [name for name in counts.index if name not in OUTCOMES]
        parts = [(name, float(counts[name])) for name in order]
        if not parts:
            continue
        whole = sum(number for _, number in parts)
        told = ", ".join(f"{stacks.outcome_title(name)} {words.number(f'{number:.0f}')}" for name, number in parts)
        strips.append(
            {
                "stack": stack,
                "title": words.capital(words.STACK_TITLES[stack]),
                "deals": int(whole),
                "told": told,
                "svg": stacks.lifecycle(
                    parts, text("report.lifecycle_title", stack=words.STACK_TITLES[stack]), told, stack
                ),
            }
        )
    return strips


def _outcomes(deals: Any) -> Any:
    """Return the outcome of every deal; those that were taken over are split by how far they came since."""
    outcome = deals["outcome"].astype(str)
    operating, ended = deals["operating"].notna(), deals["ended"].notna()
    novated = outcome == "novated"
    outcome = outcome.mask(novated & operating & ~ended, NOVATED[0]).mask(novated & ~operating & ~ended, NOVATED[1])
    return outcome.mask(novated & ended, NOVATED[2])


def scripted_deals(source: Source) -> list[dict[str, Any]]:
    """Return deals announced outside any tender, the first signed first, in the first run that has a ledger."""
    deals = source.deals
    if deals is None or not len(deals):
        return []
    mine = deals[(deals["run"] == deals["run"].iloc[0]) & (deals["origin"].astype(str) == "scripted")]
    rows = []
    for row in mine.sort_values("signed", kind="stable").to_dict("records"):
        size, value = float(row["megawatts"]), float(row["value_bn"])
        rows.append(
            {
                "title": words.deal_title(row, source.countries),
                "vendor": words.vendor_title(row["vendor"], source.vendors),
                "value": words.money(value) if math.isfinite(value) and value > 0 else text("report.not_announced"),
                "size": text("deal_story.size", size=words.number(f"{size:,.0f}"))
                if math.isfinite(size) and size >= 1
                else "",
                "ending": words.ending(row) or text("report.not_known"),
            }
        )
    return rows


def ledger_runs(source: Source) -> int:
    """Count the runs that keep a ledger of their deals."""
    return 0 if source.deals is None or not len(source.deals) else int(source.deals["run"].nunique())


def deals_that_mattered(source: Source) -> list[dict[str, Any]]:
    """Return large deals that were close, that support turned, or that failed after signing, with the reasons."""
    deals = source.deals
    if deals is None or not len(deals):
        return []
    # second sources and contracts from before the run were nobody's choice against a rival
    chosen_in_run = ~deals["origin"].astype(str).isin(("legacy", "hedge"))
    table = deals[(deals["run"] == deals["run"].iloc[0]) & chosen_in_run].reset_index(drop=True)
    value = table["value_bn"].astype(float).fillna(0)
    chance = table["win_probability"].astype(float)
    bare = table["win_probability_unsupported"].astype(float)
    rivalled = table["runner_up"].notna()
    failed = table["outcome"].astype(str).isin(("cancelled", "defaulted", "cut", "restricted", "novated"))
    reasons = (
        ("close_and_large", value * (4 * chance * (1 - chance)).fillna(0) * rivalled, 4),
        ("moved_by_support", value * (chance - bare).clip(lower=0).fillna(0) * table["supported"].astype(bool), 2),
        ("failed_after_signing", value * failed, 2),
    )
    chosen: dict[Any, str] = {}
    taken: set[str] = set()  # one deal a country, or the layers of one package would fill the page
    for reason, score, wanted in reasons:
        left = wanted
        for index in score.sort_values(ascending=False, kind="stable").index:
            country = str(table.at[index, "country"])
            if left == 0 or score[index] <= 0:
                break
            if country not in taken:
                chosen[index] = reason
                taken.add(country)
                left -= 1
    for index, reason in chosen.items():
        if reason == "failed_after_signing" and str(table.at[index, "outcome"]) == "novated":
            chosen[index] = "taken_over"
    return [_deal(table.loc[index].to_dict(), reason, source) for index, reason in list(chosen.items())[:MATTERED]]


def _deal(row: Mapping[str, Any], reason: str, source: Source) -> dict[str, Any]:
    gaps = words.terms_apart(row)
    shown = [(words.TERM_TITLES[term], gap) for term, gap in gaps[:6] if abs(gap) >= 0.005]
    rest = sum(gap for _, gap in gaps[len(shown) :])
    if shown and abs(rest) >= 0.005:
        shown.append((text("report.other_terms"), rest))
    stack = str(row["stack"])
    title = words.deal_title(row, source.countries)
    told = "; ".join(f"{label} {words.number(f'{gap:+.2f}')}" for label, gap in shown)
    ends = text("report.for_winner"), text("report.for_runner_up")
    chart = stacks.bars(shown, text("report.why_deal", title=title), told, *ends, stack) if shown else ""
    return {
        "title": title,
        "reason": text(f"report.{reason}"),
        "stack": stack,
        "story": words.deal_story(row, source.vendors),
        "chart": chart,
    }


def beliefs(source: Source) -> list[dict[str, Any]]:
    """Return believed against true hazards: a chart for each channel, first and last year, and sentences."""
    first, last = source.years[0], source.years[-1]
    before, after = hazards(source.results, 0), hazards(source.results, -1)
    found = []
    for channel, title in CHANNELS.items():
        if channel not in source.results["channel"].values:
            continue
        rows, numbers = [], []
        for stack in STACKS:
            for year, state in ((first, before), (last, after)):
                one = state[stack, channel]
                rows.append(
                    (
                        stack,
                        f"{words.STACK_SHORT[stack]}, {year}",
                        one["believed"],
                        one["low"],
                        one["high"],
                        one["true"],
                    )
                )
                numbers += [one["believed"], one["high"], one["true"]]
        top = max((number for number in numbers if math.isfinite(number)), default=0.1)
        top = max(0.04, math.ceil(top * 25) / 25)  # four even steps of whole percent
        told = "; ".join(
            text("report.believed_true", what=row[1], believed=words.percent(row[2], 1), true=words.percent(row[5], 1))
            for row in rows
        )
        told_beliefs = [
            words.belief_sentence(stack, channel, after[stack, channel]["believed"], after[stack, channel]["true"])
            for stack in STACKS[:2]
        ]
        table = kit.table(
            [text(f"report.{name}") for name in ("stack_and_year", "believed", "countries_span", "true")],
            [
                [
                    row[1],
                    words.percent(row[2], 1),
                    words.span(row[3], row[4], partial(words.percent, digits=1)),
                    words.percent(row[5], 1),
                ]
                for row in rows
            ],
            text("report.hazard_caption", title=title),
        )
        found.append(
            {
                "title": title,
                "meaning": MEANINGS[channel],
                "svg": stacks.believed_and_true(rows, title, told, top),
                "table": table,
                "sentences": told_beliefs,
            }
        )
    return found


def country_table(
    codes: Sequence[str], names: Mapping[str, str], layers: Sequence[str], shares: np.ndarray, signed: bool = False
) -> dict[str, Any]:
    """Return the map's numbers as rows: country, then shares of the last year by layer, all layers first.

    `shares` has shape (layer + 1, country, 3); with `signed` they are differences in points.
    """

    def cell(three: np.ndarray) -> str:
        if not np.isfinite(three).all():
            return text("report.no_data")
        return " / ".join(words.number(f"{100 * value:+.1f}" if signed else f"{100 * value:.0f}") for value in three)

    rows = [
        [names.get(code, code), code, *(cell(shares[layer, i]) for layer in range(shares.shape[0]))]
        for i, code in enumerate(codes)
    ]
    return {
        "head": [
            text("report.country"),
            text("report.code"),
            *(words.layer_title(layer) for layer in ("all", *layers)),
        ],
        "rows": sorted(rows, key=lambda row: row[0]),
    }
