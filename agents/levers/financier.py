"""Levers of the six financiers, with the terms each lends on.

The order of the instrument mix: grant, concessional loan, direct loan, guarantee, insurance, equity.
Sources by number: S1-S4 the two United States agencies' caps and flows, S5 AidData on Chinese lending, S6 Hubbard
(Center for Global Development, Working Paper 126) on China Exim's concessional loans, S35 Global SWF.
"""

from stackcraft.agents.declare import Declaration


def _lever(
    name: str, low: float, high: float, by: dict[str, object] | object, sentence: str, **rest: object
) -> Declaration:
    """A financier's lever; `by` gives each financier's default, or one default for all."""
    rest = {"unit": "share", "source": "judgement", "judgement": True, **rest}
    by_actor = by if isinstance(by, dict) else {}
    default = by["us_exim"] if isinstance(by, dict) else by
    return Declaration(name=name, low=low, high=high, default=default, default_by=by_actor, sentence=sentence, **rest)


def _each(
    exim: object, dfc: object, development: object, cn_exim: object, private: object, gulf: object
) -> dict[str, object]:
    """Defaults of the six, in the order of `FINANCIERS`."""
    return {
        "us_exim": exim,
        "us_dfc": dfc,
        "cn_development_bank": development,
        "cn_exim": cn_exim,
        "private_capital": private,
        "gulf_fund": gulf,
    }


LEVERS = (
    _lever(
        "instrument_mix",
        0,
        1,
        _each(
            (0, 0, 0.5, 0.4, 0.1, 0),  # export credit: mainly direct loans and guarantees
            (0.02, 0, 0.48, 0.1, 0.2, 0.2),  # development finance: loans, political-risk insurance, equity
            (0, 0.05, 0.9, 0, 0, 0.05),  # policy bank: loans at near-market rates
            (0.05, 0.7, 0.25, 0, 0, 0),  # concessional loans
            (0, 0, 0.8, 0, 0, 0.2),
            (0, 0, 0.3, 0, 0, 0.7),
        ),
        "Shares of the instruments: who carries the risk, and what the buyer pays.",
        shape="instrument",
        simplex="instrument_mix",
        acts_on="finance",
        upside="as each instrument",
        downside="as each: grants are not repaid, loans and guarantees can fail, equity is scarce",
        claims=("B2a", "O2", "O2c"),
        metric="public_cost_bn",
        title="Mix of instruments",
        section="terms",
    ),
    _lever(
        "rate_pct",
        0,
        12,
        _each(5, 5.5, 4.2, 2.85, 8, 6),
        "Interest rate of the loans.",
        unit="% a year",
        source="S5, S6 for the Chinese banks; judgement for the others",
        acts_on="finance",
        upside="price",
        downside="subsidy element",
        claims=("System: China Development Bank, China Exim",),
        metric="public_cost_bn",
        title="Interest rate",
        section="terms",
    ),
    _lever(
        "tenor_years",
        1,
        30,
        _each(10, 15, 10, 16, 7, 10),
        "Years until a loan is repaid.",
        unit="years",
        source="S5, S6 for the Chinese banks; judgement for the others",
        acts_on="finance",
        upside="price",
        downside="longer exposure to default",
        claims=("System: China Development Bank, China Exim",),
        metric="exposure_bn",
        title="Length of loans",
        section="terms",
    ),
    _lever(
        "grace_years",
        0,
        10,
        _each(1, 2, 2, 5, 1, 2),
        "Years before the first repayment of principal.",
        unit="years",
        source="S5, S6 for the Chinese banks; judgement for the others",
        acts_on="finance",
        upside="price",
        downside="longer exposure to default",
        metric="exposure_bn",
        title="Years before repayment",
        section="terms",
    ),
    _lever(
        "risk_tolerance",
        0,
        0.3,
        _each(0.02, 0.05, 0.08, 0.12, 0.03, 0.05),
        "Largest expected loss, as a share of the loan, that is still approved.",
        source="S4 for the freeze rule behind EXIM's; judgement for the others",
        acts_on="approval",
        upside="risky footholds",
        downside="losses; EXIM's book freezes at 2 % overdue",
        claims=("B2", "O2c", "System: EXIM, DFC"),
        metric="refused_for_risk",
        title="Risk tolerated",
        section="risk",
    ),
    _lever(
        "strategic_premium",
        0,
        0.3,
        0,
        "Added to the tolerance for each unit of the cost of inaction, until the sunset.",
        acts_on="approval",
        upside="footholds that would be ceded",
        downside="losses",
        claims=("B2",),
        metric="default_loss_bn",
        title="Extra risk for strategic places",
        section="risk",
    ),
    _lever(
        "sunset_year",
        2010,
        2100,
        2035,
        "January from which the strategic premium no longer counts.",
        unit="year",
        acts_on="approval",
        whole=True,
        upside="later: more years of footholds",
        downside="later: more years of losses",
        claims=("B2",),
        metric="default_loss_bn",
        title="End of the extra risk",
        section="risk",
    ),
    _lever(
        "commitment_limit_bn",
        0,
        200,
        _each(1.305, 1.8, 3.0, 1.8, 40, 6.6),
        "New commitments to these layers in a year.",
        unit="bn$/year",
        acts_on="finance",
        upside="volume",
        downside="exposure",
        facts="commitment_limit_bn",
        source="S2, S4 yearly flows x 15 %; S5 CN 80 bn x 6 %, split 3 : 1.8; S35 66 bn x 10 %; "
        "the shares are judgements",
        claims=("System: China Development Bank, China Exim",),
        metric="refused_for_room",
        title="New lending a year",
        section="room",
    ),
    _lever(
        "cap_bn",
        0,
        5000,
        _each(135, 205, 1500, 700, 5000, 1000),
        "Largest exposure the whole book may reach.",
        unit="bn$",
        source="S1, S3 for the United States agencies; judgement for the others",
        acts_on="finance",
        upside="room",
        downside="exposure",
        claims=("B0", "System: EXIM, DFC"),
        metric="refused_for_room",
        facts="cap_bn",
        title="Ceiling on the whole book",
        section="room",
    ),
    _lever(
        "cap_date",
        2010,
        2100,
        2100,
        "January from which nothing new may be committed, because the authority has lapsed.",
        unit="year",
        acts_on="finance",
        whole=True,
        upside="later: the offer can be counted on",
        downside="later: exposure goes on growing",
        claims=("B0",),
        metric="refused_for_room",
        source="judgement: the status quo assumes that every authority is renewed; EXIM's runs to the end of 2026, "
        "DFC's to 2031 [S1]",
        title="Authority to lend ends",
        section="room",
    ),
    _lever(
        "co_finance",
        0,
        1,
        _each(0, 0, 0, 0, 0, 0.5),
        "Share of each loan that another financier may carry.",
        acts_on="finance",
        upside="limits stretch further",
        downside="fees shared; the stricter approval rule holds",
        claims=("System: G42 and the Gulf funds",),
        metric="private_capital_bn",
        title="Share others may carry",
        section="room",
    ),
)
