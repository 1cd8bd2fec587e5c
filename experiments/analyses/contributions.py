"""What each bundle contributed: alone, on top of the others, and its fair share of the whole (Shapley value).

Shapley (1953), "A value for n-person games", in Contributions to the Theory of Games II, 307-317: the mean over all
orders of what a bundle adds when it joins those before it. With few bundles every subset is run and the value is exact;
with many, orders are drawn (Castro, Gomez and Tejada 2009, "Polynomial calculation of the Shapley value based on
sampling", Computers & Operations Research 36:1726-1730). Either way the values add up to the whole difference, in every
replicate.

Every one of these is a weighted sum of the rows of a design, so each is a matrix (bundles, rows): contributions =
matrix @ outcomes.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.analyses.finding import Bars, Column, Finding, Table
from stackcraft.experiments.analyses.layout import (
    about,
    check_count,
    clusters,
    missing_sentence,
    read_cube,
    resample,
    resample_replicates,
    row_names,
)
from stackcraft.experiments.analyses.wording import count, figure
from stackcraft.experiments.statistics import percentile_interval
from stackcraft.experiments.sweep.blocks import orders as draw_orders

KINDS = ("subsets", "shapley", "one_out")
MOST_EXACT = 16  # bundles: 65,536 subsets
ROUNDING = 1e-12


def subset_numbers(table: np.ndarray) -> np.ndarray:
    """A number for each subset, (rows,): bit i is on where bundle i is. `table` (rows, bundles) of 0 and 1."""
    return np.asarray(table).astype(np.int64) @ (np.int64(1) << np.arange(np.asarray(table).shape[1], dtype=np.int64))


def exact_weights(table: np.ndarray) -> np.ndarray:
    """The Shapley value of each bundle as a weighted sum of every subset, (bundles, rows); each subset once in `table`.

    What bundle i adds to a subset of s others counts s! (n - s - 1)! / n!. Raises `InputError` where a subset is
    missing or there twice.
    """
    table = np.asarray(table).astype(bool)
    number = table.shape[1]
    if len(table) != 2**number or len(np.unique(subset_numbers(table))) != 2**number:
        raise InputError(
            f"exact Shapley values of {number} bundles need each of their {2**number:,} subsets once; this design has "
            f"{len(np.unique(subset_numbers(table))):,}"
        )
    size = table.sum(axis=1)
    joins = np.array(
        [factorial(s) * factorial(number - s - 1) / factorial(number) if s < number else 0.0 for s in range(number + 1)]
    )
    # A subset with i counts for what i added to the rest, without it for what i would add.
    return np.where(table.T, joins[np.maximum(size - 1, 0)], -joins[size])


def order_weights(table: np.ndarray, orders: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """The mean contribution over `orders` as a weighted sum of rows, (bundles, rows).

    `orders` (orders, bundles): who joins first, second, ...; `weights` (orders,), how often each counts. Every growing
    subset must be in
    `table`, else `InputError`.
    """
    steps = order_steps(table, orders)
    weights = np.ones(len(orders)) if weights is None else np.asarray(weights, dtype=float)
    found = np.zeros((np.asarray(table).shape[1], len(table)))
    share = np.repeat(weights / weights.sum(), orders.shape[1])
    np.add.at(found, (orders.ravel(), steps[:, 1:].ravel()), share)
    np.add.at(found, (orders.ravel(), steps[:, :-1].ravel()), -share)
    return found


def order_steps(table: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """Return the rows that each order passes from nothing to everything, (orders, bundles + 1).

    Raises `InputError` where one is missing.
    """
    numbers = subset_numbers(table)
    bits = np.int64(1) << np.asarray(orders, dtype=np.int64)
    wanted = np.concatenate([np.zeros((len(bits), 1), dtype=np.int64), np.cumsum(bits, axis=1)], axis=1)
    sort = np.argsort(numbers, kind="stable")
    place = np.minimum(np.searchsorted(numbers[sort], wanted), len(numbers) - 1)
    if (numbers[sort][place] != wanted).any():
        raise InputError(
            "a growing subset of the drawn orders is not in the design; Shapley values need a subsets or a shapley "
            "design of the same study seed"
        )
    return sort[place]


def leave_one_out_weights(table: np.ndarray) -> np.ndarray:
    """Everything less everything but one, (bundles, rows); a row of NaN for a bundle whose subset is not in `table`."""
    number = np.asarray(table).shape[1]
    everything = (1 << number) - 1
    return _pair_weights(table, [(everything, everything ^ (1 << one)) for one in range(number)])


def add_one_in_weights(table: np.ndarray) -> np.ndarray:
    """One alone less nothing, (bundles, rows); a row of NaN for a bundle whose subset is not in `table`."""
    return _pair_weights(table, [(1 << one, 0) for one in range(np.asarray(table).shape[1])])


def whole_weights(table: np.ndarray) -> np.ndarray:
    """Everything less nothing, (1, rows). NaN where either is not in `table`."""
    return _pair_weights(table, [((1 << np.asarray(table).shape[1]) - 1, 0)])


def _pair_weights(table: np.ndarray, pairs: Sequence[tuple[int, int]]) -> np.ndarray:
    place = {int(number): row for row, number in enumerate(subset_numbers(table))}
    found = np.zeros((len(pairs), len(table)))
    for one, (more, less) in enumerate(pairs):
        if more in place and less in place:
            found[one, place[more]] += 1.0
            found[one, place[less]] -= 1.0
        else:
            found[one] = np.nan
    return found


def contributions(weights: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Return `weights` (bundles, rows) applied to outcomes (rows, ...), as (bundles, ...).

    Shapley weights add up to the whole in every place.
    """
    return np.tensordot(weights, values, axes=1)


