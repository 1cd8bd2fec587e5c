"""The game's tables and charts."""

from __future__ import annotations

import numpy as np

from stackcraft.experiments.analyses.finding import Bars, Chart, Column, Heat, Lines, Points, Table
from stackcraft.experiments.analyses.games.evaluation import Evaluation
from stackcraft.experiments.analyses.games.wording import SIDES, Words, price

SHARE = "share"
SEEN = 0.05  # equilibria of the resamples only are listed from this share on
MOST_ROWS = 60
MOST_CURVES = 6


def tables(answer: Evaluation, words: Words) -> tuple[Table, ...]:
    """Every table."""
    return (
        _equilibria(answer, words),
        _pairs(answer, words),
        _replies(answer, words),
        _dominated(answer, words),
        _ranks(answer, words),
    )


def charts(answer: Evaluation, words: Words) -> tuple[Chart, ...]:
    """Return the charts of a game.

    They show both payoffs, how often each pair is an equilibrium, what could be gained, alpha-rank and its sweep, and
    all pairs as points.
    """
    equilibrium = tuple((int(row), int(column)) for row, column in np.argwhere(answer.pure))
    stable = tuple((int(row), int(column)) for row, column in np.argwhere(answer.pure_share >= words.survive))
    framed = "Rows are US strategies, columns Chinese ones. Framed: equilibria as estimated."

    def heat(title: str, unit: str, values: np.ndarray, marked: tuple, note: str) -> Heat:
        return Heat(
            title,
            unit,
            words.rows,
            words.columns,
            tuple(tuple(float(value) for value in row) for row in values),
            marked,
            note,
        )

    return (
        heat("US payoff", words.unit, answer.game.first, equilibrium, framed),
        heat("Chinese payoff", words.unit, answer.game.second, equilibrium, framed),
        heat(
            "How often a pair is an equilibrium",
            "share of resamples",
            answer.pure_share,
            stable,
            f"Framed: stable, an equilibrium in at least {100 * words.survive:g} % of the resamples.",
        ),
        heat("The most a side gains by changing alone", words.unit, answer.regret, equilibrium, framed),
        heat("Where adaptation settles (alpha-rank)", "share of time", answer.rank, equilibrium, framed),
        _sweep(answer, words),
        _points(answer, words),
        *_rank_bars(answer, words),
    )


def _payoffs(name: str, words: Words) -> tuple[Column, ...]:
    return tuple(Column(text, words.unit, words.digits) for text in (name, "low", "high"))


def _three(values: np.ndarray, ranges: tuple[np.ndarray, np.ndarray], place: tuple) -> tuple[float, float, float]:
    return float(values[place]), float(ranges[0][place]), float(ranges[1][place])


def _equilibria(answer: Evaluation, words: Words) -> Table:
    columns = (
        Column("Equilibrium"),
        Column("US"),
        Column("Chinese"),
        *(Column(text, words.unit, words.digits) for text in ("US payoff", "Chinese payoff")),
        Column("Resamples", SHARE, 3),
        Column("Stable"),
        *_payoffs("Joint loss", words),
    )
    shares = dict(zip(answer.supports, answer.support_shares, strict=True))
    rows = []
    for one in answer.found.found:
        often = answer.pure_share[one.support[0][0], one.support[1][0]] if one.pure else shares[one.support]
        rows.append(
            (
                "pure" if one.pure else "mixed",
                words.mix(one.rows, 0),
                words.mix(one.columns, 1),
                *one.payoffs,
                float(often),
                _yes(often >= words.survive),
                *price(answer, one),
            )
        )
    kept = {one.support for one in answer.found.found}
    elsewhere = [tuple(place) for place in np.argwhere((answer.pure_share >= SEEN) & ~answer.pure).tolist()]
    for place in sorted(elsewhere, key=lambda place: -answer.pure_share[place]):
        often = float(answer.pure_share[place])
        rows.append(
            (
                "pure, in resamples only",
                words.rows[place[0]],
                words.columns[place[1]],
                float(answer.game.first[place]),
                float(answer.game.second[place]),
                often,
                _yes(often >= words.survive),
                *_three(answer.loss, answer.loss_range, place),
            )
        )
    for support, often in sorted(shares.items(), key=lambda item: -item[1]):
        if often >= SEEN and support not in kept:
            names = (
                " or ".join(own[place] for place in side)
                for own, side in zip((words.rows, words.columns), support, strict=True)
            )
            rows.append(
                (
                    "mixed, in resamples only",
                    *names,
                    None,
                    None,
                    float(often),
                    _yes(often >= words.survive),
                    None,
                    None,
                    None,
                )
            )
    cut = f" Only the first {MOST_ROWS} of {len(rows)} are shown." if len(rows) > MOST_ROWS else ""
    note = (
        "Resamples: in what share an equilibrium plays exactly these strategies (a mix may have other weights there). "
        "Joint loss: how far both payoffs added fall short of the best pair; a mix's range holds its weights."
    )
    return Table("Equilibria", columns, tuple(rows[:MOST_ROWS]), note + cut)


