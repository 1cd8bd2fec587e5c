"""The one utility function (DESCRIPTION.md, 7.4).

Targeting, approval, choice and explanation all call `bid_utilities`.

U of a bid is a sum of terms. Most are the same for all bids of a stack and are kept in `bids.base` (N_TERMS, N_STACKS);
the rest depend on the vendor and are kept in `bids.rows` (N_VENDOR_TERMS, VENDOR_PLACES), where places of vendors that
do not serve the layer mean nothing.
`term_of` puts one term of one bid together again, for the ledger.
"""

from stackcraft.model.loop.arithmetic import log
from stackcraft.model.loop.codes import (
    AT_RENEWAL,
    AT_SALE,
    BREACH,
    CHIPS,
    CLOUD,
    CN,
    INDEPENDENT,
    MODELS,
    N_HOMES,
    N_LAYERS,
    N_PEERS,
    N_STACKS,
    N_TERMS,
    OPERATED,
    R_AFFILIATION,
    R_DELAY,
    R_FINANCE_GAP,
    R_GRACES,
    R_INCUMBENCY,
    R_PRICE,
    R_QUALITY,
    R_SOVEREIGNTY,
    R_SUPPLY_FEAR,
    ROW_OF_TERM,
    SUPPLY,
    T_ALLIANCE,
    T_CAPACITY,
    T_COMPLEMENTARITY,
    T_CONSTANT,
    T_DELAY,
    T_DEPENDENCE,
    T_FINANCE_GAP,
    T_FRAMING,
    T_INCUMBENCY,
    T_LEANING,
    T_LICENCE,
    T_PEERS,
    T_PRESSURE,
    T_REGULATION,
    T_SECURITY_FEAR,
    T_STANDARDS,
    T_SUPPLY_FEAR,
    TASTE_AFFILIATION,
    TASTE_ALLIANCE,
    TASTE_COMPLEMENTARITY,
    TASTE_FRAMING,
    TASTE_PEERS,
    TASTE_PRICE,
    TASTE_QUALITY,
    TASTE_SECURITY_FEAR,
    TASTE_SOVEREIGNTY,
    TASTE_SUPPLY_FEAR,
    US,
    VENDOR_PLACES,
)
from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.market import agreed


@compiled
def price_taste(run, c):
    """alpha of a buyer: poorer buyers mind price more."""
    p = run.parameters
    return (p.price_taste + p.price_taste_income * (1.0 - run.facts.income_rank[c])) * run.state.taste[c, TASTE_PRICE]


@compiled
def standing_bond(run, c, s):
    """The supply bond that a country can still believe in: none for some years after one was broken to anybody."""
    if s >= N_HOMES or run.state.month < run.state.broken_until[s]:
        return 0.0
    return agreed(run.home.at[s].supply_bond, run.home.at[s].supply_bond_in[c])


@compiled
def clear_base(bids):
    """Set every shared term to 0: independent vendors have no home, and terms that a home brings stay 0 for them."""
    for t in range(N_TERMS):
        for s in range(N_STACKS):
            bids.base[t, s] = 0.0


