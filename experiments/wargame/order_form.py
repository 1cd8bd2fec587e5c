"""The form of an order, and all that follows from it alone: what is legal, what it costs, what it does, its words."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from stackcraft.agents.errors import InputError, shown, unknown
from stackcraft.agents.names import IMPORTERS, LAYERS
from stackcraft.experiments.wargame.seats import SeatForm

MOST_COUNTRIES = 3  # that an order to send teams may name
NEAR = 0.1  # of a step: a mark as near as this to where an order stands is not worth a step
TEAM_SHARE = 0.2  # of the teams, to each country named
AS_NOW = "as before"


@dataclass(frozen=True)
class Lever:
    """A lever that an order moves: the actor ("g", "v" or "c": see `_actors`), from its value at the order's low end
    to that at its high end. `by_country`: it may differ for one buyer.
    """

    actor: str
    name: str
    low: float = 0.0
    high: float = 1.0
    by_country: bool = False


@dataclass(frozen=True)
class OrderForm:
    """One order. `form` says what its value is.

    level: a number from `low` to `high`, `step` by step (None where `none_label` says what that means); choice: a key
    of `options`; layers: a list of layers; switch: 0 or 1; countries: up to three; act: done once, to `where`.
    `up` and `down` are PC a step (a layer, a change); `money` bn $ a year a step above the start, from the purse.
    `where` says whom an order may name: a country that buys, a member of the bloc, a vendor, or nobody.
    """

    order: str
    title: str
    sentence: str
    usual: str
    form: str = "level"
    levers: tuple[Lever, ...] = ()
    low: float = 0.0
    high: float = 1.0
    step: float = 0.25
    up: int = 1
    down: int = 1
    money: float = 0.0
    options: dict[str, dict[str, Any]] = field(default_factory=dict)
    where: str | None = None
    parts: tuple[str, ...] = ()
    none_label: str | None = None
    hidden: bool = False
    first: bool = True  # shown at once; the others behind "more orders"
    quiet: bool = False  # measured, and nothing that its seat sees moved by more than luck

    @property
    def group(self) -> str:
        """The order's number without what follows the dot."""
        return self.order.partition(".")[0]


# values


def checked(form: OrderForm, seat: SeatForm, value: Any, where: str | None, part: str | None) -> Any:
    """Return an order's value as it is kept; None ends an exception, or is what `none_label` says.

    Raises `InputError`, one sentence with the way out.
    """
    _check_place(form, seat, where, part)
    if form.form == "act":
        return True
    if value is None and (form.none_label or (where and form.where == "buyer")):
        return None
    if form.form == "choice":
        if value not in (*form.options, AS_NOW):
            raise InputError(f"{form.order}: {shown(value)} is not on offer; choose {', '.join(form.options)}")
        return value
    if form.form in ("layers", "countries"):
        return _checked_list(form, value)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not form.low <= value <= form.high:
        raise InputError(f"{form.order}: {shown(value)} is out of bounds; give {form.low:g} to {form.high:g}")
    if form.form == "switch" and value not in (0, 1):
        raise InputError(f"{form.order}: {shown(value)} is neither 0 nor 1")
    return round(float(value), 4)


def _check_place(form: OrderForm, seat: SeatForm, where: str | None, part: str | None) -> None:
    places = places_of(form, seat)
    if form.where == "contract" and where is not None:
        return  # which contracts stand is the game's to know
    if where is not None and where not in places:
        raise InputError(f"{form.order}: {shown(where)} cannot be named; {_one_of(places)}")
    if form.form == "act" and form.where and where is None:
        raise InputError(
            f"{form.order} ({form.title}) needs {'a contract' if form.where == 'contract' else 'a country'}; name one"
        )
    if part is not None and (form.form != "level" or part not in form.parts):
        raise InputError(f"{form.order}: {shown(part)} cannot be named; {_one_of(form.parts)}")


def _one_of(names: tuple[str, ...]) -> str:
    few = ", ".join(names) if len(names) <= 15 else "a country by its code, such as IDN"
    return f"name {few}" if names else "this order holds for all"


def _checked_list(form: OrderForm, value: Any) -> list[str]:
    items = [value] if isinstance(value, str) else value
    allowed, most = (LAYERS, 2 if form.order == "B7" else len(LAYERS)) if form.form == "layers" else (
        buyers(), MOST_COUNTRIES)  # fmt: skip
    if not isinstance(items, (list, tuple)) or not all(isinstance(one, str) for one in items):
        raise InputError(f"{form.order}: {shown(value)} is not a list of names")
    for one in items:
        if one not in allowed:
            raise unknown(form.form[:-1] if form.form == "layers" else "country", one, allowed)
    if len(set(items)) > most:
        raise InputError(f"{form.order}: {len(set(items))} are named; name {most} at most")
    return sorted(set(items), key=allowed.index)


def buyers() -> tuple[str, ...]:
    """The countries that may be named: every importing country of the world."""
    return IMPORTERS


def places_of(form: OrderForm, seat: SeatForm) -> tuple[str, ...]:
    """Whom an order may name: buyers, the bloc's members, the side's vendors, or nobody."""
    return {"buyer": buyers(), "member": seat.countries, "vendor": seat.vendors}.get(form.where or "", ())


# prices


def steps(form: OrderForm, now: Any, new: Any) -> int:
    """How many steps up (above 0) or down a change is; parts of a step count whole, but for a last tenth of one.

    So the way from a level between two marks to the next mark is one step, and `choices` offers marks only.
    """
    if form.form in ("act", "choice", "countries"):
        return int(form.form == "act" or now != new)
    if (now is None) or (new is None):
        return int(now != new)
    number = (float(new) - float(now)) / form.step
    return int(math.copysign(max(1, math.ceil(abs(number) - NEAR - 1e-6)), number)) if abs(number) > 1e-6 else 0


