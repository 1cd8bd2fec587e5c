"""Where each country stands: readiness, risk, ties to both home countries, appetite for control, first beliefs.

Coefficients are judgements unless `imputation.py` says that they were fitted. `rank` is a country's rank among
importers scaled to 0-1. All arrays have shape (countries,) unless said otherwise; stacks are in the order of
`names.STACKS`.
"""

from __future__ import annotations

import numpy as np

from stackcraft.model import imputation
from stackcraft.model.fact_tables import World
from stackcraft.model.imputation import Filled, fitted, rank_share, rank_share_known, sigmoid
from stackcraft.model.tables import FACTS_YEAR

# GDP a head at which the groups are cut: bounds of the World Bank for incomes of a year; 2025: those in force.
INCOME_BOUNDS_USD = {
    2010: (1_005.0, 3_975.0, 12_275.0),
    2015: (1_025.0, 4_035.0, 12_475.0),
    2018: (1_025.0, 3_995.0, 12_375.0),
    2025: (1_145.0, 4_515.0, 14_005.0),
}
BLANK_IMPORT_SHARE = 0.10  # of a home country, where no partner is listed (j)
BLANK_EXPORT_SHARE = 0.05  # (j)
BELOW_SMALLEST = 0.6  # an unlisted partner's share over that of the smallest listed one (j)
EXCLUSION = {"ban": 1.0, "de_facto_ban": 0.8, "restricted": 0.5, "open": 0.0}
EXCLUSION_IF_EXCLUDED = 0.75  # mean of the three kinds of exclusion, times the chance of any
RATE_BY_RISK_PCT = np.array([5.5, 6.2, 6.8, 8.0, 9.5, 11.5, 14.0, 16.5])
RATING_BY_RISK = np.array([0, 0, 1, 1, 2, 3, 3, 4])
INDEPENDENT_BELIEFS = {"prior_supply": 0.03, "prior_security": 0.05, "prior_commitment": 0.9}


def positions(world: World, filled: Filled) -> dict[str, np.ndarray]:
    """Every input that describes a country's position, by name; `filled` records the cells that were blank."""
    values: dict[str, np.ndarray] = {}
    values |= _economy(world, filled)
    values |= _votes(world, filled)
    values |= _trade(world, filled)
    values |= _indices(world, values, filled)
    values |= _risk(world, values, filled)
    values |= _alignment(world, values, filled)
    values |= _appetite(world, values)
    values |= _electricity(world, values, filled)
    values |= _beliefs(values)
    return values


def income_bounds(year: int) -> np.ndarray:
    """GDP a head, USD, at which income groups are cut in a January; between the years that are known, evenly."""
    known = np.array(list(INCOME_BOUNDS_USD.values()))
    return np.array([np.interp(year, list(INCOME_BOUNDS_USD), bounds) for bounds in known.T])


def _groups(world: World) -> dict[str, list[str]]:
    return {"subregion": world.words("subregion"), "region": world.words("region")}


def _economy(world: World, filled: Filled) -> dict[str, np.ndarray]:
    gdp, population = world.column("gdp_usd_bn"), world.column("population_m")
    per_head = gdp / population * 1000.0
    doubtful = np.array(["judgement" in source for source in world.words("gdp_source")])
    filled.mark("gdp_usd_bn", world.importers, doubtful, world.words("gdp_source"))
    # A country on a boundary belongs to the upper group.
    group = np.searchsorted(income_bounds(world.as_of or FACTS_YEAR), per_head, side="right")
    return {
        "gdp": gdp, "population": population, "gdp_per_head": per_head,
        "income_rank": rank_share(per_head), "income_group": group.astype(np.int64),
        "gulf": world.column("gcc"),
    }  # fmt: skip


