"""The year: the January turn, twelve months in their order, the record. One serial kernel; threads take slices of runs."""

from model.loop.compiled import compiled, entry
from model.loop.demand import grow_demand, step_organic
from model.loop.january import january
from model.loop.lifecycle import stage_events
from model.loop.loans import serve_loans
from model.loop.market import refresh_market
from model.loop.record import record
from model.loop.run import Run
from model.loop.settle import decide_tender
from model.loop.shocks import strike
from model.loop.sizes import FINE, USE_MONTHS
from model.loop.support import allot_support
from model.loop.tenders import gather_tenders, refresh_peers_served
from model.loop.use import step_use


@compiled
def month(run, x):
    """One month: M1 shocks, M2 beliefs (within M1's events), M3 demand, M4 life cycle, M5 loans, M6 tenders, M7-M8 decisions, M9 use."""
    w = run.state
    strike(run)
    if w.market_stale == 1:
        refresh_market(run)
    grow_demand(run)
    stage_events(run)
    serve_loans(run)
    if w.month % USE_MONTHS == 0:
        refresh_peers_served(run)
        step_organic(run)
    number = gather_tenders(run, x)
    allot_support(run, x, number)
    for i in range(number):
        decide_tender(run, x, i)
    if w.month % USE_MONTHS == USE_MONTHS - 1:
        step_use(run)
    w.month += 1

@entry
def run_year(first, last, states, books, row, deals, facts, parameters, homes, financiers, vendors, importers, markets, switches,
             ledgers, ledger_rows, events, scratch):
    """Simulate one year of runs `first` to `last` - 1; flows go to row `row` of the yearbook, which must be empty."""
    x = scratch[0]
    for r in range(first, last):
        if states[r].status != FINE:
            continue
        run = Run(
            states[r], books[r, row], deals[r], facts[0], parameters[r], homes[r], financiers[r], vendors[r], importers[r], markets[0],
            switches[r], ledgers[max(ledger_rows[r], 0), : ledgers.shape[1] if ledger_rows[r] >= 0 else 0], events,
        )
        january(run, x)
        for _ in range(12):
            month(run, x)
        record(run)
