"""The report of findings: one file, offline, readable without charts, and honest about what it is."""

import html.parser
import os
import re
import shutil
import subprocess

import pytest

from stackcraft.experiments.analyses.finding import Column, Finding, Table
from stackcraft.viz.analysis_report.report import MOST_ROWS, about_rows, build_findings_report

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
FACTORS = [
    {
        "name": "supply_fear",
        "group": "uncertainty",
        "kind": "real",
        "low": 0.5,
        "high": 4.0,
        "unit": "",
        "sentence": "Weight <of> fear.",
        "judgement": True,
    },
    {
        "name": "US",
        "group": "strategy",
        "kind": "category",
        "values": ("contested-first", "hedge"),
        "sentence": "",
        "judgement": False,
    },
]
ABOUT = {
    "study": "policies",
    "rows": 4096,
    "nothing": None,
    "factors": FACTORS,
    "left_out": {"morris": "no <Morris> block"},
    "repeat": "stackcraft analyse all policies",
}


class Reader(html.parser.HTMLParser):
    """Collects what a browser would load, the ids and the links, and checks that tags close."""

    EMPTY = {"meta", "input", "br", "link", "img", "hr"}

    def __init__(self):
        super().__init__()
        self.loads, self.ids, self.links, self.open, self.wrong = [], [], [], [], []

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if (
            "src" in found
            or tag in ("link", "iframe", "object", "embed", "img")
            or (tag != "a" and ("href" in found or "xlink:href" in found))
        ):
            self.loads.append((tag, found))
        if tag == "a":
            self.links.append(found.get("href"))
        if "id" in found:
            self.ids.append(found["id"])
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.fixture(scope="module")
def page(findings, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    assert build_findings_report(findings, path, title="What <holds> up", story="A story & more.", about=ABOUT) == path
    return path.read_text(encoding="utf-8")


def test_one_file_that_loads_nothing_and_is_well_formed(page):
    reader = Reader()
    reader.feed(page)
    assert reader.loads == [] and reader.wrong == [] and reader.open == []
    assert len(reader.ids) == len(set(reader.ids))
    assert [link for link in reader.links if not (link.startswith("#") and link[1:] in reader.ids)] == []
    assert "http" not in page and "@import" not in page
    assert all(address.startswith("#") for address in re.findall(r"url\(['\"]?([^)'\"]+)", page))
    assert not re.search(r"\bfetch\(|XMLHttpRequest|import\(|WebSocket|sendBeacon", page)


def test_every_reference_of_a_chart_to_a_hatch_is_on_the_page(page):
    wanted = set(re.findall(r"url\(#(hatch-(?:below|missing))\)", page))
    assert wanted == {"hatch-below", "hatch-missing"} and all(f'<pattern id="{name}"' in page for name in wanted)


def test_sentences_come_first_then_charts_then_tables(page, findings):
    for number, one in enumerate(findings, 1):
        section = re.search(rf'<section id="finding-{number}".*?</section>', page, re.S)[0]
        assert section.index("<li>") < section.index("<svg")
        assert section.count("The same as a table") == len(one.charts)
        if one.tables:
            assert section.index("<svg") < section.rindex('class="figures"') < section.index("How it was computed")


def test_text_from_a_study_is_escaped(page):
    assert (
        "What &lt;holds&gt; up" in page
        and "Two pairs &lt;are&gt; stable &amp; survive" in page
        and "no &lt;Morris&gt; block" in page
    )
    assert "Weight &lt;of&gt; fear." in page and "<are>" not in page and "<holds>" not in page


def test_what_went_in_is_told_and_judgement_marked(page):
    assert "stackcraft analyse all policies" in page and "131072" in page and "bootstrap: 200" in page
    assert "1 of the 2 things varied rests on" in page and "0.5 to 4" in page and "contested-first, hedge" in page
    assert page.count("It is not a forecast.") == 1 and "Not a forecast." in page and "where judgement enters" in page
    assert ">nothing<" not in page


def test_a_report_without_extras_leaves_their_sections_out(findings, tmp_path):
    text = build_findings_report(findings[:1], tmp_path / "r.html", title="t", story="", about={}).read_text(
        encoding="utf-8"
    )
    assert "left-out" not in text and "What was varied:" not in text and "1 analysis" in text
    with pytest.raises(ValueError, match="at least one"):
        build_findings_report([], tmp_path / "none.html", title="t", story="", about={})


def test_a_report_that_cannot_be_written_leaves_nothing(findings, tmp_path, monkeypatch):
    path = tmp_path / "report.html"
    path.write_text("the one before", encoding="utf-8")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        build_findings_report(findings[:1], path, title="t", story="", about={})
    assert [one.name for one in tmp_path.iterdir()] == ["report.html"] and path.read_text(
        encoding="utf-8"
    ) == "the one before"


def test_a_table_too_long_for_a_page_says_where_the_rest_is(tmp_path):
    table = Table("Long", (Column("row"), Column("value", "", 0)), tuple((f"row {i}", i) for i in range(MOST_ROWS + 1)))
    text = build_findings_report(
        [Finding("x", "X", ("Said.",), (table,))], tmp_path / "r.html", title="t", story="", about={}
    ).read_text(encoding="utf-8")
    assert (
        f"The first {MOST_ROWS:,} of {MOST_ROWS + 1:,} rows" in text
        and text.count('<tr><th scope="row" class="word">row ') == MOST_ROWS
    )


def test_about_is_told_in_words():
    rows = about_rows(
        {"a_b": [1, 2.5], "none": None, "empty": {}, "options": {"draws": 200, "over": "mean"}, "yes": True}.items()
    )
    assert rows == [("a b", "1, 2.5"), ("options", "draws: 200; over: mean"), ("yes", "yes")]


@pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed: the page is not laid out")
def test_on_a_phone_nothing_sticks_out_and_the_narrow_charts_are_shown(page, tmp_path):
    probe = """<script>
    var box = document.createElement("iframe"); box.style.width = "360px"; box.style.height = "800px";
    box.src = "page.html";
    box.onload = function () {
      var one = box.contentDocument, root = one.documentElement, told = document.createElement("pre"); told.id = "seen";
      var shown = function (kind) { var first = one.querySelector(kind);
        return first && first.getBoundingClientRect().width > 0; };
      told.textContent = [root.scrollWidth - root.clientWidth, shown(".narrow-only"), shown(".wide-only")].join(" ");
      document.body.appendChild(told);
    };
    document.body.appendChild(box);</script>"""
    (tmp_path / "page.html").write_text(page, encoding="utf-8")
    (tmp_path / "probe.html").write_text(f"<!doctype html><body>{probe}</body>", encoding="utf-8")
    done = subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--allow-file-access-from-files",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--proxy-server=127.0.0.1:9",
            "--virtual-time-budget=3000",
            "--dump-dom",
            (tmp_path / "probe.html").as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    found = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout)
    assert found, done.stderr[-1000:]
    assert found[1] == "0 true false"
