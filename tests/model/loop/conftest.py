"""One run of the synthetic ten-country world: as the kernels see it, and as plain values for the twins."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest

from stackcraft.agents.names import INSTRUMENTS
from stackcraft.experiments.checks.one_run import refresh, run_record, workspace
from stackcraft.model import Scenario, Simulation
from stackcraft.model.loop.codes import CONTRACT_END
from stackcraft.model.loop.decision import decide_tender
from stackcraft.model.loop.market import team_weights
from stackcraft.model.loop.public_support import allot_support
from stackcraft.model.loop.run import Run
from stackcraft.model.loop.tenders import gather_tenders
from tests.reference.plain import Offer, PlainRun, Tender, world_of

CELLS = [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 2), (8, 4), (9, 1), (0, 6), (4, 0)]

KINDS = ("new", "top-up", "renewal")

# Levers off their defaults, so that every term of the utility is something.
LEVERS = [
    "us_government.supply_bond=0.6",
    "us_government.control_strictness=0.7",
    "us_government.pressure=0.4",
    "us_government.capacity_building=0.5",
    "us_government.frame_values=0.8",
    "us_government.confidential_computing=0.5",
    "us_government.umbrella_message=0.5",
    "us_government.alliance_signal_bn=0.5",
    "us_government.elicitation=0.4",
    "cn_government.subsidy.network=0.2",
    "cn_government.local_hosting=0.6",
    "cn_government.respect_regulation=0.3",
    "cn_government.frame_geopolitical=0.7",
    "cn_government.standards=0.5",
    "cn_government.pressure=0.3",
    "cn_government.aid_bn=2.0",
    # Exceptions for some countries, and what countries ask for themselves.
    "us_government.supply_bond[AAB]=0.9",
    "us_government.capacity_building[AAB,AAE]=0.9",
    "us_government.evaluation_kit[AAB]=0.7",
    "us_government.coerce[AAE]=0.9",
    "cn_government.subsidy[AAC]=0.3",
    "cn_government.respect_regulation[AAC]=0.9",
    "cn_government.confidential_computing[AAC]=0.8",
    "homes.local_hosting[AAD]=1",
    "AAE.require_hosting=0.9",
    "AAE.require_training=0.8",
    "AAF.require_exit=0.7",
    "AAF.require_evaluation=0.6",
    "AAC.leaning=0.8",
    "AAF.leaning.cloud=-0.7",
    "AAH.leaning.models=0.6",
    "AAF.second_source.cloud=1",
    "AAG.skills=1",
    "AAG.pace=1.6",
    "AAH.pace=0.6",
]
OWN_OFFERS = [1, 2, 3, 4, 5]  # countries in which some terms are not those offered everywhere


@dataclass
class Standing:
    """A run after some years."""

    simulation: Simulation
    run: Run  # its records, shared with the simulation
    world: PlainRun  # plain values of them
    space: Any  # scratch
    order: list[int] = field(default_factory=list)  # places of the month's tenders, in the order of their decisions


def stand(off=(), years=3, parameters=None):
    """Return a run after so many years."""
    scenario = Scenario.load("baseline").with_changes(
        world="synthetic",
        worlds="default",
        years=(2025, 2030),
        off=list(off),
        levers=LEVERS,
        parameters=parameters or {},
    )
    simulation = Simulation(scenario, runs=1, seed=3)
    for _ in range(years):
        simulation.step()
    run = run_record(simulation)
    team_weights(run)
    return Standing(simulation, run, world_of(run, simulation), workspace(simulation))


@pytest.fixture(scope="session")
def stood():
    """A run to look at, never to change."""
    one = stand()
    yield one
    one.simulation.close()


@pytest.fixture
def standing():
    """A run that may be changed."""
    one = stand()
    yield one
    one.simulation.close()


# Kernels that are handed tenders or deals are called here and nowhere else, so that a changed signature is mended in
# one place.


def look(one):
    """Plain values of a run as it is now."""
    return world_of(one.run, one.simulation)


def put(one, **fields):
    """Set fields of the state; a pair (place, value) sets one entry."""
    for name, value in fields.items():
        if isinstance(value, tuple):
            one.run.state[name][value[0]] = value[1]
        elif one.run.state[name].ndim:
            one.run.state[name][...] = value
        else:
            one.run.state[name] = value


def put_deal(one, c, l, i, **fields):
    """Set fields of one deal; `stage`, `next_month` and `ends` are kept in the state."""
    for name, value in fields.items():
        if name in ("stage", "next_month", "ends"):
            one.run.state[name][c, l, i] = value
        else:
            one.run.deals["at"][name][c, l, i] = value


def put_deals(one, **fields):
    """Set fields of all deals at once; a function of the plain values, or a value for all."""
    plain = look(one)
    for name, value in fields.items():
        one.run.deals["at"][name][...] = value(plain.deals[name]) if callable(value) else value


def put_levers(one, kind, actor, **levers):
    """Set levers of one actor or a slice of them (`home`, `financier`, `vendor`, `importer`).

    Prices and teams follow.
    """
    for name, value in levers.items():
        getattr(one.run, kind)["at"][name][actor] = value
    refresh(one.run)
    team_weights(one.run)


def put_parameters(one, **parameters):
    """Set parameters, and prices that follow from them."""
    for name, value in parameters.items():
        one.run.parameters[name] = value
    refresh(one.run)


def switch(one, on=(), off=()):
    """Turn submodels of this run on or off."""
    for names, value in ((on, 1), (off, 0)):
        for name in names:
            one.run.on[name] = value


def note_due(one):
    """Tell the workspace how many contracts of each country end this month, as the month's stage events do."""
    w = one.run.state
    ends = (w["next_month"] == w["month"]) & (one.run.deals["at"]["cause"] == CONTRACT_END)
    one.space["arrivals"]["due"][...] = ends.sum(axis=(1, 2))


