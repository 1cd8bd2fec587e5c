"""The results page of the strategy game, written from the folders of two finished studies, `game` and `game_worlds`.

Beside the payoffs as declared, the same runs are weighed otherwise, because what a side values is a judgement and not a
finding.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.agents.strategies.presets import STATUS_QUO
from stackcraft.experiments.analyses import game
from stackcraft.experiments.analyses.finding import Finding, Table
from stackcraft.experiments.analyses.games.evaluation import evaluate
from stackcraft.experiments.analyses.games.from_study import read_game
from stackcraft.experiments.sweep import MemoryStudy, open_study
from stackcraft.model.parameters import PARAMETERS

PAGE = Path(__file__).with_name("GAME.md")
SIDES = ("us", "cn")
PARTS = ("used_by_gdp", "used_by_capability", "public_cost_bn", "incidents")
SHOWN = ("use", "public cost", "incidents", "trust")
SURVIVES = 0.95
# What payoffs count, as factors on the declared weights of use, cost, incidents and trust.
WEIGHINGS: dict[str, tuple[float, float, float, float]] = {
    "as declared": (1, 1, 1, 1),
    "incidents count a tenth": (1, 1, 0.1, 1),
    "incidents do not count": (1, 1, 0, 1),
    "public cost does not count": (1, 0, 1, 1),
    "only use and trust count": (1, 0, 0, 1),
    "only use counts": (1, 0, 0, 0),
    "use counts tenfold": (10, 1, 1, 1),
}


def payoffs(results: Any, factors: tuple[float, float, float, float], year: int | None = None) -> dict[str, np.ndarray]:
    """Return payoffs of both sides, (*block sizes, replicates), with the declared weights times `factors`."""
    weight = {name: float(PARAMETERS[f"payoff_{name}"].default) for name in ("use", "gdp", "cost", "incident", "trust")}
    found = {}
    for side in SIDES:
        part = {name: results.cube(f"{side}_{name}", year) for name in PARTS}
        used = weight["gdp"] * part["used_by_gdp"] + (1 - weight["gdp"]) * part["used_by_capability"]
        trust = results.cube(f"trust_in_{side}", year)
        found[f"payoff_{side}"] = (
            factors[0] * weight["use"] * used
            - factors[1] * weight["cost"] * part["public_cost_bn"]
            - factors[2] * weight["incident"] * part["incidents"]
            + factors[3] * weight["trust"] * trust
        )
    return found


def check(results: Any) -> float:
    """Return the largest relative difference between the study's payoffs and those put together from their parts."""
    made = payoffs(results, (1, 1, 1, 1))
    kept = {name: results.cube(name) for name in made}
    return max(float(np.nanmax(np.abs(made[name] - kept[name])) / np.nanmax(np.abs(kept[name]))) for name in made)


def text(folder: str | Path, worlds: str | Path) -> str:
    """The page. Raises `InputError` if a folder holds no finished game, or payoffs do not follow from their parts."""
    results, many = opened(folder), opened(worlds)
    finding = game.analyse(results)
    rests_on, pairs = _rests_on(results)
    other_worlds, commonest = _worlds(many)
    short = _in_short(pairs, commonest, many)
    made_of, decides = _made_of(results)
    lines = [
        *_head(results, finding, f"{short} {decides}".rstrip()),
        *made_of,
        *rests_on,
        *other_worlds,
        *_tables(finding),
    ]
    return "\n".join(lines) + "\n"


def opened(folder: str | Path) -> Any:
    """A finished game that can be weighed otherwise. Raises `InputError`."""
    results = open_study(folder)
    names = [f"{side}_{name}" for side in SIDES for name in PARTS] + [f"trust_in_{side}" for side in SIDES]
    if missing := [name for name in names if name not in results.measures]:
        raise InputError(
            f"{folder} is no game that can be weighed otherwise: it kept no {missing[0]}; sweep the study game"
        )
    if (gap := check(results)) > 1e-5:
        raise InputError(
            f"{folder}: payoffs differ by {gap:.1g} from what their parts give; was it made with other weights?"
        )
    return results


