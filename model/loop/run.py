"""What a kernel gets: one run's records, and scratch space that runs share in turn."""

from collections import namedtuple

import numpy as np

from model.loop.luck import ARRIVAL
from model.loop.sizes import BIDS, CN, HOMES, LAYERS, PACKAGE, ROWS, STACKS, TERMS, US, VENDORS

# state, book (this year's row), facts, parameters, market (prices and attributes of this year's offers); and records whose
# content stands under `at`: deals (country, layer, slot), home (2), financier (6), vendor (16), importer (countries), on
# (switches), ledger (rows for deals), events. All are records, none an array: calls need no counting of references.
Run = namedtuple("Run", "state book deals facts parameters home financier vendor importer market on ledger events")


def scratch(facts: np.ndarray) -> np.ndarray:
    """Working space of one thread for a world of these facts, a structured array of length 1."""
    c = facts["iso_number"].shape[1]
    l, v, cells = LAYERS, VENDORS, c * LAYERS
    real, whole = np.float64, np.int64
    array = np.zeros(
        1,
        np.dtype(
            [
                # one tender
                ("base", real, (TERMS, STACKS)), ("rows", real, (ROWS, v)), ("utility", real, (BIDS,)), ("eligible", real, (BIDS,)),
                ("weight", real, (BIDS,)), ("held", real, (v,)), ("stack_sum", real, (STACKS,)), ("stack_weight", real, (STACKS,)),
                ("stack_count", real, (STACKS,)), ("stack", whole, (BIDS,)), ("bid_number", whole, (BIDS,)),
                # packages
                ("package_terms", real, (HOMES, TERMS)), ("package_members", real, (HOMES, l)), ("package_vendor", whole, (HOMES, l)),
                ("other_base", real, (TERMS, STACKS)), ("other_rows", real, (ROWS, v)), ("other_held", real, (v,)), ("other_utility", real, (BIDS,)),
                ("package_utility", real, (HOMES,)), ("rebate", real, (2,)), ("package_megawatts", real, (HOMES,)), ("package_slot", whole, (l,)), ("best_own", whole, (HOMES,)), ("best_rival", whole, (HOMES,)),
                # one month's tenders
                ("hazard", real, (c, l)), ("tender_country", whole, (cells,)), ("tender_layer", whole, (cells,)),
                ("tender_kind", whole, (cells,)), ("tender_size", real, (cells,)), ("tender_expiring", real, (cells,)),
                ("tender_megawatts", real, (cells,)), ("offer_factor", real, (cells, HOMES)), ("offer_financier", whole, (cells, HOMES)),
                ("offer_partner", whole, (cells, HOMES)), ("offer_partner_share", real, (cells, HOMES)),
                ("offer_exposure", real, (cells, HOMES)), ("offer_partner_exposure", real, (cells, HOMES)),
                ("claim_tender", whole, (2 * cells,)), ("claim_home", whole, (2 * cells,)), ("claim_score", real, (2 * cells,)),
                ("order", whole, (2 * cells,)),
                # one January
                ("score", real, (c, l)), ("pull", real, (c, l)), ("expected", real, (c, l)),
                ("expected_value", real, (c, l)), ("part_v", real, (c, l)), ("part_u", real, (c, l)), ("part_a", real, (c, l)),
                ("part_s", real, (c, l)), ("rank", real, (cells,)), ("cell", whole, (cells,)), ("research", real, (v,)),
                ("reputation", real, (c, v)), ("mix", real, (4,)), ("answer", real, (c, HOMES)), ("due", whole, (c,)), ("offer_home", whole, (v,)), ("tie", np.uint64, (cells,)), ("turn", whole, (cells,)),
                ("arrival_site", np.uint64, (cells,)), ("luck", real, (cells,)), ("sold", real, (l, v)), ("sold_used", real, (l, v)),
                ("served", real, (c, l)), ("tenders", real, (c, l)), ("tender_bn", real, (c, l)), ("finance_best", real, (HOMES,)),
            ],
            align=True,
        ),
    )
    array["stack"][0, :v] = facts["vendor_stack"][0]
    array["bid_number"][0, :v] = facts["vendor_number"][0]
    for home, stack in ((0, US), (1, CN)):
        array["stack"][0, PACKAGE + home] = stack
        array["bid_number"][0, PACKAGE + home] = 100_000 + home
    country, layer = facts["iso_number"][0].astype(np.uint64), np.arange(l, dtype=np.uint64)
    sites = np.uint64(ARRIVAL) << np.uint64(58) | country[:, np.newaxis] << np.uint64(48) | layer << np.uint64(44)
    array["arrival_site"][0] = sites.ravel()  # packed as luck.py does, but for the month
    return array
