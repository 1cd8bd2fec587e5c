"""One class for every declaration: levers and parameters alike.

A declaration is written once; command line, scenario files, sweeps, sliders, documentation and checks read it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from stackcraft.agents import names
from stackcraft.agents.errors import InputError, shown, unknown
from stackcraft.agents.trials import Trial

EXCEPTIONS = "_in"  # "supply_bond_in": what stands in place of the lever in some countries

AXES: dict[str, tuple[str, ...]] = {
    "layer": names.LAYERS,
    "stack": names.STACKS,
    "home": names.HOMES,
    "side": names.SIDES,
    "financier": names.FINANCIERS,
    "instrument": names.INSTRUMENTS,
    "vendor": names.VENDORS,
    "deal_class": names.DEAL_CLASSES,
    "sector": names.SECTORS,
    "channel": names.BELIEF_CHANNELS,
    "income_group": names.INCOME_GROUPS,
    "use_mix": names.USE_MIX,
    "mode": names.MODES,
    "site_class": names.SITE_CLASSES,
    "tier": names.TIERS,
    "country": (),
}


def parts_of_shape(shape: str) -> dict[str, tuple[str, ...]]:
    """Return the names along each axis of `shape`, such as "layer" or "layer x stack"; empty for "scalar".

    The countries depend on the world at hand, so the axis "country" has no names here.
    """
    if shape == "scalar":
        return {}
    result = {}
    for axis in shape.split(" x "):
        if axis not in AXES:
            raise unknown("axis", axis, AXES, f"shape {shape!r}")
        # An axis may come twice, as in a matrix of layers by layers.
        result[axis if axis not in result else f"{axis} (second)"] = AXES[axis]
    return result


@dataclass(frozen=True, kw_only=True)
class Declaration:
    """One lever or one parameter.

    `shape` is "scalar", the name of an axis ("layer", "country", ...) or several joined by " x ". `default` is a
    number, or a nested list of that shape, or None where `none_means` says what leaving it open means; `default_by`
    gives other defaults by actor, and `facts` names the column of the country facts that gives it where there is one.
    Parts of a `simplex` are shares that sum to 1: the name of the lever itself for an array, or a common name for
    scalar levers that share one simplex. `whole` numbers take no fraction. `hidden` levers are not shown to the rival.
    A lever `by_country` is a promise or a term that may differ for some countries: `exceptions_of` names the field of
    the same lever by country, in which NaN stands for the general value.
    `title` is what people read, `section` where a lever stands among those of its kind, `metric` what a user sees
    move; `trial` shows the `upside` and the `downside`. `claims` are the rows of the policy debate that it carries.
    `source` says where the default comes from; `judgement` marks it as a judgement, but for the `sourced` parts. `low`
    and `high` bound what may be set; `plausible` are the lowest and the highest value that would be believed, each a
    number or of the default's shape, from which studies of uncertainty draw, and `reason` says why.
    """

    name: str
    unit: str
    low: float
    high: float
    default: Any
    sentence: str
    source: str
    judgement: bool
    plausible: tuple[Any, Any] | None = None
    reason: str = ""
    sourced: tuple[str, ...] = ()
    title: str = ""
    section: str = ""
    shape: str = "scalar"
    acts_on: str = ""
    upside: str = ""
    downside: str = ""
    trial: Trial | None = None
    claims: tuple[str, ...] = ()
    metric: str = ""
    default_by: dict[str, Any] = field(default_factory=dict)
    none_means: str = ""
    simplex: str = ""
    whole: bool = False
    facts: str = ""
    hidden: bool = False
    by_country: bool = False
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.isidentifier():
            raise ValueError(f"{self.name!r} is not a name for a declaration")
        if not self.low <= self.high:
            raise ValueError(f"{self.name}: low {self.low} is above high {self.high}")
        for value in (self.default, *self.default_by.values()):
            self.check(value, self.name)

    @property
    def exceptions_of(self) -> str:
        """The field that holds the lever's exceptions by country; empty for a lever that takes none."""
        return self.name + EXCEPTIONS if self.by_country else ""

    def check(self, value: Any, where: str = "") -> np.ndarray:
        """`value` as floats, `none` as NaN. Raises `InputError` if it is not a number or out of bounds.

        A value of any shape is taken; whether it fits is the caller's to know.
        """
        where = where or self.name
        if value is None:
            if not self.none_means:
                raise InputError(f"{where} cannot be none; give a number from {self.bounds}")
            return np.array(np.nan)
        try:
            array = np.asarray(value, dtype=float)
        except (TypeError, ValueError, OverflowError):
            raise InputError(f"{where}={shown(value)} is not a number; give one from {self.bounds}") from None
        missing = np.isnan(array)
        if missing.any() and not self.none_means:
            raise InputError(f"{where} cannot be nan; give a number from {self.bounds}")
        bad = ~missing & ~((array >= self.low) & (array <= self.high))
        if bad.any():
            raise InputError(f"{where}={float(array[bad].flat[0]):g} is out of bounds; give {self.bounds}")
        if self.whole:
            broken = ~missing & (array != np.floor(array))
            if broken.any():
                raise InputError(f"{where}={float(array[broken].flat[0]):g} must be whole; give {self.bounds}")
        return array

    @property
    def bounds(self) -> str:
        """The bounds in words, with the unit: "0 to 50 bn$/year"."""
        text = self.unit if self.unit == "0 or 1" else f"{self.low:g} to {self.high:g}"
        if self.unit and self.unit not in ("share", "0-1", "0 or 1", "-1 to 1"):
            text += f" {self.unit}"
        return f"{text} or none" if self.none_means else text

    def range(self, index: tuple[int, ...] = ()) -> tuple[float, float]:
        """Lowest and highest plausible value of the part at `index`, or over all parts; the bounds without any."""
        low, high = (np.asarray(end, float) for end in self.plausible or (self.low, self.high))
        return float((low[index] if low.ndim else low).min()), float((high[index] if high.ndim else high).max())

    def implausible(self, value: Any, index: tuple[int, ...] = ()) -> str:
        """A note on a value that may be set and would not be believed; "" if it would, or if no range is declared."""
        if self.plausible is None or value is None:
            return ""
        value = np.asarray(value, float)
        low, high = (np.broadcast_to(np.asarray(end, float), np.shape(self.default))[index] for end in self.plausible)
        usual = np.asarray(self.default, float)[index]
        if np.all(((low <= value) & (value <= high)) | (value == usual)):
            return ""
        return f"{self.name} is outside what is thought plausible ({self.range_words}): {self.reason}"

    @property
    def range_words(self) -> str:
        """The plausible range in words: "0.8 to 2.4"; of parts that differ, each after the other; "" without one."""
        if self.plausible is None:
            return ""
        low, high = (np.broadcast_to(end, np.shape(self.default)).ravel() for end in self.plausible)
        spans = [f"{a:.4g} to {b:.4g}" if a < b else f"{a:.4g}" for a, b in zip(low, high, strict=True)]
        if len(set(spans)) == 1:
            return spans[0] if low[0] < high[0] else "not drawn"
        if all(a == b for a, b in zip(low, high, strict=True)):
            return "not drawn"
        return ", ".join(spans) if len(spans) <= 10 else "around each part's default"

    @property
    def parts(self) -> dict[str, tuple[str, ...]]:
        """The names along each axis; see `parts_of_shape`."""
        return parts_of_shape(self.shape)


