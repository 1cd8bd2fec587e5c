"""One run of the synthetic ten-country world: as the kernels see it, and as plain values for the twins."""

from types import SimpleNamespace

import pytest

from experiments.checks.one_run import run_record, workspace
from model import Scenario, Simulation
from tests.reference.plain import world_of

CELLS = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 2), (8, 4), (9, 1), (0, 6), (4, 0)]

# Levers off their defaults, so that every term of the utility is something.
LEVERS = [
    "us_government.guarantee=0.6", "us_government.control_strictness=0.7", "us_government.pressure=0.4",
    "us_government.capacity_building=0.5", "us_government.frame_values=0.8", "us_government.confidential_computing=0.5",
    "us_government.umbrella_message=0.5", "us_government.alliance_signal_bn=0.5", "us_government.elicitation=0.4",
    "cn_government.subsidy.network=0.2", "cn_government.local_hosting=0.6", "cn_government.respect_regulation=0.3",
    "cn_government.frame_geopolitical=0.7", "cn_government.standards=0.5", "cn_government.pressure=0.3",
    "cn_government.aid_bn=2.0",
]


def stand(off=(), years=3):
    """A run after so many years: its records (`run`, shared with `simulation`), plain values of them (`world`), scratch `space`."""
    scenario = Scenario.load("baseline").with_changes(
        world="synthetic", years=(2025, 2030), off=list(off), levers=LEVERS)
    simulation = Simulation(scenario, runs=1, seed=3)
    for _ in range(years):
        simulation.step()
    run = run_record(simulation)
    return SimpleNamespace(simulation=simulation, run=run, world=world_of(run, simulation), space=workspace(simulation))


@pytest.fixture(scope="session")
def stood():
    """A run to look at, never to change."""
    one = stand()
    yield one
    one.simulation.close()


@pytest.fixture
def standing():
    """A run of one's own, to change."""
    one = stand()
    yield one
    one.simulation.close()
