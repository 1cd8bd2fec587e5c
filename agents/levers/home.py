"""Levers of the two home governments: one schema for both sides, other status-quo values.

Every default and bound is a judgement unless a source is named. `I1`, `B2` and so on are the rows of the policy
debate that the lever carries; the model description lists them.
"""

from stackcraft.agents.declare import Declaration

JUDGEMENT = "judgement; the status quo of 2025 as the project reads it"


def _lever(name: str, low: float, high: float, us: object, cn: object, sentence: str, **rest: object) -> Declaration:
    """A home government's lever with its United States and Chinese status-quo values."""
    rest = {"unit": "0-1", "source": JUDGEMENT, "judgement": True, **rest}
    by = {} if us is None else {"us_government": us, "cn_government": cn}
    return Declaration(name=name, low=low, high=high, default=us, default_by=by, sentence=sentence, **rest)


_WEIGHT = {"unit": "share", "simplex": "weights", "acts_on": "targeting", "hidden": True}

LEVERS = (
    _lever(
        "budget_bn", 0, 50, 2, 4, "Public money a year that may be reserved for supported deals, by score until it is gone.",
        unit="bn$/year", acts_on="targeting", upside="more cells supported", downside="public cost",
        claims=("I0", "A8", "O1"), metric="supported_tenders",
    ),
    _lever(
        "subsidy", 0, 0.5, 0, 0.15, "Cut in the price of this side's bids, by layer, paid from the budget for every deal won.",
        unit="share", shape="layer", acts_on="price", upside="wins",
        downside="value of every won deal times the subsidy leaves the budget and is never repaid; the rival may answer",
        claims=("B8",), metric="utilised",
    ),
    _lever(
        "weight_headline", 0, 1, 0.5, 0.3, "Weight of announced value when deals are chosen for support.",
        upside="large announcements", downside="what is announced may not be built or used",
        claims=("I4", "System: American AI Exports Program"), metric="announced_bn", **_WEIGHT,
    ),
    _lever(
        "weight_use", 0, 1, 0.1, 0.2, "Weight of expected operation, use and renewal when deals are chosen for support.",
        upside="deals that last", downside="fewer headlines", claims=("I4",), metric="utilisation", **_WEIGHT,
    ),
    _lever(
        "weight_additional", 0, 1, 0.1, 0.1, "Weight of the gain in the chance of winning that support brings.",
        upside="money goes where it changes the outcome", downside="contested markets are riskier and smaller",
        claims=("I1", "A9", "L8"), metric="additional_wins", **_WEIGHT,
    ),
    _lever(
        "weight_strategic", 0, 1, 0.3, 0.4, "Weight of the country's size and of its place as a hub among its peers.",
        upside="spill-over to peers", downside="hubs are courted by everybody", claims=("O1",),
        metric="world_utilised", **_WEIGHT,
    ),
    _lever(
        "gravity", 0, 1, 0.7, 0.4, "Share of support that follows commercial pull instead of the score.",
        unit="share", acts_on="targeting", upside="quick, bankable deals", downside="much would have happened anyway",
        claims=("I1", "A9", "System: American AI Exports Program"), metric="additional_wins", hidden=True,
    ),
    _lever(
        "allocation", 0, 1, None, None, "Share of support reserved for each country; replaces the score.",
        unit="share", shape="country", simplex="allocation", none_means="the score decides", acts_on="targeting",
        upside="full control", downside="as chosen", claims=("O1",), metric="supported_tenders", hidden=True,
    ),
    _lever(
        "min_package_mw", 0, 500, 50, 20, "Smallest data-centre deal that may get support.",
        unit="MW", acts_on="eligibility", upside="saves an overhead of $1 m a deal; headlines",
        downside="few countries qualify, and size lowers delivery", claims=("I2",), metric="operating_deals",
    ),
    _lever(
        "cloud_counts", 0, 1, 0.2, 0.8, "How far operated cloud is eligible for finance and fast licences.",
        acts_on="eligibility", upside="faster, stickier, no chips abroad",
        downside="can be cut off wholly; no hardware to seize after a default", claims=("I5",), metric="months_to_operation",
    ),
    _lever(
        "consortium_required", 0, 1, 1, 0, "How strictly packages must come from a full consortium.",
        acts_on="packages", upside="complete bundles, more standards and advocacy",
        downside="price +2 %, 3 months, cancel rate x 1.2, small vendors shut out", claims=("I7", "A5"),
        metric="tenders_without_bid",
    ),
    _lever(
        "include_network", 0, 1, 0.3, 1, "How far the network layer is eligible for finance.",
        acts_on="eligibility", upside="networks pull cloud and chips along", downside="money spread thinner",
        claims=("B1",), metric="installed",
    ),
    _lever(
        "allied_content", 0, 1, 0.3, 0, "How far allied vendors may draw on this side's finance and join its packages.",
        acts_on="eligibility", upside="allied network share, a shared umbrella",
        downside="revenue and attribution go to the allied vendor", claims=("B9",), metric="installed",
    ),
    _lever(
        "power_package", 0, 1, 0.1, 0.3, "Generation and cooling that come with a data centre.",
        acts_on="delivery", upside="lifts the electricity limit", downside="capital cost +8 %, 4 months",
        claims=("A10",), metric="delivered_bn",
    ),
    _lever(
        "guarantee", 0, 1, 0.1, 0.1, "A bond against cutting supply: half of it is paid in compensation when the promise is broken.",
        acts_on="trust", upside="true hazard falls by exp(-2 guarantee); a costly signal on supply",
        downside="price +3 %, coercion forgone, and breaking it counts three times", claims=("O4", "A2"),
        metric="trust",
    ),
    _lever(
        "local_hosting", 0, 1, 0.3, 0.5, "How far this side's offers are hosted in the buyer's country.",
        acts_on="sovereignty", upside="harder to cut off, more sovereignty",
        downside="price +8 %, less leverage, some diversion", claims=("I8", "A2"), metric="sovereignty",
    ),
    _lever(
        "confidential_computing", 0, 1, 0.3, 0.05, "How far the operator cannot see the buyer's data.",
        acts_on="sovereignty", upside="harder to cut off, less security risk", downside="price +5 %, less data for models",
        claims=("I8", "A2"), metric="sovereignty",
    ),
    _lever(
        "evaluation_kit", 0, 1, 0.2, 0, "Tools with which a buyer tests the offer; they draw true evidence on security.",
        acts_on="trust", upside="a safe seller is believed; more standards",
        downside="price +2 %; an unsafe seller is found out", claims=("I9", "System: CAISI / NIST"),
        metric="perceived_hazard",
    ),
    _lever(
        "capacity_building", 0, 1, 0.1, 0.4, "Training and tailoring that raise the buyer's absorption.",
        acts_on="utilisation", upside="utilisation, renewal",
        downside="4 % of value from the budget; domestic champions improve too",
        claims=("O3", "System: Konza Technopolis"), metric="utilisation",
    ),
    _lever(
        "elicitation", 0, 1, 0.1, 0.1, "Pays for work on what the buyer needs; shrinks both errors in its demand.",
        acts_on="demand", upside="a fit that holds five years on", downside="2 months; teams are few",
        claims=("L0", "L6", "L8"), metric="utilisation",
    ),
    _lever(
        "frame_geopolitical", 0, 1, 0.6, 0.1, "How far the offer is framed as a choice between camps.",
        acts_on="framing", upside="allies rally; the appropriation grows by up to 10 %",
        downside="the non-aligned turn away", claims=("I3", "O5"), metric="tenders_won",
    ),
    _lever(
        "frame_values", 0, 1, 0.3, 0, "How far the offer is framed as a matter of shared values.",
        acts_on="framing", upside="like-minded buyers, while goodwill lasts", downside="the others",
        claims=("O5", "I3"), metric="goodwill",
    ),
    _lever(
        "industry_led", 0, 1, 0.2, 0.2, "How far industry, not government, speaks for the offer.",
        acts_on="framing", upside="halves framing and visible affiliation: wins among the sceptical",
        downside="less advocacy, less credit for the government", claims=("I3",), metric="tenders_won",
    ),
    _lever(
        "deniability", 0, 1, 0, 0, "How far the government hides its hand in a vendor's offer.",
        acts_on="framing", upside="sceptical markets", downside="support is worth up to 30 % less",
        claims=("L5", "L8"), metric="tenders_won", hidden=True,
    ),
    _lever(
        "aid_bn", 0, 10, 1, 2, "Aid that feeds the stock of goodwill, which decays by 15 % a year.",
        unit="bn$/year", acts_on="goodwill", upside="framing on values works", downside="public cost",
        claims=("O5",), metric="goodwill",
    ),
    _lever(
        "respect_regulation", 0, 1, 0.2, 0.6, "How far the side respects the buyer's right to regulate and tax.",
        acts_on="regulation", upside="deals not lost to friction", downside="vendors' margin -2 % x regulation index",
        claims=("B7",), metric="friction_losses",
    ),
    _lever(
        "alliance_signal_bn", 0, 20, 2, 0.2, "Costly signals that alliance commitments will be kept.",
        unit="bn$/year", acts_on="trust", upside="allies hedge less", downside="public cost",
        claims=("B6",), metric="multihoming",
    ),
    _lever(
        "umbrella_message", 0, 1, 0.3, 0, "Tells allies that a rival's equipment weakens the shared security umbrella.",
        acts_on="framing", upside="the rival's share among allies falls",
        downside="where commitment is doubted it counts as pressure", claims=("B6a",), metric="installed",
    ),
    _lever(
        "pressure", 0, 1, 0.4, 0.2, "Warns buyers off the rival, with their trade dependence as the weight behind it.",
        acts_on="pressure", upside="rival deals blocked",
        downside="an observed threat: severity 0.1 on supply and commitment, here and at peers", claims=("O7",),
        metric="trust",
    ),
    _lever(
        "guardrail", 0, 1, 0.3, 0.1, "Security conditions that come with the sale.",
        acts_on="licences", upside="fewer diversions and later restrictions: durable access",
        downside="price +2 %, one month", claims=("I6",), metric="diversions",
    ),
    _lever(
        "control_strictness", 0, 1, 0.5, 0.1, "Strictness of export licensing, by the buyer's tier.",
        acts_on="licences", upside="fewer diversions; slows the rival's chip quality",
        downside="deals denied and delayed; trust", claims=("A4",), metric="licence_denials",
    ),
    _lever(
        "fast_lane", 0, 1, 0.2, 0.5, "How far trusted deals get quick licences.",
        acts_on="licences", upside="time to operation", downside="diversion x (1 + 0.2 lane)",
        claims=("A4",), metric="licence_months",
    ),
    _lever(
        "standards", 0, 1, 0.3, 0.3, "Work on technical standards; adds to the stock that the installed base builds.",
        acts_on="standards", upside="switching costs for the rival", downside="public cost",
        claims=("A3",), metric="standards_share",
    ),
    _lever(
        "advocacy", 0, 1, 0.4, 0.5, "Diplomats who get this side's bids considered.",
        acts_on="bids", upside="more bids seen", downside="public cost; affiliation more visible",
        claims=("A6",), metric="tenders_without_bid",
    ),
    _lever(
        "coerce", 0, 1, 0.3, 0.15, "Readiness to use leverage in a dispute.",
        acts_on="coercion", upside="a concession worth the stake", downside="a cut-off event: trust falls everywhere",
        claims=("B5",), metric="coercion_events",
    ),
    _lever(
        "compact", 0, 1, 0.1, 0.1, "Bilateral compact with a country: joint bids with its vendors, shared standards, technology protection.",
        shape="country", acts_on="eligibility", upside="allied co-bids; diversion x (1 - 0.3 compact)",
        downside="share goes to the partner's vendors; weak binding",
        claims=("System: US-Korea Technology Prosperity Deal",), metric="installed",
    ),
    _lever(
        "start_delay_months", 0, 36, 12, 0, "The programme's late start.",
        unit="months", acts_on="programme", upside="none: a fact, not a choice", downside="share lost before the start",
        claims=("I0", "A8", "System: American AI Exports Program"), metric="world_installed",
    ),
    _lever(
        "agency_lag_months", 0, 12, 5, 2, "Months that the agencies take to designate a deal.",
        unit="months", acts_on="programme", upside="scrutiny: default and diversion fall 2 % a month",
        downside="time to operation", claims=("System: Commerce, State, Defense, Energy, OSTP",),
        metric="months_to_operation",
    ),
)
