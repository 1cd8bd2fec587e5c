import base64
import html.parser
import json
import re
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from markupsafe import escape

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import IMPORTERS, LAYERS, STACKS
from stackcraft.experiments.evidence import claim_tests, staleness
from stackcraft.experiments.evidence.hindcast.declared import declared
from stackcraft.experiments.evidence.hindcast.stored import Evidence, stored
from stackcraft.experiments.leads import STATES, changes, leads
from stackcraft.viz import words
from stackcraft.viz.dashboard import strings
from stackcraft.viz.dashboard.pages.evidence import panels
from stackcraft.viz.dashboard.pages.evidence.naming import name_of
from stackcraft.viz.report import build, sections
from stackcraft.viz.report.build import build_comparison_report, build_report
from stackcraft.viz.report.scorecard import scorecard, summary


@pytest.fixture(scope="module")
def page(simulation, tmp_path_factory):
    return build_report(simulation, tmp_path_factory.mktemp("report") / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def comparison(simulation, other_simulation, tmp_path_factory):
    path = tmp_path_factory.mktemp("comparison") / "report.html"
    return build_comparison_report(simulation, other_simulation, path).read_text(encoding="utf-8")


def payload_of(page):
    return json.loads(re.search(r'<script type="application/json" id="payload">(.*?)</script>', page, re.S)[1])


def cells_of(payload, view=0):
    shape = (len(payload["years"]), len(payload["layers"]), len(payload["codes"]), 5)
    return np.frombuffer(base64.b64decode(payload["views"][view]["cells"]), np.uint8).reshape(shape)


class Reader(html.parser.HTMLParser):
    """Collects what a browser would load, the ids and the links, and checks that tags close."""

    EMPTY = {"meta", "input", "br", "link", "img", "hr", "option"}

    def __init__(self):
        super().__init__()
        self.loads, self.ids, self.links, self.open, self.wrong = [], [], [], [], []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if "src" in found or tag in ("link", "iframe", "object", "embed", "img"):
            self.loads.append((tag, found))
        if tag != "a" and ("href" in found or "xlink:href" in found):
            self.loads.append((tag, found))
        if tag == "a":
            self.links.append(found.get("href"))
        if "id" in found:
            self.ids.append(found["id"])
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in self.EMPTY:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("which", ["page", "comparison"])
def test_one_file_that_loads_nothing(which, request):
    text = request.getfixturevalue(which)
    reader = Reader()
    reader.feed(text)
    assert reader.loads == []
    assert reader.wrong == [] and reader.open == []
    style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    assert "@import" not in style
    assert all(address.startswith("#") for address in re.findall(r"url\(['\"]?([^)'\"]+)", text))
    assert not re.search(r"\bfetch\(|XMLHttpRequest|import\(|WebSocket|sendBeacon", text)
    assert len(text) < 3_000_000


@pytest.mark.parametrize("which", ["page", "comparison"])
def test_links_lead_somewhere_and_ids_are_unique(which, request):
    reader = Reader()
    reader.feed(request.getfixturevalue(which))
    assert len(reader.ids) == len(set(reader.ids))
    assert [link for link in reader.links if not (link.startswith("#") and link[1:] in reader.ids)] == []


@pytest.mark.parametrize("which", ["page", "comparison"])
def test_every_importer_is_on_the_map_and_in_the_table(which, request):
    text = request.getfixturevalue(which)
    drawn = set(re.findall(r'data-c="([A-Z]{3})"', text))
    assert drawn == set(IMPORTERS)
    table = re.search(r'<table id="country-table">(.*?)</table>', text, re.S)[1]
    assert set(re.findall(r"<td>([A-Z]{3})</td>", table)) == set(IMPORTERS)


def test_map_states_follow_the_data(page, simulation):
    found = leads(simulation.results)
    expected = {}
    for i, code in enumerate(simulation.results["country"].values):
        expected[code] = STATES[found.state[-1, 0, i]] + (" unsure" if found.open[-1, 0, i] else "")
    drawn = {code: state for state, code in re.findall(r'class="c ([\w ]+)" data-c="([A-Z]{3})"', page)}
    assert drawn == expected
    assert len(set(expected.values())) > 4  # the fixture would not notice much otherwise


def test_bytes_of_the_map_are_the_shares_of_the_dataset(page, simulation):
    payload = payload_of(page)
    cells = cells_of(payload)
    year, layer, country = 5, LAYERS.index("cloud"), IMPORTERS.index("KEN")
    mean = simulation.results["installed"].isel(year=year, layer=layer, country=country).mean("run").values
    assert cells[year, layer + 1, country, :3] / 200 == pytest.approx(mean, abs=0.005)
    assert list(np.floor(cells[year, layer + 1, country, :3] / 2 + 0.5)) == [
        round(100 * share) for share in mean
    ]  # as the page shows it
    alone = simulation.results["installed"].isel(year=year, country=country).mean(("run", "layer")).values
    assert cells[year, 0, country, :3] / 200 == pytest.approx(alone, abs=0.005)
    assert payload["names"][country] == "Kenya"


def test_numbers_in_the_country_table_are_those_of_the_dataset(page, simulation):
    table = re.search(r'<table id="country-table">(.*?)</table>', page, re.S)[1]
    row = re.search(r'<tr><th scope="row">Brazil</th>(.*?)</tr>', table)[1]
    cells = re.findall(r"<td>([^<]*)</td>", row)
    mean = simulation.results["installed"].sel(country="BRA").isel(year=-1).mean("run").values
    assert cells[0] == "BRA"
    assert [list(map(int, cell.split(" / "))) for cell in cells[2:]] == [
        [round(100 * value) for value in layer] for layer in mean
    ]


def test_headline_holds_the_numbers_and_changes_with_them(page, simulation, make_simulation, tmp_path):
    us = float(simulation.results["world_installed"].sel(weight="country", stack="US").isel(year=-1).mean())
    headline = re.search(r"<h1>(.*?)</h1>", page)[1]
    assert f"{100 * us:.0f}%" in headline and "2045" in headline
    turned = make_simulation()
    swap = turned.results.copy()
    for name in ("installed", "utilised", "world_installed", "world_utilised"):
        swap[name] = swap[name].isel(stack=[1, 0, 2]).assign_coords(stack=list(STACKS))
    turned.results = swap
    other = re.search(r"<h1>(.*?)</h1>", build_report(turned, tmp_path / "turned.html").read_text())[1]
    assert "the US stack holds" in headline and "the Chinese stack holds" in other
    assert f"{100 * us:.0f}%" in other


def test_share_tables_hold_the_numbers_of_the_dataset(page, simulation):
    table = re.search(r"<table[^>]*><caption>Share in use, weighted by GDP.*?</table>", page, re.S)[0]
    row = re.search(r'<th scope="row">Models, China</th>(.*?)</tr>', table)[1]
    last = simulation.results["world_utilised"].sel(weight="gdp", layer="models", stack="CN").isel(year=-1)
    cells = re.findall(r"<td>([^<]*)</td>", row)
    assert cells[-2] == f"{100 * float(last.mean()):.1f}%"
    low, high = np.quantile(last.values, [0.05, 0.95])
    assert cells[-1] == f"{100 * low:.1f}% to {100 * high:.1f}%"


def test_scorecard_is_computed_run_by_run(simulation):
    rows = {row.name: values for row, values in scorecard(simulation.results)}
    results = simulation.results
    delivered = (
        (results["delivered_bn"].sum("year") / results["announced_bn"].sum("year")).transpose("run", "stack").values
    )
    assert rows["built"] == pytest.approx(delivered)
    months, deals = results["months_to_operation"], results["operating_deals"]
    weighted = ((months * deals).sum("year") / deals.sum("year")).transpose("run", "stack").values
    assert rows["months_to_operation"] == pytest.approx(weighted)
    middle, low, high = summary(rows["built"])[0]
    assert low <= middle <= high and middle == pytest.approx(delivered[:, 0].mean())


def test_scorecard_shows_every_measure_asked_for(page):
    for title in (
        "Time to operation",
        "Utilisation",
        "Renewals",
        "Five-year retention",
        "Private capital",
        "Delivered against announced",
        "Default losses",
        "Public cost",
    ):
        assert f'<th scope="row">{title}<small>' in page, title


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("months_to_operation", -0.01, "0.0 months"),
        ("months_to_operation", -0.2, "-0.2 months"),
        ("won", -0.04, "0"),
        ("won", 12.0, "+12"),
        ("cost", 0.0, "$0"),
    ],
)
def test_differences_that_round_to_nothing_have_no_sign(simulation, name, value, shown):
    (row,) = [row for row, _ in scorecard(simulation.results) if row.name == name]
    assert words.change_in_unit(value, row.unit) == shown


