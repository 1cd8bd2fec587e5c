"""Indicators: numbers derived from measures, each declared once with its unit, its meaning and how it is computed.

A measure is recorded each January (see `stackcraft.model.measures`); an indicator is one number a run, computed from
measures over the years so far. Reports, the dashboard, sweeps, claims and the command line all read it from here. To
add one, add it to a table below: in `SCORECARD`, with a `title`, it is a row of every scorecard; in the others claims
and studies alone read it. In a study it is written `retention[US]`.

Chances are means of the chance that a stack wins an unsupported tender, over the years after the first January; shares
are those of the last January.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.agents.names import CLUB, FINANCIERS, LAYERS, STACKS, VENDORS, WEIGHTS
from stackcraft.model.groups import allies, country_groups
from stackcraft.model.measures import MEASURES, TABLE
from stackcraft.model.payoff import PARTS

US, CN, INDEPENDENT = range(3)
NETWORK, CHIPS, CLOUD, DATA, MODELS, SECURITY, APPLICATIONS = range(7)
LOW, MIDDLE, HIGH = range(3)  # terciles
SUPPLY, BREACH, COMMITMENT = range(3)  # channels of belief
HOME_CODES = ("us", "cn")
ANNOUNCED = "ARE NOR GBR ARG SAU ARM"
SIDE_VENDORS = tuple([v for v, name in enumerate(VENDORS) if name.startswith(f"{code}_")] for code in HOME_CODES)
LABELS = {"": ("",), "stack": STACKS, "home": STACKS[:2], "vendor": VENDORS, "financier": FINANCIERS}
US_MODELS = "us_silicon_hyperscaler us_enterprise_hyperscaler us_country_lab us_sovereign_lab"
CN_MODELS = "cn_full_stack_champion cn_open_weights_cloud cn_telecom_house cn_open_weights_lab cn_city_integrator"
Reader = Callable[["Records"], np.ndarray]  # gives shape (runs,)
Where = Callable[["Records"], np.ndarray]  # gives the countries that count, bool (countries,)
Function = Callable[["Records", Any], np.ndarray]  # of records and a place among `LABELS`; gives shape (runs,)


class Missing(LookupError):
    """What an indicator needs is not in these records."""


class Records:
    """Measures of some runs over some years: `records[name]` has shape (runs, years, *dims of the measure)."""

    def __init__(self, array: Callable[[str], np.ndarray], inputs: Any = None, facts: Any = None) -> None:
        self._array, self._inputs, self._facts = array, inputs, facts

    @classmethod
    def of_simulation(cls, simulation: Any, years: int | None = None, run: int | None = None) -> Records:
        """Return what a simulation has recorded: the first so many years, or all; one run, or all."""
        years = simulation.year - simulation.years[0] + 1 if years is None else years
        book = simulation.world.book[slice(None) if run is None else slice(run, run + 1), :years]
        sizes = {"country": len(simulation.inputs.iso3), "vendor": len(VENDORS)}  # the loop has more places than these

        def array(name: str) -> np.ndarray:
            cut = (slice(None, sizes.get(dim)) for dim in TABLE[name].dims)
            return book[name][(slice(None), slice(None), *cut)]

        return cls(array, simulation.inputs, simulation.world.facts[0])

    @classmethod
    def of_results(cls, results: Any) -> Records:
        """Return what results (an xarray Dataset) hold; facts about the countries are not among it."""

        def array(name: str) -> np.ndarray:
            if name not in results:
                raise Missing(name)
            dims = [dim for dim in ("run", "year", *TABLE[name].dims) if dim in results[name].dims]
            return results[name].transpose(*dims).values

        def median_months(name: str) -> np.ndarray:
            if "months_to_operation" not in results:
                raise Missing(name)
            return results["months_to_operation"].transpose("run", "year", "stack").values

        return cls(lambda name: median_months(name) if name == "months_to_operation" else array(name))

    def __getitem__(self, name: str) -> np.ndarray:
        return self._array(name)

    @property
    def inputs(self) -> Any:
        """Facts about the countries. Raises `Missing` where the records are bare results."""
        if self._inputs is None:
            raise Missing("facts about the countries")
        return self._inputs

    def total(self, name: str) -> np.ndarray:
        """Return a flow summed over the years, (runs, *dims)."""
        return self[name][:, 1:].sum(axis=1, dtype=float)

    def last(self, name: str) -> np.ndarray:
        """Return a stock on the last January."""
        return self[name][:, -1].astype(float)

    def third(self, what: str, which: int) -> np.ndarray:
        """Return the countries of a tercile, bool (countries,)."""
        return self._facts[f"tercile_{what}"][: len(self.inputs.iso3)] == which

    def named(self, codes: str) -> np.ndarray:
        """Return the countries with these codes, bool (countries,); the first two where the world has none."""
        chosen = np.array([iso3 in codes.split() for iso3 in self.inputs.iso3])
        if not chosen.any():
            chosen[:2] = True
        return chosen

    def median_months(self) -> np.ndarray:
        """Return the median months to operation of the deals that began to operate in a year, (runs, years, stacks)."""
        try:
            return median_months(self["operation_months"])
        except Missing:
            return self["months_to_operation"]


@dataclass(frozen=True)
class Indicator:
    """One indicator; `function` takes `Records` and a place among `LABELS[over]` and gives (runs,), NaN for no value.

    Sums and ratios may be asked for no place: all of them together.

    `phrase` says it in words, with {} for a stack, vendor or financier: "US retained five years on" names it in claims.
    `better` is "higher", "lower" or "" where neither is; `title` is that of its row in the scorecards.
    """

    name: str
    phrase: str
    unit: str
    sentence: str
    function: Function
    over: str = "stack"
    title: str = ""
    better: str = ""
    measure: str = ""  # the flow of which it is the sum, where it is that

    def __call__(self, records: Records, place: int | None = None) -> np.ndarray:
        with np.errstate(all="ignore"):
            return np.asarray(self.function(records, place), dtype=float)

    def everywhere(self, records: Records) -> np.ndarray:
        """Return the values at all places, (runs, places)."""
        return np.stack([self(records, place) for place in range(len(LABELS[self.over]))], axis=1)


def median_months(counts: np.ndarray) -> np.ndarray:
    """Return the median of months counted along the last axis; NaN where nothing was counted."""
    total = counts.sum(axis=-1)
    median = (np.cumsum(counts, axis=-1) < 0.5 * total[..., np.newaxis]).sum(axis=-1).astype(float)
    return np.where(total == 0, np.nan, median)


def with_all(shares: np.ndarray) -> np.ndarray:
    """Put the plain mean over layers before the layers: (..., 7, 3) -> (..., 8, 3). Cells without any share are NaN."""
    stacks, layers = shares.shape[-1], shares.shape[-2]
    if (sum(shares[..., stack] for stack in range(stacks)) > 1e-9).all():  # the usual case, and many times as fast
        mean = sum(shares[..., layer, :] for layer in range(layers)) / layers
        return np.concatenate([mean[..., np.newaxis, :], shares], axis=-2)
    shares = np.where(np.nansum(shares, axis=-1, keepdims=True) > 1e-9, shares, np.nan)
    given = np.isfinite(shares).any(axis=-2, keepdims=True)
    total = np.nansum(shares, axis=-2, keepdims=True)
    number = np.isfinite(shares).sum(axis=-2, keepdims=True)
    return np.concatenate([np.where(given, total / np.maximum(number, 1), np.nan), shares], axis=-2)


# how indicators are computed; what comes before the colon of a lambda is (records, place)


def divided(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return above / below; NaN where there is nothing to divide by."""
    return np.where(np.abs(below) > 1e-12, above / np.where(np.abs(below) > 1e-12, below, 1.0), np.nan)


