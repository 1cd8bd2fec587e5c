"""The rule of choice, a nested logit or satisficing, and the keyed race that draws from either (DESCRIPTION.md, 7.4).

Nests are the stacks; buying nothing is an option of its own. A race of exponentials (`argmin -ln(u) / weight`) draws a
stack or nothing, then a bid within it. Raising one bid's utility can only switch winners to it, never between two
others.

A buyer that satisfices takes any bid that is good enough as gladly as another. There, a bid that is raised above all
others raises the bar: bids that drop below it no longer win, and what they would have won may go to any bid that is
still good enough.
"""

import numpy as np

from stackcraft.model.loop.arithmetic import exp, log
from stackcraft.model.loop.codes import CN, INDEPENDENT, N_BIDS, N_STACKS, US
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.luck import exponential

NO_WINNER = -1
# Weight of buying nothing where no bid is worth it: any other weight is lost beside it, and it wins every race
NEVER_BOUGHT = 1e300
MOST_RAISED = 50.0  # keeps the exponential finite
LOG_COUNT = np.log(np.maximum(np.arange(N_BIDS + 1), 1))


@compiled
def weigh(bids, nest_scale, correction):
    """Fill bid weights exp(U/mu) of those eligible, and each stack's weight exp(mu I_s) with I_s = ln sum exp(U/mu) -
    correction ln n_s.
    """
    inverse = 1.0 / nest_scale
    for i in range(N_BIDS):
        bids.weight[i] = (
            exp(bids.utility[i] * inverse) if bids.eligible[i] > 0.0 else 0.0
        )  # apart from the sums, so that it vectorises
    us, cn, own, n_us, n_cn, n_own = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(N_BIDS):
        s, value, bid = bids.stack[i], bids.weight[i], bids.eligible[i]
        us += value if s == US else 0.0
        cn += value if s == CN else 0.0
        own += value if s == INDEPENDENT else 0.0
        n_us += bid if s == US else 0.0
        n_cn += bid if s == CN else 0.0
        n_own += bid if s == INDEPENDENT else 0.0
    bids.stack_sum[0], bids.stack_sum[1], bids.stack_sum[2] = us, cn, own
    bids.stack_count[0], bids.stack_count[1], bids.stack_count[2] = n_us, n_cn, n_own
    for s in range(N_STACKS):
        bids.stack_weight[s] = stack_value(bids.stack_sum[s], bids.stack_count[s], nest_scale, correction)


@compiled
def stack_value(total, count, nest_scale, correction):
    """exp(mu I_s) of one stack; 0 where it has no bid."""
    if total <= 0.0:
        return 0.0
    return exp(nest_scale * (log(total) - correction * LOG_COUNT[int(count)]))


@compiled
def weigh_good_enough(bids, margin, outside_option):
    """Fill weights of 1 for those eligible within `margin` of the best of them, else 0, and how many of either each
    stack has.

    Returns the weight of buying nothing: 0 if the best is worth at least `outside_option`. After Simon (1955): no bid
    that is good enough is preferred to another.
    """
    best = -1e300
    for s in range(N_STACKS):
        bids.stack_sum[s], bids.stack_count[s] = 0.0, 0.0
    for i in range(N_BIDS):
        bids.stack_count[bids.stack[i]] += bids.eligible[i]
        if bids.eligible[i] > 0.0:
            best = max(best, bids.utility[i])
    for i in range(N_BIDS):
        bids.weight[i] = 1.0 if bids.eligible[i] > 0.0 and bids.utility[i] >= best - margin else 0.0
        bids.stack_sum[bids.stack[i]] += bids.weight[i]
    for s in range(N_STACKS):
        bids.stack_weight[s] = bids.stack_sum[s]
    return 0.0 if best >= outside_option else NEVER_BOUGHT


