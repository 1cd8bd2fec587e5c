"""What a bid costs, how easily it can be cut off, its utility term by term, and the two rules of choice."""

import math

from tests.reference.plain import APPLICATIONS, CHIPS, CLOUD, INDEPENDENT, MODELS, NETWORK, agreed, asked, both, home_of

# Terms that a switch turns off as a whole.
SWITCHES = {
    **{
        name: name
        for name in (
            "complementarity",
            "incumbency",
            "peers",
            "standards",
            "supply_fear",
            "security_fear",
            "sovereignty",
            "alliance",
            "regulation",
            "framing",
            "affiliation",
        )
    },
    "dependence": "sovereignty",
    "graces": "affiliation",
    "licence": "licences",
    "finance_gap": "finance",
}
MODES = ("sold", "operated", "partner_operated", "self_hosted")


def mode(world, l, v):
    """How a vendor delivers on a layer."""
    offer = world.vendor[v]
    if l == MODELS:
        return "self_hosted" if offer.open_weights > 0 else "operated"
    partner = world.facts.vendor_stack[v] == INDEPENDENT and not world.facts.domestic[v] and not world.facts.hub[v]
    if l == CLOUD:
        return "partner_operated" if partner else ("sold" if offer.deal_class[0] >= 0.5 else "operated")
    return "sold" if l in (NETWORK, CHIPS) else "partner_operated"


def offered_protection(world, v, c=None):
    """Local hosting and confidential computing, by vendor and government together, in country `c` or in general."""
    offer, home = world.vendor[v], home_of(world, v)
    if home is None:
        return offer.local_hosting, offer.confidential_computing
    return both(agreed(home, "local_hosting", c), offer.local_hosting), both(
        agreed(home, "confidential_computing", c), offer.confidential_computing
    )


def protection(world, v, c=None):
    """The same, with the hosting that the country requires."""
    hosting, confidential = offered_protection(world, v, c)
    return max(hosting, asked(world, c, "hosting")), confidential


def cost_of_requirements(world, v, c):
    """What a country's requirements cost a bidder beyond what it brings anyway, as a share of its price."""
    p, home = world.parameters, home_of(world, v)
    kit, training = (
        0.0 if home is None else agreed(home, lever, c) for lever in ("evaluation_kit", "capacity_building")
    )
    cost = p.evaluation_price * max(asked(world, c, "evaluation") - kit, 0)
    cost += p.capacity_building_cost * max(asked(world, c, "training") - training, 0)
    cost += p.exit_price * asked(world, c, "exit")
    if not world.facts.domestic[v]:
        cost += p.hosting_price * max(asked(world, c, "hosting") - offered_protection(world, v, c)[0], 0)
    return cost


def lock_by_contract(world, v, c=None):
    """Lock-in by contract, as far as the country's exit terms leave it."""
    return world.vendor[v].lock_contract * (1 - asked(world, c, "exit"))


def loyalty(world, c, l):
    """Pull of the supplier that is there, less what the country's exit terms take away."""
    return world.parameters.incumbency[l] * (1 - world.parameters.exit_effect * asked(world, c, "exit"))


def cut(world, l, v, c=None):
    """How easily the seller can cut the buyer off, 0-1."""
    how = mode(world, l, v)
    p, by_mode = world.parameters, dict(zip(MODES, world.parameters.cut_by_mode, strict=True))
    base = by_mode[how]
    if how == "self_hosted":  # closed weights are as good as operated
        base = world.vendor[v].open_weights * base + (1 - world.vendor[v].open_weights) * by_mode["operated"]
    hosting, confidential = protection(world, v, c)
    own = p.cut_domestic if world.facts.domestic[v] else 1.0  # a domestic seller answers to the buyer
    return base * (1 - p.cut_hosting * hosting) * (1 - p.cut_confidential * confidential) * own


def tailored(world, v):
    """(customisation, turnkey delivery) of what a vendor offers now.

    Short of cash it tailors little and delivers ready-made.
    """
    p, offer = world.parameters, world.vendor[v]
    if world.state.month < world.state.quick_until[v]:
        return p.quick_customisation * offer.customisation, max(offer.turnkey, p.quick_turnkey)
    return offer.customisation, offer.turnkey


