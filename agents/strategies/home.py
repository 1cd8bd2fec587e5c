"""Strategies of home governments on their own. Those that set a whole side are presets."""

from __future__ import annotations

import numpy as np

from agents.levers import HOME_GOVERNMENT
from agents.strategies.base import Decision, Strategy, Table, Traits
from agents.view import HomeView


class Default(Table):
    """Keeps what the side preset or the default says."""

    name = "default"
    kind = "home_government"
    title = "Default"
    story = "Leaves every lever where the side preset or the status quo puts it."
    table = {}


class TitForTat(Strategy):
    """Answers subsidy with subsidy and coercion with coercion, a year later."""

    name = "tit-for-tat"
    kind = "home_government"
    title = "Tit for tat"
    story = "Subsidises and coerces next year as its rival visibly did last year."
    traits = Traits(adaptive=True)

    def decide(self, view: HomeView) -> Decision:
        """The rival's subsidy, by layer, and its readiness to coerce, as seen last year."""
        return {name: mirror(view, name) for name in ("subsidy", "coerce")}


def mirror(view: HomeView, name: str) -> np.ndarray:
    """The rival's lever last year, within this side's bounds; where it cannot be seen, one's own of last year."""
    lever = HOME_GOVERNMENT[name]
    seen = np.clip(view.rival[name], lever.low, lever.high)
    return np.where(np.isnan(seen), view.levers[name], seen)


STRATEGIES = (Default, TitForTat)
