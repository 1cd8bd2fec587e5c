"""Morris screening: which of many factors move a measure at all, from few runs.

An elementary effect is the change of the measure for a step of one factor, scaled to the factor's whole range. mu_star
is the mean of their sizes (Campolongo and others 2007, Environmental Modelling & Software 22, 1509-1518), sigma their
standard deviation (Morris 1991, Technometrics 33, 161-174): large where the effect depends on the other factors or
bends. From SALib.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.finding import Chart, Finding, Heat, Points, Table, headings
from stackcraft.experiments.analyses.layout import about, missing_sentence
from stackcraft.experiments.analyses.slices import Slice, block_of_kind, chosen_year, for_each, slices
from stackcraft.experiments.analyses.wording import MOST_BARS, bars, by_chance, count, figure, listed, ranked
from stackcraft.experiments.extras import need
from stackcraft.experiments.statistics import NORMAL_95

LEAST_TRAJECTORIES = 4
FEW_TRAJECTORIES = 10


@dataclass(frozen=True, eq=False)
class Screening:
    """Screening of one measure, arrays (factors,); halves are half-widths of 95 % intervals.

    `luck`: the mu_star that a factor without any effect would show from the luck left in the means; NaN with one
    replicate.
    """

    factors: tuple[str, ...]
    mu: np.ndarray
    mu_star: np.ndarray
    mu_star_half: np.ndarray
    sigma: np.ndarray
    sigma_half: np.ndarray
    luck: np.ndarray
    trajectories: int
    left_out: int

    @property
    def clear(self) -> np.ndarray:
        """Which factors move the measure by more than luck would, (factors,) of bool."""
        return (self.mu_star - self.mu_star_half > np.nan_to_num(self.luck)) & (self.mu_star > 0)


def screen(
    unit: np.ndarray,
    values: np.ndarray,
    factors: Sequence[str],
    *,
    levels: int = 4,
    resamples: int = 1000,
    seed: int = 0,
) -> Screening:
    """Screening of the mean over replicates of `values`, (rows, replicates) or (rows,).

    `unit` (rows, factors) holds the rows of `SALib.sample.morris.sample` in the unit cube with `levels` levels: D + 1
    rows a trajectory. A replicate missing from one row of a trajectory is left out of the whole trajectory. Intervals:
    standard deviation over draws of trajectories and, at once, of replicates. Raises `InputError` for rows that do not
    fit, or fewer than four trajectories.
    """
    number = len(factors)
    values = np.asarray(values, dtype=float)
    values = values[:, None] if values.ndim == 1 else values
    if unit.shape != (len(values), number) or len(values) % (number + 1):
        raise InputError(
            f"{len(values)} rows and unit places {unit.shape} are no Morris design of {number} factors; give a "
            f"multiple of {number + 1} rows"
        )
    runs = values.reshape(-1, number + 1, values.shape[1])
    there = np.isfinite(runs).all(axis=1)
    use = there.any(axis=1)
    if use.sum() < LEAST_TRAJECTORIES:
        raise InputError(
            f"{count(int(use.sum()), 'trajectory', 'trajectories')} with all runs; Morris screening needs at least "
            f"{LEAST_TRAJECTORIES}, better {FEW_TRAJECTORIES} to 50"
        )
    runs, there = np.where(there[use][:, None, :], runs[use], 0.0), there[use]
    places = np.ascontiguousarray(unit.reshape(-1, number + 1, number)[use])
    means = runs.sum(axis=2) / there.sum(axis=1)[:, None]

    problem = {"num_vars": number, "names": list(factors), "groups": None, "bounds": [[0.0, 1.0]] * number}
    # SALib gives no interval for sigma and knows no replicates: the fewest resamples, unused.
    found = need("SALib.analyze.morris", "analysis").analyze(
        problem, places.reshape(-1, number), means.ravel(), num_levels=levels, num_resamples=2, seed=1
    )
    effects = elementary_effects(places, runs)
    halves = _half_widths(effects, there, resamples, seed)
    mu, mu_star, sigma = (np.asarray(found[name], dtype=float) for name in ("mu", "mu_star", "sigma"))
    return Screening(
        tuple(factors), mu, mu_star, halves[0], sigma, halves[1], _luck(effects, there), len(runs), int((~use).sum())
    )


def elementary_effects(places: np.ndarray, runs: np.ndarray) -> np.ndarray:
    """Change a step over the length of the step, (trajectories, factors, replicates).

    `places` is (trajectories, D + 1, D), one factor differing between neighbours; `runs` (trajectories, D + 1,
    replicates).
    """
    steps = np.diff(places, axis=1)
    moved = np.abs(steps).argmax(axis=2)
    length = np.take_along_axis(steps, moved[..., None], axis=2)
    effects = np.empty((runs.shape[0], places.shape[2], runs.shape[2]))
    np.put_along_axis(effects, moved[..., None], np.diff(runs, axis=1) / length, axis=1)
    return effects


def _half_widths(effects: np.ndarray, there: np.ndarray, resamples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    luck = np.random.default_rng(seed)
    trajectories, _, replicates = effects.shape
    means = effects.sum(axis=2) / there.sum(axis=1)[:, None]
    draws = np.empty((2, resamples, effects.shape[1]))
    for draw in range(resamples):
        if replicates > 1:
            weights = np.bincount(luck.integers(replicates, size=replicates), minlength=replicates).astype(float)
            number = there @ weights
            some = number > 0  # a trajectory whose every replicate was drawn out keeps its last mean
            means = np.where(some[:, None], (effects @ weights) / np.where(some, number, 1.0)[:, None], means)
        again = means[luck.integers(trajectories, size=trajectories)]
        draws[0, draw], draws[1, draw] = np.abs(again).mean(axis=0), again.std(axis=0, ddof=1)
    return tuple(NORMAL_95 * draws.std(axis=1, ddof=1))


def _luck(effects: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Return what luck alone would show as mu_star, (factors,).

    That is the mean size of a normal error with the standard error of each effect over replicates, sqrt(2 / pi) of it,
    averaged over trajectories.
    """
    replicates = there.sum(axis=1)
    told = replicates > 1
    if not told.any():
        return np.full(effects.shape[1], np.nan)
    replicates = replicates[told, None]
    mean = effects[told].sum(axis=2) / replicates
    centred = np.where(there[told][:, None, :], effects[told] - mean[..., None], 0.0)
    error = np.sqrt((centred**2).sum(axis=2) / (replicates - 1) / replicates)
    return np.sqrt(2.0 / np.pi) * error.mean(axis=0)


