import math

import numpy as np
import pytest

from stackcraft.agents.names import LAYERS, STACKS
from stackcraft.experiments.statistics import paired_interval
from stackcraft.viz.words import sentences


def shares(us, cn, other, runs=20, spread=0.0):
    wave = np.linspace(-spread, spread, runs)
    return {"US": us + wave, "CN": cn - wave, "independent": np.full(runs, other)}


@pytest.mark.parametrize(
    "value, text", [(0.473, "47%"), (0.0, "0%"), (1.0, "100%"), (0.001, "under 1%"), (math.nan, "n/a")]
)
def test_percent(value, text):
    assert sentences.percent(value) == text


@pytest.mark.parametrize(
    "value, text",
    [
        (1.234, "$1.2 bn"),
        (0.034, "$34 m"),
        (0.0021, "$2.1 m"),
        (140, "$140 bn"),
        (2500, "$2.5 trillion"),
        (0, "$0"),
        (-3.0, "-$3.0 bn"),
    ],
)
def test_money(value, text):
    assert sentences.money(value) == text


def test_points_carry_a_sign_and_count():
    assert sentences.points(0.031) == "+3.1 points"
    assert sentences.points(-0.01) == "-1.0 point"
    assert sentences.points(0.0001) == "0.0 points"


def test_lists_and_counts():
    assert sentences.listed(["a", "b", "c"]) == "a, b and c"
    assert sentences.count(1, "country", "countries") == "one country"
    assert sentences.count(58, "country", "countries") == "58 countries"


def test_headline_names_the_leader_and_its_share():
    text = sentences.headline(2045, shares(0.5, 0.3, 0.2), 12, 193)
    assert text.startswith("By 2045 the US stack holds 50%") and "30%" in text and "12 of 193" in text


def test_headline_follows_the_numbers():
    assert "the Chinese stack holds 55%" in sentences.headline(2045, shares(0.3, 0.55, 0.15), 12, 193)
    assert "independent vendors hold 60%" in sentences.headline(2045, shares(0.2, 0.2, 0.6), 12, 193)


def test_headline_says_level_when_runs_disagree():
    text = sentences.headline(2045, shares(0.41, 0.39, 0.2, spread=0.1), 90, 193)
    assert "are level" in text and "holds" not in text and "with independent vendors at 20%" in text


def test_headline_says_in_most_runs_when_most_agree():
    text = sentences.headline(2045, shares(0.44, 0.38, 0.18, spread=0.05), 60, 193)
    assert "the US stack is ahead in most runs, with 44% of AI capacity" in text
    assert "against 38% for the Chinese stack and 18% for independent vendors" in text


def test_certainty_counts_runs():
    assert "in every one of 20 runs" in sentences.certainty(shares(0.5, 0.3, 0.2))
    assert "in nine runs of ten" in sentences.certainty(shares(0.5, 0.3, 0.2, spread=0.05))
    assert "nothing about how sure" in sentences.certainty(shares(0.5, 0.3, 0.2, runs=1))


def test_change_names_winner_and_loser():
    text = sentences.change(
        2025, 2045, {"US": 0.5, "CN": 0.2, "independent": 0.3}, {"US": 0.5, "CN": 0.3, "independent": 0.2}
    )
    assert "the Chinese stack gains 10.0 points (20% to 30%)" in text and "independent vendors lose 10.0 points" in text
    assert "no stack" in sentences.change(2025, 2045, {"US": 0.5, "CN": 0.5}, {"US": 0.5, "CN": 0.5})


def test_paired_interval_is_students():
    mean, low, high = paired_interval([1.0, 2.0, 3.0])
    assert mean == pytest.approx(2.0)
    assert high - mean == pytest.approx(4.302653 / math.sqrt(3), rel=1e-5)  # t of 2 degrees of freedom, 0.975
    assert low == pytest.approx(2 * mean - high)
    assert all(math.isnan(value) for value in paired_interval([5.0])[1:])


def test_comparison_headline():
    zero = {stack: np.zeros(8) for stack in STACKS}
    assert "exactly alike" in sentences.comparison_headline("A", "B", 2045, zero)
    noise = {stack: np.array([0.01, -0.012, 0.008, -0.009]) for stack in STACKS}
    assert "no clear difference" in sentences.comparison_headline("A", "B", 2045, noise)
    gain = {
        "US": np.array([0.03, 0.031, 0.029, 0.03]),
        "CN": np.array([-0.02, -0.021, -0.019, -0.02]),
        "independent": np.full(4, -0.01),
    }
    text = sentences.comparison_headline("A", "B", 2045, gain)
    assert "the US stack gains 3.0 points" in text and "95% interval" in text
    loss = {stack: -values for stack, values in gain.items()}
    assert "the US stack loses 3.0 points" in sentences.comparison_headline("A", "B", 2045, loss)


