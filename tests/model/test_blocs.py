"""Blocs: who is a member, what is not a bloc, and that membership is a table with its source."""

import pytest

from stackcraft.model.blocs import bloc_of, known, members_of
from stackcraft.model.inputs import load_inputs

IMPORTERS = tuple(str(code) for code in load_inputs("world").iso3)


@pytest.mark.parametrize(
    ("code", "number", "among"),
    [("AU", 54, "KEN"), ("ASEAN", 11, "TLS"), ("EU", 27, "FRA"), ("GCC", 6, "QAT"), ("MERCOSUR", 5, "BOL")],
)
def test_every_bloc_has_its_members_as_importing_countries(code, number, among):
    bloc = bloc_of(code, IMPORTERS)
    assert len(bloc.members) == number == len(set(bloc.members)) and among in bloc.members
    assert set(bloc.members) <= set(IMPORTERS)


def test_every_bloc_says_where_its_members_are_from_and_of_which_year():
    assert {one.code for one in known()} == {"AU", "ASEAN", "EU", "GCC", "MERCOSUR"}
    assert all("https://" in one.source and one.year >= 2025 and one.note for one in known())


def test_a_bloc_is_found_by_code_name_or_alias_whatever_the_case():
    for words in ("asean", "Association of Southeast Asian Nations", "ASEAN"):
        assert bloc_of(words, IMPORTERS).code == "ASEAN"


def test_a_list_of_ones_own_is_a_bloc_of_known_countries_each_once():
    bloc = bloc_of("ken, uga,KEN", IMPORTERS)
    assert bloc.code == "KEN,UGA" and bloc.members == ("KEN", "UGA") and bloc.name == ""
    for words in ("KEN", "KEN,XXX", "", "Kenya"):
        assert bloc_of(words, IMPORTERS) is None


def test_a_world_without_the_members_has_no_such_bloc():
    made_up = tuple(str(code) for code in load_inputs("synthetic").iso3)
    assert bloc_of("ASEAN", made_up) is None


def test_the_members_of_a_country_are_itself():
    assert members_of("KEN", IMPORTERS) == ("KEN",)
    assert members_of("GCC", IMPORTERS) == ("ARE", "BHR", "KWT", "OMN", "QAT", "SAU")