def list_price(world, l, v, c=None):
    """The buyer's whole cost over the layer's reference, without subsidy and finance."""
    if not world.on["price"]:
        return 1.0
    p, offer, home = world.parameters, world.vendor[v], home_of(world, v)
    hosting, confidential = offered_protection(world, v, c)
    extras = p.hosting_price * hosting + p.confidential_price * confidential
    extras += p.customisation_price * tailored(world, v)[0] + p.option_price * offer.option_value
    extras -= p.silicon_rebate * offer.lock_silicon * world.facts.own_silicon[v]
    if home is not None:
        extras += p.supply_bond_price * agreed(home, "supply_bond", c)
        extras += p.evaluation_price * agreed(home, "evaluation_kit", c)
        extras += p.guardrail_price * home.guardrail + p.consortium_price * home.consortium_required
    if c is not None:
        extras += p.requirement_passed * cost_of_requirements(world, v, c)
    ratio = world.facts.price_ratio[l][v] * (1 + offer.markup) / (1 + world.facts.usual_markup[v]) * (1 + extras)
    if l == MODELS:
        ratio *= 1 - p.open_weights_rebate * offer.open_weights
    if home is not None and l in (CHIPS, CLOUD):
        ratio *= 1 + p.power_price * home.power_package
    h = int(world.facts.vendor_home[v])
    if home is not None and l in (NETWORK, CHIPS) and world.state.month < world.state.tariff_until[h]:
        ratio *= 1 + p.tariff_price * world.state.tariff_size[h]
    return 1 + p.pass_through[l] * (ratio - 1)


def volume(world, v):
    """What a budget buys of a vendor at its mark-up, over what it buys at the usual one."""
    return ((1 + world.facts.usual_markup[v]) / (1 + world.vendor[v].markup)) ** world.parameters.budget_bound


def price_now(world, l, v, c=None):
    """The list price less the subsidy that the vendor's home pays at the moment."""
    home = home_of(world, v)
    paid = world.on["price"] and home is not None and world.state.subsidy_on[int(world.facts.vendor_home[v])] > 0
    return list_price(world, l, v, c) * (1 - agreed(home, "subsidy", c, l) if paid else 1)


def months_to_operation(world, l, v):
    """Expected months of a site of usual size, without the grid's wait and licences."""
    p, (customisation, turnkey) = world.parameters, tailored(world, v)
    sized = l in (CHIPS, CLOUD)
    if l == NETWORK:
        kind = 5
    elif not sized:
        kind = 6
    else:
        kind = 4 if l == CLOUD and mode(world, l, v) == "operated" else 2
    stages = (p.finance_months[kind] + p.build_months[kind]) * (1 - p.turnkey_speed * turnkey)
    return stages + p.customisation_months * customisation


def hazard_within(chance, years):
    """H = 1 - (1 - E[hazard])^years."""
    return 1 - (1 - chance) ** years


def standards_seen(world, l, s):
    """A stack's standards: its installed base and what its home's work adds."""
    p = world.parameters
    if s >= len(world.home) or not world.on["standards_lever"]:
        return world.state.standards[l][s]
    home = world.home[s]
    work = home.standards + p.standards_kit * home.evaluation_kit + p.standards_consortium * home.consortium_required
    return world.state.standards[l][s] + p.standards_lever * work


def quality_seen(world, c, l, v):
    """Log quality of a vendor as a country sees it, without its fit: with its reputation, and what a champion learned.

    A champion learns from its people's training and from open models.
    """
    p, k, w = world.parameters, world.facts, world.state
    seen = w.quality[v][l] + p.reputation_weight * w.reputation[c][v]
    if not k.domestic[v]:
        return seen
    learned = max(*(agreed(one, "capacity_building", c) for one in world.home), world.importer[c].require_training)
    others = [u for u in range(world.vendors) if k.serves[MODELS][u] and not k.domestic[u]]
    learned += max(world.vendor[u].open_weights for u in others)
    return seen + p.domestic_quality + p.domestic_quality_slope * w.absorption[c] + p.champion_learning * learned


