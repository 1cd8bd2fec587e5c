"""What is refused: a sentence each time, and nothing in the log."""

import pytest

from stackcraft.viz.wargame.limits import BODY_BYTES


@pytest.fixture(scope="module")
def table(hosted):
    one = hosted.game()
    one.game.apply("advance", "facilitator")
    return one


@pytest.fixture(scope="module")
def phone(hosted, table):
    return hosted.join(table, "asean")


def rows(table):
    return len(table.game.rows())


def test_wrong_codes_are_limited_by_address_and_who_is_in_stays_in(hosted, table, phone):
    stranger = hosted.join(table)
    stranger.cookies.clear()
    answers = [stranger.get(f"/game/ABC{number:03d}") for number in range(30)]
    assert [one.status for one in answers[:20]] == [404] * 20
    assert answers[-1].status == 429 and int(answers[-1].headers["retry-after"]) >= 1
    assert "wrong codes" in answers[-1].text
    assert stranger.get("").status == 429  # or the right one would show by the answer
    assert stranger.post("/game/find", code=table.name).status == 429
    assert phone.get("seat").status == 200


def test_guessed_words_are_limited_too(hosted, table):
    stranger = hosted.join(table)
    stranger.cookies.clear()
    answers = [stranger.post("enter", secret=f"apple-apple-apple-{word}").status for word in ["oak"] * 25]
    assert set(answers[:20]) == {403} and answers[-1] == 429


def test_a_large_body_is_refused_unread(table, phone):
    before = rows(table)
    for size in (BODY_BYTES + 1, 1_000_000):
        answer = phone.post("do", live=True, kind="draft", why="x" * size)
        assert answer.status == 413 and "16 kB" in answer.text
    assert rows(table) == before


def test_a_body_that_lies_about_its_length_is_refused(table, phone):
    before = rows(table)
    pieces = iter([b"kind=draft&why=", *[b"x" * 4096] * 8])
    answer = phone.ask("POST", "do", pieces, {"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status == 413 and rows(table) == before


def test_ten_thousand_offers_come_to_six_a_minute(hosted, table, phone):
    before, statuses = rows(table), []
    for number in range(300):
        if number % 5 == 0:
            hosted.app.state.limits.times.pop(
                ("command", (table.name, table.game.reader(phone.cookies["seat"][0]).person)), None
            )
        statuses.append(
            phone.post(
                "do", live=True, kind="offer", to="us", form="A9", until="3", public="1", term__text="again"
            ).status
        )
    assert statuses.count(200) == 6 and set(statuses) == {200, 429}
    assert rows(table) - before == 6


def test_five_commands_a_second_a_device(table, phone):
    statuses = [phone.post("do", live=True, kind="name", name="Wren").status for _ in range(12)]
    assert 429 in statuses and statuses[0] == 200


ODD = [
    "\u202e\u0000abc", "\U0001f600" * 60, "<script>alert(1)</script>", "'; drop table event; --", "\x1b[2J",
    "a\u0301" * 90, "\ufeff", "{{ 7 * 7 }}",
]  # fmt: skip
WHERE = {"draft": "why", "name": "name", "offer": "term.text"}


@pytest.mark.parametrize("words", ODD)
def test_odd_text_is_kept_as_text_or_refused_in_a_sentence(hosted, table, phone, words):
    for kind, field in WHERE.items():
        hosted.fresh()
        given = {"kind": kind, "to": "us", "form": "A9", "until": "3", "public": "1", field: words}
        answer = phone.post("do", live=True, **given)
        assert answer.status in (200, 422), answer.text
        assert answer.status == 200 or 8 < len(answer.text) < 400
    page = phone.get("seat")
    assert page.status == 200 and "<script>alert" not in page.text
    assert all(one.status == 200 for one in (hosted.desk(table).get("desk"), hosted.screen(table).get("screen")))


STRANGE = [
    {"kind": "draft", "o.B1.value": "1e999"}, {"kind": "draft", "o.B1.value": "nan"},
    {"kind": "draft", "o.B1.value": "7"},
    {"kind": "draft", "o.B1.x1.where": "Atlantis", "o.B1.x1.value": "1"}, {"kind": "draft", "o.H1.value": "1"},
    {"kind": "draft", "forecast": "140"}, {"kind": "accept", "contract": "999"}, {"kind": "accept", "contract": "x"},
    {"kind": "offer", "to": "mars", "form": "A9"}, {"kind": "offer", "to": "us", "form": "Z9"}, {"kind": "unheard of"},
    {"kind": "offer", "to": "us", "form": "A8", "term.bn": "-5"}, {"kind": "lock"}, {"kind": "go_on"},
    {"kind": "job", "job": "king"}, {"kind": "preview"}, {"kind": "preview", "o.B1.value": "9"},
    {"kind": "had_not", "which": "1-0"}, {"kind": "pass_pen", "person": "p99"}, {"kind": "pass_pen"},
    {"kind": "forecast", "forecast": "140"}, {"kind": "forecast", "forecast": "much"}, {"kind": "nudge", "seat": "us"},
    {"kind": "draft", "o.B6.cn.shown": "1", "o.B6.cn.value": ["cloud", "moon"]},
]  # fmt: skip


@pytest.mark.parametrize("fields", STRANGE, ids=lambda one: "-".join(str(value) for value in one.values())[:40])
def test_what_no_form_of_ours_would_send_gets_a_sentence_and_no_fault(hosted, table, phone, fields):
    answer = phone.post("do", live=True, **fields)
    assert answer.status in (200, 422), (answer.status, answer.text)
    assert phone.get("seat").status == 200
    assert "Something went wrong" not in answer.text


def test_another_sites_form_is_turned_away(table, phone):
    body = "kind=draft&why=forged"
    headers = {"Origin": "http://evil.example", "Content-Type": "application/x-www-form-urlencoded"}
    assert phone.ask("POST", "do", body, headers).status == 403
    assert (
        phone.ask("POST", "do", body, {"Origin": "null", **{key: headers[key] for key in ("Content-Type",)}}).status
        == 403
    )
    assert phone.ask("GET", "seat", None, {"Host": "evil.example"}).status == 403


def test_a_repeated_command_is_done_once(hosted, table, phone):
    hosted.fresh()
    before = rows(table)
    for _ in range(3):
        answer = phone.post("do", live=True, kind="draft", key="the-same-key", why="once")
        assert answer.status == 200
    assert rows(table) - before == 1


def test_streams_are_limited_for_a_person(table, phone):
    import http.client

    opened = []
    try:
        for _ in range(12):
            connection = http.client.HTTPConnection("127.0.0.1", phone.hosted.port, timeout=5)
            cookies = "; ".join(f"{key}={value}" for key, (value, _) in phone.cookies.items())
            connection.request("GET", f"/game/{phone.name}/stream/seat", headers={"Cookie": cookies})
            opened.append((connection, connection.getresponse()))
        assert {answer.status for _, answer in opened} == {200, 429}
    finally:
        for connection, _ in opened:
            connection.close()
