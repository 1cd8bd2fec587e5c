"""What goes wrong outside the pages, and many visitors at once: a clear message or a clean recovery, and nobody in
another's way.
"""

import csv
import io
import signal
import time
import urllib.request

import pytest

from stackcraft.model.inputs import load_inputs
from tests.viz.browsing import free_port
from tests.viz.dashboard.driving import Served, settled
from tests.viz.dashboard.visiting import (
    LEVER,
    QUESTION,
    after,
    asked,
    drawn,
    fills,
    headline,
    lever,
    numbers,
    set_lever,
)

LONG = "runs=256"  # many seconds of work
# Notes in the page when its answer was there; a visitor who waits does not ask the server about it.
STOPWATCH = """() => {
  window.answered = 0;
  const look = () => {
    const shown = document.getElementById('progress');
    if (location.search !== window.asked && shown && shown.dataset.finished === '1'
      && shown.dataset.stale === '0' && shown.dataset.question === location.search)
      window.answered = performance.now();
    else setTimeout(look, 20);
  };
  window.asked = location.search;
  window.started = performance.now();
  look();
}"""


def until(true, seconds=20):
    """Whether something became true in time."""
    end = time.monotonic() + seconds
    while not (found := true()) and time.monotonic() < end:
        time.sleep(0.1)
    return bool(found)


def table_of(server, page):
    """The countries that the server answers for the address of a page: country to cells."""
    with urllib.request.urlopen(f"{server}/download/table.csv{page.evaluate('location.search')}", timeout=60) as answer:
        lines = [line for line in answer.read().decode().splitlines(keepends=True) if not line.startswith("#")]
    return {row["country"]: row for row in csv.DictReader(io.StringIO("".join(lines)))}


def shows(page, table):
    """Whether the table on the screen is that one."""
    inputs = load_inputs("world")
    names = dict(zip(inputs.iso3, inputs.name, strict=True))
    shown = {row[0]: row for row in numbers(page)}
    known = [row for row in table.values() if row["US"]]
    assert len(known) > 150
    return all(
        abs(float(shown[names[row["country"]]][place].rstrip("%")) - 100 * float(row[stack])) <= 0.5
        for row in known
        for place, stack in ((1, "US"), (2, "CN"))
    )


@pytest.mark.parametrize(("query", "told"), [
    (f"{QUESTION}&set=us_government.guarante%3D0.9&y=soon&l=clouds&nonsense=1",
     ["did you mean supply_bond?", "y=soon", "did you mean cloud?", "'nonsense'"]),
    (f"{QUESTION}&set=us_government.supply_bond%3D7", ["us_government.supply_bond", "7"]),
    (f"{QUESTION}&%%%&=&&=;&l=", ["'%%%' has no value"]),
    (f"{QUESTION}&title=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&s=%3Cb%3Enone", ["no scenario of that name"]),
    (f"{QUESTION}&set=a%3D%FF%FE", []),
], ids=["misspelt", "out of bounds", "scraps", "markup", "no text"])  # fmt: skip
def test_a_mangled_address_gives_a_message_and_a_page_that_works(open_page, server, query, told):
    page = open_page()
    page.on("dialog", lambda dialog: page.watch.faults.append(f"dialog: {dialog.message}"))
    page.goto(f"{server}/explore?{query}")
    drawn(page)
    if told:
        message = page.locator(".fault:visible").inner_text()
        assert all(part in message for part in told), message
    else:
        assert page.locator(".fault:visible").count() == 1
    assert page.locator("main img, main script").count() == 0
    before = numbers(page)
    set_lever(page, 0.9)  # the page works
    assert numbers(page) != before
    assert page.locator(".fault:visible").count() == 0, "what was left out of the address is still complained of"


def bring(page, name, text):
    if not page.locator("details.share[open]").count():
        page.locator("details.share summary").click()
    page.locator("#bring").set_input_files({"name": name, "mimeType": "application/toml", "buffer": text.encode()})


