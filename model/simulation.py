"""The simulation: a Mesa model whose step is a year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.actors import populate
from stackcraft.agents.cast import Cast
from stackcraft.agents.errors import InputError
from stackcraft.agents.mesa_parts import Agent, Model
from stackcraft.agents.names import KINDS
from stackcraft.model import given, notebook, snapshots
from stackcraft.model.batch import RUN_ARRAYS, Batch, all_on
from stackcraft.model.casting import cast_of, status_quo
from stackcraft.model.events import Event, event_table
from stackcraft.model.inputs import load_inputs
from stackcraft.model.observe import Observer
from stackcraft.model.payoff import payoff
from stackcraft.model.scenario import Scenario
from stackcraft.model.user_measures import UserMeasure, collect, value_of


class _Closed:
    """What stands in the place of a closed simulation's parts."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise InputError("this simulation is closed; take its results before `close()` or the end of its `with` block")


class Simulation(Model):
    """A batch of runs of one scenario, in lockstep.

    A new simulation stands on 1 January of its first year: the record of that day can be seen, and nobody has decided
    anything yet. What stands then, contracts and prices included, was agreed under the status quo whatever the scenario
    changes, so every policy starts from the same January. Each `step` first lets the actors decide on the record of its
    January, then plays the year.

    Parameters
    ----------
    scenario : what is simulated: a scenario, the name of one or the path of its file
    runs, seed : how many runs, and the seed of their luck (both default to the scenario's); run 17 is the same in any
        batch
    replicates : numbers that key the luck of each run, (runs,); default 0, 1, 2, ...
    parameters : structured array (runs,) in place of the scenario's, for sweeps
    switches : array (runs, submodels), 1 = on, in place of the scenario's
    ledger_runs : the runs whose deals are kept, a number (the first so many) or positions
    threads : threads that share the runs, from 1 on, or None for every core; the results do not depend on it
    measures : the user's own measures
    cast : called with the cast after the scenario is laid on, to set strategies run by run

    Attributes: `year` (the January that comes next), `world`, `cast`, `inputs`; `results`, `deals`. Raises
    `InputError`, one line, for bad input.
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
        cast: Callable[[Cast], Any] | None = None,
        inputs: Any = None,
    ) -> None:
        self.scenario = given.scenario_of(scenario)
        self.seed = given.whole("seed", self.scenario.seed if seed is None else seed, 0, 2**63 - 1)
        number, replicates = given.runs_and_replicates(runs, replicates, self.scenario.runs)
        kept = given.ledgers(ledger_runs, number)
        if cast is not None and not callable(cast):
            raise InputError(f"cast={cast!r:.60} cannot be called; give a function of the cast")
        super().__init__(rng=np.random.default_rng(self.seed))
        self.years = tuple(self.scenario.years)
        self.inputs = (
            inputs if inputs is not None else load_inputs(self.scenario.world, peer_graph=self.scenario.peer_graph)
        )
        self._sizes = {
            "country": len(self.inputs.iso3),
            "layer": 7,
            "stack": 3,
            "vendor": 15,
            "home": 2,
            "financier": 6,
        }
        self._given = {"measures": tuple(measures), "cast": cast}  # a branch is given the same
        self._measures = collect(measures, self._sizes)
        self.world = Batch.make(
            self.inputs,
            self.years,
            self.seed,
            replicates,
            snapshots.parameters_of(self.scenario, number, replicates)
            if parameters is None
            else given.parameters(parameters, number),
            all_on(number, self.scenario.off) if switches is None else given.switches(switches, number),
            event_table(self.scenario, self.inputs),
            threads,
            kept,
        )
        self.cast = cast_of(self.scenario, self.inputs, number)
        if cast is not None:
            cast(self.cast)
        self.populace = populate(self, self.cast)
        self.observer = Observer(self)
        self._own: dict[str, list[np.ndarray]] = {one.name: [] for one in self._measures}
        self._start()

    # setting up

    def _start(self) -> None:
        """The first January, under the status quo: its record is taken before anybody decides."""
        reference = status_quo(self.inputs, 1)
        reference.decide(reference.blank_views(self.years[0], self.observer.facts))
        self.cast.begin(reference)
        self.world.start(self._levers(reference))
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
        """One year: the actors decide on 1 January from its record; then twelve months pass, and the next record is
        taken.
        """
        if self.done:
            raise InputError(f"{self.scenario.name} ends in {self.years[1]}; there is no further year")
        self.cast.decide(self.observer.views())
        self.world.step(self._levers(self.cast))
        self._measure()
        self.running = not self.done

    def run(self, progress: bool = False) -> Simulation:
        """Play every year that is left and return the simulation; `progress` shows a bar, in a notebook too."""
        years = range(self.year, self.years[1])
        if progress:
            from rich.progress import track

            years = track(years, description=self.scenario.name)
        for _ in years:
            self.step()
        return self

    def run_model(self) -> None:
        """Mesa's name for `run`."""
        self.run()

    def add_events(self, events: Event | Iterable[Event]) -> None:
        """Script more events, announced deals among them, for the years that are left: from inside a running game.

        What follows is the same, to the bit, as if they had been in the scenario from the start. Raises `InputError`
        for an event that cannot happen or whose year has been played; nothing is added then.
        """
        scenario = self.scenario.with_changes(events=events)
        snapshots.refuse_past_events(scenario.events[len(self.scenario.events) :], self.year)
        self.world.script(event_table(scenario, self.inputs))
        self.scenario = scenario

    # results

    @property
    def results(self):
        """An xarray Dataset with dimensions run, year, country, layer, stack, ...; units and descriptions in the
        attributes.
        """
        from stackcraft.model.results import dataset

        return dataset(self)

    @property
    def deals(self):
        """A pandas table: one row a deal of the runs that keep a ledger, with stages, money and the terms of the
        choice.
        """
        from stackcraft.model.results import deal_table

        return deal_table(self)

    def payoff(self) -> np.ndarray:
        """Payoff of each home so far in bn$, (runs, 2)."""
        return payoff(self.world.book[:, : self.year - self.years[0] + 1])

    def __repr__(self) -> str:
        return notebook.simulation_text(self)

    def _repr_html_(self) -> str:
        return notebook.simulation_html(self)

    @property
    def closed(self) -> bool:
        """Whether `close` has been called."""
        return isinstance(self.world, _Closed)

    @property
    def datacollector(self) -> Any:
        """Refuse Mesa's batch runner, which wants a model for each run and reads its collector. Raises `InputError`."""
        raise InputError(
            "mesa.batch_run makes one model for each run; a Simulation holds many runs side by side: use "
            "Simulation(scenario, runs=64) and its results, or a study for many parameters (`stackcraft sweep`)"
        )

    def _measure(self) -> None:
        for one in self._measures:
            self._own[one.name].append(value_of(one, self, self._sizes))

    def own_measures(self) -> dict[str, tuple]:
        """The user's own measures as (dims, values (run, year, ...), attributes)."""
        return {
            one.name: (
                one.dims,
                np.stack(self._own[one.name], axis=1),
                {"units": one.unit, "description": one.sentence, "flow": int(one.flow)},
            )
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

    def load_state(self, arrays: dict[str, np.ndarray], keep_strategies: bool = False) -> None:
        """Go to a state of a simulation of the same world, years and runs.

        Actors hold the strategies that they held there, or with `keep_strategies` those of this simulation. Raises
        `InputError`.
        """
        for name in RUN_ARRAYS:
            stored, own = arrays.get(f"world_{name}"), getattr(self.world, name)
            if stored is None or stored.shape != own.shape or stored.dtype != own.dtype:
                raise InputError(
                    f"the snapshot's {name} is of another world, number of years or runs, or of another version"
                )
            own[...] = stored
        ledger = arrays["world_ledger"]
        if len(ledger) != len(self.world.ledger):
            raise InputError("the snapshot keeps the ledgers of another number of runs")
        self.world.ledger["at"][:, : ledger.shape[1]] = ledger
        rows = self.year - self.years[0] + 1
        for one in self._measures:
            values = list(arrays.get(f"own_{one.name}", []))
            blank = np.full_like(self._own[one.name][0], np.nan)  # years before the measure was asked for
            fits = len(values) == rows and values[0].shape == blank.shape
            self._own[one.name] = values if fits else [blank] * (rows - 1) + [value_of(one, self, self._sizes)]
        self.cast.restore(
            {name.removeprefix("cast_"): array for name, array in arrays.items() if name.startswith("cast_")},
            keep_strategies,
        )
        self.running = not self.done

    def snapshot(self, path: str | Path) -> None:
        """Write the state to a file, whole or not at all."""
        about = {
            "scenario": self.scenario.as_dict(),
            "passed": snapshots.passed(self.scenario),
            "seed": self.seed,
            "runs": self.runs,
            "facts_hash": self.inputs.facts_hash,
        }
        snapshots.write(path, about, self.state())

    @classmethod
    def restore(
        cls,
        path: str | Path,
        scenario: Scenario | str | None = None,
        *,
        presets: Mapping[str, Any] | None = None,
        strategies: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Simulation:
        """The simulation of a snapshot, with its runs and its seed.

        Another `scenario` of the same world and years goes on with its levers, presets, strategies, events, parameters
        and switches; see `stackcraft.model.snapshots`. A file holds the names of strategies only: those that were
        passed as classes, scripts or seats have to be passed again, in a scenario or in `presets` and `strategies`.
        Other `options` are the simulation's. Raises `InputError`.
        """
        _refuse(options, "restore", "the snapshot's")
        about, arrays = snapshots.read(path)
        own = {"presets": presets, "strategies": strategies}
        anew = scenario is not None or bool(presets or strategies)
        if scenario is None:
            scenario = snapshots.scenario_of(path, about, own)
        else:
            scenario = given.scenario_of(scenario).with_changes(**{key: value for key, value in own.items() if value})
        before = Scenario.from_dict(
            {key: value for key, value in about["scenario"].items() if key not in snapshots.PASSED}
        )
        snapshots.check_same_start(about["scenario"], about["facts_hash"], scenario)
        kept = np.flatnonzero(arrays["world_ledger_row"] >= 0)
        simulation = cls(scenario, runs=about["runs"], seed=about["seed"], ledger_runs=kept, **options)
        if simulation.inputs.facts_hash != about["facts_hash"]:
            raise InputError(f"{path} was taken on other facts; restore it with the facts it was made from")
        simulation.load_state(arrays, keep_strategies=anew)
        snapshots.change(simulation, before)
        return simulation

    def branch(self, scenario: Scenario | str | None = None, **options: Any) -> Simulation:
        """Another simulation that goes on from here; this one stays as it is.

        Without a `scenario` it has the same strategies and levers; another one of the same world and years goes on as
        in `restore`, with this simulation's runs and seed. Measures go along, and so does `cast`, unless others are
        given. Raises `InputError`.
        """
        _refuse(options, "branch", "those of the simulation it leaves")
        wanted = self.scenario if scenario is None else given.scenario_of(scenario)
        snapshots.check_same_start(self.scenario.as_dict(), self.inputs.facts_hash, wanted)
        kept = np.flatnonzero(self.world.ledger_row >= 0)
        options = {"inputs": self.inputs, "threads": self.world.threads, **self._given, **options}
        other = type(self)(
            wanted, runs=self.runs, seed=self.seed, replicates=self.world.replicate, ledger_runs=kept, **options
        )
        if scenario is None:
            other.cast.share(self.cast)
        other.load_state(
            {name: np.array(array) for name, array in self.state().items()}, keep_strategies=scenario is not None
        )
        snapshots.change(other, self.scenario)
        return other

    def close(self) -> None:
        """Let go of everything: Mesa keeps a counter for each model it has seen, and with it the model."""
        for agent in list(self.agents):
            agent.remove()
        ids = getattr(Agent, "_ids", None)
        if ids is not None:
            ids.pop(self, None)
        self.populace = ()
        self.world = self.cast = self.observer = _Closed()

    def __enter__(self) -> Simulation:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _refuse(options: Mapping[str, Any], what: str, whose: str) -> None:
    """Refuse options that a state to go on from settles."""
    for name in ("runs", "seed", "replicates", "ledger_runs", "parameters", "switches"):
        if name in options:
            raise InputError(
                f"{what} takes no {name}: they are {whose}; "
                "give another scenario to change levers, strategies or parameters"
            )
