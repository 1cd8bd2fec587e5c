"""A country's page driven in a browser: its own levers answer with before and after; the brief fits two pages."""

import re

from tests.viz.dashboard.driving import settled
from tests.viz.dashboard.visiting import QUESTION, asked


def test_a_lever_of_the_country_answers_with_before_and_after(open_page):
    page = settled(open_page(f"/country?c=KEN&{QUESTION}"))
    assert "Kenya today" in page.locator("#today").inner_text() and page.locator("#today .layer-strip").count() == 1
    page.wait_for_selector(".own-levers .rail-lever")
    assert "Move a lever of Kenya" in page.locator(".set-card").inner_text()
    page.locator(".own-levers details").evaluate_all("all => all.forEach(one => one.open = true)")  # the rarer ones
    field = page.locator('.rail-lever[data-name="KEN.skills"] > .rail-inputs input[type=number]')
    field.fill("1")
    field.press("Enter")
    page.wait_for_function("() => document.querySelector('.set-card').innerText.includes('spending on skills at 1')")
    assert ("set", "KEN.skills=1") in asked(page)
    settled(page)
    page.wait_for_function("() => !/being worked out|so far/.test(document.querySelector('.set-card').innerText)")
    assert page.locator(".set-card tbody tr").count() == 7
    assert "Kenya: spending on skills 0 → 1" in page.locator(".changed-line").inner_text()


def test_the_brief_about_a_country_is_named_and_fits_two_pages(page, server):
    page.goto(f"{server}/download/brief.html?c=KEN&{QUESTION}&set=KEN.require_hosting%3D0.8")
    page.wait_for_selector(".brief", timeout=120_000)
    assert "Kenya" in page.title() and "local hosting required 0 → 0.8" in page.title()
    assert len(re.findall(rb"/Type\s*/Page[^s]", page.pdf(format="A4", prefer_css_page_size=True))) == 2


def test_a_bloc_stands_in_place_of_a_country_and_its_levers_are_set_for_all_members(open_page):
    page = settled(open_page(f"/country?c=GCC&{QUESTION}"))
    assert "The Gulf Cooperation Council today" in page.locator("#today").inner_text()
    assert "6 countries, looked at as one" in page.locator("#today").inner_text()
    page.wait_for_selector(".own-levers .rail-lever")
    page.locator(".own-levers details").evaluate_all("all => all.forEach(one => one.open = true)")
    field = page.locator('.rail-lever[data-name="GCC.skills"] > .rail-inputs input[type=number]')
    field.fill("1")
    field.press("Enter")
    page.wait_for_function("() => document.querySelector('.set-card').innerText.includes('spending on skills at 1')")
    assert ("set", "QAT.skills=1") in asked(page) and ("c", "GCC") in asked(page)
    assert "Gulf Cooperation Council: spending on skills 0 → 1" in page.locator(".changed-line").inner_text()
    settled(page)
    assert page.locator(".set-card tbody tr").count() == 7