def deal(**changes):
    row = {
        "country": "KEN",
        "layer": "cloud",
        "vendor": "cn_full_stack_champion",
        "runner_up": "us_chip_house",
        "value_bn": 1.2,
        "megawatts": 20.0,
    }
    row |= {
        "signed": 2029.4,
        "utility": 1.0,
        "runner_up_utility": 0.4,
        "win_probability": 0.52,
        "win_probability_unsupported": 0.31,
    }
    row |= {"supported": True, "financier": "cn_exim", "outcome": "lapsed", "operating": 2031.2, "ended": 2036.2}
    row |= {
        "term_price": 0.5,
        "runner_up_term_price": 0.1,
        "term_supply_fear": -0.2,
        "runner_up_term_supply_fear": -0.6,
    }
    row |= {"term_alliance": 0.0, "runner_up_term_alliance": 0.2}
    return row | changes


def test_deal_story_reads_the_terms():
    story = " ".join(sentences.deal_story(deal()))
    assert "The Chinese full stack champion won ($1.2 bn, 20 MW) over the US chip house." in story
    assert (
        "a better price" in story
        and "less fear of being cut off" in story
        and "against it: the rival's alliance" in story
    )
    assert "(China Exim) moved that chance from 31% to 52%" in story
    assert "It began to operate in 2031; it lapsed at the end of its term (2036)." in story


def test_deal_story_turns_with_the_signs():
    story = " ".join(sentences.deal_story(deal(term_price=-0.5, runner_up_term_price=0.1)))
    assert "a worse price" in story and "a better price" not in story


def test_deal_story_without_rival_or_support():
    story = " ".join(
        sentences.deal_story(deal(runner_up=None, supported=False, term_price=math.nan, runner_up_term_price=math.nan))
    )
    assert "no rival bid was left" in story and "support" not in story.lower()


def test_terms_apart_are_sorted_by_size():
    assert [term for term, _ in sentences.terms_apart(deal())] == ["price", "supply_fear", "alliance"]


def test_belief_sentence_tells_fear_from_neglect():
    assert "fear" in sentences.belief_sentence("US", "supply", 0.10, 0.02)
    assert "underrate" in sentences.belief_sentence("US", "supply", 0.02, 0.10)
    assert "about right" in sentences.belief_sentence("US", "supply", 0.050, 0.051)


def test_every_layer_and_stack_has_a_title():
    assert set(LAYERS) <= set(sentences.LAYER_TITLES)
    assert set(STACKS) == set(sentences.STACK_TITLES) == set(sentences.STACK_SHORT)
    assert sentences.vendor_title("us_chip_house", {"us_chip_house": "Chip house"}) == "US chip house"
    assert sentences.vendor_title("us_chip_house") == "US chip house"


def test_every_term_and_outcome_of_the_model_has_words():
    from stackcraft.model.loop.codes import TERM_NAMES
    from stackcraft.model.results import ORIGINS, OUTCOMES

    assert set(sentences.TERMS) == set(TERM_NAMES)
    assert set(sentences.OUTCOME_WORDS) == set(OUTCOMES)
    assert {"renewal", "hedge", "scripted", "legacy"} <= set(ORIGINS)


def test_packages_are_named_as_such():
    story = sentences.deal_story(deal(winning_bid="cn_package", runner_up="us_package"))
    assert "($1.2 bn, 20 MW, in a package) over the US package" in story[0]


def test_deal_story_tells_how_it_came_about():
    assert "won the renewal ($1.2 bn, 20 MW) over the US chip house" in sentences.deal_story(deal(origin="renewal"))[0]
    assert "second source" in sentences.deal_story(deal(origin="hedge"))[0]
    assert "outside any tender" in sentences.deal_story(deal(origin="scripted"))[0]


SCRIPTED = {
    "origin": "scripted", "supported": False, "financier": None, "runner_up": None, "winning_bid": None, "utility": math.nan,
    "runner_up_utility": math.nan, "win_probability": math.nan, "win_probability_unsupported": math.nan,
    **{f"{side}term_{name}": math.nan for side in ("", "runner_up_") for name in ("price", "supply_fear", "alliance")},
}  # fmt: skip


@pytest.mark.parametrize("outcome", sentences.OUTCOME_WORDS)
def test_a_scripted_deal_has_no_rival_no_chance_and_no_reasons(outcome):
    story = " ".join(sentences.deal_story(deal(**SCRIPTED, outcome=outcome)))
    assert story.startswith(
        "The Chinese full stack champion was given it ($1.2 bn, 20 MW) by an agreement announced outside any tender."
    )
    for word in ("nan", "chance", "What told", "over", "support", "-1"):
        assert word not in story.replace("took over", ""), word


def test_a_novated_deal_failed_before_it_operated():
    assert (
        sentences.ending(deal(outcome="novated", ended=math.nan))
        == "The first builder failed and another vendor of the stack took over; it began to operate in 2031."
    )
    assert (
        sentences.ending(deal(outcome="novated", operating=math.nan, ended=math.nan))
        == "The first builder failed and another vendor of the stack took over."
    )
    assert sentences.ending(deal(outcome=None)) == ""
