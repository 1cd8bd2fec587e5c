"""Levers of the fifteen vendors. Profiles are modelled on real kinds of firm; every number is a judgement."""

from stackcraft.agents.declare import Declaration
from stackcraft.agents.names import VENDORS


def _lever(name: str, low: float, high: float, default: object, sentence: str, **rest: object) -> Declaration:
    """A vendor's lever; `profiles` are the defaults that differ from `default`."""
    rest = {"unit": "0-1", "source": "judgement", "judgement": True, **rest}
    by = rest.pop("profiles", {})
    unknown = set(by) - set(VENDORS)
    if unknown:
        raise ValueError(f"{name}: {sorted(unknown)} are no vendors")
    return Declaration(name=name, low=low, high=high, default=default, default_by=by, sentence=sentence, **rest)


LEVERS = (
    _lever(
        "deal_class", 0, 1, (0.3, 0.4, 0.3), "Shares of what is offered: sovereign compute, narrow compute, software.",
        unit="share", shape="deal_class", simplex="deal_class", acts_on="offers",
        upside="large deals: value and lock-in", downside="large deals: fewer inroads, poorer delivery",
        claims=("L1", "L2", "L3", "L7"), metric="operating_deals",
        profiles={
            "us_chip_house": (0.5, 0.4, 0.1),
            "us_silicon_hyperscaler": (0.3, 0.5, 0.2),
            "us_enterprise_hyperscaler": (0.2, 0.5, 0.3),
            "us_country_lab": (0.6, 0.2, 0.2),
            "us_sovereign_lab": (0.1, 0.3, 0.6),
            "us_network_security_house": (0.1, 0.4, 0.5),
            "cn_full_stack_champion": (0.4, 0.4, 0.2),
            "cn_open_weights_cloud": (0.2, 0.4, 0.4),
            "cn_telecom_house": (0.3, 0.5, 0.2),
            "cn_open_weights_lab": (0, 0.1, 0.9),
            "cn_city_integrator": (0.1, 0.5, 0.4),
            "in_gulf_hub": (0.6, 0.3, 0.1),
            "in_domestic_champion": (0.2, 0.3, 0.5),
        },
    ),
    _lever(
        "markup", 0, 1, 0.2, "Mark-up on cost in the list price.",
        unit="share", acts_on="price", upside="margin, research and development", downside="loses bids",
        claims=("O2c",), metric="revenue_bn",
        profiles={
            "us_chip_house": 0.5,
            "cn_open_weights_lab": 0.1,
            "cn_telecom_house": 0.15,
            "in_domestic_champion": 0.1,
        },
    ),
    _lever(
        "bundle_discount", 0, 0.3, 0.05, "Discount on packages of three or more layers.",
        unit="share", acts_on="packages", upside="layers per adopter", downside="margin", claims=("A1",),
        metric="package_layers", profiles={"cn_full_stack_champion": 0.1, "us_silicon_hyperscaler": 0.08},
    ),
    _lever(
        "lock_contract", 0, 1, 0.3, "Contract terms that make leaving costly.",
        acts_on="choice", upside="retention", downside="seen: lost bids where sovereignty matters", claims=("L4",),
        metric="renewed_deals",
        profiles={
            "us_enterprise_hyperscaler": 0.4,
            "us_sovereign_lab": 0.1,
            "cn_full_stack_champion": 0.4,
            "cn_open_weights_cloud": 0.3,
            "cn_telecom_house": 0.4,
            "cn_open_weights_lab": 0,
            "cn_city_integrator": 0.5,
            "in_allied_telecom": 0.3,
            "in_allied_partner": 0.2,
            "in_gulf_hub": 0.3,
            "in_domestic_champion": 0.1,
        },
    ),
    _lever(
        "lock_silicon", 0, 1, 0.1, "Lock-in through the vendor's own chips; not seen until the first renewal.",
        acts_on="choice", upside="retention without objection, own chips 5 % cheaper",
        downside="hardware cost; resentment at the renewal", claims=("L4", "L4b", "System: OpenAI for Countries; Google's in-house silicon"),
        metric="sovereignty",
        profiles={
            "us_chip_house": 0.5,
            "us_silicon_hyperscaler": 0.6,
            "cn_full_stack_champion": 0.4,
            "cn_open_weights_lab": 0,
            "us_sovereign_lab": 0,
            "in_allied_partner": 0,
            "in_gulf_hub": 0,
            "in_domestic_champion": 0,
        },
    ),
    _lever(
        "affiliation", 0, 1, 0.2, "Closeness to the home government.",
        acts_on="choice", upside="finance, quicker licences, the home government's good graces",
        downside="sceptical markets", claims=("L5", "L5b", "System: OpenAI for Countries; Google's in-house silicon"), metric="wins",
        profiles={
            "us_chip_house": 0.7,
            "us_silicon_hyperscaler": 0.6,
            "us_enterprise_hyperscaler": 0.8,
            "us_country_lab": 0.9,
            "us_sovereign_lab": 0.3,
            "us_network_security_house": 0.6,
            "cn_full_stack_champion": 0.9,
            "cn_open_weights_cloud": 0.6,
            "cn_telecom_house": 0.9,
            "cn_open_weights_lab": 0.3,
            "cn_city_integrator": 0.8,
            "in_gulf_hub": 0.4,
            "in_domestic_champion": 0.1,
        },
    ),
    _lever(
        "relation", -1, 1, 0, "Relation with the home government; a rocky one is a signal of independence.",
        unit="-1 to 1", acts_on="choice", upside="rocky: trust in sceptical markets",
        downside="rocky: no support, slower licences", claims=("L5b",), metric="wins",
        profiles={"us_country_lab": 0.5, "us_sovereign_lab": -0.2, "cn_full_stack_champion": 0.5, "cn_telecom_house": 0.5},
    ),
    _lever(
        "customisation", 0, 1, 0.3, "Work to fit the offer to the buyer.",
        acts_on="utilisation", upside="fit, utilisation, renewal", downside="price +4 %, months, teams",
        claims=("O3", "L6"), metric="utilisation",
        profiles={
            "us_chip_house": 0.1,
            "us_enterprise_hyperscaler": 0.5,
            "us_country_lab": 0.2,
            "us_sovereign_lab": 0.6,
            "cn_full_stack_champion": 0.3,
            "cn_open_weights_lab": 0.1,
            "cn_city_integrator": 0.5,
            "in_domestic_champion": 0.6,
        },
    ),
    _lever(
        "turnkey", 0, 1, 0.3, "How ready-made the offer is.",
        acts_on="delivery", upside="quick wins, present demand", downside="less fit later", claims=("L6",),
        metric="months_to_operation",
        profiles={
            "us_country_lab": 0.5,
            "us_sovereign_lab": 0.2,
            "cn_full_stack_champion": 0.8,
            "cn_open_weights_cloud": 0.5,
            "cn_telecom_house": 0.8,
            "cn_open_weights_lab": 0.3,
            "cn_city_integrator": 0.8,
            "in_allied_telecom": 0.5,
        },
    ),
    _lever(
        "option_value", 0, 1, 0.2, "How well the offer adapts when needs change.",
        acts_on="utilisation", upside="fit rises as the mix of uses drifts", downside="price +5 %", claims=("L6",),
        metric="utilisation", profiles={"us_silicon_hyperscaler": 0.3, "us_enterprise_hyperscaler": 0.4},
    ),
    _lever(
        "open_weights", 0, 1, 0.1, "How open the models are: near-free, and cannot be cut off.",
        acts_on="choice", upside="reach, the buyer's sovereignty, an inroad", downside="no model revenue; helps champions",
        claims=("O4", "L3"), metric="utilised",
        profiles={
            "us_silicon_hyperscaler": 0.2,
            "us_country_lab": 0.1,
            "us_sovereign_lab": 0.6,
            "cn_full_stack_champion": 0.5,
            "cn_open_weights_cloud": 0.9,
            "cn_telecom_house": 0.5,
            "cn_open_weights_lab": 1,
            "cn_city_integrator": 0.5,
            "in_gulf_hub": 0.7,
            "in_domestic_champion": 0.9,
        },
    ),
    _lever(
        "data_rights", 0, 1, 0.2, "How far the buyer's data may train the vendor's models.",
        acts_on="quality", upside="model quality", downside="seen as a loss of sovereignty", claims=("B4",),
        metric="quality", profiles={"us_sovereign_lab": 0, "us_enterprise_hyperscaler": 0.1, "in_domestic_champion": 0.3},
    ),
    _lever(
        "sector_focus", 0, 1, (0.25,) * 4, "Shares of application work: farming, health, schools, public services.",
        unit="share", shape="sector", simplex="sector_focus", acts_on="utilisation", upside="use of applications there",
        downside="use of applications elsewhere", claims=("O6",), metric="utilisation",
        profiles={
            "us_enterprise_hyperscaler": (0.1, 0.3, 0.2, 0.4),
            "cn_city_integrator": (0.1, 0.1, 0.1, 0.7),
            "cn_full_stack_champion": (0.2, 0.2, 0.2, 0.4),
        },
    ),
    _lever(
        "rnd_share", 0, 0.4, 0.15, "Share of revenue spent on research and development.",
        unit="share", acts_on="quality", upside="quality next year", downside="margin", claims=("B3",), metric="quality",
        profiles={"cn_full_stack_champion": 0.208}, facts="rnd_share",
        source="S8 for the full-stack champion (Huawei annual report 2024); judgement for the others",
    ),
    _lever(
        "local_hosting", 0, 1, 0, "How far the vendor hosts in the buyer's country, on top of its government's offer.",
        acts_on="sovereignty", upside="harder to cut off, more sovereignty", downside="price +8 %, some diversion",
        claims=("I8", "A2"), metric="sovereignty",
        profiles={"us_sovereign_lab": 0.6, "in_domestic_champion": 0.9, "in_allied_partner": 0.4, "in_gulf_hub": 0.3},
    ),
    _lever(
        "confidential_computing", 0, 1, 0, "How far the vendor cannot see the buyer's data, on top of its government's offer.",
        acts_on="sovereignty", upside="harder to cut off, less security risk", downside="price +5 %, less data for models",
        claims=("I8", "A2"), metric="sovereignty", profiles={"us_sovereign_lab": 0.5, "us_silicon_hyperscaler": 0.2},
    ),
    _lever(
        "teams", 0, 1, None, "Shares of the vendor's few teams that work with each country on its needs.",
        unit="share", shape="country", simplex="teams", none_means="they go to clear buyers and large demand",
        acts_on="bids", upside="deals made there", downside="deals lost elsewhere", claims=("L7",), metric="wins", hidden=True,
    ),
    _lever(
        "reexport", 0, 1, 0, "How far the vendor sells on United States or Chinese layers from its hub.",
        acts_on="bids", upside="reach among the hub's peers", downside="diversion x (1 + 0.5 reexport)",
        claims=("System: G42 and the Gulf funds",), metric="diversions", profiles={"in_gulf_hub": 0.5},
    ),
)
