"""Public finance of the status quo: who commits how much, by which instrument, what fails, and what a budget buys.

Commitments stand beside public figures (`experiments/evidence/levels.py`); shares of instruments are told by side,
income group and layer. The budget of each home is then moved from nil to its highest value, under the same luck.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from stackcraft.agents.names import FINANCIERS, HOMES, INCOME_GROUPS, INSTRUMENTS, LAYERS, SIDES, STACKS
from stackcraft.experiments.checks.base import status_quo
from stackcraft.experiments.checks.check import Check, at_least, report, within
from stackcraft.experiments.checks.levels import check_of
from stackcraft.experiments.evidence import levels
from stackcraft.experiments.evidence.level_readings import Model, public
from stackcraft.experiments.statistics import mean_over_runs, paired_interval
from stackcraft.experiments.variants import run_variants
from stackcraft.model import Scenario, Simulation
from stackcraft.model.indicators import INDICATORS, Records
from stackcraft.model.variants import Variant, crossed

RUNS, SEED = 32, 2025
BUDGET_RUNS = 16
BUDGETS = (0.0, 2.0, 5.0, 10.0, 20.0, 50.0)  # bn$ a year
FIGURES_UNTIL = 2031  # public figures reach no further
MOST_EXTRA = 1e-9  # bn$: what nil may cost
# Ten-year default and recovery of project loans (Moody's), and how near the book must come; %.
DEFAULTS, DEFAULTS_NEAR = 6.7, 1.0
RECOVERY, RECOVERY_NEAR = 80.0, 5.0
COVER, LOANS = ("guarantee", "insurance"), ("concessional_loan", "direct_loan")
# What a home spends outside its programme; at nil beside the budget, nothing is left that could cost.
ELSEWHERE = ("aid_bn", "alliance_signal_bn", "advocacy", "standards", "elicitation", "supply_bond")


def checks(threads: int | None = None, world: str = "world", runs: int = RUNS) -> Iterator[Check]:
    """On the status quo of the real world, then over budgets."""
    scenario = status_quo(world=world)
    with Simulation(scenario, runs=runs, seed=SEED, ledger_runs=runs, threads=threads) as simulation:
        while simulation.year < FIGURES_UNTIL:
            simulation.step()
        yield from beside_public_figures(simulation)
        simulation.run()
        deals, groups = simulation.deals, dict(zip(simulation.inputs.iso3, simulation.inputs.income_group, strict=True))
        yield from instruments(deals.assign(income=deals["country"].map(groups)), runs * _years(scenario))
        yield from the_book(Records.of_simulation(simulation), scenario)
    yield from budgets(scenario, min(runs, BUDGET_RUNS), threads)


def beside_public_figures(simulation: Simulation) -> Iterator[Check]:
    """Commitments a year of each institution over the public figure: within a factor of two, or the reason."""
    model, figures = Model(simulation), public()
    for level in levels.LEVELS:
        if "commitments" in level.what:
            row = check_of(levels.measured(level, [model], figures))
            row.group = "finance"
            yield row


def instruments(deals: Any, years: float) -> Iterator[Check]:
    """Deals with public finance: by institution, and by side, income group and layer the shares of the instruments.

    `deals` is the table of deals with a column `income`, the place of the country's income group; `years` counts the
    years of all runs together.
    """
    new = deals[~deals["origin"].isin(("legacy", "renewal"))]
    for financier in FINANCIERS:
        own = deals[deals["financier"] == financier]
        yield report(
            "finance",
            f"{financier}, share of new deals: {_words(own, years)}",
            "deals that the institution finances over all new deals",
            len(own) / max(len(new), 1),
        )
    for place, side in enumerate(SIDES):
        own = deals[deals["financier"].isin(FINANCIERS[2 * place : 2 * place + 2])]
        parts = {"all": own}
        for at, group in enumerate(INCOME_GROUPS):
            parts[f"{group.replace('_', ' ')} income"] = own[own["income"] == at]
        parts |= {layer: own[own["layer"] == layer] for layer in LAYERS}
        for name, part in parts.items():
            yield report(
                "finance",
                f"{side}, {name}, share under guarantee or insurance: {_words(part, years)}",
                "deals with a guarantee or insurance over deals with public finance",
                _share(part, COVER),
            )
        mine, other = (COVER, LOANS) if side == "US" else (LOANS, COVER)
        yield at_least(
            "finance",
            f"{side}: {'cover less loans' if side == 'US' else 'loans less cover'}",
            f"share of deals with {' or '.join(mine)} less that with {' or '.join(other)}".replace("_", " "),
            _share(own, mine) - _share(own, other),
            0.0,
            _mix(own),
        )


def the_book(records: Records, scenario: Scenario) -> Iterator[Check]:
    """Ten-year default, recovery and losses of all loans of all runs."""
    default, recovered = (
        100 * float(mean_over_runs(INDICATORS[name](records)))
        for name in ("all_defaults_in_ten_years", "recovery_of_loans")
    )
    by_financier = records.total("lost_bn").mean(axis=0)
    lost = ", ".join(f"{name} {value:.2f}" for name, value in zip(FINANCIERS, by_financier, strict=True))
    yield within(
        "finance",
        f"ten-year default, {default:.1f} % against {DEFAULTS} %",
        "distance of the ten-year default of all loans, extensions counted, from Moody's, points",
        abs(default - DEFAULTS),
        DEFAULTS_NEAR,
    )
    yield within(
        "finance",
        f"recovery, {recovered:.1f} % against {RECOVERY:g} %",
        "distance of what comes back of what is written off from Moody's, points",
        abs(recovered - RECOVERY),
        RECOVERY_NEAR,
    )
    span = f"bn$ lost for good in {_years(scenario)} years"
    yield report("finance", f"{span}, by lender: {lost}", "what recoveries will not bring back", by_financier.sum())
    for side, loss in zip(STACKS, records.total("default_loss_bn").mean(axis=0), strict=True):
        if side in SIDES:
            yield report(
                "finance", f"{side}: public losses in {_years(scenario)} years, bn$", "net of recoveries", loss
            )


def budgets(scenario: Scenario, runs: int, threads: int | None) -> Iterator[Check]:
    """Supported tenders, public cost and additional wins rise with the budget of each home, and nil costs nil."""
    for place, home in enumerate(HOMES):
        steps = [Variant((f"{home}.budget_bn={budget:g}",)) for budget in BUDGETS]
        nothing = Variant((*steps[0].levers, *(f"{home}.{lever}=0" for lever in ELSEWHERE)))
        places, replicates = crossed([*steps, nothing], range(runs))
        found = run_variants(
            scenario, places, replicates, lambda simulation, at=place: _read(simulation, at), threads=threads
        )
        by_step = {name: values.reshape(-1, runs) for name, values in found.items()}
        yield from monotone(SIDES[place], {name: values[:-1] for name, values in by_step.items()})
        for name in by_step:
            yield within(
                "finance",
                f"{SIDES[place]}, nil: {name}",
                f"most {name} of any run without a budget{', nor spending elsewhere' if name == 'public cost' else ''}",
                float(np.abs(by_step[name][-1 if name == "public cost" else 0]).max()),
                MOST_EXTRA,
            )


def monotone(side: str, by_step: Mapping[str, np.ndarray]) -> Iterator[Check]:
    """No reading falls from one budget to the next by more than luck; `by_step` has (budgets, runs), paired by run.

    A programme that has all it can use changes by luck alone, so a step counts as a fall where its 95 % interval lies
    below nil.
    """
    for name, values in by_step.items():
        steps = [paired_interval(more - less) for less, more in pairwise(values)]
        means = ", ".join(
            f"{budget:g}: {value:.4g}" for budget, value in zip(BUDGETS, values.mean(axis=1), strict=True)
        )
        yield within(
            "finance",
            f"{side}, {name} by bn$ a year of budget: {means}",
            f"largest fall of {name} from one budget to the next that luck does not explain",
            max(0.0, *(-step.high for step in steps)),
            0.0,
            "; ".join(f"{step.mean:+.3g} ({step.low:+.3g} to {step.high:+.3g})" for step in steps),
        )
        added = paired_interval(values[-1] - values[0])
        yield Check(
            "finance",
            f"{side}, {name} from nil to {BUDGETS[-1]:g} bn$ a year",
            f"lower end of the 95 % interval of what the whole budget adds to {name}",
            added.low,
            0.0,
            bool(added.low > 0),
            f"{added.mean:+.3g} ({added.low:+.3g} to {added.high:+.3g})",
            sense=">",
        )


def _read(simulation: Simulation, place: int) -> dict[str, np.ndarray]:
    records = Records.of_simulation(simulation)
    return {
        "supported tenders": records.total("supported_tenders")[:, place],
        "public cost": records.total("public_cost_bn")[:, place],
        "additional wins": records.total("additional_wins")[:, place],
    }


def _years(scenario: Scenario) -> int:
    return scenario.years[1] - scenario.years[0]


def _money(deals: Any) -> float:
    """Loans, cover and grants of some deals, bn$."""
    return float(deals["loan_bn"].fillna(0).sum() + deals["grant_bn"].fillna(0).sum())


def _share(deals: Any, chosen: Sequence[str]) -> float:
    """Share of deals with one of these instruments; NaN without deals."""
    return float(deals["instrument"].isin(chosen).mean()) if len(deals) else float("nan")


def _words(deals: Any, years: float) -> str:
    """Say how many deals and how much money there are a year, and the instruments."""
    return f"{len(deals) / years:.1f} deals and {_money(deals) / years:.2f} bn$ a year, {_mix(deals)}"


def _mix(deals: Any) -> str:
    """Say which share of the deals each instrument has."""
    if not len(deals):
        return "none"
    return ", ".join(
        f"{name.replace('_', ' ')} {100 * _share(deals, (name,)):.0f} %"
        for name in INSTRUMENTS
        if (deals["instrument"] == name).any()
    )
