"""Beliefs, signals, coercion and the slow feedbacks."""

from model.declared.helper import number

TRUST = (
    number("belief_strength", 8, 4, 20, "events", "weight of the prior beliefs"),
    number("belief_retention", 0.95, 0, 1, "per year", "how much of experience is kept from year to year"),
    number("quiet_weight", 1, 0.5, 2, "events", "what a quiet year teaches"),
    number("loss_aversion", 2, 1, 6, "-", "how much more an event teaches than a quiet year"),
    number("signal_opportunist_bn", 10, 1, 100, "bn$", "budget at which an opportunist would stop signalling"),
    number("signal_reliable_bn", 40, 1, 400, "bn$", "budget at which a reliable sender would stop signalling"),
    number("bond_bn", 16, 0, 100, "bn$", "what is at stake in a full guarantee, as a costly signal"),
    number("guarantee_hazard", 2, 0, 5, "-", "fall of the log hazard of a cut-off under a full guarantee"),
    number("guarantee_compensation", 0.5, 0, 1, "share of value", "compensation paid when a full guarantee is broken"),
    number("broken_promise", 3, 1, 10, "-", "how much more a broken promise counts"),
    number("broken_memory_years", 5, 0, 20, "years", "years for which a broken guarantee is no signal"),
    number("threat_severity", 0.1, 0, 1, "events", "severity of pressure as a threat"),
    number("evaluations", 4, 0, 20, "observations a year", "evidence from a full evaluation kit"),
    number("true_breach", [0.03, 0.03, 0.05], 0, 0.5, "per year", "true hazard of a breach that a buyer should fear", shape="stack"),
    number("dispute_rate", 0.03, 0, 0.3, "per year", "disputes with a home per unit of voting distance"),
    number("coercion_cost", [0.06, 0.02], 0.001, 1, "-", "what holds a home back from coercion (c0)", shape="home"),
    number("coercion_severity", 1, 0, 3, "events", "severity of a cut-off"),
    number("coercion_cut", 0.5, 0, 1, "share", "chance that a deal of the coercing stack ends"),
    number("goodwill_retention", 0.85, 0, 1, "per year", "goodwill kept from year to year"),
    number("goodwill_aid", 0.02, 0, 0.2, "per bn$", "goodwill from aid"),
    number("goodwill_severity", 0.05, 0, 0.5, "per event", "goodwill lost by an event"),
    number("goodwill_ally", 0.3, 0, 1, "-", "goodwill of an ally at the start"),
    number("appropriation_framing", 0.1, 0, 0.5, "share", "budget that a geopolitical framing adds at home"),
)

FEEDBACKS = (
    number("research_effect", 0.05, 0, 0.1, "log quality a year", "what research adds to quality"),
    number("research_power", 0.3, 0, 1, "-", "returns to research"),
    number("catch_up", 0.05, 0, 0.12, "per year", "catching up with the leader"),
    number("data_effect", 0.02, 0, 0.05, "log quality a year", "what data from use adds to models"),
    number("state_aid_bn", [5, 20], 0, 100, "bn$ a year", "state support for a home's vendors", shape="home", source="S7: press on support for Huawei (disputed, 2019)", judgement=True),
    number("state_aid_share", 0.1, 0, 1, "share", "share of state support that reaches research"),
    number("standards_months", 24, 1, 120, "months", "memory of the installed base"),
    number("standards_lever", 0.05, 0, 0.3, "share", "what full work on standards adds"),
    number("vendor_margin", 0.1, 0, 0.5, "share", "cash that a vendor keeps of its revenue"),
    number("strictness_chips", 0.05, 0, 0.3, "log quality a year", "what full control strictness costs the rival's chips"),
    number("champion_learning", 0.1, 0, 1, "log quality", "what full capacity building adds to domestic champions"),
    number("resentment", 0.2, 0, 1, "events", "what full silicon lock-in adds to fear when it is seen"),
    number("payoff_use", 100, 0, 1000, "points", "payoff per retained, utilised share"),
    number("payoff_cost", 0.2, 0, 10, "points per bn$", "payoff lost per net public cost"),
    number("payoff_incident", 10, 0, 100, "points", "payoff lost per security incident"),
    number("payoff_trust", 20, 0, 200, "points", "payoff for mean trust"),
)
