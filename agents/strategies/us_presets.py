"""Presets of the United States side as one table. All values are judgements.

A preset gives every column of `COLUMNS` in order; what it sets beyond them comes after.
"""

from __future__ import annotations

from typing import Any

from stackcraft.agents.levers import FINANCIER
from stackcraft.agents.names import side_actors
from stackcraft.agents.strategies.presets import STATUS_QUO, AdaptivePreset, TablePreset, stand_aside, table_preset

COLUMNS = (
    "weight_headline", "weight_use", "weight_additional", "weight_strategic", "min_package_mw", "supply_bond",
    "local_hosting", "evaluation_kit", "frame_geopolitical", "frame_values", "include_network", "guardrail",
    "capacity_building", "coerce",
)  # fmt: skip
TOLERANCE = FINANCIER["risk_tolerance"].default_by


def _preset(
    names: tuple[str, str], story: str, columns: tuple, *, affiliation: float, risk: float = 0.0, **more: dict[str, Any]
) -> type[TablePreset]:
    """Return the class of a preset: `names` are its name and title, `columns` the values of `COLUMNS`.

    Confidential computing follows local hosting. `affiliation` is the vendors', `risk` comes on top of each agency's
    own tolerance; `beyond`, `banks` and `vendors` are further levers of the government, the agencies and the vendors.
    """
    government = dict(zip(COLUMNS, columns, strict=True))
    government |= {"confidential_computing": government["local_hosting"], **more.get("beyond", {})}
    banks = {
        bank: {"risk_tolerance": TOLERANCE[bank] + risk, **more.get("banks", {})}
        for bank in side_actors("US", "financier")
    }
    return table_preset("US", names, story, government, banks, {"affiliation": affiliation, **more.get("vendors", {})})


TABLES = (
    _preset(
        (STATUS_QUO, "Status quo 2025"),
        "Large consortium packages, announced early, close to the government, little bound by promises.",
        (0.5, 0.1, 0.1, 0.3, 50, 0.1, 0.3, 0.2, 0.6, 0.3, 0.3, 0.3, 0.1, 0.3),
        affiliation=0.8,
    ),
    _preset(
        ("headline-chaser", "Headline chaser"),
        "Goes for the largest announcements, in the language of rivalry, and asks little of them.",
        (0.9, 0, 0, 0.1, 200, 0, 0.1, 0, 0.8, 0.3, 0, 0.1, 0, 0.3),
        affiliation=1,
        risk=0.02,
    ),
    _preset(
        ("contested-first", "Contested markets first"),
        "Puts the money where it changes who wins, down to small deals.",
        (0, 0.3, 0.6, 0.1, 2, 0.3, 0.5, 0.4, 0.2, 0, 0.5, 0.5, 0.4, 0.1),
        affiliation=0.6,
        risk=0.02,
        beyond={"gravity": 0.1},
    ),
    _preset(
        ("sovereignty-guarantor", "Sovereignty guarantor"),
        "Binds itself not to cut anybody off, hosts locally, and lets buyers test what they get.",
        (0.1, 0.4, 0.3, 0.2, 5, 0.9, 1, 1, 0.1, 0, 0.5, 0.7, 0.4, 0),
        affiliation=0.5,
        risk=0.02,
    ),
    _preset(
        ("risk-tolerant-underwriter", "Risk-tolerant underwriter"),
        "Lets the public financiers take risks until 2035 that private lenders refuse.",
        (0.1, 0.3, 0.4, 0.2, 5, 0.3, 0.4, 0.3, 0.3, 0, 0.6, 0.5, 0.3, 0.1),
        affiliation=0.7,
        risk=0.1,
        banks={"strategic_premium": 0.1, "sunset_year": 2035},
    ),
    _preset(
        ("arms-length-vendors", "Vendors at arm's length"),
        "Keeps the government's hand out of sight and judges deals by their use.",
        (0, 0.5, 0.4, 0.1, 1, 0.4, 0.7, 0.5, 0, 0, 0.3, 0.5, 0.4, 0),
        affiliation=0.1,
        beyond={"deniability": 0.6},
    ),
    _preset(
        ("alliance-infrastructure", "Alliance infrastructure"),
        "Builds for allies, with allied vendors, and spends to show that commitments hold.",
        (0.2, 0.3, 0.1, 0.4, 20, 0.6, 0.6, 1, 0.5, 0.3, 0.6, 0.8, 0.2, 0.1),
        affiliation=0.9,
        risk=0.03,
        beyond={"allied_content": 0.8, "alliance_signal_bn": 8},
    ),
    _preset(
        ("lock-in", "Lock-in"),
        "Wins once and makes leaving costly, by contract and by silicon.",
        (0.3, 0.4, 0.1, 0.2, 20, 0.1, 0.1, 0, 0.3, 0, 0.4, 0.4, 0.1, 0.3),
        affiliation=0.8,
        vendors={"lock_contract": 0.8, "lock_silicon": 0.8},
    ),
    _preset(
        ("control-first", "Control first"),
        "Guards technology before it sells it, and uses its leverage.",
        (0.3, 0.1, 0, 0.6, 50, 0, 0.2, 0.2, 0.8, 0.4, 0.2, 1, 0, 0.8),
        affiliation=1,
        beyond={"control_strictness": 1, "fast_lane": 0},
    ),
    _preset(
        ("nine-recommendations", "Nine recommendations"),
        "Takes all nine recommendations of the Institute for Progress at once.",
        (0, 0.5, 0.4, 0.1, 2, 0.1, 0.8, 1, 0, 0, 0.3, 0.7, 0.1, 0.3),
        affiliation=0.8,
        beyond={"gravity": 0.2, "industry_led": 1, "cloud_counts": 1, "consortium_required": 0},
    ),
    stand_aside("US"),
)


class Adaptive(AdaptivePreset):
    """The best of the tables, looked up again every fourth year."""

    name = "adaptive"
    side = "US"
    title = "Adaptive"
    story = "Every fourth year takes the preset that answers China's last visible levers best."
    candidates = TABLES


PRESETS = (*TABLES, Adaptive)
