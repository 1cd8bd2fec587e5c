"""Codes and sizes that kernels share, by the names in `stackcraft.agents.names` and those that the loop alone needs.

A code is the place of a name in its tuple. Codes and sizes are 64-bit integers, not Python's: numba compiles a kernel
once more for every value of a Python integer that it is called with.
"""

import numpy as np

import stackcraft.agents.names as names  # this module alone: the cache of compiled code goes by what is imported here


def _size(names_in_order):
    return np.int64(len(names_in_order))


def _codes(names_in_order):
    return tuple(np.int64(code) for code in range(len(names_in_order)))


# Names that the loop alone needs.
STAGES = ("empty", "signed", "building", "operating")  # of a deal's place
CAUSES = ("no_event", "finance", "cancel", "built", "contract_end")  # what a place waits for: its next event
ORIGINS = ("tender", "renewal", "package", "hedge", "scripted", "legacy")  # of a deal
OUTCOMES = (  # of a deal, as the ledger keeps them
    "pipeline",
    "operating",
    "renewed",
    "lapsed",
    "switched",
    "novated",
    "cancelled",
    "defaulted",
    "cut",
    "restricted",
)
STATUSES = ("sound", "a value was not finite", "deal slots full", "ledger full", "loan book full")  # of a run
# Terms of the utility of a bid, in the order in which the ledger keeps them.
TERMS = (
    "constant",
    "price",
    "quality",
    "incumbency",
    "complementarity",
    "peers",
    "standards",
    "supply_fear",
    "security_fear",
    "sovereignty",
    "dependence",
    "alliance",
    "regulation",
    "framing",
    "affiliation",
    "graces",
    "capacity",
    "delay",
    "licence",
    "finance_gap",
    "pressure",
    "package",
    "leaning",
)
# Those that depend on the vendor.
VENDOR_TERMS = (
    "price",
    "quality",
    "incumbency",
    "supply_fear",
    "sovereignty",
    "affiliation",
    "graces",
    "delay",
    "finance_gap",
)
# Tastes that vary between countries.
TASTES = (
    "price",
    "quality",
    "complementarity",
    "peers",
    "supply_fear",
    "security_fear",
    "sovereignty",
    "alliance",
    "framing",
    "affiliation",
)
# World events: shocks that are drawn and events that are scripted alike.
EVENT_KINDS = (
    "alliance_doubt",
    "breach",
    "sanctions",
    "chip_breakthrough",
    "ai_bust",
    "debt_distress",
    "power",
    "frontier_jump",
    "tariff",
    "attack",
    "government_change",
    "cut_off",
    "deal",
    "lapse",
    "diversion",
    "restriction",
    "concession",
)
# Submodels that can be switched off; a run's switches have a field for each.
SUBMODELS = (
    "shocks",
    "beliefs",
    "demand_growth",
    "demand_bias",
    "use_mix",
    "organic",
    "lifecycle",
    "loans",
    "defaults",
    "licences",
    "diversions",
    "disputes",
    "signals",
    "targeting",
    "finance",
    "packages",
    "hedge",
    "bargaining",
    "peers",
    "complementarity",
    "incumbency",
    "standards",
    "reputation",
    "quality_feedback",
    "data_feedback",
    "goodwill",
    "utilisation",
    "power",
    "champions",
    "reexport",
    "elicitation",
    "retaliation",
    "tastes",
    "go_no_go",
    "consideration",
    "price",
    "sovereignty",
    "framing",
    "affiliation",
    "regulation",
    "supply_fear",
    "security_fear",
    "alliance",
    "standards_lever",
    "bust",
    "scripted_deals",
    "drawn_shocks",
)

# How many of each there are; the number of countries is read from the facts.
N_LAYERS = _size(names.LAYERS)
N_STACKS = _size(names.STACKS)
N_HOMES = _size(names.HOMES)
N_FINANCIERS = _size(names.FINANCIERS)
N_INSTRUMENTS = _size(names.INSTRUMENTS)
N_CHANNELS = _size(names.BELIEF_CHANNELS)
N_USES = _size(names.USE_MIX)
N_SECTORS = _size(names.SECTORS)
N_INCOME_GROUPS = _size(names.INCOME_GROUPS)
N_TIERS = _size(names.TIERS)
N_WEIGHTS = _size(names.WEIGHTS)
N_TERMS = _size(TERMS)
N_VENDOR_TERMS = _size(VENDOR_TERMS)
N_TASTES = _size(TASTES)
VENDOR_PLACES = np.int64(names.VENDOR_PLACES)
COUNTRY_PLACES = 193  # a smaller world leaves some empty, so that one compilation serves all worlds
N_BIDS = VENDOR_PLACES + N_HOMES  # the vendors' and one package of each home
PACKAGE = VENDOR_PLACES  # number of the US package among the bids; the next is the Chinese one
N_SLOTS = np.int64(6)  # deals that a cell (country, layer) can hold at once
N_PEERS = np.int64(12)  # strongest ties of each country
LEDGER_ROWS = 40_000  # deals that one run's ledger can hold; a full ledger is an error, never silence
LOAN_ROWS = np.int64(2048)  # loans that one run can have outstanding; a full book is an error, never silence
MOST_EVENTS = 400  # scripted events of a scenario
USE_MONTHS = np.int64(6)  # months between updates of utilisation; the update is exact whatever its length
# Occasions of a choice: among all who may sell, as private buyers choose, or at a tender
AMONG_ALL, AT_SALE, AT_RENEWAL = (np.int64(i) for i in range(3))
ORGANIC_MONTHS = np.int64(3)  # months between updates of demand, of hazards of tenders and of the organic channel

