"""Sentences beside the map, from numbers chosen so that the right words are known."""

import numpy as np

from stackcraft.experiments.leads import OpenRaces
from stackcraft.viz.words import explore

RUNS = 8


def shares(us, cn, independent):
    return {"US": np.full(RUNS, us), "CN": np.full(RUNS, cn), "independent": np.full(RUNS, independent)}


def counted(kept, due):
    return np.tile(np.asarray(kept, float), (RUNS, 1)), np.tile(np.asarray(due, float), (RUNS, 1))


def shares_kept(kept, due):
    kept, due = counted(kept, due)
    return np.divide(kept, due, out=np.full(due.shape, np.nan), where=due > 0), due


def test_the_finding_names_what_is_shared_out_and_among_whom():
    found = explore.finding(
        2035, shares(0.5, 0.3, 0.2), OpenRaces(4, 4, 4), 10, explore.capacity_words("chips", "utilised"), "gdp"
    )
    assert found == (
        "By 2035 the US stack holds 50% of chip capacity in use in importing countries weighted by "
        "GDP, ahead in every one of 8 worlds; the Chinese stack 30%, "
        "independent vendors 20%; in 4 of 10 countries the race is open."
    )


def test_level_stacks_are_said_to_be_level_in_what():
    assert "level in cloud capacity in the average low-income country" in explore.finding(
        2035, shares(0.4, 0.4, 0.2), OpenRaces(1, 1, 1), 10, "cloud capacity", "low_income"
    )


def test_without_capacity_there_is_no_finding():
    assert explore.finding(
        2025, shares(np.nan, np.nan, np.nan), OpenRaces(0, 0, 0), 10, "model capacity", "country"
    ) == ("In 2025 there is no model capacity to share out in the average importing country yet.")


def test_runs_without_a_share_are_left_out():
    values = shares(0.6, 0.3, 0.1)
    for stack in values:
        values[stack] = values[stack].copy()
        values[stack][0] = np.nan
    assert "holds 60%" in explore.finding(2035, values, OpenRaces(0, 0, 0), 10, "AI capacity", "country")


def test_retention_is_the_mean_of_the_shares_of_the_runs():
    kept, due = counted([60, 10, 40], [100, 40, 80])
    kept[0] = [50, 10, 40]
    sentence = explore.would_it_last(2035, kept / due, due)
    assert (
        "the US stack 59% (54% to 60%), the Chinese stack 25% and independent vendors 50%; in brackets "
        "nine runs of ten."
    ) in sentence


def test_a_handful_of_adopters_is_no_share():
    sentence = explore.would_it_last(2031, *shares_kept([50, 3, 0], [80, 4, 0]))
    assert "the US stack 62%" in sentence
    assert sentence.endswith("Too few have had the Chinese stack for five years to say.")


def test_too_early_says_when_the_first_count_comes():
    nobody = np.zeros((RUNS, 3))
    assert explore.would_it_last(2027, nobody, nobody, 2030).endswith("the first count large enough comes in 2030.")
    assert "comes in" not in explore.would_it_last(2027, nobody, nobody, None)
