"""Constants of January at tenders (DESCRIPTION.md, 5): with them what is installed is won, though not everybody bids.

Who comes to a tender differs from one to the next, and with it how strong a stack is there. What decides is mostly
whether its best vendor comes: a stack stays away, comes led by its best vendor, or comes without. At a renewal the
stack that holds the contract comes led by the holder. Whoever else comes enters with what comes in the mean.
"""

from stackcraft.model.loop.arithmetic import exp, log
from stackcraft.model.loop.bids import chance_admitted
from stackcraft.model.loop.choice import weigh_bids
from stackcraft.model.loop.codes import AT_RENEWAL, AT_SALE, N_STACKS, VENDOR_PLACES
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.utility import bid_utilities, held_alone, held_beside, loyalty, of_stack

MOST_OF_ADMITTED = 0.95  # chance that bids which come only in some tenders win where they come, at most
BALANCE_STEPS = 30  # in which constants at sales and at renewals are found, at most
BALANCED = 1e-5  # shares, from which the next step is the last
LONGEST_STEP = 2.0  # log points
USUAL, HELD = 0, 1  # how a stack comes: without and with a contract that ends
AWAY, LED, WITHOUT = range(3)  # cases of a stack that holds nothing


@compiled
def balance_sales(run, c, l, bids, cell):
    """Fill `w.constant_at_sale` of a cell: with it tenders are won by the January shares, though not everybody bids.

    `bids.eligible` must be filled, and `cell.chance` are the shares.
    """
    w = run.state
    for s in range(N_STACKS):
        w.constant_at_sale[c, l, s] = 0.0
    bid_utilities(run, c, l, AT_SALE, 0.0, bids)
    weigh_bids(run, bids)
    who_comes(run, c, l, bids, cell)
    for _ in range(BALANCE_STEPS):
        clear_won(cell)
        win(cell, -1, 1.0, run.market.outside)
        if step_towards(cell):
            break
    for s in range(N_STACKS):
        if cell.before[s] > 0.0:
            w.constant_at_sale[c, l, s] = run.parameters.start_shrink * log(cell.factor[s])


@compiled
def balance_renewals(run, c, l, bids, cell):
    """Fill `w.constant_at_renewal` of a cell: with it as much leaves each stack at renewals as comes to it.

    Who holds a contract is more likely to keep it, and bids for certain, so that a stack with much would win year by
    year from one with little. `bids.eligible` must be filled, and `cell.chance` are the shares.
    """
    w = run.state
    for v in range(VENDOR_PLACES):
        bids.held[v] = 0.0
    for s in range(N_STACKS):
        w.constant_at_renewal[c, l, s] = 0.0
    bid_utilities(run, c, l, AT_RENEWAL, 0.0, bids)
    weigh_bids(run, bids)
    who_comes(run, c, l, bids, cell)
    who_holds(run, c, l, bids, cell)
    for _ in range(BALANCE_STEPS):
        clear_won(cell)
        for s in range(N_STACKS):
            if cell.before[s] > 0.0:
                win(cell, s, cell.chance[s], run.market.outside)
        if step_towards(cell):
            break
    for s in range(N_STACKS):
        if cell.before[s] > 0.0:
            w.constant_at_renewal[c, l, s] = run.parameters.start_shrink * log(cell.factor[s])


@compiled
def chance_of_coming(run, c, v):
    """Chance that a vendor that may sell bids in an unsupported tender and is considered."""
    chance = run.market.chance_bid[c, v] if run.on.go_no_go else 1.0
    return chance * run.market.chance_considered[c, v] if run.on.consideration else chance


@compiled
def mean_value(p, total, number):
    """Weight of a stack where `number` of its bids come in the mean, with the weights `total` in all."""
    return exp(p.nest_scale * (log(total) - p.count_correction * log(number)))