def analyse(
    results: Any,
    measure: str,
    year: int | None = None,
    *,
    block: str | None = None,
    at: Mapping[str, Any] | None = None,
    over: str = "each",
    resamples: int = 1000,
    seed: int = 0,
) -> Finding:
    """Morris screening of a measure over the study's Morris block.

    What the block is crossed with is taken one combination at a time, or averaged (`over="mean"`); `at` chooses
    combinations (factor to value). Raises `InputError` without a block of kind morris.
    """
    axis = block_of_kind(results, "morris", block)
    chosen = results.study.design.blocks[axis]
    names, levels = [factor.name for factor in chosen.factors], int(chosen.settings.get("levels", 4))
    here = slices(results, measure, year, axis, at, over)
    done, found, unfinished = for_each(
        here, lambda one: screen(chosen.unit, one.values, names, levels=levels, resamples=resamples, seed=seed)
    )
    replicates = done[0].values.shape[1]
    sentences, tables, charts = (
        _one(measure, done[0], found[0], replicates) if len(found) == 1 else _many(measure, done, found)
    )
    if replicates == 1:
        sentences.append(
            "There is one replicate, so what luck alone would show is not known; a small mu_star may be luck."
        )
    drawn = "trajectories and, at once, of replicates" if replicates > 1 else "trajectories"
    sentences.append(f"Intervals are 95 %: 1.96 standard deviations over {resamples:,} resamples of {drawn}.")
    fewest = min(one.trajectories for one in found)
    if fewest < FEW_TRAJECTORIES:
        sentences.append(f"{fewest} trajectories are few: the intervals are themselves rough, likely too narrow.")
    if unfinished:
        sentences.append(f"Too few runs yet for {listed(unfinished)}: not in the figures.")
    sentences += missing_sentence(np.stack([one.values for one in done]))
    if left_out := sum(one.left_out for one in found):
        sentences.append(
            f"{count(left_out, 'trajectory', 'trajectories')} without a whole set of runs "
            f"{'is' if left_out == 1 else 'are'} left out."
        )
    title = f"What moves {measure}, {chosen_year(results, year)}: Morris screening"
    told = about(
        results,
        measure,
        chosen_year(results, year),
        analysis_seed=seed,
        block=chosen.name,
        at=dict(at or {}),
        over=over,
        resamples=resamples,
    )
    return Finding("morris", title, tuple(sentences), tuple(tables), tuple(charts), told)


