"""The scores: a row a question, losses first; reliability of the chances; blocks of countries."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup

from stackcraft.experiments.evidence.hindcast import scores
from stackcraft.experiments.evidence.hindcast.declared import NOT_TESTED, Declared, Target
from stackcraft.experiments.evidence.hindcast.mechanisms import moved
from stackcraft.experiments.evidence.hindcast.score import Score
from stackcraft.experiments.evidence.hindcast.stored import Evidence, reasons
from stackcraft.viz import words
from stackcraft.viz.charts import evidence as charts
from stackcraft.viz.dashboard.pages.evidence.naming import LOST, WON, amount, key, letters, name_of, rule_of, verdict_of
from stackcraft.viz.dashboard.parts.markup import behind, figure, folded, joined, note, paragraph, scrolled, table
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words.evidence import BLOCKS, as_good, gain, number


def rows(evidence: Evidence, plan: Declared) -> Markup:
    """Return a row for each question, losses first and what cannot be tested last, with the table behind."""
    targets = {one.name: one for one in plan.targets}
    drawn = [_row(evidence, plan, targets[one.target], one) for one in evidence.primary()]
    marks = [
        text("evidence.letter", letter=letter, name=name.replace("-", " ")) for name, letter in letters(plan).items()
    ]
    drawn += [_untested(one) for one in plan.targets if one.status == NOT_TESTED]
    return joined((
        note(text("evidence.targets_note", letters=words.listed(marks))), *drawn, wrong_models(evidence, plan),
        behind(_table(evidence, plan), text("evidence.table_targets")),
    ))  # fmt: skip


def _row(evidence: Evidence, plan: Declared, target: Target, one: Score) -> Markup:
    why = reasons().get(target.name, "")
    wrong = evidence.of_wrong(target.name)
    mark = "lost" if one.verdict in LOST else "won" if one.verdict in WON else ""
    good = as_good(one, wrong)
    names = words.listed([f"{letters(plan)[name]} ({name.replace('-', ' ')})" for name in good])
    sharp = text("evidence.as_good", names=names) if good else text("evidence.none_as_good")
    said = joined((
        _heading(target, one.verdict, mark), paragraph(words.said(target.what) + "."),
        paragraph(Markup("<b>{}</b>").format(foreseen(target, one))),
        note(_scored(one), sharp), folded(text("evidence.why"), paragraph(why + ".")) if why else "",
    ))  # fmt: skip
    return _two(said, _picture(plan, target, one, wrong))


def _untested(target: Target) -> Markup:
    reason = words.said(target.reason)
    why = text("evidence.cannot", reason=reason[:1].lower() + reason[1:])
    said = joined(
        (
            _heading(target, NOT_TESTED, ""),
            paragraph(words.said(target.what) + "."),
            paragraph(words.capital(why) + "."),
        )
    )
    return _two(said, "")


def _two(said: Markup, picture: Any) -> Markup:
    return Markup('<article class="target"><div>{}</div><div>{}</div></article>').format(said, picture)


def _heading(target: Target, verdict: str, mark: str) -> Markup:
    return Markup('<h3>{} <span class="verdict {}">{}</span></h3>').format(
        name_of(target.name), mark, verdict_of(verdict)
    )


def foreseen(target: Target, one: Score) -> str:
    """Say what was foreseen and what happened."""
    if target.kind == "ranking":
        return text("evidence.foreseen_ranking", all=one.countries, value=number(one.value))
    values = {"foreseen": amount(target, one.foreseen), "happened": amount(target, one.events)}
    if target.kind == "level":
        return text("evidence.foreseen_level", tolerance=_tolerance(target), **values)
    return text("evidence.foreseen_counted", all=one.countries, **values)


def _tolerance(target: Target) -> str:
    return (
        words.points(target.tolerance, 0).lstrip("+")
        if target.outcome[0] == "share"
        else amount(target, target.tolerance)
    )


def _scored(one: Score) -> str:
    values = {"score": text(f"evidence.score_{one.score}"), "value": number(one.value)}
    if not one.best:
        return text("evidence.scored_alone", **values)
    values |= {
        "baseline": rule_of(one.best), "theirs": number(one.baseline), "difference": number(one.difference),
        "sense": text("evidence.sense_gain" if one.score in scores.GAINS else "evidence.sense_loss"),
    }  # fmt: skip
    if math.isnan(one.low):
        return text("evidence.scored_level", **values)
    return text("evidence.scored", low=number(one.low), high=number(one.high), **values)


def _picture(plan: Declared, target: Target, one: Score, wrong: dict[str, Score]) -> Markup:
    title, marks = text("evidence.picture_row", name=name_of(target.name)), letters(plan)
    verdict = verdict_of(one.verdict)
    if target.kind == "level":
        values = {"foreseen": amount(target, one.foreseen), "happened": amount(target, one.events)}
        says = text("evidence.picture_level_says", verdict=verdict, **values)
        names = (
            text("evidence.level_seen", value=values["happened"]),
            text("evidence.level_foreseen", value=values["foreseen"]),
        )
        ticked = {marks[name]: other.foreseen for name, other in wrong.items()}
        return charts.within((one.foreseen, one.events, target.tolerance), ticked, (title, says), names)
    says = text("evidence.picture_row_says", verdict=verdict, difference=number(one.difference))
    ends = tuple(text(f"evidence.end_{name}") for name in ("worse", "same", "better"))
    bounds = sorted(gain(one, one.baseline + by) for by in (one.low, one.high))
    ticked = {marks[name]: gain(one, other.value) for name, other in wrong.items()}
    return charts.beside(gain(one, one.value), (bounds[0], bounds[1]), ticked, (title, says), ends)


def _table(evidence: Evidence, plan: Declared) -> Markup:
    head = [text(f"evidence.head_{name}") for name in ("target", "score", "model", "baseline", "difference", "verdict")]
    body = []
    for one in evidence.primary():
        wrong = evidence.of_wrong(one.target)
        between = "" if math.isnan(one.low) else f" ({words.span(one.low, one.high, number)})"
        rule = Markup("{}<small>{}</small>").format(number(one.baseline), rule_of(one.best)) if one.best else ""
        values = [number(wrong[name].value) for name in letters(plan)]
        body.append([
            name_of(one.target), text(f"evidence.score_{one.score}"), number(one.value), rule,
            number(one.difference) + between, verdict_of(one.verdict), *values,
        ])  # fmt: skip
    return table([*head, *letters(plan).values()], body, text("evidence.targets_caption"))


def wrong_models(evidence: Evidence, plan: Declared) -> Markup:
    """Return a table of the models that are wrong on purpose: on how many questions each does as well as the model."""
    primary, marks = evidence.primary(), letters(plan)
    body = []
    for one in plan.wrong:
        good = sum(one.name in as_good(score, evidence.of_wrong(score.target)) for score in primary)
        named, what = one.name.replace("-", " "), words.said(one.what)
        body.append([
            Markup("<b>{}</b> {}<small>{}</small>").format(marks[one.name], named, what),
            *(text("evidence.wrong_of", few=few, all=len(primary)) for few in (no_worse(evidence, one.name), good)),
        ])  # fmt: skip
    head = [text(f"evidence.wrong_{name}") for name in ("head", "verdict", "score")]
    shown = table(head, body, text("evidence.wrong_caption"), "words")
    return figure(text("evidence.wrong_title"), scrolled(shown, text("evidence.wrong_title")), kind="wrong-models")


def no_worse(evidence: Evidence, model: str) -> int:
    """Count the questions on which a wrong model has the same verdict as the model, or a better one."""
    return len(evidence.primary()) - len(moved(evidence, model)[0])


def reliability(evidence: Evidence, plan: Declared) -> Markup:
    """Return for each yes-no question what was foreseen against what happened, in groups of equal size."""
    drawn, body = [], []
    for target in by_country(plan):
        groups = evidence.reliability(target.name, plan.reliability_bins)
        sizes = [size for _, _, size in groups]
        chance, happened, _ = groups[-1]
        says = text(
            "evidence.reliability_says" if min(sizes) < max(sizes) else "evidence.reliability_same",
            low=min(sizes), high=max(sizes), chance=words.percent(chance), happened=words.percent(happened),
        )  # fmt: skip
        axes = (text("evidence.axis_foreseen"), text("evidence.axis_happened"))
        drawn.append(
            figure(name_of(target.name), charts.reliability(groups, (name_of(target.name), says), axes), note(says))
        )
        body += [
            [name_of(target.name), words.percent(chance), words.percent(happened), size]
            for chance, happened, size in groups
        ]
    head = [text(f"evidence.head_{name}") for name in ("target", "foreseen", "share", "countries")]
    return joined((
        note(text("evidence.reliability_note", bins=words.spelled(plan.reliability_bins))),
        Markup('<div class="multiples">{}</div>').format(joined(drawn)),
        behind(table(head, body, text("evidence.reliability_caption"), "words")),
    ))  # fmt: skip


def blocks(evidence: Evidence, plan: Declared) -> Markup:
    """Return for each yes-no question the score by block: fitted with it, left out, best baseline."""
    drawn, body = [], []
    for target in by_country(plan):
        found = sorted(evidence.blocks(target.name), key=lambda row: list(plan.blocks).index(row[0]))
        better = sum(left_out < baseline for *_, left_out, baseline in found)
        says = text("evidence.blocks_says", few=better, all=len(found))
        named = [(words.capital(BLOCKS[block]), *rated) for block, _, _, *rated in found]
        drawn.append(figure(name_of(target.name), charts.blocks(named, (name_of(target.name), says)), note(says)))
        body += [
            [name_of(target.name), words.capital(BLOCKS[block]), countries, events, *map(number, rated)]
            for block, countries, events, *rated in found
        ]
    head = [
        text(f"evidence.head_{name}")
        for name in ("target", "block", "countries", "events", "fitted", "out", "baseline")
    ]
    return joined((
        note(text("evidence.blocks_note")), Markup('<div class="pair blocks-of">{}</div>').format(joined(drawn)),
        behind(table(head, body, text("evidence.blocks_caption"), "words many")),
    ))  # fmt: skip


def by_country(plan: Declared) -> list[Target]:
    """The questions with a forecast by country."""
    return [target for target in plan.tested() if target.kind == "yes-no"]


def losses(evidence: Evidence, plan: Declared) -> list[str]:
    """Return a clause for each question that the model loses."""
    targets = {one.name: one for one in plan.targets}
    found = []
    for one in evidence.primary():
        if one.verdict not in LOST:
            continue
        target, counted = targets[one.target], {}
        way = target.kind.replace("-", "_")
        if way in ("count", "level"):
            way += "_many" if one.foreseen > one.events else "_few"
            counted = {"foreseen": amount(target, one.foreseen), "happened": amount(target, one.events)}
        rule = rule_of(one.best) if one.best else ""
        found.append(
            text(f"evidence.lost_{way}", thing=text(f"evidence.thing_{key(one.target)}"), baseline=rule, **counted)
        )
    return found
