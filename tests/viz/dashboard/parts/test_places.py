"""The places of a year and of a layer in the numbers that pages show."""

import pytest

from stackcraft.agents.names import LAYERS
from stackcraft.viz.dashboard.parts.places import layer_place, shown_year, year_place


@pytest.mark.parametrize(("year", "shown"), [(1990, 2025), (2025, 2025), (2027, 2027), (2100, 2029), (None, 2029)])
def test_a_year_outside_counts_as_the_nearest_and_none_as_the_last(year, shown):
    years = range(2025, 2030)
    assert shown_year(years, year) == shown and years[year_place(years, year)] == shown


def test_the_mean_over_layers_comes_before_them():
    assert [layer_place(layer) for layer in ("all", *LAYERS)] == list(range(8))