def _in_short(pairs: dict[str, tuple[str, bool]], commonest: tuple[str, float], many: Any) -> str:
    """One paragraph from the numbers: which pair, what it rests on, how sure."""
    pair, stable = pairs["as declared"]
    others = [name for name in WEIGHINGS if name != "as declared"]
    kept = [name for name in others if pairs[name][0] == pair]
    lost = [name for name in others if name not in kept]
    shaky = [name for name in lost if not pairs[name][1]]
    worlds = many.blocks[0].size
    sure = (
        "No pair is an equilibrium in most worlds, so the answer rests on assumptions that nobody knows"
        if commonest[1] < 0.5
        else "It holds in most worlds"
    )
    return (
        "**In short.** At the default parameters and the declared payoffs"
        f" {'one pair is stable' if stable else 'the pair nearest to stable is'}: {pair} (US and CN). It is the same"
        f" under {len(kept)} of {len(others)} other weighings ({'; '.join(kept) or 'none'}). Under the rest"
        f" another pair is found ({'; '.join(lost) or 'none'})"
        f"{f', which is not stable where {_either(shaky)}' if shaky else ''}. In {worlds} other worlds the pair"
        f" found most often, {commonest[0]}, is an equilibrium in {commonest[1]:.0%}. {sure}."
    )


def _either(names: list[str]) -> str:
    """ "a", "a or b", "a, b or c"."""
    return " or ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])


def _head(results: Any, finding: Finding, short: str) -> list[str]:
    made_by = results.store.spec["made_by"]
    made_with = f"commit {str(made_by['commit'])[:9]}, facts {made_by['facts'][:12]}"
    size = f"{results.study.design.rows} pairs x {results.replicates} replicates"
    first, last = results.study.scenario.years
    return [
        "# The strategy game: what was found",
        "",
        "Every American preset against every Chinese one, under the same luck. Written by `make remeasure` from the",
        f"study `experiments/studies/game.toml`: {size}, {first} to {last}, seed {results.study.seed},",
        f"{made_with}.",
        "Nothing here is a forecast: it is what follows from stated assumptions, most of them judgements.",
        "",
        "A pair is an equilibrium if neither side does better by changing its own preset alone. It is called stable",
        f"if it still is one in at least {SURVIVES:.0%} of the resamples of the luck. A payoff is worth {_weights()}",
        "(judgements).",
        "",
        short,
        "",
        "## Findings at the default parameters",
        "",
        *(f"- {sentence}" for sentence in finding.sentences),
        "",
    ]


def _weights() -> str:
    value = {name: float(PARAMETERS[f"payoff_{name}"].default) for name in ("use", "cost", "incident", "trust")}
    return (
        f"{value['use']:g} points a share in use (half weighted by GDP, half by capability), less {value['cost']:g} a"
        f" bn$ of public cost and {value['incident']:g} a security incident, plus {value['trust']:g} times mean trust"
    )


def _made_of(results: Any) -> tuple[list[str], str]:
    """What the payoffs of the pairs that matter consist of."""
    weight = {name: float(PARAMETERS[f"payoff_{name}"].default) for name in ("use", "gdp", "cost", "incident", "trust")}
    studied = read_game(results, "payoff_us", "payoff_cn", None, None)
    answer = evaluate(studied.first, studied.second, resamples=200, survive=SURVIVES, seed=0)
    best = np.unravel_index(int(answer.pure_share.argmax()), answer.pure_share.shape)
    usual = (studied.rows.index(STATUS_QUO), studied.columns.index(STATUS_QUO))
    lines = [
        "## What a payoff is made of",
        "",
        "Mean points of each part, in the pair that is most often an equilibrium and where both keep the status quo.",
        "",
    ]
    lines += [f"| pair, US and CN | side | {' | '.join(SHOWN)} | payoff |", "|---|---|---|---|---|---|---|"]
    shape, points = (len(studied.rows), len(studied.columns)), {}
    for row, column in dict.fromkeys([tuple(map(int, best)), usual]):
        for side in SIDES:
            mean = {
                name: np.nanmean(results.cube(f"{side}_{name}"), axis=-1).reshape(shape)[row, column] for name in PARTS
            }
            trust = np.nanmean(results.cube(f"trust_in_{side}"), axis=-1).reshape(shape)[row, column]
            used = weight["gdp"] * mean["used_by_gdp"] + (1 - weight["gdp"]) * mean["used_by_capability"]
            parts = [
                weight["use"] * used,
                -weight["cost"] * mean["public_cost_bn"],
                -weight["incident"] * mean["incidents"],
                weight["trust"] * trust,
            ]
            points[row, column, side] = np.array(parts)
            numbers = " | ".join(f"{value:,.0f}" for value in (*parts, sum(parts)))
            lines.append(f"| {studied.rows[row]} and {studied.columns[column]} | {side.upper()} | {numbers} |")
    if tuple(map(int, best)) == usual:
        return [*lines, ""], ""
    gain = {side: points[(*map(int, best), side)] - points[(*usual, side)] for side in SIDES}
    told = []
    for side in SIDES:
        part = int(np.argmax(np.abs(gain[side])))
        told.append(f"{gain[side][part]:+,.0f} of {side.upper()}'s {gain[side].sum():+,.0f} points are {SHOWN[part]}")
    return [*lines, ""], f"What decides, against the status quo of both: {', '.join(told)}."


