"""The tests of the claims and of the levers, on the small world and few runs."""

from dataclasses import replace

import numpy as np
import pytest

from stackcraft.agents import assignments, trials
from stackcraft.agents.errors import InputError
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import KINDS
from stackcraft.experiments.evidence import claim_tests, lever_tests, staleness
from stackcraft.experiments.evidence.claims import CLAIMS, read_claims
from stackcraft.experiments.evidence.paired_runs import Cell, Readings, run_cells
from stackcraft.experiments.readings import READINGS
from stackcraft.experiments.variants import hypercube, judged
from stackcraft.model.loop.codes import SUBMODELS
from stackcraft.model.parameters import PARAMETERS, defaults, parts, scalars
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant

SMALL = {"world": "synthetic", "until": 2029}


def chosen(name):
    (claim,) = [one for one in CLAIMS if one.claim == name]
    return claim


def test_every_claim_and_lever_test_reads_what_exists_and_moves_what_exists():
    full_names = {name for name, _ in scalars()}
    assert len({claim.claim for claim in CLAIMS}) == len(CLAIMS)
    for claim in CLAIMS:
        assert {claim.metric, claim.upside, claim.downside} <= set(READINGS), claim.claim
        assert claim.sides()[0] != claim.sides()[1], claim.claim
    for test in lever_tests.LEVER_TESTS:
        assert {test.trial.gain[0], test.trial.cost[0]} <= set(READINGS), test.lever
    for one in (*CLAIMS, *lever_tests.LEVER_TESTS):
        for side in one.sides():
            assignments.check([assignments.parse_all(side.levers)])
            assert {name for name, _ in side.parameters} <= full_names and set(side.off) <= set(SUBMODELS), side
            assert not side.strategies and {home for home, _ in side.presets} <= {"US", "CN"}, side


ROW = """
[[claim]]
claim = "X"
sentence = "It does."
lever = "budget_bn"
metric = "US chance"
sign = -1
carrier = ["finance"]
setting = ["us_government.budget_bn=8", "OPEN"]
low = ["LOANS"]
high.levers = ["us_vendors.markup=1"]
high.presets = { CN = "pipes-first" }
high.parameters = { bust_rate = 0.3 }
high.off = ["peers"]
"""


def test_a_claim_is_read_with_settings_by_name_and_both_kinds_of_sides(tmp_path):
    path = tmp_path / "claims.toml"
    path.write_text(ROW, encoding="utf-8")
    (claim,) = read_claims(path)
    assert (claim.carrier, claim.sign, claim.upside) == (("finance",), -1, "")
    assert claim.setting == ("us_government.budget_bn=8", *trials.OPEN)
    assert claim.low == Variant((trials.LOANS,))
    high = Variant(("us_vendors.markup=1",), (("CN", "pipes-first"),), parameters=(("bust_rate", 0.3),), off=("peers",))
    assert claim.high == high
    path.write_text(ROW.replace('["finance"]', '["finances"]'), encoding="utf-8")
    with pytest.raises(ValueError, match=r"claim X.*finances.*are not submodels"):
        read_claims(path)


def test_every_row_of_the_debate_is_claimed():
    debate = {f"I{n}" for n in range(10)} | {"B0", "B1", "B2", "B2a", "B3", "B4", "B5", "B6", "B6a", "B7", "B8", "B9"}
    debate |= {f"A{n}" for n in range(1, 11)} | {"O1", "O2", "O2b", "O2c", "O3", "O4", "O5", "O6", "O7", "O8"}
    debate |= {"L0", "L0b", "L1", "L2", "L3", "L4", "L4b", "L5", "L5b", "L6", "L6b", "L7", "L8", "L9", "L10"}
    assert debate <= {claim.claim.split(" ")[0] for claim in CLAIMS}
    assert sum(claim.claim.startswith("System:") for claim in CLAIMS) == 12


def test_every_lever_is_tested_by_moving_that_lever_of_an_actor_of_its_own_kind():
    tested = {(test.kind, test.lever.partition(".")[0]) for test in lever_tests.LEVER_TESTS}
    assert tested == {(kind, lever.name) for kind, levers in LEVER_SETS.items() for lever in levers}
    assert {test.kind for test in lever_tests.LEVER_TESTS} == set(KINDS)
    for test in lever_tests.LEVER_TESTS:
        moved = assignments.parse_all((*test.trial.low, *test.trial.high))
        assert {(one.kind, one.lever) for one in moved} == {(test.kind, test.lever.partition(".")[0])}, test.lever


def test_a_claim_is_selected_by_its_name_or_by_its_lever():
    assert [claim.claim for claim in claim_tests.select("I6")] == ["I6"]
    assert {claim.claim for claim in claim_tests.select("us_government.supply_bond")} == {"A2", "O4"}
    assert [claim.claim for claim in claim_tests.select("L5")] == ["L5", "L5 finance", "L5 deniability"]
    with pytest.raises(InputError, match="supply_bond"):
        claim_tests.select("suply_bond")
    with pytest.raises(InputError, match="at least 2"):
        claim_tests.run("I6", worlds=1)


