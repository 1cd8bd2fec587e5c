"""The folder of a study: a specification, the design, and one Parquet file a part.

    spec.json            the study as it was asked for, its stages, and what made it
    design.parquet       a row for each design row: its place in every block and the value of every factor
    runs/part-*.parquet  a row a run and year: design_id, replicate, year and the measures in single precision
    failures/part-*.json runs that failed, with the error; they have no rows in their part
    datapackage.json     what the columns mean, for other programs

A part is written once, whole or not at all, and never changed. Its footer says what made it.
"""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from stackcraft.agents.errors import InputError
from stackcraft.experiments.json_files import read_json
from stackcraft.experiments.sweep import files
from stackcraft.experiments.sweep.parts import Part, Stage, count_runs
from stackcraft.experiments.sweep.references import INPUTS, module_file
from stackcraft.experiments.sweep.study import Study, StudyError
from stackcraft.experiments.sweep.work import PartResult

FORMAT = 1
SPEC, DESIGN, RUNS, FAILURES, PACKAGE = "spec.json", "design.parquet", "runs", "failures", "datapackage.json"
HALF_WRITTEN = (f".{SPEC}", f".{DESIGN}", f".{PACKAGE}", f"{RUNS}/.part-*", f"{FAILURES}/.part-*", f"{INPUTS}/**/.*")
FOOTER = b"stackcraft"
KEYS = ("design_id", "replicate", "year")


