"""Whether a headline holds across the judged parameters, in plain words."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.names import STACKS
from stackcraft.experiments.live.parameter_uncertainty import CorrelatedParameter, Holding, WorldOutcomes, holds
from stackcraft.model.parameters import locate
from stackcraft.viz.words.catalogue import text
from stackcraft.viz.words.declared import said
from stackcraft.viz.words.forms import listed
from stackcraft.viz.words.headlines import verb
from stackcraft.viz.words.numbers import capital, count


def doubt_sentence(doubts: WorldOutcomes, stack: str = "", sign: int | None = None) -> str:
    """Say in one or two sentences whether a headline holds with other values of the judged parameters.

    For one scenario `stack` is the one that leads in the headline, for two it is the one whose share changes and `sign`
    the direction of the change (0: no clear one). Left out, they are read from the worlds themselves.
    """
    if doubts.other_shares is None:
        return _lead(doubts, stack)
    if not stack or sign is None:
        mean = doubts.difference.mean(axis=0)
        place = STACKS.index(stack) if stack else int(np.argmax(np.abs(mean)))
        stack, sign = STACKS[place], int(np.sign(mean[place])) if sign is None else sign
    return _change(doubts, stack, sign)


def _lead(doubts: WorldOutcomes, stack: str) -> str:
    ahead = np.argmax(doubts.shares, axis=1)
    tally = {name: int((ahead == place).sum()) for place, name in enumerate(STACKS)}
    first = stack or max(tally, key=lambda name: tally[name])
    holding = holds(doubts, first)
    rest = [
        text(f"findings.leads_{name}", number=number)
        for name, number in sorted(tally.items(), key=lambda pair: -pair[1])
        if name != first and number
    ]
    leads = text(f"findings.leads_{first}", number=_of(tally[first], holding.whole))
    sentence = text(
        "findings.across_leads_rest" if rest else "findings.across_leads", across=_across(doubts), first=leads,
        rest=listed(rest),
    )  # fmt: skip
    return _together(sentence, _companions(holding, f"lead_{verb(first)}"), _failed(doubts))


def _change(doubts: WorldOutcomes, stack: str, sign: int) -> str:
    holding = holds(doubts, stack, sign)
    gap = doubts.difference[:, STACKS.index(stack)]
    up, down = int((gap > 0).sum()), int((gap < 0).sum())
    values = {
        "across": _across(doubts), "share": text(f"findings.share_of_{stack}"), "up": up, "down": down,
        "number": _of(holding.part, holding.whole),
    }  # fmt: skip
    if not np.any(gap):
        return _together(text("findings.across_same", **values), _failed(doubts))
    if sign == 0:
        only = min(up, down) <= 0.1 * holding.whole
        key = "across_unclear_only" if only else "across_unclear"
        return _together(text(f"findings.{key}", **values), _failed(doubts))
    key = "none" if holding.part == 0 else "rises" if sign > 0 else "falls"
    return _together(text(f"findings.across_{key}", **values), _companions(holding, "change"), _failed(doubts))


def _together(*sentences: str) -> str:
    return " ".join(one for one in sentences if one)


def _across(doubts: WorldOutcomes) -> str:
    return text("findings.across", worlds=count("trial_world", doubts.sound))


def _of(part: int, whole: int) -> str:
    return text("findings.of_all" if part == whole else "findings.of_some", part=part, whole=whole)


def _companions(holding: Holding, what: str) -> str:
    """Say which parameters go with the exceptions, and that this does not prove a cause."""
    if not 0 < holding.part < holding.whole:
        return ""
    if not holding.correlated:
        return text("findings.companions_none")
    told = listed([_companion(parameter) for parameter in holding.correlated])
    return text(f"findings.companions_{what}", told=told)


def _companion(parameter: CorrelatedParameter) -> str:
    head, _, part = parameter.name.partition(".")
    named = head.replace("_", " ") + (f" ({part.replace('.', ', ').replace('_', ' ')})" if part else "")
    declared = locate(parameter.name)[0]
    sentence = said(declared.sentence).strip().rstrip(".")
    side = "low" if parameter.correlation > 0 else "high"
    return text(f"findings.companion_{side}", parameter=named, sentence=f"{sentence[:1].lower()}{sentence[1:]}")


def _failed(doubts: WorldOutcomes) -> str:
    return capital(text("findings.failed_worlds", n=doubts.failed)) if doubts.failed else ""


def short(doubts: WorldOutcomes, stack: str) -> str:
    """Return a few words for a narrow place: "leads in 17 of 24 worlds"."""
    holding = holds(doubts, stack)
    return text(f"findings.leads_worlds_{stack}", number=_of(holding.part, holding.whole))
