"""How the time grows: with countries, vendors, years and runs. Smaller worlds are cut from the facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any

import numpy as np

from stackcraft.experiments.bench.timing import once
from stackcraft.model import Scenario
from stackcraft.model.inputs import Inputs, load_inputs

COUNTRIES, VENDORS, YEARS = (25, 50, 100), (3, 7), (5, 10)


def tables(
    scenario: Scenario, runs: int, batches: list[int], note: Callable[[str], None]
) -> dict[str, list[dict[str, Any]]]:
    """Milliseconds a run on one thread: {"countries": [{"size", "ms"}, ...], "vendors", "years", "runs"}; one batch
    each.
    """
    inputs = load_inputs(scenario.world, peer_graph=scenario.peer_graph)
    whole = len(inputs.iso3)
    vendors = int((np.asarray(inputs.vendors.serves).sum(axis=1) > 0).sum())
    first, last = scenario.years
    once(scenario, runs=runs, threads=1)

    def row(size: int, number: int = runs, changed: Scenario = scenario, **options: Any) -> dict[str, Any]:
        return {"size": size, "ms": 1000.0 * once(changed, runs=number, threads=1, **options)["cpu"] / number}

    note("growth with countries")
    by_countries = [
        row(number, inputs=fewer_countries(inputs, number)) for number in (*COUNTRIES, whole) if number <= whole
    ]
    note("growth with vendors")
    by_vendors = [row(number, inputs=fewer_vendors(inputs, number)) for number in (*VENDORS, vendors)]
    note("growth with years")
    by_years = [
        row(years, changed=scenario.with_changes(years=(first, first + years))) for years in (*YEARS, last - first)
    ]
    note("growth with runs")
    by_runs = [row(number, number) for number in batches]
    return {"countries": by_countries, "vendors": by_vendors, "years": by_years, "runs": by_runs}


def fewer_countries(inputs: Inputs, number: int) -> Inputs:
    """A world of `number` countries taken evenly from the list; ties to countries left out go, the others are scaled up
    to 1.
    """
    whole = len(inputs.iso3)
    kept = np.unique(np.linspace(0, whole - 1, number).round().astype(int))
    changed: dict[str, Any] = {}
    for one in fields(inputs):
        value = getattr(inputs, one.name)
        if isinstance(value, np.ndarray) and value.shape[:1] == (whole,):
            changed[one.name] = np.ascontiguousarray(value[kept])
        elif isinstance(value, list) and len(value) == whole:
            changed[one.name] = [value[place] for place in kept]
    place = np.full(whole, -1)
    place[kept] = np.arange(len(kept))
    peers = place[changed["peer_index"]]
    weight = np.where(peers >= 0, changed["peer_weight"], 0.0)
    total = weight.sum(axis=1, keepdims=True)
    changed["peer_weight"] = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    changed["peer_index"] = np.where(peers >= 0, peers, np.arange(len(kept))[:, np.newaxis])
    return replace(inputs, **changed)


def fewer_vendors(inputs: Inputs, number: int) -> Inputs:
    """The world with `number` vendors that still sell, the stacks in turn, the largest first; stock of the others goes
    to them.

    The loop keeps its places for fifteen: fewer vendors mean fewer bids, not shorter arrays.
    """
    vendors = inputs.vendors
    size = np.asarray(vendors.home_revenue_bn) + np.asarray(vendors.export_revenue_bn)
    stack, serves = np.asarray(vendors.stack), np.array(vendors.serves, dtype=float)
    sellers = [v for v in range(len(stack)) if serves[v].any()]
    rank = {
        v: sorted((one for one in sellers if stack[one] == stack[v]), key=lambda one: -size[one]).index(v)
        for v in sellers
    }
    kept = sorted(sellers, key=lambda v: (rank[v], stack[v]))[:number]
    installed = np.array(inputs.installed)
    for v in sellers:
        heirs = [one for one in kept if stack[one] == stack[v]]
        if v not in kept and heirs:
            installed[:, :, heirs[0]] += installed[:, :, v]
            installed[:, :, v] = 0.0
    serves[[v for v in sellers if v not in kept]] = 0.0
    return replace(
        inputs, installed=installed, vendors=replace(vendors, serves=serves.astype(np.asarray(vendors.serves).dtype))
    )
