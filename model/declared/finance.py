"""Money: targeting, instruments, approval, the loan book."""

from model.declared.helper import number

S24 = "S24: Moody's project-finance study 1983-2015"
FINANCE = (
    number("slots", [60, 80], 0, 500, "deals a year", "tenders a home's programme can handle", shape="home"),
    number("budget_reference_bn", [2, 4], 0.1, 50, "bn$ a year", "budget at which financiers commit up to their yearly limits; they follow the budget", shape="home"),
    number("value_half_bn", 0.3, 0.01, 5, "bn$", "value at which a deal counts half as a headline"),
    number("slots_overbooked", 1.3, 1, 5, "-", "cells targeted for each slot, since not all of them tender"),
    number("financed_share", [0.85, 0.85, 0.5, 0.3, 0, 0.3, 0.5], 0, 1, "share", "share of a price that may be financed", shape="layer"),
    number("grant_share", 0.35, 0, 1, "share", "share of the financed part that a grant gives away"),
    number("concession_points", 2, 0, 6, "percentage points", "interest that a concessional loan gives up against the financier's rate"),
    number("guaranteed_rate", 5, 0, 15, "% a year", "market rate under a guarantee"),
    number("guarantee_cover", 0.85, 0, 1, "share", "share of a loan that a guarantee or insurance covers"),
    number("guarantee_fee", 1, 0, 5, "% a year", "fee on what is outstanding under a guarantee"),
    number("insurance_points", 2, 0, 8, "percentage points", "spread that political-risk insurance saves the buyer"),
    number("equity_relief", 0.2, 0, 1, "share", "relief of the buyer's cost by an equity stake"),
    number("discount_rate", 0.045, 0, 0.1, "per year", "rate at which public cost, and the service of public loans, is discounted: about what the homes pay to borrow"),
    number("base_default", 0.0069, 0, 0.05, "per year", "default of a project of the best rating: 6.7 % over ten years", source=S24),
    number("loss_given_default", 0.2, 0, 1, "share", "loss once recoveries are in", source=S24),
    number("recovery_years", 2, 0, 10, "years", "years until recoveries come", source=S24),
    number("cloud_loss", 0.3, 0, 1, "share", "further loss where there is no hardware to seize"),
    number("under_use_default", 1, 0, 5, "-", "factor added to default at no use at all"),
    number("extension_years", 5, 0, 20, "years", "extension that a lender prone to extend gives instead of a cut", source="S26: AidData, restructurings", judgement=True),
    number("extends", [0, 0, 1, 1, 0, 0], 0, 1, "0/1", "financiers that extend maturity instead of cutting face value", shape="financier", source="S26: AidData, restructurings", judgement=True),
    number("freeze_above", [0.02, 1, 1, 1, 1, 1], 0, 1, "share", "overdue share of exposure at which a financier is frozen", shape="financier", source="S4: EXIM freeze at 2 %"),
    number("freeze_floor_bn", 1, 0, 20, "bn$", "exposure below which no freeze applies"),
    number("private_per_public", 0.75, 0, 3, "bn$ per bn$", "private capital mobilised", source="S27: ODI (2019)"),
    number("private_per_public_low", 0.37, 0, 3, "bn$ per bn$", "the same in low-income countries", source="S27: ODI (2019)"),
    number("private_by_guarantee", 2, 0, 5, "-", "factor on private capital where the instrument is a guarantee"),
    number("private_rate", 8, 0, 20, "% a year", "rate of co-financing private capital"),
    number("overhead_bn", 0.001, 0, 0.05, "bn$ a deal", "public overhead of handling a supported deal"),
    number("advocacy_cost_bn", 0.2, 0, 5, "bn$ a year", "cost of full advocacy"),
    number("standards_cost_bn", 0.2, 0, 5, "bn$ a year", "cost of full work on standards"),
    number("elicitation_cost_bn", 0.1, 0, 5, "bn$ a year", "cost of full elicitation"),
    number("appropriation_response", 0.1, 0, 1, "-", "how much a good score last year lifts this year's budget"),
    number("cloud_lock_renewal", 0.2, 0, 1, "utility", "renewal edge of operated cloud that was counted as an export"),
)
