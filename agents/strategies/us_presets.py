"""Presets of the United States side, each written out as a full table. All are judgements.

Every preset names the same columns in the same order, `coerce` the last of them; what it sets beyond them comes after.
"""

from __future__ import annotations

from typing import Any

from stackcraft.agents.levers import FINANCIER
from stackcraft.agents.names import side_actors
from stackcraft.agents.strategies.presets import STATUS_QUO, AdaptivePreset, TablePreset

_BANKS = side_actors("US", "financier")


def _government(
    *,
    weights: tuple[float, float, float, float],
    min_package_mw: float,
    supply_bond: float,
    hosting_and_confidential: float,
    evaluation_kit: float,
    frame_geopolitical: float,
    frame_values: float,
    include_network: float,
    guardrail: float,
    capacity_building: float,
    coerce: float,
    **beyond: float,
) -> dict[str, Any]:
    """The columns every preset fills for the government; `weights` are headline, use, additional, strategic."""
    names = ("weight_headline", "weight_use", "weight_additional", "weight_strategic")
    return {
        **dict(zip(names, weights, strict=True)),
        "min_package_mw": min_package_mw,
        "supply_bond": supply_bond,
        "local_hosting": hosting_and_confidential,
        "confidential_computing": hosting_and_confidential,
        "evaluation_kit": evaluation_kit,
        "frame_geopolitical": frame_geopolitical,
        "frame_values": frame_values,
        "include_network": include_network,
        "guardrail": guardrail,
        "capacity_building": capacity_building,
        "coerce": coerce,
        **beyond,
    }


def _banks(added_risk: float, **beyond: float) -> dict[str, dict[str, float]]:
    """The two agencies' terms: `added_risk` comes on top of each one's own tolerance."""
    tolerance = FINANCIER["risk_tolerance"].default_by
    return {bank: {"risk_tolerance": tolerance[bank] + added_risk, **beyond} for bank in _BANKS}


class StatusQuo(TablePreset):
    """The programme as it stood in 2025."""

    name = STATUS_QUO
    side = "US"
    title = "Status quo 2025"
    story = "Large consortium packages, announced early, close to the government, little bound by promises."
    government = _government(
        weights=(0.5, 0.1, 0.1, 0.3),
        min_package_mw=50,
        supply_bond=0.1,
        hosting_and_confidential=0.3,
        evaluation_kit=0.2,
        frame_geopolitical=0.6,
        frame_values=0.3,
        include_network=0.3,
        guardrail=0.3,
        capacity_building=0.1,
        coerce=0.3,
    )
    financiers = _banks(0.0)
    vendors = {"affiliation": 0.8}


class HeadlineChaser(TablePreset):
    """The largest announcements."""

    name = "headline-chaser"
    side = "US"
    title = "Headline chaser"
    story = "Goes for the largest announcements, in the language of rivalry, and asks little of them."
    government = _government(
        weights=(0.9, 0, 0, 0.1),
        min_package_mw=200,
        supply_bond=0,
        hosting_and_confidential=0.1,
        evaluation_kit=0,
        frame_geopolitical=0.8,
        frame_values=0.3,
        include_network=0,
        guardrail=0.1,
        capacity_building=0,
        coerce=0.3,
    )
    financiers = _banks(0.02)
    vendors = {"affiliation": 1.0}


class ContestedFirst(TablePreset):
    """Money where it changes the outcome."""

    name = "contested-first"
    side = "US"
    title = "Contested markets first"
    story = "Puts the money where it changes who wins, down to small deals."
    government = _government(
        weights=(0, 0.3, 0.6, 0.1),
        min_package_mw=2,
        supply_bond=0.3,
        hosting_and_confidential=0.5,
        evaluation_kit=0.4,
        frame_geopolitical=0.2,
        frame_values=0,
        include_network=0.5,
        guardrail=0.5,
        capacity_building=0.4,
        coerce=0.1,
        gravity=0.1,
    )
    financiers = _banks(0.02)
    vendors = {"affiliation": 0.6}


class SovereigntyGuarantor(TablePreset):
    """Binding promises and local control."""

    name = "sovereignty-guarantor"
    side = "US"
    title = "Sovereignty guarantor"
    story = "Binds itself not to cut anybody off, hosts locally, and lets buyers test what they get."
    government = _government(
        weights=(0.1, 0.4, 0.3, 0.2),
        min_package_mw=5,
        supply_bond=0.9,
        hosting_and_confidential=1,
        evaluation_kit=1,
        frame_geopolitical=0.1,
        frame_values=0,
        include_network=0.5,
        guardrail=0.7,
        capacity_building=0.4,
        coerce=0,
    )
    financiers = _banks(0.02)
    vendors = {"affiliation": 0.5}


