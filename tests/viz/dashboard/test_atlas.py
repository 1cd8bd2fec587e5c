"""The world map's numbers in Python, and its script driven in a real browser on a page without a server behind it."""

import functools
import http.server
import json
import re
import shutil
import threading
import xml.etree.ElementTree as ElementTree
from base64 import b64encode
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("anywidget", reason="anywidget is not installed: the dashboard's widgets are not tested")

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import IMPORTERS, LAYERS
from stackcraft.experiments.leads import STATES, changes, leads
from stackcraft.viz.dashboard.widgets import atlas
from stackcraft.viz.map import shapes as shapes_module
from stackcraft.viz.map import world_map
from stackcraft.viz.map.shapes import HOMES, shapes
from stackcraft.viz.map.tiles import COLUMNS, ROWS, tile_places, with_homes

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
LOOK = (
    Path(shapes_module.__file__).parents[1] / "look.css"
)  # the tokens and classes that the widget takes from its page

# The model of a widget as the script sees it: `set` and `python` stand for the two sides.
MODEL = """
function fakeModel(values) {
  const on = {}, call = name => (on[name] || []).slice().forEach(act => act());
  return { sent: [], get: name => values[name],
    set(name, value) { values[name] = value; this.sent.push([name, value]); call("change:" + name); },
    python(changes) { Object.assign(values, changes); Object.keys(changes).forEach(name => call("change:" + name)); },
    save_changes() {}, on(name, act) { (on[name] = on[name] || []).push(act); },
    off(name, act) { on[name] = (on[name] || []).filter(one => one !== act); },
    listeners: () => Object.values(on).reduce((sum, one) => sum + one.length, 0) };
}
window.saved = [];
URL.createObjectURL = (make => blob => { window.saved.push(blob); return make.call(URL, blob); })(URL.createObjectURL);
"""
NUMBERS = "document.querySelector('.atlas-card dl').innerText.split(/\\n+/).filter(one => /[0-9]/.test(one))"


# ---- in Python


def test_shapes_hold_every_importer_and_home_once():
    found = json.loads(atlas.shapes_json())
    codes = [one[0] for one in found["shapes"]]
    assert len(codes) == len(set(codes)) and {*IMPORTERS, *HOMES} <= set(codes)
    places = [tuple(place) for place in found["tiles"]["places"].values()]
    assert len(places) == len(set(places)) == len(IMPORTERS) + len(HOMES)
    assert all(0 <= column < COLUMNS and 0 <= row < ROWS for column, row in places)
    assert set(found["homes"]) == set(HOMES) and set(found["homes"].values()) <= set(atlas.strings())


def test_tiles_keep_what_is_west_and_north():
    places = tile_places(with_homes(IMPORTERS, HOMES))
    assert places["CAN"][1] < places["MEX"][1] < places["BRA"][1] < places["ARG"][1] + 1
    assert places["PRT"][0] < places["DEU"][0] < places["KAZ"][0] < places["JPN"][0] < places["TUV"][0]
    centres = np.array([shapes()[code].centre for code in places if code != "KIR"])
    squares = np.array([place for code, place in places.items() if code != "KIR"])
    for axis in (0, 1):
        assert np.corrcoef(centres[:, axis], squares[:, axis])[0, 1] > 0.9


def test_shares_in_bytes_round_as_they_should():
    shares = np.linspace(0, 1, 10_001)
    found = world_map._share_bytes(shares)
    assert np.array_equal(np.floor(found / 2 + 0.5), np.floor(shares * 100 + 0.5))
    assert np.abs(found / 200 - shares).max() <= 0.005
    assert world_map._share_bytes(np.array([np.nan]))[0] == world_map.UNKNOWN


def test_every_fill_has_a_style_and_every_pattern_exists():
    style = atlas.Atlas._css
    patterns = set(re.findall(r'id="m-([\w-]+)"', atlas.patterns()))
    assert set(re.findall(r"var\(--m-([\w-]+)\)", str(style))) == patterns
    for lines in atlas.legends().values():
        for name, words in lines:
            assert words and all(f".c.{one} " in str(style) for one in name.split())