class Store:
    """One study's folder. `create` or `open` it; then `write` parts and `read` them."""

    def __init__(self, folder: Path, spec: dict[str, Any], study: Study) -> None:
        self.folder, self.spec, self.study = folder, spec, study

    @property
    def stages(self) -> list[Stage]:
        return [tuple(stage) for stage in self.spec["stages"]]

    @property
    def runs(self) -> int:
        """How many runs the study asks for."""
        return count_runs(self.stages)

    # making and opening

    @classmethod
    def create(cls, folder: Path, study: Study, stages: list[Stage], made_by: dict[str, Any]) -> Store:
        """A new study folder. Raises `OutputError`."""
        store = cls(folder, {}, study)
        store.describe(study, stages, made_by)
        return store

    def describe(self, study: Study, stages: list[Stage], made_by: dict[str, Any]) -> None:
        """Write what the folder holds, the specification last."""
        self.study = study
        for name in (RUNS, FAILURES):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        pieces = (
            pa.Table.from_pandas(piece.reset_index(), preserve_index=False)
            for piece in study.design.tables(study.design.rows)
        )
        files.write(self.folder / DESIGN, _parquet(pieces, {}))
        self.spec = {
            "program": "stackcraft study",
            "format": FORMAT,
            "name": study.name,
            "title": study.title,
            "story": study.story,
            "identity": identity_hash(study),
            "stages": [list(stage) for stage in stages],
            "designs": {str(rows): study.design_hash(rows) for rows in sorted({stage[1] for stage in stages})},
            "specification": study.identity(),
            "study": self._portable(study),
            "made_by": made_by,
        }
        files.write_json(self.folder / PACKAGE, _datapackage(study))
        files.write_json(self.folder / SPEC, self.spec)

    @property
    def complete(self) -> bool:
        """Whether all that `describe` makes is there."""
        return (
            (self.folder / DESIGN).is_file()
            and (self.folder / PACKAGE).is_file()
            and (self.folder / RUNS).is_dir()
            and (self.folder / FAILURES).is_dir()
        )

    def _portable(self, study: Study) -> dict[str, Any]:
        """The study's own table with everything it refers to beside it, so that the folder can be read anywhere."""
        given = json.loads(json.dumps(study.given, default=_plain))
        given |= {"replicates": study.replicates, "seed": study.seed, "part_runs": study.part_runs}
        if study.scenario is not None:
            given["scenario"] = study.scenario.as_dict()
            given.pop("years", None)
            facts = Path(study.scenario.world)
            if (facts / "countries.csv").is_file():  # a folder of facts, which may move or change
                copy = self.folder / INPUTS / facts.name
                copy.mkdir(parents=True, exist_ok=True)
                for path in sorted(facts.glob("*.csv")):
                    files.write(copy / path.name, path.read_bytes())
                given["scenario"]["world"] = f"{INPUTS}/{facts.name}"
        if study.model is not None and (file := module_file(name := study.model.partition(":")[0], study.folder)):
            copy = (self.folder / INPUTS).joinpath(*name.split(".")).with_suffix(".py")
            copy.parent.mkdir(parents=True, exist_ok=True)
            files.write(copy, file.read_bytes())
        for name in given.get("bundles", {}):
            one = next(factor for factor in study.factors if factor.name == name)
            given["bundles"][name] = {
                "title": one.sentence,
                "levers": list(one.settings["levers"]),
                "presets": dict(one.settings["presets"]),
            }
        for name, settings in given.get("design", {}).items():
            if settings.get("kind") == "table":
                block = next(block for block in study.design.blocks if block.name == name)
                settings.pop("rows", None)
                settings["file"] = f"{INPUTS}/{name}.parquet"
                (self.folder / INPUTS).mkdir(exist_ok=True)
                files.write(
                    self.folder / settings["file"],
                    _parquet([pa.Table.from_pandas(block.table, preserve_index=False)], {}),
                )
        return given

    @classmethod
    def open(cls, folder: str | Path, trusting: bool = False) -> Store:
        """Return the study in a folder.

        Raises `InputError` if there is none, it is damaged or of another version, or what is installed here would make
        another design of it; `trusting` leaves the last to the caller.
        """
        folder = Path(folder)
        path = folder / SPEC
        if not path.is_file():
            raise InputError(
                f"{folder} holds no study: there is no {SPEC} in it; make one with stackcraft sweep STUDY --out "
                f"{folder}"
            )
        spec = read_json(path, "specification")
        if not isinstance(spec, dict) or spec.get("program") != "stackcraft study":
            raise InputError(f"{path} is not the specification of a study of Stackcraft")
        if spec.get("format") != FORMAT:
            raise InputError(
                f"{folder} is a store of format {spec.get('format')!r}, and this version reads format {FORMAT}; use "
                f"the version {spec.get('made_by', {}).get('version', 'that made it')}"
            )
        try:
            study = Study.from_dict(spec["study"], spec["name"], folder, to_read=True)
            store, made_by = cls(folder, spec, study), dict(spec["made_by"])
            designs, identity = dict(spec["designs"]), spec["identity"]
            rows = max(stage[1] for stage in store.stages)
        except StudyError as error:
            raise InputError(f"{path} cannot be read by this version: {error.mistakes[0]}") from None
        except (KeyError, TypeError, ValueError, IndexError):
            raise InputError(f"{path} is damaged: parts of it are missing") from None
        # The design is made again from the study; with other declarations or another SALib it would be another one, and
        # every finding wrong.
        if trusting:
            return store
        if (
            identity_hash(study) != identity
            or study.design.rows != rows
            or study.design_hash(rows) != designs.get(str(rows))
        ):
            raise InputError(
                f"{folder}: its rows mean something else to what is installed here (ranges, bundles or samplers have "
                f"changed); use version {made_by.get('version')}, commit {str(made_by.get('commit'))[:9]}, which made "
                "it"
            )
        return store

    @classmethod
    def is_at(cls, folder: Path) -> bool:
        return (folder / SPEC).exists()

    # parts

    def path(self, name: str) -> Path:
        return self.folder / RUNS / f"{name}.parquet"

    def write(self, part: Part, outcome: PartResult, made_by: dict[str, Any]) -> None:
        """Keep a finished part. Raises `OutputError`."""
        path = self.folder / FAILURES / f"{part.name}.json"
        if outcome.failures:
            files.write(path, (json.dumps(outcome.failures, indent=1) + "\n").encode())
        else:
            path.unlink(missing_ok=True)  # of a damaged part that was run again
        files.write(self.path(part.name), part_bytes(self.study, part, outcome, made_by, self.spec["identity"]))

    def sound(self, name: str) -> bool | None:
        """Whether a part's file is whole and of this study, as its footer says; None if there is none."""
        if not self.path(name).exists():
            return None
        try:
            footer = self.footer(name)
        except InputError:
            return False
        return footer.get("identity") == self.spec["identity"] and footer.get("part") == name

    def set_aside(self, name: str) -> None:
        """Move a damaged part out of the way, to be made again; nothing is thrown away."""
        path = self.path(name)
        shutil.move(path, path.with_suffix(".damaged"))

    def footer(self, name: str) -> dict[str, Any]:
        """What a part says of itself. Raises `InputError` if it is damaged."""
        try:
            return json.loads(pq.read_metadata(self.path(name)).metadata[FOOTER])
        except (OSError, pa.ArrowInvalid, KeyError, TypeError, ValueError):
            raise self.damaged(name) from None

    def read(self, name: str, columns: list[str] | None = None) -> pa.Table:
        """A part, its pages checked. Raises `InputError` if it is damaged."""
        try:
            return pq.read_table(self.path(name), columns=columns, page_checksum_verification=True)
        except (OSError, pa.ArrowInvalid):
            raise self.damaged(name) from None

    def dataset(self, design: bool = False) -> ds.Dataset:
        """Return all parts, or the design, to be read as they are asked for. Raises `InputError` if there is none."""
        paths = [self.folder / DESIGN] if design else [self.path(name) for name in self.names()]
        if not paths:
            raise InputError(
                f"{self.folder} holds no runs yet; give them with stackcraft sweep STUDY --out {self.folder}"
            )
        checked = ds.ParquetFragmentScanOptions(page_checksum_verification=True)
        return ds.dataset(list(map(str, paths)), format=ds.ParquetFileFormat(default_fragment_scan_options=checked))

    def row(self, design_id: int, replicate: int) -> np.ndarray | None:
        """Return one run as it was kept, (years, measures) in single precision; None if it is not there.

        Raises `InputError`.
        """
        for name in self.names():
            table = self.read(name)
            here = (table["design_id"].to_numpy() == design_id) & (table["replicate"].to_numpy() == replicate)
            if here.any():
                return np.stack([table[measure].to_numpy()[here] for measure in self.study.measures], axis=-1)
        return None

    def damaged(self, name: str) -> InputError:
        return InputError(
            f"{self.path(name)} is damaged; delete it and sweep again with --out {self.folder}: that part alone is run "
            "again"
        )

    def names(self) -> list[str]:
        """The parts that are there, in order."""
        return sorted(path.stem for path in (self.folder / RUNS).glob("part-*.parquet"))

    def failures(self) -> list[dict[str, Any]]:
        """Every failed run."""
        found = []
        for path in sorted((self.folder / FAILURES).glob("part-*.json")):
            found += read_json(path, "list of failures")
        return found


