"""T8: countries in another order give the same world in another order; sides swapped give its mirror image."""

from __future__ import annotations

import numpy as np

from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import within
from stackcraft.experiments.checks.swapped import (
    SWAP_HOMES,
    SWAP_STACKS,
    SwappedSimulation,
    default_parameters,
    relabelled,
)
from stackcraft.model import Simulation

# Tables that count by attributes which only the United States' column has, so that their mirror image counts something
# else.
ONE_SIDED = ("wins_sceptical", "wins_allied", "wins_exporting")
RUNS_DRAWN = 256


def checks(threads=None):
    """Relabelled countries; sides swapped, first without any draw that knows a side, then in distribution."""
    value, detail = order_gap(threads=threads)
    yield within(
        "exact",
        "T8 relabelled countries",
        "largest relative gap of any result, 16 runs of 20 years",
        value,
        1e-6,
        detail,
    )
    value, detail = mirror_gap(threads=threads)
    yield within(
        "exact", "T8 sides swapped, expected", "no tenders, 20 years: largest gap of any result", value, 1e-9, detail
    )
    value, detail = mirror_in_distribution(RUNS_DRAWN, threads=threads)
    yield within(
        "exact",
        "T8 sides swapped, drawn",
        "means of results of 256 runs: largest gap in standard errors",
        value,
        5.0,
        detail,
    )


def order_gap(runs: int = 16, years=(2025, 2045), threads=None, **changes) -> tuple[float, str]:
    """Largest gap between the results of a world and of the same world with its countries in another order."""
    scenario = status_quo(world="synthetic", years=years, **changes)
    with Simulation(scenario, runs=runs, seed=3, threads=threads) as plain:
        order = np.random.default_rng(0).permutation(len(plain.inputs))
        with Simulation(scenario, runs=runs, seed=3, threads=threads, inputs=relabelled(plain.inputs, order)) as other:
            first, second = plain.run().results, other.run().results.sel(country=plain.inputs.iso3)
            gaps = {str(name): _gap(first[name].values, second[name].values) for name in first.data_vars}
    return _worst(gaps)


def mirror_gap(runs: int = 4, years=(2025, 2045), threads=None, levers=(), **parameters) -> tuple[float, str]:
    """Largest gap between a world's results and those of its mirror image, where no draw knows a side.

    Tenders, shocks, disputes, evaluations and the ages of contracts draw by side; contracts therefore run on, and
    nobody tenders. Everything that is expected or drawn by country still moves: the organic channel, peers, beliefs,
    research, money.
    """
    scenario = status_quo(
        world="synthetic", years=years, off=("shocks", "disputes"), levers=("homes.evaluation_kit=0", *levers)
    )
    given = default_parameters(runs, bass_innovation=0.0, bass_imitation=0.0, top_up_rate=0.0, **parameters)
    with (
        Simulation(scenario, runs=runs, seed=5, threads=threads, parameters=given) as plain,
        SwappedSimulation.of(plain) as other,
    ):
        for one in (plain, other):
            one.world.state["next_month"] = -1
        first, second = plain.run().results, other.run().results
        gaps = {str(name): _gap(first[name].values, mirrored(second[name]).values) for name in first.data_vars}
    return _worst(gaps)


def mirror_in_distribution(runs: int, years=(2025, 2040), threads=None) -> tuple[float, str]:
    """Largest gap, in standard errors, between mean results of a world and of its mirror image with other luck.

    Flows are summed over the years, stocks read at the end; only measures by stack, home or financier are compared.
    """
    scenario = status_quo(world="synthetic", years=years)
    gaps = {}
    with (
        Simulation(scenario, runs=runs, seed=11, threads=threads) as plain,
        Simulation(scenario, runs=runs, seed=12, threads=threads) as base,
        SwappedSimulation.of(base) as other,
    ):
        first, second = plain.run().results, other.run().results
        for name in first.data_vars:
            if (
                name in ONE_SIDED
                or not {"stack", "home", "financier"} & set(first[name].dims)
                or "year" not in first[name].dims
            ):
                continue
            a, b = (_per_run(first[name], runs), _per_run(mirrored(second[name]), runs))
            error = np.sqrt((a.var(axis=0) + b.var(axis=0)) / runs)
            apart = np.abs(a.mean(axis=0) - b.mean(axis=0))
            # Single precision and rare events leave no meaningful spread below this.
            seen = error > 1e-6 * np.maximum(np.abs(a).max(axis=0), 1e-9)
            gaps[str(name)] = float((apart[seen] / error[seen]).max(initial=0.0))
    return _worst(gaps)


def mirrored(array):
    """A result with its stacks and homes the other way round."""
    for dim, order in (("stack", SWAP_STACKS), ("home", SWAP_HOMES)):
        if dim in array.dims:
            array = array.isel({dim: order})
    return array


def _per_run(array, runs: int) -> np.ndarray:
    array = array.sum("year") if array.attrs.get("flow") else array.isel(year=-1)
    return np.nan_to_num(array.values.astype(float).reshape(runs, -1))


def _gap(a, b) -> float:
    """Largest gap relative to the largest value, NaN in one alone counting as infinite."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.size == 0 or (np.isnan(a) & np.isnan(b)).all():
        return 0.0
    if (np.isnan(a) != np.isnan(b)).any():
        return float("inf")
    return float(np.nanmax(np.abs(a - b)) / max(np.nanmax(np.abs(a)), 1.0))


def _worst(gaps: dict[str, float]) -> tuple[float, str]:
    """The largest gap and where it is."""
    name = max(gaps, key=lambda key: gaps[key])
    return gaps[
        name
    ], f"largest in {name}; {sum(gap > 1e-9 for gap in gaps.values())} of {len(gaps)} results differ by more than 1e-9"
