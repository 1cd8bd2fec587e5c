"""What is read from a run when claims and levers are tried: each reading is one number a run.

A reading looks at the yearbook only (see `stackcraft.model.measures`), at what a user can see too. Chances are means of
the chance that a stack wins an unsupported tender, over the years after the first January; shares are those of the last
January.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stackcraft.agents.names import LAYERS, VENDORS

US, CN, INDEPENDENT = range(3)
NETWORK, CHIPS, CLOUD, DATA, MODELS, SECURITY, APPLICATIONS = range(7)
LOW, MIDDLE, HIGH = range(3)
SUPPLY, BREACH, COMMITMENT = range(3)
ALLY = 0.5


class Outcome:
    """A simulation seen through its yearbook. Arrays have the run axis first.

    `records` looks at the first so many Januaries only, `run` at one run, which is then an axis of length 1.
    """

    def __init__(self, simulation, records: int | None = None, run: int | None = None) -> None:
        years = simulation.year - simulation.years[0] + 1 if records is None else records
        self.book = simulation.world.book[slice(None) if run is None else slice(run, run + 1), :years]
        self.inputs = simulation.inputs
        self.countries = len(simulation.inputs.iso3)
        self.facts = simulation.world.facts[0]

    def total(self, name: str) -> np.ndarray:
        """A flow summed over the years."""
        return self.book[name][:, 1:].sum(axis=1, dtype=float)

    def last(self, name: str) -> np.ndarray:
        """A stock on the last January."""
        return self.book[name][:, -1].astype(float)

    def mean(self, name: str) -> np.ndarray:
        """A stock averaged over the years after the first January."""
        return self.book[name][:, 1:].mean(axis=1, dtype=float)

    def third(self, what: str, which: int) -> np.ndarray:
        """Countries of a tercile, bool (countries,)."""
        return self.facts[f"tercile_{what}"][: self.countries] == which

    def chance(self, stack: int, where: np.ndarray | None = None, layer: int | None = None) -> np.ndarray:
        """Mean chance that a stack wins an unsupported tender, over countries `where`, layers and years."""
        chances = self.book["win_probability"][:, 1:, : self.countries, :, stack]
        if layer is not None:
            chances = chances[..., layer : layer + 1]
        if where is not None:
            chances = chances[:, :, where]
        return chances.mean(axis=(1, 2, 3), dtype=float)

    def country(self, name: str, where: np.ndarray | None = None) -> np.ndarray:
        """A country stock of the last January, averaged over countries."""
        values = self.book[name][:, -1, : self.countries].astype(float)
        return values[:, where].mean(axis=1) if where is not None else values.mean(axis=1)


@dataclass(frozen=True)
class Reading:
    """One reading: `function` takes an `Outcome` and gives shape (runs,); NaN where there is nothing to read."""

    name: str
    unit: str
    sentence: str
    function: Callable[[Outcome], np.ndarray]

    def __call__(self, outcome: Outcome) -> np.ndarray:
        return np.asarray(self.function(outcome), dtype=float)


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """above / below; NaN where there is nothing to divide by."""
    return np.where(np.abs(below) > 1e-12, above / np.where(np.abs(below) > 1e-12, below, 1.0), np.nan)


def _installed(o: Outcome, stack: int, layer: int | None = None, where: np.ndarray | None = None) -> np.ndarray:
    """Mean installed share over countries (all, or `where`) and layers, last January."""
    shares = o.book["installed"][:, -1, : o.countries, :, stack].astype(float)
    if where is not None:
        shares = shares[:, where]
    return shares[..., layer].mean(axis=1) if layer is not None else shares.mean(axis=(1, 2))


def _allies(o: Outcome) -> np.ndarray:
    return o.inputs.ally[:, 0] >= ALLY


def _hazard(o: Outcome, stack: int, channel: int) -> np.ndarray:
    return o.book["perceived_hazard"][:, -1, : o.countries, stack, channel].mean(axis=1, dtype=float)


def _error(o: Outcome, stack: int, channel: int) -> np.ndarray:
    """How far perceived hazards lie from true ones."""
    seen = o.book["perceived_hazard"][:, 1:, : o.countries, stack, channel].astype(float)
    true = o.book["true_hazard"][:, 1:, : o.countries, stack, channel]
    return np.abs(seen - true).mean(axis=(1, 2))


def _portfolio(o: Outcome, column: np.ndarray, home: int = US) -> np.ndarray:
    """Mean of a country fact over a home's supported tenders."""
    supported = o.book["supported_countries"][:, 1:, : o.countries, home].sum(axis=1, dtype=float)
    return _ratio((supported * column).sum(axis=1), supported.sum(axis=1))