def _votes(world: World, filled: Filled) -> dict[str, np.ndarray]:
    """Mean ideal point of the years there are, and the distance to each home, shape (countries, 2)."""
    by_code: dict[str, list[float]] = {}
    for row in world.votes.rows:
        by_code.setdefault(row["iso3"], []).append(float(row["ideal_point"]))
    mean = {code: float(np.mean(points)) for code, points in by_code.items()}
    stand_in = {row["iso3"]: row["value"].split() for row in world.judgements.rows if row["item"] == "ideal_point_as"}
    for code, others in stand_in.items():
        mean[code] = float(np.mean([mean[other] for other in others]))
        if code in world.importers:
            filled.setdefault("ideal_point", {})[code] = f"mean of {' and '.join(others)}"
    ideal = np.array([mean[code] for code in world.importers])
    homes = [mean[world.codes[world.us_home]], mean[world.codes[world.cn_home]]]
    distance = np.abs(ideal[:, None] - np.array(homes)[None, :])
    rank = np.stack([rank_share(distance[:, 0]), rank_share(distance[:, 1])], axis=1)
    return {"ideal_point": ideal, "distance": distance, "distance_rank": rank}


def _trade(world: World, filled: Filled) -> dict[str, np.ndarray]:
    """Shares of imports and exports with the US, China and everybody else, shape (countries, 3), as fractions."""
    result = {}
    for flow, blank in (("import", BLANK_IMPORT_SHARE), ("export", BLANK_EXPORT_SHARE)):
        shares: dict[str, dict[str, float]] = {}
        for row in world.trade.rows:
            if row["flow"] == flow:
                shares.setdefault(row["iso3"], {})[row["partner"]] = float(row["share_pct"]) / 100.0
        name = f"{flow}s_share"
        table = np.zeros((len(world.importers), 3))
        for position, code in enumerate(world.importers):
            listed = shares.get(code, {})
            for column, home in enumerate((world.us_home, world.cn_home)):
                partner = world.codes[home]
                if partner in listed:
                    table[position, column] = listed[partner]
                    continue
                table[position, column] = BELOW_SMALLEST * min(listed.values()) if listed else blank
                how = "0.6 x the smallest listed partner" if listed else f"{blank:.0%}, as no partner is listed"
                marks = filled.setdefault(name, {})
                marks[code] = f"{marks[code]}; {partner}: {how}" if code in marks else f"{partner}: {how}"
            table[position, 2] = max(0.0, 1.0 - table[position, 0] - table[position, 1])
        result[name] = table
    return result


def regressors(world: World, values: dict[str, np.ndarray], filled: Filled) -> dict[str, np.ndarray]:
    """The columns that fits read, blanks filled by the median of neighbours."""
    groups = _groups(world)
    people = values["population"] * 1e6
    developers = np.log10(world.column("github_developers") / people)
    return {
        "log_gdp_per_head": np.log(values["gdp_per_head"]),
        "log_gdp": np.log(values["gdp"]),
        "internet_users": imputation.neighbour_median(
            "internet_users_pct", world.column("internet_users_pct"), world.importers, groups, filled) / 100.0,
        "log10_developers_per_person": imputation.neighbour_median(
            "github_developers", developers, world.importers, groups, filled),
        "distance_us": values["distance"][:, 0],
        **{name: world.column(name) for name in (
            "wgi_rule_of_law", "wgi_government_effectiveness", "wgi_political_stability", "wgi_regulatory_quality")},
    }  # fmt: skip


def _original(world: World, column: str, open_index: np.ndarray, filled: Filled) -> np.ndarray:
    """The user's own figures over the open index, where there are any."""
    if world.originals is None:
        return open_index
    result = open_index.copy()
    for row, value in zip(world.originals.rows, world.originals.numbers(column), strict=True):
        if row["iso3"] in world.importers and not np.isnan(value):
            result[world.importers.index(row["iso3"])] = value
    filled.mark(column, world.importers, result == open_index, "index of open columns")
    return result


