"""What is counted when a tender is decided."""

from stackcraft.model.loop.choice import all_weights, probability_if_raised, probability_of_stack
from stackcraft.model.loop.codes import N_HOMES, N_STACKS, PACKAGE, T_REGULATION
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.public_support import contest_tercile
from stackcraft.model.loop.utility import reach_of_support


@compiled
def count_bids(run, bids, c):
    """Single bids considered, and how many the clearer buyers saw."""
    clear = run.facts.tercile_clear[c] == 2
    if clear:
        run.book.tenders_clear_buyers += 1.0
    us = bids.stack_count[0] - bids.eligible[PACKAGE]
    cn, own = bids.stack_count[1] - bids.eligible[PACKAGE + 1], bids.stack_count[2]
    considered, seen = run.book.bids_considered, run.book.bids_clear_buyers
    considered[0], considered[1], considered[2] = considered[0] + us, considered[1] + cn, considered[2] + own
    if clear:
        seen[0], seen[1], seen[2] = seen[0] + us, seen[1] + cn, seen[2] + own


@compiled
def count_win(run, x):
    """Add a won tender to the yearbook's tables of wins."""
    k, book, d = run.facts, run.book, x.decision
    c, vendor, stack = d.country, d.vendor, d.stack
    book.tenders_won[stack] += 1.0
    book.wins_vendor[vendor] += 1.0
    book.wins_income[k.income_group[c], stack] += 1.0
    book.wins_nonaligned[k.tercile_nonaligned[c], stack] += 1.0
    book.wins_sceptical[k.tercile_sceptical[c], stack] += 1.0
    book.wins_sovereign[k.tercile_sovereign[c], stack] += 1.0
    exporting = k.tercile_exporting_us[c] if stack == 0 else k.tercile_exporting_cn[c]
    book.wins_exporting[exporting, stack] += 1.0
    largest = 0.0
    for s in range(N_STACKS):
        largest = max(largest, probability_of_stack(x.bids, d.outside, s))
    book.wins_contested[contest_tercile(largest), stack] += 1.0
    if k.ally[c, 0] >= 0.5:
        book.wins_allied[stack] += 1.0
    if k.home_revenue[vendor] < run.parameters.ready_revenue_bn:
        book.wins_small[stack] += 1.0
    if k.vendor_home[vendor] < 0:
        for h in range(N_HOMES):
            if run.state.target[h, c, d.layer] > 0.0:
                book.allied_cobids[h] += reach_of_support(run, c, h, vendor)


@compiled
def count_friction(run, bids, outside):
    """Add each home's chance of winning that is lost to friction over regulation.

    The term is the same for all bids of its stack.
    """
    total = all_weights(bids, outside)
    for h in range(N_HOMES):
        free = probability_if_raised(run.parameters, bids, total, h, -bids.base[T_REGULATION, h])
        run.book.friction_losses[h] += free - bids.stack_weight[h] / total
