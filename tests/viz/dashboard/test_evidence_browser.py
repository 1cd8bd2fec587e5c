"""The Evidence page in a browser: a target is chosen, and the address holds it."""

import pytest

from stackcraft.experiments.evidence.hindcast.declared import declared
from stackcraft.experiments.evidence.hindcast.stored import stored
from stackcraft.viz.dashboard.pages.evidence.naming import name_of
from stackcraft.viz.dashboard.pages.evidence.places import usual
from tests.viz.dashboard.driving import SMALL

MAP = "#outcomes-map"


@pytest.fixture(scope="module")
def first():
    """The target that is lost first."""
    return usual(stored(), declared())


def shown(page, target):
    """The states of all countries, once the map is of that target."""
    page.wait_for_selector(f'#where p:has-text("{name_of(target)}: ")')
    return page.locator(f"{MAP} [data-country]").evaluate_all("all => all.map(one => one.getAttribute('class'))")


def test_a_target_is_chosen_and_the_address_keeps_it(open_page, first):
    page = open_page(f"/evidence?{SMALL}")
    page.wait_for_selector(MAP)
    choice = page.locator("select[name=target]")
    assert choice.input_value() == first
    before = shown(page, first)
    other = next(one.name for one in declared().tested() if one.kind == "yes-no" and one.name != first)
    choice.select_option(other)
    after = shown(page, other)
    page.wait_for_url(f"**/evidence?*target={other}*")
    assert before != after and page.locator(MAP).count() == 1
    page.go_back()
    assert shown(page, first) == before and choice.input_value() == first


def test_a_target_that_does_not_exist_is_said_and_the_usual_one_shown(open_page, first):
    page = open_page("/evidence?target=us-cloud-entri")
    assert "did you mean us-cloud-entry" in page.locator(".fault").first.inner_text()
    page.wait_for_selector(MAP)
    assert page.locator("select[name=target]").input_value() == first


def test_a_target_without_countries_has_no_map(open_page):
    page = open_page("/evidence?target=ai-users")
    assert "targets with a forecast by country" in page.locator(".fault").first.inner_text()
