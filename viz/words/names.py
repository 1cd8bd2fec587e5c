"""The names of stacks, homes, layers, weightings, financiers and vendors as people read them.

Each of the tables here is read when it is asked, in the language that is spoken then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stackcraft.agents.names import LAYERS, STACKS, WEIGHTS
from stackcraft.viz.words.catalogue import text
from stackcraft.viz.words.declared import said
from stackcraft.viz.words.numbers import capital


class Titles(Mapping[str, str]):
    """Titles by name, each the string `<page>.<start>_<name>` of the catalogue."""

    def __init__(self, start: str, names: tuple[str, ...], page: str = "titles") -> None:
        self.start, self.names, self.page = start, names, page

    def __getitem__(self, name: str) -> str:
        if name not in self.names:
            raise KeyError(name)
        return text(f"{self.page}.{self.start}_{name}")

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


STACK_TITLES = Titles("stack", STACKS)
STACK_SHORT = Titles("short", STACKS)
HOME_TITLES = Titles("home", ("US", "CN"))
LAYER_TITLES = Titles("layer", ("all", *LAYERS))
# Groups of countries, as `stackcraft.model.groups` defines them.
GROUP_TITLES = Titles("group", ("low", "lower_middle", "upper_middle", "high", "us", "cn", "both", "neither", "treaty"))
WEIGHT_TITLES = Titles("weight", ("country", "low_income", "population", "gdp", "capability"))
WHERE = Titles("where", tuple(WEIGHT_TITLES))
FINANCIER_TITLES = Titles(
    "financier", ("us_exim", "us_dfc", "cn_development_bank", "cn_exim", "private_capital", "gulf_fund")
)
VENDOR_SIDES = ("us", "cn", "in")
assert set(WEIGHT_TITLES) >= set(WEIGHTS)


def layer_title(layer: str) -> str:
    """Return the title of a layer; a name without one is read out."""
    return LAYER_TITLES.get(layer, capital(layer.replace("_", " ")))


def vendor_title(vendor: str, titles: Mapping[str, str] | None = None) -> str:
    """Return the side and the title of a vendor, or its name read out: "us_chip_house" -> "US chip house"."""
    side, _, rest = vendor.partition("_")
    title = said((titles or {}).get(vendor, rest.replace("_", " ")))
    if title[1:2].islower():
        title = title[:1].lower() + title[1:]
    return (
        text(f"titles.vendor_{side}", title=title).strip()
        if side in VENDOR_SIDES
        else title or vendor.replace("_", " ")
    )


def verb(stack: str) -> str:
    """Return the form of a sentence whose subject is that stack: `one`, or `many` for independent vendors."""
    return "many" if stack == "independent" else "one"
