"""One country: what it has, why, and what it rests on. Numbers in, markup out; a page only puts the parts in order.

`view` is anything with `year` (None is the last), `layer` ("all" or a layer) and `kind` ("installed" or "utilised");
`Where` is one. Links are made by
`href(code)`, which gives the address of a country's page.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from markupsafe import Markup

from stackcraft.agents.names import LAYERS, STACKS
from stackcraft.experiments.leads import AGREEMENT
from stackcraft.experiments.live import Cells, Summary
from stackcraft.experiments.live.countries import LATER, OUTCOMES, CountrySummary
from stackcraft.experiments.statistics import band
from stackcraft.model.blocs import members_of
from stackcraft.viz import words
from stackcraft.viz.charts import kit
from stackcraft.viz.charts.stacks import Axis, Curve, Shares, pair, stack_bars
from stackcraft.viz.dashboard.parts.contracts import contracts
from stackcraft.viz.dashboard.parts.markup import behind, each, joined, note
from stackcraft.viz.dashboard.parts.places import layer_place, year_place
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.report.sections import CHANNELS, MEANINGS

TOPS = (0.04, 0.08, 0.12, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0)  # ends of the scale of hazards
Link = Callable[[str], str]


@dataclass(frozen=True)
class Where:
    """What is looked at: a year (None: the last), a layer or "all", installed or utilised."""

    year: int | None = None
    layer: str = "all"
    kind: str = "installed"


def name_of(inputs: Any, code: str) -> str:
    return words.country_names(inputs)[code]


def what(layer: str, kind: str) -> str:
    """ "AI capacity installed", "cloud capacity in use"."""
    subject = text("country.ai") if layer == "all" else words.layer_title(layer).lower()
    return text(f"country.{kind}", what=subject)


def _cell(cells: Cells, year: int, layer: int, place: int) -> tuple[np.ndarray, float, bool]:
    """Shares of the three stacks, the agreement of runs, and whether anyone clearly leads."""
    shares = cells.shares[year, layer, place]
    return shares, float(cells.agreement[year, layer, place]), bool(cells.led[year, layer, place])


def leader(cells: Cells, year: int, layer: int, place: int) -> tuple[str, float]:
    """Who leads there and with what share; "" where there is nothing to lead in."""
    shares, _, _ = _cell(cells, year, layer, place)
    if not np.isfinite(shares).all():
        return "", math.nan
    first = int(np.argmax(shares))
    return STACKS[first], float(shares[first])


def year_of(summary: Summary, view: Any) -> int:
    """The year that is looked at."""
    return summary.years[year_place(summary.years, view.year)]


def lasting(summary: Any, code: str, year: int) -> str:
    """Whether it lasts in the country itself, as a clause: how much is still with the same stack years later."""
    if not isinstance(summary, CountrySummary) or year - summary.years[0] < LATER:
        return text("country.lasting_unknown")
    kept, _, _ = band(summary.of(code)[:, summary.years.index(year), OUTCOMES.index("lasting")])
    if not math.isfinite(float(kept)):
        return text("country.lasting_unknown")
    return text("country.lasting", kept=words.percent(float(kept)), before=year - LATER)


def headline(summary: Summary, inputs: Any, code: str, view: Any) -> str:
    """The finding for a country in one sentence: who leads, how sure, would it last."""
    year, layer = year_place(summary.years, view.year), layer_place(view.layer)
    shares, agreement, led = _cell(summary.cells(view.kind), year, layer, summary.codes.index(code))
    at = {"year": summary.years[year], "name": name_of(inputs, code), "what": what(view.layer, view.kind)}
    if not np.isfinite(shares).all():
        return text("country.headline_none", **at)
    first, second = (STACKS[i] for i in np.argsort(-shares, kind="stable")[:2])
    sound = summary.runs - summary.failed
    at |= {
        "first": words.STACK_TITLES[first],
        "one": words.percent(float(shares.max())),
        "second": words.STACK_TITLES[second],
        "other": words.percent(float(np.sort(shares)[1])),
        "runs": words.runs_words(round(agreement * sound), sound),
        "lasting": lasting(summary, code, summary.years[year]),
    }
    number = "many" if first == "independent" else "one"
    if not led:
        return text("country.headline_open", **at)
    sure = "sure" if agreement >= 0.95 else "probable" if agreement >= AGREEMENT else "unsure"
    return text(f"country.headline_{sure}_{number}", **at)


def times(number: int) -> str:
    """ "never", "once", "twice", "three times"."""
    return text(f"country.times_{number}") if number < 3 else words.count("time", number)


def what_it_has(summary: Summary, inputs: Any, code: str, view: Any) -> Markup:
    """Shares of the stacks over the years: a picture for all layers and one for each, with the table behind them."""
    cells, place, drawn, rows = summary.cells(view.kind), summary.codes.index(code), [], []
    years, now = list(summary.years), summary.years[year_place(summary.years, view.year)]
    for position, layer in enumerate(("all", *LAYERS)):
        shares = cells.shares[:, position, place]
        rows += _share_rows(cells, position, place, words.layer_title(layer))
        chosen = ' class="chosen"' if layer == view.layer else ""
        drawn.append(
            Markup("<figure{}><h3>{}</h3>{}</figure>").format(
                Markup(chosen),
                words.layer_title(layer),
                _bars(cells, position, place, years, now, f"{name_of(inputs, code)}: {what(layer, view.kind)}")
                if np.isfinite(shares).any()
                else note(text("country.no_capacity")),
            )
        )
    head = [text("country.layer_and_stack"), *map(str, _shown(years)), text("country.band", year=years[-1])]
    table = kit.table(head, rows, text("country.has_caption", name=name_of(inputs, code), what=what("all", view.kind)))
    return Markup('<div class="multiples">{}</div><p class="note">{}</p>{}').format(
        joined(drawn), text("country.has_note" if cells.low is not None else "country.has_note_few"), behind(table)
    )


def _bars(cells: Cells, layer: int, place: int, years: Sequence[int], now: int, title: str) -> Markup:
    shares = cells.shares[:, layer, place]
    told = "; ".join(
        f"{words.STACK_SHORT[stack]} {words.span(shares[0, i], shares[-1, i], words.percent)}"
        for i, stack in enumerate(STACKS)
    )
    low, high = (
        (None, None)
        if cells.low is None or cells.high is None
        else (cells.low[:, layer, place], cells.high[:, layer, place])
    )
    return stack_bars(years, Shares(shares, low, high), title, told, now)


def _shown(years: Sequence[int]) -> list[int]:
    return [years[i] for i in sorted({round(step * (len(years) - 1) / 4) for step in range(5)})]


def _share_rows(cells: Cells, layer: int, place: int, title: str) -> list[list[str]]:
    count = cells.shares.shape[0]
    rows = []
    for i, stack in enumerate(STACKS):
        values = [words.percent(float(cells.shares[at, layer, place, i]), 1) for at in _shown(range(count))]
        low, high = (
            (math.nan, math.nan)
            if cells.low is None or cells.high is None
            else (cells.low[-1, layer, place, i], cells.high[-1, layer, place, i])
        )
        band = (
            words.span(float(low), float(high), partial(words.percent, digits=1))
            if math.isfinite(low)
            else text("country.too_few")
        )
        rows.append([f"{title}, {words.STACK_SHORT[stack]}", *values, band])
    return rows


def peers_of(inputs: Any, code: str) -> list[tuple[str, float]]:
    """The countries it looks to with their weights, strongest first."""
    place = list(inputs.iso3).index(code)
    pairs = [
        (str(inputs.iso3[int(peer)]), float(weight))
        for peer, weight in zip(inputs.peer_index[place], inputs.peer_weight[place], strict=True)
        if weight > 0
    ]
    return sorted(pairs, key=lambda one: -one[1])


def region_of(inputs: Any, code: str) -> list[str]:
    """Countries of the same part of a continent, itself first, then by the size of the economy."""
    place = list(inputs.iso3).index(code)
    same = [i for i, part in enumerate(inputs.subregion) if part == inputs.subregion[place] and i != place]
    return [code, *(str(inputs.iso3[i]) for i in sorted(same, key=lambda i: -float(inputs.gdp[i])))]


def neighbours(summary: Summary, inputs: Any, code: str, view: Any, href: Link) -> Markup:
    """Its peers with their weights and what each runs, with links, and what it sees when it looks to them all."""
    cells, year, layer = summary.cells(view.kind), year_place(summary.years, view.year), layer_place(view.layer)
    peers = peers_of(inputs, code)
    if not peers:
        return note(text("country.no_peers", name=name_of(inputs, code)))
    rows, seen, whole = [], np.zeros(3), 0.0
    most = peers[0][1]
    for peer, weight in peers:
        place = summary.codes.index(peer)
        shares, agreement, led = _cell(cells, year, layer, place)
        stack, share = leader(cells, year, layer, place)
        if stack:
            seen, whole = seen + weight * shares, whole + weight
        state = (
            words.STACK_SHORT[stack]
            if stack and led
            else text("country.contested")
            if stack
            else text("country.no_data")
        )
        state += text("country.and_unsure") if stack and cells.open[year, layer, place] else ""
        key = kit.KEYS[stack] if stack and led else "grey"
        rows.append(
            Markup(
                '<tr><th scope="row"><a href="{}">{}</a></th><td><span class="weight"><i style="width:{:.0f}%"></i>'
                "</span> {}</td>"
                '<td><span class="tag {}">{}</span></td><td>{}</td><td>{}</td></tr>'
            ).format(
                href(peer),
                name_of(inputs, peer),
                100 * weight / most,
                words.percent(weight),
                key,
                state,
                words.percent(share),
                words.percent(agreement),
            )
        )
    heads = ("country.peer", "country.weight", "country.leads", "country.its_share", "country.agree")
    head = each('<th scope="col">{}</th>', (text(key) for key in heads))
    told = ""
    if whole:
        first = int(np.argmax(seen))
        told = text(
            "country.peers_see",
            name=name_of(inputs, code),
            stack=words.STACK_TITLES[STACKS[first]],
            share=words.percent(seen[first] / whole),
            year=summary.years[year],
        )
    return Markup(
        '<p>{}</p><div class="scroll" tabindex="0" role="region" aria-label="{}"><table class="numbers peers">'
        "<caption>{}</caption>"
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(told, text("country.peers_caption"), text("country.peers_caption"), head, joined(rows))


def trust(summary: Summary, inputs: Any, code: str) -> Markup:
    """What the country believes of each stack and what is true, over the years: a row a channel, a picture a stack."""
    data = summary.country.sel(country=code)
    years, groups, rows = list(summary.years), [], []
    for channel, title in CHANNELS.items():
        if channel not in summary.country["channel"].values:
            continue
        both = [
            (
                stack,
                *(
                    data[name].sel(stack=stack, channel=channel).values.astype(float)
                    for name in ("perceived_hazard", "true_hazard")
                ),
            )
            for stack in STACKS
        ]
        numbers = [value for _, *two in both for values in two for value in values if math.isfinite(value)]
        top = next((step for step in TOPS if step >= max(numbers, default=0.0)), 1.0)
        drawn, beliefs = [], []
        tenths = partial(words.percent, digits=1)
        for stack, believed, true in both:
            short = words.STACK_SHORT[stack]
            told = text(
                "country.believed_true",
                believed=words.span(believed[0], believed[-1], tenths),
                true=words.span(true[0], true[-1], tenths),
            )
            picture = pair(
                years,
                (Curve(stack, text("country.believed"), believed), Curve(stack, text("country.true"), true)),
                f"{title}: {short}",
                told,
                Axis(0.0, top, (0.0, top / 2, top), words.percent),
            )
            drawn.append(Markup("<figure><h4>{}</h4>{}</figure>").format(short, picture))
            for label, values in ((text("country.believed"), believed), (text("country.true"), true)):
                rows.append(
                    [
                        f"{title}, {short}, {label}",
                        *(words.percent(float(values[years.index(year)]), 1) for year in _shown(years)),
                    ]
                )
            if math.isfinite(believed[-1]) and math.isfinite(true[-1]):
                beliefs.append(words.belief_sentence(stack, channel, believed[-1], true[-1], name_of(inputs, code)))
        groups.append(Markup('<h3>{}</h3><p class="note">{}. {}</p><div class="multiples three">{}</div>').format(
            title, words.capital(MEANINGS[channel]), " ".join(beliefs), joined(drawn)))  # fmt: skip
    table = kit.table(
        [text("country.hazard"), *map(str, _shown(years))],
        rows,
        text("country.trust_caption", name=name_of(inputs, code)),
    )
    return joined([*groups, behind(table)])


def multiples(summary: Summary, inputs: Any, codes: Sequence[str], view: Any, href: Link) -> Markup:
    """The same picture for several countries on the same axes: shares over the years in the layer that is looked at."""
    cells, layer, years = summary.cells(view.kind), layer_place(view.layer), list(summary.years)
    drawn, rows, now = [], [], summary.years[year_place(summary.years, view.year)]
    for code in codes:
        place, name = summary.codes.index(code), name_of(inputs, code)
        rows += _share_rows(cells, layer, place, name)
        picture = (
            _bars(cells, layer, place, years, now, f"{name}: {what(view.layer, view.kind)}")
            if np.isfinite(cells.shares[:, layer, place]).any()
            else note(text("country.no_capacity"))
        )
        drawn.append(Markup('<figure><h3><a href="{}">{}</a></h3>{}</figure>').format(href(code), name, picture))
    head = [text("country.country_and_stack"), *map(str, _shown(years)), text("country.band", year=years[-1])]
    table = kit.table(head, rows, words.capital(what(view.layer, view.kind)))
    return Markup('<div class="multiples">{}</div>{}').format(joined(drawn), behind(table))


def own_contracts(record: Any, code: str) -> Any:
    """The contracts of one country in the run that is shown, largest first."""
    if record is None or not len(record.deals):
        return None
    mine = contracts(record.deals)
    mine = mine[mine["country"].astype(str).isin(members_of(code, record.inputs.iso3))]
    return mine.sort_values("value_bn", ascending=False, kind="stable")
