"""Simulations on the synthetic world, shared by the tests of the model."""

import pytest

from stackcraft.model import Scenario


@pytest.fixture
def short():
    """Three years of the baseline on the synthetic world."""
    return Scenario.load("baseline").with_changes(world="synthetic", worlds="default", years=(2025, 2028))
