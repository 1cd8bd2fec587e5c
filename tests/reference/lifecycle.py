"""The life of a deal as a race of clocks in each stage."""


def life(finance_clock, cancel_clock, build_clocks, cancel_build_clock, finance_months, build_months, cancel, cancel_build, delay=0.0,
         speed=1.0):
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
