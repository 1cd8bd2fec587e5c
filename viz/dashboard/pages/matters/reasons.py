"""Why levers and recommendations do what they do to an outcome: a sentence each, where the effect is clear."""

from __future__ import annotations

from collections.abc import Iterator

from markupsafe import Markup

from stackcraft.experiments.live.lever_effects import SIDES, Effects, LeverEffect
from stackcraft.experiments.live.moves import ALONE, BANS, EVERYTHING, HIGH, LEVER, LOW, TOGETHER
from stackcraft.experiments.reasons import Reasons
from stackcraft.experiments.statistics import Interval
from stackcraft.viz.dashboard.pages.matters.panels import COUNTRY_OUTCOMES, MOST_BARS, number, shown
from stackcraft.viz.dashboard.parts import because
from stackcraft.viz.dashboard.parts.rail import full_title
from stackcraft.viz.dashboard.strings import text

Key = tuple[str, str, str]  # kind, name and end of a change


def wanted(matters: Effects, outcome: str, country: str = "") -> dict[Key, tuple[str, ...]]:
    """Return the changes whose effect on the outcome is shown and clear, with what they set."""
    found = {(LEVER, one.name, end) for one in _levers(matters, outcome, country) for end, _, _ in _clear_ends(one)}
    found |= {(ALONE, one.number, "") for one in matters.recommendations(outcome, country) if one.alone.clear}
    return {
        (one.kind, one.name, one.end): one.levers for one in matters.changes if (one.kind, one.name, one.end) in found
    }


def sentence_of(reasons: Reasons | None, key: Key, effect: Interval, outcome: str) -> str:
    """Why one change has this effect on an outcome; "" where it is not known."""
    side, _, what = outcome.partition("_")
    if reasons is None or not effect.clear:
        return ""
    return because.sentence(reasons.reason(key, SIDES[side], bool(effect.mean > 0), what), what)


def of_levers(matters: Effects, reasons: Reasons | None, outcome: str, country: str = "") -> Markup:
    """Return the levers of the picture, each with why it does that, behind a line."""
    if reasons is None:
        return Markup("")
    rows = [row for one in _levers(matters, outcome, country) for row in _rows(one, reasons, outcome)]
    return because.listed(rows, reasons, text("because.summary"), _everywhere(outcome, country))


def of_nine(matters: Effects, reasons: Reasons | None, outcome: str, country: str = "") -> Markup:
    """Return the nine recommendations, alone and together, each with why it does that, behind a line."""
    if reasons is None:
        return Markup("")
    write = shown(outcome)
    rows = []
    whole = matters.together(outcome, country)
    told = [(text("matters.together"), (TOGETHER, EVERYTHING, ""), whole)]
    told += [(one.title, (ALONE, one.number, ""), one.alone) for one in matters.recommendations(outcome, country)]
    for title, key, effect in told:
        if why := sentence_of(reasons, key, effect, outcome):
            rows.append((text("because.one_of_nine", title=title, effect=write(effect.mean)), why))
    return because.listed(rows, reasons, text("because.summary_nine"), _everywhere(outcome, country))


def of_first(matters: Effects, reasons: Reasons | None, outcome: str, country: str = "") -> str:
    """Why the lever of the headline does what it does."""
    first = next(iter(_levers(matters, outcome, country)), None)
    if first is None:
        return ""
    end, _, effect = max(_clear_ends(first), key=lambda one: abs(one[2].mean), default=("", "", Interval(0.0)))
    return sentence_of(reasons, (LEVER, first.name, end), effect, outcome) if end else ""


def _levers(matters: Effects, outcome: str, country: str) -> Iterator[LeverEffect]:
    """The levers that the picture shows, those with a clear effect."""
    telling = [one for one in matters.levers(outcome, country) if one.name not in BANS]
    return (one for one in telling[:MOST_BARS] if one.clear)


def _clear_ends(one: LeverEffect) -> list[tuple[str, str, Interval]]:
    """End, value and effect of each end that moves the outcome clearly."""
    both = ((LOW, one.low_value, one.low), (HIGH, one.high_value, one.high))
    return [(end, number(value), effect) for end, value, effect in both if effect.clear]


def _rows(one: LeverEffect, reasons: Reasons, outcome: str) -> list[tuple[str, str]]:
    """What a lever does and why: a row for each clear end, and one for both where both go the same way."""
    ends, write, title = _clear_ends(one), shown(outcome), full_title(one.name)
    why = [sentence_of(reasons, (LEVER, one.name, end), effect, outcome) for end, _, effect in ends]
    if len(ends) == 2 and ends[0][2].mean * ends[1][2].mean > 0:
        (_, value, effect), (_, other_value, other_effect) = ends
        told = text(
            "because.both_up" if effect.mean > 0 else "because.both_down",
            lever=title, effect=write(effect.mean), value=value,
            other_effect=write(other_effect.mean), other_value=other_value,
        )  # fmt: skip
        return [(told, because.both_ends(*why, value, other_value))]
    return [
        (text("because.one_end", lever=title, value=value, effect=write(effect.mean)), told)
        for (_, value, effect), told in zip(ends, why, strict=True)
    ]


def _everywhere(outcome: str, country: str) -> str:
    known = country and outcome.partition("_")[2] in COUNTRY_OUTCOMES
    return text("because.note_everywhere") if known else ""
