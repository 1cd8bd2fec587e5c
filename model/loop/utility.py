"""The one utility function (MODEL 6.4). Targeting, approval, choice and explanation all call `bid_terms`.

U = sum of the terms below, for every vendor at once. Finance and subsidies act through the price term, whose support part
`support_price` adds when a bid is supported.
"""

from model.loop.arithmetic import log
from model.loop.compiled import compiled
from model.loop.feedbacks import standards_work
from model.loop.sizes import (
    CHIPS, CLOUD, COMMITMENT, HOMES, LAYERS, NETWORK, ON_AFFILIATION, ON_ALLIANCE, ON_CHAMPIONS, ON_COMPLEMENTARITY,
    ON_FINANCE, ON_FRAMING, ON_GOODWILL, ON_INCUMBENCY, ON_LICENCES, ON_PEERS, ON_REGULATION, ON_REPUTATION, ON_RETALIATION,
    ON_SECURITY_FEAR, ON_SOVEREIGNTY, ON_STANDARDS, ON_SUPPLY_FEAR, STACKS, T_AFFILIATION, T_ALLIANCE, T_CAPACITY,
    T_COMPLEMENTARITY, T_CONSTANT, T_DELAY, T_DEPENDENCE, T_FINANCE_GAP, T_FRAMING, T_GRACES, T_INCUMBENCY, T_LICENCE,
    T_PACKAGE, T_PEERS, T_PRESSURE, T_PRICE, T_QUALITY, T_REGULATION, T_SECURITY, T_SOVEREIGNTY, T_STANDARDS, T_SUPPLY,
    TASTE_AFFILIATION, TASTE_ALLIANCE, TASTE_COMPLEMENT, TASTE_FRAMING, TASTE_PEERS, TASTE_PRICE, TASTE_QUALITY, TASTE_SECURITY,
    TASTE_SOVEREIGNTY, TASTE_SUPPLY, TERMS, VENDORS,
)

LAYER_WEIGHTS = (0.15, 0.2, 0.2, 0.08, 0.15, 0.1, 0.12)


@compiled
def price_taste(run, c):
    """alpha of a buyer: poorer buyers mind price more."""
    p = run.parameters
    return (p.price_taste + p.price_taste_income * (1.0 - run.facts.income_rank[c])) * run.state.taste[c, TASTE_PRICE]


@compiled
def dependence(run, c, s):
    """Spend-weighted mean share of a stack over the layers (dep_s)."""
    total, weight = 0.0, 0.0
    for l in range(LAYERS):
        d = run.state.demand[c, l]
        total += d * run.state.share[c, l, s]
        weight += d
    return total / max(weight, 1e-300)


@compiled
def peer_share(run, c, l, s):
    """Share of a stack among the peers: (W S_s)[l]."""
    k, total = run.facts, 0.0
    for j in range(k.peer_index.shape[1]):
        total += k.peer_weight[c, j] * run.state.share[k.peer_index[c, j], l, s]
    return total


@compiled
def complement(run, c, l, s):
    """Sum over other layers of K[l, m] S_s[m]."""
    total = 0.0
    for m in range(LAYERS):
        total += run.parameters.complementarity_between[l, m] * run.state.share[c, m, s]
    return total


@compiled
def standing_guarantee(run, s):
    """The guarantee that buyers can still believe in: none for some years after one was broken."""
    if s >= HOMES or run.state.month < run.state.broken_until[s]:
        return 0.0
    return run.home[s].guarantee


