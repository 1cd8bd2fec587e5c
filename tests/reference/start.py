"""January of the first year: contracts, organic stock, beliefs and tastes from the facts."""

import itertools
import math

from tests.reference import choice, luck, tenders
from tests.reference.bids import chance_admitted, chance_of_bid, could_sell, log_odds_of_consideration
from tests.reference.cells import attribution
from tests.reference.demand import of_government

SMALL_STACK, LEAST_CHANCE, SMALLEST_BN = 0.02, 0.003, 2e-5
FACTOR_STEPS = 3000


def held(shares, stack, drawn):
    """Contracts of a cell by vendor: one a stack, but for traces, of the vendor on whom the draw falls within it."""
    found = {}
    for s in sorted(set(stack.values())):
        own = [(v, shares[v]) for v in sorted(stack) if stack[v] == s and shares[v] > 0]
        total = sum(share for _, share in own)
        if total >= SMALL_STACK:
            found[pick(own, drawn)] = total
    return {v: share / sum(found.values()) for v, share in found.items()}


def pick(weighted, drawn):
    """The one of (name, weight) pairs on whom a uniform draw falls."""
    passed, whole = 0.0, sum(weight for _, weight in weighted)
    for name, weight in weighted:
        passed += weight
        if passed >= drawn * whole:
            return name
    return weighted[-1][0]


def organic_share(world, c, l):
    """Share of a cell that firms and people buy on their own."""
    return world.parameters.organic_layers[l] * world.facts.organic_share[c] if world.on["organic"] else 0.0


def contracts(world, c, l):
    """(capacity, months left, months of the whole term) by vendor."""
    k, months = world.facts, 12 * world.parameters.term_years[l]
    governments = k.capacity[c][l] * (1 - organic_share(world, c, l))
    stack = {v: int(k.vendor_stack[v]) for v in range(world.vendors)}
    return {
        v: (
            governments * share,
            months * luck.drawn(world, "contract_age", c, l, int(k.vendor_stack[v]), month=0),
            months,
        )
        for v, share in held(
            k.installed[c][l][: world.vendors], stack, luck.drawn(world, "contract_age", c, l, 3, month=0)
        ).items()
    }


def used(world, c, l, one):
    """Share of an old contract's capacity that is in use: what its fit and the country's skills allow."""
    k = world.facts
    governments = k.capacity[c][l] * (1 - organic_share(world, c, l))
    p = world.parameters
    ceiling = min(1, p.use_ceiling + p.use_ceiling_absorption * k.absorption[c])
    return min(1, of_government(world, c, l) / governments * one.fit) * ceiling


def prior(world, c, s):
    """[(for, against)] of being cut off, being breached, commitments kept."""
    k, strength = world.facts, world.parameters.belief_strength
    means = k.prior_supply[c][s], k.prior_security[c][s], 1 - k.prior_commitment[c][s]
    return [(strength * (1 - against), strength * against) for against in means]


def taste(world, c, i):
    """A lognormal factor with mean 1 and the given coefficient of variation."""
    if not world.on["tastes"]:
        return 1.0
    variance = math.log(1 + world.parameters.taste_spread**2)
    return math.exp(math.sqrt(variance) * luck.normal(world, "taste", c, 0, i, month=0) - variance / 2)


def on_its_way(world, c, l):
    """(vendor, size, months left, months in all) of a deal that a cell waits for, or None.

    `world.state.pending` holds what was found for the layers before.
    """
    p, k = world.parameters, world.facts
    if not world.on["demand_growth"] or not world.on["lifecycle"]:
        return None
    have = k.capacity[c][l] * (1 - organic_share(world, c, l))
    wanted = of_government(world, c, l) * tenders.growth(p, l, p.planning_years)
    sellers = [(v, k.installed[c][l][v]) for v in range(world.vendors) if could_sell(world, c, l, v)]
    sellers = [(v, share) for v, share in sellers if share > 0]
    if not sellers or have <= 0 or wanted <= p.top_up_above * have:
        return None
    size = min(wanted - have, tenders.largest(world, c, l))
    if l in (choice.CHIPS, choice.CLOUD) and world.on["power"]:
        room = max(tenders.electricity_room(world, c), 0.0)
        size = min(size, room * p.capital_bn_per_mw / (p.term_years[l] * p.capital_share[l]))
    if size < SMALLEST_BN:
        return None
    chosen = pick(sellers, luck.drawn(world, "contract_age", c, l, 5, month=0))
    months = choice.months_to_operation(world, l, chosen)
    renewals = (min(p.renewal_largest, wanted / have) - 1) / p.term_years[l]
    grows = max(p.growth[l] + p.gdp_growth[k.income_group[c]] - renewals, 0)
    chance = (1 - math.exp(-grows * months / 12)) * have / size
    if luck.drawn(world, "contract_age", c, l, 4, month=0) >= chance:
        return None
    return chosen, size, months * luck.drawn(world, "contract_age", c, l, 6, month=0), months


