"""Somebody else's package: a strategy and a measure, found through their entry points, without touching the project."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.strategies import registry
from stackcraft.model import Scenario, Simulation

ROOT = Path(__file__).resolve().parents[2]

# The whole package: a strategy in ten lines, a measure in four.
PACKAGE = """
from stackcraft.agents.strategies import Strategy, Traits
from stackcraft.model.user_measures import UserMeasure

class GreenGrid(Strategy):
    name, kind = "green-grid", "importer"
    title, story = "Green grid", "Buys clouds only where the last ones are in use, and nothing American."
    traits = Traits(adaptive=True, reads=frozenset({"capacity", "used"}))

    def decide(self, view):
        busy = view.used.sum(axis=2) / view.capacity.sum(axis=2).clip(1e-12)
        return {"ban_us": 1.0, "clarity": busy.clip(0, 1)}

def countries_led(simulation):
    leader = simulation.world.state["share"][:, : len(simulation.inputs.iso3), 2].argmax(axis=2)
    return (leader[:, :, None] == range(3)).sum(axis=1)

cloud_leaders = UserMeasure("cloud_leaders", ("stack",), "count", "countries led in cloud", countries_led)
"""
ENTRY_POINTS = """
[stackcraft.strategies]
green-grid = greengrid:GreenGrid

[stackcraft.measures]
cloud_leaders = greengrid:cloud_leaders
"""


@pytest.fixture
def site(tmp_path):
    """A folder as an installer leaves it: the module, and the metadata that name its entry points."""
    (tmp_path / "greengrid.py").write_text(PACKAGE, encoding="utf-8")
    about = tmp_path / "greengrid-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: greengrid\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    return tmp_path


@pytest.fixture
def installed(site, monkeypatch):
    """The package on the path of this process, for one test."""
    monkeypatch.syspath_prepend(site)
    registry._others.cache_clear()
    yield
    registry._others.cache_clear()
    sys.modules.pop("greengrid", None)


@pytest.fixture
def plain(short):
    return short.with_changes(years=(2025, 2033))


def test_the_strategy_is_found_by_name_and_changes_the_outcome(installed, plain):
    who = Simulation(plain, runs=1).inputs.iso3[0]
    theirs = plain.with_changes(strategies={who: "green-grid"})
    with Simulation(plain, runs=4) as before, Simulation(theirs, runs=4) as after:
        old, new = before.run().results, after.run().results
        importer = after.cast.kinds["importer"]
        held = importer.actors.index(who)
        assert (importer.levers["ban_us"][:, held] == 1).all() and (importer.levers["ban_us"][:, held + 1] == 0).all()
        assert not after.deals.query("country == @who and stack == 'US' and signed > 2025").size
    cloud = {"country": who, "layer": "cloud", "stack": "US"}
    assert (new.installed.sel(cloud).isel(year=-1) < old.installed.sel(cloud).isel(year=-1)).all()
    # Clarity follows what is in use, run by run: the rule reads its view.
    assert len(np.unique(importer.levers["clarity"][:, held])) > 1


def test_the_measure_is_found_and_kept_every_year(installed, plain):
    with Simulation(plain, runs=3) as simulation:
        results = simulation.run().results
    led = results.cloud_leaders
    assert led.dims == ("run", "year", "stack") and led.units == "count" and led.description == "countries led in cloud"
    assert led.sizes["year"] == 9 and (led.sum("stack") == results.sizes["country"]).all()
    leaders = results.installed.sel(layer="cloud").argmax("stack")
    assert (led.sel(stack="US") == (leaders == 0).sum("country")).all()


def test_without_the_package_both_are_gone(plain):
    with pytest.raises(InputError, match="strategy of an importer 'green-grid' is unknown"):
        plain.with_changes(strategies={"importers": "green-grid"})
    with Simulation(plain, runs=1) as simulation:
        assert "cloud_leaders" not in simulation.results


def test_the_command_line_finds_it_too(site):
    path = f"{site}{':' if sys.platform != 'win32' else ';'}{ROOT}"
    run = {
        "env": {"PYTHONPATH": path, "PATH": "", "HOME": str(site)},
        "capture_output": True,
        "text": True,
        "cwd": site,
    }
    done = subprocess.run([sys.executable, "-m", "stackcraft.viz.cli.main", "strategies", "green-grid"], **run)
    assert done.returncode == 0 and "nothing American" in done.stdout, done.stderr
    program = (
        "import json; from stackcraft.agents.strategies import strategy_names; "
        "print(json.dumps(strategy_names('importer')))"
    )
    done = subprocess.run([sys.executable, "-c", program], **run)
    assert "green-grid" in json.loads(done.stdout)


def test_measures_given_by_hand_need_no_package(short):
    from stackcraft.model.user_measures import UserMeasure

    mine = UserMeasure(
        "capacity_of_all",
        ("layer",),
        "bn$/year",
        "capacity",
        lambda one: one.world.state["capacity"][:, :10].sum(axis=1),
    )
    with Simulation(short, runs=2, measures=[mine]) as simulation:
        assert simulation.run().results.capacity_of_all.shape == (2, 4, 7)
    with pytest.raises(InputError, match="exists already"):
        Simulation(short, runs=1, measures=[mine, mine])
    with pytest.raises(InputError, match="did you mean layer"):
        Simulation(short, runs=1, measures=[UserMeasure("x", ("layr",), "", "", lambda one: 0)])


def test_scenarios_may_be_loaded_that_name_it(installed, tmp_path):
    path = tmp_path / "theirs.toml"
    path.write_text('title = "Theirs"\nyears = [2025, 2026]\n[strategies]\nKEN = "green-grid"\n', encoding="utf-8")
    assert Scenario.load(str(path)).strategies["KEN"] == "green-grid"
