"""Whole months of a run against the twins put together.

Every field of state and book, and of every deal, month after month.
"""

from collections import Counter

import numpy as np
import pytest

from stackcraft.model.loop.january import january
from stackcraft.model.loop.lifecycle import stage_events
from stackcraft.model.loop.record import record
from stackcraft.model.loop.year import month
from tests.model.loop.conftest import (
    assert_same,
    look,
    note_due,
    put,
    put_deal,
    put_deals,
    put_levers,
    put_parameters,
    switch,
)
from tests.model.loop.test_loans import lend_all
from tests.reference import month as twin
from tests.reference import record as yearbook
from tests.reference import stages, year
from tests.reference.plain import BUILDING, BUILT, CANCEL, FINANCE, OPERATING, SIGNED

# What buyers make of a vendor, bans, terms of finance: written down by January from what the twins read directly.
DERIVED = ("quality_by_layer", "appeal", "scepticism", "banned", "finance_factor")


def on_their_way(one, seed=2):
    """Let every place that is free hold a deal in the pipeline that meets its next event this month or soon."""
    generator, w, now = np.random.default_rng(seed), one.run.state, int(one.run.state["month"])
    numbers = one.world.facts
    for c in range(one.world.countries):
        for l in range(7):
            free = [i for i in range(6) if w["stage"][c, l, i] == 0][:2]
            for i in free:
                v = int(generator.choice(np.flatnonzero(numbers.serves[l])))
                stage, cause = [(SIGNED, FINANCE), (SIGNED, CANCEL), (BUILDING, CANCEL), (BUILDING, BUILT)][
                    int(generator.integers(4))
                ]
                clock, lender = now + float(generator.choice([0.2, 0.7, 1.4])), int(generator.integers(-1, 6))
                put_deal(
                    one,
                    c,
                    l,
                    i,
                    vendor=v,
                    stack=numbers.vendor_stack[v],
                    kind=6 if l > 2 else 2,
                    origin=0,
                    signed=now - 9.0 - i,
                    clock=clock,
                    cause=cause,
                    capacity=0.05,
                    value=0.2,
                    cancel_factor=1.0,
                    financier=lender,
                    partner=-1,
                    commitment=0.1 if lender >= 0 else 0.0,
                    loan_row=-1,
                    payments=18,
                    grace=2,
                    turnkey=0.4,
                    mode=0,
                    ledger=-1,
                    stage=stage,
                    next_month=int(clock),
                )
            w["pipeline"][c, l], w["pending"][c, l] = (
                ((w["stage"][c, l] == SIGNED) | (w["stage"][c, l] == BUILDING)).sum(),
                0.5,
            )
    for c in range(one.world.countries):
        for l in range(0, 7, 2):
            put_deal(one, c, l, 0, holdover=1)


@pytest.mark.parametrize("case", ["as it is", "many", "taken over", "instant"])
def test_stages_that_end(standing, case):
    if case != "as it is":
        on_their_way(standing)
    if case == "taken over":
        put_parameters(standing, novation=0.7)
        put(standing, alive=(1, 0.0))
    if case == "instant":
        switch(standing, off=("lifecycle",))
    world, before = look(standing), look(standing)
    for _ in range(2):
        stages.month(world)
        stage_events(standing.run, standing.space["arrivals"]["due"])
        assert_same(standing, world)
        counted = standing.space["arrivals"]["due"].copy()
        note_due(standing)
        assert (counted >= standing.space["arrivals"]["due"]).all()  # no contract that ends goes unseen
        world.state.month += 1
        standing.run.state["month"] += 1
    gained = {
        name: getattr(world.book, name).sum() - getattr(before.book, name).sum()
        for name in ("operating_deals", "cancelled_deals", "novated_deals", "switched_deals")
    }
    if case != "as it is":
        assert gained["operating_deals"] > 10 and gained["cancelled_deals"] > 10 and gained["switched_deals"] > 3
        assert world.state.loans_disbursed > before.state.loans_disbursed
    assert (gained["novated_deals"] > 12) == (case == "taken over"), gained


