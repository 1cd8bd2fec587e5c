"""Rules read what they say: the hindcast's own scores, measures as a study has them, and numbers worked out by hand."""

import numpy as np
import pytest

from stackcraft.agents.names import LAYERS
from stackcraft.experiments.evidence import calibration
from stackcraft.experiments.evidence.hindcast import observe, score, scores
from stackcraft.experiments.evidence.hindcast.declared import declared as readings
from stackcraft.experiments.evidence.level_readings import Model
from stackcraft.experiments.evidence.matching import declared, observed, rules
from stackcraft.experiments.evidence.matching.simulators import ModelSimulator, placed, values_of
from stackcraft.model import Simulation
from stackcraft.model.parameters import defaults

RUNS = 3


@pytest.fixture(scope="module")
def plan():
    return declared.load()


@pytest.fixture(scope="module")
def made(plan):
    """Each simulation of the shipped file, run under the default parameters."""
    found = {}
    for name, ran in plan.simulations.items():
        found[name] = Simulation(ran.scenario, runs=RUNS, ledger_runs=min(ran.ledgers, RUNS)).run()
    yield found
    for one in found.values():
        one.close()


def value(plan, made, name):
    (target,) = [one for one in plan.targets if one.name == name]
    rule = rules.rule_of(target, plan.simulations, plan.folder, name)
    return rule.value({key: extract(made[key]) for key, extract in rule.needs.items()})


def test_a_target_of_the_hindcast_is_read_as_the_hindcast_reads_it(plan, made):
    whole = readings()
    for name in ("us-cloud-entry", "huawei-exclusion", "ai-cluster"):
        (target,) = [one for one in whole.tested() if one.name == name]
        kind, *arguments = target.reading
        arrays = [{name: getattr(observe, kind)(made[key], *arguments)} for key in ("before", "after")]
        (first, *_) = score.score(whole, target, score.Reading("model", *arrays, {}))
        assert np.allclose(value(plan, made, name), first.value)
    (entry,) = [one for one in whole.tested() if one.name == "us-cloud-entry"]
    arrays = [{entry.name: observe.held(made[key], "cloud", "US")} for key in ("before", "after")]
    outcome = score.outcome_of(entry)
    chances = score.chances(whole, entry, score.Reading("model", *arrays, {}), outcome)
    expected = chances[:, outcome.candidate].sum(axis=1)
    assert np.allclose(value(plan, made, "us-cloud-count"), expected)


def test_a_level_is_read_of_the_runs_that_can_tell(plan, made):
    loans = value(plan, made, "chinese-loans-africa")
    assert np.isfinite(loans).tolist() == [True, True, False]
    assert np.array_equal(loans[:2], observe.lent_a_year(made["before"], "cn_financiers", "africa"))


def test_measures_are_those_of_a_study(plan, made):
    results = made["present"].results
    expected = results["announced_bn"].sel(stack="US").isel(year=slice(1, None)).mean("year")
    assert np.allclose(value(plan, made, "us-announced"), expected)
    by_hand = results["commitments_bn"].sel(financier="us_exim").isel(year=slice(1, None)).mean("year")
    assert np.allclose(value(plan, made, "exim-commitments"), by_hand)


def test_rules_of_the_present_give_the_levels_that_are_shown_elsewhere(plan, made):
    """Means over runs are those of the page of levels, which makes them in another way."""
    present = made["present"]
    models = [Model(present, run) for run in range(present.runs)]
    for name, expected in (
        ("power-added", [model.gigawatts_added(2025, 2030) for model in models]),
        ("growth-chips", [model.growth("demand", "chips") for model in models]),
        ("chinese-banks-commitments", [model.commitments("cn_exim", "cn_development_bank") for model in models]),
    ):
        assert value(plan, made, name) == pytest.approx(np.array(expected), rel=1e-5), name
    shown = dict(calibration.use(present))["use of operated US cloud"]
    assert value(plan, made, "us-cloud-use").mean() == pytest.approx(shown, abs=0.02)
    figures = dict(calibration.figures(present))
    switched = figures["cloud contracts that change hands a year"]
    assert value(plan, made, "cloud-switching").mean() == pytest.approx(switched, rel=1e-6)


