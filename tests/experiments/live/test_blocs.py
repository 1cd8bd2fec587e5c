"""A bloc is one more country of a summary: means over its members, run by run; money is their sum."""

import numpy as np
import pytest

from stackcraft.experiments.live.countries import OUTCOMES, OwnLevers, OwnMove, WithCountries, as_one
from stackcraft.model import Scenario
from stackcraft.model.inputs import load_inputs

BASE = Scenario.load("baseline").with_changes(years=(2025, 2027), runs=4)
GCC = ("ARE", "BHR", "KWT", "OMN", "QAT", "SAU")


def done(work):
    return work.fold({number: task.run(lambda: False) for number, task in enumerate(work.parts())})


@pytest.fixture(scope="module")
def both():
    return done(WithCountries(BASE)), done(WithCountries(BASE, "GCC"))


def test_shares_are_means_over_members_and_the_countries_stay(both):
    alone, found = both
    assert found.codes == (*alone.codes, "GCC")
    np.testing.assert_array_equal(found.installed.shares[:, :, :-1], alone.installed.shares)
    places = [alone.codes.index(one) for one in GCC]
    layers = alone.installed.shares[:, 1:, places]
    np.testing.assert_allclose(found.installed.shares[:, 1:, -1], layers.mean(axis=2), atol=2e-6)


def test_bands_and_agreement_are_those_of_the_mean_and_not_means_of_bands(both):
    _, found = both
    us = found.of("GCC")[:, -1, 0]
    assert found.installed.agreement[-1, 0, -1] in (0.25, 0.5, 0.75, 1.0)
    assert us.shape == (4,) and 0 < us.min() <= us.max() < 1


def test_money_adds_up_and_all_else_is_a_mean(both):
    alone, found = both
    members = np.stack([alone.of(one) for one in GCC], axis=2)
    for place, name in enumerate(OUTCOMES):
        whole = members[..., place].sum(axis=2) if name in ("spent", "welfare") else members[..., place].mean(axis=2)
        np.testing.assert_allclose(found.of("GCC")[..., place], whole, rtol=1e-4, atol=1e-6)
    assert np.isnan(as_one(np.full((2, len(OUTCOMES)), np.nan))).all()


def test_levers_of_a_bloc_are_set_for_every_member():
    work = OwnLevers(BASE, "GCC", 2027, runs=2)
    move = OwnMove("skills", 1.0)
    assert move.assignments(GCC)[0] == "ARE.skills=1" and move in work.moves
    codes = [str(one) for one in load_inputs("world").iso3]
    table = work._part((0, 1 + work.moves.index(move)), range(2))(lambda: False)
    other = done(WithCountries(BASE.with_changes(levers=list(move.assignments(GCC)), runs=2), "GCC"))
    np.testing.assert_allclose(table[1 + work.moves.index(move)], other.of("GCC"), rtol=1e-5)
    assert len(codes) == 193
