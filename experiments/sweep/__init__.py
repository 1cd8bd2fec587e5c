"""Sweeps: a study file, its design, the work, and a store that survives."""

from experiments.sweep.driver import sweep
from experiments.sweep.memory import MemoryStudy
from experiments.sweep.results import StudyResults, open_study
from experiments.sweep.study import Design, Study, StudyError

__all__ = ["Design", "MemoryStudy", "Study", "StudyError", "StudyResults", "open_study", "sweep"]
