"""Constants of the start that were solved beforehand, for the worlds that are run most.

To solve them takes about forty milliseconds a world, which an ensemble of 64 worlds would pay 64 times. They are found
by everything that they depend on: facts, levers of the status quo, parameters, switches and the first year. Code cannot
be looked up like that, so the first world of a process is solved all the same: only if the table agrees with it is the
table used. `make remeasure MEASURE="--only starts"` makes it again.
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.model.files import whole_file

STORED = Path(__file__).with_suffix(".npz")
Digest = Any  # of hashlib, which names no type
FIGURES = 9  # significant figures of facts and levers that count: another processor may differ in the last of sixteen
CLOSE = 1e-9  # how far a constant may lie from the one that was stored


def shared_key(facts: np.ndarray, levers: Iterable[np.ndarray], first_year: int) -> Digest:
    """Return the beginning of the keys of all runs of a batch: what they share."""
    digest = hashlib.sha256(str(first_year).encode())
    for record in (facts, *levers):
        _take_in(digest, record)
    return digest


def _take_in(digest: Digest, record: np.ndarray) -> None:
    for name in record.dtype.names:
        values = np.asarray(record[name])
        if values.dtype.names is None:
            digest.update(name.encode() + _rounded(values).tobytes())
        else:
            _take_in(digest, values)


def key(shared: Digest, parameters: np.void, switches: np.ndarray) -> str:
    """Return the key of a run."""
    digest = shared.copy()
    digest.update(parameters.tobytes() + switches.tobytes())
    return digest.hexdigest()[:32]


def _rounded(values: np.ndarray) -> np.ndarray:
    values = values.astype(float) + 0.0  # no negative zeros
    with np.errstate(divide="ignore", invalid="ignore"):
        size = 10.0 ** (np.floor(np.log10(np.abs(values))) - FIGURES + 1)
        return np.where(np.isfinite(values) & (values != 0), np.rint(values / size), values)


def write(found: Mapping[str, np.ndarray], path: Path = STORED) -> None:
    """Write a table of constants, each (layer, stack), by key; whole or not at all."""
    with whole_file(path) as stream:
        np.savez_compressed(stream, keys=np.array(list(found)), constants=np.stack(list(found.values())))


@cache
def stored(path: Path = STORED) -> Mapping[str, np.ndarray]:
    """Return the table; empty where there is none that can be read, since everything in it can be solved again."""
    try:
        with np.load(path, allow_pickle=False) as found:
            return dict(zip(found["keys"].tolist(), found["constants"], strict=True))
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile):
        return {}
