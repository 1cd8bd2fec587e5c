"""A made-up run with the names of the real thing: no simulation is needed to test what is shown of one."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from stackcraft.agents.names import (
    BELIEF_CHANNELS,
    FINANCIERS,
    HOMES,
    IMPORTERS,
    INCOME_GROUPS,
    LAYERS,
    STACKS,
    VENDORS,
    WEIGHTS,
)
from stackcraft.model.loop.codes import OUTCOMES
from stackcraft.viz.words.deals import TERM_TITLES
from tests.viz import made_up_findings

FLOWS = [
    "tenders_won",
    "announced_bn",
    "signed_deals",
    "operating_deals",
    "delivered_bn",
    "cancelled_deals",
    "novated_deals",
    "renewed_deals",
    "switched_deals",
    "lapsed_deals",
    "cut_deals",
    "defaulted_deals",
    "private_capital_bn",
    "public_cost_bn",
    "subsidy_cost_bn",
    "default_loss_bn",
    "recovered_bn",
    "supported_tenders",
    "additional_wins",
    "slots_used",
    "blocked_by_rule",
    "diversions",
    "later_restrictions",
    "licence_denials",
    "licence_months",
    "friction_losses",
    "rent_captured_bn",
    "packages_won",
    "package_layers",
    "tenders_without_bid",
]


def made_up_results(runs=8, years=(2025, 2045), countries=IMPORTERS, seed=0, tilt=0.0):
    """A Dataset of plausible shape and size; `tilt` moves shares from the US to China with time."""
    rng = np.random.default_rng(seed)
    span = np.arange(years[0], years[1] + 1)
    Y, C, L, S = len(span), len(countries), len(LAYERS), len(STACKS)
    start = rng.normal([0.5, -0.2, -0.4], 0.8, (C, L, S)) + rng.normal(0, 0.9, (C, 1, S))
    start[:, 0] += [-1.2, 0.6, 0.9]
    drift = rng.normal([0.2 - tilt, 0.3 + tilt, -0.5], 0.5, (1, 1, C, L, S)) + rng.normal(0, 0.35, (runs, 1, C, L, S))
    time = ((span - span[0]) / max(1, Y - 1))[None, :, None, None, None]
    score = np.exp(start[None, None] + drift * time)
    installed = score / score.sum(-1, keepdims=True)
    used = installed**1.1
    used /= used.sum(-1, keepdims=True)
    weight = rng.pareto(1.2, C) + 0.01
    weights = np.stack([weight, weight**1.1, weight**0.7, np.ones(C), (np.arange(C) % 4 == 0) * 1.0])
    weights /= weights.sum(1, keepdims=True)
    base = {
        "run": np.arange(runs),
        "year": span,
        "country": list(countries),
        "layer": list(LAYERS),
        "stack": list(STACKS),
    }
    base |= {
        "vendor": list(VENDORS),
        "home": list(HOMES),
        "financier": list(FINANCIERS),
        "channel": list(BELIEF_CHANNELS),
    }
    base |= {"income_group": list(INCOME_GROUPS), "weight": list(WEIGHTS)}
    full, world, side = (
        ("run", "year", "country", "layer", "stack"),
        ("run", "year", "weight", "layer", "stack"),
        ("run", "year", "stack"),
    )
    data = {
        "installed": (full, installed),
        "utilised": (full, used),
        "world_installed": (world, np.einsum("wc,ryclS->rywlS", weights, installed)),
        "world_utilised": (world, np.einsum("wc,ryclS->rywlS", weights, used)),
        "perceived_hazard": (("run", "year", "country", "stack", "channel"), rng.beta(2, 20, (runs, Y, C, S, 3))),
        "true_hazard": (
            ("run", "year", "country", "stack", "channel"),
            np.broadcast_to(rng.uniform(0.01, 0.08, (S, 3)), (runs, Y, C, S, 3)).copy(),
        ),
        "welfare": (("run", "year", "country"), rng.normal(1, 0.4, (runs, Y, C))),
        "status": (("run",), np.zeros(runs, int)),
    }
    size = np.array([1.0, 1.1, 0.6])
    for name in FLOWS:
        data[name] = (side, rng.poisson(18, (runs, Y, S)) * size * (0.06 if name.endswith("_bn") else 1.0))
    data["delivered_bn"] = (side, data["announced_bn"][1] * rng.uniform(0.4, 0.7, (runs, Y, S)))
    data["months_to_operation"] = (side, rng.normal([26, 22, 20], 2, (runs, Y, S)))
    data["utilisation"] = (side, rng.uniform(0.4, 0.7, (runs, Y, S)))
    data["adopters_5y"] = (side, rng.poisson(12, (runs, Y, S)) * 1.0)
    data["adopters_retained_5y"] = (side, np.floor(data["adopters_5y"][1] * 0.7))
    for name in (*FLOWS, "delivered_bn", "adopters_5y", "adopters_retained_5y"):
        data[name][1][:, 0] = 0.0  # flows are of the twelve months before: the first January has none
    data["budget_bn"] = (("run", "year", "home"), rng.uniform(1, 4, (runs, Y, 2)))
    return xr.Dataset(data, coords=base, attrs={"title": "made up"})


def made_up_deals(deals=300, seed=1, run=0):
    """A ledger whose utility terms add up and whose outcomes cover every word."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(deals):
        vendor, rival = rng.choice(VENDORS, 2, replace=False)
        stack = {"us": "US", "cn": "CN", "in": "independent"}[vendor[:2]]
        won, lost = rng.normal(0, 0.4, len(TERM_TITLES)), rng.normal(-0.05, 0.4, len(TERM_TITLES))
        signed = 2025 + 20 * rng.random()
        supported = bool(rng.random() < 0.4)
        chance = float(rng.uniform(0.1, 0.95))
        row = {
            "run": run,
            "deal": i,
            "package": -1,
            "country": rng.choice(IMPORTERS),
            "layer": rng.choice(LAYERS),
            "vendor": vendor,
            "stack": stack,
            "class": "narrow",
            "mode": "operated",
            "megawatts": float(rng.choice([0, 20, 150])),
            "value_bn": (value := float(rng.pareto(1.5) * 0.3 + 0.01)),
            "announced_bn": value,
            "capacity": 0.1,
            "signed": signed,
            "financed": signed + 0.5,
            "operating": signed + 2,
            "ended": np.nan,
            "outcome": OUTCOMES[i % len(OUTCOMES)],
            "origin": "tender",
            "supported": supported,
            "financier": "us_exim" if supported else "",
            "instrument": "guarantee",
            "loan_bn": 0.1,
            "grant_bn": 0.0,
            "term_years": 5.0,
            "utilisation": 0.5,
            "utility": won.sum(),
            "runner_up": rival,
            "runner_up_utility": lost.sum(),
            "win_probability": chance,
            "win_probability_unsupported": chance * 0.7 if supported else chance,
            "renewals": 0,
        }
        row |= {f"term_{name}": value for name, value in zip(TERM_TITLES, won, strict=True)}
        row |= {f"runner_up_term_{name}": value for name, value in zip(TERM_TITLES, lost, strict=True)}
        rows.append(row)
    return pd.DataFrame(rows)


def made_up_simulation(runs=8, title="Made up", **changes):
    """What a report needs of a simulation: results, deals, scenario, seed."""
    scenario = SimpleNamespace(
        name="made-up",
        title=title,
        story="A story in one sentence.",
        world="world",
        years=(2025, 2045),
        presets={"US": "status-quo-2025", "CN": "status-quo-2025"},
        strategies={"KEN": "hedge"},
        levers=("us_government.supply_bond=0.9",),
        parameters={"supply_fear": 3.0},
        events=(),
        off=("shocks",),
        runs=runs,
        seed=7,
    )
    return SimpleNamespace(
        results=made_up_results(runs, **changes), deals=made_up_deals(), scenario=scenario, runs=runs, seed=7
    )


@pytest.fixture(scope="session")
def simulation():
    return made_up_simulation()


@pytest.fixture(scope="session")
def other_simulation():
    return made_up_simulation(title="Tilted", tilt=0.6)


@pytest.fixture(scope="session")
def make_simulation():
    return made_up_simulation


@pytest.fixture(scope="session")
def findings():
    return made_up_findings.made_up_findings()


@pytest.fixture(scope="session")
def make():
    """The makers of single charts and tables, by name."""
    return made_up_findings
