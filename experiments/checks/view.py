"""Actors decide from what they see: what is hidden from them can change without changing any decision of that year."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.levers import LEVER_SETS, flat
from stackcraft.agents.names import FINANCIERS, KINDS, SIDES, VENDORS
from stackcraft.agents.strategies.registry import preset_names, strategy_names
from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import at_least, equal
from stackcraft.model import Simulation

# What nobody may see: how likely each harm truly is, what is truly demanded, tastes, next events, luck that is still to
# come.
HIDDEN_STATE = (
    "true_hazard",
    "demand",
    "taste",
    "fear",
    "kept",
    "belief_against",
    "belief_for",
    "use_mix",
    "next_month",
    "shock_month",
    "country_shock_month",
    "win_unsupported",
    "organic_choice",
    "target",
    "peers_served",
    "quality",
    "standards",
    "budget",
    "purse",
)
HIDDEN_BOOK = ("demand", "true_hazard", "win_probability", "unmet_demand", "idle_capacity")
NOISE = 1.7


def checks(threads=None):
    """Every strategy and preset in one batch: hidden state first, then the other side's sealed levers."""
    decisions, moved = 0, 0
    changed = 0
    for year in (2025, 2029):
        one, two = played(year, threads), played(year, threads)
        with one, two:
            disturb(two)
            a, b = decide(one), decide(two)
            changed += sum(a[kind].tobytes() != b[kind].tobytes() for kind in KINDS)
            decisions += sum(array.size for array in a.values())
    yield equal(
        "view",
        "hidden state",
        "kinds of actors that decide otherwise after hidden state changed, over two Januaries",
        changed,
    )
    yield at_least("view", "decisions", "decisions compared", decisions, 1000)
    changed, moved = sealed(threads)
    yield equal("view", "sealed levers", "homes that decide otherwise after the rival's sealed levers changed", changed)
    yield at_least("view", "the check can see", "levers that move when what is visible changes instead", moved, 1)


def played(year: int, threads=None) -> Simulation:
    """A simulation at a January in which every strategy of every kind, and every preset, is held by somebody."""
    us, cn = preset_names("US"), preset_names("CN")
    runs = max(len(us), len(cn))

    def cast(cast):
        for side, names in (("US", us), ("CN", cn)):
            for run in range(runs):
                cast.set_preset(side, names[run % len(names)], [run])
        for kind, actors in (("financier", FINANCIERS), ("vendor", VENDORS), ("importer", cast.importers)):
            names = [name for name in strategy_names(kind) if name not in ("seat",)]
            for run in range(1, runs):
                for place, actor in enumerate(actors):
                    cast.set_strategy(actor, names[(run + place) % len(names)], [run])

    scenario = status_quo(world="synthetic", years=(2025, 2030))
    simulation = Simulation(scenario, runs=runs, seed=8, threads=threads, cast=cast)
    while simulation.year < year:
        simulation.step()
    return simulation


def disturb(simulation: Simulation) -> None:
    """Change everything that no actor may see."""
    state, book = simulation.world.state, simulation.world.book
    for name in HIDDEN_STATE:
        state[name] = (state[name] * NOISE + 1).astype(state[name].dtype)
    for name in HIDDEN_BOOK:
        book[name] = book[name] * NOISE + 1


def decide(simulation: Simulation) -> dict[str, np.ndarray]:
    """The levers that the actors choose this January, as flat arrays by kind."""
    simulation.cast.decide(simulation.observer.views())
    return {kind: flat(simulation.cast.levers(kind)).copy() for kind in KINDS}


def sealed(threads=None) -> tuple[int, int]:
    """Count homes whose decision follows the rival's hidden levers, and levers that follow its visible ones."""
    results = []
    hidden = [one.name for one in LEVER_SETS["home_government"] if one.hidden and one.shape == "scalar"]
    for what in ("nothing", "sealed", "visible"):
        with played(2029, threads) as simulation:
            levers = simulation.cast.levers("home_government")
            rival = 1 - SIDES.index("CN")  # what the United States did last year
            if what == "sealed":
                for name in hidden:
                    levers[name][:, rival] = np.where(np.isnan(levers[name][:, rival]), np.nan, 0.123)
            elif what == "visible":
                levers["coerce"][:, rival], levers["subsidy"][:, rival] = 0.77, 0.33
            decide(simulation)
            results.append(flat(simulation.cast.levers("home_government")).copy())
    own = [flat(_column(array, SIDES.index("CN"))) for array in results]
    return int((~_same(own[0], own[1])).any(axis=0).any()), int((~_same(own[0], own[2])).sum())


def _column(array: np.ndarray, column: int) -> np.ndarray:
    return np.ascontiguousarray(array[:, column])


def _same(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return (a == b) | (np.isnan(a) & np.isnan(b))