def bundle_block(blocks: Sequence[Any], name: str | None = None) -> int:
    """Return the place of the block whose bundles are judged: the named one, or the first made for it.

    Raises `InputError`.
    """
    names = [block.name for block in blocks]
    if name is not None and name not in names:
        raise unknown("block", name, names, "this study")
    for axis, block in enumerate(blocks):
        if name == block.name or (name is None and block.kind in KINDS):
            if odd := [factor.name for factor in block.factors if factor.kind != "switch"]:
                raise InputError(
                    f"block {block.name}: {odd[0]} is neither on nor off; contributions are those of bundles and "
                    "switches"
                )
            if not block.factors:
                raise InputError(f"block {block.name} has no bundles; give it some, each on or off")
            return axis
    raise InputError(
        'no block of this study switches bundles on and off together; give its design kind = "subsets", "shapley" or '
        '"one_out"'
    )


def analyse(
    results: Any, measure: str, year: int | None = None, *, block: str | None = None, draws: int = 1000, seed: int = 0
) -> Finding:
    """Return what each bundle of a block contributed to a measure, in every world and on average over worlds.

    `block` names the block (the first with a subsets, shapley or one_out design if left out); `draws` bootstrap draws
    of replicates, of worlds where there are several, and of pairs of orders where orders were drawn. Raises
    `InputError`.
    """
    check_count("draws", draws, 1)
    cube = read_cube(results, measure, year)
    blocks = list(results.study.design.blocks)
    axis = bundle_block(blocks, block)
    bundles = blocks[axis]
    others = [block for block in blocks if block is not bundles]
    names = [factor.name for factor in bundles.factors]
    table = bundles.table[names].to_numpy(dtype=float)
    values = np.moveaxis(cube, axis, 0).reshape(bundles.size, -1, cube.shape[-1])
    whole = ~np.isnan(values).any(axis=0)
    worlds = whole.any(axis=1)
    if not worlds.any():
        raise InputError(
            f"measure {measure!r}: no replicate has a value in every row of {bundles.name}, so nothing adds up; finish "
            "or repair the study"
        )
    notes = missing_sentence(values)
    if lost := int((~whole).sum()):
        notes += (
            (
                f"{lost:,} of {count(whole.size, 'replicate')} without one of the subsets left out altogether, so that "
                "all contributions add up."
            ),
        )
    known, whole = np.where(whole, values, 0.0)[:, worlds], whole[worlds]
    cluster = clusters(others)[worlds]
    shapley, method, orders = _method(bundles, table, results.study.seed)
    fixed = {
        "shapley": shapley,
        "leave one out": leave_one_out_weights(table),
        "add one in": add_one_in_weights(table),
        "whole": whole_weights(table),
    }
    by_world = (known @ np.ones(whole.shape[1])) / whole.sum(axis=1)  # (rows, worlds)
    mean = by_world.mean(axis=1)
    point = {name: contributions(one, mean) for name, one in fixed.items() if one is not None}
    drawn = _bootstrap(known, whole, cluster, table, fixed, orders, draws, seed)
    # Differences that are only rounding do not count as an effect; the values themselves stay as they are, so that
    # they add up.
    least = ROUNDING * float(np.abs(by_world).max())
    ends = {
        name: tuple(np.where(np.abs(end) <= least, 0.0, end) for end in percentile_interval(one))
        for name, one in drawn.items()
    }
    several = by_world.shape[1] > 1
    spread = contributions(shapley if shapley is not None else fixed["add one in"], by_world)
    idle = (np.abs(spread) <= least).all(axis=1)
    main = "shapley" if shapley is not None else "add one in"
    sentences = [
        f"Everything together changes {measure} by {_span(point['whole'], ends['whole'], 0)}"
        + (f", on average over {count(by_world.shape[1], 'world')}." if several else "."),
        method,
    ]
    sentences += _ranking(names, point[main], ends[main], main, idle)
    sentences += _together(point, drawn, ends)
    if several:
        sentences += _over_worlds([name for name, none in zip(names, idle, strict=True) if not none], spread[~idle])
    sources = (
        ["replicates"]
        + (["worlds"] if len(np.unique(cluster)) > 1 else [])
        + (["pairs of orders"] if orders is not None and len(orders) > 2 else [])
    )
    sentences.append(
        f"Intervals are 95 %, from {draws:,} bootstrap draws of {' and '.join(sources)}; every subset has the same "
        "luck, so differences are paired."
    )
    if orders is not None and len(orders) < 8:
        sentences.append(
            f"{count(len(orders), 'random order')} may not be enough: intervals over so few are too narrow; give the "
            "design more permutations."
        )
    if several and others and len(np.unique(cluster)) < 2:
        sentences.append(
            f"Worlds here are the rows of {' and '.join(one.name for one in others if one.size > 1)}, a fixed list: "
            "they are not drawn again."
        )
    tables = [_table(names, point, ends)]
    if several:
        tables.append(_spread_table(names, spread, main))
        if by_world.shape[1] <= 40:
            tables.append(
                _world_table(
                    names, [name for name, keep in zip(row_names(others), worlds, strict=True) if keep], spread
                )
            )
    order = np.argsort(-np.abs(point[main]), kind="stable")
    bars = Bars(
        f"{'Shapley value' if main == 'shapley' else 'Alone'}: {measure}",
        "",
        tuple(names[place] for place in order),
        *(tuple(float(part[place]) for place in order) for part in (point[main], *ends[main])),
    )
    return Finding(
        "contributions",
        f"What each bundle contributed to {measure}",
        (*sentences, *notes),
        tuple(tables),
        (bars,),
        about(
            results,
            measure,
            year,
            block=bundles.name,
            bundles=names,
            orders=None if orders is None else len(orders),
            draws=draws,
            analysis_seed=seed,
        ),
    )


