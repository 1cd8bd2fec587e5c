"""The first January: its record stands before anybody decides, and everybody decides the first year on it."""

import numpy as np
import pytest

from stackcraft.agents.strategies import SeatStrategy, Strategy, Traits
from stackcraft.experiments.checks.luck import same_bits
from stackcraft.model import Simulation


class Looking(Strategy):
    """Keeps what it was shown."""

    name, kind = "looking", "importer"
    title, story = "Looking", "Looks and does nothing."
    traits = Traits(
        adaptive=True, reads=frozenset({"capacity", "used", "installed", "shares", "demand", "buyer_levers"})
    )

    def __init__(self):
        self.shown = {}

    def decide(self, view):
        self.shown[view.year] = view
        return {}


def test_nobody_decides_while_a_simulation_is_made(short):
    looking = Looking()
    with Simulation(short.with_changes(strategies={"importers": looking}), runs=2) as simulation:
        assert looking.shown == {} and simulation.year == 2025
        simulation.step()
        assert list(looking.shown) == [2025]


def test_the_first_year_is_decided_on_the_record_of_its_january(short):
    looking = Looking()
    with Simulation(short.with_changes(strategies={"importers": looking}), runs=2) as simulation:
        record = simulation.results.isel(year=0)
        simulation.step()
    view = looking.shown[2025]
    np.testing.assert_array_equal(view.capacity, record.capacity)
    np.testing.assert_array_equal(view.used, record.used)
    assert view.capacity.sum() > 0
    # What is public is noisy, but it is about the world as it stands.
    assert np.corrcoef(view.public.demand.ravel(), record.capacity.sum("layer").values.ravel())[0, 1] > 0.9
    assert np.corrcoef(view.public.shares.ravel(), record.installed.values.ravel())[0, 1] > 0.9


def test_last_years_levers_of_the_first_january_are_the_status_quo(short):
    seen = {}

    class Spying(Strategy):
        name, kind = "spying", "home_government"
        title, story = "Spying", "Looks at its rival."
        traits = Traits(adaptive=True)

        def decide(self, view):
            seen[view.year] = (
                view.levers["coerce"].copy(),
                view.rival["coerce"].copy(),
                view.rival["subsidy"][:, 0, 3].copy(),
            )
            return {}

    changed = short.with_changes(
        strategies={"us_government": Spying}, levers=["homes.coerce=0.7", "cn_government.subsidy=0.4"]
    )
    with Simulation(changed, runs=2) as simulation:
        simulation.step(), simulation.step()
    own, rival, subsidy = seen[2025]
    assert own[0].tolist() == [0.3, 0.15] and rival[0].tolist() == [0.15, 0.3] and (subsidy == 0.15).all()
    assert (seen[2026][0] == 0.7).all() and (seen[2026][2] == 0.4).all()


def test_every_policy_starts_from_the_same_january(short):
    changed = short.with_changes(
        presets={"US": "sovereignty-guarantor", "CN": "coercive-leverage"},
        strategies={"importers": "hedge"},
        levers=["vendors.lock_contract=1"],
    )
    with Simulation(short, runs=2) as plain, Simulation(changed, runs=2) as other:
        assert same_bits(plain.world.book[:, 0], other.world.book[:, 0])
        assert same_bits(plain.world.state, other.world.state) and same_bits(plain.world.deals, other.world.deals)
        plain.step(), other.step()
        assert not same_bits(plain.world.book[:, 1], other.world.book[:, 1])


def test_tit_for_tat_against_the_status_quo_is_the_status_quo(short):
    with Simulation(short, runs=2).run() as plain:
        for changes in ({"presets": {"CN": "tit-for-tat"}}, {"strategies": {"homes": "tit-for-tat"}}):
            with Simulation(short.with_changes(**changes), runs=2).run() as answering:
                assert plain.results.identical(answering.results.assign_attrs(plain.results.attrs))


def test_a_seat_plays_the_first_january_after_it_has_seen_it(short):
    seat = SeatStrategy(["us_government"])
    with Simulation(short.with_changes(strategies={"us_government": seat}), runs=2) as simulation:
        assert float(simulation.results.capacity.sum()) > 0
        seat.submit(simulation.year, ["us_government.supply_bond=0.9"])
        simulation.run()
        assert (simulation.cast.levers("home_government")["supply_bond"][:, 0] == 0.9).all()
        played = simulation.results
    with Simulation(short.with_changes(levers=["us_government.supply_bond=0.9"]), runs=2).run() as scripted:
        assert played.installed.equals(scripted.results.installed)


@pytest.mark.parametrize("preset", ["adaptive", "tit-for-tat"])
def test_a_preset_that_looks_is_the_same_after_a_restore_on_the_first_january(short, tmp_path, preset):
    scenario = short.with_changes(presets={"CN": preset}, levers=["us_government.subsidy=0.2"])
    with Simulation(scenario, runs=1) as straight:
        straight.snapshot(tmp_path / "first.npz")
        straight.run()
        with Simulation.restore(tmp_path / "first.npz") as again:
            assert same_bits(straight.world.book, again.run().world.book)
