"""Payoffs are sums of parts in one unit, and no home is best off by doing nothing."""

import numpy as np
import pytest

from stackcraft.model import Scenario, Simulation
from stackcraft.model.parameters import PARAMETERS
from stackcraft.model.payoff import PARTS, payoff, payoff_parts


def test_payoffs_are_the_sum_of_their_parts_over_the_years():
    book = np.zeros((2, 3), [(f"payoff_{part}_bn", float, (2,)) for part in PARTS])
    for number, part in enumerate(PARTS, start=1):
        book[f"payoff_{part}_bn"][:, 1:] = number * np.array([1.0, -10.0])
    assert payoff_parts(book)[0].tolist() == [[2, 4, 6, 8, 10], [-20, -40, -60, -80, -100]]
    assert payoff(book).tolist() == [[30, -300]] * 2


def test_the_parts_answer_to_their_prices_and_to_nothing_else():
    """Twice the price is twice the part, to the last bits: prices are no part of the world."""
    parts = []
    for times in (1, 2):
        prices = {f"payoff_{part}": times * float(PARAMETERS[f"payoff_{part}"].default) for part in PARTS}
        scenario = Scenario.load("first-lesson").with_changes(years=(2025, 2028), parameters=prices)
        with Simulation(scenario, runs=1) as simulation:
            parts.append(payoff_parts(simulation.run().world.book)[0])
    assert parts[1] == pytest.approx(2 * parts[0], rel=1e-12) and (parts[0][:, 0] > 0).all()


def test_a_simulation_tells_the_same_payoff_as_its_yearbook():
    with Simulation(Scenario.load("first-lesson").with_changes(years=(2025, 2027)), runs=2) as simulation:
        results = simulation.run().results
        told = sum(results[f"payoff_{part}_bn"].sum("year") for part in PARTS)
        assert results["payoff"].values == pytest.approx(told.values) and results["payoff"].attrs["units"] == "bn$"
