"""What is plausible for each judged parameter, and why: the ranges from which studies of uncertainty draw.

Bounds in a declaration say what may be set; a range says what a referee would accept, and lies within the bounds. Most
ranges are stated around the default, so that each part of a parameter (a layer, a home) has its own. A range of no
width means that a parameter is not drawn: it is a convention, or chooses between forms of the model. A reason that
names no source is a judgement too: it says what would look wrong beyond the range.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

Rule = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def times(factor: float) -> Rule:
    """From a default divided by `factor` to a default times `factor`; what is 0 stays 0."""

    def rule(default: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        ends = default / factor, default * factor
        return np.minimum(*ends), np.maximum(*ends)

    return rule


def plus(step: float) -> Rule:
    """From a default less `step` to a default and `step`."""
    return lambda default: (default - step, default + step)


def odds(factor: float) -> Rule:
    """A share whose odds lie between the default's divided by `factor` and times `factor`; 0 and 1 stay."""

    def moved(default: np.ndarray, by: float) -> np.ndarray:
        return default * by / (1 - default + default * by)

    return lambda default: (moved(default, 1 / factor), moved(default, factor))


def between(low: float, high: float) -> Rule:
    """The same range for every part, whatever the default."""
    return lambda default: (np.full_like(default, low), np.full_like(default, high))


