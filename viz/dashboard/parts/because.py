"""Why an effect is as it is, as sentences: from the terms of choice and the measures that moved, never from a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from stackcraft.experiments.evidence import stored_reasons
from stackcraft.experiments.reasons import BY_NAME, KEPT, ON_THE_WAY, Moved, Reason, Reasons
from stackcraft.viz import words
from stackcraft.viz.dashboard.parts.markup import each, folded, note
from stackcraft.viz.dashboard.strings import text

MOST_TERMS, MOST_ECHOES, MOST_AGAINST, MOST_MEASURES = 2, 2, 1, 2
SHARES = ("operating", "renewed", "fear_of_supply", "fear_of_breach", "fear_of_promise")  # told in points
MONEY = ("private", "subsidies", "losses", "other_spending")


def sentence(reason: Reason | None, outcome: str = "share") -> str:
    """Say through what a change works; that it is not clear where nothing moved; "" where nothing was read."""
    if reason is None:
        return ""
    if not reason.clear:
        known = outcome in ON_THE_WAY or any(outcome in one.explains for one in BY_NAME.values())
        return text("because.unclear" if known else "because.no_reading")
    told = []
    if reason.terms:
        stack = words.STACK_TITLES[reason.stack]
        told.append(text(f"because.{_way(reason.up)}", stack=stack, terms=_terms(reason.terms, MOST_TERMS)))
        if reason.echoes:
            key = "because.echoes_up" if reason.up else "because.echoes_down"
            told.append(text(key, terms=_terms(reason.echoes, MOST_ECHOES)))
        if reason.against:
            key = "because.against_up" if reason.up else "because.against_down"
            told.append(text(key, terms=_terms(reason.against, MOST_AGAINST)))
    elif reason.echoes:
        told.append(text("because.echoes_only", terms=_terms(reason.echoes, MOST_ECHOES)))
    if reason.measures:
        without_terms = "because.between_only" if outcome in (*ON_THE_WAY, *KEPT) else "because.between_alone"
        key = "because.between" if told else without_terms
        told.append(text(key, measures=words.listed([measure_words(one) for one in reason.measures[:MOST_MEASURES]])))
    return " ".join(told)


def _way(up: bool) -> str:
    return "better" if up else "worse"


def _terms(found: Sequence[Moved], most: int) -> str:
    """ "price -0.51 and quality -0.02"."""
    return words.listed(
        [
            text("because.moved", title=words.TERM_TITLES[one.term], change=f"{one.change.mean:+.2g}")
            for one in found[:most]
        ]
    )


def measure_words(one: Moved) -> str:
    """ "tenders won -12%": a count or a sum in percent of what it was, a share in points, an index as it is."""
    mean = one.change.mean
    if one.name in MONEY:
        change = words.change_in_unit(mean, "bn$")
    elif one.name in SHARES:
        change = words.points(mean)
    elif BY_NAME[one.name].relative and abs(one.before) > 1e-9:
        part = 100 * mean / abs(one.before)
        change = text("because.percent_change", change=f"{part:+.0f}" if abs(part) >= 0.95 else f"{part:+.1f}")
    else:
        change = f"{mean:+.2g}"
    return text(f"because.measure_{one.name}", change=change)


def how_read(reasons: Reasons, name: str = "") -> str:
    """Say what the reasons were read from; `name` is that of the country that was read."""
    key = "because.note_country" if reasons.code else "because.note"
    told = text(key, runs=reasons.runs, first=reasons.years[0], last=reasons.years[1], name=name)
    stale = stored_reasons.stale(reasons) if reasons.about else []
    return f"{told} {text('because.stale', changed=words.listed(stale))}" if stale else told


def listed(rows: Iterable[tuple[str, str]], reasons: Reasons, summary: str, *more: str) -> Markup:
    """Return effects, each with its reason, behind a line that opens them; nothing where there are none."""
    rows = [(effect, reason) for effect, reason in rows if reason]
    if not rows:
        return Markup("")
    items = each("<li><b>{}</b> {}</li>", rows)
    return folded(summary, Markup('<ul class="reasons">{}</ul>{}').format(items, note(how_read(reasons), *more)))


def both_ends(low: str, high: str, low_value: str, high_value: str) -> str:
    """Put the reasons of a lever's two ends into one; the same reason is said once."""
    told = [(value, reason) for value, reason in ((low_value, low), (high_value, high)) if reason]
    if len({reason for _, reason in told}) <= 1:
        return told[0][1] if told else ""
    return " ".join(text("because.at_value", value=value, reason=reason) for value, reason in told)