def identity_hash(study: Study) -> str:
    text = json.dumps(study.identity(), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def part_bytes(study: Study, part: Part, outcome: PartResult, made_by: dict[str, Any], identity: str) -> bytes:
    """A part as Parquet: the same bytes from the same values, on any machine."""
    failed = {(failure["design_id"], failure["replicate"]) for failure in outcome.failures}
    good = np.array(
        [
            (int(row), int(replicate)) not in failed
            for row, replicate in zip(part.design_ids, part.replicates, strict=True)
        ]
    )
    years = len(study.years)
    columns = {
        "design_id": np.repeat(part.design_ids[good].astype(np.int32), years),
        "replicate": np.repeat(part.replicates[good].astype(np.int32), years),
        "year": np.tile(np.array(study.years, np.int16), int(good.sum())),
    }
    values = outcome.values[good].astype(np.float32)
    for place, name in enumerate(study.measures):
        columns[name] = np.ascontiguousarray(values[:, :, place]).ravel()
    footer = {
        "study": study.name,
        "identity": identity,
        "part": part.name,
        "seed": study.seed,
        "runs": part.runs,
        "failed": len(outcome.failures),
        "made_by": made_by,
    }
    # A run may end well and a measure still have no number, such as a share of nothing: that is not a failed run.
    empty = {name: int(np.isnan(columns[name]).sum()) for name in study.measures}
    if any(empty.values()):
        footer["no_number"] = {name: number for name, number in empty.items() if number}
    return _parquet([pa.table(columns)], {FOOTER: json.dumps(footer, sort_keys=True).encode()})


def _plain(value: Any) -> Any:
    """A number of NumPy, or a date, as JSON can hold it."""
    return value.item() if isinstance(value, np.generic) else str(value)


def _parquet(tables: Iterable[pa.Table], footer: dict[bytes, bytes]) -> bytes:
    """Return tables of one form as a file that is small and quick to write and to read.

    It is compressed without dictionaries, with numbers split byte by byte.
    """
    pieces = iter(tables)
    table = next(pieces)
    split = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    sink = io.BytesIO()
    with pq.ParquetWriter(
        sink,
        table.schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=False,
        use_byte_stream_split=split or False,
        write_page_checksum=True,
        write_statistics=[key for key in KEYS if key in table.column_names] or False,
        store_schema=not footer,
    ) as writer:
        for piece in itertools.chain([table], pieces):
            writer.write_table(piece)
        if footer:
            writer.add_key_value_metadata(footer)
    return sink.getvalue()


def _datapackage(study: Study) -> dict[str, Any]:
    """The columns in the form of the Frictionless Data Package."""

    def describe(name: str) -> dict[str, Any]:
        one = study.series.get(name)
        return {
            "name": name,
            "type": "number",
            "unit": one.unit if one else "",
            "description": f"{study.measures[name]}: {one.sentence}" if one else study.measures[name],
        }

    keys = [
        {"name": "design_id", "type": "integer", "description": "row of design.parquet"},
        {
            "name": "replicate",
            "type": "integer",
            "description": "key of the luck: the same number has the same luck in every design row",
        },
        {"name": "year", "type": "integer", "description": "record of 1 January"},
    ]
    factors = [
        {
            "name": factor.name,
            "type": "string" if factor.kind == "category" else "number",
            "unit": factor.unit,
            "description": factor.sentence,
            "group": factor.group,
        }
        for factor in study.factors
    ]
    return {
        "name": "stackcraft-study",
        "title": study.title,
        "resources": [
            {
                "name": "runs",
                "path": f"{RUNS}/part-*.parquet",
                "format": "parquet",
                "schema": {"fields": [*keys, *map(describe, study.measures)]},
            },
            {"name": "design", "path": DESIGN, "format": "parquet", "schema": {"fields": [keys[0], *factors]}},
        ],
    }
