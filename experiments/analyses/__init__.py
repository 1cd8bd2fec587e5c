"""What a study says: each analysis is a module whose `analyse` takes a finished study and returns a `Finding`."""

from typing import TYPE_CHECKING

from stackcraft.agents.faces import lazily

if TYPE_CHECKING:
    from stackcraft.experiments.analyses import (
        cart,
        contributions,
        enough,
        feature_scores,
        game,
        luck,
        morris,
        prim,
        robustness,
        sobol,
    )
    from stackcraft.experiments.analyses.finding import Finding

__all__ = [
    "Finding",
    "cart",
    "contributions",
    "enough",
    "feature_scores",
    "game",
    "luck",
    "morris",
    "prim",
    "robustness",
    "sobol",
]
__getattr__, __dir__ = lazily(
    __name__,
    {"Finding": f"{__name__}.finding", **{name: f"{__name__}.{name}:" for name in __all__ if name != "Finding"}},
)
