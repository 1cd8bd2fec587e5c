"""How the world answers: scenarios, and simulations of them.

```python
from stackcraft.model import Scenario, Simulation
simulation = Simulation(Scenario.load("baseline"), runs=64, seed=7).run()
simulation.results, simulation.deals
```
"""

from typing import TYPE_CHECKING

from stackcraft.agents.faces import lazily

if TYPE_CHECKING:
    from stackcraft.model.scenario import Scenario, ScenarioError
    from stackcraft.model.simulation import Simulation
    from stackcraft.model.user_measures import UserMeasure

__all__ = ["Scenario", "ScenarioError", "Simulation", "UserMeasure"]
__getattr__, __dir__ = lazily(
    __name__,
    {
        "Scenario": "stackcraft.model.scenario",
        "ScenarioError": "stackcraft.model.scenario",
        "Simulation": "stackcraft.model.simulation",
        "UserMeasure": "stackcraft.model.user_measures",
    },
)
