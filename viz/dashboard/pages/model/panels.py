"""What the model is, how it works, what it rests on and what it cannot do: the Model page, as pure functions.

Nothing is repeated by hand: parameters come from their declarations, facts from the tables, claims from the stored
measurement.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from stackcraft.agents.declare import Declaration
from stackcraft.experiments.checks import FAMILIES, Check
from stackcraft.model.inputs import declared_inputs
from stackcraft.model.parameters import SUBJECTS
from stackcraft.viz import words
from stackcraft.viz.dashboard.pages.model import diagram
from stackcraft.viz.dashboard.parts.glossary import glossary_list, term
from stackcraft.viz.dashboard.parts.markup import each, folded, joined, marked, paragraph, scrolled, table, titled
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.report.assumptions import filled_rows, judged, sources
from stackcraft.viz.report.source import Source, facts_columns
from stackcraft.viz.words import claims
from stackcraft.viz.words.languages import in_each_language

SECTIONS = ("how", "claims", "assumptions", "facts", "checks", "limits", "words")
LIMITS = ("forecast", "calibration", "bands", "country", "profiles", "independence", "shares", "search", "neutral")
MOST_PARTS = 8


def opening() -> Markup:
    """The headline, what the model is and is not, and links to the sections."""
    groups = judged()
    counts = words.listed(
        [
            text("model.judged", judged=few, all=every, what=text(f"model.judged_{name}"))
            for name, (few, every) in groups.items()
        ]
    )
    links = each('<a href="#{}">{}</a>', ((name, text(f"model.title_{name}")) for name in SECTIONS))
    share = sum(few for few, _ in groups.values()) / sum(every for _, every in groups.values())
    title = text("model.headline_most" if share > 0.5 else "model.headline_some", share=words.percent(share))
    lines = each("<li>{}</li>", (text(f"model.{name}") for name in ("is_one", "is_two", "is_three")))
    nots = each("<li>{}</li>", (text(f"model.{name}") for name in ("not_one", "not_two", "not_three")))
    return Markup(
        '<h1>{}</h1><p class="lead">{}</p><div class="pair"><div><h2>{}</h2><ul>{}</ul></div><div><h2>{}</h2>'
        "<ul>{}</ul></div></div>"
        '<nav class="toc" aria-label="{}">{}</nav>'
    ).format(
        title,
        marked("model.counts", counts=counts, judgement=term("judgement", text("model.judgement_words"))),
        text("model.is_title"),
        lines,
        text("model.not_title"),
        nots,
        text("model.sections"),
        links,
    )


def how_it_works(importers: int) -> Markup:
    """The round of a purchase as a picture, wide or tall by the width of the page, and in words."""
    pictures = Markup('<figure class="how">{}{}</figure>').format(diagram.wide(importers), diagram.tall(importers))
    behind = folded(text("model.in_words"), diagram.in_words(importers))
    told = marked(
        "model.how", tender=term("tender", text("model.tender_words")), peers=term("peers", text("model.peers_words"))
    )
    return titled("how", text("model.title_how"), Markup("<p>{}</p>{}{}").format(told, pictures, behind))


def claims_table() -> Markup:
    """The claims of the debate as last measured: tally, warning, and a table to filter with what each rests on."""
    one = claims.stored()
    if not one.rows:
        return titled(
            "claims",
            text("model.title_claims"),
            paragraph(marked("model.no_claims", command=Markup("<code>{}</code>").format(claims.MEASURE_AGAIN))),
        )
    stale = Markup('<p class="notice" role="note"><b>{}</b></p>').format(claims.warning(one)) if one.changed else ""
    rows = []
    for row in one.rows:
        name, lever, measure, effect, interval, agrees, without, verdict = claims.cells(row)
        carried = ", ".join(part.replace("_", " ") for part in row.carrier.split())
        rows.append(
            [
                Markup("{}<small>{}</small>").format(words.said(row.sentence), name),
                lever.replace("_", " "),
                measure,
                Markup("{}<small>{}</small>").format(effect, interval),
                Markup("{}<small>{}</small>").format(carried, text("model.without", effect=without)),
                agrees,
                verdict,
            ]
        )
    head = [
        text(f"model.claim_{name}")
        for name in ("sentence", "lever", "measure", "effect", "carrier", "agrees", "verdict")
    ]
    shown = table(head, rows, text("model.claims_caption", number=len(rows)), "words many claims", "claims-rows")
    note = marked(
        "model.claims_note", measured=claims.measured_sentence(one), world=term("world", text("model.world_words"))
    )
    behind = folded(
        text("model.claims_all", number=len(rows)),
        _filter("claims-rows") + scrolled(shown, text("model.claims_caption", number=len(rows)), "countries"),
    )
    return titled(
        "claims",
        text("model.title_claims"),
        Markup('<p>{}</p>{}<p class="note">{}</p>{}').format(claims.tally_sentence(one.rows), stale, note, behind),
    )


def _filter(target: str) -> Markup:
    """A box that hides the rows of a table that lack what is typed; works where the page's script does."""
    return Markup(
        '<p class="filter only-script"><label>{} <input type="search" data-filters="{}" autocomplete="off"></label> '
        '<output role="status" data-some="{}"></output></p>'
    ).format(text("model.filter"), target, text("model.filtered", some="{some}", all="{all}"))


