"""Every fixed name, in the fixed order in which arrays hold it, and the groups that may be addressed at once.

Arrays are indexed by the position of a name in these tuples. Random draws are not: they are keyed on a country's
ISO number and a vendor's own number, so that adding an actor does not move anybody else's luck.
"""

from stackcraft.agents.countries import HOME_CODES, code_of, meant
from stackcraft.agents.errors import InputError, unknown

LAYERS = ("network", "chips", "cloud", "data", "models", "security", "applications")
STACKS = ("US", "CN", "independent")
HOMES = ("us_government", "cn_government")
FINANCIERS = ("us_exim", "us_dfc", "cn_development_bank", "cn_exim", "private_capital", "gulf_fund")
INSTRUMENTS = ("grant", "concessional_loan", "direct_loan", "guarantee", "insurance", "equity")
VENDORS = (
    "us_chip_house",
    "us_silicon_hyperscaler",
    "us_enterprise_hyperscaler",
    "us_country_lab",
    "us_sovereign_lab",
    "us_network_security_house",
    "cn_full_stack_champion",
    "cn_open_weights_cloud",
    "cn_telecom_house",
    "cn_open_weights_lab",
    "cn_city_integrator",
    "in_allied_telecom",
    "in_allied_partner",
    "in_gulf_hub",
    "in_domestic_champion",
)
VENDOR_PLACES = 16  # the width of vendor axes in the compiled loop; the last place serves nothing

CLUB = "KEN TZA UGA RWA BDI"  # the buyers' club that claims and trials of levers look at
INCOME_GROUPS = ("low", "lower_middle", "upper_middle", "high")
BELIEF_CHANNELS = ("supply", "security", "commitment")
USE_MIX = ("training", "clustered_inference", "edge_and_industry", "public_sector")
SECTORS = ("farming", "health", "schools", "public")
DEAL_CLASSES = ("sovereign", "narrow", "software")
MODES = ("sold", "operated", "partner_operated", "self_hosted")
WEIGHTS = ("capability", "gdp", "population", "country", "low_income")
# Rows of the life-cycle tables, and tiers of export licence.
SITE_CLASSES = ("cn_mega", "us_mega", "mid_data_centre", "modular", "cloud_region", "network", "software")
TIERS = ("tier_0", "tier_1", "tier_2", "tier_3")
# Ways of saying who looks to whom, the usual one first; `model/peer_graphs.py` makes them.
PEER_GRAPHS = ("trade-and-votes", "neighbours", "region", "votes", "random")
ACTORS = {"home_government": HOMES, "financier": FINANCIERS, "vendor": VENDORS}  # the importers depend on the world
KINDS = (*ACTORS, "importer")

# ISO 3166-1 alpha-3 codes of the importing countries: the world less the two home countries.
IMPORTERS = tuple(
    """
    AFG AGO ALB AND ARE ARG ARM ATG AUS AUT AZE BDI BEL BEN BFA BGD BGR BHR BHS BIH BLR BLZ BOL BRA BRB BRN BTN
    BWA CAF CAN CHE CHL CIV CMR COD COG COL COM CPV CRI CUB CYP CZE DEU DJI DMA DNK DOM DZA ECU EGY ERI ESP EST
    ETH FIN FJI FRA FSM GAB GBR GEO GHA GIN GMB GNB GNQ GRC GRD GTM GUY HND HRV HTI HUN IDN IND IRL IRN IRQ ISL
    ISR ITA JAM JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU LUX LVA MAR MCO MDA
    MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MOZ MRT MUS MWI MYS NAM NER NGA NIC NLD NOR NPL NRU NZL OMN PAK PAN
    PER PHL PLW PNG POL PRK PRT PRY PSE QAT ROU RUS RWA SAU SDN SEN SGP SLB SLE SLV SMR SOM SRB SSD STP SUR SVK
    SVN SWE SWZ SYC SYR TCD TGO THA TJK TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR URY UZB VCT VEN VNM VUT WSM
    YEM ZAF ZMB ZWE
    """.split()
)

