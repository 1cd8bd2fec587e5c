"""One run's records as plain Python values, so that a twin reads like the model description."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.agents.names import FINANCIERS, HOMES, LAYERS, STACKS, VENDORS
from stackcraft.model.loop.codes import SUBMODELS

US, CN, INDEPENDENT = range(3)
NETWORK, CHIPS, CLOUD, DATA, MODELS, SECURITY, APPLICATIONS = range(7)
SIGNED, BUILDING, OPERATING = 1, 2, 3  # stages
SOLD, OPERATED, PARTNER, SELF_HOSTED = range(4)  # modes
SOVEREIGN, NARROW, SOFTWARE = range(3)  # classes
FROM_TENDER, FROM_RENEWAL, FROM_PACKAGE, FROM_HEDGE, SCRIPTED, LEGACY = range(6)  # origins
NO_EVENT, FINANCE, CANCEL, BUILT, CONTRACT_END = range(5)  # what a place waits for


class Values:
    """The fields of a record as attributes: plain numbers, and copies of its arrays."""

    def __init__(self, record) -> None:
        for name in record.dtype.names:
            setattr(self, name, record[name].copy() if np.ndim(record[name]) else record[name].item())


@dataclass
class PlainRun:
    """One run as plain values: levers by actor, switches by name, and how many of each there are."""

    state: Values
    facts: Values
    parameters: Values
    book: Values | None  # this year's row
    home: list[Values]
    financier: list[Values]
    vendor: list[Values]
    importer: list[Values]
    on: dict[str, bool]
    deals: np.ndarray
    countries: int
    layers: int = len(LAYERS)
    stacks: int = len(STACKS)
    vendors: int = len(VENDORS)


@dataclass
class Tender:
    """A tender of the month."""

    country: int
    layer: int
    kind: str  # "new", "top-up" or "renewal"
    size: float  # bn$ a year
    megawatts: float
    ending: float = 0.0  # capacity of the contracts that end
    holder: int = -1  # whose they are


@dataclass
class Offer:
    """A home's offer of finance for a tender."""

    financier: int
    factor: float  # price with finance over the price without
    partner: int
    share: float  # of the partner
    instrument: str = ""
    part: float = 0.0  # of what may be financed
    money: float = 0.0  # of the programme's budget, bn$
    reserved: Any = ()  # [(financier, bn$)]


def world_of(run, simulation) -> PlainRun:
    """Return a run (`Run`; parts that are missing are None) as plain values.

    A run that carries its own levers is read by them, whatever the simulation's actors hold.
    """
    if run.home is not None:
        levers = {
            "home_government": run.home["at"], "financier": run.financier["at"], "vendor": run.vendor["at"],
            "importer": run.importer["at"][: len(simulation.inputs)],
        }  # fmt: skip
    else:
        levers = {
            kind: simulation.cast.levers(kind)[0] for kind in ("home_government", "financier", "vendor", "importer")
        }
    return PlainRun(
        state=Values(run.state),
        facts=Values(run.facts),
        parameters=Values(run.parameters),
        book=None if run.book is None else Values(run.book),
        home=[Values(levers["home_government"][h]) for h in range(len(HOMES))],
        financier=[Values(levers["financier"][f]) for f in range(len(FINANCIERS))],
        vendor=[Values(levers["vendor"][v]) for v in range(len(VENDORS))],
        importer=[Values(one) for one in levers["importer"]],
        on={name: bool(run.on[name]) for name in SUBMODELS},
        deals=run.deals["at"].copy(),
        countries=len(simulation.inputs),
    )


def deal(world, c: int, l: int, i: int) -> Values:
    """One place of a cell: the deal's fields as its record rounds them, its stage, the months of its next event and of
    its end.
    """
    w = world.state
    found = Values(world.deals[c, l, i])
    found.stage, found.next_month, found.ends = (
        int(w.stage[c][l][i]),
        int(w.next_month[c][l][i]),
        float(w.ends[c][l][i]),
    )
    return found


def deals_of(world, c: int, l: int, stage: int | None = None):
    """(place, deal) of a cell's deals, or of those in one stage."""
    stages = world.state.stage[c][l]
    return [(i, deal(world, c, l, i)) for i in range(len(stages)) if stages[i] > 0 and stage in (None, stages[i])]


def write(world, c: int, l: int, i: int, **fields) -> None:
    """Set fields of one deal in the plain world."""
    for name, value in fields.items():
        if name in ("stage", "next_month", "ends"):
            getattr(world.state, name)[c][l][i] = value
        else:
            world.deals[name][c, l, i] = value


def home_of(world, v: int):
    """The levers of a vendor's home government; None for independents."""
    h = int(world.facts.vendor_home[v])
    return world.home[h] if h >= 0 else None


def agreed(actor, lever: str, c: int | None = None, part: int | None = None):
    """A home's lever in country `c`: the exception made for it where there is one, else the general value."""
    general, special = getattr(actor, lever), np.nan if c is None else getattr(actor, f"{lever}_in")[c]
    if part is not None:
        general, special = general[part], special if c is None else special[part]
    return general if np.isnan(special) else float(special)


def asked(world, c: int | None, requirement: str) -> float:
    """What a country requires of bidders, 0-1; nothing of what is offered in general."""
    return 0.0 if c is None else getattr(world.importer[c], f"require_{requirement}")


def both(one: float, other: float) -> float:
    """Two actors hold the same lever: what both of them together leave undone is the product."""
    return 1 - (1 - one) * (1 - other)
