"""Which layers join a package, and what it is worth, against plain lists."""

import numpy as np
import pytest

from stackcraft.experiments.checks.one_run import bids
from stackcraft.model.loop.codes import AT_SALE, CHIPS, CLOUD, PACKAGE
from stackcraft.model.loop.contracts import ANYBODY
from stackcraft.model.loop.demand import most_that_runs
from stackcraft.model.loop.packages import ending_shares, offer_packages, open_size
from stackcraft.model.loop.tenders import SMALLEST_BN
from stackcraft.model.loop.utility import bid_utilities, clear_base, country_terms, price_taste
from tests.model.loop.conftest import look, put, put_parameters, switch
from tests.reference import packages as twin
from tests.reference.bids import may_sell
from tests.reference.demand import of_government
from tests.reference.plain import Tender
from tests.reference.tenders import electricity_room, megawatts_of


def bid_alone(standing, c, l):
    """Unsupported single bids for a new site; who bids is left open."""
    bids = standing.space["bids"]
    clear_base(bids)
    country_terms(standing.run, c, bids)
    bid_utilities(standing.run, c, l, AT_SALE, 0.0, bids)
    bids["eligible"] = 0


@pytest.mark.parametrize("c", [0, 2, 4, 5])
@pytest.mark.parametrize("h", [0, 1])
def test_members_and_utility(standing, c, h):
    run, space, world, l = standing.run, standing.space, standing.world, 2
    run.parameters["package_offered"] = 1.0
    run.ledger["rows"] = 1  # terms of packages are put together for runs that keep a ledger
    for home in (0, 1):
        run.home["at"][home]["allied_content"] = 0.0
        run.home["at"][home]["consortium_required"] = 0.0
    # Nothing runs, nothing is under way: every layer is open, as unmet need.
    run.state["stage"][c], run.state["pipeline"][c], run.state["capacity"][c] = 0, 0, 0.0
    bid_alone(standing, c, l)
    serving = [v for v in range(world.vendors) if world.facts.serves[l][v] and may_sell(world, c, l, v)]
    space["bids"]["eligible"][serving] = 1
    megawatts = megawatts_of(world.parameters, l, 0.3)
    offer_packages(run, space, c, l, 0.3, megawatts)

    ours = [v for v in serving if world.facts.vendor_home[v] == h]
    if not ours:
        assert space["bids"]["eligible"][PACKAGE + h] == 0
        return
    utilities = {l: {v: space["bids"]["utility"][v] for v in serving}}
    lead = max(ours, key=lambda v: utilities[l][v])
    p, now = world.parameters, look(standing)
    joined = {l: (lead, 0.3 * p.term_years[l])}
    for m in range(7):
        room = twin.within_electricity(
            now, c, m, twin.room(now, c, m), megawatts
        )  # only chips may take more of it beside the tender
        if m == l or room < SMALLEST_BN:
            continue
        _, all_bids = bids(run, c, m, AT_SALE)
        able = [v for v in range(world.vendors) if world.facts.serves[m][v] and may_sell(world, c, m, v)]
        utilities[m] = {v: all_bids[v] for v in able}
        offers = [(v, all_bids[v], world.facts.vendor_home[v] == h) for v in able]
        if (vendor := twin.member(offers, p.package_margin, p.outside_option)) is not None:
            joined[m] = vendor, room * p.term_years[m]
    members = {m: int(space["packages"]["vendor"][h, m]) for m in range(7) if space["packages"]["vendor"][h, m] >= 0}
    if len(joined) < 2:
        assert space["bids"]["eligible"][PACKAGE + h] == 0
        return
    assert members == {m: vendor for m, (vendor, _) in joined.items()}
    for m, (_, spend) in joined.items():
        assert space["packages"]["members"][h, m] == pytest.approx(spend, rel=1e-12), m
    missing = 1 - np.asarray(run.state["share"][c, :, h])
    expected = twin.value_of(
        joined,
        {m: utilities[m][vendor] for m, (vendor, _) in joined.items()},
        p.complementarity_between,
        missing,
        p.complementarity * world.state.taste[c][2],
        price_taste(run, c),
        {v: world.vendor[v].bundle_discount for v in range(15)},
        p.pass_through,
        p.package_size,
    )
    assert space["bids"]["utility"][PACKAGE + h] == pytest.approx(expected, rel=1e-11)
    assert space["packages"]["terms"][h].sum() == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("case", ["plenty", "an energy crisis", "no power limit", "small deals"])
