"""Sweeps: a study file, its design, the work, and a store that survives."""

from stackcraft.experiments.sweep.driver import sweep
from stackcraft.experiments.sweep.memory import MemoryStudy
from stackcraft.experiments.sweep.results import StudyResults, open_study
from stackcraft.experiments.sweep.study import Design, Study, StudyError

__all__ = ["Design", "MemoryStudy", "Study", "StudyError", "StudyResults", "open_study", "sweep"]