@compiled
def country_terms(run, c, bids):
    """Terms that hold on every layer: of a stack, in `bids.base`, and of a vendor, in `bids.rows`."""
    w, p, k, m, on = run.state, run.parameters, run.facts, run.market, run.on
    base, rows, buyer = bids.base, bids.rows, run.importer.at[c]
    taste = w.taste[c]
    spend, depend_us, depend_cn = 0.0, 0.0, 0.0
    for l in range(N_LAYERS):
        spend += w.demand[c, l]
        depend_us += w.demand[c, l] * w.share[c, l, 0]
        depend_cn += w.demand[c, l] * w.share[c, l, 1]
    depend_us /= max(spend, 1e-300)
    depend_cn /= max(spend, 1e-300)
    security = p.security_fear * taste[TASTE_SECURITY_FEAR] * k.security_weight[c] if on.security_fear else 0.0
    supply = p.supply_fear * taste[TASTE_SUPPLY_FEAR] if on.supply_fear else 0.0
    aversion = p.dependence_aversion if on.sovereignty else 0.0
    for h in range(N_HOMES):
        g, rival = run.home.at[h], run.home.at[1 - h]
        depends = depend_us if h == 0 else depend_cn
        doubted = 1.0 - p.supply_bond_comfort * standing_bond(run, c, h)
        base[T_SUPPLY_FEAR, h] = -supply * w.fear[c, h, SUPPLY] * (p.supply_fear_alone + depends) * doubted
        # Where a commitment is doubted the umbrella message counts as pressure instead; see beliefs.py.
        umbrella = rival.umbrella_message * k.ally[c, 1 - h] * w.kept[c, 1 - h]
        base[T_SECURITY_FEAR, h] = -security * w.fear[c, h, BREACH] * (1.0 + umbrella)
        over = max(depends - p.dependence_free, 0.0)
        base[T_DEPENDENCE, h] = -aversion * over * over
        base[T_ALLIANCE, h] = (
            p.alliance_taste * taste[TASTE_ALLIANCE] * k.ally[c, h] * w.kept[c, h] if on.alliance else 0.0
        )
        base[T_REGULATION, h] = (
            -p.regulation_friction * k.regulation[c] * (1.0 - agreed(g.respect_regulation, g.respect_regulation_in[c]))
            if on.regulation
            else 0.0
        )
        goodwill = w.goodwill[c, h] if on.goodwill else k.ally[c, h] * p.goodwill_ally
        frames = (
            m.framing_geopolitical[h] * (p.framing_ally * k.ally[c, h] - k.nonaligned[c])
            + m.framing_values[h] * (k.likeness[c, h] - p.framing_likeness) * goodwill
        )
        base[T_FRAMING, h] = p.framing * taste[TASTE_FRAMING] * frames if on.framing else 0.0
        training = max(agreed(g.capacity_building, g.capacity_building_in[c]), buyer.require_training)
        base[T_CAPACITY, h] = p.capacity_taste * training * (1.0 - w.absorption[c])
        pressed = -p.pressure_weight * rival.pressure * k.exports_share[c, 1 - h]
        if on.retaliation:
            pressed -= p.retaliation * (
                w.banned[c, h] - p.retaliation_reward * w.banned[c, 1 - h]
            )  # a ban on one side pleases the other
        base[T_PRESSURE, h] = pressed
    base[T_CAPACITY, 2] = p.capacity_taste * buyer.require_training * (1.0 - w.absorption[c])
    depends = max(1.0 - depend_us - depend_cn, 0.0)
    base[T_SUPPLY_FEAR, 2] = -supply * w.fear[c, INDEPENDENT, SUPPLY] * (p.supply_fear_alone + depends)
    base[T_SECURITY_FEAR, 2] = -security * w.fear[c, INDEPENDENT, BREACH]
    affiliation = p.affiliation_dislike * taste[TASTE_AFFILIATION] if on.affiliation else 0.0
    graces = p.good_graces if on.affiliation else 0.0
    for v in range(k.vendors):
        s = k.vendor_stack[v]
        rows[R_AFFILIATION, v] = (
            -affiliation * m.distrusted[v] * of_stack(s, w.scepticism[c, 0], w.scepticism[c, 1], w.scepticism[c, 2])
        )
        rows[R_GRACES, v] = (
            graces * m.affiliation[v] * of_stack(s, k.exports_share[c, 0], k.exports_share[c, 1], k.exports_share[c, 2])
        )


@compiled
def of_stack(s, us, cn, own):
    """The value of stack `s`; without a branch, so that loops over vendors vectorise."""
    return us if s == 0 else (cn if s == 1 else own)


@compiled
def loyalty(run, c, l):
    """lambda of a buyer: the pull of what is there already, as far as its exit terms leave it."""
    p = run.parameters
    if run.on.incumbency == 0:
        return 0.0
    return p.incumbency[l] * (1.0 - p.exit_effect * run.importer.at[c].require_exit)


