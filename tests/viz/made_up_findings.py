"""Made-up findings of every kind of chart and table, with long names, gaps, many bars and open bounds."""

import math

import numpy as np

from stackcraft.experiments.analyses.finding import Bars, Column, Finding, Heat, Lines, Points, Table

STRATEGIES = (
    "status-quo-2025",
    "contested-first",
    "allies-first-with-a-long-guarantee-term",
    "open-weights-to-everyone",
    "premium-only",
    "guarantee-and-train <local> & regional",
    "narrow-deals",
    "patient-finance-at-concessional-rates",
    "standards-first",
    "hedge",
    "price-war-below-cost-in-all-the-layers",
)


def long_bars(number=60, seed=1):
    rng = np.random.default_rng(seed)
    values = np.sort(rng.gamma(0.6, 0.08, number))[::-1]
    names = (
        "supply_fear",
        "complementarity_of_cloud_and_models_layer",
        "peer_pull",
        "importer.guarantee <long> & forty letters x",
    )
    labels = tuple(f"{names[i % 4]}{'' if i < 4 else f' {i}'}"[:40] for i in range(number))
    low, high = values - 0.03, values + 0.04
    return Bars(
        "Total order", "share of variance", labels, tuple(values), tuple(low), tuple(high), "Intervals are of 95 %."
    )


def signed_bars():
    labels = ("guarantee", "compacts", "trust levers", "nothing known")
    return Bars(
        "What each added",
        "points of share",
        labels,
        (2.25, -1.1, 0.02, math.nan),
        (1.5, -1.9, -0.4, math.nan),
        (3.1, -0.2, 0.5, math.nan),
    )


def payoffs(rows=11, columns=9, seed=2, signed=False):
    rng = np.random.default_rng(seed)
    values = rng.normal(0.0 if signed else 0.5, 0.1, (rows, columns))
    values[1, min(2, columns - 1)] = math.nan
    names = tuple(STRATEGIES[i % len(STRATEGIES)] for i in range(max(rows, columns)))
    told = tuple(tuple(float(value) for value in row) for row in values)
    return Heat(
        "US share of what is in use",
        "share",
        names[:rows],
        names[:columns],
        told,
        tuple(place for place in ((0, 0), (3, 4)) if place[0] < rows and place[1] < columns),
        "Framed: stable pairs.",
    )


def precision():
    runs = tuple(float(2**i) for i in range(2, 11))
    width = tuple(0.8 / math.sqrt(n) for n in runs)
    half = tuple(0.5 * value for value in width)
    gap = (math.nan, *half[1:4], math.nan, *half[5:])
    bands = (("us_share", tuple(0.8 * v for v in width), tuple(1.25 * v for v in width)),)
    return Lines(
        "Width of the interval",
        "runs",
        "half width, points",
        runs,
        (("us_share", width), ("a pair, the difference of it", gap)),
        bands,
    )


def over_years():
    years = tuple(float(year) for year in range(2025, 2046))
    curves = tuple(
        (name, tuple(0.5 + (i - 3) * 0.002 * (year - 2025) for year in years)) for i, name in enumerate(STRATEGIES[:7])
    )
    bands = tuple(
        (name, tuple(v - 0.03 for v in values), tuple(v + 0.03 for v in values)) for name, values in curves[:2]
    )
    return Lines("Share over time", "year", "share of what is in use", years, curves, bands)


def cloud(number=1500, seed=3):
    rng = np.random.default_rng(seed)
    x, y = rng.random(number), rng.random(number)
    kind = tuple(int(a > 0.6 and b < 0.5 and rng.random() < 0.9) for a, b in zip(x, y, strict=True))
    boxes = ((0.58, math.inf, -math.inf, 0.52), (0.1, 0.3, 0.2, 0.7))
    return Points(
        "Where the US share falls",
        "supply_fear",
        "peer_pull",
        tuple(x),
        tuple(y),
        kind,
        ("other rows", "rows of interest"),
        boxes,
    )


def indices(rows=40, columns=5):
    heads = (
        Column("factor"),
        Column("first order", "share", 3),
        Column("low", "", 3),
        Column("year", "", 0),
        Column("verdict"),
        *(Column(f"column {i}", "", 2) for i in range(columns - 5)),
    )
    body = tuple(
        (
            f"factor_{i}",
            0.3 / (i + 1),
            None if i == 3 else -0.00001,
            2045,
            "matters" if i < 3 else "<does not>",
            *(0.5,) * (columns - 5),
        )
        for i in range(rows)
    )
    return Table("Indices", heads, body, "Low may be below zero by luck.")


def made_up_findings():
    about = (
        ("study", "policies"),
        ("measure", "us_share"),
        ("runs", 131072),
        ("seed", 0),
        ("options", {"bootstrap": 200}),
    )
    return [
        Finding(
            "sobol",
            "Which assumption matters",
            (
                "supply_fear explains 0.31 (0.27 to 0.35) of the variance, more than any other.",
                "Intervals: 200 bootstraps over rows.",
            ),
            (indices(),),
            (long_bars(),),
            about,
        ),
        Finding(
            "game",
            "Which pairs of strategies are stable",
            ("Two pairs <are> stable & survive the bootstrap.",),
            (),
            (payoffs(), payoffs(signed=True)),
            about,
        ),
        Finding(
            "enough",
            "Are there enough replicates",
            ("Twice as many runs are needed for half a point.",),
            (),
            (precision(), over_years()),
            about,
        ),
        Finding(
            "prim",
            "Where the outcome lies",
            ("One box holds 86 % of the rows of interest.",),
            (indices(4),),
            (cloud(), signed_bars()),
            about,
        ),
    ]
