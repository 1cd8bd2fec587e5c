"""Sampler, sweep, store and analysis together give the closed forms of plain functions."""

import numpy as np
import pytest

from stackcraft.experiments.analyses.sobol import sobol_indices
from stackcraft.experiments.sweep import Study, open_study, sweep
from stackcraft.experiments.sweep.known_functions import G_WEIGHTS, A, B

pytest.importorskip("SALib")
BASE = 4096


def swept(folder, function, factors):
    """Indices of a function, by way of a study's folder."""
    study = Study.from_dict(
        {
            "model": f"stackcraft.experiments.sweep.known_functions:{function}",
            "measures": {"y": "y"},
            "uncertainties": factors,
            "seed": 1,
            "part_runs": 8192,
            "design": {"uncertainties": {"kind": "sobol", "size": BASE}},
        }
    )
    report = sweep(study, folder)
    assert report.whole and report.done == BASE * (2 * len(factors) + 2)
    results = open_study(folder)
    return sobol_indices(results.matrix("y")[:, 0], [one.name for one in study.factors], resamples=20)


@pytest.mark.slow
def test_ishigami_through_a_sweep_is_within_two_hundredths(tmp_path):
    found = swept(tmp_path / "s", "ishigami", {name: [-np.pi, np.pi] for name in ("x1", "x2", "x3")})
    one, two, pair = 0.5 * (1 + B * np.pi**4 / 5) ** 2, A**2 / 8, B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + pair
    np.testing.assert_allclose(found.first, np.array([one, two, 0]) / whole, atol=0.02)
    np.testing.assert_allclose(found.total, np.array([one + pair, two, pair]) / whole, atol=0.02)
    assert abs(found.second[0, 2] - pair / whole) < 0.02


@pytest.mark.slow
def test_the_g_function_through_a_sweep_is_within_two_hundredths(tmp_path):
    found = swept(tmp_path / "s", "g_function", {f"x{place + 1}": [0, 1] for place in range(8)})
    part = 1 / (3 * (1 + np.array(G_WEIGHTS)) ** 2)
    whole = np.prod(1 + part) - 1
    np.testing.assert_allclose(found.first, part / whole, atol=0.02)
    np.testing.assert_allclose(found.total, part * np.prod(1 + part) / (1 + part) / whole, atol=0.02)