def _method(bundles: Any, table: np.ndarray, seed: int) -> tuple[np.ndarray | None, str, np.ndarray | None]:
    """Shapley weights (bundles, rows) or None, how they came about, and the orders where orders were drawn."""
    number = table.shape[1]
    if number <= MOST_EXACT and len(np.unique(subset_numbers(table))) == len(table) == 2**number:
        return (
            exact_weights(table),
            f"Shapley values are exact: all {2**number:,} subsets of the {number} bundles were run.",
            None,
        )
    if bundles.kind == "shapley":
        orders = np.array(draw_orders(number, bundles.settings["permutations"], seed))
        return (
            order_weights(table, orders),
            (
                f"Shapley values are means over {count(len(orders), 'random order')} of the {number} bundles; every "
                "second order reverses the one before."
            ),
            orders,
        )
    return (
        None,
        "This design has no Shapley values: it does not hold every subset; a subsets or a shapley design does.",
        None,
    )


def _bootstrap(
    known: np.ndarray,
    whole: np.ndarray,
    cluster: np.ndarray,
    table: np.ndarray,
    fixed: dict[str, np.ndarray | None],
    orders: np.ndarray | None,
    draws: int,
    seed: int,
) -> dict[str, np.ndarray]:
    """Return every kind of contribution under bootstrap draws, each (draws, bundles).

    `known` is (rows, worlds, replicates) with 0 where not `whole`.
    """
    luck = np.random.default_rng(seed)
    found = {name: np.full((draws, len(one)), np.nan) for name, one in fixed.items() if one is not None}
    pairs = None if orders is None else np.arange(len(orders)) // 2  # an order and its reverse belong together
    for draw in range(draws):
        counts = resample_replicates(luck, whole.shape[1])
        weights = resample(luck, cluster)
        total = whole @ counts
        here = (total > 0) & (weights > 0)
        if not here.any():
            continue
        mean = ((known @ counts)[:, here] / total[here]) @ (weights[here] / weights[here].sum())
        for name, one in fixed.items():
            if one is not None:
                again = name == "shapley" and pairs is not None and pairs[-1] > 0
                found[name][draw] = contributions(
                    order_weights(table, orders, resample(luck, pairs)) if again else one, mean
                )
    return found


def _span(values: np.ndarray, ends: tuple, place: int) -> str:
    return f"{figure(values[place])} (95 % {figure(ends[0][place])} to {figure(ends[1][place])})"