def gather(one, hazard=None):
    """This month's tenders in their order, plain; `hazard` sets every cell's chance of one."""
    note_due(one)
    if hazard is not None:
        one.space["arrivals"]["hazard"][...] = hazard
    number = gather_tenders(one.run, one.space)
    x = one.space
    one.order = x["tenders"]["turn"][:number].tolist()
    return [
        Tender(
            country=int(x["tenders"]["country"][i]),
            layer=int(x["tenders"]["layer"][i]),
            kind=KINDS[int(x["tenders"]["kind"][i])],
            size=float(x["tenders"]["size"][i]),
            megawatts=float(x["tenders"]["megawatts"][i]),
            ending=float(x["tenders"]["expiring"][i]),
            holder=int(x["tenders"]["ending"][i]),
        )
        for i in one.order
    ]


def allot(one, tenders):
    """Offers of support by (tender, home), plain; a tender without one is missing."""
    allot_support(one.run, one.space, len(tenders))
    x = one.space
    return {
        (turn, h): Offer(
            financier=int(x["offers"]["financier"][i, h]),
            factor=float(x["offers"]["factor"][i, h]),
            partner=int(x["offers"]["partner"][i, h]),
            share=float(x["offers"]["partner_share"][i, h]),
            instrument=INSTRUMENTS[int(x["offers"]["instrument"][i, h])],
            part=float(x["offers"]["financed"][i, h])
            / float(one.run.parameters["financed_share"][tenders[turn].layer]),
            money=float(x["offers"]["money"][i, h]),
            reserved=[
                (int(x["offers"]["financier"][i, h]), float(x["offers"]["exposure"][i, h])),
                (int(x["offers"]["partner"][i, h]), float(x["offers"]["partner_exposure"][i, h])),
            ],
        )
        for turn, i in enumerate(one.order)
        for h in (0, 1)
        if x["offers"]["financier"][i, h] >= 0
    }


def decide(one, i):
    """Decide the i-th tender of the month's order."""
    decide_tender(one.run, one.space, one.order[i])


def assert_same(one, world, besides=(), rel=1e-9):
    """The run is as the twin left its plain world.

    Every field of state and book, and of every deal that is there.
    """
    after, wrong = look(one), []
    for part in ("state", "book"):
        for name, expected in vars(getattr(world, part)).items():
            got = getattr(getattr(after, part), name)
            single = getattr(got, "dtype", None) == np.float32
            if name not in besides and not np.allclose(
                got, expected, rtol=3e-6 if single else rel, atol=1e-11, equal_nan=True
            ):
                wrong.append((part, name))
    held = world.state.stage > 0
    for name in world.deals.dtype.names:
        got, expected = after.deals[name][held], world.deals[name][held]
        single = got.dtype == np.float32
        if name not in besides and not np.allclose(
            got, expected, rtol=1e-6 if single else rel, atol=1e-11, equal_nan=True
        ):
            wrong.append(("deals", name))
    assert not wrong, wrong
