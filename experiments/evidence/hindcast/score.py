"""Run the hindcast and score it against the declared baselines; wrong models are scored beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from stackcraft.experiments.evidence.hindcast import baselines, observe, outcomes, predict, scores
from stackcraft.experiments.evidence.hindcast.declared import Declared, Target, Wrong
from stackcraft.model import Scenario, Simulation
from stackcraft.model.history import read_world_as_of
from stackcraft.model.inputs import Inputs, inputs_of, load_inputs

LEDGERS = 16  # runs that keep their deals, for readings of loans
AS_DECLARED = Wrong(name="model", what="The model as it is", how="off")


@dataclass(frozen=True)
class Score:
    """One score of one model on one target, beside the best of its baselines.

    `difference`: of the model's score less the baseline's, with its interval over resampled countries; NaN where a
    target has one number. `best`: the baseline that scores best, chosen in hindsight.
    """

    target: str
    model: str
    score: str
    primary: bool
    value: float
    best: str
    baseline: float
    skill: float
    difference: float
    low: float
    high: float
    verdict: str
    countries: int
    events: float
    foreseen: float


@dataclass(frozen=True)
class Forecast:
    """What was foreseen for one candidate country on a yes-no target, and what happened there.

    `chance`: the model's; `left_out`: the same with its link fitted without the country's block; `baseline`: that of
    the best baseline, fitted on all blocks.
    """

    target: str
    iso3: str
    block: str
    chance: float
    left_out: float
    baseline: float
    happened: int


@dataclass(frozen=True)
class Reading:
    """What was read of one model: by target, of the tuned and of the scored runs."""

    model: str
    tuned: dict[str, np.ndarray]
    scored: dict[str, np.ndarray]
    start: dict[str, np.ndarray]


def score_all(
    plan: Declared, *, runs: int | None = None, threads: int | None = None, note: Callable[[str], None] | None = None
) -> tuple[list[Score], list[Forecast]]:
    """Run the model and the wrong ones, and score each on every target that can be tested.

    Returns the scores of all, and the forecasts of the model as it is. `runs`: how many in place of the declared
    number, for a quick look. `note`: called with what is being run.
    """
    found: list[Score] = []
    forecasts: list[Forecast] = []
    for one in models(plan):
        if note is not None:
            note(one.what)
        more, theirs = score_one(plan, one, runs=runs, threads=threads)
        found += more
        forecasts += theirs
    return found, forecasts


def models(plan: Declared) -> tuple[Wrong, ...]:
    """Return the model as it is and those that are wrong on purpose."""
    return (AS_DECLARED, *plan.wrong)


def score_one(
    plan: Declared, model: Wrong, *, runs: int | None = None, threads: int | None = None
) -> tuple[list[Score], list[Forecast]]:
    """Run one model and score it on every target that can be tested; forecasts of the model as it is alone."""
    reading = read(plan, model, runs=runs or plan.runs, threads=threads)
    found: list[Score] = []
    forecasts: list[Forecast] = []
    for target in plan.tested():
        scored = list(score(plan, target, reading))
        found += scored
        if model is AS_DECLARED and target.kind == "yes-no":
            forecasts += forecasts_of(plan, target, reading, scored[0].best)
    return found, forecasts


def forecasts_of(plan: Declared, target: Target, reading: Reading, baseline: str) -> Iterator[Forecast]:
    """Yield what was foreseen for each candidate country, beside a baseline; links also fitted without its block."""
    outcome = outcome_of(target)
    whole = chances(plan, target, reading, outcome).mean(axis=0)
    theirs, blocks, names = _baseline(target, baseline, outcome), _blocks(plan, outcome), tuple(plan.blocks)
    left_out = np.zeros_like(whole)
    for block in np.unique(blocks):
        there = blocks == block
        left_out[there] = chances(plan, target, reading, outcome, fit_on=~there).mean(axis=0)[there]
    for place in np.flatnonzero(outcome.candidate):
        yield Forecast(
            target=target.name, iso3=outcome.codes[place], block=names[blocks[place]], chance=float(whole[place]),
            left_out=float(left_out[place]), baseline=float(theirs[place]), happened=int(outcome.happened[place]),
        )  # fmt: skip


def read(plan: Declared, model: Wrong, *, runs: int, threads: int | None = None) -> Reading:
    """Run a model from both starts and read every target of it."""
    parts = {}
    for part, name in (("tuned", plan.tuned), ("scored", plan.scored)):
        scenario = Scenario.load(name).with_changes(off=model.off, seed=plan.seed)
        inputs = mirrored(scenario.world) if model.how == "inputs" else load_inputs(scenario.world)
        with Simulation(scenario, runs=runs, inputs=inputs, threads=threads, ledger_runs=min(LEDGERS, runs)) as made:
            parts[part] = {target.name: _read(made.run(), target, part) for target in plan.tested()}
            if part == "scored":
                first = made.years[0]
                parts["start"] = {
                    target.name: _read(made, replace(target, reading=(*target.reading[:-1], first)), part)
                    for target in plan.tested()
                    if target.reading[0] == "world_share"
                }
    if model.how == "shuffle":
        parts = {part: {name: _shuffled(array, plan.seed) for name, array in of.items()} for part, of in parts.items()}
    return Reading(model.name, parts["tuned"], parts["scored"], parts["start"])


def mirrored(world: str) -> Inputs:
    """The inputs of a world in which each importing country votes as the one at the other end of the ranking does."""
    tables = read_world_as_of(world)
    at_home = {tables.codes[tables.us_home], tables.codes[tables.cn_home]}
    points: dict[str, list[float]] = {}
    for row in tables.votes.rows:
        points.setdefault(row["iso3"], []).append(float(row["ideal_point"]))
    order = sorted((code for code in points if code not in at_home), key=lambda code: float(np.mean(points[code])))
    other = dict(zip(order, reversed(order), strict=True))
    rows = [row for row in tables.votes.rows if row["iso3"] in at_home]
    rows += [
        {"iso3": code, "year": str(2000 + place), "ideal_point": repr(point)}
        for code in order
        for place, point in enumerate(points[other[code]])
    ]
    return inputs_of(replace(tables, votes=replace(tables.votes, rows=rows, lines=[0] * len(rows))))


def score(plan: Declared, target: Target, reading: Reading) -> Iterator[Score]:
    """Yield the scores of one target for one model, the primary one first."""
    if target.kind == "level":
        yield _level(target, reading)
        return
    outcome = outcome_of(target)
    if target.kind == "count":
        yield from _count(plan, target, reading, outcome)
        return
    ours = chances(plan, target, reading, outcome).mean(axis=0) if target.kind == "yes-no" else None
    if ours is None:
        ours = reading.scored[target.name][:, -1].mean(axis=0)
    theirs = {name: _baseline(target, name, outcome) for name in target.baselines}
    there = outcome.candidate
    samples = scores.resampled(_blocks(plan, outcome)[there], plan.resamples, plan.seed)
    for name in (target.primary, *target.also):
        rate = scores.YES_NO.get(name, scores.spearman)
        yield _compared(plan, target, reading.model, name, rate, ours[there], _kept(theirs, there),
                        outcome.happened[there], samples)  # fmt: skip


def outcome_of(target: Target) -> outcomes.Outcome:
    """What happened, for a target about countries."""
    name, *arguments = target.outcome
    return getattr(outcomes, name)(*arguments)


def chances(plan: Declared, target: Target, reading: Reading, outcome: outcomes.Outcome, fit_on=None) -> np.ndarray:
    """The model's chances of the event, (runs, countries)."""
    tuned_from = Scenario.load(plan.tuned).years[0]
    tuned, scored = reading.tuned[target.name], reading.scored[target.name]
    if target.reading[0] == "chance_of_sale":
        return predict.hazard_chances(tuned, scored, outcome, tuned_from=tuned_from, fit_on=fit_on)
    first = predict.FITTED_FROM[target.outcome[0]]
    return predict.entry_chances(tuned, scored, outcome, first=first, tuned_from=tuned_from, fit_on=fit_on)


