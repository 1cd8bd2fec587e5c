"""What a study file refers to outside itself: tables of rows, functions, scenarios beside it."""

from __future__ import annotations

import csv
import importlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError, hint
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.model.scenario import Scenario


def scenario_named(text: str, folder: Path) -> Scenario:
    """A scenario: a file beside the study, or any other, or one that comes with the project. Raises `InputError`."""
    beside = folder / text
    return Scenario.load(beside if beside.suffix == ".toml" and beside.is_file() else text)


def rows_of(path: Path, factors: Sequence[Factor]) -> list[dict[str, Any]]:
    """The rows of a CSV or Parquet file, as values of the factors. Raises `InputError`."""
    try:
        if path.suffix == ".parquet":
            import pandas as pd

            return pd.read_parquet(path).to_dict("records")
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except OSError as error:
        raise InputError(f"table {path.name} cannot be read: {error.strerror}") from None
    except (ValueError, csv.Error) as error:
        raise InputError(f"table {path.name} cannot be read: {str(error).splitlines()[0]}") from None
    numbers = {one.name for one in factors if one.kind != "category"}
    return [{key: _number(value) if key in numbers else value for key, value in row.items()} for row in rows]


def _number(text: Any) -> Any:
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def find_function(text: Any) -> Callable:
    """The function "package.module:function". Raises `InputError`."""
    module, colon, name = str(text).partition(":")
    if not colon or not module or not name:
        raise InputError(f"{text!r} names no function; write package.module:function")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, TypeError) as error:
        raise InputError(f"{text}: module {module} cannot be imported: {error}") from None
    except AttributeError:
        options = [key for key in vars(importlib.import_module(module)) if not key.startswith("_")]
        raise InputError(f"{text}: module {module} has no {name}{hint(name, options)}") from None
    if not callable(found):
        raise InputError(f"{text} cannot be called; name a function of (rows, replicates, seed)")
    return found
