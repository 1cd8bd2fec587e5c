"""The declared targets, readings, baselines and tolerances, read from `readings.toml` and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.evidence.hindcast import baselines, observe, outcomes, scores
from stackcraft.model.loop.codes import SUBMODELS

READINGS = Path(__file__).with_name("readings.toml")
KINDS = {
    "yes-no": (tuple(scores.YES_NO), baselines.YES_NO),
    "count": (("crps", "log"), baselines.COUNTS),
    "ranking": (("spearman",), baselines.RANKINGS),
    "level": (("crps",), baselines.LEVELS),
}
TESTED, NOT_TESTED = "tested", "cannot be tested"
HOWS = ("inputs", "off", "shuffle")


@dataclass(frozen=True, kw_only=True)
class Target:
    """One question that the model is held to; the fields are explained at the top of `readings.toml`."""

    name: str
    what: str
    kind: str
    outcome: tuple
    reading: tuple
    rule: str
    primary: str
    also: tuple[str, ...]
    baselines: tuple[str, ...]
    tolerance: float
    weight: float
    reason: str
    sensitivity: tuple[str, ...] = ()
    status: str = TESTED

    @property
    def side(self) -> str:
        """The side whose clouds the target is about: "US" where it is about neither."""
        return "CN" if "CN" in self.outcome else "US"


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A model that is wrong on purpose: how it is made, and which submodels are off."""

    name: str
    what: str
    how: str
    off: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Declared:
    """Everything that is settled before a score; see the top of `readings.toml`."""

    declared: str
    runs: int
    seed: int
    tuned: str
    scored: str
    resamples: int
    interval: float
    reliability_bins: int
    blocks: Mapping[str, tuple[str, ...]]
    wrong: tuple[Wrong, ...]
    targets: tuple[Target, ...] = field(default=())

    def tested(self) -> list[Target]:
        """The targets that can be tested."""
        return [target for target in self.targets if target.status == TESTED]

    def block_of(self, subregions: list[str]) -> np.ndarray:
        """The number of the block of each country, by its sub-region. Raises `InputError` for one in no block."""
        place = {name: number for number, names in enumerate(self.blocks.values()) for name in names}
        for name in subregions:
            if name not in place:
                raise InputError(f"{READINGS.name}, blocks: {unknown('sub-region', name, place)}")
        return np.array([place[name] for name in subregions])


def declared(path: Path = READINGS) -> Declared:
    """Read and check the declared readings. Raises `InputError` that names the table and what would be right."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{path.name} cannot be read: {error}") from None
    targets = tuple(_made(Target, one, path, "target") for one in table.pop("target", []))
    wrong = tuple(_made(Wrong, one, path, "wrong") for one in table.pop("wrong", []))
    whole = _made(Declared, {**table, "wrong": wrong, "targets": targets}, path, "readings")
    for target in targets:
        _check(target, path)
    for one in wrong:
        if one.how not in HOWS or any(name not in SUBMODELS for name in one.off):
            raise InputError(f"{path.name}, wrong {one.name}: how is one of {', '.join(HOWS)}, off names submodels")
    total = sum(target.weight for target in targets)
    if abs(total - 1.0) > 1e-9:
        raise InputError(f"{path.name}: the weights add up to {total:g}; they must add up to 1")
    if len({target.name for target in targets}) < len(targets):
        raise InputError(f"{path.name}: two targets have the same name; give each its own")
    return whole


def _made(kind: type, table: Mapping[str, Any], path: Path, what: str) -> Any:
    known = [entry.name for entry in fields(kind)]
    name = table.get("name", what)
    for key in table:
        if key not in known:
            raise InputError(f"{path.name}, {what} {name}: {unknown('key', key, known)}")
    values = {key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    try:
        return kind(**values)
    except TypeError as error:
        raise InputError(f"{path.name}, {what} {name}: {str(error).partition(') ')[2] or error}") from None


def _check(target: Target, path: Path) -> None:
    where = f"{path.name}, target {target.name}"
    if target.kind not in KINDS:
        raise InputError(f"{where}: {unknown('kind', target.kind, KINDS)}")
    if target.status not in (TESTED, NOT_TESTED):
        raise InputError(f"{where}: status is {TESTED!r} or {NOT_TESTED!r}")
    if target.status == NOT_TESTED:
        if target.weight or target.reading:
            raise InputError(f"{where}: what cannot be tested has no weight and no reading")
        return
    allowed, known = KINDS[target.kind]
    for score in (target.primary, *target.also):
        if score not in allowed:
            raise InputError(f"{where}: {unknown('score', score, allowed)}")
    for baseline in target.baselines:
        if baseline not in known:
            raise InputError(f"{where}: {unknown('baseline', baseline, known)}")
    for part, module in (("outcome", outcomes), ("reading", observe)):
        name = next(iter(getattr(target, part)), "")
        if not name or name.startswith("_") or not callable(getattr(module, name, None)):
            raise InputError(f"{where}: {part} {name!r} is not a function of {module.__name__.rpartition('.')[2]}.py")
    if target.tolerance <= 0:
        raise InputError(f"{where}: tolerance {target.tolerance:g} should be above 0")