def split(goal, made_of):
    """Chances of the stacks' sales by which shares come closest to `goal`, in the sense of relative entropy.

    `made_of`: what the sales of each stack that may sell are made of, by stack; who may not sell is left out.
    """
    chance = {s: 1 / len(made_of) for s in made_of}
    for _ in range(100):
        parts = [sum(chance[s] * made_of[s][j] for s in made_of) for j in range(3)]
        before = dict(chance)
        for s in made_of:
            chance[s] *= sum(made_of[s][j] * goal[j] / max(parts[j], 1e-9) for j in range(3))
        if max(abs(chance[s] - before[s]) for s in made_of) < 1e-6:
            break
    whole = sum(chance.values())
    chance = {s: max(chance[s] / whole, LEAST_CHANCE) for s in made_of}
    return {s: chance[s] / sum(chance.values()) for s in made_of}


def own_constants(world, c, l, common):
    """Constants of a cell by stack, where those of the world are `common`: what meets its January shares, shrunk.

    Chances that nothing is bought stay.
    """
    p, (wanted, chance) = world.parameters, to_meet(world, c, l, common)
    found = meeting(wanted, chance, [chance_admitted(world, c, l, 0), chance_admitted(world, c, l, 1), 1.0])
    return [common[s] + (p.start_shrink * math.log(found[s] / chance[s]) if s in chance else 0.0) for s in range(3)]


def shares_met(world, c, l, common):
    """Chances of the stacks' sales that the constants of a cell meet."""
    return to_meet(world, c, l, common)[0]


def to_meet(world, c, l, common):
    """(chances to meet, chances with the world's constants) of the stacks that may sell."""
    p, k = world.parameters, world.facts
    stack = {v: int(k.vendor_stack[v]) for v in range(world.vendors) if could_sell(world, c, l, v)}
    utility = {v: sum(choice.terms(world, c, l, v).values()) for v in stack}
    utility = {v: value - world.state.constant[c][l][stack[v]] + common[stack[v]] for v, value in utility.items()}
    bought, _ = choice.probabilities(p, utility, stack, must_buy=True)
    chance = {s: sum(bought[v] for v in stack if stack[v] == s) for s in set(stack.values())}
    parts = {v: attribution(world, l, v) for v in stack}
    made_of = {
        s: [sum(bought[v] / chance[s] * parts[v][j] for v in stack if stack[v] == s) for j in range(3)] for s in chance
    }
    goal = [world.state.share[c][l][s] if s in chance else 0.0 for s in range(3)]
    return split(goal, made_of), chance