def _ranking(names: Sequence[str], values: np.ndarray, ends: tuple, main: str, idle: np.ndarray) -> list[str]:
    what = "Shapley value" if main == "shapley" else "effect alone"
    order = [
        place for place in np.argsort(-np.abs(values), kind="stable") if np.isfinite(values[place]) and not idle[place]
    ]
    said = [f"The largest {what} is that of {names[place]}: {_span(values, ends, place)}." for place in order[:1]]
    said += (
        [f"Then {'; '.join(f'{names[place]} {_span(values, ends, place)}' for place in order[1:3])}."]
        if len(order) > 1
        else []
    )
    unclear = [names[place] for place in order if ends[0][place] <= 0.0 <= ends[1][place]]
    said += [f"The sign is not sure for {', '.join(unclear)}: the interval holds zero."] if unclear else []
    said += (
        [
            (
                "Nothing changes on average over replicates with "
                f"{', '.join(name for name, none in zip(names, idle, strict=True) if none)}."
            )
        ]
        if idle.any()
        else []
    )
    return said


def _together(point: dict, drawn: dict, ends: dict) -> list[str]:
    """Whether bundles overlap or reinforce each other: the whole against the sum of each alone."""
    if np.isnan(point["add one in"]).any() or np.isnan(point["whole"]).any():
        return ["Not every bundle was run alone, so overlap is not judged."]
    gap = float(point["whole"][0] - point["add one in"].sum())
    low, high = percentile_interval(drawn["whole"][:, 0] - drawn["add one in"].sum(axis=1))
    sure = low > 0 or high < 0
    same_sign = gap * float(point["add one in"].sum()) >= 0
    verdict = (
        ("they reinforce each other" if same_sign else "they overlap or work against each other")
        if sure
        else "no clear overlap or reinforcement"
    )
    return [
        (
            f"Each alone, added up, gives {figure(point['add one in'].sum())}; together they give {figure(gap)} on top "
            f"of that (95 % {figure(low)} to {figure(high)}): {verdict}."
        )
    ]


def _over_worlds(names: Sequence[str], spread: np.ndarray) -> list[str]:
    sign = [
        (max((one > 0).mean(), (one < 0).mean()), name, (one > 0).mean() >= (one < 0).mean())
        for one, name in zip(spread, names, strict=True)
    ]
    steady = [f"{name} ({'+' if up else '-'})" for share, name, up in sign if share >= 0.95]
    mixed = [name for share, name, _ in sign if share < 0.75]
    said = (
        [f"The same sign in at least 95 % of worlds: {', '.join(steady)}."]
        if steady
        else ["No bundle has the same sign in at least 95 % of worlds."]
    )
    return said + ([f"The sign depends on the world for {', '.join(mixed)}."] if mixed else [])


def _table(names: Sequence[str], point: dict, ends: dict) -> Table:
    kinds = [name for name in ("shapley", "add one in", "leave one out") if name in point]
    columns = [Column("bundle")]
    for kind in kinds:
        columns += [
            Column("Shapley value" if kind == "shapley" else kind, "", 5),
            Column("from", "", 5),
            Column("to", "", 5),
        ]
    order = np.argsort(-np.abs(point[kinds[0]]), kind="stable")
    rows = [
        (names[place], *(float(part[place]) for kind in kinds for part in (point[kind], *ends[kind])))
        for place in order
    ]
    totals = [(float(point[kind].sum()), None, None) for kind in kinds]
    rows.append(("sum", *(value for total in totals for value in total)))
    whole = (float(point["whole"][0]), float(ends["whole"][0][0]), float(ends["whole"][1][0]))
    rows.append(("everything less nothing", *whole, *(None for _ in range(3 * (len(kinds) - 1)))))
    return Table(
        "Contributions",
        tuple(columns),
        tuple(rows),
        "Shapley values add up to the whole; the others do so only where bundles neither overlap nor reinforce each "
        "other.",
    )


def _spread_table(names: Sequence[str], spread: np.ndarray, main: str) -> Table:
    rows = tuple(
        (
            name,
            *(float(value) for value in np.quantile(one, [0.1, 0.5, 0.9])),
            float(one.min()),
            float(one.max()),
            100.0 * float((one > 0).mean()),
        )
        for name, one in zip(names, spread, strict=True)
    )
    return Table(
        f"Spread over worlds: {'Shapley value' if main == 'shapley' else main}",
        (
            Column("bundle"),
            *(Column(name, "", 5) for name in ("10th percentile", "median", "90th percentile", "least", "most")),
            Column("above zero", "% of worlds", 1),
        ),
        rows,
    )


def _world_table(names: Sequence[str], worlds: Sequence[str], spread: np.ndarray) -> Table:
    return Table(
        "Each world",
        (Column("world"), *(Column(name, "", 5) for name in names), Column("sum", "", 5)),
        tuple(
            (world, *(float(value) for value in spread[:, place]), float(spread[:, place].sum()))
            for place, world in enumerate(worlds)
        ),
    )
