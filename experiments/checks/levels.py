"""Are the model's levels those of the world: magnitudes over public figures, within a factor of two or explained."""

from __future__ import annotations

import math

from stackcraft.experiments.checks.check import Check, report
from stackcraft.experiments.evidence import levels

RUNS = 16  # levels hardly differ from run to run


def checks(threads=None):
    """One row a magnitude: its value is the ratio of the model to the public figure."""
    with levels.simulate(runs=RUNS, threads=threads) as simulation:
        rows = list(levels.rows_of(simulation))
    for row in rows:
        yield check_of(row)


def check_of(row: levels.Row) -> Check:
    """Return the check of a row: it fails if the row stands out and nobody has said why."""
    against = f"{levels.model_words(row)} against {levels.figure_words(row)} {row.unit}"
    name = f"{row.what}: {against} ({row.source}, {row.year})"
    if not math.isfinite(row.ratio):
        return report("levels", name, row.rule, math.nan, f"not comparable: {row.rule}")
    tolerance, sense = (
        (1.0, {"at least": ">=", "at most": "<="}[row.kind]) if row.kind != "about" else (levels.FACTOR, "within x")
    )
    detail = f"{row.rule}. {f'Because {row.reason}' if row.reason else 'No reason is given.'}"
    passed = not row.stands_out or bool(row.reason)
    return Check("levels", name, row.rule, row.ratio, tolerance, passed, detail, sense=sense, stands_out=row.stands_out)
