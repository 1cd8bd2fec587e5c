"""How sure a finding is: in how many possible futures it holds, what they differ by, and what goes with exceptions.

Every run of an ensemble is a possible future. Unless the scenario says otherwise it is a world of its own, too, so that
one count holds luck and doubt about what is judged; `kind` is the scenario's kind of worlds.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from stackcraft.agents.names import STACKS
from stackcraft.experiments.evidence import drawn_worlds
from stackcraft.experiments.live.parameter_uncertainty import CorrelatedParameter, Holding, holding
from stackcraft.model.parameters import locate
from stackcraft.model.worlds import DEFAULT, KINDS, PLAUSIBLE
from stackcraft.viz.words.catalogue import text
from stackcraft.viz.words.declared import said
from stackcraft.viz.words.forms import listed
from stackcraft.viz.words.headlines import counted
from stackcraft.viz.words.names import STACK_TITLES, verb
from stackcraft.viz.words.numbers import band_words, capital, percent


def differ_by(kind: str) -> str:
    """Say what the futures differ by and, for plausible worlds, how much of their spread is luck."""
    if kind == PLAUSIBLE and np.isfinite(luck := luck_share()):
        return text("doubt.plausible_luck", luck=percent(luck))
    return text(f"doubt.{kind if kind in KINDS else 'table'}")


def luck_share() -> float:
    """Return the share of luck in the spread of the headline's share over plausible worlds, as stored; NaN if not."""
    rows, _ = drawn_worlds.stored()
    return next((row.luck for row in rows if row.what == drawn_worlds.HEADLINE), float("nan"))


def lead_sentences(
    kind: str, replicates: np.ndarray, shares: Mapping[str, np.ndarray], fixed: Collection[str] = ()
) -> str:
    """Say how surely the stack leads that leads on average, what the futures differ by, and what goes with exceptions.

    `shares` by stack of shape (runs,); `replicates` (runs,) say in which world each run was; `fixed` are parameters
    that the scenario sets in all of them.
    """
    table = np.stack([np.asarray(shares[stack], float) for stack in STACKS], axis=-1)
    known = np.isfinite(table).all(axis=-1)
    if not known.any():
        return text("doubt.nothing")
    table, replicates = table[known], np.asarray(replicates)[known]
    place = int(np.argmax(table.mean(axis=0)))
    first, margin = STACKS[place], table[:, place] - np.delete(table, place, axis=-1).max(axis=-1)
    found, band = holding(kind, replicates, margin, fixed), band_words(table[:, place])
    sentence = text(
        f"doubt.lead{'_band' if band and found.whole > 1 else ''}_{verb(first)}", first=capital(STACK_TITLES[first]),
        ahead=counted("ahead", found.part, found.whole, kind), band=band,
    )  # fmt: skip
    if found.whole == 1:
        return f"{sentence} {text('doubt.single')}"
    return _together(sentence, differ_by(kind), _companions(found, f"lead_{verb(first)}", kind))


def change_sentences(
    kind: str,
    replicates: np.ndarray,
    differences: Mapping[str, np.ndarray],
    stack: str,
    sign: int,
    fixed: Collection[str] = (),
) -> str:
    """Say in how many futures the share of `stack` moves as it does on average: `sign` is +1, -1, or 0 if unclear.

    `differences` by stack of shape (runs,), run by run in the same worlds.
    """
    gap = np.asarray(differences[stack], float)
    gap, replicates = gap[np.isfinite(gap)], np.asarray(replicates)[np.isfinite(gap)]
    up, down = int((gap > 0).sum()), int((gap < 0).sum())
    share = capital(text(f"findings.share_of_{stack}"))
    if not np.any(gap):
        return text("doubt.same", share=share, n=len(gap))
    runs = "_runs" if kind == DEFAULT else ""
    sentence = text(f"doubt.{'rises' if sign else 'unclear'}{runs}", share=share, up=up, down=down, n=len(gap))
    found = holding(kind, replicates, gap * (sign or 1), fixed)
    return _together(sentence, differ_by(kind), _companions(found, "change", kind) if sign else "")


def _together(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)


def _companions(found: Holding, what: str, kind: str) -> str:
    """Say which parameters go with the exceptions, and that this does not prove a cause."""
    if not 0 < found.part < found.whole or kind == DEFAULT:
        return ""
    if not found.correlated:
        return text("doubt.companions_none")
    return text(f"doubt.companions_{what}", told=listed([_companion(parameter) for parameter in found.correlated]))


def _companion(parameter: CorrelatedParameter) -> str:
    head, _, part = parameter.name.partition(".")
    named = head.replace("_", " ") + (f" ({part.replace('.', ', ').replace('_', ' ')})" if part else "")
    sentence = said(locate(parameter.name)[0].sentence).strip().rstrip(".")
    side = "low" if parameter.correlation > 0 else "high"
    return text(f"doubt.companion_{side}", parameter=named, sentence=f"{sentence[:1].lower()}{sentence[1:]}")