def terms(world, c, l, v, held=None, sale=False):
    """Utility terms of vendor v's unsupported bid in country c, layer l.

    `held`: vendor's shares of ending contracts at a renewal. `sale`: at a tender for something new, not among all who
    may sell.
    """
    p, k, w, offer, home = world.parameters, world.facts, world.state, world.vendor[v], home_of(world, v)
    s, h, renewal = int(k.vendor_stack[v]), int(k.vendor_home[v]), held is not None
    price, quality, complement, peers, supply, security, sovereign, alliance, framing, affiliation = w.taste[c]
    found = {"constant": w.constant[c][l][s] + (w.constant_at_renewal[c][l][s] if renewal else 0.0)}
    found["constant"] += w.constant_at_sale[c][l][s] if sale and not renewal else 0.0

    alpha = (p.price_taste + p.price_taste_income * (1 - k.income_rank[c])) * price
    cost = math.log(price_now(world, l, v, c))
    if k.domestic[v] and world.on["champions"]:
        cost += math.log(1 - p.champion_rebate * world.importer[c].champion * w.champion[c])
    found["price"] = -alpha * cost

    found["quality"] = p.quality_taste * quality * (w.log_fit[c][v] + quality_seen(world, c, l, v))

    own_stack = [u for u in range(world.vendors) if k.vendor_stack[u] == s]
    if renewal:
        mine = held[v] + p.incumbency_renewal_stack * sum(held[u] for u in own_stack)
        found["incumbency"] = loyalty(world, c, l) * (1 + lock_by_contract(world, v, c) + offer.lock_silicon) * mine
        if l == CLOUD and home is not None and mode(world, l, v) == "operated":
            found["incumbency"] += p.cloud_lock_renewal * home.cloud_counts * held[v]
    else:
        there = w.stock[c][l][v] / max(sum(w.stock[c][l]), 1e-300)
        found["incumbency"] = loyalty(world, c, l) * (
            p.incumbency_new_vendor * there + p.incumbency_new_stack * w.share[c][l][s]
        )

    found["complementarity"] = (
        p.complementarity
        * complement
        * sum(p.complementarity_between[l][m] * w.share[c][m][s] for m in range(world.layers))
    )
    found["peers"] = (
        p.peer_pull
        * peers
        * sum(weight * w.opening_share[j][l][s] for j, weight in zip(k.peer_index[c], k.peer_weight[c], strict=True))
    )
    found["standards"] = p.standards_pull * math.log(max(standards_seen(world, l, s), p.standards_floor))

    spend = sum(w.demand[c])
    depends = sum(w.demand[c][m] * w.share[c][m][s] for m in range(world.layers)) / spend
    standing = home is not None and w.month >= w.broken_until[h]
    comp = p.supply_bond_comfort * agreed(home, "supply_bond", c) if standing else 0.0
    found["supply_fear"] = (
        -p.supply_fear * supply * cut(world, l, v, c) * w.fear[c][s][0] * (p.supply_fear_alone + depends) * (1 - comp)
    )
    umbrella = 0.0
    if home is not None:
        rival = world.home[1 - h]
        umbrella = rival.umbrella_message * k.ally[c][1 - h] * w.kept[c][1 - h]
    found["security_fear"] = -p.security_fear * security * k.security_weight[c] * w.fear[c][s][1] * (1 + umbrella)

    appetite = min(max(world.importer[c].sovereignty + w.sovereignty_shift[c], 0), 1)
    psi = (p.sovereignty_taste + p.sovereignty_taste_slope * appetite) * sovereign
    data = 1 + p.control_data_rights * offer.data_rights if l in (MODELS, CLOUD, APPLICATIONS) else 1.0
    silicon = offer.lock_silicon * (1 if renewal else 1 - p.hidden_silicon)
    found["sovereignty"] = -psi * cut(world, l, v, c) * data * (1 + lock_by_contract(world, v, c) + silicon)
    found["dependence"] = -p.dependence_aversion * max(depends - p.dependence_free, 0) ** 2 if home is not None else 0.0

    found["alliance"] = found["regulation"] = found["framing"] = found["affiliation"] = found["graces"] = 0.0
    found["licence"] = found["pressure"] = 0.0
    lean = world.importer[c].leaning[l]
    found["leaning"] = p.leaning_pull * (lean if s == 0 else -lean if s == 1 else 0.0)
    training = 0.0 if home is None else agreed(home, "capacity_building", c)
    training = max(training, world.importer[c].require_training)
    found["capacity"] = p.capacity_taste * training * (1 - w.absorption[c])
    wait = k.grid_wait[c] * p.grid_wait_share / 12 if l in (CHIPS, CLOUD) else 0.0
    wait += months_to_operation(world, l, v) / 12
    if home is not None:
        found["alliance"] = p.alliance_taste * alliance * k.ally[c][s] * w.kept[c][s]
        found["regulation"] = -p.regulation_friction * k.regulation[c] * (1 - agreed(home, "respect_regulation", c))
        led = 1 - p.framing_industry_led * home.industry_led
        geopolitical = home.frame_geopolitical * led * (p.framing_ally * k.ally[c][s] - k.nonaligned[c])
        goodwill = w.goodwill[c][s] if world.on["goodwill"] else p.goodwill_ally * k.ally[c][s]
        values = home.frame_values * led * (k.likeness[c][s] - p.framing_likeness) * goodwill
        found["framing"] = p.framing * framing * (geopolitical + values)
        seen = offer.affiliation * (1 - home.deniability) * (1 - p.affiliation_industry_led * home.industry_led)
        sceptical = min(max(k.scepticism[c][s] + w.scepticism_shift[c][s], 0), 1)
        noticed = (1 - p.distrust_quarrel * max(0, -offer.relation)) * (1 + p.distrust_advocacy * home.advocacy)
        found["affiliation"] = -p.affiliation_dislike * affiliation * seen * sceptical * noticed
        found["graces"] = p.good_graces * seen * k.exports_share[c][s]
        tier = int(k.tier[c][s])
        denied = min(p.denial * home.control_strictness * tier, 0.95)
        needed = p.licence_layers[l] * (1 - p.compact_licence * home.compact[c])
        found["licence"] = p.licence_dislike * needed * math.log(1 - denied)
        delay = (
            p.licence_months[tier]
            * (p.licence_lenient + home.control_strictness)
            * (1 - p.fast_lane_effect * home.fast_lane)
        )
        wait += needed * delay / 12 if world.on["licences"] else 0
        here = [world.importer[c].ban_us, world.importer[c].ban_cn]
        found["pressure"] = -p.pressure_weight * rival.pressure * k.exports_share[c][1 - h]
        found["pressure"] -= (
            world.on["retaliation"] * p.retaliation * (max(here[h]) - p.retaliation_reward * max(here[1 - h]))
        )
    found["delay"] = -p.delay_dislike * wait
    found["finance_gap"] = (
        -p.finance_gap
        * p.finance_gap_layer[l]
        * max(0, (k.cost_of_capital[c] - p.finance_gap_from) / p.finance_gap_scale)
    )
    return {name: value if world.on.get(SWITCHES.get(name), True) else 0.0 for name, value in found.items()}


