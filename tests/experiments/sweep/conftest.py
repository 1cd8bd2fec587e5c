"""Small studies that several tests share."""

import copy
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # for the functions that stand in the place of the model

FUNCTION = {
    "title": "a sum",
    "model": "stackcraft.experiments.sweep.known_functions:noisy_sum",
    "replicates": 4,
    "part_runs": 10,
    "seed": 3,
    "measures": {"y": "y", "z": "z"},
    "uncertainties": {"x1": [0, 1]},
    "levers": {"x2": [0, 2]},
    "design": {"uncertainties": {"kind": "random", "size": 5}, "policies": {"kind": "grid", "levels": 3}},
}
SMALL = {
    "title": "two years of ten countries",
    "scenario": "first-lesson",
    "years": [2025, 2027],
    "replicates": 3,
    "part_runs": 8,
    "seed": 11,
    "measures": {
        "us_installed": "installed[US]",
        "won": "so_far(tenders_won[US])",
        "payoff": "payoff[US]",
        "chance": "reading(US chance)",
    },
    "uncertainties": {"supply_fear": {}},
    "levers": {"us_government.supply_bond": [0, 1]},
    "bundles": {"hosting": ["us_government.local_hosting=1", "us_government.confidential_computing=1"]},
    "strategies": {"US": ["status-quo-2025", "contested-first"]},
    "structure": {"off": [[], ["peers"]]},
    "design": {"uncertainties": {"kind": "latin", "size": 2}, "policies": {"kind": "grid", "levels": 2}},
}


@pytest.fixture
def function_table():
    return copy.deepcopy(FUNCTION)


@pytest.fixture
def small_table():
    return copy.deepcopy(SMALL)
