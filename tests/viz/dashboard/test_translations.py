"""Translations: no string missing where a language is complete, no place or plural that differs, nothing outdated."""

import pytest

from stackcraft.viz.dashboard import translations
from stackcraft.viz.dashboard.strings import translated, well_translated
from stackcraft.viz.words import countries, declared, forms, languages
from stackcraft.viz.words.catalogue import SCREENS
from stackcraft.viz.words.languages import FIRST, LANGUAGES, using

pytest.importorskip("babel", reason="Babel is not installed: only English is spoken")

OTHERS = [code for code in LANGUAGES if code != FIRST]
COMPLETE = ()  # languages that say everything; a language goes here once it does, and stays


@pytest.mark.parametrize("language", COMPLETE)
def test_a_complete_language_lacks_no_string(language):
    assert translations.missing(language) == {}
    made, whole = translated(language)
    assert made == whole and well_translated(language)


@pytest.mark.parametrize("language", OTHERS)
def test_no_translation_has_an_unknown_key_another_place_or_a_wrong_plural(language):
    assert translations.faults(language) == []


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_was_made_from_the_present_english(language):
    assert translations.outdated(language) == []


@pytest.mark.parametrize(
    ("entry", "source", "fault"),
    [
        ("Nom {an}", "Name {year}", "lacks year"),
        ("Nom {an} {year}", "Name {year}", "which the English does not have"),
        ("", "Name", "empty"),
        ("{n} runs", {"one": "{n} run", "other": "{n} runs"}, "needs the forms many, one, other"),
        (
            {"one": "{n} a", "other": "{n} b"},
            {"one": "{n} run", "other": "{n} runs"},
            "forms should be many, one, other",
        ),
        ({"one": "un", "many": "{n} b", "other": "b"}, {"one": "{n} run", "other": "{n} runs"}, "other lacks n"),
        ({"by": "year", "one": "a", "many": "b", "other": "c"}, "Of {number}", "'year' is not a placeholder"),
    ],
)
def test_a_translation_that_cannot_be_right_is_told(entry, source, fault):
    assert any(fault in line for line in translations.faults_of(entry, source, "fr"))


@pytest.mark.parametrize(
    ("entry", "source"),
    [
        ("{year}, nom", "Name {year}"),
        ({"one": "une", "many": "{n} de b", "other": "{n} b"}, {"one": "{n} run", "other": "{n} runs"}),
        ({"by": "number", "one": "un", "many": "{number} de", "other": "{number} b"}, "All {number}"),
    ],
)
def test_a_translation_that_can_be_right_passes(entry, source):
    assert list(translations.faults_of(entry, source, "fr")) == []


def test_a_changed_english_string_makes_its_translation_outdated(tmp_path, monkeypatch):
    monkeypatch.setattr(SCREENS, "folder", tmp_path)
    monkeypatch.setattr(SCREENS, "_kept", {("shell", "en"): {"name": "Name"}, ("shell", "fr"): {"name": "Nom"}})
    monkeypatch.setattr(translations, "english", lambda: {"shell": {"name": "Name"}})
    (tmp_path / "fr").mkdir()
    assert translations.outdated("fr") == ["shell.name"]
    translations.mark("fr", "shell")
    assert translations.outdated("fr") == []
    monkeypatch.setattr(translations, "english", lambda: {"shell": {"name": "Another name"}})
    assert translations.outdated("fr") == ["shell.name"]


def test_the_command_tells_what_is_missing_and_gives_it_to_be_filled_in(capsys):
    assert translations.main([]) == 0 and capsys.readouterr().out.count(" missing") == len(OTHERS)
    assert translations.main(["nowhere"]) == 2
    assert translations.main(["ar"]) == 0
    lacks = translations.missing("ar")
    if page := next(iter(lacks), ""):
        assert page in capsys.readouterr().out
        assert translations.main(["template", "ar", page]) == 0
        assert next(iter(lacks[page])) in capsys.readouterr().out


@pytest.mark.parametrize(
    ("language", "number", "percent"),
    [("fr", "1\u202f234,5", "12,5\u00a0%"), ("es", "1.234,5", "12,5\u00a0%"), ("pt", "1.234,5", "12,5%"),
     ("ar", "1,234.5", "12.5"), ("zh", "1,234.5", "12.5%")],
)  # fmt: skip
def test_numbers_have_the_form_of_the_language(language, number, percent):
    with using(language):
        assert forms.number("1,234.5") == number and percent in forms.percentage("12.5")


@pytest.mark.parametrize("language", OTHERS)
def test_every_country_has_a_name_that_takes_no_view(language):
    from stackcraft.model.inputs import load_inputs

    with using(language):
        names = countries.country_names(load_inputs("world"))
    assert len(set(names.values())) == len(names) and not any(
        "erritor" in name or "RAS" in name for name in names.values()
    )


def test_what_is_declared_is_said_in_english_where_a_language_has_no_words_for_it():
    with using("fr"):
        assert declared.said("No such thing is declared") == "No such thing is declared"
    assert languages.LANGUAGES["ar"].direction == "rtl"
