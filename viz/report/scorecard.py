"""The programme scorecard: each side's deals judged by use rather than by signing.

Every row is a formula over the yearly flows of the results, computed run by run, so that rows carry the spread of runs
and a comparison can pair them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stackcraft.agents.names import STACKS
from stackcraft.experiments.statistics import band
from stackcraft.viz.words.numbers import money, percent


def _months(value: float) -> str:
    return f"{value:.1f} months" if math.isfinite(value) else "n/a"


def _number(value: float) -> str:
    if not math.isfinite(value):
        return "n/a"
    return f"{value:,.0f}" if abs(value) >= 10 or value == round(value) else f"{value:.1f}"


@dataclass(frozen=True)
class Row:
    """One line of the scorecard. `better` is "higher", "lower" or "" where neither is."""

    name: str
    title: str
    meaning: str
    better: str
    show: Callable[[float], str]
    compute: Callable[[Callable[[str], np.ndarray]], np.ndarray]
    needs: tuple[str, ...]


def _ratio(top: np.ndarray, bottom: np.ndarray) -> np.ndarray:
    return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1), np.nan)


def _sum(name: str) -> Callable:
    return lambda get: np.nansum(get(name), axis=1)


def _share(top: str, *bottom: str) -> Callable:
    return lambda get: _ratio(np.nansum(get(top), 1), sum(np.nansum(get(name), 1) for name in bottom))


def _months_to_operation(get: Callable[[str], np.ndarray]) -> np.ndarray:
    """Yearly medians weighted by the deals that began to operate that year."""
    months, deals = get("months_to_operation"), get("operating_deals")
    weight = np.where(np.isfinite(months), np.nan_to_num(deals), 0)
    return _ratio((np.nan_to_num(months) * weight).sum(1), weight.sum(1))


ROWS = (
    Row(
        "months_to_operation",
        "Time to operation",
        "months from signing until it runs (yearly medians, weighted by deals)",
        "lower",
        _months,
        _months_to_operation,
        ("months_to_operation", "operating_deals"),
    ),
    Row(
        "utilisation",
        "Utilisation",
        "share of operating capacity in use in the last year",
        "higher",
        percent,
        lambda get: get("utilisation")[:, -1],
        ("utilisation",),
    ),
    Row(
        "renewals",
        "Renewals",
        "contracts that ended and were renewed, of all that were renewed, switched or lapsed",
        "higher",
        percent,
        _share("renewed_deals", "renewed_deals", "switched_deals", "lapsed_deals"),
        ("renewed_deals", "switched_deals", "lapsed_deals"),
    ),
    Row(
        "retention",
        "Five-year retention",
        "adopters that still use the stack five years on",
        "higher",
        percent,
        _share("adopters_retained_5y", "adopters_5y"),
        ("adopters_retained_5y", "adopters_5y"),
    ),
    Row(
        "delivered",
        "Delivered against announced",
        "value that came into operation, of the value announced",
        "higher",
        percent,
        _share("delivered_bn", "announced_bn"),
        ("delivered_bn", "announced_bn"),
    ),
    Row(
        "announced",
        "Announced",
        "value of deals announced over the whole run",
        "",
        money,
        _sum("announced_bn"),
        ("announced_bn",),
    ),
    Row("won", "Tenders won", "over the whole run", "higher", _number, _sum("tenders_won"), ("tenders_won",)),
    Row(
        "private",
        "Private capital",
        "private money mobilised beside public money",
        "higher",
        money,
        _sum("private_capital_bn"),
        ("private_capital_bn",),
    ),
    Row(
        "additional",
        "Additional wins",
        "supported tenders that would have been lost without support, of all supported",
        "higher",
        percent,
        _share("additional_wins", "supported_tenders"),
        ("additional_wins", "supported_tenders"),
    ),
    Row(
        "losses",
        "Default losses",
        "public losses on loans that defaulted",
        "lower",
        money,
        _sum("default_loss_bn"),
        ("default_loss_bn",),
    ),
    Row(
        "cost",
        "Public cost",
        "net cost to the home budget at present value",
        "lower",
        money,
        _sum("public_cost_bn"),
        ("public_cost_bn",),
    ),
    Row(
        "cost_per_adopter",
        "Cost per retained adopter",
        "public cost over adopters retained five years on",
        "lower",
        money,
        lambda get: _ratio(np.nansum(get("public_cost_bn"), 1), np.nansum(get("adopters_retained_5y"), 1)),
        ("public_cost_bn", "adopters_retained_5y"),
    ),
    Row(
        "broken",
        "Failed after signing",
        "cancelled, defaulted or cut off, of all deals signed",
        "lower",
        percent,
        lambda get: _ratio(
            sum(np.nansum(get(n), 1) for n in ("cancelled_deals", "defaulted_deals", "cut_deals")),
            np.nansum(get("signed_deals"), 1),
        ),
        ("cancelled_deals", "defaulted_deals", "cut_deals", "signed_deals"),
    ),
    Row(
        "diversions",
        "Diversions",
        "cases of goods or access passed on against the rules",
        "lower",
        _number,
        _sum("diversions"),
        ("diversions",),
    ),
)


def scorecard(results) -> list[tuple[Row, np.ndarray]]:
    """Rows with their values, shape (run, stack); rows whose variables the results lack are left out."""

    def get(name: str) -> np.ndarray:
        return np.asarray(results[name].transpose("run", "year", "stack").values, float)

    return [(row, np.asarray(row.compute(get), float)) for row in ROWS if all(name in results for name in row.needs)]


def summary(values: np.ndarray) -> list[tuple[float, float, float]]:
    """Mean and 5th and 95th percentile over runs for each stack; NaN bounds for fewer than five runs."""
    return [band(values[:, stack]) for stack in range(len(STACKS))]
