"""From screening through the waves to the worlds that are left: in a folder, part by part, so that a stop costs little.

    matching.json            what was settled, and what it runs on
    STAGE/design.npz         the points of a stage, and the logarithm of the density that they were drawn by
    STAGE/part-0001.npz      readings of some of its worlds
    STAGE/tuned.json         scales of the emulators that were fitted after it
    worlds.npz               the worlds that are left, once there are any (see stackcraft.model.worlds)

Everything follows from the seed, so that the same command goes on where it was stopped and ends with the same worlds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from scipy.stats import qmc

from stackcraft.agents.errors import InputError
from stackcraft.experiments.evidence.matching.declared import Matching, Target
from stackcraft.experiments.evidence.matching.emulator import Emulator, averaged, fit, screen
from stackcraft.experiments.evidence.matching.simulators import ModelSimulator, Simulator
from stackcraft.experiments.evidence.matching.space import Ruling, Sampled, active_of, ratio_of, sample, tempered
from stackcraft.experiments.evidence.matching.weights import Weighed, weigh
from stackcraft.experiments.evidence.staleness import model_hash
from stackcraft.experiments.json_files import read_json
from stackcraft.experiments.sweep.files import locked, write_json
from stackcraft.model.files import whole_file

FAR = 12.0  # standard deviations: a reading further off counts as that far, so that absurd worlds bend no emulator
MOST_FITTED = 800  # worlds an emulator is fitted on, the newest first
LEAST_SCREENED = 80  # worlds inside that inputs are screened on; with fewer, all worlds are taken
SETTLED, SCREENING, LAST = "matching.json", "screening", "last"


@dataclass
class Stage:
    """A stage that was run: points (worlds, inputs), readings (worlds, replicates) by target, as they were read."""

    name: str
    points: np.ndarray
    drawn_by: np.ndarray
    values: dict[str, np.ndarray]


@dataclass
class Progress:
    """What is being done: `doing` in words, runs done and in all, and seconds since the start."""

    doing: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0


@dataclass
class Matched:
    """What came of a matching.

    `shares`: of the space that is left after each wave. `weighed` is None if nothing was left to be run at the end.
    `ruled_out_by`: where nothing is left, the implausibility of each target at the best point found.
    """

    matching: Matching
    stages: list[Stage] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    shares: list[float] = field(default_factory=list)
    screened: list[np.ndarray] = field(default_factory=list)
    weighed: Weighed | None = None
    ruled_out_by: dict[str, float] = field(default_factory=dict)
    best: np.ndarray | None = None
    unread: dict[str, int] = field(default_factory=dict)

    @property
    def last(self) -> Stage:
        """The stage that was run last."""
        return self.stages[-1]

    @property
    def left(self) -> bool:
        """Whether any world is left."""
        return self.weighed is not None and bool(self.weighed.left.any())


def match(
    matching: Matching,
    folder: Path,
    *,
    threads: int | None = None,
    simulator: Simulator | None = None,
    report: Callable[[Progress], None] | None = None,
) -> Matched:
    """Match worlds, or go on where an earlier call in the same folder was stopped. Raises `InputError`.

    `simulator`: what is matched, the model under the matching's simulations by default. `report` is called often, and
    may raise to stop.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    with locked(folder, "matching"):
        _settle(matching, folder, "model" if simulator is None else "simulator")
        return _Run(matching, folder, simulator or ModelSimulator(matching, threads), report).whole()


def _settle(matching: Matching, folder: Path, what: str) -> None:
    """Keep what is settled in the folder, or compare it with what is there."""
    now = {"hash": matching.hash(), "code": model_hash() if what == "model" else what, **matching.as_dict()}
    path = folder / SETTLED
    if path.is_file():
        before = read_json(path, "matching")
        if before.get("hash") != now["hash"]:
            raise InputError(f"{folder} holds another matching, or one of other sizes; name another folder with --out")
        if before.get("code") != now["code"]:
            raise InputError(f"the model has changed since {folder} was begun; name another folder with --out")
        return
    if any(one for one in folder.iterdir() if not one.name.startswith(".")):
        raise InputError(f"{folder} holds something else; name a new or empty folder with --out")
    write_json(path, now)


