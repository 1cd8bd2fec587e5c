"""A country's choices in the run that is shown: why it chose so, what became of it, and what would change it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from markupsafe import Markup

from stackcraft.agents.names import STACKS
from stackcraft.experiments.live.moves import BANS, LEVER
from stackcraft.experiments.reasons import Reasons
from stackcraft.model.blocs import members_of
from stackcraft.viz import words
from stackcraft.viz.charts import kit
from stackcraft.viz.charts.deals import Course, intervals, timeline
from stackcraft.viz.dashboard.pages.country.panels import name_of, own_contracts, times
from stackcraft.viz.dashboard.parts import because
from stackcraft.viz.dashboard.parts.contracts import is_renewal, run_note, vendor_titles, waiting
from stackcraft.viz.dashboard.parts.markup import behind, each, folded, joined, note
from stackcraft.viz.dashboard.parts.rail import full_title
from stackcraft.viz.dashboard.parts.why import bidder, label_of, lead, rival, steps, why, without_each
from stackcraft.viz.dashboard.strings import text

EXPLAINED = 10
TIMED = 14
TOP_LEVERS = 3
KEPT = ("operating", "renewed", "pipeline", "novated")
NO_CHOICE = (
    "hedge",
    "legacy",
    "scripted",
)  # second sources and what was agreed outside any tender were nobody's choice against a rival


def choices(record: Any, code: str) -> list[Mapping[str, Any]]:
    """Its choices against a rival, renewals included, largest first."""
    deals = record.deals
    if not len(deals):
        return []
    mine = deals[
        deals["country"].astype(str).isin(members_of(code, record.inputs.iso3))
        & ~deals["origin"].astype(str).isin(NO_CHOICE)
        & deals["runner_up_utility"].notna()
    ]
    return mine.sort_values("value_bn", ascending=False, kind="stable").to_dict("records")


def drivers(record: Any, inputs: Any, code: str) -> Markup:
    """Return the largest choices, each with its reasons, and a sentence over all of them."""
    if record is None:
        return waiting()
    found, titles = choices(record, code), vendor_titles(inputs)
    if not found:
        return note(text("country.no_choices", name=name_of(inputs, code)))
    parts = []
    for number, row in enumerate(found[:EXPLAINED]):
        label = label_of(row, titles)
        renewed = " " + text("country.is_renewal") if str(row["origin"]) == "renewal" else ""
        parts.append(Markup('<details class="choice"{}><summary>{}{}</summary>{}</details>').format(
            Markup(" open") if number == 0 else "", label, renewed, why(row, titles)))  # fmt: skip
    rows = []
    for row in found:
        largest = steps(row, 1)
        turned = [words.TERM_TITLES[one.term] for one in without_each(row) if one.turned]
        rows.append(
            [
                label_of(row, titles),
                rival(row, titles),
                f"{lead(row):+.2f}",
                f"{largest[0][0]} {largest[0][1]:+.2f}",
                words.listed(turned) or text("country.nothing"),
            ]
        )
    head = [text(f"country.{key}") for key in ("choice", "runner_up", "lead", "largest_term", "turned_without")]
    table = kit.table(head, rows, text("country.choices_caption", name=name_of(inputs, code)))
    return joined([*parts, behind(table, text("country.all_choices", number=len(found)))])


def why_in_short(record: Any, inputs: Any, code: str) -> Markup:
    """Return the sentence over all of a country's choices, with the run that it is of."""
    if record is None:
        return waiting()
    return Markup("<p>{}</p>{}").format(why_words(record, inputs, code), note(run_note(record)))


def why_words(record: Any, inputs: Any, code: str) -> str:
    """Return what counted most in a country's choices, in a sentence; "" without a run in detail."""
    if record is None:
        return ""
    found = choices(record, code)
    if not found:
        return text("country.no_choices", name=name_of(inputs, code))
    return drivers_sentence(found, inputs, code)


