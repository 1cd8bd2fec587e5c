"""The first page: what this is and is not, my country, a question with a surprise, scenarios to start from.

The question of the guided start is answered from runs made when it is asked; no result is written down here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from stackcraft.agents.names import HOMES, STACKS
from stackcraft.experiments.leads import end_shares
from stackcraft.experiments.statistics import paired_interval
from stackcraft.model.indicators import INDICATORS, Records
from stackcraft.model.scenario import Scenario, shipped
from stackcraft.viz import words
from stackcraft.viz.charts import stacks
from stackcraft.viz.dashboard.parts.glossary import term
from stackcraft.viz.dashboard.parts.markup import each, folded, joined, marked, note, scrolled, table
from stackcraft.viz.dashboard.parts.search import offered, search_index
from stackcraft.viz.dashboard.state import Question, State
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words import claims, public_cost
from stackcraft.viz.words.languages import address_in_language, in_address

if TYPE_CHECKING:
    from stackcraft.experiments.live import Summary

GUIDE_RUNS = 16
GUIDE = {"subsidy": ("us_government.subsidy=0.3",), "supply_bond": ("us_government.supply_bond=0.9",)}
GUIDE_CLAIMS = {"subsidy": "B8", "supply_bond": "O4"}  # the rows of the debate that the two levers carry
FAMILIES = (
    ("both", ("baseline", "nobody-intervenes", "nine-recommendations", "first-lesson")),
    ("us", "us-"), ("cn", "cn-"), ("recommendations", "recommendation-"),
)  # fmt: skip
LEAST_COST_BN = 0.05


def guide_questions(runs: int = GUIDE_RUNS) -> dict[str, Question]:
    """Return what the guided start runs, all under the same luck: the baseline and its two levers."""
    return {"baseline": Question(), **{name: Question(levers=levers, runs=runs) for name, levers in GUIDE.items()}}


def opening() -> Markup:
    """What the model is and is not, in three short sentences, before any number."""
    paragraphs = (
        marked("start.what", stack=term("stack", text("start.stacks")), layers=term("layer", text("start.layers"))),
        marked("start.is_not", judgement=term("judgement", text("start.judgements"))),
        marked("start.use", same_luck=term("same_luck", text("start.luck"))),
    )
    told = each("<p>{}</p>", paragraphs)
    return Markup('<h1>{}</h1><div class="opening">{}</div>').format(text("start.title"), told)


def my_country(inputs: Any) -> Markup:
    """A plain form that asks for a country by name, code or another name, and every country as a link behind it."""
    index = search_index(inputs)
    # A name that two countries share leads to neither, so it is not offered.
    owners = Counter(name for row in index for name in (row["name"], *row["aliases"]))
    options = each(
        '<option value="{}">{}</option>',
        (
            (name, row["code"] if name == row["name"] else row["name"])
            for row in index
            for name in (row["name"], *row["aliases"])
            if owners[name] == 1
        ),
    ) + each('<option value="{}">{}</option>', offered(inputs))
    links = each(
        '<li><a href="{}">{}</a></li>',
        ((address_in_language(f"/country?c={row['code']}"), row["name"]) for row in index),
    )
    every = folded(
        text("start.every_country", number=len(index)), Markup('<ul class="all-countries">{}</ul>').format(links)
    )
    return Markup(
        '<section id="my-country" aria-label="{}">'
        '<form class="finder" action="/country" method="get" role="search"><label for="my-country-name">{}</label>'
        '<input id="my-country-name" name="c" type="search" list="my-country-names" autocomplete="off" required '
        'maxlength="60" placeholder="{}">{}'
        '<datalist id="my-country-names">{}</datalist><button class="main">{}</button></form>{}</section>'
    ).format(
        text("start.country_title"),
        text("start.country_label"),
        text("start.country_hint"),
        each('<input type="hidden" name="lang" value="{}">', [in_address()] if in_address() else []),
        options,
        text("start.country_go"),
        every,
    )


def guide_question() -> Markup:
    """The question of the guided start, before anything is run."""
    return Markup('<h2 id="guide-title">{}</h2><p class="lead">{}</p><p>{}</p>').format(
        text("start.guide_title"),
        text("start.guide_question"),
        marked(
            "start.guide_story",
            subsidy=term("subsidy", text("start.subsidy_words")),
            supply_bond=term("supply_bond", text("start.supply_bond_words")),
        ),
    )


def guide_result(found: dict[str, Summary], said: str = "") -> Markup:
    """The answer from the runs: what each lever brings and costs, whether it lasts, and what the answer rests on.

    `found` holds summaries of "baseline", "subsidy" and "supply_bond", paired by replicate; `said` is what the reader
    thought.
    """
    moved = {name: guide_moves(found["baseline"], found[name]) for name in GUIDE}
    year, runs = found["baseline"].years[-1], len(next(iter(moved.values()))["share"])
    reach = max(
        0.01, *(abs(value) for one in moved.values() for value in paired_interval(one["share"]) if np.isfinite(value))
    )
    drawn, rows = Markup(""), []
    for name, one in moved.items():
        title = text(f"start.{name}_title")
        dot = stacks.Dot("US", *paired_interval(one["share"]), f"{title}: {words.points(float(np.mean(one['share'])))}")
        picture = stacks.dot_intervals([dot], title, dot.label, (min(0.0, -0.1 * reach), reach), width=420, zero=True)
        share, _ = words.change_in_points(one["share"], words.points)
        cost, _ = words.change_in_points(one["cost"], words.money)
        kept, _ = words.change_in_points(one["kept"], words.points)
        rows.append([title, share, cost, kept])
        drawn += Markup(
            '<figure class="arm{}"><figcaption><h3>{}</h3></figcaption>{}<dl><div><dt>{}</dt><dd>{}</dd></div><div>'
            "<dt>{}</dt><dd>{}</dd></div>"
            "<div><dt>{}</dt><dd>{}</dd></div></dl><p>{}</p></figure>"
        ).format(
            " chosen" if said == name else "",
            title,
            picture,
            text("start.brings"),
            words.points(float(np.mean(one["share"]))),
            text("start.costs"),
            words.money(float(np.mean(one["cost"]))),
            text("start.keeps"),
            mean_points(one["kept"]),
            links(Question(levers=GUIDE[name]), text(f"start.{name}_go")),
        )
    head = [text("start.lever"), text("start.brings"), text("start.costs"), text("start.keeps")]
    behind = folded(
        text("start.with_intervals"),
        scrolled(table(head, rows, text("start.guide_caption", runs=runs, year=year)), text("start.lever")),
    )
    paragraphs = each("<p>{}</p>", (one for one in (surprise(moved, year), lasts(moved), rests_on()) if one))
    if said:
        paragraphs += note(text("start.you_said", guess=text(f"start.guess_{said}")))
    return Markup(
        '<div class="guide-result" role="status"><div class="surprise">{}</div><div class="pair">{}</div>{}</div>'
    ).format(paragraphs, drawn, behind)


def mean_points(values: np.ndarray) -> str:
    """The mean over runs in points; what to say where no run has the number."""
    told = values[np.isfinite(values)]
    return words.points(float(told.mean())) if len(told) else text("start.too_early")


def guide_moves(before: Summary, after: Summary) -> dict[str, np.ndarray]:
    """Return paired differences for the US side, each (runs,): share at the end, cost, retention."""
    common = np.intersect1d(before.world["run"].values, after.world["run"].values)
    pair = [one.world.sel(run=common) for one in (before, after)]
    us = STACKS.index("US")
    share = [end_shares(world)["US"] for world in pair]
    records = [Records.of_results(world) for world in pair]
    kept = [INDICATORS["retention"](one, us) for one in records]
    return {"share": share[1] - share[0], "cost": public_cost.added(*records)[:, us], "kept": kept[1] - kept[0]}


def surprise(moved: dict[str, dict[str, np.ndarray]], year: int) -> str:
    """Which lever brings more, and which costs more, in two sentences; says so where the runs cannot tell."""
    share = {name: float(np.mean(one["share"])) for name, one in moved.items()}
    cost = {name: float(np.mean(one["cost"])) for name, one in moved.items()}
    first, second = sorted(share, key=share.get, reverse=True)
    more, less = sorted(cost, key=cost.get, reverse=True)
    _, clear = words.change_in_points(moved[first]["share"] - moved[second]["share"], words.points)
    values = {
        "first": text(f"start.{first}_subject"),
        "second": text(f"start.{second}_subject"),
        "year": year,
        "of_first": words.points(share[first]),
        "of_second": words.points(share[second]),
        "more": text(f"start.{more}_subject"),
        "less": text(f"start.{less}_subject"),
        "dear": words.money(cost[more]),
        "cheap": words.money(cost[less]),
    }
    told = words.capital(text("start.brings_more" if clear else "start.brings_alike", **values))
    _, dearer = words.change_in_points(moved[more]["cost"] - moved[less]["cost"], words.money)
    if not dearer or cost[more] < LEAST_COST_BN:
        return f"{told} {text('start.cost_alike', **values)}"
    _, costs = words.change_in_points(moved[less]["cost"], words.money)
    return f"{told} {words.capital(text('start.cost_differs' if costs else 'start.cost_nothing', **values))}"


def lasts(moved: dict[str, dict[str, np.ndarray]]) -> str:
    """Under which of the two more adopters stay; "" where nobody's five years are over."""
    kept = {name: one["kept"] for name, one in moved.items()}
    if not all(np.isfinite(values).any() for values in kept.values()):
        return ""
    mean = {name: float(np.nanmean(values)) for name, values in kept.items()}
    first, second = sorted(mean, key=mean.get, reverse=True)
    _, clear = words.change_in_points(kept[first] - kept[second], words.points)
    values = {
        "first": text(f"start.{first}_subject"),
        "of_first": words.points(mean[first]),
        "of_second": words.points(mean[second]),
    }
    return text("start.lasts_longer" if clear else "start.lasts_alike", **values)