def _pairs(answer: Evaluation, words: Words) -> Table:
    columns = (
        Column("US"),
        Column("Chinese"),
        *_payoffs("US payoff", words),
        *_payoffs("Chinese payoff", words),
        *(Column(text, words.unit, words.digits) for text in ("US gain by changing", "Chinese gain by changing")),
        *_payoffs("Larger gain", words),
        Column("Within epsilon"),
        Column("Equilibrium in resamples", SHARE, 3),
        *(() if answer.world_share is None else (Column("Equilibrium in worlds", SHARE, 3),)),
        Column("Not improvable in resamples", SHARE, 3),
        *_payoffs("Joint loss", words),
        *(Column(text, SHARE, 3) for text in ("Alpha-rank", "low", "high")),
    )
    rows = []
    for row, us in enumerate(words.rows):
        for column, cn in enumerate(words.columns):
            place = (row, column)
            rows.append(
                (
                    us,
                    cn,
                    *_three(answer.game.first, answer.first_range, place),
                    *_three(answer.game.second, answer.second_range, place),
                    float(answer.gains[0][place]),
                    float(answer.gains[1][place]),
                    *_three(answer.regret, answer.regret_range, place),
                    _yes(answer.regret_range[1][place] <= words.epsilon),
                    float(answer.pure_share[place]),
                    *(() if answer.world_share is None else (float(answer.world_share[place]),)),
                    float(answer.efficient_share[place]),
                    *_three(answer.loss, answer.loss_range, place),
                    *_three(answer.rank, answer.rank_range, place),
                )
            )
    note = (
        f"Within epsilon: the interval of the larger gain ends at {words.epsilon:g} {words.unit} or below. A largest "
        "gain is a maximum of noisy differences, so its interval leans upwards. Not improvable: no other pair is "
        "better for one side and not worse for the other."
        + (
            ""
            if answer.world_share is None
            else " Equilibrium in worlds: in what share of the worlds, by each world's own means."
        )
    )
    return Table("Every pair", columns, tuple(rows), note)


def _replies(answer: Evaluation, words: Words) -> Table:
    columns = (
        Column("Side"),
        Column("Against"),
        Column("Best reply"),
        Column("Ahead of the next", words.unit, words.digits),
        Column("Best in resamples", SHARE, 3),
        Column("Otherwise"),
    )
    rows = []
    cases = (
        ("US", words.rows, words.columns, answer.game.first, answer.reply_shares[0]),
        ("Chinese", words.columns, words.rows, answer.game.second.T, answer.reply_shares[1].T),
    )
    for side, own, others, payoff, shares in cases:
        for place, other in enumerate(others):
            order = np.argsort(-payoff[:, place], kind="stable")
            lead = float(payoff[order[0], place] - payoff[order[1], place]) if len(own) > 1 else None
            next_most = [
                one
                for one in np.argsort(-shares[:, place], kind="stable")
                if one != order[0] and shares[one, place] > 0
            ][:2]
            otherwise = ", ".join(f"{own[one]} {100 * shares[one, place]:.0f} %" for one in next_most)
            rows.append((side, other, own[order[0]], lead, float(shares[order[0], place]), otherwise))
    return Table("Best replies", columns, tuple(rows), "Otherwise: what is best in other resamples.")


