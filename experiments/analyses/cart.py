"""A small classification tree: readable rules for which cases are of interest.

It says how well they hold on rows that the tree has not seen. Breiman, Friedman, Olshen and Stone (1984),
"Classification and Regression Trees"; grown by scikit-learn with the Gini criterion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.cases import Cases, Interest, read_cases
from stackcraft.experiments.analyses.finding import Bars, Finding, Table, headings
from stackcraft.experiments.analyses.layout import (
    about,
    check_count,
    check_share,
    missing_sentence,
    read_cube,
    resample,
)
from stackcraft.experiments.analyses.peeling import Columns, Limit, contains
from stackcraft.experiments.analyses.prim import in_words
from stackcraft.experiments.extras import need
from stackcraft.experiments.statistics import percentile_interval

SCORES = (
    "accuracy",
    "accuracy of the more common answer",
    "gain over it",
    "cases of interest recognised",
    "others recognised",
)


@dataclass(frozen=True)
class Leaf:
    """One end of the tree.

    Its rule as limits by variable, the rows and cases in it, coverage and density as for a box, and its verdict (True:
    most of its rows are of interest).
    """

    limits: Mapping[str, Limit]
    rows: int
    cases: int
    coverage: float
    density: float
    verdict: bool


def encode(columns: Columns) -> tuple[np.ndarray, list[tuple[str, str | None]]]:
    """Numbers for the tree, (rows, places): a number is one place, a category one place a value (1 where it has it).

    The second answer names each place: (variable, None) or (variable, value).
    """
    parts, names = [], []
    for name, column in columns.items():
        if column.dtype.kind in "fiub":
            parts.append(column.astype(float))
            names.append((name, None))
        else:
            for value in np.unique(column):
                parts.append((column == value).astype(float))
                names.append((name, str(value)))
    return np.stack(parts, axis=1), names


def grow(
    columns: Columns, interest: np.ndarray, *, depth: int | None = 3, least_rows: int = 1, seed: int = 0
) -> tuple[Leaf, ...]:
    """Return the leaves of a tree, densest first.

    It asks `depth` questions at most (None: no limit) and has at least `least_rows` rows in a leaf.
    """
    places, names = encode(columns)
    tree = _fit(places, interest, depth, least_rows, seed).tree_
    leaves: list[Leaf] = []

    def walk(node: int, limits: dict[str, Limit]) -> None:
        if tree.children_left[node] < 0:
            inside = contains(limits, columns)
            rows, cases = int(inside.sum()), int((inside & interest).sum())
            leaves.append(
                Leaf(limits, rows, cases, cases / max(int(interest.sum()), 1), cases / max(rows, 1), 2 * cases > rows)
            )
            return
        name, value = names[tree.feature[node]]
        for child, below in ((tree.children_left[node], True), (tree.children_right[node], False)):
            walk(
                child,
                {
                    **limits,
                    name: _narrow(limits.get(name, Limit()), columns[name], value, float(tree.threshold[node]), below),
                },
            )

    walk(0, {})
    return tuple(sorted(leaves, key=lambda leaf: (-leaf.density, -leaf.rows)))


def _fit(places: np.ndarray, interest: np.ndarray, depth: int | None, least_rows: int, seed: int) -> Any:
    classifier = need("sklearn.tree", "analysis").DecisionTreeClassifier(
        max_depth=depth, min_samples_leaf=least_rows, random_state=seed
    )
    return classifier.fit(places, interest)


def _narrow(limit: Limit, column: np.ndarray, value: str | None, threshold: float, below: bool) -> Limit:
    if value is not None:  # "below" a half: it does not have the value
        kept = tuple(str(one) for one in np.unique(column)) if limit.values is None else limit.values
        return Limit(values=tuple(one for one in kept if (one != value) == below))
    # scikit-learn compares in single precision: a value that rounding carries over the threshold stays on the side it
    # was sent to.
    single = column.astype(np.float32).astype(float)
    under, over = float(column[single <= threshold].max()), float(column[single > threshold].min())
    return (
        Limit(limit.low, threshold if threshold < over else under)
        if below
        else Limit(threshold if threshold > under else over, limit.high)
    )


@dataclass(frozen=True)
class Checked:
    """Cross-validation, by row.

    `right` says whether the tree that had not seen the row was right, `guess` whether the most common answer of the
    rows it had seen was, `seen` is the verdict; each (rows,) bool.
    """

    right: np.ndarray
    guess: np.ndarray
    seen: np.ndarray


def cross_validate(
    columns: Columns,
    interest: np.ndarray,
    *,
    depth: int | None = 3,
    least_rows: int = 1,
    folds: int = 5,
    groups: np.ndarray | None = None,
    seed: int = 0,
) -> Checked:
    """Grow the tree without one fold at a time and judge it there. Rows of one group (a world) stay in one fold."""
    places, _ = encode(columns)
    groups = np.arange(len(interest)) if groups is None else groups
    splitter = need("sklearn.model_selection", "analysis").StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
    verdict, guess = np.zeros(len(interest), dtype=bool), np.zeros(len(interest), dtype=bool)
    for seen, unseen in splitter.split(places, interest, groups):
        guess[unseen] = 2 * interest[seen].sum() > len(seen)
        verdict[unseen] = _fit(places[seen], interest[seen], depth, least_rows, seed).predict(places[unseen])
    return Checked(verdict == interest, guess == interest, verdict)


@dataclass(frozen=True)
class Options(Interest):
    """How the tree grows, and which cases are of interest (see `cases.Interest`).

    `depth` questions at most, `least_mass` the smallest leaf as a share of rows, `folds` of the cross-validation,
    `draws` bootstrap draws of worlds for its intervals.
    """

    depth: int = 3
    least_mass: float = 0.05
    folds: int = 5
    draws: int = 1000

    def check(self) -> None:
        super().check()
        for name, least in (("depth", 1), ("folds", 2), ("draws", 1)):
            check_count(name, getattr(self, name), least)
        check_share("least_mass", self.least_mass, 0.0, 0.5)


def analyse(
    results: Any, measure: str, year: int | None = None, options: Options = Options(), *, seed: int = 0
) -> Finding:
    """Return a tree that tells cases of interest from others. Raises `InputError`."""
    cases = read_cases(results, measure, year, options)
    depth, folds, draws = options.depth, options.folds, options.draws
    worlds = len(np.unique(cases.world))
    if worlds < 2 * folds:
        raise InputError(
            f"folds={folds} with {worlds} worlds leave less than two worlds a fold; give at most {worlds // 2}, or "
            "more rows"
        )
    least_rows = max(1, int(options.least_mass * len(cases.interest)))
    leaves = grow(cases.columns, cases.interest, depth=depth, least_rows=least_rows, seed=seed)
    checked = cross_validate(
        cases.columns, cases.interest, depth=depth, least_rows=least_rows, folds=folds, groups=cases.world, seed=seed
    )
    numbers = _scores(checked, cases.interest, np.ones(len(cases.interest)))
    luck = np.random.default_rng(seed)
    low, high = percentile_interval(
        np.array([_scores(checked, cases.interest, resample(luck, cases.world)) for _ in range(draws)])
    )
    rows = tuple(_rule(leaf, cases) for leaf in leaves)
    sentences = [
        *_in_words(cases, leaves, rows),
        *_checked_in_words(options, numbers, low, high),
        *cases.notes,
        *missing_sentence(read_cube(results, measure, year)),
    ]
    rules = Table(
        "Rules",
        headings("where", "of interest|1|% of its rows", "coverage|1|% of such cases", "rows", "verdict"),
        rows,
        "Every row falls under one rule; densest first.",
    )
    scores = tuple(
        (name, *(100.0 * float(part) for part in ends)) for name, *ends in zip(SCORES, numbers, low, high, strict=True)
    )
    densities = tuple(leaf.density * 100 for leaf in leaves)
    bars = Bars("Share of cases of interest under each rule", "%", tuple(row[0] for row in rows), densities)
    return Finding(
        "cart",
        f"Rules for where {cases.question}",
        tuple(sentences),
        (rules, Table("Cross-validation", headings("score", "value|1|%", "from|1|%", "to|1|%"), scores)),
        (bars,),
        about(results, measure, year, **options.as_used(cases), analysis_seed=seed),
    )


def _rule(leaf: Leaf, cases: Cases) -> tuple[str, float, float, int, str]:
    """Return the row of a table for one end of the tree."""
    limits = (in_words(name, limit, cases.kinds[name], cases.units[name]) for name, limit in leaf.limits.items())
    where = " and ".join(limits) or "any row"
    return where, leaf.density * 100, leaf.coverage * 100, leaf.rows, "of interest" if leaf.verdict else "other"


def _in_words(cases: Cases, leaves: Sequence[Leaf], rows: Sequence[tuple]) -> list[str]:
    share = f"{int(cases.interest.sum()):,} of {len(cases.interest):,} rows ({cases.interest.mean():.1%})"
    sentences = [f"A case of interest is one where {cases.question}: {share}."]
    if len(leaves) > 1:
        sentences.append(
            f"They are densest where {rows[0][0]}: {leaves[0].density:.0%} of {leaves[0].rows:,} rows, with "
            f"{leaves[0].coverage:.0%} of all such cases."
        )
    return sentences


def _checked_in_words(options: Options, numbers: np.ndarray, low: np.ndarray, high: np.ndarray) -> list[str]:
    if low[2] > 0:
        verdict = "the rules add something"
    else:
        verdict = f"{'no clear gain' if high[2] >= 0 else 'a loss'}, so the rules are not to be relied on"
    right = f"is right in {numbers[0]:.1%} (95 % {low[0]:.1%} to {high[0]:.1%})"
    gain = f"{numbers[2] * 100:.1f} points ({low[2] * 100:.1f} to {high[2] * 100:.1f})"
    return [
        (
            f"On rows it had not seen ({options.folds} folds, worlds kept together) the tree {right}; always giving "
            f"the more common answer is right in {numbers[1]:.1%}. The gain is {gain}: {verdict}."
        ),
        (
            f"It recognises {numbers[3]:.0%} of the cases of interest ({low[3]:.0%} to {high[3]:.0%}) and "
            f"{numbers[4]:.0%} of the others ({low[4]:.0%} to {high[4]:.0%})."
        ),
        (
            f"Intervals come from {options.draws:,} bootstrap draws of worlds with the trees held fixed. The shares in "
            "the rules are those of the rows the tree was grown on, which flatter it."
        ),
    ]


def _scores(checked: Checked, interest: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return five scores, (5,).

    They are accuracy, accuracy of the common answer, the difference, the share of cases recognised and of others
    recognised.
    """

    def mean(values: np.ndarray, chosen: np.ndarray | None = None) -> float:
        weight = weights if chosen is None else weights * chosen
        return float(weight @ values / weight.sum()) if weight.sum() > 0 else np.nan

    right, guess = mean(checked.right), mean(checked.guess)
    return np.array([right, guess, right - guess, mean(checked.right, interest), mean(checked.right, ~interest)])
