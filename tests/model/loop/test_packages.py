"""Which layers join a package, and what it is worth, against plain lists."""

import numpy as np
import pytest

from experiments.checks.one_run import bids
from model.loop.bids import may_sell
from model.loop.packages import ending_shares, offer_packages, open_size
from model.loop.sizes import PACKAGE
from model.loop.tenders import SMALLEST_BN
from model.loop.utility import bid_utilities, clear_base, country_terms, price_taste
from tests.model.loop.conftest import look, put, put_parameters, switch
from tests.reference import packages as twin
from tests.reference.demand import of_government


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
    clear_base(space["base"])
    country_terms(run, c, space["base"], space["rows"])
    space["held"][...] = 0
    bid_utilities(run, c, l, False, space["held"], 0.0, space["base"], space["rows"], space["utility"])
    space["eligible"][...] = 0
    serving = [v for v in range(world.vendors) if world.facts.serves[l][v] and may_sell(run, c, l, v)]
    space["eligible"][serving] = 1
    offer_packages(run, space, c, l, 0.3)

    ours = [v for v in serving if world.facts.vendor_home[v] == h]
    if not ours:
        assert space["eligible"][PACKAGE + h] == 0
        return
    utilities = {l: {v: space["utility"][v] for v in serving}}
    lead = max(ours, key=lambda v: utilities[l][v])
    others = {}
    for m in range(7):
        room = open_size(run, c, m, 0.0)
        if m == l or room < SMALLEST_BN:
            continue
        _, all_bids = bids(run, c, m)
        able = [v for v in range(world.vendors) if world.facts.serves[m][v] and may_sell(run, c, m, v)]
        utilities[m] = {v: all_bids[v] for v in able}
        others[m] = (room, [(v, all_bids[v], world.facts.vendor_home[v] == h) for v in able])
    p = world.parameters
    joined = twin.members(l, lead, 0.3, p.term_years, others, p.package_margin, p.outside_option)
    members = {m: int(space["package_vendor"][h, m]) for m in range(7) if space["package_vendor"][h, m] >= 0}
    if len(joined) < 2:
        assert space["eligible"][PACKAGE + h] == 0
        return
    assert members == {m: vendor for m, (vendor, _) in joined.items()}
    missing = 1 - np.asarray(run.state["share"][c, :, h])
    expected = twin.value_of(
        joined, {m: utilities[m][vendor] for m, (vendor, _) in joined.items()}, p.complementarity_between, missing,
        p.complementarity * world.state.taste[c][2], price_taste(run, c), {v: world.vendor[v].bundle_discount for v in range(15)},
        p.package_size)
    assert space["utility"][PACKAGE + h] == pytest.approx(expected, rel=1e-11)
    assert space["package_terms"][h].sum() == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("case", ["plenty", "an energy crisis", "no power limit"])
def test_what_a_package_may_cover(standing, case):
    """What ends soon; else unmet need, of which electricity runs a part where it is short."""
    w = standing.run.state
    put(standing, pipeline=0, capacity=((slice(0, 6), slice(None)), w["capacity"][:6] * 0.2), stage=((slice(0, 4), slice(None)), 0))
    if case != "plenty":
        put_parameters(standing, electricity_growth=-0.45)
    switch(standing, off=("power",) if case == "no power limit" else ())
    world, p, held, kinds = look(standing), standing.world.parameters, np.zeros(16), set()
    for c in range(world.countries):
        for l in range(7):
            up = ending_shares(standing.run, c, l, p.open_months, held)
            got, need = open_size(standing.run, c, l, up), of_government(world, c, l) - world.state.capacity[c][l]
            assert got == pytest.approx(twin.room(world, c, l), rel=1e-12, abs=1e-15), (c, l)
            kinds.add("ends" if up > 0 else "nothing" if got == 0 else "all" if got == pytest.approx(need) else "a part")
    assert {"ends", "nothing", "all"} <= kinds and ("a part" in kinds) == (case == "an energy crisis"), kinds


def test_a_single_layer_is_no_package(standing):
    run, space = standing.run, standing.space
    run.parameters["package_offered"] = 1.0
    run.state["pipeline"][0] = 1  # every other layer is taken
    clear_base(space["base"])
    country_terms(run, 0, space["base"], space["rows"])
    space["held"][...] = 0
    bid_utilities(run, 0, 2, False, space["held"], 0.0, space["base"], space["rows"], space["utility"])
    space["eligible"][:15] = np.asarray(run.facts["serves"])[2, :15]
    offer_packages(run, space, 0, 2, 0.3)
    assert not space["eligible"][PACKAGE:].any()