def _read(simulation: Simulation, target: Target, part: str) -> np.ndarray:
    name, *arguments = target.reading
    if name == "world_share" and arguments[-1] > simulation.years[1]:
        return np.zeros(simulation.runs)  # not asked for of these years
    return getattr(observe, name)(simulation, *arguments)


def _shuffled(array: np.ndarray, seed: int) -> np.ndarray:
    """Countries in another order, the same for every reading; what has no countries stays."""
    if array.ndim < 3:
        return array
    return array[..., np.random.default_rng(seed).permutation(array.shape[-1])]


def _blocks(plan: Declared, outcome: outcomes.Outcome) -> np.ndarray:
    inputs = load_inputs("world")
    return plan.block_of([inputs.subregion[inputs.iso3.index(code)] for code in outcome.codes])


def _kept(theirs: dict[str, np.ndarray], there: np.ndarray) -> dict[str, np.ndarray]:
    return {name: values[there] for name, values in theirs.items()}


def _baseline(target: Target, name: str, outcome: outcomes.Outcome) -> np.ndarray:
    return baselines.ranking(name) if target.kind == "ranking" else baselines.yes_no(name, outcome, target.side)


def _best(name: str, values: dict[str, float]) -> str:
    """The baseline that scores best; one that cannot be scored (the same for every country) is never it."""
    known = {one: value for one, value in values.items() if not np.isnan(value)}
    return (max if name in scores.GAINS else min)(known, key=known.__getitem__)


