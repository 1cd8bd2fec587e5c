"""What a run leaves behind, written into a folder: results, deals, scenario, report and manifest."""

from __future__ import annotations

import json
from collections.abc import Sequence
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
    outputs.write_results(results, place / outputs.RESULTS)
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


def write_comparison_bundle(place: Path, comparison: Any, simulations: Sequence[Any], overrides: Sequence[str]) -> None:
    """Write both sides of a comparison into the folder `place`, what differs, the report and the manifest.

    `simulations` are those of A and B; `overrides` is what the command line changed. Raises `OSError`.
    """
    hashes = []
    for side, simulation, scenario in zip("ab", simulations, (comparison.a, comparison.b), strict=True):
        (place / f"{side}-{outputs.SCENARIO}").write_text(scenario.to_toml(), encoding="utf-8")
        outputs.write_results(simulation.results, place / f"{side}-{outputs.RESULTS}")
        outputs.write_deals(simulation.deals, place / f"{side}-{outputs.DEALS}")
        hashes.append(outputs.results_hash(simulation.results))
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
