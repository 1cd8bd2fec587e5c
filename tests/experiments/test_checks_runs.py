"""The checks on whole simulations, on the synthetic world; the full ones are slow."""

import numpy as np
import pytest

from stackcraft.agents.strategies.base import Strategy, Traits
from stackcraft.experiments import checks
from stackcraft.experiments.checks import explain, facts, gain, luck, restore, spread, start, view
from stackcraft.experiments.checks.scenarios import random_scenario
from stackcraft.model import Scenario, Simulation
from stackcraft.model.loop.codes import SCRIPTED
from stackcraft.model.observe import BOOKS


def small(**changes) -> Scenario:
    return Scenario.load("baseline").with_changes(**{"world": "synthetic", "years": (2025, 2030), **changes})


def passed(rows) -> None:
    failed = [f"{row.name}: {row.value:g} against {row.tolerance} {row.detail}" for row in rows if not row.passed]
    assert not failed, "\n".join(failed)


@pytest.fixture(scope="module")
def ledgers():
    with Simulation(small(years=(2025, 2040)), runs=4, seed=7, ledger_runs=4).run() as simulation:
        yield simulation


def test_every_deal_is_explained(ledgers):
    sums, runner_sums, wrong, number, _ = explain.explained(ledgers)
    assert number > 1000
    assert max(sums, runner_sums) <= 1e-12
    assert wrong == 0


def test_an_altered_bid_is_noticed(ledgers):
    rows = ledgers.world.ledger["at"][0, : int(ledgers.world.state["deals_signed"][0])]
    kept = rows["bids"].copy()
    place = int(np.flatnonzero(rows["bid"] < 16)[0])
    rows["bids"][place, rows["bid"][place]] -= 1e-6
    try:
        assert explain.explained(ledgers)[2] == 1
    finally:
        rows["bids"] = kept


def test_a_scripted_deal_has_nothing_to_explain(ledgers):
    rows = ledgers.world.ledger["at"][0, : int(ledgers.world.state["deals_signed"][0])]
    kept, number = rows[3].copy(), explain.explained(ledgers)[3]
    rows["origin"][3], rows["runner_up"][3], rows["utility"][3] = SCRIPTED, -1, np.nan
    rows["terms"][3], rows["bids"][3] = np.nan, np.nan
    try:
        sums, runner_sums, wrong, seen, _ = explain.explained(ledgers)
        assert sums <= 1e-12 and runner_sums <= 1e-12 and wrong == 0 and seen == number - 1
        rows["terms"][4, 5] += 1e-9  # a row without terms must not hide what is wrong elsewhere
        assert explain.explained(ledgers)[0] > 1e-10
    finally:
        rows["terms"][4, 5] -= 1e-9
        rows[3] = kept


def test_an_altered_term_is_noticed(ledgers):
    rows = ledgers.world.ledger["at"][0, : int(ledgers.world.state["deals_signed"][0])]
    rows["terms"][3, 5] += 1e-9
    try:
        assert explain.explained(ledgers)[0] > 1e-10
    finally:
        rows["terms"][3, 5] -= 1e-9


def test_other_luck_does_not_reproduce_the_choices(ledgers):
    kept = ledgers.world.seed
    ledgers.world.seed = kept + 1
    try:
        assert explain.explained(ledgers)[2] > 100
    finally:
        ledgers.world.seed = kept


def test_baseline_against_baseline():
    passed(luck.repeated(small()))


def test_a_late_lever_changes_nothing_before():
    scenario = small(years=(2025, 2034))
    passed(luck.late_lever(scenario, lever="AAC.hedge", value=1.0, year=2030))


def test_a_lever_that_acts_earlier_is_noticed():
    scenario = small(years=(2025, 2034)).with_changes(levers=("AAC.hedge@2031=0.5",))
    changed = scenario.with_changes(levers=("AAC.hedge@2028=1",))
    with luck.simulate(scenario, 8) as one, luck.simulate(changed, 8) as two:
        assert luck.differing(one.world.book[:, :6], two.world.book[:, :6]) > 0


def test_batches_and_threads():
    passed(luck.batches(small(years=(2025, 2029)), run=5, small=8, large=32))


def test_restore_at_every_year():
    different, years = restore.restored(random_scenario(5, years=(2025, 2030)), runs=3)
    assert (different, years) == (0, 5)


def test_restore_goes_on_with_plans_of_adaptive_presets():
    scenario = small(years=(2025, 2031), presets={"US": "adaptive", "CN": "tit-for-tat"})
    different, years = restore.restored(scenario, runs=2)
    assert (different, years) == (0, 6)


def test_a_state_that_is_not_whole_is_noticed():
    with Simulation(small(), runs=1, seed=1) as simulation:
        state = simulation.state()
        other = {name: array.copy() for name, array in state.items()}
        other["world_state"]["taste"][0, 0, 0] += 1e-12
        assert restore.differing(state, other) == 1
        del other["world_state"]
        assert restore.differing(state, other) == 1


def test_views_hide_what_is_hidden():
    passed(view.checks())


def test_a_strategy_that_peeks_is_noticed(monkeypatch):
    monkeypatch.setitem(
        BOOKS["home_government"], "budget_bn", lambda observer: observer.simulation.world.state["demand"][:, :2, 0]
    )
    with view.played(2027) as one, view.played(2027) as two:
        for simulation in (one, two):
            simulation.cast.set_strategy("us_government", _Peeking, [0])
        view.disturb(two)
        a, b = view.decide(one), view.decide(two)
        assert a["home_government"].tobytes() != b["home_government"].tobytes()