@pytest.mark.parametrize(
    "case",
    ["a year", "a busy year", "supported", "defaults", "bust and tariffs", "what ends in mid-year", "dear subsidies"],
)
def test_a_year_of_months(standing, case):
    """Twelve months, from the state that a January leaves."""
    put(
        standing,
        budget=np.array([0.4, 30.0]),
        purse=np.array([0.2, 3.0]),
        slots_left=40.0,
        subsidy_on=1.0,
        shock_month=-1,
        country_shock_month=-1,
    )
    put(standing, supply_left=np.maximum(standing.world.state.supply_left, 0.5), committed=0.0)
    put_levers(standing, "home", slice(None), min_package_mw=0.0, include_network=1.0)
    for place, month_ in ((0, 38), (3, 40), (5, 41), (14, 44)):
        put(standing, shock_month=(place, month_))
    if case == "a busy year":
        put_parameters(standing, bass_innovation=0.5, top_up_rate=2.0, gate_bn=1e-4)
    elif case == "supported":
        put_parameters(standing, top_up_rate=2.0)
        put(standing, target=np.random.default_rng(3).uniform(0.1, 2, standing.run.state["target"].shape))
        put_parameters(standing, asks=0.8)
        put_levers(standing, "financier", slice(None), risk_tolerance=0.04, commitment_limit_bn=8.0)
    elif case == "defaults":
        put_parameters(standing, base_default=0.3)
        lend_all(standing)
    elif case == "bust and tariffs":
        # Teams that tailor bid elsewhere less: those that a bust drives to quick wins are considered by more buyers.
        put_parameters(standing, pass_through=1.0, customisation_teams=2.0, top_up_rate=3.0)
        put_levers(standing, "vendor", slice(0, 15), customisation=0.9)
        put_levers(standing, "importer", slice(0, standing.world.countries, 2), club=1.0)
        put(standing, cash=standing.world.facts.cash * 0.9, tariff_until=0, quick_until=0)
        for place, month_ in ((7, 36), (8, 37), (9, 38), (11, 39), (12, 40), (13, 41)):
            put(standing, shock_month=(place, month_), country_shock_month=((place % 5, 1), month_))
    elif case == "what ends in mid-year":
        put_parameters(standing, pass_through=1.0, top_up_rate=2.0)
        put_levers(standing, "vendor", slice(0, 15), customisation=0.8, turnkey=0.0)
        # As from the year before: what is offered in January still has the tariffs and the quick wins in it.
        put(standing, tariff_until=np.array([41, 44]), quick_until=np.array([40, 43, 0] * 5 + [0]))
        put_parameters(standing)
    elif case == "dear subsidies":
        put_parameters(standing, top_up_rate=2.0)
        put(standing, budget=np.array([0.4, 1.0]), appropriation=np.array([0.5, 1.0]))
        put_levers(standing, "home", slice(None), subsidy=0.3, capacity_building=0.5)
    world, became, paying = look(standing), Counter(), []
    for _ in range(12):
        became.update(twin.month(world))
        month(standing.run, standing.space)
        assert_same(standing, world, rel=1e-8)
        paying.append(tuple(world.state.subsidy_on))
    if case == "dear subsidies":  # each home pays in some months, not in others
        assert all({on[h] for on in paying} == {0.0, 1.0} for h in (0, 1)), paying
    if case == "bust and tariffs":
        assert world.state.tariff_until.max() > 48 and world.state.quick_until.max() > 48
    assert world.state.month == 48 and became["signed"] > 3 and became["renewed"] + became["nothing"] > 5, became
    if case == "supported":
        assert world.book.supported_tenders.sum() - standing.world.book.supported_tenders.sum() > 5


