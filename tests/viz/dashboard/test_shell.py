"""The frame around the pages, driven in a browser."""

import pytest

from tests.viz.browsing import free_port, violations
from tests.viz.dashboard.driving import SMALL, Served, settled

PAGES = ("/", "/explore", "/compare", "/country", "/deals", "/matters", "/model", "/evidence", "/selftest")
THEME = "() => document.documentElement.dataset.theme || 'system'"
QUERY = f"{SMALL}&set=us_government.supply_bond%3D0.9"


def ground(page):
    return page.evaluate("getComputedStyle(document.body).backgroundColor")


def scripted(page):
    """A mark that a full load of the page would wipe out."""
    page.evaluate("window.marked = true")
    return lambda: page.evaluate("window.marked === true")


def foreign(page):
    """What stands in Vuetify's font: a class name that it has taken, such as title or caption."""
    return page.evaluate("""() => [...document.querySelectorAll('.shell *')]
      .filter((one) => one.textContent.trim() && /^"?Roboto/.test(getComputedStyle(one).fontFamily))
      .slice(0, 3).map((one) => one.outerHTML.slice(0, 120))""")


def sticks_out(page):
    """By how many pixels something sticks out sideways."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_one_headline_landmarks_our_font_and_no_serious_violation(open_page, path):
    page = open_page(f"{path}?{SMALL}", color_scheme="light")
    settled(page)
    assert page.locator("h1").count() == 1 and page.locator("h1").inner_text().strip()
    assert all(
        page.locator(f"{one}:visible").count()
        for one in ("main", ".shell > header", ".shell > header nav", ".shell > footer")
    )
    assert "could not be drawn" not in page.inner_text("main")
    assert page.title().endswith("Stackcraft") and page.title() != "Stackcraft"
    assert foreign(page) == [] and sticks_out(page) <= 0
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast", "link-in-text-block") == []  # nothing else changes
    page.set_viewport_size({"width": 390, "height": 844})
    assert sticks_out(page) <= 0


def test_navigation_keeps_the_question_without_loading_everything_again(open_page):
    page = open_page(f"/selftest?{QUERY}")
    same = scripted(page)
    for name in ("Explore", "Model"):
        page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"**/{name.lower()}?*")
        page.wait_for_selector(f'nav a[aria-current="page"]:text-is("{name}")')
        assert "us_government.supply_bond%3D0.9" in page.url and "runs=4" in page.url
        assert same()
    page.go_back()
    page.wait_for_selector('nav a[aria-current="page"]:text-is("Explore")')
    assert "/explore?" in page.url and same()


def test_a_followed_link_leaves_the_keyboard_at_the_new_page(open_page):
    page = open_page(f"/selftest?{SMALL}")
    page.get_by_role("link", name="Model", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector('nav a[aria-current="page"]:text-is("Model")')
    page.wait_for_function("document.activeElement && document.activeElement.id === 'main'")


def test_the_first_tab_skips_to_the_content(open_page):
    page = open_page("/selftest")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement && document.activeElement.id === 'main'")


def test_the_theme_goes_round_and_is_kept(open_page):
    page = open_page("/selftest", color_scheme="light")
    button = page.locator("[data-theme-button]")
    light = ground(page)
    assert page.evaluate(THEME) == "system" and "as the system" in button.inner_text()
    button.click()
    assert page.evaluate(THEME) == "light" and ground(page) == light
    button.click()
    assert page.evaluate(THEME) == "dark" and ground(page) != light and button.inner_text().endswith("dark")
    dark = ground(page)
    page.reload()
    page.wait_for_selector("main h1")
    assert page.evaluate(THEME) == "dark" and ground(page) == dark
    assert violations(page) == []
    button.click()
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(THEME) == "system" and ground(page) == dark


def test_a_mangled_address_is_answered_in_words(open_page):
    page = open_page("/model?years=20x5&lever=%3Cscript%3E&runs=-3")
    assert "not understood" in page.locator(".fault").first.inner_text()
    assert page.locator("main script").count() == 0


def test_a_page_that_is_not_there_leads_home(page, server):
    page.watch.allowed.append("404")
    page.goto(server + "/nowhere")
    page.get_by_role("link").click()
    page.wait_for_selector("main h1")
    assert page.url == server + "/"


@pytest.mark.slow
def test_a_restarted_server_is_noticed_and_the_page_comes_back_with_its_question(open_page, tmp_path):
    page = open_page()
    page.watch.allowed += ["ERR_CONNECTION_REFUSED", "WebSocket", "Failed to load resource", "connection"]
    first = Served(free_port(), tmp_path / "server.log")
    page.goto(f"{first.address}/model?{QUERY}")
    page.wait_for_selector("main h1")
    before = page.locator('meta[name="stackcraft-instance"]').get_attribute("content")
    first.stop()
    page.wait_for_selector("body > .away button")
    assert "does not answer" in page.inner_text("body > .away")
    (tmp_path / "server.log").unlink()
    second = Served(first.port, tmp_path / "server.log")
    try:
        page.wait_for_function(
            f"() => (document.querySelector('meta[name=\"stackcraft-instance\"]') || {{}}).content === "
            f"'{second.health()['instance']}'"
        )
        page.wait_for_selector("main h1")
        assert before != second.health()["instance"] and "us_government.supply_bond%3D0.9" in page.url
        assert page.locator("body > .away").count() == 0
    finally:
        page.context.close()
        second.stop()


def test_a_page_that_the_server_has_forgotten_loads_itself_anew(open_page, served):
    page = open_page(f"/selftest?{SMALL}")
    same = scripted(page)
    # Tell the server that the tab was closed, as a browser does, and drop the connection: what comes back is unknown
    # there.
    page.evaluate("""async () => {
      const kernel = solara.debug.kernel();
      await fetch(`/_solara/api/close/${kernel.id}?session_id=${kernel.clientId}`, { method: "POST" });
      solara.debug.dropConnection();
    }""")
    page.wait_for_function("() => window.marked !== true && document.querySelector('main h1')")
    assert not same() and SMALL.split("&")[0] in page.url.replace("%3A", ":")
