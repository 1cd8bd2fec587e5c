"""Every lever is fully declared, has a sound default, and lives in a structured array."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.levers import FINANCIER, HOME_GOVERNMENT, IMPORTER, LEVER_SETS, VENDOR, exceptions, flat
from stackcraft.agents.names import FINANCIERS, HOMES, IMPORTERS, actors_of

ALL = [(kind, lever) for kind, lever_set in LEVER_SETS.items() for lever in lever_set]
MODEL_ROWS = (
    "I1 I2 I3 I4 I5 I6 I7 I8 I9 I0 B0 B1 B2 B2a B3 B4 B5 B6 B6a B7 B8 B9 A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 "
    "O1 O2 O2b O2c O3 O4 O5 O6 O7 L0 L1 L2 L3 L4 L4b L5 L5b L6 L6b L7 L8 L9"
).split()


@pytest.mark.parametrize(("kind", "lever"), ALL, ids=[f"{kind}.{lever.name}" for kind, lever in ALL])
def test_every_lever_is_fully_declared(kind, lever):
    assert lever.sentence.endswith(".") and lever.sentence.count(". ") == 0
    assert lever.upside and lever.downside and lever.unit and lever.source and lever.metric and lever.acts_on
    assert np.isfinite([lever.low, lever.high]).all() and lever.low < lever.high
    assert set(lever.default_by) <= set(actors_of(kind))
    assert lever.default is not None or lever.none_means


def test_every_claim_that_names_a_lever_is_carried():
    carried = {claim for _, lever in ALL for claim in lever.claims}
    assert not set(MODEL_ROWS) - carried


@pytest.mark.parametrize("kind", LEVER_SETS)
def test_defaults_pass_their_own_checks(kind):
    actors = actors_of(kind)
    table = LEVER_SETS[kind].defaults(actors, len(IMPORTERS))
    LEVER_SETS[kind].validate(table, actors)
    assert table.dtype == LEVER_SETS[kind].dtype(len(IMPORTERS))
    assert table.dtype.isalignedstruct


def test_some_defaults_as_agreed():
    home = HOME_GOVERNMENT.defaults(HOMES, 3)
    assert home["budget_bn"].tolist() == [2, 4]
    assert home["subsidy"][1].tolist() == [0.15] * 7
    assert np.isnan(home["allocation"]).all()
    bank = FINANCIER.defaults(FINANCIERS, 3)
    assert bank["risk_tolerance"].tolist() == [0.02, 0.05, 0.08, 0.12, 0.03, 0.05]
    assert bank["rate_pct"][2:4].tolist() == [4.2, 4.85]  # its concessional loans cost two points less
    assert np.isnan(IMPORTER.defaults(["KEN"], 3)["hedge"]).all()


def test_facts_give_the_importers_defaults():
    bans = np.zeros((2, 7))
    bans[1, 0] = 1
    table = IMPORTER.defaults(["KEN", "DEU"], 2, {"sovereignty": np.array([0.3, 0.7]), "ban_cn": bans})
    assert table["sovereignty"].tolist() == [0.3, 0.7]
    assert table["ban_cn"][:, 0].tolist() == [0, 1]
    assert table["prestige"].tolist() == [0.1, 0.1]
    with pytest.raises(InputError, match="sovereignty"):
        IMPORTER.defaults(["KEN", "DEU"], 2, {"sovereignty": np.array([0.3, 1.7])})
    with pytest.raises(InputError, match="shape"):
        IMPORTER.defaults(["KEN", "DEU"], 2, {"sovereignty": np.array([0.3])})


def blank(lever_set, actors, runs=2, countries=4):
    return np.repeat(lever_set.defaults(actors, countries)[np.newaxis], runs, axis=0)


def test_apply_broadcasts_under_a_mask():
    levers = blank(VENDOR, ["us_chip_house", "in_gulf_hub"])
    before = levers.copy()
    VENDOR.apply(
        levers, {"markup": 0.4, "deal_class": (1, 0, 0), "teams": None}, np.array([[True, False], [False, False]])
    )
    assert levers["markup"][0, 0] == 0.4 and levers["deal_class"][0, 0].tolist() == [1, 0, 0]
    assert (flat(levers)[1] == flat(before)[1])[~np.isnan(flat(before)[1])].all()
    assert levers["markup"][0, 1] == before["markup"][0, 1]


def test_apply_refuses_what_does_not_fit():
    levers = blank(VENDOR, ["us_chip_house", "in_gulf_hub"])
    with pytest.raises(InputError, match="did you mean markup"):
        VENDOR.apply(levers, {"mark_up": 0.4})
    with pytest.raises(InputError, match="shape"):
        VENDOR.apply(levers, {"deal_class": np.zeros((2, 2, 5))})


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("markup", 2.0, "in_gulf_hub.markup=2 is out of bounds"),
        ("deal_class", (0.5, 0.2, 0.2), "must sum to 1"),
        ("teams", (0.5, np.nan, 0.25, 0.25), "partly none"),
    ],
)
def test_validate_names_actor_and_lever(name, value, says):
    levers = blank(VENDOR, ["us_chip_house", "in_gulf_hub"])
    levers[name][1, 1] = value
    with pytest.raises(InputError, match=says):
        VENDOR.validate(levers, ["us_chip_house", "in_gulf_hub"])
    VENDOR.validate(levers, names={"affiliation"})


def test_weights_of_the_score_must_sum_to_one():
    levers = blank(HOME_GOVERNMENT, HOMES)
    levers["weight_use"][0, 0] += 0.5
    with pytest.raises(InputError, match=r"us_government.*weights.*sum to 1.5"):
        HOME_GOVERNMENT.validate(levers, HOMES)


def test_the_rival_sees_no_hidden_lever():
    levers = blank(HOME_GOVERNMENT, HOMES)
    seen = HOME_GOVERNMENT.visible(levers)
    for lever in HOME_GOVERNMENT:
        if lever.hidden:
            assert np.isnan(seen[lever.name]).all()
        else:
            np.testing.assert_array_equal(seen[lever.name], levers[lever.name])
    assert not np.isnan(levers["gravity"]).any()


def test_exceptions_are_none_until_somebody_decides_them():
    countries = ("BRA", "IDN", "KEN")
    levers = blank(HOME_GOVERNMENT, HOMES, countries=3)
    assert np.isnan(levers["supply_bond_in"]).all() and levers["subsidy_in"].shape == (2, 2, 3, 7)
    only_us = np.array([[True, False], [True, False]])
    decision = {
        "supply_bond_in": exceptions(countries, {"IDN": 0.9}),
        "subsidy_in": exceptions(countries, {"KEN": [0.1] * 7}),
    }
    HOME_GOVERNMENT.apply(levers, decision, only_us)
    HOME_GOVERNMENT.validate(levers, HOMES)
    assert levers["supply_bond_in"][0, 0, 1] == 0.9 and np.isnan(levers["supply_bond_in"][0, 0, [0, 2]]).all()
    assert levers["subsidy_in"][1, 0, 2].tolist() == [0.1] * 7 and np.isnan(levers["subsidy_in"][:, 1]).all()
    assert (levers["supply_bond"] == 0.1).all()
    HOME_GOVERNMENT.apply(levers, {"supply_bond_in": None})
    assert np.isnan(levers["supply_bond_in"]).all()
    with pytest.raises(InputError, match="country 'KEM' is unknown; did you mean KEN"):
        exceptions(countries, {"KEM": 1.0})
    HOME_GOVERNMENT.apply(levers, {"coerce_in": exceptions(countries, {"BRA": 1.5})})
    with pytest.raises(InputError, match=r"us_government.coerce_in=1.5 is out of bounds; give 0 to 1 or none"):
        HOME_GOVERNMENT.validate(levers, HOMES)
    with pytest.raises(InputError, match="'budget_bn_in' is unknown"):
        HOME_GOVERNMENT.apply(levers, {"budget_bn_in": 1.0})


def test_flat_is_the_same_memory():
    levers = blank(IMPORTER, ["KEN"])
    flat(levers)[...] = 7
    assert (levers["ban_us"] == 7).all() and (levers["prestige"] == 7).all()


def test_a_lever_of_another_kind_is_told_whose_it_is():
    with pytest.raises(InputError, match="supply_bond is a lever of a home government, not of an importer"):
        LEVER_SETS["importer"]["supply_bond"]


def test_every_lever_has_a_title_of_its_own_and_a_section():
    for kind, lever_set in LEVER_SETS.items():
        titles = [lever.title for lever in lever_set]
        assert all(titles) and len(set(titles)) == len(titles), kind
        assert all(lever.section for lever in lever_set), kind
