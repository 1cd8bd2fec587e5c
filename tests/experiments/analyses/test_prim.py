"""PRIM: the published trajectory box by box, boxes that were put there, and what a study says about itself."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses import prim
from stackcraft.experiments.analyses.cases import Interest, read_cases
from stackcraft.experiments.analyses.peeling import (
    Limit,
    choose,
    contains,
    measure_box,
    paste,
    peel,
    prune,
    quasi_p_values,
    reproduce,
)
from stackcraft.experiments.sweep.blocks import Block
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.memory import MemoryStudy

DATA = Path(__file__).parent / "data" / "bryant_lempert"


@pytest.fixture(scope="module")
def published():
    table = pd.read_csv(DATA / "cases.csv")
    return {name: table[name].to_numpy(dtype=float) for name in table.columns[:-1]}, table.iloc[:, -1].to_numpy(
        dtype=bool
    )


@pytest.fixture(scope="module")
def trajectory(published):
    return peel(*published, alpha=0.1, least_mass=0.05)


def test_every_box_of_the_published_trajectory_is_found(trajectory):
    with (DATA / "trajectory.csv").open() as file:
        reference = list(csv.DictReader(file))
    assert len(trajectory) == len(reference) == 28
    for box, row in zip(trajectory, reference, strict=True):
        assert (box.rows, box.cases, len(box.limits)) == (int(row["n"]), int(row["k"]), int(row["res_dim"]))
        for name in ("coverage", "density", "mass"):
            assert getattr(box, name) == pytest.approx(float(row[name]), abs=1e-12)


def test_the_box_that_bryant_and_lempert_take_has_the_published_limits_and_quasi_p_values(published, trajectory):
    box = trajectory[21]
    assert {(name, side): getattr(limit, side) for name, limit in box.limits.items() for side in limit.sides} == {
        ("Total biomass", "high"): pytest.approx(755.799988),
        ("Demand elasticity", "low"): pytest.approx(-0.422),
        ("Biomass backstop price", "low"): pytest.approx(150.049995),
        ("Cellulosic cost", "low"): pytest.approx(72.650002),
    }
    assert quasi_p_values(*published, box) == {
        ("Total biomass", "high"): pytest.approx(4.716968553178765e-06, rel=1e-9),
        ("Demand elasticity", "low"): pytest.approx(1.1849299115762218e-16, rel=1e-9),
        ("Biomass backstop price", "low"): pytest.approx(3.515112530263049e-11, rel=1e-9),
        ("Cellulosic cost", "low"): pytest.approx(0.15741333528927348, rel=1e-9),
    }


def test_the_restriction_that_may_be_chance_goes_and_a_second_box_is_as_poor_as_published(published, trajectory):
    columns, interest = published
    box = prune(columns, interest, trajectory[21])
    assert set(box.limits) == {"Total biomass", "Demand elasticity", "Biomass backstop price"}
    assert (box.coverage, box.density, box.mass) == pytest.approx((0.764045, 0.715789, 0.107710), abs=1e-6)
    left = ~contains(box.limits, columns)
    assert (left.sum(), (left & interest).sum()) == (787, 21)
    assert max(one.density for one in peel(columns, interest, alpha=0.1, among=left)) == pytest.approx(
        0.3541666666666667
    )
    assert len(prim.discover(columns, interest, boxes=3, alpha=0.1, least_density=0.75)) == 1


def test_the_resampling_test_finds_the_published_variables_stable_and_the_others_not(published, trajectory):
    # Published with ten resamples: 100, 100, 100 and 90 % for the four of the box, at most 20 % for the rest.
    again = reproduce(*published, trajectory[21], resamples=40, alpha=0.1, least_mass=0.05, seed=3)
    for name in ("Total biomass", "Demand elasticity", "Biomass backstop price"):
        assert again.by_coverage[name] == again.by_density[name] == 1.0
    assert again.by_coverage["Cellulosic cost"] > 0.6
    for name in (
        "Feedstock distribution",
        "Oil elasticity",
        "oil supply shift",
        "Cellulosic yield",
        "Electricity coproduction",
    ):
        assert again.by_coverage[name] < 0.5
    assert 0.6 < again.density.mean() < 0.77, (
        "on rows left out a box is less dense than on its own, but not by chance alone"
    )


def test_a_box_that_was_put_there_is_found_with_its_edges():
    luck = np.random.default_rng(5)
    columns = {name: luck.random(4000) for name in "abcd"}
    interest = (columns["a"] > 0.6) & (columns["c"] < 0.5)
    (found,) = prim.discover(columns, interest)
    assert set(found.box.limits) == {"a", "c"}
    assert found.box.limits["a"].low == pytest.approx(0.6, abs=0.03)
    assert found.box.limits["c"].high == pytest.approx(0.5, abs=0.03)
    assert found.box.density > 0.97 and found.box.coverage > 0.93


def test_two_boxes_are_found_one_after_the_other():
    luck = np.random.default_rng(6)
    columns = {name: luck.random(4000) for name in "ab"}
    interest = ((columns["a"] > 0.75) & (columns["b"] > 0.7)) | ((columns["a"] < 0.2) & (columns["b"] < 0.3))
    found = prim.discover(columns, interest, boxes=3, least_density=0.8)
    assert len(found) == 2
    assert not prim.discover({"a": columns["a"][::-1]}, np.ones(4000, dtype=bool), boxes=2), (
        "where all rows are of interest no box is better"
    )
    assert {(bool(one.box.limits["a"].low), bool(one.box.limits["b"].low)) for one in found} == {
        (True, True),
        (False, False),
    }
    assert sum(one.box.coverage for one in found) > 0.85


def test_categories_and_switches_are_peeled_value_by_value():
    luck = np.random.default_rng(7)
    columns = {
        "place": luck.choice(["north", "south", "west"], 900),
        "on": luck.integers(0, 2, 900).astype(float),
        "x": luck.random(900),
    }
    interest = np.isin(columns["place"], ["north", "west"]) & (columns["on"] == 1)
    (found,) = prim.discover(columns, interest)
    assert found.box.limits == {"place": Limit(values=("north", "west")), "on": Limit(low=0.5)}
    assert (found.box.coverage, found.box.density) == (1.0, 1.0)


def test_rows_of_equal_value_stay_together():
    columns = {"x": np.repeat([1.0, 2.0, 3.0], 10)}
    steps = peel(columns, columns["x"] == 3.0, alpha=0.05)
    assert [box.rows for box in steps] == [30, 20, 10]
    assert [box.limits["x"].low for box in steps[1:]] == [1.5, 2.5]


def test_a_limit_between_neighbouring_numbers_keeps_them_apart():
    low, high = np.nextafter(1.0, 0.0), 1.0
    for first, second in ((low, high), (high, np.nextafter(1.0, 2.0))):
        columns = {"x": np.repeat([first, second], 10)}
        for interest in (columns["x"] == first, columns["x"] == second):
            box = peel(columns, interest)[-1]
            assert box.density == 1.0
            np.testing.assert_array_equal(contains(box.limits, columns), interest)


def test_of_equal_peels_a_variable_that_is_limited_already_comes_first():
    # First "b" loses its two lowest rows; then row 2 is the lowest in both columns, and only "a" would need a new
    # condition.
    columns = {"a": np.array([5.2, 5.4, 0, 3, 4, 5, 6, 7, 8, 9]), "b": np.array([0.0, 0, 1, 3, 4, 5, 6, 7, 8, 9])}
    steps = peel(columns, np.arange(10) >= 3, alpha=0.1, least_mass=0.1)
    assert [(box.rows, dict(box.limits)) for box in steps] == [
        (10, {}),
        (8, {"b": Limit(low=0.5)}),
        (7, {"b": Limit(low=2.0)}),
    ]


def test_pasting_gives_back_what_was_peeled_too_far_and_frees_what_limits_nothing():
    columns = {"x": np.arange(100.0), "y": np.arange(100.0)[::-1].copy()}
    interest = columns["x"] >= 40
    tight = measure_box({"x": Limit(low=69.5), "y": Limit(high=99.0)}, columns, interest)
    assert (tight.rows, tight.coverage) == (30, 0.5)
    grown = paste(columns, interest, tight)
    assert grown.limits == {"x": Limit(low=39.5)}
    assert (grown.rows, grown.coverage, grown.density) == (60, 1.0, 1.0)


def test_quasi_p_value_by_hand():
    # 3 of the 4 rows in the box are cases, 3 of all 6: P(at least 3 of 4 at 1/2) = 5/16.
    columns, interest = {"x": np.arange(6.0)}, np.array([0, 0, 1, 1, 1, 0], dtype=bool)
    box = measure_box({"x": Limit(low=1.5)}, columns, interest)
    assert quasi_p_values(columns, interest, box) == {("x", "low"): pytest.approx(5 / 16)}
    assert prune(columns, interest, box).limits == {}


def test_choosing_by_least_density_takes_the_most_coverage_that_has_it(trajectory):
    assert choose(trajectory, least_density=0.75) == 21
    assert choose(trajectory, least_density=1.0) == 27

    # Otherwise by the correlation of being in the box and being of interest, here computed from the counts.
    def phi(box):
        table = np.array(
            [[box.cases, box.rows - box.cases], [89 - box.cases, 882 - 89 - box.rows + box.cases]], dtype=float
        )
        return np.linalg.det(table) / np.sqrt(table.sum(axis=0).prod() * table.sum(axis=1).prod())

    assert choose(trajectory) == 22 == 1 + int(np.argmax([phi(box) for box in trajectory[1:]]))


# On a study


def study(rows=400, replicates=6, policies=0, seed=1):
    """The outcome is high where a > 0.6 and the place is north, with luck shared by the rows."""
    luck = np.random.default_rng(seed)
    factors = (
        Factor("a", "uncertainty", "real", 0.0, 1.0, unit="share"),
        Factor("b", "uncertainty", "real", 10.0, 20.0),
        Factor("place", "uncertainty", "category", values=("north", "south")),
        Factor("peers", "uncertainty", "switch"),
    )
    table = pd.DataFrame(
        {
            "a": luck.random(rows),
            "b": 10 + 10 * luck.random(rows),
            "place": luck.choice(["north", "south"], rows),
            "peers": luck.integers(0, 2, rows).astype(float),
        }
    )
    blocks = [Block("uncertainties", "random", factors, table)]
    good = ((table["a"] > 0.6) & (table["place"] == "north")).to_numpy(dtype=float)
    cube = good[:, None] + 0.2 * luck.standard_normal(replicates) + 0.05 * luck.standard_normal((rows, replicates))
    if policies:
        blocks.append(
            Block(
                "policies",
                "grid",
                (Factor("lever", "lever", "real"),),
                pd.DataFrame({"lever": np.linspace(0, 1, policies)}),
            )
        )
        cube = cube[:, None, :] + 10.0 * np.arange(policies)[:, None]
    return MemoryStudy(blocks, {"y": cube})


def test_the_published_box_comes_out_of_a_study_too(published):
    columns, interest = published
    factors = tuple(
        Factor(name, "uncertainty", "real", float(column.min()), float(column.max()))
        for name, column in columns.items()
    )
    results = MemoryStudy(
        [Block("uncertainties", "latin", factors, pd.DataFrame(columns))], {"cost": interest[:, None].astype(float)}
    )
    finding = prim.analyse(
        results, "cost", options=prim.Options(threshold=0.5, alpha=0.1, least_density=0.75, draws=50, resamples=10)
    )
    assert {row[0]: row[1] for row in finding.tables[0].rows} == {
        "Demand elasticity": "at least -0.422",
        "Biomass backstop price": "at least 150",
        "Total biomass": "at most 755.8",
    }
    assert (
        "It holds 76% of the cases of interest" in finding.sentences[1] and "72% of its 95 rows" in finding.sentences[1]
    )
    assert [row[-1] for row in finding.tables[1].rows].index("taken") == 21


def test_a_study_says_where_its_outcome_is_high():
    finding = prim.analyse(study(), "y", options=prim.Options(threshold=0.5, draws=50, resamples=6))
    assert "a at least 0.6" in finding.sentences[1] and "place is north" in finding.sentences[1]
    restrictions, steps = finding.tables
    assert {row[0] for row in restrictions.rows} == {"a", "place"}
    assert all(row[4] < 1e-6 and row[5] == row[6] == 100.0 for row in restrictions.rows)
    assert sum(row[-1] == "taken" for row in steps.rows) == 1
    assert dict(finding.about)["threshold"] == 0.5
    assert finding == prim.analyse(study(), "y", options=prim.Options(threshold=0.5, draws=50, resamples=6)), (
        "the same seed gives the same finding"
    )


def test_below_and_share_of_replicates_are_other_questions():
    results = study()
    low = prim.analyse(results, "y", options=prim.Options(threshold=0.5, side="below", draws=20, resamples=4, boxes=2))
    assert "below 0.5" in low.title and low.sentences[1].startswith("Box 1: place is south. It holds")
    assert "Box 2: a at most 0.6" in " ".join(low.sentences), "what is left of such cases lies on the other side of a"
    share = prim.analyse(
        results, "y", options=prim.Options(threshold=0.5, outcome="share", share=0.9, draws=20, resamples=4)
    )
    assert "in at least 90% of replicates" in share.title and "place is north" in share.sentences[1]


def test_one_policy_can_be_looked_at_and_otherwise_they_are_taken_together():
    results = study(policies=3)
    first = prim.analyse(
        results, "y", options=prim.Options(threshold=0.5, fixed={"policies": 0}, draws=20, resamples=4)
    )
    assert "Only row 0 of policies" in " ".join(first.sentences) and "place is north" in first.sentences[1]
    pooled = prim.analyse(results, "y", options=prim.Options(draws=20, resamples=4))
    assert "taken together over the rows of policies" in " ".join(pooled.sentences)
    levers = prim.analyse(
        results, "y", options=prim.Options(threshold=15.0, factors=["a", "lever"], draws=20, resamples=4)
    )
    assert "lever at least 0.75" in levers.sentences[1] and "a at" not in levers.sentences[1]
    assert any("Several rows share a world" in one for one in levers.sentences) and not any(
        "share a world" in one for one in pooled.sentences
    )


def test_missing_runs_are_counted_and_bad_questions_refused_in_one_line():
    results = study()
    results._cubes["y"][3] = np.nan
    results._cubes["y"][5, 2] = np.nan
    finding = prim.analyse(results, "y", options=prim.Options(threshold=0.5, draws=20, resamples=4))
    assert finding.sentences[-1].startswith("7 of 2,400 runs have no value")
    for options, words in (
        ({"threshold": 99.0}, "0 of 399 rows are of interest"),
        ({"quantile": 1.5}, "quantile=1.5"),
        ({"threshold": 0.5, "quantile": 0.5}, "give one of them"),
        ({"side": "abov"}, "did you mean above"),
        ({"factors": ["plac"]}, "did you mean place"),
        ({"fixed": {"uncertainty": 1}}, "did you mean uncertainties"),
        ({"alpha": 0.7}, "alpha=0.7"),
        ({"fixed": {"uncertainties": 400}}, "from 0 to 399"),
    ):
        with pytest.raises(InputError, match=words) as error:
            prim.analyse(results, "y", options=prim.Options(**options))
        assert "\n" not in str(error.value)
    with pytest.raises(InputError, match="measure"):
        prim.analyse(results, "x")
    with pytest.raises(InputError, match="too little"):
        prim.analyse(study(rows=12), "y")


def test_intervals_over_rows_and_replicates_against_the_textbook():
    cases = read_cases(study(rows=2000), "y", interest=Interest(threshold=0.5))
    inside = cases.columns["a"] > 0.5
    coverage, density = prim.bootstrap_rows(cases, inside, 2000, 1)
    found = (inside & cases.interest).sum() / inside.sum()
    assert density.mean() == pytest.approx(found, abs=0.002)
    assert density.std() == pytest.approx(np.sqrt(found * (1 - found) / inside.sum()), rel=0.08)
    assert (coverage == 1.0).all(), "every case lies above 0.6"
    # Far from the threshold no row changes sides, whatever the replicates.
    again = prim.bootstrap_replicates(cases, inside, 20, 1)
    assert (again[0] == 1.0).all() and np.ptp(again[1]) == 0.0
    noisy = read_cases(study(rows=2000), "y", interest=Interest(threshold=0.0))
    assert np.ptp(prim.bootstrap_replicates(noisy, inside, 20, 1)[1]) > 0.0


def test_pure_noise_gives_wide_or_no_boxes_and_says_they_do_not_hold():
    luck = np.random.default_rng(9)
    columns = {name: luck.random(600) for name in "abcde"}
    interest = luck.random(600) < 0.3
    box = peel(columns, interest)[-1]
    again = reproduce(columns, interest, box, resamples=30)
    assert box.density > 0.45, "a peeled box of noise looks dense on the rows it was chosen on"
    assert again.density.mean() < 0.37, "but not on those left out"
