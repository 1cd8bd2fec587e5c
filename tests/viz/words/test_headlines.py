"""Headlines follow the numbers and say how sure they are."""

import math

import numpy as np
import pytest

from stackcraft.agents.names import LAYERS, STACKS
from stackcraft.experiments.leads import OpenRaces
from stackcraft.experiments.statistics import paired_interval
from stackcraft.viz import words


def shares(us, cn, other, runs=20, spread=0.0):
    wave = np.linspace(-spread, spread, runs)
    return {"US": us + wave, "CN": cn - wave, "independent": np.full(runs, other)}


def open_in(number):
    return OpenRaces(float(number), number - 3.0, number + 3.0)


def test_headline_names_the_leader_and_its_share():
    text = words.headline(2045, shares(0.5, 0.3, 0.2), open_in(12), 193)
    assert text.startswith("By 2045 the US stack holds 50%") and "30%" in text
    assert "ahead in every one of 20 worlds" in text
    alike = words.headline(2045, shares(0.5, 0.3, 0.2), open_in(12), 193, kind="default")
    assert "ahead in every one of 20 runs" in alike
    assert text.endswith("in 12 of 193 countries (9 to 15) the race is open.")


def test_too_few_runs_give_no_number_of_open_races_or_no_interval():
    nan = float("nan")
    assert words.open_words(OpenRaces(nan, nan, nan), 193) == "one run cannot say where the race is open"
    assert words.open_words(OpenRaces(40.0, nan, nan), 193) == "in 40 of 193 countries the race is open"
    assert words.races(OpenRaces(40.4, 35.2, 45.6)) == "40 (35 to 46)" and words.races(OpenRaces(nan, nan, nan)) == "-"


def test_headline_follows_the_numbers():
    assert "the Chinese stack holds 55%" in words.headline(2045, shares(0.3, 0.55, 0.15), open_in(12), 193)
    assert "independent vendors hold 60%" in words.headline(2045, shares(0.2, 0.2, 0.6), open_in(12), 193)


def test_headline_says_level_when_runs_disagree():
    text = words.headline(2045, shares(0.41, 0.39, 0.2, spread=0.1), open_in(90), 193)
    assert "are level" in text and "holds" not in text and "with independent vendors at 20%" in text


def test_headline_says_in_how_many_worlds_it_holds():
    text = words.headline(2045, shares(0.44, 0.38, 0.18, spread=0.05), open_in(60), 193)
    assert "the US stack holds 44% of AI capacity" in text and "ahead in 16 of 20 worlds" in text
    assert "the Chinese stack 38%, independent vendors 18%" in text
    assert "ahead in the one run made" in words.headline(2045, shares(0.5, 0.3, 0.2, runs=1), open_in(60), 193)


def test_change_names_winner_and_loser():
    text = words.change(
        2025, 2045, {"US": 0.5, "CN": 0.2, "independent": 0.3}, {"US": 0.5, "CN": 0.3, "independent": 0.2}
    )
    assert "the Chinese stack gains 10.0 points (20% to 30%)" in text and "independent vendors lose 10.0 points" in text
    assert "no stack" in words.change(2025, 2045, {"US": 0.5, "CN": 0.5}, {"US": 0.5, "CN": 0.5})


def test_paired_interval_is_students():
    mean, low, high = paired_interval([1.0, 2.0, 3.0])
    assert mean == pytest.approx(2.0)
    assert high - mean == pytest.approx(4.302653 / math.sqrt(3), rel=1e-5)  # t of 2 degrees of freedom, 0.975
    assert low == pytest.approx(2 * mean - high)
    assert all(math.isnan(value) for value in paired_interval([5.0])[1:])


def test_comparison_headline():
    zero = {stack: np.zeros(8) for stack in STACKS}
    assert "exactly alike" in words.comparison_headline("A", "B", 2045, zero)
    noise = {stack: np.array([0.01, -0.012, 0.008, -0.009]) for stack in STACKS}
    assert words.comparison_headline("A", "B", 2045, noise).startswith("B rather than A makes no clear difference")
    gain = {
        "US": np.array([0.03, 0.031, 0.029, 0.03]),
        "CN": np.array([-0.02, -0.021, -0.019, -0.02]),
        "independent": np.full(4, -0.01),
    }
    text = words.comparison_headline("A", "B", 2045, gain)
    assert "the US stack gains 3.0 points" in text and "95% interval" in text
    assert text.endswith("the direction holds in every one of 4 worlds.")
    mostly = {"US": np.array([0.03] * 9 + [-0.001]), "CN": np.zeros(10), "independent": np.zeros(10)}
    assert words.comparison_headline("A", "B", 2045, mostly).endswith("the direction holds in 9 of 10 worlds.")
    loss = {stack: -values for stack, values in gain.items()}
    assert "the US stack loses 3.0 points" in words.comparison_headline("A", "B", 2045, loss)


def test_belief_sentence_tells_fear_from_neglect():
    assert "fear" in words.belief_sentence("US", "supply", 0.10, 0.02)
    assert "underrate" in words.belief_sentence("US", "supply", 0.02, 0.10)
    assert "about right" in words.belief_sentence("US", "supply", 0.050, 0.051)


def test_every_layer_and_stack_has_a_title():
    assert set(LAYERS) <= set(words.LAYER_TITLES)
    assert set(STACKS) == set(words.STACK_TITLES) == set(words.STACK_SHORT)
    assert words.vendor_title("us_chip_house", {"us_chip_house": "Chip house"}) == "US chip house"
    assert words.vendor_title("us_chip_house") == "US chip house"
