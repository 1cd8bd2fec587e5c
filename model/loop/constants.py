"""Constants of January (DESCRIPTION.md, 5): what lets buyers choose, and tenders be won by, what is installed."""

from stackcraft.model.loop.arithmetic import log
from stackcraft.model.loop.balance import MOST_OF_ADMITTED, balance_renewals, balance_sales
from stackcraft.model.loop.bids import chance_admitted, may_sell
from stackcraft.model.loop.choice import all_weights, chances_if_admitted, weigh_bids
from stackcraft.model.loop.codes import AMONG_ALL, N_BIDS, N_LAYERS, N_STACKS, VENDOR_PLACES
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.utility import bid_utilities, clear_base, country_terms, of_stack

SOLVED = 1e-6  # log points, or shares where buyers satisfice, to which the constants are found
STEP_SHRINKS, SHORTEST_STEP = 0.85, 0.01  # in log points, for buyers that satisfice
LEAST_CHANCE = 0.003  # that a stack which may sell is given in a country where it has nothing
ADMITTED_STEPS = 40  # in which the weights of stacks are found whose bids come only in some tenders
SPLIT_STEPS = 100  # in which a cell's shares are split among the stacks whose sales they are made of


@compiled
def weigh_admitted(run, c, l, bids):
    """Weigh the bids; the weights of the stacks are their chances where something is bought, whoever is admitted."""
    weigh_bids(run, bids)
    open_us, open_cn = chance_admitted(run, c, l, 0), chance_admitted(run, c, l, 1)
    us, cn, own, _ = chances_if_admitted(bids, 0.0, open_us, open_cn)
    bids.stack_weight[0], bids.stack_weight[1], bids.stack_weight[2] = us, cn, own


@compiled
def solve_constants(run, bids, steps):  # noqa: C901  (one solver, kept in one kernel)
    """Solve constants per layer and stack (US = 0) that give the first January's shares of the world.

    xi += ln(target / model) relative to the first stack, on demand-weighted shares among what is bought, at mean
    tastes. For buyers who are all alike one step would do, so no damping is needed. Shares of buyers that satisfice
    move in jumps, by a country at a time: there steps are bounded and shrink, and the constants that came closest are
    kept.
    """
    w, p, k = run.state, run.parameters, run.facts
    set_constants(run, -1, 0.0, 0.0)
    for b in range(N_BIDS):
        bids.eligible[b], bids.utility[b] = 0.0, -50.0
    for l in range(N_LAYERS):
        goal_0, goal_1, goal_2 = 0.0, 0.0, 0.0
        for c in range(run.facts.countries):
            goal_0 += w.demand[c, l] * w.share[c, l, 0]
            goal_1 += w.demand[c, l] * w.share[c, l, 1]
            goal_2 += w.demand[c, l] * w.share[c, l, 2]
        goal = goal_0 + goal_1 + goal_2
        if goal <= 0.0:
            continue  # a layer that does not exist yet: nothing says whom buyers will prefer
        length, closest, closest_1, closest_2 = 1.0, 1e300, 0.0, 0.0
        now_1, now_2 = 0.0, 0.0
        for _ in range(steps):
            model_0, model_1, model_2 = 0.0, 0.0, 0.0
            for c in range(run.facts.countries):
                clear_base(bids)
                country_terms(run, c, bids)
                bid_utilities(run, c, l, AMONG_ALL, 0.0, bids)
                for v in range(VENDOR_PLACES):
                    bids.eligible[v] = 1.0 if may_sell(run, c, l, v) else 0.0
                weigh_admitted(run, c, l, bids)
                bought = max(all_weights(bids, 0.0), 1e-300)
                for v in range(VENDOR_PLACES):
                    chance = (
                        bids.stack_weight[k.vendor_stack[v]]
                        / bought
                        * bids.weight[v]
                        / max(bids.stack_sum[k.vendor_stack[v]], 1e-300)
                    )
                    model_0 += w.demand[c, l] * chance * run.market.attribution[l, v, 0]
                    model_1 += w.demand[c, l] * chance * run.market.attribution[l, v, 1]
                    model_2 += w.demand[c, l] * chance * run.market.attribution[l, v, 2]
            model = max(model_0 + model_1 + model_2, 1e-300)
            step_0 = log(max(goal_0 / goal, 1e-6) / max(model_0 / model, 1e-9))
            step_1 = log(max(goal_1 / goal, 1e-6) / max(model_1 / model, 1e-9))
            step_2 = log(max(goal_2 / goal, 1e-6) / max(model_2 / model, 1e-9))
            if goal_1 <= 0.0 and model_1 <= 0.0:  # a stack that does not sell yet
                step_1 = step_0
            if goal_2 <= 0.0 and model_2 <= 0.0:
                step_2 = step_0
            if p.satisficing > 0.5:
                gap = (
                    abs(model_0 / model - goal_0 / goal)
                    + abs(model_1 / model - goal_1 / goal)
                    + abs(model_2 / model - goal_2 / goal)
                )
                if gap < closest - SOLVED:  # the sums are rounded, and many constants give the same shares
                    closest, closest_1, closest_2 = gap, now_1, now_2
                if length < SHORTEST_STEP:
                    break
                now_1 += length * min(max(step_1 - step_0, -1.0), 1.0)
                now_2 += length * min(max(step_2 - step_0, -1.0), 1.0)
                set_constants(run, l, now_1, now_2)
                length *= STEP_SHRINKS
                continue
            now_1 = min(max(now_1 + step_1 - step_0, -12.0), 12.0)
            now_2 = min(max(now_2 + step_2 - step_0, -12.0), 12.0)
            set_constants(run, l, now_1, now_2)
            if abs(step_1 - step_0) < SOLVED and abs(step_2 - step_0) < SOLVED:
                break
        if p.satisficing > 0.5:
            set_constants(run, l, closest_1, closest_2)


