"""All deals: what was announced, financed, built, used, renewed and lost. Numbers in, markup out."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from markupsafe import Markup

from stackcraft.agents.names import STACKS
from stackcraft.experiments.live import Summary
from stackcraft.experiments.statistics import Interval, band
from stackcraft.model.indicators import INDICATORS
from stackcraft.viz import words
from stackcraft.viz.charts import deals as deal_charts
from stackcraft.viz.charts import kit
from stackcraft.viz.charts.stacks import Axis, Curve, pair
from stackcraft.viz.dashboard.pages.deals import flows
from stackcraft.viz.dashboard.parts.contracts import contracts, run_note, stage, waiting
from stackcraft.viz.dashboard.parts.markup import Section, behind, each, figure, joined, note
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.report.sections import lifecycle_strips


def retention(summary: Summary, stack: str) -> Interval:
    """Five-year retention of a stack over the world and all years, with its band."""
    return band(INDICATORS["retention"](summary.records(), STACKS.index(stack)))


def announced(summary: Summary) -> np.ndarray:
    """Return what is announced over all years and stacks, (run,), bn$: the indicator that scorecards show by stack."""
    return INDICATORS["announced"].everywhere(summary.records()).sum(axis=1)


def _total(summary: Summary, name: str) -> np.ndarray:
    """A flow over all years and stacks, shape (run,)."""
    return summary.world[name].sum(("year", "stack")).values.astype(float)


def headline(summary: Summary) -> str:
    """The finding on all deals: announced against delivered, and how many last."""
    said, delivered = announced(summary), _total(summary, "delivered_bn")
    if not said.sum():
        return text("deals.headline_none", start=summary.years[0], end=summary.years[-1])
    return text(
        "deals.headline",
        start=summary.years[0],
        end=summary.years[-1],
        announced=words.money(said.mean()),
        delivered=words.money(delivered.mean()),
        share=words.percent(float(delivered.sum() / said.sum())),
        lasting=_lasting(summary),
    )


def _lasting(summary: Summary) -> str:
    kept = band(INDICATORS["retention"](summary.records())).mean
    return text("deals.lasting", kept=words.percent(kept)) if math.isfinite(kept) else text("deals.lasting_unknown")


def standfirst(summary: Summary) -> Markup:
    """Renewed and lost, by stack who keeps its adopters, and the spread over runs."""
    renewed = _total(summary, "renewed_deals")
    lost = {name: _total(summary, f"{name}_deals").mean() for name in ("switched", "lapsed", "cut", "defaulted")}
    ends = renewed.mean() + sum(lost.values())
    told = []
    if ends:
        told.append(
            text(
                "deals.ends",
                renewed=words.percent(renewed.mean() / ends),
                switched=words.percent(lost["switched"] / ends),
                lapsed=words.percent(lost["lapsed"] / ends),
            )
        )
    held = [
        text("deals.held", stack=words.STACK_TITLES[stack], kept=words.percent(kept))
        for stack in STACKS
        if math.isfinite(kept := retention(summary, stack)[0])
    ]
    if held:
        told.append(text("deals.by_stack", held=words.listed(held)))
    said, delivered = announced(summary), _total(summary, "delivered_bn")
    spread = words.band_words(delivered[said > 0] / said[said > 0])
    note = text("deals.spread", band=spread) if spread else text("deals.no_spread")
    return Markup('<p class="lead">{}</p><p class="note">{}</p>').format(" ".join(told), note)


def stage_rows(record: Any, stack: str) -> list[tuple[str, int, float]]:
    """Return (stage, contracts, bn$) of a stack in the run that is shown, from announced to lost after use.

    What is used is the value built times the share of its capacity in use: at its end where it has ended, else the
    stack's mean of the last year; its count is that of contracts built. Deals signed before the start are left out.
    """
    table = contracts(record.deals)
    mine = table[table["stack"].astype(str) == stack]
    announced, value, reached = mine["announced_bn"].sum(), mine["value_bn"].to_numpy(float), stage(mine)
    financed, built = (mine[name].notna().to_numpy() for name in ("financed", "operating"))
    now = float(record.results["utilisation"].isel(run=0, year=-1).sel(stack=stack))
    use = mine["utilisation"].fillna(now if math.isfinite(now) else 0.0).clip(0, 1).to_numpy(float)
    renewed = (mine["renewals"].to_numpy() > 0) | (mine["outcome"].astype(str) == "renewed").to_numpy()
    rows = [("announced", len(mine), float(announced))]
    rows += [
        (name, int(mask.sum()), float(value[mask].sum()))
        for name, mask in (("financed", financed | built), ("built", built))
    ]
    rows.append(("used", int(built.sum()), float((value * use)[built].sum())))
    ended = {"renewed": renewed, "lost_before": reached == "lost_before", "lost_after": reached == "lost_after"}
    return rows + [(name, int(mask.sum()), float(value[mask].sum())) for name, mask in ended.items()]


def against_all(summary: Summary, record: Any) -> str:
    """Set what is announced in the one run that is shown beside the mean and the band of all runs."""
    one = float(contracts(record.deals)["announced_bn"].sum())
    mean, low, high = band(announced(summary))
    if not math.isfinite(low):
        return text("deals.against_few", one=words.money(one), mean=words.money(mean))
    return text(
        "deals.against_all", one=words.money(one), mean=words.money(mean), low=words.money(low), high=words.money(high)
    )


def stages(record: Any, summary: Summary | None = None) -> Markup:
    """How far the deals of each stack came, in counts and money, and what became of them.

    The sum is set beside that of all runs, where their summary is given.
    """
    if record is None:
        return waiting()
    if not len(record.deals):
        return note(text("deals.none"))
    drawn, rows = [], []
    for stack in STACKS:
        found = stage_rows(record, stack)
        title = text("deals.stages_title", stack=words.STACK_TITLES[stack])
        shown = []
        for name, number, value in found:
            count = text("deals.share_in_use") if name == "used" else words.count("deal", number)
            shown.append(
                (
                    text(f"deals.stage_{name}"),
                    value,
                    f"{words.money(value)}, {count}",
                    "lost" if name.startswith("lost") else "",
                )
            )
        told = "; ".join(f"{label} {said}" for label, _, said, _ in shown)
        drawn.append(figure(words.capital(words.STACK_TITLES[stack]), deal_charts.stages(shown, title, told, stack)))
        rows += [
            [
                f"{words.STACK_SHORT[stack]}, {text(f'deals.stage_{name}').lower()}",
                f"{number:,}",
                words.money(value),
                words.percent(value / found[0][2]) if found[0][2] else "n/a",
            ]
            for name, number, value in found
        ]
    head = [text(f"deals.{key}") for key in ("stage", "number", "value", "of_announced")]
    strips = each(
        '<div class="strip-row"><h3>{}</h3><div class="scroll" tabindex="0" role="region" aria-label="{}">{}</div>'
        "</div>",
        ((one["title"], one["title"], one["svg"]) for one in lifecycle_strips(contracts(record.deals))),
    )
    return Markup('<div class="multiples three">{}</div><p class="note">{} {} {}</p>{}<h3>{}</h3>{}').format(
        joined(drawn),
        text("deals.stages_note"),
        "" if summary is None else against_all(summary, record),
        run_note(record),
        behind(kit.table(head, rows, text("deals.stages_caption"))),
        text("deals.became"),
        strips,
    )


def announced_and_delivered(summary: Summary) -> Markup:
    """Return what was announced each year against what came into operation, by stack, on one scale."""
    years = list(summary.years)[1:]  # a flow is of the twelve months before, so the first year has none
    found = {}
    for stack in STACKS:
        found[stack] = [
            band(summary.world[name].sel(stack=stack).transpose("run", "year").values[:, 1:])
            for name in ("announced_bn", "delivered_bn")
        ]
    if not years:
        return note(text("deals.no_years"))
    most = max(
        float(np.nanmax(line)) for two in found.values() for three in two for line in three if np.isfinite(line).any()
    )
    top = _round_up(most)
    drawn, rows = [], []
    for stack, two in found.items():
        strands = [
            Curve(stack, text(f"deals.{name}"), *three) for name, three in zip(("said", "found"), two, strict=True)
        ]
        whole = [float(np.nansum(three[0])) for three in two]
        told = text("deals.years_told", announced=words.money(whole[0]), delivered=words.money(whole[1]))
        title = words.capital(words.STACK_TITLES[stack])
        axis = Axis(0.0, top, (0.0, top / 2, top), _money)
        picture = pair(years, strands, title, told, axis, valued=False)
        drawn.append(Markup('<figure><h3>{}</h3>{}<p class="note">{}</p></figure>').format(title, picture, told))
        for one, three in zip(strands, two, strict=True):
            shown = years[:: max(1, len(years) // 5)]
            rows.append(
                [
                    f"{words.STACK_SHORT[stack]}, {one.label}",
                    *(_money(float(three[0][years.index(year)])) for year in shown),
                    _money(float(np.nansum(three[0]))),
                ]
            )
    head = [text("deals.stack"), *map(str, years[:: max(1, len(years) // 5)]), text("deals.all_years")]
    table = kit.table(head, rows, text("deals.years_caption"))
    return Markup('<div class="multiples three">{}</div><p class="note">{}</p>{}').format(
        joined(drawn), text("deals.years_note"), behind(table)
    )


def _money(value: float) -> str:
    """Short money for the axis of a small picture."""
    return words.money(value) if value else "$0"


def _round_up(value: float) -> float:
    """The next of 1, 2, 4, 6, 8, 10 times a power of ten."""
    if not value > 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= value * 0.999)


def deals_parts(summary: Any, record: Any) -> list[Section]:
    """Return the sections of the page above the ledger."""
    found = {"stages": stages(record, summary), "years": announced_and_delivered(summary), "flows": flows.flows(record)}
    return [(key, text(f"deals.title_{key}"), body) for key, body in found.items()]
