"""Packages that only some analyses need: named with the command that installs them where they are missing."""

from __future__ import annotations

import importlib
from types import ModuleType

from stackcraft.agents.errors import InputError

# What to install under each extra's name, by the name that is imported.
DISTRIBUTIONS = {
    "SALib": "SALib",
    "sklearn": "scikit-learn",
    "duckdb": "duckdb",
    "nashpy": "nashpy",
    "dask": "dask",
    "distributed": "distributed",
}


def need(module: str, extra: str) -> ModuleType:
    """Import `module`, which the extra `extra` installs. Raises `InputError` with the command where it is missing."""
    package = DISTRIBUTIONS.get(module.partition(".")[0], module)
    try:
        return importlib.import_module(module)
    except ImportError:
        raise InputError(
            f"{package} is not installed; install it with: pip install 'stackcraft[{extra}]', from a checkout pip "
            f"install -e '.[{extra}]'"
        ) from None
