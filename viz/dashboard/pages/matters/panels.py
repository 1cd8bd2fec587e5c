"""What matters, as words and pictures: levers one at a time, the nine recommendations, and what a budget buys.

Every function takes `Effects` and an outcome (see `stackcraft.experiments.live.lever_effects.OUTCOMES`), and a country
with its name in words, or neither for the whole world; each gives a sentence, a picture where there is one, and the
table behind it.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from markupsafe import Markup

from stackcraft.experiments.evidence import lever_effects
from stackcraft.experiments.live.lever_effects import (
    AffordableMove,
    Effects,
    LeverEffect,
    affordable_moves,
    publicly_paid,
)
from stackcraft.experiments.live.moves import BANS, side_of
from stackcraft.experiments.statistics import Interval
from stackcraft.model.indicators import INDICATORS
from stackcraft.viz import words
from stackcraft.viz.charts import kit
from stackcraft.viz.charts.stacks import Lane, lanes
from stackcraft.viz.dashboard.parts.markup import behind, note, scrolled
from stackcraft.viz.dashboard.parts.rail import full_title
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words import claims

MOST_BARS = 14
MOST_BOUGHT = 12
OVERLAP = 0.1  # the sum of the parts counts as the whole within a tenth of it
COUNTRY_OUTCOMES = ("share", "used_share")  # what is known for one country; all else is the world's


def outcome_words(matters: Effects, outcome: str, place: str = "") -> str:
    """An outcome in words: "the US stack's share of AI capacity in Kenya in 2045"."""
    first, last = matters.years
    return text(f"matters.outcome_{outcome}", place=place or text("matters.world"), first=first, year=last)


def unit_of(outcome: str) -> str:
    """The unit of an outcome."""
    return INDICATORS[outcome.partition("_")[2]].unit


def shown(outcome: str) -> Callable[[float], str]:
    """How a change of the outcome is written: points of a share, or money; "0" where nothing changes."""

    def write(value: float) -> str:
        if not math.isfinite(value):
            return text("matters.not_measured")
        return words.change_in_unit(value, unit_of(outcome))

    return write


def bare(outcome: str) -> Callable[[float], str]:
    """As `shown`, for pictures: points without their name, which is below."""
    write = shown(outcome)
    return lambda value: write(value).removesuffix(" points").removesuffix(" point")


def unit_note(outcome: str) -> str:
    """What the numbers of a picture are."""
    kind = {"bn$": "money", "count": "count"}.get(unit_of(outcome), "points")
    return text(f"matters.unit_{kind}")


def span(one: Interval, outcome: str) -> str:
    """An interval: "+1.2 to +3.4 points"."""
    if not math.isfinite(one.low):
        return "-"
    return words.span(one.low, one.high, shown(outcome))


def with_span(one: Interval, outcome: str) -> str:
    """ "+2.3 points (+1.2 to +3.4 points)"; only the value where there is no interval or it has no width."""
    if not math.isfinite(one.mean):
        return text("matters.not_measured")
    flat = not math.isfinite(one.low) or one.low == one.high
    return shown(outcome)(one.mean) if flat else f"{shown(outcome)(one.mean)} ({span(one, outcome)})"


def basis(matters: Effects) -> str:
    """How many runs the numbers come from, how far the work is, and whether a stored table still holds."""
    if matters.about:
        told = f"{text('matters.basis_stored', runs=matters.wanted)} {text('cost.stored', runs=matters.wanted)}"
        stale = lever_effects.stale(matters)
        return f"{told} {text('matters.basis_stale', changed=claims.changed_words(stale))}" if stale else told
    if matters.complete:
        return text("matters.basis", runs=matters.wanted)
    made, moves = int((matters.made > 0).sum()), len(matters.changes)
    return text("matters.basis_so_far", runs=matters.runs, wanted=matters.wanted, made=made, moves=moves)


def world_note(outcome: str, country: str) -> str:
    """Says so where a country is asked for and the outcome is the world's; "" otherwise."""
    return text("matters.world_only") if country and outcome.partition("_")[2] not in COUNTRY_OUTCOMES else ""


# one lever at a time


def lever_sentences(matters: Effects, outcome: str, country: str = "", place: str = "") -> str:
    """Which levers reach furthest, and how many move the outcome clearly."""
    found = matters.levers(outcome, country)
    if not found:
        return text("matters.nothing")
    goal = outcome_words(matters, outcome, place)
    clear = [one for one in found if one.clear]
    telling = [one for one in clear if one.name not in BANS]
    if not telling:
        return text("matters.lever_none", number=len(found), outcome=goal)
    value, effect = _further(telling[0])
    told = [
        text(
            "matters.lever_first",
            number=len(found),
            lever=full_title(telling[0].name),
            now=number(telling[0].now),
            value=number(value),
            outcome=goal,
            effect=shown(outcome)(effect.mean),
            span=span(effect, outcome),
        )
    ]
    if len(telling) > 1:
        told.append(text("matters.lever_next", others=words.listed([_in_short(one, outcome) for one in telling[1:4]])))
    told.append(text("matters.lever_count", clear=len(clear), number=len(found)))
    return " ".join(told)