def test_a_range_is_shown_only_where_runs_differ(simulation):
    (row,) = [row for row, _ in scorecard(simulation.results) if row.name == "cost"]
    assert sections._range(row, 0.0, 0.0) == "" and sections._range(row, 1.0, 2.0) == "$1.0 bn to $2.0 bn"


def test_a_measure_the_results_lack_is_left_out(simulation):
    rows = {row.name for row, _ in scorecard(simulation.results.drop_vars("adopters_5y"))}
    assert "retention" not in rows and "renewals" in rows


def test_contested_means_close_and_open_means_disputed(make_simulation):
    results = make_simulation().results.copy(deep=True)
    results["installed"].loc[{"country": "KEN"}] = np.array([0.36, 0.34, 0.30])
    results["installed"].loc[{"country": "BRA"}] = np.array([0.65, 0.25, 0.10])
    results["installed"].loc[{"country": "IND", "run": [0, 1, 2, 3]}] = np.array([0.80, 0.10, 0.10])
    results["installed"].loc[{"country": "IND", "run": [4, 5, 6, 7]}] = np.array([0.30, 0.60, 0.10])
    results["installed"].loc[{"country": "EGY"}] = np.array([0.20, 0.20, 0.60])
    results["installed"].loc[{"country": "TUV"}] = 0.0
    found = leads(results)
    state = {code: STATES[found.state[-1, 0, IMPORTERS.index(code)]] for code in ("KEN", "BRA", "IND", "EGY", "TUV")}
    assert state == {"KEN": "contested", "BRA": "us2", "IND": "us1", "EGY": "independent", "TUV": "none"}
    is_open = {code: bool(found.open[-1, 0, IMPORTERS.index(code)]) for code in state}
    assert is_open == {"KEN": False, "BRA": False, "IND": True, "EGY": False, "TUV": False}
    chance = found.disagreement[-1, 0]
    assert (
        chance[IMPORTERS.index("IND")] == pytest.approx(1 - 2 * 4 * 3 / (8 * 7)) and chance[IMPORTERS.index("KEN")] == 0
    )
    assert found.open_races().mean == pytest.approx(np.nansum(chance))
    assert found.counts()["none"] == 1 and sum(found.counts().values()) == len(IMPORTERS)


