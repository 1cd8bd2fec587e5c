"""Agreements: what may be offered, what it does to the model while it stands, what breaks it, and who judges.

An offer is a clause of one of the forms A1 to A9, carried out by whoever offers, and perhaps another in return, carried
out by the other side. A contract in force is laid on as levers, mostly for the countries it names alone, and as
announced deals. It is broken by its own side's orders, or by what the model records; nobody's opinion decides.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from stackcraft.agents.countries import usual_name
from stackcraft.agents.errors import InputError, shown, unknown
from stackcraft.agents.names import LAYERS
from stackcraft.experiments.wargame.seats import SEATS, SeatForm

SELLER_PAYS, BUYER_PAYS = 0.1, 0.02  # of a package's value, from the purses (judgement)
SIZES = (0.25, 0.5, 1.0)  # of a year's demand, times the layer's usual term
MOST_WORDS = 280
BONDS = (0.5, 5.0)  # bn $
GUARANTEED = 0.9  # the supply bond under a guarantee
CO_BUILT = 0.2  # what a co-build adds to training and to the strategy office
FINANCIER = {"US": "us_dfc", "CN": "cn_exim"}
# Who builds a layer where the offer names nobody.
BUILDERS = {
    "US": dict(
        zip(LAYERS, ("us_network_security_house", "us_chip_house", *["us_silicon_hyperscaler"] * 5), strict=True)
    ),
    "CN": dict.fromkeys(LAYERS, "cn_full_stack_champion"),
}


@dataclass(frozen=True)
class Term:
    """A term of a form. `kind`: countries, layers, number, seat, choice or text."""

    name: str
    title: str
    kind: str
    choices: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    default: Any = None


@dataclass(frozen=True)
class Form:
    """A form of agreement: which kinds of seat may do it, and for which."""

    form: str
    title: str
    sentence: str
    judged_by: str
    by: tuple[str, ...]
    to: tuple[str, ...]
    terms: tuple[Term, ...]


ANY = ("home", "firms", "bloc")
COUNTRIES = Term("countries", "For which countries", "countries")
FORMS: dict[str, Form] = {
    one.form: one
    for one in (
        Form(
            "A1", "Package", "We build layers of the stack in one of your countries.",
            "The ledger: every layer in operation by the end of its last turn.", ("home", "firms"), ("bloc",),
            (
                Term("country", "Where", "countries"),
                Term("layers", "Layers, 1 to 3", "layers"),
                Term("size", "Size, in years' demand", "choice", SIZES, default=0.5),
                Term("financed", "Part financed by our public lender", "number", (), 0, 0.85, 0),
                Term("bond", "Bond against cutting it", "number", (), 0, 1),
                Term("hosting", "Hosted in the country", "number", (), 0, 1),
            ),
        ),
        Form(
            "A2", "Guarantee", "We never cut these countries off; we post a bond.",
            "Broken by a cut-off there, closed gates, or a bond lowered there.", ("home",), ("bloc",), (COUNTRIES,),
        ),
        Form(
            "A3", "Hosting", "We host in these countries and hide the data there from ourselves.",
            "The levers in force.", ("home",), ("bloc",),
            (COUNTRIES, Term("level", "How far", "number", (), 0, 1, 0.8)),
        ),
        Form(
            "A4", "Co-build", "We send trainers and tailor what we sell; you set up a strategy office.",
            "The levers in force.", ("home",), ("bloc",), (COUNTRIES,),
        ),
        Form(
            "A5", "Club", "We buy together with you.", "Both in the club.", ("bloc",), ("bloc",), (),
        ),
        Form(
            "A6", "Compact", "We treat these countries as partners: joint bids, shared standards.",
            "The levers in force.", ("home",), ("bloc",), (COUNTRIES,),
        ),
        Form(
            "A7", "Exclusion", "We shut your rival's vendors out of these layers.", "The levers in force.",
            ("bloc",), ("home", "firms"),
            (COUNTRIES, Term("layers", "Layers, 1 or 2", "layers")),
        ),
        Form(
            "A8", "Transfer", "We pay you.", "The books.", ANY, ANY,
            (
                Term("bn", "How much, bn $", "number", (), 0.01, 20),
                Term("aid", "As aid, seen by everybody", "choice", (False, True), default=False),
            ),
        ),
        Form(
            "A9", "Words", "A promise in words.", "Nobody.", ANY, ANY,
            (Term("text", f"At most {MOST_WORDS} signs", "text"),),
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """What one side does, as form and terms, and perhaps what the other does in return.

    `Offer.package("IDN", ("cloud",), size=0.5, in_return=Offer.exclusion(("chips",)))`. `or_else` is an order of the
    side that offers, carried out by itself if the offer is not accepted in its turn: {"order": "B2", "value": 0.8}.
    """

    form: str
    terms: Mapping[str, Any] = field(default_factory=dict)
    in_return: Offer | None = None
    or_else: Mapping[str, Any] | None = None

    @classmethod
    def package(cls, country: str, layers: tuple[str, ...], size: float = 0.5, **more: Any) -> Offer:
        """Layers built in a country; `financed`, `bond` and `hosting` are shares."""
        return cls._of("A1", {"country": country, "layers": list(layers), "size": size}, more)

    @classmethod
    def guarantee(cls, *countries: str, **more: Any) -> Offer:
        """No cut-off of these countries, or of the whole bloc."""
        return cls._of("A2", {"countries": list(countries)}, more)

    @classmethod
    def hosting(cls, level: float = 0.8, *countries: str, **more: Any) -> Offer:
        """Hosting and hidden data in these countries, or in the whole bloc."""
        return cls._of("A3", {"level": level, "countries": list(countries)}, more)

    @classmethod
    def co_build(cls, *countries: str, **more: Any) -> Offer:
        """Trainers against a strategy office."""
        return cls._of("A4", {"countries": list(countries)}, more)

    @classmethod
    def club(cls, **more: Any) -> Offer:
        """Buying together."""
        return cls._of("A5", {}, more)

    @classmethod
    def compact(cls, *countries: str, **more: Any) -> Offer:
        """A compact with these countries, or with the whole bloc."""
        return cls._of("A6", {"countries": list(countries)}, more)

    @classmethod
    def exclusion(cls, layers: tuple[str, ...], *countries: str, **more: Any) -> Offer:
        """The rival of the other side shut out of these layers."""
        return cls._of("A7", {"layers": list(layers), "countries": list(countries)}, more)

    @classmethod
    def transfer(cls, bn: float, aid: bool = False, **more: Any) -> Offer:
        """Money from purse to purse, bn $."""
        return cls._of("A8", {"bn": bn, "aid": aid}, more)

    @classmethod
    def words(cls, text: str, **more: Any) -> Offer:
        """A promise in words, or a request."""
        return cls._of("A9", {"text": text}, more)

    @classmethod
    def _of(cls, form: str, terms: dict[str, Any], more: dict[str, Any]) -> Offer:
        frame = {name: more.pop(name) for name in ("in_return", "or_else") if name in more}
        return cls(form, {**terms, **more}, **frame)

    def as_dict(self) -> dict[str, Any]:
        """Return the offer as plain values."""
        more = {"in_return": self.in_return and self.in_return.as_dict(), "or_else": self.or_else and {**self.or_else}}
        return {"form": self.form, "terms": dict(self.terms), **{key: one for key, one in more.items() if one}}


# what a clause says


def checked_clause(given: Mapping[str, Any], doer: str, other: str) -> dict[str, Any]:
    """Return a clause {form, terms} with every term checked and filled in. Raises `InputError`."""
    if not isinstance(given, Mapping) or not isinstance(given.get("terms", {}), Mapping):
        raise InputError('an offer is a table such as {"form": "A2", "terms": {"countries": ["IDN"]}}')
    name = given.get("form")
    if name not in FORMS:
        raise unknown("form of agreement", name, FORMS)
    form, terms = FORMS[name], dict(given.get("terms", {}))
    for seat, kinds, does in ((doer, form.by, "offer"), (other, form.to, "be offered")):
        if SEATS[seat].kind not in kinds:
            raise InputError(f"{SEATS[seat].title} cannot {does} {form.title.lower()}; that is for {', '.join(kinds)}")
    known = {term.name: term for term in form.terms}
    for key in terms:
        if key not in known:
            raise unknown(f"term of {form.title.lower()}", key, known)
    buyer = SEATS[doer if SEATS[doer].kind == "bloc" else other]
    checked = {key: _checked_term(form, term, terms.get(key, term.default), buyer) for key, term in known.items()}
    return {"form": name, "terms": {key: value for key, value in checked.items() if value is not None}}


def _checked_term(form: Form, term: Term, value: Any, buyer: SeatForm) -> Any:
    where = f"{form.title}, {term.title.lower()}"
    if term.kind == "countries":
        codes = (
            [value] if isinstance(value, str) else list(value or (() if term.name == "country" else buyer.countries))
        )
        for code in codes:
            if code not in buyer.countries:
                raise InputError(f"{where}: {shown(code)} is not in {buyer.title}; name {', '.join(buyer.countries)}")
        if term.name == "country" and len(codes) != 1:
            raise InputError(f"{where}: name one of {', '.join(buyer.countries)}")
        return codes[0] if term.name == "country" else sorted(set(codes), key=buyer.countries.index)
    if term.kind == "layers":
        most, layers = (3 if form.form == "A1" else 2), [value] if isinstance(value, str) else list(value or ())
        for layer in layers:
            if layer not in LAYERS:
                raise unknown("layer", layer, LAYERS)
        if not 1 <= len(set(layers)) <= most:
            raise InputError(f"{where}: {len(set(layers))} are named; name 1 to {most}")
        return sorted(set(layers), key=LAYERS.index)
    if term.kind == "choice":
        if value not in term.choices:
            raise InputError(f"{where}: {shown(value)} is not on offer; choose {', '.join(map(str, term.choices))}")
        return value
    if term.kind == "text":
        return plain_text(value, MOST_WORDS, where)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not term.low <= value <= term.high:
        raise InputError(f"{where}: {shown(value)} is out of bounds; give {term.low:g} to {term.high:g}")
    return round(float(value), 4)


def plain_text(value: Any, most: int, where: str) -> str:
    """Return a text of at most `most` signs on one line, without signs that cannot be seen. Raises `InputError`."""
    if not isinstance(value, str):
        raise InputError(f"{where}: {shown(value)} is not a text")
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in value).split())
    if len(text) > most:
        raise InputError(f"{where}: {len(text)} signs; write {most} at most")
    return text


def sentence(clause: Mapping[str, Any] | None, doer: str, other: str) -> str | None:
    """What a clause asks of `doer`, in one sentence."""
    if clause is None:
        return None
    named_doer = SEATS[doer].named
    terms, who = clause["terms"], named_doer[0].upper() + named_doer[1:]
    named = terms.get("countries")
    everybody = named is None or len(named) == len(SEATS[doer].countries or SEATS[other].countries)
    buyer = doer if SEATS[doer].countries else other
    whole = "its countries" if buyer == doer else f"the countries of {SEATS[buyer].named}"
    places = f"all {whole}" if everybody else ", ".join(map(usual_name, named))
    none_of = f"any of {whole}" if everybody else places
    layers = ", ".join(terms.get("layers", ()))
    rival = "Chinese" if SEATS[other].side == "US" else "American"
    return {
        "A1": lambda: (
            f"{who} builds {layers} in {usual_name(terms['country'])}, {terms['size']:g} of a year's demand"
            + (f", {terms['financed']:.0%} financed" if terms.get("financed") else "")
        ),
        "A2": lambda: f"{who} never cuts off {none_of}, and posts a bond",
        "A3": lambda: f"{who} hosts in {places} and hides the data, at {terms['level']:g}",
        "A4": lambda: f"{who} sends trainers to {places}, which set up a strategy office",
        "A5": lambda: f"{who} buys together with {SEATS[other].named}",
        "A6": lambda: f"{who} signs a compact with {places}",
        "A7": lambda: f"{who} shuts {rival} vendors out of {layers} in {places}",
        "A8": lambda: f"{who} pays {terms['bn']:g} bn $" + (" as aid" if terms["aid"] else ""),
        "A9": lambda: f"{who} says: {terms['text']}",
    }[clause["form"]]()


# what it costs and does


def package_value(terms: Mapping[str, Any], demand: Mapping[str, list[float]], years: list[float]) -> dict[str, float]:
    """The value of each layer of a package, bn $: its size in years' demand times the layer's usual term."""
    return {
        layer: round(terms["size"] * demand[terms["country"]][LAYERS.index(layer)] * years[LAYERS.index(layer)], 4)
        for layer in terms["layers"]
    }


def costs(clause: Mapping[str, Any] | None, doer: str, other: str, value: float) -> dict[str, float]:
    """What a clause takes from the purses (above 0) or brings them, bn $; `value` is that of its package."""
    if clause is None:
        return {}
    if clause["form"] == "A1":
        return {doer: round(SELLER_PAYS * value, 4), other: round(BUYER_PAYS * value, 4)}
    if clause["form"] == "A8":
        return {doer: clause["terms"]["bn"], other: -clause["terms"]["bn"]}
    return {}


def events(clause: Mapping[str, Any], doer: str, values: Mapping[str, float], year: int) -> list[dict[str, Any]]:
    """The announced deals of a package, in February of its first year; none for other forms."""
    if clause["form"] != "A1":
        return []
    terms, side = clause["terms"], SEATS[doer].side
    finance = {"financier": FINANCIER[side], "financed": terms["financed"]} if terms.get("financed") else {}
    own = {key: terms[name] for key, name in (("supply_bond", "bond"), ("hosting", "hosting")) if name in terms}
    return [
        {"what": "deal", "year": year, "month": 2, "country": terms["country"], "layer": layer,
         "vendor": BUILDERS[side][layer], "value_bn": values[layer], **finance, **own}
        for layer in terms["layers"]
    ]  # fmt: skip


def assignments(clause: Mapping[str, Any], club: int, doer: str, other: str, now: Any) -> list[str]:
    """The levers of a clause in force; `now(seat, order, country)` is where an order stands, `club` a club's number."""
    terms, places = clause["terms"], ",".join(clause["terms"].get("countries", ()))
    home = SEATS[doer].government if SEATS[doer].side else ""
    if clause["form"] == "A2":
        return [f"{home}.supply_bond[{places}]={GUARANTEED}", f"{home}.coerce[{places}]=0"]
    if clause["form"] == "A3":
        return [f"{home}.{name}[{places}]={terms['level']:g}" for name in ("local_hosting", "confidential_computing")]
    if clause["form"] == "A4":
        level = min(1.0, (now(doer, "H7", None) or 0.0) + CO_BUILT)
        offices = [(code, min(1.0, (now(other, "B8", code) or 0.0) + CO_BUILT)) for code in terms["countries"]]
        return [f"{home}.capacity_building[{places}]={level:g}", *(f"{code}.clarity={c:g}" for code, c in offices)]
    if clause["form"] == "A5":
        return [f"{code}.club={club}" for seat in (doer, other) for code in SEATS[seat].countries]
    if clause["form"] == "A6":
        return [f"{home}.compact.{code}=1" for code in terms["countries"]]
    if clause["form"] == "A7":
        lever = f"ban_{'cn' if SEATS[other].side == 'US' else 'us'}"
        return [f"{code}.{lever}.{layer}=1" for code in terms["countries"] for layer in terms["layers"]]
    return []