def test_the_script_says_only_what_the_catalogue_holds():
    asked = set(re.findall(r"\bsay\.(\w+)", atlas.script()))
    assert asked <= set(atlas.strings()) and {f"mode_{mode}" for mode in atlas.MODES} <= set(atlas.strings())


def test_groups_of_the_world():
    from stackcraft.model.inputs import load_inputs

    inputs = load_inputs("world")
    groups = {one["name"]: one["codes"] for one in atlas.named_groups(inputs)}
    for kind in ("region", "income"):
        members = [code for name, codes in groups.items() if name.startswith(kind) for code in codes]
        assert sorted(members) == sorted(IMPORTERS)
    assert "KEN" in groups["region:Africa"]
    assert set(groups["alliance:treaty"]) <= {*groups["alliance:us"], *groups["alliance:both"]}


def test_a_group_of_the_map_s_filter_and_of_the_table_under_one_title_has_the_same_countries():
    from stackcraft.model.inputs import load_inputs
    from stackcraft.viz.dashboard.pages.explore import panels

    inputs = load_inputs("world")
    titled = {one["title"]: one["codes"] for one in atlas.named_groups(inputs)}
    for by in panels.GROUPINGS:
        for title, members in panels.groups(inputs, by).items():
            assert titled.get(title, []) == np.array(inputs.iso3)[members].tolist(), title


def test_show_packs_the_numbers(simulation):
    found, results = leads(simulation.results), simulation.results
    widget = atlas.Atlas()
    years, codes = results["year"].values, [str(code) for code in results["country"].values]
    widget.show([("Baseline", found)], years, codes, results.sizes["run"], year=int(years[0]), title="Who leads")
    cells = np.frombuffer(widget.cells[0], np.uint8).reshape(len(years), len(LAYERS) + 1, len(codes), 5)
    kenya = codes.index("KEN")
    assert abs(cells[3, 2, kenya, 0] / 200 - found.shares[3, 2, kenya, 0]) <= 0.005
    assert STATES[cells[3, 2, kenya, 4] & 15] == STATES[found.state[3, 2, kenya]]
    assert widget.year == years[0] and widget.views == [{"name": "lead", "title": "Baseline"}]
    with pytest.raises(InputError, match="years, layers and countries make"):
        widget.show([("Baseline", found)], years[:-1], codes, 8)
    with pytest.raises(InputError, match="1 to 3"):
        widget.show([("Baseline", found)] * 4, years, codes, 8)
    with pytest.raises(InputError, match="no trait 'colour'"):
        widget.show([("Baseline", found)], years, codes, 8, colour="red")


# ---- in the browser


class Site:
    """Pages of one or more widgets on a local server, and a browser that reports what went wrong."""

    def __init__(self, folder, address, browser):
        self.folder, self.address, self.browser, self.pages, self.faults, self.asked = (
            folder,
            address,
            browser,
            0,
            [],
            [],
        )

    def open(self, *widgets, width=1280, height=900, dark=False):
        """A page with a widget for every dict of traits, as `models[0]`, `models[1]`, ... in the page."""
        packed = [[b64encode(cell).decode() for cell in traits["cells"]] for traits in widgets]
        plain = json.dumps([{key: value for key, value in traits.items() if key != "cells"} for traits in widgets])
        look = LOOK.read_text(encoding="utf-8")
        self.pages += 1
        name = f"page{self.pages}.html"
        (self.folder / name).write_text(
            f'<!doctype html><html lang="en"{" data-theme=dark" if dark else ""}><head><meta charset="utf-8">'
            "<title>Atlas</title>"
            '<link rel="icon" href="data:,"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<style>{look}</style><style>{atlas.Atlas._css}</style></head><body><main><h1>Atlas</h1></main>"
            f'<script type="module">import atlas from "./atlas.js"; {MODEL}'
            f"const cells = {json.dumps(packed)}; window.models = []; window.endings = [];"
            f"{plain}.forEach((traits, i) => {{"
            "traits.cells = cells[i].map(text => new DataView(Uint8Array.from(atob(text), one => "
            "one.charCodeAt(0)).buffer));"
            'const spot = document.createElement("div"); spot.id = "spot" + i; '
            'document.querySelector("main").append(spot);'
            "models.push(fakeModel(traits)); endings.push(atlas.render({ model: models[i], el: spot })); });"
            "</script></body></html>",
            encoding="utf-8",
        )
        page = self.browser.new_page(viewport={"width": width, "height": height})
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
        page.on("request", lambda request: self.asked.append(request.url))
        page.goto(f"{self.address}/{name}")
        page.wait_for_selector(".atlas-map [data-c=KEN]", state="attached")
        return page


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: the map's script is not driven"
    )
    if BROWSER is None:
        pytest.skip("no Chromium or Chrome is installed: the map's script is not driven")
    folder = tmp_path_factory.mktemp("atlas")
    (folder / "atlas.js").write_text(atlas.script(), encoding="utf-8")
    (folder / "shapes.json").write_bytes(atlas.shapes_json())
    quiet = type("Quiet", (http.server.SimpleHTTPRequestHandler,), {"log_message": lambda *_: None})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        made = Site(folder, f"http://127.0.0.1:{server.server_port}", browser)
        yield made
        browser.close()
    server.shutdown()
    assert made.faults == []
    assert all(url.startswith((made.address, "blob:", "data:")) for url in made.asked)


