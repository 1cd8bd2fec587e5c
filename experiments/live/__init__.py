"""Work for people who watch: ensembles that fill in, pairs, single runs and doubts, done by one fair queue."""

from experiments.live.ensemble import Ensemble, OneRun, RunRecord
from experiments.live.queue import Job, Queue
from experiments.live.summary import Cells, Summary, summarise

__all__ = ["Cells", "Ensemble", "Job", "OneRun", "Queue", "RunRecord", "Summary", "summarise"]
