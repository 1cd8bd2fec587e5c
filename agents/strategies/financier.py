"""Strategies of financiers."""

from __future__ import annotations

from stackcraft.agents.names import INSTRUMENTS
from stackcraft.agents.strategies.base import Table


def _mix(**shares: float) -> tuple[float, ...]:
    """An instrument mix in array order; what is not named is 0."""
    return tuple(shares.get(instrument, 0.0) for instrument in INSTRUMENTS)


class Default(Table):
    """Keeps what the side preset or the default says."""

    name = "default"
    kind = "financier"
    title = "Default"
    story = "Lends on the terms it lends on today."
    table = {}


class RuleBound(Table):
    """Lends by the book."""

    name = "rule-bound"
    kind = "financier"
    title = "Rule-bound"
    story = "Lends and guarantees within its own rules, alone, and pays nothing for a foothold."
    table = {"strategic_premium": 0.0, "co_finance": 0.0, "instrument_mix": _mix(direct_loan=0.5, guarantee=0.5)}


class StrategicPremium(Table):
    """Takes more risk where inaction would cede ground, for a limited time."""

    name = "strategic-premium"
    kind = "financier"
    title = "Strategic premium"
    story = "Takes calculated risks until 2032 where the rival would otherwise win."
    table = {"strategic_premium": 0.15, "sunset_year": 2032.0}


class CoFinancingHub(Table):
    """Brings in other financiers and takes shares in what it funds."""

    name = "co-financing-hub"
    kind = "financier"
    title = "Co-financing hub"
    story = "Shares half of every loan with others and puts half of its money into equity."
    table = {"co_finance": 0.5, "instrument_mix": _mix(direct_loan=0.5, equity=0.5)}


STRATEGIES = (Default, RuleBound, StrategicPremium, CoFinancingHub)