class _Run:
    """One matching under way."""

    def __init__(self, matching: Matching, folder: Path, simulator: Simulator, report) -> None:
        self.matching, self.folder, self.simulator, self._report = matching, folder, simulator, report
        self.progress = Progress(total=matching.runs)
        self.began = time.monotonic()
        self.found = Matched(matching)

    def tell(self, doing: str | None = None) -> None:
        """Say what is being done; whoever listens may raise to stop."""
        if doing is not None:
            self.progress.doing = doing
        self.progress.seconds = time.monotonic() - self.began
        if self._report is not None:
            self._report(self.progress)

    def rng(self, place: int) -> np.random.Generator:
        """Return the generator of a stage: the same whatever was done before."""
        return np.random.default_rng([self.matching.seed, place])

    def whole(self) -> Matched:
        """Go through all stages."""
        plan, found = self.matching, self.found
        count = len(plan.inputs)
        cube = qmc.LatinHypercube(d=count, rng=self.rng(0)).random(plan.screening.worlds)
        found.stages.append(self.stage(SCREENING, 0, plan.screening, lambda: (cube, np.zeros(len(cube)))))
        for place, wave in enumerate(plan.waves, 1):
            self.tell(f"wave {place}: drawing worlds")
            drawn = self.drawn(place, wave.worlds)
            if drawn is None:
                return found
            name = f"wave-{place}"
            found.stages.append(self.stage(name, place, wave, lambda drawn=drawn: (drawn, np.zeros(len(drawn)))))
            found.rulings.append(self.ruling(name, place, wave))
        place = len(plan.waves) + 1
        self.tell("drawing the last worlds")
        drawn = self.drawn(place, plan.last.worlds)
        if drawn is None:
            return found

        def moved() -> tuple[np.ndarray, np.ndarray]:
            return tempered(drawn, found.rulings, self.rng(100 + place))

        found.stages.append(self.stage(LAST, place, plan.last, moved))
        last = found.last
        scaled = {one.name: one.scaled(last.values[one.name]) for one in plan.counted}
        found.weighed = weigh(plan.counted, scaled, plan.last.bound, plan.last.rank, last.drawn_by)
        if not found.left:
            least = np.argmin(found.weighed.implausibility.max(axis=0))
            found.best = last.points[least]
            found.ruled_out_by = dict(
                zip((one.name for one in plan.counted), found.weighed.implausibility[:, least].tolist(), strict=True)
            )
        return found

    def drawn(self, place: int, number: int) -> np.ndarray | None:
        """Draw the points of a stage from what is left; None where nothing is, which is noted."""
        found, rng = self.found, self.rng(10 + place)
        if not found.rulings:
            return qmc.LatinHypercube(d=len(self.matching.inputs), rng=rng).random(number)
        kept = self.folder / f"left-after-wave-{place - 1}.npz"
        if kept.is_file():
            with np.load(kept, allow_pickle=False) as stored:
                drawn = Sampled(stored["points"], float(stored["share"]), stored["best"])
        else:
            drawn = sample(found.rulings, len(self.matching.inputs), number, rng)
            with whole_file(kept) as stream:
                np.savez(stream, points=drawn.points, share=drawn.share, best=drawn.best)
        found.shares.append(drawn.share)
        if len(drawn.points):
            return drawn.points
        best = drawn.best[None]
        rows = np.max([ruling.implausibility(best)[:, 0] for ruling in found.rulings], axis=0)
        found.best = drawn.best
        found.ruled_out_by = dict(zip((one.name for one in self.matching.counted), rows.tolist(), strict=True))
        return None

    def stage(self, name: str, place: int, sizes, draw: Callable[[], tuple[np.ndarray, np.ndarray]]) -> Stage:
        """Run what is missing of a stage and return all of it."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        design = folder / "design.npz"
        if design.is_file():
            with np.load(design, allow_pickle=False) as stored:
                points, drawn_by = stored["points"], stored["drawn_by"]
        else:
            points, drawn_by = draw()
            with whole_file(design) as stream:
                np.savez(stream, points=points, drawn_by=drawn_by)
        number = sizes.replicates
        # Every world has its own luck: what luck does is then not shared by all worlds of a stage.
        first = 1_000_000 * place
        replicates = first + np.arange(len(points) * number).reshape(len(points), number)
        size = max(self.simulator.at_once // number, 1)
        pieces = []
        for part, begin in enumerate(range(0, len(points), size)):
            path, rows = folder / f"part-{part:04d}.npz", slice(begin, begin + size)
            self.tell(f"{name.replace('-', ' ')}: running worlds")
            if path.is_file():
                with np.load(path, allow_pickle=False) as stored:
                    pieces.append({key: stored[key] for key in stored.files})
            else:
                pieces.append(self.simulator.run(points[rows], replicates[rows], self.tell))
                with whole_file(path) as stream:
                    np.savez(stream, **pieces[-1])
            runs = len(replicates[rows]) * number * max(len(self.matching.simulations), 1)
            self.progress.done += runs
        values = {key: np.concatenate([piece[key] for piece in pieces]) for key in pieces[0]}
        for one in self.matching.counted:
            unread = int((~np.isfinite(values[one.name])).all(axis=1).sum())
            if unread == len(points):
                raise InputError(f"target {one.name}: no run of stage {name} gives a number to read")
            if unread:
                self.found.unread[one.name] = self.found.unread.get(one.name, 0) + unread
        return Stage(name, points, drawn_by, values)

    def ruling(self, name: str, place: int, wave) -> Ruling:
        """Fit an emulator of each target to the worlds that earlier waves did not rule out."""
        path = self.folder / name / "tuned.json"
        known: dict[str, dict] = read_json(path, "scales of emulators") if path.is_file() else {}
        found = self.found
        inside = [ratio_of(found.rulings)(stage.points) <= 1.0 for stage in found.stages]
        emulators: dict[str, Emulator] = {}
        for target in self.matching.counted:
            self.tell(f"wave {place}: fitting emulators ({target.name})")
            entry = known.get(target.name)
            inputs = self.screened(target, inside) if entry is None else np.array(entry["inputs"], int)
            points, values = self.fitted_on(target, inside)
            tuned = None if entry is None else np.array(entry["tuned"])
            emulators[target.name] = emulator = fit(points, values, inputs, seed=self.matching.seed, tuned=tuned)
            known[target.name] = {"inputs": emulator.inputs.tolist(), "tuned": emulator.tuned.tolist()}
            if entry is None:
                write_json(path, known)
        ruling = Ruling(self.matching.counted, emulators, wave)
        found.screened.append(active_of([ruling]))
        return ruling

    def screened(self, target: Target, inside: list[np.ndarray]) -> np.ndarray:
        """Return the inputs that move a target most among the worlds that are left."""
        stages = self.found.stages
        if sum(one.sum() for one in inside) < LEAST_SCREENED:
            inside = [np.ones(len(stage.points), bool) for stage in stages]
        points, means = [], []
        for stage, kept in zip(stages, inside, strict=True):
            values = near(target, stage.values[target.name])[kept]
            here, mean, _, _ = averaged(stage.points[kept], values)
            points.append(here)
            means.append(mean)
        return screen(np.concatenate(points), np.concatenate(means), self.matching.screening.each, self.matching.seed)

    def fitted_on(self, target: Target, inside: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        """Return points and readings of worlds that an emulator is fitted on: of waves, the newest first."""
        points, values = [], []
        widest = max(stage.values[target.name].shape[1] for stage in self.found.stages[1:])
        for stage, kept in list(zip(self.found.stages, inside, strict=True))[:0:-1]:
            own = near(target, stage.values[target.name])[kept]
            wide = np.full((len(own), widest), np.nan)
            wide[:, : own.shape[1]] = own
            points.append(stage.points[kept])
            values.append(wide)
        return np.concatenate(points)[:MOST_FITTED], np.concatenate(values)[:MOST_FITTED]


def near(target: Target, values: np.ndarray) -> np.ndarray:
    """Return readings on the target's scale; those very far off count as only `FAR` standard deviations off."""
    scaled = target.scaled(values)
    luck = np.nanmedian(np.nanvar(scaled, axis=1)) if np.isfinite(scaled).any() else 0.0
    reach = FAR * np.sqrt(target.doubt + luck)
    return np.clip(scaled, target.aim - reach, target.aim + reach)


