"""Orders: what each seat may decide, between which bounds, at what price, and what it does to the model's levers.

Declared once and read by legality, prices, views and resolution. Prices in political capital (PC) follow one rule, that
of `pricing`: by what a step was measured to gain, at least 1; where tournaments of bots asked for another price,
`OFF_RULE` says why. `usual` sentences say which way an order works, where no measured figures are shown.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.names import LAYERS
from stackcraft.agents.strategies.registry import find_preset
from stackcraft.experiments.wargame.order_form import (
    AS_NOW,
    Lever,
    OrderForm,
    actors_of_order,
    assignments,
    buyers,
    checked,
    choices,
    label,
    level_of,
    money,
    places_of,
    price,
    steps,
)
from stackcraft.experiments.wargame.seats import SEATS

PC_INCOME = 6  # political capital a turn
PC_KEPT = 4  # at most, from turn to turn
KEPT_OF_PURSE = 0.5  # of what was not spent
CUT_OFF_LEVERAGE = 0.1  # what a home must be able to take away before it can cut a country off


def _same(actor: str, *names: str, by_country: bool = False) -> tuple[Lever, ...]:
    return tuple(Lever(actor, name, by_country=by_country) for name in names)


def _targeting(preset: str) -> dict[str, Any]:
    """What an American preset says of which deals get public money, for either government."""
    wanted = ("weight_headline", "weight_use", "weight_additional", "weight_strategic", "gravity", "min_package_mw")
    table = find_preset(preset, "US").government
    return {f"g.{name}": table[name] for name in wanted if name in table}


TARGETS = {
    "headlines": _targeting("headline-chaser"),
    "lasting use": _targeting("arms-length-vendors"),
    "contested markets": _targeting("contested-first"),
    "partners": _targeting("alliance-infrastructure"),
}
HOME = (
    OrderForm(
        "H1", "Bind ourselves", "We post a bond: if we cut you off, we pay and everybody hears of it.",
        "More use of the own stack, by far more for the United States; fewer concessions.",
        levers=_same("g", "supply_bond", by_country=True), step=0.3, where="buyer", up=3,
    ),
    OrderForm(
        "H2", "Keep it in the country", "Your data stay with you; we can see and cut less.",
        "More use of the own stack and fewer incidents; less that could be taken away.",
        levers=_same("g", "local_hosting", "confidential_computing", by_country=True), step=0.35,
        where="buyer", up=5,
    ),
    OrderForm(
        "H3", "Use our weight", "In a dispute we use what you depend on.",
        "More concessions; less trust, and less use of the American stack.",
        levers=(Lever("g", "coerce", by_country=True), Lever("g", "pressure")), step=0.35, where="buyer", up=3, down=3,
    ),
    OrderForm(
        "H4", "How we talk", "What we say the deal is about.",
        "Camps lower use of the own stack; business and values raise that of the American one.",
        form="choice",
        options={
            "business": {"g.frame_geopolitical": 0, "g.frame_values": 0, "g.industry_led": 1},
            "camp": {"g.frame_geopolitical": 1, "g.frame_values": 0.3, "g.industry_led": 0},
            "values": {"g.frame_geopolitical": 0.3, "g.frame_values": 1, "g.industry_led": 0.2},
        }, up=3,
    ),
    OrderForm(
        "H5", "What we fund", "Which deals get public money.",
        "Use hardly moves; China announces a little more for lasting use and contested markets.",
        form="choice", up=1, options=TARGETS, hidden=True, first=False,
    ),
    OrderForm(
        "H6", "Cut the price", "We pay part of your bill, from our budget.",
        "Much more use of the own stack, at a high public cost.",
        levers=(Lever("g", "subsidy", 0, 0.5, by_country=True),), high=0.5, step=0.1, up=2, parts=LAYERS, where="buyer",
    ),
    OrderForm(
        "H6.budget", "Programme budget", "So much public money a year for the price cut and for support, bn $.",
        "It costs what it says; China's use and announcements rise with it, America's hardly.",
        levers=(Lever("g", "budget_bn", 0, 50),), high=50, step=5,
    ),
    OrderForm(
        "H7", "Train and listen", "We help you to use it, and ask first what you need.",
        "More use of the own stack, most of all by the poorest; America's costs public money.",
        levers=(Lever("g", "capacity_building", by_country=True), Lever("g", "elicitation")), step=0.3,
        where="buyer", up=2,
    ),
    OrderForm(
        "H8", "Gates", "How hard we check what leaves.",
        "Closed: fewer American incidents, less use; guarded: fewer, no loss. China's gates move next to nothing.",
        form="choice", up=3,
        options={
            "open": {"g.guardrail": 0, "g.control_strictness": 0.1, "g.fast_lane": 0.8},
            "guarded": {"g.guardrail": 0.7, "g.control_strictness": 0.4, "g.fast_lane": 0.5},
            "closed": {"g.guardrail": 1, "g.control_strictness": 1, "g.fast_lane": 0},
        },
    ),
    OrderForm(
        "H9.signal", "Stand by allies", "We spend to show that we stand by our allies, bn $ a year.",
        "Much more trust, at a high public cost; use hardly moves.",
        levers=(Lever("g", "alliance_signal_bn", 0, 20),), high=20, step=4,
    ),
    OrderForm(
        "H9.rules", "Respect their rules", "We accept your right to regulate and to tax.",
        "More use of the own stack, most clearly of the American one.",
        levers=_same("g", "respect_regulation", by_country=True), step=0.4, up=2, where="buyer",
    ),
    *(
        OrderForm(
            f"H9.{key}", title, sentence, usual, form="switch", levers=_same("g", lever), step=1.0, first=False
        )
        for key, title, sentence, usual, lever in (
            ("consortium", "Only full consortia", "Packages come from full consortia.",
             "Small; China loses some use by it.", "consortium_required"),
            ("cloud", "Cloud counts", "Operated cloud counts as an export.", "Small.", "cloud_counts"),
            ("network", "Networks too", "Networks may be financed.", "Small.", "include_network"),
            ("allied", "Allied vendors", "Allied vendors take part in our packages.",
             "Small; the American stack loses a little use.", "allied_content"),
        )
    ),
    OrderForm(
        "H10", "Cut off", "We switch a country off from our stack.",
        "After an American cut-off the country's share is 5 to 11 points lower in a year, after a Chinese one 1 to 3. "
        "An American one costs 0.8 points of use in the world in five years, 4 where a bond stood, and trust with it.",
        form="act", up=3, where="buyer", first=False,
    ),
)  # fmt: skip
CHINA_ONLY = (
    OrderForm(
        "H6.loans", "Terms of loans", "What our policy bank asks for its loans.", "Small.",
        form="choice", up=1, first=False,
        options={
            "market": {"cn_development_bank.rate_pct": 5.5, "cn_development_bank.tenor_years": 7},
            "near market": {"cn_development_bank.rate_pct": 4.2, "cn_development_bank.tenor_years": 10},
            "concessional": {"cn_development_bank.rate_pct": 2.85, "cn_development_bank.tenor_years": 16},
        },
    ),
)  # fmt: skip
FIRMS = (
    OrderForm(
        "F1", "Ready-made or made for you", "Quick to open today (1), or still useful in five years (0).",
        "All ready-made: much less use. Made for you: more incidents and less announced.",
        levers=(Lever("v", "turnkey"), Lever("v", "customisation", 0.9, 0.1), Lever("v", "option_value", 0.8, 0.0)),
        where="vendor",
    ),
    OrderForm(
        "F2", "Margin", "What we add to cost.",
        "Nothing added: much more use, and more incidents; double: much less use.",
        levers=(Lever("v", "markup", 0, 1),), step=0.2, where="vendor", down=5,
    ),
    OrderForm(
        "F3", "Contract lock", "Leaving us is made costly; buyers see it.", "A little more use; less announced.",
        levers=_same("v", "lock_contract"), where="vendor",
    ),
    OrderForm(
        "F4", "Hidden lock", "Our chips run our models best.", "A little more use; less trust.",
        levers=_same("v", "lock_silicon"), where="vendor", hidden=True,
    ),
    OrderForm(
        "F5", "Open the weights", "Anyone may run our models; nobody can switch them off.",
        "Less that could be taken away, more control for buyers; use hardly moves.",
        levers=_same("v", "open_weights"), where="vendor",
    ),
    OrderForm(
        "F6", "Your data", "Your data improve our models.", "Less use of the own stack.",
        levers=_same("v", "data_rights"), where="vendor",
    ),
    OrderForm(
        "F7", "Closeness", "Finance and quick licences, or trust among sceptics.",
        "At none: a little more use of the American stack.",
        levers=(Lever("v", "affiliation"), Lever("v", "relation", -0.5, 0.5)), where="vendor",
    ),
    OrderForm(
        "F8", "Research", "Better next year, dearer now.",
        "None: less use and much lower quality; the most: hardly more than now.",
        levers=(Lever("v", "rnd_share", 0, 0.4),), high=0.4, step=0.05, where="vendor",
    ),
    OrderForm(
        "F9", "Send teams", "Our few people work there first.", "Nothing that showed in the countries tried.",
        form="countries", hidden=True, first=False,
    ),
)  # fmt: skip
BLOC = (
    OrderForm(
        "B1", "Control", "We mind who can switch us off.", "Control and freedom rise a little.",
        levers=_same("c", "sovereignty"), where="member", up=2,
    ),
    OrderForm(
        "B2", "Second source", "A third of each deal to another stack.",
        "Hardly anything that shows: fear asks for second sources anyway.",
        levers=_same("c", "hedge"), step=0.4, where="member", none_label="as fear dictates",
    ),
    OrderForm(
        "B3", "Own champion", "Our own firm gets a discount.",
        "Control and freedom rise; value and the American share fall.",
        levers=_same("c", "champion"), money=0.1, where="member", up=2, down=2,
    ),
    OrderForm(
        "B4", "Leave the club", "We buy alone again.",
        "A club (form A5): use 4 to 6 points lower in nine years, value up to 8 higher, fewer second sources.",
        form="act", up=1, first=False,
    ),
    OrderForm(
        "B5", "Haggle", "We play bidders off against each other; some walk away.", "Hardly anything that shows.",
        levers=_same("c", "bargain"), step=0.5, where="member", first=False,
    ),
    *(
        OrderForm(
            f"B6.{side}", f"Shut out {whose} vendors", f"No {whose} vendor may bid on these layers.", usual,
            form="layers", up=2, down=1, parts=LAYERS, where="member",
        )
        for side, whose, usual in (
            ("cn", "Chinese", "What China sold the United States sells: less balance and less freedom."),
            ("us", "American", "Much more freedom and control, less use; Chinese and independent shares rise."),
        )
    ),
    OrderForm(
        "B7", "First things first", "These layers are tendered first (two at most).", "Little over the years.",
        form="layers", parts=LAYERS, where="member", first=False, down=0,
    ),
    OrderForm(
        "B8", "Strategy office", "We know what we need.", "Use rises a little; without an office it falls.",
        levers=_same("c", "clarity"), money=0.05, where="member", first=False, up=2,
    ),
    OrderForm(
        "B9", "Ribbon-cutting", "Big openings today.", "More openings, less value; it brings political capital.",
        levers=_same("c", "prestige"), step=0.5, up=-1, down=1, where="member", first=False,
    ),
    OrderForm(
        "B10", "Our rules", "Whoever sells here hosts here, lets us test, and lets us leave.",
        "Control and freedom rise; use falls.",
        levers=_same("c", "require_hosting", "require_evaluation", "require_exit"), where="member", up=4,
    ),
    OrderForm(
        "B11", "Skills", "We train people who can run what we buy.", "Use and value rise, most where few are skilled.",
        levers=(Lever("c", "skills"), Lever("c", "require_training", 0, 0.7)), money=0.05, where="member", up=5,
    ),
    OrderForm(
        "B12", "Lean", "Public tenders lean to the United States (above 0) or to China (below).",
        "Towards China: more freedom and balance; towards the United States: less of both.",
        levers=(Lever("c", "leaning", -1, 1),), low=-1, high=1, step=0.5, where="member", first=False, down=4,
    ),
)  # fmt: skip
ALL = (
    OrderForm(
        "W1", "Walk away", "We leave an agreement that stands, pay its penalty, and everybody hears of it.",
        "The other side is free too.", form="act", up=1, where="contract", first=False,
    ),
)  # fmt: skip
GULF = (
    OrderForm(
        "G1", "Co-finance", "Our fund carries a part of others' loans.", "Nothing that the bloc is scored by.",
        levers=_same("gulf_fund", "co_finance"), money=0.5, first=False,
    ),
    OrderForm(
        "G2", "Sell on", "Our hub sells American and Chinese layers on to its peers.",
        "Nothing that the bloc is scored by.", levers=_same("in_gulf_hub", "reexport"), hidden=True, first=False,
    ),
)  # fmt: skip


# Why a price is not what the rule of `pricing` asks; a test holds the others to it.
OFF_RULE = {
    "H3": "What it gains are concessions, which no share shows; at the rule's price it would be the best bargain.",
    "H6": "It is paid in money as well.",
    "H8": "What closed gates gain is safety, which no share shows.",
    "B6.cn": "It moves a large part of what a bloc buys: nothing to be done by the way.",
    "B6.us": "It moves a large part of what a bloc buys: nothing to be done by the way.",
    "B9": "It brings political capital: a ribbon today for idle capacity later.",
    "B11": "It is worth most to nearly every bloc; at the rule's price no turn's income would buy a step.",
}
# Orders of the short list that moved nothing their seat sees by more than the luck of one world, in nine years: they
# stand behind "more orders" there, with this sentence. A test holds the list against `effects.csv`.
QUIET_SENTENCE = "Nothing that you see moved by more than luck in nine years; so it is not on the short list."
QUIET: dict[str, tuple[str, ...]] = {
    "cn": ("H8",),
    "cn_firms": ("F7",),
    "india": ("B1", "B2"),
    **dict.fromkeys(
        ("asean", "east_africa", "south_america", "gulf", "north_africa", "west_africa", "pacific", "central_asia"),
        ("B2",),
    ),
}


@cache
def orders_of(seat: str, seats: tuple[str, ...]) -> dict[str, OrderForm]:
    """Return the orders that a seat may give in a game with these seats, by number.

    While nobody plays the firms of a side, its home may order them, at 1 PC more a step.
    """
    form = SEATS[seat]
    if form.kind == "home":
        forms = HOME + (CHINA_ONLY if form.side == "CN" else ())
        if form.side == "CN":
            forms = tuple(_with_pipes(one) if one.order == "H5" else one for one in forms)
        if f"{seat}_firms" not in seats:
            forms += tuple(replace(one, up=one.up + 1, down=one.down + 1, first=False) for one in FIRMS)
    else:
        forms = FIRMS if form.kind == "firms" else BLOC
    found = {one.order: one for one in (*forms, *(GULF if seat == "gulf" else ()), *ALL)}
    for order in QUIET.get(seat, ()):
        found[order] = replace(found[order], first=False, quiet=True, usual=QUIET_SENTENCE)
    return found


def _with_pipes(form: OrderForm) -> OrderForm:
    return replace(form, options={**form.options, "pipes first": {"g.subsidy.network": 0.3}})


def find_order(seat: str, seats: tuple[str, ...], order: str) -> OrderForm:
    """Return an order of a seat by number. Raises `InputError` that says whose it is, or the nearest."""
    mine = orders_of(seat, seats)
    if order in mine:
        return mine[order]
    everybody = {one.order: one for one in (*HOME, *CHINA_ONLY, *FIRMS, *BLOC, *GULF, *ALL)}
    if order in everybody:
        raise InputError(f"{order} ({everybody[order].title}) is not an order of {SEATS[seat].title}")
    raise unknown("order", order, mine)


__all__ = [
    "AS_NOW",
    "BLOC",
    "CHINA_ONLY",
    "CUT_OFF_LEVERAGE",
    "FIRMS",
    "GULF",
    "HOME",
    "KEPT_OF_PURSE",
    "PC_INCOME",
    "PC_KEPT",
    "Lever",
    "OrderForm",
    "actors_of_order",
    "assignments",
    "buyers",
    "checked",
    "choices",
    "find_order",
    "label",
    "level_of",
    "money",
    "orders_of",
    "places_of",
    "price",
    "steps",
]
