"""Two scenarios side by side: what B does that A does not. Numbers in, markup out; a page only puts the parts in order.

Throughout, A is what is compared with and B what is asked; differences are B less A, run by run under the same luck.
`year` is a calendar year of the pair (the nearest counts; None is the last), `layer` "all" or one of the seven.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from markupsafe import Markup, escape

from stackcraft.agents.names import STACKS
from stackcraft.experiments.leads import count_owners, weight_index, world_shares
from stackcraft.experiments.live import PairSummary
from stackcraft.experiments.live.ensemble import replicates_of
from stackcraft.experiments.reasons import Reasons
from stackcraft.experiments.statistics import band, paired_interval
from stackcraft.model.indicators import INDICATORS
from stackcraft.model.scenario import Scenario
from stackcraft.viz import words
from stackcraft.viz.charts import kit, stacks
from stackcraft.viz.charts.stacks import differences
from stackcraft.viz.dashboard.pages.compare.changed import Change, changes_between
from stackcraft.viz.dashboard.parts import because, markup
from stackcraft.viz.dashboard.parts.markup import each, joined, paragraph, scrolled
from stackcraft.viz.dashboard.parts.places import layer_place, year_place
from stackcraft.viz.dashboard.state import Question
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.report import sections
from stackcraft.viz.report.build import render
from stackcraft.viz.report.source import Source, source_of_summary
from stackcraft.viz.words import doubt, public_cost

CHANGE = "B"  # what B is called among the reasons


@dataclass(frozen=True)
class Finding:
    """The stack that moves most, the sign of its clear change or 0, and the paired differences of all, each (runs,)."""

    stack: str
    sign: int
    differences: dict[str, np.ndarray]


def titles_of(a: Question, b: Question) -> tuple[str, str]:
    """Short titles that say what each changes."""
    return a.names.short, b.names.short


def gaps(pair: PairSummary, weight: str = "country", layer: str = "all", kind: str = "installed") -> np.ndarray:
    """Paired differences of world shares, (run, year, stack)."""
    at = weight_index(pair.a.world, weight)
    after, before = (world_shares(arm.world, kind)[:, :, at, layer_place(layer)] for arm in (pair.b, pair.a))
    return after - before


def finding(pair: PairSummary, year: int | None = None) -> Finding:
    """The finding of the headline: over all layers, installed, every country counting the same."""
    gap = gaps(pair)[:, year_place(pair.a.years, year)]
    by_stack = {stack: gap[:, i] for i, stack in enumerate(STACKS)}
    found = {stack: paired_interval(values) for stack, values in by_stack.items()}
    clear = {stack: one.mean for stack, one in found.items() if one.clear}
    means = clear or {stack: mean for stack, (mean, _, _) in found.items()}
    stack = max(means, key=lambda name: abs(means[name]))
    return Finding(stack, int(np.sign(clear[stack])) if clear else 0, by_stack)


def headline(pair: PairSummary, titles: tuple[str, str], year: int | None = None) -> str:
    """The finding in a sentence."""
    named = (text("names.side_a", title=titles[0]), text("names.side_b", title=titles[1]))
    return words.comparison_headline(
        *named, pair.a.years[year_place(pair.a.years, year)], finding(pair, year).differences, pair.b.scenario.worlds
    )


def lasting_and_cost(pair: PairSummary, year: int | None = None) -> list[str]:
    """Five-year retention and public cost up to a year: paired differences with intervals, a sentence each."""
    start, shown = pair.a.years[0], pair.a.years[year_place(pair.a.years, year)]
    before, after = (arm.records(shown) for arm in (pair.a, pair.b))
    kept, parts = INDICATORS["retention"], {}
    first, second = (kept.everywhere(records) for records in (before, after))
    for i, stack in enumerate(STACKS[:2]):
        mean, low, high = paired_interval(second[:, i] - first[:, i])
        parts[stack] = text("compare.none_due") if not math.isfinite(mean) else _moves(kept.unit, mean, low, high)
    lasting = text("compare.lasting", us=parts["US"], cn=parts["CN"], first=start, last=shown)
    return [lasting, public_cost.added_sentence(shown, start, public_cost.added(before, after))]


def _moves(unit: str, mean: float, low: float, high: float) -> str:
    if mean == low == high == 0:
        return text("compare.same")
    signed = lambda value: words.change_in_unit(value, unit)  # noqa: E731
    return f"{signed(mean)} ({words.interval_words(low, high, signed)})"


def beneath(pair: PairSummary, year: int | None = None) -> Markup:
    """Return what is below the headline: would it last, what does it cost, how sure is it."""
    sound = pair.runs - pair.failed
    paired = text("compare.one_pair") if sound == 1 else text("compare.pairs", runs=sound)
    failed = " " + text("compare.failed", failed=pair.failed) if pair.failed else ""
    lines = [Markup('<p class="lead">{}</p>').format(one) for one in lasting_and_cost(pair, year)]
    told = sureness(pair, year)
    return joined(lines) + Markup('<p class="note doubt">{}</p><p class="note">{}{}</p>').format(told, paired, failed)


def sureness(pair: PairSummary, year: int | None = None) -> str:
    """How sure the finding is: in how many worlds its sign holds, and what they differ by."""
    found = finding(pair, year)
    return doubt.change_sentences(
        pair.b.scenario.worlds,
        replicates_of(pair.b),
        found.differences,
        found.stack,
        found.sign,
        pair.b.scenario.parameters,
    )


def why(pair: PairSummary, reasons: Reasons | None, year: int | None = None) -> Markup:
    """Return through what B moves each stack's share and what lasts, where they move clearly; "" before it is read."""
    if reasons is None:
        return Markup("")
    told = []
    for stack, values in finding(pair, year).differences.items():
        if (one := paired_interval(values)).clear:
            effect = text("compare.why_share", stack=words.STACK_TITLES[stack], effect=words.points(one.mean))
            told.append((effect, because.sentence(reasons.reason(CHANGE, stack, bool(one.mean > 0)))))
    kept = INDICATORS["retention"]
    first, second = (kept.everywhere(arm.records()) for arm in (pair.a, pair.b))
    for place, stack in enumerate(STACKS):
        if (one := paired_interval(second[:, place] - first[:, place])).clear:
            effect = text("compare.why_lasting", stack=words.STACK_TITLES[stack], effect=words.points(one.mean))
            reason = reasons.reason(CHANGE, stack, bool(one.mean > 0), "retention")
            told.append((effect, because.sentence(reason, "retention")))
    if not told:
        return paragraph(text("compare.why_nothing"))
    items = each("<li><b>{}</b> {}</li>", told)
    return Markup('<ul class="reasons">{}</ul>{}').format(items, markup.note(because.how_read(reasons)))


