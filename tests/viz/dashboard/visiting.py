"""What a visitor does and sees on the pages: moving levers, waiting for the answer, reading maps and tables."""

from urllib.parse import parse_qsl, urlsplit

from tests.viz.dashboard.driving import settled

QUESTION = "runs=8&years=2025:2028"  # small enough to be answered at once, with all countries of the world
LEVER = "us_government.supply_bond"
FILLS = (
    "() => Object.fromEntries([...document.querySelectorAll('.atlas-map path.c[data-c]')].map((path) => "
    "[path.dataset.c, path.getAttribute('class').replace(' round', '')]))"
)
ROWS = """() => [...document.querySelectorAll('.atlas-table tbody tr')]
  .map((row) => [...row.children].map((cell) => cell.textContent))"""


def drawn(page):
    """Wait for the answer and for the map of it."""
    settled(page)
    page.wait_for_selector(".atlas-map path.c[data-c]", state="attached")
    return page


def asked(page):
    """Key and value of everything in the address, in order."""
    return parse_qsl(urlsplit(page.url).query)


def after(page, act):
    """Do something that changes the address, and wait for the answer to the new one."""
    before = page.evaluate("location.search")
    act()
    page.wait_for_function("(before) => location.search !== before", arg=before)
    return settled(page)


def lever(page, name=LEVER):
    """The number field of a lever."""
    return page.locator(f'.rail-lever[data-name="{name}"] > .rail-inputs input[type=number]')


def set_lever(page, value, name=LEVER):
    """Type a lever's value, and wait for the answer."""

    def typed():
        lever(page, name).fill(f"{value:g}")
        lever(page, name).press("Enter")

    return after(page, typed)


def fills(page):
    """The class of every country on the map, which is its colour and pattern."""
    return page.evaluate(FILLS)


def tab(page, name):
    """Turn to the map or the table."""
    if page.get_by_role("tab", name=name, exact=True).get_attribute("aria-selected") != "true":
        after(page, lambda: page.get_by_role("tab", name=name, exact=True).click())


def numbers(page):
    """The table behind the map: a list of cells a country, in order of name."""
    tab(page, "Table")
    page.wait_for_function("() => document.querySelectorAll('.atlas-table tbody tr').length > 1")
    return sorted(page.evaluate(ROWS))


def headline(page):
    return page.locator("main h1").inner_text()
