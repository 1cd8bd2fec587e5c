"""Three stories on the first page, each with a picture, written from stored numbers with their doubt."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from stackcraft.agents.names import STACKS
from stackcraft.experiments.evidence import lever_effects, staleness, stories
from stackcraft.experiments.evidence.stories import COUNTRY, YEAR, Row, row
from stackcraft.model.scenario import Scenario
from stackcraft.viz import words
from stackcraft.viz.charts.deals import intervals
from stackcraft.viz.dashboard.parts.markup import each, note
from stackcraft.viz.dashboard.state import Question, State, View
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words import claims

MOST_NAMED = 4  # recommendations that the third story draws
SURE, MOSTLY = 0.9, 0.75  # of other worlds in which a sign holds


def told(here: State | None = None) -> Markup:
    """Return the stories for which there are stored numbers, side by side; empty without any."""
    found = [one for one in (nobody(), promise_or_money(), nine()) if one]
    if not found:
        return Markup("")
    return Markup(
        '<section id="stories" aria-labelledby="stories-title"><h2 id="stories-title">{}</h2>'
        '<div class="stories">{}</div>{}</section>'
    ).format(text("start.stories_title"), Markup("").join(found), note(measured()))


def measured() -> str:
    """How the stories were measured, and whether that still holds."""
    rows, about = stories.stored()
    known = {"worlds": about.get("worlds", "")}
    said = f"{text('start.stories_measured', **known)} {text('cost.stored', runs=known['worlds'])}" if rows else ""
    changed = staleness.what_changed("stories", about) if rows else []
    return f"{said} {text('start.stories_stale', changed=claims.changed_words(changed))}" if changed else said


def story(title: str, picture: Markup, sentences: Sequence[str], ways: Sequence[tuple[str, str]]) -> Markup:
    """Return one story: a question, a picture, sentences, and where to look further."""
    links = each('<a href="{}">{}</a> ', ways)
    return Markup('<article class="card story"><h3>{}</h3>{}{}<p class="ways">{}</p></article>').format(
        title, picture, each("<p>{}</p>", sentences), links
    )


def nobody() -> Markup:
    """What nobody intervening gives."""
    rows = [row("nobody", stack) for stack in STACKS]
    if None in rows:
        return Markup("")
    year = Scenario.load("baseline").years[1]
    values = {stack.lower()[:2]: words.points(one.mean) for stack, one in zip(STACKS, rows, strict=True)}
    said = [text("start.nobody_told", year=year, **values), doubt(rows[0])]
    question = Question(base="nobody-intervenes")
    return story(
        text("start.nobody_title"),
        _drawn(
            [(stack, words.capital(words.STACK_TITLES[stack]), one) for stack, one in zip(STACKS, rows, strict=True)]
        ),
        said,
        [(State(question, Question()).href("/compare"), text("start.story_compare"))],
    )


def promise_or_money() -> Markup:
    """A bond or a subsidy for one country: what it moves there, what it costs, whether it lasts."""
    own = {name: row(name, f"{COUNTRY} US") for name in ("promise", "subsidy")}
    lasting = {name: row(name, f"{COUNTRY} lasting") for name in own}
    cost = {name: row(name, "US cost") for name in own}
    if None in (*own.values(), *lasting.values(), *cost.values()):
        return Markup("")
    values = {
        f"{name}_{what}": _with_doubt(rows[name], words.money if what == "cost" else words.points)
        for what, rows in (("share", own), ("cost", cost), ("lasting", lasting))
        for name in own
    }
    said = [
        text("start.promise_told", year=YEAR, **values),
        text("start.promise_lasts", **values),
        doubt(max(own.values(), key=lambda one: abs(one.mean))),
    ]
    promise, subsidy = (Question(levers=stories.CHANGES[name]) for name in ("promise", "subsidy"))
    view = View(country=COUNTRY, year=YEAR)
    return story(
        text("start.promise_title"),
        _drawn([("US", text(f"start.arm_{name}"), one) for name, one in own.items()]),
        said,
        [
            (State(promise, view=view).href("/country"), text("start.promise_country")),
            (State(subsidy, view=view).href("/country"), text("start.subsidy_country")),
            (State(promise, subsidy, view).href("/compare"), text("start.story_compare")),
        ],
    )


def nine() -> Markup:
    """Which of the nine recommendations does the work."""
    kept = lever_effects.stored()
    if kept is None:
        return Markup("")
    found = sorted(kept.recommendations("us_share"), key=lambda one: -abs(one.alone.mean))
    together = kept.together("us_share")
    drawn = [("US", words.said(one.title), one.alone, _moved(one.alone)) for one in found[:MOST_NAMED]]
    clear = sum(bool(one.alone.clear) for one in found)
    said = text(
        "start.nine_told",
        together=words.points(float(together.mean)),
        first=words.said(found[0].title),
        alone=words.points(float(found[0].alone.mean)),
        clear=clear,
        number=len(found),
        year=kept.years[1],
        runs=kept.wanted,
    )
    rows = [
        (stack, label, float(one.mean), float(one.low), float(one.high), moved) for stack, label, one, moved in drawn
    ]
    changed = lever_effects.stale(kept)
    sentences = [said, *([text("start.stories_stale", changed=claims.changed_words(changed))] if changed else [])]
    return story(
        text("start.nine_title"),
        intervals(rows, text("start.nine_title"), lambda value: words.points(value) if value else "0"),
        sentences,
        [("/matters", text("start.nine_more"))],
    )


def doubt(one: Row) -> str:
    """How often the direction holds in other worlds, and what to make of that."""
    share = one.holds / max(one.worlds, 1)
    key = "sure" if share >= SURE else "mostly" if share >= MOSTLY else "unsure"
    return text(f"start.doubt_{key}", holds=one.holds, worlds=one.worlds)


def _drawn(rows: Sequence[tuple[str, str, Row]]) -> Markup:
    found = [(stack, label, one.mean, one.low, one.high, _moved(one)) for stack, label, one in rows]
    return intervals(found, text("start.share_moved"), lambda value: words.points(value) if value else "0")


def _moved(one: object) -> str:
    shown = words.points(float(one.mean))
    return shown if one.clear else text("start.unclear", change=shown)


def _with_doubt(one: Row, shown: object) -> str:
    signed = shown(one.mean) if shown is words.points else ("+" if one.mean > 0 else "") + shown(one.mean)
    return signed if one.clear else text("start.unclear", change=signed)
