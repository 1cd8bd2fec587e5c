"""The stories on the first page follow the stored numbers, say their doubt, and lead on by a click."""

from stackcraft.experiments.evidence import stories as stored
from stackcraft.viz import words
from stackcraft.viz.dashboard.pages.start import stories
from stackcraft.viz.dashboard.state import read
from tests.viz.dashboard.reading import Page


def row(mean, holds=48, change="nobody", reading="US"):
    return stored.Row(change, reading, 0.5, mean, mean - 0.01, mean + 0.01, holds, 48)


def test_there_are_three_stories_each_with_a_picture_and_a_way_on():
    page = Page(stories.told())
    assert len(page.all("article")) == 3 and not page.faults
    assert str(stories.told()).count('class="rows intervals"') == 3 or str(stories.told()).count("chart course") >= 7
    for link in page.all("a"):
        path, _, query = link["href"].partition("?")
        assert path in ("/compare", "/country", "/matters") and not read(query).mistakes


def test_the_numbers_are_the_stored_ones():
    said = Page(stories.told()).text
    for change, reading in (("nobody", "US"), ("nobody", "CN"), ("subsidy", "IDN US")):
        assert words.points(stored.row(change, reading).mean) in said


def test_doubt_is_said_in_counts_of_worlds():
    assert "47 of 48 worlds: it hardly depends" in stories.doubt(row(0.05, 47))
    assert "40 of 48 worlds: some judgements would reverse it" in stories.doubt(row(0.05, 40))
    assert "only 25 of 48 worlds: it depends" in stories.doubt(row(0.05, 25))


def test_what_luck_could_explain_is_called_unclear(monkeypatch):
    monkeypatch.setattr(stories, "row", lambda change, reading: row(0.005, change=change, reading=reading))
    assert "+0.5 points (unclear)" in str(stories.promise_or_money())


def test_without_stored_numbers_there_is_no_story(monkeypatch):
    monkeypatch.setattr(stories, "row", lambda change, reading: None)
    monkeypatch.setattr(stories.lever_effects, "stored", lambda: None)
    assert stories.told() == ""


def test_numbers_of_another_model_are_marked(monkeypatch):
    monkeypatch.setattr(stories.staleness, "what_changed", lambda name, about: ["results"])
    assert "Measured on other results than the present" in stories.measured()
