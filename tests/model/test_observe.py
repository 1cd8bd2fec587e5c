"""What actors see: every field that a strategy may ask for is filled, and what was not asked for says so."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import KINDS, VENDORS, actors_of
from stackcraft.agents.strategies import Strategy, Traits
from stackcraft.agents.view import readable
from stackcraft.model import Scenario, Simulation
from stackcraft.model.loop.codes import OPERATING
from stackcraft.model.observe import BOOKS, PUBLIC

SMALL = Scenario(name="small", world="synthetic", years=(2025, 2031))


def watching(kind, reads, seen):
    """A strategy that keeps what it sees."""

    def decide(self, view):
        for name in readable(kind):
            seen[name] = getattr(view if hasattr(view, name) else view.public, name)
        return {}

    texts = {"name": f"watching-{kind}", "kind": kind, "title": "Watching", "story": "Looks at everything."}
    return type("Watching", (Strategy,), {**texts, "traits": Traits(adaptive=True, reads=reads), "decide": decide})


@pytest.fixture(scope="module")
def watched():
    """The fields that each kind sees in the fifth January, and the simulation as it is then."""
    seen = {kind: {} for kind in KINDS}
    with Simulation(SMALL, runs=3, threads=1) as simulation:
        for kind in KINDS:
            for actor in actors_of(kind, simulation.inputs.iso3):
                simulation.cast.set_strategy(actor, watching(kind, readable(kind), seen[kind])())
        for _ in range(4):
            simulation.step()
        simulation.cast.decide(simulation.observer.views())
        yield seen, simulation


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_that_may_be_asked_for_has_a_reader_and_is_filled(watched, kind):
    assert readable(kind) == {*PUBLIC, *BOOKS[kind]}
    seen, simulation = watched
    assert set(seen[kind]) == readable(kind)
    for name, values in seen[kind].items():
        assert isinstance(values, np.ndarray) and len(values) == simulation.runs, name


def test_a_vendor_sees_the_use_of_its_operating_deals(watched):
    seen, simulation = watched
    world, shown = simulation.world, seen["vendor"]["own_utilisation"]
    for run in range(simulation.runs):
        used, capacity = np.zeros(len(VENDORS)), np.zeros(len(VENDORS))
        for place in np.argwhere(world.state["stage"][run] == OPERATING):
            deal = world.deals[(run, *place)]
            used[deal["vendor"]] += deal["used"] * deal["capacity"]
            capacity[deal["vendor"]] += deal["capacity"]
        assert (capacity > 0).sum() > 5
        with np.errstate(invalid="ignore"):
            np.testing.assert_allclose(shown[run], used / capacity, rtol=1e-12)
    assert ((np.nan_to_num(shown, nan=0.5) > 0) & (np.nan_to_num(shown, nan=0.5) <= 1)).all()


@pytest.mark.parametrize(
    "use",
    [
        lambda values: values[:, 0],
        lambda values: values * 2,
        lambda values: 1 - values,
        lambda values: np.log(values),
        lambda values: np.asarray(values),
        lambda values: values.mean(),
        lambda values: values > 1,
        list,
        lambda values: np.where(values, 1, 0),
    ],
)
def test_a_field_that_was_not_asked_for_says_so_whoever_else_asked_for_it(use):
    def decide(self, view):
        use(view.used)
        return {}

    careless = type("Careless", (watching("importer", frozenset({"capacity"}), {}),), {"decide": decide})
    with Simulation(SMALL, runs=1, threads=1) as simulation:
        first, *others = simulation.inputs.iso3
        simulation.cast.set_strategy(first, careless())
        simulation.cast.set_strategy(others[0], watching("importer", frozenset({"used"}), {}))
        with pytest.raises(InputError, match=r"^watching-importer: `used` is not in traits\.reads; name it there"):
            simulation.step()
