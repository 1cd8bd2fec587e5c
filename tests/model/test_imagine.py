"""Imagined futures for whoever looks ahead: same luck, nothing but what is known, in about a second."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.model import Simulation
from stackcraft.model.look_ahead import Known, imagine


@pytest.fixture
def known(short):
    """The second January of a run, as the papers have it."""
    with Simulation(short, runs=1, seed=3) as simulation:
        simulation.step()
        return Known(short, simulation.year, simulation.observer.observed_shares()[0])


def test_orders_that_say_what_holds_anyway_change_nothing(known):
    books = imagine(known, [(), ("us_government.supply_bond=0.1",), ("us_government.supply_bond=0.9",)], 2, futures=3)
    assert books.shape == (3, 3, 3)
    assert np.array_equal(books[0]["installed"], books[1]["installed"])
    assert not np.array_equal(books[0]["installed"], books[2]["installed"])
    assert len({one["trust"].tobytes() for one in books[0][:, -1]}) == 3  # the futures differ in their luck


def test_what_is_known_is_laid_on_in_every_future(known):
    plain = imagine(known, [("us_government.coerce=1",)], 1, futures=2)
    told = imagine(Known(known.scenario, known.year, known.shares, ("us_government.coerce=1",)), [()], 1, futures=2)
    assert np.array_equal(plain["trust"], told["trust"])


def test_shares_that_the_papers_have_are_where_it_starts(known):
    shares = np.zeros_like(known.shares)
    shares[..., 1] = 1.0
    books = imagine(Known(known.scenario, known.year, shares), [()], 1, futures=1)
    first = books[0, 0, 0]["installed"][: len(shares)]
    assert first[..., 1].mean() > 0.9


def test_bad_orders_are_one_clear_line(known):
    with pytest.raises(InputError, match="give"):
        imagine(known, [("us_government.supply_bond=7",)], 1)
