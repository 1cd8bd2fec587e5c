"""Feature scores: which factors a forest of extremely randomised trees uses to predict a measure, on any design.

Rougher than Sobol indices, but without their design: any rows will do. "trees": how much of the variance that the
forest explains was split off by each factor (Geurts, Ernst and Wehenkel 2006, Machine Learning 63, 3-42).
"permutation": how much skill on held-out rows is lost when a factor is shuffled (Breiman 2001, Machine Learning 45,
5-32). From scikit-learn.

Scores are worth as much as the forest's skill on rows that it has not seen, so that is said first. Whole worlds are
held out: rows that share a draw of the uncertainties would give each other away. With the "trees" method a made-up
factor of pure noise takes part, to show the score that nothing gets.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.analyses.finding import Column, Finding, Table
from stackcraft.experiments.analyses.layout import about, missing_sentence
from stackcraft.experiments.analyses.luck import split_variance
from stackcraft.experiments.analyses.slices import ROUNDING, chosen_year
from stackcraft.experiments.analyses.wording import bars, by_chance, count, listed, plus_minus, ranked
from stackcraft.experiments.extras import need
from stackcraft.experiments.statistics import NORMAL_95, percentile_interval

METHODS = ("trees", "permutation")
LEAST_WORLDS = 10
FULL_FITS = 3  # forests with other seeds whose scores are averaged
SKILLFUL = 0.5  # below this a forest misses most of what happens (judgement)


@dataclass(frozen=True, eq=False)
class Scores:
    """Scores of factors, and how well the forest predicts.

    `score` (factors,) comes with the half-width of its 95 % interval; `nothing` is the score of the noise factor (NaN
    for permutation). `skill` is R squared on held-out rows, with its 95 % interval `skill_interval`.
    """

    factors: tuple[str, ...]
    score: np.ndarray
    half: np.ndarray
    nothing: float
    nothing_half: float
    skill: float
    skill_interval: tuple[float, float]
    rows: int
    worlds: int

    @property
    def clear(self) -> np.ndarray:
        """Return which scores are above nothing's, (factors,) bool.

        None is where the forest has no skill that can be told from a guess.
        """
        floor = self.nothing + self.nothing_half if np.isfinite(self.nothing) else 0.0
        return (self.score - self.half > floor) & (self.skill_interval[0] > 0)


def forest_scores(
    table: pd.DataFrame,
    target: np.ndarray,
    *,
    worlds: np.ndarray | None = None,
    method: str = "trees",
    trees: int = 100,
    resamples: int = 20,
    folds: int = 5,
    seed: int = 0,
) -> Scores:
    """Scores of the columns of `table` (rows, factors; numbers or text) for `target` (rows,).

    `worlds` (rows,) numbers what is held out and resampled together; every row by itself if it is None. Intervals:
    "trees" from forests with other seeds on resampled worlds, "permutation" from resampled held-out worlds. Raises
    `InputError` for too few rows.
    """
    if method not in METHODS:
        raise unknown("method", method, METHODS, "feature scores")
    worlds = np.arange(len(target)) if worlds is None else np.unique(worlds, return_inverse=True)[1]
    if len(table) != len(target) or len(worlds) != len(target):
        raise InputError(
            f"{len(table)} rows of factors, {len(target)} values and {len(worlds)} worlds; give as many of each"
        )
    number = int(worlds.max()) + 1 if len(worlds) else 0
    if number < LEAST_WORLDS:
        raise InputError(
            f"{count(number, 'row or world', 'rows or worlds')} that can be held out; feature scores need at least "
            f"{LEAST_WORLDS}, better hundreds"
        )
    if target.std() <= ROUNDING * float(np.abs(target).max()):
        raise InputError(
            f"the measure is the same, {target[0]:g}, in every row: nothing to predict; choose another measure or year"
        )
    data, owner = _numbers(table)
    held_out, drops = _held_out(data, owner, target, worlds, trees, folds, seed, method == "permutation")
    skill, interval = _skill(target, held_out, worlds, seed)
    if method == "permutation":
        score, half = _lost_skill(drops, target, worlds, seed)
        nothing = nothing_half = np.nan
    else:
        score, half = _split_shares(data, owner, target, worlds, trees, resamples, seed)
        nothing, nothing_half, score, half = float(score[-1]), float(half[-1]), score[:-1], half[:-1]
    return Scores(tuple(table.columns), score, half, nothing, nothing_half, skill, interval, len(target), number)


def _numbers(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Text as one 0/1 column a value; (rows, columns) and the factor that each column belongs to."""
    columns, owner = [], []
    for place, name in enumerate(table.columns):
        one = table[name]
        parts = (
            [one.to_numpy(dtype=float)]
            if pd.api.types.is_numeric_dtype(one)
            else [(one == value).to_numpy(dtype=float) for value in sorted(one.unique())]
        )
        columns += parts
        owner += [place] * len(parts)
    return np.column_stack(columns), np.array(owner)


