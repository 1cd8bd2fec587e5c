"""What a person may import: every public name is there, tab completion shows these alone, and nothing heavy loads."""

import subprocess
import sys
from importlib import import_module

import pytest

PACKAGES = {
    "stackcraft.agents": {"InputError", "Strategy", "Traits", "LEVER_SETS"},
    "stackcraft.agents.strategies": {"Strategy", "Table", "find_strategy", "preset_names"},
    "stackcraft.model": {"Scenario", "Simulation", "UserMeasure"},
    "stackcraft.experiments": {"Study", "run_study", "open_study", "compare", "analyses", "paired_interval"},
    "stackcraft.experiments.analyses": {"Finding", "luck", "prim", "sobol"},
}


@pytest.mark.parametrize("name", PACKAGES)
def test_every_public_name_is_there_and_completion_shows_these_alone(name):
    package = import_module(name)
    assert PACKAGES[name] <= set(package.__all__)
    assert dir(package) == sorted(package.__all__)
    assert all(getattr(package, public) is not None for public in package.__all__)
    assert package.__doc__


def test_a_name_that_is_not_there_is_answered_with_those_that_are():
    with pytest.raises(AttributeError, match=r"stackcraft\.model.*Scenario, ScenarioError, Simulation"):
        import_module("stackcraft.model").Scenarios  # noqa: B018


def test_asking_for_a_package_loads_nothing_heavy():
    code = f"import sys\nfor name in {list(PACKAGES)}: __import__(name)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"numba", "pandas", "xarray", "mesa"} & set(done.stdout.split())


def test_a_simulation_is_made_without_what_only_its_tables_need():
    code = "import sys\nfrom stackcraft.model import Scenario, Simulation\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"pandas", "xarray", "scipy.spatial", "pyarrow", "h5py"} & set(done.stdout.split())


def test_a_run_of_a_compiled_model_loads_nothing_that_only_compiling_needs():
    code = (
        "import sys\n"
        "from stackcraft.model import Simulation\n"
        "with Simulation('baseline', runs=1, threads=1) as simulation:\n"
        "    simulation.step()\n"
        "print(*sys.modules)"
    )
    for _ in range(2):  # the first may have to compile
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "stackcraft.model.loop.year" in loaded
    assert not {"scipy.linalg", "numba.np.linalg", "pandas", "xarray"} & loaded