def test_an_old_scenario_file_gives_one_line_and_a_good_one_opens(open_page):
    page = drawn(open_page(f"/explore?{QUESTION}"))
    before = page.url
    bring(page, "old.toml", 'title = "Old"\nlevers = ["us_government.garantee=0.9"]\n')
    fault = page.locator("details.share .fault:visible")
    fault.wait_for()
    said = fault.inner_text()
    assert (
        "us_government.garantee" in said and "supply_bond" in said.split("garantee", 1)[1] and "\n" not in said.strip()
    )
    assert page.url == before and fault.get_attribute("role") == "alert"
    bring(page, "broken.toml", "title = ")
    page.wait_for_function(
        "(said) => !document.querySelector('details.share .fault').textContent.includes(said)", arg=said
    )
    assert "TOML" in fault.inner_text() and "\n" not in fault.inner_text().strip()
    after(
        page,
        lambda: bring(
            page,
            "new.toml",
            'title = "Brought along"\nyears = [2025, 2027]\nlevers = ["us_government.supply_bond=0.9"]\n',
        ),
    )
    assert ("title", "Brought along") in asked(page) and ("set", f"{LEVER}=0.9") in asked(page)
    page.wait_for_selector("details.share .fault", state="hidden")
    drawn(page)
    assert lever(page).input_value() == "0.9" and "2027" in headline(page)


def test_a_short_code_brings_everything_back_and_a_mangled_one_says_so(open_page):
    page = drawn(open_page(f"/explore?{QUESTION}&set={LEVER}%3D0.9&y=2027&l=cloud"))
    page.locator("details.share summary").click()
    code = page.locator(".share-row code").inner_text()
    other = drawn(open_page("/explore?runs=8&years=2025:2027"))
    before = other.url
    other.locator("details.share summary").click()
    other.get_by_label("Open a short code").fill(code[:-9] + "mangled!!")
    other.get_by_role("button", name="Open", exact=True).click()
    fault = other.locator("details.share .fault:visible")
    fault.wait_for()
    assert "code" in fault.inner_text() and other.url == before
    other.get_by_label("Open a short code").fill(f" {code[:10]} {code[10:]} ")
    after(other, lambda: other.get_by_role("button", name="Open", exact=True).click())
    assert asked(other) == asked(page)
    assert lever(drawn(other)).input_value() == "0.9" and headline(other) == headline(page)


def test_a_closed_page_is_forgotten(open_page, served):
    first = drawn(open_page(f"/explore?{QUESTION}"))
    assert until(lambda: served.health()["pages"] == 1)  # those of other tests have gone
    more = [drawn(open_page(f"/explore?{QUESTION}")) for _ in range(4)]
    assert served.health()["pages"] == 5
    for page in more:
        page.close(run_before_unload=True)
    assert until(lambda: served.health()["pages"] == 1), served.health()
    before = numbers(first)
    set_lever(first, 0.7)  # whoever stayed is still answered
    assert numbers(first) != before


@pytest.mark.parametrize("how", ["closed", "moved on"])
def test_whoever_leaves_in_mid_run_frees_the_queue(open_page, served, how):
    page = drawn(open_page(f"/explore?{QUESTION}"))
    assert until(lambda: served.health()["jobs"] == 0)
    page.evaluate(f"solara.router.push('/explore?{LONG}&set=us_government.supply_bond%3D0.123')")
    assert until(lambda: served.health()["jobs"] > 0)
    started = time.monotonic()
    if how == "closed":
        page.close(run_before_unload=True)
    else:
        page.get_by_role("navigation").get_by_role("link", name="Model", exact=True).click()
    assert until(lambda: served.health()["jobs"] == 0, 10), served.health()
    taken = time.monotonic() - started
    # The work was dropped rather than done: asked again, it is not there. By a page that is open: opening one takes as
    # long as the work may.
    other = drawn(open_page(f"/explore?{QUESTION}"))
    assert until(lambda: served.health()["jobs"] == 0)
    kept = served.health()["kept"]
    other.evaluate(f"solara.router.push('/explore?{LONG}&set=us_government.supply_bond%3D0.123')")
    assert until(lambda: served.health()["jobs"] > 0), "the run had ended: this test drops nothing"
    other.close(run_before_unload=True)
    assert until(lambda: served.health()["jobs"] == 0, 10)
    assert served.health()["kept"] == kept and served.health()["visitors"] == 0
    assert taken < 10


