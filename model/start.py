"""What stands in each country in the January of the facts: demand, capacity, and which vendor holds how much of it.

Every formula is a judgement that meets a few known anchors; none was fitted to country data, for there is none.
"""

from __future__ import annotations

import numpy as np

from stackcraft.agents.names import LAYERS, STACKS, VENDOR_PLACES, VENDORS
from stackcraft.model.companies import Vendors
from stackcraft.model.country_profiles import EXCLUSION
from stackcraft.model.fact_tables import World
from stackcraft.model.imputation import rank_share
from stackcraft.model.parameters import PARAMETERS
from stackcraft.model.peers import BORDER, distances_km
from stackcraft.model.tables import FACTS_YEAR

# Demand in 2025 outside the two home countries, bn USD a year at list price, in the order of LAYERS (j).
# network: half of about 100 bn of telecom equipment worldwide (Dell'Oro Group for 2021, in clbrief.com); the two homes
# buy the other half (j). models: Gartner (September 2025) expects 14.2 bn worldwide in 2025; the part outside the two
# homes is that of cloud, 150 of the world's 330 bn (Synergy Research Group for 2024): 6.5.
WORLD_DEMAND_BN = np.array([50.0, 28.0, 150.0, 8.0, 6.5, 60.0, 60.0])
# Installed capacity over demand in an averagely ready country (j): near what buyers keep who order for some years ahead
# and wait for their sites, so that nothing jumps in the first years (`stackcraft check start`).
COVERAGE = np.array([0.95, 0.50, 0.65, 0.82, 0.70, 0.95, 0.70])

# Chinese share of network capacity by strength of exclusion, and where it began before a country decided (j).
NETWORK_BY_EXCLUSION = ((0.0, 0.5, 0.8, 1.0), (0.50, 0.24, 0.09, 0.03))
NETWORK_BEFORE = 0.50
NETWORK_DECAY_YEARS = 4.0
US_REST_OF_NETWORK = 0.22
CLOUD_REACH_KM = 2000.0
GULF_HUB_SHARE, HUB_SHARE_IN_GCC = 0.03, 0.35
# data, security, applications: Chinese share by openness and under embargo; US share (j).
SERVICES = ("data", "security", "applications")
CN_BY_OPENNESS, CN_UNDER_EMBARGO = (0.10, 0.22, 0.20), (0.25, 0.15, 0.10)
US_UNDER_EMBARGO = (0.05, 0.05, 0.12)

# Use of computing by income group, columns as names.USE_MIX (j); training shifts with the size of the market.
USE_MIX_BY_INCOME = np.array([
    [0.04, 0.16, 0.40, 0.40],
    [0.07, 0.23, 0.40, 0.30],
    [0.12, 0.30, 0.38, 0.20],
    [0.18, 0.37, 0.30, 0.15],
])  # fmt: skip
# What applications are needed for by income group, columns as names.SECTORS (j).
SECTOR_NEED_BY_INCOME = np.array([
    [0.40, 0.25, 0.22, 0.13],
    [0.30, 0.26, 0.24, 0.20],
    [0.18, 0.30, 0.24, 0.28],
    [0.08, 0.36, 0.22, 0.34],
])  # fmt: skip


def demand_of(values: dict[str, np.ndarray], world_demand: np.ndarray) -> np.ndarray:
    """Demand, bn USD a year, (countries, layers): that of the world by layer, shared out by GDP x readiness."""
    pull = values["gdp"] * values["readiness"]
    return world_demand[None, :] * (pull / pull.sum())[:, None]


def demand_and_capacity(
    values: dict[str, np.ndarray], world_demand: np.ndarray = WORLD_DEMAND_BN
) -> dict[str, np.ndarray]:
    """Return demand and capacity, bn USD a year, (countries, layers); use mix and sector needs, (countries, 4)."""
    demand = demand_of(values, world_demand)
    ready = (values["readiness"] - 0.2) / 1.8
    covered = np.clip(COVERAGE[None, :] * (0.55 + 0.55 * ready)[:, None], 0.1, 1.0)
    mix = USE_MIX_BY_INCOME[values["income_group"]].copy()
    mix[:, 0] *= 0.5 + rank_share(values["gdp"])  # large markets train more of their own
    return {
        "demand": demand,
        "capacity": demand * covered,
        "use_mix": mix / mix.sum(axis=1, keepdims=True),
        "sector_need": SECTOR_NEED_BY_INCOME[values["income_group"]].copy(),
    }


