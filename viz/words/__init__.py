"""Sentences and names that the report, the dashboard and the terminal share, in plain English.

Read the shared ones as `words.percent`, `words.headline` and so on; what one screen alone says is in a module by
subject: `words.explore`, `words.claims`, `words.parameter_uncertainty`.
"""

from stackcraft.viz.words.deals import OUTCOME_WORDS, TERM_TITLES, TERMS, deal_story, deal_title, ending, terms_apart
from stackcraft.viz.words.headlines import (
    belief_sentence,
    certainty,
    change,
    comparison_headline,
    headline,
    layers_sentence,
    weighting_sentence,
)
from stackcraft.viz.words.names import (
    FINANCIER_TITLES,
    GROUP_TITLES,
    HOME_TITLES,
    LAYER_TITLES,
    STACK_SHORT,
    STACK_TITLES,
    WEIGHT_TITLES,
    WHERE,
    layer_title,
    vendor_title,
)
from stackcraft.viz.words.numbers import (
    SMALL_NUMBERS,
    band_words,
    capital,
    change_in_points,
    change_in_unit,
    count,
    in_unit,
    interval_words,
    listed,
    money,
    percent,
    points,
    runs_words,
)

__all__ = [
    "FINANCIER_TITLES",
    "GROUP_TITLES",
    "HOME_TITLES",
    "LAYER_TITLES",
    "OUTCOME_WORDS",
    "SMALL_NUMBERS",
    "STACK_SHORT",
    "STACK_TITLES",
    "TERMS",
    "TERM_TITLES",
    "WEIGHT_TITLES",
    "WHERE",
    "band_words",
    "belief_sentence",
    "capital",
    "certainty",
    "change",
    "change_in_points",
    "change_in_unit",
    "comparison_headline",
    "count",
    "deal_story",
    "deal_title",
    "ending",
    "headline",
    "in_unit",
    "interval_words",
    "layer_title",
    "layers_sentence",
    "listed",
    "money",
    "percent",
    "points",
    "runs_words",
    "terms_apart",
    "vendor_title",
    "weighting_sentence",
]
