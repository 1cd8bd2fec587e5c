"""Strings by key: the language spoken, what is said where it lacks one, plurals, and numbers in its form."""

import threading

import pytest

from stackcraft.viz.words import languages
from stackcraft.viz.words.catalogue import Catalogue, places
from stackcraft.viz.words.languages import LANGUAGE_SETTING, using

pytest.importorskip("babel", reason="Babel is not installed: only English is spoken")

EN = """
name = "Name"
other = "Other {year}"
runs.one = "{n} run"
runs.other = "{n} runs"
big = "{size:,.1f}"
"""
FR = 'name = "Nom"\nruns.one = "{n} simulation"\nruns.other = "{n} simulations"\nbig = "{size:,.1f}"\n'
AR = """
runs.zero = "لا شيء"
runs.one = "واحد"
runs.two = "اثنان"
runs.few = "{n} قليل"
runs.many = "{n} كثير"
runs.other = "{n} آخر"
"""


@pytest.fixture
def made(tmp_path):
    for language, written in (("en", EN), ("fr", FR), ("ar", AR)):
        (tmp_path / language).mkdir()
        (tmp_path / language / "door.toml").write_text(written, encoding="utf-8")
    return Catalogue(tmp_path)


def test_a_string_is_said_in_the_language_spoken_and_in_english_where_that_lacks_it(made):
    assert made.text("door.name") == "Name"
    with using("fr"):
        assert made.text("door.name") == "Nom" and made.text("door.other", year=2030) == "Other 2030"
        with using("ar"):
            assert made.text("door.name") == "Name"
        assert made.text("door.name") == "Nom"


def test_the_setting_speaks_where_nobody_asks_and_a_language_that_there_is_not_is_english(made, monkeypatch):
    monkeypatch.setenv(LANGUAGE_SETTING, "fr")
    assert made.text("door.name") == "Nom"
    monkeypatch.setenv(LANGUAGE_SETTING, "../../etc")
    assert made.language == "en" and made.text("door.name") == "Name"


def test_each_language_counts_with_its_own_plurals(made):
    assert [made.text("door.runs", n=n) for n in (0, 1, 2)] == ["0 runs", "1 run", "2 runs"]
    with using("fr"):
        assert [made.text("door.runs", n=n) for n in (0, 1, 2)] == ["0 simulation", "1 simulation", "2 simulations"]
    with using("ar"):
        told = [made.text("door.runs", n=n) for n in (0, 1, 2, 3, 11, 100)]
        assert told == ["لا شيء", "واحد", "اثنان", "3 قليل", "11 كثير", "100 آخر"]


def test_numbers_that_are_filled_in_have_the_form_of_the_language(made):
    assert made.text("door.big", size=1234.5) == "1,234.5"
    with using("fr"):
        assert made.text("door.big", size=1234.5) == "1\u202f234,5"


def test_the_places_of_a_string_are_those_of_all_its_forms():
    assert places({"one": "a {n}", "other": "{n} of {whole}"}) == {"n", "whole"} and places("plain") == set()


def test_two_threads_speak_two_languages(made):
    told, ready = {}, threading.Barrier(2)

    def speak(language):
        with using(language):
            ready.wait(10)
            told[language] = made.text("door.name")
            ready.wait(10)

    threads = [threading.Thread(target=speak, args=(language,)) for language in ("en", "fr")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert told == {"en": "Name", "fr": "Nom"}


def test_what_is_kept_is_kept_for_each_language():
    asked = []

    @languages.in_each_language()
    def slow():
        asked.append(languages.current())
        return languages.current()

    with using("fr"):
        assert (slow(), slow()) == ("fr", "fr")
    assert slow() == "en" and asked == ["fr", "en"]


@pytest.mark.parametrize(
    ("header", "wanted"),
    [("fr-CA,fr;q=0.9,en;q=0.5", "fr"), ("de,es;q=0.7,en;q=0.9", "en"), ("zh-Hans-CN", "zh"), ("de", ""), ("", ""),
     ("fr;q=x,;;,pt;q=0.1", "pt"), ("fr;q=0", "")],
)  # fmt: skip
def test_a_browser_is_answered_in_the_language_that_it_wants_most(header, wanted):
    assert languages.of_browser(header) == wanted
    assert languages.of_browser(header, lambda code: code == "en") in ("en", "")


def test_an_address_names_the_language_only_where_it_would_not_be_spoken_anyway():
    assert languages.of_request("lang=ar", "fr") == ("ar", "fr")
    assert languages.of_request("lang=xx", "fr") == ("fr", "fr")
    with using("ar", "fr"):
        assert languages.address_in_language("/country?c=KEN") == "/country?c=KEN&lang=ar"
    with using("fr", "fr"):
        assert languages.address_in_language("/") == "/"
    with using("en", "fr"):
        assert languages.address_in_language("/") == "/?lang=en"
