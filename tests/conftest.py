"""Options shared by all tests."""

import pytest


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
