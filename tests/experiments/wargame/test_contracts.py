"""Agreements: what may be offered, what it lays on the model, what breaks it."""

import pytest

from stackcraft.agents.assignments import check, parse_all
from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame.contracts import FORMS, Offer, assignments, broken_by, checked_clause, sentence

CASES = {
    "A1": (Offer.package("IDN", ("cloud", "chips"), 0.5, financed=0.5, bond=0.9), "us", "asean"),
    "A2": (Offer.guarantee("IDN"), "us", "asean"),
    "A3": (Offer.hosting(0.8), "us", "asean"),
    "A4": (Offer.co_build("IDN", "VNM"), "cn", "asean"),
    "A5": (Offer.club(), "asean", "gulf"),
    "A6": (Offer.compact("IDN"), "us", "asean"),
    "A7": (Offer.exclusion(("cloud",), "IDN"), "asean", "us"),
    "A8": (Offer.transfer(0.5, aid=True), "us", "asean"),
    "A9": (Offer.words("We shall see."), "gulf", "cn"),
}


def clause_of(form):
    offer, doer, other = CASES[form]
    return checked_clause(offer.as_dict(), doer, other), doer, other


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_a_sentence_and_levers_that_the_model_takes(form):
    clause, doer, other = clause_of(form)
    assert sentence(clause, doer, other)
    check([parse_all(assignments(clause, 3, doer, other, lambda seat, order, where: 0.1))])


def test_promises_are_for_the_countries_named_alone():
    texts = assignments(*_with_number("A2"), lambda *_: 0.1)
    assert texts == ["us_government.supply_bond[IDN]=0.9", "us_government.coerce[IDN]=0"]
    clause, doer, other = clause_of("A3")
    assert assignments(clause, 1, doer, other, lambda *_: 0.1)[0].endswith("local_hosting[IDN,VNM,THA,MYS,PHL]=0.8")


def _with_number(form):
    clause, doer, other = clause_of(form)
    return clause, 1, doer, other


@pytest.mark.parametrize(
    ("form", "order", "now", "breaks"),
    [
        ("A2", {"order": "H10", "value": True, "where": "IDN"}, None, True),
        ("A2", {"order": "H10", "value": True, "where": "VNM"}, None, False),
        ("A2", {"order": "H3", "value": 0.7, "where": "IDN"}, 0.3, True),
        ("A2", {"order": "H3", "value": 0.7, "where": None}, 0.3, False),  # the exception of the contract stays
        ("A2", {"order": "H8", "value": "closed", "where": None}, "open", True),
        ("A3", {"order": "H2", "value": 0.3, "where": "IDN"}, 0.8, True),
        ("A5", {"order": "B4", "value": True, "where": None}, None, True),
        ("A7", {"order": "B6.cn", "value": [], "where": None}, ["cloud"], True),
        ("A7", {"order": "B6.us", "value": [], "where": None}, ["cloud"], False),
        ("A9", {"order": "H10", "value": True, "where": "IDN"}, None, False),
    ],
)
def test_what_breaks_a_promise(form, order, now, breaks):
    clause, _, other = clause_of(form)
    assert broken_by(clause, other, order, now) is breaks


@pytest.mark.parametrize(
    ("offer", "doer", "other", "says"),
    [
        ({"form": "A2"}, "asean", "us", "cannot offer guarantee"),
        ({"form": "A5"}, "asean", "us", "cannot be offered club"),
        ({"form": "A1", "terms": {"country": "KEN", "layers": ["cloud"]}}, "us", "asean", "not in South-East Asia"),
        ({"form": "A1", "terms": {"country": "IDN", "layers": []}}, "us", "asean", "name 1 to 3"),
        ({"form": "A1", "terms": {"country": "IDN", "layers": ["cloud"], "size": 3}}, "us", "asean", "choose 0.25"),
        ({"form": "A9", "terms": {"text": "x" * 300}}, "us", "asean", "280 at most"),
        ({"form": "A8", "terms": {"bn": -1}}, "us", "asean", "out of bounds"),
        ({"form": "A2", "terms": {"countries": ["IDN"], "moon": 1}}, "us", "asean", "moon"),
        ("A2", "us", "asean", "is a table"),
    ],
)
def test_a_bad_offer_is_one_sentence(offer, doer, other, says):
    with pytest.raises(InputError, match=says) as error:
        checked_clause(offer, doer, other)
    assert "\n" not in str(error.value)


def test_a_promise_to_a_whole_bloc_says_whose_countries_are_meant():
    whole = checked_clause(Offer.guarantee().as_dict(), "us", "gulf")
    assert sentence(whole, "us", "gulf") == (
        "The United States never cuts off any of the countries of the Gulf, and posts a bond"
    )
    assert sentence(checked_clause(Offer.hosting(0.8).as_dict(), "cn", "asean"), "cn", "asean").startswith(
        "China hosts in all the countries of South-East Asia"
    )
    shut = checked_clause(Offer.exclusion(("cloud",)).as_dict(), "gulf", "us")
    assert sentence(shut, "gulf", "us") == "The Gulf shuts Chinese vendors out of cloud in all its countries"
