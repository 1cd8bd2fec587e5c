"""Recent countries and pinned comparisons stay in the browser, and nothing that is kept there can do harm."""

import json

import pytest

from stackcraft.viz.dashboard import assets
from stackcraft.viz.dashboard.parts.workspace import pin, workspace

SCRIPT = next(path for path in assets.SCRIPTS if path.name == "workspace.js").read_text(encoding="utf-8")


@pytest.fixture
def show(chromium):
    """Shows markup with the script on an address of its own, in one browser for a test."""
    context = chromium.new_context()

    def open_page(markup, path="/country?c=KEN"):
        page = context.new_page()
        html = f"<!doctype html><html><body>{markup}<script>{SCRIPT}</script></body></html>"
        page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html"))
        page.goto(f"http://127.0.0.1:9{path}")
        page.wait_for_function("() => document.querySelector('[data-workspace][data-filled]')")
        return page

    yield open_page
    context.close()


def test_a_country_that_was_looked_at_is_found_again_on_another_page(show):
    assert show(workspace("KEN", "Kenya")).locator(".workspace a").count() == 0  # not itself
    show(workspace("GCC", "the Gulf Cooperation Council"))
    page = show(workspace(), "/")
    links = page.locator(".workspace a")
    assert links.all_inner_texts() == ["the Gulf Cooperation Council", "Kenya"]
    assert links.last.get_attribute("href") == "/country?c=KEN"
    page.get_by_role("button", name="Forget all of this").click()
    assert page.locator(".workspace").is_hidden() and show(workspace(), "/").locator(".workspace a").count() == 0


def test_a_comparison_is_pinned_listed_and_taken_away(show):
    page = show(pin("The bond or the subsidy") + workspace(), "/compare?set=us_government.supply_bond%3D0.9")
    page.get_by_role("button", name="Pin this comparison").click()
    page = show(workspace(), "/")
    assert page.locator(".workspace a").get_attribute("href") == "/compare?set=us_government.supply_bond%3D0.9"
    page.get_by_role("button", name="Take away: The bond or the subsidy").click()
    assert page.locator(".workspace a").count() == 0


def test_what_is_mangled_or_leads_elsewhere_is_left_out(show):
    page = show(workspace(), "/")
    bad = [{"where": "https://elsewhere.example", "name": "x"}, {"where": "javascript:1", "name": "<b>y"}, 7]
    for key in ("stackcraft-recent", "stackcraft-pinned"):
        page.evaluate("([key, value]) => localStorage.setItem(key, value)", [key, json.dumps(bad)])
    assert show(workspace(), "/").locator(".workspace a").count() == 0
    page.evaluate("localStorage.setItem('stackcraft-recent', '{')")
    assert show(workspace(), "/").locator(".workspace a").count() == 0