def _compared(plan, target, model, name, rate: Callable, ours, theirs, seen, samples) -> Score:
    """A score of the model beside that of its best baseline, on the same countries."""
    rated = {one: rate(values, seen) for one, values in theirs.items()}
    best = _best(name, rated)
    value, other = rate(ours, seen), rated[best]
    differences = scores.paired(rate, ours, theirs[best], seen, samples)
    low, high = scores.interval(differences, plan.interval)
    is_yes_no = target.kind == "yes-no"
    return Score(
        target=target.name,
        model=model,
        score=name,
        primary=name == target.primary,
        value=value,
        best=best,
        baseline=other,
        skill=float("nan") if name in scores.GAINS else scores.skill(value, other),
        difference=value - other,
        low=low,
        high=high,
        verdict=scores.verdict(name, low, high),
        countries=len(seen),
        events=float(seen.sum()) if is_yes_no else float("nan"),
        foreseen=float(ours.sum()) if is_yes_no else float("nan"),
    )


def _count(plan: Declared, target: Target, reading: Reading, outcome: outcomes.Outcome) -> Iterator[Score]:
    """Counts are scored once, and resampled over the candidates: chances and events of the same countries."""
    there = outcome.candidate
    ours = chances(plan, target, reading, outcome)[:, there]
    draws = predict.counts(chances(plan, target, reading, outcome), outcome, plan.seed)
    theirs = {name: baselines.count(name, outcome, target.side, plan.seed) for name in target.baselines}
    seen, samples = outcome.happened[there], None
    for name in (target.primary, *target.also):
        rate = scores.crps if name == "crps" else _log_of_count
        rated = {one: rate(values, seen.sum()) for one, values in theirs.items()}
        best = _best(name, rated)
        value = rate(draws, seen.sum())
        if samples is None:
            samples = scores.resampled(_blocks(plan, outcome)[there], plan.resamples, plan.seed)
        rng = np.random.default_rng(plan.seed)
        differences = []
        for one in samples[:200]:  # each redraws every count
            again = baselines.drawn_counts(ours[:, one], 500, rng)
            differences.append(rate(again, seen[one].sum()) - rate(theirs[best], seen[one].sum()))
        low, high = scores.interval(np.array(differences), plan.interval)
        yield Score(
            target=target.name, model=reading.model, score=name, primary=name == target.primary, value=value,
            best=best, baseline=rated[best], skill=scores.skill(value, rated[best]), difference=value - rated[best],
            low=low, high=high, verdict=scores.verdict(name, low, high), countries=len(seen),
            events=float(seen.sum()), foreseen=float(draws.mean()),
        )  # fmt: skip


def _log_of_count(draws: np.ndarray, seen: float) -> float:
    return scores.log_of_count(draws, int(seen))


def _level(target: Target, reading: Reading) -> Score:
    """A level: inside or outside its tolerance, by the median over runs."""
    name, *arguments = target.outcome
    seen = getattr(outcomes, name)(*arguments)
    draws = (reading.tuned if target.reading[0] == "lent_a_year" else reading.scored)[target.name]
    value = scores.crps(draws, seen)
    known = {"start_level": reading.start[target.name]} if "start_level" in target.baselines else {}
    rated = {one: scores.crps(values, seen) for one, values in known.items()}
    best = _best(target.primary, rated) if rated else ""
    other = rated.get(best, float("nan"))
    inside = abs(float(np.median(draws)) - seen) <= target.tolerance
    return Score(
        target=target.name, model=reading.model, score=target.primary, primary=True, value=value, best=best,
        baseline=other, skill=scores.skill(value, other) if rated else float("nan"), difference=value - other,
        low=float("nan"), high=float("nan"), verdict="inside" if inside else "outside", countries=0, events=seen,
        foreseen=float(np.median(draws)),
    )  # fmt: skip