def total(names: str) -> Function:
    """Flows summed over the years, over the measures in `names`, and over all places where none is given."""

    def at(values: np.ndarray, place: int | None) -> np.ndarray:
        return values if values.ndim == 1 else values.sum(axis=1) if place is None else values[:, place]

    return lambda o, s: sum(at(o.total(name), s) for name in names.split())


def ratio(above: str, below: str) -> Function:
    """Flows over flows, both summed over the years and over the measures named."""
    return lambda o, s: divided(total(above)(o, s), total(below)(o, s))


def last(name: str) -> Function:
    """A stock of the last January."""
    return lambda o, s: o.last(name)[:, s]


def world_share(kind: str) -> Function:
    """Share of the world, every country counting the same, mean over layers."""
    return lambda o, s: with_all(o.last(f"world_{kind}")[:, WEIGHTS.index("country")])[:, 0, s]


def country_mean(name: str, *place: int, where: Where | None = None) -> Function:
    """A stock of the last January, mean over countries (all, or `where`); `place`: places of its later dimensions."""

    def function(o: Records, s: int | None) -> np.ndarray:
        values = o[name][(slice(None), -1, slice(None), *(() if s is None else (s,)), *place)].astype(float)
        return values.mean(axis=1) if where is None else values[:, where(o)].mean(axis=1)

    return function


