"""History matching: which worlds what happened does not rule out, what was learnt from it, and a table of those left.

`declared.py` reads what is settled beforehand (`history.toml`), `rules.py` and `observed.py` say what is read of the
model and of the world, `simulators.py` runs worlds, `emulator.py` foresees what running them would give, `space.py`
draws from what is left, `stages.py` goes from one stage to the next in a folder that survives being stopped,
`weights.py` weighs the worlds of the last stage, `report.py` says what came of it, and `keep.py` makes a table of them
that scenarios take their worlds from (`model/worlds.py`).
"""