def fixed(default: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Not drawn: the default alone."""
    return default, default


@dataclass(frozen=True)
class Range:
    """A rule for the range of a parameter, and the reason for it."""

    rule: Rule
    reason: str

    def around(self, default: Any, low: float, high: float) -> tuple[Any, Any]:
        """Lowest and highest plausible values, each a number or a nested list of the default's shape, within bounds."""
        below, above = self.rule(np.asarray(default, dtype=float))
        return np.clip(below, low, high).round(6).tolist(), np.clip(above, low, high).round(6).tolist()


def _together(rule: Rule, reason: str, names: str) -> dict[str, Range]:
    """One range for several parameters, whose names are separated by blanks."""
    return dict.fromkeys(names.split(), Range(rule, reason))


CONVENTION = "a convention of counting or of how the model is written, no quantity in the world"
WEAK_PULL = "known by sign and order only; beyond half or twice the default it would stand out in who wins"
SHARE_KNOWN = "known to be a part, neither little nor nearly all: half or twice the odds of the default"
EFFECT = "no study gives the size of the effect: half or twice the odds of the default keeps it partial"
COST = "what suppliers are known to charge for the like lies within half as much again either way"
SMALL_COST = "a few percent of a price; half or twice that is the width of what suppliers charge"
TIME = "time for extra work of this kind; half or twice the default covers short and long practice"
EVENTS = "counted from few events: half or twice the rate is what a decade of observation leaves open"
SIZE_OF_EVENT = "relative weight of one kind of news; half or twice keeps the order of what is felt more"
SHAPE = "shape of a rule of thumb; moving it by half as much again keeps the rule recognisable"
BUDGET = "an order of magnitude of a programme's budget line"
VALUES = "what a reader values, no fact about the world: half or twice the default"
OBSERVED = "error of published figures of this kind: half or twice the default"

RANGES: dict[str, Range] = {
    # tastes and pulls in the choice
    **_together(
        times(1.5),
        "well below, a rebate of a tenth would hardly move a buyer; well above, price alone would decide",
        "price_taste price_taste_income",
    ),
    **_together(
        times(1.4),
        "beyond the range a gap in quality would weigh far more or far less than an equal gap in price",
        "quality_taste",
    ),
    **_together(
        times(1.35), "far below, half of all renewals would change vendor; far above, next to none would", "incumbency"
    ),
    **_together(
        times(1.5),
        "the same stack elsewhere helps, but mixed stacks are common: a pull well above would rule them out",
        "complementarity complementarity_between",
    ),
    **_together(
        times(1.5),
        "peers alone must not make the world tip (above 2 they would), and clusters of neighbours must show",
        "peer_pull",
    ),
    **_together(times(2), WEAK_PULL, "standards_pull standards_floor"),
    **_together(
        times(1.5),
        "the fear is voiced, and yet most countries buy abroad: it counts, and it does not decide alone",
        "supply_fear security_fear supply_fear_alone",
    ),
    **_together(
        times(1.5),
        "the wish for control shows in what is said more than in what is bought: it counts, and imports go on",
        "sovereignty_taste sovereignty_taste_slope dependence_aversion alliance_taste",
    ),
    **_together(plus(0.15), "dependence is spoken of from about half of the spend upward", "dependence_free"),
    **_together(
        times(1.6),
        "words and manners weigh less than money; some weigh next to nothing",
        "regulation_friction framing affiliation_dislike good_graces capacity_taste delay_dislike licence_dislike "
        "pressure_weight retaliation framing_ally",
    ),
    **_together(
        times(1.4),
        "where capital costs 17 % an unfinanced bid loses between two thirds and nearly nine tenths of its odds",
        "finance_gap",
    ),
    **_together(odds(1.5), "how much of a price is due before anything works differs by contract", "finance_gap_layer"),
    **_together(between(0.45, 0.8), "likeness within a stack must show and must not be everything", "nest_scale"),
    **_together(
        plus(0.5),
        "about one tender in eight buys nothing at the default; at the ends one in ten and nearly one in five",
        "outside_option",
    ),
    **_together(fixed, CONVENTION, "count_correction horizon_years retained_years"),
    **_together(fixed, "chooses between forms of the model; studied as structure", "satisficing satisficing_margin"),
    **_together(
        times(1.5), "buyers differ, but the ranking of vendors is much the same for most of them", "taste_spread"
    ),
    **_together(
        between(0.8, 1),
        "what stands in a country says what it chose; less would let the first years move towards the world's mean",
        "start_shrink",
    ),
    **_together(
        between(0.5, 1),
        "that buyers overlook this tie is the claim; some see it, so down to half is accepted",
        "hidden_silicon",
    ),
    **_together(
        odds(2),
        SHARE_KNOWN,
        "retaliation_reward incumbency_renewal_stack incumbency_new_vendor incumbency_new_stack supply_bond_comfort "
        "framing_likeness framing_industry_led",
    ),
    **_together(times(1.3), "between what good and middling credits pay", "finance_gap_from"),
    **_together(times(1.5), SHAPE, "finance_gap_scale"),
    # control
    **_together(
        odds(1.5),
        "order of the ways of selling is sure (operated, by a partner, sold, self-hosted), their distance is not",
        "cut_by_mode",
    ),
    **_together(odds(2), EFFECT, "cut_hosting cut_confidential cut_domestic control_data_rights"),
    **_together(times(1.5), "only proportions count, and no layer is twice what its neighbours are", "layer_weight"),
    **_together(
        odds(2), EFFECT, "affiliation_industry_led distrust_quarrel distrust_advocacy champion_rebate silicon_rebate"
    ),
    # price
    **_together(
        odds(1.5),
        "the vendor's part of the whole cost: largest for hardware, least where staff and integration cost most",
        "pass_through",
    ),
    **_together(between(0.5, 1.3), "budgets are fixed in money for a year, needs push beyond them", "budget_bound"),
    **_together(
        times(1.8),
        "offers with local control are priced 10 to 35 % above the same cloud in trade guides of 2026, which is more "
        "than hosting alone costs",
        "hosting_price confidential_price",
    ),
    **_together(
        times(1.7),
        SMALL_COST,
        "supply_bond_price evaluation_price guardrail_price option_price consortium_price "
        "power_price club_rebate bargain_rebate tariff_price regulation_margin hedge_price",
    ),
    **_together(between(0.8, 0.98), "open weights are free; running them is not", "open_weights_rebate"),
    **_together(times(2), "bargains break off seldom, or buyers would not bargain", "bargain_failure bargain_margin"),
    **_together(times(1.7), "fitting a system to its user is a tenth to a quarter of its price", "customisation_price"),
    # bids
    **_together(
        between(0.15, 0.45),
        "most tenders are for one layer; full-stack offers are made in a minority, though a visible one",
        "package_offered",
    ),
    **_together(
        between(3, 10),
        "full-stack offers with a government behind them began in 2025; new ways of buying take years to spread",
        "package_years",
    ),
    **_together(times(1.6), SHAPE, "package_margin consortium_margin"),
    **_together(between(2, 4), "bundles of two to four layers are what vendors advertise", "package_size"),
    **_together(times(1.5), "public buyers open renewals half a year to a year and a half ahead", "open_months"),
    **_together(times(1.5), "contracts are pooled within a budget year, seldom over several", "renewal_months"),
    **_together(
        odds(2),
        "what governments bar for security they bar for what they run first; firms and people are freer to choose",
        "exclusion_reach",
    ),
    **_together(
        odds(2),
        "embargoes of years have left US models, software and smuggled chips in use; what needs an operator ends",
        "embargo_evaded",
    ),
    **_together(
        plus(0.4), "half to seven in ten of known vendors are asked to bid without help from home", "considered_base"
    ),
    **_together(times(1.4), "advocacy opens doors: some, not all", "considered_advocacy team_weight_limit"),
    **_together(odds(2), SHARE_KNOWN, "advocacy_industry_led advocacy_consortium independent_advocacy"),
    **_together(plus(0.5), "a Gulf hub sells little abroad and much at home", "hub_considered hub_considered_gulf"),
    **_together(times(1.4), "re-export within the Gulf is the rule once it is allowed", "hub_considered_reexport"),
    **_together(times(1.6), "spread of margins between tenders, a few points", "margin_spread"),
    **_together(times(1.6), WEAK_PULL, "customisation_teams"),
    **_together(
        between(0.5, 0.75),
        "research, sales and overheads take half to three quarters of gross margins in published accounts",
        "hurdle",
    ),
    **_together(times(1.3), "most of a buyer's spread is the vendor's risk, some is insured", "vendor_risk"),
    **_together(between(0.04, 0.06), "near what the safest borrowers pay for long money", "safest_rate"),
    **_together(odds(2), SHARE_KNOWN, "equity_cover support_deniability quick_customisation quick_narrow"),
    **_together(odds(2), "such a vendor sells turnkey, nearly always", "quick_turnkey"),
    **_together(times(1.4), "half closeness to a government opens most of its support", "support_closeness"),
    **_together(times(1.5), "one budget year, or half of one, or one and a half", "club_months"),
    **_together(times(1.5), "a lead firm has tens of billions of revenue", "ready_revenue_bn"),
    **_together(between(0.2, 0.4), "a second source gets a part that keeps it alive, less than half", "hedge_share"),
    **_together(plus(0.4), "a fifth to a third of buyers keep a second source without special fear", "hedge_base"),
    **_together(times(1.5), SIZE_OF_EVENT, "hedge_fear hedge_fear_usual hedge_fear_limit hedge_doubt"),
    # demand
    **_together(
        times(1.3),
        "a third either way is a factor of two to five by 2045 from end to end; the order of the layers is kept",
        "growth",
    ),
    **_together(
        between(6.5, 10.5),
        "growth halves in four and a half to seven years, as it does when a market fills",
        "growth_fade_years",
    ),
    **_together(plus(0.01), "a point a year either way", "gdp_growth"),
    **_together(times(1.6), "published averages differ by product by more than this", "bass_innovation bass_imitation"),
    **_together(times(2), "a tender costs a ministry some staff for some months", "gate_bn"),
    **_together(between(0.15, 0.3), "a country with a fifth of what it needs is called unserved", "unserved_below"),
    **_together(between(1.15, 1.4), "more is bought once need passes what there is by 15 to 40 %", "top_up_above"),
    **_together(between(0.6, 0.85), SHAPE, "top_up_looks_from"),
    **_together(between(0.35, 0.7), "a look every one and a half to three years", "top_up_rate"),
    **_together(between(0.4, 0.7), "contracts are seldom renewed at less than half of their size", "renewal_smallest"),
    **_together(between(1.25, 1.75), "nor at much more than half as much again", "renewal_largest"),
    **_together(between(1, 3), "building takes one to three years, and buyers order for its end", "planning_years"),
    **_together(between(0.15, 0.4), "a naive forecast out by 15 to 50 %", "bias"),
    **_together(between(0.45, 0.85), "usual single forecasts are out by a third to four fifths", "bias_spread"),
    **_together(fixed, "the direction is the claim that is studied; its size is `bias`", "bias_layer"),
    **_together(times(1.5), "a first contract's life teaches a buyer", "experience_years experience_start"),
    **_together(odds(2), EFFECT, "elicitation_effect clarity_effect skills_effect exit_effect requirement_passed"),
    **_together(times(2), "show alone adds a fifth to a doubling of what is bought", "prestige_bias"),
    **_together(times(2), "a programme of digital skills costs a few percent of what it serves", "skills_cost"),
    **_together(times(1.6), "a cohort's training takes two to seven years to be felt", "skills_years"),
    **_together(times(1.6), "a leaning moves less than a ban and more than a framing", "leaning_pull"),
    **_together(times(2), "a tender at half the notice loses a tenth to half of its bids", "haste"),
    **_together(times(2), "open interfaces cost one to six percent of a contract", "exit_price"),
    **_together(between(0.5, 0.9), "joint purchasing takes longer, by a tenth to twice the time", "club_wait"),
    **_together(times(2), BUDGET, "strategy_office advocacy_cost_bn standards_cost_bn elicitation_cost_bn"),
    **_together(times(1.6), "an idle champion survives six to sixteen years", "champion_give_up"),
    **_together(times(1.3), "forecasts of electricity by region", "electricity_growth"),
    **_together(between(0.7, 1), "some sites bring their own power", "electricity_taken"),
    **_together(times(1.5), "a power package can serve a site of its own size", "power_lift"),
    **_together(
        fixed, "which layers firms buy without a government is plain; how much is in the facts", "organic_layers"
    ),
    **_together(
        between(1.3, 2), "announcements of a third more than is needed, up to twice as much", "mega_announcement"
    ),
    **_together(
        between(0.01, 0.04),
        "real contracts of one government with one vendor stay below; campuses and letters of intent go higher",
        "deal_share_of_gdp",
    ),
    **_together(
        between(500, 2000),
        "no economy above a trillion has a deal of 2 % of its GDP, several below have",
        "deal_gdp_bn",
    ),
    **_together(between(0.25, 0.6), "software alone meets a quarter to a half of a need", "software_share"),
    **_together(
        plus(0.3), "domestic champions trail by a factor of 2.5 to 4.5 where skills are few", "domestic_quality"
    ),
    **_together(times(1.3), "and by little where skills are many", "domestic_quality_slope"),
    # use
    **_together(times(1.6), "the mix of uses changes over years, not months", "mix_pull mix_noise"),
    **_together(odds(1.5), "what turnkey offers are built for: training and large inference first", "standard_mix"),
    **_together(times(1.4), "use of new systems takes one to three years to come up", "use_speed use_speed_absorption"),
    **_together(
        odds(1.5),
        "use of operated clouds (70-85 %) and of firms' own clusters (5-40 %) bound it from both sides",
        "use_ceiling use_ceiling_absorption cloud_floor",
    ),
    **_together(
        odds(2),
        EFFECT,
        "capacity_building_effect customisation_mix customisation_fit option_fit turnkey_misfit naivety_fit",
    ),
    **_together(odds(1.5), SHARE_KNOWN, "reputation_neutral reputation_peers sector_floor"),
    **_together(times(1.6), WEAK_PULL, "reputation_weight"),
    **_together(times(2), "a floor that keeps logarithms finite and hardly matters", "fit_floor"),
    **_together(
        odds(1.5), "the part of a contract that is hardware and works, by layer", "capital_share financed_share"
    ),
    **_together(times(1.3), "contracts of the like run between a year and two longer or shorter", "term_years"),
    # life cycle
    **_together(
        times(1.3), "published times of comparable sites differ by a third and more", "finance_months build_months"
    ),
    **_together(
        times(1.4),
        "the share that operates then lies between a quarter and a half for the largest deals, as counts in "
        "South-East Asia (35 %) allow, and above four fifths for software",
        "cancel_before_finance cancel_while_building",
    ),
    **_together(times(1.5), "where one class of size ends is a matter of habit", "mega_mw modular_mw"),
    **_together(times(2), "the largest campuses announced for one place are of 0.5 to 2 GW a phase", "largest_site_mw"),
    **_together(odds(2), SHARE_KNOWN, "novation novation_left"),
    **_together(
        times(1.5),
        "stop-gap extensions in public contracts: months, seldom years",
        "holdover_months holdover_after_failure",
    ),
    **_together(odds(1.6), "turnkey contracts save a fifth to two fifths of the time", "turnkey_speed"),
    **_together(
        times(1.6), TIME, "customisation_months elicitation_months consortium_months power_months guardrail_months"
    ),
    **_together(between(1.1, 1.4), "more parties fail more often, not twice as often", "consortium_cancel"),
    **_together(odds(2), "part of the grid wait runs beside building", "grid_wait_share"),
    **_together(times(1.6), SHAPE, "grid_wait_load grid_wait_load_limit"),
    **_together(times(1.7), SMALL_COST, "capacity_building_cost"),
    # licences and diversions
    **_together(
        times(1.4),
        "licences took 40 days on average and 77 for China in 2022; large data centres in the Gulf about five months",
        "licence_months",
    ),
    **_together(odds(2), SHARE_KNOWN, "licence_affiliation licence_lenient licence_quarrel fast_lane_cloud"),
    **_together(odds(1.5), "rules name chips first, and parts of data centres", "licence_layers"),
    **_together(
        between(0.08, 0.2),
        "26 to 30 % of applications for China were denied or returned in 2022, three tiers up and at half of full "
        "strictness; 8 % of those for listed Chinese firms denied outright",
        "denial",
    ),
    **_together(
        times(1.6),
        SIZE_OF_EVENT,
        "denial_severity diversion_severity restriction_severity concession_severity coercion_severity "
        "sanctions_severity breach_severity threat_severity resentment",
    ),
    **_together(
        odds(2),
        EFFECT,
        "fast_lane_effect diversion_guardrail diversion_fast_lane diversion_reexport diversion_compact diversion_tier "
        "diversion_strictness diversion_hosting restriction_guardrail compact_licence",
    ),
    **_together(times(1.8), EVENTS, "diversion restriction scrutiny_effect"),
    **_together(times(2), "from some of the chips to what a rival's use of them undoes", "diversion_loss"),
    **_together(times(1.6), "moving systems takes from months to most of a year of what they cost", "switching_cost"),
    # shocks
    **_together(
        times(1.6),
        EVENTS,
        "alliance_doubt_rate breach_rate sanctions_rate chip_breakthrough_rate bust_rate power_shock_rate "
        "frontier_jump_rate tariff_rate attack_rate",
    ),
    **_together(
        times(1.5),
        "15 % of low-income countries were in debt distress in 2023 (IMF), fewer in the decade before",
        "debt_distress_rate debt_distress_years",
    ),
    **_together(times(1.5), SIZE_OF_EVENT, "alliance_doubt_size alliance_doubt_supply frontier_jump_size"),
    **_together(odds(2), "an alliance makes sanctions rare, not impossible", "sanctions_ally"),
    **_together(
        times(1.5),
        "lengths of past episodes of the kind",
        "sanctions_years bust_years power_shock_years tariff_years broken_memory_years",
    ),
    **_together(times(1.5), "half of what China's chips lag behind, give or take a quarter", "chip_breakthrough_size"),
    **_together(
        between(0.7, 0.94),
        "spending on information technology fell by 2 % in 2001 and 6 % in 2009, on hardware by 16 % (Gartner); a bust "
        "of one technology goes deeper",
        "bust_demand",
    ),
    **_together(times(1.5), SHAPE, "bust_ends bust_quick bust_burn"),
    **_together(
        between(2.5, 5), "no figures for projects alone; clearly more than in calm years", "debt_distress_factor"
    ),
    **_together(between(0.6, 0.85), "rationing in past energy crises", "power_shock_factor"),
    **_together(between(1.5, 4), "queues for the grid grew two- to fourfold where power ran short", "power_shock_wait"),
    **_together(
        between(0.7, 0.9), "public investment falls by a tenth to a third in a debt crisis", "debt_distress_demand"
    ),
    **_together(times(1.3), "half of all leaders leave within four years", "government_change_rate"),
    **_together(
        times(1.6), "attitudes move by a tenth or two of their scale when governments change", "government_change_size"
    ),
    # money
    **_together(times(1.5), "what a programme can handle, within half as much again", "slots"),
    **_together(times(1.5), BUDGET, "budget_reference_bn"),
    **_together(times(1.8), SHAPE, "value_half_bn targeting_least_need slots_overbooked"),
    **_together(between(0.25, 0.5), "a quarter to a half of the financed part is usual for soft offers", "grant_share"),
    **_together(between(1, 3), "concessional against commercial rates of the same lender", "concession_points"),
    **_together(between(4, 6), "a point either way", "guaranteed_rate"),
    **_together(
        between(0.75, 1),
        "MIGA covers up to 95 % of a loan, EXIM all of one of up to 85 % of the price; others less",
        "guarantee_cover",
    ),
    **_together(between(0.5, 1.75), "premiums rise with risk and term; this is their middle", "guarantee_fee"),
    **_together(between(1, 3), "spread that insurance of political risk saves", "insurance_points"),
    **_together(odds(2), SHARE_KNOWN, "equity_relief cloud_loss"),
    **_together(between(0.035, 0.055), "a point either way", "discount_rate"),
    **_together(times(1.3), "long averages of default move by about a third", "base_default"),
    **_together(
        odds(2), "no survey of buyers: with half or twice the odds, lenders of either home stay in business", "asks"
    ),
    **_together(odds(2), SHARE_KNOWN, "asks_distance asks_in_distress finance_budget largest_deal"),
    **_together(times(2), "lenders' smallest contracts of this kind differ by more", "least_supported_bn least_part"),
    **_together(
        times(1.3), "between what borrowers of good rating pay and what poor ones do", "loan_need_from loan_need_span"
    ),
    **_together(
        times(1.3), "measured in the status quo; books of other lenders are safer or riskier", "book_multiplier"
    ),
    **_together(
        between(1, 2), "project finance defaults most in its first years, up to twice as often", "building_default"
    ),
    **_together(odds(1.5), "recoveries of projects lie between 70 and 85 %", "loss_given_default"),
    **_together(between(0.5, 2), "no figures by use; sign only", "under_use_default"),
    **_together(between(0.45, 0.7), "use below which operators call a site idle", "under_use_from"),
    **_together(times(1.4), "from a few years to seven", "extension_years"),
    **_together(fixed, "a practice that a lender has or has not", "extends freeze_above highest_income"),
    **_together(times(2), "exposure too small for one loan to mean anything", "freeze_floor_bn"),
    **_together(between(1.3, 3), "a guarantee leaves more to private lenders than a loan does", "private_by_guarantee"),
    **_together(between(0.8, 0.95), "lenders keep a part on their books", "co_finance_limit"),
    **_together(between(0.3, 0.7), "how far a lender counts what a rival would do", "inaction_weight"),
    **_together(times(2), "staff and lawyers for a deal", "overhead_bn"),
    **_together(times(1.6), WEAK_PULL, "appropriation_response cloud_lock_renewal"),
    # trust
    **_together(times(1.4), "six to eleven years of experience weigh as much as what was believed", "belief_strength"),
    **_together(between(0.9, 0.98), "experience loses half its weight in seven to thirty years", "belief_retention"),
    **_together(between(0.75, 1.35), "the unit in which events are weighed", "quiet_weight"),
    **_together(between(1.5, 2.75), "bad news weighs about twice as much as good news", "loss_aversion"),
    **_together(times(1.6), BUDGET, "signal_opportunist_bn signal_reliable_bn bond_bn"),
    **_together(times(1.4), EFFECT, "supply_bond_hazard"),
    **_together(odds(1.6), SHARE_KNOWN, "supply_bond_compensation"),
    **_together(between(2, 4), "a broken promise counts more than a plain event", "broken_promise"),
    **_together(odds(2), SHARE_KNOWN, "threat_elsewhere broken_promise_elsewhere umbrella_threat"),
    **_together(times(1.6), "an evaluation tells as much as a few years without trouble", "evaluations"),
    **_together(times(1.4), "a few in a hundred a year", "true_breach"),
    **_together(odds(2), EFFECT, "breach_confidential"),
    **_together(between(0.6, 3.5), "a yearly loss of three in a thousand to two in a hundred of use", "breach_loss"),
    **_together(
        times(1.3), "each home then coerces between once in four years and once a year", "dispute_rate coercion_cost"
    ),
    **_together(times(1.6), SHAPE, "concession_half"),
    **_together(odds(1.6), "not every contract ends when a home cuts off", "coercion_cut"),
    **_together(between(0.78, 0.9), "goodwill fades by half in three to seven years", "goodwill_retention"),
    **_together(times(1.6), WEAK_PULL, "goodwill_aid goodwill_severity goodwill_ally appropriation_framing"),
    # feedbacks
    **_together(
        times(1.4),
        "gaps between leaders and followers then close or open by a few percent a year",
        "research_effect catch_up data_effect strictness_chips",
    ),
    **_together(between(0.2, 0.45), "returns to research fall, clearly and not wholly", "research_power"),
    **_together(times(1.6), "published and alleged support differs by more than this", "state_aid_bn"),
    **_together(odds(2), SHARE_KNOWN, "state_aid_share standards_kit standards_consortium burn_paid"),
    **_together(times(1.5), "an installed base is remembered for one to three years", "standards_months"),
    **_together(times(1.6), WEAK_PULL, "standards_lever champion_learning"),
    **_together(between(0.05, 0.2), "from thin to comfortable", "vendor_margin"),
    # scores and the public record
    **_together(
        times(1.5),
        VALUES,
        "welfare_use welfare_cut_off welfare_autonomy score_delivery payoff_use payoff_influence payoff_incident "
        "payoff_trust",
    ),
    **_together(between(1, 1.5), "the money alone, to the highest estimates of what raising it costs", "payoff_cost"),
    **_together(between(0, 0.5), "from no cost of raising money to the highest estimates", "welfare_funds"),
    **_together(times(1.4), "buyers themselves trade quality for price in about this proportion", "welfare_quality"),
    **_together(times(1.8), OBSERVED, "share_noise level_noise poll_noise"),
    **_together(fixed, CONVENTION, "look_ahead_years look_ahead_futures"),
}
