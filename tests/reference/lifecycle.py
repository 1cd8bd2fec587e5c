"""The life of a deal as a race of clocks in each stage."""

from tests.reference.plain import CHIPS, CLOUD, CN, INDEPENDENT, NETWORK, OPERATED, SOFTWARE, SOVEREIGN

KINDS = ("CN mega", "US mega", "mid data centre", "modular", "cloud region", "network", "software")


def kind_of_site(p, l, megawatts, stack, deal_class, mode):
    """The row of the life-cycle tables that a deal follows.

    Mega-deals of independents follow that of mid data centres.
    """
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