def nested_logit(utility, stack, scale, correction, outside):
    """(P(bid) by bid, P(nothing)) over the bids of `utility` (bid -> U); `stack`: bid -> nest.

    `outside`: V0 or None.
    """
    inclusive = {}
    for s in set(stack.values()):
        own = [i for i in utility if stack[i] == s]
        if own:
            total = sum(math.exp(utility[i] / scale) for i in own)
            inclusive[s] = math.log(total) - correction * math.log(len(own))
    everything = sum(math.exp(scale * value) for value in inclusive.values()) + (
        0 if outside is None else math.exp(outside)
    )
    chances = {}
    for i in utility:
        own = [j for j in utility if stack[j] == stack[i]]
        within = math.exp(utility[i] / scale) / sum(math.exp(utility[j] / scale) for j in own)
        chances[i] = within * math.exp(scale * inclusive[stack[i]]) / everything
    return chances, (0.0 if outside is None else math.exp(outside) / everything)


def good_enough(utility, margin):
    """The bids within `margin` of the best one."""
    return {i for i, u in utility.items() if u >= max(utility.values()) - margin}


def satisficing(utility, margin, outside):
    """(P(bid) by bid, P(nothing)): all that are good enough alike.

    Nothing where the best is worth less than V0, unless `outside` is None.
    """
    if not utility or (outside is not None and max(utility.values()) < outside):
        return dict.fromkeys(utility, 0.0), 1.0
    good = good_enough(utility, margin)
    return {i: (i in good) / len(good) for i in utility}, 0.0


def probabilities(p, utility, stack, must_buy=False):
    """(P(bid) by bid, P(nothing)) by the rule that the parameters name."""
    outside = None if must_buy else p.outside_option
    if p.satisficing:
        return satisficing(utility, p.satisficing_margin, outside)
    return nested_logit(utility, stack, p.nest_scale, p.count_correction, outside)


def of_stacks(p, utility, stack, stacks=3):
    """P(stack), in order."""
    chances, nothing = probabilities(p, utility, stack)
    if p.satisficing and nothing == 0:  # three of five, not three times a fifth: whole shares meet thresholds
        good = good_enough(utility, p.satisficing_margin)
        return [sum(stack[i] == s for i in good) / len(good) for s in range(stacks)]
    return [sum(chance for i, chance in chances.items() if stack[i] == s) for s in range(stacks)]


def raised(utility, stack, s, lift):
    """The same bids with those of one stack worth so much more."""
    return {i: u + lift * (stack[i] == s) for i, u in utility.items()}
