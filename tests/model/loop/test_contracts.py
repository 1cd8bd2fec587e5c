"""Contracts that end, leave or go on together, one by one, against the plain rules."""

import numpy as np
import pytest

from stackcraft.model.loop.codes import CUT, LAPSED, RENEWED, SWITCHED
from stackcraft.model.loop.contracts import ANYBODY, renew
from stackcraft.model.loop.lifecycle import count_leaver, end_together, leave
from stackcraft.model.loop.year import ration_subsidies
from tests.model.loop.conftest import assert_same, look, put, put_deal, put_levers
from tests.reference import contracts as twin
from tests.reference import decision, month
from tests.reference.plain import LEGACY, OPERATING, deal

OUTCOMES = {"lapsed": LAPSED, "switched": SWITCHED, "cut": CUT, "merged": RENEWED}


def operating(one):
    return [tuple(int(x) for x in place) for place in np.argwhere(one.run.state["stage"] == OPERATING)]


@pytest.mark.parametrize("month_", [96, 100])
def test_who_leaves_and_who_was_retained(standing, month_):
    """Adopters of every age, to every successor; whom a January has counted is not counted again."""
    generator, seen = np.random.default_rng(1), set()
    put(standing, month=month_)
    for number, place in enumerate(operating(standing)):
        age = float(generator.choice([2.0, 4.4, 4.7, 5.0, 5.2, 5.6, 7.0]))
        put_deal(
            standing,
            *place,
            origin=int(generator.integers(0, 6)),
            operating=month_ - 12 * age,
            holdover=int(generator.integers(2)),
            loan_row=number,
        )
        put(standing, loan_slot=(number, place[2]))
        world = look(standing)
        before = world.state.left_due.sum(), world.state.left_retained.sum()
        outcome, successor = list(OUTCOMES)[number % 4], int(generator.integers(-1, 3))
        clock = month_ + float(generator.choice([0.0, 0.7]))
        twin.leave(world, *place, outcome, clock, successor)
        leave(standing.run, *place, OUTCOMES[outcome], clock, successor)
        assert_same(standing, world)
        seen.add((world.state.left_due.sum() - before[0], world.state.left_retained.sum() - before[1]))
    assert seen == {(0, 0), (1, 0), (1, 1)}


def test_the_edge_of_retention(standing):
    """Sixty months to the day are served; a contract that only waited for its successor is lost even then."""
    place, kept = operating(standing)[0], []
    for clock, holdover, origin in ((98.0, 0, 0), (97.9, 0, 0), (98.0, 1, 0), (98.0, 0, LEGACY)):
        put(standing, month=98)
        put_deal(standing, *place, origin=origin, operating=38.0, holdover=holdover)
        one, world = deal(look(standing), *place), look(standing)
        twin.count_leaver(world, one, clock, -1)
        count_leaver(standing.run, standing.run.deals["at"][place], clock, -1)
        assert_same(standing, world)
        kept.append(float(world.state.left_retained.sum()))
    assert np.diff([kept[0] - 1, *kept]).tolist() == [1, 0, 0, 0]


def test_one_vendors_contracts_end_on_one_date(standing):
    moved = 0
    for c, l, i in operating(standing)[::3]:
        vendor = int(standing.run.deals["at"]["vendor"][c, l, i])
        for j, left in ((i, 20.3), ((i + 1) % 6, 31.6), ((i + 2) % 6, 8.0)):
            put_deal(
                standing, c, l, j, stage=OPERATING, vendor=vendor, ends=36 + left, next_month=36 + int(left), cause=4
            )
        put_deal(standing, c, l, (i + 3) % 6, stage=OPERATING, vendor=(vendor + 1) % 15, ends=90.0)
        world = look(standing)
        twin.end_together(world, c, l, vendor)
        end_together(standing.run, c, l, i)
        assert_same(standing, world)
        assert (world.state.ends[c][l][[i, (i + 1) % 6, (i + 2) % 6]] >= 36 + 31.6).all()
        moved += 1
    assert moved > 10


@pytest.mark.parametrize("apart", [True, False])
def test_a_renewal_merges_what_its_vendor_ends(standing, apart):
    """The larger contract goes on for both; a rival's that ends is switched unless it is renewed apart."""
    done = 0
    for c in range(standing.world.countries):
        for l in range(7):
            if standing.run.state["stage"][c, l, 0] != OPERATING:
                continue
            vendor = int(standing.run.deals["at"]["vendor"][c, l, 0])
            rival = next(v for v in range(15) if v != vendor and standing.world.facts.serves[l][v])
            put_deal(standing, c, l, slice(None), stage=0, next_month=-1)
            for i, (v, size) in enumerate([(vendor, 0.1), (vendor, 0.4), (rival, 0.2)]):
                put_deal(
                    standing,
                    c,
                    l,
                    i,
                    stage=OPERATING,
                    vendor=v,
                    stack=standing.world.facts.vendor_stack[v],
                    capacity=size,
                    ends=38.0,
                )
            world = look(standing)
            before = world.book.switched_deals.sum(), world.book.renewed_deals.sum()
            place = decision.largest_of(world, c, l, vendor, 6)
            decision.renew(world, c, l, place, 0.6, 6, vendor if apart else None)
            assert renew(standing.run, c, l, vendor, 0.6, vendor if apart else ANYBODY, 6.0) == place == 1
            assert_same(standing, world)
            switched = world.book.switched_deals.sum() - before[0]
            assert switched == (0 if apart else 1) and world.book.renewed_deals.sum() - before[1] == 1
            assert (world.state.stage[c][l] == OPERATING).sum() == (2 if apart else 1)
            done += 1
    assert done > 20


def test_subsidies_last_a_year(standing):
    """Money for the months after this one must be left: a twelfth of the year's for each."""
    seen, market, homes = set(), standing.run.market, np.asarray(standing.run.facts["vendor_home"])
    put_levers(standing, "home", slice(None), subsidy=0.2)
    for month_ in range(36, 48):
        for part in (-0.1, 0.0, 0.05, (47 - month_) / 12 - 1e-9, (47 - month_) / 12 + 1e-9, 1.0):
            put(standing, month=month_, appropriation=np.array([3.0, 0.0]), budget=np.array([3.0 * part, part]))
            put(standing, subsidy_on=float(month_ % 2))
            world = look(standing)
            month.ration_subsidies(world)
            ration_subsidies(standing.run)
            assert_same(standing, world)
            if (world.state.subsidy_on != month_ % 2).any():
                for h in (0, 1):
                    less = 0.8 if world.state.subsidy_on[h] else 1.0
                    assert market["price_now"][0][:, homes == h] == pytest.approx(
                        less * market["price"][0][:, homes == h], rel=1e-12
                    )
            seen.add((month_, part, *world.state.subsidy_on.tolist()))
    assert (
        (36, 1.0, 1.0, 1.0) in seen
        and (47, 0.0, 0.0, 0.0) in seen
        and (47, 0.05, 1.0, 1.0) in seen
        and (40, 0.05, 0.0, 1.0) in seen
    )
