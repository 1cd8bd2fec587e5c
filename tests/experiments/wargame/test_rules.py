"""Orders: bounds, prices, and what they do to the model's levers."""

from dataclasses import replace

import pytest

from stackcraft.agents.assignments import check, parse_all
from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import rules
from stackcraft.experiments.wargame.seats import SEATS

ALONE = ("us", "cn")  # nobody plays the firms
FULL = ("us", "cn", "us_firms", "cn_firms", "asean", "gulf")
SOME = {"level": None, "switch": 1, "layers": ["cloud"], "countries": ["KEN", "IDN"], "act": True}


EVERY = [
    pytest.param(seat, form, id=f"{seat}-{form.order}")
    for seat in ("us", "cn", "gulf")  # every order is one of these seats'
    for form in rules.orders_of(seat, ALONE).values()
]


@pytest.mark.parametrize(("seat", "form"), EVERY)
def test_every_order_at_both_ends_is_levers_that_the_model_takes(seat, form):
    where = next(iter(rules.places_of(form, SEATS[seat])), None)
    values = {"level": [form.low, form.high], "choice": list(form.options)}.get(form.form, [SOME.get(form.form)])
    for value in values:
        for place in {where if form.where in ("buyer", "member", "vendor") else None, None}:
            texts = rules.assignments(form, SEATS[seat], value, place)
            check([parse_all(texts)])
            assert texts or form.form == "act"


@pytest.mark.parametrize(("seat", "form"), EVERY)
def test_every_order_has_words_and_its_choices_have_prices(seat, form):
    assert form.title and form.sentence.endswith((".", ")")) and form.usual.endswith(".")
    now = form.low if form.form == "level" else 0 if form.form == "switch" else rules.AS_NOW
    for choice in rules.choices(form, now):
        assert isinstance(choice["pc"], int) and choice["label"]
        assert (choice["value"] == now) == (choice["pc"] == 0)


def test_prices_count_steps_and_directions():
    bond = replace(rules.HOME[0], up=3, down=1)  # what it costs is tuned elsewhere
    assert [rules.price(bond, 0.1, new) for new in (0.1, 0.4, 0.5, 1.0, 0.0)] == [0, 3, 6, 9, 1]
    assert rules.price(bond, 0.1, 0.4, "IDN") == 2  # half, rounded up
    shut = next(form for form in rules.BLOC if form.order == "B6.cn")
    assert rules.price(shut, [], ["network", "cloud"]) == 4 and rules.price(shut, ["network"], []) == 1
    ribbon = next(form for form in rules.BLOC if form.order == "B9")
    assert rules.price(ribbon, 0.0, 1.0) == -2


@pytest.mark.parametrize(
    ("now", "offered"),
    [
        (0.54, {0.0: 3, 0.25: 2, 0.5: 1, 0.54: 0, 0.75: 1, 1.0: 2}),
        (0.514, {0.0: 2, 0.25: 1, 0.514: 0, 0.75: 1, 1.0: 2}),  # 0.5 is too near to be worth a step
        (0.25, {0.0: 1, 0.25: 0, 0.5: 1, 0.75: 2, 1.0: 3}),
    ],
)
def test_a_level_between_two_marks_goes_to_the_next_mark_by_one_step(now, offered):
    form = next(one for one in rules.BLOC if one.order == "B1")
    form = replace(form, up=1, down=1)
    assert form.step == 0.25
    assert {one["value"]: one["pc"] for one in rules.choices(form, now)} == offered


def test_the_highest_mark_is_the_bound_where_steps_do_not_fit():
    form = replace(rules.HOME[0], low=0.0, high=1.0, step=0.3)
    assert [one["value"] for one in rules.choices(form, 0.0)] == [0.0, 0.3, 0.6, 0.9, 1.0]


def test_a_home_plays_its_firms_only_while_nobody_else_does():
    alone, full = rules.orders_of("us", ALONE), rules.orders_of("us", FULL)
    assert "F1" in alone and "F1" not in full and "F1" in rules.orders_of("us_firms", FULL)
    assert alone["F1"].up == rules.orders_of("us_firms", FULL)["F1"].up + 1


def test_layers_named_are_shut_and_only_those_shut_before_are_opened():
    form = next(one for one in rules.BLOC if one.order == "B6.cn")
    texts = rules.assignments(form, SEATS["india"], ["cloud"], start=["network"])
    assert texts == ["IND.ban_cn.network=0", "IND.ban_cn.cloud=1"]


@pytest.mark.parametrize(
    ("order", "value", "where", "says"),
    [
        ("H1", 1.2, None, "give 0 to 1"),
        ("H1", "much", None, "out of bounds"),
        ("H1", True, None, "out of bounds"),
        ("H1", float("nan"), None, "out of bounds"),
        ("H1", 0.5, "XXX", "cannot be named"),
        ("H4", "poetry", None, "choose business, camp, values"),
        ("H9.cloud", 0.5, None, "neither 0 nor 1"),
        ("H10", True, None, "needs a country"),
    ],
)
def test_a_bad_value_is_one_sentence_with_the_way_out(order, value, where, says):
    form = rules.orders_of("us", ALONE)[order]
    with pytest.raises(InputError, match=says) as error:
        rules.checked(form, SEATS["us"], value, where, None)
    assert "\n" not in str(error.value)


def test_an_order_of_another_seat_says_whose_it_is_not():
    with pytest.raises(InputError, match="is not an order of United States"):
        rules.find_order("us", ALONE, "B1")
    with pytest.raises(InputError, match="H99"):
        rules.find_order("us", ALONE, "H99")