def test_changes_are_paired(simulation, make_simulation):
    results = simulation.results
    same = changes(results, results)
    assert not same.sure.any() and set(np.unique(same.state)) == {STATES.index("contested")}
    moved = results.copy(deep=True)
    shift = np.array([0.04, -0.04, 0.0])
    moved["installed"].loc[{"country": "KEN"}] = moved["installed"].sel(country="KEN") + shift
    found = changes(results, moved)
    kenya = IMPORTERS.index("KEN")
    assert found.shares[-1, 0, kenya] == pytest.approx(shift, abs=1e-9)
    assert STATES[found.state[-1, 0, kenya]] == "us2"
    assert found.sure[:, :, kenya].all() and found.sure.sum() == found.sure[:, :, kenya].size


def test_comparison_of_equals_says_so(simulation, tmp_path):
    text = build_comparison_report(simulation, simulation, tmp_path / "same.html").read_text()
    assert "end exactly alike" in re.search(r"<h1>(.*?)</h1>", text)[1]
    assert "no clear change 193" in text


def test_comparison_shows_what_was_changed(simulation, make_simulation, tmp_path):
    other = make_simulation(title="Other")
    other.scenario.levers = ("us_government.supply_bond=0.2",)
    other.scenario.presets = {"US": "lock-in", "CN": "status-quo-2025"}
    text = build_comparison_report(simulation, other, tmp_path / "c.html").read_text()
    section = re.search(r'id="unlike-title".*?</section>', text, re.S)[0]
    assert "us_government.supply_bond=0.2" in section and "lock-in" in section and "KEN" not in section


def test_comparison_needs_the_same_runs(simulation, make_simulation, tmp_path):
    with pytest.raises(InputError, match="differ along run"):
        build_comparison_report(simulation, make_simulation(runs=3), tmp_path / "c.html")
    assert list(tmp_path.iterdir()) == []


def test_assumptions_show_levers_with_default_and_judgement(page):
    section = re.search(r'<section id="assumptions".*?</section>', page, re.S)[0]
    row = re.search(r"<code>us_government.supply_bond</code>.*?</tr>", section, re.S)[0]
    assert "<td>0.9</td><td>0.1</td>" in row and "judgement" in row and "Downside" in row
    assert "<code>supply_fear</code>" in section and "status-quo-2025" in section and "Switched off" in section


