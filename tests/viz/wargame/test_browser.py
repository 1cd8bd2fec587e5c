"""The game in real browsers : phones of 390 pixels, one facilitator, one projector, a whole game."""

import re

import pytest

from tests.viz.browsing import violations

SEATS = ("us", "cn", "asean", "east_africa", "south_america", "gulf")
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def device(hosted, open_page):
    """Opens a page of a game for a new device; `secret` is what stands after the `#` of its link."""

    def start(table, path="", secret=None, **options):
        address = f"{hosted.address}/game/{table.name}/{path}".rstrip("/")
        return open_page(f"{address}/enter#{secret}" if secret else address, **{**PHONE, **options})

    return start


@pytest.fixture
def sit(device):
    def start(table, seat, **options):
        page = device(table, **options)
        page.click(f"#take-{seat}")
        page.wait_for_selector("#team")
        return page

    return start


def phase(page, words):
    page.wait_for_selector(f".phase:has-text('{words}')")


def advance(desk, words):
    desk.click("#desk-now button.main")
    phase(desk, words)


def sticks_out(page):
    """By how many pixels something sticks out sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def test_a_whole_game_of_three_turns_on_phones(hosted, device, sit):
    table = hosted.game()
    desk = device(table, secret=hosted.desk_token, width=1280, height=900)
    screen = device(table, secret=hosted.app.state.keys.make(table.name), width=1920, height=1080)
    phones = {seat: sit(table, seat) for seat in SEATS}
    screen.wait_for_selector("text=6 here, 6 of 6 seats taken")
    advance(desk, "News")
    for page in phones.values():
        phase(page, "News")
        assert sticks_out(page) == 0

    # A draft saves itself, costs are told, and another seat's phone does not hear of it.
    asean = phones["asean"]
    asean.click("[data-tab-link=orders]")
    asean.click("#order-B3 label:has-text('0.5')")
    asean.wait_for_selector("#order-B3.changed")
    assert re.search(r"0\.5: \d PC", asean.inner_text("#told-B3"))
    asean.fill("[name=why]", "two is better")
    hosted.wait(lambda: (table.game.state.chairs["asean"].draft or {}).get("why") == "two is better")

    # One phone is dropped and comes back with its link: the same seat, the same draft.
    link = asean.get_attribute("[data-copy]", "data-copy")
    asean.goto("about:blank")
    again = device(table, secret=link.partition("#")[2])
    again.wait_for_selector("#team")
    again.click("[data-tab-link=orders]")
    assert again.input_value("[name=why]") == "two is better"
    assert again.is_checked("#order-B3 input[value='0.5']")
    phones["asean"] = again

    # An offer goes from phone to phone.
    advance(desk, "Talk")
    us = phones["us"]
    us.click("[data-tab-link=talk]")
    us.select_option("[name=to]", "asean")
    us.click("#new-offer button:has-text('Next')")
    us.select_option("[name=form]", "A2")
    us.click("#new-offer button:has-text('3. Terms')")
    us.click("#new-offer button:has-text('4. Send')")
    us.wait_for_selector("text=Your offers")
    again.wait_for_selector(".count")
    again.click("[data-tab-link=talk]")
    again.click("#talk-inbox button:has-text('Accept')")
    again.wait_for_selector("#said:has-text('Accepted')")

    # A late joiner is put into the smallest team; locks are seen by all.
    late = device(table)
    late.wait_for_selector("text=The game has begun")
    late.click("text=Put me anywhere")
    late.wait_for_selector("text=Who you are")
    again.click("[data-tab-link=orders]")
    again.click("#acts button:has-text('Lock')")
    again.wait_for_selector("text=Sealed at")
    screen.wait_for_selector("#screen-foot .sign.locked")

    # A bot takes an absent team's seat, and gives it back.
    desk.click("#seat-gulf summary")
    desk.click("#seat-gulf button:has-text('Hand to a bot')")
    desk.wait_for_selector("#seat-gulf:has-text('played by a bot')")

    advance(desk, "Orders")
    desk.click("#desk-now button.main")
    for page in (*phones.values(), screen):
        page.wait_for_selector("text=/What happened/")
    phase(desk, "Results")
    desk.click("#seat-gulf summary")  # details close with their phase
    desk.click("#seat-gulf button:has-text('Give back to people')")
    desk.wait_for_selector("#seat-gulf button:has-text('Hand to a bot')")

    # An override with its reason is told to all; a card is played; a rewind begins the turn again.
    desk.click("#desk-override summary")
    desk.select_option("[name=what]", "score")
    desk.fill("[name=points]", "2")
    desk.fill("[name=reason]", "a question was answered well")
    desk.click("#desk-override button:has-text('Override')")
    desk.wait_for_selector("#desk-overrides:has-text('answered well')")
    advance(desk, "News")
    desk.click("#desk-cards details summary >> nth=0")
    desk.click("#desk-cards details >> nth=0 >> button:has-text('Play this card')")
    desk.wait_for_selector("#said:has-text('in play')")
    desk.click("#desk-rewind summary")
    desk.select_option("#rewind-turn", "1")
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.click("#desk-rewind button:has-text('Rewind')")
    phase(desk, "Turn 1 of 3")
    phase(phones["us"], "Turn 1 of 3")

    for turn in (1, 2, 3):
        for words in ("Talk", "Orders"):
            advance(desk, words)
        desk.click("#desk-now button.main")
        phase(desk, "Results")
        for page in phones.values():
            phase(page, "Results")
        if turn < 3:
            advance(desk, "News")
    desk.once("dialog", lambda dialog: dialog.accept())
    desk.click("button:has-text('Reveal')")
    for page in phones.values():
        page.wait_for_selector("text=Open the debrief")
    screen.wait_for_selector("text=Scores and secret cards")
    assert [row.kind for row in table.game.rows()].count("rewound") == 1


@pytest.fixture(scope="module")
def under_way(hosted):
    """A game in its second turn's talk, with two people, an open offer and results."""
    table = hosted.game()
    table.tokens = {}
    for seat in ("us", "asean"):
        table.tokens[seat] = table.apply("join", None, code=table.game.code, seat=seat)["token"]
    table.game.fill_with_bots()
    table.game.advance()
    for _ in range(2):
        table.apply("advance", "facilitator")
    offer = {"form": "A2", "terms": {}}
    table.apply("offer", "p1", to="asean", offer=offer, until=3, penalty_bn=1.0)
    return table


