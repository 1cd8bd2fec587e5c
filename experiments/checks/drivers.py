"""Small compiled loops that call the production kernels many times, so that Python can look at them."""

import numpy as np

from stackcraft.model.loop.arithmetic import log
from stackcraft.model.loop.beliefs import quiet_year
from stackcraft.model.loop.choice import NO_WINNER, race_bid, race_stack, weigh
from stackcraft.model.loop.codes import CN, N_BIDS, N_LAYERS, US
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.lifecycle import build_time
from stackcraft.model.loop.loans import service
from stackcraft.model.loop.luck import (
    ARRIVAL,
    CANCEL_CLOCK,
    FINANCE_CLOCK,
    RACE_STACK,
    RACE_VENDOR,
    exponential,
    run_key,
    uniform,
)
from stackcraft.model.loop.run import bids_of
from stackcraft.model.loop.tenders import bass_hazard, bass_step


@compiled
def races(key, number, bids, outside, wins):
    """Draw `number` choices among weighed `bids` (length 1), sites running over country, layer and month.

    Counts into `wins` (N_BIDS + 1,).
    """
    for i in range(number):
        country, layer, month = i % 1000, (i // 1000) % N_LAYERS, i // (1000 * N_LAYERS)
        s, _ = race_stack(key, RACE_STACK, country, layer, month, bids[0], outside)
        if s == NO_WINNER:
            wins[N_BIDS] += 1
        else:
            wins[race_bid(key, RACE_VENDOR, country, layer, month, bids[0], s, -1)] += 1


@compiled
def one_race(key, country, layer, month, bids, outside):
    """Return (winning bid, winning stack, second stack), -1 for none, of one keyed race among `bids` (length 1)."""
    s, second = race_stack(key, RACE_STACK, country, layer, month, bids[0], outside)
    if s == NO_WINNER:
        return -1, -1, second
    return race_bid(key, RACE_VENDOR, country, layer, month, bids[0], s, -1), s, second


@compiled
def one_bid_race(stream, key, country, layer, month, bids, s, excluded):
    """The bid of stack `s` among weighed `bids` (length 1) that wins the race of a stream."""
    return race_bid(key, stream, country, layer, month, bids[0], s, excluded)


def urns(seed, number, draws, start, power, share):
    """Polya urns with the keyed race: U = power ln(count), two stacks of one bid each.

    Fills `share` (number,) of stack 0.
    """
    _urns(seed, number, draws, start, power, bids_of((0.0, 0.0), 1.0, (US, CN)), share)


@compiled
def _urns(seed, number, draws, start, power, bids, share):
    count, both = np.zeros(2), bids[0]
    for i in range(number):
        key = run_key(seed, i)
        count[0], count[1] = start[0], start[1]
        for d in range(draws):
            both.utility[0], both.utility[1] = power * log(count[0]), power * log(count[1])
            weigh(both, 1.0, 0.0)
            s, _ = race_stack(key, RACE_STACK, d % 1000, 0, d // 1000, both, 0.0)
            count[s] += 1.0
        share[i] = count[0] / (count[0] + count[1])


@compiled
def bass_path(innovation, imitation, step_years, share):
    """Expected adoption at multiples of `step_years`; fills `share`, whose first value is where it starts."""
    for i in range(1, share.shape[0]):
        share[i] = bass_step(share[i - 1], innovation, imitation, step_years)


@compiled
def bass_drawn(seed, replicates, number, innovation, imitation, share):
    """Adoption among `number` governments that draw their own months, mean over replicates.

    Fills `share` (months + 1,).
    """
    months = share.shape[0] - 1
    for r in range(replicates):
        key = run_key(seed, r)
        served = np.zeros(number)
        adopted = 0.0
        for t in range(months):
            share[t] += adopted / number / replicates
            h = bass_hazard(innovation, imitation, adopted / number, 1.0, 1.0)
            chance = 1.0 - np.exp(-h / 12.0)
            new = 0.0
            for i in range(number):
                if served[i] == 0.0 and uniform(key, ARRIVAL, i % 1000, i // 1000, t, 0) < chance:
                    served[i] = 1.0
                    new += 1.0
            adopted += new
        share[months] += adopted / number / replicates


@compiled
def schedule(principal, rate, payments, grace, paid):
    """Half-yearly service of a loan.

    Fills `paid` (half-years, 2) with interest and principal, returns what is left.
    """
    outstanding, left, waiting = principal, payments, grace
    for i in range(paid.shape[0]):
        interest, part = service(outstanding, rate, left, waiting)
        if waiting > 0:
            waiting -= 1
        else:
            left -= 1
        paid[i, 0], paid[i, 1] = interest, part
        outstanding -= part
    return outstanding


@compiled
def quiet_years(weight_for, weight_against, prior_for, prior_against, quiet, against, retention):
    """Beliefs after as many years as `quiet` has entries; `against` (years,) arrives in the course of each year."""
    for year in range(quiet.shape[0]):
        weight_against += against[year]
        weight_for, weight_against = quiet_year(
            weight_for, weight_against, prior_for, prior_against, quiet[year], retention
        )
    return weight_for, weight_against


@compiled
def lives(key, number, finance_mean, build_mean, cancel_finance, cancel_build, operates, months):
    """Draw lives of deals as the stages do; fills `operates` (number,) 0/1 and `months` to either end."""
    for i in range(number):
        country, layer, month = i % 1000, (i // 1000) % N_LAYERS, i // (1000 * N_LAYERS)
        financed = exponential(key, FINANCE_CLOCK, country, layer, month, 0) * finance_mean
        cancelled = exponential(key, CANCEL_CLOCK, country, layer, month, 0) / cancel_finance
        if cancelled < financed:
            months[i] = cancelled
            continue
        built = build_time(key, country, layer, month, 0, build_mean)
        cancelled = exponential(key, CANCEL_CLOCK, country, layer, month, 1) / cancel_build
        operates[i] = 1.0 if built <= cancelled else 0.0
        months[i] = financed + min(built, cancelled)


def key_of(seed: int, replicate: int) -> np.uint64:
    """The key of one run, in the type that kernels expect: Python's own integers are signed to them."""
    return np.uint64(run_key(np.uint64(seed), np.uint64(replicate)))