def others_in_words(
    matters: Any, code: str, kind: str = "installed", reasons: Reasons | None = None
) -> list[str]:  # fmt: skip
    """Return a sentence on each of the levers of governments and financiers that move a country most, and clearly.

    With `reasons` it also says through what.
    """
    found: dict[str, Trial] = {}
    for one in trials(matters, code, kind):
        if one.name.partition(".")[0] in GROUPS["governments"] and one.clear:
            found.setdefault(one.name, one)
    return [
        text(
            "country.others_one",
            title=words.said(one.title),
            value=_value(one.value),
            stack=words.STACK_TITLES[STACKS[one.most]],
            points=words.points(one.mean[one.most]),
            interval=_interval(one.low[one.most], one.high[one.most]),
            year=matters.years[1],
        )
        + (f" {why}" if (why := why_trial(one, reasons)) else "")
        for one in list(found.values())[:TOP_LEVERS]
    ]


def drivers_sentence(found: Sequence[Mapping[str, Any]], inputs: Any, code: str) -> str:
    """What counted most in a country's choices, weighted by their value, and how many one term decided."""
    weight: dict[str, float] = {}
    for row in found:
        for term, gap in words.terms_apart(row):
            weight[term] = weight.get(term, 0.0) + gap * float(row["value_bn"])
    order = sorted(weight, key=lambda term: -weight[term])
    top = [text(f"deal_story.for_{term}") for term in order[:3] if weight[term] > 0]
    fragile = sum(any(one.turned for one in without_each(row)) for row in found)
    return text(
        "country.drivers",
        name=name_of(inputs, code),
        number=words.count("choice", len(found)),
        reasons=words.listed(top),
        fragile=fragile,
    )


def course_of(row: Mapping[str, Any], titles: Mapping[str, str]) -> Course:
    """The stages of a contract; what became of it as words."""
    outcome = str(row["outcome"])
    renewals = int(row.get("renewals") or 0)
    ending = text(f"country.outcome_{outcome}")
    if renewals and outcome != "renewed":
        ending = text("country.renewed_then", number=times(renewals), ending=ending)
    return Course(
        label_of(row, titles),
        str(row["stack"]),
        *(float(row[key]) for key in ("signed", "financed", "operating", "ended")),
        ending,
        outcome in KEPT,
    )


def deals(record: Any, inputs: Any, code: str) -> Markup:
    """The largest contracts as lines from signing to their end, and all of them as a table."""
    if record is None:
        return waiting()
    mine, titles = own_contracts(record, code), vendor_titles(inputs)
    if mine is None or not len(mine):
        return note(text("country.no_deals", name=name_of(inputs, code)))
    years = [int(year) for year in record.results["year"].values]
    largest = mine.head(TIMED).sort_values("signed", kind="stable").to_dict("records")
    courses = [course_of(row, titles) for row in largest]
    title = text("country.deals_title", name=name_of(inputs, code))
    picture = timeline(courses, years[0], years[-1], title)
    rows = []
    for row in mine.sort_values("signed", kind="stable").to_dict("records"):
        one = course_of(row, titles)
        financier = row.get("financier")
        named = words.FINANCIER_TITLES.get(financier, financier) if isinstance(financier, str) else "-"
        dates = (
            f"{value:.1f}" if math.isfinite(value) else "-"
            for value in (one.signed, one.financed, one.operating, one.ended)
        )
        rows.append(
            [
                words.layer_title(str(row["layer"])),
                bidder(str(row["vendor"]), titles),
                words.money(float(row["value_bn"])),
                *dates,
                one.ending,
                named,
            ]
        )
    head = [
        text(f"country.{key}")
        for key in ("layer", "vendor", "value", "signed", "financed", "operating", "ended", "outcome", "financier")
    ]
    table = kit.table(head, rows, title)
    whole = float(mine["announced_bn"].sum())
    built = float(mine.loc[mine["operating"].notna(), "value_bn"].sum())
    own = members_of(code, record.inputs.iso3)
    told = text(
        "country.deals_told",
        number=words.count("deal", len(mine)),
        announced=words.money(whole),
        delivered=words.money(built),
        renewals=times(int((is_renewal(record.deals) & record.deals["country"].astype(str).isin(own)).sum())),
    )
    return Markup('<p>{}</p>{}{}<p class="note">{} {}</p>{}').format(
        told,
        key_to_stages(),
        picture,
        text("country.deals_largest", number=len(courses)),
        run_note(record),
        behind(table, text("country.all_deals", number=len(mine))),
    )


