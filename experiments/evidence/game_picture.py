"""Which pair of presets is stable where in the space of prices, as a picture, from the parts that stored runs keep.

Payoffs are sums of parts in proportion to their prices, so the game can be solved again at any prices without a run.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import numpy as np

from stackcraft.experiments.analyses.games.from_study import read_game
from stackcraft.experiments.analyses.games.normal_form import pure_equilibria, tolerance
from stackcraft.experiments.analyses.games.resampling import resample
from stackcraft.model.parameters import PARAMETERS
from stackcraft.model.payoff import PARTS

RESAMPLES = 200
STEPS = 21
MOST_NAMED = 8
# What the axes are: across, up, and how far each goes, in the unit of the price.
PANELS = (("cost", 5.0, "influence", 1000.0), ("incident", 10.0, "trust", 1000.0))
AXES = {
    "influence": "price of full leverage, bn$ a year",
    "cost": "price of public cost, bn$ per bn$",
    "trust": "price of full trust, bn$ a year",
    "incident": "price of loss in incidents, bn$ per bn$",
}
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999")
LETTERS = "ABCDEFGH"
CELL, LEFT, TOP, GAP = 17, 62, 34, 84


@dataclass(frozen=True, eq=False)
class Region:
    """The game at a grid of prices of two parts: `across` and `up` are the prices (steps,).

    `pair` (up, across) is the pair that is an equilibrium most often, as row x columns + column, and -1 where none ever
    is; `share` in what share of the resamples.
    """

    parts: tuple[str, str]
    across: np.ndarray
    up: np.ndarray
    pair: np.ndarray
    share: np.ndarray


def default_price(part: str) -> float:
    """Return the declared price of a part."""
    return float(PARAMETERS[f"payoff_{part}"].default)


def regions(results: Any, survives: float) -> tuple[tuple[str, ...], tuple[str, ...], list[Region]]:
    """Return the names of both sides' presets and one `Region` for each of `PANELS`."""
    firsts, seconds = [], []
    for part in PARTS:
        game = read_game(results, f"us_{part}", f"cn_{part}")
        drawn = resample(game.first, game.second, RESAMPLES, seed=0)
        firsts.append(drawn.firsts)
        seconds.append(drawn.seconds)
    found = [region(np.array(firsts), np.array(seconds), *panel, survives=survives) for panel in PANELS]
    return game.rows, game.columns, found


def region(
    firsts: np.ndarray, seconds: np.ndarray, one: str, most: float, other: str, highest: float, *, survives: float
) -> Region:
    """Solve the game at `STEPS` prices of each of two parts, the others at their declared prices.

    `firsts` and `seconds` are both sides' parts at the declared prices, (parts, resamples, rows, columns). A tie goes
    to the pair that survives, then to the first.
    """
    across, up = np.linspace(0, most, STEPS), np.linspace(0, highest, STEPS)
    pair, share = np.full((STEPS, STEPS), -1), np.zeros((STEPS, STEPS))
    for i, price_up in enumerate(up):
        for j, price_across in enumerate(across):
            factor = np.ones(len(PARTS))
            factor[PARTS.index(one)] = price_across / default_price(one)
            factor[PARTS.index(other)] = price_up / default_price(other)
            first, second = np.tensordot(factor, firsts, 1), np.tensordot(factor, seconds, 1)
            holds = pure_equilibria(first, second, (tolerance(first), tolerance(second))).mean(axis=0).ravel()
            if holds.max() > 0:
                pair[i, j], share[i, j] = int(holds.argmax()), float(holds.max())
    return Region((one, other), across, up, pair, share)


def named(found: list[Region]) -> list[int]:
    """Return the pairs that hold somewhere, those that hold most of the pictures first."""
    seen, often = np.unique(np.concatenate([one.pair.ravel() for one in found]), return_counts=True)
    order = sorted(zip(seen.tolist(), often.tolist(), strict=True), key=lambda item: (-item[1], item[0]))
    return [pair for pair, _ in order if pair >= 0]


