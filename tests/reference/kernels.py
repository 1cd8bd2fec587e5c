"""Kernels behind arrays.

Handing a record over from Python takes far longer than most kernels do, an array hardly anything.

`records`: the run as a batch of one (`Arrays`); `space`: the workspace, an array of length 1.
"""

import numpy as np

from stackcraft.model.loop.beliefs import january_beliefs, refresh_fears
from stackcraft.model.loop.choice import weigh
from stackcraft.model.loop.codes import AMONG_ALL
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.demand import grow_demand, step_organic
from stackcraft.model.loop.disputes import settle_disputes
from stackcraft.model.loop.public_support import allot_support
from stackcraft.model.loop.record import record
from stackcraft.model.loop.run import Arrays, run_of
from stackcraft.model.loop.targeting import survey, target
from stackcraft.model.loop.tenders import fill_hazards, refresh_peers_served
from stackcraft.model.loop.utilisation import refresh_reputation, step_use
from stackcraft.model.loop.utility import bid_utilities, clear_base, country_terms


def arrays_of(run, space) -> tuple:
    """Return a run as a batch of one, and its workspace, an array of length 1.

    Copies, so that the run itself stays as it is.
    """
    parts = {name: np.array([part]) for name, part in run._asdict().items()}
    parts["book"] = parts["book"].reshape(1, 1)
    return Arrays(**parts, no_ledger=parts["ledger"], ledger_row=np.zeros(1, np.int64)), np.array([space])


@compiled
def utilities(records, space, c, layer):
    """Utilities of every unsupported bid in a cell."""
    run, x = run_of(records, 0, 0), space[0]
    clear_base(x.bids)
    country_terms(run, c, x.bids)
    bid_utilities(run, c, layer, AMONG_ALL, 0.0, x.bids)


@compiled
def logit(bids, nest_scale, correction):
    """Weights of a nested logit; `bids`: an array of length 1."""
    weigh(bids[0], nest_scale, correction)


@compiled
def january_survey(records, space):
    """Unsupported chances of the cells that are due."""
    survey(run_of(records, 0, 0), space[0])


@compiled
def demands(records):
    """Demand of all cells."""
    grow_demand(run_of(records, 0, 0))


@compiled
def organic_stocks(records):
    """Organic stocks after another quarter."""
    step_organic(run_of(records, 0, 0))


@compiled
def chances_of_tenders(records, space):
    """Peers served, and every cell's chance of a tender."""
    run = run_of(records, 0, 0)
    refresh_peers_served(run, space[0].served)
    fill_hazards(run, space[0].arrivals.hazard)


@compiled
def beliefs_of_a_year(records, before):
    """Beliefs of a year from the state `before` (length 1), and fears."""
    run = run_of(records, 0, 0)
    run.state.belief_for[:] = before[0].belief_for
    run.state.belief_against[:] = before[0].belief_against
    run.state.severity[:] = before[0].severity
    run.state.kept[:] = before[0].kept
    january_beliefs(run)
    refresh_fears(run)


@compiled
def dispute_hazards(records, space):
    """True hazards of every country (and the disputes that are switched on)."""
    settle_disputes(run_of(records, 0, 0), space[0].answer)


@compiled
def use_of_deals(records, space):
    """Half a year's use of every deal."""
    step_use(run_of(records, 0, 0), space[0].sales)


@compiled
def reputations(records, space):
    """Reputation of every vendor everywhere."""
    refresh_reputation(run_of(records, 0, 0), space[0].reputation)


@compiled
def yearbook(records):
    """The yearbook's record."""
    record(run_of(records, 0, 0))


@compiled
def targets(records, space):
    """The cells that each home supports."""
    target(run_of(records, 0, 0), space[0])


@compiled
def support(records, space, number, before):
    """Support for a month's tenders, with the slots and exposures of the state `before` (length 1)."""
    run = run_of(records, 0, 0)
    run.state.slots_left[:] = before[0].slots_left
    run.state.exposure[:] = before[0].exposure
    run.state.committed[:] = before[0].committed
    allot_support(run, space[0], number)