def tiles(pair: PairSummary, year: int | None = None) -> Markup:
    """Return the three differences with their intervals."""
    found = ((stack, paired_interval(values)) for stack, values in finding(pair, year).differences.items())
    return markup.tiles(
        (stack, words.STACK_SHORT[stack], words.points(mean), words.interval_words(low, high))
        for stack, (mean, low, high) in found
    )


def changed_table(a: Scenario, b: Scenario, titles: tuple[str, str]) -> Markup:
    """Return what the two scenarios set differently, as a table."""
    changes = changes_between(a, b)
    if not changes:
        return paragraph(text("compare.nothing_changed"))
    head = [text("compare.what"), f"A: {titles[0]}", f"B: {titles[1]}", text("compare.origin")]
    rows = [(_with_small(change.what, change.sentence), change.a, change.b, _origin(change)) for change in changes]
    caption = text("compare.changed_caption")
    return scrolled(markup.table(head, rows, caption, "words changed"), caption)


def _with_small(title: str, sentence: str) -> Markup:
    return Markup("{}<small>{}</small>" if sentence else "{}").format(title, sentence)


def _origin(change: Change) -> Markup:
    if not change.judgement:
        return escape(change.source)
    mark = Markup('<span class="judgement">{}</span>').format(text("compare.judgement"))
    return Markup("{}; {}" if change.source else "{}").format(mark, change.source)


def by_layer(
    pair: PairSummary,
    titles: tuple[str, str],
    weight: str = "country",
    kind: str = "installed",
    year: int | None = None,
) -> Markup:
    """Differences by layer under one weighting, every axis alike, with a table of all weightings."""
    a, b = sources(pair, titles)
    place = year_place(pair.a.years, year)
    views = sections.layer_differences(a, b, kind=kind, year=place)["views"]
    view = next(one for one in views if one["weight"] == weight)
    drawn = each(
        "<figure><figcaption><h3>{}</h3></figcaption>{}</figure>",
        ((one["title"], one["svg"]) for one in view["charts"]),
    )
    note = text(
        "compare.by_layer_note",
        weight=view["weight_title"],
        reach=view["reach"].removeprefix("+"),
        year=pair.a.years[place],
    )
    behind = each('<div class="scroll">{}</div>', (one["table"] for one in views))
    return Markup(
        '<p class="note">{}</p><div class="multiples">{}</div><details><summary>{}</summary>{}</details>'
    ).format(note, drawn, text("compare.table_weights"), behind)


