"""The stored scores say what was measured: losses first, blocks and reliability from the forecasts by country."""

import numpy as np
import pytest

from stackcraft.experiments.evidence.hindcast import scores, stored
from stackcraft.experiments.evidence.hindcast.declared import declared
from stackcraft.experiments.evidence.hindcast.score import Forecast, Score, models


@pytest.fixture(scope="module")
def evidence():
    return stored.stored()


def test_every_model_is_scored_on_every_target_that_can_be_tested(evidence):
    plan = declared()
    tested, names = {one.name for one in plan.tested()}, {one.name for one in models(plan)}
    assert {(one.target, one.model) for one in evidence.scores if one.primary} == {
        (target, name) for target in tested for name in names
    }
    assert evidence.about["declared"] == plan.declared and int(evidence.about["runs"]) == plan.runs


def test_losses_stand_first(evidence):
    order = [stored.LOSSES_FIRST.index(one.verdict) for one in evidence.primary()]
    assert order == sorted(order) and len(order) == len(declared().tested())


def test_scores_follow_from_the_forecasts_by_country(evidence):
    for one in evidence.primary():
        rows = evidence.of_target(one.target)
        if not rows:
            continue
        chance, happened = (np.array([getattr(row, name) for row in rows]) for name in ("chance", "happened"))
        assert one.score == "log" and one.countries == len(rows) and one.events == happened.sum()
        assert one.value == pytest.approx(scores.log_score(chance, happened), rel=1e-4)
        blocks = evidence.blocks(one.target)
        assert sum(block[1] for block in blocks) == len(rows)
        assert sum(block[1] * block[3] for block in blocks) / len(rows) == pytest.approx(one.value, rel=1e-4)
        fifths = evidence.reliability(one.target, declared().reliability_bins)
        assert sum(number for _, _, number in fifths) == len(rows)
        assert [chance for chance, _, _ in fifths] == sorted(chance for chance, _, _ in fifths)


def test_a_shuffled_model_is_worse_wherever_countries_are_told_apart(evidence):
    """The hindcast can fail: a model that knows nothing of the countries loses to the real one."""
    for target in declared().tested():
        if target.kind in ("yes-no", "ranking"):
            real = next(one for one in evidence.primary() if one.target == target.name)
            luck = evidence.of_wrong(target.name)["luck-only"]
            assert luck.value < real.value if target.kind == "ranking" else luck.value > real.value


def test_rows_come_back_as_they_were_stored(tmp_path, evidence):
    for rows, kind, name in ((evidence.scores, Score, "a.csv"), (evidence.forecasts, Forecast, "b.csv")):
        stored.store(rows, {"runs": "64"}, tmp_path / name, kind)
    again = stored.stored(tmp_path / "a.csv", tmp_path / "b.csv")
    assert again.forecasts == evidence.forecasts and again.about == {"runs": "64"}
    assert [repr(one) for one in again.scores] == [repr(one) for one in evidence.scores]  # NaN is not itself
    assert stored.stored(tmp_path / "none.csv", tmp_path / "none.csv") == stored.Evidence((), (), {})


def test_every_loss_has_its_reason_and_no_win_needs_one(evidence):
    told = stored.reasons()
    verdicts = {one.target: one.verdict for one in evidence.primary()}
    assert {target for target, verdict in verdicts.items() if verdict in ("worse", "outside")} <= set(told)
    assert not any(verdicts[target] in ("better", "inside") for target in told)