def chance(o: Records, stack: int, where: np.ndarray | None = None, layer: int | None = None) -> np.ndarray:
    """Mean chance that a stack wins an unsupported tender, over countries `where`, layers and years."""
    chances = o["win_probability"][:, 1:, :, :, stack]
    if layer is not None:
        chances = chances[..., layer : layer + 1]
    if where is not None:
        chances = chances[:, :, where]
    return chances.mean(axis=(1, 2, 3), dtype=float)


def installed(o: Records, stack: int, layer: int | None = None, where: np.ndarray | None = None) -> np.ndarray:
    """Mean installed share over countries (all, or `where`) and layers, last January."""
    shares = o["installed"][:, -1, :, :, stack].astype(float)
    if where is not None:
        shares = shares[:, where]
    return shares[..., layer].mean(axis=1) if layer is not None else shares.mean(axis=(1, 2))


def low_income(o: Records) -> np.ndarray:
    """Countries of low income."""
    return country_groups(o.inputs)["income"]["low"]


def us_allies(o: Records) -> np.ndarray:
    """Allies of the United States."""
    return allies(o.inputs)


def club(o: Records) -> np.ndarray:
    """Countries of the club that claims speak of."""
    return o.named(CLUB)


def kenya(o: Records) -> np.ndarray:
    """Kenya alone."""
    return o.named("KEN")


def _months(o: Records, stack: int) -> np.ndarray:
    """Mean months from signing to operation of the deals that began to operate."""
    counts = o.total("operation_months")[:, stack]
    return divided((counts * np.arange(counts.shape[-1])).sum(axis=-1), counts.sum(axis=-1))


def _median_months(o: Records, stack: int) -> np.ndarray:
    """Yearly medians weighted by the deals that began to operate that year."""
    months, deals = o.median_months()[..., stack], np.asarray(o["operating_deals"][..., stack], dtype=float)
    weight = np.where(np.isfinite(months), np.nan_to_num(deals), 0)
    return divided((np.nan_to_num(months) * weight).sum(axis=1), weight.sum(axis=1))


def _error(o: Records, stack: int, channel: int) -> np.ndarray:
    """How far perceived hazards lie from true ones."""
    seen, true = (o[name][:, 1:, :, stack, channel] for name in ("perceived_hazard", "true_hazard"))
    return np.abs(seen.astype(float) - true).mean(axis=(1, 2))


def _portfolio(column: str) -> Function:
    """Mean of a fact about countries over a home's supported tenders."""

    def function(o: Records, home: int) -> np.ndarray:
        supported = o["supported_countries"][..., home][:, 1:].sum(axis=1, dtype=float)
        return divided((supported * getattr(o.inputs, column)).sum(axis=1), supported.sum(axis=1))

    return function


def _gap(o: Records, layer: int, ours: str, theirs: str) -> np.ndarray:
    """Mean log quality of some vendors over others' on a layer, last January."""
    quality = o.last("quality")[..., layer]
    mean = lambda names: quality[:, [VENDORS.index(name) for name in names.split()]].mean(axis=1)  # noqa: E731
    return mean(ours) - mean(theirs)


def _welfare(where: Where | None = None) -> Reader:
    """Welfare of a group of countries over what they need, last January."""

    def function(o: Records) -> np.ndarray:
        chosen = slice(None) if where is None else where(o)
        demand = o.last("demand").sum(axis=2)[:, chosen].sum(axis=1)
        return divided(o.last("welfare")[:, chosen].sum(axis=1), demand)

    return function


def _over(above: str, below: str, where: Where | None = None, layer: int | None = None) -> Reader:
    """One stock over another, both summed over the years, countries (all, or `where`) and layers (or one)."""

    def summed(o: Records, name: str) -> np.ndarray:
        values = o[name][:, 1:] if layer is None else o[name][:, 1:, :, layer]
        values = values if where is None else values[:, :, where(o)]
        return values.sum(axis=tuple(range(1, values.ndim)), dtype=float)

    return lambda o: divided(summed(o, above), summed(o, below))


