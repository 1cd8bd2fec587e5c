"""The figures of CALIBRATION.md are counted as they say."""

from pathlib import Path

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


def test_the_notes_say_what_is_reached():
    with Simulation("baseline", runs=64, seed=2025) as made:
        made.run()
        found = dict(figures(made))
    text = (Path(calibration.__file__).parent / "CALIBRATION.md").read_text(encoding="utf-8")
    share = {name: f"{100 * value:.0f} %" for name, value in found.items()}
    tenth = {name: f"{100 * value:.1f} %" for name, value in found.items()}
    for said in (
        f"US {found['coercion a year, us_government']:.2f}, China {found['coercion a year, cn_government']:.2f}",
        f"| {tenth['tenders that buy nothing']} |",
        f"| {share['renewals that keep the vendor']} |",
        f"| {tenth['cloud contracts that change hands a year']} |",
        (
            f"{found['chips capacity over need, 2030']:.2f} of need in 2030, "
            f"{found['chips capacity over need, 2045']:.2f} in 2045"
        ),
        (
            f"operated US cloud {share['use of operated US cloud']}; "
            f"{share['use of operated US cloud, by capacity']} weighted by capacity"
        ),
        (
            f"under a year old {share['use of sites under a year old']}; "
            f"{share['of these, in use by less than 15 %']} of it"
        ),
        f"over two years old {share['use of sold chips and cloud over two years old']}",
        (
            f"feared {tenth['breaches feared a year, at the start']} a year at the start, "
            f"{tenth['breaches feared a year, at the end']} at the end"
        ),
        (
            f"{tenth['breaches as they are a year, US']} (US), {tenth['breaches as they are a year, CN']} (China), "
            f"{tenth['breaches as they are a year, independent']} (independent)"
        ),
        f"open in {found['countries in which the race is open']:.0f} of 193",
    ):
        assert said in text, f"CALIBRATION.md does not say {said!r}"
