"""Sweeps that share a folder: the jobs of an array, late comers, and what a checkout does in the meantime."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.sweep import Study, files, open_study, provenance, sweep
from stackcraft.experiments.sweep.store import Store

JOB = """
import sys, time
from stackcraft.experiments.sweep import Study, files, sweep
if sys.argv[4] == "without-locks":
    def without(*_, **__):
        raise NotImplementedError
    files.FileLock.acquire = without
study = Study.from_dict({table!r}, "s")
time.sleep(max(0.0, float(sys.argv[3]) - time.time()))
sweep(study, sys.argv[1], shard=(int(sys.argv[2]), 6), threads=1)
"""


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "runs").glob("part-*.parquet"))}


@pytest.mark.parametrize("locks", ["with-locks", "without-locks"])
def test_the_jobs_of_an_array_may_begin_at_the_same_moment(function_table, tmp_path, locks):
    sweep(Study.from_dict(function_table, "s"), tmp_path / "alone")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    moment = str(time.time() + 6)
    command = [sys.executable, "-c", JOB.replace("{table!r}", repr(function_table)), str(tmp_path / "array")]
    jobs = [
        subprocess.Popen([*command, str(index), moment, locks], env=environment, stderr=subprocess.PIPE, text=True)
        for index in range(1, 7)
    ]
    for job in jobs:
        _, error = job.communicate(timeout=120)
        assert job.returncode == 0, error
    assert bytes_of(tmp_path / "array") == bytes_of(tmp_path / "alone")


def test_a_part_of_another_study_is_not_taken_for_one_of_this(function_table, tmp_path):
    study, other = Study.from_dict(function_table), Study.from_dict({**function_table, "seed": 4})
    sweep(study, tmp_path / "s")
    sweep(other, tmp_path / "other")
    whole, name = bytes_of(tmp_path / "s"), "part-00-000002.parquet"
    (tmp_path / "s" / "runs" / name).write_bytes(bytes_of(tmp_path / "other")[name])
    assert sweep(study, tmp_path / "s").done == 10
    assert bytes_of(tmp_path / "s") == whole


def test_a_study_at_work_is_not_set_aside(function_table, tmp_path):
    study, other = Study.from_dict(function_table), Study.from_dict({**function_table, "seed": 4})
    sweep(study, tmp_path / "s", shard=(1, 2))
    with files.locked(tmp_path / "s", "2-of-2"), pytest.raises(InputError, match="another sweep is at work on it"):
        sweep(other, tmp_path / "s", force=True)
    assert sweep(other, tmp_path / "s", force=True).whole


def test_a_commit_that_changes_no_code_changes_no_bytes(function_table, tmp_path, monkeypatch):
    study = Study.from_dict(function_table)
    sweep(study, tmp_path / "alone")
    sweep(study, tmp_path / "s", shard=(1, 2))
    # The folder of the study itself may lie in the checkout, where it is a change that is not committed.
    monkeypatch.setattr(provenance, "commit", lambda: {"commit": "0" * 40, "uncommitted_changes": True})
    assert sweep(study, tmp_path / "s").whole
    assert bytes_of(tmp_path / "s") == bytes_of(tmp_path / "alone")


def test_too_many_replicates_are_refused_and_the_folder_stays_as_it_is(function_table, tmp_path):
    study = Study.from_dict(function_table)
    sweep(study, tmp_path / "s")
    with pytest.raises(InputError, match="replicates: 3000000000 should be a whole number from 1 to 1000000"):
        sweep(study.with_replicates(3_000_000_000), tmp_path / "s")
    assert open_study(tmp_path / "s").replicates == 4


def test_a_design_that_would_be_made_otherwise_is_refused(function_table, tmp_path):
    folder = tmp_path / "s"
    sweep(Study.from_dict(function_table), folder)
    path = folder / "spec.json"
    spec = json.loads(path.read_text(encoding="utf-8"))
    # As if the sampler gave other rows, or a declaration another range, than when the study was run.
    for change in ({"designs": {"15": "0" * 64}}, {"study": {**spec["study"], "uncertainties": {"x1": [0, 2]}}}):
        path.write_text(json.dumps({**spec, **change}), encoding="utf-8")
        with pytest.raises(InputError, match="its rows mean something else to what is installed here"):
            open_study(folder)
    path.write_text(json.dumps({key: spec[key] for key in ("program", "format")}), encoding="utf-8")
    with pytest.raises(InputError, match=r"spec.json is damaged: parts of it are missing"):
        open_study(folder)


def test_what_is_missing_beside_the_parts_is_made_anew(function_table, tmp_path):
    study, folder = Study.from_dict(function_table), tmp_path / "s"
    sweep(study, folder)
    (folder / "design.parquet").unlink()
    (folder / "failures").rmdir()
    assert sweep(study, folder).done == 0
    assert (folder / "design.parquet").exists() and (folder / "failures").is_dir()


def test_a_folder_of_facts_goes_with_the_study(small_table, tmp_path):
    import shutil

    from stackcraft.model.tables import folder_of

    shutil.copytree(folder_of("synthetic"), tmp_path / "facts")
    (tmp_path / "mine.toml").write_text('world = "facts"\nyears = [2025, 2027]\n', encoding="utf-8")
    small_table |= {"scenario": "mine.toml", "bundles": {}, "strategies": {}, "structure": {}}
    study = Study.from_dict(small_table, "s", tmp_path)
    sweep(study, tmp_path / "s")
    whole = bytes_of(tmp_path / "s")
    shutil.rmtree(tmp_path / "facts")
    shutil.move(tmp_path / "s", tmp_path / "moved")
    store = Store.open(tmp_path / "moved")
    assert store.study.scenario.world == str(tmp_path / "moved" / "inputs" / "facts")
    next((tmp_path / "moved" / "runs").glob("part-*.parquet")).unlink()
    sweep(store.study, tmp_path / "moved")
    assert bytes_of(tmp_path / "moved") == whole


def test_a_package_that_is_worked_on_counts_as_code(function_table, monkeypatch, tmp_path):
    (tmp_path / "worked_on.py").write_text("A = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    class Point:
        module, dist = "worked_on", None

    monkeypatch.setattr(provenance, "entry_points", lambda group: [Point])
    study = Study.from_dict(function_table)
    before = provenance.code_hash(study)
    (tmp_path / "worked_on.py").write_text("A = 2\n", encoding="utf-8")
    assert provenance.code_hash(study) != before


def test_the_table_of_a_large_design_is_written_in_pieces(function_table, tmp_path, monkeypatch):
    import pandas as pd

    from stackcraft.experiments.sweep import study as module

    monkeypatch.setattr(module, "PIECE", 4)
    function_table["constraints"] = ["x1 + x2 > 0.3"]
    study = Study.from_dict(function_table)
    usual = type(study.design).table
    laid_out = []
    monkeypatch.setattr(type(study.design), "table", lambda self, rows=None: laid_out.append(rows) or usual(self, rows))
    Store.create(tmp_path / "s", study, [(0, study.design.rows, 0, 4)], {})
    assert max(len(rows) for rows in laid_out) == 4
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "s" / "design.parquet").set_index("design_id"), usual(study.design)
    )


@pytest.mark.parametrize(
    ("cancelled", "told"), [(True, "called off by the scheduler"), (False, "the scheduler no longer answers")]
)
def test_parts_that_are_lost_with_a_scheduler_are_told(function_table, tmp_path, monkeypatch, cancelled, told):
    from concurrent.futures import Future
    from contextlib import contextmanager

    from stackcraft.experiments.sweep import driver
    from stackcraft.experiments.sweep.executors import Workers

    handed_out = []

    class Gone:
        def submit(self, *arguments):
            handed_out.append(Future())
            if cancelled:
                handed_out[-1].cancel()
                handed_out[-1].set_running_or_notify_cancel()
            return handed_out[-1]

    @contextmanager
    def executor(threads, dask):
        yield Workers(Gone(), 2, lambda: cancelled or len(handed_out) < 4)

    monkeypatch.setattr(driver, "executor", executor)
    report = sweep(Study.from_dict(function_table), tmp_path / "s")
    assert report.lost and not report.whole
    assert all(told in why for _, why in report.lost)
