"""Worlds as of an earlier January: what was known then is there, and nothing that came later."""

import shutil

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import LAYERS, STACKS, VENDORS
from stackcraft.model import Scenario, history, start
from stackcraft.model.fact_tables import read_world
from stackcraft.model.inputs import declared_inputs, load_inputs
from stackcraft.model.tables import name_and_year

CLOUD, MODELS, NETWORK = (LAYERS.index(layer) for layer in ("cloud", "models", "network"))


@pytest.fixture(scope="module")
def then():
    return load_inputs("world@2015")


@pytest.fixture(scope="module")
def now():
    return load_inputs("world")


def by_code(inputs, name):
    return dict(zip(inputs.iso3, getattr(inputs, name), strict=True))


def column(inputs, name):
    return dict(zip(inputs.iso3, inputs.world.column(name), strict=True))


def test_the_world_as_of_the_present_is_the_world(now):
    named = load_inputs("world@2025")
    assert named.facts_hash == now.facts_hash and named.given is None
    for name in declared_inputs():
        assert getattr(named, name).tobytes() == getattr(now, name).tobytes(), name


@pytest.mark.parametrize(
    ("text", "meant"),
    [("world", ("world", None)), ("world@2015", ("world", 2015)), ("a@b", ("a@b", None)), ("@2015", ("@2015", None))],
)
def test_a_world_is_named_with_the_year_it_is_meant_as_of(text, meant):
    assert name_and_year(text) == meant


def test_a_folder_whose_name_ends_with_a_year_is_taken_as_it_is(tmp_path):
    folder = tmp_path / "mine@2015"
    folder.mkdir()
    assert name_and_year(folder) == (str(folder), None)


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("world@2009", "facts with a year begin in 2010"),
        ("world@2022", "cloud entries are known to the end of 2018"),
        ("world@2031", "the facts describe 2025"),
        ("synthetic@2015", "only the real world has facts with a year"),
    ],
)
def test_a_year_without_facts_is_refused_with_what_would_be_right(name, says):
    with pytest.raises(InputError, match=says) as error:
        load_inputs(name)
    assert "\n" not in str(error.value)
    with pytest.raises(InputError, match=says):
        Scenario.load("baseline").with_changes(world=name)


def test_original_indices_have_no_year(tmp_path):
    with pytest.raises(InputError, match="leave them out"):
        load_inputs("world@2015", originals=tmp_path / "originals.csv")


def test_a_hindcast_begins_in_the_year_of_its_world():
    with pytest.raises(InputError, match="world of January 2015; begin in that year"):
        Scenario.load("baseline").with_changes(world="world@2015", years=(2016, 2025))
    with pytest.raises(InputError, match="world@2015"):
        Scenario.load("baseline").with_changes(years=(2015, 2025))


def test_figures_are_those_of_the_last_year_before_the_january(then):
    rows = {(row["iso3"], row["year"]): row for row in history.history_tables()["countries_by_year"].rows}
    for code in ("KEN", "BRA", "DEU"):
        row = rows[code, "2014"]
        assert by_code(then, "gdp")[code] == float(row["gdp_usd_bn"])
        assert by_code(then, "population")[code] == float(row["population_m"])
        assert column(then, "wgi_rule_of_law")[code] == float(row["wgi_rule_of_law"])
        assert column(then, "internet_users_pct")[code] == float(row["internet_users_pct"])


def test_gdp_that_no_source_has_is_scaled_from_the_present(then, now):
    ratio = by_code(then, "gdp")["TWN"] / by_code(now, "gdp")["TWN"]
    assert 0.6 < ratio < 0.9  # the world's GDP of 2014 over that of 2023, in current dollars
    source = dict(zip(then.iso3, then.world.words("gdp_source"), strict=True))["TWN"]
    assert "judgement" in source


def test_votes_are_of_the_three_years_before(then):
    years = {row["year"] for row in then.world.votes.rows if row["iso3"] == "KEN"}
    assert years == {"2012", "2013", "2014"}


def test_nobody_excludes_huawei_before_deciding(then):
    assert {code for code, degree in by_code(then, "exclusion").items() if degree > 0} == {"TWN"}
    assert not then.ban_cn[:, [LAYERS.index(layer) for layer in LAYERS if layer != "network"]].any()
    later = load_inputs("world@2019")
    assert by_code(later, "exclusion")["AUS"] == 1.0 and by_code(later, "exclusion")["GBR"] == 0.0


def test_memberships_are_those_of_the_january(then, now):
    assert column(then, "nato")["MNE"] == 0 and column(now, "nato")["MNE"] == 1
    assert column(then, "eu")["GBR"] == 1 and column(now, "eu")["GBR"] == 0
    assert column(then, "sco")["IND"] == 0 and column(then, "quad")["IND"] == 0
    embargoed = by_code(then, "embargoed")
    assert embargoed["RUS"] == 0 and embargoed["SDN"] == 1 and embargoed["CUB"] == 1
    assert by_code(load_inputs("world@2018"), "embargoed")["SDN"] == 0


