"""What stored measurements depend on: hashes of their own code, of the model's results and of their facts.

Of the model what counts is what it gives, not how: the hash is that of the fingerprint of its results (see
`fingerprint`), as long as the fingerprint has been compared on the model's present code, parameters and facts. Other
code is found by following imports, so that a file that is moved or added is not forgotten. Of Python only what it
does counts: a comment or a docstring made clearer leaves every number as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from stackcraft.agents.source_code import ROOT, files_behind, without_comments

MODEL = ("agents", "model")  # folders
FINGERPRINT = "experiments/evidence/fingerprint.csv"
FACTS = ("model/facts/*.csv", "model/facts/world/*.csv", "model/scenarios/baseline.toml")
USUAL = (*FACTS, "model/plausible_worlds.npz")  # the facts of what is measured in the usual worlds
RESTS_ON = ("code", "results", "facts")  # columns of the stored tables


@dataclass(frozen=True)
class Basis:
    """What a measurement depends on: modules, with all that they import, and files of facts, as patterns."""

    modules: tuple[str, ...]
    facts: tuple[str, ...] = USUAL


EVIDENCE = "stackcraft.experiments.evidence"
BASES = {
    "claims": Basis((f"{EVIDENCE}.claim_tests",), (*USUAL, "experiments/evidence/claims.toml")),
    "lever-effects": Basis(
        (f"{EVIDENCE}.lever_effects",),
        (*USUAL, "model/scenarios/recommendation-*.toml", "experiments/studies/policies.toml"),
    ),
    "reasons": Basis(
        (f"{EVIDENCE}.stored_reasons",),
        (*FACTS, "model/scenarios/recommendation-*.toml", "experiments/studies/policies.toml"),
    ),
    "calibration": Basis((f"{EVIDENCE}.calibration",)),
    "levels": Basis((f"{EVIDENCE}.levels", f"{EVIDENCE}.drawn_worlds"), (*USUAL, "experiments/evidence/levels.toml")),
    "stories": Basis((f"{EVIDENCE}.stories",), (*USUAL, "model/scenarios/nobody-intervenes.toml")),
    "hindcast": Basis(
        (f"{EVIDENCE}.hindcast.score",),
        (
            *(*FACTS, "model/facts/history/*.csv", "model/history.py", "model/scenarios/hindcast-*.toml"),
            "experiments/evidence/hindcast/readings.toml",
        ),
    ),
    "game": Basis((f"{EVIDENCE}.game_page",), (*USUAL, "experiments/studies/game*.toml")),
    "pictures": Basis(
        ("stackcraft.viz.docs.make_picture", "stackcraft.viz.cli.main", "stackcraft.viz.dashboard.app"),
        (*USUAL, "model/scenarios/us-contested-first.toml", *(f"viz/**/*.{kind}" for kind in ("css", "js", "toml"))),
    ),
}


def hashes(measurement: str, root: Path = ROOT) -> dict[str, str]:
    """Return short hashes of the code, the model's results and the facts that a measurement would be made with now."""
    basis = BASES[measurement]
    own = [path for path in files_behind(*basis.modules, root=root) if not (_is_model(path, root) or _is_this(path))]
    facts = {path for pattern in basis.facts for path in root.glob(pattern)}
    return {"code": _hash(own, root), "results": results(root), "facts": _hash(facts, root)}


def results(root: Path = ROOT) -> str:
    """Return the hash of the model's results, or what says that they may have changed since they were compared."""
    path, model = root / FINGERPRINT, model_hash(root)
    about, _, numbers = path.read_text(encoding="utf-8").partition("\n") if path.is_file() else ("", "", "")
    compared = about == f"# model: {model}"
    return hashlib.sha256(numbers.encode()).hexdigest()[:12] if compared else f"unknown-{model}"


def model_hash(root: Path = ROOT) -> str:
    """Return a short hash of everything that the model's results can depend on: code, parameters and facts."""
    code = [path for path in files_behind("stackcraft.model.simulation", root=root) if _is_model(path, root)]
    return _hash({*code, *(path for pattern in FACTS for path in root.glob(pattern))}, root)


def what_changed(measurement: str, about: Mapping[str, str], root: Path = ROOT) -> list[str]:
    """Return which of its code, the model's results and its facts differ from those a measurement was made with.

    `about` has the hashes that were stored with it; what it does not say may differ.
    """
    now = hashes(measurement, root)
    return [name for name in RESTS_ON if about.get(name) != now[name]]


def _is_this(path: Path) -> bool:
    """True of this file, which says what is stale and moves no number."""
    return path.name == Path(__file__).name and path.parent.name == Path(__file__).parent.name


def _is_model(path: Path, root: Path) -> bool:
    return path.relative_to(root).parts[0] in MODEL


def _hash(paths: Iterable[Path], root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + _content(path.read_bytes(), path.suffix))
    return digest.hexdigest()[:12]


@cache
def _content(content: bytes, suffix: str) -> bytes:
    """Return the hash of what a file says or does."""
    content = content.replace(b"\r\n", b"\n")  # a checkout may turn line ends
    return hashlib.sha256(without_comments(content.decode()).encode() if suffix == ".py" else content).digest()