def _months(o: Outcome, stack: int) -> np.ndarray:
    """Mean months from signing to operation of the deals that began to operate."""
    counts = o.total("operation_months")[:, stack]
    return _ratio((counts * np.arange(counts.shape[-1])).sum(axis=-1), counts.sum(axis=-1))


def _gap(o: Outcome, layer: int, ours: tuple[str, ...], theirs: tuple[str, ...]) -> np.ndarray:
    """Mean log quality of some vendors over others' on a layer, last January."""
    quality = o.last("quality")[..., layer]
    place = VENDORS.index
    return quality[:, [place(name) for name in ours]].mean(axis=1) - quality[:, [place(name) for name in theirs]].mean(
        axis=1
    )


def _concentration(o: Outcome, vendors: range) -> np.ndarray:
    """Herfindahl index of wins among some vendors."""
    wins = o.total("wins_vendor")[:, list(vendors)]
    return _ratio((wins**2).sum(axis=1), wins.sum(axis=1) ** 2)


def _welfare(o: Outcome, where: np.ndarray) -> np.ndarray:
    """Welfare of a group of countries over what they need, last January."""
    demand = o.book["demand"][:, -1, : o.countries].astype(float).sum(axis=2)[:, where].sum(axis=1)
    return _ratio(o.book["welfare"][:, -1, : o.countries].astype(float)[:, where].sum(axis=1), demand)


def _served(o: Outcome, where: np.ndarray) -> np.ndarray:
    """Capacity over demand in some countries, mean over the years."""
    have = o.book["capacity"][:, 1:, : o.countries][:, :, where].sum(axis=(1, 2, 3), dtype=float)
    return _ratio(have, o.book["demand"][:, 1:, : o.countries][:, :, where].sum(axis=(1, 2, 3), dtype=float))


def _app_use(o: Outcome, group: int) -> np.ndarray:
    """Use over capacity of applications in an income group, mean over the years."""
    where = o.inputs.income_group == group
    used = o.book["used"][:, 1:, : o.countries, APPLICATIONS][:, :, where].sum(axis=(1, 2), dtype=float)
    return _ratio(
        used, o.book["capacity"][:, 1:, : o.countries, APPLICATIONS][:, :, where].sum(axis=(1, 2), dtype=float)
    )


def _of(name: str, stack: int) -> Callable[[Outcome], np.ndarray]:
    return lambda o: o.total(name)[:, stack]


def _named(code: str) -> Callable[[Outcome], np.ndarray]:
    """Countries by code; the first two where the world does not have them."""

    def where(o: Outcome) -> np.ndarray:
        chosen = np.array([iso3 in code.split() for iso3 in o.inputs.iso3])
        if not chosen.any():
            chosen[:2] = True
        return chosen

    return where


CLUB = "KEN TZA UGA RWA BDI"
ANNOUNCED = "ARE NOR GBR ARG SAU ARM"
_US_VENDORS, _CN_VENDORS = range(6), range(6, 11)
_US_MODELS = ("us_silicon_hyperscaler", "us_enterprise_hyperscaler", "us_country_lab", "us_sovereign_lab")
_CN_MODELS = (
    "cn_full_stack_champion",
    "cn_open_weights_cloud",
    "cn_telecom_house",
    "cn_open_weights_lab",
    "cn_city_integrator",
)


