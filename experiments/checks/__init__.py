"""The model against exact answers and against itself: `run()` gives one `Check` a line.

One file a family. `exact` holds production kernels against closed forms and published values; the others run whole
simulations: `explain`, `luck`, `restore`, `view`, `facts`, `sizes`, `gain`, `spread`, `levels`, `finance`, `vendors`,
`start`; but for `levers`, which reads the stored measurement of lever effects.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from stackcraft.agents.errors import unknown
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
    "sizes": ("sizes",),
    "gain": ("gain",),
    "spread": ("spread",),
    "levels": ("levels",),
    "levers": ("levers",),
    "vendors": ("vendors",),
    "finance": ("finance",),
    "start": ("start",),
}


def run(
    names: Iterable[str] | None = None, *, note: Callable[[str], object] | None = None, threads: int | None = None
) -> list[Check]:
    """Run the named families (all by default) and return their checks in order.

    `note` is called with the family that begins; `threads` share the runs of simulations. Raises
    `InputError` with the nearest name for a family that does not exist.
    """
    chosen = list(FAMILIES) if names is None else list(names)
    for name in chosen:
        check_family(name)
    checks: list[Check] = []
    for name in chosen:
        if note is not None:
            note(name)
        for module in FAMILIES[name]:
            checks += checks_of(module, threads)
    return checks


def check_family(name: str) -> None:
    """Raise `InputError` with the nearest name for a family that does not exist."""
    if name not in FAMILIES:
        raise unknown("check", name, FAMILIES)


def checks_of(module: str, threads: int | None = None) -> Iterator[Check]:
    """Yield the checks of one module as they are made, each with the seconds that it took."""
    began = time.perf_counter()
    for check in import_module(f"{__name__}.{module}").checks(threads):
        check.seconds = time.perf_counter() - began
        yield check
        began = time.perf_counter()
