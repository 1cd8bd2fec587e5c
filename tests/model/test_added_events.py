"""Events laid on from inside a running simulation."""

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.checks.luck import same_bits
from stackcraft.model import Simulation
from stackcraft.model.events import Event


@pytest.fixture
def later(short):
    """A cut-off and a financed deal in the second year, in a country of the synthetic world."""
    with Simulation(short, runs=1) as simulation:
        code = simulation.inputs.iso3[0]
    deal = Event("deal", 2026, 2, country=code, layer="cloud", vendor="us_silicon_hyperscaler", value_bn=2.0,
                 financier="us_dfc", financed=0.5, supply_bond=0.9, hosting=1.0)  # fmt: skip
    return (Event("cut_off", 2026, 3, "US", code), deal)


@pytest.mark.parametrize("threads", [1, 2])
def test_they_give_the_same_bits_as_if_scripted_from_the_start(short, later, threads):
    with (
        Simulation(short, runs=3, seed=4, threads=threads, ledger_runs=3) as running,
        Simulation(short.with_changes(events=later), runs=3, seed=4, ledger_runs=3).run() as scripted,
        Simulation(short, runs=3, seed=4).run() as without,
    ):
        running.step()
        running.add_events(later[0])
        running.add_events(later[1:])
        running.run()
        assert same_bits(running.world.book, scripted.world.book)
        assert same_bits(running.world.state, scripted.world.state)
        assert running.deals.equals(scripted.deals)
        assert not same_bits(running.world.book, without.world.book)


def test_an_event_whose_year_is_played_or_that_cannot_happen_adds_nothing(short, later):
    with Simulation(short, runs=1, seed=4) as running, Simulation(short, runs=1, seed=4).run() as without:
        running.step(), running.step()
        with pytest.raises(InputError, match="cut_off in 2026 lies before 2027"):
            running.add_events(later)
        with pytest.raises(InputError, match="needs a stack"):
            running.add_events(Event("cut_off", 2027))
        running.run()
        assert running.scenario == short and same_bits(running.world.book, without.world.book)


def test_a_branch_takes_added_events_along(short, later):
    with Simulation(short, runs=1, seed=4) as running:
        running.step()
        running.add_events(later)
        with running.branch() as branch:
            assert same_bits(branch.run().world.book, running.run().world.book)
