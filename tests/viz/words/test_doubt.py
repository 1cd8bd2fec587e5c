"""How sure a finding is, in words: counts over worlds or runs, what they differ by, and what goes with exceptions."""

import numpy as np
import pytest

from stackcraft.experiments.evidence import drawn_worlds
from stackcraft.model import worlds
from stackcraft.viz.words import doubt

RAW, ONE_WORLD = "raw", "default"
REPLICATES = np.arange(12)


def shares(us):
    us = np.asarray(us, float)
    return {"US": us, "CN": (1 - us) / 3, "independent": 2 * (1 - us) / 3}


def test_a_lead_is_counted_over_worlds_and_says_what_they_differ_by():
    told = doubt.lead_sentences(RAW, REPLICATES, shares([0.5] * 9 + [0.3] * 3))
    assert told.startswith("The US stack is ahead in 9 of 12 worlds; its share is between")
    assert "whether history rules them out or not" in told
    assert "ahead in every one of 12 worlds" in doubt.lead_sentences(RAW, REPLICATES, shares([0.5] * 12))


def test_runs_of_one_world_are_called_runs_and_their_spread_luck_alone():
    told = doubt.lead_sentences(ONE_WORLD, REPLICATES, shares([0.5] * 9 + [0.3] * 3))
    assert "ahead in 9 of 12 runs" in told and "luck alone" in told and "assumption stands out" not in told
    assert "ahead in the one run made" in doubt.lead_sentences(ONE_WORLD, [0], shares([0.5]))


def test_independent_vendors_take_the_plural():
    told = doubt.lead_sentences(ONE_WORLD, REPLICATES, shares([0.1] * 12))
    assert told.startswith("Independent vendors are ahead in every one of 12 runs; their share")


def test_how_much_of_the_spread_is_luck_is_told_where_it_was_measured(monkeypatch):
    row = drawn_worlds.Row(drawn_worlds.HEADLINE, (0.5,) * 5, (0.5,) * 5, (0.5,) * 5, 0.123)
    monkeypatch.setattr(drawn_worlds, "stored", lambda: ([row], {}))
    assert "about 12% of the spread is luck" in doubt.differ_by("plausible")
    monkeypatch.setattr(drawn_worlds, "stored", lambda: ([], {}))
    assert "is luck" not in doubt.differ_by("plausible") and "history does not rule out" in doubt.differ_by("plausible")


@pytest.mark.parametrize(
    ("sign", "words"), [(1, "rises in 8 and falls in 4 of 12 worlds."), (0, "no direction is clear")]
)
def test_the_sign_of_a_change_is_counted_over_worlds(sign, words):
    gap = {"US": np.array([0.1] * 8 + [-0.1] * 4), "CN": np.zeros(12), "independent": np.zeros(12)}
    told = doubt.change_sentences(RAW, REPLICATES, gap, "US", sign)
    assert told.startswith("The US share") and words in told
    assert "is the same in both scenarios in every one of 12 runs" in doubt.change_sentences(
        RAW, REPLICATES, gap, "CN", 0
    )


def test_the_assumption_behind_the_exceptions_is_named_with_its_side():
    replicates = np.arange(40)
    values = worlds.parameters("raw", replicates)["quality_taste"]
    told = doubt.lead_sentences(RAW, replicates, shares(0.4 + 0.2 * (values - np.median(values))))
    assert "“quality taste”" in told and "is low" in told and "not proof of a cause" in told


def test_what_has_no_value_does_not_count():
    us = np.array([np.nan] * 6 + [0.5] * 6)
    assert "every one of 6 worlds" in doubt.lead_sentences(RAW, REPLICATES, shares(us))
    assert doubt.lead_sentences(RAW, REPLICATES, shares([np.nan] * 12)) == "There is nothing yet to be sure of."
