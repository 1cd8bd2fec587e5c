"""Prices: each follows the rule by what was measured, or says why not."""

import pytest

from stackcraft.experiments.wargame import effects, pricing, rules
from stackcraft.experiments.wargame.pricing import Price

PRICES = {one.order: one for one in pricing.prices()}


@pytest.mark.parametrize("order", PRICES)
def test_a_price_is_the_rules_or_has_a_reason(order):
    one = PRICES[order]
    assert one.by_rule != (order in rules.OFF_RULE), f"{order}: {(one.up, one.down)}, the rule asks {one.ruled}"


def test_reasons_are_of_orders_that_there_are_and_sentences():
    assert set(rules.OFF_RULE) <= set(PRICES)
    assert all(reason.endswith(".") and len(reason) > 20 for reason in rules.OFF_RULE.values())


def test_the_rule_counts_half_points_of_share_for_homes_and_of_the_mandate_for_blocs():
    assert Price("H1", "", 3, 1, 1.51, -0.3).ruled == (3, 1)
    assert Price("H1", "", 3, 1, 1.24, 0.76).ruled == (2, 2)
    assert Price("B1", "", 3, 1, 0.8, -0.3).ruled == (2, 1)
    assert Price("B3", "", 3, 2, 0.2, None).ruled == (1, 2)  # a way that was not measured keeps its price


def test_a_gain_is_the_full_moves_by_its_steps():
    one = effects.of_seat("us")[("H2", "1")]["use"]
    china = effects.of_seat("cn")[("H2", "1")]["use"]
    assert PRICES["H2"].gain_up == pytest.approx(max(one.mean / one.steps, china.mean / china.steps))


def test_the_table_has_a_line_for_each_price():
    lines = pricing.table()
    assert len(lines) == 2 + len(PRICES) and all(line.count("|") == 6 for line in lines)
