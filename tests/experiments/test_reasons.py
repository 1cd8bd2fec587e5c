"""Through what a change works: read from runs, chosen by sign and size, and never said of luck."""

import numpy as np
import pytest

from stackcraft.agents.names import STACKS
from stackcraft.experiments.live.reasons import ReasonsWork
from stackcraft.experiments.reasons import NAMES, Moved, moved, read, reason_of
from stackcraft.experiments.statistics import Interval
from stackcraft.model import Scenario, Simulation

SHORT = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2030), runs=8)


def done(work):
    return work.fold({number: task.run(lambda: False) for number, task in enumerate(work.parts())})


@pytest.fixture(scope="module")
def markup():
    """A mark-up three times the usual one, and nothing at all."""
    work = ReasonsWork(SHORT, {"dear": ("us_vendors.markup=1.5",), "nothing": ()}, runs=8)
    return done(work)


def test_a_dear_vendor_loses_on_price_and_wins_fewer_tenders(markup):
    reason = markup.reason("dear", "US", up=False)
    assert reason.terms[0].term == "price" and reason.terms[0].change.mean < -0.1
    assert all(one.change.mean < 0 for one in reason.terms + reason.echoes)
    assert all(one.change.mean > 0 for one in reason.against)
    won = markup.moved["dear"]["US"]["won"]
    assert won.change.mean < 0 < won.before


def test_nothing_changed_moves_nothing(markup):
    assert markup.moved["nothing"] == {stack: {} for stack in STACKS}
    assert not markup.reason("nothing", "US", up=True).clear and markup.reason("not run", "US", up=True) is None


def test_a_scenario_of_its_own_gives_the_same_as_the_assignments_that_make_it(markup):
    other = SHORT.with_changes(levers=("us_vendors.markup=1.5",))
    again = done(ReasonsWork(SHORT, {"dear": other}, runs=8))
    assert again.moved["dear"] == markup.moved["dear"]


def test_terms_are_the_mean_lead_over_the_other_stacks_offer():
    with Simulation(SHORT, runs=1, ledger_runs=1).run() as simulation:
        readings = read(simulation)[0]
        deals = simulation.deals
    vendors = dict(zip(deals["vendor"], deals["stack"], strict=True)) | {"us_package": "US", "cn_package": "CN"}
    against = deals[deals["runner_up_utility"].notna() & (deals["origin"] != "hedge")]
    gaps = []
    for _, row in against.iterrows():
        first, second = vendors.get(row["winning_bid"]), vendors.get(row["runner_up"])
        if second and first != second and "US" in (first, second):
            gap = row["term_price"] - row["runner_up_term_price"]
            gaps.append(gap if first == "US" else -gap)
    place = NAMES.index("contests")
    if readings[place, 0] == len(gaps):  # every runner-up has won somewhere, so that its stack is known here
        np.testing.assert_allclose(readings[NAMES.index("term price"), 0], np.mean(gaps))
    assert len(gaps) > 20 and readings[place, 0] >= len(gaps)


def test_one_country_is_read_alone():
    found = done(ReasonsWork(SHORT, {"dear": ("us_vendors.markup=1.5",)}, code=_first(), runs=4))
    assert found.code == _first() and "won" not in found.moved["dear"]["US"]


def _first():
    from stackcraft.model.inputs import load_inputs

    return str(load_inputs("synthetic").iso3[0])


def test_earlier_years_are_those_of_a_shorter_run():
    change = {"dear": ("us_vendors.markup=1.5",)}
    early = done(ReasonsWork(SHORT, change, until=2028, runs=4))
    short = done(ReasonsWork(SHORT.with_changes(years=(2025, 2028)), change, runs=4))
    assert early.moved == short.moved and early.years == (2025, 2028)


def test_what_moves_no_more_than_luck_is_not_said():
    before = np.zeros((8, len(NAMES), len(STACKS)))
    luck = np.tile(np.array([1.0, -1.0]), 4)[:, None, None]
    assert moved(before, before + luck) == {stack: {} for stack in STACKS}
    sure = moved(before, before + 1 + 0.1 * luck)
    assert set(sure["US"]) == set(NAMES) and sure["US"]["won"].change.mean == pytest.approx(1)


def test_reasons_go_the_way_of_the_effect_and_speak_to_the_outcome():
    def one(name, mean):
        return Moved(name, 1.0, Interval(mean, mean - 0.01, mean + 0.01))

    found = {
        one.name: one
        for one in (
            one("term price", 0.3), one("term quality", -0.5), one("term incumbency", -0.2), one("term delay", -0.02),
            one("won", -0.2), one("trust", 0.1), one("fear_of_supply", 0.1), one("subsidies", -0.3),
        )
    }  # fmt: skip
    down = reason_of(found, "US", up=False)
    assert [one.term for one in down.terms] == ["quality"] and [one.term for one in down.echoes] == ["incumbency"]
    assert [one.term for one in down.against] == ["price"]
    assert [one.name for one in down.measures] == ["won", "fear_of_supply"]
    cheaper = reason_of(found, "US", up=False, outcome="cost")
    assert not cheaper.terms and [one.name for one in cheaper.measures] == ["subsidies"]