def rests_on() -> str:
    """Return how often the stored claims behind the two levers keep their sign in other worlds; "" without any."""
    one = claims.stored(list(GUIDE_CLAIMS.values()))
    parts = [
        text(
            "start.holds",
            sentence=words.said(row.sentence).rstrip("."),
            share=words.percent(row.agreement),
            worlds=words.count("held_world", row.worlds),
        )
        for row in one.rows
        if row.agreement is not None
    ]
    if not parts:
        return ""
    told = text("start.rests_on", parts=words.listed(parts))
    return f"{told} {text('start.older')}" if one.changed else told


def links(question: Question, explore: str = "") -> Markup:
    """Where a scenario leads: to explore it, and to compare it with the baseline."""
    found = Markup('<a href="{}">{}</a>').format(State(question).href("/explore"), explore or text("start.explore"))
    if question == Question():
        return found
    return Markup('{} <a href="{}">{}</a>').format(
        found, State(question, Question()).href("/compare"), text("start.compare")
    )


def scenarios(names: Sequence[str] | None = None) -> Markup:
    """Every scenario that comes along as a card with its story, in families."""
    names = list(shipped() if names is None else names)
    families, left = [], list(names)
    for family, belongs in FAMILIES:
        mine = [name for name in names if (name.startswith(belongs) if isinstance(belongs, str) else name in belongs)]
        families.append((family, sorted(mine, key=belongs.index) if not isinstance(belongs, str) else mine))
        left = [name for name in left if name not in mine]
    families.append(("others", left))
    drawn = each(
        '<h3 class="family">{}</h3><p class="note">{}</p><div class="cards">{}</div>',
        (
            (text(f"start.family_{family}"), text(f"start.family_{family}_story"), joined(card(name) for name in mine))
            for family, mine in families
            if mine
        ),
    )
    return Markup(
        '<section id="scenarios" aria-labelledby="scenarios-title"><h2 id="scenarios-title">{}</h2>'
        "<p>{}</p>{}</section>"
    ).format(
        text("start.scenarios_title"),
        text("start.scenarios_story"),
        folded(text("start.scenarios_folded", number=len(names)), drawn),
    )


