"""At the declared prices a home that stands aside could do better, whatever its rival does."""

import numpy as np
import pytest

from stackcraft.agents.strategies.registry import preset_names
from stackcraft.experiments.variants import run_variants
from stackcraft.model import Scenario
from stackcraft.model.payoff import payoff
from stackcraft.model.variants import Variant

RUNS = 4
RIVALS = {"US": "CN", "CN": "US"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("side", "others"),
    [
        ("US", ("arms-length-vendors", "sovereignty-guarantor")),
        ("CN", ("turnkey-and-training", "loss-leader-policy-bank")),
    ],
)
def test_standing_aside_is_not_the_best_reply(side, others):
    """The better of two presets is worth more than standing aside, in the mean over every preset of the rival."""
    rivals = [name for name in preset_names(RIVALS[side]) if name != "adaptive"]
    own = ("stand-aside", *others)
    variants = [
        Variant(presets=((side, name), (RIVALS[side], rival))) for name in own for rival in rivals for _ in range(RUNS)
    ]
    replicates = list(range(RUNS)) * (len(own) * len(rivals))
    place = list(RIVALS).index(side)
    worth = run_variants(
        Scenario.load("baseline"), variants, replicates, lambda one: payoff(one.world.book)[:, place], seed=1
    )
    aside, *rest = worth.reshape(len(own), len(rivals), RUNS).mean(axis=2)
    gain = np.max(rest, axis=0) - aside
    assert gain.mean() > 0 and (gain > 0).mean() > 0.5