def test_filled_cells_and_sources_reach_the_reader(make_simulation, tmp_path):
    from stackcraft.model.inputs import load_inputs

    run = make_simulation()
    run.inputs = load_inputs("world")
    text = build_report(run, tmp_path / "x.html").read_text()
    section = re.search(r'<section id="assumptions".*?</section>', text, re.S)[0]
    name, cells = max(run.inputs.filled.items(), key=lambda item: len(item[1]))
    assert f'<th scope="row">{name.replace("_", " ")}</th><td>{len(cells)}</td>' in section
    for code in ("TWN", "PSE"):
        assert code in section
    sources = re.search(r'<section id="sources".*?</section>', text, re.S)[0]
    assert "World Bank" in sources and "CC BY 4.0" in sources


def test_a_made_up_world_is_drawn_as_tiles(make_simulation, tmp_path):
    codes = [f"Q{letter}A" for letter in "BCDFGHJKLM"]
    text = build_report(make_simulation(countries=codes), tmp_path / "x.html").read_text()
    tiles = re.findall(r'<rect class="c [\w ]+" data-c="(\w+)" x="(\d+)" y="(\d+)" width="(\d+)"', text)
    assert [code for code, *_ in tiles] == codes
    lead_map = re.search(r'<svg id="map".*?</svg>', text, re.S)[0]
    assert len({(x, y) for _, x, y, _ in tiles}) == 10 and 'class="home"' not in lead_map
    assert "made up" in re.search(r'<section id="where".*?</section>', text, re.S)[0]


@pytest.mark.parametrize("which", ["page", "comparison"])
def test_the_evidence_is_that_of_the_dashboard(which, request):
    evidence, plan = stored(), declared()
    section = re.search(r'<section id="evidence".*?</section>', request.getfixturevalue(which), re.S)[0]
    assert panels.for_report(evidence, plan) in section
    assert escape(panels.headline(evidence, plan)) in section
    assert all(strings.text(f"evidence.title_{name}") in section for name in panels.SECTIONS[1:])
    for one in plan.tested():
        assert section.count(f"<h3>{escape(name_of(one.name))} ") == 1
    drawn = set(re.findall(r'data-country="([A-Z]{3})"', section))
    assert drawn == set(IMPORTERS)  # on its own map, which no script of the page repaints


def test_a_report_without_stored_scores_has_no_evidence(simulation, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "stored", lambda: Evidence((), (), {}))
    page = build_report(simulation, tmp_path / "x.html").read_text(encoding="utf-8")
    assert 'id="evidence"' not in page and 'href="#evidence"' not in page


def test_the_command_that_repeats_it(page, comparison, simulation, tmp_path):
    assert "stackcraft run made-up --runs 8 --seed 7 --years 2025:2045 --set us_government.supply_bond=0.9" in page
    assert "stackcraft compare made-up made-up --runs 8 --seed 7" in comparison
    manifest = {"repeat": "stackcraft run --manifest there.json", "facts_hash": "f00d", "commit": "c0ffee"}
    text = build_report(simulation, tmp_path / "x.html", manifest).read_text()
    assert "In the folder of this report" in text and "In the folder of this report" not in page
    assert "<pre>stackcraft run --manifest there.json</pre>" in text and "f00d" in text and "c0ffee" in text


def test_deals_are_told_with_their_reasons(page, simulation):
    section = re.search(r'<section id="deals".*?</section>', page, re.S)[0]
    assert section.count("<article") == 8
    deals = simulation.deals
    largest = deals.loc[(deals["value_bn"] * deals["win_probability"] * (1 - deals["win_probability"])).idxmax()]
    assert f"won (${largest['value_bn']:.1f} bn" in section
    for reason in ("close and large", "moved by support", "failed after signing"):
        assert reason in section


def scripted_rows(deals, outcomes):
    """Rows of origin scripted as the ledger has them: nobody bid, so there are no terms, no rival and no chance."""
    rows = deals.iloc[: len(outcomes)].copy()
    blank = [name for name in rows if name.startswith(("term_", "runner_up_term_"))]
    rows[[*blank, "utility", "runner_up_utility", "win_probability", "win_probability_unsupported"]] = np.nan
    rows["origin"], rows["runner_up"], rows["supported"], rows["financier"], rows["outcome"] = (
        "scripted",
        None,
        False,
        None,
        outcomes,
    )
    rows["ended"], rows["value_bn"] = (
        np.nan,
        999.0,
    )  # so large that one which failed must be among the deals that mattered
    return rows


