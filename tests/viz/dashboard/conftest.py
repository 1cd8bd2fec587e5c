"""Summaries of a made-up world small enough for every test: ten countries, four years, two runs, with and without a
lever.
"""

import pytest

from stackcraft.experiments.live import summarise
from stackcraft.model import Scenario, Simulation
from stackcraft.model.inputs import load_inputs
from tests.viz.browsing import chromium  # noqa: F401  a fixture
from tests.viz.dashboard.driving import open_page, page, served, server  # noqa: F401  fixtures

YEARS = (2025, 2029)


def played(*levers, runs=2):
    scenario = Scenario.load("first-lesson").with_changes(levers=list(levers), years=YEARS)
    with Simulation(scenario, runs=runs, seed=3, threads=1, ledger_runs=0).run() as simulation:
        return summarise(simulation)


@pytest.fixture(scope="session")
def summary():
    return played()


@pytest.fixture(scope="session")
def moved():
    """What the guided start compares: the usual and its two levers."""
    from stackcraft.viz.dashboard.pages.start.panels import GUIDE

    return {"baseline": played(), **{name: played(*levers) for name, levers in GUIDE.items()}}


@pytest.fixture(scope="session")
def ten_countries():
    return load_inputs("synthetic")


@pytest.fixture(scope="session")
def countries():
    return load_inputs("world")
