"""Bots: the same seed plays the same, nothing unaffordable, nothing refused, and towards the plan."""

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import bots, plans, rules
from stackcraft.experiments.wargame.game import Wargame
from stackcraft.experiments.wargame.seats import SEATS


def own(seat, pc, seats=("us", "cn"), purse=9.0, **standing):
    lines = []
    for form in rules.orders_of(seat, seats).values():
        start = {"level": form.low, "choice": rules.AS_NOW, "switch": 0}.get(form.form, [])
        lines.append({"order": form.order, "now": standing.get(form.order, start)})
    return {"seat": seat, "orders": lines, "pc": {"now": pc}, "purse": {"now": purse, "reserved": 0.0}}


def cost(seat, orders, given, seats=("us", "cn")):
    forms, now = rules.orders_of(seat, seats), {line["order"]: line["now"] for line in given["orders"]}
    return sum(rules.price(forms[one["order"]], now[one["order"]], one["value"]) for one in orders)


@pytest.mark.parametrize("pc", (0, 3, 6, 12, 40))
def test_a_plan_is_bought_in_steps_that_can_be_paid(pc):
    given = own("us", pc)
    wanted = plans.targets("us", "sovereignty-guarantor", ("us", "cn"))
    orders = bots.affordable(given, ("us", "cn"), wanted)
    assert cost("us", orders, given) <= pc
    assert bool(orders) == (pc > 0)


def test_more_capital_comes_nearer_to_the_plan():
    wanted = {"H1": 0.9, "H2": 1.0}
    reached = []
    for pc in (4, 8, 40):
        orders = {one["order"]: one["value"] for one in bots.affordable(own("us", pc), ("us", "cn"), wanted)}
        reached.append(orders.get("H1", 0.0) + orders.get("H2", 0.0))
    assert reached == sorted(reached) and reached[0] < reached[-1] and reached[-1] > 1.7


@pytest.mark.parametrize("seat", SEATS)
def test_every_strategy_of_a_seat_is_orders_that_the_seat_may_give(seat):
    seats = ("us", "cn", seat)
    forms = rules.orders_of(seat, seats)
    for strategy in plans.strategies(seat):
        for order, value in plans.targets(seat, strategy, seats).items():
            rules.checked(forms[order], SEATS[seat], value, None, None)


def test_an_unknown_strategy_is_told_in_one_line():
    with pytest.raises(InputError, match="sovereignty-guarantor"):
        bots.make("us", "sovereignty-guarantr", 1)


def test_seeds_draw_different_bots_and_the_same_seed_the_same():
    drawn = {seed: plans.drawn("us", None, seed) for seed in range(12)}
    assert len(set(drawn.values())) > 1
    assert drawn == {seed: plans.drawn("us", None, seed) for seed in range(12)}


@pytest.mark.slow
def test_a_game_of_bots_is_played_again_alike_and_nothing_of_it_was_refused(tmp_path):
    digests = []
    for place in range(2):
        with Wargame.create(
            "game-2025", turns=2, years_a_turn=1, seed=5, shadows=0, folder=tmp_path / str(place)
        ) as game:
            game.fill_with_bots()
            while not game.over:
                game.advance()
            digests.append((game.digest, [one.state for one in game.state.contracts.values()]))
            left_out = [one for turn in game.state.played.history.values() for seat in turn.values()
                        for one in seat["left_out"]]  # fmt: skip
            assert not left_out
            assert any(seat["orders"] for seat in game.state.played.history[1].values())
    assert digests[0] == digests[1]
