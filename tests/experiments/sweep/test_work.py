"""Rows are laid on runs as their columns say, and any one of them can be run again alone."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.sweep import Study, open_study, sweep
from stackcraft.experiments.sweep.store import Store
from stackcraft.experiments.sweep.work import one_run, set_up


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    import copy

    from conftest import SMALL

    folder = tmp_path_factory.mktemp("small") / "s"
    study = Study.from_dict(copy.deepcopy(SMALL))
    sweep(study, folder)
    return study, folder


def test_any_row_can_be_run_again_exactly_alone(swept):
    _study, folder = swept
    store = Store.open(folder)
    for row, replicate in ((0, 0), (13, 2), (31, 1)):
        values, _ = one_run(store.study, row, replicate)
        np.testing.assert_array_equal(values.astype(np.float32), store.row(row, replicate))


def test_a_row_gives_what_the_public_face_gives(swept):
    from stackcraft.model import Scenario, Simulation

    study, folder = swept
    table = study.design.table()
    row = int(
        np.flatnonzero(
            (table["us_government.supply_bond"] == 1)
            & (table["hosting"] == 1)
            & (table["US"] == "contested-first")
            & (table["off"] == "peers")
        )[0]
    )
    scenario = Scenario.load("first-lesson").with_changes(
        years=(2025, 2027),
        parameters={"supply_fear": float(table["supply_fear"][row])},
        presets={"US": "contested-first"},
        off=["peers"],
        levers=[
            "us_government.local_hosting=1",
            "us_government.confidential_computing=1",
            "us_government.supply_bond=1",
        ],
    )
    with Simulation(scenario, runs=3, seed=11) as simulation:
        results = simulation.run().results
        payoff = simulation.payoff()
        installed = results["installed"].sel(stack="US").mean(["country", "layer"]).values[:, -1]
    kept = np.stack([Store.open(folder).row(row, replicate) for replicate in range(3)])
    names = list(study.measures)
    np.testing.assert_allclose(kept[:, -1, names.index("us_installed")], installed, rtol=1e-6)
    np.testing.assert_allclose(
        kept[:, -1, names.index("won")], results["tenders_won"].sel(stack="US").sum("year").values, rtol=1e-6
    )
    np.testing.assert_allclose(kept[:, -1, names.index("payoff")], payoff[:, 0], rtol=1e-6)


def test_a_study_varies_the_structure_of_the_model(swept):
    _study, folder = swept
    cube = open_study(folder).cube("us_installed")
    assert not np.array_equal(cube[..., 0, :], cube[..., 1, :])


def test_readings_and_payoffs_of_a_year_are_those_of_a_run_that_ends_there(swept):
    from stackcraft.experiments.readings import READINGS
    from stackcraft.model import Simulation
    from stackcraft.model.indicators import Records

    study, _ = swept
    with Simulation("first-lesson", runs=4, seed=3, ledger_runs=0) as long:
        long.run()
        early = {name: study.series[name].values(long, [0, 2]) for name in ("chance", "payoff")}
    with Simulation(study.scenario, runs=4, seed=3, ledger_runs=0) as short:
        short.run()
        np.testing.assert_allclose(
            early["chance"][:, 1], READINGS["US chance"](Records.of_simulation(short)), rtol=1e-12
        )
        np.testing.assert_allclose(early["payoff"][:, 1], short.payoff()[:, 0], rtol=1e-12)
    assert np.isnan(early["chance"][:, 0]).all()


def test_parameters_with_parts_take_one_number_or_a_vector():
    from stackcraft.model.parameters import PARAMETERS

    vector = next(one for one in PARAMETERS.values() if one.shape == "layer" and one.low < 0.25 < 0.5 < one.high)
    study = Study.from_dict(
        {
            "scenario": "first-lesson",
            "measures": {"us_installed": "installed[US]"},
            "uncertainties": {vector.name: {"values": [0.25, 0.5]}, "supply_fear": {"values": [1, 2]}},
            "design": {"uncertainties": {"kind": "grid"}},
        }
    )
    table = study.design.table()
    with set_up(study, table, np.array([0, 3]), np.array([0, 0])) as simulation:
        assert (simulation.world.parameters[vector.name] == [[0.25] * 7, [0.5] * 7]).all()
        assert list(simulation.world.parameters["supply_fear"]) == [1, 2]


def test_a_lever_with_parts_keeps_every_bit_of_its_values():
    mixes = [[0, 0, 1 / 3, 1 / 3, 1 / 3, 0], [0, 0, 1, 0, 0, 0]]
    study = Study.from_dict(
        {
            "scenario": "first-lesson",
            "years": [2025, 2026],
            "measures": {"us_installed": "installed[US]"},
            "levers": {"us_exim.instrument_mix": {"values": mixes}},
        }
    )
    with set_up(study, study.design.table(), np.array([0, 1]), np.array([0, 0])) as simulation:
        simulation.step()
        held = simulation.cast.levers("financier")["instrument_mix"][:, 0]
    np.testing.assert_array_equal(held, mixes)


def test_a_run_that_fails_alone_says_why(tmp_path):
    study = Study.from_dict(
        {
            "model": "slow_function:picky",
            "measures": {"y": "y"},
            "uncertainties": {"x": [0, 1]},
            "design": {"uncertainties": {"kind": "table", "rows": [{"x": 0.1}, {"x": 0.95}]}},
        }
    )
    assert one_run(study, 0, 0)[0][0, 0] == 0.1
    with pytest.raises(InputError, match="row 1, replicate 0 fails, in run: ValueError: x is too large for me"):
        one_run(study, 1, 0)


def test_every_judged_world_is_sound():
    """No combination of judged parameters within their plausible ranges drives a run to values that are no numbers."""
    study = Study.from_dict(
        {
            "scenario": "baseline",
            "years": [2025, 2033],
            "measures": {"us_installed": "installed[US]"},
            "uncertainties": {"*": "judged"},
            "design": {"uncertainties": {"kind": "latin", "size": 48}},
            "seed": 5,
        }
    )
    with set_up(study, study.design.table(), np.arange(48), np.zeros(48, int), threads=2) as simulation:
        simulation.run()
        assert (simulation.world.state["status"] == 0).all()