def _indices(world: World, values: dict[str, np.ndarray], filled: Filled) -> dict[str, np.ndarray]:
    known = regressors(world, values, filled)
    preparedness = _original(world, "imf_ai_preparedness", fitted(imputation.PREPAREDNESS, known), filled)
    capital = _original(world, "imf_human_capital", fitted(imputation.HUMAN_CAPITAL, known), filled)
    ethics = _original(world, "imf_regulation_ethics", fitted(imputation.REGULATION_ETHICS, known), filled)
    oxford = (
        _original(world, "oxford_ai_readiness", 100.0 * fitted(imputation.GOVERNMENT_READINESS, known), filled) / 100.0
    )
    effectiveness = rank_share(known["wgi_government_effectiveness"])

    users = world.column("ai_user_share_pct")
    users = np.where(world.column("ai_user_share_region_pooled") == 1, np.nan, users)
    parts = np.stack(
        [
            rank_share(capital),
            effectiveness,
            rank_share_known(np.log10(world.column("github_developers") / values["population"])),
            rank_share_known(users),
            rank_share_known(world.column("internet_users_pct")),
        ]
    )
    filled.mark("absorption", world.importers, np.isnan(parts).any(axis=0), "mean of the ranks that are known")

    polyarchy = world.column("vdem_polyarchy")
    blank = np.isnan(polyarchy)
    polyarchy = np.where(blank, np.clip(fitted(imputation.POLYARCHY, known), 0, 1), polyarchy)
    filled.mark(
        "vdem_polyarchy", world.importers, blank, "fit on rule of law, regulatory quality, GDP a head and votes"
    )
    like_us = 0.6 * polyarchy + 0.4 * (1 - values["distance_rank"][:, 0])
    return {
        "readiness": np.clip(0.2 + 1.8 * (preparedness - 0.20) / 0.60, 0.2, 2.0),
        "absorption": np.clip(0.1 + 0.9 * np.nanmean(parts, axis=0), 0.1, 1.0),
        "likeness": np.stack([like_us, 1 - like_us, np.full(len(like_us), 0.5)], axis=1),
        "clarity": np.clip(0.15 + 0.42 * oxford + 0.28 * effectiveness, 0, 1),
        "regulation_ethics_rank": rank_share(ethics),
        "effectiveness_rank": effectiveness,
    }


def _risk(world: World, values: dict[str, np.ndarray], filled: Filled) -> dict[str, np.ndarray]:
    risk = world.column("oecd_country_risk")
    blank = np.isnan(risk)
    fit = fitted(imputation.RISK_CLASS, regressors(world, values, Filled()))
    filled.mark("oecd_country_risk", world.importers, blank, "fit on regulatory quality, stability and GDP a head")
    risk = np.where(blank, np.clip(np.rint(fit), 0, 7), risk).astype(np.int64)
    stability = np.clip(world.column("wgi_political_stability"), -2, 1)
    rating = RATING_BY_RISK[risk]
    return {
        "risk_class": risk,
        "cost_of_capital": np.clip(RATE_BY_RISK_PCT[risk] - 0.4 * stability, 5, 18) / 100.0,
        "rating_class": rating.astype(np.int64),
        "default_multiplier": 0.3 + 0.35 * rating**1.3,
    }


