"""The page that says whether everything is there: what is missing is told apart from what is found."""

import os

import pytest

pytest.importorskip("solara", reason="Solara is not installed: the self-test cannot look for its parts")

from stackcraft.viz.dashboard import assets, server
from stackcraft.viz.dashboard.pages.selftest import page as selftest


@pytest.fixture(scope="module", autouse=True)
def made():
    before = dict(os.environ)
    server.make_app()
    yield
    os.environ.clear()
    os.environ.update(before)


def found():
    return {name: here for name, here, _ in selftest.parts()}


def test_everything_is_found_here():
    assert {name for name, here in found().items() if not here} <= {"cache"}  # nothing may have been compiled yet


@pytest.mark.parametrize(("part", "place", "name"), [("style", assets, "LOOK"), ("script", assets, "SCRIPTS")])
def test_a_file_that_is_gone_is_missing(monkeypatch, tmp_path, part, place, name):
    monkeypatch.setattr(place, name, [tmp_path / "gone"])
    assert found()[part] is False


def test_assets_that_a_page_asks_for_are_missed(monkeypatch, tmp_path):
    monkeypatch.setattr(assets, "solara_files", lambda: tmp_path)
    monkeypatch.setattr(assets, "font", lambda: None)
    assert found()["solara"] is False and found()["font"] is False


def test_what_is_missing_is_said_with_what_to_do():
    html = selftest.page([("font", False, "reinstall"), ("style", True, "reinstall")])
    assert "1 of 2 parts are missing" in html and html.count("run make dashboard again") == 1
    assert "needs no network" in selftest.page([("font", True, "reinstall")])
