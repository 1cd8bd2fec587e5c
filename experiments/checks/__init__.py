"""The model against exact answers and against itself: `run()` gives one `Check` a line.

One file a family. `exact` holds production kernels against closed forms and published values; the others run whole
simulations: `explain`, `luck`, `restore`, `view`, `facts`, `gain`, `spread`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from importlib import import_module

from stackcraft.agents.errors import InputError, nearest
from stackcraft.experiments.checks.check import Check

__all__ = ["FAMILIES", "Check", "run"]

# Each family: the modules whose `checks(threads)` yields it, in the order in which they are shown.
FAMILIES: dict[str, tuple[str, ...]] = {
    "exact": (
        "exact_luck",
        "exact_choice",
        "exact_diffusion",
        "exact_money",
        "exact_trust",
        "exact_feedback",
        "exact_lifecycle",
        "exact_symmetry",
    ),
    "explain": ("explain",),
    "luck": ("luck",),
    "restore": ("restore",),
    "view": ("view",),
    "facts": ("facts",),
    "gain": ("gain",),
    "spread": ("spread",),
}


def run(
    names: Iterable[str] | None = None,
    *,
    note: Callable[[str], object] | None = None,
    progress: Callable[[str], object] | None = None,
    threads: int | None = None,
) -> list[Check]:
    """Run the named families (all by default) and return their checks in order.

    `note` (or `progress`) is called with the family that begins; `threads` share the runs of simulations. Raises
    `InputError` with the nearest name for a family that does not exist.
    """
    chosen = list(FAMILIES) if names is None else list(names)
    for name in chosen:
        if name not in FAMILIES:
            raise InputError(
                f"check {name!r} is unknown; did you mean {nearest(name, FAMILIES)}? ({', '.join(FAMILIES)})"
            )
    found: list[Check] = []
    for name in chosen:
        for told in (note, progress):
            if told is not None:
                told(name)
        for module in FAMILIES[name]:
            began = time.perf_counter()
            for check in import_module(f"stackcraft.experiments.checks.{module}").checks(threads):
                now = time.perf_counter()
                check.seconds, began = now - began, now
                found.append(check)
    return found
