"""The rule of choice, a nested logit or satisficing, and the keyed race that draws from either (DESCRIPTION.md, 7.4).

Nests are the stacks; buying nothing is an option of its own. A race of exponentials (`argmin -ln(u) / weight`) draws a stack or
nothing, then a bid within it. Raising one bid's utility can only switch winners to it, never between two others.

A buyer that satisfices takes any bid that is good enough as gladly as another. There, a bid that is raised above all others raises the
bar: bids that drop below it no longer win, and what they would have won may go to any bid that is still good enough.
"""

import numpy as np

from model.loop.arithmetic import exp, log
from model.loop.compiled import compiled
from model.loop.luck import exponential
from model.loop.sizes import BIDS, STACKS

NOTHING = -1
NEVER_BOUGHT = 1e300  # weight of buying nothing where no bid is worth it: any other weight is lost beside it, and it wins every race
MOST_RAISED = 50.0  # keeps the exponential finite
LOG_COUNT = np.log(np.maximum(np.arange(BIDS + 1), 1))


@compiled
def weigh(utility, eligible, stack, nest_scale, correction, weight, stack_sum, stack_weight, stack_count):
    """Fill bid weights exp(U/mu) of those `eligible` (1, else 0), and each stack's weight exp(mu I_s) with I_s = ln sum exp(U/mu) - correction ln n_s."""
    inverse = 1.0 / nest_scale
    for i in range(BIDS):
        weight[i] = exp(utility[i] * inverse) if eligible[i] > 0.0 else 0.0  # apart from the sums, so that it vectorises
    us, cn, own, n_us, n_cn, n_own = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for i in range(BIDS):
        s, value, one = stack[i], weight[i], eligible[i]
        us += value if s == 0 else 0.0
        cn += value if s == 1 else 0.0
        own += value if s == 2 else 0.0
        n_us += one if s == 0 else 0.0
        n_cn += one if s == 1 else 0.0
        n_own += one if s == 2 else 0.0
    stack_sum[0], stack_sum[1], stack_sum[2] = us, cn, own
    stack_count[0], stack_count[1], stack_count[2] = n_us, n_cn, n_own
    for s in range(STACKS):
        stack_weight[s] = stack_value(stack_sum[s], stack_count[s], nest_scale, correction)


@compiled
def stack_value(total, count, nest_scale, correction):
    """exp(mu I_s) of one stack; 0 where it has no bid."""
    if total <= 0.0:
        return 0.0
    return exp(nest_scale * (log(total) - correction * LOG_COUNT[int(count)]))


@compiled
def weigh_good_enough(utility, eligible, stack, margin, outside_option, weight, stack_sum, stack_weight):
    """Fill weights of 1 for those of `eligible` within `margin` of the best of them, else 0, and how many of these each stack has.

    Returns the weight of buying nothing: 0 if the best is worth at least `outside_option`. After Simon (1955): no bid that is good
    enough is preferred to another.
    """
    best = -1e300
    for i in range(BIDS):
        if eligible[i] > 0.0:
            best = max(best, utility[i])
    for s in range(STACKS):
        stack_sum[s] = 0.0
    for i in range(BIDS):
        weight[i] = 1.0 if eligible[i] > 0.0 and utility[i] >= best - margin else 0.0
        stack_sum[stack[i]] += weight[i]
    for s in range(STACKS):
        stack_weight[s] = stack_sum[s]
    return 0.0 if best >= outside_option else NEVER_BOUGHT


@compiled
def good_enough_if_raised(utility, eligible, stack, margin, outside_option, s, lift):
    """Share of stack `s` in the bids that would be good enough if its own were worth `lift` more; 0 where nothing would be bought."""
    best = -1e300
    for i in range(BIDS):
        if eligible[i] > 0.0:
            best = max(best, utility[i] + (lift if stack[i] == s else 0.0))
    if best < outside_option:
        return 0.0
    own, all_of_them = 0.0, 0.0
    for i in range(BIDS):
        if eligible[i] > 0.0 and utility[i] + (lift if stack[i] == s else 0.0) >= best - margin:
            own += 1.0 if stack[i] == s else 0.0
            all_of_them += 1.0
    return own / all_of_them


@compiled
def weigh_bids(p, x):
    """Weigh the bids in the workspace by the run's rule of choice; returns the weight of buying nothing."""
    if p.satisficing > 0.5:
        return weigh_good_enough(
            x.utility, x.eligible, x.stack, p.satisficing_margin, p.outside_option, x.weight, x.stack_sum, x.stack_weight)
    weigh(x.utility, x.eligible, x.stack, p.nest_scale, p.count_correction, x.weight, x.stack_sum, x.stack_weight, x.stack_count)
    return exp(p.outside_option)


@compiled
def probability_if_raised(p, x, total, s, lift):
    """P(s) of bids weighed by `weigh_bids`, had those of stack `s` been worth `lift` more; `total`: all weights and that of nothing."""
    if p.satisficing > 0.5:
        return good_enough_if_raised(x.utility, x.eligible, x.stack, p.satisficing_margin, p.outside_option, s, lift)
    raised = exp(min(lift, MOST_RAISED)) * x.stack_weight[s]
    return raised / (total - x.stack_weight[s] + raised)


@compiled
def probability_of_stack(stack_weight, outside, s):
    """P(s); `outside` is the weight of buying nothing, 0 where something must be bought."""
    total = outside
    for i in range(STACKS):
        total += stack_weight[i]
    return stack_weight[s] / max(total, 1e-300)


@compiled
def race_stack(key, stream, country, layer, month, stack_weight, outside):
    """The stack that wins, or NOTHING, and the second stack (NOTHING if there is no other). Slot 3 draws for nothing."""
    best, second = NOTHING, NOTHING
    best_time, second_time = 1e300, 1e300
    for s in range(STACKS):
        if stack_weight[s] <= 0.0:
            continue
        time = exponential(key, stream, country, layer, month, s) / stack_weight[s]
        if time < best_time:
            second, second_time = best, best_time
            best, best_time = s, time
        elif time < second_time:
            second, second_time = s, time
    if outside > 0.0 and exponential(key, stream, country, layer, month, STACKS) / outside < best_time:
        return NOTHING, best
    return best, second


@compiled
def race_bid(key, stream, country, layer, month, weight, stack, s, number, excluded):
    """The bid of stack `s` that wins within it; `number` gives each bid's own number, `excluded` may not win; NOTHING if none."""
    best, best_time = NOTHING, 1e300
    for i in range(BIDS):
        if stack[i] != s or weight[i] <= 0.0 or i == excluded:
            continue
        time = exponential(key, stream, country, layer, month, number[i]) / weight[i]
        if time < best_time:
            best, best_time = i, time
    return best