def bans(world: World) -> dict[str, np.ndarray]:
    """Degrees in which a side's vendors are excluded from a layer, 0-1, shape (countries, layers).

    Known positions on Huawei exclude Chinese vendors from networks by their strength. US vendors are barred nowhere by
    the buyer; embargoes are the seller's, by licence tier.
    """
    ban_cn = np.zeros((len(world.importers), len(LAYERS)))
    for row in world.huawei.rows:
        if row["iso3"] in world.importers:
            ban_cn[world.importers.index(row["iso3"]), LAYERS.index("network")] = EXCLUSION.get(row["status"], 0.0)
    return {"ban_us": np.zeros_like(ban_cn), "ban_cn": ban_cn}


def exchange(world: World) -> np.ndarray:
    """Trade shares (imports plus exports, as fractions) plus a bonus for each land border, among importers."""
    position = {code: row for row, code in enumerate(world.importers)}
    ties = np.zeros((len(position), len(position)))
    for row in world.trade.rows:
        if row["iso3"] in position and row["partner"] in position:
            ties[position[row["iso3"]], position[row["partner"]]] += float(row["share_pct"]) / 100.0
    return ties + BORDER * borders(world)


def borders(world: World) -> np.ndarray:
    """Land borders among importers, both ways, shape (countries, countries)."""
    position = {code: row for row, code in enumerate(world.importers)}
    ties = np.zeros((len(position), len(position)))
    for row in world.borders.rows:
        if row["iso3"] in position and row["partner"] in position:
            one, other = position[row["iso3"]], position[row["partner"]]
            ties[one, other] += 1.0
            ties[other, one] += 1.0
    return ties


def distances(world: World) -> np.ndarray:
    """Return distances between capitals (or reference points), km, shape (countries in the file,) squared."""
    table = world.countries
    places = []
    for axis in ("latitude", "longitude"):
        capital = table.numbers(f"capital_{axis}")
        places.append(np.where(np.isnan(capital), table.numbers(axis), capital))
    return distances_km(*places)


def stack_shares(world: World, values: dict[str, np.ndarray], km: np.ndarray) -> np.ndarray:
    """Installed shares by stack in January 2025, shape (countries, layers, stacks), summing to 1 over stacks."""
    shares = np.zeros((len(world.importers), len(LAYERS), len(STACKS)))
    embargoed = values["embargoed"]
    sceptical_us, sceptical_cn = values["scepticism"][:, 0], values["scepticism"][:, 1]
    openness = np.maximum(1 - sceptical_cn - 0.4, 0.0)
    capable = (values["readiness"] - 0.2) / 1.8

    def put(layer: str, us: np.ndarray, cn: np.ndarray) -> None:
        shares[:, LAYERS.index(layer)] = np.stack([us, cn, 1 - us - cn], axis=1)

    cn = _network_cn(world, values)
    put("network", US_REST_OF_NETWORK * (1 - cn) * (1 - embargoed), cn)

    cn = np.where(embargoed == 1, 0.55, 0.015 + 0.08 * openness + 0.06 * values["arms_embargo"])
    put("chips", 1 - cn - np.where(embargoed == 1, 0.10, 0.03), cn)

    put("cloud", *_cloud(world, values, km, openness, capable))

    arms_embargo = values["arms_embargo"]
    cn = np.where(embargoed == 1, 0.35, 0.01 + 0.06 * np.maximum(0.55 - sceptical_cn, 0) + 0.03 * arms_embargo)
    own = 0.02 + 0.10 * values["sovereignty"] * capable + np.nan_to_num(world.judged("domestic_models"))
    us = np.maximum(0.0, 1 - cn - own)
    put("models", np.where(embargoed == 1, np.minimum(us, 0.45), us), cn)

    us_free = (0.50 + 0.1 * values["likeness"][:, 0], 0.50 - 0.15 * sceptical_us, 0.42 - 0.12 * sceptical_us)
    for index, layer in enumerate(SERVICES):
        cn = 0.02 + CN_BY_OPENNESS[index] * openness + CN_UNDER_EMBARGO[index] * embargoed
        put(layer, np.where(embargoed == 1, US_UNDER_EMBARGO[index], us_free[index]), cn)
    return excluded(shares, bans(world)["ban_cn"][:, LAYERS.index("network")])


def excluded(shares: np.ndarray, degree: np.ndarray) -> np.ndarray:
    """Shares by stack, (countries, layers, stacks), less what an exclusion of Chinese vendors for security keeps out.

    `degree`: of the exclusion from networks, by country; their own shares have it already. What is kept out goes to the
    other stacks in proportion.
    """
    reach = np.array(PARAMETERS["exclusion_reach"].default) * (np.array(LAYERS) != "network")
    china = STACKS.index("CN")
    left = shares[:, :, china] * (1 - degree[:, None] * reach[None, :])
    result = shares * ((1 - left) / np.maximum(1 - shares[:, :, china], 1e-12))[:, :, None]
    result[:, :, china] = left
    return result


