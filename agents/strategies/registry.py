"""Strategies and presets found by name.

Another package adds its own through the entry point group `stackcraft.strategies`; each entry point names a class.
A class, or an instance, may be given wherever a name may.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from functools import cache
from importlib.metadata import entry_points

from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.names import KINDS, SIDES, a_kind
from stackcraft.agents.strategies import cn_presets, financier, home, importer, us_presets, vendor
from stackcraft.agents.strategies.base import Strategy, Traits
from stackcraft.agents.strategies.presets import STATUS_QUO, SidePreset
from stackcraft.agents.strategies.scripted import Fixed, SeatStrategy
from stackcraft.agents.view import readable

ENTRY_POINT_GROUP = "stackcraft.strategies"
ALIASES = {"status-quo": STATUS_QUO}  # presets only

_OWN: tuple[type, ...] = (
    *home.STRATEGIES,
    *financier.STRATEGIES,
    *vendor.STRATEGIES,
    *importer.STRATEGIES,
    *us_presets.PRESETS,
    *cn_presets.PRESETS,
)


def find_strategy(given: str | type[Strategy] | Strategy, kind: str) -> Strategy:
    """The strategy for one kind of actor, from a name, a class or an instance.

    Raises `InputError` with the nearest name if there is none, or if it is for another kind of actor.
    """
    if kind not in KINDS:
        raise unknown("kind of actor", kind, KINDS)
    if isinstance(given, str):
        if given == Fixed.name:
            return Fixed(kind)
        if given not in _strategies(kind):
            raise unknown(f"strategy of {a_kind(kind)}", given, strategy_names(kind))
        return _strategies(kind)[given]()
    strategy = _made(given)
    check_strategy(strategy)
    if strategy.kind != kind:
        raise InputError(f"strategy {strategy.name} is for {a_kind(strategy.kind)}, not for {a_kind(kind)}")
    special = {one.name: one for one in (Fixed, SeatStrategy)}
    _check_own_name(strategy, {**_strategies(kind), **special}, tuple(special.values()))
    return strategy


def find_preset(given: str | type[SidePreset] | SidePreset, side: str) -> SidePreset:
    """The preset for one side, from a name, a class or an instance. Raises `InputError` with the nearest name."""
    if side not in SIDES:
        raise unknown("side", side, SIDES)
    if isinstance(given, str):
        name = ALIASES.get(given, given)
        if name not in _presets(side):
            raise unknown(f"preset of side {side}", given, preset_names(side))
        return _presets(side)[name]()
    preset = _made(given)
    check_preset(preset)
    if preset.side != side:
        raise InputError(f"preset {preset.name} is for side {preset.side}, not for side {side}")
    _check_own_name(preset, {**_presets(side), **{other: _presets(side)[name] for other, name in ALIASES.items()}})
    return preset


def found_by_name(given: str | type | Strategy | SidePreset, kind_or_side: str) -> bool:
    """Return whether the name alone finds it again: not so for a script, a seat or a class that is not registered."""
    if isinstance(given, str):
        return True
    one = given if isinstance(given, type) else type(given)
    known = _presets(kind_or_side) if kind_or_side in SIDES else _strategies(kind_or_side)
    return known.get(given.name) is one and (one is given or not vars(given))


def _made(given: object) -> object:
    """An instance of what is given, a class or an instance."""
    if not isinstance(given, type):
        return given
    try:
        return given()
    except TypeError as error:
        raise InputError(
            f"{given.__name__} cannot be made without more being said ({error}); pass an instance"
        ) from None


def _check_own_name(one: Strategy | SidePreset, known: dict[str, type], families: tuple[type, ...] = ()) -> None:
    """Refuse a name that stands for another strategy: in a file or a snapshot the name is all that is left."""
    other = known.get(one.name)
    if other is None or type(one) is other or (other in families and isinstance(one, other)):
        return
    raise InputError(
        f"{type(one).__name__} is called {one.name!r}, as {other.__module__}.{other.__name__} is; give it another name"
    )


def strategy_names(kind: str) -> tuple[str, ...]:
    """The names of the strategies of one kind of actor: the project's own, then other packages'."""
    return (*_strategies(kind), Fixed.name)


def preset_names(side: str) -> tuple[str, ...]:
    """The names of the presets of one side: the project's own, then other packages'."""
    return tuple(_presets(side))


def every_strategy() -> tuple[Strategy, ...]:
    """One of each strategy, all kinds; seats have to be made for their actors and are left out."""
    return tuple(find_strategy(name, kind) for kind in KINDS for name in strategy_names(kind))


def every_preset() -> tuple[SidePreset, ...]:
    """One of each preset, both sides."""
    return tuple(find_preset(name, side) for side in SIDES for name in preset_names(side))


def check_strategy(strategy: object) -> None:
    """Whether it is a strategy that the engine can use. Raises `InputError` that says what is missing."""
    if not isinstance(strategy, Strategy):
        raise InputError(f"{strategy!r} is not a strategy; derive it from stackcraft.agents.strategies.Strategy")
    _check_texts(strategy, "kind", KINDS)
    _check_traits(strategy, frozenset(readable(strategy.kind)))


def check_preset(preset: object) -> None:
    """Whether it is a preset that the engine can use. Raises `InputError` that says what is missing."""
    if not isinstance(preset, SidePreset):
        raise InputError(f"{preset!r} is not a preset; derive it from stackcraft.agents.strategies.SidePreset")
    _check_texts(preset, "side", SIDES)
    _check_traits(preset, frozenset().union(*(readable(kind) for kind in KINDS[:3])))


def _check_texts(one: Strategy | SidePreset, field: str, options: Iterable[str]) -> None:
    for text in ("name", "title", "story", field):
        if not isinstance(getattr(one, text, None), str):
            raise InputError(f"{type(one).__name__} has no {text}; give it one as a class attribute")
    if getattr(one, field) not in options:
        raise unknown(field, getattr(one, field), options, type(one).__name__)


def _check_traits(one: Strategy | SidePreset, allowed: frozenset[str]) -> None:
    if not isinstance(one.traits, Traits):
        raise InputError(f"{one.name}: traits are {one.traits!r}; give stackcraft.agents.strategies.Traits")
    for name in sorted(one.traits.reads - allowed):
        raise unknown("view field", name, sorted(allowed), f"the traits of {one.name}")


@cache
def _others() -> tuple[type, ...]:
    """Classes that other packages offer. A broken one is refused with its entry point named."""
    found = []
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda point: point.name):
        try:
            one = point.load()
        except Exception as error:  # whatever another package raises while it is imported
            raise InputError(f"entry point {point.name} ({point.value}) could not be loaded: {error}") from None
        if not inspect.isclass(one) or not issubclass(one, (Strategy, SidePreset)):
            raise InputError(f"entry point {point.name} ({point.value}) is not a class of Strategy or SidePreset")
        try:
            (check_strategy if issubclass(one, Strategy) else check_preset)(one())
        except InputError as error:
            raise InputError(f"entry point {point.name} ({point.value}): {error}") from None
        found.append(one)
    return tuple(found)


def _strategies(kind: str) -> dict[str, type[Strategy]]:
    return _by_name(one for one in (*_OWN, *_others()) if issubclass(one, Strategy) and one.kind == kind)


def _presets(side: str) -> dict[str, type[SidePreset]]:
    return _by_name(one for one in (*_OWN, *_others()) if issubclass(one, SidePreset) and one.side == side)


def _by_name(classes: Iterable[type]) -> dict[str, type]:
    result: dict[str, type] = {}
    for one in classes:
        if one.name in result:
            raise InputError(
                f"two strategies are called {one.name!r}: {result[one.name].__module__} and {one.__module__}"
            )
        result[one.name] = one
    return result
