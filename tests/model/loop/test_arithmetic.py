"""The written-out functions against the C library and scipy."""

import numpy as np
import pytest
from scipy.stats import norm

from stackcraft.model.loop.arithmetic import exp, log, normal, power, root, sigmoid


def test_exp_and_log():
    for x in np.concatenate([np.linspace(-700, 700, 2001), np.linspace(-1, 1, 501)]):
        assert exp(x) == pytest.approx(np.exp(x), rel=4e-16)
    for x in np.concatenate([np.geomspace(1e-300, 1e300, 2001), np.linspace(0.5, 2, 501)]):
        assert log(x) == pytest.approx(np.log(x), rel=4e-16, abs=2e-16)


def test_exp_is_clamped_and_log_undoes_it():
    assert exp(1e6) == exp(708.0) and exp(-1e6) == exp(-708.0) > 0
    for x in (-30.0, -1.0, 0.0, 1e-9, 2.5, 300.0):
        assert log(exp(x)) == pytest.approx(x, rel=1e-14, abs=2e-16)


def test_the_rest():
    assert sigmoid(0.0) == 0.5 and sigmoid(3.0) == pytest.approx(1 / (1 + np.exp(-3)), rel=1e-15)
    assert power(1.7, 0.3) == pytest.approx(1.7**0.3, rel=1e-14) and root(2.0) == np.sqrt(2.0)
    for u in (1e-12, 1e-3, 0.2, 0.5, 0.77, 0.999, 1 - 1e-9):
        assert normal(u) == pytest.approx(norm.ppf(u), rel=1e-12, abs=1e-15)
