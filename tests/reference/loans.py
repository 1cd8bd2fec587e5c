"""A half-year of every loan in a run: service, default, extension, recovery.

Functions without a return change the plain world.
"""

import math

from tests.reference import luck
from tests.reference.cells import book_cost
from tests.reference.contracts import leave, release
from tests.reference.plain import OPERATING, deals_of, write


def chance_of_default(world, c, one):
    """Chance of default in a half-year.

    The base rate by rating, more where capacity lies idle and where the country is in distress.
    """
    p, w = world.parameters, world.state
    yearly = (
        p.base_default
        * world.facts.default_multiplier[c]
        * (1 + p.under_use_default * max(0, p.under_use_from - one.used))
    )
    if w.month < w.debt_until[c]:
        yearly *= p.debt_distress_factor
    return 1 - math.exp(-yearly / 2)


def pay(world, c, l, i, one):
    """One half-yearly date: nothing of the principal during grace, an equal part of it afterwards."""
    if one.grace_left > 0:
        write(world, c, l, i, grace_left=one.grace_left - 1)
        return
    part = one.loan / max(one.payments_left, 1)
    write(world, c, l, i, loan=one.loan - part, payments_left=one.payments_left - 1)
    world.state.loans_repaid += part
    release(world, one, part)


def default(world, c, l, i, one):
    """The borrower stops paying: lenders that extend do so once.

    Otherwise the loan is lost, and a part comes back years later.
    """
    p, w, f = world.parameters, world.state, one.financier
    settled = min(w.month // 12 + int(p.recovery_years), w.arrears_end.shape[1] - 1)
    if f >= 0 and p.extends[f] and not one.extended:
        late = one.loan / max(one.payments_left, 1)
        write(world, c, l, i, extended=1, payments_left=one.payments_left + int(2 * p.extension_years))
        w.overdue[f] += late
        w.arrears_end[f][settled] += late
        return
    w.loans_written_off += one.loan
    world.book.defaulted_deals[one.stack] += 1
    release(world, one, one.loan)
    if f >= 0:
        w.overdue[f] += one.loan
        w.arrears_end[f][settled] += one.loan
        w.recovery_due[f][settled] += one.loan * (1 - p.loss_given_default)
        h = int(world.facts.financier_home[f])
        if h >= 0:
            book_cost(world, h, one.loan)
            world.book.default_loss_bn[h] += one.loan
    write(world, c, l, i, loan=0.0)
    leave(world, c, l, i, "defaulted", float(w.month))


def settle_year(world):
    """Recoveries that come in this year, and arrears that are settled with them."""
    w, year = world.state, world.state.month // 12
    for f in range(len(world.financier)):
        back = w.recovery_due[f][year]
        w.overdue[f] = max(w.overdue[f] - w.arrears_end[f][year], 0)
        w.loans_recovered += back
        w.recovery_due[f][year] = w.arrears_end[f][year] = 0.0
        h = int(world.facts.financier_home[f])
        if h >= 0 and back > 0:
            book_cost(world, h, -back)
            world.book.default_loss_bn[h] -= back


def month(world):
    """The loans' part of a month."""
    if not world.on["loans"]:
        return
    if world.state.month % 6 == 0:
        for c in range(world.countries):
            for l in range(world.layers):
                for i, one in deals_of(world, c, l, OPERATING):
                    if one.loan <= 0:
                        continue
                    slot = int(world.facts.vendor_number[one.vendor]) * 16 + one.origin
                    fails = world.on["defaults"] and luck.drawn(world, "default", c, l, slot) < chance_of_default(
                        world, c, one
                    )
                    (default if fails else pay)(world, c, l, i, one)
    if world.state.month % 12 == 0:
        settle_year(world)