@compiled
def stack_terms(run, c, l, base):
    """Terms that are the same for every bid of a stack; `base` (TERMS, STACKS) is overwritten. Signs as in U."""
    w, p, k, m, on = run.state, run.parameters, run.facts, run.market, run.on
    taste = w.taste[c]
    for t in range(TERMS):
        for s in range(STACKS):
            base[t, s] = 0.0
    gap = max(0.0, (k.cost_of_capital[c] - 0.07) / 0.10)
    for s in range(STACKS):
        base[T_CONSTANT, s] = w.constant[l, s]
        if on[ON_COMPLEMENTARITY]:
            base[T_COMPLEMENTARITY, s] = p.complementarity * taste[TASTE_COMPLEMENT] * complement(run, c, l, s)
        if on[ON_PEERS]:
            base[T_PEERS, s] = p.peer_pull * taste[TASTE_PEERS] * peer_share(run, c, l, s)
        if on[ON_STANDARDS]:
            base[T_STANDARDS, s] = p.standards_pull * log(max(standards_work(run, l, s), p.standards_floor))
        depends = dependence(run, c, s)
        if on[ON_SUPPLY_FEAR]:
            # times the cutability of each bid, in bid_terms
            base[T_SUPPLY, s] = (
                -p.supply_fear * taste[TASTE_SUPPLY] * w.fear[c, s, 0] * (0.5 + depends) * (1.0 - 0.5 * standing_guarantee(run, s))
            )
        if on[ON_SECURITY_FEAR]:
            umbrella = 0.0
            for h in range(HOMES):
                if h != s and s < HOMES:
                    # Where the commitment is doubted the message counts as pressure instead; see beliefs.py.
                    umbrella = run.home[h].umbrella_message * k.ally[c, h] * w.kept[c, h]
            base[T_SECURITY, s] = -p.security_fear * taste[TASTE_SECURITY] * k.security_weight[c] * w.fear[c, s, 1] * (1.0 + umbrella)
        if on[ON_SOVEREIGNTY]:
            over = max(depends - p.dependence_free, 0.0)
            base[T_DEPENDENCE, s] = -p.dependence_aversion * over * over if s < HOMES else 0.0
        if s < HOMES:
            g = run.home[s]
            if on[ON_ALLIANCE]:
                base[T_ALLIANCE, s] = p.alliance_taste * taste[TASTE_ALLIANCE] * k.ally[c, s] * w.kept[c, s]
            if on[ON_REGULATION]:
                base[T_REGULATION, s] = -p.regulation_friction * k.regulation[c] * (1.0 - g.respect_regulation)
            if on[ON_FRAMING]:
                goodwill = w.goodwill[c, s] if on[ON_GOODWILL] else k.ally[c, s] * p.goodwill_ally
                base[T_FRAMING, s] = p.framing * taste[TASTE_FRAMING] * (
                    m.framing_geopolitical[s] * (0.5 * k.ally[c, s] - k.nonaligned[c])
                    + m.framing_values[s] * (k.likeness[c, s] - 0.5) * goodwill
                )
            base[T_CAPACITY, s] = p.capacity_taste * g.capacity_building * (1.0 - k.absorption[c])
            if on[ON_LICENCES]:
                base[T_LICENCE, s] = p.licence_dislike * p.licence_layers[l] * m.log_accepted[k.tier[c, s], s]
            rival = 1 - s
            base[T_PRESSURE, s] = -p.pressure_weight * run.home[rival].pressure * k.exports_share[c, rival]
            if on[ON_RETALIATION]:
                banned = 0.0
                for other in range(LAYERS):
                    banned += run.importer[c].ban_us[other] if s == 0 else run.importer[c].ban_cn[other]
                base[T_PRESSURE, s] -= p.retaliation * min(banned, 1.0)
        if on[ON_FINANCE]:
            base[T_FINANCE_GAP, s] = -p.finance_gap * p.finance_gap_layer[l] * gap
        wait = k.grid_wait[c] * p.grid_wait_share / 12.0 if l == CHIPS or l == CLOUD else 0.0
        licence = p.licence_layers[l] * m.licence_years[k.tier[c, s], s]
        base[T_DELAY, s] = -p.delay_dislike * (wait + licence)


