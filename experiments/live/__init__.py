"""Work for people who watch: ensembles that fill in, pairs, and single runs, done by one fair queue."""

from stackcraft.experiments.live.ensemble import Ensemble, OneRun, RunRecord
from stackcraft.experiments.live.frames import country_frame, country_frame_of_results, curve_frame, difference_frame
from stackcraft.experiments.live.pairs import Pair, PairSummary
from stackcraft.experiments.live.parameter_uncertainty import Holding, holding
from stackcraft.experiments.live.queue import Job, Queue
from stackcraft.experiments.live.summary import Cells, Summary, summarise

__all__ = [
    "Cells",
    "Ensemble",
    "Holding",
    "Job",
    "OneRun",
    "Pair",
    "PairSummary",
    "Queue",
    "RunRecord",
    "Summary",
    "country_frame",
    "country_frame_of_results",
    "curve_frame",
    "difference_frame",
    "holding",
    "summarise",
]
