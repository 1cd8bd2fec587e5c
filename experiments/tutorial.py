# %% [markdown]
# # From a study file to a conclusion
#
# The question: a seller can bind itself not to cut its customers off, and it can help them learn to use what they buy.
# Which of the two does more for how far its stack spreads, and on what does the answer rest?
#
# This script runs from top to bottom (`.venv/bin/python experiments/tutorial.py`), and editors that know `# %%` show it
# as a notebook. It uses a made-up world of ten countries, so that everything takes seconds. Nothing in it is a
# forecast.

# %%
from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from stackcraft.experiments.analyses import contributions, enough, feature_scores, luck, prim, robustness
from stackcraft.experiments.sweep import Study, open_study, sweep

folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(tempfile.mkdtemp()) / "tutorial"

# %% [markdown]
# ## 1. Say what is uncertain, what can be chosen, what to keep
#
# Uncertainties are what nobody chooses: each is a parameter of the model, and `{}` means its declared range. Bundles
# are levers that are on or off together. The file is checked whole before anything runs; a misspelt name gets the
# nearest right one.

# %%
FILE = """
title = "Bind yourself, or teach?"
scenario = "first-lesson"
years = [2025, 2033]
keep = [2029, 2033]
seed = 7
replicates = 6

[measures]
us_installed = "installed[US]"
us_used_bn = "so_far(app_use[US])"
trust_in_us = "trust[US]"

[uncertainties]
supply_fear = {}
peer_pull = {}
quality_taste = {}

[bundles]
binding = ["us_government.supply_bond=0.9", "us_government.coerce=0"]
teaching = ["us_government.capacity_building=0.9"]

[design]
uncertainties = { kind = "latin", size = 24 }
policies = { kind = "subsets" }
"""
path = folder.parent / "bind-or-teach.toml"
path.parent.mkdir(parents=True, exist_ok=True)
path.write_text(FILE, encoding="utf-8")
study = Study.load(path)
print(f"{study.design.rows} rows x {study.replicates} replicates = {study.runs} runs")

# %% [markdown]
# ## 2. Sweep
#
# Stop it whenever you like: the same call goes on where it stopped. On the command line: `stackcraft sweep
# bind-or-teach.toml`.

# %%
report = sweep(study, folder)
print(f"{report.done} runs, {report.failed} failed, {report.rate:.0f} a second")
results = open_study(folder)

# %% [markdown]
# ## 3. Were there enough runs, and what did common luck save?
#
# Replicate 3 has the same luck in every row, so policies are compared under the same luck, and their difference is
# sharper than two separate averages would be.

# %%
findings = [enough.analyse(results, "us_installed"), luck.analyse(results, "us_installed")]

# %% [markdown]
# ## 4. What did each policy contribute?

# %%
findings.append(contributions.analyse(results, "us_installed"))

# %% [markdown]
# ## 5. Which assumption decides, and where does it go badly?

# %%
findings.append(feature_scores.analyse(results, "us_installed"))
findings.append(prim.analyse(results, "us_installed", options=prim.Options(quantile=0.25, side="below")))
findings.append(robustness.analyse(results, "us_installed"))

# %% [markdown]
# ## 6. The conclusion, in sentences

# %%
for finding in findings:
    print(f"\n{finding.title}")
    for sentence in finding.sentences:
        print(f"  {sentence}")

# %% [markdown]
# The same as a report, with charts and tables: `stackcraft analyse all FOLDER`.
