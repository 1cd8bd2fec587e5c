"""From a finished matching to the table of the worlds that are left."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.experiments.evidence.matching.simulators import values_of
from stackcraft.experiments.evidence.matching.stages import Matched
from stackcraft.experiments.evidence.staleness import results
from stackcraft.experiments.runs.manifest import commit, version
from stackcraft.model.worlds import Worlds, rounded, write

TABLE = "worlds.npz"


def worlds_of(found: Matched) -> Worlds:
    """Return the worlds that are left, with their weights. Raises `InputError` if there are none."""
    if not found.left:
        raise InputError("history matching ruled out every world, so there is no table to write")
    plan, left = found.matching, found.weighed.left
    points, weight = found.last.points[left], found.weighed.weight[left]
    # In an order of their own: neighbours in the table are then no relatives of one draw.
    order = np.random.default_rng(plan.seed).permutation(len(points))
    about = {
        "title": plan.title, "file": plan.file, "declared": plan.declared, "matching": plan.hash(),
        "matched on": ", ".join(plan.matched), "version": version(), "commit": str(commit()["commit"]),
        "results": results(), "made": date.today().isoformat(), "effective": f"{found.weighed.effective:.1f}",
    }  # fmt: skip
    values = rounded(values_of(plan.inputs, points[order]))
    return Worlds(tuple(one.name for one in plan.inputs), values, weight[order] / weight.sum(), about)


def keep(found: Matched, folder: Path) -> Path:
    """Write the worlds that are left into a matching's folder and return the file."""
    path = folder / TABLE
    write(worlds_of(found), path)
    return path
