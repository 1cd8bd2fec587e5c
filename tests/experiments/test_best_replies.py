"""What a vendor is worth, and how far its default is from its best reply."""

import numpy as np
import pytest

from stackcraft.experiments import best_replies as module
from stackcraft.experiments.best_replies import BestReply, best_replies, worth
from stackcraft.model import Scenario

SHORT = Scenario(name="short", world="synthetic", years=(2025, 2028))


def test_worth_is_discounted_profit_and_what_still_sells_in_the_end():
    profit, revenue = np.array([[1.08, 1.08**2], [0.0, 0.0]]), np.array([[5.0, 1.08**2 * 3], [7.0, 0.0]])
    assert worth(profit, revenue) == pytest.approx([2 + module.MULTIPLE * 3, 0])
    # a margin of a third less 15 % of research, for good, at 8 % less 3 % of growth
    assert pytest.approx((1 / 3 - 0.15) / 0.05) == module.MULTIPLE


def test_a_reply_says_where_the_best_is_and_what_the_default_loses():
    worths = {0.1: [1.0, 3.0], 0.5: [4.0, 6.0], 0.9: [2.0, 2.0]}
    found = {("markup", value): (np.array(one), np.array([10.0, 20.0])) for value, one in worths.items()}
    found["rnd_share", 0.5] = np.array([9.0, 9.0]), np.array([1.0, 1.0])
    one = module._reply("v", "markup", {"markup": 0.1}, found)
    assert (one.best, one.inside, one.values, one.worth) == (0.5, True, (0.1, 0.5, 0.9), (2.0, 5.0, 2.0))
    assert one.lost == pytest.approx(0.6) and one.interval == pytest.approx((0.6, 0.6))
    assert one.revenue == (15.0, 15.0, 15.0)
    end = one._replace(values=(0.1, 0.5), worth=(1.0, 2.0))
    assert not end.inside


def test_elasticity_is_taken_around_the_default_beside_what_would_pay():
    one = BestReply("v", "rnd_share", 0.2, (0.1, 0.2, 0.4), (1, 1, 1), 0.0, (0.0, 0.0), (10.0, 12.0, 20.0), markup=1.0)
    assert one.elasticity == pytest.approx(0.5)  # twice as much over four times as much
    assert one.needed == pytest.approx(0.4)  # a fifth of revenue, out of a margin of a half
    assert np.isnan(one._replace(values=(0.0, 0.2, 0.4)).elasticity)


def test_replies_are_measured_under_the_same_luck_with_the_default_in_every_grid():
    replies = best_replies(
        ["us_enterprise_hyperscaler"], scenario=SHORT, grid={"markup": (0.1, 1.5), "rnd_share": (0.4,)}, runs=2
    )
    markup, research = replies
    assert markup.values == (0.1, 0.5, 1.5) and research.values == (0.15, 0.4)
    assert markup.worth[1] == research.worth[0]  # both hold the default
    assert research.best == 0.15 and research.lost == 0  # three years are too few for research to pay
    assert min(markup.worth) < markup.worth[1]


@pytest.mark.slow
@pytest.mark.parametrize("vendor", ["us_enterprise_hyperscaler", "cn_full_stack_champion", "in_allied_partner"])
def test_both_ends_of_a_vendors_levers_lose_and_its_default_is_near_the_best(vendor):
    grid = {lever: values for lever, values in module.GRID.items() if lever != "rnd_share"}
    for one in best_replies([vendor], grid=grid, runs=16):
        assert one.inside and one.lost < 0.15, str(one)
