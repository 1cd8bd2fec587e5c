"""Measured effects: what a thoughtful player buys by them can be paid, helps, and comes to an end."""

import pytest

from stackcraft.experiments.wargame import effects, rules, scores
from stackcraft.experiments.wargame.seats import CARDS, SEATS


def own(seat, card, pc, at):
    """A seat's view with every level at one end, the middle or the other end."""
    lines = []
    for form in rules.orders_of(seat, (seat,)).values():
        level = form.low + at * (form.high - form.low)
        start = {"level": level, "choice": rules.AS_NOW, "switch": 0}.get(form.form, [])
        lines.append({"order": form.order, "now": start})
    return {"seat": seat, "orders": lines, "pc": {"now": pc}, "purse": {"now": 9.0, "reserved": 0.0},
            "card": {"card": card}}  # fmt: skip


@pytest.mark.parametrize("at", (0.0, 0.4, 1.0))
@pytest.mark.parametrize("seat", ("us", "cn", "us_firms", "asean", "gulf"))
def test_a_thoughtful_player_buys_what_can_be_paid_on_every_card(seat, at):
    forms = rules.orders_of(seat, (seat,))
    for card in CARDS[SEATS[seat].kind]:
        given = own(seat, card.card, 6, at)
        now = {line["order"]: line["now"] for line in given["orders"]}
        orders = effects.best_steps(seat, given, (seat,))
        assert sum(rules.price(forms[one["order"]], now[one["order"]], one["value"]) for one in orders) <= 6
        for one in orders:
            rules.checked(forms[one["order"]], SEATS[seat], one["value"], None, None)


def test_the_stored_effects_are_of_orders_and_measures_that_there_are():
    assert effects.stored()
    for one in effects.stored():
        assert one.order in rules.orders_of(one.seat, (one.seat,)) and scores.find_measure(one.measure)
        assert one.low <= one.mean <= one.high and one.luck >= 0


def test_worth_follows_the_weights():
    use = effects.worth("us", {"use": 1.0}, "H2", "1", 9)
    assert use > 0
    assert effects.worth("us", {"use": 0.5}, "H2", "1", 9) == pytest.approx(use / 2)
    assert effects.worth("us", {"use": 1.0}, "H2", "0.7", 9) is None


def test_what_an_order_usually_does_is_said_from_what_was_measured():
    said = effects.usual("us", "H2")
    one = effects.of_seat("us")[("H2", "1")]["leverage"]
    assert f"leverage {one.mean:+.1f}" in said
    assert effects.usual("us", "H10") is None


def test_orders_that_move_nothing_seen_are_off_the_short_list_and_no_others():
    for seat in SEATS:
        forms = rules.orders_of(seat, (seat,))
        listed = {order for order in effects.silent(seat) if forms[order].first or forms[order].quiet}
        assert listed == set(rules.QUIET.get(seat, ())), seat
        assert {order for order, form in forms.items() if form.quiet} == listed
        assert not any(forms[order].first for order in listed)


def test_what_blocs_only_see_is_measured_and_named_but_not_scored():
    shut = effects.of_seat("asean")[("B6.us", "chips, cloud, models")]
    assert shut["us_share"].mean < -5 and shut["cn_share"].mean > 0
    assert "American share" in effects.usual("asean", "B6.us")
    assert not {one.measure for one in scores.SEEN["bloc"]} & set(scores.MEASURES)
