"""Scenarios that begin before 2025 run to the end, on demand that the facts give."""

import numpy as np
import pytest

from stackcraft.agents.names import LAYERS, VENDORS
from stackcraft.model import Scenario, Simulation
from stackcraft.model.scenario import hindcasts

MODELS, CLOUD = LAYERS.index("models"), LAYERS.index("cloud")


@pytest.fixture(scope="module")
def played():
    with Simulation("hindcast-2015", runs=2, seed=7, ledger_runs=2, threads=1) as simulation:
        yield simulation.run()


def test_hindcasts_are_found_by_name_and_begin_with_their_world():
    assert {"hindcast-2010", "hindcast-2015", "hindcast-2018"} <= set(hindcasts())
    for name in hindcasts():
        scenario = Scenario.load(name)
        assert scenario.world == f"world@{scenario.years[0]}" and scenario.years[1] <= 2025


def test_a_hindcast_runs_to_the_present_and_every_run_is_sound(played):
    assert played.done and played.year == 2025
    assert (played.world.state["status"] == 0).all()
    for name in ("capacity", "used", "demand", "installed", "welfare"):
        assert np.isfinite(played.results[name].values).all(), name


def last_quarter(given):
    """Demand as a January records it, that of the October before: three quarters of the way, in logs."""
    expected = given.copy()
    expected[1:] = np.where(given[:-1] > 0, given[:-1] ** 0.25 * given[1:] ** 0.75, 0.0)
    return expected


def test_demand_is_what_the_facts_give(played):
    seen = played.results["demand"].values  # less in debt distress, which the model draws
    given = last_quarter(played.inputs.given.demand)[None]
    there = np.broadcast_to(given > 0, seen.shape)
    ratio = np.divide(seen, given, out=np.ones_like(seen), where=there)
    assert np.isclose(ratio, 1.0, rtol=1e-4).mean() > 0.9 and ratio.max() < 1.0 + 1e-4
    assert not seen[~there].any()


def test_nobody_buys_models_before_they_are_sold(played):
    deals = played.deals
    models = deals[deals["layer"] == "models"]
    assert len(models) and models["tender_month"].min() >= 12 * (2023 - 2015)
    capacity = played.results["capacity"].values[:, :, :, MODELS]
    assert not capacity[:, : 2023 - 2015 + 1].any() and capacity[:, -1].any()


def test_vendors_sell_from_their_entry_on(played):
    deals = played.deals[played.deals["origin"] != "legacy"]
    for vendor, layer, year in (("cn_full_stack_champion", "cloud", 2018), ("in_gulf_hub", "cloud", 2020)):
        found = deals[(deals["vendor"] == vendor) & (deals["layer"] == layer)]
        assert not len(found) or found["tender_month"].min() >= 12 * (year - 2015)
    assert not (deals["vendor"] == "cn_open_weights_lab").any()  # from January 2025


def test_a_vendor_that_sells_only_later_has_not_lived_on_its_cash(played):
    facts, lab = played.world.facts[0], VENDORS.index("cn_open_weights_lab")  # it enters in January 2025
    burn = facts["cash"][lab] / facts["runway_years"][lab]
    assert (played.world.state["cash"][:, lab] >= facts["cash"][lab] - burn - 1e-9).all()
    assert (played.world.state["alive"][:, lab] == 1).all()


def test_a_hindcast_gives_the_same_bits_on_two_threads_and_from_a_branch(played):
    with Simulation("hindcast-2015", runs=2, seed=7, ledger_runs=2, threads=2) as other:
        for _ in range(5):
            other.step()
        with other.branch() as branch:
            branch.run()
            assert branch.world.state.tobytes() == played.world.state.tobytes()
            assert branch.world.book.tobytes() == played.world.book.tobytes()


def test_growth_of_the_model_takes_over_where_the_facts_end():
    scenario = Scenario.load("hindcast-2018").with_changes(years=(2018, 2027))
    with Simulation(scenario, runs=1, seed=7, ledger_runs=0, threads=1) as simulation:
        given = simulation.inputs.given
        demand = simulation.run().results["demand"].sum("country").values[0]
    expected = last_quarter(given.demand).sum(axis=1)[-1]
    assert np.allclose(demand[2025 - 2018], expected, rtol=0.05)
    assert demand[-1, CLOUD] > demand[2025 - 2018, CLOUD]
