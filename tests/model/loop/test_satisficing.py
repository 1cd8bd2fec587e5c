"""Choice by satisficing: by hand, against its twin, what raising a bid does, and whole runs."""

import math

import numpy as np
import pytest

from stackcraft.experiments.checks.drivers import key_of, one_race
from stackcraft.experiments.checks.exact_symmetry import order_gap
from stackcraft.experiments.checks.explain import bidders, explained
from stackcraft.model import Scenario, Simulation
from stackcraft.model.loop.choice import NEVER_BOUGHT, good_enough_if_raised, weigh_good_enough
from stackcraft.model.loop.codes import N_BIDS
from stackcraft.model.loop.run import bids_of
from tests.reference import choice

# Two stacks in earnest and a third that is too dear: US 2.0, 1.7, 1.0; CN 1.6, 0.2; independent 1.4.
UTILITY, STACK = [2.0, 1.7, 1.0, 1.6, 0.2, 1.4], [0, 0, 0, 1, 1, 2]


def laid_out(utility, stack, eligible=1.0):
    """Bids as kernels read them."""
    return bids_of(utility, eligible, stack)[0]


def weighed(utility, stack, margin, outside, eligible=1.0):
    """(weight by bid, weight by stack, weight of nothing) by the kernel."""
    bids = laid_out(utility, stack, eligible)
    nothing = weigh_good_enough(bids, margin, outside)
    assert np.array_equal(bids["stack_sum"], bids["stack_weight"])
    return bids["weight"], bids["stack_weight"], nothing


def test_by_hand():
    weight, stack_weight, nothing = weighed(UTILITY, STACK, 0.5, -0.9)
    assert weight[:6].tolist() == [1, 1, 0, 1, 0, 0] and not weight[6:].any()
    assert stack_weight.tolist() == [2, 1, 0] and nothing == 0
    assert weighed(UTILITY, STACK, 0.5, 2.0)[2] == 0  # worth just as much as nothing: bought
    assert weighed(UTILITY, STACK, 0.5, 2.1)[2] == NEVER_BOUGHT
    assert weighed(UTILITY, STACK, 0.0, -0.9)[1].tolist() == [1, 0, 0]  # no margin: the best
    assert weighed(UTILITY, STACK, 0.5, -0.9, [0, 1, 1, 1, 1, 1])[1].tolist() == [1, 1, 1]  # the best does not bid
    _, stack_weight, nothing = weighed(UTILITY, STACK, 0.5, -0.9, np.zeros(6))
    assert not stack_weight.any() and nothing == NEVER_BOUGHT


@pytest.mark.parametrize(
    ("s", "lift", "share"),
    [(0, 0.0, 2 / 3), (1, 0.0, 1 / 3), (1, 0.5, 1 / 3), (1, 1.0, 1.0), (2, 0.2, 1 / 4), (2, 3.0, 1.0)],
)
def test_a_raised_stack_by_hand(s, lift, share):
    assert good_enough_if_raised(laid_out(UTILITY, STACK), 0.5, -0.9, s, lift) == pytest.approx(share, abs=1e-15)


def test_a_raise_can_make_a_purchase_worth_it():
    bids = laid_out(UTILITY, STACK)
    assert good_enough_if_raised(bids, 0.5, 2.5, 1, 0.8) == 0  # 2.4 at best
    assert good_enough_if_raised(bids, 0.5, 2.5, 1, 1.0) == 1
    assert good_enough_if_raised(laid_out(UTILITY, STACK, 0.0), 0.5, -0.9, 1, 1.0) == 0  # nobody bids


