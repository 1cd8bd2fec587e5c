"""One run's records as plain Python values, so that a twin reads like the model description."""

from types import SimpleNamespace

import numpy as np

from agents.names import FINANCIERS, HOMES, LAYERS, STACKS, VENDORS
from model.loop.sizes import SUBMODELS

US, CN, INDEPENDENT = range(3)
NETWORK, CHIPS, CLOUD, DATA, MODELS, SECURITY, APPLICATIONS = range(7)
INDEX_WEIGHTS = (0.15, 0.20, 0.20, 0.08, 0.15, 0.10, 0.12)


def values(record) -> SimpleNamespace:
    """A record's fields as numbers and arrays of its own."""
    return SimpleNamespace(**{
        name: record[name].copy() if np.ndim(record[name]) else record[name].item() for name in record.dtype.names})


def world_of(run, simulation) -> SimpleNamespace:
    """state, facts, parameters, levers by actor, switches by name, and how many countries there are."""
    levers = {kind: simulation.cast.levers(kind)[0] for kind in ("home_government", "financier", "vendor", "importer")}
    return SimpleNamespace(
        state=values(run.state), facts=values(run.facts), parameters=values(run.parameters),
        home=[values(levers["home_government"][h]) for h in range(len(HOMES))],
        financier=[values(levers["financier"][f]) for f in range(len(FINANCIERS))],
        vendor=[values(levers["vendor"][v]) for v in range(len(VENDORS))],
        importer=[values(one) for one in levers["importer"]],
        on={name: bool(run.on["at"][place]) for place, name in enumerate(SUBMODELS)},
        deals=run.deals["at"].copy(), countries=len(simulation.inputs), layers=len(LAYERS), stacks=len(STACKS), vendors=len(VENDORS),
    )


def home_of(world, v: int):
    """The levers of a vendor's home government; None for independents."""
    h = int(world.facts.vendor_home[v])
    return world.home[h] if h >= 0 else None


def both(one: float, other: float) -> float:
    """Two actors hold the same lever: what both of them together leave undone is the product."""
    return 1 - (1 - one) * (1 - other)