def tornado(matters: Effects, outcome: str, country: str = "", place: str = "", most: int = MOST_BARS) -> Markup:
    """The levers of the longest reach as bars, and all of them as a table."""
    found = matters.levers(outcome, country)
    if not found:
        return note(text("matters.nothing"))
    goal = outcome_words(matters, outcome, place)
    telling = [one for one in found if one.name not in BANS][:most]
    rows = [
        (
            side_of(one.name),
            text("matters.row_now", lever=full_title(one.name), now=number(one.now)),
            (
                _lane(text("matters.at", value=number(one.low_value)), one.low),
                _lane(text("matters.at", value=number(one.high_value)), one.high),
            ),
        )
        for one in telling
    ]
    picture = lanes(
        rows, text("matters.tornado_title", outcome=goal), text("matters.tornado_description"), bare(outcome)
    )
    rest = text("matters.rest", number=len(found) - len(telling)) if len(found) > len(telling) else ""
    notes = " ".join(
        one
        for one in (
            unit_note(outcome),
            text("matters.tornado_legend"),
            basis(matters),
            rest,
            world_note(outcome, country),
        )
        if one
    )
    return Markup('<figure class="lanes">{}<figcaption class="note">{}</figcaption></figure>{}').format(
        picture, notes, _lever_table(matters, found, outcome, goal)
    )


def _lever_table(matters: Effects, found: list[LeverEffect], outcome: str, goal: str) -> Markup:
    first, last = matters.years
    head = [
        text(f"matters.column_{name}")
        for name in ("lever", "now", "low", "effect_low", "cost_low", "high", "effect_high", "cost_high")
    ]
    body = []
    for one in found:
        costs = [_cost(matters, one.name, end) for end in ("low", "high")]
        body.append(
            [
                full_title(one.name),
                number(one.now),
                number(one.low_value),
                with_span(one.low, outcome),
                costs[0],
                number(one.high_value),
                with_span(one.high, outcome),
                costs[1],
            ]
        )
    return behind(kit.table(head, body, text("matters.tornado_caption", outcome=goal, first=first, year=last)))


def _cost(matters: Effects, name: str, end: str) -> str:
    cost = _side_key(side_of(name)) + "_cost"
    return with_span(matters.effect("lever", name, cost, end), cost)


def _further(one: LeverEffect) -> tuple[float, Interval]:
    """The end of the longer reach, and its effect."""
    return max(
        ((one.low_value, one.low), (one.high_value, one.high)),
        key=lambda pair: abs(pair[1].mean) if math.isfinite(pair[1].mean) else -1.0,
    )


def _in_short(one: LeverEffect, outcome: str) -> str:
    value, effect = _further(one)
    return text(
        "matters.lever_one", lever=full_title(one.name), value=number(value), effect=shown(outcome)(effect.mean)
    )


# the nine recommendations


def recommendation_sentences(matters: Effects, outcome: str, country: str = "", place: str = "") -> str:
    """What all nine do together, which does most alone, and which still add something on top of the others."""
    whole, nine = matters.together(outcome, country), matters.recommendations(outcome, country)
    if not math.isfinite(whole.mean) or not all(
        math.isfinite(one.alone.mean) and math.isfinite(one.last.mean) for one in nine
    ):
        return text("matters.nothing")
    write = shown(outcome)
    effective, kept = [one for one in nine if one.alone.clear], [one for one in nine if one.last.clear]
    told = [
        text(
            "matters.nine_first",
            outcome=outcome_words(matters, outcome, place),
            effect=write(whole.mean),
            span=span(whole, outcome),
        )
    ]
    if effective:
        best = max(effective, key=lambda one: abs(one.alone.mean))
        told.append(
            text(
                "matters.nine_most",
                best=_lower(words.said(best.title)),
                effect=write(best.alone.mean),
                span=span(best.alone, outcome),
            )
        )
    else:
        told.append(text("matters.nine_alone_none"))
    if kept:
        told.append(
            text(
                "matters.nine_clear",
                number=len(kept),
                names=words.listed([_lower(words.said(one.title)) for one in kept]),
            )
        )
    else:
        told.append(text("matters.nine_none"))
    total = sum(one.alone.mean for one in nine)
    if whole.clear and abs(total - whole.mean) <= OVERLAP * abs(whole.mean):
        told.append(text("matters.nine_same", sum=write(total)))
    elif whole.clear:
        told.append(
            text(
                "matters.nine_sum",
                sum=write(total),
                word=text("matters.more" if whole.mean > total else "matters.less"),
            )
        )
    return " ".join(told)


def _lane(label: str, effect: Interval) -> Lane:
    return Lane(label, effect.mean, effect.low, effect.high)