@compiled
def set_constants(run, layer, cn, own):
    """Write the world's constants of a layer (-1 = every layer) for all countries; that of the US is 0."""
    w = run.state
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            if layer < 0 or l == layer:
                w.constant[c, l, 0], w.constant[c, l, 1], w.constant[c, l, 2] = 0.0, cn, own


@compiled
def solve_own_constants(run, x):
    """Add to the world's constants `start_shrink` of what meets each country's own January shares, at its tastes.

    A constant multiplies a stack's weight, so that what meets given chances follows at once: ln(chance / weight). The
    sum of the weights stays, and with it the chance that nothing is bought. Buyers that satisfice go by no weights:
    theirs stay the world's.
    """
    w, p = run.state, run.parameters
    bids, cell = x.bids, x.start
    if p.satisficing > 0.5:
        return
    for c in range(run.facts.countries):
        clear_base(bids)
        country_terms(run, c, bids)
        for l in range(N_LAYERS):
            bid_utilities(run, c, l, AMONG_ALL, 0.0, bids)
            for v in range(VENDOR_PLACES):
                bids.eligible[v] = 1.0 if may_sell(run, c, l, v) else 0.0
            weigh_bids(run, bids)
            total = max(all_weights(bids, 0.0), 1e-300)
            for s in range(N_STACKS):
                # What runs of those who may no longer sell is nobody's goal.
                cell.goal[s] = w.share[c, l, s] if bids.stack_weight[s] > 0.0 else 0.0
                for j in range(N_STACKS):
                    cell.made_of[s, j] = 0.0
            for v in range(VENDOR_PLACES):
                s = run.facts.vendor_stack[v]
                part = bids.weight[v] / max(bids.stack_sum[s], 1e-300)
                for j in range(N_STACKS):
                    cell.made_of[s, j] += part * run.market.attribution[l, v, j]
            split(bids, cell)
            for s in range(N_STACKS):
                cell.before[s] = bids.stack_weight[s]
            meet(run, c, l, bids, cell, total)
            for s in range(N_STACKS):
                if cell.before[s] > 0.0:
                    w.constant[c, l, s] += p.start_shrink * log(bids.stack_weight[s] / cell.before[s])
            balance_sales(run, c, l, bids, cell)
            balance_renewals(run, c, l, bids, cell)


@compiled
def meet(run, c, l, bids, cell, total):
    """Scale the weights of the stacks, `total` in all, so that their chances are `cell.chance`.

    At once where all are admitted for sure. Where a home's bids come only in some tenders they must win more of those,
    up to nearly all.
    """
    open_us, open_cn = chance_admitted(run, c, l, 0), chance_admitted(run, c, l, 1)
    for _ in range(ADMITTED_STEPS):
        us, cn, own, _ = chances_if_admitted(bids, 0.0, open_us, open_cn)
        sum_of_all = 0.0
        for s in range(N_STACKS):
            if bids.stack_weight[s] > 0.0:
                goal = min(cell.chance[s], MOST_OF_ADMITTED * of_stack(s, open_us, open_cn, 1.0))
                bids.stack_weight[s] *= goal / max(of_stack(s, us, cn, own), 1e-9)
                sum_of_all += bids.stack_weight[s]
        for s in range(N_STACKS):
            bids.stack_weight[s] *= total / max(sum_of_all, 1e-300)
        if open_us >= 1.0 and open_cn >= 1.0:
            return


@compiled
def split(bids, cell):
    """Fill `cell.chance`: chances of the stacks' sales whose parts come closest to `cell.goal`.

    Expectation-maximisation: `q_s *= sum_j made_of[s, j] goal_j / (sum_s' q_s' made_of[s', j])`. Chances stay positive,
    and shares that nobody who may sell can meet are left to the others.
    """
    number = 0.0
    for s in range(N_STACKS):
        number += 1.0 if bids.stack_weight[s] > 0.0 else 0.0
    for s in range(N_STACKS):
        cell.chance[s] = 1.0 / number if bids.stack_weight[s] > 0.0 else 0.0
    for _ in range(SPLIT_STEPS):
        us, cn, own = 0.0, 0.0, 0.0
        for s in range(N_STACKS):
            us += cell.chance[s] * cell.made_of[s, 0]
            cn += cell.chance[s] * cell.made_of[s, 1]
            own += cell.chance[s] * cell.made_of[s, 2]
        us, cn, own = cell.goal[0] / max(us, 1e-9), cell.goal[1] / max(cn, 1e-9), cell.goal[2] / max(own, 1e-9)
        moved, total = 0.0, 0.0
        for s in range(N_STACKS):
            before = cell.chance[s]
            cell.chance[s] *= cell.made_of[s, 0] * us + cell.made_of[s, 1] * cn + cell.made_of[s, 2] * own
            moved = max(moved, abs(cell.chance[s] - before))
            total += cell.chance[s]
        if moved < SOLVED:
            break
    whole = 0.0
    for s in range(N_STACKS):
        if bids.stack_weight[s] > 0.0:
            cell.chance[s] = max(cell.chance[s] / max(total, 1e-300), LEAST_CHANCE)
        whole += cell.chance[s]
    for s in range(N_STACKS):
        cell.chance[s] /= max(whole, 1e-300)