@in_each_language()
def assumptions() -> Markup:
    """Every parameter by subject: what it says, its value, unit, range and source, judgements marked."""
    parts = []
    for subject, declared in SUBJECTS.items():
        rows = [_parameter(one) for one in declared]
        marks = sum(one.judgement for one in declared)
        summary = text(
            "model.subject",
            subject=text(f"model.subject_{subject.replace(' ', '_')}"),
            number=len(declared),
            judged=marks,
        )
        head = [text(f"model.parameter_{name}") for name in ("says", "value", "range", "source")]
        name = f"parameters-{subject.replace(' ', '-')}"
        shown = table(
            head,
            rows,
            text("model.parameters_caption", subject=text(f"model.subject_{subject.replace(' ', '_')}")),
            "words many parameters",
        )
        parts.append(
            Markup('<details id="{}"><summary>{}</summary>{}</details>').format(name, summary, scrolled(shown, summary))
        )
    note = marked("model.assumptions_note", judgement=term("judgement", text("model.judgement_mark"), "assumptions"))
    body = Markup('<p class="note">{}</p>{}<div id="all-parameters">{}</div>').format(
        note, _filter("all-parameters"), joined(parts)
    )
    return titled("assumptions", text("model.title_assumptions"), body)


def _parameter(one: Declaration) -> list[Any]:
    said = Markup("{}<small><code>{}</code></small>").format(words.capital(words.said(one.sentence)), one.name)
    source = one.source.removeprefix("judgement").lstrip(" ;:,.")
    mark = (
        Markup('<span class="judgement">{}</span>').format(text("model.judgement_mark"))
        if one.judgement
        else Markup("")
    )
    between = "; " if one.judgement and source else ""
    span = Markup("{}<small>{}</small>").format(
        one.bounds, one.range_words and text("model.plausible", range=one.range_words)
    )
    why = Markup("<small>{}</small>").format(words.said(one.reason))
    return [said, value_words(one), span, Markup("{}{}{}{}").format(mark, between, source, why)]


def value_words(one: Declaration) -> Markup:
    """Return the default in words: one number, or the first parts by name with the rest behind."""
    if one.default is None:
        return Markup("{}").format(one.none_means)
    values = np.asarray(one.default, float)
    if values.ndim == 0 or np.unique(values).size == 1:
        number = f"{float(values.flat[0]):g}"
        return Markup("{}").format(
            number if values.ndim == 0 else text("model.all_parts", number=number, parts=one.shape)
        )
    from stackcraft.model.parameters import parts

    named = [f"{name.replace('_', ' ').replace('.', ', ')} {values[index]:g}" for name, index in parts(one)]
    if len(named) <= MOST_PARTS:
        return Markup("<br>").join(named)
    return folded(text("model.parts", number=len(named)), Markup("<br>").join(named))