def price(form: OrderForm, now: Any, new: Any, where: str | None = None) -> int:
    """Political capital that a change costs (below 0: it brings some); for one country or vendor half, at least 1."""
    if form.form == "layers":
        added, lifted = len(set(new or ()) - set(now or ())), len(set(now or ()) - set(new or ()))
        cost = min(added, 1) * form.up if form.order == "B7" else added * form.up + lifted * form.down
    else:
        number = steps(form, now, new)
        cost = number * form.up if number >= 0 else -number * form.down
    return math.ceil(cost / 2) if where and form.form != "act" and cost > 0 else cost


def money(form: OrderForm, start: Any, value: Any, share: float = 1.0) -> float:
    """What an order in force costs the purse, bn $ a year: by the step above the start; `share` for one member."""
    if not form.money or value is None:
        return 0.0
    return form.money * max(0, steps(form, start or 0.0, value)) * share


# what an order does


def assignments(
    form: OrderForm, seat: SeatForm, value: Any, where: str | None = None, part: str | None = None, start: Any = None
) -> list[str]:
    """Return an order in force as the model's assignments, such as "us_government.supply_bond[IDN]=0.9".

    `start` is where the order stood before anybody gave it; layers shut out then are opened if they are not named.
    """
    if form.form == "act":
        return []
    if form.form == "choice":
        return [f"{_actor(seat, name)}={number:g}" for name, number in form.options.get(value, {}).items()]
    actors = [where] if where and form.where != "buyer" else None
    if form.order == "F9":
        return _teams(seat, value, actors)
    if form.form == "layers":
        return _of_layers(form, actors or list(seat.countries), value or [], start or [])
    texts = []
    for lever in form.levers:
        if where and form.where == "buyer" and not lever.by_country:
            continue
        name = f"{lever.name}{'.' + part if part else ''}{f'[{where}]' if where and form.where == 'buyer' else ''}"
        shown_value = "none" if value is None else f"{_between(form, lever, value):g}"
        texts += [f"{actor}.{name}={shown_value}" for actor in actors or _actors(seat, lever.actor)]
    return texts


def _between(form: OrderForm, lever: Lever, value: float) -> float:
    share = (value - form.low) / (form.high - form.low)
    return round(lever.low + share * (lever.high - lever.low), 6)


def level_of(form: OrderForm, lever_value: float) -> float | None:
    """Return the order's level at which its first lever has this value; None for NaN."""
    if math.isnan(lever_value):
        return None
    lever = form.levers[0]
    share = (lever_value - lever.low) / (lever.high - lever.low)
    return round(form.low + min(max(share, 0.0), 1.0) * (form.high - form.low), 4)


def _actors(seat: SeatForm, symbol: str) -> tuple[str, ...]:
    """The actors behind "g" (the government), "v" (the vendors), "c" (the bloc's members) or a name."""
    return {"g": (seat.government if seat.side else "",), "v": seat.vendors, "c": seat.countries}.get(symbol, (symbol,))


def actors_of_order(form: OrderForm, seat: SeatForm) -> tuple[str, ...]:
    """The actors whose levers an order moves, as far as its form says."""
    if form.levers:
        return _actors(seat, form.levers[0].actor)
    return seat.countries if form.form == "layers" else ()


def _actor(seat: SeatForm, target: str) -> str:
    symbol, _, rest = target.partition(".")
    return f"{_actors(seat, symbol)[0]}.{rest}"


def _teams(seat: SeatForm, value: list[str], actors: list[str] | None) -> list[str]:
    vendors = actors or seat.vendors
    return [f"{vendor}.teams.{country}={TEAM_SHARE}" for vendor in vendors for country in value or ()]


def _of_layers(form: OrderForm, actors: list[str], value: list[str], start: list[str]) -> list[str]:
    if form.order == "B7":
        share = {1: 0.4, 2: 0.3}.get(len(value), 0.0)
        return [f"{actor}.layer_priority.{layer}={share}" for actor in actors for layer in value]
    lever = f"ban_{form.order.partition('.')[2]}"
    changed = {layer: int(layer in value) for layer in LAYERS if layer in value or layer in start}
    return [f"{actor}.{lever}.{layer}={shut}" for actor in actors for layer, shut in changed.items()]


# words


def label(form: OrderForm, value: Any) -> str:
    """An order's value as a reader sees it."""
    if value is None:
        return form.none_label or (AS_NOW if form.form == "choice" else "as everywhere")
    if form.form == "act":
        return "done"
    if form.form == "switch":
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(value) or "none"
    return value if isinstance(value, str) else f"{round(value, 2):g}"


def choices(form: OrderForm, now: Any, where: str | None = None) -> list[dict[str, Any]]:
    """The values a reader may pick, with their price: where a level stands, and every mark between its bounds.

    Marks are whole steps from the lower bound, so a level that began between two of them (0.54) goes to 0.75 or 0.5.
    """
    if form.form == "choice":
        values: list[Any] = [*form.options, AS_NOW]
    elif form.form == "switch":
        values = [0, 1]
    elif form.form == "level":
        count = math.ceil((form.high - form.low) / form.step - 1e-6)
        marks = {round(min(form.low + k * form.step, form.high), 4) for k in range(count + 1)}
        if now is not None:
            marks = {one for one in marks if abs(one - now) > NEAR * form.step + 1e-6} | {now}
        values = [*([None] if form.none_label else []), *sorted(marks)]
    else:
        return []
    return [{"value": one, "label": label(form, one), "pc": price(form, now, one, where)} for one in values]