def _ten_years(o: Records, financier: int | None) -> np.ndarray:
    """Ten-year default of a financier's loans, or of all of them, extensions counted, at the rate of all years."""
    place = ... if financier is None else np.s_[:, financier]
    defaults, years = (
        sum(o.total(name)[place].reshape(o.total(name).shape[0], -1).sum(axis=1) for name in names)
        for names in (("written_off_loans", "extended_loans"), ("loan_years",))
    )
    return 1 - np.exp(-10 * divided(defaults, years))


def _recovery(o: Records) -> np.ndarray:
    """What comes back of what is written off."""
    return 1 - divided(o.total("lost_bn").sum(axis=1), o.total("written_off_bn").sum(axis=1))


def _side_revenue(o: Records, home: int) -> np.ndarray:
    return o.total("revenue_bn")[:, SIDE_VENDORS[home]].sum(axis=1)


def _side_profit(o: Records, home: int) -> np.ndarray:
    return o.total("profit_bn")[:, SIDE_VENDORS[home]].sum(axis=1)


def _payoff(o: Records, home: int) -> np.ndarray:
    return sum(o.total(f"payoff_{part}_bn")[:, home] for part in PARTS)


def _concentration(o: Records, home: int) -> np.ndarray:
    """Herfindahl index of wins among a side's vendors."""
    wins = o.total("wins_vendor")[:, SIDE_VENDORS[home]]
    return divided((wins**2).sum(axis=1), wins.sum(axis=1) ** 2)


def _supported(o: Records, where: np.ndarray) -> np.ndarray:
    """Tenders in countries `where` that the United States supported."""
    return o["supported_countries"][:, 1:, :, US][:, :, where].sum(axis=(1, 2))


# the table


def _one(
    phrase: str, unit: str, sentence: str, function: Function, name: str = "", over: str = "stack", **more: str
) -> Indicator:
    """An indicator; its name is made of its phrase where none is given."""
    name = name or re.sub(r"\W+", "_", phrase.replace("{}", "")).strip("_").lower()
    return Indicator(name, phrase, unit, sentence, function, over, **more)


def _world(phrase: str, unit: str, sentence: str, function: Reader, name: str = "") -> Indicator:
    """An indicator of the whole world."""
    return _one(phrase, unit, sentence, lambda o, _: function(o), name, over="")


def _total(measure: str, phrase: str = "", sentence: str = "", **more: str) -> Indicator:
    """The sum over the years of a flow; what is not said is as the measure has it."""
    one = TABLE[measure]
    phrase = phrase or "{} " + measure.replace("_bn", "").replace("_", " ")
    sentence = sentence or f"{one.sentence}, summed over the years"
    return _one(phrase, one.unit, sentence, total(measure), over=one.dims[0], measure=measure, **more)


# Rows of the scorecards, in this order.
SCORECARD = (
    _one("{} median months to operation", "months",
         "months from signing until it runs (yearly medians, weighted by deals)",
         _median_months, "months_to_operation", title="Time to operation", better="lower"),
    _one("{} utilisation at the end", "share", "share of operating capacity in use in the last year",
         last("utilisation"), "utilisation", title="Utilisation", better="higher"),
    _one("{} renewed", "share", "contracts that ended and were renewed, of all that were renewed, switched or lapsed",
         ratio("renewed_deals", "renewed_deals switched_deals lapsed_deals"), "renewals", title="Renewals",
         better="higher"),
    _one("{} retained five years on", "share", "adopters that still use the stack five years on",
         ratio("adopters_retained_5y", "adopters_5y"), "retention", title="Five-year retention", better="higher"),
    _one("{} delivered over announced", "share", "value that came into operation, of the value announced",
         ratio("delivered_bn", "announced_bn"), "built", title="Delivered against announced", better="higher"),
    _total("announced_bn", sentence="value of deals announced over the whole run", name="announced", title="Announced"),
    _total("tenders_won", sentence="over the whole run", name="won", title="Tenders won", better="higher"),
    _total("private_capital_bn", sentence="private money mobilised beside public money", name="private",
           title="Private capital", better="higher"),
    _one("{} additional wins of supported tenders", "share",
         "supported tenders that would have been lost without support, of all supported",
         ratio("additional_wins", "supported_tenders"), "additional", title="Additional wins", better="higher"),
    _total("default_loss_bn", sentence="public losses on loans that defaulted", name="losses", title="Default losses",
           better="lower"),
    _total("public_cost_bn", sentence="net cost to the home budget at present value", name="cost", title="Public cost",
           better="lower"),
    _one("{} cost a retained adopter", "bn$", "public cost over adopters retained five years on",
         ratio("public_cost_bn", "adopters_retained_5y"), "cost_per_adopter", title="Cost per retained adopter",
         better="lower"),
    _one("{} failed after signing", "share", "cancelled, defaulted or cut off, of all deals signed",
         ratio("cancelled_deals defaulted_deals cut_deals", "signed_deals"), "broken", title="Failed after signing",
         better="lower"),
    _total("diversions", sentence="cases of goods or access passed on against the rules", title="Diversions",
           better="lower"),
)  # fmt: skip

