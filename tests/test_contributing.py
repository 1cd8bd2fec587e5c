"""What CONTRIBUTING tells a newcomer to change is where it says."""

import re
from pathlib import Path

import pytest

from stackcraft.agents.strategies import importer
from stackcraft.model import events, indicators, measures
from stackcraft.model.loop import codes, shocks

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def test_every_file_and_folder_that_it_names_is_there():
    named = {
        place for place in re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.(?:md|lock|toml))`", TEXT) if "PAGE" not in place
    }
    here = {place for place in named if place.startswith(("agents", "model", "experiments", "viz", "tests", ".ci"))}
    assert len(here) > 25
    inside = {"runs/", "sweep/", "analyses/", "evidence/", "live/"}
    folders = {f"experiments/{name}" for name in inside} | {
        f"viz/dashboard/{name}" for name in ("pages/", "parts/", "strings/")
    }
    missing = [place for place in sorted(here | folders) if not (ROOT / place).exists()]
    assert missing == []


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (importer, "STRATEGIES"),
        (measures, "MEASURES"),
        (indicators, "SCORECARD"),
        (codes, "EVENT_KINDS"),
        (shocks, "WORLD"),
        (shocks, "rate_of"),
        (shocks, "happen"),
        (events, "EVENTS"),
    ],
)
def test_every_table_and_function_that_the_steps_name_is_there(module, name):
    assert hasattr(module, name) and f"`{name}`" in TEXT


def test_every_page_has_a_file_of_panels_and_words():
    for page in ("compare", "country", "deals", "explore", "matters", "model", "start"):
        assert (ROOT / "viz/dashboard/pages" / page / "panels.py").is_file()
        assert (ROOT / "viz/dashboard/strings/en" / f"{page}.toml").is_file()


def test_the_glossary_explains_some_thirty_words_each_once():
    words = [
        row.split("|")[1].strip()
        for row in TEXT.split("## Words")[1].split("##")[0].splitlines()
        if row.startswith("| ")
    ]
    assert 20 <= len(words) - 1 <= 36 and len(set(words)) == len(words)
