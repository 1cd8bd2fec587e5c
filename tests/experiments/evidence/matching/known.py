"""A simulator whose answers are known: two targets, each moved by inputs of its own, and inputs that move nothing."""

from pathlib import Path

import numpy as np

from stackcraft.experiments.evidence.matching.declared import Input, Matching, Screening, Target, Wave

INPUTS = 6
LUCK = 0.05


def mean_of(points):
    """What is foreseen of each target at points (worlds, inputs): the first two inputs move `sum`, the third `bent`."""
    return {"sum": points[:, 0] + points[:, 1], "bent": np.sin(3 * points[:, 2])}


class Known:
    """The functions above, and luck."""

    at_once = 400

    def __init__(self):
        self.calls = 0

    def run(self, points, replicates, check):
        self.calls += 1
        check()
        found = {}
        for place, (name, mean) in enumerate(mean_of(points).items()):
            luck = [[np.random.default_rng([int(one), place]).standard_normal() for one in row] for row in replicates]
            found[name] = mean[:, None] + LUCK * np.array(luck)
        return found


def matching(observed, *, worlds=60, doubt=0.05, waves=2, kind="about", seed=1, last=200):
    """A small matching of `Known` to what was observed, by target."""
    targets = tuple(
        Target(name=name, what=name, group="all", reading={}, observed=value, kind=kind, discrepancy=doubt)
        for name, value in observed.items()
    )
    return Matching(
        title="known", declared="before", seed=seed, matched=("all",),
        inputs=tuple(Input(f"input {place}", 0.0, 1.0) for place in range(INPUTS)),
        screening=Screening(worlds, 2, each=3), waves=(Wave(worlds, 4, rank=1),) * waves, last=Wave(last, 4),
        simulations={}, targets=targets, folder=Path("."), file="known",
    )  # fmt: skip
