"""Levers of the importing governments. Where the country facts hold a default, they win over the one written here."""

from stackcraft.agents.declare import Declaration


def _lever(name: str, low: float, high: float, default: object, sentence: str, **rest: object) -> Declaration:
    """An importer's lever."""
    rest = {"unit": "0-1", "source": "judgement", "judgement": True, **rest}
    return Declaration(name=name, low=low, high=high, default=default, sentence=sentence, **rest)


_BAN = {
    "unit": "0 or 1", "shape": "layer", "whole": True, "acts_on": "bids",
    "upside": "security, favour with the other side", "downside": "fewer bids; the excluded home may answer",
    "source": "country facts for the network layer (5G decisions); none elsewhere", "judgement": False,
    "metric": "tenders_without_bid",
}

LEVERS = (
    _lever(
        "sovereignty", 0, 1, 0.4, "How much the government wants to control its own stack.",
        facts="sovereignty", source="country facts by a formula of judgements", acts_on="choice", upside="control",
        downside="dearer, slower", claims=("I8", "A2"), metric="sovereignty",
    ),
    _lever(
        "hedge", 0, 1, None, "Probability of giving 0.3 of a deal to a second stack.",
        none_means="the fear of being cut off and the appetite for sovereignty decide", acts_on="choice",
        upside="less dependence", downside="overhead 4 %, less complementarity", claims=("O2b", "B6"),
        metric="multihoming",
    ),
    _lever(
        "clarity", 0, 1, 0.4, "How clearly the government knows what it needs.",
        facts="clarity", source="country facts by a formula of judgements", acts_on="demand",
        upside="demand errors shrink faster; the sellers' teams come: fit, more bids", downside="cost of a strategy office",
        claims=("L9", "L0"), metric="utilisation",
    ),
    _lever(
        "champion", 0, 1, 0, "Preference for a domestic champion: its price falls by up to 30 %.",
        acts_on="choice", upside="autonomy", downside="quality gap; money; it may be given up again", claims=("A7", "L6b"),
        metric="welfare",
    ),
    _lever(
        "club", 0, 9999, None, "Number of the buyers' club; members follow each other's choices for a while.",
        unit="club number", none_means="in no club", whole=True, acts_on="tenders", upside="price -5 %, more bids",
        downside="wait for the slowest; one stack for all", claims=("L9",), metric="tenders",
    ),
    _lever(
        "bargain", 0, 1, 0.5, "How hard the government plays one bidder against another.",
        acts_on="choice", upside="up to 5 % off", downside="the tender may fail", claims=("O2b",),
        metric="rent_captured_bn",
    ),
    _lever("ban_us", 0, 1, 0, "United States vendors are excluded from a layer.", facts="ban_us", **_BAN),
    _lever("ban_cn", 0, 1, 0, "Chinese vendors are excluded from a layer.", facts="ban_cn", **_BAN),
    _lever(
        "layer_priority", 0, 1, (1 / 7,) * 7, "Which layers are tendered first.",
        unit="share", shape="layer", simplex="layer_priority", acts_on="tenders", upside="what comes first",
        downside="what comes later", metric="tenders",
    ),
    _lever(
        "prestige", 0, 1, 0.3, "How far present computing needs are over-estimated for show.",
        acts_on="demand", upside="signing ceremonies", downside="idle capacity", claims=("L0",), metric="utilisation",
    ),
)