def test_order_before_2019_is_one_where_capacity_is_just_where_regions_were(plan):
    rule = rules.order_before("us-cloud-entry")
    there = observed.outcome_of("us-cloud-entry").there_in(2019)
    assert rule.value({"before": np.stack([there, 1 - there])[:, None, :]}).tolist() == [1.0, 0.0]


def test_the_rise_before_2019_is_small_where_capacity_stays_and_large_where_it_grows(plan):
    rule, there = rules.entries_before("us-cloud-entry", 2014), observed.outcome_of("us-cloud-entry").there_in(2019)
    start = np.where(there > 0, 4.0, 1.0)
    flat = np.repeat(start[None, None], 9, axis=1)
    growing = flat * np.linspace(1, 6, 9)[None, :, None]
    assert rule.value({"before": flat}).tolist() == pytest.approx([0.0], abs=1e-9)
    assert rule.value({"before": growing})[0] > 3


def test_what_was_observed_is_counted_from_the_facts():
    assert observed.hindcast("us-cloud-count") == observed.outcome_of("us-cloud-entry").number
    before = observed.outcome_of("cn-cloud-entry")
    assert observed.entries_before("cn-cloud-entry", 2014) == np.nansum(before.first_year < 2019)
    assert 0.9 < observed.order_by_gdp("us-cloud-entry") < 1
    stored = {"us-cloud-entry": 0.245945, "huawei-exclusion": 0.586068, "ai-users": 0.853148}
    for name, best in stored.items():
        assert observed.best_baseline(name) == pytest.approx(best, rel=1e-4)
    assert observed.public("span", "capex_four_2025") == 380


def test_points_become_parameters_within_their_ranges(plan):
    inputs = plan.inputs
    corner = placed(
        inputs, np.vstack([np.zeros(len(inputs)), np.ones(len(inputs))]), plan.simulations["present"].scenario
    )
    place = [one.name for one in inputs].index("growth.chips")
    low, high = inputs[place].low, inputs[place].high
    assert corner["growth"][:, LAYERS.index("chips")].tolist() == [low, high]
    whole = [one for one in inputs if one.whole]
    assert all(float(one) == round(float(one)) for one in values_of(whole, np.full((1, len(whole)), 0.37))[0])
    assert corner.dtype == defaults(1).dtype


def test_every_world_has_luck_of_its_own_and_every_target_a_number(tmp_path):
    """Readings of two equal worlds differ by luck alone; a run gives the same number in any batch."""
    text = """
inputs = ["growth.cloud", "peer_pull"]
screening = { worlds = 20, replicates = 2 }
wave = [{ worlds = 20, replicates = 2 }]
last = { worlds = 20, replicates = 2 }
[simulations.world]
scenario = "first-lesson"
years = [2025, 2027]
[[target]]
name = "used"
what = "used"
group = "all"
reading = { measure = "used", year = 2027 }
observed = 1.0
discrepancy = 0.1
"""
    (tmp_path / "m.toml").write_text(text, encoding="utf-8")
    simulator = ModelSimulator(declared.load(tmp_path / "m.toml"), threads=1)
    points = np.full((2, 2), 0.5)
    found = simulator.run(points, np.array([[0, 1], [2, 3]]), lambda: None)["used"]
    assert found.shape == (2, 2) and len(np.unique(found)) == 4
    alone = simulator.run(points[:1], np.array([[2, 3]]), lambda: None)["used"]
    assert np.array_equal(alone[0], found[1])


def test_scores_are_read_once_for_a_world(plan, made):
    """The forecast of a world is the mean over its runs: its replicates share one score."""
    assert len(np.unique(value(plan, made, "cn-cloud-entry"))) == 1
    users = observed.outcome_of("ai-users")
    use = observe.use_per_head(made["after"], "models")[:, -1].mean(axis=0)
    expected = scores.spearman(use[users.candidate], users.happened[users.candidate])
    assert value(plan, made, "ai-users")[0] == pytest.approx(expected)
