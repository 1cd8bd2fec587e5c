"""Which countries move from A to B: the largest changes of lead, changes of the leading stack, and groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from markupsafe import Markup, escape

from stackcraft.agents.names import STACKS
from stackcraft.experiments.leads import LeadState
from stackcraft.experiments.live import PairSummary
from stackcraft.viz import words
from stackcraft.viz.charts import kit
from stackcraft.viz.charts.stacks import slopes
from stackcraft.viz.dashboard.parts.markup import each, paragraph
from stackcraft.viz.dashboard.strings import text

MOST = 15


def lead(shares: np.ndarray) -> np.ndarray:
    """US share less Chinese share, over the last axis."""
    return shares[..., 0] - shares[..., 1]


def movers(pair: PairSummary, names: Mapping[str, str], year: int, layer: int, kind: str = "installed") -> Markup:
    """The countries whose lead changed most, as slopes with a table; `year` and `layer` are positions."""
    before, after = (lead(arm.cells(kind).shares[year, layer]) for arm in (pair.a, pair.b))
    moved = np.nan_to_num(after - before)
    order = [int(i) for i in np.argsort(-np.abs(moved), kind="stable")[:MOST] if moved[i] != 0]
    if not order:
        return paragraph(text("compare.nobody_moved"), "quiet")
    codes, sure = pair.a.codes, pair.changes[kind].sure[year, layer]
    ranks = [_ranks(values) for values in (before, after)]
    rows = [
        (names.get(codes[i], codes[i]), float(before[i]), float(after[i]))
        for i in sorted(order, key=lambda i: -after[i])
    ]
    told = "; ".join(f"{name} {words.points(a, 0)} to {words.points(b, 0)}" for name, a, b in rows)
    picture = slopes(
        rows,
        text("compare.movers_title", year=pair.a.years[year]),
        told,
        (text("compare.lead_a"), text("compare.lead_b")),
    )
    head = [text(f"compare.{key}") for key in ("country", "lead_a", "lead_b", "moved", "rank_a", "rank_b", "clear")]
    cells = [
        [
            names.get(codes[i], codes[i]),
            words.points(float(before[i])),
            words.points(float(after[i])),
            words.points(float(moved[i])),
            ranks[0][i],
            ranks[1][i],
            text("compare.yes" if sure[i] else "compare.no"),
        ]
        for i in order
    ]
    table = kit.table(head, cells, text("compare.movers_caption", year=pair.a.years[year], countries=len(codes)))
    return Markup(
        '<figure class="slopes-figure">{}</figure><details><summary>{}</summary><div class="scroll">{}</div></details>'
    ).format(picture, text("frame.table"), table)


def _ranks(values: np.ndarray) -> np.ndarray:
    """1 for the largest US lead."""
    ranks = np.empty(len(values), int)
    ranks[np.argsort(-np.nan_to_num(values, nan=-9.0), kind="stable")] = np.arange(1, len(values) + 1)
    return ranks


def change_hands(pair: PairSummary, year: int, layer: int, kind: str = "installed") -> list[tuple[str, str, str, bool]]:
    """Countries whose leading stack differs: (code, in A, in B, whether the change of lead is clear of zero)."""
    first, second = (arm.cells(kind).state[year, layer] for arm in (pair.a, pair.b))
    sure = pair.changes[kind].sure[year, layer]
    rows = [
        (code, LeadState(int(a)).owner, LeadState(int(b)).owner, bool(clear))
        for code, a, b, clear in zip(pair.a.codes, first, second, sure, strict=True)
    ]
    return [row for row in rows if row[1] != row[2]]


def hands(
    pair: PairSummary,
    names: Mapping[str, str],
    regions: Mapping[str, str],
    year: int,
    layer: int,
    kind: str = "installed",
) -> Markup:
    """Countries that change hands, by region."""
    rows = change_hands(pair, year, layer, kind)
    if not rows:
        return paragraph(text("compare.no_hands", year=pair.a.years[year]), "quiet")
    clear, open_ones = [row for row in rows if row[3]], [row for row in rows if not row[3]]
    told = {"year": pair.a.years[year], "whole": len(pair.a.codes)}
    many = words.capital(words.count("country", len(clear)))
    sentence = text("compare.hands_one" if len(clear) == 1 else "compare.hands", many=many, **told)
    drawn = Markup("<p>{}</p>{}").format(sentence, _by_region(clear, names, regions))
    if open_ones:
        summary = text("compare.hands_open", many=words.capital(words.count("further_country", len(open_ones))))
        drawn += Markup("<details><summary>{}</summary>{}</details>").format(
            summary, _by_region(open_ones, names, regions)
        )
    return drawn


def _by_region(
    rows: Sequence[tuple[str, str, str, bool]], names: Mapping[str, str], regions: Mapping[str, str]
) -> Markup:
    by_region: dict[str, list[str]] = {}
    for code, before, after, _ in sorted(rows, key=lambda row: names.get(row[0], row[0])):
        said = text(
            "compare.from_to",
            country=names.get(code, code),
            a=text(f"compare.owner_{before}"),
            b=text(f"compare.owner_{after}"),
        )
        by_region.setdefault(regions.get(code, ""), []).append(said)
    items = "".join(
        f"<dt>{escape(region)} ({len(found)})</dt><dd>{escape('; '.join(found))}</dd>"
        for region, found in sorted(by_region.items())
    )
    return Markup('<dl class="hands">{}</dl>').format(Markup(items)) if items else Markup("")


def groups_table(
    pair: PairSummary, groups: Sequence[Mapping[str, Any]], year: int, layer: int, kind: str = "installed"
) -> Markup:
    """Mean shares of regions, income groups and alliances in A and B, every country counting the same.

    `groups` hold `kind`, `title` and `codes` each. Means over runs: single countries are not kept run by run, so there
    is not an interval.
    """
    place = {code: i for i, code in enumerate(pair.a.codes)}
    parts = []
    for grouping in dict.fromkeys(group["kind"] for group in groups):
        rows = []
        for group in (one for one in groups if one["kind"] == grouping):
            at = [place[code] for code in group["codes"] if code in place]
            if not at:
                continue
            a, b = (np.nanmean(arm.cells(kind).shares[year, layer, at], axis=0) for arm in (pair.a, pair.b))
            row = [group["title"], len(at)]
            for i in range(len(STACKS)):
                row += [
                    f"{words.percent(float(a[i]))} → {words.percent(float(b[i]))}",
                    words.points(float(b[i] - a[i])),
                ]
            rows.append(row)
        head = [grouping, text("compare.countries")]
        for stack in STACKS:
            head += [text("compare.stack_a_b", stack=words.STACK_SHORT[stack]), text("compare.moved")]
        parts.append(
            kit.table(
                head,
                rows,
                text("compare.groups_caption", grouping=grouping, year=pair.a.years[year]),
                kind="numbers groups",
            )
        )
    return each('<div class="scroll" tabindex="0">{}</div>', parts)