def test_what_a_package_may_cover(standing, case):
    """What ends soon; else unmet need, of which electricity runs a part where it is short, and a deal covers a part."""
    w = standing.run.state
    put(
        standing,
        pipeline=0,
        capacity=((slice(0, 6), slice(None)), w["capacity"][:6] * 0.2),
        stage=((slice(0, 4), slice(None)), 0),
    )
    put_parameters(standing, deal_share_of_gdp=3e-4 if case == "small deals" else 1e3)
    put_parameters(standing, electricity_growth=-0.45 if case in ("an energy crisis", "no power limit") else 1.0)
    switch(standing, off=("power",) if case == "no power limit" else ())
    world, p, kinds, less = look(standing), standing.world.parameters, set(), set()
    for c in range(world.countries):
        for l in range(7):
            up = ending_shares(standing.run, c, l, ANYBODY, p.open_months, standing.space["other_bids"])
            need, whole = of_government(world, c, l) - world.state.capacity[c][l], open_size(standing.run, c, l, up)
            assert whole == pytest.approx(
                0.0 if world.state.pipeline[c][l] else twin.room(world, c, l), rel=1e-12, abs=1e-15
            ), (c, l)
            got = whole if up > 0 else min(whole, most_that_runs(standing.run, c, l, 0.0))
            expected = (
                twin.room(world, c, l) if up > 0 else twin.within_electricity(world, c, l, twin.room(world, c, l), 0.0)
            )
            assert got == pytest.approx(expected, rel=1e-12, abs=1e-15), (c, l)
            kinds.add(
                "ends" if up > 0 else "nothing" if got == 0 else "all" if got == pytest.approx(need) else "a part"
            )
            taken = 0.7 * megawatts_of(p, l, got)
            left = whole if up > 0 else min(whole, most_that_runs(standing.run, c, l, taken))
            expected = expected if up > 0 else twin.within_electricity(world, c, l, twin.room(world, c, l), taken)
            assert left == pytest.approx(expected, rel=1e-12, abs=1e-15), (c, l)
            if left < got:
                assert (
                    left == pytest.approx(0.3 * got) if case == "an energy crisis" and got < 0.999 * need else left > 0
                ), (c, l)
                less.add((l, up > 0))
    assert {"ends", "nothing"} <= kinds and ("all" in kinds or case == "small deals"), kinds
    assert ("a part" in kinds) == (case in ("an energy crisis", "small deals")), kinds
    # What is spoken for is missed where new sites draw on the same electricity, not where contracts that end are
    # renewed.
    assert less <= {(CHIPS, False), (CLOUD, False)} and (case != "an energy crisis" or len(less) == 2), less


@pytest.mark.parametrize("lead", [0, CHIPS, CLOUD])
def test_members_of_a_package_share_the_electricity(standing, lead):
    """Tendered layer and members together take no more MW than data centres may.

    Whatever the packages of both homes are made of.
    """
    run, space = standing.run, standing.space
    put(standing, pipeline=0, pending=0.0, capacity=0.0, stage=0)
    put_parameters(standing, package_offered=1.0, package_margin=5.0, outside_option=-30.0, electricity_growth=-0.6)
    world, short = look(standing), set()
    p = world.parameters
    for c in range(world.countries):
        room = max(electricity_room(world, c), 0.0)
        size = 0.4 * room / megawatts_of(p, lead, 1.0) if lead in (CHIPS, CLOUD) else 0.1
        tender = Tender(country=c, layer=lead, kind="new", ending=0.0, size=size, megawatts=megawatts_of(p, lead, size))
        bid_alone(standing, c, lead)
        able = [v for v in range(world.vendors) if may_sell(world, c, lead, v)]
        space["bids"]["eligible"][able] = 1
        offer_packages(run, space, c, lead, size, tender.megawatts)
        expected, _ = twin.offered(world, tender, {v: float(space["bids"]["utility"][v]) for v in able})
        assert {h for h in (0, 1) if space["bids"]["eligible"][PACKAGE + h]} == set(expected), c
        for h, (worth, joined) in expected.items():
            got = {
                m: (int(space["packages"]["vendor"][h, m]), space["packages"]["members"][h, m])
                for m in range(7)
                if space["packages"]["vendor"][h, m] >= 0
            }
            assert got.keys() == joined.keys() and all(got[m][0] == joined[m][0] for m in got), (c, h)
            assert [got[m][1] for m in sorted(got)] == pytest.approx([joined[m][1] for m in sorted(joined)], rel=1e-11)
            assert space["bids"]["utility"][PACKAGE + h] == pytest.approx(worth, rel=1e-10)
            drawn = {
                m: megawatts_of(p, m, spend / p.term_years[m])
                for m, (_, spend) in joined.items()
                if m in (CHIPS, CLOUD)
            }
            assert sum(drawn.values()) <= room * (1 + 1e-9), (c, h)
            if sum(drawn.values()) > room * (1 - 1e-9):
                short.add(frozenset(drawn))
    assert short, "nowhere was electricity short"


def test_a_single_layer_is_no_package(standing):
    run, space = standing.run, standing.space
    run.parameters["package_offered"] = 1.0
    run.state["pipeline"][0] = 1  # every other layer is taken
    bid_alone(standing, 0, 2)
    space["bids"]["eligible"][:15] = np.asarray(run.facts["serves"])[2, :15]
    offer_packages(run, space, 0, 2, 0.3, megawatts_of(standing.world.parameters, 2, 0.3))
    assert not space["bids"]["eligible"][PACKAGE:].any()