def _dominated(answer: Evaluation, words: Words) -> Table:
    columns = (
        Column("Round", "", 0),
        Column("Side"),
        Column("Strategy"),
        Column("Beaten by"),
        Column("By at least", words.unit, words.digits),
        Column("Resamples", SHARE, 3),
    )
    rows = tuple(
        (
            step.round,
            SIDES[step.side],
            (words.rows, words.columns)[step.side][step.strategy],
            words.mix(step.mix, step.side),
            step.margin,
            float(often),
        )
        for step, often in zip(answer.steps, answer.step_shares, strict=True)
    )
    note = (
        "Against every strategy of the other side that is left in that round. Resamples: in what share the same "
        "argument holds, with all of the rounds before."
    )
    return Table("Dominated strategies", columns, rows, note)


def _ranks(answer: Evaluation, words: Words) -> Table:
    columns = (
        Column("Side"),
        Column("Strategy"),
        Column("Share of time", SHARE, 3),
        Column("low", SHARE, 3),
        Column("high", SHARE, 3),
    )
    rows = []
    for side, names, rank, (low, high) in _by_strategy(answer, words):
        rows += [
            (side, names[place], float(rank[place]), float(low[place]), float(high[place]))
            for place in np.argsort(-rank, kind="stable")
        ]
    return Table(
        "Alpha-rank by strategy",
        columns,
        tuple(rows),
        "Omidshafiei et al. 2019, Scientific Reports 9:9937, at the sharpest selection of the sweep.",
    )


def _rank_bars(answer: Evaluation, words: Words) -> tuple[Bars, ...]:
    return tuple(
        Bars(
            f"Alpha-rank of {side} strategies",
            "share of time",
            names,
            *(tuple(float(value) for value in part) for part in (rank, *bounds)),
        )
        for side, names, rank, bounds in _by_strategy(answer, words)
    )


def _by_strategy(answer: Evaluation, words: Words) -> tuple:
    return (
        (SIDES[0], words.rows, answer.rank.sum(axis=1), answer.row_rank_range),
        (SIDES[1], words.columns, answer.rank.sum(axis=0), answer.column_rank_range),
    )


def _sweep(answer: Evaluation, words: Words) -> Lines:
    ranks = answer.sweep.ranks.reshape(len(answer.sweep.alphas), -1)
    top = np.argsort(-ranks[-1], kind="stable")[:MOST_CURVES]
    curves = tuple(
        (words.pair(*divmod(int(place), len(words.columns))), tuple(float(value) for value in ranks[:, place]))
        for place in top
    )
    return Lines(
        "Alpha-rank as selection sharpens",
        f"log10 of alpha (per {words.unit})",
        "share of time",
        tuple(float(value) for value in np.log10(answer.sweep.alphas)),
        curves,
        note="The pairs that end highest. Where the curves are level, the rank does not hang on alpha.",
    )


def _points(answer: Evaluation, words: Words) -> Points:
    return Points(
        "What each pair gives both sides",
        f"US payoff ({words.unit})",
        f"Chinese payoff ({words.unit})",
        tuple(float(value) for value in answer.game.first.ravel()),
        tuple(float(value) for value in answer.game.second.ravel()),
        tuple(int(value) for value in answer.efficient.ravel()),
        ("another pair is better for one and no worse for the other", "not improvable"),
    )


def _yes(value: bool) -> str:
    return "yes" if value else "no"
