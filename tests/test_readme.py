"""What the README tells a newcomer to type works, and what it points to is there."""

import ast
import re
import runpy
from pathlib import Path

import pytest

from stackcraft.agents.names import LAYERS, STACKS
from stackcraft.agents.strategies import registry
from stackcraft.model import Scenario, Simulation
from stackcraft.model.inputs import load_inputs
from stackcraft.viz.cli import main

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.S)


def block(part):
    """The one Python block that contains `part`."""
    found = [text for text in BLOCKS if part in text]
    assert len(found) == 1
    return found[0]


def test_the_first_experiment_is_five_lines_and_runs(tmp_path, capsys):
    code = block("us_government.supply_bond=0.9")
    assert len([line for line in code.splitlines() if line.strip()]) == 5
    path = tmp_path / "first.py"
    path.write_text(code.replace("runs=8", "runs=2"), encoding="utf-8")
    shares = [each.sel(weight="country", year=2045) for each in runpy.run_path(str(path))["shares"]]
    assert shares[0].dims == ("run", "layer", "stack") and not (shares[0] == shares[1]).all()
    out = capsys.readouterr().out
    assert all(word in out for word in (*LAYERS, *STACKS))


def test_the_strategy_of_the_readme_works():
    space = {}
    exec(block("class Patient"), space)
    registry.check_strategy(space["Patient"]())
    scenario = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2027))
    who = load_inputs("synthetic").iso3[0]
    with Simulation(scenario.with_changes(strategies={who: space["Patient"]}), runs=2) as simulation:
        while not simulation.done:  # the first January too, on the record of that day
            simulation.step()
            hedge = simulation.cast.kinds["importer"].levers["hedge"][:, 0]
            assert ((hedge > 0) & (hedge < 1)).all()


def test_the_measure_of_the_readme_works():
    space = {}
    exec(block("led_in_cloud"), space)
    scenario = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2026))
    with Simulation(scenario, runs=2, measures=[space["leaders"]]) as simulation:
        led = simulation.run().results.cloud_leaders
    assert led.dims == ("run", "year", "stack") and (led.sum("stack") == 10).all()


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_every_python_block_can_be_read(number):
    ast.parse(BLOCKS[number])


def test_every_command_stands_in_it():
    table = TEXT.split("## Commands")[1].split("## ")[0]
    for command in main.app.registered_commands:
        assert re.search(rf"`{command.callback.__name__}\b", table), command.callback.__name__
    for option in set(re.findall(r"--[a-z][a-z-]+", TEXT)) - {"--help"}:
        assert any(option in path.read_text(encoding="utf-8") for path in (ROOT / "viz/cli").glob("*.py")), option


def test_what_it_points_to_is_there():
    places = set(re.findall(r"`([\w./-]+/[\w./-]*|[A-Z]+\.md|NOTICE)`", TEXT)) | set(re.findall(r"\]\(([^)]+)\)", TEXT))
    made = {place for place in places if place.startswith((".venv", "results", "build"))}
    assert places - made and [place for place in sorted(places - made) if not (ROOT / place).exists()] == []


def test_the_picture_is_a_picture_and_small():
    picture = ROOT / re.search(r"!\[[^]]+\]\(([^)]+)\)", TEXT)[1]
    data = picture.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n") and 10_000 < len(data) < 300_000


def test_the_game_of_the_readme_works(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    exec(block("fill_with_bots"), {})
    digest, *news = capsys.readouterr().out.splitlines()
    assert len(digest) == 64 and len(news) > 3 and len(list(tmp_path.glob("games/*.db"))) == 1
