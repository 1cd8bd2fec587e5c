"""What a kernel gets: the records of one run, and scratch space that runs share in turn."""

from collections import namedtuple
from functools import lru_cache

import numpy as np
from numba import njit

from stackcraft.model.loop.codes import (
    CN,
    N_BIDS,
    N_HOMES,
    N_LAYERS,
    N_STACKS,
    N_TERMS,
    N_USES,
    N_VENDOR_TERMS,
    PACKAGE,
    US,
    VENDOR_PLACES,
)
from stackcraft.model.loop.luck import ARRIVAL, PACKAGE_BID, VENDOR_BID, site

# state, book (this year's row), facts, parameters, market (prices and attributes of this year's offers), on (a switch
# for each submodel); and records with their content under `at`: deals (country, layer, slot), home, financier, vendor,
# importer (by actor), ledger (rows for deals), events. All are records, none is an array: a call need not count
# references.
Run = namedtuple("Run", "state book deals facts parameters home financier vendor importer market on ledger events")

# A batch as arrays of such records: (runs,), and `book` (runs, years); `facts`, `market`, `no_ledger` and `events` are
# the same for all runs, (1,); `ledger` (kept,), and `ledger_row` (runs,) says which run keeps which, -1 = none.
Arrays = namedtuple("Arrays", (*Run._fields, "no_ledger", "ledger_row"))


@njit(inline="always")  # numba cannot return a tuple of records from a call
def run_of(arrays, r, row):
    """Return run `r` of a batch, with row `row` of its yearbook."""
    kept = arrays.ledger_row[r]
    ledger = arrays.ledger[kept] if kept >= 0 else arrays.no_ledger[0]
    return Run(
        arrays.state[r],
        arrays.book[r, row],
        arrays.deals[r],
        arrays.facts[0],
        arrays.parameters[r],
        arrays.home[r],
        arrays.financier[r],
        arrays.vendor[r],
        arrays.importer[r],
        arrays.market[0],
        arrays.on[r],
        ledger,
        arrays.events[0],
    )


REAL, WHOLE = np.float64, np.int64


def _record(**fields) -> np.dtype:
    """A record of fields: a type, or a type and a shape."""
    return np.dtype(
        [(name, *(kind if isinstance(kind, tuple) else (kind,))) for name, kind in fields.items()], align=True
    )


# The bids for one cell.
BIDS = _record(
    base=(REAL, (N_TERMS, N_STACKS)),  # terms that a stack's bids share
    rows=(REAL, (N_VENDOR_TERMS, VENDOR_PLACES)),  # terms that depend on the vendor
    held=(REAL, (VENDOR_PLACES,)),  # shares of the contracts that end
    drawn=(REAL, (VENDOR_PLACES,)),  # draws of who is considered
    utility=(REAL, (N_BIDS,)),
    eligible=(REAL, (N_BIDS,)),
    weight=(REAL, (N_BIDS,)),
    stack_sum=(REAL, (N_STACKS,)),
    stack_weight=(REAL, (N_STACKS,)),
    stack_count=(REAL, (N_STACKS,)),
    stack=(WHOLE, (N_BIDS,)),
    number=(WHOLE, (N_BIDS,)),  # slots of their draws
)
# The tender that is being decided; places of what is not there hold -1.
DECISION = _record(
    tender=WHOLE,  # its place among the month's tenders
    ending=WHOLE,  # the vendor whose contract ends, at a renewal
    country=WHOLE,
    layer=WHOLE,
    renewal=np.bool_,
    size=REAL,  # bn$ a year
    megawatts=REAL,
    new_megawatts=REAL,  # of them, what does not run yet
    offer_home=(WHOLE, (VENDOR_PLACES,)),  # whose support each vendor would take
    supported=np.bool_,
    before=(REAL, (N_HOMES,)),  # chances of either home's stack without support
    without=WHOLE,  # the stack that would have won without support
    outside=REAL,  # weight of buying nothing
    stack=WHOLE,  # that wins, and the one that came second
    second_stack=WHOLE,
    bid=WHOLE,  # that wins, its vendor for this layer, and the bid that came second
    vendor=WHOLE,
    runner_up=WHOLE,
    home=WHOLE,  # that supports the winner
    rebate=(REAL, (2,)),  # on the list price: the winner's, and a second source's
)
# A deal that is about to be signed.
DRAFT = _record(
    country=WHOLE,
    layer=WHOLE,
    vendor=WHOLE,
    origin=WHOLE,
    size=REAL,  # bn$ a year
    value=REAL,  # bn$
    announced_mw=REAL,  # where a script names it; 0 = power follows the value
    package=WHOLE,  # number of the package that it belongs to; -1 = none
    home=WHOLE,  # that supports it, and who finances it; -1 = nobody
    financier=WHOLE,
    instrument=WHOLE,  # by which it is financed, and which share of the value
    financed=REAL,
    partner=WHOLE,  # who carries a part of the loan, and which
    partner_share=REAL,
)
# What one of the homes' packages for a tender is made of.
PACKAGES = _record(
    terms=(REAL, (N_HOMES, N_TERMS)),
    members=(REAL, (N_HOMES, N_LAYERS)),  # spend, bn$
    vendor=(WHOLE, (N_HOMES, N_LAYERS)),  # -1 where the layer is not a member
    utility=(REAL, (N_HOMES,)),
    megawatts=(REAL, (N_HOMES,)),
    slot=(WHOLE, (N_LAYERS,)),  # where the winner's members were signed
    best_own=(WHOLE, (N_HOMES,)),
    best_rival=(WHOLE, (N_HOMES,)),
)
# The first January of one cell: what each stack's sales are made of, by stack; shares to meet; chances that meet them;
# weights before.
START = _record(
    made_of=(REAL, (N_STACKS, N_STACKS)),
    goal=(REAL, (N_STACKS,)),
    chance=(REAL, (N_STACKS,)),
    before=(REAL, (N_STACKS,)),
    factor=(REAL, (N_STACKS,)),
    admitted=(REAL, (N_STACKS,)),
    comes=(REAL, (N_STACKS,)),
    won=(REAL, (N_STACKS,)),
    between=(REAL, (N_STACKS, N_STACKS)),  # means of the products of two stacks' chances
    slope=(REAL, (N_STACKS, N_STACKS)),
    step=(REAL, (N_STACKS,)),
    cases=(WHOLE, (2, N_STACKS)),  # of who comes to a tender, where a stack holds no contract and where it does
    case=(REAL, (2, N_STACKS, VENDOR_PLACES + 1)),  # their chances, and the stack's weight then
    weight=(REAL, (2, N_STACKS, VENDOR_PLACES + 1)),
    vendors=(REAL, (VENDOR_PLACES,)),
)
# What vendors earn, bn$, and what is in use, bn$ at reference prices, both a year.
SALES = _record(sold=(REAL, (N_LAYERS, VENDOR_PLACES)), used=(REAL, (N_LAYERS, VENDOR_PLACES)))