@compiled
def layer_terms(run, c, l, bids):
    """Terms that a stack's bids share on this layer; overwrites their rows of `bids.base`."""
    w, p, k, m, on, base = run.state, run.parameters, run.facts, run.market, run.on, bids.base
    taste, lam = w.taste[c], loyalty(run, c, l)
    for s in range(N_STACKS):
        base[T_CONSTANT, s] = w.constant[c, l, s]
        total = 0.0
        for j in range(N_LAYERS):
            total += p.complementarity_between[l, j] * w.share[c, j, s]
        base[T_COMPLEMENTARITY, s] = (
            p.complementarity * taste[TASTE_COMPLEMENTARITY] * total if on.complementarity else 0.0
        )
        base[T_LEANING, s] = 0.0
        base[T_STANDARDS, s] = p.standards_pull * m.log_standards[l, s] if on.standards else 0.0
        base[T_INCUMBENCY, s] = p.incumbency_new_stack * lam * w.share[c, l, s]
    leaning = run.importer.at[c].leaning[l]
    base[T_LEANING, US], base[T_LEANING, CN] = p.leaning_pull * leaning, -p.leaning_pull * leaning
    near_us, near_cn, near_own = 0.0, 0.0, 0.0
    for j in range(N_PEERS):
        weight, peer = k.peer_weight[c, j], k.peer_index[c, j]
        near_us += weight * w.opening_share[peer, l, 0]
        near_cn += weight * w.opening_share[peer, l, 1]
        near_own += weight * w.opening_share[peer, l, 2]
    pull = p.peer_pull * taste[TASTE_PEERS] if on.peers else 0.0
    base[T_PEERS, 0], base[T_PEERS, 1], base[T_PEERS, 2] = pull * near_us, pull * near_cn, pull * near_own
    dearer = max(0.0, (k.cost_of_capital[c] - p.finance_gap_from) / p.finance_gap_scale)
    gap = -p.finance_gap * p.finance_gap_layer[l] * dearer if on.finance else 0.0
    wait = k.grid_wait[c] * p.grid_wait_share / 12.0 if l == CHIPS or l == CLOUD else 0.0
    for s in range(N_STACKS):
        base[T_FINANCE_GAP, s] = gap
        needed = p.licence_layers[l]
        if s < N_HOMES:  # a compact eases licences
            needed *= 1.0 - p.compact_licence * run.home.at[s].compact[c]
        base[T_DELAY, s] = -p.delay_dislike * (wait + needed * m.licence_years[k.tier[c, s], s])
        base[T_LICENCE, s] = p.licence_dislike * needed * m.log_accepted[k.tier[c, s], s] if on.licences else 0.0


@compiled
def loyalty_at_sale(run, c, l, bids):
    """Incumbency by vendor at a new site: what is installed counts."""
    w, k, total = run.state, run.facts, 0.0
    for i in range(k.serving_number[l]):
        total += w.stock[c, l, k.serving[l, i]]
    scale = run.parameters.incumbency_new_vendor * loyalty(run, c, l) / max(total, 1e-300)
    for v in range(k.vendors):
        bids.rows[R_INCUMBENCY, v] = scale * w.stock[c, l, v]


@compiled
def loyalty_at_renewal(run, c, l, bids):
    """Incumbency by vendor at a renewal: who holds the ending contracts counts, in place of the stack's part."""
    p, k, m, e = run.parameters, run.facts, run.market, run.market.offer[c]
    lam = loyalty(run, c, l)
    us, cn, own = 0.0, 0.0, 0.0
    for i in range(k.serving_number[l]):
        v = k.serving[l, i]
        s, share = k.vendor_stack[v], bids.held[v]
        us += share if s == 0 else 0.0
        cn += share if s == 1 else 0.0
        own += share if s == 2 else 0.0
    for s in range(N_STACKS):
        bids.base[T_INCUMBENCY, s] = 0.0
    for v in range(k.vendors):
        whole = bids.held[v] + p.incumbency_renewal_stack * of_stack(k.vendor_stack[v], us, cn, own)
        bids.rows[R_INCUMBENCY, v] = lam * (1.0 + m.lock[e, v]) * whole
    if l == CLOUD and lam > 0.0:
        for v in range(k.vendors):
            h = k.vendor_home[v]
            if h >= 0 and m.mode[l, v] == OPERATED:
                bids.rows[R_INCUMBENCY, v] += p.cloud_lock_renewal * run.home.at[h].cloud_counts * bids.held[v]


