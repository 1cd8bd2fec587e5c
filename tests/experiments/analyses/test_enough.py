"""Are there enough replicates: exact widths of Student's t, normal samples, and what is said of them."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.enough import analyse, deviation_interval, runs_needed, width_curve, widths
from stackcraft.experiments.statistics import half_width
from stackcraft.experiments.sweep.blocks import make_block
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.memory import MemoryStudy

WORLDS = (Factor("fear", "uncertainty", "real"), Factor("pull", "uncertainty", "real"))
LEVERS = (Factor("guarantee", "bundle", "switch"),)


def study(values):
    """Worlds x one lever."""
    return MemoryStudy(
        [
            make_block("uncertainties", "latin", WORLDS, {"size": len(values)}, 1),
            make_block("policies", "subsets", LEVERS, {}, 0),
        ],
        {"share": values},
    )


def exact_rows(rows, replicates, deviation, seed=0):
    """Rows whose sample standard deviation is exactly `deviation`."""
    draws = np.random.default_rng(seed).normal(size=(rows, replicates))
    draws -= draws.mean(axis=1, keepdims=True)
    return deviation * draws / draws.std(axis=1, ddof=1, keepdims=True)


def test_widths_are_those_of_the_tables():
    assert half_width(1.0, np.array([2, 5, 16, 121])) == pytest.approx(
        [12.706205 / np.sqrt(2), 2.776445 / np.sqrt(5), 2.131450 / 4, 1.979930 / 11], rel=1e-6
    )
    assert deviation_interval(1.0, 10) == pytest.approx((np.sqrt(9 / 19.02277), np.sqrt(9 / 2.700389)), rel=1e-6)


@pytest.mark.parametrize(("deviation", "precision"), [(1.0, 0.1), (1.0, 5.0), (0.02, 0.013), (3.0, 0.01), (0.0, 0.1)])
def test_the_number_of_runs_is_the_smallest_that_will_do(deviation, precision):
    number = runs_needed(deviation, precision)
    assert half_width(deviation, number) <= precision
    assert number == 2 or half_width(deviation, number - 1) > precision


def test_a_known_answer_in_full():
    # 1.96^2 / 0.1^2 = 384.1; Student's t asks for three more (Cochran, Sampling Techniques, gives 384 for the normal).
    assert runs_needed(1.0, 0.1) == 387


def test_intervals_of_normal_samples_hold_the_mean_about_as_often_as_they_say():
    values = 3.0 + 2.0 * np.random.default_rng(1).normal(size=(4000, 6))
    found = widths(values)
    assert (np.abs(values.mean(axis=1) - 3.0) <= found.halves).mean() == pytest.approx(0.95, abs=0.012)


def test_the_curve_seen_is_that_of_the_first_runs_and_ends_where_they_do():
    values = np.random.default_rng(0).normal(size=(101, 8))
    median, outer = width_curve(values, [2, 4, 8, 16], 0.95)
    halves = half_width(values[:, :4].std(axis=1, ddof=1), 4)
    assert median[1] == pytest.approx(np.median(halves)) and (halves <= outer[1]).mean() >= 0.95
    assert (halves < outer[1]).mean() < 0.95 and np.isnan(median[3]) and median[0] > median[1] > median[2]


def test_missing_runs_widen_their_row_only_and_rows_with_too_few_are_left_out():
    values = exact_rows(3, 10, 1.0)
    values[0, 4] = np.nan
    values[1, 2:] = np.nan
    found = widths(values)
    assert found.runs.tolist() == [9, 10] and found.halves[1] == pytest.approx(half_width(1.0, 10))
    assert found.halves[0] == pytest.approx(half_width(np.nanstd(values[0], ddof=1), 9))


def test_what_a_precision_needs_is_said_for_rows_and_for_differences():
    common = exact_rows(1, 16, 1.0)
    lever = exact_rows(20, 16, 0.2, 1)
    results = study(np.stack([np.repeat(common, 20, axis=0), common + 0.5 + lever], axis=1))
    found = analyse(results, "share", precision=0.1)
    rows, differences = (
        {row[1]: row[2] for row in found.tables[1].rows if row[0] == name}
        for name in ("mean of a row", "difference of two rows")
    )
    assert differences[0.1] == runs_needed(0.2, 0.1) == 18 and rows[0.1] >= 387
    text = " ".join(found.sentences)
    assert "difference of two rows needs about 18 runs" in text and "2 more than the 16 there are" in text
    now = {row[0]: row for row in found.tables[0].rows}
    assert now["difference of two rows"][1:4] == pytest.approx((20, 0.2, half_width(0.2, 16)))


def test_enough_is_said_to_be_enough():
    text = " ".join(analyse(study(exact_rows(20, 64, 1.0).reshape(10, 2, 64)), "share", precision=1.0).sentences)
    assert "the 64 there are suffice" in text and "100% are known to the wanted" in text


def test_without_a_precision_half_of_now_is_priced():
    found = analyse(study(exact_rows(20, 64, 1.0).reshape(10, 2, 64)), "share")
    needed = runs_needed(1.0, float(half_width(1.0, 64)) / 2)
    assert 240 <= needed <= 256 and any(f"mean of a row needs about {needed}" in one for one in found.sentences)
    assert found.tables[1].rows[0][2] == 64  # as wide as now takes as many as now


def test_luck_that_differs_between_rows_is_judged_at_the_share_asked_for():
    values = exact_rows(100, 30, 1.0) * np.linspace(0.01, 1.0, 100)[:, None]
    results = MemoryStudy([make_block("uncertainties", "latin", WORLDS, {"size": 100}, 1)], {"share": values})
    for share, deviation in ((0.5, 0.5), (0.95, 0.95), (1.0, 1.0)):
        found = analyse(results, "share", precision=0.05, share=share)
        assert next(row[2] for row in found.tables[1].rows if row[:2] == ("mean of a row", 0.05)) == runs_needed(
            deviation, 0.05
        )


def test_a_study_of_worlds_only_compares_any_rows_and_says_so():
    results = MemoryStudy(
        [make_block("uncertainties", "latin", WORLDS, {"size": 9}, 1)], {"share": exact_rows(9, 12, 1.0)}
    )
    found = analyse(results, "share")
    assert any("no two lie in the same world" in one for one in found.sentences) and found.tables[0].rows[1][1] == 36


def test_a_measure_without_luck_needs_no_more_runs():
    found = analyse(study(np.ones((5, 2, 4))), "share")
    assert sum("more runs would change nothing" in one for one in found.sentences) == 2 and not found.tables[1].rows


def test_missing_runs_and_few_replicates_are_said():
    values = np.random.default_rng(0).normal(size=(6, 2, 5))
    values[2, 1, 0] = np.nan
    text = " ".join(analyse(study(values), "share").sentences)
    assert "1 of 60 runs has no value" in text and "5 replicates are few" in text


def test_mistakes_are_one_line():
    good = np.random.default_rng(0).normal(size=(6, 2, 5))
    cases = (
        (study(good[..., :2]), {}, "2 replicates"),
        (study(good), {"precision": 0.0}, "above 0"),
        (study(good), {"precision": -1}, "above 0"),
        (study(good), {"share": 1.5}, "share"),
        (study(good), {"precision": 1e-9}, "more than 1,000,000,000 runs"),
        (study(good * np.nan), {}, "no design row"),
    )
    for results, options, words in cases:
        with pytest.raises(InputError, match=words) as error:
            analyse(results, "share", **options)
        assert "\n" not in str(error.value)
