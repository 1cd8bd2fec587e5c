"""The strategy game between the United States and China, from a study that crosses the presets of both sides.

Payoff table, equilibria and how they survive resampling, best replies, dominated strategies, what could be gained by
changing alone, alpha-rank, and what both could have together. The numbers are worked out in
`stackcraft.experiments.analyses.games`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.finding import Finding
from stackcraft.experiments.analyses.games import tables, wording
from stackcraft.experiments.analyses.games.alpha_rank import POPULATION
from stackcraft.experiments.analyses.games.evaluation import evaluate
from stackcraft.experiments.analyses.games.from_study import read_game
from stackcraft.experiments.extras import need

LEAST_RESAMPLES = 20


def analyse(
    results: Any,
    us: str = "payoff_us",
    cn: str = "payoff_cn",
    year: int | None = None,
    *,
    at: Mapping[str, Any] | None = None,
    resamples: int = 1000,
    survive: float = 0.95,
    epsilon: float = 1.0,
    population: int = POPULATION,
    unit: str = "bn$",
    seed: int = 0,
) -> Finding:
    """The game in a finished study whose strategies block crosses US with CN presets.

    `us` and `cn` are the measures that are the sides' payoffs, `year` a kept year (None: the last). An uncertainties
    block is averaged over; `at` (factor to value) settles whatever else the study varies. Stable is what is an
    equilibrium in a share `survive` of
    `resamples`, drawn over replicates and worlds; `epsilon`, in payoff units, is what a side may gain at an
    epsilon-equilibrium;
    `population` is that of alpha-rank. Raises `InputError` for a study without such a game in it, too few runs, options
    out of range, or where nashpy is missing.
    """
    _check(resamples, survive, epsilon, population)
    need("nashpy", "games")
    studied = read_game(results, us, cn, year, at)
    answer = evaluate(
        studied.first, studied.second, resamples=resamples, survive=survive, population=population, seed=seed
    )
    words = wording.Words(
        studied.rows,
        studied.columns,
        unit,
        wording.digits_for(answer.game.first, answer.game.second),
        survive,
        epsilon,
        resamples,
    )
    about = {
        **results.about(),
        "payoffs": f"US {us}, CN {cn}",
        "year": results.years[-1] if year is None else year,
        "at": dict(at or {}),
        "draws of luck": studied.draws,
        "draws left out": studied.left_out,
        "resamples": resamples,
        "survive": survive,
        "epsilon": epsilon,
        "population": population,
        "analysis seed": seed,
    }
    return Finding(
        "game",
        "The strategy game",
        wording.sentences(answer, studied, words),
        tables.tables(answer, words),
        tables.charts(answer, words),
        tuple(about.items()),
    )


def _check(resamples: int, survive: float, epsilon: float, population: int) -> None:
    if isinstance(resamples, bool) or not isinstance(resamples, int) or resamples < LEAST_RESAMPLES:
        raise InputError(
            f"game: resamples = {resamples!r}; give a whole number from {LEAST_RESAMPLES} on, such as 1000"
        )
    if not 0.5 < survive <= 1:
        raise InputError(f"game: survive = {survive!r}; give a share above 0.5 and at most 1, such as 0.95")
    if not epsilon >= 0:
        raise InputError(f"game: epsilon = {epsilon!r}; give 0 or more, in units of payoff")
    if isinstance(population, bool) or not isinstance(population, int) or population < 2:
        raise InputError(f"game: population = {population!r}; give a whole number from 2 on, such as {POPULATION}")