def _both_sides() -> list[Reading]:
    """Readings that each stack with a home has."""
    found = []
    for s, name in ((US, "US"), (CN, "CN")):

        def add(title, unit, sentence, function, name=name):
            found.append(Reading(f"{name} {title}", unit, sentence, function))

        add("chance", "probability", "chance of winning, mean over countries and layers", lambda o, s=s: o.chance(s))
        for what, words in (
            ("nonaligned", "non-aligned"),
            ("sceptical", "sceptical"),
            ("sovereign", "sovereignty-minded"),
            ("clear", "clear-eyed"),
        ):
            add(
                f"chance, {words}",
                "probability",
                f"chance of winning in the most {words} third of countries",
                lambda o, s=s, what=what: o.chance(s, o.third(what, HIGH)),
            )
            add(
                f"chance, least {words}",
                "probability",
                f"chance of winning in the least {words} third of countries",
                lambda o, s=s, what=what: o.chance(s, o.third(what, LOW)),
            )
            add(
                f"tilt, {words}",
                "probability",
                f"chance in the most {words} third less that in the least",
                lambda o, s=s, what=what: o.chance(s, o.third(what, HIGH)) - o.chance(s, o.third(what, LOW)),
            )
        add(
            "tilt, exporting",
            "probability",
            "chance in the third that exports most to the home less that in the third that exports least",
            lambda o, s=s, t=("us", "cn")[s]: (
                o.chance(s, o.third(f"exporting_{t}", HIGH)) - o.chance(s, o.third(f"exporting_{t}", LOW))
            ),
        )
        add(
            "chance, exporting",
            "probability",
            "chance of winning in the third of countries that exports most to the home",
            lambda o, s=s, t=("us", "cn")[s]: o.chance(s, o.third(f"exporting_{t}", HIGH)),
        )
        add(
            "chance, allies",
            "probability",
            "chance of winning among allies of the United States",
            lambda o, s=s: o.chance(s, _allies(o)),
        )
        add(
            "chance, low income",
            "probability",
            "chance of winning in low-income countries",
            lambda o, s=s: o.chance(s, o.inputs.income_group == 0),
        )
        add(
            "chance, regulators",
            "probability",
            "chance of winning in the third of countries that regulates most",
            lambda o, s=s: o.chance(s, o.inputs.regulation >= np.quantile(o.inputs.regulation, 2 / 3)),
        )
        for l, layer in enumerate(LAYERS):
            add(
                f"installed, {layer}",
                "share",
                f"installed share on the layer {layer}, mean over countries",
                lambda o, s=s, l=l: _installed(o, s, l),
            )
        add("installed", "share", "installed share, mean over countries and layers", lambda o, s=s: _installed(o, s))
        add(
            "installed, allies' network",
            "share",
            "installed share on the networks of allies of the United States",
            lambda o, s=s: _installed(o, s, NETWORK, _allies(o)),
        )
        add(
            "installed, low income",
            "share",
            "installed share in low-income countries",
            lambda o, s=s: _installed(o, s, None, o.inputs.income_group == 0),
        )
        for what in (
            "tenders_won",
            "announced_bn",
            "delivered_bn",
            "signed_deals",
            "operating_deals",
            "cancelled_deals",
            "renewed_deals",
            "lapsed_deals",
            "cut_deals",
            "packages_won",
            "supported_tenders",
            "additional_wins",
            "private_capital_bn",
            "public_cost_bn",
            "subsidy_cost_bn",
            "default_loss_bn",
            "diversions",
            "later_restrictions",
            "licence_denials",
            "licence_months",
            "friction_losses",
            "rent_captured_bn",
            "inroads",
            "inroads_converted",
            "concession_stakes",
            "coercion_events",
            "broken_guarantees",
            "security_incidents",
            "wins_small",
            "tenders_without_bid",
            "app_use",
            "bids_considered",
            "supply_shortfalls",
            "adopters_retained_5y",
        ):
            add(
                what.replace("_bn", "").replace("_", " "),
                _unit(what),
                f"{what.replace('_', ' ')}, summed over the years",
                _of(what, s),
            )
        add(
            "bids a tender",
            "bids",
            "bids considered a tender",
            lambda o, s=s: _ratio(o.total("bids_considered")[:, s], o.total("tenders")),
        )
        add(
            "layers a package",
            "layers",
            "layers of a package won",
            lambda o, s=s: _ratio(o.total("package_layers")[:, s], o.total("packages_won")[:, s]),
        )
        add(
            "chance added, a supported tender",
            "probability",
            "what support added to the chance of winning, a supported tender",
            lambda o, s=s: _ratio(o.total("win_chance_added")[:, s], o.total("supported_tenders")[:, s]),
        )
        add("chance added", "wins", "what support added to the chances of winning, summed", _of("win_chance_added", s))
        add(
            "contested share of support",
            "share",
            "supported tenders in which no stack had more than 0.6",
            lambda o, s=s: _ratio(o.total("supported_contested")[:, HIGH, s], o.total("supported_tenders")[:, s]),
        )
        add(
            "countries supported",
            "countries",
            "countries with a supported tender",
            lambda o, s=s: (o.book["supported_countries"][:, 1:, : o.countries, s].sum(axis=1) > 0).sum(axis=1),
        )
        add(
            "absorption of the supported",
            "share",
            "mean absorption of the countries of supported tenders",
            lambda o, s=s: _portfolio(o, o.inputs.absorption, s),
        )
        add(
            "hub degree of the supported",
            "-",
            "mean hub degree of the countries of supported tenders",
            lambda o, s=s: _portfolio(o, o.inputs.hub_degree, s),
        )
        add(
            "commitment a supported tender",
            "bn$",
            "commitments of the side's own financiers over supported tenders",
            lambda o, s=s: _ratio(
                o.total("commitments_bn")[:, 2 * s : 2 * s + 2].sum(axis=1), o.total("supported_tenders")[:, s]
            ),
        )
        add(
            "chance, chips and cloud",
            "probability",
            "chance of winning on chips and cloud",
            lambda o, s=s: 0.5 * (o.chance(s, None, CHIPS) + o.chance(s, None, CLOUD)),
        )
        add("chance, models", "probability", "chance of winning on models", lambda o, s=s: o.chance(s, None, MODELS))
        add("months to operation", "months", "mean months from signing to operation", lambda o, s=s: _months(o, s))
        add(
            "delivered over announced",
            "share",
            "value that began to operate over value signed",
            lambda o, s=s: _ratio(o.total("delivered_bn")[:, s], o.total("announced_bn")[:, s]),
        )
        add(
            "operating over signed",
            "share",
            "deals that began to operate over deals signed",
            lambda o, s=s: _ratio(o.total("operating_deals")[:, s], o.total("signed_deals")[:, s]),
        )
        add(
            "utilisation",
            "share",
            "use over capacity of government deals, mean over the years",
            lambda o, s=s: o.mean("utilisation")[:, s],
        )
        add(
            "use five years on",
            "share",
            "use of what is retained five years on",
            lambda o, s=s: _ratio(o.total("retained_use_5y")[:, s], o.total("adopters_retained_5y")[:, s]),
        )
        add(
            "retained five years on",
            "share",
            "adopters still with the stack five years on",
            lambda o, s=s: _ratio(o.total("adopters_retained_5y")[:, s], o.total("adopters_5y")[:, s]),
        )
        add(
            "renewed",
            "share",
            "ending contracts renewed with the same vendor",
            lambda o, s=s: _ratio(
                o.total("renewed_deals")[:, s],
                sum(o.total(n)[:, s] for n in ("renewed_deals", "switched_deals", "lapsed_deals")),
            ),
        )
        add(
            "cost a retained adopter",
            "bn$",
            "public cost over adopters retained five years on",
            lambda o, s=s: _ratio(o.total("public_cost_bn")[:, s], o.total("adopters_retained_5y")[:, s]),
        )
        add(
            "risk held by the state",
            "share",
            "expected loss held by the state, of what state and firms hold",
            lambda o, s=s: _ratio(
                o.total("risk_state_bn")[:, s], o.total("risk_state_bn")[:, s] + o.total("risk_firm_bn")[:, s]
            ),
        )
        add(
            "perceived supply hazard",
            "per year",
            "fear of being cut off, last January",
            lambda o, s=s: _hazard(o, s, SUPPLY),
        )
        add(
            "true supply hazard",
            "per year",
            "true hazard of being cut off, mean over the years",
            lambda o, s=s: o.book["true_hazard"][:, 1:, : o.countries, s, SUPPLY].mean(axis=(1, 2), dtype=float),
        )
        add(
            "error on security",
            "per year",
            "distance between perceived and true hazard of a breach",
            lambda o, s=s: _error(o, s, BREACH),
        )
        add(
            "perceived security hazard",
            "per year",
            "fear of a breach, last January",
            lambda o, s=s: _hazard(o, s, BREACH),
        )
        add(
            "spread of security beliefs",
            "variance",
            "variance between countries of the feared hazard of a breach",
            lambda o, s=s: o.total("evaluated_trust")[:, s],
        )
        add(
            "trust",
            "index",
            "mean of the three beliefs over countries",
            lambda o, s=s: o.book["trust"][:, -1, : o.countries, s].mean(axis=1, dtype=float),
        )
        add(
            "trust of allies",
            "index",
            "mean of the three beliefs among allies of the United States",
            lambda o, s=s: o.book["trust"][:, -1, : o.countries, s].astype(float)[:, _allies(o)].mean(axis=1),
        )
        add(
            "goodwill",
            "index",
            "mean goodwill over countries",
            lambda o, s=s: o.book["goodwill"][:, -1, : o.countries, s].mean(axis=1, dtype=float),
        )
        add(
            "leverage",
            "index",
            "mean leverage over countries",
            lambda o, s=s: o.book["leverage"][:, -1, : o.countries, s].mean(axis=1, dtype=float),
        )
        add("lock-in", "years of spend", "expected loss on switching", lambda o, s=s: o.last("lock_in")[:, s])
        add(
            "winners' concentration",
            "index",
            "Herfindahl index of wins among the side's vendors",
            lambda o, r=(_US_VENDORS, _CN_VENDORS)[s]: _concentration(o, r),
        )
        add(
            "small vendors' share",
            "share",
            "wins of vendors too small to lead a consortium, of the side's wins",
            lambda o, s=s: _ratio(o.total("wins_small")[:, s], o.total("tenders_won")[:, s]),
        )
        add("budget left", "bn$", "what is left of the last year's budget", lambda o, s=s: o.last("budget_bn")[:, s])
        add("allied co-bids", "count", "wins of allied vendors with the home's support", _of("allied_cobids", s))
        add(
            "revenue",
            "bn$",
            "revenue abroad of the side's vendors, summed over the years",
            lambda o, r=(_US_VENDORS, _CN_VENDORS)[s]: o.total("revenue_bn")[:, list(r)].sum(axis=1),
        )
        add(
            "revenue a win",
            "bn$",
            "revenue abroad of the side's vendors over the tenders they won",
            lambda o, s=s, r=(_US_VENDORS, _CN_VENDORS)[s]: _ratio(
                o.total("revenue_bn")[:, list(r)].sum(axis=1), o.total("tenders_won")[:, s]
            ),
        )
        add(
            "revenue over capacity",
            "share",
            "revenue abroad of the side's vendors over the contracts of its stack, both over the years",
            lambda o, s=s, r=(_US_VENDORS, _CN_VENDORS)[s]: _ratio(
                o.total("revenue_bn")[:, list(r)].sum(axis=1), o.total("operating_capacity")[:, s]
            ),
        )
    return found