def constants_at_tenders(world, c, l, common):
    """(constants by stack at tenders for something new, the same at renewals) that let the January shares be won.

    Not every vendor comes to a tender. A stack comes led by its best vendor, or without it; at a renewal of its own,
    led by who holds the contract. `common`: the world's constants.
    """
    p, k = world.parameters, world.facts
    stack = {v: int(k.vendor_stack[v]) for v in range(world.vendors) if could_sell(world, c, l, v)}
    share = shares_met(world, c, l, common)
    admitted = [chance_admitted(world, c, l, 0), chance_admitted(world, c, l, 1), 1.0]
    vendors = {s: [v for v in sorted(stack) if stack[v] == s] for s in share}
    coming = {v: chance_of_coming(world, c, v) for v in stack}

    def weights(held=None):
        extra = world.state.constant_at_sale if held is None else world.state.constant_at_renewal
        utility = {v: sum(choice.terms(world, c, l, v, held, sale=True).values()) for v in stack}
        return {v: math.exp((u - extra[c][l][stack[v]]) / p.nest_scale) for v, u in utility.items()}

    def worth(total, number):
        """Weight of a stack of which so many bids come, with the weights `total` in all."""
        return math.exp(p.nest_scale * (math.log(total) - p.count_correction * math.log(number)))

    def led_by(leader, others, weight):
        """Weight of a stack where one vendor comes for certain and each of the others by its chance."""
        total = weight[leader] + sum(coming[v] * weight[v] for v in others)
        return worth(total, 1 + sum(coming[v] for v in others))

    def usual(s, weight):
        """[(chance, weight)] of the cases in which a stack comes that holds nothing."""
        best = max(vendors[s], key=lambda v: (weight[v], coming[v]))
        others = [v for v in vendors[s] if v != best]
        found = [(admitted[s] * coming[best], led_by(best, others, weight))]
        any_other = 1 - math.prod(1 - coming[v] for v in others)
        if any_other > 0:
            total, number = sum(coming[v] * weight[v] for v in others), sum(coming[v] for v in others)
            chance = admitted[s] * (1 - coming[best]) * any_other
            found.append((chance, worth(total / any_other, number / any_other)))
        return found

    def renewing(s):
        """The same of a stack that holds the contract that ends."""
        installed = {v: k.installed[c][l][v] for v in vendors[s]}
        if sum(installed.values()) <= 0:
            installed = dict.fromkeys(vendors[s], 1.0)
        found = []
        for holder in (v for v in vendors[s] if installed[v] > 0):
            others = [v for v in vendors[s] if v != holder]
            weight = weights([float(v == holder) for v in range(world.vendors)])
            chance = admitted[s] * installed[holder] / sum(installed.values())
            found.append((chance, led_by(holder, others, weight)))
        return found

    at_sale, at_renewal = weights(), weights([0.0] * world.vendors)
    sold, again = {s: usual(s, at_sale) for s in share}, {s: usual(s, at_renewal) for s in share}
    sales = factors([(1.0, sold)], sold, share, p)
    renewals = factors([(share[s], again | {s: renewing(s)}) for s in share], again, share, p)
    return [[p.start_shrink * math.log(one[s]) if s in one else 0.0 for s in range(3)] for one in (sales, renewals)]


def chance_of_coming(world, c, v):
    """Chance that a vendor bids in an unsupported tender and is considered."""
    chance = chance_of_bid(world, c, v, 0.0) if world.on["go_no_go"] else 1.0
    if world.on["consideration"]:
        chance /= 1 + math.exp(-log_odds_of_consideration(world, c, v, 0.0))
    return chance


def factors(tenders_held, usual, share, p):
    """Factors on the weights of the stacks by which `share` is won, of all that is bought, in tenders.

    `tenders_held`: (times, {stack: [(chance, weight)] of the cases in which it comes}); `usual`: the same in most of
    them, whose mean weight stays. By fixed-point steps, as many as it takes.
    """
    factor = dict.fromkeys(share, 1.0)
    mean = {s: sum(chance * weight for chance, weight in usual[s]) for s in share}
    for _ in range(FACTOR_STEPS):
        won = dict.fromkeys(share, 0.0)
        for times, cases in tenders_held:
            complete = [[(1 - sum(chance for chance, _ in cases[s]), 0.0), *cases[s]] for s in share]
            for here in itertools.product(*complete):
                case = times * math.prod(chance for chance, _ in here)
                weight = {s: factor[s] * one for s, (_, one) in zip(share, here, strict=True)}
                for s in share:
                    won[s] += case * weight[s] / (math.exp(p.outside_option) + sum(weight.values()))
        bought = sum(won.values())
        goal = {s: max(min(share[s], 0.95 * sum(chance for chance, _ in usual[s]) / bought), 1e-9) for s in share}
        goal = {s: one / sum(goal.values()) for s, one in goal.items()}
        away = max(abs(math.log(goal[s] * bought / won[s])) for s in share)
        before = sum(factor[s] * mean[s] for s in share)
        factor = {s: factor[s] * goal[s] / (won[s] / bought) for s in share}
        after = sum(factor[s] * mean[s] for s in share)
        factor = {s: one * before / after for s, one in factor.items()}
        if away < 1e-9:
            break
    return factor


def meeting(wanted, weight, open_to):
    """Weights of the stacks, 1 in all, by which each has the chance `wanted`, where its bids come by `open_to`."""
    weight = dict(weight)
    for _ in range(40):
        chance = dict.fromkeys(weight, 0.0)
        for us, cn in ((0, 0), (0, 1), (1, 0), (1, 1)):
            comes = {0: us, 1: cn, 2: 1}
            case = (open_to[0] if us else 1 - open_to[0]) * (open_to[1] if cn else 1 - open_to[1])
            total = sum(weight[s] * comes[s] for s in weight)
            for s in weight:
                chance[s] += case * weight[s] * comes[s] / total if total > 0 else 0.0
        for s in weight:
            weight[s] *= min(wanted[s], 0.95 * open_to[s]) / max(chance[s], 1e-9)
        weight = {s: w / sum(weight.values()) for s, w in weight.items()}
    return weight