def _one(
    measure: str, piece: Slice, screening: Screening, replicates: int
) -> tuple[list[str], list[Table], list[Chart]]:
    where = f" ({piece.label})" if piece.label != "all runs" else ""
    order = np.argsort(-screening.mu_star, kind="stable")
    top = [place for place in order if screening.clear[place]]
    trajectories = count(screening.trajectories, "trajectory", "trajectories")
    factors = count(len(screening.factors), "factor")
    screened = f"{factors} screened with {trajectories}, mean over {count(replicates, 'replicate')}"
    if top:
        named, more = ranked(screening.factors, screening.mu_star, screening.mu_star_half, screening.clear)
        whole = "mean size of the change when the factor goes through its whole range"
        sentences = [f"{measure}{where} is moved most by {named}: {whole}. {screened}.{more}"]
    else:
        sentences = [
            f"Nothing moves {measure}{where} by more than luck would, as far as this screening can tell. {screened}."
        ]
    bend = [screening.factors[place] for place in top if screening.sigma[place] > screening.mu_star[place]]
    if bend:
        sentences.append(
            f"What they do depends much on the other factors, or bends (sigma above mu_star): {listed(bend)}."
        )
    quiet = [screening.factors[place] for place in order if not screening.clear[place]]
    if quiet and top:
        sentences.append(f"{count(len(quiet), 'factor')} cannot be told from luck or from zero: {listed(quiet)}.")
    sentences += by_chance(len(screening.factors))
    columns = headings("factor", "mu_star|4", "±|4", "sigma|4", "±|4", "mu|4", "luck alone|4", "clear of luck")
    arrays = (
        screening.mu_star,
        screening.mu_star_half,
        screening.sigma,
        screening.sigma_half,
        screening.mu,
        screening.luck,
    )
    rows = tuple(
        (
            screening.factors[place],
            *(float(array[place]) for array in arrays),
            "yes" if screening.clear[place] else "no",
        )
        for place in order
    )
    note = (
        "In units of the measure. mu is the mean with its sign; luck alone: the mu_star of a factor that does nothing."
    )
    chart = bars("mu_star", "units of the measure", screening.factors, screening.mu_star, screening.mu_star_half, order)
    cloud = Points(
        "Size of the effect and how much it depends on the rest",
        "mu_star",
        "sigma",
        tuple(map(float, screening.mu_star)),
        tuple(map(float, screening.sigma)),
        tuple(int(clear) for clear in screening.clear),
        ("not told from luck", "clear of luck"),
    )
    return sentences, [Table("Elementary effects", columns, rows, note)], [chart, cloud]


def _many(
    measure: str, here: Sequence[Slice], found: Sequence[Screening]
) -> tuple[list[str], list[Table], list[Chart]]:
    factors = found[0].factors
    sizes = np.array([one.mu_star for one in found])
    clear = np.array([one.clear for one in found])
    order = np.argsort(-np.median(sizes, axis=0), kind="stable")
    first = order[0]
    leaders = [one.factors[int(one.mu_star.argmax())] for one in found]
    ends = f"{figure(sizes[:, first].min())} to {figure(sizes[:, first].max())}"
    middle = f"median {figure(np.median(sizes[:, first]))}, from {ends}"
    sentences = [
        (
            f"{count(len(factors), 'factor')} of {measure} were screened in each of {len(here)} combinations of what "
            "the design is crossed with."
        ),
        (
            f"{factors[first]} has the largest mu_star in the middle of the combinations ({middle}); it leads in "
            f"{leaders.count(factors[first])} of {len(found)}."
        ),
    ]
    never = [factors[place] for place in order if not clear[:, place].any()]
    if never:
        sentences.append(f"In no combination clear of luck: {listed(never)}.")
    sentences.append('Choose one combination with at to see it in full, or average over them with over="mean".')
    columns = headings("factor", "median mu_star|4", "least|4", "most|4", "most in", "median ±|4", "clear of luck in|0")
    rows = []
    for place in order:
        column, halves = sizes[:, place], [float(one.mu_star_half[place]) for one in found]
        middle, low, high = float(np.median(column)), float(column.min()), float(column.max())
        rows.append(
            (
                factors[place],
                middle,
                low,
                high,
                here[int(column.argmax())].label,
                float(np.median(halves)),
                int(clear[:, place].sum()),
            )
        )
    shown = order[:MOST_BARS]
    heat = Heat(
        "mu_star by combination",
        "units of the measure",
        tuple(factors[place] for place in shown),
        tuple(piece.label for piece in here),
        tuple(tuple(float(one.mu_star[place]) for one in found) for place in shown),
    )
    return sentences, [Table("mu_star over the combinations", columns, tuple(rows))], [heat]