def _unit(name: str) -> str:
    if name.endswith("_bn"):
        return "bn$"
    return {"licence_months": "months", "concession_stakes": "stakes", "friction_losses": "wins"}.get(name, "count")


def _vendors() -> list[Reading]:
    found = []
    for v, name in enumerate(VENDORS):
        found.append(
            Reading(
                f"wins of {name}", "count", "tenders won by the vendor", lambda o, v=v: o.total("wins_vendor")[:, v]
            )
        )
        found.append(
            Reading(
                f"revenue of {name}", "bn$", "revenue abroad of the vendor", lambda o, v=v: o.total("revenue_bn")[:, v]
            )
        )
        found.append(
            Reading(
                f"quality of {name}",
                "log",
                "mean log quality over the layers, last January, the best of a layer at 0",
                lambda o, v=v: o.last("quality")[:, v].mean(axis=1),
            )
        )
    return found


def _financiers() -> list[Reading]:
    found = []
    for f, name in enumerate(("us_exim", "us_dfc", "cn_development_bank", "cn_exim", "private_capital", "gulf_fund")):
        for what, unit in (("commitments_bn", "bn$"), ("refused_for_risk", "count"), ("refused_for_room", "count")):
            title = what.replace("_bn", "").replace("_", " ")
            found.append(
                Reading(
                    f"{title}, {name}",
                    unit,
                    f"{title} of the financier, summed over the years",
                    lambda o, f=f, what=what: o.total(what)[:, f],
                )
            )
        found.append(
            Reading(
                f"exposure, {name}", "bn$", "exposure on the last January", lambda o, f=f: o.last("exposure_bn")[:, f]
            )
        )
    return found