def _worlds(results: Any) -> tuple[list[str], tuple[str, float]]:
    """Return the section on worlds drawn from every judged parameter, and the commonest equilibrium with its share."""
    commonest = ("", 0.0)
    studied = read_game(results, "payoff_us", "payoff_cn", None, None)
    commit = str(results.store.spec["made_by"]["commit"])[:9]
    lines = [
        "## In other worlds",
        "",
        "The study `experiments/studies/game_worlds.toml` plays the game, without the strategies that look ahead,",
        f"in {studied.first.shape[0]} worlds drawn from every judged parameter, {results.replicates} replicates each",
        f"(commit {commit}). The pairs that are an equilibrium in most of them:",
        "",
        "| payoffs | pair, US and CN | equilibrium in so many worlds | of the game of mean payoffs, in resamples |",
        "|---|---|---|---|",
    ]
    for name in ("as declared", "incidents do not count"):
        weighed = MemoryStudy(results.blocks, payoffs(results, WEIGHINGS[name]), seed=results.study.seed)
        one = read_game(weighed, "payoff_us", "payoff_cn", None, None)
        answer = evaluate(one.first, one.second, resamples=1000, survive=SURVIVES, seed=0)
        share = answer.world_share
        for place in np.argsort(-share, axis=None, kind="stable")[:4]:
            row, column = np.unravel_index(int(place), share.shape)
            if name == "as declared" and share[row, column] > commonest[1]:
                commonest = (f"{one.rows[row]} and {one.columns[column]}", float(share[row, column]))
            if share[row, column] > 0:
                resampled = answer.pure_share[row, column]
                pair = f"{one.rows[row]} and {one.columns[column]}"
                lines.append(f"| {name} | {pair} | {share[row, column]:.0%} | {resampled:.0%} |")
    return [*lines, ""], commonest


def _rests_on(results: Any) -> tuple[list[str], dict[str, tuple[str, bool]]]:
    """Return the section on other weights, and for each the commonest equilibrium and whether it is stable."""
    pairs = {}
    lines = [
        "## What that rests on",
        "",
        "The same runs, weighed otherwise: which pair is most often an equilibrium, in what share of the resamples,",
        "and what a side could still gain by leaving it.",
        "",
        "| payoffs | pair, US and CN | equilibrium in | stable | gain by leaving: US, CN |",
        "|---|---|---|---|---|",
    ]
    for name, factors in WEIGHINGS.items():
        weighed = MemoryStudy(results.blocks, payoffs(results, factors), seed=results.study.seed)
        studied = read_game(weighed, "payoff_us", "payoff_cn", None, None)
        answer = evaluate(studied.first, studied.second, resamples=1000, survive=SURVIVES, seed=0)
        row, column = np.unravel_index(int(answer.pure_share.argmax()), answer.pure_share.shape)
        stable = "yes" if answer.pure_share[row, column] >= SURVIVES else "no"
        pair = f"{studied.rows[row]} and {studied.columns[column]}"
        pairs[name] = (pair, stable == "yes")
        left = ", ".join(f"{one[row, column]:.3g}" for one in answer.gains)
        lines.append(f"| {name} | {pair} | {answer.pure_share[row, column]:.0%} | {stable} | {left} |")
    return [*lines, ""], pairs


def _tables(finding: Finding) -> list[str]:
    lines = ["## Tables", ""]
    for table in finding.tables:
        lines += [f"### {table.title}", "", *_markdown(table), ""]
        if table.note:
            lines += [table.note, ""]
    return lines


def _markdown(table: Table) -> list[str]:
    def cell(value: Any, digits: int | None) -> str:
        if value is None or (isinstance(value, float) and not np.isfinite(value)):
            return "-"
        return f"{value:,.{digits}f}" if digits is not None and isinstance(value, (int, float)) else str(value)

    head = [f"{one.name}{f' ({one.unit})' if one.unit else ''}" for one in table.columns]
    rows = [[cell(value, one.digits) for value, one in zip(row, table.columns, strict=True)] for row in table.rows]
    return [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