NETWORK, CHIPS, CLOUD, DATA, MODELS, SECURITY, APPLICATIONS = _codes(names.LAYERS)
US, CN, INDEPENDENT = _codes(names.STACKS)
SUPPLY, BREACH, COMMITMENT = _codes(names.BELIEF_CHANNELS)
GRANT, CONCESSIONAL, DIRECT, GUARANTEE, INSURANCE, EQUITY = _codes(names.INSTRUMENTS)
SOVEREIGN, NARROW, SOFTWARE = _codes(names.DEAL_CLASSES)
SOLD, OPERATED, PARTNER, SELF_HOSTED = _codes(names.MODES)
CN_MEGA, US_MEGA, MID, MODULAR, CLOUD_REGION, NETWORK_SITE, SOFTWARE_SITE = _codes(names.SITE_CLASSES)
LOW_INCOME, *_ = _codes(names.INCOME_GROUPS)
FREE_TIER, *_, EMBARGOED_TIER = _codes(names.TIERS)
BY_CAPABILITY, BY_GDP, BY_POPULATION, BY_COUNTRY, BY_LOW_INCOME = _codes(names.WEIGHTS)
EMPTY, SIGNED, BUILDING, OPERATING = _codes(STAGES)
NO_EVENT, FINANCE, CANCEL, BUILT, CONTRACT_END = _codes(CAUSES)
FROM_TENDER, FROM_RENEWAL, FROM_PACKAGE, FROM_HEDGE, SCRIPTED, LEGACY = _codes(ORIGINS)
(IN_PIPELINE, IN_OPERATION, RENEWED, LAPSED, SWITCHED, NOVATED, CANCELLED, DEFAULTED, CUT, RESTRICTED) = _codes(
    OUTCOMES
)
FINE, NOT_FINITE, SLOTS_FULL, LEDGER_FULL, LOANS_FULL = _codes(STATUSES)
(
    T_CONSTANT,
    T_PRICE,
    T_QUALITY,
    T_INCUMBENCY,
    T_COMPLEMENTARITY,
    T_PEERS,
    T_STANDARDS,
    T_SUPPLY_FEAR,
    T_SECURITY_FEAR,
    T_SOVEREIGNTY,
    T_DEPENDENCE,
    T_ALLIANCE,
    T_REGULATION,
    T_FRAMING,
    T_AFFILIATION,
    T_GRACES,
    T_CAPACITY,
    T_DELAY,
    T_LICENCE,
    T_FINANCE_GAP,
    T_PRESSURE,
    T_PACKAGE,
    T_LEANING,
) = _codes(TERMS)
(R_PRICE, R_QUALITY, R_INCUMBENCY, R_SUPPLY_FEAR, R_SOVEREIGNTY, R_AFFILIATION, R_GRACES, R_DELAY, R_FINANCE_GAP) = (
    _codes(VENDOR_TERMS)
)
(
    TASTE_PRICE,
    TASTE_QUALITY,
    TASTE_COMPLEMENTARITY,
    TASTE_PEERS,
    TASTE_SUPPLY_FEAR,
    TASTE_SECURITY_FEAR,
    TASTE_SOVEREIGNTY,
    TASTE_ALLIANCE,
    TASTE_FRAMING,
    TASTE_AFFILIATION,
) = _codes(TASTES)
(
    E_ALLIANCE_DOUBT,
    E_BREACH,
    E_SANCTIONS,
    E_CHIP_BREAKTHROUGH,
    E_AI_BUST,
    E_DEBT_DISTRESS,
    E_POWER,
    E_FRONTIER_JUMP,
    E_TARIFF,
    E_ATTACK,
    E_GOVERNMENT_CHANGE,
    E_CUT_OFF,
    E_DEAL,
    E_LAPSE,
    E_DIVERSION,
    E_RESTRICTION,
    E_CONCESSION,
) = _codes(EVENT_KINDS)
# Row of each term in the table of vendors' terms; -1 where all bids of a stack share the term.
ROW_OF_TERM = np.array([VENDOR_TERMS.index(name) if name in VENDOR_TERMS else -1 for name in TERMS])
