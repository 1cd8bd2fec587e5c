"""Every measure that runs record, declared once, and the layout of the yearbook that keeps them.

A record is taken on 1 January of each year: stocks as of that day, flows over the twelve months before it. Compiled
kernels add flows to the row of the year in which they fall; `record.py` fills in the stocks.
"""

from dataclasses import dataclass

import numpy as np

from stackcraft.agents import names

MONTHS_COUNTED = 121  # times to operation are counted by month up to ten years


@dataclass(frozen=True)
class Measure:
    """One measure: its dimensions after (run, year), unit and meaning. `flow` measures add up over a year."""

    name: str
    dims: tuple[str, ...]
    unit: str
    sentence: str
    flow: bool = False
    single: bool = False  # kept in single precision: large, and only looked at

    @property
    def type(self):
        return np.float32 if self.single else np.float64


def _stock(name, dims, unit, sentence, single=False):
    return Measure(name, tuple(dims.split()), unit, sentence, False, single)


def _flow(name, dims, unit, sentence):
    return Measure(name, tuple(dims.split()), unit, sentence, True)


MEASURES = (
    _stock("installed", "country layer stack", "share", "installed share of each stack", True),
    _stock("utilised", "country layer stack", "share", "share of each stack in what is in use", True),
    _stock("capacity", "country layer", "bn$/year", "contracted and organic capacity in operation", True),
    _stock("used", "country layer", "bn$/year", "capacity in use", True),
    _stock("demand", "country layer", "bn$/year", "demand", True),
    _stock("power_mw", "country", "MW", "power of the data centres in operation, for chips and cloud", True),
    _stock(
        "win_probability",
        "country layer stack",
        "probability",
        "chance that a stack wins an unsupported tender, as last surveyed (at most two years ago)",
        True,
    ),
    _stock("sovereignty", "country", "index", "1 less weighted, cutable dependence on foreign stacks", True),
    _stock("dependence", "country", "index", "Herfindahl index of stacks, spend-weighted", True),
    _stock("multihoming", "country", "share", "layers on which a second stack holds a tenth or more", True),
    _stock(
        "welfare",
        "country",
        "bn$/year",
        "value of use by its quality, less price (with subsidies and what public finance saved), expected and actual "
        "losses from cut-offs, breaches and moves to other vendors, plus autonomy, weighed alike whatever the levers",
        True,
    ),
    _stock("leverage", "country home", "index", "what a home could threaten to take away", True),
    _stock("trust", "country stack", "index", "mean of the three beliefs, 1 = full trust", True),
    _stock("goodwill", "country stack", "index", "goodwill", True),
    _stock(
        "perceived_hazard",
        "country stack channel",
        "per year",
        "hazard as the country sees it; for commitment, the chance that it is broken",
        True,
    ),
    _stock("true_hazard", "country stack channel", "per year", "hazard as it is", True),
    _stock("world_installed", "weight layer stack", "share", "installed share, by weighting"),
    _stock("world_utilised", "weight layer stack", "share", "share in use, by weighting"),
    _stock(
        "standards_share",
        "layer stack",
        "share",
        "a stack's installed base and its home's work on standards, over all stacks'",
    ),
    _stock("quality", "vendor layer", "log", "log quality, the best of a layer at 0"),
    _stock("alive", "vendor", "0/1", "in business"),
    _stock("exposure_bn", "financier", "bn$", "outstanding and committed"),
    _stock("overdue_share", "financier", "share", "overdue share of exposure"),
    _stock("utilisation", "stack", "share", "use over capacity of government deals"),
    _stock("operating_capacity", "stack", "bn$/year", "capacity of government deals in operation"),
    _stock("budget_bn", "home", "bn$", "what was left of the year's budget"),
    _stock("lock_in", "stack", "years of spend", "expected loss on switching over yearly spend"),
    _stock("use_bn", "stack", "bn$/year", "what is in use of a stack, summed over countries and layers"),
    _flow("tenders", "", "count", "tenders held"),
    _flow("choices", "", "count", "choices evaluated"),
    _flow("tenders_postponed", "", "count", "tenders put off because every slot of the cell was taken"),
    _flow("supply_shortfalls", "stack", "count", "wins that the vendor could not supply this year"),
    _flow("nothing_bought", "", "count", "tenders in which nothing was bought"),
    _flow("megawatts_deferred", "", "MW", "data-centre power deferred for want of electricity"),
    _stock("unmet_demand", "layer", "bn$/year", "demand above capacity, summed over countries"),
    _stock("idle_capacity", "layer", "bn$/year", "capacity not in use, summed over countries"),
    _flow("bids_considered", "stack", "count", "bids considered"),
    _flow("bids_clear_buyers", "stack", "count", "bids considered by the clearest third of the buyers"),
    _flow("tenders_clear_buyers", "", "count", "tenders of the clearest third of the buyers"),
    _flow("tenders_without_bid", "stack", "count", "tenders in which no vendor of the stack bid"),
    _flow("tenders_won", "stack", "count", "tenders won"),
    _flow("wins_income", "income_group stack", "count", "tenders won by income group"),
    _flow("wins_nonaligned", "tercile stack", "count", "tenders won by tercile of non-alignment"),
    _flow("wins_contested", "tercile stack", "count", "tenders won by tercile of contestedness"),
    _flow("wins_sceptical", "tercile stack", "count", "tenders won by tercile of scepticism of the United States"),
    _flow("wins_sovereign", "tercile stack", "count", "tenders won by tercile of appetite for sovereignty"),
    _flow("wins_exporting", "tercile stack", "count", "tenders won by tercile of exports to the winner's home"),
    _flow("wins_allied", "stack", "count", "tenders won among allies of the United States"),
    _flow("wins_vendor", "vendor", "count", "tenders won by vendor"),
    _flow("wins_small", "stack", "count", "tenders won by vendors too small to lead a consortium"),
    _flow("announced_bn", "stack", "bn$", "value of deals signed, as announced: sovereign mega-deals are talked up"),
    _flow(
        "delivered_bn", "stack", "bn$", "value of deals that began to operate, those signed before the start included"
    ),
    _flow("signed_deals", "stack", "count", "deals signed"),
    _flow("operating_deals", "stack", "count", "deals that began to operate, those signed before the start included"),
    _flow("operation_months", "stack month", "count", "deals that began to operate, by months since signing"),
    _flow("cancelled_deals", "stack", "count", "deals cancelled"),
    _flow("novated_deals", "stack", "count", "failed builds taken over by another vendor of the stack"),
    _flow("renewed_deals", "stack", "count", "contracts renewed"),
    _flow("switched_deals", "stack", "count", "contracts lost to another vendor"),
    _flow("crossed_deals", "stack", "count", "contracts lost to another stack"),
    _flow("cloud_switches", "", "count", "cloud contracts that changed hands"),
    _stock("cloud_contracts", "", "count", "cloud contracts in operation"),
    _flow("lapsed_deals", "stack", "count", "contracts that lapsed"),
    _flow("defaulted_deals", "stack", "count", "deals in default"),
    _flow("cut_deals", "stack", "count", "deals cut off"),
    _flow("packages_won", "stack", "count", "packages won"),
    _flow("package_layers", "stack", "count", "layers in packages won"),
    _flow("supported_tenders", "stack", "count", "tenders supported"),
    _flow("supported_contested", "tercile stack", "count", "supported tenders by tercile of contestedness"),
    _flow("supported_countries", "country home", "count", "supported tenders by country"),
    _flow("additional_wins", "stack", "wins", "wins that the same luck would not have brought without support"),
    _flow("win_chance_added", "stack", "wins", "sum of what support added to the chance of winning"),
    _flow("private_capital_bn", "stack", "bn$", "private capital mobilised"),
    _flow("public_cost_bn", "stack", "bn$", "public cost, at present value"),
    _flow("subsidy_cost_bn", "stack", "bn$", "of it, subsidies"),
    _flow("default_loss_bn", "stack", "bn$", "public losses on defaults"),
    _flow("risk_state_bn", "stack", "bn$", "expected loss carried by the state on deals signed"),
    _flow("risk_firm_bn", "stack", "bn$", "expected loss carried by firms on deals signed"),
    _flow("refused_for_risk", "financier", "count", "deals refused for risk"),
    _flow("refused_for_room", "financier", "count", "deals refused because the year's lending was spoken for"),
    _flow(
        "refused_under_cap", "financier", "count", "deals refused under the ceiling on the book or a lapsed authority"
    ),
    _flow("refused_frozen", "financier", "count", "deals refused while frozen"),
    _flow(
        "refused_ineligible", "financier", "count", "deals refused because the country is too rich for the financier"
    ),
    _flow("support_unasked", "home", "count", "tenders open to a home's support whose buyer did not ask for it"),
    _flow("support_asked", "home", "count", "tenders whose buyer asked a home for support"),
    _flow("support_short_of_slots", "home", "count", "of them, beyond the number that the programme handles"),
    _flow("support_short_of_money", "home", "count", "of them, refused because the programme's budget was spent"),
    _flow("loan_years", "financier", "years", "years that loans were outstanding"),
    _flow("extended_loans", "financier", "count", "loans whose maturity was extended instead of a default"),
    _flow("written_off_loans", "financier", "count", "loans written off"),
    _flow("written_off_bn", "financier", "bn$", "owed on loans written off, without a partner's part"),
    _flow("lost_bn", "financier", "bn$", "of it, what recoveries will not bring back"),
    _flow("commitments_bn", "financier", "bn$", "commitments"),
    _flow("diversions", "stack", "count", "diversions"),
    _flow("later_restrictions", "stack", "count", "deals restricted after a diversion"),
    _flow("licence_denials", "stack", "count", "licences denied"),
    _flow("licence_months", "stack", "months", "months of licence delay"),
    _flow("friction_losses", "stack", "wins", "chance of winning lost to regulatory friction"),
    _flow("rent_captured_bn", "stack", "bn$", "price cuts won by bargaining"),
    _flow("adopters_5y", "stack", "count", "adopters whose five years ended, by that January"),
    _flow("adopters_retained_5y", "stack", "count", "of them, still with the stack"),
    _flow("retained_use_5y", "stack", "count", "sum over those retained of the share of capacity in use"),
    _stock("evaluated_trust", "stack", "variance", "variance between countries of the feared hazard of a breach"),
    _flow("champion_conversions", "", "count", "domestic champions given up"),
    _flow("reexport_bn", "stack", "bn$", "sales of the Gulf hub on other stacks"),
    _flow(
        "allied_cobids",
        "home",
        "count",
        "wins of independent vendors in cells that a home supports, by how far its support reaches them",
    ),
    _flow("inroads", "stack", "count", "software inroads won"),
    _flow("inroads_converted", "stack", "count", "larger deals won where an inroad stood"),
    _flow("coercion_events", "home", "count", "coercion"),
    _flow("concession_stakes", "home", "stake", "stakes conceded"),
    _flow("broken_supply_bonds", "home", "count", "supply bonds broken"),
    _flow("security_incidents", "stack", "count", "breaches and diversions"),
    _flow("incident_loss_bn", "stack", "bn$", "loss in breaches and diversions: severity x what was exposed"),
    _flow("breach_loss_bn", "country", "bn$", "loss of the country in breaches"),
    *(
        _flow(f"payoff_{part}_bn", "home", "bn$", f"part of a home's payoff: {sentence}")
        for part, sentence in (
            ("use", "what its stack had in use, at payoff_use"),
            ("influence", "mean leverage over countries, at payoff_influence"),
            ("cost", "public cost, at payoff_cost (negative)"),
            ("incident", "loss in incidents, at payoff_incident (negative)"),
            ("trust", "mean trust over countries, at payoff_trust"),
        )
    ),
    _flow("revenue_bn", "vendor", "bn$/year", "revenue abroad"),
    _flow("profit_bn", "vendor", "bn$/year", "what margins leave of revenue abroad after research"),
    _flow("cut_off_loss_bn", "country", "bn$", "value of use lost to cut-offs"),
    _flow(
        "finance_relief_bn",
        "country",
        "bn$",
        "what public finance signed this year saved the buyers, at present value and their own cost of capital",
    ),
    _flow("second_source_cost_bn", "country", "bn$", "overhead of second sources signed this year, over their term"),
    _flow("switching_cost_bn", "country", "bn$", "cost of moving to another vendor"),
    _stock("policy_cost_bn", "country", "bn$/year", "what the country's own strategy office and skills cost it"),
    _flow("private_spend_bn", "country", "bn$", "what the country spent on the stacks"),
    _flow("app_use", "stack", "bn$", "use of applications"),
)

TABLE: dict[str, Measure] = {one.name: one for one in MEASURES}


def sizes(countries: int) -> dict[str, int]:
    """The length of each dimension."""
    return {
        "country": countries,
        "layer": len(names.LAYERS),
        "stack": len(names.STACKS),
        "vendor": names.VENDOR_PLACES,
        "home": len(names.HOMES),
        "financier": len(names.FINANCIERS),
        "channel": len(names.BELIEF_CHANNELS),
        "income_group": len(names.INCOME_GROUPS),
        "weight": len(names.WEIGHTS),
        "tercile": 3,
        "month": MONTHS_COUNTED,
    }


def book_dtype(countries: int) -> np.dtype:
    """One record a run and year."""
    size = sizes(countries)
    return np.dtype([(one.name, one.type, tuple(size[dim] for dim in one.dims)) for one in MEASURES], align=True)
