"""Lives of deals in a run against the race of their clocks."""

import numpy as np
import pytest

from stackcraft.experiments.checks.exact_lifecycle import chain
from stackcraft.model.loop.lifecycle import absorption, build_time, fail
from stackcraft.model.loop.luck import BUILD_CLOCK, CANCEL_CLOCK, FINANCE_CLOCK
from tests.model.loop.conftest import assert_same, look, put_deal, put_parameters
from tests.reference import lifecycle as twin
from tests.reference import luck, stages
from tests.reference.plain import BUILDING


def test_the_building_clock_is_three_exponentials():
    key, site = luck.run_key(3, 1), (404, 2, 31)
    for slot in (0, 5, 80):
        clocks = [luck.exponential(key, int(BUILD_CLOCK), *site, slot * 3 + phase) for phase in range(3)]
        assert build_time(np.uint64(key), *site, slot, 20.0) == pytest.approx(sum(clocks) * 20 / 3, rel=1e-13)


def test_drawn_lives_meet_the_expected_form():
    """A hundred thousand lives of the twin, and the kernel's expected form."""
    generator = np.random.default_rng(2)
    rates = (10.0, 20.0, 0.025, 0.010)
    ends = [
        twin.life(*generator.exponential(size=2), generator.exponential(size=3), generator.exponential(), *rates)
        for _ in range(100_000)
    ]
    operating = [months for what, months in ends if what == "operates"]
    operate, months, either = absorption(*rates)
    assert (operate, months, either) == pytest.approx(chain(*rates), rel=1e-12)
    assert len(operating) / len(ends) == pytest.approx(operate, abs=0.006)
    assert np.mean(operating) == pytest.approx(months, rel=0.006)
    assert np.mean([months for _, months in ends]) == pytest.approx(either, rel=0.008)


def test_a_slow_site_is_cancelled_more_often():
    quick, slow = twin.life(1, 1, [1, 1, 1], 1, 2, 5, 0.05, 0.02), twin.life(1, 1, [1, 1, 1], 1, 30, 50, 0.05, 0.02)
    assert quick[0] == "operates" and slow[0] == "cancelled"


def test_the_ledger_names_who_took_over(standing):
    """Sites that fail while building go to the largest other vendor of their stack, and their row says to whom."""
    run, taken = standing.run._replace(ledger=standing.simulation.world.ledger[0]), 0
    put_parameters(standing, novation=0.999999)
    for c in range(standing.world.countries):
        for l in range(7):
            vendor = int(np.flatnonzero(standing.world.facts.serves[l])[c % 3])
            put_deal(
                standing,
                c,
                l,
                5,
                stage=BUILDING,
                vendor=vendor,
                stack=standing.world.facts.vendor_stack[vendor],
                ledger=c,
                clock=36.5,
                cancel_factor=1.0,
                kind=2,
                signed=30.0,
            )
            run.ledger["at"]["novated_to"][c] = -1
            world = look(standing)
            stages.fail(world, c, l, 5)
            fail(run, c, l, 5)
            assert_same(standing, world)
            heir = stages.heir(world, l, vendor)
            assert run.ledger["at"]["novated_to"][c] == (-1 if heir is None else heir)
            taken += heir is not None
    assert 10 < taken < 70


def test_every_deal_lives_by_its_own_clocks(stood):
    """Unsupported deals that need no site and no licence: dates of the ledger from the keyed clocks alone."""
    world, p = stood.world, stood.world.parameters
    key, seen = int(world.state.key), {"operates": 0, "cancelled": 0, "failed while building": 0}
    for row in stood.simulation.world.ledger["at"][0][: world.state.deals_signed]:
        site = p.licence_layers[row["layer"]] == 0 and row["megawatts"] == 0 and row["layer"] != 0
        if not site or row["supported"] or row["origin"] not in (0, 2, 3) or row["renewals"] > 0 or row["outcome"] == 5:
            continue  # a novated deal starts again with another vendor's clocks
        offer, kind = world.vendor[row["vendor"]], row["kind"]
        slot = int(world.facts.vendor_number[row["vendor"]]) * 16 + int(row["origin"])
        where = (int(world.facts.iso_number[row["country"]]), int(row["layer"]), int(row["signed"]))
        build = [luck.exponential(key, int(BUILD_CLOCK), *where, 3 * slot + phase) for phase in range(3)]
        what, months = twin.life(
            luck.exponential(key, int(FINANCE_CLOCK), *where, slot),
            luck.exponential(key, int(CANCEL_CLOCK), *where, 2 * slot),
            build,
            luck.exponential(key, int(CANCEL_CLOCK), *where, 2 * slot + 1),
            p.finance_months[kind],
            p.build_months[kind],
            p.cancel_before_finance[kind],
            p.cancel_while_building[kind],
            delay=p.customisation_months * float(np.float32(offer.customisation)),
            speed=1 - p.turnkey_speed * float(np.float32(offer.turnkey)),
        )
        end = row["signed"] + months
        if end >= world.state.month:
            continue
        got = row["operating"] if what == "operates" else row["ended"]
        assert got == pytest.approx(end, rel=1e-9), (what, row["layer"], row["vendor"])
        seen[what] += 1
    assert seen["operates"] > 10, seen
