"""Estimates from a few pairs of runs: the base moved by what the pairs differ by, and in the end what all runs say."""

import numpy as np

from stackcraft.experiments.live import Queue
from stackcraft.experiments.live.countries import WithCountries
from stackcraft.experiments.live.estimates import QUICK_RUNS, Nearby
from tests.experiments.live.test_countries import BASE, asked, queue, usual  # noqa: F401  fixtures

MOVED = BASE.with_changes(levers=["us_government.supply_bond=0.9"])


def test_an_estimate_is_the_base_moved_by_a_few_pairs(queue, usual):  # noqa: F811
    found = asked(queue, Nearby(MOVED, base=usual, quick=True))
    whole = asked(queue, WithCountries(MOVED))
    assert found.paired == QUICK_RUNS and not found.complete and found.runs == usual.runs
    shares = [one.world["world_installed"].values for one in (usual, found, whole)]
    pairs = (shares[2] - shares[0])[:QUICK_RUNS].mean(axis=0)
    assert np.allclose(shares[1] - shares[0], pairs, atol=1e-6)
    assert np.allclose(found.installed.shares.sum(axis=-1), 1.0, atol=1e-5)
    mine = found.countries - usual.countries
    assert np.allclose(mine, (whole.countries - usual.countries)[:QUICK_RUNS].mean(axis=0), atol=1e-5, equal_nan=True)


def test_an_estimate_of_what_changes_nothing_is_the_base(queue, usual):  # noqa: F811
    same = BASE.with_changes(levers=["us_government.supply_bond=0.1"])  # as it stands
    found = asked(queue, Nearby(same, base=usual, quick=True))
    assert np.allclose(found.installed.shares, usual.installed.shares, atol=1e-6)
    assert np.array_equal(found.installed.state, usual.installed.state)


def test_in_the_end_it_is_what_all_runs_say(queue, usual):  # noqa: F811
    changed = BASE.with_changes(levers=["us_government.supply_bond=0.8"])
    found = asked(queue, Nearby(changed, base=usual))
    plain = Queue(workers=1)
    try:
        whole = asked(plain, WithCountries(changed))
    finally:
        plain.close()
    assert found.complete and np.array_equal(found.installed.shares, whole.installed.shares)
    assert Nearby(changed, base=usual).key == WithCountries(changed).key != Nearby(changed, base=usual, quick=True).key