@pytest.mark.parametrize("seed", range(20))
def test_kernel_and_twin_agree(seed):
    generator = np.random.default_rng(seed)
    utility, stack = generator.normal(0, 1.5, N_BIDS), generator.integers(0, 3, N_BIDS)
    eligible = (generator.random(N_BIDS) < 0.6).astype(float)
    eligible[0] = 1.0
    margin, outside, s, lift = (
        generator.uniform(0, 3),
        generator.uniform(0, 3),
        int(generator.integers(3)),
        generator.uniform(-1, 2),
    )
    kernel = laid_out(utility, stack, eligible)
    nothing = weigh_good_enough(kernel, margin, outside)
    weight, stack_weight = kernel["weight"], kernel["stack_weight"]
    bids = {i: utility[i] for i in range(N_BIDS) if eligible[i]}
    chances, none = choice.satisficing(bids, margin, outside)
    whole = stack_weight.sum() + nothing
    assert nothing / whole == none
    for i in range(N_BIDS):
        assert weight[i] / whole == pytest.approx(chances.get(i, 0.0), abs=1e-15)
    then, _ = choice.satisficing(choice.raised(bids, stack, s, lift), margin, outside)
    expected = sum(chance for i, chance in then.items() if stack[i] == s)
    assert good_enough_if_raised(kernel, margin, outside, s, lift) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(
    ("bid", "by", "what"),
    [
        (5, 0.2, "taken"),
        (2, 0.6, "taken"),
        (4, 1.4, "taken"),
        (1, 0.3, "nothing"),
        (4, 1.0, "nothing"),
        (3, 0.8, "dropped"),
        (0, 0.4, "dropped"),
    ],
)
def test_raising_a_bid_moves_others_only_through_the_bar(bid, by, what):
    """As under the logit a raised bid lifts its stack.

    Others change places only where the bar rises and some drop below it.
    """
    higher = list(UTILITY)
    higher[bid] += by
    key, taken, dropped = key_of(5, 0), 0, 0
    before, after = bids_of(UTILITY, 1.0, STACK), bids_of(higher, 1.0, STACK)
    for bids in (before, after):
        weigh_good_enough(bids[0], 0.5, -0.9)
    weight, weight_then = before["weight"][0], after["weight"][0]
    for i in range(3000):
        site = (key, i, 0, 1)
        first, *_ = one_race(*site, before, 0.0)
        then, *_ = one_race(*site, after, 0.0)
        if first == then:
            continue
        if max(higher) > max(UTILITY):
            dropped += 1
            assert weight_then[then] == 1 and weight[then] == 1
        else:
            taken += 1
            assert STACK[then] == STACK[bid] and (then == bid or STACK[first] != STACK[bid])
    assert (taken > 0, dropped > 0) == (what == "taken", what == "dropped")


@pytest.fixture(scope="module")
def scenario():
    return Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2029), parameters={"satisficing": 1})


def test_a_run_explains_itself_and_differs(scenario):
    with Simulation(scenario, runs=1, seed=3, ledger_runs=1) as simulation:
        deals = simulation.run().deals
        sums, runner_sums, wrong, rows, _ = explained(simulation)
        stack, _ = bidders(simulation.inputs)
        ledger = simulation.world.ledger["at"][0][: len(deals)]
        bought = simulation.results.tenders_won.sum().item()
    assert rows > 100 and wrong == 0 and max(sums, runner_sums) < 1e-12
    checked = 0
    for row in ledger:
        if row["bid"] < 0 or row["bid"] >= N_BIDS - 2 or row["win_probability"] == 0:
            continue
        assert row["margin"] == 1.4 and row["outside"] == 0
        bids = {i: u for i, u in enumerate(row["bids"]) if not math.isnan(u)}
        chances, _ = choice.satisficing(bids, row["margin"], None)
        won = sum(chance for i, chance in chances.items() if stack[i] == stack[row["bid"]])
        assert row["win_probability"] == pytest.approx(won, abs=1e-12)
        assert chances[int(row["bid"])] > 0
        checked += 1
    assert checked > 50
    with Simulation(scenario.with_changes(parameters={"satisficing": 0}), runs=1, seed=3, ledger_runs=1) as plain:
        assert plain.run().results.tenders_won.sum().item() != bought
        assert plain.deals["satisficing_margin"].isna().all()


def test_the_order_of_countries_does_not_matter():
    value, detail = order_gap(runs=2, years=(2025, 2030), parameters={"satisficing": 1, "satisficing_margin": 0.7})
    assert value < 1e-6, detail


@pytest.mark.parametrize("margin", [0.5, 1.4])
def test_constants_come_close_to_the_shares_of_the_start(margin):
    """Shares move by whole countries, so that they are met to a few per cent, not exactly."""
    changes = {"satisficing": 1, "satisficing_margin": margin}
    scenario = Scenario.load("baseline").with_changes(years=(2025, 2026), off=("tastes",), parameters=changes)
    with Simulation(scenario, runs=1) as simulation:
        state, inputs = simulation.world.state, simulation.inputs
        attribution, own = np.asarray(simulation.world.facts["attribution"][0]), slice(len(inputs))
        choices = state["organic_choice"][0, own]
        assert choices.sum(axis=2) == pytest.approx(np.ones(choices.shape[:2]))
        chosen = np.einsum("clv,lvs->cls", choices, attribution)
        demand = state["demand"][0, own, :, np.newaxis]
        got, target = (demand * chosen).sum(axis=0), (demand * state["share"][0, own]).sum(axis=0)
        got, target = got / got.sum(axis=1, keepdims=True), target / target.sum(axis=1, keepdims=True)
        hub = inputs.vendors.name.index("in_gulf_hub")  # its parts shift with its re-export lever
        layers = [layer for layer in range(7) if inputs.vendors.serves[hub, layer] == 0]
        assert layers and np.abs(got - target)[layers].max() < 0.03