@compiled
def good_enough_if_raised(bids, margin, outside_option, s, lift):
    """Share of stack `s` in the bids that would be good enough if its own were worth `lift` more.

    0 where nothing would be bought.
    """
    best = -1e300
    for i in range(N_BIDS):
        if bids.eligible[i] > 0.0:
            best = max(best, bids.utility[i] + (lift if bids.stack[i] == s else 0.0))
    if best < outside_option:
        return 0.0
    own, all_of_them = 0.0, 0.0
    for i in range(N_BIDS):
        if bids.eligible[i] > 0.0 and bids.utility[i] + (lift if bids.stack[i] == s else 0.0) >= best - margin:
            own += 1.0 if bids.stack[i] == s else 0.0
            all_of_them += 1.0
    return own / all_of_them


@compiled
def weigh_bids(run, bids):
    """Weigh the bids by the run's rule of choice; returns the weight of buying nothing."""
    p = run.parameters
    if p.satisficing > 0.5:
        return weigh_good_enough(bids, p.satisficing_margin, p.outside_option)
    weigh(bids, p.nest_scale, p.count_correction)
    return run.market.outside


@compiled
def all_weights(bids, outside):
    """Weights of all stacks and of buying nothing."""
    return outside + bids.stack_weight[0] + bids.stack_weight[1] + bids.stack_weight[2]


@compiled
def probability_if_raised(p, bids, total, s, lift):
    """P(s) of bids weighed by `weigh_bids`, had those of stack `s` been worth `lift` more.

    `total`: all weights and that of nothing.
    """
    if p.satisficing > 0.5:
        return good_enough_if_raised(bids, p.satisficing_margin, p.outside_option, s, lift)
    raised = exp(min(lift, MOST_RAISED)) * bids.stack_weight[s]
    return raised / (total - bids.stack_weight[s] + raised)


@compiled
def probability_of_stack(bids, outside, s):
    """P(s); `outside` is the weight of buying nothing, 0 where something must be bought."""
    return bids.stack_weight[s] / max(all_weights(bids, outside), 1e-300)


@compiled
def chances_if_admitted(bids, outside, open_us, open_cn):
    """P(US), P(CN), P(independent) and P(nothing) where each home's bids may come or stay away.

    `open_us` and `open_cn`: the chances that they come, apart from each other. Exact for the nested logit; of buyers
    that satisfice, who is good enough is judged with all bids in.
    """
    chance_us, chance_cn, chance_own, nothing = 0.0, 0.0, 0.0, 0.0
    for us in range(2):
        for cn in range(2):
            weight_us, weight_cn = us * bids.stack_weight[US], cn * bids.stack_weight[CN]
            case = (open_us if us == 1 else 1.0 - open_us) * (open_cn if cn == 1 else 1.0 - open_cn)
            total = outside + weight_us + weight_cn + bids.stack_weight[INDEPENDENT]
            if total <= 0.0:
                nothing += case
                continue
            chance_us += case * (weight_us / total)
            chance_cn += case * (weight_cn / total)
            chance_own += case * (bids.stack_weight[INDEPENDENT] / total)
            nothing += case * (outside / total)
    return chance_us, chance_cn, chance_own, nothing


@compiled
def race_stack(key, stream, country, layer, month, bids, outside):
    """The stack that wins, or NO_WINNER, and the second stack (NO_WINNER if there is no other).

    Slot 3 draws for nothing.
    """
    best, second = NO_WINNER, NO_WINNER
    best_time, second_time = 1e300, 1e300
    for s in range(N_STACKS):
        if bids.stack_weight[s] <= 0.0:
            continue
        time = exponential(key, stream, country, layer, month, s) / bids.stack_weight[s]
        if time < best_time:
            second, second_time = best, best_time
            best, best_time = s, time
        elif time < second_time:
            second, second_time = s, time
    if outside > 0.0 and exponential(key, stream, country, layer, month, N_STACKS) / outside < best_time:
        return NO_WINNER, best
    return best, second


@compiled
def race_bid(key, stream, country, layer, month, bids, s, excluded):
    """The bid of stack `s` that wins within it; `excluded` may not win; NO_WINNER if none.

    Each bid draws by its own number.
    """
    best, best_time = NO_WINNER, 1e300
    for i in range(N_BIDS):
        if bids.stack[i] != s or bids.weight[i] <= 0.0 or i == excluded:
            continue
        time = exponential(key, stream, country, layer, month, bids.number[i]) / bids.weight[i]
        if time < best_time:
            best, best_time = i, time
    return best
