"""The story of a deal in sentences."""

import math

import pytest

from stackcraft.viz import words

SCRIPTED = {
    "origin": "scripted",
    "supported": False,
    "financier": None,
    "runner_up": None,
    "winning_bid": None,
    "utility": math.nan,
    "runner_up_utility": math.nan,
    "win_probability": math.nan,
    "win_probability_unsupported": math.nan,
    **{f"{side}term_{name}": math.nan for side in ("", "runner_up_") for name in ("price", "supply_fear", "alliance")},
}


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
    story = " ".join(words.deal_story(deal()))
    assert "The Chinese full stack champion won ($1.2 bn, 20 MW) over the US chip house." in story
    assert (
        "a better price" in story
        and "less fear of being cut off" in story
        and "against it: the rival's alliance" in story
    )
    assert "(China Exim) moved that chance from 31% to 52%" in story
    assert "It began to operate in 2031; it lapsed at the end of its term (2036)." in story


def test_deal_story_turns_with_the_signs():
    story = " ".join(words.deal_story(deal(term_price=-0.5, runner_up_term_price=0.1)))
    assert "a worse price" in story and "a better price" not in story


def test_deal_story_without_rival_or_support():
    story = " ".join(
        words.deal_story(deal(runner_up=None, supported=False, term_price=math.nan, runner_up_term_price=math.nan))
    )
    assert "no rival bid was left" in story and "support" not in story.lower()


def test_terms_apart_are_sorted_by_size():
    assert [term for term, _ in words.terms_apart(deal())] == ["price", "supply_fear", "alliance"]


def test_every_term_and_outcome_of_the_model_has_words():
    from stackcraft.model.loop.codes import TERMS
    from stackcraft.model.results import ORIGINS, OUTCOMES

    assert set(words.TERM_TITLES) == set(TERMS)
    assert set(words.OUTCOMES) == set(OUTCOMES)
    assert {"renewal", "hedge", "scripted", "legacy"} <= set(ORIGINS)


def test_packages_are_named_as_such():
    story = words.deal_story(deal(winning_bid="cn_package", runner_up="us_package"))
    assert "($1.2 bn, 20 MW, in a package) over the US package" in story[0]


def test_deal_story_tells_how_it_came_about():
    assert "won the renewal ($1.2 bn, 20 MW) over the US chip house" in words.deal_story(deal(origin="renewal"))[0]
    assert "second source" in words.deal_story(deal(origin="hedge"))[0]
    assert "outside any tender" in words.deal_story(deal(origin="scripted"))[0]


@pytest.mark.parametrize("outcome", words.OUTCOMES)
def test_a_scripted_deal_has_no_rival_no_chance_and_no_reasons(outcome):
    story = " ".join(words.deal_story(deal(**SCRIPTED, outcome=outcome)))
    assert story.startswith(
        "The Chinese full stack champion was given it ($1.2 bn, 20 MW) by an agreement announced outside any tender."
    )
    for word in ("nan", "chance", "What told", "over", "support", "-1"):
        assert word not in story.replace("took over", ""), word


def test_a_novated_deal_failed_before_it_operated():
    assert (
        words.ending(deal(outcome="novated", ended=math.nan))
        == "The first builder failed and another vendor of the stack took over; it began to operate in 2031."
    )
    assert (
        words.ending(deal(outcome="novated", operating=math.nan, ended=math.nan))
        == "The first builder failed and another vendor of the stack took over."
    )
    assert words.ending(deal(outcome=None)) == ""