def among_who_sell(shares: np.ndarray, vendors: Vendors) -> np.ndarray:
    """Shares by stack, (countries, layers, stacks), less stacks of which nobody sells on a layer yet.

    Their part goes to the others in proportion. On a layer on which nobody sells all shares are 0.
    """
    sells = np.stack(
        [vendors.stack_share[vendors.stack == stack].sum(axis=0) > 0 for stack in range(len(STACKS))], axis=1
    )
    if sells.all():
        return shares
    left = shares * sells[None]
    total = left.sum(axis=2, keepdims=True)
    return np.divide(left, total, out=np.zeros_like(left), where=total > 0)


def _network_cn(world: World, values: dict[str, np.ndarray]) -> np.ndarray:
    """Chinese share of networks: where a restriction was decided it decays towards its target from that year."""
    target = np.interp(values["exclusion"], *NETWORK_BY_EXCLUSION)
    base = target.copy()
    for row in world.huawei.rows:
        if row["iso3"] in world.importers and EXCLUSION.get(row["status"], 0.0) > 0:
            place = world.importers.index(row["iso3"])
            since = max(0.0, (world.as_of or FACTS_YEAR) - float(row["year"]))
            base[place] = target[place] + (NETWORK_BEFORE - target[place]) * np.exp(-since / NETWORK_DECAY_YEARS)
    cn = (
        base
        * (0.75 + 0.5 * (1 - values["income_rank"]))
        * (0.8 + 0.4 * np.minimum(values["imports_share"][:, 1] / 0.30, 1))
    )
    cn = np.where(world.judged("radio_vendor_home") > 0, 0.25 * cn, cn)
    cn = np.where(values["embargoed"] == 1, np.maximum(cn, 0.6), cn)
    cn = np.where((values["ally"][:, 0] >= 0.5) & (values["exclusion"] == 1), 0.8 * cn, cn)
    judged = world.judged("network_cn")
    return np.clip(np.where(np.isnan(judged), cn, judged), 0.0, 0.95)


def _cloud(world: World, values: dict[str, np.ndarray], km: np.ndarray, openness: np.ndarray, capable: np.ndarray):
    """US and Chinese shares of cloud: regions at home, regions within reach, trust; shares proportional to pull."""
    near = np.exp(-km / CLOUD_REACH_KM)
    np.fill_diagonal(near, 0.0)

    def presence(column: str, abroad: float) -> np.ndarray:
        regions = world.countries.numbers(column)
        return (np.log(1 + regions) + abroad * np.log(1 + (near * regions[None, :]).sum(axis=1)))[world.rows]

    embargoed, sceptical_us, sceptical_cn = values["embargoed"], values["scepticism"][:, 0], values["scepticism"][:, 1]
    us = (0.8 + 0.9 * presence("cloud_regions_us", 0.5)) * (1 - 0.9 * embargoed) * (1 - 0.3 * sceptical_us)
    cn = (0.05 + 0.35 * presence("cloud_regions_cn", 0.35) + 0.12 * openness) * (0.15 + 1.2 * (1 - sceptical_cn) ** 1.5)
    own = 0.45 + 1.35 * embargoed + 0.5 * values["sovereignty"] * capable
    total = us + cn + own
    return us / total, cn / total


def installed(world: World, shares: np.ndarray, vendors: Vendors) -> np.ndarray:
    """Vendors' shares of installed capacity, shape (countries, layers, 16), from shares by stack and splits within
    stacks.

    Within the independent cloud, the Gulf hub's share differs by country; what it has more or less than usual is taken
    from the domestic champion. On a layer that does not exist yet all shares are 0.
    """
    result = np.zeros((*shares.shape[:2], VENDOR_PLACES))
    for vendor in range(len(VENDORS)):
        result[:, :, vendor] = shares[:, :, vendors.stack[vendor]] * vendors.stack_share[vendor][None, :]
    cloud, hub, domestic = LAYERS.index("cloud"), VENDORS.index("in_gulf_hub"), VENDORS.index("in_domestic_champion")
    here = np.where(world.column("gcc") == 1, HUB_SHARE_IN_GCC, GULF_HUB_SHARE)
    judged = world.judged("gulf_hub_share")
    here = np.where(np.isnan(judged), here, judged)
    room = vendors.stack_share[hub, cloud] + vendors.stack_share[domestic, cloud]
    here = np.minimum(here, room)
    here = here * vendors.serves[hub, cloud]
    own = shares[:, cloud, STACKS.index("independent")]
    result[:, cloud, hub] = own * here
    result[:, cloud, domestic] = own * (room - here)
    total = result.sum(axis=2, keepdims=True)
    return np.divide(result, total, out=np.zeros_like(result), where=total > 0)
