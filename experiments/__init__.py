"""Many runs: comparisons of scenarios, studies of many parameters, and their analyses.

```python
from stackcraft.experiments import Study, analyses, open_study, run_study
run_study(Study.load("uncertainty.toml"), "results/uncertainty")
analyses.luck.analyse(open_study("results/uncertainty"), "us_installed")
```
"""

from typing import TYPE_CHECKING

from stackcraft.agents.faces import lazily

if TYPE_CHECKING:
    from stackcraft.experiments import analyses
    from stackcraft.experiments.analyses.finding import Finding
    from stackcraft.experiments.runs.compare import Comparison, compare
    from stackcraft.experiments.statistics import band, paired_interval
    from stackcraft.experiments.sweep import MemoryStudy, Study, StudyError, StudyResults, open_study
    from stackcraft.experiments.sweep import sweep as run_study

__all__ = [
    "Comparison",
    "Finding",
    "MemoryStudy",
    "Study",
    "StudyError",
    "StudyResults",
    "analyses",
    "band",
    "compare",
    "open_study",
    "paired_interval",
    "run_study",
]
_SWEEP = "stackcraft.experiments.sweep"
__getattr__, __dir__ = lazily(
    __name__,
    {
        **dict.fromkeys(("MemoryStudy", "Study", "StudyError", "StudyResults", "open_study"), _SWEEP),
        **dict.fromkeys(("Comparison", "compare"), "stackcraft.experiments.runs.compare"),
        **dict.fromkeys(("band", "paired_interval"), "stackcraft.experiments.statistics"),
        "Finding": "stackcraft.experiments.analyses.finding",
        "analyses": "stackcraft.experiments.analyses:",
        "run_study": f"{_SWEEP}:sweep",
    },
)
