"""The year: the January turn, twelve months in their order, the record. One serial kernel; threads take slices of runs."""

from stackcraft.model.loop.bids import refresh_consideration
from stackcraft.model.loop.codes import FINE, N_HOMES, ORGANIC_MONTHS, USE_MONTHS
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.decision import decide_tender
from stackcraft.model.loop.demand import grow_demand, step_organic
from stackcraft.model.loop.january import january
from stackcraft.model.loop.lifecycle import stage_events
from stackcraft.model.loop.loans import serve_loans
from stackcraft.model.loop.market import refresh_market, subsidise
from stackcraft.model.loop.prefetch import ask_for_deals
from stackcraft.model.loop.public_support import allot_support
from stackcraft.model.loop.record import record
from stackcraft.model.loop.run import Run
from stackcraft.model.loop.shocks import strike
from stackcraft.model.loop.tenders import fill_hazards, gather_tenders, look_at_peers, refresh_peers_served
from stackcraft.model.loop.utilisation import step_use


@compiled
def month(run, x):
    """One month: M1 shocks, M2 beliefs (within M1's events), M3 demand, M4 life cycle, M5 loans, M6 tenders, M7-M8
    decisions, M9 use.
    """
    w = run.state
    strike(run)
    ration_subsidies(run)
    if w.market_stale == 1:  # a row over tariffs or quick wins began or ended
        refresh_market(run)
        refresh_consideration(run)
    if w.month % ORGANIC_MONTHS == 0:
        grow_demand(run)
        refresh_peers_served(run, x.served)
        step_organic(run)
        fill_hazards(run, x.hazard)
        look_at_peers(run)
    stage_events(run, x)
    serve_loans(run)
    number = gather_tenders(run, x)
    allot_support(run, x, number)
    for i in range(number):
        decide_tender(run, x, x.turn[i])
    if w.month % USE_MONTHS == USE_MONTHS - 1:
        step_use(run, x.sold, x.sold_used)
    w.month += 1


@compiled
def ration_subsidies(run):
    """Subsidies and training are paid while the year's spending is no more than a month ahead of the calendar, for all
    countries alike.
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
def run_year(
    first,
    last,
    states,
    books,
    row,
    deals,
    facts,
    parameters,
    homes,
    financiers,
    vendors,
    importers,
    markets,
    switches,
    ledgers,
    no_ledger,
    ledger_rows,
    events,
    scratch,
):
    """Simulate one year of runs `first` to `last` - 1; flows go to row `row` of the yearbook, which must be empty."""
    x = scratch[0]
    for r in range(first, last):
        if states[r].status != FINE:
            states[r].month += 12  # a failed run stands still, but its calendar goes on with the batch
            continue
        ledger = ledgers[ledger_rows[r]] if ledger_rows[r] >= 0 else no_ledger[0]
        run = Run(
            states[r],
            books[r, row],
            deals[r],
            facts[0],
            parameters[r],
            homes[r],
            financiers[r],
            vendors[r],
            importers[r],
            markets[0],
            switches[r],
            ledger,
            events[0],
        )
        ask_for_deals(run)
        january(run, x)
        for _ in range(12):
            month(run, x)
        record(run)
