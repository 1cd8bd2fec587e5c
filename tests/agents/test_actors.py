"""Mesa agents are views of the cast's arrays."""

import mesa
import numpy as np
import pytest

from stackcraft.agents.actors import HomeGovernment, Importer, Vendor, populate
from stackcraft.agents.cast import Cast
from stackcraft.agents.errors import InputError


@pytest.fixture
def world(small):
    model = mesa.Model(rng=np.random.default_rng(1))
    cast = Cast(3, small)
    return model, cast, populate(model, cast)


def test_one_agent_for_every_actor(world, small):
    model, _cast, agents = world
    assert len(agents) == len(model.agents) == 2 + 6 + 15 + len(small)
    assert {type(agent) for agent in agents} == set(model.agent_types)
    assert [agent.name for agent in agents if isinstance(agent, Importer)] == list(small)
    assert [agent.stack for agent in agents if isinstance(agent, HomeGovernment)] == ["US", "CN"]


def test_an_agent_sees_its_own_levers(world, views):
    _model, cast, agents = world
    cast.add_layer(["us_chip_house.markup=0.33"], runs=[1])
    cast.decide(views([1, 2, 3], cast))
    agent = next(one for one in agents if isinstance(one, Vendor))
    assert agent.levers["markup"].tolist() == [1.0, 0.33, 1.0]
    assert np.shares_memory(agent.levers, cast.levers("vendor"))


def test_an_agent_holds_a_strategy_for_each_run(world, views):
    _model, cast, agents = world
    kenya = next(one for one in agents if one.name == "KEN")
    kenya.set_strategy("hedge", runs=[2])
    assert kenya.strategies == ("default", "default", "hedge")
    cast.decide(views([1, 2, 3], cast))
    assert np.isnan(kenya.levers["hedge"][:2]).all() and kenya.levers["hedge"][2] == 0.8
    with pytest.raises(InputError, match="did you mean hedge"):
        kenya.set_strategy("hedg")
