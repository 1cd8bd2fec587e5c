"""Nobody is sent what they may not read: markers are planted in every secret, and all bytes are searched."""

import json
import re

import pytest

from stackcraft.agents.names import LAYERS
from stackcraft.experiments.wargame import seats, tokens

SECRET = "zq"  # begins every marker, and stands in no word of ours
FIGURES = {"us": "0.6173", "asean": "0.5293"}  # values of drafts: an order's level, as a marker


@pytest.fixture(scope="module")
def planted(hosted):
    """A game with a marker in every secret field of two seats, and a device for every kind of reader."""
    table = hosted.game()
    desk, screen = hosted.desk(table), hosted.screen(table)
    us, asean = hosted.join(table, "us", "zqnameus"), hosted.join(table, "asean", "zqnameasean")
    gulf = hosted.join(table, "gulf")
    stranger = hosted.join(table, "gulf")
    stranger.cookies.clear()
    desk.post("desk/do", kind="advance")
    for device, order, seat in ((us, "H1", "us"), (asean, "B1", "asean")):
        fields = {**device.orders(), f"o.{order}.value": FIGURES[seat], "why": f"zqwhy{seat}", "forecast": "40"}
        assert device.post("do", kind="draft", **fields).status == 303
        assert table.game.state.chairs[seat].draft["why"] == f"zqwhy{seat}"
    device_of = {"us": us, "asean": asean}
    secret = {"kind": "offer", "until": "3", "penalty": "0.3", "public": ""}
    us.post("do", to="asean", form="A9", term__text="zqofferus", **secret)
    asean.post("do", to="us", form="A9", term__text="zqofferasean", **secret)
    devices = {**device_of, "gulf": gulf, "desk": desk, "screen": screen, "stranger": stranger}
    first = {name: one.get("desk" if name == "desk" else "seat").text for name, one in devices.items()}
    return first, table, devices


# What each reader may read of the markers, and nothing else.
ALLOWED = {
    "us": {"zqnameus", "zqwhyus", "zqofferus", "zqofferasean"},
    "asean": {"zqnameasean", "zqwhyasean", "zqofferus", "zqofferasean"},
    "gulf": set(),
    "desk": {"zqnameus", "zqnameasean", "zqofferus", "zqofferasean"},
    "screen": set(),
    "stranger": set(),
}
PAGES = [
    "", "seat", *(f"seat?tab={tab}" for tab in ("orders", "talk", "world", "us")),
    *(f"seat?tab=talk&counter={number}" for number in range(4)), "seat?tab=talk&to=us&form=A9", "status", "desk",
    "screen", "cards", "debrief", "grades.csv", "enter", "qr.svg", "qr.svg?seat=us", "seats.svg",
    "map.svg?at=0-0&layer=&own=us",
    *(f"map.svg?at=0-0&layer={layer}&own=asean" for layer in LAYERS), "nowhere", "/game", "/game/games", "/health",
    "/game/static/game.js",
]  # fmt: skip


def everything(device):
    """All that a device is sent by every page, every stream, every command that it tries, and every refusal."""
    for page in PAGES:
        device.get(page)
        device.get(page, **{"x-live": "1"})
    for kind in ("seat", "desk", "screen", "door"):
        device.hear(kind, 0.2)
    for number in range(-1, 6):
        for kind in ("accept", "decline", "withdraw", "counter"):
            device.hosted.fresh()
            device.post("do", live=True, kind=kind, contract=str(number), form="A9", term__text="hello")
    for kind in ("kick", "assign", "hide", "envelopes"):
        if "desk" not in device.cookies:
            device.post("desk/do", live=True, kind=kind, person="p1", seat="us", seq="1")
    return b"".join(device.seen).decode("utf-8", "replace")


@pytest.mark.parametrize("reader", ["stranger", "screen", "gulf", "desk", "asean", "us"])
def test_no_reader_is_sent_anothers_secret(planted, reader):
    first, _, devices = planted
    assert set(re.findall(rf"{SECRET}[a-z]+", first[reader])) == ALLOWED[reader], "the search finds what is there"
    said = everything(devices[reader])
    found = set(re.findall(rf"{SECRET}[a-z]+", said))
    assert found <= ALLOWED[reader], found - ALLOWED[reader]
    assert not [seat for seat, figure in FIGURES.items() if reader != seat and figure in said]


@pytest.mark.parametrize("reader", ["stranger", "screen", "gulf", "desk"])
def test_no_card_and_no_token_of_another_is_sent(planted, reader):
    _, table, devices = planted
    said = b"".join(devices[reader].seen).decode("utf-8", "replace")
    own = {"gulf": table.game.state.config["cards"]["gulf"]}.get(reader)
    for seat, card in table.game.state.config["cards"].items():
        title = seats.card_of(seats.SEATS[seat].kind, card).title
        if card != own:
            assert not re.search(rf'class="strong">{title}<', said), f"the card of {seat}"
    others = [device for name, device in devices.items() if name != reader]
    secrets = {value for device in others for value, _ in device.cookies.values()}
    assert secrets and not [secret for secret in secrets if secret in said]
    held = json.dumps([[*one.tokens, one.phrase] for one in table.game.state.people.values()])
    assert not [digest for digest in re.findall(r"[0-9a-f]{64}", held) if digest in said]
    assert tokens.digest("") not in said


def test_the_stream_says_a_number_and_nothing_else(planted):
    _, _, devices = planted
    heard = devices["gulf"].hear("seat", 0.4)
    head, _, body = heard.partition(b"\n\n")
    assert b"text/event-stream" in head and b"content-encoding" not in head.lower()
    assert re.fullmatch(rb"retry: \d+\n\n(id: \d+\ndata: \d+\n\n)*", body)


def test_every_answer_forbids_the_browser_to_ask_elsewhere_and_to_keep_it(planted):
    _, _, devices = planted
    for page in ("", "seat", "nowhere", "/game/games"):
        headers = devices["us"].get(page).headers
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store" and headers["referrer-policy"] == "same-origin"


def test_opened_envelopes_show_the_facilitator_drafts_and_the_log_says_so(planted):
    _, table, devices = planted
    desk = devices["desk"]
    desk.post("desk/do", kind="envelopes")
    assert "Opened envelopes" in desk.get("desk").text
    assert [row.kind for row in table.game.rows()][-1] == "envelopes"
    assert "zqwhyus" not in desk.get("desk").text
