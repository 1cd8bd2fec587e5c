"""Countries are found by their codes and by the names that people use; what may be two is asked, never guessed."""

import pytest

from stackcraft.agents import countries
from stackcraft.agents.assignments import parse
from stackcraft.agents.countries import code_of, meant, other_names, two_letters
from stackcraft.agents.errors import InputError
from stackcraft.agents.names import IMPORTERS
from stackcraft.model import Scenario
from stackcraft.model.inputs import load_inputs


@pytest.fixture(scope="module")
def titles():
    """The names in the facts, by code."""
    inputs = load_inputs("world")
    return dict(zip(inputs.iso3, inputs.name, strict=True))


def test_the_table_has_every_country_once_with_its_own_two_letters():
    codes = {*IMPORTERS, *countries.HOME_CODES}
    assert set(countries._table()) == codes and len({two_letters(code) for code in codes}) == len(codes)
    assert all(len(two_letters(code)) == 2 for code in codes)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("NA", "NAM"), ("na", "NAM"), ("SN", "SEN"), ("CH", "CHE"), ("KEN", "KEN"), (" ken ", "KEN"), ("Kenya", "KEN"),
        ("Cote d'Ivoire", "CIV"), ("Côte d’Ivoire", "CIV"), ("COTE  D'IVOIRE", "CIV"), ("ivory coast", "CIV"),  # noqa: RUF001
        ("Congo-Kinshasa", "COD"), ("Congo–Brazzaville", "COG"), ("U.K.", "GBR"), ("turkiye", "TUR"),  # noqa: RUF001
        ("DR Congo", "COD"), ("Guinea Bissau", "GNB"), ("timor leste", "TLS"), ("Papua-New Guinea", "PNG"),
        # As the tables of the World Bank and of the United Nations spell them.
        ("Congo, Dem. Rep.", "COD"), ("Congo, Rep.", "COG"), ("Egypt, Arab Rep.", "EGY"), ("Korea, Rep.", "KOR"),
        ("Korea, Dem. People's Rep.", "PRK"), ("Slovak Republic", "SVK"), ("Kyrgyz Republic", "KGZ"),
        ("Iran, Islamic Republic of", "IRN"), ("Gambia, The", "GMB"), ("Tanzania, United Republic of", "TZA"),
        ("Yemen, Rep.", "YEM"), ("Venezuela, RB", "VEN"), ("Micronesia, Fed. Sts.", "FSM"),
    ],
)  # fmt: skip
def test_a_country_is_found_by_code_or_name_however_it_is_typed(words, code, titles):
    assert code_of(words, IMPORTERS, titles) == code


def test_the_table_calls_every_country_as_the_facts_do(titles):
    assert {code: countries.usual_name(code) for code in IMPORTERS} == titles


def test_a_name_of_two_countries_names_both_and_asks(titles):
    assert meant("Congo", IMPORTERS) == ["COD", "COG"]
    with pytest.raises(InputError, match=r"'Congo' may be DR Congo \(COD\) or Congo Republic \(COG\); give the code"):
        code_of("Congo", IMPORTERS, titles)


@pytest.mark.parametrize("words", ["XXX", "QQ", "", "Atlantis-on-Sea"])
def test_a_name_like_no_country_gets_no_suggestion(words, titles):
    with pytest.raises(InputError, match="is unknown; give a code of three letters") as caught:
        code_of(words, IMPORTERS, titles)
    assert "did you mean" not in str(caught.value)


def test_the_example_of_a_code_is_one_of_the_world_that_is_asked():
    with pytest.raises(InputError, match="'KEN' is unknown; give a code of three letters, such as AAA"):
        code_of("KEN", ["AAA", "BBB"])


@pytest.mark.parametrize(("words", "near"), [("KNE", "Kenya (KEN)"), ("Keniya", "Kenya (KEN)"), ("Ivory Coats", "CIV")])
def test_a_slip_gets_the_nearest(words, near, titles):
    with pytest.raises(InputError) as caught:
        code_of(words, IMPORTERS, titles)
    assert near in str(caught.value)


@pytest.mark.parametrize("words", ["USA", "US", "united states", "China", "CN"])
def test_a_home_country_leads_to_its_government(words, titles):
    with pytest.raises(InputError, match=r"is a home country, not an importer; its levers are those of .._government"):
        code_of(words, IMPORTERS, titles)


def test_levers_strategies_and_events_take_other_names_and_keep_the_code():
    assert parse("Kenya.hedge=0.5") == "KEN.hedge=0.5" and parse("costa rica.hedge=1") == "CRI.hedge=1"
    assert Scenario(strategies={"Kenya": "hedge"}).strategies == {"KEN": "hedge"}
    assert parse("NA.hedge=0.5") == "NAM.hedge=0.5" and parse("NA.hedge=0.5").actors == ("NAM",)
    assert parse("us_government.compact.ke=1") == "us_government.compact.KEN=1"
    scenario = Scenario(
        levers=(" ke .hedge@2030=0.5",), strategies={"Ivory Coast": "hedge"},
        events=[{"what": "debt_distress", "year": 2030, "country": "na"}],
    )  # fmt: skip
    assert scenario.levers == ("KEN.hedge@2030=0.5",) and scenario.strategies == {"CIV": "hedge"}
    assert scenario.events[0].country == "NAM"


@pytest.mark.parametrize("target", ["Congo.hedge", "us_government.compact.Congo"])
def test_a_lever_of_a_name_of_two_countries_is_refused(target):
    with pytest.raises(InputError, match="'Congo' may be COD or COG; give the code of three letters"):
        parse(f"{target}=0.5")
    with pytest.raises(InputError, match=r"events.debt_distress: country 'Congo' may be COD or COG"):
        Scenario(events=[{"what": "debt_distress", "year": 2030, "country": "Congo"}])


def test_no_two_countries_share_another_name_but_those_that_are_asked_about(titles):
    shared = {name for code in IMPORTERS for name in other_names(code) if len(meant(name, IMPORTERS, titles)) > 1}
    assert shared == {"Congo"}
