"""What stands beside the scores: levels, what the claims of the debate rest on, and what data would help."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from markupsafe import Markup

from stackcraft.experiments.evidence import claim_tests, levels, staleness
from stackcraft.experiments.evidence.hindcast import mechanisms
from stackcraft.experiments.evidence.hindcast.declared import NOT_TESTED, Declared
from stackcraft.experiments.evidence.hindcast.mechanisms import KINDS, Trial
from stackcraft.experiments.evidence.hindcast.stored import Evidence
from stackcraft.viz import words
from stackcraft.viz.dashboard.pages.evidence.naming import name_of, verdict_of
from stackcraft.viz.dashboard.parts.markup import each, folded, joined, note, paragraph, scrolled, table
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words import claims
from stackcraft.viz.words.evidence import number as number_of


def levels_table() -> Markup:
    """Return the stored levels beside public figures, those that stand out first with their reason."""
    found, about = levels.stored()
    changed = staleness.what_changed("levels", about)
    stale = (
        paragraph(text("evidence.levels_stale", changed=claims.changed_words(changed)), "notice", "note")
        if changed
        else ""
    )
    out = sorted((row for row in found if row.stands_out), key=_off, reverse=True)
    rest = [row for row in found if not row.stands_out]
    others = text("evidence.levels_rest", number=len(rest))
    return joined((
        note(text("evidence.levels_note")), paragraph(levels.summary(found)), stale,
        scrolled(_levels(out), text("evidence.levels_out")),
        folded(others, scrolled(_levels(rest), others, "countries")),
    ))  # fmt: skip


def _off(row: levels.Row) -> float:
    """By what factor a level is off, either way."""
    return max(row.ratio, 1 / row.ratio) if row.ratio > 0 else float("inf")


def _levels(rows: list[levels.Row]) -> Markup:
    head = [text(f"evidence.head_{name}") for name in ("what", "model", "public", "ratio", "reason", "source")]
    body = [
        [
            Markup("{}<small>{}; {}</small>").format(
                words.capital(words.said(row.what)), words.said(row.unit), words.said(row.rule)
            ),
            levels.model_words(row), levels.figure_words(row),
            text("evidence.not_comparable") if row.kind == "not comparable" else f"{row.ratio:.2f}",
            words.capital(words.said(row.reason)) or text("evidence.no_reason"),
            f"{row.source}, {row.year}".rstrip(", "),
        ]
        for row in rows
    ]  # fmt: skip
    return table(head, body, text("evidence.levels_caption"))


def claims_rest_on(evidence: Evidence, plan: Declared) -> Markup:
    """Return for each claim of the debate whether a target has tried what should carry it, or judgement alone has."""
    tried, rows = mechanisms.trials(evidence, plan), claim_tests.stored()[0]
    sorted_rows = sorted(
        ((*mechanisms.rests_on(row.carrier.split(), tried), row) for row in rows),
        key=lambda found: KINDS.index(found[0]),
    )
    number = Counter(kind for kind, *_ in sorted_rows)
    told = [
        text("evidence.claims_found", number=number[kind], what=text(f"evidence.kind_{kind}"))
        for kind in KINDS
        if number[kind] and kind != mechanisms.UNTRIED
    ]
    body = [
        [
            Markup("{}<small>{}</small>").format(words.said(row.sentence), row.claim),
            ", ".join(part.replace("_", " ") for part in row.carrier.split()), _evidence(kind, found),
            claims.cells(row)[-1],
        ]
        for kind, found, row in sorted_rows
    ]  # fmt: skip
    head = [text(f"evidence.head_{name}") for name in ("claim", "carrier", "evidence", "model_says")]
    shown = table(head, body, text("evidence.claims_caption"))
    stale = claims.warning(claims.stored())
    won = any(one.verdict == "better" for one in evidence.primary())
    return joined((
        paragraph(text("evidence.claims_count", all=len(rows), untried=number[mechanisms.UNTRIED])),
        Markup("<ul>{}</ul>").format(each("<li>{}</li>", told)),
        paragraph(text("evidence.claims_unconfirmed")) if not won else "",
        note(text("evidence.claims_note")),
        paragraph(stale, "notice", "note") if stale else "",
        scrolled(_trials(evidence, tried), text("evidence.trials_caption")),
        folded(
            text("evidence.claims_all", number=len(rows)),
            scrolled(shown, text("evidence.claims_caption"), "countries"),
        ),
    ))  # fmt: skip


def _evidence(kind: str, found: Mapping[str, Trial]) -> Markup:
    parts = ", ".join(part.replace("_", " ") for part, trial in found.items() if trial.kind == kind)
    said = words.capital(text(f"evidence.mark_{kind}"))
    return Markup("{}<small>{}</small>").format(said, parts)


def _trials(evidence: Evidence, tried: tuple[Trial, ...]) -> Markup:
    before = {one.target: one for one in evidence.primary()}

    def moves(trial: Trial, targets: tuple[str, ...]) -> Markup:
        told = []
        for target in targets:
            one, other = before[target], evidence.of_wrong(target)[trial.model]
            told.append(text(
                "evidence.from_to", name=name_of(target), before=verdict_of(one.verdict),
                after=verdict_of(other.verdict), score=number_of(one.value), without=number_of(other.value),
            ))  # fmt: skip
        return Markup("<br>").join(told or [text("evidence.nothing")])

    body = []
    for trial in tried:
        names = words.listed([part.replace("_", " ") for part in trial.submodels])
        left = text("evidence.together", names=names) if len(trial.submodels) > 1 else names
        body.append([words.capital(left), moves(trial, trial.falls), moves(trial, trial.rises)])
    head = [text(f"evidence.head_{name}") for name in ("without", "falls", "rises")]
    return table(head, body, text("evidence.trials_caption"))


def data_that_would_help(plan: Declared) -> Markup:
    """Return what the declared questions and the levels that stand out say stands in the way of knowing more."""
    parts = {
        "untested": [
            (words.said(one.what), words.said(one.reason)) for one in plan.targets if one.status == NOT_TESTED
        ],
        "limits": [(name_of(one.name), _named(words.said(one.reason), plan)) for one in plan.tested()],
        "levels": [
            (words.capital(words.said(row.what)), words.capital(words.said(row.reason)))
            for row in levels.stored()[0]
            if row.stands_out and row.reason
        ],
    }
    tables = []
    for name, rows in parts.items():
        title, head = text(f"evidence.data_{name}"), [text("evidence.head_what"), text(f"evidence.data_head_{name}")]
        shown = scrolled(table(head, rows, text(f"evidence.data_caption_{name}"), "words"), title)
        tables.append(folded(title, shown, opened=name == "untested"))
    return note(text("evidence.data_note")) + joined(tables)


def _named(reason: str, plan: Declared) -> str:
    """Return a reason with the targets that it refers to by their titles."""
    for one in plan.targets:
        if one.name in reason and "-" in one.name:
            reason = reason.replace(one.name, f"“{name_of(one.name)}”")
    return reason