def card(name: str) -> Markup:
    """One scenario: title, one sentence, what it sets, and where it leads."""
    scenario = Scenario.load(name)
    usual = Scenario.load("baseline")
    sets = [text("start.preset", home=words.HOME_TITLES[side], preset=str(preset).replace("-", " "))
            for side, preset in scenario.presets.items() if preset != usual.presets.get(side)]  # fmt: skip
    if scenario.levers:
        sets.append(text("start.sets_levers", levers=words.count("lever", len(scenario.levers))))
    if scenario.world != usual.world:
        sets.append(text("start.own_world"))
    told = note(words.capital(words.listed(sets))) if sets else ""
    return Markup('<article class="card scenario"><h4>{}</h4><p>{}</p>{}<p class="ways">{}</p></article>').format(
        words.said(scenario.title), words.said(scenario.story), told, links(Question(base=name))
    )


def going_on() -> Markup:
    """How to go on from here: a line a page."""
    rows = each(
        '<li><a href="{}">{}</a> {}</li>',
        (
            (address_in_language(f"/{page}"), text(f"start.page_{page}"), text(f"start.page_{page}_story"))
            for page in ("explore", "compare", "country", "deals", "matters", "model", "evidence")
        ),
    )
    return Markup(
        '<section id="going-on" aria-labelledby="going-on-title"><h2 id="going-on-title">{}</h2>{}</section>'
    ).format(
        text("start.on_title"),
        folded(
            text("start.on_folded"),
            Markup('<ul class="pages">{}</ul><p class="note">{}</p>').format(rows, text("start.on_note")),
        ),
    )


assert len(HOMES) == len(words.HOME_TITLES)
