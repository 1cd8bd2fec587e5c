"""Designs: the rows of one block of a study. A study's rows are the cross product of its blocks.

A row's place in the unit cube is made first and then stretched to each factor's range, so one code serves numbers,
lists and switches. Designs that can grow (random, sobol, morris, table, shapley) keep their first rows when they do.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.extras import need
from stackcraft.experiments.sweep.factors import Factor

MOST_ROWS = 20_000_000
MOST_NUMBERS = 500_000_000  # rows x factors of a block: 4 GB
# What each kind of design takes, with the default of each (None: must be given).
SETTINGS: dict[str, dict[str, Any]] = {
    "one": {},
    "grid": {"levels": 3},
    "latin": {"size": None},
    "random": {"size": None},
    "sobol": {"size": None, "second_order": True},
    "morris": {"trajectories": None, "levels": 4},
    "table": {"rows": None},
    "subsets": {},
    "shapley": {"permutations": None},
    "one_out": {},
}


@dataclass(frozen=True, eq=False)
class Block:
    """The rows of one block.

    `table` holds a factor's values in each column, (size, factors); `unit` the same as places in the unit cube, where
    the design has them.
    """

    name: str
    kind: str
    factors: tuple[Factor, ...]
    table: pd.DataFrame
    unit: np.ndarray | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)

    @property
    def size(self) -> int:
        return len(self.table)


def make_block(name: str, kind: str, factors: tuple[Factor, ...], settings: Mapping[str, Any], seed: int) -> Block:
    """Return the rows of a design.

    Raises `InputError` for an unknown kind, missing or wrong settings, or a design without rows.
    """
    if kind not in SETTINGS:
        raise unknown("kind of design", kind, SETTINGS, f"design.{name}")
    known = SETTINGS[kind]
    for key in settings:
        if key not in known:
            raise unknown("setting", key, known, f"design.{name} ({kind})")
    full = {**known, **settings}
    for key, value in full.items():
        if value is None:
            raise InputError(f'design.{name}: a {kind} design needs {key}, such as {{ kind = "{kind}", {key} = 64 }}')
        if key in ("size", "levels", "trajectories", "permutations"):
            least = 2 if key == "levels" else 1
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST_ROWS:
                raise InputError(f"design.{name}: {key} = {value!r}; give a whole number from {least} on")
    if not factors and kind != "one":
        raise InputError(f"design.{name}: there is nothing to vary in it")
    if factors and kind == "one":
        raise InputError(
            f"design.{name}: a design of one row varies nothing, and {factors[0].name} is to vary; give another kind, "
            "or leave it out"
        )
    if max(full.get(key) or 0 for key in ("size", "trajectories")) * len(factors) > MOST_NUMBERS:
        raise InputError(
            f"design.{name}: that many rows of {len(factors)} factors do not fit in memory; at most {MOST_NUMBERS:,} "
            "numbers do: give fewer rows or factors"
        )
    unit = None
    if kind in _CUBES:
        unit = _CUBES[kind](factors, full, seed, name)
        table = pd.DataFrame({one.name: one.at(unit[:, column]) for column, one in enumerate(factors)})
    elif kind == "one":
        table = pd.DataFrame(index=range(1))
    else:
        rows = _ROWS[kind](factors, full, seed, name)
        table = pd.DataFrame(rows, columns=[factor.name for factor in factors])
        for factor in factors:
            table[factor.name] = table[factor.name].astype(str if factor.kind == "category" else float)
    return Block(name, kind, tuple(factors), table, unit, full if kind != "table" else {})


# Designs in the unit cube


def _latin(factors, settings, seed, name):
    from scipy.stats import qmc

    return qmc.LatinHypercube(d=len(factors), rng=np.random.default_rng(seed)).random(settings["size"])


def _random(factors, settings, seed, name):
    return np.random.default_rng(seed).random((settings["size"], len(factors)))


def _problem(factors) -> dict[str, Any]:
    return {
        "num_vars": len(factors),
        "names": [factor.name for factor in factors],
        "bounds": [[0.0, 1.0]] * len(factors),
    }


def _sobol(factors, settings, seed, name):
    base = settings["size"]
    if base & (base - 1):
        raise InputError(
            f"design.{name}: size = {base} is not a power of two, which a Sobol design needs; give "
            f"{2 ** max(base.bit_length() - 1, 0)} or {2 ** base.bit_length()}"
        )
    if not isinstance(settings["second_order"], bool):
        raise InputError(f"design.{name}: second_order = {settings['second_order']!r}; give true or false")
    per_point = 2 * len(factors) + 2 if settings["second_order"] else len(factors) + 2
    _refuse_large(base * per_point, name)
    sample = need("SALib.sample.sobol", "analysis").sample
    return np.minimum(
        sample(_problem(factors), base, calc_second_order=settings["second_order"], seed=seed), np.nextafter(1.0, 0.0)
    )


def _morris(factors, settings, seed, name):
    if settings["levels"] % 2:
        raise InputError(
            f"design.{name}: levels = {settings['levels']}; a Morris design needs an even number, such as 4"
        )
    _refuse_large(settings["trajectories"] * (len(factors) + 1), name)
    sample = need("SALib.sample.morris", "analysis").sample
    return sample(_problem(factors), settings["trajectories"], num_levels=settings["levels"], seed=seed)


_CUBES = {"latin": _latin, "random": _random, "sobol": _sobol, "morris": _morris}


# Designs of listed values


def _grid(factors, settings, seed, name):
    lists = [factor.grid(settings["levels"]) for factor in factors]
    _refuse_large(int(np.prod([len(values) for values in lists], dtype=float)), name)
    return list(itertools.product(*lists))


def _switches(factors, name, kind):
    strangers = [factor.name for factor in factors if factor.kind != "switch"]
    if strangers:
        raise InputError(f"design.{name}: {kind} takes what is on or off, such as bundles; {strangers[0]} is not")
    return len(factors)


def _subsets(factors, settings, seed, name):
    number = _switches(factors, name, "subsets")
    _refuse_large(2.0**number, name)
    # Fewest first, so that the first row has nothing on and the last has everything.
    return sorted(itertools.product((0.0, 1.0), repeat=number), key=lambda row: (sum(row), [-one for one in row]))


def _one_out(factors, settings, seed, name):
    """Nothing, each alone, all but each, everything: leave-one-out and add-one-in."""
    number = _switches(factors, name, "one_out")
    alone = np.eye(number)
    rows = [np.zeros(number), *alone, *(1.0 - alone), np.ones(number)]
    return list(dict.fromkeys(tuple(row) for row in rows))


def _shapley(factors, settings, seed, name):
    """Return the growing subsets of random orders, each order followed by its reverse, none of them twice."""
    number = _switches(factors, name, "shapley")
    rows: dict[tuple, None] = {}
    for order in orders(number, settings["permutations"], seed):
        row = [0.0] * number
        rows[tuple(row)] = None
        for place in order:
            row[place] = 1.0
            rows[tuple(row)] = None
    return list(rows)


def orders(number: int, permutations: int, seed: int) -> list[tuple[int, ...]]:
    """Return random orders of `number` things, (permutations, number).

    Every second one reverses the one before it, which cancels much of the noise.
    """
    luck = np.random.default_rng(seed)
    found: list[tuple[int, ...]] = []
    while len(found) < permutations:
        order = tuple(int(place) for place in luck.permutation(number))
        found += [order, order[::-1]]
    return found[:permutations]


def _table(factors, settings, seed, name):
    rows = settings["rows"]
    if not isinstance(rows, list) or not rows:
        raise InputError(f"design.{name}: the table has no rows")
    mistakes = []
    for number, row in enumerate(rows):
        if not isinstance(row, Mapping):
            mistakes.append(f"design.{name}: row {number + 1} is not a table such as {{ {factors[0].name} = ... }}")
            continue
        for one in factors:
            if one.name not in row:
                mistakes.append(f"design.{name}: row {number + 1} lacks {one.name}")
            elif wrong := one.mistake(row[one.name]):
                mistakes.append(f"design.{name}: row {number + 1}: {wrong}")
        if strangers := set(row) - {factor.name for factor in factors}:
            mistakes.append(
                f"design.{name}: row {number + 1}: {sorted(map(str, strangers))[0]} is not a factor of this block"
            )
    if mistakes:
        more = f"; and {len(mistakes) - 5} more" if len(mistakes) > 5 else ""
        raise InputError("\n".join(mistakes[:5]) + more)
    return [[row[factor.name] for factor in factors] for row in rows]


_ROWS = {"grid": _grid, "subsets": _subsets, "one_out": _one_out, "shapley": _shapley, "table": _table}


def _refuse_large(rows: float, name: str) -> None:
    if rows > MOST_ROWS:
        raise InputError(
            f"design.{name} would have {rows:,.0f} rows; at most {MOST_ROWS:,} fit: use fewer levels or factors, or a "
            "latin or sobol design"
        )
