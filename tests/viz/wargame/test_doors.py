"""Who gets in, with which secret, and what a wrong one is told."""

import re

import pytest


@pytest.fixture(scope="module")
def tables(hosted):
    return hosted.game(), hosted.game()


def test_a_person_comes_back_to_the_same_seat_by_link_and_by_four_words(hosted, tables):
    table, _ = tables
    phone = hosted.join(table, "gulf", "Ibis")
    page = phone.get("seat").text
    link = re.search(r'data-copy="[^"]*#([A-Za-z0-9_-]{22})"', page)[1]
    words = re.search(r'id="phrase">([a-z-]+)<', page)[1]
    for secret in (link, words, words.replace("-", " ").title()):
        other = hosted.join(table)
        assert other.post("enter", secret=secret).location.endswith("/seat?tab=us")
        assert "<b>Gulf</b>" in other.get("seat").text and "Ibis" in other.get("seat").text


def test_what_is_kept_of_secrets_is_their_digest_alone(hosted, tables):
    table, _ = tables
    phone = hosted.join(table, "cn", "Tern")
    secrets = [value.encode() for value, _ in phone.cookies.values()]
    assert len(secrets) == 2
    held = b"".join(path.read_bytes() for path in hosted.house.folder.iterdir())
    assert b"Tern" in held  # what is written is found, so that the next line can fail
    assert not [one for one in [*secrets, hosted.desk_token.encode()] if one in held]


def test_cookies_are_for_this_game_alone_and_no_script_reads_them(hosted, tables):
    table, _ = tables
    answer = hosted.join(table).post("enter", secret=hosted.desk_token)
    header = answer.headers.get("set-cookie")
    assert "HttpOnly" in header and "SameSite=strict" in header
    phone = hosted.join(table)
    assert {where for _, where in phone.cookies.values()} == {f"/game/{table.name}"}


def test_the_token_of_one_game_is_refused_in_another(hosted, tables):
    one, other = tables
    phone = hosted.join(one)
    token = phone.cookies["seat"][0]
    stranger = hosted.join(other)
    stranger.cookies["seat"] = (token, f"/game/{other.name}")
    assert stranger.get("seat").status == 403
    assert stranger.post("do", kind="draft").status == 403
    assert b"event-stream" not in stranger.hear("seat")
    assert stranger.post("enter", secret=token).status == 403


@pytest.mark.parametrize("path", ["desk", "cards", "grades.csv", "screen", "debrief", "seat", "status"])
def test_a_member_opens_no_page_but_their_own_and_a_stranger_none(hosted, tables, path):
    table, _ = tables
    stranger = hosted.join(table)
    allowed = path in ("debrief", "seat", "status")
    assert (stranger.get(path).status == 200) == allowed
    stranger.cookies.clear()
    assert stranger.get(path).status == 403


def test_a_projector_is_no_facilitator(hosted, tables):
    table, _ = tables
    screen = hosted.screen(table)
    assert screen.get("screen").status == 200
    assert screen.get("desk").status == 403 and screen.post("desk/do", kind="advance").status == 403
    assert screen.get("/game/games").status == 403


def test_refusals_are_sentences_of_their_own(hosted, tables):
    table, _ = tables
    desk = hosted.desk(table)
    phone = hosted.join(table)
    phone.cookies.clear()
    assert "No game has the code" in phone.get("/game/ZZZZZZ").text
    while len(table.game.state.members("south_america")) < 6:
        hosted.join(table, "south_america")
    full = phone.post("join", seat="south_america")
    assert full.status == 409 and "full" in full.text
    desk.post("desk/do", kind="close_seat", seat="east_africa")
    assert "closed" in phone.post("join", seat="east_africa").text
    desk.post("desk/do", kind="doors", open="")
    assert "doors" in phone.post("join").text
    assert "doors of this game are closed" in phone.get("").text
    desk.post("desk/do", kind="doors", open="1")
    desk.post("desk/do", kind="new_code")
    assert "no game with this code" in phone.post("join").text
    code = table.game.state.code
    assert phone.post(f"/game/{code}/join", seat="cn").status == 303


def test_who_is_removed_is_out_at_once(hosted, tables):
    _, table = tables
    phone = hosted.join(table, "gulf")
    (person,) = table.game.state.members("gulf")
    hosted.desk(table).post("desk/do", kind="kick", person=person.person)
    assert phone.get("seat").status == 403 and b"event-stream" not in phone.hear("seat")


def test_a_deleted_game_leaves_no_file_and_no_cookie_that_works(hosted):
    table = hosted.game()
    phone, desk, screen = hosted.join(table), hosted.desk(table), hosted.screen(table)
    desk.post("/game/games", kind="delete", code=table.name)
    assert not list(hosted.house.folder.glob(f"{table.name}*"))
    assert phone.get("seat").status == 404 and screen.get("screen").status == 404
    assert table.name not in (hosted.house.folder / "keys.json").read_text()


def test_open_pages_still_work_after_a_restart(hosted, tables):
    _, table = tables
    phone, desk, screen = hosted.join(table), hosted.desk(table), hosted.screen(table)
    hosted.again(table)
    from stackcraft.viz.wargame.keys import Keys

    hosted.app.state.keys = Keys(hosted.house.folder)
    assert [phone.get("seat").status, desk.get("desk").status, screen.get("screen").status] == [200, 200, 200]
