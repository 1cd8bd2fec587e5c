"""Every term has a word and a meaning, and its meaning is reachable by hand and by ear."""

import tomllib
from pathlib import Path

import pytest

from stackcraft.viz.dashboard.parts import glossary
from tests.viz.dashboard.reading import Page

CATALOGUE = tomllib.loads(
    (Path(glossary.__file__).parents[1] / "strings" / "en" / "glossary.toml").read_text(encoding="utf-8")
)


def test_terms_and_catalogue_are_the_same():
    assert set(CATALOGUE) == {key for name in glossary.TERMS for key in (name, f"{name}_means")}
    assert len(glossary.TERMS) == len(set(glossary.TERMS)) >= 30


def test_a_term_is_a_button_described_by_its_meaning():
    page = Page(glossary.term("contested"))
    assert not page.faults
    (button,), meaning = page.all("button"), page.all("span")[1]
    assert button["aria-describedby"] == button["popovertarget"] == meaning["id"]
    assert "popover" in meaning and meaning["role"] == "tooltip"
    assert glossary.meaning("contested") in page.text


def test_a_term_says_what_the_sentence_says():
    assert ">judgements</button>" in glossary.term("judgement", "judgements")
    assert "<b>" not in glossary.term("judgement", "<b>")


def test_the_same_term_twice_has_two_identifiers():
    page = Page(glossary.term("run") + glossary.term("run", place="second"))
    assert not page.repeated_ids()


def test_an_unknown_term_names_the_nearest():
    with pytest.raises(KeyError, match="contested"):
        glossary.term("contestd")


def test_the_list_has_every_term_by_word():
    page = Page(glossary.glossary_list())
    words = [word for _, word, _ in glossary.entries()]
    assert words == sorted(words, key=str.lower)
    assert len(page.all("dt")) == len(glossary.TERMS)


def test_the_meanings_of_contested_and_open_are_those_drawn():
    from stackcraft.experiments.leads import CONTESTED_LEAD, OPEN

    assert CONTESTED_LEAD == 0.05 and "less than five points" in glossary.meaning("contested")
    assert pytest.approx(1 - (2 / 3) ** 2 - (1 / 3) ** 2) == OPEN and "4 in 9" in glossary.meaning("open")


def test_a_supply_bond_pays_what_its_lever_says():
    from stackcraft.agents.levers import LEVER_SETS

    assert "half of it is paid" in LEVER_SETS["home_government"][
        "supply_bond"
    ].sentence and "half of the bond is paid" in glossary.meaning("supply_bond")