def _forest(trees: int, seed: int) -> Any:
    # Leaves of three rows: smaller ones learn single rows by heart, which raises the scores of noise.
    return need("sklearn.ensemble", "analysis").ExtraTreesRegressor(
        n_estimators=trees, min_samples_leaf=3, max_features=0.5, random_state=seed, n_jobs=1
    )


def _held_out(data, owner, target, worlds, trees, folds, seed, permute) -> tuple[np.ndarray, np.ndarray]:
    """Return predictions by forests that did not see a row's world, and what shuffling a factor costs.

    Predictions are (rows,); the costs are added squared errors, (rows, factors).
    """
    splitter = need("sklearn.model_selection", "analysis").GroupKFold(n_splits=folds, shuffle=True, random_state=seed)
    luck = np.random.default_rng([seed, 1])
    predicted, drops = np.empty(len(target)), np.zeros((len(target), owner[-1] + 1))
    for fold, (seen, unseen) in enumerate(splitter.split(data, target, worlds)):
        forest = _forest(trees, seed + fold).fit(data[seen], target[seen])
        predicted[unseen] = forest.predict(data[unseen])
        for place in range(owner[-1] + 1 if permute else 0):
            shuffled = data[unseen].copy()
            shuffled[:, owner == place] = shuffled[luck.permutation(len(unseen))][:, owner == place]
            drops[unseen, place] = (forest.predict(shuffled) - target[unseen]) ** 2 - (
                predicted[unseen] - target[unseen]
            ) ** 2
    return predicted, drops


def _skill(target, predicted, worlds, seed, resamples: int = 500) -> tuple[float, tuple[float, float]]:
    """R squared, and its percentile interval over resampled worlds."""
    sums = np.column_stack(
        [np.bincount(worlds, values) for values in ((target - predicted) ** 2, target, target**2, np.ones(len(target)))]
    )

    def skill(total: np.ndarray) -> np.ndarray:
        error, plain, square, rows = total.T
        return 1.0 - error / np.maximum(square - plain**2 / rows, np.finfo(float).tiny)

    sums[:, 2] -= (
        2 * target.mean() * sums[:, 1] - target.mean() ** 2 * sums[:, 3]
    )  # about the mean, so that no digits are lost
    sums[:, 1] -= target.mean() * sums[:, 3]
    draws = skill(_weights(len(sums), resamples, seed) @ sums)
    low, high = percentile_interval(draws)
    return float(skill(sums.sum(axis=0)[None])[0]), (float(low), float(high))


def _lost_skill(drops, target, worlds, seed, resamples: int = 500) -> tuple[np.ndarray, np.ndarray]:
    by_world = np.column_stack([np.bincount(worlds, column) for column in drops.T])
    rows = np.bincount(worlds)
    weights = _weights(len(rows), resamples, seed)
    draws = (weights @ by_world) / (weights @ rows)[:, None]
    return drops.mean(axis=0) / target.var(), NORMAL_95 * draws.std(axis=0, ddof=1) / target.var()


