"""What the coordinates of results and the columns of the table of deals mean: one line each, with units.

Measures carry their own unit and meaning (`model/measures.py`); here is the rest of what a reader of the results sees.
"""

from __future__ import annotations

from stackcraft.agents.names import VENDORS
from stackcraft.model.loop.codes import TERMS

# Coordinate -> short name, meaning.
COORDINATES = {
    "run": ("run", "number of the run in its batch; with the same seed, the same number has the same luck"),
    "year": ("year", "1 January on which the record was taken; flows are those of the twelve months before"),
    "country": ("importing country", "ISO 3166-1 alpha-3 code; a made-up world has codes of its own"),
    "layer": ("layer of the AI stack", "from the network at the bottom to applications at the top"),
    "stack": ("stack", "US: American vendors; CN: Chinese vendors; independent: all others"),
    "vendor": ("kind of vendor", "the first two letters give its stack: us, cn, or in for independent"),
    "home": ("home government", "the government of one of the two home stacks"),
    "financier": ("financier", "public bank or private lender that finances deals"),
    "channel": ("channel of belief", "supply: being cut off; security: a breach; commitment: a promise that is broken"),
    "income_group": ("income group", "income group of the importing country, after the World Bank"),
    "weight": (
        "weighting of countries",
        (
            "how importing countries count in a share of the world: capability by their AI capacity in operation, gdp "
            "and population by those, country each the same, low_income each low-income country the same, no other"
        ),
    ),
    "tercile": ("third of the countries", "lowest, middle and highest third of importing countries by the trait named"),
}
# Column of the table of deals -> unit, meaning.
DEAL_COLUMNS = {
    "run": ("", "run of the batch"),
    "deal": ("", "number of the deal in its run, in the order of signing"),
    "package": ("", "number of the package that it is part of; -1 for a deal by itself"),
    "country": ("", "importing country that buys"),
    "layer": ("", "layer of the stack that is bought"),
    "vendor": ("", "vendor that won"),
    "stack": ("", "stack of the vendor that won"),
    "deal_class": ("", "sovereign (large, by a government), narrow, or software"),
    "mode": ("", "who runs it: sold, operated by the vendor or a partner, or hosted by the buyer"),
    "site": ("", "class of site, which decides how long building takes"),
    "megawatts": ("MW", "power of the data centre; 0 where there is none"),
    "value_bn": ("bn$", "value of the contract, constant 2025 US$"),
    "announced_bn": ("bn$", "value that was announced: sovereign mega-deals are talked up"),
    "capacity": ("bn$/year", "capacity that it adds in operation"),
    "signed": ("year", "date of signing, decimal year"),
    "financed": ("year", "date of financial close; missing where it was not reached"),
    "operating": ("year", "date on which operation began; missing where it was not reached"),
    "ended": ("year", "date on which it ended; missing while it lasts"),
    "outcome": ("", "what has become of it by the last record"),
    "origin": ("", "how it came about: tender, renewal, package, hedge (second source), scripted or legacy"),
    "supported": ("", "whether a government supported the bid"),
    "financier": ("", "who financed it; missing where nobody did"),
    "instrument": ("", "instrument of the financier"),
    "loan_bn": ("bn$", "loan"),
    "grant_bn": ("bn$", "grant"),
    "term_years": ("years", "term of the contract"),
    "utilisation": ("share", "use over capacity"),
    "renewals": ("count", "how often it has been renewed"),
    "utility": ("utility", "utility of the winning bid to the buyer: the sum of its terms"),
    "winning_bid": ("", "bid that won: that of a vendor, or the package of a side"),
    "runner_up": (
        "",
        "bid that the winner is compared with: the best loser, for a second source the winner of the tender",
    ),
    "runner_up_utility": ("utility", "utility of the runner-up"),
    "win_probability": ("probability", "chance of the winning stack before the draw"),
    "win_probability_unsupported": ("probability", "the same without public support; missing where none was offered"),
    "tender_layer": ("", "layer for which the tender was held"),
    "tender_month": ("month", "month of the tender since the start, January of the first year is 0"),
    "nest_scale": ("", "scale of the nests of the choice: 1 is a plain logit, less means closer rivals within a stack"),
    "outside": ("", "weight of buying nothing in the choice"),
    "correction": ("", "1: a stack does not gain by the mere number of its bids; 0: it does"),
    "satisficing_margin": ("utility", "margin within which a buyer that satisfices is indifferent; missing otherwise"),
    **{f"term_{name}": ("utility", f"term {name} of the winner's utility") for name in TERMS},
    **{f"runner_up_term_{name}": ("utility", f"term {name} of the runner-up's utility") for name in TERMS},
    **{
        f"bid_{name}": ("utility", f"utility of the bid of {name}; missing where it did not bid")
        for name in (*VENDORS, "us_package", "cn_package")
    },
}


def long_name(name: str) -> str:
    """Return a name as axes show it: "subsidy_cost_bn" -> "subsidy cost", "adopters_5y" -> "adopters after 5 years"."""
    words = name.removesuffix("_bn").replace("_5y", "_after_5_years")
    return words.replace("_", " ")