LOOKS = [(scheme, width) for scheme in ("light", "dark") for width in (390, 1280)]


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_no_page_has_a_serious_fault_of_accessibility(hosted, under_way, device, scheme, width):
    look = {"color_scheme": scheme, "width": width, "height": 900}
    table, keys = under_way, hosted.app.state.keys
    found = {}
    lobby = hosted.game()
    for name, page in {
        "join": device(table, **look),
        "lobby": device(lobby, secret=keys.make(lobby.name), **look),
        "screen": device(table, secret=keys.make(table.name), **look),
        "desk": device(table, secret=hosted.desk_token, **look),
        "team": device(table, secret=table.tokens["asean"], **look),
    }.items():
        page.wait_for_load_state("networkidle") if name == "join" else page.wait_for_selector(
            "[data-live]", state="attached"
        )
        for tab in ("orders", "talk", "world", "us") if name == "team" and width == 390 else ("",):
            if tab:
                page.click(f"[data-tab-link={tab}]")
            page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
            found[f"{name} {tab}"] = violations(page)
            assert sticks_out(page) == 0, f"{name} {tab} sticks out sideways"
    hosted.house.close(lobby)
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.fixture(scope="module")
def debriefed(hosted):
    """A game that is over and revealed, with a member's token."""
    table = hosted.game(turns=2, seats=("us", "cn", "asean"))
    joined = table.apply("join", None, code=table.game.code, seat="asean")
    table.token = joined["token"]
    table.game.fill_with_bots()
    table.game.begin_turn()
    table.apply("draft", joined["person"], orders=[{"order": "B2", "value": 0.4}], why="two is better")
    table.apply("forecast", joined["person"], forecast=0.7)
    for _ in range(2):
        table.game.advance()
    table.apply("reveal", "facilitator")
    return table


