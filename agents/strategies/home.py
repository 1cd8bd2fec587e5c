"""Strategies of home governments on their own. Those that set a whole side are presets."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.levers import HOME_GOVERNMENT
from stackcraft.agents.strategies.base import Decision, Strategy, Table, Traits
from stackcraft.agents.view import HomeView


class Default(Table):
    """Keeps what the side preset or the default says."""

    name = "default"
    kind = "home_government"
    title = "Default"
    story = "Leaves every lever where the side preset or the status quo puts it."
    table = {}


class TitForTat(Strategy):
    """Answers more subsidy with more subsidy and more coercion with more coercion, a year later."""

    name = "tit-for-tat"
    kind = "home_government"
    title = "Tit for tat"
    story = "Adds to its own subsidies and coercion what its rival visibly added to its own last year."
    traits = Traits(adaptive=True)

    def decide(self, view: HomeView) -> Decision:
        """Subsidies, by layer, and readiness to coerce: the status quo and what the rival went beyond its own."""
        return {name: answer(view, name) for name in ("subsidy", "coerce")}


def answer(view: HomeView, name: str) -> np.ndarray:
    """The side's own status quo, and on top of it what the rival's lever last year exceeded the rival's status quo by.

    So two sides that answer each other both stay at the status quo. Where the rival's lever cannot be seen, one's own
    of last year.
    """
    lever = HOME_GOVERNMENT[name]
    own = view.base[name]  # (home,) or (home, layer): defaults are the status quo
    beyond = np.maximum(view.rival[name] - own[::-1], 0.0)  # the two homes are each other's rival
    return np.where(np.isnan(beyond), view.levers[name], np.clip(own + beyond, lever.low, lever.high))


STRATEGIES = (Default, TitForTat)
