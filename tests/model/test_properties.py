"""What holds in every scenario that a user can write: shares, money, beliefs, limits, soundness."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stackcraft.experiments.checks.exact_money import book_gap, exposure_gap
from stackcraft.experiments.checks.scenarios import random_scenario
from stackcraft.model import Simulation
from stackcraft.model.loop.codes import EMPTY, OPERATING
from stackcraft.model.measures import MEASURES

CENT_BN = 1e-11
RUNS = 3


@pytest.fixture(scope="module")
def played():
    """Simulations by seed, played once each."""
    kept = {}

    def get(seed: int) -> Simulation:
        if seed not in kept:
            kept[seed] = Simulation(random_scenario(seed), runs=RUNS, seed=seed, ledger_runs=RUNS).run()
        return kept[seed]

    yield get
    for simulation in kept.values():
        simulation.close()


def state_of(simulation: Simulation):
    """The state and the deals of the countries that exist: the loop may have more places."""
    world, number = simulation.world, len(simulation.inputs)
    state = {}
    for name in world.state.dtype.names:
        array = world.state[name]
        axis = next((i for i, size in enumerate(array.shape[1:], 1) if size == world.deals.shape[1]), None)
        state[name] = array if axis is None else np.take(array, range(number), axis)
    return state, world.deals[:, :number]


def random(test):
    """The test on a dozen random scenarios."""
    test = settings(max_examples=12, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))(test)
    return given(seed=st.integers(0, 39))(test)


@random
def test_every_run_is_sound(played, seed):
    assert (played(seed).world.state["status"] == 0).all()


@random
def test_shares_are_shares(played, seed):
    simulation = played(seed)
    results = simulation.results
    for name in ("installed", "utilised"):
        share = results[name].values
        assert share.min() >= 0.0 and share.max() <= 1.0 + 1e-6, name
        assert np.abs(share.sum(axis=-1) - 1.0).max() < 1e-5, name
    state, _ = state_of(simulation)
    share = state["share"]
    assert np.abs(share.sum(axis=-1) - 1.0).max() < 1e-12
    for name in ("world_installed", "world_utilised", "standards_share"):
        share = results[name].values
        assert share.min() >= 0.0 and share.max() <= 1.0 + 1e-9, name
    mix = state["use_mix"]
    assert mix.min() > 0.0 and np.abs(mix.sum(axis=-1) - 1.0).max() < 1e-12


@random
def test_probabilities_are_probabilities(played, seed):
    state, _ = state_of(played(seed))
    bought, nothing = state["win_unsupported"], state["win_nothing"]
    assert bought.min() >= 0.0 and nothing.min() >= 0.0
    assert np.abs(bought.sum(axis=-1) + nothing - 1.0).max() < 1e-12


@random
def test_use_stays_within_capacity(played, seed):
    simulation = played(seed)
    state, deals = state_of(simulation)
    live = state["stage"] == OPERATING
    assert deals["used"][live].min() >= 0.0 and deals["used"][live].max() <= 1.0
    used, capacity = simulation.results["used"].values, simulation.results["capacity"].values
    assert (used <= capacity * (1 + 1e-5) + 1e-9).all()
    for name in ("stock", "organic", "capacity", "pending", "demand"):
        assert state[name].min() >= 0.0, name


@random
def test_capacity_is_what_deals_add_up_to(played, seed):
    simulation = played(seed)
    state, deals = state_of(simulation)
    operating, pending = (
        np.where(mask, deals["capacity"], 0.0).sum(axis=3)
        for mask in (state["stage"] == OPERATING, (state["stage"] != EMPTY) & (state["stage"] != OPERATING))
    )
    scale = np.maximum(operating.max(), 1.0)
    assert np.abs(operating - state["capacity"]).max() < 1e-9 * scale
    assert np.abs(pending - state["pending"]).max() < 1e-9 * scale
    counted = ((state["stage"] != EMPTY) & (state["stage"] != OPERATING)).sum(axis=3)
    assert (counted == state["pipeline"]).all()
    of_vendors = np.zeros_like(state["stock"])
    for vendor in range(16):
        of_vendors[..., vendor] = np.where(
            (state["stage"] == OPERATING) & (deals["vendor"] == vendor), deals["capacity"], 0.0
        ).sum(axis=3)
    assert np.abs(of_vendors + state["organic"] - state["stock"]).max() < 1e-9 * scale


@random
def test_money_is_conserved_to_the_cent(played, seed):
    assert book_gap(played(seed)) < CENT_BN
    assert exposure_gap(played(seed)) < CENT_BN


@random
def test_beliefs_are_positive_and_hazards_within_bounds(played, seed):
    simulation = played(seed)
    state, _ = state_of(simulation)
    for name in ("belief_for", "belief_against"):
        assert state[name].min() > 0.0, name
    for name in ("fear", "kept"):
        assert state[name].min() > 0.0 and state[name].max() < 1.0, name
    hazard = simulation.results["perceived_hazard"].values
    assert hazard.min() > 0.0 and hazard.max() < 1.0
    assert state["true_hazard"].min() >= 0.0 and state["true_hazard"].max() <= 1.0
    trust, goodwill = simulation.results["trust"].values, simulation.results["goodwill"].values
    assert trust.min() > 0.0 and trust.max() < 1.0
    assert goodwill.min() >= 0.0 and goodwill.max() <= 1.0


@random
def test_nothing_is_infinite_or_missing(played, seed):
    simulation = played(seed)
    for one in MEASURES:
        assert np.isfinite(simulation.world.book[one.name]).all(), one.name
    for name in simulation.world.state.dtype.names:
        assert np.isfinite(simulation.world.state[name].astype(float)).all(), name


@random
def test_counts_and_costs_have_their_signs(played, seed):
    results = played(seed).results
    for one in MEASURES:
        if one.flow and one.unit == "count" and one.name in results:
            assert results[one.name].values.min() >= 0, one.name
    for name in (
        "announced_bn",
        "delivered_bn",
        "subsidy_cost_bn",
        "revenue_bn",
        "private_spend_bn",
        "unmet_demand",
        "idle_capacity",
    ):
        assert results[name].values.min() >= -1e-9, name


@random
def test_no_financier_lends_beyond_its_limits(played, seed):
    """Exposure grows only within the cap, and a year's commitments stay within the year's limit."""
    scenario = random_scenario(seed)
    with Simulation(scenario, runs=RUNS, seed=seed) as simulation:
        while not simulation.done:
            before = simulation.world.state["exposure"].copy()
            simulation.step()
            levers, state = simulation.cast.levers("financier"), simulation.world.state
            cap = np.maximum(levers["cap_bn"], before)
            assert (state["exposure"] <= cap + 1e-9).all(), simulation.year
            assert (state["committed"] <= levers["commitment_limit_bn"] + 1e-9).all(), simulation.year


@random
def test_no_vendor_sells_beyond_its_supply(played, seed):
    scenario = random_scenario(seed)
    with Simulation(scenario, runs=RUNS, seed=seed) as simulation:
        while not simulation.done:
            simulation.step()
            assert simulation.world.state["supply_left"].min() >= -1e-9, simulation.year


@random
def test_programmes_keep_to_their_slots(played, seed):
    simulation = played(seed)
    slots = simulation.world.parameters["slots"]
    supported = simulation.world.book["supported_tenders"][:, 1:, :2]
    assert (supported <= slots[:, np.newaxis] + 1e-9).all()


@random
def test_every_deal_has_its_dates_in_order(played, seed):
    deals = played(seed).deals
    for earlier, later in (("signed", "financed"), ("financed", "operating"), ("operating", "ended")):
        both = deals[deals[earlier].notna() & deals[later].notna()]
        assert (both[earlier] <= both[later] + 1e-9).all(), (earlier, later)
    assert deals["win_probability"].between(0, 1).all()
    assert (deals["value_bn"] >= 0).all() and (deals["capacity"] >= 0).all()


@random
def test_nobody_counts_for_retention_before_the_years_are_over(played, seed):
    """Leavers wait for the years of those that stay: counted at once, young adopters would show their leavers alone."""
    simulation = played(seed)
    due, kept = (
        simulation.results[name].transpose("run", "year", "stack").values
        for name in ("adopters_5y", "adopters_retained_5y")
    )
    years = int(simulation.world.parameters["retained_years"][0])
    assert (due[:, :years] == 0).all()
    assert (kept <= due).all()
