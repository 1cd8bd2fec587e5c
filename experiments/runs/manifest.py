"""The manifest of a run: everything needed to repeat it exactly, and to say what differs if it does not."""

from __future__ import annotations

import platform
import subprocess
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.json_files import read_json
from stackcraft.model.scenario import Scenario, ScenarioError

PACKAGES = ("mesa", "numpy", "numba", "llvmlite", "networkx", "xarray", "h5netcdf", "h5py", "pandas", "pyarrow")
ROOT = Path(__file__).resolve().parents[2]
FORMS = (
    ("scenario", dict, "a table"),
    ("facts_hash", str, "a text"),
    ("results_hash", str, "a text"),
    ("packages", dict, "a table"),
    ("overrides", list, "a list of texts"),
)  # what is read from a manifest


def make_manifest(
    scenario: Scenario,
    *,
    overrides: list[str],
    facts_hash: str,
    results_hash: str,
    repeat: str = "stackcraft run --manifest manifest.json",
    **more: Any,
) -> dict[str, Any]:
    """Return the manifest of one run of `scenario`, which already holds what `overrides` (for reading only) changed.

    `repeat` is the command to type in the folder of the manifest: a path on the maker's machine would help nobody else.
    """
    return {
        "program": "stackcraft",
        "version": version(),
        **commit(),
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "packages": packages(),
        "repeat": repeat,
        "scenario": scenario.as_dict(),
        "overrides": overrides,
        "runs": scenario.runs,
        "seed": scenario.seed,
        "facts_hash": facts_hash,
        "results_hash": results_hash,
        **more,
    }


def read_manifest(path: str | Path) -> dict[str, Any]:
    """Read a manifest from its file or folder. Raises `InputError` if it is not one, or contradicts itself."""
    path = Path(path)
    if path.is_dir():
        path = path / "manifest.json"
    manifest = read_json(path, "manifest")
    needed = ("program", "scenario", "facts_hash", "results_hash")
    if not isinstance(manifest, dict) or manifest.get("program") != "stackcraft":
        raise InputError(f"{path} is not a manifest of Stackcraft; give the manifest.json of an output folder")
    if missing := [key for key in needed if key not in manifest]:
        raise InputError(
            f"manifest {path} lacks {', '.join(missing)};"
            " give the manifest.json of an output folder of `stackcraft run`"
        )
    for key, kind, right in FORMS:
        if not isinstance(manifest.get(key, kind()), kind):
            raise InputError(f"manifest {path}: {key} should be {right}; it has been edited")
    if not all(isinstance(text, str) for text in manifest.get("overrides", [])):
        raise InputError(f"manifest {path}: overrides should be a list of texts; it has been edited")
    scenario = manifest["scenario"]
    for key in ("runs", "seed"):
        if key in manifest and manifest[key] != scenario.get(key):
            raise InputError(
                f"manifest {path} contradicts itself: {key} is {manifest[key]!r},"
                f" but {scenario.get(key)!r} in its scenario;"
                " it has been edited"
            )
    return manifest


def scenario_of(manifest: dict[str, Any], where: str = "manifest.json") -> Scenario:
    """Return the scenario that a manifest describes, in full.

    Raises `ScenarioError`; where another version made the manifest, it says which, for names may have changed since.
    """
    try:
        return Scenario.from_dict(manifest["scenario"], source=where)
    except ScenarioError as error:
        if (made_by := manifest.get("version")) == version():
            raise
        hint = f"{where}: it was made by version {made_by}, and this is version {version()}"
        raise ScenarioError([*error.mistakes, hint]) from None


def what_differs(manifest: dict[str, Any], facts_hash: str) -> list[str]:
    """Return in words what is not as it was when the manifest was written: version, commit, facts, packages."""
    found = []
    now = {"version": version(), **commit(), "python": platform.python_version()}
    now["machine"] = f"{platform.system()} {platform.machine()}"
    for key, value in now.items():
        if manifest.get(key) != value:
            found.append(f"{key.replace('_', ' ')} was {manifest.get(key)}, is {value}")
    if now["uncommitted_changes"] and manifest.get("uncommitted_changes"):
        found.append("both runs were made with changes that are not committed")
    if manifest["facts_hash"] != facts_hash:
        found.append("the facts have changed")
    before, after = manifest.get("packages", {}), packages()
    found += [f"{name} was {before.get(name)}, is {after[name]}" for name in after if before.get(name) != after[name]]
    return found


@cache
def version() -> str:
    """Return the version of the installed project."""
    try:
        return metadata.version("stackcraft")
    except metadata.PackageNotFoundError:
        return "not installed"


@cache
def packages() -> dict[str, str]:
    """Return the versions of the packages that numbers may depend on."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


@cache
def commit() -> dict[str, Any]:
    """Return the commit of the checkout and whether files differ from it; None for both outside a checkout."""
    if not (ROOT / ".git").exists():
        return {"commit": None, "uncommitted_changes": None}
    head, changes = _git("rev-parse", "HEAD"), _git("status", "--porcelain")
    return {"commit": head or None, "uncommitted_changes": None if changes is None else bool(changes)}


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