def test_a_hypercube_moves_judged_parameters_within_bounds_and_leaves_sourced_ones():
    worlds = hypercube(20, seed=3)
    again = hypercube(20, seed=3)
    assert worlds.tobytes() == again.tobytes()
    standard = defaults(1)
    moving = {name for name, _ in judged()}
    for name, one in PARAMETERS.items():
        assert worlds[name].min() >= one.low and worlds[name].max() <= one.high
        for text, index in parts(one):
            column = worlds[name][(slice(None), *index)]
            low, high = one.range(index)
            moves = f"{name}.{text}".rstrip(".") in moving
            assert one.judgement and low < high if moves else low == high or not one.judgement or text in one.sourced
            if moves:
                assert low <= column.min() and column.max() <= high
            assert (np.unique(column).size > 1) == moves, (name, text)
            if not moves:
                assert (column == standard[name][(0, *index)]).all()
    assert {name for name, one in PARAMETERS.items() if "structure" in one.tags} == {
        "satisficing",
        "satisficing_margin",
    }
    assert not moving & {"satisficing", "satisficing_margin", "count_correction"}
    # A Latin hypercube has one point in each of as many equal slices as there are worlds.
    taste = PARAMETERS["quality_taste"]
    low, high = taste.range()
    slices = np.floor(20 * (worlds["quality_taste"] - low) / (high - low)).astype(int)
    assert sorted(slices) == list(range(20))


def test_settings_share_luck_whatever_lies_beside_them():
    base = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2028))
    plain, moved = Variant(), Variant(("us_government.supply_bond=1",))
    together = run_cells([Cell(side, n) for side in (plain, moved) for n in range(3)], base=base, seed=5)
    alone = run_cells([Cell(moved, 2)], base=base, seed=5)
    column = list(READINGS).index("US chance")
    assert together.values(moved, "US chance", range(3))[2] == alone._rows[Cell(moved, 2)][column]
    assert (
        together.values(moved, "US true supply hazard", range(3))
        < together.values(plain, "US true supply hazard", range(3))
    ).all()


@pytest.fixture(scope="module")
def rows():
    found = claim_tests.run("A6", worlds=3, **SMALL) + claim_tests.run("I9", worlds=2, **SMALL)
    return {row.claim: row for row in found}


def test_a_claim_is_measured_with_its_interval_its_worlds_and_without_its_carrier(rows):
    row = rows["A6"]
    assert row.low < row.effect < row.high and row.low > 0, "advocacy gets bids considered"
    assert (
        row.verdict == "holds" and row.agreement == 1 and row.agreement_interval == pytest.approx((0.439, 1), abs=1e-3)
    )
    assert abs(row.effect_off) < 0.1 * row.effect, "without consideration every bid is seen anyway"
    assert (row.runs, row.worlds, row.unit) == (6, 3, "bids")


@pytest.mark.parametrize(
    ("agreement", "words"),
    [(1.0, "holds"), (0.9, "holds"), (0.89, "mostly holds"), (0.75, "mostly holds"), (0.74, "open"), (0.25, "open"),
     (0.24, "mostly fails"), (0.1, "mostly fails"), (0.09, "fails"), (0.0, "fails"), (None, "not measured")],
)  # fmt: skip
def test_the_verdict_follows_from_the_share_of_worlds_in_which_the_sign_holds(agreement, words):
    assert claim_tests.verdict(2.0, 0.5, agreement) == words


def test_a_claim_that_holds_for_another_reason_says_so_and_one_that_does_not_hold_has_none():
    assert claim_tests.verdict(2.0, -1.5, 0.95) == "holds, but mostly not through its carrier"
    assert claim_tests.verdict(2.0, -1.5, 0.8) == "mostly holds, but mostly not through its carrier"
    assert claim_tests.verdict(2.0, -1.5, 0.5) == "open"


def test_a_world_counts_once_by_the_mean_of_its_pairs_and_one_without_a_reading_not_at_all():
    claim = chosen("A6")
    low, high = claim.sides()
    column = list(READINGS).index(claim.metric)
    effects = {0: (3.0, -1.0), 1: (-2.0, 1.0), 2: (np.nan, 4.0), 3: (np.nan, np.nan)}
    rows = {}
    for cell in claim_tests.cells_of([claim], 4):
        rows[cell] = np.zeros(len(READINGS))
        if cell.variant == high:
            rows[cell][column] = effects[cell.world][cell.replicate - 2 * cell.world]
    row = claim_tests.measure(claim, Readings(rows), 4)
    assert row.effect == pytest.approx((1.0 - 0.5 + 4.0) / 3) and row.agreement == pytest.approx(2 / 3)
    assert (row.worlds, row.runs, row.verdict) == (3, 8, "open") and low != high


def test_stored_rows_come_back_as_they_were_written(rows, tmp_path):
    path = tmp_path / "rows.csv"
    made = {"version": "0.1", "commit": "abc", "uncommitted_changes": "yes", **staleness.hashes("claims")}
    claim_tests.store(list(rows.values()), path, about=made)
    back, about = claim_tests.stored(path)
    assert about == made and staleness.what_changed("claims", about) == []
    assert [row.claim for row in back] == list(rows)
    assert back[0].effect == pytest.approx(rows["A6"].effect, rel=1e-5)
    assert back[0].agreement == 1 and back[0].sign == 1
    assert claim_tests.stored(tmp_path / "none.csv") == ([], {})


def test_verdicts_are_counted(rows):
    texts = ("holds", "holds, but mostly not through its carrier", "fails", "open", "not measured")
    found = claim_tests.tally([replace(rows["A6"], verdict=text) for text in texts])
    assert found == {"holds": 2, "mostly holds": 0, "open": 1, "mostly fails": 0, "fails": 1, "not measured": 1}


def test_the_last_full_measurement_covers_every_claim():
    stored, about = claim_tests.stored()
    assert [row.claim for row in stored] == [claim.claim for claim in CLAIMS]
    assert max(row.worlds for row in stored) == claim_tests.FULL_WORLDS and about["commit"]
    assert all(row.low <= row.effect <= row.high for row in stored if row.low is not None)


def test_a_lever_test_sees_both_sides_of_its_lever():
    (result,) = lever_tests.run(["advocacy"], runs=4, **SMALL)
    assert result.verdict == "both sides seen"
    assert result.gain.interval[0] > 0 and result.cost.interval[0] > 0
