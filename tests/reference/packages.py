"""A package adds the open layers in which its stack is close to the best rival; spend-weighted utility."""

import math


def members(lead_layer, lead, size, term_years, others, margin):
    """layer -> (vendor, spend). `others`: layer -> (room, [(vendor, utility, ours)]), only layers that are open."""
    joined = {lead_layer: (lead, size * term_years[lead_layer])}
    for layer, (room, bids) in others.items():
        ours = [(utility, vendor) for vendor, utility, mine in bids if mine]
        theirs = [utility for _, utility, mine in bids if not mine]
        if ours and (not theirs or max(ours)[0] >= max(theirs) - margin):
            joined[layer] = (max(ours)[1], room * term_years[layer])
    return joined


def utility(joined, utilities, between, missing, kappa, alpha, discount_of, size_for_discount):
    """Spend-weighted mean of the members' utilities, what they add to each other where the stack was missing, and the discount."""
    spend = sum(amount for _, amount in joined.values())
    mean = sum(utilities[layer] * amount for layer, (_, amount) in joined.items()) / spend
    together = sum(
        between[layer][other] * missing[other] * amount
        for layer, (_, amount) in joined.items() for other in joined if other != layer) / spend
    discount = sum(discount_of[vendor] * amount for vendor, amount in joined.values()) / spend
    bonus = kappa * together
    if len(joined) >= size_for_discount:
        bonus -= alpha * math.log(1 - discount)
    return mean + bonus
