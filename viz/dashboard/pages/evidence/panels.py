"""The Evidence page as pure functions: what the hindcast says of the model, made from what is stored.

The report shows the same parts. Nothing is repeated by hand: verdicts and numbers come from the stored scores, what
they mean from the declared questions.
"""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from stackcraft.experiments.evidence.hindcast.declared import Declared
from stackcraft.experiments.evidence.hindcast.outcomes import FROM, UNTIL
from stackcraft.experiments.evidence.hindcast.stored import Evidence
from stackcraft.viz import words
from stackcraft.viz.dashboard.pages.evidence import places, rests, targets, worlds
from stackcraft.viz.dashboard.parts.markup import contents, folded, joined, note, paragraph, titled
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words import evidence as told

SECTIONS = ("targets", "where", "reliability", "blocks", "levels", "worlds", "claims", "data", "basis")


def headline(evidence: Evidence, plan: Declared) -> str:
    """Say in a sentence what the model loses and what it does not, by the stored verdicts."""
    if not evidence.scores:
        return text("evidence.no_scores", command=told.MEASURE_AGAIN.strip("`"))
    lost = targets.losses(evidence, plan)
    number = Counter(one.verdict for one in evidence.primary())
    rest = []
    for key, verdict in (("drawn", "no difference shown"), ("won", "better")):
        if number[verdict]:
            rest.append(text(f"evidence.rest_{key}", number=words.count("target", number[verdict])))
    return text(
        f"evidence.headline_{'lost' if lost else 'none'}", first=FROM, last=UNTIL, losses=words.listed(lost),
        rest=words.listed(rest) or text("evidence.rest_nothing"),
    )  # fmt: skip


def lead(evidence: Evidence, plan: Declared) -> Markup:
    """Say how the test was made, what came out in counts, and how much a model that is wrong on purpose would pass."""
    sharp = [
        text(
            "evidence.sharp_next" if place else "evidence.sharp_one", what=one.name.replace("-", " "),
            same=targets.no_worse(evidence, one.name), all=len(evidence.primary()),
        )
        for place, one in enumerate(plan.wrong)
    ]  # fmt: skip
    stale = told.warning(evidence)
    return joined((
        Markup('<p class="lead">{}</p>').format(text("evidence.intro", first=FROM, until=UNTIL + 1)),
        paragraph(told.summary(evidence)),
        paragraph(text("evidence.summary_sharp", found=words.listed(sharp))),
        paragraph(in_code(stale), "notice", "note") if stale else "",
    ))  # fmt: skip


def opening(evidence: Evidence, plan: Declared) -> Markup:
    """Return headline, lead and links to the sections."""
    title = Markup("<h1>{}</h1>").format(headline(evidence, plan))
    if not evidence.scores:
        return title
    links = contents((name, text(f"evidence.title_{name}"), Markup("")) for name in SECTIONS)
    return title + lead(evidence, plan) + links


def part(name: str, evidence: Evidence, plan: Declared, target: str) -> Markup:
    """Return what is in a section; `target` is the question of the map."""
    return {
        "targets": lambda: targets.rows(evidence, plan),
        "where": lambda: places.panel(evidence, target),
        "reliability": lambda: targets.reliability(evidence, plan),
        "blocks": lambda: targets.blocks(evidence, plan),
        "levels": rests.levels_table,
        "worlds": worlds.panel,
        "claims": lambda: rests.claims_rest_on(evidence, plan),
        "data": lambda: rests.data_that_would_help(plan),
        "basis": lambda: basis(evidence, plan),
    }[name]()


def section(name: str, evidence: Evidence, plan: Declared, target: str = "") -> Markup:
    """Return a section in its card."""
    return titled(name, text(f"evidence.title_{name}"), part(name, evidence, plan, target))


def basis(evidence: Evidence, plan: Declared) -> Markup:
    """Say when the questions were declared, how many runs were made, of what, and whether the scores still hold."""
    about = {name: evidence.about.get(name, "unknown") for name in ("version", "commit", "code", "results", "facts")}
    about["commit"] = about["commit"][:10]
    more = text("evidence.basis_more", command="`stackcraft evidence`", readings="`stackcraft evidence readings`")
    fresh = "" if told.warning(evidence) else text("evidence.basis_fresh")
    return paragraph(in_code(told.basis(evidence, plan)) + Markup(" {}").format(fresh)) + note(
        text("evidence.basis_made", **about), in_code(more)
    )


def in_code(sentence: str) -> Markup:
    """Return a sentence with what stands between backticks as code."""
    parts = sentence.split("`")
    return joined(Markup("<code>{}</code>").format(one) if place % 2 else one for place, one in enumerate(parts))


def for_report(evidence: Evidence, plan: Declared) -> Markup:
    """Return the same for a report: headline and rows in the open, the rest folded; empty where nothing is stored."""
    if not evidence.scores:
        return Markup("")
    target = places.usual(evidence, plan)
    first, *rest = SECTIONS
    folds = (folded(text(f"evidence.title_{name}"), part(name, evidence, plan, target)) for name in rest)
    return joined((
        Markup("<p><b>{}</b></p>").format(headline(evidence, plan)), lead(evidence, plan),
        part(first, evidence, plan, target), *folds,
    ))  # fmt: skip
