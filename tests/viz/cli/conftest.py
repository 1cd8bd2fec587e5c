"""What the tests of the command line share."""

import pytest

from stackcraft.experiments.runs.running import run_scenario
from stackcraft.model.scenario import Scenario


@pytest.fixture(scope="session")
def compiled():
    """See to it that the model is compiled: commands say so on the error stream when they have to do it."""
    run_scenario(Scenario.load("first-lesson").with_changes(years=(2025, 2026), runs=1)).close()
