"""The results page of the strategy game, written from the folders of two finished studies, `game` and `game_worlds`.

Beside the payoffs at the declared prices, the same runs are valued at others, because what a side values is a judgement
and not a finding; a picture shows which pair is stable at which prices.
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
from stackcraft.experiments.evidence import game_picture
from stackcraft.experiments.sweep import MemoryStudy, open_study
from stackcraft.model.payoff import PARTS

PAGE = Path(__file__).with_name("GAME.md")
PICTURE = Path(__file__).with_name("GAME.svg")
SIDES = ("us", "cn")
SHOWN = {"use": "use", "influence": "influence", "cost": "public cost", "incident": "incidents", "trust": "trust"}
SURVIVES = 0.95
# What payoffs count, as factors on the declared prices of the parts: use, influence, cost, incidents and trust.
WEIGHINGS: dict[str, tuple[float, ...]] = {
    "as declared": (1, 1, 1, 1, 1),
    "use counts double": (2, 1, 1, 1, 1),
    "influence counts double": (1, 2, 1, 1, 1),
    "influence does not count": (1, 0, 1, 1, 1),
    "public cost counts double": (1, 1, 2, 1, 1),
    "public cost does not count": (1, 1, 0, 1, 1),
    "incidents count fivefold": (1, 1, 1, 5, 1),
    "incidents do not count": (1, 1, 1, 0, 1),
    "trust counts fivefold": (1, 1, 1, 1, 5),
    "trust does not count": (1, 1, 1, 1, 0),
    "only use counts": (1, 0, 0, 0, 0),
}


def payoffs(results: Any, factors: tuple[float, ...], year: int | None = None) -> dict[str, np.ndarray]:
    """Return payoffs of both sides in bn$, (*block sizes, replicates), at the declared prices times `factors`."""
    return {
        f"payoff_{side}": sum(
            factor * results.cube(f"{side}_{part}", year) for factor, part in zip(factors, PARTS, strict=True)
        )
        for side in SIDES
    }


def check(results: Any) -> float:
    """Return the largest relative difference between the study's payoffs and those put together from their parts."""
    made = payoffs(results, WEIGHINGS["as declared"])
    kept = {name: results.cube(name) for name in made}
    return max(float(np.nanmax(np.abs(made[name] - kept[name])) / np.nanmax(np.abs(kept[name]))) for name in made)


def text(folder: str | Path, worlds: str | Path) -> tuple[str, str]:
    """Return the page and its picture.

    Raises `InputError` if a folder holds no finished game, or payoffs do not follow from their parts.
    """
    results, many = opened(folder), opened(worlds)
    finding = game.analyse(results)
    where, picture = _where(results)
    rests_on, pairs = _rests_on(results)
    other_worlds, commonest = _worlds(many)
    short = _in_short(pairs, commonest, many)
    made_of, decides = _made_of(results)
    lines = [
        *_head(results, finding, f"{short} {decides}".rstrip()),
        *made_of,
        *_spread(results),
        *where,
        *rests_on,
        *other_worlds,
        *_tables(finding),
    ]
    return "\n".join(lines) + "\n", picture


def opened(folder: str | Path) -> Any:
    """A finished game that can be valued otherwise. Raises `InputError`."""
    results = open_study(folder)
    names = [f"{side}_{part}" for side in SIDES for part in PARTS]
    if missing := [name for name in names if name not in results.measures]:
        raise InputError(
            f"{folder} holds a game without {missing[0]}, so it cannot be valued at other prices; sweep the study game"
        )
    if (gap := check(results)) > 1e-5:
        raise InputError(
            f"{folder}: payoffs differ by {gap:.1g} from what their parts give; was it made with other prices?"
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
        "**In short.** At the default parameters and the declared prices"
        f" {'one pair is stable' if stable else 'the pair nearest to stable is'}: {pair} (US and CN). It is the same"
        f" under {len(kept)} of {len(others)} other prices ({'; '.join(kept) or 'none'}). Under the rest"
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
        f"if it still is one in at least {SURVIVES:.0%} of the resamples of the luck. A payoff is worth {_prices()}",
        "(judgements).",
        "",
        short,
        "",
        "## Findings at the default parameters",
        "",
        *(f"- {sentence}" for sentence in finding.sentences),
        "",
    ]


def _prices() -> str:
    price = {part: f"{game_picture.default_price(part):g}" for part in PARTS}
    return (
        f"${price['use']} bn for each bn$ a year that its stack has in use abroad, ${price['influence']} bn a year "
        f"times mean leverage and ${price['trust']} bn a year times mean trust, less ${price['cost']} bn a bn$ of "
        f"public cost and ${price['incident']} bn a bn$ lost in breaches and diversions"
    )