@pytest.fixture(scope="module")
def numbers(simulation, other_simulation):
    first, second = simulation.results, other_simulation.results
    return {"a": leads(first), "b": leads(second), "difference": changes(first, second), "results": first}


@pytest.fixture(scope="module")
def traits(numbers):
    """All traits of a widget that shows A, or A, B and the difference."""

    def make(views=("a",), **changed):
        results = numbers["results"]
        codes = [str(code) for code in results["country"].values]
        widget = atlas.Atlas()
        names = atlas.country_names(codes, [{"CIV": "Côte d'Ivoire", "KEN": "Kenya"}.get(code, code) for code in codes])
        groups = [{"name": "region:Africa", "title": "Africa", "kind": "Region", "codes": ["KEN", "CIV", "EGY"]}]
        widget.show(
            [(f"View {name}", numbers[name]) for name in views],
            results["year"].values,
            codes,
            results.sizes["run"],
            names,
            year=int(results["year"].values[-1]),
            title="Who leads where",
            caption=["Source: a test.", "Licence: Apache-2.0."],
            shapes_url="shapes.json",
            groups=groups,
            country_href="/country?c={code}&y={year}",
            csv_href="/csv?y={year}&l={layer}",
            **changed,
        )
        return {name: getattr(widget, name) for name in widget.trait_names(sync=True) if not name.startswith("_")} | {
            "layout": None
        }

    return make


def classes(page):
    return page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('.atlas-map path[data-c]:not(.round)')]"
        ".map(mark => [mark.dataset.c, mark.getAttribute('class').replace(/^c /, '')]))"
    )


def scrub(page, index):
    page.evaluate(
        "i => { const s = document.querySelector('.atlas-track input'); s.value = i; s.dispatchEvent(new "
        "Event('input')); }",
        index,
    )


def test_the_map_shows_the_states_of_year_and_layer(site, traits, numbers):
    page, found = site.open(traits()), numbers["a"]
    codes = traits()["codes"]
    assert classes(page) == world_map.state_names(found.state[-1, 0], codes, found.open[-1, 0])
    scrub(page, 4)
    page.locator(".atlas-layers").get_by_text("Cloud", exact=True).click()
    page.wait_for_timeout(50)
    layer = 1 + LAYERS.index("cloud")
    assert classes(page) == world_map.state_names(found.state[4, layer], codes, found.open[4, layer])
    us = sum(STATES[state].startswith("us") for state in found.state[4, layer])
    assert f"US leads {us}," in page.inner_text(".atlas-counts")
    assert page.get_attribute(".atlas-save a", "href") == f"/csv?y={traits()['years'][4]}&l=cloud"


