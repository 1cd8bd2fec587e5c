"""The same bits: from batch to batch, from one thread to two; and a pinned small result."""

import json
import os

import numpy as np
import pytest

from stackcraft.experiments.checks.luck import same_bits
from stackcraft.model import Scenario, Simulation

# The baseline, seed 7, on the synthetic world and on the real one. Change what is pinned only on purpose, and say why.
YEARS, SEED = (2025, 2032), 7
PINNED = {"synthetic": ((2025, 2032), 3), "world": ((2025, 2030), 2)}  # years, runs
PINNED_FILE = "pinned.json"


def baseline(**changes) -> Scenario:
    return Scenario.load("baseline").with_changes(
        **{"world": "synthetic", "worlds": "default", "years": YEARS, **changes}
    )


def bits(simulation, run=slice(None)) -> dict[str, bytes]:
    """Every field of the world's arrays as bytes."""
    found = {}
    for name, array in arrays(simulation).items():
        for field in array.dtype.names:
            found[f"{name}.{field}"] = np.ascontiguousarray(array[field][run]).tobytes()
    return found


def arrays(simulation) -> dict[str, np.ndarray]:
    """State, deals, record and ledger, runs first."""
    world = simulation.world
    return {"state": world.state, "deals": world.deals, "book": world.book, "ledger": world.ledger["at"]}


def summary(simulation) -> dict[str, list[float]]:
    """A few numbers that nearly everything feeds into."""
    results = simulation.results
    last = results.isel(year=-1)
    return {
        "share": last.world_installed.sel(weight="country").mean("run").values.ravel().tolist(),
        "trust": last.trust.mean("run").astype(float).values.mean(axis=0).tolist(),
        "quality": last.quality.mean("run").sum("layer").values.tolist(),
        "announced_bn": results.announced_bn.sum("year").values.ravel().tolist(),
        "public_cost_bn": results.public_cost_bn.sum("year").values.ravel().tolist(),
        "tenders": results.tenders.sum("year").values.tolist(),
        "exposure_bn": last.exposure_bn.values.ravel().tolist(),
        "payoff": results.payoff.values.ravel().tolist(),
    }


def test_one_run_is_the_same_in_any_batch():
    with (
        Simulation(baseline(), runs=4, seed=SEED, ledger_runs=4, threads=1) as few,
        Simulation(baseline(), runs=19, seed=SEED, ledger_runs=4, threads=2) as many,
    ):
        a, b = bits(few.run(), slice(2, 3)), bits(many.run(), slice(2, 3))
    assert [name for name in a if a[name] != b[name]] == []


def test_one_run_alone_is_the_same_as_in_a_batch():
    with (
        Simulation(baseline(), runs=1, seed=SEED, replicates=[17], ledger_runs=1) as alone,
        Simulation(baseline(), runs=3, seed=SEED, replicates=[40, 17, 2], ledger_runs=[1]) as among,
    ):
        alone.run(), among.run()
        for name in ("state", "deals", "book"):
            assert same_bits(getattr(alone.world, name)[:1], getattr(among.world, name)[1:2]), name
        assert same_bits(alone.world.ledger["at"][0], among.world.ledger["at"][0])


@pytest.mark.parametrize("threads", [2, 3])
def test_threads_do_not_matter(threads):
    with (
        Simulation(baseline(), runs=13, seed=SEED, threads=1) as one,
        Simulation(baseline(), runs=13, seed=SEED, threads=threads) as two,
    ):
        a, b = bits(one.run()), bits(two.run())
    assert [name for name in a if a[name] != b[name]] == []


def test_keeping_a_ledger_changes_nothing():
    with (
        Simulation(baseline(), runs=3, seed=SEED, ledger_runs=0) as without,
        Simulation(baseline(), runs=3, seed=SEED, ledger_runs=3) as with_it,
    ):
        a, b = without.run().results, with_it.run().results
        assert a.identical(b)


def test_runs_and_seeds_differ():
    with Simulation(baseline(), runs=2, seed=SEED) as one, Simulation(baseline(), runs=2, seed=SEED + 1) as two:
        a, b = bits(one.run()), bits(two.run())
        share = one.world.state["share"]
        assert not np.array_equal(share[0], share[1])
    assert a["state.share"] != b["state.share"]


@pytest.mark.parametrize("world", PINNED)
def test_pinned_result(world, request):
    years, runs = PINNED[world]
    with Simulation(baseline(world=world, years=years), runs=runs, seed=SEED) as simulation:
        found = summary(simulation.run())
    path = request.path.parent / PINNED_FILE
    pinned = json.loads(path.read_text(encoding="utf-8"))
    if os.environ.get("STACKCRAFT_PIN"):
        pinned[world] = found
        path.write_text(json.dumps(pinned, indent=1) + "\n", encoding="utf-8")
    assert set(found) == set(pinned[world])
    for name, values in pinned[world].items():
        assert found[name] == pytest.approx(values, rel=1e-9, abs=1e-12), (
            f"{name} changed; STACKCRAFT_PIN=1 accepts the new result"
        )
