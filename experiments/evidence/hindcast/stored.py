"""The stored scores of the hindcast, and the forecasts by country behind them."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np

from stackcraft.experiments.evidence.hindcast import scores
from stackcraft.experiments.evidence.hindcast.score import AS_DECLARED, Forecast, Score

SCORES = Path(__file__).with_name("scores.csv")
FORECASTS = Path(__file__).with_name("forecasts.csv")
REASONS = Path(__file__).with_name("reasons.toml")
# In which order verdicts are shown: what the model loses stands first.
LOSSES_FIRST = ("worse", "outside", "no difference shown", "inside", "better")

# What became of a candidate country, by whether the event was foreseen and whether it happened.
OUTCOMES = {(True, True): "hit", (False, True): "missed", (True, False): "alarm", (False, False): "neither"}


@dataclass(frozen=True)
class Evidence:
    """Scores of the model and of the wrong ones, forecasts of the model, and what they were measured with."""

    scores: tuple[Score, ...]
    forecasts: tuple[Forecast, ...]
    about: Mapping[str, str]

    def primary(self) -> list[Score]:
        """Return the model's primary scores, losses first."""
        rows = [one for one in self.scores if one.model == AS_DECLARED.name and one.primary]
        return sorted(rows, key=lambda one: LOSSES_FIRST.index(one.verdict))

    def of_wrong(self, target: str) -> dict[str, Score]:
        """Return the primary score of each model that is wrong on purpose, by its name."""
        return {
            one.model: one
            for one in self.scores
            if one.target == target and one.primary and one.model != AS_DECLARED.name
        }

    def of_target(self, target: str) -> list[Forecast]:
        """Return the forecasts of a target by country."""
        return [one for one in self.forecasts if one.target == target]

    def blocks(self, target: str) -> list[tuple[str, int, int, float, float, float]]:
        """Return for each block its name, countries, events, and the log score with it fitted, left out, and naive."""
        found, rows = [], self.of_target(target)
        for block in dict.fromkeys(one.block for one in rows):
            inside = [one for one in rows if one.block == block]
            seen = np.array([one.happened for one in inside])
            rated = (
                scores.log_score(np.array([getattr(one, name) for one in inside]), seen)
                for name in ("chance", "left_out", "baseline")
            )
            found.append((block, len(inside), int(seen.sum()), *rated))
        return found

    def outcomes(self, target: str) -> dict[str, str]:
        """Return by country which of `OUTCOMES` it was; empty for a target without forecasts by country.

        As many countries count as foreseen as the chances add up to, those with the highest chances.
        """
        rows = sorted(self.of_target(target), key=lambda one: (-one.chance, one.iso3))
        number = round(sum(one.chance for one in rows))
        return {one.iso3: OUTCOMES[place < number, one.happened > 0] for place, one in enumerate(rows)}

    def reliability(self, target: str, bins: int) -> list[tuple[float, float, int]]:
        """Return mean chance, share that happened and countries, for bins of equal numbers."""
        rows = self.of_target(target)
        chance, happened = (np.array([getattr(one, name) for one in rows]) for name in ("chance", "happened"))
        return scores.reliability(chance, happened, bins)


def store(rows: Iterable[Score | Forecast], about: Mapping[str, str], path: Path, kind: type) -> None:
    """Write rows to a table that begins with comment lines: what they were measured with."""
    with path.open("w", newline="", encoding="utf-8") as file:
        file.writelines(f"# {name}: {value}\n" for name, value in about.items())
        writer = csv.writer(file, lineterminator="\n")
        names = [one.name for one in fields(kind)]
        writer.writerow(names)
        for row in rows:
            writer.writerow(_written(getattr(row, name)) for name in names)


def stored(path: Path = SCORES, forecasts: Path = FORECASTS) -> Evidence:
    """Return what is stored, or empty evidence if the files are missing."""
    of_scores, about = _read(path, Score)
    of_countries, _ = _read(forecasts, Forecast)
    return Evidence(tuple(of_scores), tuple(of_countries), about)


def reasons(path: Path = REASONS) -> dict[str, str]:
    """Return why the model misses a target, by its name, as was found after scoring."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: one["reason"] for name, one in table.items()}


def _written(value: object) -> object:
    return f"{value:.6g}" if isinstance(value, float) else value


def _read(path: Path, kind: type) -> tuple[list, dict[str, str]]:
    if not path.is_file():
        return [], {}
    lines = path.read_text(encoding="utf-8").splitlines()
    about = dict(line[2:].split(": ", 1) for line in lines if line.startswith("# "))
    read = {"float": float, "int": int, "bool": "True".__eq__, "str": str}
    rows = [
        kind(**{one.name: read[one.type](row[one.name]) for one in fields(kind)})
        for row in csv.DictReader(line for line in lines if not line.startswith("# "))
    ]
    return rows, about
