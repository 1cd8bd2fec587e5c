"""What is read from a run when claims and levers are tried: every indicator at every place, by its name in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stackcraft.model.indicators import INDICATORS, LABELS, Indicator, Records


@dataclass(frozen=True)
class Reading:
    """An indicator at a place (a stack, a vendor, ...; None: the world): "US retained five years on"."""

    indicator: Indicator
    place: int | None

    @property
    def unit(self) -> str:
        return self.indicator.unit

    @property
    def sentence(self) -> str:
        return self.indicator.sentence

    def __call__(self, records: Records) -> np.ndarray:
        """Return one number a run, (runs,); NaN where there is nothing to read."""
        return self.indicator(records, self.place)


READINGS: dict[str, Reading] = {
    one.phrase.format(label): Reading(one, place if one.over else None)
    for one in INDICATORS.values()
    for place, label in enumerate(LABELS[one.over])
}
