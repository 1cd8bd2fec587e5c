"""A submodel counts as tried where a model without it was scored, by what becomes of the verdicts."""

from dataclasses import replace

from stackcraft.experiments.evidence.hindcast import mechanisms
from stackcraft.experiments.evidence.hindcast.declared import declared
from stackcraft.experiments.evidence.hindcast.mechanisms import HARMFUL, MIXED, NEEDED, UNSEEN, UNTRIED, Trial
from stackcraft.experiments.evidence.hindcast.stored import LOSSES_FIRST, OUTCOMES, stored


def trial(*submodels, falls=(), rises=()):
    return Trial("wrong", submodels, falls, rises)


def test_a_trial_is_told_by_what_gets_worse_and_better():
    assert trial(falls=("a",)).kind == NEEDED and trial(rises=("a",)).kind == HARMFUL
    assert trial(falls=("a",), rises=("b",)).kind == MIXED and trial().kind == UNSEEN


def test_a_claim_rests_on_the_best_of_what_carries_it():
    tried = (trial("finance", falls=("a",)), trial("peers", "beliefs"))
    assert mechanisms.rests_on(["finance", "peers"], tried) == (NEEDED, {"finance": tried[0], "peers": tried[1]})
    assert mechanisms.rests_on(["beliefs", "price"], tried) == (UNSEEN, {"beliefs": tried[1]})
    assert mechanisms.rests_on(["price"], tried) == (UNTRIED, {})


def test_only_models_that_leave_submodels_out_are_trials():
    evidence, plan = stored(), declared()
    assert [(one.model, one.submodels) for one in mechanisms.trials(evidence, plan)] == [
        (one.name, one.off) for one in plan.wrong if one.off
    ]


def test_moved_follows_the_verdicts():
    evidence = stored()
    other = "finance-off"
    assert set(mechanisms.RANK) == set(LOSSES_FIRST)
    rows = (
        replace(one, verdict="no difference shown") if one.primary and one.model in ("model", other) else one
        for one in evidence.scores
    )
    same = replace(evidence, scores=tuple(rows))
    assert mechanisms.moved(same, other) == ((), ())
    for verdict, place in (("worse", 0), ("better", 1)):
        rows = (
            replace(one, verdict=verdict) if one.model == other and one.primary and one.target == "ai-users" else one
            for one in same.scores
        )
        found = mechanisms.moved(replace(same, scores=tuple(rows)), other)
        assert found[place] == ("ai-users",) and found[1 - place] == ()


def test_outcomes_count_as_many_foreseen_as_the_chances_add_up_to():
    evidence = stored()
    rows = {one.iso3: one for one in evidence.of_target("ai-cluster")}
    found = evidence.outcomes("ai-cluster")
    assert set(found) == set(rows) and set(found.values()) <= set(OUTCOMES.values())
    assert sum(one in ("hit", "alarm") for one in found.values()) == round(sum(one.chance for one in rows.values()))
    assert {code for code, one in found.items() if one in ("hit", "missed")} == {
        code for code, one in rows.items() if one.happened
    }
    assert evidence.outcomes("ai-users") == {}