def _alignment(world: World, values: dict[str, np.ndarray], filled: Filled) -> dict[str, np.ndarray]:
    """Ties to each home, exclusion of Huawei, scepticism; stacks along the second axis, the independent one 0."""
    flag = {name: world.column(name) for name in (
        "us_treaty_ally", "major_non_nato_ally", "nato", "eu", "gcc", "rio_treaty", "quad", "brics", "sco", "bri_mou",
        "us_chip_licence_2023")}  # fmt: skip
    tier_of_2025 = world.column("us_ai_diffusion_tier")
    embargoed = (world.judged("embargoed") > 0).astype(float)
    arms_embargo = (tier_of_2025 == 3) * (1 - embargoed)
    rank_us, rank_cn = values["distance_rank"][:, 0], values["distance_rank"][:, 1]
    not_nato = flag["eu"] * (1 - flag["nato"])

    tier = np.where(tier_of_2025 == 1, 0, 1)
    tier = np.where((flag["us_chip_licence_2023"] == 1) | (tier_of_2025 == 3), 2, tier)
    tier = np.where(embargoed == 1, 3, tier).astype(np.int64)

    ally_us = np.maximum.reduce(
        [
            flag["us_treaty_ally"],
            0.6 * flag["major_non_nato_ally"],
            0.5 * not_nato,
            0.4 * flag["gcc"],
            0.2 * flag["rio_treaty"],
        ]
    )
    ally_us = _judged_over(world, "ally_us", ally_us)
    ally_cn = np.clip(0.35 * flag["sco"] + 0.35 * embargoed + 0.10 * flag["brics"] + 0.10 * (tier_of_2025 == 3), 0, 1)
    ally_cn = _judged_over(world, "ally_cn", ally_cn)

    status = {row["iso3"]: row["status"] for row in world.huawei.rows}
    known = np.array([status.get(code) in EXCLUSION for code in world.importers])
    stated = np.array([EXCLUSION.get(status.get(code, ""), 0.0) for code in world.importers])
    chance = sigmoid(fitted(imputation.HUAWEI_EXCLUDED, {
        "distance_rank_cn": rank_cn, "ally_us": ally_us, "import_share_cn": values["imports_share"][:, 1],
        "income_rank": values["income_rank"], "bri_mou": flag["bri_mou"],
    }))  # fmt: skip
    if world.as_of is None:
        exclusion = np.where(known, stated, EXCLUSION_IF_EXCLUDED * chance)
        how = "0.75 x chance of exclusion, logit on votes, ties, trade and income"
    else:
        exclusion, how = stated, "nobody had decided yet"  # the fit is on decisions that came later
    filled.mark("exclusion", world.importers, ~known, how)

    # A weaker tie counts for more in the EU or the Quad; one that keeps networks open to China counts for less.
    tied = np.clip(ally_us + np.where(ally_us < 0.5, 0.3 * flag["eu"] + 0.2 * flag["quad"], 0.0), 0, 1)
    nonaligned = 1 - np.abs(tied * (1 - 0.25 * (exclusion == 0)) - ally_cn)
    nonaligned = np.where(not_nato == 1, 0.8, nonaligned)

    sceptical_us = np.clip(
        0.06 + 0.45 * rank_us + 0.12 * flag["brics"] + 0.10 * flag["sco"] * (1 - flag["quad"]) + 0.25 * embargoed
        + 0.08 * flag["us_chip_licence_2023"] + 0.10 * flag["eu"] + 0.10 * arms_embargo - 0.12 * ally_us,
        0.03, 1.0,
    )  # fmt: skip
    sceptical_cn = np.clip(
        0.10
        + 0.30 * rank_cn
        + 0.35 * exclusion
        + 0.10 * ally_us
        + 0.15 * flag["quad"]
        - 0.10 * flag["bri_mou"]
        - 0.25 * ally_cn,
        0.0,
        1.0,
    )
    sceptical_cn = _judged_over(world, "scepticism_cn", sceptical_cn)
    zero = np.zeros(len(tier))
    return {
        "embargoed": embargoed, "arms_embargo": arms_embargo, "licence_tier": tier, "exclusion": exclusion,
        "ally": np.stack([ally_us, ally_cn, zero], axis=1), "nonaligned": nonaligned,
        "scepticism": np.stack([sceptical_us, sceptical_cn, zero], axis=1),
    }  # fmt: skip


def _judged_over(world: World, item: str, values: np.ndarray) -> np.ndarray:
    judged = world.judged(item)
    return np.where(np.isnan(judged), values, judged)


