"""The README's pictures: those that are stored are small enough, and a page that cannot be shown is not taken."""

import re
from types import SimpleNamespace

import pytest

pytest.importorskip("solara", reason="Solara is not installed: the dashboard is not pictured (make setup-all)")
from stackcraft.agents.errors import InputError
from stackcraft.agents.source_code import ROOT
from stackcraft.experiments.evidence.measurements import Pictures
from stackcraft.viz.docs import make_picture


def test_the_pictures_of_the_readme_are_those_that_are_taken_and_small_enough():
    named = re.findall(r"\((viz/pictures/[\w-]+\.png)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    pictures = [make_picture.FOLDER / name for name in Pictures.TAKEN]
    of_the_game = {ROOT / "viz" / "pictures" / name for name in ("game-projector.png", "game-phone.png")}  # its film's
    assert [ROOT / name for name in named if ROOT / name not in of_the_game] == pictures
    pictures += of_the_game
    assert all(path.stat().st_size <= make_picture.LARGEST_BYTES for path in pictures)


def test_a_page_that_cannot_be_shown_is_not_taken():
    page = SimpleNamespace(goto=lambda address, timeout: SimpleNamespace(ok=False, status=500))
    browser = SimpleNamespace(new_page=lambda viewport: page)
    with pytest.raises(InputError, match="http://here/explore answers 500"):
        make_picture._page(browser, "http://here/explore", (100, 100))


def test_a_picture_that_is_too_large_is_refused(tmp_path, monkeypatch):
    from io import BytesIO

    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed: no pictures are taken")
    stream = BytesIO()
    image.effect_noise((64, 64), 80).save(stream, "PNG")
    page = SimpleNamespace(screenshot=stream.getvalue)
    path = make_picture._shot(page, tmp_path / "report.png")
    assert image.open(path).size == (64, 64) and image.open(path).mode == "P"
    monkeypatch.setattr(make_picture, "LARGEST_BYTES", 100)
    with pytest.raises(InputError, match="keep it below 100"):
        make_picture._shot(page, tmp_path / "report.png")
