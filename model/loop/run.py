"""What a kernel gets: one run's records, and scratch space that runs share in turn."""

from collections import namedtuple

import numpy as np

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
from stackcraft.model.loop.luck import ARRIVAL, PACKAGE_BID, VENDOR_BID

# state, book (this year's row), facts, parameters, market (prices and attributes of this year's offers); and records
# whose content stands under `at`: deals (country, layer, slot), home (2), financier (6), vendor (16), importer
# (countries), on (switches), ledger (rows for deals), events. All are records, none an array: calls need no counting of
# references.
Run = namedtuple("Run", "state book deals facts parameters home financier vendor importer market on ledger events")


BIDS_TYPE = np.dtype(
    [
        ("base", np.float64, (N_TERMS, N_STACKS)),
        ("rows", np.float64, (N_VENDOR_TERMS, VENDOR_PLACES)),
        ("held", np.float64, (VENDOR_PLACES,)),
        ("utility", np.float64, (N_BIDS,)),
        ("eligible", np.float64, (N_BIDS,)),
        ("weight", np.float64, (N_BIDS,)),
        ("stack_sum", np.float64, (N_STACKS,)),
        ("stack_weight", np.float64, (N_STACKS,)),
        ("stack_count", np.float64, (N_STACKS,)),
        ("stack", np.int64, (N_BIDS,)),
        ("number", np.int64, (N_BIDS,)),
    ],
    align=True,
    # The bids for one cell: shared and vendors' terms, ending shares, utility, who bids, weights, and each bid's stack
    # and own number
)


def bids_of(utility, eligible, stack, number=None) -> np.ndarray:
    """Given bids, at most N_BIDS, as kernels read them: an array of length 1; other places do not bid."""
    bids, given = np.zeros(1, BIDS_TYPE), len(utility)
    bids["utility"], bids["stack"], bids["number"] = (
        -50.0,
        N_STACKS - 1,
        np.arange(N_BIDS) if number is None else number,
    )
    bids["utility"][0, :given], bids["eligible"][0, :given], bids["stack"][0, :given] = utility, eligible, stack
    return bids


def scratch(facts: np.ndarray) -> np.ndarray:
    """Working space of one thread for a world of these facts, a structured array of length 1."""
    c = facts["iso_number"].shape[1]
    l, v, cells = N_LAYERS, VENDOR_PLACES, c * N_LAYERS
    real, whole = np.float64, np.int64
    array = np.zeros(
        1,
        np.dtype(
            [
                # one tender, and another layer that may join its packages
                ("bids", BIDS_TYPE),
                ("others", BIDS_TYPE),
                ("drawn", real, (v,)),
                ("offer_home", whole, (v,)),
                ("rebate", real, (2,)),
                # its packages
                ("package_terms", real, (N_HOMES, N_TERMS)),
                ("package_members", real, (N_HOMES, l)),
                ("package_vendor", whole, (N_HOMES, l)),
                ("package_utility", real, (N_HOMES,)),
                ("package_megawatts", real, (N_HOMES,)),
                ("package_slot", whole, (l,)),
                ("best_own", whole, (N_HOMES,)),
                ("best_rival", whole, (N_HOMES,)),
                # one month's events and arrivals
                ("due", whole, (c,)),
                ("hazard", real, (c, l)),
                ("arrival_site", np.uint64, (cells,)),
                ("arrival", real, (cells,)),
                # its tenders
                ("tender_country", whole, (cells,)),
                ("tender_layer", whole, (cells,)),
                ("tender_kind", whole, (cells,)),
                ("tender_size", real, (cells,)),
                ("tender_expiring", real, (cells,)),
                ("tender_megawatts", real, (cells,)),
                ("tie", np.uint64, (cells,)),
                ("turn", whole, (cells,)),
                # offers of support for them, and who asks for more than there is
                ("offer_factor", real, (cells, N_HOMES)),
                ("offer_financier", whole, (cells, N_HOMES)),
                ("offer_partner", whole, (cells, N_HOMES)),
                ("offer_partner_share", real, (cells, N_HOMES)),
                ("offer_exposure", real, (cells, N_HOMES)),
                ("offer_partner_exposure", real, (cells, N_HOMES)),
                ("claim_tender", whole, (2 * cells,)),
                ("claim_home", whole, (2 * cells,)),
                ("claim_score", real, (2 * cells,)),
                ("order", whole, (2 * cells,)),
                # use
                ("sold", real, (l, v)),
                ("sold_used", real, (l, v)),
                ("served", real, (c, l)),
                # one January
                ("score", real, (c, l)),
                ("pull", real, (c, l)),
                ("expected", real, (c, l)),
                ("expected_value", real, (c, l)),
                ("tenders", real, (c, l)),
                ("tender_bn", real, (c, l)),
                ("part_v", real, (c, l)),
                ("part_u", real, (c, l)),
                ("part_a", real, (c, l)),
                ("part_s", real, (c, l)),
                ("rank", real, (cells,)),
                ("cell", whole, (cells,)),
                ("finance_best", real, (N_HOMES,)),
                ("research", real, (v,)),
                ("reputation", real, (c, v)),
                ("mix", real, (N_USES,)),
                ("answer", real, (c, N_HOMES)),
            ],
            align=True,
        ),
    )
    for name in ("bids", "others"):
        bids = array[name][0]
        bids["stack"][:v], bids["number"][:v] = facts["vendor_stack"][0], VENDOR_BID.first + facts["vendor_number"][0]
        bids["stack"][PACKAGE:], bids["number"][PACKAGE:] = (US, CN), (PACKAGE_BID.first, PACKAGE_BID.first + 1)
    country, layer = facts["iso_number"][0].astype(np.uint64), np.arange(l, dtype=np.uint64)
    sites = np.uint64(ARRIVAL) << np.uint64(58) | country[:, np.newaxis] << np.uint64(48) | layer << np.uint64(44)
    array["arrival_site"][0] = sites.ravel()  # packed as luck.py does, but for the month
    return array
