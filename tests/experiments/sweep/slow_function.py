"""A function in the place of the model that takes its time, so that a sweep can be killed in the middle of it."""

import time

import numpy as np


def slow(rows, replicates, seed):
    time.sleep(0.05)
    return {"y": rows["x"].to_numpy() * (1 + replicates), "z": np.sin(rows["x"].to_numpy() + seed)}


def deadly(rows, replicates, seed):
    """Ends its process where x is above 0.9, as a worker out of memory would."""
    import os
    import signal

    if (rows["x"] > 0.9).any():
        os.kill(os.getpid(), signal.SIGKILL)
    return {"y": rows["x"].to_numpy()}


def picky(rows, replicates, seed):
    """Fails where x is above 0.9."""
    if (rows["x"] > 0.9).any():
        raise ValueError("x is too large for me")
    return {"y": rows["x"].to_numpy()}


def constant(rows, replicates, seed):
    """Gives 12 numbers, however many are asked for."""
    return {"y": np.arange(12.0)}


def two_columns(rows, replicates, seed):
    return {"y": rows.to_numpy().repeat(2, axis=1)}


def other_name(rows, replicates, seed):
    return {"why": rows["x"].to_numpy()}


def lists(rows, replicates, seed):
    return [rows["x"].to_numpy()]


def texts(rows, replicates, seed):
    return {"y": ["a"] * len(rows)}


def no_replicates(rows):
    return {"y": rows["x"].to_numpy()}


def huge(rows, replicates, seed):
    """Beyond single precision where x is above 0.5."""
    x = rows["x"].to_numpy()
    return {"y": np.where(x > 0.5, 1e39, x)}
