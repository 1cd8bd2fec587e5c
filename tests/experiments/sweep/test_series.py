"""Indicators in a study: written like measures, read by their table."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.sweep.series import parse
from stackcraft.model import Scenario, Simulation

ISO3 = ("KEN", "BRA")


def test_an_indicator_in_a_study_is_the_reading_of_that_name():
    assert parse("retention[US]", ISO3).source == "US retained five years on"
    assert parse("retention[us]", ISO3).source == "US retained five years on"
    assert parse("retention[US]", ISO3).unit == "share"
    scenario = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2032))
    with Simulation(scenario, runs=2, seed=5, ledger_runs=0) as simulation:
        simulation.run()
        rows = [0, 4, 7]
        found = parse("built[US]", ISO3).values(simulation, rows)
        flows = [
            parse(f"so_far({name}[US])", ISO3).values(simulation, rows) for name in ("delivered_bn", "announced_bn")
        ]
    np.testing.assert_allclose((found * flows[1])[:, 1:], flows[0][:, 1:])
    assert np.isnan(found[:, 0]).all()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("retention", "give one of US, CN, independent, as in retention[US]"),
        ("retention[KEN]", "give one of US, CN, independent, as in retention[US]"),
        ("nothing_bought_[US]", "nothing_bought"),
        ("retentoin[US]", "retention"),
    ],
)
def test_an_indicator_written_wrongly_is_told_how(text, said):
    with pytest.raises(InputError) as error:
        parse(text, ISO3)
    assert said in str(error.value)