@pytest.mark.slow
def test_a_server_killed_under_an_open_page_and_started_again(open_page, tmp_path):
    page = open_page()
    page.watch.allowed += ["ERR_CONNECTION", "WebSocket", "Failed to load resource", "connection", "ERR_EMPTY_RESPONSE"]
    first = Served(free_port(), tmp_path / "first.log")
    second = None
    try:
        page.goto(f"{first.address}/explore?{QUESTION}&y=2027&l=cloud")
        drawn(page)
        set_lever(page, 0.9)
        before = page.url, headline(page), fills(page)
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(10)
        page.wait_for_selector("body > .away")
        assert page.url == before[0] and headline(page) == before[1], "what was on the page is gone"
        second = Served(first.port, tmp_path / "second.log")
        page.wait_for_function(
            "(told) => document.querySelector('meta[name=\"stackcraft-instance\"]').content === told",
            arg=second.health()["instance"],
        )
        drawn(page)
        assert (page.url, headline(page), fills(page)) == before
        assert page.locator("body > .away").count() == 0
        set_lever(page, 0.2)
        assert headline(page) != before[1]
    finally:
        page.context.close()
        for one in (first, second):
            if one is not None:
                one.process.kill()
                one.process.wait(10)


def test_two_visitors_do_not_see_each_other(open_page, server):
    one = drawn(open_page(f"/explore?{QUESTION}&t=table"))
    other = drawn(open_page(f"/explore?{QUESTION}&t=table"))
    before = other.url, headline(other), numbers(other)
    set_lever(one, 1)
    after(one, lambda: one.get_by_role("radio", name="Chips", exact=True).check(force=True))
    other.wait_for_timeout(500)
    assert (other.url, headline(other), numbers(other)) == before and lever(other).input_value() != "1"
    assert other.get_by_role("radio", name="All layers", exact=True).is_checked()
    set_lever(other, 0.4)
    assert lever(one).input_value() == "1" and lever(other).input_value() == "0.4"
    assert ("set", f"{LEVER}=1") in asked(one) and ("set", f"{LEVER}=0.4") in asked(other)
    assert ("l", "chips") in asked(one) and "l" not in dict(asked(other))
    assert shows(one, table_of(server, one)) and shows(other, table_of(server, other))


def move(page, value):
    """Type a lever's value without waiting for anything; the page notes when the answer is there."""
    page.evaluate(STOPWATCH)
    lever(page).fill(f"{value:g}")
    lever(page).press("Enter")


def waited(page):
    page.wait_for_function("() => window.answered > 0")
    return page.evaluate("(window.answered - window.started) / 1000")


@pytest.mark.slow
def test_eight_visitors_at_once_each_get_their_own_answer_in_fair_time(open_page, served, server):
    visitors, question = 8, "runs=24&years=2025:2029&t=table"
    alone = drawn(open_page(f"/explore?{question}"))
    own = []
    for value in (0.11, 0.33):
        assert until(lambda: served.health()["jobs"] == 0, 60)
        move(alone, value)
        own.append(waited(alone))
    pages = [drawn(open_page(f"/explore?{question}")) for _ in range(visitors)]
    assert until(lambda: served.health()["jobs"] == 0, 60)
    values = [round(0.2 + 0.09 * place, 2) for place in range(visitors)]
    for page, value in zip(pages, values, strict=True):
        move(page, value)
    took = [waited(page) for page in pages]
    assert served.process.poll() is None
    # Alone, a run has every core: what one waits then is the run's own time over the cores.
    fair = max(own) * visitors
    assert max(took) <= 1.5 * fair + 2, (
        f"alone {own}, together {took}: nobody should wait longer than {fair:.1f} s, and some slack"
    )
    told = set()
    for page, value in zip(pages, values, strict=True):
        settled(page)
        assert ("set", f"{LEVER}={value:g}") in asked(page) and lever(page).input_value() == f"{value:g}"
        table = table_of(server, page)
        assert shows(page, table)
        told.add(tuple(row["US"] for row in table.values()))
    assert len(told) == visitors, "some levers gave the same numbers: this test tells nobody's answer from another's"
    assert "Traceback" not in served.said()
