"""Levers of the six financiers, with the terms each lends on.

The order of the instrument mix: grant, concessional loan, direct loan, guarantee, insurance, equity.
Sources by number: S1-S4 the two United States agencies' caps and flows, S5 AidData on Chinese lending, S6 Hubbard
(Center for Global Development, Working Paper 126) on China Exim's concessional loans, S35 Global SWF.
"""

from typing import Any

from stackcraft.agents.declare import Declaration, lever
from stackcraft.agents.names import FINANCIERS
from stackcraft.agents.trials import FUNDED, OPEN


def _lever(names: tuple, sentence: str, default: Any, trial: dict | None = None, **rest: Any) -> Declaration:
    """Return a financier's lever; `default` is one number for all, or one for each in the order of `FINANCIERS`."""
    by = dict(zip(FINANCIERS, default, strict=True)) if isinstance(default, tuple) else {}
    rest = {
        "bounds": (0, 1, "share"),
        "source": "judgement",
        "default": by.get("us_exim", default),
        "default_by": by,
        **rest,
    }
    return lever(names, sentence, trial={"who": "us_financiers", "setting": FUNDED, **(trial or {})}, **rest)


LEVERS = (
    _lever(
        ("instrument_mix", "terms", "Mix of instruments"),
        "Shares of the instruments: who carries the risk, and what the buyer pays.",
        (
            (0, 0, 0.2, 0.5, 0.3, 0),  # export credit: mainly guarantees and insurance, loans where cover is not enough
            (0.02, 0, 0.48, 0.1, 0.2, 0.2),  # development finance: loans, political-risk insurance, equity
            (0, 0.05, 0.9, 0, 0, 0.05),  # policy bank: loans at near-market rates
            (0.05, 0.7, 0.25, 0, 0, 0),  # concessional loans
            (0, 0, 0.8, 0, 0, 0.2),
            (0, 0, 0.3, 0, 0, 0.7),
        ),
        shares_of="instrument",
        upside=("as each instrument", "-US risk held by the state"),
        downside=(
            "as each: grants are not repaid, loans and guarantees can fail, equity is scarce",
            "-US chance added",
        ),
        trial={"between": ("0,0,1,0,0,0", "0,0,0,1,0,0")},
        acts_on="finance",
        metric="public_cost_bn",
        claims=("B2a", "O2", "O2c"),
    ),
    _lever(
        ("rate_pct", "terms", "Interest rate"),
        "Interest rate of the loans.",
        (5, 5.5, 4.2, 4.85, 8, 6),
        bounds=(0, 12, "% a year"),
        upside=("price", "+US chance added"),
        downside=("subsidy element", "+US public cost"),
        trial={"between": (12, 0)},
        acts_on="finance",
        metric="public_cost_bn",
        claims=("System: China Development Bank, China Exim",),
        source="S5 for China Development Bank; S6 for China Exim, whose concessional loans cost two points less, 2.85; "
        "judgement for the others",
    ),
    _lever(
        ("tenor_years", "terms", "Length of loans"),
        "Years until a loan is repaid.",
        (10, 15, 10, 16, 7, 10),
        bounds=(1, 30, "years"),
        upside=("price", "+US chance added"),
        downside=("longer exposure to default", "+exposure, us_dfc"),
        trial={"setting": (*FUNDED, "us_financiers.risk_tolerance=0.3", "us_financiers.grace_years=0")},
        acts_on="finance",
        metric="exposure_bn",
        claims=("System: China Development Bank, China Exim",),
        source="S5, S6 for the Chinese banks; judgement for the others",
    ),
    _lever(
        ("grace_years", "terms", "Years before repayment"),
        "Years before the first repayment of principal.",
        (1, 2, 2, 5, 1, 2),
        bounds=(0, 10, "years"),
        upside=("price", "+US chance added"),
        downside=("longer exposure to default", "+exposure, us_exim"),
        trial={"setting": (*FUNDED, "us_financiers.tenor_years=15", "us_financiers.cap_bn=1000")},
        acts_on="finance",
        metric="exposure_bn",
        source="S5, S6 for the Chinese banks; judgement for the others",
    ),
    _lever(
        ("risk_tolerance", "risk", "Risk tolerated"),
        "Largest expected loss, as a share of the loan, that is still approved.",
        (0.02, 0.05, 0.08, 0.12, 0.03, 0.05),
        bounds=(0, 0.3, "share"),
        upside=("risky footholds", "+US chance added"),
        downside=("losses; EXIM's book freezes at 2 % overdue", "+US default loss"),
        acts_on="approval",
        metric="refused_for_risk",
        claims=("B2", "O2c", "System: EXIM, DFC"),
        source="S4 for the freeze rule behind EXIM's; judgement for the others",
    ),
    _lever(
        ("strategic_premium", "risk", "Extra risk for strategic places"),
        "Added to the tolerance for each unit of the cost of inaction, until the sunset.",
        0,
        bounds=(0, 0.3, "share"),
        upside=("footholds that would be ceded", "+US chance added"),
        downside=("losses", "+US default loss"),
        trial={"setting": (*FUNDED, "us_financiers.risk_tolerance=0", "us_financiers.sunset_year=2100")},
        acts_on="approval",
        metric="default_loss_bn",
        claims=("B2",),
    ),
    _lever(
        ("sunset_year", "risk", "End of the extra risk"),
        "January from which the strategic premium no longer counts.",
        2035,
        bounds=(2010, 2100, "year"),
        whole=True,
        upside=("later: more years of footholds", "+US chance added"),
        downside=("later: more years of losses", "+US default loss"),
        trial={
            "between": (2025, 2100),
            "setting": (*FUNDED, "us_financiers.risk_tolerance=0", "us_financiers.strategic_premium=0.3"),
        },
        acts_on="approval",
        metric="default_loss_bn",
        claims=("B2",),
    ),
    _lever(
        ("commitment_limit_bn", "room", "New lending a year"),
        "New commitments to these layers in a year.",
        (1.305, 1.8, 3.0, 1.8, 40, 6.6),
        bounds=(0, 200, "bn$/year"),
        facts="commitment_limit_bn",
        upside=("volume", "+US chance added"),
        downside=("exposure", "+exposure, us_dfc"),
        trial={"between": (0.1, 50), "setting": OPEN},
        acts_on="finance",
        metric="refused_for_room",
        claims=("System: China Development Bank, China Exim",),
        source="S2, S4 yearly flows x 15 %; S5 CN 80 bn x 6 %, split 3 : 1.8; S35 66 bn x 10 %; "
        "the shares are judgements",
    ),
    _lever(
        ("cap_bn", "room", "Ceiling on the whole book"),
        "Largest exposure the whole book may reach.",
        (135, 205, 1500, 700, 5000, 1000),
        bounds=(0, 5000, "bn$"),
        facts="cap_bn",
        upside=("room", "+US supported tenders"),
        downside=("exposure", "+exposure, us_exim"),
        trial={"who": "us_exim", "between": (36, 300)},
        acts_on="finance",
        metric="refused_under_cap",
        claims=("B0", "System: EXIM, DFC"),
        source="S1, S3 for the United States agencies; judgement for the others",
    ),
    _lever(
        ("cap_date", "room", "Authority to lend ends"),
        "January from which nothing new may be committed, because the authority has lapsed.",
        2100,
        bounds=(2010, 2100, "year"),
        whole=True,
        upside=("later: the offer can be counted on", "+US chance added"),
        downside=("later: exposure goes on growing", "+exposure, us_dfc"),
        trial={"between": (2026, 2100)},
        acts_on="finance",
        metric="refused_under_cap",
        claims=("B0",),
        source="judgement: the status quo assumes that every authority is renewed; EXIM's runs to the end of 2026, "
        "DFC's to 2031 [S1]",
    ),
    _lever(
        ("co_finance", "room", "Share others may carry"),
        "Share of each loan that another financier may carry.",
        (0, 0, 0, 0, 0, 0.5),
        upside=("limits stretch further", "+US supported tenders"),
        downside=("fees shared; the stricter approval rule holds", "+exposure, gulf_fund"),
        trial={"who": "gulf_fund", "between": (0, 0.9), "setting": OPEN},
        acts_on="finance",
        metric="private_capital_bn",
        claims=("System: G42 and the Gulf funds",),
    ),
)
