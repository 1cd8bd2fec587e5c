"""What a study file refers to outside itself: tables of rows, functions, scenarios beside it."""

from __future__ import annotations

import csv
import importlib
import importlib.util
import sys
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

from stackcraft.agents.errors import InputError, hint
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.model.scenario import Scenario

INPUTS = "inputs"  # where a study's folder keeps what the study refers to


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
    numbers = {factor.name for factor in factors if factor.kind != "category"}
    return [{key: _number(value) if key in numbers else value for key, value in row.items()} for row in rows]


def _number(text: Any) -> Any:
    try:
        return float(text)
    except (TypeError, ValueError):
        return text


def find_function(text: Any, folder: Path) -> Callable:
    """Return the function "package.module:function", its module from a file in the study's `folder` or installed.

    Raises `InputError`.
    """
    name, colon, function = str(text).partition(":")
    if not colon or not name or not function:
        raise InputError(f"{text!r} does not name a function; write package.module:function")
    try:
        module = find_module(name, folder)
    except Exception as error:  # whatever somebody's module raises while it is imported
        why = f"{type(error).__name__}: {error}" if not isinstance(error, ImportError) else str(error)
        beside = f"; there is no {name}.py beside the study" * (module_file(name, folder) is None)
        raise InputError(f"{text}: module {name} cannot be imported: {why}{beside}") from None
    found = getattr(module, function, None)
    if found is None:
        options = [key for key in vars(module) if not key.startswith("_")]
        raise InputError(f"{text}: module {name} has no {function}{hint(function, options)}")
    if not callable(found):
        raise InputError(f"{text} cannot be called; name a function of (rows, replicates, seed)")
    return found


def module_file(name: str, folder: Path) -> Path | None:
    """Return the file of a module in a study's folder, or where a sweep keeps a copy of it; None if there is none."""
    relative = Path(*name.split(".")).with_suffix(".py")
    return next((path for path in (folder / relative, folder / INPUTS / relative) if path.is_file()), None)


def find_module(name: str, folder: Path) -> ModuleType:
    """Return a module: the file of that name in a study's folder if there is one, else what is installed."""
    file = module_file(name, folder)
    return importlib.import_module(name) if file is None else _load(name, file.resolve(), file.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _load(name: str, file: Path, _changed: int) -> ModuleType:
    """Return the module of a file: two studies may have files of the same name, so it is not put among the imported."""
    specification = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(specification)
    beside = str(file.parent)  # it may import its neighbours
    sys.path.insert(0, beside)
    try:
        specification.loader.exec_module(module)
    finally:
        sys.path.remove(beside)
    return module
