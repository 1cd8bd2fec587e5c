"""The names of stacks, homes, layers, weightings, financiers and vendors as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from stackcraft.viz.words.numbers import capital

STACK_TITLES = {"US": "the US stack", "CN": "the Chinese stack", "independent": "independent vendors"}
STACK_SHORT = {"US": "US", "CN": "China", "independent": "Independent"}
HOME_TITLES = ("the United States", "China")
LAYER_TITLES = {
    "all": "All layers",
    "network": "Network",
    "chips": "Chips",
    "cloud": "Cloud",
    "data": "Data",
    "models": "Models",
    "security": "Security",
    "applications": "Applications",
}
# Groups of countries, as `stackcraft.model.groups` defines them.
GROUP_TITLES = {
    "low": "Low income",
    "lower_middle": "Lower middle income",
    "upper_middle": "Upper middle income",
    "high": "High income",
    "us": "Close to the US alone",
    "cn": "Close to China alone",
    "both": "Close to both",
    "neither": "Close to neither",
    "treaty": "Treaty allies of the US",
}
WEIGHT_TITLES = {
    "country": "every country counts the same",
    "low_income": "low-income countries",
    "population": "weighted by population",
    "gdp": "weighted by GDP",
    "capability": "weighted by capability",
}
WHERE = {
    "country": "in the average importing country",
    "low_income": "in the average low-income country",
    "population": "in importing countries weighted by population",
    "gdp": "in importing countries weighted by GDP",
    "capability": "in importing countries weighted by capability",
}
FINANCIER_TITLES = {
    "us_exim": "US EXIM",
    "us_dfc": "US DFC",
    "cn_development_bank": "China Development Bank",
    "cn_exim": "China Exim",
    "private_capital": "private capital",
    "gulf_fund": "Gulf fund",
}


def layer_title(layer: str) -> str:
    """Return the title of a layer; a name without one is read out."""
    return LAYER_TITLES.get(layer, capital(layer.replace("_", " ")))


def vendor_title(vendor: str, titles: Mapping[str, str] | None = None) -> str:
    """Return the side and the title of a vendor, or its name read out: "us_chip_house" -> "US chip house"."""
    side, _, rest = vendor.partition("_")
    word = {"us": "US", "cn": "Chinese", "in": "independent"}.get(side, "")
    title = (titles or {}).get(vendor, rest.replace("_", " "))
    if title[1:2].islower():
        title = title[:1].lower() + title[1:]
    return f"{word} {title}".strip() if word else title or vendor.replace("_", " ")