STACKS_AND_SIDES = (
    _one("{} share of the world", "share", "installed share, every country counting the same",
         world_share("installed"), "share"),
    _one("{} share of the world in use", "share", "share in use, every country counting the same",
         world_share("utilised"), "used_share"),
    _total("delivered_bn", name="delivered"),
    _one("{} chance", "probability", "chance of winning, mean over countries and layers", chance),
    _one("{} chance, chips and cloud", "probability", "chance of winning on chips and cloud",
         lambda o, s: 0.5 * (chance(o, s, None, CHIPS) + chance(o, s, None, CLOUD))),
    _one("{} chance, models", "probability", "chance of winning on models", lambda o, s: chance(o, s, None, MODELS)),
    _one("{} installed", "share", "installed share, mean over countries and layers", installed),
    *(_one(f"{{}} installed, {layer}", "share", f"installed share on the layer {layer}, mean over countries",
           lambda o, s, place=place: installed(o, s, place)) for place, layer in enumerate(LAYERS)),
    _one("{} installed, allies' network", "share", "installed share on the networks of allies of the United States",
         lambda o, s: installed(o, s, NETWORK, us_allies(o))),
    _one("{} installed, low income", "share", "installed share in low-income countries",
         lambda o, s: installed(o, s, None, low_income(o))),
    _one("{} bids a tender", "bids", "bids considered a tender", ratio("bids_considered", "tenders")),
    _one("{} layers a package", "layers", "layers of a package won", ratio("package_layers", "packages_won")),
    _one("{} chance added, a supported tender", "probability",
         "what support added to the chance of winning, a supported tender",
         ratio("win_chance_added", "supported_tenders")),
    _total("win_chance_added", "{} chance added", "what support added to the chances of winning, summed"),
    _one("{} support given of what is asked", "share",
         "supported tenders over those whose buyer asked for it; what the others lacked is in `support_short_of_slots`,"
         " `support_short_of_money` and the financiers' refusals",
         lambda o, h: divided(o.total("supported_tenders")[:, h], o.total("support_asked")[:, h]), over="home"),
    _one("{} contested share of support", "share", "supported tenders in which no stack had more than 0.6",
         lambda o, s: divided(o.total("supported_contested")[:, HIGH, s], o.total("supported_tenders")[:, s])),
    _one("{} months to operation", "months", "mean months from signing to operation", _months,
         "mean_months_to_operation"),
    _one("{} operating over signed", "share", "deals that began to operate over deals signed",
         ratio("operating_deals", "signed_deals")),
    _one("{} utilisation", "share", "use over capacity of government deals, mean over the years",
         lambda o, s: o["utilisation"][:, 1:].mean(axis=1, dtype=float)[:, s], "mean_utilisation"),
    _one("{} use five years on", "share", "use of what is retained five years on",
         ratio("retained_use_5y", "adopters_retained_5y")),
    _one("{} risk held by the state", "share", "expected loss held by the state, of what state and firms hold",
         ratio("risk_state_bn", "risk_state_bn risk_firm_bn")),
    _one("{} perceived supply hazard", "per year", "fear of being cut off, last January",
         country_mean("perceived_hazard", SUPPLY)),
    _one("{} true supply hazard", "per year", "true hazard of being cut off, mean over the years",
         lambda o, s: o["true_hazard"][:, 1:, :, s, SUPPLY].mean(axis=(1, 2), dtype=float)),
    _one("{} error on security", "per year", "distance between perceived and true hazard of a breach",
         lambda o, s: _error(o, s, BREACH)),
    _one("{} perceived security hazard", "per year", "fear of a breach, last January",
         country_mean("perceived_hazard", BREACH)),
    _one("{} spread of security beliefs", "variance", "variance between countries of the feared hazard of a breach",
         total("evaluated_trust")),
    _one("{} trust", "index", "mean of the three beliefs over countries", country_mean("trust")),
    _one("{} trust of allies", "index", "mean of the three beliefs among allies of the United States",
         country_mean("trust", where=us_allies)),
    _one("{} goodwill", "index", "mean goodwill over countries", country_mean("goodwill")),
    _one("{} lock-in", "years of spend", "expected loss on switching", last("lock_in")),
    _one("{} small vendors' share", "share", "wins of vendors too small to lead a consortium, of the side's wins",
         ratio("wins_small", "tenders_won")),
)  # fmt: skip

