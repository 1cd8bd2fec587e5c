"""The January turn, in order; and the record that is taken before it."""

from stackcraft.model.loop.beliefs import january_beliefs, refresh_fears
from stackcraft.model.loop.bids import refresh_consideration
from stackcraft.model.loop.cells import public_spending, refresh_share
from stackcraft.model.loop.codes import LEGACY, N_FINANCIERS, N_HOMES, N_LAYERS, N_SLOTS, N_STACKS, OPERATING
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.demand import champions_given_up, drift_mixes, grow_demand
from stackcraft.model.loop.disputes import divert, settle_disputes
from stackcraft.model.loop.feedbacks import change_cash, change_goodwill, learn, shift_standards
from stackcraft.model.loop.finance import refresh_finance
from stackcraft.model.loop.market import refresh_market, team_weights
from stackcraft.model.loop.shocks import breaches, draw_shocks
from stackcraft.model.loop.targeting import survey, target
from stackcraft.model.loop.utilisation import build_skills, expected_fits, refresh_deal_fits, refresh_reputation
from stackcraft.model.loop.utility import refresh_appeal


@compiled
def january(run, x):
    """The January turn, under the levers of the new year."""
    w = run.state
    grow_demand(run)
    replenish(run)
    shift_standards(run)
    refresh_market(run)
    team_weights(run)
    refresh_consideration(run)
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            refresh_share(run, c, l)
            for s in range(N_STACKS):
                w.opening_share[c, l, s] = w.share[c, l, s]
    refresh_finance(run)
    draw_shocks(run)
    count_retained(run)
    settle_disputes(run, x.answer)
    divert(run)
    breaches(run)
    january_beliefs(run)
    change_goodwill(run)
    refresh_fears(run)
    learn(run, x.research)
    change_cash(run)
    champions_given_up(run)
    drift_mixes(run)
    expected_fits(run, x.mix)
    build_skills(run)
    refresh_deal_fits(run)
    if run.on.reputation:
        refresh_reputation(run, x.reputation)
    refresh_appeal(run)
    survey(run, x)
    target(run, x)


@compiled
def replenish(run):
    """A new year's money: appropriations grow with last year's score and, at home, with a geopolitical framing."""
    w, p = run.state, run.parameters
    for h in range(N_HOMES):
        g = run.home.at[h]
        framing = 1.0 + p.appropriation_framing * g.frame_geopolitical
        appropriation = g.budget_bn * framing * (1.0 + p.appropriation_response * w.last_score[h])
        w.purse[h] = p.finance_budget[h] * appropriation
        w.budget[h] = appropriation - w.purse[h]
        w.appropriation[h] = w.budget[h]
        w.slots_left[h] = p.slots[h]
        w.subsidy_on[h] = 1.0
        if w.month < g.start_delay_months:
            w.slots_left[h] = 0.0
        fixed = (
            g.aid_bn
            + g.alliance_signal_bn
            + p.advocacy_cost_bn * g.advocacy
            + p.standards_cost_bn * g.standards
            + p.elicitation_cost_bn * g.elicitation
        )
        public_spending(run, h, fixed)
        w.budget[h] += fixed  # outside the programme's own budget, but a public cost all the same
    for f in range(N_FINANCIERS):
        w.committed[f] = 0.0


@compiled
def count_retained(run):
    """Count the adopters whose five years ended in the past year: those still there, and those that left in between."""
    w, p, book = run.state, run.parameters, run.book
    due, year = 12.0 * p.retained_years, w.month // 12
    for s in range(N_STACKS):
        book.adopters_5y[s] += w.left_due[s, year]
        book.adopters_retained_5y[s] += w.left_retained[s, year]
        book.retained_use_5y[s] += w.left_use[s, year]
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            for i in range(N_SLOTS):
                if w.stage[c, l, i] != OPERATING:
                    continue
                deal = run.deals.at[c, l, i]
                age = w.month - deal.operating
                if deal.origin != LEGACY and age >= due and age < due + 12.0:
                    book.adopters_5y[deal.stack] += 1.0
                    if deal.holdover == 0:  # a contract that only waits for its successor is lost
                        book.adopters_retained_5y[deal.stack] += 1.0
                        book.retained_use_5y[deal.stack] += deal.used
