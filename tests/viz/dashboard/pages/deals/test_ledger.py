"""The ledger widget: packing that loses nothing, and the table driven in a browser as a page of its own with a model
that only remembers.
"""

import base64
import json

import pytest

from stackcraft.viz.dashboard.pages.deals import ledger
from tests.viz.browsing import chromium  # noqa: F401
from tests.viz.dashboard.country_run import ran  # noqa: F401

anywidget = pytest.importorskip("anywidget", reason="anywidget is not installed: the ledger is not tested")
from stackcraft.viz.dashboard.widgets.ledger import HERE, Ledger  # noqa: E402

LOOK = HERE.parents[1] / "report" / "templates" / "report.css"
WHY = "<p class='why-story'>Because of the price of %d.</p>"
MODEL = """
const bytes = Uint8Array.from(atob(PACKED), (letter) => letter.charCodeAt(0));
const traits = { rows: new DataView(bytes.buffer), columns: COLUMNS, filters: FILTERS, counted: COUNTED,
  strings: STRINGS, selected: -1, why: "" };
const heard = {};
const model = {
  get: (name) => traits[name],
  set: (name, value) => { traits[name] = value; (heard["change:" + name] || []).forEach((one) => one()); },
  on: (name, action) => { (heard[name] = heard[name] || []).push(action); },
  off: (name, action) => { heard[name] = (heard[name] || []).filter((one) => one !== action); },
  save_changes: () => { window.saved = traits.selected;
    if (traits.selected >= 0) setTimeout(() => model.set("why", WHY.replace("%d", traits.selected)), 20); },
};
window.model = model;
widget.render({ model, el: document.getElementById("here") });
"""


def page_of(rows):
    """A page with nothing but the widget."""
    packed = base64.b64encode(ledger.pack(rows, ("deal", *ledger.KINDS, *ledger.COUNTED))).decode()
    values = {
        "PACKED": packed,
        "COLUMNS": ledger.ledger_columns(),
        "FILTERS": list(ledger.FILTERS),
        "COUNTED": list(ledger.COUNTED),
        "STRINGS": ledger.ledger_strings(),
        "WHY": WHY,
    }
    given = "".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items())
    script = (HERE / "ledger.js").read_text(encoding="utf-8").replace("export default", "const widget =")
    style = LOOK.read_text(encoding="utf-8") + (HERE / "ledger.css").read_text(encoding="utf-8")
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>Ledger</title><style>{style}</style></head>'
        '<body><main><h1>Deals</h1><div id="here"></div></main>'
        f'<script type="module">{script}\n{given}{MODEL}</script></body></html>'
    )


@pytest.fixture(scope="module")
def rows(ran):  # noqa: F811
    return ledger.ledger_rows(ran.record)


@pytest.fixture
def opened(chromium, rows, tmp_path):  # noqa: F811
    """Opens the widget in a window of a given width; fails on any error that the browser reports."""
    faults, pages = [], []

    def open_at(width=1200):
        path = tmp_path / "ledger.html"
        path.write_text(page_of(rows), encoding="utf-8")
        page = chromium.new_page(viewport={"width": width, "height": 900})
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.goto(path.as_uri())
        page.wait_for_selector(".ledger tbody tr")
        pages.append(page)
        return page

    yield open_at
    for page in pages:
        page.close()
    assert faults == []


def unpacked(data):
    table = json.loads(data)
    for row in range(table["length"]):
        yield {
            key: column["names"][column["codes"][row]] if isinstance(column, dict) else column[row]
            for key, column in table["columns"].items()
        }


def test_packing_loses_nothing(rows):
    keys = ("deal", *ledger.KINDS, *ledger.COUNTED)
    assert list(unpacked(ledger.pack(rows, keys))) == [{key: row[key] for key in keys} for row in rows]
    assert list(unpacked(ledger.pack([], keys))) == []


def test_a_record_is_packed_once(ran):  # noqa: F811
    assert ledger.packed_ledger(ran.record) is ledger.packed_ledger(ran.record)


