"""Exceptions by country move the country for which they are made, and what is required there binds there alone."""

from dataclasses import replace

import numpy as np
import pytest

from stackcraft.experiments.variants import run_variants
from stackcraft.model import Scenario
from stackcraft.model.companies import NO_LIMIT_BN
from stackcraft.model.inputs import load_inputs
from stackcraft.model.variants import Variant

HERE = 4  # AAE
# All that joins countries: what peers run, hear and fear, money and supply that homes and vendors share, learning.
SHARED = (
    *("peers", "beliefs", "reputation", "standards", "quality_feedback", "data_feedback", "targeting", "finance"),
    *("disputes", "diversions", "shocks", "scripted_deals"),
)
BASE = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2033))
# Nobody else is paid for: where a year's money runs out, what one country gets the others miss.
RICH = BASE.with_changes(levers=("homes.budget_bn=50", "homes.subsidy=0", "homes.capacity_building=0"))
PLENTY = load_inputs("synthetic")  # no vendor runs out: what one country buys, no other misses
PLENTY = replace(
    PLENTY,
    vendors=replace(
        PLENTY.vendors,
        supply_cap_bn_per_year=np.full_like(PLENTY.vendors.supply_cap_bn_per_year, NO_LIMIT_BN),
        supply_growth=np.zeros_like(PLENTY.vendors.supply_growth),
    ),
)
PROMISES = ("supply_bond", "local_hosting", "confidential_computing", "respect_regulation", "coerce", "evaluation_kit")


def played(*variants, off=(), base=BASE, years=8):
    """State and yearbook of each variant after its years, under the same luck; a dict of arrays by name."""

    def read(simulation):
        book, state = simulation.world.book, simulation.world.state
        places = len(simulation.inputs)
        found = {name: book[name][:, : years + 1, :places] for name in ("installed", "used", "welfare", "sovereignty")}
        return found | {"fear": state["fear"][:, :places], "bill": state["bill"][:, :places]}

    return run_variants(
        base, [one.without(*off) for one in variants], [3] * len(variants), read, threads=1, inputs=PLENTY
    )


def same(found, a, b, countries):
    return {
        name: bool((np.take(one[a], countries, axis=axis) == np.take(one[b], countries, axis=axis)).all())
        for name, one in found.items()
        for axis in [1 if name in ("installed", "used", "welfare", "sovereignty") else 0]
    }


@pytest.mark.parametrize("lever", [*PROMISES, "capacity_building", "subsidy"])
def test_an_exception_moves_its_country_and_no_other(lever):
    others = [c for c in range(10) if c != HERE]
    found = played(
        Variant(),
        Variant((f"us_government.{lever}[AAE]=0.5", f"cn_government.{lever}[AAE]=0.02")),
        off=SHARED,
        base=RICH,
    )
    assert all(same(found, 0, 1, others).values()), same(found, 0, 1, others)
    moved = [name for name, alike in same(found, 0, 1, [HERE]).items() if not alike]
    # Without disputes and beliefs nobody is coerced and no test is believed: the hazard alone is another.
    assert moved or lever in ("coerce",)


def test_an_exception_that_says_what_holds_anyway_changes_no_bit():
    usual = "supply_bond=0.1 local_hosting=0.3 confidential_computing=0.3 evaluation_kit=0.2 capacity_building=0.1"
    usual = (*usual.split(), "subsidy=0", "respect_regulation=0.2", "coerce=0.3")
    texts = tuple(f"us_government.{one.replace('=', '[importers]=')}" for one in usual)
    found = played(Variant(), Variant(texts))
    assert all(same(found, 0, 1, list(range(10))).values())


def test_an_exception_for_everybody_is_the_general_value():
    texts = [f"us_government.{lever}{{}}=0.4" for lever in (*PROMISES, "capacity_building", "subsidy")]
    # Standards and the data of models go by what a home offers in general.
    base = BASE.with_changes(off=("standards_lever", "data_feedback"))
    general, special = (Variant(tuple(text.format(where) for text in texts)) for where in ("", "[importers]"))
    found = played(general, special, base=base)
    assert all(same(found, 0, 1, list(range(10))).values()), same(found, 0, 1, list(range(10)))


def test_what_a_country_requires_binds_there_alone():
    others = [c for c in range(10) if c != HERE]
    levers = "require_hosting=1 require_training=1 require_exit=1 leaning=1 second_source=1 skills=1".split()
    found = played(Variant(), *(Variant((f"AAE.{one}",)) for one in levers), off=SHARED, base=RICH)
    for place, one in enumerate(levers, 1):
        assert all(same(found, 0, place, others).values()), one
        assert not all(same(found, 0, place, [HERE]).values()), one


def test_a_requirement_that_all_meet_costs_nothing():
    """Hosting required at what every seller offers anyway."""
    offered = tuple(f"{who}.local_hosting=1" for who in ("homes", "us_vendors", "cn_vendors", "independent_vendors"))
    found = played(Variant(offered), Variant((*offered, "AAE.require_hosting=1")))
    assert all(same(found, 0, 1, list(range(10))).values())
