"""Presets of the Chinese side as one table. All values are judgements."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.names import LAYERS
from stackcraft.agents.strategies.base import Decision, Traits
from stackcraft.agents.strategies.home import answer
from stackcraft.agents.strategies.presets import STATUS_QUO, AdaptivePreset, TablePreset, stand_aside, table_preset
from stackcraft.agents.view import View

COLUMNS = (
    "subsidy", "capacity_building", "coerce", "risk_tolerance", "lock_contract", "open_weights", "turnkey",
    "affiliation",
)  # fmt: skip
RISK_SPREAD = 0.02  # China Development Bank tolerates this much less than the side's mean, China Exim this much more


def _preset(
    names: tuple[str, str], story: str, columns: tuple, *, loans: tuple[float, int, int] | None, layers: tuple = LAYERS
) -> type[TablePreset]:
    """Return the class of a preset: `names` are its name and title, `columns` the values of `COLUMNS`.

    `loans` are China Development Bank's rate in %, years and years of grace; None when neither bank lends at all
    (China Exim keeps its concessional terms). The subsidy is for `layers`.
    """
    values = dict(zip(COLUMNS, columns, strict=True))
    subsidy, risk = values.pop("subsidy"), values.pop("risk_tolerance")
    government = {"subsidy": tuple(subsidy if layer in layers else 0.0 for layer in LAYERS)}
    government |= {name: values.pop(name) for name in ("capacity_building", "coerce")}
    development, exim = {"risk_tolerance": risk - RISK_SPREAD}, {"risk_tolerance": risk + RISK_SPREAD}
    if loans is None:
        development["commitment_limit_bn"] = exim["commitment_limit_bn"] = 0.0
    else:
        development |= zip(("rate_pct", "tenor_years", "grace_years"), loans, strict=True)
    return table_preset("CN", names, story, government, {"cn_development_bank": development, "cn_exim": exim}, values)


NEAR_MARKET, CONCESSIONAL, MARKET = (4.2, 10, 2), (2.85, 16, 5), (5.5, 7, 1)
TABLES = (
    _preset(
        (STATUS_QUO, "Status quo 2025"),
        "Ready-made projects at a discount, financed near market rates, with open models beside them.",
        (0.15, 0.4, 0.15, 0.10, 0.4, 0.7, 0.7, 0.8),
        loans=NEAR_MARKET,
    ),
    _preset(
        ("loss-leader-policy-bank", "Loss leader on policy-bank credit"),
        "Sells below cost on concessional loans and takes the risk on the public book.",
        (0.30, 0.4, 0.2, 0.20, 0.6, 0.5, 0.8, 1.0),
        loans=CONCESSIONAL,
    ),
    _preset(
        ("open-weights-flood", "Open-weights flood"),
        "Gives models away, binds nobody and lends nothing.",
        (0.05, 0.3, 0.05, 0.05, 0.0, 1.0, 0.2, 0.2),
        loans=None,
    ),
    _preset(
        ("turnkey-and-training", "Turnkey and training"),
        "Delivers ready-made projects on concessional loans and trains the people who run them.",
        (0.20, 0.9, 0.1, 0.12, 0.5, 0.6, 1.0, 0.8),
        loans=CONCESSIONAL,
    ),
    _preset(
        ("pipes-first", "Pipes first"),
        "Subsidises networks alone and lets them pull the other layers along.",
        (0.30, 0.4, 0.2, 0.12, 0.7, 0.5, 0.8, 0.8),
        loans=NEAR_MARKET,
        layers=("network",),
    ),
    _preset(
        ("quiet-commercial", "Quiet and commercial"),
        "Lets firms sell at market terms, far from the state and without threats.",
        (0.05, 0.4, 0.0, 0.04, 0.2, 0.8, 0.3, 0.1),
        loans=MARKET,
    ),
    _preset(
        ("coercive-leverage", "Coercive leverage"),
        "Ties buyers in and uses their dependence in disputes.",
        (0.15, 0.2, 0.8, 0.10, 0.9, 0.3, 0.8, 1.0),
        loans=NEAR_MARKET,
    ),
    stand_aside("CN"),
)


class TitForTat(TABLES[0]):
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


class Adaptive(AdaptivePreset):
    """The best of the tables, looked up again every fourth year."""

    name = "adaptive"
    side = "CN"
    title = "Adaptive"
    story = "Every fourth year takes the preset that answers the United States' last visible levers best."
    candidates = TABLES


PRESETS = (*TABLES, TitForTat, Adaptive)
