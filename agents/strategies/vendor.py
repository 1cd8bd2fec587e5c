"""Strategies of vendors."""

from __future__ import annotations

import numpy as np

from stackcraft.agents.strategies.base import Decision, Strategy, Table, Traits
from stackcraft.agents.view import VendorView

CLARITY_POWER = 4  # judgement: how strongly teams gather where buyers are clear


class Default(Table):
    """Keeps what the side preset or the profile says."""

    name = "default"
    kind = "vendor"
    title = "Default"
    story = "Sells as its profile sells today."
    table = {}


class SaturateNow(Strategy):
    """Sells much, quickly, wherever demand is large."""

    name = "saturate-now"
    kind = "vendor"
    title = "Saturate now"
    story = "Sells ready-made sovereign compute at a thin margin wherever demand is largest."
    traits = Traits(adaptive=True, reads=frozenset({"demand"}))

    def decide(self, view: VendorView) -> Decision:
        """Teams in proportion to the demand seen."""
        return {
            "deal_class": (0.6, 0.3, 0.1),
            "turnkey": 0.9,
            "customisation": 0.1,
            "markup": 0.25,
            "teams": _shares(view.public.demand)[:, np.newaxis],
        }


class DeepCustomise(Strategy):
    """Works long with few, clear buyers."""

    name = "deep-customise"
    kind = "vendor"
    title = "Deep customisation"
    story = "Tailors narrow deals to buyers who know what they need, and keeps them adaptable."
    traits = Traits(adaptive=True, reads=frozenset({"buyer_levers"}))

    def decide(self, view: VendorView) -> Decision:
        """Teams in proportion to a power of the clarity that buyers showed last year."""
        return {
            "deal_class": (0.2, 0.6, 0.2),
            "customisation": 0.9,
            "option_value": 0.7,
            "turnkey": 0.1,
            "teams": _shares(view.public.buyer_levers["clarity"] ** CLARITY_POWER)[:, np.newaxis],
        }


class LockIn(Table):
    """Makes leaving costly."""

    name = "lock-in"
    kind = "vendor"
    title = "Lock-in"
    story = "Binds buyers by contract, by its own chips and by their data, and sweetens the bundle."
    table = {
        "lock_contract": 0.8,
        "lock_silicon": 0.8,
        "bundle_discount": 0.15,
        "data_rights": 0.7,
        "open_weights": 0.0,
    }


class SovereigntyVirtue(Table):
    """Makes leaving easy, and says so."""

    name = "sovereignty-virtue"
    kind = "vendor"
    title = "Sovereignty as a virtue"
    story = "Hosts locally, opens its models, sees no data and binds nobody."
    table = {
        "local_hosting": 1.0,
        "confidential_computing": 0.8,
        "open_weights": 0.9,
        "lock_contract": 0.0,
        "lock_silicon": 0.0,
        "data_rights": 0.0,
    }


class KeepDistance(Table):
    """Stays away from its own government. With so little affiliation and so cool a relation it draws no finance."""

    name = "keep-distance"
    kind = "vendor"
    title = "Keep one's distance"
    story = "Asks its government for nothing and is seen to quarrel with it."
    table = {"affiliation": 0.1, "relation": -0.5}


def _shares(weights: np.ndarray) -> np.ndarray:
    """Weights along the last axis as shares; even where all are zero."""
    weights = np.fmax(weights, 0.0)  # fmax takes 0 for NaN
    total = weights.sum(axis=-1, keepdims=True)
    even = 1.0 / weights.shape[-1]
    return np.where(total > 0, weights / np.where(total > 0, total, 1.0), even)


STRATEGIES = (Default, SaturateNow, DeepCustomise, LockIn, SovereigntyVirtue, KeepDistance)
