# %% [markdown]
# # A table of one's own: which worlds does it rule out?
#
# Somebody has counted something: the share of cloud that one stack holds, deals that were signed, whatever. Which
# values of the model's parameters does that contradict, and which are left? This script takes a small table from a file
# to an ensemble of worlds that are left. It runs from top to bottom (`.venv/bin/python
# experiments/tutorial_matching.py`), and editors that know `# %%` show it as a notebook. It uses a made-up world of ten
# countries, so that everything takes a minute; what is "observed" comes from the model itself, with three parameters
# that the script then has to find.

# %%
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from stackcraft.experiments.evidence.matching import declared, keep, report, simulators, stages
from stackcraft.model import Scenario, Simulation

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()) / "matching"
folder.mkdir(parents=True, exist_ok=True)
TRUTH = {"growth.cloud": 0.23, "growth.chips": 0.34, "use_ceiling": 0.46}

# %% [markdown]
# ## 1. What was observed
#
# A table has the columns `measure`, `year` and `value`; measures are written as in a study file (`stackcraft study
# check` explains them). Here a single run with the true parameters stands for the world: it has luck of its own, as the
# world has. With facts of your own, this file is all you need.

# %%
scenario = Scenario.load("first-lesson").with_changes(years=(2025, 2031), parameters=TRUTH)
with Simulation(scenario, runs=1, replicates=[987_654]) as simulation:
    results = simulation.run().results
    demand = {layer: float(results["demand"].sel(year=2031, layer=layer).mean()) for layer in ("cloud", "chips")}
    used = float(results["used"].sel(year=2031).sum() / results["capacity"].sel(year=2031).sum())
rows = ["measure,year,value", *(f'"demand[{layer}]",2031,{value:.4g}' for layer, value in demand.items())]
(folder / "counted.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
print((folder / "counted.csv").read_text())

# %% [markdown]
# ## 2. An observation rule of one's own
#
# What no measure says is a function of a finished simulation, one number a run, in a file beside the table. A rule says
# how the observer would have counted, which is often the harder half of the work.

# %%
(folder / "my_rules.py").write_text(
    '''
"""How the share of capacity in use would be counted."""


def share_in_use(simulation, year):
    """Use over capacity, all countries and layers together, (runs,)."""
    results = simulation.results
    used, there = (results[name].sel(year=year).sum(("country", "layer")) for name in ("used", "capacity"))
    return (used / there).values
''',
    encoding="utf-8",
)

# %% [markdown]
# ## 3. Declare how far off is too far
#
# Before anything runs: `observation` is how unsure the counting is, `discrepancy` how far a model like this may be off
# whatever its parameters, both standard deviations. A target without a discrepancy is refused. Write the file, commit
# it, and leave it as it is once you have seen a result.

# %%
FILE = f"""
title = "What I counted"
declared = "before anything was run"
seed = 7
matched = ["counted", "mine"]
inputs = ["growth.cloud", "growth.chips", "use_ceiling", "incumbency.cloud", "peer_pull"]

[screening]
worlds = 60
replicates = 2
each = 3

[[wave]]
worlds = 60
replicates = 4

[[wave]]
worlds = 60
replicates = 4

[last]
worlds = 80
replicates = 4

[simulations.world]
scenario = "first-lesson"
years = [2025, 2031]

[[table]]
file = "counted.csv"
group = "counted"
scale = "log"
floor = 0.001
observation = 0.03
discrepancy = 0.03
reason = "Counted to a few per cent; demand in the model is smooth, and in the world it is not"

[[target]]
name = "share in use"
group = "mine"
what = "Share of capacity that is in use in January 2031"
reading = {{ rule = "my_rules:share_in_use", with = [2031] }}
observed = {used:.4f}
observation = 0.01
discrepancy = 0.01
reason = "Told as a whole per cent"
"""
path = folder / "what-i-counted.toml"
path.write_text(FILE, encoding="utf-8")
matching = declared.load(path)
print(f"{len(matching.targets)} targets, {len(matching.inputs)} parameters, {matching.runs:,} runs")

# %% [markdown]
# ## 4. Match
#
# Stop it whenever you like: the same call goes on where it stopped. On the command line: `stackcraft evidence match
# what-i-counted.toml --out found`, and with `--check` it only says what it would run.

# %%
found = stages.match(matching, folder / "found")
findings = report.findings(found)
for finding in findings:
    print(f"\n{finding.title}")
    for sentence in finding.sentences:
        print(f"  {sentence}")

# %% [markdown]
# ## 5. Was the truth found?
#
# A check that no history offers: the parameters that made the table should lie inside what is left, and those that no
# target depends on should be as wide as before.

# %%
left, inside = found.weighed.left, {}
values = simulators.values_of(matching.inputs, found.last.points[left])
for one, column in zip(matching.inputs, values.T, strict=True):
    if one.name in TRUTH:
        inside[one.name] = column.min() <= TRUTH[one.name] <= column.max()
        print(
            f"{one.name}: drawn from {one.low:.3g} to {one.high:.3g}, left {column.min():.3g} to {column.max():.3g}, "
            f"true {TRUTH[one.name]:.3g}"
        )

# %% [markdown]
# ## 6. The worlds that are left
#
# A table with a weight for each world; run *i* of an ensemble is world `order(runs)[i]`.

# %%
worlds = keep.worlds_of(found)
table = keep.keep(found, folder / "found")
print(f"{len(worlds)} worlds, as sure as {worlds.effective:.0f} of equal weight, in {table.name}")
print("The first eight runs of an ensemble would be worlds", worlds.order(8).tolist())