def test_scripted_and_novated_deals_are_told(make_simulation, tmp_path):
    run = make_simulation()
    rows = scripted_rows(run.deals, ["novated", "cancelled", "operating", "pipeline"])
    rows["operating"] = [2030.5, np.nan, 2029.5, np.nan]
    run.deals = pd.concat([rows, run.deals.iloc[4:]], ignore_index=True)
    text = build_report(run, tmp_path / "x.html").read_text(encoding="utf-8")
    assert re.findall(r"\bnan\b|None", re.sub(r"<(script|style).*?</\1>", "", text, flags=re.S)) == []
    table = re.search(r'<section id="scripted".*?</section>', text, re.S)[0]
    assert (
        table.count('<th scope="row">') == 4
        and "took over; it began to operate in 2030" in table
        and table.count("$999 bn") == 4
    )
    cards = re.findall(r"<article.*?</article>", text, re.S)
    told = [card for card in cards if "outside any tender" in card]
    assert told and all("chance" not in card and "<svg" not in card for card in told)
    assert any("taken over by another vendor" in card for card in told)
    assert "novated, operating" in text


def test_without_scripted_deals_there_is_no_such_table(page):
    assert 'id="scripted"' not in page


def test_the_claims_stand_in_every_report(page, comparison):
    rows = claim_tests.stored()[0]
    found = claim_tests.tally(rows)
    for text in (page, comparison):
        section = re.search(r'<section id="claims".*?</section>', text, re.S)[0]
        assert (
            f"Of {len(rows)} claims {found['holds']} hold, {found['mostly holds']} mostly hold, "
            f"{found['open']} are open" in section
        )
        assert section.count('<th scope="row">') == len(rows)


def test_claims_measured_on_something_else_are_marked(simulation, monkeypatch, tmp_path):
    rows, about = claim_tests.stored()
    fresh = {**about, **staleness.hashes("claims")}
    for made, warned in ((fresh, False), ({**fresh, "code": "0" * 12}, True)):
        monkeypatch.setattr(claim_tests, "stored", lambda made=made: (rows, made))
        section = re.search(
            r'<section id="claims".*?</section>', build_report(simulation, tmp_path / "x.html").read_text(), re.S
        )[0]
        assert ("Measured on other code than the present" in section) == warned
    monkeypatch.setattr(claim_tests, "stored", lambda: ([], {}))
    assert 'id="claims"' not in build_report(simulation, tmp_path / "x.html").read_text()


def test_reports_without_deals_or_spread(make_simulation, tmp_path):
    alone = make_simulation(runs=1)
    alone.deals = None
    text = build_report(alone, tmp_path / "one.html").read_text()
    assert 'id="deals"' not in text and "One run shows one course of events" in text
    assert 'class="band' not in text


def test_titles_are_escaped(make_simulation, tmp_path):
    text = build_report(make_simulation(title="<script>alert(1)</script> & co"), tmp_path / "x.html").read_text()
    assert "<script>alert" not in text and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; co" in text


def test_missing_results_give_one_clear_line(simulation, make_simulation, tmp_path):
    broken = make_simulation()
    broken.results = broken.results.drop_vars(["world_installed", "true_hazard"])
    with pytest.raises(InputError, match="results lack world_installed, true_hazard") as caught:
        build_report(broken, tmp_path / "x.html")
    assert "\n" not in str(caught.value)
    broken.results = None
    with pytest.raises(InputError, match="run it first"):
        build_report(broken, tmp_path / "x.html")
    assert list(tmp_path.iterdir()) == []


def test_failed_runs_are_left_out(make_simulation, tmp_path):
    some = make_simulation()
    some.results["status"][:3] = 2
    some.results["installed"][:3] = np.nan
    text = build_report(some, tmp_path / "x.html").read_text()
    assert "<span>5 runs</span>" in text and "nan" not in re.search(r"<header>.*?</header>", text, re.S)[0].lower()
    some.results["status"][:] = 2
    with pytest.raises(InputError, match="every run failed"):
        build_report(some, tmp_path / "y.html")


def test_an_unwritable_place_leaves_nothing_behind(simulation, tmp_path):
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError):
        build_report(simulation, tmp_path / "taken")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


def test_the_same_run_gives_the_same_file(simulation, page, tmp_path):
    assert build_report(simulation, tmp_path / "again.html").read_text(encoding="utf-8") == page


def test_importing_viz_is_light():
    code = (
        "import sys, viz; print([m for m in ('numpy', 'xarray', 'pandas', 'jinja2', 'numba', 'scipy') if m "
        "in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
