"""A study with a strategy and a measure from somebody else's package, found through entry points, without touching the
project.
"""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq

ROOT = Path(__file__).resolve().parents[3]
PACKAGE = """
from stackcraft.agents.strategies import Strategy, Traits
from stackcraft.model.user_measures import UserMeasure


class Doubter(Strategy):
    name, kind = "doubter", "importer"
    title, story = "Doubter", "Keeps a second source for everything."
    traits = Traits(constant=True)

    def decide(self, view):
        return {"hedge": 1.0}


def led(simulation):
    leader = simulation.world.state["share"][:, : len(simulation.inputs.iso3), 2].argmax(axis=2)
    return (leader[:, :, None] == range(3)).sum(axis=1)


countries_led = UserMeasure("countries_led", ("stack",), "count", "countries led in cloud", led)
"""
ENTRY_POINTS = (
    "[stackcraft.strategies]\ndoubter = doubting:Doubter\n\n[stackcraft.measures]\ncountries_led = "
    "doubting:countries_led\n"
)
STUDY = """
title = "Doubters"
scenario = "first-lesson"
years = [2025, 2028]
replicates = 6

[measures]
led_by_us = "countries_led[US]"
second_sources = "multihoming"

[strategies]
importers = ["default", "doubter"]
"""


def test_a_study_uses_a_strategy_and_a_measure_of_another_package(tmp_path):
    site = tmp_path / "site"
    about = site / "doubting-2.3.dist-info"
    about.mkdir(parents=True)
    (site / "doubting.py").write_text(PACKAGE, encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: doubting\nVersion: 2.3\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(ENTRY_POINTS, encoding="utf-8")
    (tmp_path / "doubters.toml").write_text(STUDY, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(site)])}
    command = [sys.executable, "-m", "stackcraft.viz.cli.main"]

    def run(*arguments):
        return subprocess.run(
            [*command, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )

    done = run("sweep", "doubters.toml", "--out", "doubters")
    assert done.returncode == 0, done.stderr
    done = run("study", "rerun", "doubters", "--row", "1", "--replicate", "1")
    assert done.returncode == 0 and "bit for bit" in done.stdout, done.stderr + done.stdout
    # Without the package its names are unknown: one line, and no traceback.
    environment["PYTHONPATH"] = str(ROOT)
    refused = run("study", "show", "doubters")
    assert refused.returncode == 2 and "countries_led" in refused.stderr and "Traceback" not in refused.stderr
    path = next((tmp_path / "doubters" / "runs").glob("part-*.parquet"))
    assert '"doubting": "2.3"' in pq.read_metadata(path).metadata[b"stackcraft"].decode()
    table = pq.read_table(path).to_pandas()
    last = table[table["year"] == 2028].groupby("design_id")["second_sources"].mean()
    assert last[1] > last[0]
    assert table["led_by_us"].between(0, 10).all()
