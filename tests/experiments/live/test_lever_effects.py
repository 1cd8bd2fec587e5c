"""What matters for a question: effects are those of paired runs, whatever the order in which they come in."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.names import KINDS, VENDORS
from stackcraft.experiments.evidence import lever_effects
from stackcraft.experiments.evidence.claim_tests import ABOUT
from stackcraft.experiments.live import Queue
from stackcraft.experiments.live.lever_effects import OUTCOMES, Effects, EffectsWork, affordable_moves, read
from stackcraft.experiments.live.moves import (
    ALONE,
    HIGH,
    LEVER,
    LOW,
    TOGETHER,
    WITHOUT,
    Change,
    changes,
    declaration,
    lever_names,
    no_change,
    now,
    recommendations,
)
from stackcraft.experiments.live.queue import Stopped
from stackcraft.experiments.statistics import paired_interval
from stackcraft.model import Scenario, Simulation
from stackcraft.model.casting import answers, preview
from stackcraft.model.indicators import with_all

LEVERS = ("us_government.subsidy", "us_government.consortium_required", "cn_vendors.markup")
SMALL = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2028), runs=2)


def ran(scenario, replicates, *levers):
    with Simulation(
        scenario.with_changes(levers=levers), replicates=list(replicates), threads=1, ledger_runs=0
    ) as simulation:
        return read(simulation.run())


@pytest.fixture(scope="module")
def work():
    return EffectsWork(SMALL, runs=3, levers=LEVERS)


@pytest.fixture(scope="module")
def pieces(work):
    return {number: part.run(lambda: False) for number, part in enumerate(work.parts())}


@pytest.fixture(scope="module")
def matters(work, pieces):
    return work.fold(pieces)


def test_an_effect_is_the_mean_difference_of_paired_runs(matters):
    before, countries = ran(SMALL, range(3))
    after, moved = ran(SMALL, range(3), "us_government.subsidy=0.5")
    place = OUTCOMES.index("us_share")
    effect = matters.effect(LEVER, "us_government.subsidy", "us_share", HIGH)
    assert effect.mean == pytest.approx((after - before)[:, place].mean(), rel=1e-12)
    assert (effect.low, effect.high) == pytest.approx(paired_interval((after - before)[:, place])[1:], rel=1e-9)
    assert matters.base["us_share"] == pytest.approx(before[:, place].mean())
    for kind, outcome in enumerate(("cn_share", "cn_used_share")):
        here = matters.effect(LEVER, "us_government.subsidy", outcome, HIGH, matters.codes[2])
        assert here.mean == pytest.approx((moved - countries)[:, kind, 2, 1].mean(), abs=1e-6)
    assert effect.mean > 0 and matters.effect(LEVER, "us_government.subsidy", "us_cost", HIGH).mean > 0


def test_where_a_lever_is_now_is_known_in_every_world():
    levers = preview(SMALL)
    assert now(SMALL, ["importers.sovereignty"])["importers.sovereignty"] == pytest.approx(
        levers["importer"]["sovereignty"].mean()
    )
    everything = now(SMALL, lever_names())
    assert set(everything) == set(lever_names())


def test_readings_are_those_of_the_results():
    with Simulation(SMALL, threads=1, ledger_runs=0) as simulation:
        world, country = read(simulation.run())
        results, payoff = simulation.results, simulation.payoff()
    column = lambda name: world[:, OUTCOMES.index(name)]  # noqa: E731
    end = results["world_installed"].isel(year=-1).sel(weight="country", stack="CN")
    np.testing.assert_allclose(
        column("cn_share"), with_all(results["world_installed"].isel(year=-1).sel(weight="country").values)[:, 0, 1]
    )
    assert end.sizes["layer"] == 7
    np.testing.assert_allclose(column("us_cost"), results["public_cost_bn"].sel(stack="US").sum("year"))
    np.testing.assert_allclose(
        column("us_built"), (results["delivered_bn"].sum("year") / results["announced_bn"].sum("year")).sel(stack="US")
    )
    np.testing.assert_allclose(np.stack([column("us_payoff"), column("cn_payoff")], axis=1), payoff)
    np.testing.assert_allclose(column("cn_incident_loss"), results["incident_loss_bn"].sel(stack="CN").sum("year"))
    np.testing.assert_allclose(
        column("us_profit"),
        results["profit_bn"].sum("year")[:, [name.startswith("us_") for name in VENDORS]].sum("vendor"),
    )
    np.testing.assert_allclose(country[:, 0], with_all(results["installed"].isel(year=-1).values)[:, :, 0], atol=1e-6)


def test_one_left_out_is_judged_by_what_it_adds_to_the_others(matters):
    nine = recommendations()
    assert [one.number for one in nine] == [str(number) for number in range(1, 10)]
    every = [lever for one in nine for lever in one.levers]
    whole, _ = ran(SMALL, range(3), *every)
    without, _ = ran(SMALL, range(3), *(lever for lever in every if lever not in nine[7].levers))
    place = OUTCOMES.index("us_share")
    assert matters.effect(WITHOUT, "8", "us_share").mean == pytest.approx((whole - without)[:, place].mean(), abs=1e-12)
    alone, _ = ran(SMALL, range(3), *nine[7].levers)
    assert matters.effect(ALONE, "8", "us_share").mean == pytest.approx(
        (alone - ran(SMALL, range(3))[0])[:, place].mean(), abs=1e-12
    )
    assert matters.recommendations("us_share")[7].last == matters.effect(WITHOUT, "8", "us_share")
    assert matters.together("us_share") == matters.effect(TOGETHER, "all", "us_share")


def test_what_changes_nothing_is_not_run_and_counts_as_nothing(work, matters):
    idle = {(one.name, one.end) for one, none in zip(work.changes, work.idle, strict=True) if none}
    assert idle == {("us_government.subsidy", LOW), ("us_government.consortium_required", HIGH)}
    ran_at_all = {place for _, places, _ in work.batches for place in places}
    assert not ran_at_all & {place for place, none in enumerate(work.idle) if none}
    effect = matters.effect(LEVER, "us_government.consortium_required", "us_share", HIGH)
    assert (effect.mean, effect.low, effect.high) == (0, 0, 0) and not effect.clear
    before, after = ran(SMALL, range(2))[0], ran(SMALL, range(2), "us_government.consortium_required=1")[0]
    np.testing.assert_array_equal(before, after)


def test_a_lever_that_the_scenario_moves_later_is_not_taken_for_idle():
    later = SMALL.with_changes(levers="us_government.consortium_required@2027=0")
    high = [one for one in changes(LEVERS) if one.name == LEVERS[1] and one.end == HIGH]
    assert no_change(SMALL, high) == [True] and no_change(later, high) == [False]
    assert no_change(SMALL.with_changes(presets={"CN": "tit-for-tat"}), high) == [False]


def test_it_fills_in_as_parts_come(work, pieces, matters):
    assert work.fold({1: pieces[1]}) is None
    first = work.fold({0: pieces[0]})
    assert 0 < (first.made > 0).sum() < len(first.changes) and not first.complete
    assert matters.complete and matters.runs == 3 and set(matters.made) == {3}
    backwards = work.fold(dict(reversed(pieces.items())))
    np.testing.assert_allclose(backwards.world, matters.world, atol=1e-12)
    assert not work.shows({1, 2, 3, 4}) and work.shows({0, 1, 2, 3})
    assert next(one.name for one in matters.levers("us_share")) in LEVERS
    reach = [one.reach for one in matters.levers("us_share")]
    assert reach == sorted(reach, reverse=True) and len(reach) == len(LEVERS)


def test_the_queue_runs_it_and_stops_when_nobody_waits(work, matters):
    queue = Queue(workers=1)
    try:
        same = EffectsWork(SMALL.with_changes(runs=40, title="another title"), runs=3, levers=LEVERS)
        assert same.key == work.key
        found = queue.wait(queue.ask("visitor", "matters", same), 120)
        np.testing.assert_array_equal(found.world, matters.world)
    finally:
        queue.close()
    with pytest.raises(Stopped):
        work.parts()[0].run(lambda: True)


def test_unknown_outcomes_and_countries_are_refused(matters):
    with pytest.raises(InputError, match="us_share"):
        matters.effect(ALONE, "1", "us_shares")
    with pytest.raises(InputError, match="country"):
        matters.effect(ALONE, "1", "us_share", country="NOPE")


# what a budget buys


def made_up(effects):
    """Effects of moves with given (share, low, high, cost, low, high), without a simulation."""
    tried = tuple(Change(LEVER, name, HIGH, 1.0, ()) for name in effects)
    world = np.zeros((len(tried), len(OUTCOMES), 3))
    for place, (share, cost) in enumerate(effects.values()):
        world[place, OUTCOMES.index("us_share")] = share
        world[place, OUTCOMES.index("us_cost")] = cost
    return Effects(SMALL, 8, tried, np.full(len(tried), 8), world, {}, {})


def test_a_budget_buys_what_fits_best_first():
    moves = {
        "us_government.subsidy": ((0.10, 0.08, 0.12), (30, 25, 35)),
        "us_government.supply_bond": ((0.04, 0.03, 0.05), (2, 1, 3)),
        "us_government.coerce": ((0.05, 0.04, 0.06), (1, -1, 3)),
        "us_vendors.markup": ((0.30, 0.20, 0.40), (0, 0, 0)),
        "cn_government.coerce": ((0.20, 0.10, 0.30), (0, 0, 0)),
        "us_government.pressure": ((0, 0, 0), (0, 0, 0)),
    }
    found = affordable_moves(made_up(moves), 5, "us_share")
    assert [one.name for one in found] == ["us_government.coerce", "us_government.supply_bond"]
    assert np.isnan(found[0].per_bn) and found[1].per_bn == pytest.approx(0.02)
    assert next(one.name for one in affordable_moves(made_up(moves), 30, "us_share")) == "us_government.subsidy"
    with pytest.raises(InputError, match="budget"):
        affordable_moves(made_up(moves), -1)
    with pytest.raises(InputError, match="side"):
        affordable_moves(made_up(moves), 1, side="EU")


# the stored table


def test_effects_are_read_back_as_they_were_stored(matters, tmp_path):
    path = tmp_path / "effects.csv"
    about = {name: f"a {name}" for name in ABOUT}
    scenario = Scenario.load("baseline").with_changes(years=(2025, 2028), runs=3)
    stored = Effects(
        scenario,
        3,
        matters.changes,
        matters.made,
        matters.world,
        matters.now,
        matters.base,
        matters.codes,
        matters.country,
    )
    lever_effects.store(stored, about, path)
    again = lever_effects.stored(path)
    np.testing.assert_allclose(again.world, matters.world, rtol=1e-4)
    np.testing.assert_allclose(again.country, matters.country, atol=1.01 * lever_effects.UNIT)  # to a tenth of a point
    assert again.codes == matters.codes and again.country.shape == matters.country.shape
    assert [(one.kind, one.name, one.end) for one in again.changes] == [
        (one.kind, one.name, one.end) for one in matters.changes
    ]
    assert dict(again.about) == about and lever_effects.stale(again) == ["code", "results", "facts"]
    assert again.now == pytest.approx(dict(matters.now)) and again.base.keys() == matters.base.keys()
    assert lever_effects.answers(again, scenario.with_changes(runs=64)) and not lever_effects.answers(again, SMALL)
    assert lever_effects.stored(tmp_path / "none.csv") is None


def test_the_table_that_comes_with_the_project_has_every_lever_and_recommendation():
    """A lever that was declared since it was measured is not in it yet; then the table says that results moved."""
    table = lever_effects.stored()
    tried, measured = ([(one.kind, one.name, one.end) for one in some] for some in (changes(), table.changes))
    new = set(tried) - set(measured)
    assert measured == [one for one in tried if one not in new]
    assert not new or "results" in lever_effects.stale(table), sorted(new)
    assert table.complete and table.scenario.name == "baseline" and set(table.about) == set(ABOUT)
    assert np.isfinite(table.world[:, OUTCOMES.index("us_share")]).all()
    assert {one.name for one in table.levers("us_share")} == {name for kind, name, _ in measured if kind == LEVER}
    assert np.isfinite(table.effect(LEVER, "us_government.subsidy", "us_share", HIGH, "KEN").low)


# where levers stand


def test_levers_stand_where_the_engine_puts_them():
    scenario = Scenario.load("us-lock-in").with_changes(
        world="synthetic", years=(2025, 2027), levers=("us_government.weight_use=0.7", "importers.hedge@2026=0.5"),
        strategies={"private_capital": "rule-bound", "cn_vendors": "lock-in"}, presets={"CN": "coercive-leverage"},
    )  # fmt: skip
    assert answers(scenario) == () and answers(scenario.with_changes(presets={"US": "adaptive"})) == ("US",)
    with Simulation(scenario, runs=1, threads=1, ledger_runs=0) as simulation:
        for year in (2025, 2026):
            simulation.step()
            found = preview(scenario, year)
            for kind in KINDS:
                for name in found[kind].dtype.names:
                    np.testing.assert_array_equal(
                        found[kind][name], simulation.cast.levers(kind)[name][0], err_msg=f"{kind} {name}"
                    )


def test_every_lever_that_is_tried_is_declared_with_two_ends():
    for name in lever_names():
        assert declaration(name).low < declaration(name).high, name
