"""A test for every lever: a variant in which moving it from low to high shows both what it brings and what it costs.

A lever that only costs, or only pays, would be a fault in the model. Each test names two readings: `gain` moves the
way the lever's upside says, `cost` the way its downside says, both with a paired 95 % interval off zero. `cost_off`
names submodels that are switched off, and `cost_parameters` what is set, while the cost is looked at, where the two
would otherwise hide each other (a price, under the trust that it buys). `python -m
stackcraft.experiments.evidence.lever_tests` looks at all of them.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stackcraft.experiments.evidence.claim_tests import RUNS, SEED, UNTIL
from stackcraft.experiments.evidence.claims import (
    BY_SCORE,
    DOUBT,
    FUNDED,
    GUARANTEES,
    LAVISH,
    LOANS,
    OPEN,
    SOFTWARE,
    SOVEREIGN,
    TEAMS,
)
from stackcraft.experiments.evidence.paired_runs import Cell, run_cells
from stackcraft.experiments.statistics import paired_interval
from stackcraft.model.indicators import CLUB
from stackcraft.model.scenario import Scenario
from stackcraft.model.variants import Variant


@dataclass(frozen=True, kw_only=True)
class Witness:
    """The test of one lever. `gain` and `cost` are (reading, direction in which it moves from low to high)."""

    kind: str
    lever: str
    low: tuple[str, ...]
    high: tuple[str, ...]
    gain: tuple[str, int]
    cost: tuple[str, int]
    setting: tuple[str, ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()
    cost_off: tuple[str, ...] = ()
    cost_parameters: tuple[tuple[str, float], ...] = ()

    def sides(self, for_cost: bool = False) -> tuple[Variant, Variant]:
        """The two settings in which the gain is seen, or the cost."""
        parameters = (*self.parameters, *self.cost_parameters) if for_cost else self.parameters
        off = self.cost_off if for_cost else ()
        return tuple(
            Variant((*self.setting, *levers), parameters=parameters).without(*off) for levers in (self.low, self.high)
        )


@dataclass(frozen=True)
class Seen:
    """What a test measured: effects with 95 % intervals; `verdict` says whether both sides of the lever showed."""

    kind: str
    lever: str
    low: str
    high: str
    gain: str
    gain_effect: float
    gain_interval: tuple[float | None, float | None]
    cost: str
    cost_effect: float
    cost_interval: tuple[float | None, float | None]
    verdict: str


US = "us_government"


def _witness(
    kind: str, lever: str, low: str, high: str, gain: str, cost: str, setting: Sequence[str] = (), **more: object
) -> Witness:
    """Return a test from strings: levers with blanks between; readings after their direction, as in "+US chance"."""

    def signed(text: str) -> tuple[str, int]:
        return text[1:], 1 if text[0] == "+" else -1

    return Witness(
        kind=kind,
        lever=lever,
        low=tuple(low.split()),
        high=tuple(high.split()),
        gain=signed(gain),
        cost=signed(cost),
        setting=tuple(setting),
        **more,
    )


def _home(
    lever: str, low: float, high: float, gain: str, cost: str, setting: Sequence[str] = (), **more: object
) -> Witness:
    return _witness(
        "home_government", lever, f"{US}.{lever}={low}", f"{US}.{lever}={high}", gain, cost, setting, **more
    )


def _financier(
    lever: str,
    low: object,
    high: object,
    gain: str,
    cost: str,
    setting: Sequence[str] = FUNDED,
    who: str = "us_financiers",
    **more: object,
) -> Witness:
    return _witness("financier", lever, f"{who}.{lever}={low}", f"{who}.{lever}={high}", gain, cost, setting, **more)


def _vendor(
    lever: str,
    low: object,
    high: object,
    gain: str,
    cost: str,
    setting: Sequence[str] = (),
    who: str = "us_vendors",
    **more: object,
) -> Witness:
    return _witness("vendor", lever, f"{who}.{lever}={low}", f"{who}.{lever}={high}", gain, cost, setting, **more)


def _importer(
    lever: str,
    low: object,
    high: object,
    gain: str,
    cost: str,
    setting: Sequence[str] = (),
    who: str = "importers",
    **more: object,
) -> Witness:
    return _witness("importer", lever, f"{who}.{lever}={low}", f"{who}.{lever}={high}", gain, cost, setting, **more)


ADDED, RATE = "US chance added", "US chance added, a supported tender"

WITNESSES = (
    _home("budget_bn", 0.5, 20, f"+{ADDED}", "+US public cost", (*OPEN, f"{US}.subsidy=0.1")),
    _home("subsidy", 0, 0.3, "+US chance", "+US subsidy cost", (f"{US}.budget_bn=50",)),
    _home("weight_headline", 0, 1, "+US commitment a supported tender", f"-{RATE}", BY_SCORE),
    _home("weight_use", 0, 1, "+US absorption of the supported", f"-{RATE}", BY_SCORE),
    _home("weight_additional", 0, 1, f"+{RATE}", "-US absorption of the supported", BY_SCORE),
    _home("weight_strategic", 0, 1, "+US hub degree of the supported", f"-{RATE}", BY_SCORE),
    _home("gravity", 0, 1, "+US absorption of the supported", f"-{RATE}", (*FUNDED, f"{US}.weight_additional=1")),
    _witness(
        "home_government",
        "allocation",
        "",
        f"{US}.allocation.KEN=1",
        "+supported in KEN",
        "-supported elsewhere",
        BY_SCORE,
    ),
    _home("min_package_mw", 0, 500, "-US supported tenders", "-US countries supported", FUNDED[1:]),
    _home("cloud_counts", 0, 1, "+US renewed", "+refused for risk, us_dfc", FUNDED),
    _home("consortium_required", 0, 1, "+US layers a package", "-US packages won", FUNDED),
    _home(
        "include_network",
        0,
        1,
        "+US installed, network",
        "-US contested share of support",
        (
            *LAVISH,
            f"{US}.weight_additional=1",
            f"{US}.weight_headline=0",
            f"{US}.weight_strategic=0",
            f"{US}.weight_use=0",
            f"{US}.gravity=0",
            f"{US}.min_package_mw=0",
            "us_financiers.risk_tolerance=0.3",
            "us_financiers.commitment_limit_bn=100",
        ),
    ),
    _home(
        "allied_content",
        0,
        1,
        "+independent installed, network",
        "-US installed, network",
        (*FUNDED, f"{US}.include_network=1"),
    ),
    _home(
        "power_package", 0, 1, "-megawatts deferred", "-US chance, chips and cloud", ("cn_government.power_package=0",)
    ),
    _home("supply_bond", 0, 1, "-US true supply hazard", "-US concession stakes"),
    _home("local_hosting", 0, 1, "+sovereignty", "-US leverage"),
    _home("confidential_computing", 0, 1, "+sovereignty", "-US model lead", ("us_vendors.data_rights=1",)),
    _home("evaluation_kit", 0, 1, "-US error on security", "-US chance", cost_off=("beliefs", "standards_lever")),
    _home("capacity_building", 0, 1, "+US utilisation", "+US public cost", (f"{US}.budget_bn=50",)),
    _home("elicitation", 0, 1, "-idle capacity", "+US public cost"),
    _home("frame_geopolitical", 0, 1, "+US chance, allies", "-US chance, non-aligned"),
    _home("frame_values", 0, 1, "+US chance, allies", "-US chance, sceptical", (f"{US}.aid_bn=10",)),
    _home("industry_led", 0, 1, "+US chance, sceptical", "-US bids a tender"),
    _home("deniability", 0, 1, "+US chance, sceptical", f"-{ADDED}", FUNDED),
    _home("aid_bn", 0, 10, "+US goodwill", "+US public cost"),
    _home("respect_regulation", 0, 1, "+US chance, regulators", "+US tenders without bid"),
    _home("alliance_signal_bn", 0, 20, "+US chance, allies", "+US public cost", parameters=DOUBT),
    _home("umbrella_message", 0, 1, "-CN chance, allies", "-US trust of allies"),
    _home("pressure", 0, 1, "-CN chance", "-US trust"),
    _home("guardrail", 0, 1, "-US diversions", "-US chance", cost_off=("beliefs",)),
    _home("control_strictness", 0, 1, "-US diversions", "+US licence denials"),
    _home("fast_lane", 0, 1, "-US licence months", "+US diversions"),
    _home("standards", 0, 1, "+US chance", "+US public cost"),
    _home("advocacy", 0, 1, "+US bids a tender", "+US public cost"),
    _home("coerce", 0, 1, "+US concession stakes", "-US trust"),
    _home("compact", 0, 1, "-US diversions", f"-{ADDED}", LAVISH),
    # The delay is a fact, not a choice: it has no upside but that nothing is lent meanwhile.
    _home("start_delay_months", 0, 36, "-exposure, us_dfc", f"-{ADDED}", (*OPEN, f"{US}.budget_bn=8")),
    _home("agency_lag_months", 0, 12, "-US diversions", "+US months to operation", LAVISH),
    _witness("financier", "instrument_mix", LOANS, GUARANTEES, "-US risk held by the state", f"-{ADDED}", FUNDED),
    _financier("rate_pct", 12, 0, f"+{ADDED}", "+US public cost"),
    _financier(
        "tenor_years",
        1,
        30,
        f"+{ADDED}",
        "+exposure, us_dfc",
        (*FUNDED, "us_financiers.risk_tolerance=0.3", "us_financiers.grace_years=0"),
    ),
    _financier(
        "grace_years",
        0,
        10,
        f"+{ADDED}",
        "+exposure, us_exim",
        (*FUNDED, "us_financiers.tenor_years=15", "us_financiers.cap_bn=1000"),
    ),
    _financier("risk_tolerance", 0, 0.3, f"+{ADDED}", "+US default loss"),
    _financier(
        "strategic_premium",
        0,
        0.3,
        f"+{ADDED}",
        "+US default loss",
        (*FUNDED, "us_financiers.risk_tolerance=0", "us_financiers.sunset_year=2100"),
    ),
    _financier(
        "sunset_year",
        2025,
        2100,
        f"+{ADDED}",
        "+US default loss",
        (*FUNDED, "us_financiers.risk_tolerance=0", "us_financiers.strategic_premium=0.3"),
    ),
    _financier("commitment_limit_bn", 0.1, 50, f"+{ADDED}", "+exposure, us_dfc", OPEN),
    _financier("cap_bn", 36, 300, "+US supported tenders", "+exposure, us_exim", who="us_exim"),
    _financier("cap_date", 2026, 2100, f"+{ADDED}", "+exposure, us_dfc"),
    _financier("co_finance", 0, 0.9, "+US supported tenders", "+exposure, gulf_fund", OPEN, who="gulf_fund"),
    _witness("vendor", "deal_class", SOFTWARE, SOVEREIGN, "+US announced", "-US operating over signed"),
    _vendor("markup", 0.06, 0.5, "-US tenders without bid", "-US chance"),
    _vendor("bundle_discount", 0, 0.3, "+US packages won", "-US revenue over capacity"),
    _vendor("lock_contract", 0, 1, "+US renewed", "-US chance, sovereignty-minded"),
    _vendor("lock_silicon", 0, 1, "+US renewed", "+US perceived supply hazard"),
    _vendor("affiliation", 0, 1, f"+{ADDED}", "-US chance, sceptical", FUNDED),
    _vendor("relation", -1, 1, f"+{ADDED}", "-US chance, sceptical", FUNDED),
    _vendor("customisation", 0, 1, "+US utilisation", "+US months to operation"),
    _vendor("turnkey", 0, 1, "-US months to operation", "-US utilisation"),
    _vendor("option_value", 0, 1, "+US use five years on", "-US chance", cost_parameters=(("option_fit", 0.0),)),
    _vendor("open_weights", 0, 1, "+US chance, models", "-US revenue a win"),
    _vendor("data_rights", 0, 1, "+US model lead", "-US chance, sovereignty-minded"),
    _vendor(
        "sector_focus",
        "0,0,0,1",
        "1,0,0,0",
        "+use of applications, low income",
        "-use of applications, high income",
        who="vendors",
    ),
    _vendor("rnd_share", 0, 0.4, "+quality of cn_full_stack_champion", "+CN tenders without bid", who="cn_vendors"),
    _vendor("local_hosting", 0, 1, "+sovereignty", "-US leverage"),
    _vendor("confidential_computing", 0, 1, "+sovereignty", "-US model lead", ("us_vendors.data_rights=1",)),
    _witness(
        "vendor",
        "teams",
        "",
        TEAMS,
        "+US lead in the club over elsewhere",
        "-US bids a tender",
        parameters=(("considered_base", -3.0), ("team_weight_limit", 3.0)),
    ),
    _vendor("reexport", 0, 1, "+hub's sales on other stacks", "+US diversions", who="in_gulf_hub"),
    _importer("sovereignty", 0, 1, "+sovereignty", "+nothing bought"),
    _importer("hedge", 0, 1, "+multi-homing", "+cost of second sources"),
    _importer("clarity", 0, 1, "+all bids a tender", "-welfare", cost_off=("demand_bias", "consideration")),
    _importer("champion", 0, 1, "+sovereignty", "+champions given up"),
    _witness(
        "importer", "club", "", " ".join(f"{code}.club=1" for code in CLUB.split()), "+welfare, club", "-capacity, club"
    ),
    _importer("bargain", 0, 1, "+rent captured", "+nothing bought"),
    _importer("ban_us.cloud", 0, 1, "+CN chance", "-US bids a tender"),
    _importer("ban_cn.cloud", 0, 1, "+US chance", "-CN bids a tender"),
    _witness(
        "importer",
        "layer_priority",
        "importers.layer_priority.models=0.02",
        "importers.layer_priority.models=0.8",
        "+capacity, models",
        "-capacity, network",
    ),
    _importer("prestige", 0, 1, "+capacity, chips", "+idle capacity"),
)


def run(
    names: Sequence[str] | None = None,
    *,
    runs: int = RUNS,
    seed: int = SEED,
    threads: int | None = None,
    world: str = "world",
    until: int = UNTIL,
    note: Callable[[str], None] | None = None,
    witnesses: Sequence[Witness] = WITNESSES,
) -> list[Seen]:
    """Run the tests of all levers, or of those named, with `runs` paired runs on `world` to the January of `until`."""
    chosen = [one for one in witnesses if names is None or one.lever in names]
    base = Scenario.load("baseline").with_changes(world=world, years=(2025, until))
    cells = [
        Cell(setting, replicate)
        for one in chosen
        for for_cost in (False, True)
        for setting in one.sides(for_cost)
        for replicate in range(runs)
    ]
    readings = run_cells(cells, base=base, seed=seed, threads=threads, note=note)

    def effect(one: Witness, reading: str, for_cost: bool):
        low, high = one.sides(for_cost)
        return paired_interval(readings.values(high, reading, runs) - readings.values(low, reading, runs))

    found = []
    for one in chosen:
        gain, *gain_bounds = effect(one, one.gain[0], False)
        cost, *cost_bounds = effect(one, one.cost[0], True)
        seen = [_clear(gain_bounds, one.gain[1]), _clear(cost_bounds, one.cost[1])]
        verdict = {(True, True): "both sides seen", (True, False): "no cost seen", (False, True): "no gain seen"}.get(
            tuple(seen), "inert"
        )
        found.append(
            Seen(
                one.kind,
                one.lever,
                " ".join(one.low),
                " ".join(one.high),
                one.gain[0],
                gain,
                tuple(gain_bounds),
                one.cost[0],
                cost,
                tuple(cost_bounds),
                verdict,
            )
        )
    return found


def _clear(bounds: Sequence[float], direction: int) -> bool:
    """Whether an interval lies wholly on the side of `direction`."""
    low, high = bounds
    return low > 0 if direction > 0 else high < 0


def main() -> int:
    """Test every lever and print what was measured; 1 if a side of any lever does not show."""
    seen = run(note=lambda text: print(text, file=sys.stderr))
    for one in seen:
        gain = _told(one.gain, one.gain_effect, one.gain_interval)
        cost = _told(one.cost, one.cost_effect, one.cost_interval)
        print(f"{one.kind} {one.lever}: {one.verdict}; gain: {gain}; cost: {cost}")
    whole = sum(one.verdict == "both sides seen" for one in seen)
    print(f"Both sides of {whole} of {len(seen)} levers are seen, with 95 % intervals off zero.")
    return 0 if whole == len(seen) else 1


def _told(name: str, effect: float, bounds: Sequence[float]) -> str:
    low, high = bounds
    return f"{name} {effect:+.3g}" + (f" ({low:+.3g} to {high:+.3g})" if math.isfinite(low) else "")


if __name__ == "__main__":
    sys.exit(main())
