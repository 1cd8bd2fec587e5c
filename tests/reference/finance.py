"""What finance is worth to the buyer, payment by payment; approval; the loan book as a journal."""

import math


def payments(rate, tenor, grace):
    """(half-year, interest, principal) of a dollar lent.

    Equal principal after the grace, nominal rate / 2 on what is owed.
    """
    number, waiting = round(2 * (tenor - grace)), round(2 * grace)
    owed = 1.0
    for half_year in range(1, waiting + number + 1):
        principal = 1 / number if half_year > waiting else 0.0
        yield half_year, owed * rate / 2, principal
        owed -= principal


def present_value(rate, tenor, grace, cost_of_capital):
    """What the payments are worth at the borrower's cost of capital."""
    return sum(
        (interest + principal) / (1 + cost_of_capital / 2) ** t
        for t, interest, principal in payments(rate, tenor, grace)
    )


def instrument_cost(p, lever, instrument, cost_of_capital):
    """What a dollar financed costs the buyer; nobody takes finance dearer than its own."""
    rate, tenor, grace = lever.rate_pct / 100, lever.tenor_years, lever.grace_years

    def worth(at):
        return present_value(at, tenor, grace, cost_of_capital)

    if instrument == "grant":
        return 1 - p.grant_share
    if instrument == "concessional_loan":
        cost = worth(max(rate - p.concession_points / 100, 0))
    elif instrument == "direct_loan":
        cost = worth(rate)
    elif instrument == "guarantee":
        market, fee = p.guaranteed_rate / 100, p.guarantee_fee / 100
        cost = p.guarantee_cover * worth(market) + (1 - p.guarantee_cover) + worth(market + fee) - worth(market)
    elif instrument == "insurance":
        insured = max(cost_of_capital - p.insurance_points / 100, 0)
        cost = p.guarantee_cover * worth(insured) + (1 - p.guarantee_cover)
    else:
        cost = 1 - p.equity_relief
    return min(cost, 1.0)


def default_chance(p, multiplier, years, distressed=False):
    """Chance that a project defaults within so many years at normal use."""
    return 1 - math.exp(
        -p.base_default / p.book_multiplier * multiplier * (p.debt_distress_factor if distressed else 1) * years
    )


class Loan:
    """A loan as its lender writes it down: half-years of service, with a default at one of them if `fails` says so."""

    def __init__(self, principal, rate, payments_left, grace_left):
        self.lent, self.rate, self.owed, self.repaid, self.written_off, self.interest = (
            principal,
            rate,
            principal,
            0.0,
            0.0,
            0.0,
        )
        self.payments_left, self.grace_left = payments_left, grace_left

    def half_year(self):
        """Pay interest, and principal after the grace."""
        self.interest += self.owed * self.rate / 2
        if self.grace_left:
            self.grace_left -= 1
            return
        part = self.owed / self.payments_left
        self.payments_left -= 1
        self.owed -= part
        self.repaid += part

    def default(self):
        """What is owed is written off; recoveries are another book."""
        self.written_off += self.owed
        self.owed = 0.0