def _appetite(world: World, values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    size = rank_share(np.log(values["gdp"]))
    eu, gcc, brics = world.column("eu"), world.column("gcc"), world.column("brics")
    rules = np.maximum(eu, np.nan_to_num(world.judged("regulation_alignment")))
    ally_us = values["ally"][:, 0]
    capable = (values["readiness"] - 0.2) / 1.8
    sovereignty = np.clip(
        0.02
        + 0.38 * size
        + 0.15 * capable
        + 0.20 * values["nonaligned"] * size
        + 0.15 * rules
        + 0.10 * gcc
        + 0.15 * brics
        + 0.2 * values["embargoed"]
        - 0.10 * ally_us * (1 - eu),
        0.0,
        1.0,
    )
    return {
        "regulation": np.clip(0.05 + 0.40 * rules + 0.30 * values["regulation_ethics_rank"] + 0.20 * size, 0, 1),
        "sovereignty": sovereignty,
        "security_weight": 0.3 + 0.35 * ally_us + 0.35 * rank_share(world.column("wgi_rule_of_law")),
        "organic_share": 0.2 + 0.5 * values["income_rank"],
    }


def _electricity(world: World, values: dict[str, np.ndarray], filled: Filled) -> dict[str, np.ndarray]:
    """Generating capacity, how long a connection takes, and what AI data centres may draw."""
    groups = _groups(world)
    capacity, consumption = world.column("electricity_capacity_gw"), world.column("electricity_consumption_twh")
    # Half of the year's output at full capacity over consumption: about 1 where supply is just enough.
    slack = np.clip(4.38 * capacity / consumption, 0.5, 2.0)
    # What is filled is supply over demand, and capacity over GDP: sizes say nothing about a neighbour's.
    slack = imputation.neighbour_median("electricity_consumption_twh", slack, world.importers, groups, filled)
    per_gdp = imputation.neighbour_median(
        "electricity_capacity_gw", capacity / values["gdp"], world.importers, groups, filled
    )
    capacity = np.where(np.isnan(capacity), per_gdp * values["gdp"], capacity)
    wait = 12 + 14 * np.clip(1.6 - slack, 0, 1.1) + 14 * (1 - values["effectiveness_rank"]) + 8 * world.column("eu")
    return {
        "electricity_capacity": capacity,
        "grid_wait": np.clip(wait, 6, 48),
        # One hundredth of capacity where supply is tight, four where half of it stands idle (j).
        "electricity_headroom_mw": 1000.0 * capacity * (0.01 + 0.02 * (slack - 0.5)),
    }


def _beliefs(values: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Mean of each belief in January 2025, shape (countries, 3) by stack."""
    rank_us, rank_cn = values["distance_rank"][:, 0], values["distance_rank"][:, 1]
    ally_us, ally_cn = values["ally"][:, 0], values["ally"][:, 1]
    fear_us, fear_cn = values["scepticism"][:, 0], values["scepticism"][:, 1]
    embargoed, tier = values["embargoed"], values["licence_tier"]
    supply_us = sigmoid(-3.2 + 0.6 * (2.5 * rank_us + 0.5 * (tier == 2) + 2.5 * embargoed) - 0.8 * ally_us)
    supply_cn = sigmoid(-3.2 + 1.5 * rank_cn * (0.5 + fear_cn) - 0.8 * ally_cn)
    kept_us = np.clip(0.55 + 0.30 * ally_us - 0.25 * embargoed, 0.1, 0.9)
    kept_cn = np.clip(0.55 + 0.25 * ally_cn - 0.2 * fear_cn, 0.1, 0.9)
    pairs = {
        "prior_supply": (supply_us, supply_cn),
        "prior_security": (0.03 + 0.10 * fear_us, 0.04 + 0.22 * fear_cn),
        "prior_commitment": (kept_us, kept_cn),
    }
    return {
        name: np.stack([us, cn, np.full(len(us), INDEPENDENT_BELIEFS[name])], axis=1)
        for name, (us, cn) in pairs.items()
    }
