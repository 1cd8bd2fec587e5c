"""Fixtures of the country and deals pages: one small ensemble of the real world with a ledger, and a browser."""

import shutil
from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import pytest

from stackcraft.experiments.live import RunRecord, summarise
from stackcraft.model import Scenario, Simulation

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
YEARS = (2025, 2029)


@cache
def small_run() -> SimpleNamespace:
    """`summary`, `record` and `inputs` of two runs over four years; made once for all files."""
    scenario = replace(Scenario.load("baseline"), years=YEARS, runs=2)
    with Simulation(scenario, runs=2, ledger_runs=1, threads=1) as simulation:
        simulation.run()
        summary = summarise(simulation)
        record = RunRecord(
            scenario, 0, simulation.results.isel(run=[0]).copy(deep=True), simulation.deals, simulation.inputs
        )
    return SimpleNamespace(summary=summary, record=record, inputs=record.inputs)


@pytest.fixture(scope="session")
def ran():
    return small_run()


@pytest.fixture(scope="module")
def browser():
    """A browser without a network; tests that need one are skipped where none is installed."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: widgets are not driven in a browser"
    )
    if BROWSER is None:
        pytest.skip("no Chromium or Chrome is installed: widgets are not driven in a browser")
    with playwright.sync_playwright() as started:
        opened = started.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield opened
        opened.close()
