"""Work for people who watch: ensembles that fill in, pairs, single runs and doubts, done by one fair queue."""

from experiments.live.doubt import Doubt, Doubts, Holding, holds
from experiments.live.ensemble import Ensemble, OneRun, RunRecord
from experiments.live.frames import country_frame, country_frame_of_results, curve_frame, difference_frame
from experiments.live.pairs import Pair, PairSummary
from experiments.live.queue import Job, Queue
from experiments.live.summary import Cells, Summary, summarise

__all__ = [
    "Cells", "Doubt", "Doubts", "Ensemble", "Holding", "Job", "OneRun", "Pair", "PairSummary", "Queue", "RunRecord", "Summary", "country_frame",
    "country_frame_of_results", "curve_frame", "difference_frame", "holds", "summarise",
]  # fmt: skip
