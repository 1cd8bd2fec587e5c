"""A table of worlds: of each the values of its parameters, its weight, and a hash by which a change is noticed.

Run i of an ensemble is world `order[i]` of the table: worlds come as often as their weights say, and the first 64 runs
of an ensemble of 500 are those of an ensemble of 64.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.model.files import whole_file

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
        """Return which world each run is, (runs,)."""
        places = (0.5 + GOLDEN * np.arange(runs)) % 1.0
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
    """Read a table of worlds. Raises `InputError` if it is none, or if its hashes do not fit what is in it."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            found = {name: stored[name] for name in NEEDED}
        names = tuple(map(str, found["names"]))
        worlds = Worlds(names, found["values"], found["weight"], json.loads(str(found["about"])))
        whole = worlds.values.shape == (len(worlds), len(names)) and abs(worlds.weight.sum() - 1) < 1e-9
    except FileNotFoundError:
        raise InputError(f"there is no table of worlds {path}") from None
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        raise InputError(f"{path} is not a table of worlds; `stackcraft evidence match` makes one") from None
    if not whole or worlds.hashes() != found["hashes"].tolist():
        raise InputError(f"{path} was changed after it was made: its hashes do not fit; make it again")
    return worlds