@compiled
def who_comes(run, c, l, bids, cell):
    """Fill, for bids that are weighed, how each stack comes to a tender in which it holds nothing: three cases.

    `cell.comes`: the chance that one of its vendors comes; `cell.before`: its mean weight then; `cell.factor`: 1. A
    stack that never bids has the weight 0.
    """
    for v in range(VENDOR_PLACES):
        cell.vendors[v] = chance_of_coming(run, c, v) if bids.eligible[v] > 0.0 else 0.0
    for s in range(N_STACKS):
        admitted = of_stack(s, chance_admitted(run, c, l, 0), chance_admitted(run, c, l, 1), 1.0)
        best, missing, total, number = -1, 1.0, 0.0, 0.0
        for v in range(VENDOR_PLACES):
            if run.facts.vendor_stack[v] != s or cell.vendors[v] <= 0.0:
                continue
            ahead = best < 0 or bids.weight[v] > bids.weight[best]
            if ahead or (bids.weight[v] == bids.weight[best] and cell.vendors[v] > cell.vendors[best]):
                best = v
        cell.cases[USUAL, s] = 3
        for i in range(3):
            cell.case[USUAL, s, i], cell.weight[USUAL, s, i] = 0.0, 0.0
        cell.admitted[s], cell.comes[s], cell.before[s], cell.factor[s] = admitted, 0.0, 0.0, 1.0
        if best < 0:
            cell.case[USUAL, s, AWAY] = 1.0
            continue
        for v in range(VENDOR_PLACES):
            if v != best and run.facts.vendor_stack[v] == s and cell.vendors[v] > 0.0:
                missing *= 1.0 - cell.vendors[v]
                total += cell.vendors[v] * bids.weight[v]
                number += cell.vendors[v]
        led, without = cell.vendors[best], (1.0 - cell.vendors[best]) * (1.0 - missing)
        cell.case[USUAL, s, LED] = admitted * led
        cell.weight[USUAL, s, LED] = mean_value(run.parameters, bids.weight[best] + total, 1.0 + number)
        if without > 0.0:
            cell.case[USUAL, s, WITHOUT] = admitted * without
            cell.weight[USUAL, s, WITHOUT] = mean_value(
                run.parameters, total / (1.0 - missing), number / (1.0 - missing)
            )
        cell.case[USUAL, s, AWAY] = 1.0 - admitted * (led + without)
        cell.comes[s] = admitted * (led + without)
        cell.before[s] = (led * cell.weight[USUAL, s, LED] + without * cell.weight[USUAL, s, WITHOUT]) / (led + without)


@compiled
def who_holds(run, c, l, bids, cell):
    """Fill how each stack comes to a renewal of its own: led by one of its vendors, by what each has installed.

    `who_comes` must have been called.
    """
    p, k, lam = run.parameters, run.facts, loyalty(run, c, l)
    for s in range(N_STACKS):
        installed, sellers = 0.0, 0.0
        for v in range(VENDOR_PLACES):
            if k.vendor_stack[v] == s and cell.vendors[v] > 0.0:
                installed += k.installed[c, l, v]
                sellers += 1.0
        cell.case[HELD, s, 0], cell.weight[HELD, s, 0] = 1.0 - cell.admitted[s], 0.0
        cases = 1
        for holder in range(VENDOR_PLACES):
            if k.vendor_stack[holder] != s or cell.vendors[holder] <= 0.0:
                continue
            part = k.installed[c, l, holder] / installed if installed > 0.0 else 1.0 / sellers
            if part <= 0.0:
                continue
            total, number = 0.0, 1.0
            for v in range(VENDOR_PLACES):
                if v != holder and k.vendor_stack[v] == s and cell.vendors[v] > 0.0:
                    total += cell.vendors[v] * bids.weight[v] * exp(held_beside(run, c, v, lam) / p.nest_scale)
                    number += cell.vendors[v]
            total += bids.weight[holder] * exp(held_alone(run, c, l, holder, lam) / p.nest_scale)
            cell.case[HELD, s, cases] = cell.admitted[s] * part
            cell.weight[HELD, s, cases] = mean_value(p, total, number)
            cases += 1
        cell.cases[HELD, s] = cases


@compiled
def clear_won(cell):
    """Nothing is won so far."""
    for s in range(N_STACKS):
        cell.won[s] = 0.0
        for j in range(N_STACKS):
            cell.between[s, j] = 0.0


@compiled
def win(cell, holder, times, outside):
    """Add `times` the chances of the stacks to `cell.won`, over all cases of who comes.

    Stack `holder` holds the contract that ends, -1 = none. `outside`: the weight of buying nothing. `cell.between`
    gets the means of the products of two stacks' chances; on its diagonal, of a stack's and that of buying nothing.
    """
    us_as, cn_as, own_as = (
        HELD if holder == 0 else USUAL,
        HELD if holder == 1 else USUAL,
        HELD if holder == 2 else USUAL,
    )
    between = cell.between
    for i in range(cell.cases[us_as, 0]):
        us = cell.factor[0] * cell.weight[us_as, 0, i]
        for j in range(cell.cases[cn_as, 1]):
            cn = cell.factor[1] * cell.weight[cn_as, 1, j]
            case = times * cell.case[us_as, 0, i] * cell.case[cn_as, 1, j]
            if case <= 0.0:
                continue
            one, own_one, two, own_two = 0.0, 0.0, 0.0, 0.0
            for m in range(cell.cases[own_as, 2]):
                own = cell.factor[2] * cell.weight[own_as, 2, m]
                part = 1.0 / max(outside + us + cn + own, 1e-300)
                here = cell.case[own_as, 2, m] * part
                one += here
                own_one += here * own
                two += here * part
                own_two += here * part * own
            cell.won[0] += case * one * us
            cell.won[1] += case * one * cn
            cell.won[2] += case * own_one
            between[0, 1] += case * two * us * cn
            between[0, 2] += case * own_two * us
            between[1, 2] += case * own_two * cn
            between[0, 0] += case * two * us * outside
            between[1, 1] += case * two * cn * outside
            between[2, 2] += case * own_two * outside


