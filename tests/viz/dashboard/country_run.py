"""Fixtures of the country and deals pages: one small ensemble of the real world with a ledger, and a browser."""

from dataclasses import replace
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest

from stackcraft.agents.names import STACKS
from stackcraft.experiments.live import RunRecord, summarise
from stackcraft.experiments.live.countries import CountrySummary, outcomes_of
from stackcraft.model import Scenario, Simulation
from stackcraft.model.loop.codes import BUILDING, SIGNED

YEARS = (2025, 2029)


@cache
def small_run() -> SimpleNamespace:
    """`summary`, `record` and `inputs` of two runs over four years; made once for all files.

    `before`: of the first run, by stack, the number and the value of the deals that are under way in the first January.
    """
    scenario = replace(Scenario.load("baseline"), years=YEARS, runs=2)
    with Simulation(scenario, runs=2, ledger_runs=1, threads=1) as simulation:
        deals = simulation.world.deals[0][np.isin(simulation.world.state["stage"][0], (SIGNED, BUILDING))]
        values = {stack: deals["value"][deals["stack"] == number] for number, stack in enumerate(STACKS)}
        simulation.run()
        plain = summarise(simulation)
        summary = CountrySummary(**vars(plain), countries=outcomes_of(simulation))
        record = RunRecord(
            scenario, 0, simulation.results.isel(run=[0]).copy(deep=True), simulation.deals, simulation.inputs
        )
    before = {stack: (len(value), float(value.sum())) for stack, value in values.items()}
    return SimpleNamespace(summary=summary, record=record, inputs=record.inputs, before=before)


@pytest.fixture(scope="session")
def ran():
    return small_run()