def test_a_scrub_changes_only_what_differs(site, traits, numbers):
    page, found = site.open(traits()), numbers["a"]
    page.evaluate(
        "window.changed = []; new MutationObserver(list => list.forEach(one => "
        "window.changed.push(one.target.dataset.c)))"
        ".observe(document.querySelector('.atlas-map'), { subtree: true, attributes: true, attributeFilter: "
        "['class'] });"
        "stackcraftAtlas.paints = 0"
    )
    scrub(page, len(traits()["years"]) - 2)
    page.wait_for_timeout(60)
    names = [world_map.state_names(found.state[year, 0], traits()["codes"], found.open[year, 0]) for year in (-1, -2)]
    differ = {code for code in names[0] if names[0][code] != names[1][code]}
    assert differ and set(page.evaluate("window.changed")) == differ
    meter = page.evaluate("stackcraftAtlas")
    assert meter["paints"] == 1 and 0 < meter["lastScript"] <= meter["lastPaint"]


def test_the_year_is_told_once_and_late_and_python_moves_it_too(site, traits):
    page, years = site.open(traits()), traits()["years"]
    for index in (1, 2, 3):
        scrub(page, index)
    assert page.evaluate("models[0].sent") == []
    page.wait_for_timeout(400)
    assert page.evaluate("models[0].sent") == [["year", years[3]]]
    page.evaluate(f"models[0].python({{ year: {years[0]}, layer: 'chips', mode: 'share_CN' }})")
    page.wait_for_timeout(50)
    assert page.input_value(".atlas-track input") == "0" and page.inner_text(".atlas-kind") == "estimate"
    assert page.locator(".atlas-layers input:checked").get_attribute("value") == "chips"
    assert set(classes(page).values()) <= {f"cn-share{step}" for step in range(1, 6)} | {"none"}
    page.evaluate("models[0].python({ country: 'KEN' })")
    assert page.inner_text(".atlas-card h3").startswith("Kenya")
    assert page.evaluate("models[0].sent.length") == 1  # what came from Python does not go back


def test_play_runs_to_the_end_and_tells_the_year_then(site, traits):
    page, years = site.open(traits()), traits()["years"]
    page.select_option(".atlas-pace select", "30")
    page.click(".atlas-play")
    assert page.inner_text(".atlas-play") == "Pause"
    page.wait_for_function("document.querySelector('.atlas-play').textContent === 'Play'")
    page.wait_for_timeout(300)
    assert page.inner_text(".atlas-year output") == str(years[-1]) and page.evaluate("stackcraftAtlas.frames") > 1
    page.keyboard.press("Shift+Tab")
    page.get_by_label("One year back").click()
    page.wait_for_timeout(300)
    assert page.evaluate("models[0].sent.at(-1)") == ["year", years[-2]]


def test_hover_tap_keys_and_search_give_the_same_card(site, traits, numbers):
    page, codes = site.open(traits()), traits()["codes"]
    page.evaluate(
        "document.querySelector('[data-c=KEN]').dispatchEvent(new PointerEvent('pointermove', { bubbles: true, "
        "pointerType: 'mouse' }))"
    )
    hovered = page.inner_text(".atlas-card")
    shares = numbers["a"].shares[-1, 0, codes.index("KEN")]
    assert page.evaluate(NUMBERS) == [f"{int(np.floor(100 * share + 0.5))}%" for share in shares]
    assert page.evaluate("models[0].sent") == []
    page.evaluate("document.querySelector('[data-c=KEN]').dispatchEvent(new MouseEvent('click', { bubbles: true }))")
    assert page.inner_text(".atlas-card") == hovered and page.evaluate("models[0].sent") == [["country", "KEN"]]
    assert page.get_attribute(".atlas-foot a", "href") == f"/country?c=KEN&y={traits()['years'][-1]}"
    page.focus(".atlas-map")
    page.keyboard.press("ArrowRight")
    assert not page.inner_text(".atlas-card").startswith("Kenya")
    page.wait_for_function("/leads|lead|Contested/.test(document.querySelector('.atlas [role=status]').textContent)")
    page.keyboard.press("Escape")
    assert page.evaluate("models[0].get('country')") == ""
    page.fill(".atlas input[type=search]", "ivory coast")
    assert page.inner_text(".atlas-card h3").startswith("Côte d'Ivoire")
    page.fill(".atlas input[type=search]", "cote d")
    page.press(".atlas input[type=search]", "Enter")
    assert page.input_value(".atlas input[type=search]") == "Côte d'Ivoire"
    page.fill(".atlas input[type=search]", "ken")
    assert page.inner_text(".atlas-card h3").startswith("Kenya")
    page.press(".atlas input[type=search]", "Escape")
    assert page.evaluate("models[0].get('country')") == ""


