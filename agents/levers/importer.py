"""Levers of the importing governments. Where the country facts hold a default, they win over the one written here."""

from typing import Any

from stackcraft.agents.declare import Declaration, lever
from stackcraft.agents.names import CLUB


def _lever(names: tuple, sentence: str, default: Any, trial: dict | None = None, **rest: Any) -> Declaration:
    """Return an importer's lever."""
    rest = {"source": "judgement", "default": default, **rest}
    return lever(names, sentence, trial={"who": "importers", **(trial or {})}, **rest)


_BAN = {
    "bounds": (0, 1, "0 or 1"),
    "shape": "layer",
    "whole": True,
    "acts_on": "bids",
    "source": "country facts for the network layer (5G decisions); none elsewhere",
    "judgement": False,
    "metric": "tenders_without_bid",
}

LEVERS = (
    _lever(
        ("sovereignty", "choice", "Appetite for sovereignty"),
        "How much the government wants to control its own stack.",
        0.4,
        facts="sovereignty",
        upside=("control", "+sovereignty"),
        downside=("dearer, slower", "+nothing bought"),
        acts_on="choice",
        metric="sovereignty",
        claims=("I8", "A2"),
        source="country facts by a formula of judgements",
    ),
    _lever(
        ("hedge", "choice", "Second source"),
        "Probability of giving 0.3 of a deal to a second stack.",
        None,
        none_means="the fear of being cut off and the appetite for sovereignty decide",
        upside=("less dependence", "+multi-homing"),
        downside=("overhead 4 %, less complementarity", "+cost of second sources"),
        acts_on="choice",
        metric="multihoming",
        claims=("O2b", "B6"),
    ),
    _lever(
        ("clarity", "needs", "Clarity about needs"),
        "How clearly the government knows what it needs.",
        0.4,
        facts="clarity",
        upside=("demand errors shrink faster; the sellers' teams come: fit, more bids", "+all bids a tender"),
        downside=("cost of a strategy office", "-welfare"),
        trial={"cost_off": ("demand_bias", "consideration")},
        acts_on="demand",
        metric="utilisation",
        claims=("L9", "L0"),
        source="country facts by a formula of judgements",
    ),
    _lever(
        ("champion", "choice", "Domestic champion"),
        "Preference for a domestic champion: its price falls by up to 30 %.",
        0,
        upside=("autonomy", "+sovereignty"),
        downside=("quality gap; money; it may be given up again", "+champions given up"),
        acts_on="choice",
        metric="welfare",
        claims=("A7", "L6b"),
    ),
    _lever(
        ("club", "needs", "Buyers' club"),
        "Number of the buyers' club; members follow each other's choices for a while.",
        None,
        bounds=(0, 9999, "club number"),
        whole=True,
        none_means="in no club",
        upside=("price -5 %, more bids", "+welfare, club"),
        downside=("wait for the slowest; one stack for all", "-capacity, club"),
        trial={"low": (), "high": tuple(f"{code}.club=1" for code in CLUB.split())},
        acts_on="tenders",
        metric="tenders",
        claims=("L9",),
    ),
    _lever(
        ("bargain", "choice", "Bargaining"),
        "How hard the government plays one bidder against another.",
        0.5,
        upside=("up to 5 % off", "+rent captured"),
        downside=("the tender may fail", "+nothing bought"),
        acts_on="choice",
        metric="rent_captured_bn",
        claims=("O2b",),
    ),
    _lever(
        ("ban_us", "choice", "Ban on US vendors"),
        "United States vendors are excluded from a layer.",
        0,
        facts="ban_us",
        upside=("security, favour with the other side", "+CN chance"),
        downside=("fewer bids; the excluded home may answer", "-US bids a tender"),
        trial={"part": "cloud"},
        **_BAN,
    ),
    _lever(
        ("ban_cn", "choice", "Ban on Chinese vendors"),
        "Chinese vendors are excluded from a layer.",
        0,
        facts="ban_cn",
        upside=("security, favour with the other side", "+US chance"),
        downside=("fewer bids; the excluded home may answer", "-CN bids a tender"),
        trial={"part": "cloud"},
        **_BAN,
    ),
    _lever(
        ("layer_priority", "needs", "Order of buying"),
        "Which layers are tendered first.",
        (1 / 7,) * 7,
        shares_of="layer",
        upside=("what comes first", "+capacity, models"),
        downside=("what comes later", "-capacity, network"),
        trial={"low": ("importers.layer_priority.models=0.02",), "high": ("importers.layer_priority.models=0.8",)},
        acts_on="tenders",
        metric="tenders",
    ),
    _lever(
        ("prestige", "needs", "Computing for show"),
        "How far present computing needs are over-estimated for show.",
        0.3,
        upside=("signing ceremonies", "+capacity, chips"),
        downside=("idle capacity", "+idle capacity"),
        acts_on="demand",
        metric="utilisation",
        claims=("L0",),
    ),
)