@compiled
def held_alone(run, c, l, v, lam):
    """What incumbency adds at a renewal to the vendor that holds all of what ends; `lam`: the buyer's `loyalty`."""
    m = run.market
    whole = lam * (1.0 + m.lock[m.offer[c], v]) * (1.0 + run.parameters.incumbency_renewal_stack)
    h = run.facts.vendor_home[v]
    if l == CLOUD and lam > 0.0 and h >= 0 and m.mode[l, v] == OPERATED:
        whole += run.parameters.cloud_lock_renewal * run.home.at[h].cloud_counts
    return whole


@compiled
def held_beside(run, c, v, lam):
    """What incumbency adds at a renewal to a vendor where another of its stack holds all of what ends."""
    m = run.market
    return lam * (1.0 + m.lock[m.offer[c], v]) * run.parameters.incumbency_renewal_stack


@compiled
def sovereignty_taste(run, c):
    """psi of a buyer: what it minds of every part of control that it loses."""
    p, w = run.parameters, run.state
    if run.on.sovereignty == 0:
        return 0.0
    appetite = min(max(run.importer.at[c].sovereignty + w.sovereignty_shift[c], 0.0), 1.0)
    return (p.sovereignty_taste + p.sovereignty_taste_slope * appetite) * w.taste[c, TASTE_SOVEREIGNTY]


@compiled
def bid_utilities(run, c, l, occasion, price_shift, bids):
    """Utility of every vendor's unsupported bid in a cell.

    `country_terms` must have filled `bids` for this country.

    `occasion`: AMONG_ALL, AT_SALE or AT_RENEWAL; at a renewal `bids.held` is the share of the ending contracts that
    each vendor holds. `price_shift`: log factor on the price of all bids. Overwrites the layer's part of `bids.base`
    and `bids.rows`, and `bids.utility`; what stands there for vendors that do not serve the layer means nothing. Loops
    go over all places for vendors, which vectorises.
    """
    w, p, k, m, e = run.state, run.parameters, run.facts, run.market, run.market.offer[c]
    layer_terms(run, c, l, bids)
    psi = sovereignty_taste(run, c)
    if occasion == AT_RENEWAL:
        loyalty_at_renewal(run, c, l, bids)
        for s in range(N_STACKS):
            bids.base[T_CONSTANT, s] += w.constant_at_renewal[c, l, s]
        for v in range(k.vendors):
            bids.rows[R_SOVEREIGNTY, v] = -psi * m.control_at_renewal[e, l, v]
    else:
        loyalty_at_sale(run, c, l, bids)
        if occasion == AT_SALE:
            for s in range(N_STACKS):
                bids.base[T_CONSTANT, s] += w.constant_at_sale[c, l, s]
        for v in range(k.vendors):
            bids.rows[R_SOVEREIGNTY, v] = -psi * m.control_at_sale[e, l, v]
    alpha, slow = price_taste(run, c), p.delay_dislike
    beta = p.quality_taste * w.taste[c, TASTE_QUALITY]
    fear_us, fear_cn, fear_own = (
        bids.base[T_SUPPLY_FEAR, 0],
        bids.base[T_SUPPLY_FEAR, 1],
        bids.base[T_SUPPLY_FEAR, 2],
    )  # by vendor: times its cut
    us, cn, own = shared(bids, 0) - fear_us, shared(bids, 1) - fear_cn, shared(bids, 2) - fear_own
    for v in range(k.vendors):
        s = k.vendor_stack[v]
        price = -alpha * (m.log_price_now[e, l, v] + price_shift)
        quality = beta * (w.quality_by_layer[l, v] + w.appeal[c, v])
        delay = -slow * m.years[l, v]
        supply = of_stack(s, fear_us, fear_cn, fear_own) * m.cut[e, l, v]
        bids.rows[R_PRICE, v] = price
        bids.rows[R_QUALITY, v] = quality
        bids.rows[R_DELAY, v] = delay
        bids.rows[R_SUPPLY_FEAR, v] = supply
        bids.rows[R_FINANCE_GAP, v] = 0.0
        total = (price + quality) + (delay + supply)
        total += bids.rows[R_INCUMBENCY, v] + bids.rows[R_SOVEREIGNTY, v]
        total += bids.rows[R_AFFILIATION, v] + bids.rows[R_GRACES, v]
        bids.utility[v] = total + of_stack(s, us, cn, own)
    v = k.domestic_vendor
    if v >= 0 and run.on.champions and run.importer.at[c].champion * w.champion[c] > 0.0:
        rebate = alpha * log(1.0 - p.champion_rebate * run.importer.at[c].champion * w.champion[c])
        bids.rows[R_PRICE, v] -= rebate
        bids.utility[v] -= rebate