def scratch_dtype(countries: int) -> np.dtype:
    """A record of working space for each submodel that needs one, for so many places for countries."""
    cells = countries * int(N_LAYERS)
    by_cell, by_claim, by_offer = (cells,), (2 * cells,), (cells, N_HOMES)
    cell = (countries, N_LAYERS)
    arrivals = _record(
        due=(WHOLE, (countries,)),  # contracts that end this month
        hazard=(REAL, cell),  # chance of a tender a month
        site=(np.uint64, by_cell),
        draw=(REAL, by_cell),
    )
    tenders = _record(
        country=(WHOLE, by_cell),
        layer=(WHOLE, by_cell),
        kind=(WHOLE, by_cell),
        size=(REAL, by_cell),
        expiring=(REAL, by_cell),
        ending=(WHOLE, by_cell),  # whose contract ends
        megawatts=(REAL, by_cell),
        tie=(np.uint64, by_cell),
        turn=(WHOLE, by_cell),  # in which they are decided
    )
    offers = _record(
        factor=(REAL, by_offer),  # price with finance over the price without
        financier=(WHOLE, by_offer),
        instrument=(WHOLE, by_offer),
        financed=(REAL, by_offer),  # share of the value that is financed
        money=(REAL, by_offer),  # of the programme's budget, bn$
        partner=(WHOLE, by_offer),
        partner_share=(REAL, by_offer),
        exposure=(REAL, by_offer),
        partner_exposure=(REAL, by_offer),
    )
    claims = _record(tender=(WHOLE, by_claim), home=(WHOLE, by_claim), score=(REAL, by_claim), order=(WHOLE, by_claim))
    targeting = _record(
        score=(REAL, cell),
        pull=(REAL, cell),  # of commerce
        expected=(REAL, cell),  # tenders that a home's programme takes
        chance=(REAL, cell),  # of a tender, and its size
        tender_bn=(REAL, cell),
        part_v=(REAL, cell),  # terms of the score
        part_u=(REAL, cell),
        part_a=(REAL, cell),
        part_s=(REAL, cell),
        rank=(REAL, by_cell),  # the heap from which cells are picked
        cell=(WHOLE, by_cell),
        finance_best=(REAL, (N_HOMES,)),
    )
    return _record(
        bids=BIDS,
        other_bids=BIDS,  # for another layer that may join a package
        decision=DECISION,
        draft=DRAFT,
        packages=PACKAGES,
        arrivals=arrivals,
        tenders=tenders,
        offers=offers,
        claims=claims,
        sales=SALES,
        start=START,
        targeting=targeting,
        served=(REAL, cell),
        research=(REAL, (VENDOR_PLACES,)),
        reputation=(REAL, (countries, VENDOR_PLACES)),
        mix=(REAL, (N_USES,)),
        answer=(REAL, (countries, N_HOMES)),
    )


def bids_of(utility, eligible, stack, number=None) -> np.ndarray:
    """Return bids, at most N_BIDS, as kernels read them: an array of length 1; the other places do not bid."""
    bids, number_of_bids = np.zeros(1, BIDS), len(utility)
    bids["utility"], bids["stack"], bids["number"] = (
        -50.0,
        N_STACKS - 1,
        np.arange(N_BIDS) if number is None else number,
    )
    bids["utility"][0, :number_of_bids], bids["eligible"][0, :number_of_bids], bids["stack"][0, :number_of_bids] = (
        utility,
        eligible,
        stack,
    )
    return bids


def scratch(facts: np.ndarray) -> np.ndarray:
    """Return working space of one thread for a world of these facts, a structured array of length 1."""
    array = np.zeros(1, scratch_dtype(facts["iso_number"].shape[1]))
    for name in ("bids", "other_bids"):
        bids = array[name][0]
        bids["stack"][:PACKAGE], bids["stack"][PACKAGE:] = facts["vendor_stack"][0], (US, CN)
        bids["number"][:PACKAGE] = VENDOR_BID.first + facts["vendor_number"][0]
        bids["number"][PACKAGE:] = PACKAGE_BID.first + np.arange(N_HOMES)
    array["arrivals"]["site"][0] = _sites_of_arrivals(tuple(facts["iso_number"][0].tolist()))
    return array


@lru_cache(maxsize=8)
def _sites_of_arrivals(countries: tuple[int, ...]) -> np.ndarray:
    """Sites of the draws of tenders, cell by cell, but for the month."""
    return np.array([site(ARRIVAL, c, l, 0, 0) for c in countries for l in range(N_LAYERS)], np.uint64)