def facts(inputs: Any) -> Markup:
    """Where facts come from and on which terms, what is worked out from them, and what was filled in."""
    source = Source(results=None, deals=None, title="", filled=inputs.filled, facts=facts_columns(inputs))
    given = sources(source)
    first = table(
        [text("model.source"), text("model.gives"), text("model.licence")],
        [[row["source"], row["gives"], row["licence"]] for row in given], text("model.sources_caption"),
    )  # fmt: skip
    declared = declared_inputs()
    second = table(
        [text("model.input"), text("model.unit"), text("model.rule"), text("model.input_source")],
        [
            [
                name.replace("_", " "),
                entry.metadata["unit"],
                entry.metadata["rule"],
                Markup('<span class="judgement">{}</span>').format(text("model.judged_rule"))
                if entry.metadata["judgement"]
                else text("model.from_facts"),
            ]
            for name, entry in declared.items()
        ],
        text("model.inputs_caption"),
    )
    filled = filled_rows(source)
    third = table(
        [text("model.input"), text("model.countries"), text("model.filled_how")],
        [[name, number, Markup("<br>").join(which)] for name, number, which in filled], text("model.filled_caption"),
    )  # fmt: skip
    shown = (
        folded(text("model.sources_all", number=len(given)), scrolled(first, text("model.sources_caption"))),
        folded(text("model.inputs_all", number=len(declared)), scrolled(second, text("model.inputs_caption"))),
        folded(
            text("model.filled_all", number=len(filled)), scrolled(third, text("model.filled_caption"), "countries")
        ),
    )
    note = marked("model.facts_note", filled_in=term("filled_in", text("model.filled_words")))
    return titled("facts", text("model.title_facts"), Markup("<p>{}</p>{}").format(note, joined(shown)))


def checks_opening() -> Markup:
    """What each family of checks is, before any is run."""
    rows = [[text(f"model.check_{name}"), text(f"model.check_{name}_says")] for name in FAMILIES]
    shown = table([text("model.check_family"), text("model.check_says")], rows, text("model.checks_caption"), "words")
    note = marked("model.checks_note", command=Markup("<code>stackcraft check</code>"))
    behind = scrolled(shown, text("model.checks_caption"))
    return Markup('<h2 id="checks-title">{}</h2><p>{}</p>{}').format(text("model.title_checks"), note, behind)


def checks_result(found: Sequence[Check], family: str, done: int, total: int, error: str = "") -> Markup:
    """Each check with what it reached and what it must reach; `done` of `total` parts are there."""
    if error:
        return Markup('<p class="notice" role="alert">{}</p>').format(text("model.checks_failed", error=error))
    state = text("model.checks_running", family=text(f"model.check_{family}"), done=done, total=total)
    if done == total:
        failed = [check for check in found if not check.passed]
        values = {"family": text(f"model.check_{family}"), "passed": len(found) - len(failed), "number": len(found)}
        state = text("model.checks_some_failed" if failed else "model.checks_passed", **values)
    rows = [
        [
            Markup("{}<small>{}</small>").format(
                check.name, check.claim + (f": {check.detail}" if check.detail and not check.passed else "")
            ),
            reached(check.value),
            f"{check.sense} {reached(check.tolerance)}".strip()
            if check.tolerance is not None
            else text("model.only_shown"),
            Markup("{}").format(text("model.passed"))
            if check.passed
            else Markup("<b>{}</b>").format(text("model.failed")),
            f"{check.seconds:.1f}",
        ]
        for check in found
    ]
    head = [text(f"model.check_{name}") for name in ("name", "reached", "must", "verdict", "seconds")]
    shown = scrolled(table(head, rows, state, "numbers checks"), state) if rows else ""
    return Markup('<p role="status">{}</p>{}').format(state, shown)


def reached(value: float | None) -> str:
    """A number of a check: whole as it is, others with four digits."""
    if value is None:
        return "-"
    return words.number(f"{int(value):,}" if float(value).is_integer() and abs(value) < 1e9 else f"{value:.4g}")


def limits() -> Markup:
    """What the model cannot do, in plain words."""
    rows = each("<li>{}</li>", (text(f"model.limit_{name}") for name in LIMITS))
    return titled("limits", text("model.title_limits"), Markup("<ul>{}</ul>").format(rows))


def glossary() -> Markup:
    """What the words mean here."""
    return titled(
        "words", text("model.title_words"), Markup("<p>{}</p>{}").format(text("model.words_note"), glossary_list())
    )


def before_checks(inputs: Any) -> Markup:
    """The page up to the checks."""
    parts = (opening(), how_it_works(len(inputs.iso3)), claims_table(), assumptions(), facts(inputs))
    return joined(parts)


def after_checks() -> Markup:
    """The page after the checks."""
    return limits() + glossary()
