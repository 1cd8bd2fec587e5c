"""The claims of the policy debate: what to move, what to read, and which way it should go; `claims.toml` has them.

The letter of an identifier names the text that a claim comes from, `SOURCES`; "System" is a real programme or firm. No
sign is fitted to the model: where the model disagrees, the trace says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from stackcraft.agents import trials
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.toml_files import read_toml
from stackcraft.model.variants import Variant

TABLE = Path(__file__).with_suffix(".toml")
SOURCES = {
    "B": "A. Botting, America's AI Export Strategy, 30 September 2025",
    "A": "The American AI Exports Program, a strategic assessment",
    "I": "Institute for Progress, nine recommendations for the American AI Exports Program",
    "O": "H. Omaar, The Hard Part Won't Be Exporting US AI - It'll Be Making It Stick",
    "L": "A. Leicht, on country-level AI deals",
}


@dataclass(frozen=True, kw_only=True)
class Claim:
    """One claim.

    `sentence` in the project's own words; `lever` as users know it; `sign` is the direction claimed for `metric` (a
    reading) when `low` becomes `high`; `carrier` the submodels through which it should work: with them off, half the
    effect or more should be gone. `setting` holds on both sides. `upside` and `downside` are readings that show what
    the move brings and costs.
    """

    claim: str
    sentence: str
    lever: str
    metric: str
    sign: int
    carrier: tuple[str, ...]
    low: Variant = Variant()
    high: Variant = Variant()
    setting: tuple[str, ...] = ()
    upside: str = ""
    downside: str = ""

    def __post_init__(self) -> None:
        unknown = set(self.carrier) - set(SUBMODELS)
        if unknown:
            raise ValueError(f"claim {self.claim}: {sorted(unknown)} are not submodels")

    def sides(self, *off: str) -> tuple[Variant, Variant]:
        """Return both settings, each with the common levers and, if given, submodels switched off."""
        return tuple(
            replace(side, levers=(*self.setting, *side.levers)).without(*off) for side in (self.low, self.high)
        )


def read_claims(path: Path = TABLE) -> tuple[Claim, ...]:
    """Read a table of claims. Raises `InputError` for a file that is not TOML, `ValueError` for an unknown submodel."""
    return tuple(_claim(**row) for row in read_toml(path)["claim"])


def _claim(*, carrier: Sequence[str], setting: Sequence[str] = (), low: Any = (), high: Any = (), **row: Any) -> Claim:
    return Claim(carrier=tuple(carrier), setting=_assignments(setting), low=_side(low), high=_side(high), **row)


def _side(given: Any) -> Variant:
    """A side of a claim: a list of assignments, or a table of what a variant holds."""
    if not isinstance(given, Mapping):
        return Variant(_assignments(given))
    return Variant(
        _assignments(given.get("levers", ())),
        presets=tuple(given.get("presets", {}).items()),
        parameters=tuple(given.get("parameters", {}).items()),
        off=tuple(given.get("off", ())),
    )


def _assignments(texts: Sequence[str]) -> tuple[str, ...]:
    """Assignments as they are; a name in capitals stands for those of that name in `agents/trials.py`."""
    found: list[str] = []
    for text in texts:
        named = getattr(trials, text) if text.isupper() else text
        found += [named] if isinstance(named, str) else named
    return tuple(found)


CLAIMS = read_claims()