def test_adopters_that_leave_in_the_january_that_counts_them(standing):
    """Cut off, or restricted, with their years just served.

    They are adopters that were retained so long, each counted once.
    """
    put_parameters(
        standing, dispute_rate=3.0, coercion_cost=0.002, coercion_cut=1.0, restriction=0.9, concession_half=5.0
    )
    put_levers(standing, "home", slice(None), coerce=1.0, supply_bond=0.0)
    put_deals(standing, origin=0, operating=36.0 - 66.0, diverted=1, cut=1.0)
    put(standing, shock_month=-1)
    world, before = look(standing), look(standing)
    year.january(world)
    january(standing.run, standing.space)
    world.state.log_fit[:, world.vendors :] = standing.run.state["log_fit"][:, world.vendors :]  # the place of padding
    assert_same(standing, world, besides=DERIVED, rel=1e-8)
    adopters = int((before.state.stage[: world.countries] == OPERATING).sum())
    left = adopters - int((world.state.stage[: world.countries] == OPERATING).sum())
    gained = standing.run.book["adopters_5y"].sum() - before.book.adopters_5y.sum()
    assert left > 20 and gained == adopters


@pytest.mark.parametrize(
    "off",
    [
        (),
        ("disputes", "beliefs", "peers"),
        ("quality_feedback", "data_feedback", "use_mix"),
        ("organic", "champions"),
        (
            "price",
            "sovereignty",
            "framing",
            "goodwill",
            "standards",
            "signals",
            "retaliation",
            "elicitation",
            "bust",
            "incumbency",
        ),
    ],
)
def test_two_whole_years(standing, off):
    """January, its months and the record, twice over: the year as `run_year` goes through it."""
    switch(standing, off=off)
    put_parameters(
        standing,
        government_change_rate=0.3,
        dispute_rate=0.3,
        coercion_cost=0.1,
        diversion=0.2,
        breach_rate=0.3,
        tariff_rate=0.9,
        tariff_years=0.6,
        bust_rate=0.4,
        bust_years=0.8,
        bust_quick=4.0,
        bust_ends=0.1,
        chip_breakthrough_rate=0.3,
        frontier_jump_rate=0.5,
        true_breach=0.6,
        champion_give_up=0.3,
    )
    put(standing, champion=1.0, tariff_until=np.array([0, 39]))
    # Adopters of all ages, so that some are counted as retained, and some leave in the very January that would count
    # them.
    generator = np.random.default_rng(4)
    put_deals(
        standing,
        origin=lambda now: np.where(generator.random(now.shape) < 0.6, 0, now),
        operating=lambda now: np.where(
            generator.random(now.shape) < 0.6, 36.0 - generator.integers(50, 80, now.shape), now
        ),
    )
    put_levers(standing, "importer", slice(0, standing.world.countries), champion=0.4)
    put_levers(standing, "home", slice(None), min_package_mw=0.0, gravity=0.2)
    world, ended = look(standing), set()
    for _ in range(2):
        year.january(world)
        january(standing.run, standing.space)
        world.state.log_fit[:, world.vendors :] = standing.run.state["log_fit"][
            :, world.vendors :
        ]  # the place of padding
        assert_same(standing, world, besides=DERIVED, rel=1e-8)
        for _ in range(12):
            ended |= {
                what
                for what in ("tariff_until", "quick_until")
                if world.state.month % 12 and world.state.month in getattr(world.state, what)
            }
            twin.month(world)
            month(standing.run, standing.space)
            assert_same(standing, world, besides=DERIVED, rel=1e-8)
        expected = yearbook.everything(world)
        record(standing.run)
        for h in (0, 1):
            score = yearbook.score(
                world.parameters, float(world.book.announced_bn[h]), float(world.book.delivered_bn[h])
            )
            world.state.last_score[h] = score
            assert standing.run.state["last_score"][h] == pytest.approx(score, rel=1e-5, abs=1e-7)
            standing.run.state["last_score"][h] = score
        for name in ("standing", "exposed", "bill"):
            assert standing.run.state[name] == pytest.approx(getattr(world.state, name), rel=1e-7, abs=1e-12), name
        assert standing.run.book["welfare"][: world.countries] == pytest.approx(expected["welfare"], rel=1e-5)
        world.book = look(standing).book
    assert world.state.month == 60 and world.book.tenders > 20
    assert "tariff_until" in ended and world.state.tariff_until.max() > 40, ended
    assert ("champions" in off) == (world.state.champion[: world.countries].min() > 0)
    assert standing.run.state["target"].any()
