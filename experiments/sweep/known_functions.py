"""Functions whose sensitivity indices are known in closed form: a study can run them in the place of the model.

They show that a sweep and its analyses do what they say, and how a plain function is written: it takes the rows (one
column a factor), the replicate of each row and the study's seed, and gives an array for each measure.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

A, B = 7.0, 0.1  # the usual constants of Ishigami's function
G_WEIGHTS = (0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0)


def ishigami(rows: pd.DataFrame, replicates: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """y = sin x1 + 7 sin^2 x2 + 0.1 x3^4 sin x1, each x from -pi to pi (T. Ishigami and T. Homma, 1990)."""
    x1, x2, x3 = (rows[name].to_numpy(float) for name in ("x1", "x2", "x3"))
    return {"y": np.sin(x1) + A * np.sin(x2) ** 2 + B * x3**4 * np.sin(x1)}


def g_function(rows: pd.DataFrame, replicates: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """y = prod (|4 x - 2| + a) / (1 + a), each x from 0 to 1 (I. Sobol; A. Saltelli and others, 2010)."""
    y = np.ones(len(rows))
    for place, a in enumerate(G_WEIGHTS):
        y *= (np.abs(4.0 * rows[f"x{place + 1}"].to_numpy(float) - 2.0) + a) / (1.0 + a)
    return {"y": y}


def noisy_sum(rows: pd.DataFrame, replicates: np.ndarray, seed: int) -> dict[str, np.ndarray]:
    """y = x1 + 2 x2 + luck, z = x1 - luck: the luck of a replicate is the same in every row, with variance 1."""
    luck = np.array([np.random.default_rng([seed, int(replicate)]).standard_normal() for replicate in replicates])
    return {
        "y": rows["x1"].to_numpy(float) + 2.0 * rows["x2"].to_numpy(float) + luck,
        "z": rows["x1"].to_numpy(float) - luck,
    }
