"""The table of indicators: each number derived from measures, the same from a live run and from its results."""

import csv
import dataclasses

import numpy as np
import pytest

from stackcraft.agents.names import STACKS
from stackcraft.experiments.evidence.claim_tests import STORED
from stackcraft.experiments.live.lever_effects import READ
from stackcraft.experiments.readings import READINGS
from stackcraft.model import Scenario, Simulation
from stackcraft.model.groups import CLOSE_TIES, country_groups
from stackcraft.model.indicators import INDICATORS, LABELS, SCORECARD, Missing, Records, median_months, with_all
from stackcraft.viz.dashboard.downloads.brief import IN_BRIEF
from stackcraft.viz.dashboard.pages.explore.panels import SMALL_SCORECARD
from stackcraft.viz.dashboard.state import OUTCOMES


@pytest.fixture(scope="module")
def simulation():
    scenario = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2033))
    with Simulation(scenario, runs=3, seed=5, ledger_runs=0) as simulation:
        simulation.run()
        yield simulation


def test_every_indicator_that_screens_show_or_claims_read_is_in_the_table():
    titled = {one.name for one in SCORECARD}
    assert {*IN_BRIEF, *SMALL_SCORECARD} <= titled
    assert {*READ, *(outcome.partition("_")[2] for outcome in OUTCOMES)} <= set(INDICATORS)
    with STORED.open(encoding="utf-8") as file:
        told = {row[column] for row in csv.DictReader(file) for column in ("metric", "upside", "downside")}
    assert told - {""} <= set(READINGS)


def test_a_row_of_the_scorecard_has_a_title_of_its_own_and_says_what_is_better():
    assert all(one.title and one.sentence and one.better in ("", "higher", "lower") for one in SCORECARD)
    assert len({one.title for one in SCORECARD}) == len(SCORECARD)


def test_indicators_of_a_stack_are_the_same_from_a_run_and_from_its_results(simulation):
    live, stored = Records.of_simulation(simulation), Records.of_results(simulation.results)
    for one in SCORECARD:
        assert np.array_equal(one.everywhere(live), one.everywhere(stored), equal_nan=True), one.name
    with pytest.raises(Missing):
        INDICATORS["chance_allies"](stored, 0)


def test_every_indicator_gives_one_number_a_run(simulation):
    records = Records.of_simulation(simulation)
    for name, reading in READINGS.items():
        assert reading(records).shape == (3,), name


def test_retention_is_what_stays_of_those_whose_five_years_are_over(simulation):
    results = simulation.results
    due, kept = (
        results[name].sum("year").transpose("run", "stack").values for name in ("adopters_5y", "adopters_retained_5y")
    )
    found = INDICATORS["retention"].everywhere(Records.of_simulation(simulation))
    assert found.shape == due.shape == (3, len(STACKS)) and (due > 0).any()
    np.testing.assert_allclose(found[due > 0], (kept / np.maximum(due, 1))[due > 0])
    assert np.isnan(found[due == 0]).all()
    together = INDICATORS["retention"](Records.of_simulation(simulation))
    np.testing.assert_allclose(together, kept.sum(axis=1) / due.sum(axis=1))


def test_records_of_some_years_and_one_run_are_those_years_and_that_run(simulation):
    whole, part = Records.of_simulation(simulation), Records.of_simulation(simulation, 6, 1)
    assert np.array_equal(part["tenders_won"][0], whole["tenders_won"][1, :6])
    early = simulation.results.isel(year=slice(0, 6))
    built = INDICATORS["built"]
    assert np.array_equal(built.everywhere(part)[0], built.everywhere(Records.of_results(early))[1], equal_nan=True)


def test_an_indicator_added_to_the_table_is_read_like_the_others(simulation):
    mine = dataclasses.replace(
        INDICATORS["retention"], name="kept", function=lambda o, s: o.total("adopters_retained_5y")[:, s]
    )
    assert mine.everywhere(Records.of_results(simulation.results)).shape == (3, len(LABELS[mine.over]))


def test_the_median_month_is_the_first_by_which_half_of_the_deals_operate():
    assert median_months(np.array([[0, 3, 1, 0], [1, 1, 1, 1], [0, 0, 0, 2]])).tolist() == [1, 1, 3]
    assert np.isnan(median_months(np.zeros(4)))


def test_the_mean_over_layers_leaves_out_layers_without_any_share():
    shares = np.full((1, 7, 3), 1 / 3)
    shares[0, 2] = 0.0
    found = with_all(shares)
    np.testing.assert_allclose(found[0, 0], 1 / 3)
    assert np.isnan(found[0, 3]).all()


def test_alliances_part_the_countries(simulation):
    found = country_groups(simulation.inputs)["alliance"]
    parted = np.stack([found[name] for name in ("us", "cn", "both", "neither")])
    assert (parted.sum(axis=0) == 1).all()
    assert ((found["us"] | found["both"]) == (simulation.inputs.ally[:, 0] >= CLOSE_TIES)).all()
    assert not (found["treaty"] & (found["cn"] | found["neither"])).any()
