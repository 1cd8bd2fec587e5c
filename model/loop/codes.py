"""Fixed sizes and codes that kernels share. Axes that depend on the world (countries) are read from the arrays.

They are 64-bit integers, not Python's: the compiler would otherwise build every kernel anew for each constant it is
called with.
"""

import numpy as np


def _codes(number):
    return (np.int64(code) for code in range(number))


LAYERS, STACKS, HOMES, FINANCIERS, INSTRUMENTS, CHANNELS = (np.int64(size) for size in (7, 3, 2, 6, 6, 3))
VENDORS = np.int64(16)  # fifteen and one place of padding, which serves nothing
BIDS = np.int64(18)  # the vendors and one package for each home
PACKAGE = np.int64(16)  # bid number of the US package; the next is the Chinese one
SLOTS = np.int64(6)  # deals that a cell (country, layer) can hold at once
TERMS = np.int64(22)
PEERS = np.int64(12)  # strongest ties of each country
LEDGER_ROWS = 40_000  # deals that one run's ledger can hold; a full ledger is an error, never silence
EVENTS = 512  # scripted events of a scenario
COUNTRIES = 193  # places for countries: a smaller world leaves some empty, so that one compilation serves all worlds
NETWORK, CHIPS, CLOUD, DATA, MODELS, SECURITY, APPLICATIONS = _codes(7)
US, CN, INDEPENDENT = _codes(3)
SUPPLY, BREACH, COMMITMENT = _codes(3)  # belief channels
GRANT, CONCESSIONAL, DIRECT, GUARANTEE, INSURANCE, EQUITY = _codes(6)
SOVEREIGN, NARROW, SOFTWARE = _codes(3)  # deal classes
SOLD, OPERATED, PARTNER, SELF_HOSTED = _codes(4)  # modes
# Rows of the life-cycle tables.
CN_MEGA, US_MEGA, MID, MODULAR, CLOUD_REGION, NETWORK_SITE, SOFTWARE_SITE = _codes(7)
# Stages of a slot.
EMPTY, SIGNED, BUILDING, OPERATING = _codes(4)
# What a slot waits for; the cause of its next event.
NOTHING, FINANCE, CANCEL, BUILT, CONTRACT_END = _codes(5)
# Origins of a deal.
FROM_TENDER, FROM_RENEWAL, FROM_PACKAGE, FROM_HEDGE, SCRIPTED, LEGACY = _codes(6)
# Outcomes, as the ledger keeps them.
(IN_PIPELINE, IN_OPERATION, RENEWED, LAPSED, SWITCHED, NOVATED, CANCELLED, DEFAULTED, CUT, RESTRICTED) = _codes(10)
# Utility terms, in the order in which they are kept.
(
    T_CONSTANT,
    T_PRICE,
    T_QUALITY,
    T_INCUMBENCY,
    T_COMPLEMENTARITY,
    T_PEERS,
    T_STANDARDS,
    T_SUPPLY,
    T_SECURITY,
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
) = _codes(TERMS)
TERM_NAMES = (
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
)
# Terms that depend on the vendor, as rows.
R_PRICE, R_QUALITY, R_INCUMBENCY, R_SUPPLY, R_SOVEREIGNTY, R_AFFILIATION, R_GRACES, R_DELAY, R_FINANCE = _codes(9)
ROWS = np.int64(9)
# Tastes that vary between countries.
(
    TASTE_PRICE,
    TASTE_QUALITY,
    TASTE_COMPLEMENT,
    TASTE_PEERS,
    TASTE_SUPPLY,
    TASTE_SECURITY,
    TASTE_SOVEREIGNTY,
    TASTE_ALLIANCE,
    TASTE_FRAMING,
    TASTE_AFFILIATION,
) = _codes(10)
TASTES = np.int64(10)
# Submodels that can be switched off, one bit each in a run's switches.
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
)
# Their places among a run's switches.
(
    ON_SHOCKS,
    ON_BELIEFS,
    ON_DEMAND_GROWTH,
    ON_DEMAND_BIAS,
    ON_USE_MIX,
    ON_ORGANIC,
    ON_LIFECYCLE,
    ON_LOANS,
    ON_DEFAULTS,
    ON_LICENCES,
    ON_DIVERSIONS,
    ON_DISPUTES,
    ON_SIGNALS,
    ON_TARGETING,
    ON_FINANCE,
    ON_PACKAGES,
    ON_HEDGE,
    ON_BARGAINING,
    ON_PEERS,
    ON_COMPLEMENTARITY,
    ON_INCUMBENCY,
    ON_STANDARDS,
    ON_REPUTATION,
    ON_QUALITY_FEEDBACK,
    ON_DATA_FEEDBACK,
    ON_GOODWILL,
    ON_UTILISATION,
    ON_POWER,
    ON_CHAMPIONS,
    ON_REEXPORT,
    ON_ELICITATION,
    ON_RETALIATION,
    ON_TASTES,
    ON_GO_NO_GO,
    ON_CONSIDERATION,
    ON_PRICE,
    ON_SOVEREIGNTY,
    ON_FRAMING,
    ON_AFFILIATION,
    ON_REGULATION,
    ON_SUPPLY_FEAR,
    ON_SECURITY_FEAR,
    ON_ALLIANCE,
    ON_STANDARDS_LEVER,
    ON_BUST,
    ON_SCRIPTED_DEALS,
) = _codes(46)
# Kinds of world events: shocks drawn and events scripted alike.
(
    E_ALLIANCE_DOUBT,
    E_BREACH,
    E_SANCTIONS,
    E_CHIP_BREAKTHROUGH,
    E_BUST,
    E_DEBT_DISTRESS,
    E_POWER,
    E_FRONTIER,
    E_TARIFF,
    E_ATTACK,
    E_GOVERNMENT_CHANGE,
    E_CUT_OFF,
    E_DEAL,
    E_LAPSE,
) = _codes(14)
EVENT_NAMES = (
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
)
# Why a run stopped being meaningful.
FINE, NOT_FINITE, SLOTS_FULL, LEDGER_FULL = _codes(4)
USE_MONTHS = np.int64(6)  # months between steps of utilisation; the step is exact in its length
ORGANIC_MONTHS = np.int64(3)  # months between steps of demand, hazards of tenders and the organic channel
