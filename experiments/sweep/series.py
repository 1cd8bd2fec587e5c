"""What a study keeps: each measure is one number a run and year, written as text.

    installed[US]                  installed share of the US stack, averaged over countries and layers
    installed[KEN, cloud, US]      the same in Kenya's cloud layer
    world_installed[gdp, cloud, US]
    so_far(tenders_won[US])        a flow added up from the first year on
    payoff[US]                     what the years so far are worth to a home
    retention[US]                  an indicator (see `stackcraft.model.indicators`) of the years so far
    reading(US chance, allies)     an indicator by its name in words

Names in brackets choose along the measure's dimensions. Countries, layers, vendors, financiers, income groups and
terciles may be left out: flows are then summed and stocks averaged over them. A stack, home, channel or weighting must
be chosen. A user's own measures are written the same way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from stackcraft.agents.errors import InputError, nearest, unknown
from stackcraft.agents.names import BELIEF_CHANNELS, FINANCIERS, HOMES, INCOME_GROUPS, LAYERS, STACKS, VENDORS, WEIGHTS
from stackcraft.agents.renamed import MEASURES, name_of_today
from stackcraft.model.indicators import INDICATORS, Indicator, Records
from stackcraft.model.indicators import LABELS as PLACES
from stackcraft.model.measures import TABLE

LABELS: dict[str, tuple[str, ...]] = {
    "layer": LAYERS,
    "stack": STACKS,
    "vendor": VENDORS,
    "home": HOMES,
    "financier": FINANCIERS,
    "channel": BELIEF_CHANNELS,
    "income_group": INCOME_GROUPS,
    "weight": WEIGHTS,
    "tercile": ("low", "middle", "high"),
}
MAY_BE_LEFT_OUT = ("country", "layer", "vendor", "financier", "income_group", "tercile")
PAYOFF = "payoff"
NOT_KEPT = ("operation_months",)
FORM = re.compile(r"^(?:(so_far|reading)\s*\((.*)\)|([^()]*))$", re.DOTALL)
PLAIN = re.compile(r"^\s*([A-Za-z_]\w*)\s*(?:\[(.*)\])?\s*$", re.DOTALL)


@dataclass(frozen=True)
class Series:
    """One measure of a study.

    It says which yearbook column or reading is taken, which places along its dimensions, and whether years are added
    up.
    """

    text: str
    source: str
    places: tuple[tuple[str, int], ...] = ()
    so_far: bool = False
    kind: str = "book"  # book, payoff, reading or own
    unit: str = ""
    sentence: str = ""

    def values(self, simulation: Any, rows: Sequence[int]) -> np.ndarray:
        """One number a run and kept year, (runs, len(rows)); `rows` count years from the first January on.

        Runs are taken one by one: sums over arrays of another shape may differ in the last bit, and a run has to give
        the same number in any batch.
        """
        rows = np.asarray(rows)
        result = np.empty((simulation.runs, len(rows)))
        if self.kind in ("payoff", "reading"):
            one_run = self._payoff if self.kind == "payoff" else self._reading
            for run in range(simulation.runs):
                result[run] = one_run(simulation, run, rows)
            return result
        if self.kind == "own":
            dims, array, attributes = simulation.own_measures()[self.source]
            flow = bool(attributes["flow"])
        else:
            one = TABLE[self.source]
            dims, flow, array = one.dims, one.flow, simulation.world.book[self.source]
        sizes = {"country": len(simulation.inputs.iso3), "vendor": len(VENDORS)}  # the loop has more places than these
        for run in range(simulation.runs):
            result[run] = self._reduced(array[run] if self.so_far else array[run, rows], dims, flow, sizes, rows)
        return result

    def _reduced(
        self, array: np.ndarray, dims: Sequence[str], flow: bool, sizes: dict[str, int], rows: np.ndarray
    ) -> np.ndarray:
        """(kept years,) from one run's (years, *dims)."""
        chosen = dict(self.places)
        for axis in range(len(dims), 0, -1):  # from the last axis, so that the earlier ones stay in place
            dim = dims[axis - 1]
            if dim in chosen:
                array = array.take(chosen[dim], axis=axis)
                continue
            size = sizes.get(dim, array.shape[axis])
            array = array.take(range(size), axis=axis) if size < array.shape[axis] else array
            array = array.sum(axis=axis, dtype=float) if flow else array.mean(axis=axis, dtype=float)
        return array.cumsum(dtype=float)[rows] if self.so_far else array

    def _payoff(self, simulation: Any, run: int, rows: np.ndarray) -> np.ndarray:
        from stackcraft.model.payoff import payoff

        book, home = simulation.world.book[run : run + 1], dict(self.places)["home"]
        return np.array([payoff(book[:, : row + 1])[0, home] for row in rows])

    def _reading(self, simulation: Any, run: int, rows: np.ndarray) -> np.ndarray:
        from stackcraft.experiments.readings import READINGS

        # A reading looks at the years after the first January.
        records = (Records.of_simulation(simulation, int(row) + 1, run) for row in rows)
        return np.array(
            [READINGS[self.source](one)[0] if row else np.nan for row, one in zip(rows, records, strict=True)]
        )


