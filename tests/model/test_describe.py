"""What a reader is told about one country."""

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import LAYERS
from stackcraft.model.describe import describe_country
from stackcraft.model.inputs import declared_inputs, load_inputs


@pytest.fixture(scope="module")
def world():
    return load_inputs("world")


@pytest.mark.parametrize(("name", "code"), [("world", "KEN"), ("world", "TWN"), ("synthetic", "AAB")])
def test_description_covers_every_fact_and_input(name, code):
    inputs = load_inputs(name)
    rows = describe_country(inputs, code)
    shown = {row.input.split(".")[0] for row in rows if row.derived}
    assert shown == set(declared_inputs()) - {"peer_index"}
    facts = {row.input for row in rows if not row.derived}
    assert {"gdp_usd_bn", "wgi_rule_of_law", "import_partners", "cloud_regions_us"} <= facts
    for row in rows:
        assert row.value and row.unit and row.source and row.licence, row.input
    assert len([row for row in rows if row.input.startswith("installed.")]) == len(LAYERS)


def test_description_tells_facts_from_judgements_and_fills():
    rows = {row.input: row for row in describe_country(load_inputs(), "KEN") if not row.derived}
    assert (rows["population_m"].unit, rows["population_m"].year) == ("million", "2024")
    assert rows["population_m"].licence == "CC BY 4.0" and not rows["population_m"].judgement
    rows = {row.input: row for row in describe_country(load_inputs(), "CUB")}
    assert rows["gdp_usd_bn"].judgement and "0.25" in rows["gdp_usd_bn"].filled
    assert rows["gdp"].filled == "through gdp_usd_bn" and rows["gdp"].judgement
    assert rows["sovereignty"].judgement and rows["installed.network"].value.startswith("cn_full_stack_champion 0.4")


def test_description_of_nobody(world):
    with pytest.raises(InputError, match="'KEM' is unknown; did you mean KEN"):
        describe_country(world, "KEM")
    with pytest.raises(InputError, match=r"USA is a home country.*us_government"):
        describe_country(world, "USA")
