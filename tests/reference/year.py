"""A January out of the other twins, in the model's order. Changes the plain world."""

from tests.reference import beliefs, choice, disputes, feedbacks, month, shocks, targeting, use
from tests.reference import january as money
from tests.reference.cells import shares


def january(world):
    """Money, standards, retention, disputes, beliefs, goodwill, research, mixes, reputation, survey, targets."""
    w = world.state
    month.grow(world)
    money.replenish(world)
    if world.on["standards"]:
        w.standards = feedbacks.standards_after(world)
        for l in range(world.layers):
            seen = [choice.standards_seen(world, l, s) for s in range(world.stacks)]
            world.book.standards_share[l] = [one / sum(seen) for one in seen]
    for c in range(world.countries):
        for l in range(world.layers):
            w.share[c][l] = shares(world, c, l)
    w.opening_share = w.share.copy()
    months, at_home = shocks.drawn(world)
    w.shock_month[: len(months)] = months
    w.country_shock_month[: world.countries] = at_home
    money.count_retained(world)  # before anything ends deals whose years are up
    shocks.settle_disputes(
        world, disputes.leverage, lambda *at: disputes.true_supply_hazard(*at, disputes.midpoint_mean)
    )
    shocks.divert(world)
    shocks.breaches(world)
    for (c, s, channel), (quiet, against) in beliefs.january(world).items():
        w.belief_for[c][s][channel], w.belief_against[c][s][channel] = quiet, against
    w.severity[: world.countries] = 0.0
    if world.on["goodwill"]:
        for c in range(world.countries):
            for h, home in enumerate(world.home):
                w.goodwill[c][h] = feedbacks.goodwill_after(world.parameters, w.goodwill[c][h], home.aid_bn)
    beliefs.refresh_fears(world)
    w.quality, w.data_use[:] = feedbacks.quality_after(world), 0.0
    money.change_cash(world)
    money.given_up(world)
    money.drift_mixes(world)
    money.expected_fits(world)
    money.build_skills(world)
    money.refresh_deal_fits(world)
    w.reputation[: world.countries, : world.vendors] = use.reputation(world)
    survey(world)
    for h in (0, 1):
        mark(world, h)


def survey(world):
    """Unsupported chances of the cells that are due.

    Every other year, and where no tender can come soon only where people buy too.
    """
    w = world.state
    for c in range(world.countries):
        if w.month > 0 and (world.facts.iso_number[c] + w.month // 12) % 2:
            continue
        for l in range(world.layers):
            if w.pipeline[c][l] and world.parameters.organic_layers[l] < 0.5:
                continue
            found = targeting.surveyed(world, c, l)
            w.win_unsupported[c][l], w.win_nothing[c][l], w.additional[:, c, l] = found.wins, found.nothing, found.added
            for v in range(world.vendors):
                w.organic_choice[c][l][v] = found.bought[v]


def mark(world, h):
    """Cells that a home supports, those taken for their pull behind all that were taken by score."""
    w = world.state
    w.target[h] = 0.0
    by_score, by_pull = targeting.targets(world, h, w.peers_served)
    terms, pull, _ = targeting.open_cells(world, h, w.peers_served)
    score = targeting.scores(terms, targeting.weights_of(world.home[h]))
    for c, l in by_score:
        w.target[h][c][l] = 1 + score[c, l]
    for c, l in by_pull:
        w.target[h][c][l] = pull[c, l] / (1 + pull[c, l])