# Terciles of countries in which a home's chance of winning is looked at: title -> (fact, which third it is).
THIRDS = {
    "non-aligned": ("nonaligned", "the {most} non-aligned third of countries"),
    "sceptical": ("sceptical", "the {most} sceptical third of countries"),
    "sovereignty-minded": ("sovereign", "the {most} sovereignty-minded third of countries"),
    "clear-eyed": ("clear", "the {most} clear-eyed third of countries"),
    "exporting": ("exporting_{home}", "the third of countries that exports {most} to the home"),
}


def _thirds() -> Iterator[Indicator]:
    """Chances of winning of each home in the most and the least of such countries, and the most less the least."""
    for title, (fact, where) in THIRDS.items():

        def of(o: Records, s: int, which: int, fact: str = fact) -> np.ndarray:
            return chance(o, s, o.third(fact.format(home=HOME_CODES[s]), which))

        for most, which in (("most", HIGH), ("least", LOW)):
            phrase = f"{{}} chance, {title if most == 'most' else f'least {title}'}"
            sentence = f"chance of winning in {where.format(most=most)}"
            yield _one(phrase, "probability", sentence, lambda o, s, of=of, which=which: of(o, s, which))
        sentence = f"chance in {where.format(most='most')} less that in the opposite third"
        yield _one(f"{{}} tilt, {title}", "probability", sentence, lambda o, s, of=of: of(o, s, HIGH) - of(o, s, LOW))


HOMES_ALONE = tuple(
    Indicator(**{**vars(one), "over": "home"})
    for one in (
        *_thirds(),
        _one("{} chance, allies", "probability", "chance of winning among allies of the United States",
             lambda o, s: chance(o, s, us_allies(o))),
        _one("{} chance, low income", "probability", "chance of winning in low-income countries",
             lambda o, s: chance(o, s, low_income(o))),
        _one("{} chance, regulators", "probability", "chance of winning in the third of countries that regulates most",
             lambda o, s: chance(o, s, o.inputs.regulation >= np.quantile(o.inputs.regulation, 2 / 3))),
        _one("{} countries supported", "countries", "countries with a supported tender",
             lambda o, s: (o["supported_countries"][..., s][:, 1:].sum(axis=1) > 0).sum(axis=1)),
        _one("{} absorption of the supported", "share", "mean absorption of the countries of supported tenders",
             _portfolio("absorption")),
        _one("{} hub degree of the supported", "-", "mean hub degree of the countries of supported tenders",
             _portfolio("hub_degree")),
        _one("{} commitment a supported tender", "bn$",
             "commitments of the side's own financiers over supported tenders",
             lambda o, s: divided(o.total("commitments_bn")[:, 2 * s : 2 * s + 2].sum(axis=1),
             o.total("supported_tenders")[:, s])),
        _one("{} leverage", "index", "mean leverage over countries", country_mean("leverage")),
        _one("{} winners' concentration", "index", "Herfindahl index of wins among the side's vendors", _concentration),
        _one("{} budget left", "bn$", "what is left of the last year's budget", last("budget_bn")),
        _total("allied_cobids", "{} allied co-bids", "wins of allied vendors with the home's support"),
        _one("{} revenue", "bn$", "revenue abroad of the side's vendors, summed over the years", _side_revenue),
        _one("{} profit", "bn$", "what margins leave of the vendors' revenue abroad after research, over the years",
             _side_profit),
        _one("{} payoff", "bn$", "what the years are worth to the side, at the declared prices of its parts", _payoff),
        _one("{} revenue a win", "bn$", "revenue abroad of the side's vendors over the tenders they won",
             lambda o, s: divided(_side_revenue(o, s), o.total("tenders_won")[:, s])),
        _one("{} revenue over capacity", "share",
             "revenue abroad of the side's vendors over the contracts of its stack, both over the years",
             lambda o, s: divided(_side_revenue(o, s), o.total("operating_capacity")[:, s])),
    )
)  # fmt: skip

