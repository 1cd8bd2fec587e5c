"""Presets of the Chinese side, each written out as a full table. All are judgements.

Every preset names the same columns in the same order.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from stackcraft.agents.names import LAYERS
from stackcraft.agents.strategies.base import Decision, Traits
from stackcraft.agents.strategies.home import answer
from stackcraft.agents.strategies.presets import STATUS_QUO, AdaptivePreset, TablePreset
from stackcraft.agents.view import View

RISK_SPREAD = 0.02  # China Development Bank stands this far below the side's mean tolerance, China Exim above


def _table(
    *,
    subsidy: float | dict[str, float],
    rate_and_tenor: tuple[float, float] | None,
    risk: float,
    lock: float,
    open_weights: float,
    capacity: float,
    turnkey: float,
    affiliation: float,
    coerce: float,
) -> tuple[dict[str, Any], dict[str, dict[str, float]], dict[str, float]]:
    """Government, financiers and vendors of one preset.

    `subsidy` holds for every layer, or only for those named; `rate_and_tenor` are China Development Bank's, in %
    and years, None when neither bank lends at all (China Exim keeps its concessional terms); `risk` is the two
    banks' mean tolerance.
    """
    each = subsidy if isinstance(subsidy, dict) else dict.fromkeys(LAYERS, subsidy)
    government = {
        "subsidy": tuple(each.get(layer, 0.0) for layer in LAYERS),
        "capacity_building": capacity,
        "coerce": coerce,
    }
    development: dict[str, float] = {"risk_tolerance": risk - RISK_SPREAD}
    exim: dict[str, float] = {"risk_tolerance": risk + RISK_SPREAD}
    if rate_and_tenor is None:
        development["commitment_limit_bn"] = exim["commitment_limit_bn"] = 0.0
    else:
        rate, tenor = rate_and_tenor
        grace = {7: 1, 10: 2, 16: 5}[int(tenor)]
        development.update(rate_pct=rate, tenor_years=tenor, grace_years=grace)
    vendors = {"lock_contract": lock, "open_weights": open_weights, "turnkey": turnkey, "affiliation": affiliation}
    return government, {"cn_development_bank": development, "cn_exim": exim}, vendors


class StatusQuo(TablePreset):
    """The offer as it stood in 2025."""

    name = STATUS_QUO
    side = "CN"
    title = "Status quo 2025"
    story = "Ready-made projects at a discount, financed near market rates, with open models beside them."
    government, financiers, vendors = _table(
        subsidy=0.15,
        rate_and_tenor=(4.2, 10),
        risk=0.10,
        lock=0.4,
        open_weights=0.7,
        capacity=0.4,
        turnkey=0.7,
        affiliation=0.8,
        coerce=0.15,
    )


class LossLeader(TablePreset):
    """Cheap equipment on concessional loans."""

    name = "loss-leader-policy-bank"
    side = "CN"
    title = "Loss leader on policy-bank credit"
    story = "Sells below cost on concessional loans and takes the risk on the public book."
    government, financiers, vendors = _table(
        subsidy=0.30,
        rate_and_tenor=(2.85, 16),
        risk=0.20,
        lock=0.6,
        open_weights=0.5,
        capacity=0.4,
        turnkey=0.8,
        affiliation=1.0,
        coerce=0.2,
    )


class OpenWeightsFlood(TablePreset):
    """Reach without finance."""

    name = "open-weights-flood"
    side = "CN"
    title = "Open-weights flood"
    story = "Gives models away, binds nobody and lends nothing."
    government, financiers, vendors = _table(
        subsidy=0.05,
        rate_and_tenor=None,
        risk=0.05,
        lock=0.0,
        open_weights=1.0,
        capacity=0.3,
        turnkey=0.2,
        affiliation=0.2,
        coerce=0.05,
    )


class TurnkeyAndTraining(TablePreset):
    """Ready-made projects with people trained to run them."""

    name = "turnkey-and-training"
    side = "CN"
    title = "Turnkey and training"
    story = "Delivers ready-made projects on concessional loans and trains the people who run them."
    government, financiers, vendors = _table(
        subsidy=0.20,
        rate_and_tenor=(2.85, 16),
        risk=0.12,
        lock=0.5,
        open_weights=0.6,
        capacity=0.9,
        turnkey=1.0,
        affiliation=0.8,
        coerce=0.1,
    )


class PipesFirst(TablePreset):
    """Networks first."""

    name = "pipes-first"
    side = "CN"
    title = "Pipes first"
    story = "Subsidises networks alone and lets them pull the other layers along."
    government, financiers, vendors = _table(
        subsidy={"network": 0.30},
        rate_and_tenor=(4.2, 10),
        risk=0.12,
        lock=0.7,
        open_weights=0.5,
        capacity=0.4,
        turnkey=0.8,
        affiliation=0.8,
        coerce=0.2,
    )


class QuietCommercial(TablePreset):
    """Firms in front, state behind."""

    name = "quiet-commercial"
    side = "CN"
    title = "Quiet and commercial"
    story = "Lets firms sell at market terms, far from the state and without threats."
    government, financiers, vendors = _table(
        subsidy=0.05,
        rate_and_tenor=(5.5, 7),
        risk=0.04,
        lock=0.2,
        open_weights=0.8,
        capacity=0.4,
        turnkey=0.3,
        affiliation=0.1,
        coerce=0.0,
    )


class CoerciveLeverage(TablePreset):
    """Presence as leverage."""

    name = "coercive-leverage"
    side = "CN"
    title = "Coercive leverage"
    story = "Ties buyers in and uses their dependence in disputes."
    government, financiers, vendors = _table(
        subsidy=0.15,
        rate_and_tenor=(4.2, 10),
        risk=0.10,
        lock=0.9,
        open_weights=0.3,
        capacity=0.2,
        turnkey=0.8,
        affiliation=1.0,
        coerce=0.8,
    )


class TitForTat(StatusQuo):
    """The status quo, and on top of it what the rival adds to its subsidies and coercion."""

    name = "tit-for-tat"
    title = "Tit for tat"
    story = "Keeps the status quo, and answers what the United States adds to its subsidies and coercion a year later."
    traits = Traits(adaptive=True)

    def decide(self, view: View, plan: np.ndarray) -> Decision:
        """The status quo and what the rival's subsidy and coercion of last year exceed its own status quo by."""
        decision = dict(super().decide(view, plan))
        if view.kind == "home_government":
            decision.update({name: answer(view, name) for name in ("subsidy", "coerce")})
        return decision


TABLES = (StatusQuo, LossLeader, OpenWeightsFlood, TurnkeyAndTraining, PipesFirst, QuietCommercial, CoerciveLeverage)


class Adaptive(AdaptivePreset):
    """The best of the tables, looked up anew every fourth year."""

    name = "adaptive"
    side = "CN"
    title = "Adaptive"
    story = "Every fourth year takes the preset that answers the United States' last visible levers best."
    candidates = TABLES


PRESETS = (*TABLES, TitForTat, Adaptive)
