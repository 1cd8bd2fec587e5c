"""Twins and kernels on the same work, to be timed against each other: `pairs()`.

Run by `stackcraft bench`, so without pytest.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT) not in sys.path:  # this file is loaded by its path
    sys.path.append(str(ROOT))

from stackcraft.experiments.checks.one_run import run_record, workspace  # noqa: E402
from stackcraft.model import Scenario, Simulation  # noqa: E402
from stackcraft.model.loop.run import Run, bids_of  # noqa: E402
from stackcraft.model.loop.targeting import survey, target  # noqa: E402
from stackcraft.model.loop.tenders import gather_tenders, refresh_peers_served  # noqa: E402
from tests.reference import approval, beliefs, choice, demand, disputes, kernels, targeting, use  # noqa: E402
from tests.reference import record as yearbook  # noqa: E402
from tests.reference.plain import PlainRun, Tender, world_of  # noqa: E402

COUNTRY, LAYER = 0, 2


@dataclass
class Timed:
    """A run as kernels see it and as plain values, and the arrays of one run that timed kernels work on."""

    run: Run
    space: Any
    world: PlainRun
    records: Any
    room: Any


def standing():
    """A run of the synthetic world after three years, with money to spend.

    Plain values, and the arrays that kernels work on.
    """
    simulation = Simulation(
        Scenario.load("baseline").with_changes(world="synthetic", worlds="default", years=(2025, 2030)), runs=1, seed=3
    )
    for _ in range(3):
        simulation.step()
    run, space = run_record(simulation), workspace(simulation)
    run.state["purse"][...], run.state["slots_left"][...] = 5.0, 40.0
    run.home["at"]["min_package_mw"][...] = 0.0
    refresh_peers_served(run, space["served"])
    survey(run, space)
    target(run, space)
    records, room = kernels.arrays_of(run, space)
    return Timed(run, space, world_of(run, simulation), records, room)


def pairs():
    """[(name, readable, compiled)]: two calls without arguments that do the same work on one standing run."""
    one = standing()
    return [*of_choice(one), *of_state(one), *of_programmes(one)]


def of_choice(one):
    """Utilities and choice probabilities."""
    world, records, room = one.world, one.records, one.room
    p = world.parameters
    sellers = [v for v in range(world.vendors) if world.facts.serves[LAYER][v]]
    stack = {v: int(world.facts.vendor_stack[v]) for v in sellers}
    utility = {v: sum(choice.terms(world, COUNTRY, LAYER, v).values()) for v in sellers}
    bids = bids_of(list(utility.values()), 1.0, list(stack.values()))
    due = [
        (c, l)
        for c in range(world.countries)
        for l in range(world.layers)
        if (world.facts.iso_number[c] + world.state.month // 12) % 2 == 0
        and (world.state.pipeline[c][l] == 0 or p.organic_layers[l] >= 0.5)
    ]
    return [
        (
            "utilities of a cell's bids",
            lambda: [sum(choice.terms(world, COUNTRY, LAYER, v).values()) for v in sellers],
            lambda: kernels.utilities(records, room, COUNTRY, LAYER),
        ),
        (
            "nested logit",
            lambda: choice.nested_logit(utility, stack, p.nest_scale, p.count_correction, p.outside_option),
            lambda: kernels.logit(bids, p.nest_scale, p.count_correction),
        ),
        (
            f"January's survey, {len(due)} cells",
            lambda: [targeting.surveyed(world, *cell) for cell in due],
            lambda: kernels.january_survey(records, room),
        ),
    ]


def of_state(one):
    """What a year and its months do to all cells."""
    world, records, room = one.world, one.records, one.room
    cells = [(c, l) for c in range(world.countries) for l in range(world.layers)]
    before = records.state.copy()
    quiet = records._replace(on=records.on.copy())
    quiet.on[...] = 0  # no dispute comes up: true hazards alone

    def organic():
        w, p = world.state, world.parameters
        return [
            demand.organic(
                list(w.organic[c][l]),
                w.demand[c][l] * world.facts.organic_share[c],
                list(w.organic_choice[c][l]),
                p.term_years[l],
                0.25,
                steps=1,
            )
            for c, l in cells
            if p.organic_layers[l] >= 0.5
        ]

    def beliefs_of_a_year():
        beliefs.january(world)
        return [beliefs.fears(world, c, s) for c in range(world.countries) for s in range(world.stacks)]

    def hazards():
        return [
            disputes.true_supply_hazard(world, c, h, disputes.midpoint_mean)
            for c in range(world.countries)
            for h in (0, 1)
        ]

    return [
        (
            "demand of all cells",
            lambda: [demand.demand(world, c, l, 3.0) for c, l in cells],
            lambda: kernels.demands(records),
        ),
        ("organic stocks, a quarter", organic, lambda: kernels.organic_stocks(records)),
        (
            "peers served and chances of a tender",
            lambda: [demand.monthly_chance_of_a_tender(world, c, l) for c, l in cells],
            lambda: kernels.chances_of_tenders(records, room),
        ),
        ("beliefs of a year, and fears", beliefs_of_a_year, lambda: kernels.beliefs_of_a_year(records, before)),
        ("true hazards of a cut-off", hazards, lambda: kernels.dispute_hazards(quiet, room)),
        ("use of all deals, half a year", lambda: use.half_year(world), lambda: kernels.use_of_deals(records, room)),
        ("reputation of all vendors", lambda: use.reputation(world), lambda: kernels.reputations(records, room)),
        ("the yearbook's record", lambda: yearbook.everything(world), lambda: kernels.yearbook(records)),
    ]


def of_programmes(one):
    """Whom homes support: the cells of a year, the tenders of a month."""
    world = one.world
    one.run.state["pipeline"][...] = 0
    one.space["arrivals"]["hazard"][...], one.space["arrivals"]["due"][...] = 1.0, 0
    number, x = gather_tenders(one.run, one.space), one.space
    tenders = [
        Tender(
            country=int(x["tenders"]["country"][i]),
            layer=int(x["tenders"]["layer"][i]),
            kind="new",
            size=float(x["tenders"]["size"][i]),
            megawatts=float(x["tenders"]["megawatts"][i]),
        )
        for i in range(number)
    ]
    records, room = kernels.arrays_of(one.run, one.space)
    before = records.state.copy()

    def support():
        for name in ("slots_left", "exposure", "committed"):
            getattr(world.state, name)[...] = before[name][0]
        return approval.allot(world, tenders)

    return [
        (
            "cells that both homes support",
            lambda: [targeting.targets(world, h) for h in (0, 1)],
            lambda: kernels.targets(one.records, one.room),
        ),
        (f"support for a month's {number} tenders", support, lambda: kernels.support(records, room, number, before)),
    ]
