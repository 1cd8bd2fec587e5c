"""The pages driven in a browser: levers, maps, addresses, years, keys, small windows."""

import re
import struct
from datetime import date
from xml.etree import ElementTree

import pytest

from tests.viz.browsing import violations
from tests.viz.dashboard.driving import settled
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
    tab,
)

# Pages with something chosen on them; the shell's tests open each as it first comes.
PAGES = {
    "explore": "/explore?l=cloud&c=KEN&set=us_government.supply_bond%3D0.9",
    "explore as a table": "/explore?t=table&m=confidence",
    "explore as tiles": "/explore?d=tiles&m=contested&k=utilised",
    "compare": "/compare?set=us_government.supply_bond%3D0.9&c=KEN",
    "country": "/country?c=KEN&l=chips",
    "matters": "/matters?c=KEN&o=us_retention",
    "evidence": "/evidence?target=ai-cluster",
}


def with_question(path, more=""):
    return path + ("&" if "?" in path else "?") + QUESTION + more


def sticks_out(page):
    """By how many pixels the page is wider than its window, and what does it."""
    return page.evaluate("""() => {
      const wide = document.documentElement.clientWidth, over = document.documentElement.scrollWidth - wide;
      return over <= 0 ? '' : over + ': ' + [...document.querySelectorAll('main *')]
        .filter((one) => one.getBoundingClientRect().right > wide + 1).slice(0, 5)
        .map((one) => one.outerHTML.slice(0, 120)).join(' | ');
    }""")


def scrub(page, year):
    """Move the slider of years with the keyboard."""
    slider = page.locator(".atlas-scrub input[type=range]")
    slider.focus()

    def pressed():
        slider.press("Home")
        for _ in range(year - 2025):
            slider.press("ArrowRight")

    return after(page, pressed)


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_every_page_in_light_in_dark_and_on_a_phone(open_page, path):
    page = settled(open_page(with_question(path), color_scheme="light"))
    assert page.locator("h1").count() == 1 and len(headline(page)) > 10
    assert page.locator(".fault:visible").count() == 0
    assert page.locator("main").inner_text().count("\n") > 5
    page.wait_for_function(
        "async () => (await (await fetch('/health')).json()).jobs === 0"
    )  # what is added later is added
    assert violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert violations(page, "color-contrast", "link-in-text-block") == []  # nothing else changes
    page.set_viewport_size({"width": 390, "height": 844})
    assert sticks_out(page) == ""


def test_a_lever_changes_map_table_headline_and_address(open_page):
    page = drawn(open_page(f"/explore?{QUESTION}&m=share_US&l=cloud"))
    before, first = fills(page), headline(page)
    set_lever(page, 1)
    assert ("set", f"{LEVER}=1") in asked(page)
    changed = [code for code, kind in fills(page).items() if kind != before[code]]
    assert len(before) > 150 and changed, "no country changed its fill"
    assert headline(page) != first
    assert page.locator(f'.rail-list [data-changed="{LEVER}"]').inner_text().startswith("US government:")
    moved = numbers(page)
    page.locator(f'.rail-list [data-changed="{LEVER}"] button').click()
    page.wait_for_function("() => !location.search.includes('set=')")
    assert numbers(settled(page)) != moved and headline(page) == first
    tab(page, "Map")
    assert fills(page) == before


def test_a_lever_dragged_by_keys_answers_too(open_page):
    page = drawn(open_page(f"/explore?{QUESTION}&t=table"))
    before = numbers(page)
    slider = page.locator(f'.rail-lever[data-name="{LEVER}"] > .rail-inputs input[type=range]')
    after(page, lambda: slider.press("End"))
    assert lever(page).input_value() == slider.get_attribute("max")
    assert numbers(page) != before
    assert slider.evaluate("one => one === document.activeElement"), "the lever lost the keyboard"


