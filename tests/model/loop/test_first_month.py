"""What the ledger says of a choice.

The nested logit by definition, and the first month's winners term by term from the facts.
"""

import math

import numpy as np
import pytest

from stackcraft.model import Scenario, Simulation
from stackcraft.model.layouts import as_records, as_switches
from stackcraft.model.loop.choice import weigh
from stackcraft.model.loop.codes import N_BIDS, OPERATING, TERMS
from stackcraft.model.loop.run import Run, bids_of
from tests.reference import beliefs, choice, use
from tests.reference.plain import world_of

# Nothing that moves a market between January's opening and the first tender.
OFF = ["shocks", "disputes", "diversions", "organic", "use_mix", "targeting", "scripted_deals"]
LEVERS = [
    "us_government.supply_bond=0.6",
    "us_government.control_strictness=0.7",
    "us_government.pressure=0.4",
    "us_government.capacity_building=0.5",
    "us_government.frame_values=0.8",
    "us_government.confidential_computing=0.5",
    "cn_government.subsidy.network=0.2",
    "cn_government.local_hosting=0.6",
    "cn_government.respect_regulation=0.3",
    "us_government.umbrella_message=0.5",
    "cn_government.standards=0.5",
    # Kits bring drawn evidence in January, before the first tender.
    "us_government.evaluation_kit=0",
    "cn_government.evaluation_kit=0",
]


@pytest.fixture(scope="module")
def opening():
    """(simulation after its first year, states and deals before it) of many runs that keep their ledgers."""
    scenario = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2030), off=OFF, levers=LEVERS)
    with Simulation(scenario, runs=24, ledger_runs=24, seed=3) as simulation:
        before, deals = simulation.world.state.copy(), simulation.world.deals.copy()
        simulation.step()
        yield simulation, before, deals


@pytest.mark.parametrize("seed", range(20))
def test_nested_logit(seed):
    generator = np.random.default_rng(seed)
    utility, stack = generator.normal(0, 2, N_BIDS), generator.integers(0, 3, N_BIDS)
    eligible = (generator.random(N_BIDS) < 0.6).astype(float)
    eligible[0] = 1.0
    scale, correction, nothing = generator.uniform(0.3, 1), generator.uniform(0, 1), generator.uniform(-2, 2)
    kernel = bids_of(utility, eligible, stack)[0]
    weigh(kernel, scale, correction)
    weight, total, value = kernel["weight"], kernel["stack_sum"], kernel["stack_weight"]
    bids = {i: utility[i] for i in range(N_BIDS) if eligible[i]}
    chances, outside = choice.nested_logit(bids, {i: int(stack[i]) for i in bids}, scale, correction, nothing)
    everything = value.sum() + math.exp(nothing)
    assert math.exp(nothing) / everything == pytest.approx(outside, abs=1e-12)
    for i in range(N_BIDS):
        got = value[stack[i]] / everything * weight[i] / total[stack[i]] if eligible[i] else 0.0
        assert got == pytest.approx(chances.get(i, 0.0), abs=1e-12)


def first_january(simulation, before, deals, run):
    """The plain world in which the first month's tenders are decided."""
    whole = simulation.world
    world = world_of(
        Run(**dict.fromkeys(Run._fields))._replace(
            state=before[run],
            facts=whole.facts[0],
            parameters=whole.parameters[run],
            on=as_switches(whole.switches)[run],
            deals=as_records(deals)[run],
        ),
        simulation,
    )
    w = world.state
    w.subsidy_on[:] = 1.0
    for l in range(world.layers):
        serving = world.facts.serves[l] > 0
        w.quality[serving, l] -= w.quality[serving, l].max()  # January puts the layer's best at 0
    w.reputation[: world.countries, : world.vendors] = use.reputation(world)
    for c in range(world.countries):
        for s in range(world.stacks):
            supply, breach, kept = beliefs.fears(world, c, s)
            w.fear[c, s], w.kept[c, s] = (supply, breach), kept
    return world


def ending(world, c, l):
    """Whose contract ends first, as shares by vendor: contracts of different vendors are tendered apart."""
    due = (world.state.next_month[c, l] == 0) & (world.state.stage[c, l] == OPERATING)
    return np.eye(16)[world.deals[c, l, int(np.argmax(due))]["vendor"]]


def test_utility_term_by_term(opening):
    simulation, before, deals = opening
    seen = {"new": 0, "renewal": 0}
    for run in range(simulation.runs):
        rows = simulation.world.ledger["at"][run][: simulation.world.state["deals_signed"][run]]
        rows = [row for row in rows if row["tender_month"] == 0]
        world = first_january(simulation, before, deals, run)
        for row in rows:
            c, l = int(row["country"]), int(row["layer"])
            alone = sum(other["country"] == c for other in rows) == 1
            ends = (world.state.next_month[c] == 0).any(axis=1)  # a neighbour's contract may lapse without a row
            ends[l] = False
            if not alone or ends.any() or row["supported"] or row["origin"] > 1 or row["bid"] > 15:
                continue  # a package, support or what a neighbour signs or lets lapse changes what a bid is worth
            renewal = row["origin"] == 1
            found = choice.terms(world, c, l, int(row["bid"]), ending(world, c, l) if renewal else None, sale=True)
            for name, got in zip(TERMS, row["terms"], strict=True):
                assert got == pytest.approx(found.get(name, 0.0), abs=1e-9), (run, c, l, int(row["bid"]), name, renewal)
            assert row["utility"] == pytest.approx(sum(found.values()), abs=1e-9)
            seen["renewal" if renewal else "new"] += 1
    assert min(seen.values()) >= 3, seen


def test_recorded_win_probability(opening):
    """The ledger's chance of the winner's stack follows from all recorded bids."""
    simulation, _, _ = opening
    stacks, checked = simulation.world.facts[0]["vendor_stack"], 0
    for row in simulation.world.ledger["at"][0][: simulation.world.state["deals_signed"][0]]:
        if row["origin"] > 3 or row["outside"] <= 0:
            continue  # no choice was written down
        checked += 1
        bids = {i: u for i, u in enumerate(row["bids"]) if not math.isnan(u)}
        nest = {i: int(stacks[i]) if i < 16 else i - 16 for i in bids}
        chances, _ = choice.nested_logit(bids, nest, row["nest_scale"], row["correction"], math.log(row["outside"]))
        won = nest[int(row["bid"])]
        assert row["win_probability"] == pytest.approx(sum(chances[i] for i in bids if nest[i] == won), abs=1e-9)
    assert checked > 10
