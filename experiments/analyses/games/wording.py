"""What the game says, in sentences for somebody who has to decide something."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from stackcraft.experiments.analyses.games.evaluation import Evaluation, mixed_loss
from stackcraft.experiments.analyses.games.from_study import StudiedGame
from stackcraft.experiments.analyses.games.nash import Equilibrium
from stackcraft.experiments.analyses.games.normal_form import tolerance

SIDES = ("US", "Chinese")
MOST_NAMED = 5
FEW_RUNS = 20


@dataclass(frozen=True)
class Words:
    """What the sentences need to know beside the numbers."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    unit: str
    digits: int  # behind the point, for payoffs
    survive: float
    epsilon: float
    resamples: int

    def pair(self, row: int, column: int) -> str:
        """US a against Chinese b."""
        return f"US {self.rows[row]} against Chinese {self.columns[column]}"

    def mix(self, weights: np.ndarray, side: int) -> str:
        """ "a" or "a 60 %, b 40 %", the likelier first."""
        names = (self.rows, self.columns)[side]
        played = sorted(np.flatnonzero(weights), key=lambda place: -weights[place])
        return (
            names[played[0]]
            if len(played) == 1
            else ", ".join(f"{names[place]} {100 * weights[place]:.0f} %" for place in played)
        )

    def number(self, value: float) -> str:
        """A payoff with as many digits as this game needs."""
        return f"{round(float(value), self.digits) + 0.0:.{self.digits}f}"

    def points(self, value: float) -> str:
        """A payoff with its unit."""
        return f"{self.number(value)} {self.unit}"

    def range(self, low: float, high: float) -> str:
        """An interval."""
        return f"{self.number(low)} to {self.number(high)}"


def digits_for(*payoffs: np.ndarray) -> int:
    """How many digits behind the point tell payoffs of this range apart."""
    span = max(float(np.ptp(payoff)) for payoff in payoffs)
    return 2 if span <= 0 else int(np.clip(3 - math.ceil(math.log10(span)), 0, 8))


def share(value: float) -> str:
    """A share in percent; never rounded up to all or down to none."""
    percent = 100 * value
    if 0 < percent < 1:
        return "less than 1 %"
    return "more than 99 %" if 99 < percent < 100 else f"{percent:.0f} %"


def sentences(answer: Evaluation, studied: StudiedGame, words: Words) -> tuple[str, ...]:
    """Every sentence, what was done first, then what holds, then what it rests on."""
    return (
        *_what_was_done(studied, words),
        *_alike(answer, words),
        *_what_is_stable(answer, words),
        *_as_estimated(answer, words),
        *_least_to_gain(answer, words),
        *_dominated(answer, words),
        *_replies(answer, words),
        *_ranked(answer, words),
        *_together(answer, words),
        *_caveats(studied, words),
    )


def listed(names: list[str], most: int = MOST_NAMED) -> str:
    """a; b; c and 4 more."""
    more = len(names) - most
    return "; ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def several(number: int, one: str, many: str | None = None) -> str:
    """no pairs, 1 pair, 2 pairs."""
    return f"{f'{number:,}' if number else 'no'} {one if number == 1 else many or one + 's'}"


def _what_was_done(studied: StudiedGame, words: Words) -> list[str]:
    worlds, replicates = studied.first.shape[:2]
    over = (
        f", in {several(worlds, 'world')} drawn from the uncertainties with {several(replicates, 'replicate')} each"
        if worlds > 1
        else ""
    )
    found = [
        (
            f"{len(words.rows)} US strategies were played against {len(words.columns)} Chinese ones: "
            f"{several(len(words.rows) * len(words.columns), 'pair')}, each with the same "
            f"{several(studied.draws, 'draw')} of luck{over}."
        )
    ]
    if studied.left_out:
        found.append(
            f"{several(studied.missing, 'run has', 'runs have')} no value, so {several(studied.left_out, 'draw')} of "
            f"luck out of {studied.draws:,} {'was' if studied.left_out == 1 else 'were'} left out of every pair."
        )
    return found


def _alike(answer: Evaluation, words: Words) -> list[str]:
    """Strategies that nothing in the study tells apart."""
    found = []
    near = tolerance(answer.game.first), tolerance(answer.game.second)
    for side, names in ((0, words.rows), (1, words.columns)):
        one, two = (np.moveaxis(payoff, side, 0) for payoff in (answer.game.first, answer.game.second))
        open_names = list(range(len(names)))
        while open_names:
            here = open_names[0]
            same = [
                other
                for other in open_names
                if np.abs(one[here] - one[other]).max() <= near[0] and np.abs(two[here] - two[other]).max() <= near[1]
            ]
            if len(same) > 1:
                found.append(
                    f"{SIDES[side]} {' and '.join(names[place] for place in same)} give the same payoffs against "
                    "everything: what is said of one holds for the other."
                )
            open_names = [other for other in open_names if other not in same]
    return found


