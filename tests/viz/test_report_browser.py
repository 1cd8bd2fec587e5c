"""The report's script, driven in a real browser; skipped where none is installed."""

import json
import re
import subprocess

import pytest

from stackcraft.viz.report.build import build_comparison_report, build_report
from tests.viz.browsing import BROWSER

pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium or Chrome is installed: the report's script is not driven"
)

WATCH = """<script>
var faults = [], asked = [];
window.onerror = function (text) { faults.push(String(text)); };
new PerformanceObserver(function (list) { list.getEntries().forEach(function (one) { asked.push(one.name); });
  }).observe({ type: "resource", buffered: true });
</script>"""
DRIVE = """<script>
var seen = {}, text = function (id) { return document.getElementById(id).textContent; };
var set = function (id, value) { var box = document.getElementById(id); box.value = value;
  box.dispatchEvent(new Event("input")); };
document.querySelector('#map path[data-c="BRA"]').dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
seen.hover = text("card");
document.querySelector('#map circle[data-c="SGP"]').dispatchEvent(new MouseEvent("click", { bubbles: true }));
seen.circle = text("card");
document.getElementById("map").dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
seen.arrow = text("card");
set("search", "ken");
seen.search = text("card");
set("year", 0);
document.querySelector('[data-layer="3"]').click();
seen.counts = text("counts");
seen.kenya = document.querySelector('#map path[data-c="KEN"]').getAttribute("class");
seen.card = text("card");
var other = document.querySelector('[data-view="1"]');
if (other) { other.click(); seen.view = text("counts"); }
document.getElementById("theme").click();
seen.theme = document.documentElement.dataset.theme;
seen.faults = faults; seen.asked = asked;
  seen.wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
var told = document.createElement("pre"); told.id = "seen"; told.textContent = JSON.stringify(seen);
  document.body.replaceChildren(told);
</script>"""


def drive(page, folder):
    """Open the page in a browser without a network, use it, and return what it showed."""
    path = folder / "driven.html"
    path.write_text(page.replace("<head>", "<head>" + WATCH, 1).replace("</body>", DRIVE + "</body>"), encoding="utf-8")
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
            f"--user-data-dir={folder / 'profile'}",
            "--window-size=600,900",
            "--proxy-server=127.0.0.1:9",
            "--dump-dom",
            path.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=120,
    )
    found = re.search(r'<pre id="seen">(.*?)</pre>', done.stdout, re.S)
    assert found, done.stderr[-2000:]
    return json.loads(found[1].replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))


def test_the_map_answers_to_pointer_keys_search_and_scrubber(simulation, tmp_path):
    seen = drive(build_report(simulation, tmp_path / "report.html").read_text(encoding="utf-8"), tmp_path)
    assert seen["faults"] == [] and seen["asked"] == []
    assert seen["hover"].startswith("Brazil") and seen["circle"].startswith("Singapore")
    assert not seen["arrow"].startswith("Singapore") and seen["search"].startswith("Kenya")
    assert seen["counts"].startswith("2025, cloud:")
    share = float(simulation.results["installed"].sel(country="KEN", layer="cloud", stack="US").isel(year=0).mean())
    assert f"US{round(100 * share)}%" in seen["card"] and seen["kenya"].endswith(" on")
    assert seen["theme"] in ("light", "dark")
    assert seen["wide"] <= 0  # nothing sticks out sideways on a narrow window


def test_the_arms_of_a_comparison_can_be_shown(simulation, other_simulation, tmp_path):
    page = build_comparison_report(simulation, other_simulation, tmp_path / "report.html").read_text(encoding="utf-8")
    seen = drive(page, tmp_path)
    assert seen["faults"] == [] and seen["asked"] == []
    assert "towards the US" in seen["counts"] and "US leads" in seen["view"]
    assert seen["wide"] <= 0
