"""Stages of a deal, licences, diversions and shocks."""

from model.declared.helper import number

S17 = "delivery in South-East Asia: Lowy Institute (March 2024), for the share that operates"
# Rows of the life-cycle tables: CN mega, US mega, mid data centre, modular, cloud region, network, software.
LIFECYCLE = (
    number("finance_months", [12, 14, 10, 6, 5, 8, 2], 0.5, 60, "months", "mean time to finance", shape="site_class", source=S17, judgement=True),
    number("build_months", [30, 30, 20, 9, 19, 16, 5], 0.5, 120, "months", "mean time to build", shape="site_class", source=S17, judgement=True),
    number("cancel_before_finance", [0.045, 0.040, 0.025, 0.015, 0.010, 0.015, 0.008], 0, 0.5, "per month", "rate of cancelling before finance", shape="site_class", source=S17, judgement=True),
    number("cancel_while_building", [0.0235, 0.016, 0.010, 0.006, 0.004, 0.006, 0.004], 0, 0.5, "per month", "rate of cancelling while building", shape="site_class", source=S17, judgement=True),
    number("mega_mw", 100, 10, 1000, "MW", "size from which a data centre is a mega-deal"),
    number("modular_mw", 10, 1, 100, "MW", "size below which a data centre is modular"),
    number("novation", 0.15, 0, 1, "share", "failed builds that another vendor of the same stack takes over"),
    number("turnkey_speed", 0.3, 0, 0.8, "share", "time to operation saved by full turnkey delivery"),
    number("customisation_months", 3, 0, 24, "months", "time that full customisation takes"),
    number("elicitation_months", 2, 0, 24, "months", "time that full elicitation takes"),
    number("consortium_months", 3, 0, 24, "months", "time that a full consortium takes"),
    number("consortium_cancel", 1.2, 1, 3, "-", "factor on cancelling, where a consortium blurs who answers"),
    number("power_months", 4, 0, 24, "months", "time that a full power package takes"),
    number("guardrail_months", 1, 0, 12, "months", "time that full guardrails take"),
    number("grid_wait_share", 0.25, 0, 1, "share", "share of the country's grid wait that a data centre bears on top of building"),
    number("capacity_building_cost", 0.04, 0, 0.2, "share of value", "cost of full capacity building"),
    number("retained_years", 5, 1, 10, "years", "years after operation at which an adopter counts as retained", whole=True),
)

LICENCES = (
    number("licence_months", [1, 1, 5, 5], 0, 36, "months", "mean licence delay by tier", shape="tier"),
    number("licence_layers", [0, 1, 0.5, 0, 0.2, 0, 0], 0, 1, "share", "how far a layer needs an export licence", shape="layer"),
    number("denial", 0.05, 0, 0.3, "probability", "denial per tier at full strictness"),
    number("denial_severity", 0.2, 0, 2, "events", "what a refused licence teaches about supply"),
    number("fast_lane_effect", 0.6, 0, 1, "share", "licence delay saved by a full fast lane"),
    number("diversion", 0.03, 0, 0.2, "per year", "rate at which chips are diverted, at full risk"),
    number("diversion_guardrail", 0.7, 0, 1, "share", "diversions stopped by full guardrails"),
    number("diversion_fast_lane", 0.2, 0, 1, "share", "diversions added by a full fast lane"),
    number("diversion_reexport", 0.5, 0, 2, "share", "diversions added by full re-export"),
    number("diversion_compact", 0.3, 0, 1, "share", "diversions stopped by a full compact"),
    number("restriction", 0.10, 0, 0.5, "per year", "rate of later restriction after a diversion"),
    number("restriction_guardrail", 0.8, 0, 1, "share", "later restrictions stopped by full guardrails"),
    number("scrutiny_effect", 0.02, 0, 0.1, "per month", "defaults and diversions avoided per month of designation"),
)

SHOCKS = (
    number("alliance_doubt_rate", [0.10, 0.03], 0, 0.5, "per year", "doubt about an alliance", shape="home"),
    number("alliance_doubt_size", 1.5, 0, 5, "events", "what a doubt adds against commitment, for every full ally"),
    number("breach_rate", [0.05, 0.05, 0.05], 0, 0.5, "per year", "breach in a stack", shape="stack"),
    number("sanctions_rate", [0.02, 0.02], 0, 0.3, "per year", "a home sanctions a country", shape="home"),
    number("sanctions_years", 5, 0, 20, "years", "length of sanctions"),
    number("chip_breakthrough_rate", [0.0, 0.06], 0, 0.3, "per year", "chip gap of the side halves", shape="home"),
    number("bust_rate", 0.04, 0, 0.3, "per year", "an AI bust"),
    number("bust_years", 2, 0, 10, "years", "length of a bust"),
    number("bust_demand", 0.8, 0.2, 1, "-", "factor on demand in a bust"),
    number("debt_distress_rate", 0.04, 0, 0.3, "per year", "debt distress of a low-income country"),
    number("debt_distress_years", 3, 0, 10, "years", "length of debt distress"),
    number("debt_distress_factor", 4, 1, 20, "-", "factor on default in debt distress"),
    number("power_shock_rate", 0.03, 0, 0.3, "per year", "an energy crisis"),
    number("power_shock_years", 2, 0, 10, "years", "length of an energy crisis"),
    number("power_shock_factor", 0.7, 0.2, 1, "-", "factor on the electricity limit in an energy crisis"),
    number("frontier_jump_rate", 0.1, 0, 1, "per year", "a model vendor jumps ahead"),
    number("frontier_jump_size", 0.15, 0, 1, "log quality", "size of the jump"),
    number("tariff_rate", [0.08, 0.08], 0, 0.5, "per year", "a tariff row around a home's hardware", shape="home"),
    number("tariff_years", 2, 0, 10, "years", "length of a tariff row"),
    number("attack_rate", 0.01, 0, 0.3, "per year", "an attack on a data centre somewhere"),
    number("government_change_rate", 0.2, 0, 1, "per year", "a change of government that redraws a country's attitudes"),
    number("government_change_size", 0.1, 0, 0.5, "-", "spread of the redrawn attitudes"),
)
