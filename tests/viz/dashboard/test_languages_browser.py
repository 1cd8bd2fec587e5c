"""Languages in a browser: a switch that the keyboard reaches, that stays in the address, and Arabic from the right."""

import pytest

from tests.viz.browsing import violations
from tests.viz.dashboard.driving import SMALL, settled

pytest.importorskip("babel", reason="Babel is not installed: only English is spoken")

ROOT = "() => [document.documentElement.lang, document.documentElement.dir]"


def chosen(page, name):
    """Choose a language by the keyboard alone."""
    page.locator(".languages summary").focus()
    page.keyboard.press("Enter")
    link = page.locator(".languages").get_by_role("link", name=name, exact=True)
    while not link.evaluate("(link) => link === document.activeElement"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**lang=*")
    return settled(page)


def test_the_switch_stays_in_the_address_over_pages_and_levers(open_page):
    page = open_page(f"/explore?{SMALL}")
    settled(page)
    assert page.evaluate(ROOT) == ["en", "ltr"] and page.locator(".translation").count() == 0
    chosen(page, "العربية")
    assert page.evaluate(ROOT) == ["ar", "rtl"] and "lang=ar" in page.url and "runs=4" in page.url
    for path in ("/model", "/country"):
        page.locator(f'nav a[href^="{path}?"]').click()
        page.wait_for_url(f"**{path}?*")
        page.wait_for_selector(f'nav a[aria-current="page"][href^="{path}?"]')
        assert "lang=ar" in page.url and page.evaluate(ROOT) == ["ar", "rtl"]
        assert page.locator(".translation").count() == 1
    page.locator(".shell-name").click()
    page.wait_for_selector('nav a[aria-current="page"][href^="/?"]')
    assert "lang=ar" in page.url and "runs=4" not in page.url


def test_a_page_from_the_right_fits_a_telephone_and_has_no_serious_violation(open_page):
    page = open_page(f"/explore?{SMALL}&lang=ar")
    settled(page)
    assert violations(page) == []
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.evaluate("getComputedStyle(document.querySelector('.atlas-map, svg')).direction") == "ltr"


def test_downloads_and_pages_that_are_not_there_speak_the_language_of_their_address(served):
    for path in ("/nowhere?lang=ar", "/download/brief.html?runs=none&lang=ar"):
        assert 'lang="ar" dir="rtl"' in served.get(path, Accept="text/html")[2]
    assert "lang=ar" in served.get("/nowhere?lang=ar", Accept="text/html")[2]
    assert '<html lang="en"' in served.get("/", **{"Accept-Language": "de"})[2]
