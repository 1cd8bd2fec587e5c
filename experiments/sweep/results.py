"""A finished, or half-finished, study as arrays and tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.extras import need
from stackcraft.experiments.sweep.blocks import Block
from stackcraft.experiments.sweep.store import KEYS, Store
from stackcraft.experiments.sweep.study import ONE_COLUMN, Design, same_but_for_case
from stackcraft.model.notebook import card

if TYPE_CHECKING:
    import xarray as xr


class StudyResults:
    """What a study gave, however it is kept: `_matrix(measure, year)` is all that a store has to answer."""

    study: Any
    replicates: int

    @property
    def measures(self) -> tuple[str, ...]:
        return tuple(self.study.measures)

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(self.study.years)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.study.design.blocks

    @property
    def design(self) -> pd.DataFrame:
        """A row a design row: its place in every block, and the value of every factor."""
        return self.study.design.table()

    def matrix(self, measure: str, year: int | None = None) -> np.ndarray:
        """Return a measure in a kept year, the last one for None, as (design rows, replicates).

        NaN where a run failed, is not there yet or has no number. Raises `InputError` for a measure or year that was
        not kept.
        """
        if measure not in self.study.measures:
            raise unknown("measure", measure, self.study.measures, "this study")
        year = self.years[-1] if year is None else year
        if year not in self.years:
            raise InputError(f"the study kept no year {year}; it kept {', '.join(map(str, self.years))}")
        return self._matrix(measure, year)

    def cube(self, measure: str, year: int | None = None) -> np.ndarray:
        """Return the same by blocks, (*block sizes, replicates); rows that constraints left out are NaN."""
        matrix = self.matrix(measure, year)
        design: Design = self.study.design
        whole = np.full((design.product, matrix.shape[1]), np.nan)
        whole[slice(None) if design.kept is None else design.kept] = matrix
        return whole.reshape(*design.sizes, matrix.shape[1])

    def to_xarray(self, measures: Sequence[str] | None = None, years: Sequence[int] | None = None) -> xr.Dataset:
        """Return measures, all if none are named, over (design_id, replicate, year).

        Factors are coordinates of the design rows. Units and descriptions are attributes. Raises `InputError` for a
        measure or year that was not kept.
        """
        import xarray as xr

        names, years = list(measures or self.measures), list(years or self.years)
        dims = ("design_id", "replicate", "year")
        arrays = {name: (dims, np.stack([self.matrix(name, year) for year in years], axis=-1)) for name in names}
        design = self.design
        factors = {factor.name: ("design_id", design[factor.name].to_numpy()) for factor in self.study.factors}
        data = xr.Dataset(arrays, {**factors, "design_id": design.index, "year": years}, {"title": self.study.title})
        for factor in self.study.factors:
            data[factor.name].attrs = {
                "long_name": factor.sentence or factor.name,
                "units": factor.unit,
                "group": factor.group,
            }
        for name in names:
            series = getattr(self.study, "series", {}).get(name)
            data[name].attrs = {"long_name": self.study.measures[name], "units": series.unit if series else ""}
        return data

    def to_pandas(self, measures: Sequence[str] | None = None, years: Sequence[int] | None = None) -> pd.DataFrame:
        """Return a row a run and year, with design_id, replicate, year, the factors and the measures as columns."""
        table = self.to_xarray(measures, years).to_dataframe().reset_index()
        factors = [factor.name for factor in self.study.factors]
        keys = ["design_id", "replicate", "year", *factors]
        return table[[*keys, *(name for name in table.columns if name not in keys)]]

    def no_number(self, measure: str, year: int | None = None) -> int:
        """Return how many runs ended well but have no number for a measure, such as a share of nothing."""
        return int(np.isnan(self.matrix(measure, year)).sum())

    def _matrix(self, measure: str, year: int) -> np.ndarray:
        raise NotImplementedError

    def __repr__(self) -> str:
        about = self.about()
        return (
            f"<{type(self).__name__} of {about['study']}: {about['design rows']} rows x {self.replicates} replicates>"
        )

    def _repr_html_(self) -> str:
        rows = [
            *self.about().items(),
            ("measures", ", ".join(self.measures)),
            ("years", ", ".join(map(str, self.years))),
        ]
        return card(self.study.title, "", rows[1:])

    def about(self) -> dict[str, Any]:
        """What the study is, for the reader of a finding."""
        design = ", ".join(
            f"{block.name}: {block.kind}, {block.size} row{'s' * (block.size != 1)}" for block in self.blocks
        )
        return {
            "study": self.study.title,
            "design": design,
            "design rows": self.study.design.rows,
            "replicates": self.replicates,
            "seed": self.study.seed,
        }


class StoredStudy(StudyResults):
    """The results in a study's folder."""

    def __init__(self, store: Store) -> None:
        self.store, self.study = store, store.study
        self.replicates = max(stage[3] for stage in store.stages)
        self._kept: dict[tuple[str, int], np.ndarray] = {}
        self._no_number: dict[tuple[str, int], int] = {}

    def _matrix(self, measure: str, year: int) -> np.ndarray:
        if (measure, year) not in self._kept:
            array = np.full((self.study.design.rows, self.replicates), np.nan)
            there = 0
            for name in self.store.names():
                table = self.store.read(name, ["design_id", "replicate", "year", measure])
                ids, replicates, years, values = (table.column(place).to_numpy() for place in range(4))
                here = years == year
                array[ids[here], replicates[here]] = values[here]
                there += int(here.sum())
            self._no_number[measure, year] = there - int(np.isfinite(array).sum())
            self._kept[measure, year] = array
        return self._kept[measure, year].copy()

    def no_number(self, measure: str, year: int | None = None) -> int:
        self.matrix(measure, year)
        return self._no_number[measure, self.years[-1] if year is None else year]

    def query(self, sql: str) -> pa.Table:
        """Return the answer of DuckDB to a question in SQL over three tables, whole.

        `runs` has a row a run and year with the measures, `design` a row a design row with the factors' values, and
        `study` both joined. Raises `InputError` for SQL that does not work, damaged parts, and a study without runs.
        """
        duckdb = need("duckdb", "analysis")
        columns = (*KEYS, *self.study.measures, *(factor.name for factor in self.study.factors))
        for name, other in same_but_for_case(columns):
            raise InputError(f"{self.store.folder}: {name} and {other} {ONE_COLUMN}")
        # Datasets of named files: DuckDB would read a path as a pattern, and folders called a=b as columns.
        tables = {"runs": self.store.dataset(), "design": self.store.dataset(design=True)}
        with duckdb.connect(config={"python_enable_replacements": "false"}) as connection:
            try:
                for name, table in tables.items():
                    connection.register(name, table)
                connection.execute("create view study as select * from runs join design using (design_id)")
                answer = connection.sql(sql)
                return pa.table({}) if answer is None else answer.to_arrow_table()
            except duckdb.Error as error:
                raise InputError(f"DuckDB: {str(error).splitlines()[0]}") from None
            except (OSError, pa.ArrowInvalid) as error:
                raise InputError(
                    f"{self.store.folder}: {str(error).splitlines()[0]}; see stackcraft study verify"
                ) from None

    def about(self) -> dict[str, Any]:
        made_by = self.store.spec["made_by"]
        return {
            **super().about(),
            "version": made_by["version"],
            "commit": made_by["commit"],
            "facts": made_by["facts"][:12],
        }


def open_study(folder: str | Path) -> StoredStudy:
    """The study in a folder made by `sweep`. Raises `InputError`."""
    return StoredStudy(Store.open(folder))
