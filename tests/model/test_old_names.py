"""Names that levers, parameters and measures had once lead to those of today, in files, commands and studies."""

import pytest

from stackcraft.agents import renamed
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.renamed import OldName
from stackcraft.experiments.sweep import Study
from stackcraft.experiments.sweep.series import parse
from stackcraft.model import Scenario
from stackcraft.model.measures import TABLE
from stackcraft.model.parameters import PARAMETERS, locate
from stackcraft.model.toml_files import read_toml

NAMES = {
    "LEVERS": {lever.name for lever_set in LEVER_SETS.values() for lever in lever_set},
    "PARAMETERS": set(PARAMETERS),
    "MEASURES": set(TABLE),
}


@pytest.mark.parametrize("table", NAMES)
def test_every_old_name_leads_to_one_that_there_is_and_is_free_itself(table):
    old = getattr(renamed, table)
    assert set(old.values()) <= NAMES[table] and not set(old) & NAMES[table]


@pytest.mark.parametrize("old", renamed.PARAMETERS)
def test_a_scenario_takes_an_old_name_of_a_parameter_and_keeps_the_new_one(old, tmp_path):
    new, path = renamed.PARAMETERS[old], tmp_path / "old.toml"
    path.write_text(f"[parameters]\n{old} = 0.1\n")
    with pytest.warns(OldName, match=f"^{old} is now called {new}; the old name still works$"):
        scenario = Scenario.load(path)
    assert scenario.parameters == {new: 0.1} and read_toml(path)["parameters"] == {old: 0.1}
    with pytest.warns(OldName):
        assert Scenario().with_changes(parameters={old: 0.1}).parameters == {new: 0.1}
    with pytest.warns(OldName):
        assert locate(old) == locate(new)


def test_a_study_takes_old_names_of_parameters_and_measures():
    given = {
        "uncertainties": {"*": "judged", "guarantee_price": [0.01, 0.02]},
        "design": {"uncertainties": {"kind": "latin", "size": 4}},
        "measures": {"broken": "broken_guarantees[US]", "so_far": "so_far(broken_guarantees[CN])"},
    }
    with pytest.warns(OldName):
        study = Study.from_dict(given, "old")
    factors = [factor.name for factor in study.factors]
    assert factors.count("supply_bond_price") == 1 and "guarantee_price" not in factors
    with pytest.warns(OldName):
        assert parse("broken_guarantees[US]", ()).source == parse("broken_supply_bonds[US]", ()).source
    with pytest.warns(OldName):
        assert parse("so_far(broken_guarantees[CN])", ()).source == "broken_supply_bonds"
