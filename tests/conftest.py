"""Options shared by all tests."""

import pytest
from hypothesis import HealthCheck, settings

# A busy machine is not a fault: no example fails, and no strategy is refused, for the time it took.
settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="also run the tests marked slow")


def pytest_collection_modifyitems(config, items):
    # Skipped rather than deselected, so that the summary names them and says how to run them.
    if config.getoption("--slow"):
        return
    skip = pytest.mark.skip(reason="marked slow: run it with `make test-slow`")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)
