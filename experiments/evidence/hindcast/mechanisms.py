"""Which submodels the hindcast has tried: those that a model leaves out on purpose, and what that does to verdicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from stackcraft.experiments.evidence.hindcast.declared import Declared
from stackcraft.experiments.evidence.hindcast.stored import Evidence

RANK = {"worse": 0, "outside": 0, "no difference shown": 1, "inside": 1, "better": 2}
NEEDED, MIXED, UNSEEN, HARMFUL, UNTRIED = "needed", "mixed", "unseen", "harmful", "untried"
KINDS = (NEEDED, MIXED, HARMFUL, UNSEEN, UNTRIED)  # the best a claim can rest on first


@dataclass(frozen=True)
class Trial:
    """What leaving submodels out does: `falls` and `rises` are the targets whose verdict gets worse or better."""

    model: str
    submodels: tuple[str, ...]
    falls: tuple[str, ...]
    rises: tuple[str, ...]

    @property
    def kind(self) -> str:
        """`NEEDED`: a verdict gets worse without; `HARMFUL`: one gets better; `MIXED`: both; `UNSEEN`: none moves."""
        if self.falls:
            return MIXED if self.rises else NEEDED
        return HARMFUL if self.rises else UNSEEN


def trials(evidence: Evidence, plan: Declared) -> tuple[Trial, ...]:
    """Return a trial for each model that leaves submodels out on purpose."""
    return tuple(Trial(one.name, one.off, *moved(evidence, one.name)) for one in plan.wrong if one.off)


def moved(evidence: Evidence, model: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the targets on which a model that is wrong on purpose has a worse and a better verdict than the model."""
    change = {
        one.target: RANK[other.verdict] - RANK[one.verdict]
        for one in evidence.primary()
        for name, other in evidence.of_wrong(one.target).items()
        if name == model
    }
    return tuple(name for name, by in change.items() if by < 0), tuple(name for name, by in change.items() if by > 0)


def rests_on(carriers: Iterable[str], tried: Iterable[Trial]) -> tuple[str, Mapping[str, Trial]]:
    """Return what kind of evidence there is for any of the submodels, the best of `KINDS`, and its trials by submodel.

    A submodel that is left out together with others shares their trial.
    """
    found = {part: trial for part in carriers for trial in tried if part in trial.submodels}
    return min((trial.kind for trial in found.values()), key=KINDS.index, default=UNTRIED), found
