"""Side presets: one named policy for a home government, its financiers and its vendors together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import side_actors
from stackcraft.agents.strategies.base import Decision, Traits
from stackcraft.agents.view import HomeView, View

LOOK_AHEAD_EVERY = 4  # years
STATUS_QUO = "status-quo-2025"


class SidePreset:
    """The base of side presets. What it leaves out keeps its default; a single actor's strategy goes before it.

    `decide` is asked once a year for each of the three kinds of actor, with that kind's view, and answers for all
    actors of the kind; the engine writes the answer only to the side's own actors.
    """

    name: ClassVar[str]
    side: ClassVar[str]  # "US" or "CN"
    title: ClassVar[str]
    story: ClassVar[str]
    traits: ClassVar[Traits] = Traits()

    def plan(self, view: HomeView) -> np.ndarray | None:
        """What the side settles on this January and must remember, whole numbers (runs,); None if nothing."""
        return None

    def decide(self, view: View, plan: np.ndarray) -> Decision:
        """The levers of the actors of `view.kind`; `plan`, shape (runs,), is what `plan` last settled on, or -1.

        Each value broadcasts to (runs, actors), or (runs, actors, parts) for a lever with parts.
        """
        raise NotImplementedError(f"{type(self).__name__} does not decide anything")

    def preview(self, view: View) -> Decision:
        """Return the levers it sets whatever it sees; a preset that answers what it sees has none before it sees."""
        return self.decide(view, np.full(view.runs, -1)) if self.traits.constant else {}

    def column(self, view: HomeView) -> int:
        """The position of the side's government in a home view."""
        return view.actors.index(side_actors(self.side, "home_government")[0])

    def __repr__(self) -> str:
        return f"<preset {self.name} of side {self.side}>"


class TablePreset(SidePreset):
    """A preset that is a table: the government's levers, each financier's, and those of all the side's vendors."""

    traits = Traits(constant=True)
    government: ClassVar[Mapping[str, Any]] = {}
    financiers: ClassVar[Mapping[str, Mapping[str, Any]]] = {}
    vendors: ClassVar[Mapping[str, Any]] = {}

    def decide(self, view: View, plan: np.ndarray) -> Decision:
        """Return the table; of the view only the kind, the actors and their defaults are read."""
        if view.kind == "home_government":
            return self.government
        if view.kind == "vendor":
            return self.vendors
        if view.kind != "financier":
            return {}
        decision: dict[str, np.ndarray] = {}
        for actor, levers in self.financiers.items():
            for name, value in levers.items():
                # Financiers differ, so a table starts from their defaults and fills in each one's own terms.
                column = decision.setdefault(name, view.base[name].copy())
                column[view.actors.index(actor)] = value
        return decision

    def preview(self, view: View) -> Decision:
        """Return the table, which a preset that answers what it sees starts from."""
        return TablePreset.decide(self, view, np.full(view.runs, -1))


def table_preset(
    side: str,
    names: tuple[str, str],
    story: str,
    government: Mapping[str, Any],
    financiers: Mapping[str, Mapping[str, Any]],
    vendors: Mapping[str, Any],
) -> type[TablePreset]:
    """Return the class of a preset that is a table; `names` are its name and title."""
    name, title = names
    values = {"name": name, "side": side, "title": title, "story": story, "__doc__": story}
    values |= {"government": government, "financiers": financiers, "vendors": vendors}
    values["__module__"] = f"{__package__}.{side.lower()}_presets"
    return type(name.title().replace("-", ""), (TablePreset,), values)


# What a home that stands aside sets to nothing; what a preset leaves out keeps the status quo.
UNDONE = (
    "budget_bn", "subsidy", "power_package", "supply_bond", "evaluation_kit", "capacity_building", "elicitation",
    "frame_geopolitical", "frame_values", "aid_bn", "alliance_signal_bn", "umbrella_message", "pressure",
    "standards", "advocacy", "coerce", "compact", "allied_content",
)  # fmt: skip


def stand_aside(side: str) -> type[TablePreset]:
    """Return the class of the preset of a home that leaves exports to its vendors."""
    banks = {bank: {"commitment_limit_bn": 0.0} for bank in side_actors(side, "financier")}
    story = "Leaves exports to the vendors: no money, no finance, no diplomacy, no promises and no threats."
    return table_preset(side, ("stand-aside", "Stand aside"), story, dict.fromkeys(UNDONE, 0.0), banks, {})


class AdaptivePreset(SidePreset):
    """A best response among the tables of its side: every fourth year it looks ahead with each, the rival held.

    The looks ahead are the model's: a few stochastic runs from what the side can see. The first of equal payoffs
    wins, so the list of candidates starts with the status quo. Between looks the side keeps its plan.
    """

    traits = Traits(adaptive=True, needs_look_ahead=True)
    candidates: ClassVar[Sequence[type[TablePreset]]] = ()

    def plan(self, view: HomeView) -> np.ndarray:
        """The position of the candidate with the highest payoff, shape (runs,)."""
        current = np.asarray(view.plan)[:, self.column(view)]
        if (view.year - view.start_year) % LOOK_AHEAD_EVERY:
            return np.where(current < 0, 0, current)
        if view.look_ahead is None:
            raise InputError(
                f"preset {self.name} of side {self.side} needs to look ahead, and this model cannot; use a table preset"
            )
        payoff = np.asarray(view.look_ahead([one.name for one in self.candidates], self.side), dtype=float)
        if payoff.shape != (view.runs, len(self.candidates)):
            raise ValueError(f"look-ahead gave shape {payoff.shape}, not {(view.runs, len(self.candidates))}")
        return np.argmax(np.where(np.isnan(payoff), -np.inf, payoff), axis=1)

    def preview(self, view: View) -> Decision:
        """Return the table of the first candidate."""
        return self.candidates[0]().preview(view)

    def decide(self, view: View, plan: np.ndarray) -> Decision:
        """Return in each run the table of the candidate planned there."""
        decision: dict[str, np.ndarray] = {}
        for position in np.unique(np.maximum(plan, 0)):
            chosen = np.maximum(plan, 0) == position
            for name, value in self.candidates[position]().decide(view, plan).items():
                if name not in decision:
                    decision[name] = np.repeat(view.base[name][np.newaxis], view.runs, axis=0)
                decision[name][chosen] = value
        return decision
