"""What a country stands to lose, and what it pays.

Contracts on the terms on which they were signed or last renewed.

What firms and people buy is bought again all the time, on today's offers.
"""

from stackcraft.model.loop.codes import N_LAYERS, N_SLOTS, N_STACKS, OPERATING
from stackcraft.model.loop.compiled import compiled


@compiled
def refresh_exposure(run):
    """Each record: fill `standing`, `exposed` (countries, N_LAYERS, N_STACKS) and `bill` (countries,)."""
    w, k, m, p = run.state, run.facts, run.market, run.parameters
    for c in range(run.facts.countries):
        bill, e = 0.0, m.offer[c]
        rebate = p.champion_rebate * run.importer.at[c].champion * w.champion[c] if run.on.champions else 0.0
        for l in range(N_LAYERS):
            for s in range(N_STACKS):
                w.standing[c, l, s], w.exposed[c, l, s] = 0.0, 0.0
            for i in range(N_SLOTS):
                if w.stage[c, l, i] != OPERATING:
                    continue
                deal = run.deals.at[c, l, i]
                bill += deal.capacity * deal.paid
                if k.domestic[deal.vendor] == 0.0:
                    w.standing[c, l, deal.stack] += deal.capacity
                    w.exposed[c, l, deal.stack] += deal.capacity * deal.cut
                else:  # the bill holds the full price; the state's part of it has to be raised
                    bill += deal.capacity * deal.paid * rebate * p.welfare_funds
            for i in range(k.serving_number[l]):
                v = k.serving[l, i]
                amount = w.organic[c, l, v]
                bill += amount * m.price[e, l, v]
                if k.domestic[v] == 0.0:
                    w.standing[c, l, k.vendor_stack[v]] += amount
                    w.exposed[c, l, k.vendor_stack[v]] += amount * m.cut[e, l, v]
        w.bill[c] = bill