def _world() -> list[Reading]:
    return [
        Reading(
            "independent chance",
            "probability",
            "chance that an independent vendor wins, mean over countries and layers",
            lambda o: o.chance(INDEPENDENT),
        ),
        Reading(
            "independent installed",
            "share",
            "installed share of independent vendors, mean over countries and layers",
            lambda o: _installed(o, INDEPENDENT),
        ),
        Reading(
            "independent installed, network",
            "share",
            "the same on networks",
            lambda o: _installed(o, INDEPENDENT, NETWORK),
        ),
        Reading(
            "independent installed, allies' network",
            "share",
            "the same on the networks of allies of the United States",
            lambda o: _installed(o, INDEPENDENT, NETWORK, _allies(o)),
        ),
        Reading(
            "independent bids a tender",
            "bids",
            "bids of independent vendors considered a tender",
            lambda o: _ratio(o.total("bids_considered")[:, INDEPENDENT], o.total("tenders")),
        ),
        Reading("sovereignty", "index", "sovereignty index, mean over countries", lambda o: o.country("sovereignty")),
        Reading(
            "dependence", "index", "concentration on one stack, mean over countries", lambda o: o.country("dependence")
        ),
        Reading(
            "multi-homing",
            "share",
            "layers on which a second stack holds a tenth, mean over countries",
            lambda o: o.country("multihoming"),
        ),
        Reading(
            "multi-homing of allies",
            "share",
            "the same among allies of the United States",
            lambda o: o.country("multihoming", _allies(o)),
        ),
        Reading(
            "welfare, low income",
            "share of need",
            "welfare of low-income countries over their demand",
            lambda o: _welfare(o, o.inputs.income_group == 0),
        ),
        Reading("welfare", "share of need", "welfare over demand", lambda o: _welfare(o, np.ones(o.countries, bool))),
        Reading(
            "welfare, club",
            "share of need",
            f"welfare of {CLUB} over their demand",
            lambda o: _welfare(o, _named(CLUB)(o)),
        ),
        Reading(
            "dependence, club",
            "index",
            f"concentration on one stack, mean over {CLUB}",
            lambda o: o.country("dependence", _named(CLUB)(o)),
        ),
        Reading(
            "capacity, club",
            "share of need",
            f"capacity of {CLUB} over their demand",
            lambda o: _served(o, _named(CLUB)(o)),
        ),
        Reading(
            "use of applications, low income",
            "share",
            "use over capacity of applications in low-income countries",
            lambda o: _app_use(o, 0),
        ),
        Reading(
            "use of applications, high income", "share", "the same in high-income countries", lambda o: _app_use(o, 3)
        ),
        Reading(
            "US installed, KEN",
            "share",
            "installed share of the United States in Kenya",
            lambda o: _installed(o, US, None, _named("KEN")(o)),
        ),
        Reading(
            "US installed, club",
            "share",
            f"installed share of the United States in {CLUB}",
            lambda o: _installed(o, US, None, _named(CLUB)(o)),
        ),
        Reading(
            "US installed, elsewhere",
            "share",
            f"the same outside {CLUB}",
            lambda o: _installed(o, US, None, ~_named(CLUB)(o)),
        ),
        Reading(
            "US lead in the club over elsewhere",
            "share",
            f"installed share of the United States in {CLUB} less that outside",
            lambda o: _installed(o, US, None, _named(CLUB)(o)) - _installed(o, US, None, ~_named(CLUB)(o)),
        ),
        Reading(
            "CN installed, KEN",
            "share",
            "installed share of China in Kenya",
            lambda o: _installed(o, CN, None, _named("KEN")(o)),
        ),
        Reading(
            "US installed, announced",
            "share",
            f"installed share of the United States on chips, cloud and models in {ANNOUNCED}",
            lambda o: o.book["installed"][:, -1, : o.countries][:, _named(ANNOUNCED)(o)][
                :, :, [CHIPS, CLOUD, MODELS], US
            ].mean(axis=(1, 2), dtype=float),
        ),
        Reading(
            "supported in KEN",
            "count",
            "tenders of Kenya that the United States supported",
            lambda o: o.book["supported_countries"][:, 1:, : o.countries, US][:, :, _named("KEN")(o)].sum(axis=(1, 2)),
        ),
        Reading(
            "supported elsewhere",
            "count",
            "tenders outside Kenya that the United States supported",
            lambda o: o.book["supported_countries"][:, 1:, : o.countries, US][:, :, ~_named("KEN")(o)].sum(axis=(1, 2)),
        ),
        Reading(
            "cost of second sources",
            "bn$",
            "overhead of second sources",
            lambda o: o.total("second_source_cost_bn")[:, : o.countries].sum(axis=1),
        ),
        Reading(
            "standards",
            "share",
            "US weight in standards, mean over layers",
            lambda o: o.last("standards_share")[:, :, US].mean(axis=1),
        ),
        Reading("tenders", "count", "tenders held", lambda o: o.total("tenders")),
        Reading(
            "bids a clear tender",
            "bids",
            "bids considered a tender of the clearer half of buyers",
            lambda o: _ratio(o.total("bids_clear_buyers").sum(axis=1), o.total("tenders_clear_buyers")),
        ),
        Reading(
            "all bids a tender",
            "bids",
            "bids considered a tender",
            lambda o: _ratio(o.total("bids_considered").sum(axis=1), o.total("tenders")),
        ),
        Reading(
            "tenders without a foreign bid",
            "count",
            "tenders in which a home's vendors did not bid",
            lambda o: o.total("tenders_without_bid")[:, :2].sum(axis=1),
        ),
        Reading(
            "nothing bought",
            "share",
            "tenders in which nothing was bought",
            lambda o: _ratio(o.total("nothing_bought"), o.total("tenders")),
        ),
        Reading(
            "tenders lost to bargaining",
            "count",
            "tenders in which nothing was bought",
            lambda o: o.total("nothing_bought"),
        ),
        Reading(
            "rent captured", "bn$", "price cuts won by bargaining", lambda o: o.total("rent_captured_bn").sum(axis=1)
        ),
        Reading(
            "megawatts deferred",
            "MW",
            "power deferred for want of electricity",
            lambda o: o.total("megawatts_deferred"),
        ),
        Reading(
            "idle capacity",
            "bn$/year",
            "idle capacity of chips and cloud, mean over the years",
            lambda o: o.book["idle_capacity"][:, 1:, CHIPS : CLOUD + 1].sum(axis=2).mean(axis=1),
        ),
        Reading(
            "unmet demand",
            "bn$/year",
            "unmet demand for data, models and applications, mean over the years",
            lambda o: o.book["unmet_demand"][:, 1:][:, :, [DATA, MODELS, APPLICATIONS]].sum(axis=2).mean(axis=1),
        ),
        Reading(
            "use over capacity",
            "share",
            "use over capacity of all layers, mean over the years",
            lambda o: _ratio(
                o.book["used"][:, 1:, : o.countries].sum(axis=(1, 2, 3), dtype=float),
                o.book["capacity"][:, 1:, : o.countries].sum(axis=(1, 2, 3), dtype=float),
            ),
        ),
        Reading(
            "capacity, chips",
            "bn$/year",
            "capacity of chips, last January",
            lambda o: o.last("capacity")[:, : o.countries, CHIPS].sum(axis=1),
        ),
        Reading(
            "capacity, network",
            "bn$/year",
            "capacity of networks, last January",
            lambda o: o.last("capacity")[:, : o.countries, NETWORK].sum(axis=1),
        ),
        Reading(
            "capacity, models",
            "bn$/year",
            "capacity of models, last January",
            lambda o: o.last("capacity")[:, : o.countries, MODELS].sum(axis=1),
        ),
        Reading(
            "champions given up", "count", "domestic champions given up", lambda o: o.total("champion_conversions")
        ),
        Reading(
            "vendors alive",
            "vendors",
            "vendors in business on the last January",
            lambda o: o.last("alive")[:, : len(VENDORS)].sum(axis=1),
        ),
        Reading(
            "hub's sales on other stacks",
            "bn$",
            "sales of the Gulf hub on other stacks",
            lambda o: o.total("reexport_bn")[:, US],
        ),
        Reading("defaulted deals", "count", "deals in default", lambda o: o.total("defaulted_deals").sum(axis=1)),
        Reading(
            "US model lead",
            "log",
            "log quality of US models over Chinese ones",
            lambda o: _gap(o, MODELS, _US_MODELS, _CN_MODELS),
        ),
        Reading(
            "US chip lead",
            "log",
            "log quality of US chips over Chinese ones",
            lambda o: _gap(
                o, CHIPS, ("us_chip_house", "us_silicon_hyperscaler"), ("cn_full_stack_champion", "cn_telecom_house")
            ),
        ),
        Reading(
            "US network lead",
            "log",
            "log quality of US networks over the Chinese champion's",
            lambda o: _gap(o, NETWORK, ("us_network_security_house",), ("cn_full_stack_champion",)),
        ),
    ]


ALL = (*_both_sides(), *_vendors(), *_financiers(), *_world())
READINGS: dict[str, Reading] = {one.name: one for one in ALL}
assert len(READINGS) == len(ALL), "two readings have the same name"
