"""What a seat reads before it begins: the text of `briefs.toml`, and facts about it from the model's own tables."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np

from stackcraft.agents.countries import usual_name
from stackcraft.agents.names import LAYERS, SIDES, STACKS, VENDORS, stack_of
from stackcraft.experiments.wargame.content import briefs
from stackcraft.experiments.wargame.seats import SEATS
from stackcraft.model.inputs import load_inputs

STACK_NAMES = {"US": "American", "CN": "Chinese", "independent": "others'"}


@cache
def _world():
    return load_inputs("world")


@cache
def _shares() -> np.ndarray:
    """Installed share of each stack in January 2025, (countries, layers, stacks), from the model's own tables."""
    inputs = _world()
    by_stack = np.zeros((*inputs.demand.shape, len(STACKS)))
    for place, vendor in enumerate(VENDORS):
        by_stack[..., STACKS.index(stack_of(vendor))] += inputs.installed[..., place]
    return by_stack / np.maximum(by_stack.sum(axis=-1, keepdims=True), 1e-12)


def facts_of(seat: str) -> list[dict[str, Any]]:
    """Facts about a seat in January 2025: {fact, value, note}, a few lines.

    Of a bloc they are sums over its members, or means weighted by what they use of artificial intelligence; of a home
    or its firms, what the world and each income group have of its stack.
    """
    return _facts_of_bloc(seat) if SEATS[seat].kind == "bloc" else _facts_of_side(SEATS[seat].side)


def _line(fact: str, value: str, note: str = "") -> dict[str, Any]:
    return {"fact": fact, "value": value, "note": note}


def _facts_of_bloc(seat: str) -> list[dict[str, Any]]:
    inputs = _world()
    places = [inputs.iso3.index(code) for code in SEATS[seat].countries]
    demand = inputs.demand[places]
    by_country = demand.sum(axis=1) / demand.sum()
    shares = (_shares()[places] * demand[..., np.newaxis]).sum(axis=(0, 1)) / demand.sum()
    largest = int(np.argmax(by_country))
    by_layer = (_shares()[places] * demand[..., np.newaxis]).sum(axis=0) / demand.sum(axis=0)[:, np.newaxis]

    def mean(name: str) -> float:
        return float((getattr(inputs, name)[places] * by_country).sum())

    def rank(name: str) -> str:
        """Where the bloc stands among all countries, in words."""
        share = float((np.asarray(getattr(inputs, name)) < mean(name)).mean())
        return f"higher than in {round(100 * share)} of 100 countries"

    trade = (inputs.imports_share[places] + inputs.exports_share[places])[:, :2].mean(axis=0) / 2
    most_us, most_cn = (LAYERS[int(np.argmax(by_layer[:, k]))] for k in range(2))
    return [
        _line("Members", ", ".join(usual_name(code) for code in SEATS[seat].countries)),
        _line(
            "Economy and people", f"{inputs.gdp[places].sum():,.0f} bn $ and {inputs.population[places].sum():,.0f} m"
        ),
        _line(
            "Demand for artificial intelligence",
            f"{demand.sum():.2g} bn $ a year",
            f"{by_country[largest]:.0%} of it in {usual_name(SEATS[seat].countries[largest])}",
        ),
        _line(
            "Whose stack is installed",
            ", ".join(f"{STACK_NAMES[stack]} {shares[k]:.0%}" for k, stack in enumerate(STACKS)),
            f"most American in {most_us}, most Chinese in {most_cn}",
        ),
        _line("How much of what is bought can be put to use", f"{mean('absorption'):.0%}", rank("absorption")),
        _line("Wish for control", f"{mean('sovereignty'):.2f} of 1", rank("sovereignty")),
        _line("Belongs to neither camp", f"{mean('nonaligned'):.2f} of 1", rank("nonaligned")),
        _line("Trade with the two homes", f"United States {trade[0]:.0%}, China {trade[1]:.0%}"),
        _line("Cost of borrowing", f"{mean('cost_of_capital'):.1%} a year"),
    ]


def _facts_of_side(side: str) -> list[dict[str, Any]]:
    inputs, place = _world(), SIDES.index(side)
    shares, demand = _shares()[..., place], inputs.demand
    by_country = (shares * demand).sum(axis=1) / demand.sum(axis=1)
    world = float((shares * demand).sum() / demand.sum())
    by_layer = (shares * demand).sum(axis=0) / demand.sum(axis=0)
    order = np.argsort(-by_layer)
    poor = inputs.income_group == 0
    fear = inputs.scepticism[:, place]
    excluded = float((inputs.exclusion > 0.5).mean()) if side == "CN" else None
    lines = [
        _line("Share of what the world outside the two homes uses", f"{world:.0%}"),
        _line("In the average country", f"{by_country.mean():.0%}",
              f"in low-income countries {by_country[poor].mean():.0%}"),
        _line(
            "Strongest and weakest layer",
            f"{LAYERS[order[0]]} {by_layer[order[0]]:.0%}, {LAYERS[order[-1]]} {by_layer[order[-1]]:.0%}",
        ),
        _line("Countries that distrust the stack more than the other side's",
              f"{int((fear > inputs.scepticism[:, 1 - place]).sum())} of {len(fear)}"),
    ]  # fmt: skip
    if excluded is not None:
        lines.append(_line("Countries whose networks are mostly closed to your vendors", f"{excluded:.0%} of all"))
    return lines


def brief_of(seat: str) -> dict[str, Any]:
    """Everything a seat reads before it begins, as plain values.

    Keys: seat, title, who, wants, dilemma, first (three), ask, facts ({fact, value, note}), words (how many there are).
    """
    brief, facts = briefs()[seat], facts_of(seat)
    texts = {"who": brief.who, "wants": brief.wants, "dilemma": brief.dilemma, "ask": brief.ask}
    read = [*texts.values(), *brief.first, *(f"{one['fact']} {one['value']} {one['note']}" for one in facts)]
    return {
        "seat": seat,
        "title": SEATS[seat].title,
        **texts,
        "first": list(brief.first),
        "facts": facts,
        "words": sum(len(text.split()) for text in read),
    }