VENDORS_AND_FINANCIERS = (
    _one("wins of {}", "count", "tenders won by the vendor", total("wins_vendor"), over="vendor"),
    _one("revenue of {}", "bn$", "revenue abroad of the vendor", total("revenue_bn"), over="vendor"),
    _one("quality of {}", "log", "mean log quality over the layers, last January, the best of a layer at 0",
         lambda o, v: o.last("quality")[:, v].mean(axis=1), over="vendor"),
    *(_total(name, f"{title}, {{}}", f"{title} of the financier, summed over the years", name=name.removesuffix("_bn"))
      for name,
      title in (("commitments_bn", "commitments"), ("refused_for_risk", "refused for risk"),
      ("refused_for_room", "refused for room"), ("refused_under_cap", "refused under the ceiling"),
      ("refused_frozen", "refused while frozen"), ("refused_ineligible", "refused as ineligible"),
      ("extended_loans", "loans extended"), ("written_off_bn", "written off"))),
    _one("defaults in ten years, {}", "share",
         "chance that a loan is extended or written off within ten years, at the rate of all years", _ten_years,
         over="financier"),
    _one("exposure, {}", "bn$", "exposure on the last January", last("exposure_bn"), over="financier"),
)  # fmt: skip

WORLD = (
    _world("sovereignty", "index", "sovereignty index, mean over countries",
           lambda o: country_mean("sovereignty")(o, None)),
    _world("dependence", "index", "concentration on one stack, mean over countries",
           lambda o: country_mean("dependence")(o, None)),
    _world("multi-homing", "share", "layers on which a second stack holds a tenth, mean over countries",
           lambda o: country_mean("multihoming")(o, None)),
    _world("multi-homing of allies", "share", "the same among allies of the United States",
           lambda o: country_mean("multihoming", where=us_allies)(o, None)),
    _world("welfare, low income", "share of need", "welfare of low-income countries over their demand",
           _welfare(low_income)),
    _world("welfare", "share of need", "welfare over demand", _welfare()),
    _world("welfare, club", "share of need", f"welfare of {CLUB} over their demand", _welfare(club)),
    _world("dependence, club", "index", f"concentration on one stack, mean over {CLUB}",
           lambda o: country_mean("dependence", where=club)(o, None)),
    _world("capacity, club", "share of need", f"capacity of {CLUB} over their demand",
           _over("capacity", "demand", club)),
    _world("use of applications, low income", "share", "use over capacity of applications in low-income countries",
           _over("used", "capacity", low_income, APPLICATIONS)),
    _world("use of applications, high income", "share", "the same in high-income countries",
           _over("used", "capacity", lambda o: country_groups(o.inputs)["income"]["high"], APPLICATIONS)),
    _world("US installed, KEN", "share", "installed share of the United States in Kenya",
           lambda o: installed(o, US, None, kenya(o))),
    _world("US installed, club", "share", f"installed share of the United States in {CLUB}",
           lambda o: installed(o, US, None, club(o))),
    _world("US installed, elsewhere", "share", f"the same outside {CLUB}", lambda o: installed(o, US, None, ~club(o))),
    _world("US lead in the club over elsewhere", "share",
           f"installed share of the United States in {CLUB} less that outside",
           lambda o: installed(o, US, None, club(o)) - installed(o, US, None, ~club(o))),
    _world("CN installed, KEN", "share", "installed share of China in Kenya",
           lambda o: installed(o, CN, None, kenya(o))),
    _world("US installed, announced", "share",
           f"installed share of the United States on chips, cloud and models in {ANNOUNCED}",
           lambda o: o["installed"][:, -1][:, o.named(ANNOUNCED)][:, :, [CHIPS, CLOUD, MODELS], US].mean(axis=(1, 2),
           dtype=float)),
    _world("supported in KEN", "count", "tenders of Kenya that the United States supported",
           lambda o: _supported(o, kenya(o))),
    _world("supported elsewhere", "count", "tenders outside Kenya that the United States supported",
           lambda o: _supported(o, ~kenya(o))),
    _world("cost of second sources", "bn$", "overhead of second sources",
           lambda o: total("second_source_cost_bn")(o, None)),
    _world("standards", "share", "US weight in standards, mean over layers",
           lambda o: o.last("standards_share")[:, :, US].mean(axis=1)),
    _world("tenders", "count", "tenders held", lambda o: o.total("tenders")),
    _world("bids a clear tender", "bids", "bids considered a tender of the clearer half of buyers",
           lambda o: ratio("bids_clear_buyers", "tenders_clear_buyers")(o, None)),
    _world("all bids a tender", "bids", "bids considered a tender",
           lambda o: ratio("bids_considered", "tenders")(o, None)),
    _world("tenders without a foreign bid", "count", "tenders in which a home's vendors did not bid",
           lambda o: o.total("tenders_without_bid")[:, :2].sum(axis=1)),
    _world("nothing bought", "share", "tenders in which nothing was bought",
           lambda o: ratio("nothing_bought", "tenders")(o, None)),
    _world("tenders lost to bargaining", "count", "tenders in which nothing was bought",
           lambda o: o.total("nothing_bought")),
    _world("rent captured", "bn$", "price cuts won by bargaining", lambda o: total("rent_captured_bn")(o, None),
           "all_rent_captured"),
    _world("megawatts deferred", "MW", "power deferred for want of electricity",
           lambda o: o.total("megawatts_deferred")),
    _world("idle capacity", "bn$/year", "idle capacity of chips and cloud, mean over the years",
           lambda o: o["idle_capacity"][:, 1:, CHIPS : CLOUD + 1].sum(axis=2).mean(axis=1)),
    _world("unmet demand", "bn$/year", "unmet demand for data, models and applications, mean over the years",
           lambda o: o["unmet_demand"][:, 1:][:, :, [DATA, MODELS, APPLICATIONS]].sum(axis=2).mean(axis=1)),
    _world("use over capacity", "share", "use over capacity of all layers, mean over the years",
           _over("used", "capacity")),
    *(_world(f"capacity, {name}", "bn$/year", f"capacity of {name if name != 'network' else 'networks'}, last January",
             lambda o, layer=layer: o.last("capacity")[..., layer].sum(axis=1))
      for name, layer in (("chips", CHIPS), ("network", NETWORK), ("models", MODELS))),
    _world("champions given up", "count", "domestic champions given up", lambda o: o.total("champion_conversions")),
    _world("vendors alive", "vendors", "vendors in business on the last January",
           lambda o: o.last("alive").sum(axis=1)),
    _world("hub's sales on other stacks", "bn$", "sales of the Gulf hub on other stacks",
           lambda o: o.total("reexport_bn")[:, US]),
    _world("defaulted deals", "count", "deals in default", lambda o: total("defaulted_deals")(o, None),
           "all_defaulted_deals"),
    _world("defaults in ten years", "share",
           "chance that a loan is extended or written off within ten years, at the rate of all years and lenders",
           lambda o: _ten_years(o, None), "all_defaults_in_ten_years"),
    _world("recovery of loans", "share", "what recoveries bring back of what is written off", _recovery),
    _world("US model lead", "log", "log quality of US models over Chinese ones",
           lambda o: _gap(o, MODELS, US_MODELS, CN_MODELS)),
    _world("US chip lead", "log", "log quality of US chips over Chinese ones",
           lambda o: _gap(o, CHIPS, "us_chip_house us_silicon_hyperscaler", "cn_full_stack_champion cn_telecom_house")),
    _world("US network lead", "log", "log quality of US networks over the Chinese champion's",
           lambda o: _gap(o, NETWORK, "us_network_security_house", "cn_full_stack_champion")),
)  # fmt: skip

_WRITTEN = (*SCORECARD, *STACKS_AND_SIDES, *HOMES_ALONE, *VENDORS_AND_FINANCIERS, *WORLD)
# Every other flow of a stack or a home, summed over the years.
_SUMS = tuple(
    _total(one.name)
    for one in MEASURES
    if one.flow and one.dims in (("stack",), ("home",)) and one.name not in {written.measure for written in _WRITTEN}
)
INDICATORS: dict[str, Indicator] = {one.name: one for one in (*_WRITTEN, *_SUMS)}
assert len(INDICATORS) == len(_WRITTEN) + len(_SUMS), "two indicators have the same name"