@compiled
def bid_terms(run, c, l, renewal, held, price_shift, base, terms, utility):
    """Terms and utility of every vendor's unsupported bid in a cell.

    `held` (VENDORS,): share of the expiring contracts that each vendor holds, where `renewal`. `price_shift`: log factor on
    the price of all bids. Overwrites `base` (TERMS, STACKS), `terms` (TERMS, VENDORS) and the first VENDORS places of `utility`.
    """
    w, p, k, m, on = run.state, run.parameters, run.facts, run.market, run.on
    stack_terms(run, c, l, base)
    taste = w.taste[c]
    alpha = price_taste(run, c)
    beta = p.quality_taste * taste[TASTE_QUALITY]
    appetite = min(max(run.importer[c].sovereignty + w.sovereignty_shift[c], 0.0), 1.0)
    psi = (p.sovereignty_taste + p.sovereignty_taste_slope * appetite) * taste[TASTE_SOVEREIGNTY] if on[ON_SOVEREIGNTY] else 0.0
    vartheta = p.affiliation_dislike * taste[TASTE_AFFILIATION] if on[ON_AFFILIATION] else 0.0
    lam = p.incumbency[l] if on[ON_INCUMBENCY] else 0.0
    seen = 1.0 if renewal else 1.0 - p.hidden_silicon
    reputation = p.reputation_weight if on[ON_REPUTATION] else 0.0
    total = 0.0
    for v in range(VENDORS):
        total += w.stock[c, l, v]
    inverse = 1.0 / max(total, 1e-300)
    held_us, held_cn, held_own = 0.0, 0.0, 0.0
    if renewal:
        for v in range(VENDORS):
            s = k.vendor_stack[v]
            if s == 0:
                held_us += held[v]
            elif s == 1:
                held_cn += held[v]
            else:
                held_own += held[v]
    for t in range(TERMS):
        for v in range(VENDORS):
            terms[t, v] = base[t, k.vendor_stack[v]]
    for v in range(VENDORS):
        s = k.vendor_stack[v]
        h = k.vendor_home[v]
        spent = w.subsidy_on[h] if h >= 0 else 0.0
        terms[T_PRICE, v] = -alpha * (m.log_price[l, v] + spent * m.log_subsidy[l, v] + price_shift)
        terms[T_QUALITY, v] = beta * (w.quality[v, l] + reputation * w.reputation[c, v] + w.log_fit[c, v])
        if renewal:
            of_stack = held_us if s == 0 else (held_cn if s == 1 else held_own)
            terms[T_INCUMBENCY, v] = lam * (1.0 + m.lock[v]) * (held[v] + 0.5 * of_stack)
        else:
            terms[T_INCUMBENCY, v] = 0.5 * lam * (w.stock[c, l, v] * inverse + 0.5 * w.share[c, l, s])
        terms[T_SUPPLY, v] *= m.cut[l, v]
        terms[T_SOVEREIGNTY, v] = -psi * (m.control_lost[l, v] + seen * m.silicon_lost[l, v])
        sceptical = min(max(k.scepticism[c, s] + w.scepticism_shift[c, s], 0.0), 1.0) if s < HOMES else 0.0
        terms[T_AFFILIATION, v] = -vartheta * m.affiliation[v] * sceptical * m.trust_discount[v]
        terms[T_GRACES, v] = p.good_graces * m.affiliation[v] * k.exports_share[c, s] if s < HOMES and on[ON_AFFILIATION] else 0.0
        terms[T_DELAY, v] -= p.delay_dislike * m.years[l, v]
        if k.domestic[v] > 0.0:
            domestic_terms(run, c, alpha, beta, v, terms)
    for v in range(VENDORS):
        u = 0.0
        for t in range(TERMS):
            u += terms[t, v]
        utility[v] = u


@compiled
def domestic_terms(run, c, alpha, beta, v, terms):
    """A domestic champion's quality rises with absorption; the buyer's backing lowers its price."""
    p, k, w = run.parameters, run.facts, run.state
    learned = p.champion_learning * max(run.home[0].capacity_building, run.home[1].capacity_building)
    terms[T_QUALITY, v] += beta * (p.domestic_quality + p.domestic_quality_slope * k.absorption[c] + learned)
    if run.on[ON_CHAMPIONS]:
        backing = run.importer[c].champion * w.champion[c]
        terms[T_PRICE, v] -= alpha * log(1.0 - p.champion_rebate * backing)


@compiled
def support_price(run, c, home, v, factor, alpha):
    """What support adds to a bid's price term: `factor` is the price with finance over the price without."""
    reach = reach_of_support(run, c, home, v)
    return -alpha * log(1.0 - reach * (1.0 - factor))


@compiled
def reach_of_support(run, c, home, v):
    """How far a home's support reaches a vendor in this country, 0-1; a compact opens it to the country's own vendors."""
    reach = run.market.intensity[home, v]
    if run.facts.vendor_home[v] < 0:
        compact = run.home[home].compact[c]
        if run.facts.domestic[v] > 0.0 or run.facts.hub[v] == 0.0:
            reach = max(reach, compact)
    return reach