def key_to_stages() -> Markup:
    """What the marks of the time lines mean."""
    marks = (
        ('<circle class="mark grey hollow" cx="10" cy="9" r="4"/>', "signed"),
        ('<line class="stroke" x1="10" x2="10" y1="3" y2="15"/>', "financed"),
        ('<rect class="bar grey" x="1" y="4" width="18" height="10"/>', "operating"),
        ('<path class="ended" d="M5,4l10,10m0,-10l-10,10"/>', "key_lost"),
        ('<path class="ended kept" d="M5,9l4,5l7,-10"/>', "key_kept"),
    )
    items = each(
        '<li><svg class="chart key" viewBox="0 0 20 18" aria-hidden="true">{}</svg>{}</li>',
        ((Markup(drawn), text(f"country.{name}")) for drawn, name in marks),
    )
    return Markup('<ul class="legend">{}</ul>').format(items)


@dataclass(frozen=True, eq=False)
class Trial:
    """One lever moved to one end of its range, and what that does to the country's shares, each (stacks,)."""

    name: str
    title: str
    end: str
    value: float
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray

    @property
    def most(self) -> int:
        """The stack that moves most."""
        return int(np.argmax(np.abs(np.nan_to_num(self.mean))))

    @property
    def clear(self) -> bool:
        """Whether the interval of the stack that moves most leaves out zero."""
        return bool(self.low[self.most] > 0 or self.high[self.most] < 0)


def trials(matters: Any, code: str, kind: str = "installed") -> list[Trial]:
    """Return what each lever does to a country's shares at the end, the largest move first.

    Levers that have not been run are left out.

    `matters.changes` are objects with `kind`, `name`, `end` and `value`; `matters.effect(kind, name, outcome, end,
    country)` gives
    `mean`, `low` and `high`, as `stackcraft.experiments.live.lever_effects.Effects` does.
    """
    what = "share" if kind == "installed" else "used_share"
    members, found = members_of(code, getattr(matters, "codes", ()) or (code,)), []
    for change in matters.changes:
        if change.kind != "lever":
            continue
        effects = [
            [matters.effect(change.kind, change.name, f"{stack.lower()}_{what}", change.end, one) for stack in STACKS]
            for one in members
        ]
        # For a bloc: the mean over its members. The mean of their intervals is at least as wide as its own interval.
        three = [
            np.mean([[getattr(one, name) for one in row] for row in effects], axis=0)
            for name in ("mean", "low", "high")
        ]
        if np.isfinite(three[0]).any():
            found.append(Trial(change.name, full_title(change.name), change.end, change.value, *three))
    return sorted(found, key=lambda one: -abs(np.nan_to_num(one.mean[one.most])))


# Who moves a lever: governments and financiers, all importing governments together, vendors.
GROUPS = {
    "governments": ("us_government", "cn_government", "us_financiers", "cn_financiers", "private_capital", "gulf_fund"),
    "together": ("importers",),
    "vendors": ("us_vendors", "cn_vendors", "independent_vendors"),
}


def what_others_can_do(
    matters: Any, inputs: Any, code: str, kind: str = "installed", explore: str = "", at_usual: bool = False,
    reasons: Reasons | None = None,
) -> Markup:  # fmt: skip
    """The levers of others that move a country's shares most: governments and financiers first, vendors last.

    `matters` is as in `trials`; `explore` is the address of the page where levers are moved; `at_usual` says that they
    were tried at the status quo, and not for what is asked. `reasons` say through what they work.
    """
    found = trials(matters, code, kind)
    if not found:
        return note(text("country.no_levers"))
    name = name_of(inputs, code)
    usual = note(text("country.others_usual")) if at_usual else ""
    parts = [Markup("<p>{}</p>{}").format(text("country.others_lead", name=name, year=matters.years[1]), usual)]
    for group, actors in GROUPS.items():
        mine = [one for one in found if one.name.partition(".")[0] in actors and one.name not in BANS]
        if mine:
            body = Markup("<p>{}</p>{}{}").format(_told(mine, name), _largest(mine), _why_listed(mine, reasons))
            title = text(f"country.others_{group}")
            parts.append(Markup("<h3>{}</h3>{}").format(title, body) if group == "governments" else folded(title, body))
    rows = [
        [_at_end(one), *(f"{words.points(one.mean[i])} ({_interval(one.low[i], one.high[i])})" for i in range(3))]
        for one in found
    ]
    table = kit.table(
        [text("country.lever"), *(words.STACK_SHORT[stack] for stack in STACKS)], rows, text("country.levers_caption")
    )
    link = Markup('<p><a href="{}">{}</a></p>').format(explore, text("country.others_links")) if explore else ""
    parts += [note(text("country.others_note")), behind(table, text("country.others_all", number=len(found))), link]
    return joined(parts)


