"""The loan book of a run: paid out, half-years of service, default, extension, recovery.

Functions without a return change the plain world. The borrower is the country, whatever becomes of the contract.
"""

import math

from tests.reference import luck
from tests.reference.approval import loss_given_default
from tests.reference.cells import book_cost
from tests.reference.contracts import give_up, leave, release
from tests.reference.plain import BUILDING, OPERATED, OPERATING, deal, write

COLUMNS = "owed ratio lost luck country payments grace layer slot stack financier partner extended".split()


def loan(world, row):
    """One row of the book."""
    return {name: getattr(world.state, f"loan_{name}")[row].item() for name in COLUMNS}


def put_loan(world, row, **columns):
    """Set columns of one row."""
    for name, value in columns.items():
        getattr(world.state, f"loan_{name}")[row] = value


def lend(world, c, l, i):
    """Pay out what is committed to a deal."""
    one, w, k = deal(world, c, l, i), world.state, world.facts
    if one.commitment <= 0:
        return
    drawn = 3200 * int(one.signed) + int(k.vendor_number[one.vendor]) * 16 + one.origin
    put_loan(
        world, w.loans, owed=one.commitment, ratio=one.partner_ratio, luck=drawn, country=c, layer=l, slot=i,
        lost=loss_given_default(world.parameters, one.mode == OPERATED), payments=one.payments, grace=one.grace,
        stack=one.stack, financier=one.financier, partner=one.partner, extended=0,
    )  # fmt: skip
    write(world, c, l, i, loan_row=w.loans, commitment=0.0)
    w.loans += 1
    w.loans_disbursed += one.commitment


def close(world, row):
    """A loan leaves the book, and the last one takes its row."""
    w, gone = world.state, loan(world, row)
    if gone["slot"] >= 0:
        write(world, gone["country"], gone["layer"], gone["slot"], loan_row=-1)
    w.loans -= 1
    if row != w.loans:
        moved = loan(world, w.loans)
        put_loan(world, row, **moved)
        if moved["slot"] >= 0:
            write(world, moved["country"], moved["layer"], moved["slot"], loan_row=row)
    put_loan(world, w.loans, owed=0.0, slot=-1)


def chance_of_default(world, one):
    """Chance of default in a half-year.

    The base rate by rating, more while building, where capacity lies idle and where the country is in distress.
    """
    p, w, c = world.parameters, world.state, one["country"]
    yearly = p.base_default / p.book_multiplier * world.facts.default_multiplier[c]
    if one["slot"] >= 0:
        site = deal(world, c, one["layer"], one["slot"])
        yearly *= p.building_default if site.stage == BUILDING else 1
        if site.stage == OPERATING:
            yearly *= 1 + p.under_use_default * max(0, p.under_use_from - site.used)
    if w.month < w.debt_until[c]:
        yearly *= p.debt_distress_factor
    return 1 - math.exp(-yearly / 2)


def pay(world, row, one):
    """One half-yearly date: nothing of the principal during grace, an equal part of it afterwards."""
    if one["grace"] > 0:
        put_loan(world, row, grace=one["grace"] - 1)
        return
    part = one["owed"] / max(one["payments"], 1)
    put_loan(world, row, owed=one["owed"] - part, payments=one["payments"] - 1)
    world.state.loans_repaid += part
    release(world, one["financier"], one["partner"], one["ratio"], part)
    if one["payments"] <= 1:
        put_loan(world, row, owed=0.0)
        close(world, row)


def default(world, row, one):
    """The borrower stops paying: lenders that extend do so once.

    Otherwise the loan is lost with what it pays for, and a part comes back years later.
    """
    p, w, book, f, owed = world.parameters, world.state, world.book, one["financier"], one["owed"]
    settled = min(w.month // 12 + int(p.recovery_years), w.arrears_end.shape[1] - 1)
    if p.extends[f] and not one["extended"]:
        late = owed / max(one["payments"], 1)
        put_loan(world, row, extended=1, payments=one["payments"] + int(2 * p.extension_years))
        w.overdue[f] += late
        w.arrears_end[f][settled] += late
        book.extended_loans[f] += 1
        return
    w.loans_written_off += owed
    book.defaulted_deals[one["stack"]] += 1
    book.written_off_loans[f] += 1
    book.written_off_bn[f] += owed
    book.lost_bn[f] += owed * one["lost"]
    release(world, f, one["partner"], one["ratio"], owed)
    w.overdue[f] += owed
    w.arrears_end[f][settled] += owed
    w.recovery_due[f][settled] += owed * (1 - one["lost"])
    lose(world, f, owed)
    close(world, row)
    if one["slot"] >= 0:
        place = one["country"], one["layer"], one["slot"]
        if deal(world, *place).stage == OPERATING:
            leave(world, *place, "defaulted", w.month + 1.0)
        else:
            give_up(world, *place)


def lose(world, f, loss):
    """The reserve pays first, the home what is left."""
    w, h = world.state, int(world.facts.financier_home[f])
    beyond = max(loss - w.reserve[f], 0)
    w.reserve[f] -= loss - beyond
    if h >= 0:
        w.uncovered[f] += beyond
        book_cost(world, h, beyond)
        world.book.default_loss_bn[h] += loss


def settle_year(world):
    """Recoveries that come in this year, and arrears that are settled with them."""
    w, year = world.state, world.state.month // 12
    for f in range(len(world.financier)):
        back, h = w.recovery_due[f][year], int(world.facts.financier_home[f])
        w.overdue[f] = max(w.overdue[f] - w.arrears_end[f][year], 0)
        w.loans_recovered += back
        w.recovery_due[f][year] = w.arrears_end[f][year] = 0.0
        to_home = min(back, w.uncovered[f])
        w.uncovered[f] -= to_home
        w.reserve[f] += back - to_home
        if h >= 0:
            book_cost(world, h, -to_home)
            world.book.default_loss_bn[h] -= back


def month(world):
    """The loans' part of a month."""
    if not world.on["loans"]:
        return
    if world.state.month % 6 == 0:
        for row in reversed(range(world.state.loans)):
            one = loan(world, row)
            world.book.loan_years[one["financier"]] += 0.5
            u = luck.drawn(world, "default", one["country"], one["layer"], one["luck"])
            if world.on["defaults"] and u < chance_of_default(world, one):
                default(world, row, one)
            else:
                pay(world, row, one)
    if world.state.month % 12 == 0:
        settle_year(world)
