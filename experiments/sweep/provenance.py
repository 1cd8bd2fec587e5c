"""What numbers rest on: the version, the code, the facts and the packages that made them."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterable
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from stackcraft.experiments.runs.manifest import ROOT, commit, packages, version
from stackcraft.experiments.sweep.references import find_module
from stackcraft.experiments.sweep.study import Study
from stackcraft.model.inputs import load_inputs

# The code that decides what a run gives and how it is read.
CODE = (
    "agents/**/*.py",
    "model/**/*.py",
    "experiments/readings.py",
    "experiments/sweep/blocks.py",
    "experiments/sweep/factors.py",
    "experiments/sweep/parts.py",
    "experiments/sweep/series.py",
    "experiments/sweep/work.py",
    "experiments/variants.py",
)
GROUPS = ("stackcraft.strategies", "stackcraft.measures")
# What has to be the same for runs to be distinguished by their rows alone.
DECISIVE = ("code", "facts", "packages", "python", "plugins")


def provenance(study: Study) -> dict[str, Any]:
    """Plain values: the same on every machine with the same code, facts and packages."""
    return {
        "version": version(),
        **commit(),
        "code": code_hash(study),
        "facts": facts_hash(study),
        "packages": {
            name: text
            for name, text in packages().items()
            if name in ("mesa", "numpy", "numba", "llvmlite", "pyarrow", "networkx")
        },
        "python": ".".join(platform.python_version_tuple()[:2]),
        "plugins": plugins(),
    }


def code_hash(study: Study) -> str:
    """Return a hash over the names and contents of the files that runs depend on.

    Those of a plain function and of what other packages offer are among them: a package that is worked on keeps its
    version.
    """
    digest = hashlib.sha256()
    paths = {path for pattern in CODE for path in ROOT.glob(pattern)}
    for path in sorted(paths):
        _add(digest, path.relative_to(ROOT).as_posix(), path)
    modules = {study.model.partition(":")[0]} if study.model is not None else set()
    modules |= {point.module for group in GROUPS for point in entry_points(group=group)}
    for name in sorted(modules):
        try:
            file = getattr(find_module(name, study.folder), "__file__", None)
        except Exception:  # a broken package of somebody's; an error says so when it is looked for
            file = None
        if file:
            _add(digest, name, Path(file))
    return digest.hexdigest()[:16]


def _add(digest: Any, name: str, path: Path) -> None:
    digest.update(
        name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0"
    )  # a checkout may turn line ends


def facts_hash(study: Study) -> str:
    if study.scenario is None:
        return ""
    return load_inputs(study.scenario.world).facts_hash


def plugins() -> dict[str, str]:
    """Other packages that offer strategies or measures, with their versions."""
    found = {}
    for group in GROUPS:
        for point in entry_points(group=group):
            if point.dist is not None:
                found[point.dist.name] = point.dist.version
    return dict(sorted(found.items()))


def what_differs(before: dict[str, Any], now: dict[str, Any], keys: Iterable[str] = DECISIVE) -> list[str]:
    """In words, what is not as it was."""
    found = []
    for key in keys:
        old, new = before.get(key), now.get(key)
        if old == new:
            continue
        if isinstance(old, dict) and isinstance(new, dict):
            found += [
                f"{name} was {old.get(name, 'not there')}, is {new.get(name, 'not there')}"
                for name in sorted({*old, *new})
                if old.get(name) != new.get(name)
            ]
        elif key == "code":
            found.append(
                f"the code has changed (version {before.get('version')}, commit {str(before.get('commit'))[:9]}, then; "
                f"{now.get('version')}, {str(now.get('commit'))[:9]}, now)"
            )
        else:
            found.append(f"the {key} have changed" if key.endswith("s") else f"{key} was {old}, is {new}")
    return found
