"""What stored measurements depend on: hashes of the code, the parameters and the facts that they were made with.

The code of a measurement is found by following imports, so that a file that is moved or added is not forgotten. Of
Python only what it does counts: a comment or a docstring made clearer leaves every number as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stackcraft.agents.source_code import ROOT, files_behind, without_comments

PARAMETERS = "model/declared"
FACTS = ("model/facts/*.csv", "model/facts/world/*.csv", "model/scenarios/baseline.toml")
RESTS_ON = ("code", "parameters", "facts")  # columns of the stored tables


@dataclass(frozen=True)
class Basis:
    """What a measurement depends on: modules, with all that they import, and files of facts, as patterns."""

    modules: tuple[str, ...]
    facts: tuple[str, ...] = FACTS


EVIDENCE = "stackcraft.experiments.evidence"
BASES = {
    "claims": Basis((f"{EVIDENCE}.claim_tests",)),
    "lever-effects": Basis(
        (f"{EVIDENCE}.lever_effects",),
        (*FACTS, "model/scenarios/recommendation-*.toml", "experiments/studies/policies.toml"),
    ),
    "calibration": Basis((f"{EVIDENCE}.calibration",)),
    "game": Basis((f"{EVIDENCE}.game_page",), (*FACTS, "experiments/studies/game*.toml")),
    "pictures": Basis(
        ("stackcraft.viz.docs.make_picture", "stackcraft.viz.cli.main", "stackcraft.viz.dashboard.app"),
        (*FACTS, "model/scenarios/us-contested-first.toml", *(f"viz/**/*.{kind}" for kind in ("css", "js", "toml"))),
    ),
}


def hashes(measurement: str, root: Path = ROOT) -> dict[str, str]:
    """Return a short hash of the code, the parameters and the facts that a measurement would be made with now."""
    basis = BASES[measurement]
    code = files_behind(*basis.modules, root=root)
    declared = {path for path in code if path.is_relative_to(root / PARAMETERS)}
    facts = {path for pattern in basis.facts for path in root.glob(pattern)}
    return {"code": _hash(set(code) - declared, root), "parameters": _hash(declared, root), "facts": _hash(facts, root)}


def what_changed(measurement: str, about: Mapping[str, str], root: Path = ROOT) -> list[str]:
    """Return which of code, parameters and facts differ from those a measurement was made with, or may differ.

    `about` has the hashes that were stored with it; what it does not say may differ.
    """
    now = hashes(measurement, root)
    return [name for name in RESTS_ON if about.get(name) != now[name]]


def _hash(paths: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + _content(path, path.stat().st_mtime_ns))
    return digest.hexdigest()[:12]


@cache
def _content(path: Path, changed: int) -> bytes:
    """Return the hash of what a file says or does; `changed` is when it was last written."""
    content = path.read_bytes().replace(b"\r\n", b"\n")  # a checkout may turn line ends
    return hashlib.sha256(without_comments(content.decode()).encode() if path.suffix == ".py" else content).digest()
