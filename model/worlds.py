"""Worlds: values of the judged parameters for each run, from a table of those left by history or drawn over the ranges.

A table holds of each world its parameters, its weight, and a hash by which a change is noticed. A run's world follows
from its replicate alone, so that two scenarios are compared in the same worlds: replicate i is world `order[i]` of the
table. Worlds come as often as their weights say, and the first 64 runs of an ensemble of 500 are those of one of 64.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.model.files import whole_file
from stackcraft.model.parameters import assign, defaults, judged, plausible

DEFAULT, PLAUSIBLE, RAW = KINDS = ("default", "plausible", "raw")
SHIPPED = Path(__file__).with_name("plausible_worlds.npz")
RAW_SEED = 20_250_101  # of the draws of raw worlds: the same whatever the seed of the luck
GOLDEN = (np.sqrt(5) - 1) / 2  # steps by it fall evenly into an interval, however many there are
FIGURES = 6  # significant figures that a table keeps of a value
NEEDED = ("names", "values", "weight", "hashes", "about")


@dataclass(frozen=True)
class Worlds:
    """Worlds: `names` of parameters, `values` (worlds, parameters), `weight` (worlds,) adding up to 1.

    `about`: what they were made with, as texts.
    """

    names: tuple[str, ...]
    values: np.ndarray
    weight: np.ndarray
    about: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.weight)

    @property
    def effective(self) -> float:
        """How many worlds of equal weight they count as."""
        return float(1 / (self.weight**2).sum())

    def hashes(self) -> list[str]:
        """Return a short hash of each world's parameters."""
        names = "\0".join(self.names).encode()
        return [hashlib.sha256(names + row.astype("<f8").tobytes()).hexdigest()[:12] for row in self.values]

    def order(self, runs: int) -> np.ndarray:
        """Return which world each of the first replicates is, (runs,)."""
        return self.of(np.arange(runs))

    def of(self, replicates: np.ndarray) -> np.ndarray:
        """Return which world each replicate is."""
        places = (0.5 + GOLDEN * np.asarray(replicates, float)) % 1.0
        return np.minimum(np.searchsorted(np.cumsum(self.weight), places), len(self) - 1)


def rounded(values: np.ndarray) -> np.ndarray:
    """Return values with as many figures as a table keeps."""
    size = np.where(values == 0, 1.0, 10.0 ** np.floor(np.log10(np.abs(np.where(values == 0, 1.0, values)))))
    return np.round(values / size, FIGURES - 1) * size


def write(worlds: Worlds, path: Path) -> None:
    """Write a table of worlds, whole or not at all."""
    with whole_file(path) as stream:
        np.savez_compressed(
            stream, names=np.array(worlds.names), values=worlds.values, weight=worlds.weight,
            hashes=np.array(worlds.hashes()), about=np.array(json.dumps(dict(worlds.about), sort_keys=True)),
        )  # fmt: skip


def read(path: Path) -> Worlds:
    """Read a table of worlds. Raises `InputError` if the file is not a table, or was changed after it was made."""
    try:
        status = path.stat()
    except OSError:
        raise InputError(f"there is no table of worlds {path}") from None
    return _read(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=4)
def _read(path: Path, changed: int, size: int) -> Worlds:
    """Read a table; the same file is read once until it changes."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            found = {name: stored[name] for name in NEEDED}
        names = tuple(map(str, found["names"]))
        worlds = Worlds(names, found["values"], found["weight"], json.loads(str(found["about"])))
        whole = worlds.values.shape == (len(worlds), len(names)) and abs(worlds.weight.sum() - 1) < 1e-9
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        raise InputError(f"{path} is not a table of worlds; `stackcraft evidence match` makes one") from None
    if not whole or worlds.hashes() != found["hashes"].tolist():
        raise InputError(f"{path} was changed after it was made: its hashes do not fit; make it again")
    for array in (worlds.values, worlds.weight):
        array.setflags(write=False)  # everybody who reads the file is given the same arrays
    return worlds


def check_kind(kind: str) -> None:
    """Raise `InputError` for what is neither a kind of worlds nor the name of a table's file."""
    if kind not in KINDS and not kind.endswith(".npz"):
        raise InputError(
            f"{unknown('kind of worlds', kind, KINDS)} (give {', '.join(KINDS)}, or the file of a table, which ends in "
            ".npz)"
        )


def table_of(kind: str) -> Worlds | None:
    """Return the table that a kind of worlds is taken from; None where there is none to take. Raises `InputError`."""
    check_kind(kind)
    if kind in (DEFAULT, RAW):
        return None
    path = SHIPPED if kind == PLAUSIBLE else Path(kind)
    if kind == PLAUSIBLE and not path.is_file():
        raise InputError(
            "no table of plausible worlds comes with this version; make one with `stackcraft evidence match --out "
            "FOLDER` (an hour or so), and give FOLDER/worlds.npz in place of plausible"
        )
    return read(path)


def parameters(kind: str, replicates: Iterable[int]) -> np.ndarray:
    """Return the parameters of runs, structured (runs,), each in the world of its replicate. Raises `InputError`."""
    replicates = np.asarray(list(replicates), int)
    if kind == DEFAULT or not len(replicates):
        return defaults(len(replicates))
    table = table_of(kind)
    if table is None:
        return _raw(replicates)
    try:
        return of_worlds(table, table.of(replicates))
    except InputError as error:
        raise InputError(f"worlds {kind}: the table fits another version of the model: {error}") from None


def of_worlds(table: Worlds, which: np.ndarray) -> np.ndarray:
    """Return the parameters of worlds of a table, structured (worlds,). Raises `InputError` where they do not fit."""
    array = defaults(len(which))
    for place, name in enumerate(table.names):
        assign(array, name, table.values[which, place])
    return array


def _raw(replicates: np.ndarray) -> np.ndarray:
    """Draw every judged parameter over its plausible range, each world by itself."""
    number = len(judged())
    return at_points(np.stack([np.random.default_rng([RAW_SEED, int(one)]).random(number) for one in replicates]))


def at_points(points: np.ndarray) -> np.ndarray:
    """Return parameters, structured (worlds,), with every judged one at a point of its plausible range.

    `points` (worlds, judged parameters): 0 is the lower end, 1 the upper. Whole numbers are rounded.
    """
    array = defaults(len(points))
    for column, (name, one) in enumerate(judged()):
        low, high = plausible(name, one)
        values = low + points[:, column] * (high - low)
        assign(array, name, np.round(values) if one.whole or one.unit == "0/1" else values)
    return array