# what breaks it


def broken_by(clause: Mapping[str, Any] | None, other: str, order: Mapping[str, Any], now: Any) -> bool:
    """Whether an order of the clause's own side breaks it; `now` is where the order stands."""
    if clause is None:
        return False
    form, terms, given, value, where = clause["form"], clause["terms"], order["order"], order["value"], order["where"]
    inside = where is not None and where in terms.get("countries", ())
    lowered = value is not None and now is not None and not isinstance(value, (str, list)) and value < now
    if form == "A2":
        raised = inside and given == "H3" and (value or 0) > 0
        return raised or (given == "H10" and inside) or (given == "H8" and value == "closed") or (
            inside and given == "H1" and (value is None or value < GUARANTEED))  # fmt: skip
    if form == "A3":
        return inside and given == "H2" and (value is None or value < terms["level"])
    if form == "A4":
        return inside and given in ("H7", "B8") and lowered
    if form == "A5":
        return given == "B4"
    if form == "A7":
        rival = "B6.cn" if SEATS[other].side == "US" else "B6.us"
        mine = where is None or inside
        return given == rival and mine and bool(set(terms["layers"]) & set(now or ()) - set(value or ()))
    return False


def clubs(pairs: Mapping[int, tuple[str, str]]) -> dict[int, int]:
    """Return the club of each contract of form A5, given its two seats: clubs that share a seat are one.

    A club has the number of its oldest contract.
    """
    found: dict[int, int] = {}
    for number, seats in sorted(pairs.items()):
        joined = {found[other] for other in found if set(pairs[other]) & set(seats)}
        club = min(joined, default=number)
        found = {other: club if one in joined else one for other, one in found.items()} | {number: club}
    return found