def _what_is_stable(answer: Evaluation, words: Words) -> list[str]:
    lasting = np.argwhere(answer.pure_share >= words.survive)
    lasting = sorted(map(tuple, lasting), key=lambda place: -answer.pure_share[place])
    stable = [f"{words.pair(*place)} ({share(answer.pure_share[place])})" for place in lasting]
    wording = f"of {words.resamples:,} resamples"
    found = []
    if stable:
        found.append(
            f"{'One pair is' if len(stable) == 1 else f'{len(stable)} pairs are'} stable: neither side gains by "
            f"changing alone (in brackets, in what share {wording}): {listed(stable)}."
        )
    mixes = [
        f"{_support(support, words)} ({share(often)})"
        for support, often in zip(answer.supports, answer.support_shares, strict=True)
        if often >= words.survive
    ]
    if mixes:
        found.append(
            "Stable as a mix, in which each side keeps the other guessing between the strategies named: "
            f"{listed(mixes)}."
        )
    if not found:
        found.append(
            f"Nothing is stable: no pair and no mix of strategies is an equilibrium in {share(words.survive)} "
            f"{wording}."
        )
    if not stable:
        best = np.unravel_index(answer.pure_share.argmax(), answer.pure_share.shape)
        often = answer.pure_share[best]
        if often > 0:
            found.append(
                f"The pair that is most often an equilibrium is {words.pair(*best)}, in {share(often)} {wording}."
            )
        else:
            found.append(
                "No pair of single strategies is an equilibrium in any resample: from every pair one side would gain "
                "by changing alone."
            )
        if len(answer.cover) > 1 and answer.cover_share >= words.survive and len(answer.cover) <= 2 * MOST_NAMED:
            names = [words.pair(*place) for place in answer.cover]
            found.append(
                f"A wider statement can be made: at least one of these {len(names)} pairs is an equilibrium in "
                f"{share(answer.cover_share)} of the resamples: {listed(names, 2 * MOST_NAMED)}."
            )
    if 0 < answer.any_pure_share < words.survive:
        found.append(
            f"In {share(1 - answer.any_pure_share)} of the resamples no pair of single strategies is an equilibrium at "
            "all."
        )
    if answer.world_share is not None and answer.pure_share.any():
        best = np.unravel_index(answer.pure_share.argmax(), answer.pure_share.shape)
        found.append(
            f"World by world, if both sides knew which one they are in, {words.pair(*best)} is an equilibrium in "
            f"{share(answer.world_share[best])} of the worlds."
        )
    return found


def _support(support: tuple[tuple[int, ...], tuple[int, ...]], words: Words) -> str:
    rows, columns = (
        [names[place] for place in side] for names, side in zip((words.rows, words.columns), support, strict=True)
    )
    return f"US {' or '.join(rows)} against Chinese {' or '.join(columns)}"


def _as_estimated(answer: Evaluation, words: Words) -> list[str]:
    pure = [one for one in answer.found.found if one.pure]
    mixed = [one for one in answer.found.found if not one.pure]
    found = []
    if not answer.found.found:
        found.append(
            "Taking the estimated payoffs at face value, no equilibrium was found among the few strategies a side "
            "that were tried."
        )
    else:
        found.append(
            f"Taking the estimated payoffs at face value, there {'is' if len(answer.found.found) == 1 else 'are'} "
            f"{several(len(pure), 'equilibrium', 'equilibria')} in single strategies and "
            f"{several(len(mixed), 'mixed one')}; the table lists them."
        )
    if answer.found.tied:
        found.append(
            "Some strategies do equally well there, so the sides may also mix between equilibria of the list; such "
            "mixtures are not listed."
        )
    if not answer.found.complete:
        found.append(
            "The list of mixed equilibria was cut off: the game is too large to list all, and only mixes of up to "
            f"{answer.found.tried} strategies a side were tried."
        )
    elif not answer.whole:
        found.append(
            "In some resamples the list of mixed equilibria was cut off, so a mix that occurs only there may be "
            "missing."
        )
    return found


def _least_to_gain(answer: Evaluation, words: Words) -> list[str]:
    best = np.unravel_index(answer.regret_range[1].argmin(), answer.regret.shape)
    low, high = (bound[best] for bound in answer.regret_range)
    safe = answer.regret_range[1] <= words.epsilon
    unit = words.unit.removesuffix("s") if words.epsilon == 1 else words.unit
    return [
        (
            "The pair from which least can be gained by changing alone, by the upper end of the interval, is "
            f"{words.pair(*best)}: at most {words.points(answer.regret[best])} ({words.range(low, high)})."
        ),
        f"From {several(int(safe.sum()), 'pair')} out of {safe.size} neither side gains more than {words.epsilon:g} "
        f"{unit}, upper end of the interval"
        + (f": {listed([words.pair(*place) for place in np.argwhere(safe)])}." if safe.any() else "."),
    ]