def test_clouds_are_where_providers_had_opened_and_not_left(then):
    assert column(then, "cloud_regions_us")["AUS"] == 2  # Amazon 2012, Microsoft 2014
    assert column(then, "cloud_regions_us")["GBR"] == 0  # 2016
    assert column(load_inputs("world@2019"), "cloud_regions_us")["GBR"] == 4


def test_what_would_tell_the_answer_is_the_same_everywhere_or_blank(then):
    world = then.world
    assert np.isnan(world.column("ai_user_share_pct")).all() and np.isnan(world.column("vdem_polyarchy")).all()
    assert not world.column("bri_mou").any() and set(world.column("us_ai_diffusion_tier")) == {2.0}
    per_head = world.column("github_developers") / world.column("population_m")
    assert np.ptp(per_head) < 1e-6 * per_head.max()
    assert not any(row["item"] in history.LEFT_OUT for row in world.judgements.rows)


def test_a_layer_that_does_not_exist_has_nothing_and_nobody_sells(then):
    assert not then.demand[:, MODELS].any() and not then.capacity[:, MODELS].any()
    assert not then.installed[:, MODELS].any() and not then.vendors.serves[:, MODELS].any()
    other = [layer for layer in range(len(LAYERS)) if layer != MODELS]
    assert np.allclose(then.installed[:, other].sum(axis=2), 1.0)


def test_a_stack_that_does_not_sell_yet_has_nothing_installed():
    first = load_inputs("world@2010")
    chinese = first.vendors.stack == STACKS.index("CN")
    assert not first.installed[:, CLOUD][:, chinese].any()
    assert first.installed[:, NETWORK][:, chinese].any()


def test_shares_within_a_stack_are_shared_out_among_those_that_sell(then):
    share, serves = then.vendors.stack_share, then.vendors.serves
    assert not share[serves == 0].any()
    for stack in range(len(STACKS)):
        total = share[then.vendors.stack == stack].sum(axis=0)
        assert np.all(np.isclose(total, 1.0) | (total == 0.0))


def test_what_is_given_ends_in_the_world_of_the_present(then, now):
    given = then.given
    assert list(given.years) == list(range(2015, 2026))
    for name in ("demand", "gdp", "population", "readiness", "embargoed", "licence_tier"):
        assert np.array_equal(getattr(given, name)[-1], getattr(now, name)), name
    assert np.array_equal(given.serves[-1], now.vendors.serves[: len(VENDORS)])
    assert np.array_equal(given.demand[0], then.demand)
    entry = list(given.years).index(2023)
    assert given.world_demand[entry - 1, MODELS] == 0.0 < given.world_demand[entry, MODELS]


def test_demand_goes_with_what_the_world_spent():
    today = start.WORLD_DEMAND_BN
    assert history.world_demand_in(today, 2020)[CLOUD] == pytest.approx(today[CLOUD] * 97 / 330)
    between = history.world_demand_in(today, 2023)[CLOUD]
    assert between == pytest.approx(today[CLOUD] * 130 / 330 * (330 / 130) ** 0.5)


def test_licences_come_with_the_rules_that_ask_for_them(then, now):
    tier = then.given.licence_tier
    russia, kenya = then.iso3.index("RUS"), then.iso3.index("KEN")
    assert list(tier[:, russia]) == [1] * 8 + [3] * 3
    assert set(tier[:-1, kenya]) == {1}
    asked = now.world.column("us_chip_licence_2023") == 1
    assert (tier[-2][asked] >= 2).all() and not (tier[:-2][:, asked & (now.embargoed == 0)] == 2).any()


def test_every_fact_behind_an_input_has_a_line_that_says_what_could_be_known():
    listed = {row["item"] for row in history.leaks()}
    inputs = declared_inputs()
    used = {source for entry in inputs.values() for source in entry.metadata["uses"]} - set(inputs)
    assert used - listed == set()
    assert {row["kind"] for row in history.leaks()} == set(history.KINDS)


def test_a_faulty_cell_is_named_in_one_line(tmp_path, monkeypatch):
    shutil.copytree(history.HISTORY, tmp_path / "history")
    path = tmp_path / "history" / "entries.csv"
    path.write_text(path.read_text().replace("us_country_lab,cloud,2025", "us_country_lap,cloud,2025"))
    monkeypatch.setattr(history, "HISTORY", tmp_path / "history")
    history.history_tables.cache_clear()
    try:
        with pytest.raises(InputError, match=r"entries.csv, line \d+ .*did you mean us_country_lab") as error:
            history.history_tables()
        assert "\n" not in str(error.value)
    finally:
        history.history_tables.cache_clear()


def test_the_present_does_not_depend_on_tables_with_a_year(now):
    assert read_world("world").facts_hash == now.facts_hash
    assert read_world("world").as_of is None
