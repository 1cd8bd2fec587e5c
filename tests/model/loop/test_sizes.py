"""How large a deal and its sites are, who is admitted to tenders, and what an inroad may become, against twins."""

import numpy as np
import pytest

from stackcraft.model.loop.bids import admitted, chance_admitted
from stackcraft.model.loop.choice import chances_if_admitted
from stackcraft.model.loop.contracts import prolong
from stackcraft.model.loop.demand import largest_deal, power_of_deal, power_of_deals, power_of_organic
from stackcraft.model.loop.market import site_mw
from stackcraft.model.loop.sign import announced_over_signed
from tests.model.loop.conftest import CELLS, assert_same, look, put, put_deal, put_levers, put_parameters
from tests.reference import bids as bids_twin
from tests.reference import decision, lifecycle, signing, tenders
from tests.reference.plain import CHIPS, CLOUD, NARROW, NETWORK, OPERATING, SCRIPTED, SOFTWARE, SOVEREIGN, deal


def test_power_follows_the_capital_part(stood):
    """35 m$ a MW; announced power stands between 35 and 60; software and other layers have none."""
    p, plain = stood.run.parameters, stood.world.parameters
    for l, deal_class, value, announced in [
        (CHIPS, SOVEREIGN, 3.5, 0.0),
        (CHIPS, NARROW, 35.0, 0.0),
        (CLOUD, SOVEREIGN, 7.0, 0.0),
        (CHIPS, SOVEREIGN, 3.5, 80.0),
        (CHIPS, SOVEREIGN, 3.5, 5.0),
        (CLOUD, NARROW, 1.0, 500.0),
        (CLOUD, SOFTWARE, 4.0, 70.0),
        (NETWORK, NARROW, 4.0, 70.0),
    ]:
        got = power_of_deal(p, l, deal_class, value, announced)
        assert got == pytest.approx(lifecycle.power_of_deal(plain, l, deal_class, value, announced))
        if l in (CHIPS, CLOUD) and deal_class != SOFTWARE:
            assert 0.035 * (1 - 1e-12) <= value * plain.capital_share[l] / got <= 0.06 * (1 + 1e-12)
        else:
            assert got == 0
    assert power_of_deal(p, CHIPS, SOVEREIGN, 3.5, 0.0) == pytest.approx(100)
    assert power_of_deal(p, CHIPS, SOVEREIGN, 3.5, 80.0) == 80


@pytest.mark.parametrize("deal_class", [SOVEREIGN, NARROW])
@pytest.mark.parametrize("megawatts", [0.0, 3.0, 99.9, 100.0, 250.0, 999.0, 1000.0, 7300.0])
def test_large_demand_makes_more_sites(stood, deal_class, megawatts):
    p = stood.run.parameters
    site = site_mw(p, megawatts, deal_class)
    assert site == pytest.approx(lifecycle.of_each_site(stood.world.parameters, megawatts, deal_class), rel=1e-12)
    assert site < (1000 if deal_class == SOVEREIGN else 100) and (megawatts == 0 or round(megawatts / site, 9) % 1 == 0)


def test_the_largest_deal_grows_with_gdp(stood):
    for c, l in CELLS:
        assert largest_deal(stood.run, c, l) == pytest.approx(tenders.largest(stood.world, c, l), rel=1e-12)


def test_power_in_operation_and_on_its_way(standing):
    put_deal(standing, 2, CLOUD, 0, megawatts=70.0)
    world = look(standing)
    for c in range(world.countries):
        organic = power_of_organic(standing.run, c)
        for stage in (1, OPERATING):
            assert power_of_deals(standing.run, c, stage) + organic == pytest.approx(tenders.power_of(world, c, stage))
        assert organic > 0


def test_only_sovereign_mega_sites_are_announced_larger(standing):
    """And what is scripted is the announcement itself."""
    p = standing.world.parameters
    for number, (deal_class, megawatts, origin, grown) in enumerate(
        [
            (SOVEREIGN, 400, 0, True),
            (SOVEREIGN, 90, 0, False),
            (NARROW, 400, 0, False),
            (SOVEREIGN, 400, SCRIPTED, False),
        ]
    ):
        put_deal(standing, number, CHIPS, 5, deal_class=deal_class, megawatts=megawatts, origin=origin, value=3.0)
        one = standing.run.deals["at"][number, CHIPS, 5]
        factor = announced_over_signed(standing.run.parameters, one)
        assert factor == (p.mega_announcement if grown else 1)
        assert 3 * factor == pytest.approx(signing.announced(p, deal(look(standing), number, CHIPS, 5)))


