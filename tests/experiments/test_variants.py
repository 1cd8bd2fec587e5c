"""Variants side by side give, run by run, what each of them gives in a simulation by itself."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.variants import run_variants
from stackcraft.model import Scenario, Simulation
from stackcraft.model.variants import Variant, crossed

SMALL = Scenario.load("baseline").with_changes(world="synthetic", worlds="default", years=(2025, 2028), seed=7)
BOND = Variant(("us_government.supply_bond=1",))
MIXED = Variant(
    ("us_vendors.lock_silicon=1",),
    presets=(("CN", "pipes-first"),),
    strategies=(("gulf_fund", "default"),),
    parameters=(("supply_fear", 0.3),),
    off=("peers",),
)


def shares(simulation):
    return np.array(simulation.results["installed"].values)


def test_every_run_is_the_one_that_its_variant_gives_alone():
    variants, replicates = crossed([Variant(), BOND, MIXED], (0, 5))
    together = run_variants(SMALL, variants, replicates, shares)
    alone = [
        SMALL,
        SMALL.with_changes(levers=BOND.levers),
        SMALL.with_changes(
            levers=MIXED.levers, presets={"CN": "pipes-first"}, parameters={"supply_fear": 0.3}, off=["peers"]
        ),
    ]
    for place, scenario in enumerate(alone):
        with Simulation(scenario, replicates=[0, 5]) as simulation:
            np.testing.assert_array_equal(together[2 * place : 2 * place + 2], shares(simulation.run()))
    assert len({block.tobytes() for block in together}) == 6


def test_what_a_variant_sets_goes_over_the_parameters_that_are_given():
    from stackcraft.model.snapshots import parameters_of

    drawn = parameters_of(SMALL.with_changes(parameters={"peer_pull": 0.1, "supply_fear": 0.9}), 1)
    found = run_variants(SMALL, [Variant(parameters=(("supply_fear", 0.3),))], [2], shares, parameters=drawn)
    wanted = SMALL.with_changes(parameters={"peer_pull": 0.1, "supply_fear": 0.3})
    with Simulation(wanted, replicates=[2]) as simulation:
        np.testing.assert_array_equal(found, shares(simulation.run()))


def test_variants_are_crossed_with_replicates_variant_by_variant():
    variants, replicates = crossed([Variant(), BOND], range(3))
    assert variants == [Variant()] * 3 + [BOND] * 3
    assert replicates.tolist() == [0, 1, 2, 0, 1, 2]
    assert BOND.without("peers", "hosting").off == ("hosting", "peers")


def test_a_run_is_given_up_on_a_january():
    asked = []

    def give_up():
        asked.append(1)
        if len(asked) == 2:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        run_variants(SMALL, [Variant()], [0], shares, each_january=give_up)
    assert len(asked) == 2
    with pytest.raises(InputError, match="did you mean supply_bond"):
        run_variants(SMALL, [Variant(("us_government.guarante=1",))], [0], shares)