def parse(text: Any, iso3: Sequence[str], own: Sequence[Any] = ()) -> Series:
    """Return the series that `text` names in a world of the countries `iso3`.

    `own` are the user's measures. Raises `InputError`.
    """
    if not isinstance(text, str) or not (found := FORM.match(text.strip())):
        raise InputError(f'{text!r} names no measure; write one such as "installed[cloud, US]"')
    wrapper, inside, plain = found.groups()
    if wrapper == "reading":
        return _parse_reading(text, inside.strip())
    match = PLAIN.match(inside if wrapper else plain)
    if not match:
        raise InputError(f'{text!r} names no measure; write one such as "installed[cloud, US]"')
    name, labels = (
        name_of_today(match[1], MEASURES),
        [label.strip() for label in match[2].split(",")] if match[2] else [],
    )
    mine = {one.name: one for one in own}
    options = [*(key for key in TABLE if key not in NOT_KEPT), PAYOFF, *mine]
    if name in INDICATORS and name not in options and not wrapper:
        return _parse_indicator(text, INDICATORS[name], labels)
    if name not in options:
        raise unknown("measure", name, [*options, *INDICATORS])
    if name == PAYOFF:
        one, kind, dims, unit, flow = None, "payoff", ("home",), "bn$", False
    elif name in mine:
        one, kind, dims, unit, flow = mine[name], "own", mine[name].dims, mine[name].unit, mine[name].flow
    else:
        one, kind, dims, unit, flow = TABLE[name], "book", TABLE[name].dims, TABLE[name].unit, TABLE[name].flow
    places: dict[str, int] = {}
    for label in labels:
        dim, place = _place(label, [dim for dim in dims if dim not in places], iso3, text)
        places[dim] = place
    missing = [dim for dim in dims if dim not in places and dim not in MAY_BE_LEFT_OUT]
    if missing:
        options = ", ".join(LABELS[missing[0]])
        raise InputError(f"measure {text!r}: choose a {missing[0]} ({options}), as in {name}[{LABELS[missing[0]][0]}]")
    if wrapper and not flow:
        raise InputError(f"measure {text!r}: {name} is a stock, which does not add up over the years; leave out so_far")
    sentence = one.sentence if one else "payoff of a home so far, by the payoff prices"
    return Series(text.strip(), name, tuple(sorted(places.items())), wrapper == "so_far", kind, unit, sentence)


def _parse_indicator(text: str, indicator: Indicator, labels: Sequence[str]) -> Series:
    """An indicator at one of its places, such as retention[US]."""
    places = PLACES[indicator.over]
    by_label = {place.casefold(): place for place in places}
    if len(labels) != bool(indicator.over) or (labels and labels[0].casefold() not in by_label):
        example = f"{indicator.name}[{places[0]}]" if indicator.over else indicator.name
        raise InputError(
            f"measure {text!r}: give one of {', '.join(places)}, as in {example}"
            if indicator.over
            else f"measure {text!r}: {indicator.name} has one number a run; write it without brackets"
        )
    return _parse_reading(text, indicator.phrase.format(*(by_label[label.casefold()] for label in labels)))


def _parse_reading(text: str, name: str) -> Series:
    from stackcraft.experiments.readings import READINGS

    if name not in READINGS:
        raise unknown("reading", name, READINGS)
    one = READINGS[name]
    return Series(text.strip(), name, kind="reading", unit=one.unit, sentence=one.sentence)


def _place(label: str, dims: Sequence[str], iso3: Sequence[str], text: str) -> tuple[str, int]:
    """The dimension and place that a label names among the dimensions not chosen yet."""
    wanted = label.casefold()
    for dim in dims:
        options = list(iso3) if dim == "country" else list(LABELS[dim])
        names = [option.casefold() for option in options]
        if dim == "home" and wanted in ("us", "cn"):
            return dim, ("us", "cn").index(wanted)
        if wanted in names:
            return dim, names.index(wanted)
    options = [option for dim in dims for option in (iso3 if dim == "country" else LABELS[dim])]
    if not options:
        raise InputError(f"measure {text!r}: {label!r} is one name too many")
    raise InputError(
        f"measure {text!r}: {label!r} is none of its {', '.join(dims)} names; did you mean {nearest(label, options)}?"
    )
