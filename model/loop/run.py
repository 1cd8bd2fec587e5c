"""What a kernel gets: one run's records, and scratch space that runs share in turn."""

from collections import namedtuple

import numpy as np

from model.loop.sizes import BIDS, CN, HOMES, LAYERS, PACKAGE, ROWS, STACKS, TERMS, US, VENDORS

# state, book (this year's row), facts, parameters, market (prices and attributes of this year's offers); and records whose
# content stands under `at`: deals (country, layer, slot), home (2), financier (6), vendor (16), importer (countries), on
# (switches), ledger (rows for deals), events. All are records, none an array: calls need no counting of references.
Run = namedtuple("Run", "state book deals facts parameters home financier vendor importer market on ledger events")


def scratch(countries: int, vendor_number: np.ndarray, vendor_stack: np.ndarray) -> np.ndarray:
    """Working space of one thread, a structured array of length 1."""
    c, l, v, cells = countries, LAYERS, VENDORS, countries * LAYERS
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
                ("reputation", real, (c, v)), ("mix", real, (4,)), ("answer", real, (c, HOMES)), ("due", whole, (c,)), ("offer_home", whole, (v,)), ("tie", np.uint64, (cells,)),
            ],
            align=True,
        ),
    )
    array["stack"][0, :v] = vendor_stack
    array["bid_number"][0, :v] = vendor_number
    for home, stack in ((0, US), (1, CN)):
        array["stack"][0, PACKAGE + home] = stack
        array["bid_number"][0, PACKAGE + home] = 100_000 + home
    return array