def _told(found: Sequence[Trial], name: str) -> str:
    """The lever of a group that moves the country most, in a sentence."""
    first = next((one for one in found if one.clear), None)
    if first is None:
        return text("country.others_unclear", name=name)
    return text(
        "country.others_told",
        name=name,
        title=words.said(first.title),
        value=_value(first.value),
        stack=words.STACK_TITLES[STACKS[first.most]],
        points=words.points(first.mean[first.most]),
    )


def _top(found: Sequence[Trial]) -> list[Trial]:
    """The levers that move the country most, each at the end that does more."""
    each_lever: dict[str, Trial] = {}
    for one in found:
        each_lever.setdefault(one.name, one)
    return list(each_lever.values())[:TOP_LEVERS]


def wanted(matters: Any, code: str, kind: str = "installed") -> dict[tuple[str, str, str], tuple[str, ...]]:
    """Return the moves of others that are shown and clear, with what they set: whose reasons are asked for."""
    found, levers = trials(matters, code, kind), {(one.name, one.end): one.levers for one in matters.changes}
    shown: dict[tuple[str, str, str], tuple[str, ...]] = {}
    for actors in GROUPS.values():
        mine = [one for one in found if one.name.partition(".")[0] in actors and one.name not in BANS]
        shown |= {(LEVER, one.name, one.end): levers[one.name, one.end] for one in _top(mine) if one.clear}
    return shown


def why_trial(one: Trial, reasons: Reasons | None) -> str:
    """Through what a lever of others works on the stack that it moves most; "" where that is not known or not clear."""
    if reasons is None or not one.clear:
        return ""
    reason = reasons.reason((LEVER, one.name, one.end), STACKS[one.most], bool(one.mean[one.most] > 0))
    return because.sentence(reason)


def _why_listed(found: Sequence[Trial], reasons: Reasons | None) -> Markup:
    """Why each of the levers that are shown does what it does, behind a line."""
    if reasons is None:
        return Markup("")
    rows = [
        (
            text(
                "country.others_why", title=words.said(one.title), value=_value(one.value),
                stack=words.STACK_TITLES[STACKS[one.most]], points=words.points(one.mean[one.most]),
            ),
            why_trial(one, reasons),
        )
        for one in _top(found)
    ]  # fmt: skip
    more = "" if reasons.code else text("because.note_everywhere")
    return because.listed(rows, reasons, text("because.summary"), more)


def _largest(found: Sequence[Trial]) -> Markup:
    """The levers that move the country most as intervals, each at the end that does more."""
    drawn = []
    for one in _top(found):
        moved = f"{words.STACK_SHORT[STACKS[one.most]]} {words.points(one.mean[one.most])}" + (
            "" if one.clear else f" ({text('country.unclear')})"
        )
        drawn.append((STACKS[one.most], _at_end(one), one.mean[one.most], one.low[one.most], one.high[one.most], moved))
    return intervals(drawn, text("country.levers_title"), lambda value: words.points(value) if value else "0")


def _at_end(one: Trial) -> str:
    return text("country.lever_at", title=words.said(one.title), value=_value(one.value))


def _value(value: Any) -> str:
    return words.number(f"{value:g}") if isinstance(value, (int, float)) else str(value)


def _interval(low: float, high: float) -> str:
    if not (math.isfinite(low) and math.isfinite(high)):
        return text("country.no_interval")
    return text("numbers.span", low=words.number(f"{100 * low:+.1f}"), high=words.number(f"{100 * high:+.1f}"))