def test_a_small_state_is_chosen_by_its_circle_and_near_it(site, traits):
    page = site.open(traits())
    box = page.locator(".atlas-map path.round[data-c=SYC]").bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] + 5)  # in the water beside it
    assert page.evaluate("models[0].get('country')") == "SYC"


def test_pins_and_recent_ones_last(site, traits):
    page = site.open(traits(country="KEN"))
    page.get_by_role("button", name="Pin", exact=True).click()
    page.reload()
    page.wait_for_selector(".atlas-chips")
    page.get_by_role("button", name="Unpin Kenya").click()
    assert page.evaluate("localStorage.getItem('stackcraft.pinned')") == "[]"


def test_the_table_holds_the_map_and_sorts(site, traits, numbers):
    page, codes = site.open(traits(views=("a", "b", "difference"), tab="table")), traits()["codes"]
    row = (
        page.locator(".atlas-table tbody tr", has=page.get_by_role("button", name="Kenya", exact=True))
        .locator("td")
        .all_inner_texts()
    )
    kenya = codes.index("KEN")
    for view, name in enumerate(("a", "b")):
        shares = numbers[name].shares[-1, 0, kenya]
        assert row[5 * view : 5 * view + 3] == [f"{int(np.floor(100 * share + 0.5))}%" for share in shares]
    moved = numbers["difference"].shares[-1, 0, kenya]
    assert [abs(float(text) / 100 - value) < 0.0026 for text, value in zip(row[10:13], moved, strict=True)] == [
        True
    ] * 3
    page.locator("thead button", has_text="US").first.click()
    found = [
        int(text.rstrip("%"))
        for text in page.locator(".atlas-table tbody tr td:nth-child(2)").all_inner_texts()
        if "%" in text
    ]
    assert len(found) > 100 and found == sorted(found, reverse=True)
    assert page.get_attribute(".atlas-table thead tr:last-child th:nth-child(2)", "aria-sort") == "descending"
    page.get_by_role("tab", name="Table").press("ArrowLeft")
    assert page.locator(".atlas-map").count() == 3 and page.evaluate("models[0].get('tab')") == "map"


def test_a_group_fades_the_others_and_tells_its_mean(site, traits, numbers):
    page, codes = site.open(traits()), traits()["codes"]
    page.get_by_label("Countries").select_option("region:Africa")
    page.wait_for_timeout(50)
    assert {code for code, name in classes(page).items() if not name.endswith("off")} == {"KEN", "CIV", "EGY"}
    mean = 100 * np.mean([numbers["a"].shares[-1, 0, codes.index(code), 0] for code in ("KEN", "CIV", "EGY")])
    told = int(re.search(r"US (\d+)%", page.inner_text(".atlas-group"))[1])
    assert abs(told - mean) < 1
    assert "(3 countries)" in page.inner_text(".atlas-group")


def test_tiles_and_every_mode_paint_every_country(site, traits):
    page = site.open(traits(views=("a", "difference")))
    for drawing in ("map", "tiles"):
        for mode in atlas.MODES:
            page.evaluate("([mode, drawing]) => models[0].python({ mode, drawing })", [mode, drawing])
            page.wait_for_timeout(40)
            legend = {
                name
                for kind in (mode, f"{mode} of difference", "difference")
                for name, _ in atlas.legends().get(kind, ())
            }
            plain = {name.removesuffix(" unsure") for name in classes(page).values()}
            assert plain <= {name.removesuffix(" unsure") for name in legend} | {"none"}, mode
            fills = page.evaluate(
                "[...new Set([...document.querySelectorAll('.atlas-map path[data-c]')].map(one => "
                "getComputedStyle(one).fill))]"
            )
            assert "rgb(0, 0, 0)" not in fills and len(fills) >= 2, (mode, fills)
    assert page.locator(".tile-name", has_text="KEN").count() == 2