# Groups that a lever assignment may address at once. Private capital and the Gulf fund serve more than one
# stack and take orders from no government, so they belong to no side's group.
GROUPS: dict[str, tuple[str, ...]] = {
    "homes": HOMES,
    "financiers": FINANCIERS,
    "us_financiers": ("us_exim", "us_dfc"),
    "cn_financiers": ("cn_development_bank", "cn_exim"),
    "vendors": VENDORS,
    "us_vendors": tuple(name for name in VENDORS if name.startswith("us_")),
    "cn_vendors": tuple(name for name in VENDORS if name.startswith("cn_")),
    "independent_vendors": tuple(name for name in VENDORS if name.startswith("in_")),
}
IMPORTER_GROUP = "importers"  # every importer of the world at hand

SIDES = ("US", "CN")  # the stacks that have a home government


def stack_of(actor: str) -> str:
    """The stack a home government, financier or vendor belongs to; "independent" for everybody else."""
    if actor.startswith("us_"):
        return "US"
    return "CN" if actor.startswith("cn_") else "independent"


def side_actors(side: str, kind: str) -> tuple[str, ...]:
    """Return the actors of one kind that the preset of a side, "US" or "CN", sets."""
    if side not in SIDES:
        raise unknown("side", side, SIDES)
    return tuple(actor for actor in ACTORS.get(kind, ()) if stack_of(actor) == side)


def kind_of(actor: str, importers: tuple[str, ...] | list[str] = IMPORTERS) -> str:
    """The kind of one actor, as in `KINDS`. Raises `InputError` with the nearest name if there is none."""
    for kind, actors in (*ACTORS.items(), ("importer", importers)):
        if actor in actors:
            return kind
    raise InputError(unknown_actor(actor, importers))


def a_kind(kind: str) -> str:
    """A kind of actor in words, with its article: "a home government", "an importer"."""
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind.replace('_', ' ')}"


def actors_of(kind: str, importers: tuple[str, ...] | list[str] = IMPORTERS) -> tuple[str, ...]:
    """All actors of a kind, in array order."""
    if kind not in KINDS:
        raise unknown("kind of actor", kind, KINDS)
    return ACTORS.get(kind, tuple(importers))


def members(name: str, importers: tuple[str, ...] | list[str] = IMPORTERS) -> tuple[str, ...]:
    """Return the actors, all of one kind, of an actor or a group. Raises `InputError` with the nearest name."""
    if name == IMPORTER_GROUP:
        return tuple(importers)
    if name in GROUPS:
        return GROUPS[name]
    kind_of(name, importers)
    return (name,)


def known_actor(name: str, importers: tuple[str, ...] | list[str] = IMPORTERS) -> str:
    """Return the code of a country called otherwise; any other name, also one of several countries, as it is."""
    if name in importers or name in GROUPS or name == IMPORTER_GROUP or "_" in name:
        return name
    codes = meant(name, importers)
    return codes[0] if len(codes) == 1 else name


def unknown_actor(name: str, importers: tuple[str, ...] | list[str] = IMPORTERS) -> str:
    """Return one line saying that there is no actor `name`, with the nearest name if one is near."""
    if home := meant(name, HOME_CODES):
        return f"actor {name!r} is a home country, not an importer; use {HOME_CODES[home[0]]}"
    # A short name in capitals is meant as a country, whatever it happens to look like.
    if (len(name) <= 3 and name.upper() == name) or meant(name, importers):
        try:
            code_of(name, importers)
        except InputError as error:
            return str(error)
    return str(unknown("actor or group", name, addressable(importers)))


def addressable(importers: tuple[str, ...] | list[str] = IMPORTERS) -> tuple[str, ...]:
    """Return every name that may come before the first dot of an assignment."""
    return (*HOMES, *FINANCIERS, *VENDORS, *GROUPS, IMPORTER_GROUP, *importers)