def test_the_widget_asks_why_when_a_deal_is_opened():
    widget = Ledger(explain=lambda number: f"why {number}")
    widget.selected = 7
    assert widget.why == "why 7"
    widget.selected = -1
    assert widget.why == ""
    widget.close()


def test_the_table_filters_sorts_counts_and_turns_pages(opened, rows):
    page = opened()
    status = page.locator(".sums")
    assert f"{sum(row['contract'] for row in rows):,} deals" in status.inner_text()
    assert page.locator("tbody tr").count() == 50
    page.select_option('[data-key="stack"]', "China")
    page.select_option('[data-key="layer"]', "Cloud")
    kept = [row for row in rows if row["stack"] == "China" and row["layer"] == "Cloud"]
    assert (
        f"{sum(row['contract'] for row in kept):,} deals and {sum(row['renewal'] for row in kept):,} choices to renew"
        in status.inner_text()
    )
    page.click('thead button[data-key="value_bn"]')
    assert page.locator('th[aria-sort="descending"]').inner_text().startswith("Value")
    dearest = max(kept, key=lambda row: row["value_bn"])
    assert page.locator("tbody tr").first.locator("td").nth(2).inner_text() == dearest["country"]
    page.click('thead button[data-key="country"]')
    assert page.locator('th[aria-sort="ascending"]').count() == 1
    assert page.locator("tbody tr").first.locator("td").nth(2).inner_text() == min(row["country"] for row in kept)
    page.get_by_role("button", name="Clear all").click()
    page.get_by_role("button", name="Next page").click()
    assert page.locator(".where").inner_text().startswith("Page 2 of")
    page.fill('input[type="search"]', "turkiye")
    found = sum(row["contract"] for row in rows if row["country"] == "Türkiye")
    page.wait_for_function(
        "words => document.querySelector('.sums').textContent.startsWith(words)", arg=f"{found:,} deals"
    )
    page.fill('input[type="search"]', "no such thing")
    page.wait_for_selector("text=No deal fits.")


def test_sums_are_those_of_the_rows_that_fit(opened, rows):
    from stackcraft.viz.words.numbers import money

    page = opened()
    page.select_option('[data-key="stack"]', "US")
    mine = [row for row in rows if row["stack"] == "US"]
    said = page.locator(".sums").inner_text()
    assert (
        f"{money(sum(row['announced_bn'] for row in mine))} announced" in said
        and f"{money(sum(row['delivered_bn'] for row in mine))} delivered" in said
    )


def test_a_row_opens_by_click_and_by_key_and_tells_why(opened, rows):
    page = opened()
    page.locator("tbody tr").nth(1).locator("td").nth(3).click()
    page.wait_for_selector("tr.why .why-story")
    number = page.evaluate("window.saved")
    assert number == rows[1]["deal"] and page.locator("tr.why").inner_text() == f"Because of the price of {number}."
    assert page.locator('button[aria-expanded="true"]').count() == 1
    page.keyboard.press("Enter")  # the focus is on the row's button
    page.wait_for_selector("tr.why", state="detached")
    assert page.evaluate("window.saved") == -1


@pytest.mark.parametrize("width", [1200, 390])
def test_no_violation_is_found_by_axe(opened, width):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed: accessibility is not checked"
    )
    page = opened(width)
    page.locator("tbody .open").first.click()
    page.wait_for_selector("tr.why .why-story")
    found = axe.Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


def test_on_a_phone_rows_are_cards_within_the_width(opened):
    page = opened(390)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert page.locator("thead").is_hidden() and page.locator(".sorter select").is_visible()
    assert (
        page.locator("tbody td[data-title='Country']").first.evaluate(
            "node => getComputedStyle(node, '::before').content"
        )
        == '"Country"'
    )
    small = page.evaluate(
        "[...document.querySelectorAll('.ledger button, .ledger select, .ledger input')].filter(n => n.offsetParent "
        "&& n.offsetHeight < 24).length"
    )
    assert small == 0
    page.locator(".sorter select").select_option("value_bn")
    assert page.locator("tbody tr").first.is_visible()