@compiled
def step_towards(cell):
    """Scale `cell.factor` so that what is won comes to `cell.chance`, among what is bought; True if it was near.

    A step of Newton's method on the logarithms of the factors. The mean weight of the stacks stays, and with it the
    chance that nothing is bought. No stack can win more than nearly all tenders in which it bids.
    """
    won, between, x = cell.won, cell.between, cell.step
    bought, goals = max(won[0] + won[1] + won[2], 1e-300), 0.0
    between[1, 0], between[2, 0], between[2, 1] = between[0, 1], between[0, 2], between[1, 2]
    level = 0.0
    for s in range(N_STACKS):
        x[s] = 0.0
        if cell.before[s] > 0.0:
            x[s] = max(min(cell.chance[s], MOST_OF_ADMITTED * cell.comes[s] / bought), 1e-9)
            goals += x[s]
            level += cell.comes[s] * cell.factor[s] * cell.before[s]
    away, missed = 0.0, 0.0
    for s in range(N_STACKS):
        if cell.before[s] > 0.0:
            goal, now = x[s] / goals, max(won[s] / bought, 1e-12)
            away = max(away, abs(now - goal))
            x[s] = now * log(goal / now)
            missed += x[s]
    for s in range(N_STACKS):
        for j in range(N_STACKS):
            cell.slope[s, j] = 1.0 if s == j else 0.0
        if cell.before[s] <= 0.0:
            continue
        now = won[s] / bought
        x[s] -= now * missed
        for j in range(N_STACKS):
            if cell.before[j] > 0.0:
                # What a stack gains by its own weight it takes from the others and from nothing.
                gains = -between[s, j] if s != j else between[s, 0] + between[s, 1] + between[s, 2]
                part = cell.comes[j] * cell.factor[j] * cell.before[j] / level
                cell.slope[s, j] = (gains - now * between[j, j]) / bought + now * part
    solve(cell.slope, x)
    scaled, start = 0.0, 0.0
    for s in range(N_STACKS):
        if cell.before[s] > 0.0:
            start += cell.comes[s] * cell.before[s]
            cell.factor[s] *= exp(min(max(x[s], -LONGEST_STEP), LONGEST_STEP))
            scaled += cell.comes[s] * cell.factor[s] * cell.before[s]
    for s in range(N_STACKS):
        cell.factor[s] *= start / max(scaled, 1e-300)
    return away < BALANCED


@compiled
def solve(a, x):
    """Solve the three equations `a` y = `x` by Cramer's rule; y takes the place of x."""
    first = a[1, 1] * a[2, 2] - a[1, 2] * a[2, 1]
    second = a[1, 2] * a[2, 0] - a[1, 0] * a[2, 2]
    third = a[1, 0] * a[2, 1] - a[1, 1] * a[2, 0]
    whole = a[0, 0] * first + a[0, 1] * second + a[0, 2] * third
    if abs(whole) < 1e-300:
        return
    us = x[0] * first
    us += x[1] * (a[0, 2] * a[2, 1] - a[0, 1] * a[2, 2]) + x[2] * (a[0, 1] * a[1, 2] - a[0, 2] * a[1, 1])
    cn = x[0] * second
    cn += x[1] * (a[0, 0] * a[2, 2] - a[0, 2] * a[2, 0]) + x[2] * (a[0, 2] * a[1, 0] - a[0, 0] * a[1, 2])
    own = x[0] * third
    own += x[1] * (a[0, 1] * a[2, 0] - a[0, 0] * a[2, 1]) + x[2] * (a[0, 0] * a[1, 1] - a[0, 1] * a[1, 0])
    x[0], x[1], x[2] = us / whole, cn / whole, own / whole