@compiled
def shared(bids, s):
    """Sum of the terms that all bids of a stack share.

    In two halves, which do not wait for each other.
    """
    even, odd = 0.0, 0.0
    for t in range(0, N_TERMS - 1, 2):
        even += bids.base[t, s]
        odd += bids.base[t + 1, s]
    if N_TERMS % 2 == 1:
        even += bids.base[N_TERMS - 1, s]
    return even + odd


@compiled
def term_of(bids, t, v):
    """Term `t` of vendor `v`."""
    value = bids.base[t, bids.stack[v]] if t != T_SUPPLY_FEAR else 0.0  # the fear itself: only times a vendor's cut
    row = ROW_OF_TERM[t]
    if row >= 0:
        value += bids.rows[row, v]
    return value


@compiled
def support_price(run, c, home, v, factor, alpha):
    """What support adds to a bid's price term: `factor` is the price with finance over the price without."""
    reach = reach_of_support(run, c, home, v)
    return -alpha * log(1.0 - reach * (1.0 - factor))


@compiled
def reach_of_support(run, c, home, v):
    """How far a home's support reaches a vendor in this country, 0-1.

    A compact opens it to the country's own vendors.
    """
    reach = run.market.intensity[home, v]
    if run.facts.vendor_home[v] < 0:
        compact = run.home.at[home].compact[c]
        if run.facts.domestic[v] > 0.0 or run.facts.hub[v] == 0.0:
            reach = max(reach, compact)
    return reach


@compiled
def refresh_scepticism(run, c):
    """Scepticism of either home, with what a change of government did to it."""
    for s in range(N_HOMES):
        run.state.scepticism[c, s] = min(max(run.facts.scepticism[c, s] + run.state.scepticism_shift[c, s], 0.0), 1.0)


@compiled
def refresh_appeal(run):
    """January: how a country sees a vendor beyond its quality.

    Fit, reputation, and what a domestic champion has learned.
    """
    w, p, k = run.state, run.parameters, run.facts
    weight = p.reputation_weight
    best_open = 0.0
    for v in range(VENDOR_PLACES):
        if k.serves[MODELS, v] > 0.0 and k.domestic[v] == 0.0:
            best_open = max(best_open, run.vendor.at[v].open_weights)
    us, cn = run.home.at[0], run.home.at[1]
    for c in range(run.facts.countries):
        learned = p.champion_learning * max(
            agreed(us.capacity_building, us.capacity_building_in[c]),
            agreed(cn.capacity_building, cn.capacity_building_in[c]),
            run.importer.at[c].require_training,
        )
        learned += p.champion_learning * best_open  # open models are what champions build on
        for v in range(VENDOR_PLACES):
            w.appeal[c, v] = w.log_fit[c, v] + weight * w.reputation[c, v]
        v = k.domestic_vendor
        if v >= 0:
            w.appeal[c, v] += p.domestic_quality + p.domestic_quality_slope * w.absorption[c] + learned
        refresh_scepticism(run, c)
        w.banned[c, 0], w.banned[c, 1] = 0.0, 0.0
        for l in range(N_LAYERS):
            w.banned[c, 0] = max(w.banned[c, 0], run.importer.at[c].ban_us[l])
            w.banned[c, 1] = max(w.banned[c, 1], run.importer.at[c].ban_cn[l])
    for l in range(N_LAYERS):
        for v in range(VENDOR_PLACES):
            w.quality_by_layer[l, v] = w.quality[v, l]
