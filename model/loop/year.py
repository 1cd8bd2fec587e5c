"""The year: the January turn, twelve months in their order, the record.

One serial kernel; threads take slices of runs.
"""

from stackcraft.model.loop.bids import refresh_consideration
from stackcraft.model.loop.codes import FINE, N_HOMES, ORGANIC_MONTHS, USE_MONTHS
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.decision import decide_tender
from stackcraft.model.loop.demand import grow_demand, step_organic
from stackcraft.model.loop.january import january
from stackcraft.model.loop.lifecycle import stage_events
from stackcraft.model.loop.loans import serve_loans
from stackcraft.model.loop.market import refresh_market, subsidise
from stackcraft.model.loop.prefetch import ask_for_deals, ask_for_tender
from stackcraft.model.loop.public_support import allot_support
from stackcraft.model.loop.record import record
from stackcraft.model.loop.run import run_of
from stackcraft.model.loop.shocks import strike
from stackcraft.model.loop.tenders import fill_hazards, gather_tenders, look_at_peers, refresh_peers_served
from stackcraft.model.loop.utilisation import step_use


@compiled
def month(run, x):
    """One month, in the order M1 shocks, M3 demand, M4 life cycle, M5 loans, M6 tenders, M7-M8 decisions, M9 use.

    M2, beliefs, is within the events of M1.
    """
    w = run.state
    strike(run, x.draft)
    ration_subsidies(run)
    if w.market_stale == 1:  # a row over tariffs or quick wins began or ended
        refresh_market(run)
        refresh_consideration(run)
    if w.month % ORGANIC_MONTHS == 0:
        grow_demand(run)
        refresh_peers_served(run, x.served)
        step_organic(run)
        fill_hazards(run, x.arrivals.hazard)
        look_at_peers(run)
    stage_events(run, x.arrivals.due)
    serve_loans(run)
    number = gather_tenders(run, x)
    allot_support(run, x, number)
    for i in range(number):
        if i + 1 < number:
            following = x.tenders.turn[i + 1]
            ask_for_tender(run, x.tenders.country[following], x.tenders.layer[following])
        decide_tender(run, x, x.tenders.turn[i])
    if w.month % USE_MONTHS == USE_MONTHS - 1:
        step_use(run, x.sales)
    w.month += 1


@compiled
def ration_subsidies(run):
    """Pay subsidies and training while the year's spending is at most a month ahead of the calendar.

    For all countries alike.
    """
    w, changed = run.state, False
    for h in range(N_HOMES):
        left = 1.0 - (w.month % 12 + 1) / 12.0
        on = 1.0 if w.budget[h] > left * w.appropriation[h] else 0.0
        if on != w.subsidy_on[h]:
            w.subsidy_on[h] = on
            changed = True
    if changed:
        subsidise(run)


@compiled
def run_year(first, last, arrays, row, scratch):
    """Simulate one year of runs `first` to `last` - 1 of a batch.

    Flows go to row `row` of the yearbook, which must be empty.
    """
    x = scratch[0]
    for r in range(first, last):
        if arrays.state[r].status != FINE:
            arrays.state[r].month += 12  # a failed run is left as it is, but its calendar goes on with the batch
            continue
        run = run_of(arrays, r, row)
        ask_for_deals(run)
        january(run, x)
        for _ in range(12):
            month(run, x)
        record(run)