def draw(rows: tuple[str, ...], columns: tuple[str, ...], found: list[Region], survives: float) -> str:
    """Return the picture as SVG that needs nothing else: a panel a region, a letter and a colour a pair."""
    pairs = named(found)
    side = CELL * STEPS
    width = LEFT + len(found) * (side + GAP)
    legend = min(len(pairs), MOST_NAMED) + (len(pairs) > MOST_NAMED) + 2
    height = TOP + side + 62 + 18 * legend
    about = 'font-family="sans-serif" font-size="12" role="img" aria-label="Which pair is stable at which prices"'
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" {about}>',
        f'<rect width="{width}" height="{height}" fill="#fff"/>',
    ]
    for place, one in enumerate(found):
        out += _panel(one, pairs, LEFT + place * (side + GAP), survives)
    y = TOP + side + 62
    for place, pair in enumerate(pairs[:MOST_NAMED]):
        row, column = divmod(pair, len(columns))
        text = f"{LETTERS[place]}: US {rows[row]}, China {columns[column]}"
        out.append(f'<rect x="{LEFT}" y="{y - 11}" width="14" height="14" fill="{COLOURS[place]}"/>')
        out.append(f'<text x="{LEFT + 20}" y="{y}">{escape(text)}</text>')
        y += 18
    if len(pairs) > MOST_NAMED:
        out.append(f'<text x="{LEFT}" y="{y}">+: one of {len(pairs) - MOST_NAMED} other pairs</text>')
        y += 18
    note = f"Full colour: an equilibrium in at least {survives:.0%} of the resamples; pale: in fewer, the most often."
    out.append(f'<text x="{LEFT}" y="{y}">{escape(note)} White: none ever. Circle: the declared prices.</text>')
    return "\n".join([*out, "</svg>"]) + "\n"


def _panel(one: Region, pairs: list[int], left: int, survives: float) -> list[str]:
    side, out = CELL * STEPS, []
    for i in range(STEPS):
        for j in range(STEPS):
            pair = int(one.pair[i, j])
            if pair < 0:
                continue
            place = pairs.index(pair)
            fill = COLOURS[place] if place < MOST_NAMED else "#dddddd"
            letter = LETTERS[place] if place < MOST_NAMED else "+"
            x, y = left + CELL * j, TOP + side - CELL * (i + 1)
            opacity = 1 if one.share[i, j] >= survives else 0.35
            out.append(f'<rect x="{x}" y="{y}" width="{CELL}" height="{CELL}" fill="{fill}" fill-opacity="{opacity}"/>')
            out.append(f'<text x="{x + CELL / 2}" y="{y + 12}" font-size="9" text-anchor="middle">{letter}</text>')
    out.append(f'<rect x="{left}" y="{TOP}" width="{side}" height="{side}" fill="none" stroke="#333"/>')
    for axis, name in ((0, one.parts[0]), (1, one.parts[1])):
        prices = (one.across, one.up)[axis]
        for step in range(0, STEPS, 5):
            at, text = CELL * (step + 0.5), f"{prices[step]:g}"
            x, y = (left + at, TOP + side + 15) if axis == 0 else (left - 6, TOP + side - at + 4)
            out.append(f'<text x="{x}" y="{y}" text-anchor="{"middle" if axis == 0 else "end"}">{text}</text>')
        middle = f'x="{left + side / 2}" y="{TOP + side + 34}"'
        turned = f'transform="translate({left - 40} {TOP + side / 2}) rotate(-90)"'
        out.append(f'<text {middle if axis == 0 else turned} text-anchor="middle">{escape(AXES[name])}</text>')
    x = left + CELL * (default_price(one.parts[0]) / one.across[1] + 0.5)
    y = TOP + side - CELL * (default_price(one.parts[1]) / one.up[1] + 0.5)
    out.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" fill="none" stroke="#000" stroke-width="2"/>')
    return out
