"""A whole game by forms and links alone: join, draft, offer, accept, lock, results, debrief."""

import re

import pytest
from markupsafe import escape


@pytest.fixture(scope="module")
def played(hosted):
    """A game of one turn with two people, as far as its results."""
    table = hosted.game(turns=2)
    desk, us, asean = hosted.desk(table), hosted.join(table, "us"), hosted.join(table, "asean", "Wren")
    assert desk.post("desk/do", kind="fill_with_bots").status == 303
    assert desk.post("desk/do", kind="advance").status == 303
    return hosted, table, desk, us, asean


def test_a_draft_is_saved_and_shown_again(played):
    _, table, _, _, asean = played
    fields = {**asean.orders(), "o.B2.value": "0.8", "why": "two is better", "forecast": "20"}
    assert asean.post("do", kind="draft", **fields).location.endswith("tab=orders")
    page = asean.get("seat").text
    assert "Saved." in page and "Saved by Wren" in page and 'value="two is better"' in page
    assert re.search(r'name="o.B2.value" value="0.8" checked', page)
    (order,) = table.game.state.chairs["asean"].draft["orders"]
    assert (order["order"], order["value"]) == ("B2", 0.8)


def test_an_order_for_one_country_alone_and_its_undo(played):
    _, table, _, _, asean = played
    fields = {**asean.orders(), "o.B1.x1.where": "Vietnam", "o.B1.x1.value": "1"}
    asean.post("do", kind="draft", **fields)
    orders = {(one["order"], one["where"]) for one in table.game.state.chairs["asean"].draft["orders"]}
    assert orders == {("B2", None), ("B1", "VNM")}
    asean.post("do", undo="B1", **asean.orders())
    assert {one["order"] for one in table.game.state.chairs["asean"].draft["orders"]} == {"B2"}


def test_what_cannot_be_done_is_said_in_a_sentence_beside_it(played):
    _, table, _, us, _ = played
    us.post("do", kind="draft", **{**us.orders(), "o.H2.value": "1", "o.H1.value": "1"})
    page = us.get("seat").text
    problem = table.game.view("us")["own"]["draft"]["problems"][0]
    assert f'<p class="problem">{escape(problem)}</p>' in page
    assert "cannot be locked" not in page
    us.post("do", kind="draft")


def test_an_offer_in_four_steps_is_answered_on_the_other_side(played):
    _, table, desk, us, asean = played
    desk.post("desk/do", kind="advance")
    assert "2. What we do" in us.get("seat?tab=talk&to=asean").text
    terms = us.get("seat?tab=talk&to=asean&form=A1&back=A7").text
    assert 'name="term.country"' in terms and 'name="return.layers"' in terms
    sent = us.post(
        "do", kind="offer", to="asean", form="A1", back="A7", until="2", penalty="0.5", public="1", term__country="IDN",
        term__layers="cloud", term__size="0.5", return__layers="chips",
    )  # fmt: skip
    assert sent.location.endswith("tab=talk") and "on its way" in us.get("seat").text
    inbox = asean.get("seat?tab=talk").text
    assert "builds cloud in Indonesia" in inbox and "In return:" in inbox
    (contract,) = [one for one in table.game.state.contracts.values() if one.to == "asean" and one.by == "us"]
    asean.post("do", kind="accept", contract=str(contract.id))
    assert contract.state == "accepted" or table.game.state.contracts[contract.id].state == "accepted"


def test_locking_seals_and_the_results_come_by_themselves(played):
    hosted, table, desk, _, asean = played
    asean.post("do", kind="lock", **asean.orders())
    assert "Sealed at" in asean.get("seat").text
    desk.post("desk/do", kind="advance")
    desk.post("desk/do", kind="advance")
    hosted.wait(lambda: table.game.state.phase == "results" and not table.busy)
    page = asean.get("seat").text
    assert "What happened and why" in page and '<noscript><iframe class="status"' in page
    assert "Results" in asean.get("status").text


def test_pages_that_cannot_load_themselves_again_are_asked_for_every_five_seconds(played):
    hosted, table, *_ = played
    for page in (hosted.screen(table).get("screen").text, hosted.join(table).get("status").text):
        assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page


def test_the_end_the_reveal_and_what_everybody_may_read_then(played):
    hosted, table, desk, us, asean = played
    assert "opens when the game is over" in us.get("debrief").text
    for _ in range(4):
        desk.post("desk/do", kind="advance")
    hosted.wait(lambda: len(table.game.state.played.results) == 2 and not table.busy)
    desk.post("desk/do", kind="reveal")
    assert "Open the debrief" in asean.get("seat").text
    assert "two is better" in str(table.game.view("us")["reveal"]["orders"])
