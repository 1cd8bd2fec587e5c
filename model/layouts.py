"""Inputs as one record that kernels read, and the market record that each January fills."""

from functools import lru_cache

import numpy as np

from stackcraft.agents.errors import InputError
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.model.loop.codes import (
    COUNTRY_PLACES,
    LEDGER_ROWS,
    MOST_EVENTS,
    N_BIDS,
    N_HOMES,
    N_INCOME_GROUPS,
    N_LAYERS,
    N_STACKS,
    N_TERMS,
    N_TIERS,
    SUBMODELS,
    VENDOR_PLACES,
)
from stackcraft.model.state import untouched

SWITCHES = np.dtype([(name, np.uint8) for name in SUBMODELS])


def _tercile(values: np.ndarray) -> np.ndarray:
    """0, 1 or 2 by rank; equal values may fall into neighbouring terciles only at the cut."""
    rank = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return (rank * 3 // max(len(values), 1)).astype(np.int64)


def _vendor_fields(vendors) -> dict[str, np.ndarray]:
    """Vendor tables with the layer axis first."""
    names = list(vendors.name)

    def one(name):
        return np.array([1.0 if other == name else 0.0 for other in names])

    def by_layer(values):
        return np.ascontiguousarray(np.asarray(values, dtype=float).T)

    return {
        "vendor_number": np.asarray(vendors.number, dtype=np.int64),
        "vendor_stack": np.asarray(vendors.stack, dtype=np.int64),
        "vendor_home": np.asarray(vendors.home, dtype=np.int64),
        "serves": by_layer(vendors.serves),
        "serving": _serving(vendors.serves),
        "serving_number": np.asarray(vendors.serves, dtype=np.int64).sum(axis=0),
        "quality": by_layer(vendors.quality),
        "price_ratio": by_layer(vendors.price_ratio),
        "supply_growth": by_layer(vendors.supply_growth),
        "supply_cap": by_layer(vendors.supply_cap_bn_per_year),
        "attribution": np.ascontiguousarray(np.asarray(vendors.attribution, dtype=float).transpose(1, 0, 2)),
        "usual_markup": LEVER_SETS["vendor"].defaults(names, 1)["markup"],
        "home_revenue": np.asarray(vendors.home_revenue_bn, dtype=float),
        "export_revenue": np.asarray(vendors.export_revenue_bn, dtype=float),
        "cash": np.asarray(vendors.cash_bn, dtype=float),
        "runway_years": np.asarray(vendors.runway_years, dtype=float),
        "domestic": one("in_domestic_champion"),
        "hub": one("in_gulf_hub"),
        "own_silicon": np.asarray(vendors.serves, dtype=float)[:, 1].copy(),
    }


def _serving(serves) -> np.ndarray:
    """The vendors that serve each layer, (layer, vendor), in order; the rest of a row is not read."""
    table = np.zeros((N_LAYERS, VENDOR_PLACES), np.int64)
    for layer, column in enumerate(np.asarray(serves).T):
        found = np.flatnonzero(column > 0)
        table[layer, : len(found)] = found
    return table


PLAIN = (
    "gdp",
    "population",
    "income_rank",
    "distance",
    "distance_rank",
    "readiness",
    "absorption",
    "cost_of_capital",
    "default_multiplier",
    "embargoed",
    "ally",
    "nonaligned",
    "scepticism",
    "likeness",
    "clarity",
    "regulation",
    "sovereignty",
    "security_weight",
    "organic_share",
    "grid_wait",
    "electricity_capacity",
    "electricity_headroom_mw",
    "exports_share",
    "prior_supply",
    "prior_security",
    "prior_commitment",
    "demand",
    "capacity",
    "installed",
    "peer_weight",
    "hub_degree",
    "use_mix",
    "sector_need",
    "gulf",
)
WHOLE = ("iso_number", "income_group", "peer_index")


def facts_record(inputs) -> np.ndarray:
    """All inputs as a structured array of length 1."""
    fields = {name: np.ascontiguousarray(getattr(inputs, name), dtype=float) for name in PLAIN}
    fields |= {name: np.ascontiguousarray(getattr(inputs, name), dtype=np.int64) for name in WHOLE}
    fields |= _vendor_fields(inputs.vendors)
    # Each home directs the financiers that serve its stack alone; the others finance beside any home they serve.
    serves = np.asarray(inputs.financiers.serves_stack, dtype=float)
    fields["financier_serves"] = np.ascontiguousarray(serves)
    fields["financier_home"] = np.where(serves[:, 2] > 0, -1, np.argmax(serves[:, :2], axis=1)).astype(np.int64)
    number = [place for place, name in enumerate(inputs.vendors.name) if name == "in_domestic_champion"]
    fields["domestic_vendor"] = np.array(number[0] if number else -1, np.int64)
    fields["financier_used"] = np.asarray(inputs.financiers.used_bn, dtype=float)
    fields["financier_overdue"] = np.asarray(inputs.financiers.overdue_share, dtype=float)
    # Only the United States runs tiers of export licences in the facts; the axis is there for both.
    tier = np.zeros((len(inputs.iso3), N_STACKS), np.int64)
    tier[:, 0] = inputs.licence_tier
    fields["tier"] = tier
    fields["hub_reach"] = (fields["peer_weight"] * fields["gulf"][fields["peer_index"]]).sum(axis=1)
    demand = fields["demand"].sum(axis=1)
    fields["strategic"] = _mean_one(fields["gdp"]) + _mean_one(fields["hub_degree"])
    fields["gdp_share"] = fields["gdp"] / fields["gdp"].sum()
    fields["population_share"] = fields["population"] / fields["population"].sum()
    fields["demand_share"] = demand / demand.sum()
    for name, values in (
        ("tercile_nonaligned", fields["nonaligned"]),
        ("tercile_sceptical", fields["scepticism"][:, 0]),
        ("tercile_sovereign", fields["sovereignty"]),
        ("tercile_clear", fields["clarity"]),
        ("tercile_exporting_us", fields["exports_share"][:, 0]),
        ("tercile_exporting_cn", fields["exports_share"][:, 1]),
    ):
        fields[name] = _tercile(values)
    fields |= {"given_growth": np.zeros_like(fields["demand"]), "given_ahead": np.zeros(N_LAYERS)}
    places = places_for(len(inputs.iso3))
    companies = {
        "given_ahead",
        *_vendor_fields(inputs.vendors),
        "financier_serves",
        "financier_home",
        "financier_used",
        "financier_overdue",
        "domestic_vendor",
    }
    shapes = {name: value.shape if name in companies else (places, *value.shape[1:]) for name, value in fields.items()}
    fields["countries"] = np.array(len(inputs.iso3), np.int64)
    fields["vendors"] = np.array(
        VENDOR_PLACES, np.int64
    )  # a number the compiler does not know: it vectorises such loops and unrolls others
    fields["given_years"] = np.array(0.0)  # from the start, in which the facts give demand (a hindcast)
    shapes |= {"countries": (), "vendors": (), "given_years": ()}
    record = np.zeros(1, np.dtype([(name, value.dtype, shapes[name]) for name, value in fields.items()], align=True))
    for name, value in fields.items():
        if np.ndim(value):
            record[name][0][tuple(slice(0, size) for size in value.shape)] = value
        else:
            record[name] = value
    return record


def give_year(record: np.ndarray, inputs, year: int) -> None:
    """Put what the facts give for a January into the record of the inputs (`inputs.given`; a hindcast).

    Demand goes on from there evenly, in logs, to the figure of the next January; from the present on the model's own
    growth takes over. Nothing is done for a world of the present.
    """
    given = inputs.given
    if given is None:
        return
    row = min(max(year - int(given.years[0]), 0), len(given.years) - 1)
    later = min(row + 1, len(given.years) - 1)
    countries, facts = len(inputs.iso3), record[0]
    now, then = given.demand[row], given.demand[later]
    serves = np.zeros((VENDOR_PLACES, N_LAYERS))
    serves[: given.serves.shape[1]] = given.serves[row]
    fields = {
        "given_years": float(given.years[-1] - given.years[0]),
        "given_ahead": _log_ratio(given.world_demand[later], given.world_demand[row]),
        "serves": serves.T,
        "serving": _serving(serves),
        "serving_number": serves.astype(np.int64).sum(axis=0),
        "own_silicon": serves[:, 1],
    }
    by_country = {
        "demand": now,
        "given_growth": _log_ratio(then, now),
        "gdp": given.gdp[row],
        "gdp_share": given.gdp[row] / given.gdp[row].sum(),
        "population": given.population[row],
        "population_share": given.population[row] / given.population[row].sum(),
        "demand_share": now.sum(axis=1) / now.sum(),
        "readiness": given.readiness[row],
        "embargoed": given.embargoed[row],
    }
    for name, values in fields.items():
        facts[name] = values
    for name, values in by_country.items():
        facts[name][:countries] = values
    facts["tier"][:countries, 0] = given.licence_tier[row]


def _log_ratio(later: np.ndarray, now: np.ndarray) -> np.ndarray:
    """ln(later / now), 0 where nothing is there in one of them."""
    both = (later > 0) & (now > 0)
    return np.log(np.divide(later, now, out=np.ones_like(now), where=both))


def places_for(countries: int) -> int:
    """Places for countries in the loop's arrays: a world smaller than the real one leaves some empty."""
    return max(countries, COUNTRY_PLACES)


def _mean_one(values: np.ndarray) -> np.ndarray:
    return values / max(values.mean(), 1e-300)


def market_dtype(countries: int) -> np.dtype:
    """Prices and attributes of this year's offers.

    Computed each January and when offers change; `*_now` also when subsidies do. Offer 0 is what is offered everywhere;
    a country for which a home makes exceptions, or that requires something of bidders, has one of its own, at its
    place + 1, and `offer` says which a country is made.
    """
    real, offers = np.float64, countries + 1
    return np.dtype(
        [
            ("offer", np.int64, (countries,)),  # which offer a country is made: 0, or its own
            (
                "log_price",
                real,
                (offers, N_LAYERS, VENDOR_PLACES),
            ),  # log of price over the layer's reference, without subsidy and finance
            ("price", real, (offers, N_LAYERS, VENDOR_PLACES)),  # over the reference
            (
                "price_now",
                real,
                (offers, N_LAYERS, VENDOR_PLACES),
            ),  # over the reference, with the subsidies that are being paid
            (
                "log_price_now",
                real,
                (offers, N_LAYERS, VENDOR_PLACES),
            ),  # log of price with the subsidies that are being paid
            ("log_standards", real, (N_LAYERS, N_STACKS)),
            ("cut", real, (offers, N_LAYERS, VENDOR_PLACES)),  # how easily the seller can cut the buyer off
            (
                "control_at_sale",
                real,
                (offers, N_LAYERS, VENDOR_PLACES),
            ),  # control a buyer sees itself lose: silicon is not seen
            ("control_at_renewal", real, (offers, N_LAYERS, VENDOR_PLACES)),
            ("years", real, (N_LAYERS, VENDOR_PLACES)),  # to operation, without grid wait and licence
            ("mode", np.int64, (N_LAYERS, VENDOR_PLACES)),
            ("affiliation", real, (VENDOR_PLACES,)),  # as buyers see it
            ("distrusted", real, (VENDOR_PLACES,)),  # affiliation less what independence takes off
            ("lock_contract", real, (offers, VENDOR_PLACES)),
            ("lock", real, (offers, VENDOR_PLACES)),  # by contract and by silicon
            ("hosting", real, (offers, VENDOR_PLACES)),
            ("confidential", real, (offers, VENDOR_PLACES)),
            ("burden", real, (offers, VENDOR_PLACES)),  # what a buyer's requirements take off the margin
            ("intensity", real, (N_HOMES, VENDOR_PLACES)),  # how far a home's support reaches a vendor
            ("margin", real, (VENDOR_PLACES,)),  # of price: what a sale leaves for research, overheads and profit
            ("volume", real, (VENDOR_PLACES,)),  # what a budget buys at the vendor's mark-up over what it usually buys
            ("respect", real, (offers, VENDOR_PLACES)),  # for regulation, of the vendor's home
            ("considered", real, (VENDOR_PLACES,)),  # log odds without the buyer's part
            ("attribution", real, (N_LAYERS, VENDOR_PLACES, N_STACKS)),
            ("log_accepted", real, (N_TIERS, N_STACKS)),  # log(1 - P(denied)) of a fully licensed layer
            ("licence_years", real, (N_TIERS, N_STACKS)),
            ("framing_geopolitical", real, (N_STACKS,)),
            ("framing_values", real, (N_STACKS,)),
            ("outside", real),  # weight of buying nothing, in a nested logit
            ("growth", real, (N_INCOME_GROUPS, N_LAYERS)),  # demand over its start, by income group
            ("foresight", real, (N_LAYERS,)),  # growth of demand until what is ordered this month may run
            (
                "chance_considered",
                real,
                (countries, VENDOR_PLACES),
            ),  # chance that a bid is considered, without a buyers' club
            ("chance_bid", real, (countries, VENDOR_PLACES)),  # chance that a vendor bids for a tender without cover
            ("team_weight", real, (countries, VENDOR_PLACES)),  # log of teams spent here over their mean
        ],
        align=True,
    )


LEDGER_FIELDS = [
    ("deal", np.int64),
    ("package", np.int64),
    ("country", np.int64),
    ("layer", np.int64),
    ("vendor", np.int64),
    ("stack", np.int64),
    ("deal_class", np.int64),
    ("mode", np.int64),
    ("kind", np.int64),
    ("origin", np.int64),
    ("outcome", np.int64),
    ("supported", np.int64),
    ("financier", np.int64),
    ("instrument", np.int64),
    ("renewals", np.int64),
    ("runner_up", np.int64),
    ("novated_to", np.int64),
    ("tender_month", np.int64),
    ("tender_layer", np.int64),
    ("bid", np.int64),
    ("megawatts", np.float64),
    ("value_bn", np.float64),
    ("capacity", np.float64),
    ("signed", np.float64),
    ("financed", np.float64),
    ("operating", np.float64),
    ("ended", np.float64),
    ("loan_bn", np.float64),
    ("grant_bn", np.float64),
    ("term_years", np.float64),
    ("utilisation", np.float64),
    ("utility", np.float64),
    ("runner_up_utility", np.float64),
    ("win_probability", np.float64),
    ("win_probability_unsupported", np.float64),
    ("nest_scale", np.float64),
    ("outside", np.float64),
    ("correction", np.float64),
    ("margin", np.float64),  # of a buyer that satisfices; NaN for a nested logit
    ("terms", np.float64, (N_TERMS,)),
    ("runner_up_terms", np.float64, (N_TERMS,)),
    ("bids", np.float64, (N_BIDS,)),
]


def ledger_dtype() -> np.dtype:
    """One row a deal; dates in months since the start, NaN where they have not come."""
    return np.dtype(LEDGER_FIELDS, align=True)


def empty_ledgers(runs: int) -> np.ndarray:
    """Ledgers of the given number of runs, at least one.

    A record each with `rows` that may be used (0 = keep nothing) and the rows.
    """
    return untouched(
        (max(runs, 1),), np.dtype([("rows", np.int64), ("at", ledger_dtype(), (LEDGER_ROWS,))], align=True)
    )


def event_record(events: np.ndarray) -> np.ndarray:
    """Scripted events as one record that kernels read. Raises `InputError` if there are too many."""
    if len(events) > MOST_EVENTS:
        raise InputError(f"{len(events)} scripted events; give at most {MOST_EVENTS}")
    record = np.zeros(1, np.dtype([("number", np.int64), ("at", event_dtype(), (MOST_EVENTS,))], align=True))
    record["number"] = len(events)
    record["at"][0, : len(events)] = events
    return record


def as_records(array: np.ndarray) -> np.ndarray:
    """An array (runs, ...) as records (runs,) with the rest under `at`.

    Kernels pass records without counting references.
    """
    array = np.ascontiguousarray(array)
    return array.reshape(len(array), -1).view(_at(array.dtype, array.shape[1:])).reshape(len(array))


def as_switches(array: np.ndarray) -> np.ndarray:
    """Switches (runs, submodels) as records (runs,) with a field for each submodel; they share their memory."""
    return np.ascontiguousarray(array, np.uint8).view(SWITCHES).reshape(len(array))


@lru_cache(maxsize=64)
def _at(kind: np.dtype, shape: tuple[int, ...]) -> np.dtype:
    """The type of such a record.

    Numba knows a type again by its object: a new one costs a look at every field at each call.
    """
    return np.dtype([("at", kind, shape)])


def event_dtype() -> np.dtype:
    """Scripted events: what happens in which month, to whom."""
    return np.dtype(
        [
            ("month", np.int64),
            ("kind", np.int64),
            ("country", np.int64),
            ("side", np.int64),
            ("layer", np.int64),
            ("vendor", np.int64),
            ("size", np.float64),
            ("value", np.float64),
            ("financier", np.int64),  # of a deal; -1 = nobody
            ("instrument", np.int64),  # -1 = the financier's usual
            ("financed", np.float64),  # share of the value; -1 = what the layer allows
            ("bond", np.float64),  # supply bond and hosting; -1 = what the vendor's home and the vendor offer
            ("hosting", np.float64),
        ],
        align=True,
    )
