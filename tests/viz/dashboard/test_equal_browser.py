"""The numbers on the screen are the engine's: the page's file, its Python and its command line give the same, to the
last bit.
"""

import csv
import io
import math
import os
import random
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import xarray as xr

from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import kind_of, members
from stackcraft.experiments.live import country_frame_of_results
from stackcraft.model.inputs import load_inputs
from stackcraft.viz.dashboard.parts.rail import START
from tests.viz.dashboard.visiting import QUESTION, asked, drawn, headline, numbers, set_lever

ROOT = Path(__file__).parents[3]
LAYER, YEAR = "cloud", 2027


def any_move(seed):
    """A lever of those one starts with, and a value of it that is not the usual one."""
    luck = random.Random(seed)
    name = luck.choice([one for one in START if one.startswith(("us_government", "cn_government"))])
    actor, _, part = name.partition(".")
    one = LEVER_SETS[kind_of(members(actor)[0])][part]
    value = round(luck.uniform(one.low, one.high), 3)
    return name, float(round(value)) if one.whole else value


def downloaded(page, click, folder):
    with page.expect_download() as waiting:
        click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path.read_text(encoding="utf-8")


def parted(text):
    """Comment lines and the table of a CSV."""
    lines = text.splitlines(keepends=True)
    comments = [line for line in lines if line.startswith("#")]
    return comments, "".join(lines[len(comments) :])


def afresh(*command, folder):
    """What a new Python process prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.fixture
def moved(open_page):
    """A page on which somebody moved a lever, and the lever."""
    name, value = any_move(seed=20261)
    page = drawn(open_page(f"/explore?{QUESTION}&l={LAYER}&y={YEAR}"))
    before = numbers(page)
    set_lever(page, value, name)
    assert ("set", f"{name}={value:g}") in asked(page)
    assert numbers(page) != before, f"{name} changed nothing: this test compares nothing"
    return page, name, value


def test_file_snippet_and_command_line_give_the_numbers_of_the_screen(moved, tmp_path):
    page, name, value = moved
    page.locator("details.share summary").click()
    comments, table = parted(
        downloaded(page, page.get_by_role("link", name="Countries on screen (CSV)").click, tmp_path)
    )
    beside = downloaded(page, page.locator(".atlas-save a").click, tmp_path)
    assert parted(beside)[1] == table, "the two links to the table differ"
    assert any(f"{name}={value:g}" in line for line in comments)

    snippet = downloaded(page, page.get_by_role("link", name="Python that gives the same numbers").click, tmp_path)
    (tmp_path / "snippet.py").write_text(snippet, encoding="utf-8")
    assert afresh("snippet.py", folder=tmp_path).rstrip("\n") == table.rstrip("\n")

    command = next(line for line in snippet.splitlines() if line.startswith("#   stackcraft run "))
    assert command.removeprefix("#   ") in "".join(comments)
    afresh(
        "-m",
        "stackcraft.viz.cli.main",
        *shlex.split(command.removeprefix("#   stackcraft ")),
        "--out",
        str(tmp_path / "run"),
        folder=tmp_path,
    )
    with xr.open_dataset(tmp_path / "run" / "results.nc", engine="h5netcdf") as results:
        frame = country_frame_of_results(results.load(), YEAR, LAYER, "installed")
    assert frame.to_csv(index=False, lineterminator="\n") == table

    check_screen(page, table)
    curves = downloaded(page, page.get_by_role("link", name="World shares over the years (CSV)").click, tmp_path)
    rows = csv.DictReader(io.StringIO(parted(curves)[1]))
    wanted = {"kind": "installed", "year": str(YEAR), "layer": LAYER, "weight": "country"}
    shares = {
        row["stack"]: float(row["mean"]) for row in rows if all(row[key] == value for key, value in wanted.items())
    }
    assert len(shares) == 3 and sum(shares.values()) == pytest.approx(1)
    assert f"By {YEAR}" in headline(page) and f"{round(100 * max(shares.values()))}%" in headline(page)


def check_screen(page, table):
    """The table on the screen holds the file's numbers, rounded."""
    inputs = load_inputs("world")
    names = dict(zip(inputs.iso3, inputs.name, strict=True))
    shown = {row[0]: row for row in numbers(page)}
    exact = list(csv.DictReader(io.StringIO(table)))
    assert len(shown) == len(exact) > 150
    empty = 0
    for row in exact:
        cells = shown[names[row["country"]]]
        shares = [float(row[stack] or "nan") for stack in ("US", "CN", "independent")]
        if math.isnan(shares[0]):
            empty += 1
            assert cells[1:4] == ["no data"] * 3
            continue
        assert cells[1:4] == [f"{math.floor(100 * share + 0.5)}%" for share in shares], row["country"]
        assert cells[5] == f"{round(8 * float(row['agreement']))} of 8"
    assert empty < len(exact) / 2


def test_the_difference_on_the_screen_is_that_of_its_file(open_page, tmp_path):
    name, value = any_move(seed=20262)
    page = drawn(open_page(f"/compare?{QUESTION}&set={name}%3D{value:g}&t=table&l=all"))
    page.locator("details.share summary").click()
    table = list(
        csv.DictReader(
            io.StringIO(
                parted(
                    downloaded(page, page.get_by_role("link", name="Both and their difference (CSV)").click, tmp_path)
                )[1]
            )
        )
    )
    inputs = load_inputs("world")
    names = dict(zip(inputs.iso3, inputs.name, strict=True))
    shown = {row[0]: row for row in numbers(page)}
    assert len(shown) == len(table) > 150
    moved = 0
    for row in table:
        cells = shown[names[row["country"]]]
        for place, (letter, stack) in ((1, ("a", "US")), (7, ("b", "CN"))):
            assert abs(float(cells[place].rstrip("%")) - 100 * float(row[f"{stack}_{letter}"])) <= 0.5
        for place, stack in ((11, "US"), (12, "CN"), (13, "independent")):
            assert float(cells[place]) == pytest.approx(100 * float(row[f"{stack}_difference"]), abs=0.26)
            moved += abs(float(row[f"{stack}_difference"])) > 0.003
        assert cells[15] == "no" or row["clear_of_zero"] == "True"
    assert moved, f"{name} changed nothing: this test compares nothing"