def lever(
    names: tuple[str, str, str],
    sentence: str,
    *,
    bounds: tuple[float, float, str] = (0, 1, "0-1"),
    shares_of: str = "",
    upside: tuple[str, str],
    downside: tuple[str, str],
    trial: Mapping[str, Any],
    **rest: Any,
) -> Declaration:
    """Return the declaration of a lever.

    `names` are the lever's name, its section and its title; `bounds` the lowest and the highest value, and the unit.
    A lever of `shares_of` an axis holds shares that sum to 1. `upside` and `downside` are what it brings and costs,
    and the reading that shows it after the direction in which it moves: ("wins", "+US chance"). `trial` names whose
    lever is moved (`who`), from one bound to the other unless it says `between` or `low` and `high`; the rest is
    `Trial`'s. Everything else is the declaration's.
    """
    name, section, title = names
    if shares_of:
        bounds, rest = (0, 1, "share"), {"shape": shares_of, "simplex": name, **rest}
    low, high, unit = bounds
    details = {"between": (low, high), "part": "", **trial}
    who, between = details.pop("who"), details.pop("between")
    moved = ".".join(filter(None, (who, name, details["part"])))
    details = {side: (f"{moved}={value}",) for side, value in zip(("low", "high"), between, strict=True)} | details
    for side, (_, reading) in (("gain", upside), ("cost", downside)):
        details[side] = (reading[1:], {"+": 1, "-": -1}[reading[0]])
    rest = {"judgement": True, "upside": upside[0], "downside": downside[0], "trial": Trial(**details), **rest}
    return Declaration(
        name=name, section=section, title=title, sentence=sentence, low=low, high=high, unit=unit, **rest
    )
