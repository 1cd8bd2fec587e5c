"""Whether a headline holds across the judged parameters, in plain words."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.names import STACKS
from stackcraft.experiments.live.parameter_uncertainty import CorrelatedParameter, Holding, WorldOutcomes, holds
from stackcraft.model.parameters import locate
from stackcraft.viz.words.names import STACK_SHORT, STACK_TITLES
from stackcraft.viz.words.numbers import capital, count, listed

VERBS = {
    "US": ("leads", "rises", "falls"),
    "CN": ("leads", "rises", "falls"),
    "independent": ("lead", "rises", "falls"),
}


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
    text = f"{_opening(doubts)}, {STACK_TITLES[first]} {VERBS[first][0]} in {_of(tally[first], holding.whole)}"
    rest = [
        (name, number) for name, number in sorted(tally.items(), key=lambda pair: -pair[1]) if name != first and number
    ]
    if rest:
        text += "; " + listed([f"{STACK_TITLES[name]} {VERBS[name][0]} in {number}" for name, number in rest])
    return f"{text}.{_companions(holding, f'{_lead_of(first)} is')}{_failed(doubts)}"


def _lead_of(stack: str) -> str:
    return "their lead" if stack == "independent" else "its lead"


def _change(doubts: WorldOutcomes, stack: str, sign: int) -> str:
    holding = holds(doubts, stack, sign)
    gap = doubts.difference[:, STACKS.index(stack)]
    up, down = int((gap > 0).sum()), int((gap < 0).sum())
    whose = _share_of(stack)
    if not np.any(gap):
        return f"{_opening(doubts)}, {whose} is the same in both scenarios in every one.{_failed(doubts)}"
    if sign == 0:
        text = f"{_opening(doubts)}, {whose} rises in {up} and falls in {down}: no direction is clear there either"
        if min(up, down) <= 0.1 * holding.whole:
            text = (
                f"{_opening(doubts)}, {whose} rises in {up} and falls in {down}, although no direction is "
                "clear in the usual one"
            )
        return f"{text}.{_failed(doubts)}"
    verb = VERBS[stack][1 if sign > 0 else 2]
    text = (
        f"{_opening(doubts)}, the sign of the change holds in {_of(holding.part, holding.whole)}: there {whose} "
        f"{verb} as it does above"
    )
    if holding.part == 0:
        text = f"{_opening(doubts)}, the sign of the change holds in none"
    return f"{text}.{_companions(holding, 'the change is')}{_failed(doubts)}"


def _share_of(stack: str) -> str:
    return (
        "the share of independent vendors"
        if stack == "independent"
        else f"the {'Chinese' if stack == 'CN' else stack} share"
    )


def _opening(doubts: WorldOutcomes) -> str:
    worlds = count(doubts.sound, "trial world")
    return f"Across the judged parameters ({worlds}, each with a new draw of every judged value and one run)"


def _of(part: int, whole: int) -> str:
    return f"all {whole}" if part == whole else f"{part} of {whole}"


def _companions(holding: Holding, what: str) -> str:
    """Say which parameters go with the exceptions, and that this does not prove a cause."""
    if not 0 < holding.part < holding.whole:
        return ""
    if not holding.correlated:
        return " No single parameter stands out behind the exceptions; so few worlds would show only a strong one."
    told = listed([_companion(parameter) for parameter in holding.correlated])
    return (
        f" {capital(what)} smaller or reversed mostly where {told}. That is a pattern in these worlds, not "
        "proof of a cause."
    )


def _companion(parameter: CorrelatedParameter) -> str:
    head, _, part = parameter.name.partition(".")
    named = head.replace("_", " ") + (f" ({part.replace('.', ', ').replace('_', ' ')})" if part else "")
    sentence = locate(parameter.name)[0].sentence.strip().rstrip(".")
    return f"“{named}” ({sentence[:1].lower()}{sentence[1:]}) is {'low' if parameter.correlation > 0 else 'high'}"


def _failed(doubts: WorldOutcomes) -> str:
    return (
        (
            f" {capital(count(doubts.failed, 'further world'))} could not be run to the end and "
            f"{'is' if doubts.failed == 1 else 'are'} left out."
        )
        if doubts.failed
        else ""
    )


def short(doubts: WorldOutcomes, stack: str) -> str:
    """Return a few words for a narrow place: "leads in 17 of 24 worlds"."""
    holding = holds(doubts, stack)
    return f"{STACK_SHORT[stack]} {VERBS[stack][0]} in {_of(holding.part, holding.whole)} worlds"
