"""The simulation: a Mesa model whose step is a year."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import mesa
import numpy as np

from agents.actors import populate
from agents.cast import Cast
from agents.declare import InputError
from agents.names import KINDS
from model.engine import RUN_ARRAYS, World, all_on
from model.inputs import load_inputs
from model.loop.sizes import SUBMODELS
from model.observe import Observer
from model.parameters import assign, defaults
from model.payoff import payoff
from model.scenario import Scenario
from model.script import event_table
from model.user_measures import UserMeasure, collect

FACT_DEFAULTS = ("sovereignty", "clarity", "ban_us", "ban_cn")


class Simulation(mesa.Model):
    """A batch of runs of one scenario, in lockstep.

    Parameters
    ----------
    scenario : what is simulated
    runs, seed : how many runs, and the seed of their luck (both default to the scenario's); run 17 is the same in any batch
    replicates : numbers that key the luck of each run, (runs,); default 0, 1, 2, ...
    parameters : structured array (runs,) in place of the scenario's, for sweeps
    ledger_runs : the runs whose deals are kept, a number (the first so many) or positions
    threads : threads that share the runs; the results do not depend on it
    measures : the user's own measures
    cast : called with the cast after the scenario is laid on, to set strategies run by run

    Attributes: `year` (the January that comes next), `world`, `cast`, `inputs`; `results`, `deals`.
    """

    def __init__(
        self,
        scenario: Scenario | str = "baseline",
        *,
        runs: int | None = None,
        seed: int | None = None,
        replicates: Sequence[int] | None = None,
        parameters: np.ndarray | None = None,
        switches: np.ndarray | None = None,
        ledger_runs: int | Sequence[int] = 1,
        threads: int | None = None,
        measures: Sequence[UserMeasure] = (),
        cast: Any = None,
        inputs: Any = None,
    ) -> None:
        self.scenario = Scenario.load(scenario) if isinstance(scenario, str) else scenario
        self.seed = int(self.scenario.seed if seed is None else seed)
        number = int(self.scenario.runs if runs is None else runs)
        if number < 1:
            raise InputError(f"runs={number}; give at least 1")
        super().__init__(rng=np.random.default_rng(self.seed))
        self.years = tuple(self.scenario.years)
        self.inputs = inputs if inputs is not None else load_inputs(self.scenario.world)
        replicates = np.arange(number) if replicates is None else np.asarray(replicates)
        kept = range(min(ledger_runs, number)) if isinstance(ledger_runs, (int, np.integer)) else list(ledger_runs)
        self.world = World.make(
            self.inputs, self.years, self.seed, replicates,
            self._parameters(number) if parameters is None else parameters,
            all_on(number, [name for name in self.scenario.off if name in SUBMODELS]) if switches is None else switches,
            event_table(self.scenario, self.inputs), threads, kept,
        )
        self.cast = self._make_cast(number)
        if cast is not None:
            cast(self.cast)
        self.populace = populate(self, self.cast)
        self.observer = Observer(self)
        dimensions = {"country": len(self.inputs.iso3), "layer": 7, "stack": 3, "vendor": 15, "home": 2, "financier": 6}
        self._measures = collect(measures, dimensions)
        self._own: dict[str, list[np.ndarray]] = {one.name: [] for one in self._measures}
        self._start()

    # setting up

    def _parameters(self, runs: int) -> np.ndarray:
        array = defaults(runs)
        for name, value in self.scenario.parameters.items():
            assign(array, name, value, self.scenario.name)
        return array

    def _make_cast(self, runs: int) -> Cast:
        cast = Cast(runs, self.inputs.iso3, self._facts())
        for side, preset in self.scenario.presets.items():
            cast.set_preset(side, preset)
        for actor, strategy in self.scenario.strategies.items():
            cast.set_strategy(actor, strategy)
        if self.scenario.levers:
            cast.add_layer(self.scenario.levers)
        return cast

    def _facts(self) -> dict[str, dict[str, Any]]:
        return {
            "importer": {name: getattr(self.inputs, name) for name in FACT_DEFAULTS},
            "vendor": {"rnd_share": self.inputs.vendors.rnd_share[:15]},
            "financier": {name: getattr(self.inputs.financiers, name) for name in ("cap_bn", "commitment_limit_bn")},
        }

    def _start(self) -> None:
        """The first January: decide once, so that prices exist, and solve the constants under the status quo."""
        reference = Cast(1, self.inputs.iso3, self._facts())
        reference.decide(self.observer.blank_views(reference, 1))
        self.cast.decide(self.observer.views())
        self.world.start(self._levers(self.cast), self._levers(reference))
        self._measure()

    @staticmethod
    def _levers(cast: Cast) -> dict[str, np.ndarray]:
        return {kind: cast.levers(kind) for kind in KINDS}

    # running

    @property
    def runs(self) -> int:
        return self.world.runs

    @property
    def year(self) -> int:
        return self.world.year

    @property
    def done(self) -> bool:
        return self.year >= self.years[1]

    def step(self) -> None:
        """One year: the actors decide on 1 January from what they see; then twelve months pass."""
        if self.done:
            raise InputError(f"{self.scenario.name} ends in {self.years[1]}; there is no further year")
        if self.year > self.years[0]:
            self.cast.decide(self.observer.views())
        self.world.step(self._levers(self.cast))
        self._measure()

    def run(self) -> Simulation:
        """Every year that is left."""
        while not self.done:
            self.step()
        return self

    def run_model(self) -> None:
        """Mesa's name for `run`."""
        self.run()

    # results

    @property
    def results(self):
        """An xarray Dataset with dimensions run, year, country, layer, stack, ...; units and descriptions in the attributes."""
        from model.results import dataset

        return dataset(self)

    @property
    def deals(self):
        """A pandas table: one row a deal of the runs that keep a ledger, with stages, money and the terms of the choice."""
        from model.results import deal_table

        return deal_table(self)

    def payoff(self) -> np.ndarray:
        """Payoff of each home so far, (runs, 2)."""
        return payoff(self.world.book[:, : self.year - self.years[0] + 1], self.world.parameters, len(self.inputs.iso3))

    def _measure(self) -> None:
        for one in self._measures:
            value = np.asarray(one.function(self), dtype=float)
            self._own[one.name].append(value)

    def own_measures(self) -> dict[str, tuple]:
        """The user's own measures as (dims, values (run, year, ...), attributes)."""
        return {
            one.name: (one.dims, np.stack(self._own[one.name], axis=1), {
                "units": one.unit, "description": one.sentence, "flow": int(one.flow)})
            for one in self._measures
        }

    # snapshot, restore, branch

    def state(self) -> dict[str, np.ndarray]:
        """Everything that the years to come depend on, as arrays."""
        arrays = {f"world_{name}": getattr(self.world, name) for name in RUN_ARRAYS}
        used = int(self.world.state["deals_signed"].max())
        arrays["world_ledger"] = self.world.ledger["at"][:, :used]
        arrays |= {f"own_{name}": np.array(values) for name, values in self._own.items()}
        return arrays | {f"cast_{name}": array for name, array in self.cast.snapshot().items()}

    def load_state(self, arrays: dict[str, np.ndarray]) -> None:
        """Go to a state of a simulation of the same world, years and runs, and the same strategies."""
        for name in RUN_ARRAYS:
            given, own = arrays[f"world_{name}"], getattr(self.world, name)
            if given.shape != own.shape or given.dtype != own.dtype:
                raise InputError(f"the snapshot's {name} is of another world, number of years or runs, or of another version")
            own[...] = given
        ledger = arrays["world_ledger"]
        if len(ledger) != len(self.world.ledger):
            raise InputError("the snapshot keeps the ledgers of another number of runs")
        self.world.ledger["at"][:, : ledger.shape[1]] = ledger
        rows = self.year - self.years[0] + 1
        for one in self._measures:
            values = list(arrays.get(f"own_{one.name}", []))
            blank = np.full_like(self._own[one.name][0], np.nan)  # years before the measure was asked for
            self._own[one.name] = values if len(values) == rows else [blank] * (rows - 1) + [np.asarray(one.function(self), dtype=float)]
        self.cast.restore({name.removeprefix("cast_"): array for name, array in arrays.items() if name.startswith("cast_")})
        self.observer.refresh()

    def snapshot(self, path: str | Path) -> None:
        """Write the state to a file, whole or not at all."""
        path = Path(path)
        about = {"scenario": self.scenario.as_dict(), "seed": self.seed, "runs": self.runs, "facts_hash": self.inputs.facts_hash}
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                np.savez(file, about=np.array(json.dumps(about)), **self.state())
            os.replace(temporary, path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise

    @classmethod
    def restore(cls, path: str | Path, scenario: Scenario | None = None, **options: Any) -> Simulation:
        """The simulation of a snapshot; another `scenario` of the same world and years goes on with other levers."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                arrays = {name: stored[name] for name in stored.files}
            about = json.loads(str(arrays.pop("about")))
        except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile) as error:
            raise InputError(f"{path} is no snapshot that can be read: {error}") from None
        own = Scenario.from_dict(about["scenario"], name=about["scenario"].get("name", "snapshot"))
        kept = np.flatnonzero(arrays["world_ledger_row"] >= 0)
        simulation = cls(scenario or own, runs=about["runs"], seed=about["seed"], ledger_runs=kept, **options)
        if simulation.inputs.facts_hash != about["facts_hash"]:
            raise InputError(f"{path} was taken on other facts; restore it with the facts it was made from")
        simulation.load_state(arrays)
        return simulation

    def branch(self, scenario: Scenario | None = None, **options: Any) -> Simulation:
        """Another simulation that goes on from here, with other levers if a scenario is given; this one stays as it is."""
        kept = np.flatnonzero(self.world.ledger_row >= 0)
        other = type(self)(
            scenario or self.scenario, runs=self.runs, seed=self.seed, replicates=self.world.replicate, ledger_runs=kept,
            inputs=self.inputs, threads=self.world.threads, **options,
        )
        arrays = {name: np.array(array) for name, array in self.state().items()}
        other.load_state(arrays)
        return other

    def close(self) -> None:
        """Let go of everything: Mesa keeps a counter for each model it has seen, and with it the model."""
        for agent in list(self.agents):
            agent.remove()
        ids = getattr(mesa.Agent, "_ids", None)
        if ids is not None:
            ids.pop(self, None)
        self.populace = ()
        self.world = self.cast = self.observer = None

    def __enter__(self) -> Simulation:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()