def alone(found: Matched, number: int = 2000) -> list[Mapping[str, float]]:
    """Return for each wave the share of what was left before it that each target alone puts beyond the wave's bound."""
    rows = []
    for place, ruling in enumerate(found.rulings):
        drawn = sample(found.rulings[:place], len(found.matching.inputs), number, np.random.default_rng(place)).points
        beyond = ruling.implausibility(drawn) > ruling.wave.bound
        rows.append(dict(zip((one.name for one in ruling.targets), beyond.mean(axis=1).tolist(), strict=True)))
    return rows


def without(found: Matched, keep: str | None = None, number: int = 400) -> dict[str, float]:
    """Return by target the share of the space that would be left without it, by the last wave's emulators.

    `keep`: the share that one target alone would leave, under "kept".
    """
    last = found.rulings[-1]
    inputs, wave = len(found.matching.inputs), replace(last.wave, rank=1)

    def share(targets: tuple[Target, ...]) -> float:
        ruling = Ruling(targets, {one.name: last.emulators[one.name] for one in targets}, wave)
        return sample([ruling], inputs, number, np.random.default_rng(found.matching.seed)).share if targets else 1.0

    if keep is not None:
        return {"kept": share(tuple(one for one in last.targets if one.name == keep))}
    return {one.name: share(tuple(other for other in last.targets if other is not one)) for one in last.targets}