def recommendations(matters: Effects, outcome: str, country: str = "", place: str = "") -> Markup:
    """Each recommendation alone and on top of the other eight, as bars and as a table."""
    nine, whole = matters.recommendations(outcome, country), matters.together(outcome, country)
    if not any(math.isfinite(one.alone.mean) for one in nine):
        return note(text("matters.nothing"))
    goal = outcome_words(matters, outcome, place)
    rows = [
        ("US", words.said(one.title), (_lane(text("matters.alone"), one.alone), _lane(text("matters.last"), one.last)))
        for one in nine
    ]
    picture = lanes(rows, text("matters.nine_title", outcome=goal), text("matters.nine_description"), bare(outcome))
    head = [text("matters.column_recommendation"), text("matters.column_alone"), text("matters.column_last")]
    body = [[words.said(one.title), with_span(one.alone, outcome), with_span(one.last, outcome)] for one in nine]
    body.append([text("matters.together"), with_span(whole, outcome), "-"])
    notes = " ".join(
        one
        for one in (
            unit_note(outcome),
            text("matters.nine_legend"),
            text("matters.nine_note"),
            basis(matters),
            world_note(outcome, country),
        )
        if one
    )
    table = behind(kit.table(head, body, text("matters.nine_caption", outcome=goal)))
    return Markup('<figure class="lanes">{}<figcaption class="note">{}</figcaption></figure>{}').format(
        picture, notes, table
    )


# what a budget affordable_moves


def helpful(
    matters: Effects, budget_bn: float, outcome: str, country: str = "", side: str = "US"
) -> list[AffordableMove]:
    """The affordable moves that clearly change the outcome for the better: more of everything but of a cost."""
    better = -1 if outcome.endswith("_cost") else 1
    return [
        one
        for one in affordable_moves(matters, budget_bn, outcome, country, side)
        if one.effect.clear and better * one.effect.mean > 0
    ]


def budget_sentences(
    matters: Effects, budget_bn: float, outcome: str, country: str = "", place: str = "", side: str = "US"
) -> str:
    """How many moves a budget pays for, the one that does most and the one that does most for its money."""
    found = helpful(matters, budget_bn, outcome, country, side)
    whose, goal = text(f"matters.side_{_side_key(side)}"), outcome_words(matters, outcome, place)
    first, last = matters.years
    if not found:
        return text("matters.budget_none", side=whose, budget=words.money(budget_bn), outcome=goal)
    moves = sum(one.kind == "lever" and publicly_paid(one.name, side) for one in matters.changes)
    told = [
        text(
            "matters.budget_first",
            budget=words.money(budget_bn),
            number=len(found),
            moves=moves,
            side=whose,
            outcome=goal,
            first=first,
            year=last,
        )
    ]
    best, key = found[0], f"{_side_key(side)}_cost"
    told.append(
        text(
            "matters.budget_best",
            lever=full_title(best.name),
            value=number(best.value),
            effect=shown(outcome)(best.effect.mean),
            span=span(best.effect, outcome),
            cost=with_span(best.cost, key),
        )
    )
    priced = [one for one in found if math.isfinite(one.per_bn)]
    if priced:
        most = max(priced, key=lambda one: abs(one.per_bn))
        told.append(
            text(
                "matters.budget_value",
                lever=full_title(most.name),
                value=number(most.value),
                per_bn=per_bn(most.per_bn, outcome),
            )
        )
    return " ".join(told)


def budget_table(
    matters: Effects, budget_bn: float, outcome: str, country: str = "", place: str = "", side: str = "US"
) -> Markup:
    """The best affordable moves, with what they cost, bring for each bn$ and do to five-year retention."""
    found = helpful(matters, budget_bn, outcome, country, side)[:MOST_BOUGHT]
    rule = note(f"{text('matters.budget_rule')} {basis(matters)}")
    if not found:
        return rule
    key = _side_key(side)
    kept = f"{outcome.partition('_')[0]}_retention"
    head = [text(f"matters.column_{name}") for name in ("lever", "moved", "effect", "cost", "per_bn", "retention")]
    body = []
    for one in found:
        each = (
            per_bn(one.per_bn, outcome)
            if math.isfinite(one.per_bn)
            else text("matters.saves")
            if one.cost.mean <= 0 or not one.cost.clear
            else "-"
        )
        body.append(
            [
                full_title(one.name),
                number(one.value),
                with_span(one.effect, outcome),
                with_span(one.cost, f"{key}_cost"),
                each,
                with_span(one.retention, kept),
            ]
        )
    first, last = matters.years
    caption = text(
        "matters.budget_caption",
        budget=words.money(budget_bn),
        side=text(f"matters.side_{key}"),
        outcome=outcome_words(matters, outcome, place),
        first=first,
        year=last,
    )
    return scrolled(kit.table(head, body, caption, kind="numbers budget"), caption) + rule


def per_bn(value: float, outcome: str) -> str:
    """An effect for each bn$, with enough digits to differ from zero."""
    if unit_of(outcome) in ("bn$", "count"):
        return shown(outcome)(value)
    return words.points(value, 1 if abs(value) >= 0.0095 else 2 if abs(value) >= 0.00095 else 3)


def number(value: float) -> str:
    """A lever's value: at most three digits that mean something."""
    return f"{value:.3g}" if math.isfinite(value) else "-"


def _side_key(side: str) -> str:
    return {"US": "us", "CN": "cn"}.get(side, "independent")


def _lower(title: str) -> str:
    return title[:1].lower() + title[1:]
