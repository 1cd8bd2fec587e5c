"""Scripted events happen when and where the scenario says, and nothing happens before."""

import numpy as np
import pytest

from stackcraft.agents.names import LAYERS
from stackcraft.model import Scenario, Simulation
from stackcraft.model.events import EVENTS, Event, deal_rows
from stackcraft.model.inputs import load_inputs
from stackcraft.model.scripted_deals import load_scripted_deals

QUIET = Scenario(name="quiet", world="synthetic", years=(2025, 2028), off=("shocks", "disputes", "scripted_deals"))


def results(*events):
    return ran(QUIET.with_changes(events=events))


def ran(scenario):
    with Simulation(scenario, runs=3, seed=5, threads=1) as simulation:
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


DRAWN = """
    alliance_doubt breach sanctions chip_breakthrough bust debt_distress power_shock frontier_jump tariff attack
    government_change
"""
NO_RATES = {f"{what}_rate": 0.0 for what in DRAWN.split()}


@pytest.mark.parametrize("events", [(), (Event("tariff", 2026, 3, "US"), Event("ai_bust", 2027))])
def test_without_drawn_shocks_a_run_is_as_with_rates_of_nothing(events):
    """Bit for bit, with scripted events that still strike; two rates that make true hazards are nothing in both."""
    hazards = {name: NO_RATES[name] for name in ("alliance_doubt_rate", "sanctions_rate")}
    plain = Scenario(name="drawn", world="synthetic", years=QUIET.years, off=("disputes",))
    base = plain.with_changes(events=events)
    off, none, with_shocks = (
        ran(base.with_changes(off=(*base.off, *more), parameters=rates))
        for more, rates in ((("drawn_shocks",), hazards), ((), NO_RATES), ((), {}))
    )
    for name in none.data_vars:
        np.testing.assert_array_equal(off[name], none[name], err_msg=name)
    assert not with_shocks.equals(none)
    if events:
        assert not none.equals(ran(plain.with_changes(parameters=NO_RATES)))


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


def test_an_announced_campus_with_accelerators_is_chips_first():
    """The Emirates' campus: 64 % of what goes into its data centre is accelerators, and nothing of the deal is lost."""
    inputs, deals = load_inputs("world"), {deal.deal: deal for deal in load_scripted_deals()}
    value = {}
    for name in ("stargate_uae", "stargate_argentina"):
        rows = deal_rows(deals[name], 2025, 2030, inputs)
        value[name] = {LAYERS[row[4]]: row[7] for row in rows}
        assert sum(value[name].values()) == pytest.approx(deals[name].value_bn)
    campus = value["stargate_uae"]
    assert campus["chips"] / (campus["chips"] + campus["cloud"]) == pytest.approx(0.64)
    assert campus["chips"] > 0.5 * deals["stargate_uae"].value_bn
    assert "chips" not in value["stargate_argentina"]  # announced as a cloud alone
