"""The table of a country's own levers: what it compares, and what it says of what it does not know."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.levers import IMPORTER
from stackcraft.experiments.own_levers import OUTCOMES, as_text, ends, own_levers
from stackcraft.model import Scenario

SMALL = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2028))


def test_levers_with_two_ends():
    assert ends(IMPORTER["bargain"], "KEN") == {"0": ("KEN.bargain=0",), "1": ("KEN.bargain=1",)}
    assert ends(IMPORTER["leaning"], "KEN") == {"-1": ("KEN.leaning=-1",), "1": ("KEN.leaning=1",)}
    assert ends(IMPORTER["club"], "KEN") == {} and ends(IMPORTER["layer_priority"], "KEN") == {}


def test_a_ban_takes_share_and_a_lever_left_where_it_is_does_nothing():
    found = own_levers("AAC", SMALL, runs=4, years=(2, 3), levers=["ban_us", "champion"])
    assert len(found) == 2 * 2 * 2 * len(OUTCOMES)
    of = {(one.lever, one.end, one.years, one.outcome): one for one in found}
    assert of["ban_us", "1", 3, "US %"].mean < 0
    assert all(one.mean == one.low == one.high == 0 for one in found if (one.lever, one.end) == ("champion", "0"))
    shares = [of["ban_us", "1", 2, f"{stack} %"] for stack in ("US", "CN", "independent")]
    assert sum(one.usual for one in shares) == pytest.approx(100, abs=1e-4)  # kept in single precision
    assert sum(one.mean for one in shares) == pytest.approx(0, abs=1e-4)
    lines = as_text(found).splitlines()
    assert len(lines) == 1 + 2 * 2 * 2 and lines[1].startswith("AAC ban_us=0, 2")
    assert np.all([line.count("|") == len(OUTCOMES) for line in lines])


@pytest.mark.parametrize(
    ("country", "levers", "says"), [("AAX", ["bargain"], "AAX"), ("AAC", ["bargian"], "did you mean bargain")]
)
def test_what_is_not_known_is_said(country, levers, says):
    with pytest.raises(InputError, match=says):
        own_levers(country, SMALL, runs=2, years=(1,), levers=levers)