def _split_shares(data, owner, target, worlds, trees, resamples, seed) -> tuple[np.ndarray, np.ndarray]:
    """Return shares of the explained variance by factor, the noise factor last, and their half-widths.

    These come from the spread over forests on resampled worlds.
    """
    number = int(worlds.max()) + 1
    owner = np.append(owner, owner[-1] + 1)

    def shares(rows: np.ndarray, fit: int, trees: int) -> np.ndarray:
        noise = np.random.default_rng([seed, 2, fit]).random(number)[
            worlds
        ]  # the same within a world, as an uncertainty is
        forest = _forest(trees, seed + 1000 + fit).fit(np.column_stack([data, noise])[rows], target[rows])
        return np.bincount(owner, forest.feature_importances_)

    everything = np.arange(len(target))
    score = np.mean([shares(everything, fit, trees) for fit in range(FULL_FITS)], axis=0)
    members = np.split(np.argsort(worlds, kind="stable"), np.cumsum(np.bincount(worlds))[:-1])
    luck, few = (
        np.random.default_rng([seed, 3]),
        max(trees // 4, 10),
    )  # smaller forests differ more from each other: intervals err on the wide side
    draws = [
        shares(np.concatenate([members[place] for place in luck.integers(number, size=number)]), FULL_FITS + draw, few)
        for draw in range(resamples)
    ]
    return score, NORMAL_95 * np.std(draws, axis=0, ddof=1)


def _weights(number: int, resamples: int, seed: int) -> np.ndarray:
    return (
        np.random.default_rng([seed, 4])
        .multinomial(number, np.full(number, 1.0 / number), size=resamples)
        .astype(float)
    )


def worlds_of(results: Any) -> np.ndarray:
    """For each design row, the number of the world it lies in, (rows,): the draw of the largest sampled block.

    Rows of one Sobol base point or one Morris trajectory share most of their values, so they count as one world.
    """
    sampled = [
        block for block in results.study.design.blocks if block.kind in ("latin", "random", "sobol", "morris", "table")
    ]
    if not sampled:
        return np.arange(len(results.design))
    block = max(sampled, key=lambda one: one.size)
    number = len(block.factors)
    together = {
        "sobol": 2 * number + 2 if block.settings.get("second_order", True) else number + 2,
        "morris": number + 1,
    }.get(block.kind, 1)
    return results.design[block.name].to_numpy() // together


def analyse(
    results: Any,
    measure: str,
    year: int | None = None,
    *,
    method: str = "trees",
    trees: int = 100,
    resamples: int = 20,
    most_rows: int = 5_000,
    seed: int = 0,
) -> Finding:
    """Feature scores of every factor that varies, on the mean over replicates of each design row.

    With more than `most_rows` rows, whole worlds are drawn up to about that many. Raises `InputError`.
    """
    matrix = results.matrix(measure, year)
    use = np.flatnonzero(np.isfinite(matrix).any(axis=1))
    if not len(use):
        raise InputError(f"{measure}: no run gave a value; look at the study's failures, or wait for it to go on")
    worlds = worlds_of(results)
    if len(use) > most_rows:
        kinds = np.random.default_rng([seed, 5]).permutation(np.unique(worlds[use]))
        share = most_rows / len(use)
        use = use[np.isin(worlds[use], kinds[: max(int(share * len(kinds)), LEAST_WORLDS)])]
    names = [factor.name for factor in results.study.factors]
    table = results.design[names].iloc[use]
    table = table.loc[:, [name for name in names if table[name].nunique() > 1]]
    if not len(table.columns):
        raise InputError("no factor varies in this study, so none can be scored")
    target = np.nanmean(matrix[use], axis=1)
    found = forest_scores(table, target, worlds=worlds[use], method=method, trees=trees, resamples=resamples, seed=seed)

    sentences = _skill_sentences(measure, found, matrix[use]) + _score_sentences(found, method)
    if len(use) < np.isfinite(matrix).any(axis=1).sum():
        sentences.append(f"Drawn at random: {found.worlds:,} worlds with {len(use):,} of {len(matrix):,} design rows.")
    sentences += missing_sentence(matrix)
    order = np.argsort(-found.score, kind="stable")
    kinds = {factor.name: factor.group for factor in results.study.factors}
    unit = "share of explained variance" if method == "trees" else "R squared lost"
    rows = [
        (
            found.factors[place],
            kinds[found.factors[place]],
            float(found.score[place]),
            float(found.half[place]),
            "yes" if found.clear[place] else "no",
        )
        for place in order
    ]
    if method == "trees":
        rows.append(("(pure noise)", "", found.nothing, found.nothing_half, ""))
    columns = (
        Column("factor"),
        Column("kind"),
        Column("score", unit, 3),
        Column("±", digits=3),
        Column("clear of nothing"),
    )
    chart = bars("Feature scores", unit, found.factors, found.score, found.half, order)
    told = about(
        results,
        measure,
        chosen_year(results, year),
        analysis_seed=seed,
        method=method,
        trees=trees,
        resamples=resamples,
        most_rows=most_rows,
    )
    title = f"What predicts {measure}, {chosen_year(results, year)}: feature scores"
    return Finding(
        "feature_scores", title, tuple(sentences), (Table("Feature scores", columns, tuple(rows)),), (chart,), told
    )


def _skill_sentences(measure: str, found: Scores, matrix: np.ndarray) -> list[str]:
    low, high = found.skill_interval
    what = (
        f"A forest of trees explains {found.skill:.0%} (95 % interval {low:.0%} to {high:.0%}) of the variance of "
        f"{measure} between rows that it has not seen"
    )
    if low <= 0:
        said = [f"{what}: it cannot be told from a guess, and the scores say nothing."]
    elif found.skill < SKILLFUL:
        said = [f"{what}: less than half, so the scores are a hint at best."]
    else:
        said = [f"{what}."]
    full = matrix[np.isfinite(matrix).all(axis=1)]
    if matrix.shape[1] < 2:
        said.append(
            "There is one replicate, so some of the rest is luck that nothing could predict; how much is not known."
        )
    elif len(full) > 2:
        _, _, own = split_variance(full)
        luck = min(own / full.shape[1] / full.mean(axis=1).var(ddof=1), 1.0)
        said.append(
            f"About {luck:.1%} of the variance between the means of {full.shape[1]} replicates is luck, which no "
            "factor can explain."
        )
    return said


def _score_sentences(found: Scores, method: str) -> list[str]:
    order = np.argsort(-found.score, kind="stable")
    named, more = ranked(found.factors, found.score, found.half, found.clear)
    kind = "share of what the forest explains" if method == "trees" else "R squared lost when it is shuffled"
    nothing = (
        f" A factor of pure noise scores {plus_minus(found.nothing, found.nothing_half)}." if method == "trees" else ""
    )
    said = [
        f"It uses most {named}: {kind}.{more}{nothing}"
        if found.clear.any()
        else f"No factor scores clearly more than nothing ({kind}).{nothing}"
    ]
    quiet = [found.factors[place] for place in order if not found.clear[place]]
    if quiet and found.clear.any():
        said.append(f"Not clear of nothing: {listed(quiet)}.")
    if method == "permutation":
        said += by_chance(len(found.factors))
    how = "forests with other seeds on resampled worlds" if method == "trees" else "resampled held-out worlds"
    said.append(
        f"Skill and scores come from {count(found.rows, 'row')} in {count(found.worlds, 'world')}, whole worlds held "
        f"out; intervals are 95 %, from {how}."
    )
    return said
