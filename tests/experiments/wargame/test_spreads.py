"""Spreads: what the library moves, measured in small, and the scale that scores declare."""

import numpy as np
import pytest

from stackcraft.experiments.wargame import plans, scores, spreads
from stackcraft.experiments.wargame.seats import SEATS
from stackcraft.experiments.wargame.worlds import Levers
from stackcraft.model import Scenario


def test_policies_are_the_librarys_strategies_with_the_status_quo_first():
    found = spreads.policies(SEATS["us"], Levers(Scenario.load(spreads.SCENARIO)))
    assert next(iter(found)) == plans.STATUS_QUO and not found[plans.STATUS_QUO].levers
    assert set(found) == {name for name in plans.strategies("us") if name not in (plans.RANDOM, plans.THOUGHTFUL)}
    assert "us_government.supply_bond=0.9" in found["sovereignty-guarantor"].levers


def test_a_spread_is_the_deviation_between_policies_and_luck_that_of_one_difference(monkeypatch):
    values = {"bloc_use": [[0.0, 0.0], [1.0, 3.0], [-1.0, -3.0]]}

    def played(world, variants, seat, names, runs, threads):
        return {(name, years): [np.array(one) * years / 6 for one in values["bloc_use"]]
                for name in names for years in spreads.YEARS}  # fmt: skip

    monkeypatch.setattr(spreads, "_played", played)
    monkeypatch.setattr(spreads, "policies", lambda seat, levers: dict.fromkeys("abc"))
    six, twelve, luck = spreads.measure(SEATS["asean"], runs=2)["bloc_use"]
    assert six == pytest.approx(np.std([0, 2, -2])) and twelve == pytest.approx(2 * six)
    assert luck == pytest.approx(2**0.5)


def test_every_spread_is_above_nothing():
    for one in scores.MEASURES.values():
        for six, twelve in filter(None, (one.spread, one.spread_cn)):
            assert six > 0 and twelve > 0


@pytest.mark.slow
def test_a_small_measurement_is_near_what_is_declared():
    found = spreads.measure(SEATS["us"], runs=2)
    for name in ("use", "purse", "poorest", "leverage"):
        assert found[name][0] == pytest.approx(scores.MEASURES[name].spread[0], rel=0.4), name
