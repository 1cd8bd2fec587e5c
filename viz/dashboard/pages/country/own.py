"""What a country can do itself: its own levers, what each did when it was tried, and before and after what is set."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup

from stackcraft.agents import assignments
from stackcraft.agents.levers import IMPORTER
from stackcraft.agents.names import STACKS
from stackcraft.experiments.live.countries import (
    LATER,
    OUTCOMES,
    SHARED,
    CountrySummary,
    OwnEffects,
    OwnMove,
    differences,
    judged_by,
)
from stackcraft.experiments.reasons import Reasons
from stackcraft.experiments.statistics import Interval
from stackcraft.model.inputs import load_inputs
from stackcraft.viz import words
from stackcraft.viz.charts import kit
from stackcraft.viz.dashboard.pages.compare.changed import lever_title
from stackcraft.viz.dashboard.pages.country.panels import name_of
from stackcraft.viz.dashboard.parts import because, markup
from stackcraft.viz.dashboard.parts.blocs import members_in, place_of
from stackcraft.viz.dashboard.parts.markup import folded, note, paragraph, scrolled
from stackcraft.viz.dashboard.parts.own_levers import FIRST, OBVIOUS, own_levers
from stackcraft.viz.dashboard.strings import text

EXPLAINED = ("welfare", "control", "spent")  # outcomes apart from shares that readings may explain
SET = "set"  # what the levers of the question together are called among the reasons
WANTED = ("control", "welfare", "lasting")  # what the first three levers are chosen by: more of it
MOST_IN_BRIEF = 6
MOST_SAID = 3  # outcomes that a sentence on a lever names
Effect = Mapping[str, tuple[float, Interval]]


def value_words(name: str, value: float) -> str:
    """An outcome as text: a share in percent, control in points of 100, money a year."""
    if not math.isfinite(value):
        return words.NOTHING
    if name == "control":
        return text("country.of_100", value=f"{100 * value:.0f}")
    return words.percent(value) if name in SHARED else text("country.a_year", money=words.money(value))


def change_words(name: str, change: Interval) -> str:
    """A change of an outcome as text, with its interval."""
    mean, low, high = (float(one) for one in change)
    if not math.isfinite(mean):
        return words.NOTHING
    if mean == low == high == 0:
        return text("country.no_change")
    shown = words.points if name in SHARED else lambda bn: ("+" if bn > 0 else "") + words.money(bn)
    if not math.isfinite(low):
        return shown(mean)
    ends = [shown(end).removesuffix(" points").removesuffix(" point") for end in (low, high)]
    return text("country.change_and_interval", change=shown(mean), low=ends[0], high=ends[1])


def effect_words(effect: Effect) -> str:
    """Which outcomes move clearly and how far, as a list within a sentence; "" where none does."""
    clear = judged_by(effect)
    said = [text(f"country.moves_{name}", change=change_words(name, effect[name][1])) for name in clear[:MOST_SAID]]
    if len(clear) > MOST_SAID:
        said.append(text("country.moves_more", number=len(clear) - MOST_SAID))
    return words.listed(said)


def reason_words(effect: Effect, reasons: Reasons | None, change: Any) -> str:
    """Through what a change works: on the stack whose share it moves most, or else on welfare or control."""
    clear = judged_by(effect)
    if reasons is None or change not in reasons.moved or not clear:
        return ""
    shares = sorted((name for name in clear if name in STACKS), key=lambda name: -abs(effect[name][1].mean))
    for name in (*shares, *(one for one in clear if one in EXPLAINED)):
        up = bool(effect[name][1].mean > 0)
        stack, outcome = (name, "share") if name in STACKS else (STACKS[0], name)
        reason = reasons.reason(change, stack, up, outcome)
        if reason is not None and reason.clear:
            return because.sentence(reason, outcome)
    return text("because.unclear")


def lever_sentence(effects: OwnEffects, name: str, year: int, reasons: Reasons | None = None) -> str:
    """What each end of a lever does to the country in a year and why, a sentence an end."""
    told = []
    for move in (one for one in effects.tables if one.name == name):
        effect = effects.effect(move, year)
        found = effect_words(effect)
        key = "country.end_moves" if found else "country.end_nothing"
        told += [text(key, value=f"{move.value:g}", year=year, effects=found), reason_words(effect, reasons, move)]
    return " ".join(one for one in told if one)


def sentences(effects: OwnEffects | None, year: int, reasons: Reasons | None = None) -> dict[str, str]:
    """The sentence of every lever that was tried; empty before."""
    if effects is None:
        return {}
    names = dict.fromkeys(move.name for move in effects.tables)
    return {name: lever_sentence(effects, name, year, reasons) for name in names}


def wanted(effects: OwnEffects | None, year: int, members: Sequence[str]) -> dict[OwnMove, tuple[str, ...]]:
    """Return the moves that do something clearly, with what they set for each of the `members`."""
    if effects is None or effects.runs < effects.wanted:
        return {}
    return {move: move.assignments(members) for move in effects.tables if judged_by(effects.effect(move, year))}


def first_three(effects: OwnEffects | None, year: int) -> tuple[str, ...]:
    """The three levers that raise control, welfare or what lasts most clearly; some usual ones before that is known."""
    if effects is None:
        return FIRST
    scores: dict[str, float] = {}
    for move in effects.tables:
        if move.name in OBVIOUS:
            continue
        for outcome in WANTED:
            one = effects.effect(move, year)[outcome][1]
            if one.clear and one.mean > 0:
                score = float(one.mean / max(one.high - one.mean, 1e-12))
                scores[move.name] = max(scores.get(move.name, 0.0), score)
    found = sorted(scores, key=lambda name: -scores[name])[:3]
    return (*found, *(name for name in FIRST if name not in found))[:3]


def how_measured(
    effects: OwnEffects | None, year: int, done: int = 0, total: int = 0, why: Reasons | None = None, name: str = ""
) -> str:
    """How the sentences beside the levers were found, or how far that is; `why` are the reasons, if they are known."""
    if effects is None:
        return text("country.own_waiting", done=done, total=total) if total else ""
    tried = len(effects.tables) * len(OUTCOMES)
    key = "country.own_measured" if effects.runs >= effects.wanted else "country.own_measured_so_far"
    told = text(key, runs=effects.runs, year=year, tried=tried, lucky=round(0.05 * tried))
    return told if why is None else f"{told} {because.how_read(why, name)}"


def why_set(
    before: CountrySummary | None, after: CountrySummary | None, code: str, year: int, reasons: Reasons | None
) -> str:
    """Through what the levers, as they are set, work for the country; "" until all runs are there."""
    if before is None or after is None or not (before.complete and after.complete):
        return ""
    return reason_words(differences(before, after, code, year), reasons, SET)


def before_and_after(
    before: CountrySummary, after: CountrySummary | None, inputs: Any, code: str, year: int, names: Sequence[str],
    why: str = "",
) -> Markup:  # fmt: skip
    """Return what the country's own levers, as they are set, change for it: a sentence, and every outcome as a table.

    `names` says what is set; `after` is None where nothing is, or where nothing has been run of it yet. `why` says
    through what it works.
    """
    told, table = set_words_and_table(before, after, inputs, code, year, names)
    return Markup('<div class="card set-card" role="status"><p class="lead">{}</p>{}{}{}</div>').format(
        told,
        paragraph(why) if why else "",
        scrolled(table, text("country.difference")),
        note(text("country.set_note", runs=_runs(before, after), later=LATER)),
    )


def set_words_and_table(
    before: CountrySummary, after: CountrySummary | None, inputs: Any, code: str, year: int, names: Sequence[str]
) -> tuple[str, Markup]:
    """Return the sentence and the table of `before_and_after`."""
    name = name_of(inputs, code)
    effect = differences(before, before if after is None else after, code, year)
    rows, sure = [], after is not None and before.complete and after.complete
    for outcome, (mean, change) in effect.items():
        change = change if sure else Interval(change.mean)  # of a few runs an interval would say little
        row = [text(f"country.outcome_of_{outcome}"), value_words(outcome, mean), words.NOTHING, words.NOTHING]
        if after is not None:
            told = change_words(outcome, change)
            row[2:] = [
                value_words(outcome, mean + float(change.mean)),
                Markup("<b>{}</b>").format(told) if bool(change.clear) else told,
            ]
        rows.append(row)
    head = [text(f"country.{key}") for key in ("outcome_head", "before", "after", "difference")]
    table = markup.table(head, rows, text("country.set_caption", name=name, year=year), "numbers")
    return _set_words(before, after, effect, names, name, year), table


def largest(effects: OwnEffects, year: int) -> list[tuple[str, str]]:
    """Title and sentence of the levers that do most for the country, then of the others that do something clearly."""
    told = sentences(effects, year)
    first = first_three(effects, year)
    rest = [
        name for name in told
        if name not in first and any(judged_by(effects.effect(one, year)) for one in effects.tables if one.name == name)
    ]  # fmt: skip
    return [(words.said(IMPORTER[name].title), told.get(name, "")) for name in (*first, *rest)[:MOST_IN_BRIEF]]


def _runs(before: CountrySummary, after: CountrySummary | None) -> int:
    both = [before] if after is None else [before, after]
    return min(getattr(one, "paired", 0) or one.runs - one.failed for one in both)


def _set_words(
    before: CountrySummary, after: CountrySummary | None, effect: Effect, names: Sequence[str], name: str, year: int
) -> str:
    """What is set and what it changes, as a sentence."""
    values = {"name": name, "set": "; ".join(names), "year": year, "effects": effect_words(effect)}
    if not names:
        return text("country.set_none", **values)
    if after is None:
        return text("country.set_waiting", **values)
    if not (before.complete and after.complete):
        return text("country.set_so_far", runs=_runs(before, after), wanted=after.wanted, **values)
    return text("country.set_moves" if values["effects"] else "country.set_nothing", **values)


def every_end(effects: OwnEffects | None, inputs: Any, code: str, year: int) -> Markup:
    """Return every end of every lever with all outcomes, as a table behind a line."""
    if effects is None:
        return Markup("")
    rows = []
    for move in effects.tables:
        found = effects.effect(move, year)
        rows.append([_title(move), *(change_words(name, found[name][1]) for name in OUTCOMES)])
    head = [text("country.lever"), *(text(f"country.outcome_of_{name}") for name in OUTCOMES)]
    caption = text("country.own_caption", name=name_of(inputs, code), year=year)
    return folded(text("country.own_all"), scrolled(kit.table(head, rows, caption), caption), kind="behind")


def _title(move: OwnMove) -> str:
    return text("country.lever_at", title=IMPORTER[move.name].title, value=f"{move.value:g}")


def names_set(question: Any, code: str) -> list[str]:
    """What the question sets of a country's own levers, in words."""
    inputs = load_inputs(question.checked.world, peer_graph=question.checked.peer_graph)
    code, known = place_of(code, inputs)
    names = words.country_names(known)
    members = members_in(known, code)
    found = []
    for one in assignments.parse_all(own_levers(question, code), tuple(inputs.iso3)):
        head, _, rest = one.target.partition(".")
        target = one.target if len(members) == 1 else f"{code}.{rest}"
        title = lever_title(target, one, {**names, head: names[code]} if len(members) > 1 else names)
        found.append(text("country.lever_at", title=title, value=one.text.partition("=")[2]))
    return list(dict.fromkeys(found))