class RiskTolerantUnderwriter(TablePreset):
    """More risk on the public book, for a limited time."""

    name = "risk-tolerant-underwriter"
    side = "US"
    title = "Risk-tolerant underwriter"
    story = "Lets the public financiers take risks until 2035 that private lenders refuse."
    government = _government(
        weights=(0.1, 0.3, 0.4, 0.2),
        min_package_mw=5,
        supply_bond=0.3,
        hosting_and_confidential=0.4,
        evaluation_kit=0.3,
        frame_geopolitical=0.3,
        frame_values=0,
        include_network=0.6,
        guardrail=0.5,
        capacity_building=0.3,
        coerce=0.1,
    )
    financiers = _banks(0.10, strategic_premium=0.1, sunset_year=2035)
    vendors = {"affiliation": 0.7}


class ArmsLengthVendors(TablePreset):
    """Industry in front, government behind."""

    name = "arms-length-vendors"
    side = "US"
    title = "Vendors at arm's length"
    story = "Keeps the government's hand out of sight and judges deals by their use."
    government = _government(
        weights=(0, 0.5, 0.4, 0.1),
        min_package_mw=1,
        supply_bond=0.4,
        hosting_and_confidential=0.7,
        evaluation_kit=0.5,
        frame_geopolitical=0,
        frame_values=0,
        include_network=0.3,
        guardrail=0.5,
        capacity_building=0.4,
        coerce=0,
        deniability=0.6,
    )
    financiers = _banks(0.0)
    vendors = {"affiliation": 0.1}


class AllianceInfrastructure(TablePreset):
    """Allies first, allied vendors included."""

    name = "alliance-infrastructure"
    side = "US"
    title = "Alliance infrastructure"
    story = "Builds for allies, with allied vendors, and spends to show that commitments hold."
    government = _government(
        weights=(0.2, 0.3, 0.1, 0.4),
        min_package_mw=20,
        supply_bond=0.6,
        hosting_and_confidential=0.6,
        evaluation_kit=1,
        frame_geopolitical=0.5,
        frame_values=0.3,
        include_network=0.6,
        guardrail=0.8,
        capacity_building=0.2,
        coerce=0.1,
        allied_content=0.8,
        alliance_signal_bn=8,
    )
    financiers = _banks(0.03)
    vendors = {"affiliation": 0.9}


class LockIn(TablePreset):
    """Retention by switching cost."""

    name = "lock-in"
    side = "US"
    title = "Lock-in"
    story = "Wins once and makes leaving costly, by contract and by silicon."
    government = _government(
        weights=(0.3, 0.4, 0.1, 0.2),
        min_package_mw=20,
        supply_bond=0.1,
        hosting_and_confidential=0.1,
        evaluation_kit=0,
        frame_geopolitical=0.3,
        frame_values=0,
        include_network=0.4,
        guardrail=0.4,
        capacity_building=0.1,
        coerce=0.3,
    )
    financiers = _banks(0.0)
    vendors = {"affiliation": 0.8, "lock_contract": 0.8, "lock_silicon": 0.8}


class ControlFirst(TablePreset):
    """Licences before sales."""

    name = "control-first"
    side = "US"
    title = "Control first"
    story = "Guards technology before it sells it, and uses its leverage."
    government = _government(
        weights=(0.3, 0.1, 0, 0.6),
        min_package_mw=50,
        supply_bond=0,
        hosting_and_confidential=0.2,
        evaluation_kit=0.2,
        frame_geopolitical=0.8,
        frame_values=0.4,
        include_network=0.2,
        guardrail=1,
        capacity_building=0,
        coerce=0.8,
        control_strictness=1,
        fast_lane=0,
    )
    financiers = _banks(0.0)
    vendors = {"affiliation": 1.0}


class NineRecommendations(TablePreset):
    """The nine levers of the Institute for Progress at once; the other columns keep the status quo."""

    name = "nine-recommendations"
    side = "US"
    title = "Nine recommendations"
    story = "Takes all nine recommendations of the Institute for Progress at once."
    government = _government(
        weights=(0, 0.5, 0.4, 0.1),
        min_package_mw=2,
        supply_bond=0.1,
        hosting_and_confidential=0.8,
        evaluation_kit=1,
        frame_geopolitical=0,
        frame_values=0,
        include_network=0.3,
        guardrail=0.7,
        capacity_building=0.1,
        coerce=0.3,
        gravity=0.2,
        industry_led=1,
        cloud_counts=1,
        consortium_required=0,
    )
    financiers = _banks(0.0)
    vendors = {"affiliation": 0.8}


TABLES = (
    StatusQuo,
    HeadlineChaser,
    ContestedFirst,
    SovereigntyGuarantor,
    RiskTolerantUnderwriter,
    ArmsLengthVendors,
    AllianceInfrastructure,
    LockIn,
    ControlFirst,
    NineRecommendations,
)


class Adaptive(AdaptivePreset):
    """The best of the tables, looked up anew every fourth year."""

    name = "adaptive"
    side = "US"
    title = "Adaptive"
    story = "Every fourth year takes the preset that answers China's last visible levers best."
    candidates = TABLES


PRESETS = (*TABLES, Adaptive)