class _Peeking(Strategy):
    name = "peeking"
    kind = "home_government"
    title = "Peeking"
    story = "Looks at what it must not see."
    traits = Traits(adaptive=True, reads=frozenset({"budget_bn"}))

    def decide(self, view):
        return {"supply_bond": np.clip(view.budget_bn / (1.0 + np.abs(view.budget_bn)), 0, 1)}


def test_gain_is_the_largest_eigenvalue():
    with gain._start("synthetic", (), None) as simulation:
        system = gain.Choices(simulation)
        found = gain.gain(system)
        shape = system.start.shape
        # Only served places move; the full matrix, column by column.
        number = int(np.prod(shape))
        matrix = np.column_stack([system.along(np.eye(1, number, i).reshape(shape)).ravel() for i in range(number)])
        assert found == pytest.approx(np.abs(np.linalg.eigvals(matrix)).max(), rel=1e-3)
        assert found > 0.1


def test_gain_of_peers_alone_follows_the_pull():
    everything = [name for name in (*gain.PULLS, *gain.DEPENDENCE) if name != "peers"]
    gains = []
    for pull in (0.4, 0.8):
        scenario = small(years=(2025, 2026), off=[*everything, "tastes"], parameters={"peer_pull": pull})
        with Simulation(scenario, runs=1, seed=1) as simulation:
            simulation.world.state["constant"] = 0.0
            gains.append(gain.gain(gain.Choices(simulation)))
    # Choices are not linear in the pull, since it also moves where they stand; but twice the pull is about twice the
    # gain.
    assert gains[1] / gains[0] == pytest.approx(2.0, rel=0.15)


def test_gain_is_none_with_the_feedbacks_off():
    passed(row for row in gain.checks(world="synthetic") if row.name == "none")


def test_entropy_and_contest():
    won = np.array([[[[0.25, 0.25, 0.25]]], [[[0.9, 0.05, 0.05]]]])
    nothing = 1.0 - won.sum(axis=-1)
    assert spread.entropy(won, nothing)[0, 0, 0] == pytest.approx(2.0)
    assert spread.contested(won).ravel().tolist() == [True, False]


def test_a_changed_cell_changes_hash_and_country(tmp_path):
    import shutil

    from stackcraft.model.tables import folder_of

    shutil.copytree(folder_of("synthetic"), tmp_path / "made-up")
    same, here, others = facts.compared("synthetic", tmp_path / "made-up", "AAC")
    assert (same, here, others) == (True, 0, 0)
    facts.change_cell(tmp_path / "made-up" / "countries.csv", "AAC", "wgi_political_stability", "1.5")
    same, here, others = facts.compared("synthetic", tmp_path / "made-up", "AAC")
    assert not same and here > 0 and others == 0


def test_moves_of_shares_by_hand():
    shares = np.zeros((9, 1, 1, 3))
    shares[0], shares[1:6], shares[6], shares[7], shares[8] = (
        (0.6, 0.1, 0.3),
        (0.5, 0.2, 0.3),
        (0.5, 0.2, 0.3),
        (0.5, 0.22, 0.28),
        (0.5, 0.22, 0.28),
    )
    first, usual = start.moves(shares)
    assert first == pytest.approx(10.0) and usual == pytest.approx(2.0 / 3)  # of the years 2030, 2031 and 2032
    _, usual = start.moves(shares[:7])
    assert usual == start.LEAST_MOVE


def test_gaps_between_choice_and_stock_by_hand():
    installed = np.array([[[0.6, 0.1, 0.3]], [[0.2, 0.4, 0.4]]])
    met = start.met_by(installed, np.array([[[True, False, True]], [[True, True, True]]]))
    assert met[0, 0] == pytest.approx([2 / 3, 0, 1 / 3]) and met[1, 0] == pytest.approx(installed[1, 0])
    chosen = np.array([[[0.5, 0.2, 0.3]], [[0.2, 0.4, 0.4]]])
    gaps = start.choice_gaps(chosen, installed, {"all": np.ones(2), "first": np.array([2.0, 0.0])})
    assert gaps["all"][0] == pytest.approx([-5, 5, 0]) and gaps["first"][0] == pytest.approx([-10, 10, 0])


def test_choices_of_the_first_january_are_what_is_installed():
    """The check sees what it is there to see: without constants of their own, countries choose otherwise.

    Only where all may sell, and without what is kept in spite of an embargo: a stack that is shut out stands in what
    others sell as well, which nobody's constant moves.
    """
    gaps = {}
    for shrink in (1.0, 0.0):
        scenario = small(years=(2025, 2026), parameters={"start_shrink": shrink, "embargo_evaded": 0.0})
        with Simulation(scenario, runs=4, seed=1) as simulation:
            chosen, open_to = start.choices(simulation)
            installed = simulation.world.book["installed"][:, 0, : len(simulation.inputs)].mean(axis=0, dtype=float)
        gaps[shrink] = np.abs(installed - chosen)[open_to.all(axis=-1)].max()
    assert gaps[1.0] < 0.02 < gaps[0.0]


@pytest.mark.slow
@pytest.mark.parametrize("family", [name for name in checks.FAMILIES if name not in ("exact", "start")])
def test_the_full_check(family):
    passed(checks.run([family]))


@pytest.mark.slow
def test_buyers_choose_what_they_have():
    """What January's buyers would choose is what they have."""
    passed(row for row in checks.run(["start"]) if row.name.endswith("choice"))


@pytest.mark.slow
def test_the_first_year_is_as_quiet_as_later_ones():
    passed(row for row in checks.run(["start"]) if not row.name.endswith("choice"))