def test_the_copied_address_restores_everything(open_page):
    page = drawn(open_page(f"/explore?{QUESTION}", permissions=["clipboard-read", "clipboard-write"]))
    set_lever(page, 0.85)
    after(page, lambda: page.get_by_role("radio", name="Cloud", exact=True).check(force=True))
    after(page, lambda: page.locator("select[name=kind]").select_option("utilised"))
    after(page, lambda: page.locator("select[name=weight]").select_option("gdp"))
    after(page, lambda: page.get_by_label("Show", exact=True).select_option("share_CN"))
    scrub(page, 2027)
    page.locator("details.share summary").click()
    page.get_by_role("button", name="Copy the address").click()
    page.wait_for_selector("text=copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.url

    other = drawn(open_page(copied.removeprefix(re.match(r"http://[^/]+", copied)[0])))
    assert other.url == page.url and other.title() == page.title()
    assert headline(other) == headline(page) and "2027" in headline(page)
    assert lever(other).input_value() == "0.85"
    assert other.locator(".atlas-year").inner_text() == page.locator(".atlas-year").inner_text()
    assert other.get_by_role("radio", name="Cloud", exact=True).is_checked()
    assert [other.locator(f"select[name={name}]").input_value() for name in ("kind", "weight")] == ["utilised", "gdp"]
    assert fills(other) == fills(page)
    assert numbers(other) == numbers(page)


def test_back_undoes_levers_and_forward_does_them_again(open_page):
    page = drawn(open_page(f"/explore?{QUESTION}&t=table"))
    other = "cn_government.subsidy"
    seen = [(page.url, lever(page).input_value(), numbers(page))]
    set_lever(page, 0.5)
    steps = page.evaluate("history.length")
    set_lever(page, 1)  # the same lever again is the same step
    assert page.evaluate("history.length") == steps
    seen.append((page.url, "1", numbers(page)))
    set_lever(page, 0.4, other)
    seen.append((page.url, "1", numbers(page)))
    assert len({str(table) for _, _, table in seen}) == 3
    for go, place in ((page.go_back, 1), (page.go_back, 0), (page.go_forward, 1), (page.go_forward, 2)):
        go()
        page.wait_for_url(seen[place][0])
        settled(page)
        page.wait_for_function(
            '([name, value]) => document.querySelector(`[data-name="${name}"] input[type=number]`).value === value',
            arg=[LEVER, seen[place][1]],
        )
        assert numbers(page) == seen[place][2]
    assert lever(page, other).input_value() == "0.4"


def test_looking_through_the_years_changes_the_address_quietly(open_page):
    page = drawn(open_page(f"/explore?{QUESTION}"))
    steps, first, before = page.evaluate("history.length"), headline(page), fills(page)
    scrub(page, 2025)
    assert ("y", "2025") in asked(page) and page.locator(".atlas-year").inner_text().startswith("2025")
    assert headline(page) != first and fills(page) != before
    scrub(page, 2026)
    assert ("y", "2026") in asked(page)
    assert page.evaluate("history.length") == steps
    # Back after a lever leads to the year looked at, not to the one the page was opened with.
    set_lever(page, 1)
    assert ("y", "2026") in asked(page)
    page.go_back()
    page.wait_for_function("() => !location.search.includes('set=')")
    settled(page)
    assert ("y", "2026") in asked(page) and page.locator(".atlas-year").inner_text().startswith("2026")


def test_play_runs_through_the_years_and_stops_at_the_last(open_page):
    page = drawn(open_page(f"/explore?{QUESTION}&y=2025"))
    page.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function("() => document.querySelector('.atlas-year').textContent.startsWith('2028')")
    page.get_by_role("button", name="Play", exact=True).wait_for()
    page.wait_for_function("() => !location.search.includes('y=')")  # the last year is the usual one
    assert "2028" in headline(settled(page))


def test_the_map_answers_to_the_keyboard(open_page):
    page = drawn(open_page(f"/explore?{QUESTION}"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.locator(".atlas-map").focus()
    after(page, lambda: page.keyboard.press("ArrowRight"))
    first = dict(asked(page))["c"]
    after(page, lambda: page.keyboard.press("ArrowRight"))
    second = dict(asked(page))["c"]
    assert first != second
    card = page.locator(".atlas-card h3")
    assert card.inner_text().endswith(second)
    name = card.inner_text().removesuffix(second).strip()
    page.wait_for_function(
        "(name) => document.querySelector('.atlas [role=status].atlas-unseen').textContent.includes(name)", arg=name
    )
    page.keyboard.press("Enter")  # to the page of the country
    page.wait_for_url("**/country?*")
    settled(page)
    assert ("c", second) in asked(page) and name in headline(page)


def test_a_small_state_can_be_clicked(open_page):
    page = drawn(open_page(f"/explore?{QUESTION}"))
    box = page.locator('.atlas-map path.round[data-c="SGP"]').bounding_box()
    after(page, lambda: page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2))
    assert ("c", "SGP") in asked(page) and page.locator(".atlas-card h3").inner_text().startswith("Singapore")


def test_pages_keep_the_question(open_page):
    page = drawn(open_page(f"/explore?{QUESTION}"))
    set_lever(page, 0.9)
    wanted = [pair for pair in asked(page) if pair[0] in ("set", "runs", "years")]
    assert len(wanted) == 3
    for name, path in (("Deals", "deals"), ("Compare", "compare"), ("Explore", "explore")):
        page.get_by_role("navigation").get_by_role("link", name=name, exact=True).click()
        page.wait_for_url(f"**/{path}?*")
        page.wait_for_selector(f'nav a[aria-current="page"]:text-is("{name}")')
        settled(page)
        assert [pair for pair in asked(page) if pair[0] in ("set", "runs", "years")] == wanted
    page.wait_for_selector(".rail-lever")
    assert lever(page).input_value() == "0.9"


def test_the_map_is_saved_as_a_picture_that_says_what_it_is(open_page, tmp_path):
    page = drawn(open_page(f"/explore?{QUESTION}&set={LEVER}%3D0.9"))
    found = {}
    for kind in ("SVG", "PNG"):
        with page.expect_download() as waiting:
            page.get_by_role("button", name=kind).click()
        found[kind] = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(found[kind])
    drawing = found["SVG"].read_text(encoding="utf-8")
    words = " ".join(re.sub(r"<[^>]+>", " ", drawing).split())
    assert drawing.count('data-c="') > 150 or drawing.count("<path") > 150
    for part in (headline(page)[:30], "8 runs", "2025 to 2028", "Natural Earth"):
        assert part in words
    head = found["PNG"].read_bytes()[:24]
    assert head[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", head[16:24])[0] >= 1200


@pytest.mark.parametrize(("kind", "start"), [("SVG", b"<?xml"), ("PNG", b"\x89PNG")])
def test_a_chart_is_saved_with_its_title_finding_source_and_date(open_page, kind, start):
    page = drawn(open_page(f"/explore?{QUESTION}"))
    page.locator("details.share summary").click()
    chosen = page.get_by_label("A chart of this page as a picture")
    title = chosen.locator("option").first.text_content()
    with page.expect_download() as waiting:
        page.locator("p.share-row", has=chosen).get_by_role("button", name=kind, exact=True).click()
    path = waiting.value.path()
    made = path.read_bytes()
    assert made.startswith(start) and waiting.value.suggested_filename.endswith(f".{kind.lower()}")
    if kind == "SVG":
        root = ElementTree.fromstring(made)
        words = " ".join(text.text or "" for text in root.iter("{http://www.w3.org/2000/svg}text"))
        assert all(
            word in words
            for word in (*title.split(), *headline(page).split(), "Apache-2.0;", date.today().isoformat(), "Simulated")
        )
        lines = list(root.iter("{http://www.w3.org/2000/svg}polyline"))
        assert (
            len(lines) == 3
            and all(one.get("stroke", "").startswith("#") for one in lines)
            and b"class=" not in made
            and b"var(" not in made
        )
        assert {one.get("stroke-dasharray") for one in lines} != {None}, (
            "the three lines differ without their colours too"
        )
