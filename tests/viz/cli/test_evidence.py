"""The commands `evidence ...`: what the model is held to, and what could be known."""

import json

import pytest

from stackcraft.experiments.evidence.hindcast import declared, score
from stackcraft.viz.cli import main


@pytest.fixture
def say(capsys):
    def run(*arguments):
        code = main.main(list(arguments))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def test_targets_are_listed_and_one_is_shown_in_full(say):
    code, out, _ = say("evidence", "readings")
    assert code == 0 and "us-cloud-entry" in out and "cannot be tested" in out
    code, out, _ = say("evidence", "readings", "huawei-exclusion")
    assert code == 0 and "votes_hazard" in out and "The model has no decision to exclude" in out
    code, out, _ = say("evidence", "readings", "--json")
    assert code == 0 and {row["name"] for row in json.loads(out)} >= {"ai-users", "demand"}


def test_a_target_that_does_not_exist_is_one_line(say):
    code, _, err = say("evidence", "readings", "us-cloud-entri")
    assert code == 2 and "did you mean us-cloud-entry" in err and err.count("\n") == 1


def test_leaks_are_listed(say):
    code, out, _ = say("evidence", "leaks", "--json")
    rows = {row["item"]: row for row in json.loads(out)}
    assert code == 0 and rows["trade:share_pct"]["kind"] == "later" and rows["demand"]["kind"] == "given"
    code, out, _ = say("evidence", "leaks")
    assert code == 0 and "oecd_country_risk" in out


def row(verdict, model="model", primary=True):
    values = {"value": 1.0, "baseline": 2.0, "skill": 0.5, "difference": -1.0, "low": float("nan"), "high": 0.1}
    return score.Score(
        target=verdict, model=model, score="log", primary=primary, best="base_rate", verdict=verdict,
        countries=3, events=1.0, foreseen=1.0, **values,
    )  # fmt: skip


def test_losses_stand_first_and_wrong_models_last(say, monkeypatch):
    rows = [row("better"), row("worse", model="luck-only"), row("no difference shown"), row("worse")]
    monkeypatch.setattr(score, "score_all", lambda plan, **options: (rows, []))
    code, out, _ = say("evidence", "score")
    lines = [line for line in out.splitlines() if "base_rate" in line]
    assert code == 0
    assert [line.split("│")[2].strip() for line in lines] == ["model", "model", "model", "luck-only"]
    assert lines[0].split("│")[1].strip() == "worse" and lines[2].split("│")[1].strip() == "better"
    code, out, _ = say("evidence", "score", "--json")
    assert code == 0 and json.loads(out)[0]["low"] is None  # not a number is none in JSON
    assert declared.declared().tested()


def test_the_stored_scores_are_shown_with_blocks_and_what_cannot_be_tested(say):
    code, out, _ = say("evidence")
    assert code == 0 and "losses first" in out and "huawei-exclusion" in out and "Reliability" in out
    assert "Of seven targets" in out and "Cannot be tested" in out and "left out" in out
    code, out, _ = say("evidence", "--json")
    found = json.loads(out)
    assert code == 0 and found["about"]["runs"] == "64" and len(found["forecasts"]) > 300
