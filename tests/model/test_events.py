"""Scripted events happen when and where the scenario says, and nothing happens before."""

import numpy as np

from stackcraft.model import Scenario, Simulation
from stackcraft.model.events import EVENTS, Event

QUIET = Scenario(name="quiet", world="synthetic", years=(2025, 2028), off=("shocks", "disputes", "scripted_deals"))


def results(*events):
    with Simulation(QUIET.with_changes(events=events), runs=3, seed=5, threads=1) as simulation:
        return simulation.run().results.load()


def test_a_cut_off_is_felt_in_its_year_by_its_victim_and_not_before():
    plain = results()
    victim = str(plain["country"].values[0])
    struck = results(Event("cut_off", 2026, 7, "US", victim))
    fear = (struck - plain)["perceived_hazard"].sel(stack="US", channel="supply")
    assert (fear.sel(year=[2025, 2026]) == 0).all()
    assert (fear.sel(year=2027, country=victim) > 0).all()
    for name in plain.data_vars:
        if "year" in plain[name].dims:
            before = {"year": [2025, 2026]}
            np.testing.assert_array_equal(struck[name].sel(before), plain[name].sel(before), err_msg=name)


def test_each_kind_of_event_changes_something_after_it_and_nothing_before():
    plain = results()
    country = str(plain["country"].values[0])
    parts = {"stack": "US", "country": country}
    for what, kind in EVENTS.items():
        if what in ("deal", "lapse"):
            continue  # these need a layer and a vendor
        struck = results(Event(what, 2026, 2, **{part: parts[part] for part in kind.needs}))
        changed = {
            name for name in plain.data_vars if "year" in plain[name].dims and not plain[name].equals(struck[name])
        }
        assert changed, what
        for name in changed:
            assert plain[name].sel(year=[2025, 2026]).equals(struck[name].sel(year=[2025, 2026])), (what, name)
