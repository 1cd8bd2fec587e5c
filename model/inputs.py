"""Facts into starting conditions: every input the model reads, with its unit, its rule and the columns behind it.

`load_inputs` reads and checks the tables of a world, fills what is blank and keeps a record of every filled cell. All
arrays are C-contiguous, float64 or int64. `describe.py` tells a reader where one country's figures come from.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from pathlib import Path

import networkx as nx
import numpy as np

from stackcraft.agents.names import VENDORS
from stackcraft.model import start
from stackcraft.model.companies import Financiers, Vendors, financiers_of, vendors_in, vendors_of
from stackcraft.model.country_profiles import positions
from stackcraft.model.fact_tables import World, importers_of
from stackcraft.model.history import HISTORY, Given, given_from, read_world_as_of
from stackcraft.model.imputation import Filled
from stackcraft.model.peer_graphs import COLUMNS, USUAL, graph_named
from stackcraft.model.peers import PeerArrays, peer_arrays
from stackcraft.model.tables import FACTS, FACTS_YEAR, folder_of

__all__ = ["Inputs", "importers_of", "load_inputs"]

MOST_LOADED = 16
PEER_INPUTS = ("peer_index", "peer_weight", "hub_degree")
_LOADED: dict[tuple, Inputs] = {}  # by folder and the state of its files


def _input(shape: str, unit: str, rule: str, uses: str = "", judgement: bool = True):
    """An input: its shape, unit, the rule behind it, and the columns (or inputs) it is computed from."""
    about = {"shape": shape, "unit": unit, "rule": rule, "uses": tuple(uses.split()), "judgement": judgement}
    return field(metadata=about)


def _fact(unit: str, column: str, shape: str = "country"):
    """An input taken from a column as it stands."""
    return _input(shape, unit, f"column {column}", column, judgement=False)


_READY = (
    "internet_users_pct github_developers wgi_government_effectiveness wgi_regulatory_quality gdp_usd_bn population_m"
)
_STACK_SHARES = (
    "scepticism embargoed readiness sovereignty likeness exclusion income_rank imports_share "
    "cloud_regions_us cloud_regions_cn"
)


@dataclass(frozen=True, eq=False, repr=False)
class Inputs:
    """Starting conditions of a world, January 2025 unless it is loaded as of an earlier year.

    Shapes: country C, layer 7, stack 3, vendor 16, peer 12, home 2. `filled` maps an input or column to {ISO code: how
    it was filled}. `given`: what the facts give from an earlier start to 2025, None for the present.
    """

    world: World
    iso3: list[str]
    name: list[str]
    region: list[str]
    subregion: list[str]
    iso_number: np.ndarray = _fact("ISO 3166-1 numeric", "iso_number")
    latitude: np.ndarray = _fact("degrees", "latitude")
    longitude: np.ndarray = _fact("degrees", "longitude")
    gdp: np.ndarray = _fact("USD bn, current", "gdp_usd_bn")
    population: np.ndarray = _fact("million", "population_m")
    income_group: np.ndarray = _input(
        "country", "0-3", "GDP a head, cut at 1,145, 4,515 and 14,005 USD", "gdp_usd_bn population_m"
    )
    income_rank: np.ndarray = _input("country", "0-1", "rank of GDP a head", "gdp_usd_bn population_m", False)
    ideal_point: np.ndarray = _input(
        "country", "score", "mean voting position of the last three years", "ideal_point", False
    )
    distance: np.ndarray = _input("country x home", "score", "distance in votes to each home", "ideal_point", False)
    distance_rank: np.ndarray = _input("country x home", "0-1", "rank of the distance in votes", "ideal_point", False)
    readiness: np.ndarray = _input(
        "country", "0.2-2", "0.2 + 1.8 (preparedness - 0.20) / 0.60; preparedness is an index of open columns", _READY
    )
    absorption: np.ndarray = _input(
        "country",
        "0.1-1",
        "0.1 + 0.9 x mean rank of human capital (index of open columns), effectiveness, developers, AI "
        "users, internet users",
        _READY + " ai_user_share_pct",
    )
    risk_class: np.ndarray = _input("country", "0-7", "OECD country risk class", "oecd_country_risk", False)
    cost_of_capital: np.ndarray = _input(
        "country",
        "fraction a year",
        "5.5 to 16.5 % by risk class - 0.4 x political stability",
        "oecd_country_risk wgi_political_stability",
    )
    rating_class: np.ndarray = _input("country", "0-4", "0 0 1 1 2 3 3 4 by risk class", "oecd_country_risk")
    default_multiplier: np.ndarray = _input("country", "factor", "0.3 + 0.35 class^1.3", "oecd_country_risk")
    embargoed: np.ndarray = _input("country", "0/1", "broad US export embargo", "judgements:embargoed")
    licence_tier: np.ndarray = _input(
        "country",
        "0-3",
        "3 embargo, 2 chip licence or diffusion tier 3, 0 diffusion tier 1, else 1",
        "us_chip_licence_2023 us_ai_diffusion_tier embargoed",
    )
    ally: np.ndarray = _input(
        "country x stack",
        "0-1",
        "US: treaty 1, non-NATO ally 0.6, EU outside NATO 0.5, Gulf 0.4, Rio 0.2; CN: 0.35 SCO + 0.35 "
        "embargo + 0.1 BRICS + 0.1 tier 3",
        "us_treaty_ally major_non_nato_ally eu nato gcc rio_treaty sco brics us_ai_diffusion_tier "
        "judgements:ally_us judgements:ally_cn",
    )
    exclusion: np.ndarray = _input(
        "country", "0-1", "of Huawei from 5G: ban 1, in practice 0.8, restricted 0.5, open 0", "huawei:status"
    )
    nonaligned: np.ndarray = _input(
        "country",
        "0-1",
        "1 - |tie to the US - tie to China|; EU states outside NATO 0.8",
        "ally exclusion eu quad nato",
    )
    scepticism: np.ndarray = _input(
        "country x stack",
        "0-1",
        "of each home: votes, memberships, licences, exclusion, ties",
        "ideal_point brics sco quad eu bri_mou embargoed us_chip_licence_2023 us_ai_diffusion_tier ally "
        "exclusion judgements:scepticism_cn",
    )
    likeness: np.ndarray = _input(
        "country x stack",
        "0-1",
        "to the US 0.6 democracy + 0.4 (1 - rank of distance); to China 1 - that",
        "vdem_polyarchy ideal_point",
    )
    clarity: np.ndarray = _input(
        "country",
        "0-1",
        "0.15 + 0.42 government readiness (index of open columns) + 0.28 rank of effectiveness",
        _READY,
    )
    regulation: np.ndarray = _input(
        "country",
        "0-1",
        "0.05 + 0.40 EU rules + 0.30 rank of regulation and ethics (index of open columns) + 0.20 rank of GDP",
        "eu judgements:regulation_alignment wgi_rule_of_law wgi_regulatory_quality "
        "wgi_government_effectiveness gdp_usd_bn",
    )
    sovereignty: np.ndarray = _input(
        "country",
        "0-1",
        "size, readiness, non-alignment, EU, Gulf, BRICS, embargo, less ties to the US",
        "gdp_usd_bn readiness nonaligned eu gcc brics embargoed ally",
    )
    security_weight: np.ndarray = _input(
        "country", "0.3-1", "0.3 + 0.35 tie to the US + 0.35 rank of rule of law", "ally wgi_rule_of_law"
    )
    organic_share: np.ndarray = _input("country", "0.2-0.7", "0.2 + 0.5 income rank", "income_rank")
    grid_wait: np.ndarray = _input(
        "country",
        "months",
        "12 + 14 (1.6 - slack) + 14 (1 - rank of effectiveness) + 8 in the EU",
        "electricity_capacity_gw electricity_consumption_twh wgi_government_effectiveness eu",
    )
    electricity_capacity: np.ndarray = _fact("GW", "electricity_capacity_gw")
    electricity_headroom_mw: np.ndarray = _input(
        "country",
        "MW",
        "1 to 4 % of capacity by slack, open to AI data centres",
        "electricity_capacity_gw electricity_consumption_twh",
    )
    exports_share: np.ndarray = _input(
        "country x stack", "fraction", "share of exports that goes to the US, China, others", "trade:share_pct", False
    )
    imports_share: np.ndarray = _input(
        "country x stack",
        "fraction",
        "share of imports that comes from the US, China, others",
        "trade:share_pct",
        False,
    )
    ban_us: np.ndarray = _input("country x layer", "0-1", "none: embargoes are the seller's", "")
    ban_cn: np.ndarray = _input(
        "country x layer", "0-1", "networks: exclusion of Huawei from 5G where a position is known", "huawei:status"
    )
    prior_supply: np.ndarray = _input(
        "country x stack",
        "hazard a year",
        "belief that supply is cut: votes, licence tier, embargo, ties",
        "ideal_point licence_tier embargoed ally scepticism",
    )
    prior_security: np.ndarray = _input(
        "country x stack",
        "hazard a year",
        "belief in a security breach: 0.03 + 0.10, 0.04 + 0.22 scepticism",
        "scepticism",
    )
    prior_commitment: np.ndarray = _input(
        "country x stack",
        "chance",
        "belief that commitments are kept: 0.55 + ties - embargo or scepticism",
        "ally embargoed scepticism",
    )
    demand: np.ndarray = _input(
        "country x layer", "USD bn a year", "world demand of a layer, by GDP x readiness", "gdp_usd_bn readiness"
    )
    capacity: np.ndarray = _input(
        "country x layer",
        "USD bn a year",
        "demand x coverage (0.55 + 0.55 (readiness - 0.2) / 1.8)",
        "demand readiness",
    )
    installed: np.ndarray = _input(
        "country x layer x vendor",
        "share",
        "shares of capacity: by stack from trust, reach and rules, then fixed splits within a stack",
        _STACK_SHARES,
    )
    peer_index: np.ndarray = _input(
        "country x peer",
        "position",
        "the strongest ties of the peer graph, padded with the country itself",
        "trade:share_pct borders ideal_point gdp_usd_bn",
    )
    peer_weight: np.ndarray = _input(
        "country x peer",
        "share",
        "half trade and borders, half likeness of votes within reach, unless a scenario names another graph",
        "trade:share_pct borders ideal_point gdp_usd_bn",
    )
    hub_degree: np.ndarray = _input(
        "country",
        "0-1",
        "column sum of the peer weights over the largest",
        "trade:share_pct borders ideal_point gdp_usd_bn",
    )
    use_mix: np.ndarray = _input(
        "country x use", "share", "by income group; more training in larger markets", "income_group gdp_usd_bn"
    )
    sector_need: np.ndarray = _input("country x sector", "share", "by income group", "income_group")
    gulf: np.ndarray = _fact("0/1", "gcc")
    peer_graph: nx.DiGraph
    peers: PeerArrays
    vendors: Vendors
    financiers: Financiers
    filled: dict[str, dict[str, str]]
    facts_hash: str
    peer_graph_name: str = USUAL
    given: Given | None = None

    def __repr__(self) -> str:
        return f"<Inputs of {self.world.folder.name}: {len(self)} importers, facts {self.facts_hash[:12]}>"

    def __len__(self) -> int:
        """How many importers there are."""
        return len(self.iso3)


def declared_inputs() -> dict[str, dataclasses.Field]:
    """The inputs that are declared with a unit and a rule, by name, in order."""
    return {entry.name: entry for entry in dataclasses.fields(Inputs) if "rule" in entry.metadata}


def load_inputs(
    name_or_folder: str | Path = "world", originals: str | Path | None = None, peer_graph: str = USUAL
) -> Inputs:
    """The starting conditions of "world", "synthetic" or a folder of tables; of "world@2015" as known in January 2015.

    `originals`: a file of index values that the project may not ship, loaded over the open index (see
    `tables_of_world`).
    `peer_graph`: who looks to whom, one of `stackcraft.agents.names.PEER_GRAPHS`; the hash of the facts does not depend
    on it. Tables that have not changed on disk are read once in a process; the arrays cannot be written to. Raises
    `stackcraft.agents.errors.InputError` for the first faulty cell, or an unknown peer graph.
    """
    folder = folder_of(name_or_folder)
    files = [path for place in {folder, FACTS / "world", HISTORY} for path in place.glob("*.csv")] + (
        [Path(originals)] if originals else []
    )
    states = tuple(
        sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files if path.is_file())
    )
    key = (str(name_or_folder), str(folder), str(originals), peer_graph, states)
    found = _LOADED.pop(key, None)  # put in again last: what was not asked for longest goes first
    if found is None:
        found = _load(name_or_folder, originals, peer_graph)
        while len(_LOADED) >= MOST_LOADED:
            _LOADED.pop(next(iter(_LOADED)), None)
    _LOADED[key] = found
    return found


def _load(name_or_folder: str | Path, originals: str | Path | None, peer_graph: str) -> Inputs:
    """`load_inputs`, from disk."""
    return inputs_of(read_world_as_of(name_or_folder, originals), peer_graph)


def inputs_of(world: World, peer_graph: str = USUAL) -> Inputs:
    """The starting conditions of a world whose tables have been read and checked."""
    filled = Filled()
    values = positions(world, filled)
    km, vendors, given = start.distances(world), vendors_of(world), None
    if world.as_of is None:
        values |= start.demand_and_capacity(values)
    else:
        given = _given(world, vendors)
        values |= start.demand_and_capacity(values, given.world_demand[0])
        vendors = vendors_in(vendors, given.serves[0], FACTS_YEAR - world.as_of)
    values |= start.bans(world)
    shares = start.among_who_sell(start.stack_shares(world, values, km), vendors)
    values["installed"] = start.installed(world, shares, vendors)

    graph = graph_named(peer_graph, world, values, km[np.ix_(world.rows, world.rows)])
    peers = peer_arrays(graph, world.importers)
    values |= {"peer_index": peers.index, "peer_weight": peers.weight, "hub_degree": peers.hub_degree}
    values |= {"iso_number": world.column("iso_number").astype(np.int64)}
    values |= {axis: world.column(axis) for axis in ("latitude", "longitude")}

    declared = declared_inputs()
    _pass_on(filled, declared, COLUMNS[peer_graph])
    arrays = {name: np.ascontiguousarray(values[name], dtype=_kind(values[name])) for name in declared}
    for array in arrays.values():
        array.flags.writeable = False  # shared by all simulations of the process
    return Inputs(
        world=world,
        iso3=world.importers,
        name=world.words("name"),
        region=world.words("region"),
        subregion=world.words("subregion"),
        **arrays,
        peer_graph=graph,
        peers=peers,
        vendors=vendors,
        financiers=financiers_of(world),
        filled=dict(filled),
        facts_hash=world.facts_hash,
        peer_graph_name=peer_graph,
        given=given,
    )


def _given(world: World, vendors: Vendors) -> Given:
    """What the facts give from the January of `world` to that of the present."""
    return given_from(
        world.as_of,
        lambda there: positions(there, Filled()),
        start.demand_of,
        start.WORLD_DEMAND_BN,
        vendors.serves[: len(VENDORS)],
    )


def _kind(values: np.ndarray) -> type:
    return np.int64 if np.issubdtype(values.dtype, np.integer) else np.float64


def _pass_on(filled: Filled, declared: dict[str, dataclasses.Field], behind_peers: tuple[str, ...]) -> None:
    """Mark inputs whose columns were filled, through as many steps as it takes. `behind_peers`: the columns of the peer
    graph.
    """
    changed = True
    while changed:
        changed = False
        for name, entry in declared.items():
            for source in behind_peers if name in PEER_INPUTS else entry.metadata["uses"]:
                source = source.removeprefix("trade:").removeprefix("huawei:")
                for code in list(filled.get(source, {})):
                    if source != name and code not in filled.get(name, {}):
                        filled.setdefault(name, {})[code] = f"through {source}"
                        changed = True