def _means(results: Any) -> tuple[np.ndarray, tuple[str, ...], tuple[str, ...]]:
    """Return the mean parts of every pair, (rows, columns, 2 sides, parts), and the names of both sides' presets."""
    games = [read_game(results, f"us_{part}", f"cn_{part}") for part in PARTS]
    mean = np.array([[np.nanmean(side, axis=(0, 1)) for side in (one.first, one.second)] for one in games])
    return mean.transpose(2, 3, 1, 0), games[0].rows, games[0].columns


def _made_of(results: Any) -> tuple[list[str], str]:
    """What the payoffs of the pairs that matter consist of."""
    mean, rows, columns = _means(results)
    studied = read_game(results, "payoff_us", "payoff_cn", None, None)
    answer = evaluate(studied.first, studied.second, resamples=200, survive=SURVIVES, seed=0)
    best = tuple(map(int, np.unravel_index(int(answer.pure_share.argmax()), answer.pure_share.shape)))
    usual = (rows.index(STATUS_QUO), columns.index(STATUS_QUO))
    lines = [
        "## What a payoff is made of",
        "",
        "Mean of each part in bn$ over all years, in the pair that is most often an equilibrium and where both keep",
        "the status quo.",
        "",
        f"| pair, US and CN | side | {' | '.join(SHOWN.values())} | payoff |",
        f"|{'---|' * (len(PARTS) + 3)}",
    ]
    for row, column in dict.fromkeys([best, usual]):
        for place, side in enumerate(SIDES):
            lines.append(f"| {rows[row]} and {columns[column]} | {side.upper()} | {_cells(mean[row, column, place])} |")
    if best == usual:
        return [*lines, ""], ""
    told = []
    for place, side in enumerate(SIDES):
        gain = mean[(*best, place)] - mean[(*usual, place)]
        part = PARTS[int(np.argmax(np.abs(gain)))]
        told.append(f"{gain[PARTS.index(part)]:+,.0f} of {side.upper()}'s {gain.sum():+,.0f} bn$ are {SHOWN[part]}")
    return [*lines, ""], f"What decides, against the status quo of both: {', '.join(told)}."


def _cells(parts: np.ndarray) -> str:
    return " | ".join(f"{value:,.0f}" for value in (*parts, parts.sum()))


def _spread(results: Any) -> list[str]:
    """The parts of every preset, mean over the rival's presets, and how far each part tells presets apart."""
    mean, *names = _means(results)
    lines = ["## The parts by preset", "", "In bn$ over all years, mean over the rival's presets.", ""]
    for place, side in enumerate(SIDES):
        table = mean[:, :, place].mean(axis=1 - place)
        spread = np.ptp(table, axis=0)
        lines += [f"| {side.upper()} preset | {' | '.join(SHOWN.values())} | payoff |", f"|{'---|' * (len(PARTS) + 2)}"]
        lines += [f"| {name} | {_cells(row)} |" for name, row in zip(names[place], table, strict=True)]
        lines.append(f"| largest less smallest | {_numbers(spread)} | {np.ptp(table.sum(axis=1)):,.0f} |")
        share = " | ".join(f"{one:.0%}" for one in spread / max(spread.sum(), 1e-300))
        lines += [f"| part of all such differences | {share} | |", ""]
    return lines


def _numbers(values: np.ndarray) -> str:
    return " | ".join(f"{value:,.0f}" for value in values)


def _where(results: Any) -> tuple[list[str], str]:
    """Return the section on which pair is stable where in the space of prices, and the picture."""
    rows, columns, found = game_picture.regions(results, SURVIVES)
    lines = [
        "## Which pair is stable where",
        "",
        "The same runs valued at other prices, two at a time. A circle marks the declared prices.",
        "",
        f"![Which pair of presets is stable at which prices]({PICTURE.name})",
        "",
        "| prices varied | pair, US and CN | stable in so much of the picture | most often an equilibrium in |",
        "|---|---|---|---|",
    ]
    for one in found:
        stable = one.share >= SURVIVES
        told = " and ".join(game_picture.AXES[part] for part in one.parts)
        for pair in game_picture.named([one])[: game_picture.MOST_NAMED]:
            row, column = divmod(pair, len(columns))
            here = one.pair == pair
            lines.append(
                f"| {told} | {rows[row]} and {columns[column]} | {(here & stable).mean():.0%} | {here.mean():.0%} |"
            )
        lines.append(f"| {told} | no pair | | {(one.pair < 0).mean():.0%} |")
    return [*lines, ""], game_picture.draw(rows, columns, found, SURVIVES)


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
        "The same runs, valued otherwise: which pair is most often an equilibrium, in what share of the resamples,",
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