def curves_and_differences(
    pair: PairSummary,
    titles: tuple[str, str],
    weight: str = "country",
    layer: str = "all",
    kind: str = "installed",
    year: int | None = None,
) -> Markup:
    """Both arms on the same axes, and the paired difference over the years with its interval."""
    at, where, now = (
        weight_index(pair.a.world, weight),
        layer_place(layer),
        pair.a.years[year_place(pair.a.years, year)],
    )
    figures = []
    for letter, title, arm in zip("AB", titles, (pair.a, pair.b), strict=True):
        data = world_shares(arm.world, kind)[:, :, at, where]
        lines = [stacks.Curve(stack, words.STACK_SHORT[stack], *band(data[:, :, i])) for i, stack in enumerate(STACKS)]
        told = "; ".join(
            f"{line.label} {words.percent(line.middle[0])} to {words.percent(line.middle[-1])}" for line in lines
        )
        figures.append(
            (
                f"{letter}: {title}",
                stacks.curves(list(arm.years), lines, f"{letter}: {title}", told, size=(520, 230), cursor=now),
            )
        )
    gap = gaps(pair, weight, layer, kind)
    moved = [
        stacks.Curve(stack, words.STACK_SHORT[stack], *paired_interval(gap[:, :, i])) for i, stack in enumerate(STACKS)
    ]
    told = "; ".join(f"{line.label} {words.points(float(line.middle[-1]))}" for line in moved)
    title = text("compare.gap_title")
    figures.append((title, differences(pair.a.years, moved, title, told, now)))
    drawn = joined(Markup("<figure><figcaption>{}</figcaption>{}</figure>").format(*one) for one in figures)
    rows = [[str(one), *(_with_interval(line, i) for line in moved)] for i, one in enumerate(pair.a.years)]
    table = kit.table(
        [text("compare.year"), *(words.STACK_SHORT[stack] for stack in STACKS)], rows, text("compare.gap_caption")
    )
    note = text(
        "compare.curves_note",
        layer=words.layer_title(layer),
        weight=words.WEIGHT_TITLES[weight],
        kind=text(f"compare.{kind}"),
    )
    return Markup(
        '<p class="note">{}</p><div class="pair compare-curves">{}</div><details><summary>{}</summary>'
        '<div class="scroll">{}</div></details>'
    ).format(note, drawn, text("frame.table"), table)


def _with_interval(line: stacks.Curve, i: int) -> str:
    mean = words.points(float(line.middle[i]))
    if not np.isfinite(line.low[i]):
        return mean
    return f"{mean} ({words.interval_words(float(line.low[i]), float(line.high[i]))})"


def scorecard(pair: PairSummary, titles: tuple[str, str], year: int | None = None) -> Markup:
    """The scorecards of both up to a year and the paired differences."""
    shown = pair.a.years[year_place(pair.a.years, year)]
    a, b = (replace(one, results=one.results.sel(year=slice(None, shown))) for one in sources(pair, titles))
    told = markup.note(text("compare.scorecard_years", first=pair.a.years[0], year=shown))
    found = {"kind": "comparison", "scorecard": sections.scorecard_differences(a, b)}
    return told + Markup(render(found, "scorecard.html"))


def counts(pair: PairSummary, year: int | None = None, layer: str = "all", kind: str = "installed") -> str:
    """How many countries move which way, clearly."""
    found = count_owners(pair.changes[kind].state[year_place(pair.a.years, year), layer_place(layer)])
    third, still = found["independent"], found["contested"]
    return text("compare.counts", us=found["US"], cn=found["CN"], independent=third, still=still)


def sources(pair: PairSummary, titles: tuple[str, str]) -> tuple[Source, Source]:
    """Both arms as the report's functions take them."""
    return source_of_summary(pair.a, titles[0]), source_of_summary(pair.b, titles[1])
