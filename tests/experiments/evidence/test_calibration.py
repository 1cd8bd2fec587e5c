"""The figures of CALIBRATION.md are counted as they say."""

import numpy as np
import pytest

from stackcraft.experiments.evidence import calibration
from stackcraft.experiments.evidence.calibration import figures
from stackcraft.model import Simulation


@pytest.fixture(scope="module")
def simulation():
    with Simulation("baseline", runs=2, seed=11) as made:
        for _ in range(6):
            made.step()
        yield made


def test_figures_against_plain_counts(simulation):
    found, results = dict(figures(simulation)), simulation.results
    assert len(found) == 18 and np.isfinite(list(found.values())).all()
    nothing = [results.nothing_bought[r].sum().item() / results.tenders[r].sum().item() for r in range(2)]
    assert found["tenders that buy nothing"] == pytest.approx(np.mean(nothing)) and 0 < np.mean(nothing) < 1
    chips = results.isel(layer=1)
    need = [chips.capacity[r, 5].sum().item() / chips.demand[r, 5].sum().item() for r in range(2)]
    assert found["chips capacity over need, 2030"] == pytest.approx(np.mean(need))
    for home, name in enumerate(("us_government", "cn_government")):
        assert found[f"coercion a year, {name}"] == pytest.approx(
            results.coercion_events[..., home].sum().item() / 2 / 6
        )


def test_use_is_that_of_deals_in_operation(simulation):
    found, state, deals = dict(figures(simulation)), simulation.world.state, simulation.world.deals
    used, weights = [], []
    for r in range(2):
        for c in range(193):
            for i in range(state["stage"].shape[-1]):
                deal = deals[r, c, 2, i]
                if state["stage"][r, c, 2, i] == 3 and deal["mode"] == 1 and deal["stack"] == 0:
                    used.append(deal["used"])
                    weights.append(deal["capacity"])
    assert found["use of operated US cloud"] == pytest.approx(np.mean(used))
    assert found["use of operated US cloud, by capacity"] == pytest.approx(np.average(used, weights=weights))


def test_the_notes_say_what_is_stored():
    assert calibration.table(calibration.stored()[0]) in calibration.NOTES.read_text(encoding="utf-8")


def test_what_is_stored_is_reached():
    with Simulation("baseline", runs=64, seed=2025) as made:
        made.run()
        assert dict(figures(made)) == pytest.approx(calibration.stored()[0], rel=1e-9)


def test_figures_are_told_by_their_kind():
    said = calibration.table({"coercion a year, us_government": 0.726, "use of it": 0.6558, "countries at odds": 72.4})
    assert said.splitlines()[2:] == [
        "| coercion a year, us_government | 0.73 |",
        "| use of it | 65.6 % |",
        "| countries at odds | 72 |",
    ]
