"""What a run leaves behind, written into a folder: results, deals, scenario, report and manifest."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stackcraft.experiments.runs import manifest as manifests
from stackcraft.experiments.runs import outputs
from stackcraft.model.scenario import Scenario
from stackcraft.viz.report.build import build_comparison_report, build_report


def write_bundle(place: Path, scenario: Scenario, simulation: Any, overrides: Sequence[str], repeat: str = "") -> None:
    """Write all of it into the folder `place`, the manifest last. Raises `OSError`.

    `repeat` is the command that makes it again, if it is not the usual one.
    """
    results = simulation.results
    with _writing((results, place / outputs.RESULTS)):
        outputs.write_deals(simulation.deals, place / outputs.DEALS)
        (place / outputs.SCENARIO).write_text(scenario.to_toml(), encoding="utf-8")
        more = {"repeat": repeat} if repeat else {}
        manifest = manifests.make_manifest(
            scenario,
            overrides=list(overrides),
            facts_hash=simulation.inputs.facts_hash,
            results_hash=outputs.results_hash(results),
            **more,
        )
        build_report(simulation, place / outputs.REPORT, manifest)
    outputs.write_manifest(manifest, place)


@contextmanager
def _writing(*results: tuple[Any, Path]) -> Iterator[None]:
    """Write results to files beside what else is done: compressing them takes longest and leaves Python alone.

    Nothing is done after an error of either, which is raised.
    """
    with ThreadPoolExecutor(1) as pool:
        written = [pool.submit(outputs.write_results, *one) for one in results]
        try:
            yield
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
        for one in written:
            one.result()


def write_comparison_bundle(place: Path, comparison: Any, simulations: Sequence[Any], overrides: Sequence[str]) -> None:
    """Write both sides of a comparison into the folder `place`, what differs, the report and the manifest.

    `simulations` are those of A and B; `overrides` is what the command line changed. Raises `OSError`.
    """
    results = [simulation.results for simulation in simulations]
    with _writing(*((one, place / f"{side}-{outputs.RESULTS}") for side, one in zip("ab", results, strict=True))):
        for side, simulation, scenario in zip("ab", simulations, (comparison.a, comparison.b), strict=True):
            (place / f"{side}-{outputs.SCENARIO}").write_text(scenario.to_toml(), encoding="utf-8")
            outputs.write_deals(simulation.deals, place / f"{side}-{outputs.DEALS}")
        hashes = [outputs.results_hash(one) for one in results]
        text = json.dumps(comparison.as_dict(), indent=2, ensure_ascii=False, allow_nan=False)
        (place / outputs.DIFFERENCES).write_text(text + "\n", encoding="utf-8")
        manifest = manifests.make_manifest(
            comparison.b,
            overrides=list(overrides),
            facts_hash=simulations[1].inputs.facts_hash,
            results_hash=hashes[1],
            repeat=f"stackcraft compare a-{outputs.SCENARIO} b-{outputs.SCENARIO}",
            compared_with=comparison.a.as_dict(),
            compared_results_hash=hashes[0],
        )
        build_comparison_report(*simulations, place / outputs.REPORT, manifest)
    outputs.write_manifest(manifest, place)
