"""Vendors and financiers as arrays. Every figure that is not published is a judgement, open to the user."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from stackcraft.agents.names import FINANCIERS, LAYERS, STACKS, VENDOR_PLACES, VENDORS
from stackcraft.model.fact_tables import World

NO_LIMIT_BN = 1e6  # stands for "no limit" where a table leaves one blank
PAD_NUMBER = 9999  # keys no draw that counts: the padded place serves nothing


@dataclass(frozen=True, eq=False)
class Vendors:
    """The vendors in the order of `stackcraft.agents.names.VENDORS`, padded to 16 places; the last serves no layer.

    `number` keys the vendor's draws. `stack` 0-2; `home` 0 US, 1 CN, -1 none. Per layer, shape (16, 7): `serves` 0/1;
    `quality`, log, the US leader at 0; `price_ratio`, list price over the layer's reference; `stack_share`, the
    vendor's share of its stack's installed capacity; `supply_cap_bn_per_year`, value of new contracts abroad it can
    fill in 2025, growing by e^`supply_growth` a year. `attribution`, shape (16, 7, 3), splits a sale over the stacks;
    rows of served layers sum to 1. Money in bn USD: `home_revenue_bn`, `export_revenue_bn`, `cash_bn`; `runway_years`
    it lasts without new money.
    """

    name: list[str]
    title: list[str]
    modelled_on: list[str]
    source: list[str]
    number: np.ndarray
    stack: np.ndarray
    home: np.ndarray
    serves: np.ndarray
    quality: np.ndarray
    price_ratio: np.ndarray
    stack_share: np.ndarray
    attribution: np.ndarray
    supply_cap_bn_per_year: np.ndarray
    supply_growth: np.ndarray
    home_revenue_bn: np.ndarray
    export_revenue_bn: np.ndarray
    rnd_share: np.ndarray
    cash_bn: np.ndarray
    runway_years: np.ndarray
    teams_per_year: np.ndarray


@dataclass(frozen=True, eq=False)
class Financiers:
    """The financiers in the order of `stackcraft.agents.names.FINANCIERS`; arrays of shape (6,), `serves_stack` (6, 3)
    0/1.

    `cap_bn` bounds the whole book, of which `used_bn` is taken; the authority ends with `cap_year` (2100: no end).
    `commitment_limit_bn` is the yearly flow times the share that goes to the seven layers. A financier stops lending
    while more than `freeze_at_overdue` of its book is overdue (1: never).
    """

    name: list[str]
    title: list[str]
    source: list[str]
    number: np.ndarray
    serves_stack: np.ndarray
    cap_bn: np.ndarray
    used_bn: np.ndarray
    cap_year: np.ndarray
    yearly_flow_bn: np.ndarray
    ai_share: np.ndarray
    commitment_limit_bn: np.ndarray
    overdue_share: np.ndarray
    freeze_at_overdue: np.ndarray


def vendors_of(world: World) -> Vendors:
    """The vendors of a world from vendors.csv and vendor_layers.csv."""
    table, layers = world.vendors, world.vendor_layers
    order = [table.text("vendor").index(name) for name in VENDORS]
    words = {column: [table.text(column)[row] for row in order] + [""] for column in ("title", "modelled_on", "source")}

    def padded(column: str, pad: float = 0.0) -> np.ndarray:
        return np.append(table.numbers(column)[order], pad)

    shape = (VENDOR_PLACES, len(LAYERS))
    serves, quality, price_ratio, stack_share = np.zeros(shape), np.zeros(shape), np.ones(shape), np.zeros(shape)
    attribution, supply_cap, supply_growth = np.zeros((*shape, len(STACKS))), np.zeros(shape), np.zeros(shape)
    for row in layers.rows:
        place = VENDORS.index(row["vendor"]), LAYERS.index(row["layer"])
        serves[place] = 1.0
        quality[place], price_ratio[place] = float(row["quality"]), float(row["price_ratio"])
        stack_share[place] = float(row["stack_share"])
        supply_cap[place] = float(row["supply_cap_bn_per_year"] or NO_LIMIT_BN)
        supply_growth[place] = float(row["supply_growth"] or 0.0)
        attribution[place] = [float(row[f"attribution_{name}"]) for name in ("us", "cn", "independent")]
    homes = {"US": 0, "CN": 1, "none": -1}
    stacks = [STACKS.index(table.text("stack")[row]) for row in order] + [STACKS.index("independent")]
    return Vendors(
        name=[*VENDORS, "nobody"],
        number=np.append(table.numbers("number")[order], PAD_NUMBER).astype(np.int64),
        stack=np.array(stacks, dtype=np.int64),
        home=np.array([homes[table.text("home")[row]] for row in order] + [-1], dtype=np.int64),
        serves=serves,
        quality=quality,
        price_ratio=price_ratio,
        stack_share=stack_share,
        attribution=attribution,
        supply_cap_bn_per_year=supply_cap,
        supply_growth=supply_growth,
        home_revenue_bn=padded("home_revenue_bn"),
        export_revenue_bn=padded("export_revenue_bn"),
        rnd_share=padded("rnd_share"),
        cash_bn=padded("cash_bn"),
        runway_years=padded("runway_years"),
        teams_per_year=padded("teams_per_year"),
        **words,
    )


def vendors_in(vendors: Vendors, serves: np.ndarray, years: float) -> Vendors:
    """The vendors of a January that is so many years before that of the facts.

    `serves` (vendors without the padding, layers): who sells then. What a stack has on a layer is shared out among
    those of its vendors that do; limits of supply are smaller by their growth since.
    """
    sells = np.vstack([serves, np.zeros((VENDOR_PLACES - len(serves), len(LAYERS)))])
    share = vendors.stack_share * sells
    for stack in range(len(STACKS)):
        members = vendors.stack == stack
        total = share[members].sum(axis=0)
        share[members] = np.divide(share[members], total, out=np.zeros_like(share[members]), where=total > 0)
    limited = vendors.supply_cap_bn_per_year < NO_LIMIT_BN
    smaller = vendors.supply_cap_bn_per_year * np.exp(-vendors.supply_growth * years)
    return replace(
        vendors,
        serves=sells,
        stack_share=share,
        supply_cap_bn_per_year=np.where(limited, smaller, vendors.supply_cap_bn_per_year),
    )


def financiers_of(world: World) -> Financiers:
    """The financiers of a world from financiers.csv."""
    table = world.financiers
    order = [table.text("financier").index(name) for name in FINANCIERS]

    def column(name: str) -> np.ndarray:
        return table.numbers(name)[order]

    freeze = column("freeze_at_overdue")
    return Financiers(
        name=list(FINANCIERS),
        title=[table.text("title")[row] for row in order],
        source=[table.text("source")[row] for row in order],
        number=column("number").astype(np.int64),
        serves_stack=np.ascontiguousarray(
            np.stack([column(f"serves_{name}") for name in ("us", "cn", "independent")], axis=1)
        ),
        cap_bn=column("cap_bn"),
        used_bn=column("used_bn"),
        cap_year=column("cap_year"),
        yearly_flow_bn=column("yearly_flow_bn"),
        ai_share=column("ai_share"),
        commitment_limit_bn=column("yearly_flow_bn") * column("ai_share"),
        overdue_share=column("overdue_share"),
        freeze_at_overdue=np.where(np.isnan(freeze), 1.0, freeze),
    )