def test_the_debrief_shows_each_part_as_it_is_ready(hosted, debriefed, device):
    page = device(debriefed, secret=debriefed.token)
    page.wait_for_selector("#team")
    page.goto(f"{hosted.address}/game/{debriefed.name}/debrief")
    assert "two is better" in page.inner_text("main")
    seen = set()

    def ready():
        page.reload()
        found = re.search(r"(\d) of 5 pieces are ready", page.inner_text("main"))
        seen.add(int(found[1]) if found else 5 if "still to come" not in page.inner_text("main") else 0)
        return 5 in seen

    hosted.wait(ready, 240)
    assert len(seen) > 2, seen
    assert "Still being worked out" not in page.content() and "Not replayed" not in page.content()


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_the_debrief_has_no_serious_violation_and_does_not_stick_out(hosted, debriefed, device, scheme, width):
    page = device(debriefed, secret=debriefed.token, color_scheme=scheme, width=width, height=900)
    page.wait_for_selector("#team")
    page.goto(f"{hosted.address}/game/{debriefed.name}/debrief")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    assert violations(page) == []
    assert sticks_out(page) == 0


def test_a_turn_by_keyboard_alone(hosted, under_way, device):
    table = under_way
    page = device(table, secret=table.tokens["us"])
    page.wait_for_selector("#team")
    page.evaluate("document.activeElement.blur()")

    def tab_to(selector, most=250):
        for _ in range(most):
            page.keyboard.press("Tab")
            if page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector):
                return
        raise AssertionError(f"the keyboard does not reach {selector}")

    tab_to("[data-tab-link=orders]")
    page.keyboard.press("Enter")
    tab_to("input[name='o.H3.value']")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector("#order-H3.changed")
    tab_to("[name=why]")
    page.keyboard.type("by keys alone")
    hosted.wait(lambda: (table.game.state.chairs["us"].draft or {}).get("why") == "by keys alone")
    tab_to("#acts button[value=lock]")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Sealed at")
    tab_to("#acts button[value=unlock]")
    page.keyboard.press("Enter")
    page.wait_for_selector("#acts button[value=lock]")


def test_what_is_typed_without_a_connection_is_kept_and_sent_again(hosted, under_way, device):
    table = under_way
    page = device(table, secret=table.tokens["asean"])
    page.wait_for_selector("#team")
    page.click("[data-tab-link=orders]")
    page.watch.allowed.append("ERR_INTERNET_DISCONNECTED")
    page.context.set_offline(True)
    page.fill("[name=why]", "typed in a tunnel")
    page.wait_for_selector("#away:visible")
    page.context.set_offline(False)
    hosted.wait(lambda: (table.game.state.chairs["asean"].draft or {}).get("why") == "typed in a tunnel")
    page.wait_for_selector("#away", state="hidden")


def test_what_somebody_types_is_not_taken_away_by_what_others_do(hosted, under_way, device):
    table = under_way
    page = device(table, secret=table.tokens["us"])
    page.wait_for_selector("#team")
    page.click("[data-tab-link=us]")
    page.fill("[name=name]", "half a na")
    table.apply("announce", "facilitator", text="Ten minutes left")
    page.wait_for_selector("text=Ten minutes left", state="attached")
    assert page.input_value("[name=name]") == "half a na"


def test_zoomed_to_twice_the_size_nothing_is_lost(hosted, under_way, debriefed, device):
    page = device(under_way, secret=under_way.tokens["asean"], width=195, height=422)
    page.wait_for_selector("#team")
    for tab in ("orders", "talk", "world", "us"):
        page.click(f"[data-tab-link={tab}]")
        assert sticks_out(page) <= 0, tab
    desk = device(under_way, secret=hosted.desk_token, width=640, height=450)
    desk.wait_for_selector("#desk-now")
    assert sticks_out(desk) <= 0
    for width in (195, 640):
        page = device(debriefed, secret=debriefed.token, width=width, height=450)
        page.wait_for_selector("#team")
        page.goto(f"{hosted.address}/game/{debriefed.name}/debrief")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert sticks_out(page) <= 0, f"the debrief at {width}"


def test_without_scripts_the_page_shows_all_it_needs(hosted, under_way, open_page):
    table = under_way
    page = open_page(f"{hosted.address}/game/{table.name}/enter", java_script_enabled=False)
    page.fill("[name=secret]", table.tokens["asean"])
    page.click("text=Open")
    page.click("a:has-text('Orders')")
    page.click("#order-B3 label:has-text('0.25')")
    page.fill("[name=why]", "no script here")
    page.click("button:has-text('Save draft')")
    assert "Saved." in page.inner_text("#said")
    assert page.is_checked("#order-B3 input[value='0.25']")
    page.frame_locator("iframe.status").locator("text=Turn 2 of 3").wait_for()
    page.click("a:has-text('Talk')")
    page.wait_for_selector("#talk-inbox button:has-text('Accept')")
