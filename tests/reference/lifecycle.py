"""The life of a deal as a race of clocks in each stage."""

from tests.reference.plain import CHIPS, CLOUD, CN, INDEPENDENT, NETWORK, OPERATED, SOFTWARE, SOVEREIGN

KINDS = ("CN mega", "US mega", "mid data centre", "modular", "cloud region", "network", "software")


def megawatts_of(p, l, size):
    """Power of what serves so many bn$ a year."""
    return size * p.term_years[l] * p.capital_share[l] / p.capital_bn_per_mw


def power_of_deal(p, l, deal_class, value, announced=0.0):
    """MW that a deal's capital part builds, at 35 m$ each, or as few as announced, down to 60 m$ each."""
    if l not in (CHIPS, CLOUD) or deal_class == SOFTWARE:
        return 0.0
    capital = value * p.capital_share[l]
    fewest, most = capital / p.dearest_bn_per_mw, capital / p.capital_bn_per_mw
    return sorted((fewest, announced, most))[1] if announced > 0 else most


def of_each_site(p, megawatts, deal_class):
    """MW of each site: the fewest equal ones that are each below the largest of their class."""
    largest, number = p.largest_site_mw if deal_class == SOVEREIGN else p.mega_mw, 1
    while megawatts / number >= largest:
        number += 1
    return megawatts / number


def kind_of_site(p, l, megawatts, stack, deal_class, mode):
    """The row of the life-cycle tables that a deal follows, by the size of each of its sites.

    Mega-deals of independents follow that of mid data centres.
    """
    megawatts = of_each_site(p, megawatts, deal_class)
    if l not in (CHIPS, CLOUD):
        kind = "network" if l == NETWORK else "software"
    elif deal_class == SOFTWARE:
        kind = "software"
    elif l == CLOUD and mode == OPERATED and deal_class != SOVEREIGN:
        kind = "cloud region"
    elif megawatts < p.modular_mw:
        kind = "modular"
    elif megawatts < p.mega_mw or stack == INDEPENDENT:
        kind = "mid data centre"
    else:
        kind = "CN mega" if stack == CN else "US mega"
    return KINDS.index(kind)


def chance_to_operate(p, kind):
    """Chance to get through finance and three phases of building before anything is cancelled."""
    through_finance = 1 / (1 + p.cancel_before_finance[kind] * p.finance_months[kind])
    return through_finance / (1 + p.cancel_while_building[kind] * p.build_months[kind] / 3) ** 3


def life(
    finance_clock,
    cancel_clock,
    build_clocks,
    cancel_build_clock,
    finance_months,
    build_months,
    cancel,
    cancel_build,
    delay=0.0,
    speed=1.0,
):
    """(what became of it, months from signing to that). Clocks are unit exponentials; Erlang-3 is the sum of three."""
    financed = delay + finance_clock * finance_months * speed
    cancelled = cancel_clock / cancel
    if cancelled < financed:
        return "cancelled", cancelled
    built = sum(build_clocks) * build_months / 3 * speed
    stopped = cancel_build_clock / cancel_build
    if stopped < built:
        return "failed while building", financed + stopped
    return "operates", financed + built
