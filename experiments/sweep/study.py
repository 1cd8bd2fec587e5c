"""A study: what is varied, how rows are chosen, what is kept. Checked whole before the first run.

    title = "Which guarantees pay"
    scenario = "baseline"                 # what the rows change; or model = "package.module:function"
    replicates = 16
    keep = [2030, 2045]                   # years; all of them if left out

    [measures]                            # see `stackcraft.experiments.sweep.series`
    us_installed = "installed[US]"

    [uncertainties]                       # nobody chooses these: parameters, with the declared range {} or another
    supply_fear = {}
    "growth.cloud" = [0.1, 0.3]

    [levers]                              # what an actor chooses
    "us_government.supply_bond" = [0, 1]
    "cn_government.subsidy.network@2030" = { values = [0, 0.3] }

    [bundles]                             # several levers, on or off together; or the levers and presets of a scenario
    hosting = ["us_government.local_hosting=1", "us_government.confidential_computing=1"]
    contested = "recommendation-1-contested"

    [strategies]                          # of a side, an actor or a group
    US = ["status-quo-2025", "contested-first"]
    CN = "all"

    [structure]                           # the model itself
    off = [[], ["peers"], ["peers", "standards"]]
    peer_graph = ["trade-and-votes", "region"]
    satisficing = [0, 1]

    [design]                              # how the rows of each block are chosen; a block without a line is crossed
    whole uncertainties = { kind = "latin", size = 100 } policies = { kind = "grid", levels = 3 }

Blocks are `uncertainties`, `policies` (levers and bundles), `strategies` and `structure`; `together` puts uncertainties
and policies into one design. A study's rows are the cross product of its blocks.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from stackcraft.agents.errors import InputError
from stackcraft.experiments.sweep.blocks import Block
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.series import Series
from stackcraft.model.scenario import Scenario

PIECE, PIECE_NUMBERS = 100_000, 10_000_000  # rows, and numbers, of a design that are laid out at once
MOST_REPLICATES = 1_000_000
MOST_RUNS = 1_000_000_000
SHIPPED = Path(__file__).resolve().parents[1] / "studies"


class StudyError(InputError):
    """A study that cannot be run: one line a mistake, also as the list `mistakes`."""

    def __init__(self, mistakes: list[str]):
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes

    def __reduce__(self) -> tuple[type, tuple[list[str]]]:  # errors of workers on other machines are pickled
        return type(self), (self.mistakes,)


@dataclass(frozen=True, eq=False)
class Design:
    """The blocks of a study, the first outermost, and which rows of their product the constraints leave out."""

    blocks: tuple[Block, ...]
    kept: np.ndarray | None = None  # rows of the whole product that are run; None = all

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(block.size for block in self.blocks)

    @property
    def product(self) -> int:
        return int(np.prod(self.sizes, dtype=np.int64))

    @property
    def rows(self) -> int:
        return self.product if self.kept is None else len(self.kept)

    def places(self, rows: np.ndarray) -> np.ndarray:
        """Each block's own row for design rows, (rows, blocks)."""
        numbers = np.asarray(rows) if self.kept is None else self.kept[np.asarray(rows)]
        return np.stack(np.unravel_index(numbers, self.sizes), axis=-1)

    def tables(self, rows: int) -> Iterator[pd.DataFrame]:
        """The table of the first `rows` rows, a piece at a time: the whole of a large design would not fit in memory."""
        piece = max(1, min(PIECE, PIECE_NUMBERS // max(1, sum(len(block.factors) for block in self.blocks))))
        for start in range(0, rows, piece):
            yield self.table(np.arange(start, min(start + piece, rows)))

    def table(self, rows: np.ndarray | None = None) -> pd.DataFrame:
        """Rows with every block's row number and every factor's value; all rows if none are named."""
        rows = np.arange(self.rows) if rows is None else np.asarray(rows)
        places = self.places(rows)
        columns: dict[str, Any] = {block.name: places[:, axis] for axis, block in enumerate(self.blocks)}
        for axis, block in enumerate(self.blocks):
            for name in block.table.columns:
                columns[name] = block.table[name].to_numpy()[places[:, axis]]
        return pd.DataFrame(columns, index=pd.Index(rows, name="design_id"))


class Rows:
    """A few rows of a design, to be sent to whoever runs them."""

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = table

    def table(self, rows: np.ndarray) -> pd.DataFrame:
        return self._table.loc[np.asarray(rows)]


@dataclass(frozen=True, eq=False)
class Study:
    """Everything that decides the runs of a study; made by `load` or `from_dict`, which check it whole.

    `model` is None for the simulation or "package.module:function"; `years` those that are kept; `series` what each
    measure is (None for a function); `given` the table as it was read, for provenance.
    """

    name: str
    title: str
    story: str
    scenario: Scenario | None
    model: str | None
    years: tuple[int, ...]
    seed: int
    replicates: int
    part_runs: int
    measures: Mapping[str, str]
    series: Mapping[str, Series | None]
    factors: tuple[Factor, ...]
    design: Design
    given: Mapping[str, Any] = field(repr=False, default_factory=dict)

    @classmethod
    def load(cls, name_or_path: str | Path) -> Study:
        """A study that comes with the project, by name, or one in a TOML file. Raises `StudyError` with every mistake."""
        from stackcraft.experiments.sweep.study_check import read

        return read(name_or_path)

    @classmethod
    def from_dict(cls, table: Mapping[str, Any], name: str = "study", folder: Path | None = None) -> Study:
        """The study of a table as TOML gives it; `folder` is where its files are looked for. Raises `StudyError`."""
        from stackcraft.experiments.sweep.study_check import build

        return build(table, name, folder)

    @property
    def runs(self) -> int:
        return self.design.rows * self.replicates

    def with_replicates(self, replicates: int) -> Study:
        """The same study with another number of replicates. Raises `InputError` for none, or too many."""
        if not 1 <= replicates <= MOST_REPLICATES:
            raise InputError(f"replicates: {replicates} should be a whole number from 1 to {MOST_REPLICATES}")
        if self.design.rows * replicates > MOST_RUNS:
            raise InputError(
                f"{self.design.rows:,} rows x {replicates:,} replicates are more than {MOST_RUNS:,} runs; make the design smaller"
            )
        return replace(self, replicates=replicates)

    def with_rows(self, rows: np.ndarray) -> Study:
        """The same study knowing only some of its design rows: small enough to send to another machine with every part."""
        return replace(self, design=Rows(self.design.table(np.unique(rows))), given={})

    def identity(self) -> dict[str, Any]:
        """What must be the same for runs to belong together, as plain values: all but names, replicates and the number
        of rows.
        """
        return {
            "model": self.model,
            "scenario": None if self.scenario is None else _identity_of(self.scenario),
            "years": list(self.years),
            "seed": self.seed,
            "part_runs": self.part_runs,
            "measures": dict(self.measures),
            "factors": [_factor(one) for one in self.factors],
            "blocks": [[block.name, [one.name for one in block.factors]] for block in self.design.blocks],
        }

    def design_hash(self, rows: int) -> str:
        """A hash of the values of the first `rows` rows."""
        digest = hashlib.sha256()
        for table in self.design.tables(rows):
            for one in self.factors:
                column = table[one.name].to_numpy()
                digest.update(
                    json.dumps(column.tolist()).encode()
                    if column.dtype.kind not in "fiu"
                    else np.ascontiguousarray(column, "<f8").tobytes()
                )
        return digest.hexdigest()


def _identity_of(scenario: Scenario) -> dict[str, Any]:
    """What a scenario changes against the usual one; so a key that a later version adds does not make an old study
    another one.
    """
    usual = Scenario().as_dict()
    # Where a folder of facts lies says nothing; what is in it has a hash of its own.
    given = scenario.as_dict() | {"world": Path(scenario.world).name}
    return {
        key: value
        for key, value in given.items()
        if key not in ("name", "title", "story", "runs", "seed") and value != usual[key]
    }


def _factor(one: Factor) -> list[Any]:
    return [
        one.name,
        one.group,
        one.kind,
        one.low,
        one.high,
        list(one.values),
        list(one.levels),
        {key: _plain(value) for key, value in one.settings.items()},
    ]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def shipped() -> list[str]:
    """The names of the studies that come with the project."""
    return sorted(path.stem for path in SHIPPED.glob("*.toml"))
