"""The small scripts of the pages, driven in a real browser; skipped where none is installed."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from markupsafe import Markup

from stackcraft.viz.dashboard.pages.model import panels as model_page
from stackcraft.viz.dashboard.parts import glossary

BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium or Chrome is installed: the dashboard's small scripts are not driven"
)
FOLDER = Path(glossary.__file__).parents[1] / "static"

DRIVE = """
var seen = {}, button = document.querySelector(".term button"), means = document.querySelector(".means");
var open = function () { return means.matches(":popover-open"); };
var send = function (kind, event) {
  button.dispatchEvent(event || new MouseEvent(kind, { bubbles: true, cancelable: true })); };
seen.first = open();
send("mouseover"); seen.hover = open();
var box = means.getBoundingClientRect();
seen.inside = box.left >= 0 && box.right <= innerWidth && box.top >= 0 && box.bottom <= innerHeight;
send("", new KeyboardEvent("keydown", { key: "Escape", bubbles: true })); seen.escape = open();
send("mouseover"); seen.hushed = open();
document.body.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
button.click(); seen.tap = open(); button.click(); seen.again = open();
send("", new FocusEvent("focusout", { bubbles: true })); seen.left = open();
send("", new FocusEvent("focusin", { bubbles: true })); seen.focus = open();
var field = document.querySelector("#assumptions input"), rows = function () {
  return document.querySelectorAll("#all-parameters tbody tr:not([hidden])").length; };
seen.offered = getComputedStyle(field.closest(".filter")).display;
seen.all = rows();
field.value = "price_taste"; field.dispatchEvent(new Event("input", { bubbles: true }));
seen.found = rows(); seen.said = document.querySelector("#assumptions output").textContent;
seen.opened = document.querySelectorAll("#all-parameters > details[open]:not([hidden])").length;
field.value = ""; field.dispatchEvent(new Event("input", { bubbles: true })); seen.back = rows();
var told = document.createElement("pre"); told.id = "seen";
told.textContent = JSON.stringify(seen); document.body.replaceChildren(told);
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    folder = tmp_path_factory.mktemp("scripts")
    css, scripts = (
        "".join((FOLDER / name).read_text() for name in names)
        for names in (("glossary.css", "reading.css"), ("glossary.js", "filter.js"))
    )
    body = Markup('<p style="margin-left: 90vw">{}</p>{}').format(glossary.term("contested"), model_page.assumptions())
    path = folder / "driven.html"
    path.write_text(
        f"<!doctype html><meta charset=utf-8><style>{css}</style><body>{body}<script>{scripts}{DRIVE}</script></body>",
        encoding="utf-8",
    )
    done = subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
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
    return json.loads(found[1])


def test_a_meaning_opens_on_hover_focus_and_tap_within_the_window(seen):
    assert not seen["first"]
    assert seen["hover"] and seen["focus"] and seen["tap"] and seen["again"]
    assert seen["inside"]


def test_escape_closes_a_meaning_and_keeps_it_closed_under_the_pointer(seen):
    assert not seen["escape"] and not seen["hushed"]
    assert not seen["left"]


def test_the_filter_shows_what_fits_and_says_how_much(seen):
    assert seen["offered"] != "none"
    assert 0 < seen["found"] < seen["all"] == seen["back"]
    assert seen["opened"] >= 1
    assert seen["said"].startswith(f"{seen['found']} of {seen['all']}")