def _dominated(answer: Evaluation, words: Words) -> list[str]:
    if not answer.steps:
        return ["No strategy is worse than another, or than a mix of others, whatever the other side does."]
    sure, unsure = [], []
    for step, often in zip(answer.steps, answer.step_shares, strict=True):
        name = f"{SIDES[step.side]} {(words.rows, words.columns)[step.side][step.strategy]} ({share(often)})"
        (sure if often >= words.survive else unsure).append(name)
    found = []
    if sure:
        found.append(
            f"{several(len(sure), 'strategy is', 'strategies are')} never worth choosing: another one, or a mix, does "
            "better whatever the other side sensibly does (in brackets, in what share of the resamples the same "
            f"argument holds): {listed(sure)}."
        )
    if unsure:
        found.append(
            f"As estimated the same is true of {listed(unsure)}, but not in {share(words.survive)} of the resamples."
        )
    return found


def _replies(answer: Evaluation, words: Words) -> list[str]:
    found = []
    for side, names, shares in ((0, words.rows, answer.reply_shares[0]), (1, words.columns, answer.reply_shares[1].T)):
        replies = (
            answer.replies[side] if side == 0 else answer.replies[1].T
        )  # [own strategy, strategy of the other side]
        always = [place for place in range(len(names)) if replies[place].all()]
        if always:
            least = share(shares[always[0]].min())
            found.append(
                f"{names[always[0]]} is the best {SIDES[side]} reply to every {SIDES[1 - side]} strategy; against each "
                f"in {'' if least.startswith(('more', '100')) else 'at least '}{least} of the resamples."
            )
        else:
            used = [names[place] for place in np.argsort(-replies.sum(axis=1), kind="stable") if replies[place].any()]
            sure = int((shares.max(axis=0) >= words.survive).sum())
            found.append(
                f"The best {SIDES[side]} reply depends on the other side: {listed(used)}. It is clear, in "
                f"{share(words.survive)} of the resamples, against {sure} of {shares.shape[1]} {SIDES[1 - side]} "
                "strategies."
            )
    return found


def _ranked(answer: Evaluation, words: Words) -> list[str]:
    best = np.unravel_index(answer.rank.argmax(), answer.rank.shape)
    low, high = (bound[best] for bound in answer.rank_range)
    found = [
        (
            "If both sides kept trying other strategies and kept what paid better (alpha-rank), they would spend most "
            f"time at {words.pair(*best)}: {share(answer.rank[best])} of it (95 % interval {share(low)} to "
            f"{share(high)})."
        )
    ]
    if answer.sweep.settled is None:
        found.append(
            "Alpha-rank had not settled at the end of its sweep, so some payoffs are too alike for it to tell apart."
        )
    return found


def _together(answer: Evaluation, words: Words) -> list[str]:
    total = answer.game.first + answer.game.second
    best = np.unravel_index(total.argmax(), total.shape)
    found = [
        (
            f"{several(int(answer.efficient.sum()), 'pair')} out of {answer.efficient.size} cannot be improved for one "
            f"side without a loss for the other; both payoffs added are largest at {words.pair(*best)} "
            f"({words.points(total[best])})."
        )
    ]
    prices = [(one, *price(answer, one)) for one in answer.found.found]
    if prices:
        one, short, low, high = min(prices, key=lambda item: item[1])
        which = "That equilibrium" if len(prices) == 1 else "The equilibrium with the smallest joint loss"
        spot = f"US {words.mix(one.rows, 0)} against Chinese {words.mix(one.columns, 1)}"
        found.append(f"{which}, {spot}, falls short of that by {words.points(short)} ({words.range(low, high)}).")
    return found


def price(answer: Evaluation, equilibrium: Equilibrium) -> tuple[float, float, float]:
    """The joint loss of an equilibrium, with its 95 % range."""
    if equilibrium.pure:
        place = (equilibrium.support[0][0], equilibrium.support[1][0])
        return float(answer.loss[place]), float(answer.loss_range[0][place]), float(answer.loss_range[1][place])
    return mixed_loss(answer.game, equilibrium.rows, equilibrium.columns)


def _caveats(studied: StudiedGame, words: Words) -> list[str]:
    worlds = studied.first.shape[0]
    drawn = (
        "worlds and replicates"
        if worlds > 1 and studied.first.shape[1] > 1
        else "worlds"
        if worlds > 1
        else "replicates"
    )
    found = [
        (
            f"Intervals are 95 % percentile intervals from {words.resamples:,} resamples of {drawn}, all pairs "
            "together, so that common luck cancels in every comparison."
        )
    ]
    least = min(size for size in studied.first.shape[:2] if size > 1)
    if least < FEW_RUNS:
        found.append(
            f"With only {least} {'worlds' if least == worlds else 'replicates'} to draw from, such intervals are too "
            f"narrow and shares too sure; {FEW_RUNS} or more are better."
        )
    if worlds > 1:
        found.append(
            "A payoff is a mean over the worlds, each weighing the same: what a side would maximise that does not "
            "know its world."
        )
    if studied.weights:
        found.append(
            f"The weights of the payoffs differ between the worlds ({listed(list(studied.weights))}), so the worlds "
            "with large weights decide most: a study that keeps them fixed is easier to read."
        )
    found.append(
        "All this is about the strategies in the study and the payoffs chosen, whose weights are a judgement of the "
        "user; both sides count alike when payoffs are added. It describes the model and forecasts nothing."
    )
    return found
