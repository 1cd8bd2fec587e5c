"""What a run leaves behind, written into a folder: results, deals, scenario, report and manifest."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from stackcraft.experiments.runs import manifest as manifests
from stackcraft.experiments.runs import outputs
from stackcraft.model.scenario import Scenario
from stackcraft.viz.report.build import build_report


def write_bundle(place: Path, scenario: Scenario, simulation: Any, overrides: Sequence[str], repeat: str = "") -> None:
    """Write all of it into the folder `place`, the manifest last. `repeat` is the command that makes it again, if not
    the usual one.

    Raises `OSError`.
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