@pytest.mark.parametrize(
    ("deal_class", "size", "grown"), [(SOFTWARE, 0.3, 0.2), (SOFTWARE, 0.9, 0.36), (NARROW, 0.3, 0.3)]
)
def test_an_inroad_is_renewed_as_software(standing, deal_class, size, grown):
    """It keeps what it has, or takes what software serves of a larger need; the rest is left to new tenders."""
    c, l, i = next(
        (c, CLOUD, int(i))
        for c in range(standing.world.countries)
        for i in np.flatnonzero(standing.run.state["stage"][c, CLOUD] == OPERATING)
    )
    put_deal(standing, c, l, i, deal_class=deal_class, capacity=0.2, value=1.0, ledger=-1)
    world = look(standing)
    decision.prolong(world, c, l, i, size)
    prolong(standing.run, c, l, i, size)
    assert_same(standing, world)
    one = deal(look(standing), c, l, i)
    assert one.capacity == pytest.approx(grown, rel=1e-6) and (one.megawatts == 0) == (deal_class == SOFTWARE)


def test_exclusion_from_networks_reaches_other_layers(standing):
    """In the degree declared, or more where the layer has a ban of its own; it shuts out by a draw of its own."""
    countries = standing.world.countries
    bans = np.zeros((countries, 7))
    bans[:, NETWORK], bans[:, CLOUD] = np.linspace(0, 1, countries), 0.3
    put_levers(standing, "importer", slice(0, countries), ban_cn=bans, ban_us=bans[::-1] * 0.5)
    put(standing, sanctioned_until=((3, 1), 60))
    world, out, reach = look(standing), 0, standing.world.parameters.exclusion_reach
    for c in range(countries):
        for l in range(7):
            for h in (0, 1):
                chance = chance_admitted(standing.run, c, l, h)
                assert chance == pytest.approx(bids_twin.chance_admitted(world, c, l, h))
                v = next(v for v in range(15) if world.facts.vendor_home[v] == h)
                world.facts.serves[l][v], world.state.alive[v] = 1, 1
                may = admitted(standing.run, c, l, h)
                assert may == bids_twin.may_sell(world, c, l, v), (c, l, h)
                assert may == (chance > 0) or 0 < chance < 1
                out += not may
            if world.facts.tier[c][1] < 3 and c != 3:
                assert chance == pytest.approx(1 - max(bans[c, l], reach[l] * bans[c, NETWORK]))
    assert not admitted(standing.run, countries - 1, NETWORK, 1) and 20 < out < 100


def test_a_higher_degree_admits_to_fewer_of_the_same_tenders(standing):
    countries, before = standing.world.countries, None
    for degree in (0.0, 0.2, 0.5, 0.9, 1.0):
        put_levers(standing, "importer", slice(0, countries), ban_cn=degree)
        now = {
            (c, l, month)
            for month in range(24)
            for c in range(countries)
            for l in range(7)
            if (put(standing, month=month), admitted(standing.run, c, l, 1))[1]
        }
        assert before is None or now < before
        before = now
    assert not before


def test_chances_where_sides_may_stay_away(standing):
    """The mean over who comes, each case by itself."""
    bids = standing.space["bids"]
    weights = np.array([2.0, 3.0, 0.5])
    bids["stack_weight"][:] = weights
    *chance, nothing = chances_if_admitted(bids, 0.7, 0.6, 0.1)
    expected, left = np.zeros(3), 0.0
    for come_us, come_cn, case in ((1, 1, 0.06), (1, 0, 0.54), (0, 1, 0.04), (0, 0, 0.36)):
        here = weights * [come_us, come_cn, 1]
        expected += case * here / (here.sum() + 0.7)
        left += case * 0.7 / (here.sum() + 0.7)
    assert (
        chance == pytest.approx(expected)
        and nothing == pytest.approx(left)
        and sum(chance) + nothing == pytest.approx(1)
    )


def test_small_deals_are_more_deals(standing):
    """What a limit leaves out of a tender is still needed afterwards."""
    put(standing, pipeline=0, pending=0.0)
    put_parameters(standing, deal_share_of_gdp=1e-4)
    world = look(standing)
    for c, l in CELLS:
        one = tenders.tender(world, c, l, "new")
        if one is not None:
            assert one.size <= tenders.largest(world, c, l) * (1 + 1e-12)