@pytest.mark.parametrize("drawing, tab", (("map", "map"), ("tiles", "table")))
def test_the_saved_picture_stands_alone(site, traits, drawing, tab):
    page = site.open(traits(views=("a", "difference"), drawing=drawing, tab=tab))
    with page.expect_download() as download:
        page.get_by_role("button", name="Map as SVG").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert download.value.suggested_filename == f"stackcraft-all-{traits()['years'][-1]}.svg"
    root = ElementTree.fromstring(text.split("\n", 1)[1])
    assert "var(" not in text and "class=" not in text and "color-mix" not in text and "color(" not in text
    ids = {one.get("id") for one in root.iter() if one.get("id")}
    assert set(re.findall(r"url\(#([\w-]+)\)", text)) <= ids and len(ids) > 20
    words = " ".join(one.text or "" for one in root.iter("{http://www.w3.org/2000/svg}text"))
    for told in (
        "Who leads where",
        "Source: a test.",
        "Licence: Apache-2.0.",
        str(traits()["years"][-1]),
        "View difference",
        "contested",
    ):
        assert told in words
    with page.expect_download() as download:
        page.get_by_role("button", name="Map as PNG").click()
    assert download.value.path().read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_two_widgets_do_not_meet(site, traits):
    page = site.open(traits(), traits(views=("a", "b", "difference")))
    page.wait_for_function("document.querySelectorAll('.atlas-map').length === 4")
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
    assert len(ids) == len(set(ids))
    page.evaluate("models[0].python({ layer: 'chips', country: 'KEN' })")
    page.wait_for_timeout(50)
    assert page.locator("#spot1 .atlas-layers input:checked").get_attribute("value") == "all"
    assert len([url for url in site.asked if url.endswith("shapes.json")]) <= site.pages + 1
    page.evaluate("endings[0]()")
    assert page.locator("#spot0 *").count() == 0 and page.evaluate("models[0].listeners()") == 0


def test_more_views_new_numbers_and_none(site, traits):
    page, more = site.open(traits()), traits(views=("a", "b"))
    cells = [b64encode(cell).decode() for cell in more["cells"]]
    page.evaluate(
        "([views, cells]) => models[0].python({ views, cells: cells.map(text => new "
        "DataView(Uint8Array.from(atob(text), one => one.charCodeAt(0)).buffer)) })",
        [more["views"], cells],
    )
    page.wait_for_function("document.querySelectorAll('.atlas-map').length === 2")
    assert "View b: US leads" in page.inner_text(".atlas-counts")
    page.evaluate("models[0].python({ views: [], cells: [] })")
    page.wait_for_timeout(50)
    assert page.inner_text(".atlas-status") == atlas.strings()["waiting"]


def test_a_made_up_world_is_drawn_as_tiles(site, traits):
    made_up = traits()
    made_up["codes"] = [f"X{i:02d}" for i in range(len(made_up["codes"]) - 1)] + ["KEN"]
    page = site.open(made_up)
    assert page.locator(".tile-name", has_text="X07").count() == 1


def test_nothing_sticks_out_on_a_phone_and_targets_are_large(site, traits):
    page = site.open(traits(views=("a", "b", "difference"), country="KEN"), width=390, height=844)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    small = page.evaluate(
        "[...document.querySelectorAll('.atlas button, .atlas select, .atlas input:not([type=radio]), .atlas "
        ".atlas-segments label, .atlas-foot a, .atlas-save a')]"
        ".filter(one => one.offsetParent).map(one => [one.textContent, one.getBoundingClientRect()]).filter(one => "
        "one[1].height < 24 || one[1].width < 24).map(one => one[0])"
    )
    assert small == []


@pytest.mark.parametrize("dark", (False, True))
@pytest.mark.parametrize("tab", ("map", "table"))
def test_axe_finds_nothing_serious(site, traits, dark, tab):
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed: no accessibility check"
    )
    page = site.open(traits(views=("a", "difference"), country="KEN", tab=tab), dark=dark)
    found = axe.Axe().run(page).response["violations"]
    assert [
        (one["id"], one["nodes"][0]["html"][:120]) for one in found if one["impact"] in ("serious", "critical")
    ] == []
