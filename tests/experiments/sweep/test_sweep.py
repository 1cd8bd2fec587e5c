"""Sweeps go on where they stopped, grow, refuse what does not belong together, and lose nothing."""

import json
import os
from types import SimpleNamespace

import numpy as np
import pyarrow.parquet as pq
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.runs.outputs import OutputError
from stackcraft.experiments.sweep import Study, driver, files, open_study, provenance, sweep
from stackcraft.experiments.sweep.store import Store


def bytes_of(folder):
    return {path.name: path.read_bytes() for path in sorted((folder / "runs").glob("part-*.parquet"))}


def test_a_sweep_holds_every_run_of_its_design(function_table, tmp_path):
    study = Study.from_dict(function_table)
    report = sweep(study, tmp_path / "s")
    assert (report.total, report.done, report.failed, report.whole) == (60, 60, 0, True)
    results = open_study(tmp_path / "s")
    cube = results.cube("y")
    assert cube.shape == (5, 3, 4)
    table = results.design
    luck = cube.reshape(15, 4) - (table["x1"] + 2 * table["x2"]).to_numpy()[:, np.newaxis]
    # The same luck in every row; kept in single precision.
    np.testing.assert_allclose(luck, np.broadcast_to(luck[0], luck.shape), atol=1e-6)
    assert len(np.unique(np.round(luck[0], 6))) == 4


def test_shards_and_threads_give_the_same_bytes(small_table, tmp_path):
    study = Study.from_dict(small_table)
    sweep(study, tmp_path / "one", threads=1)
    whole = bytes_of(tmp_path / "one")
    assert len(whole) == 12
    for count in (2, 4):
        for index in range(count, 0, -1):
            sweep(study, tmp_path / f"shards{count}", shard=(index, count), threads=2)
        assert bytes_of(tmp_path / f"shards{count}") == whole


def test_a_sweep_goes_on_where_it_stopped(function_table, tmp_path):
    study = Study.from_dict(function_table)
    folder = tmp_path / "s"
    report = sweep(study, folder, time_limit=0.0)
    assert report.done == 0 and "time limit" in report.stopped
    sweep(study, folder, shard=(1, 3))
    held = bytes_of(folder)
    times = {name: os.stat(folder / "runs" / name).st_mtime_ns for name in held}
    report = sweep(study, folder)
    assert report.before == 20 and report.done == 40
    assert {name: os.stat(folder / "runs" / name).st_mtime_ns for name in held} == times


def test_replicates_and_rows_can_be_added(function_table, tmp_path):
    folder = tmp_path / "s"
    sweep(Study.from_dict(function_table), folder)
    before, old = bytes_of(folder), open_study(folder).cube("y")
    function_table["replicates"] = 6
    function_table["design"]["uncertainties"]["size"] = 8
    report = sweep(Study.from_dict(function_table), folder)
    assert (report.before, report.done) == (60, 8 * 3 * 6 - 60)
    after = bytes_of(folder)
    assert all(after[name] == data for name, data in before.items())
    cube = open_study(folder).cube("y")
    assert cube.shape == (8, 3, 6) and np.isfinite(cube).all()
    np.testing.assert_array_equal(cube[:5, :, :4], old)
    sweep(Study.from_dict(function_table), tmp_path / "at-once")
    np.testing.assert_array_equal(cube, open_study(tmp_path / "at-once").cube("y"))


def test_a_study_can_only_grow(function_table, tmp_path):
    sweep(Study.from_dict(function_table), tmp_path / "s")
    with pytest.raises(InputError, match="a study can only grow"):
        sweep(Study.from_dict({**function_table, "replicates": 2}), tmp_path / "s")
    function_table["design"]["uncertainties"] = {"kind": "latin", "size": 8}
    with pytest.raises(InputError, match="the first 15 rows of the design are no longer"):
        sweep(Study.from_dict(function_table), tmp_path / "s")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"seed": 4}, "its seed is 3, not 4"),
        ({"measures": {"y": "y"}}, "its measures are"),
        ({"uncertainties": {"x1": [0, 2]}}, "the range or the place of x1 is another"),
        ({"uncertainties": {"x1": [0, 1], "x9": [0, 1]}}, "it does not vary x9"),
    ],
)
def test_another_study_is_refused_unless_forced_and_nothing_is_lost(function_table, tmp_path, change, told):
    folder = tmp_path / "s"
    sweep(Study.from_dict(function_table), folder)
    held = bytes_of(folder)
    other = Study.from_dict({**function_table, **change})
    with pytest.raises(InputError, match=told):
        sweep(other, folder)
    assert bytes_of(folder) == held
    report = sweep(other, folder, force=True)
    assert report.done == other.runs and "superseded" in report.notes[0]
    aside = next((folder / "superseded").iterdir())
    assert bytes_of(aside) == held
    assert open_study(aside).cube("y").shape == (5, 3, 4)


def test_other_code_is_refused_unless_forced_and_each_part_says_what_made_it(function_table, tmp_path, monkeypatch):
    folder = tmp_path / "s"
    study = Study.from_dict(function_table)
    sweep(study, folder, shard=(1, 2))
    usual = provenance.code_hash
    monkeypatch.setattr(provenance, "code_hash", lambda study: usual(study)[::-1])
    with pytest.raises(InputError, match=r"the code has changed .*--force"):
        sweep(study, folder)
    report = sweep(study, folder, force=True)
    assert report.whole and "the code has changed" in report.notes[0]
    store = Store.open(folder)
    assert len({store.footer(name)["made_by"]["code"] for name in store.names()}) == 2


def test_provenance_is_in_every_part(small_table, tmp_path):
    sweep(Study.from_dict(small_table), tmp_path / "s")
    store = Store.open(tmp_path / "s")
    for name in store.names():
        footer = store.footer(name)
        assert footer["identity"] == store.spec["identity"] and footer["seed"] == 11 and footer["part"] == name
        assert {"version", "commit", "uncommitted_changes", "code", "facts", "packages", "plugins", "python"} <= set(
            footer["made_by"]
        )
        assert len(footer["made_by"]["facts"]) == 64


def test_a_failed_run_is_recorded_and_the_others_go_on(tmp_path):
    table = {
        "model": "slow_function:picky",
        "replicates": 2,
        "part_runs": 7,
        "measures": {"y": "y"},
        "uncertainties": {"x": [0, 1]},
        "design": {"uncertainties": {"kind": "random", "size": 40}},
        "seed": 1,
    }
    study = Study.from_dict(table)
    bad = np.flatnonzero(study.design.table()["x"] > 0.9)
    assert 0 < len(bad) < 10
    report = sweep(study, tmp_path / "s")
    assert report.whole and report.failed == 2 * len(bad)
    results = open_study(tmp_path / "s")
    assert set(np.flatnonzero(np.isnan(results.matrix("y")).all(axis=1))) == set(bad)
    failures = Store.open(tmp_path / "s").failures()
    assert len(failures) == 2 * len(bad)
    assert all("x is too large for me" in one["error"] and "slow_function.py" in one["traceback"] for one in failures)


def test_a_sweep_of_which_everything_fails_stops_at_once(tmp_path):
    table = {
        "model": "slow_function:picky",
        "replicates": 2,
        "part_runs": 8,
        "measures": {"y": "y"},
        "uncertainties": {"x": [0.95, 1]},
        "design": {"uncertainties": {"kind": "random", "size": 400}},
    }
    with pytest.raises(
        InputError, match=r"all 24 runs of part-00-00000.,.* failed, .*--force to go on .*x is too large for me"
    ):
        sweep(Study.from_dict(table), tmp_path / "s")
    assert not bytes_of(tmp_path / "s")
    assert sweep(Study.from_dict(table), tmp_path / "s", force=True).failed == 800


def test_a_first_part_that_fails_whole_does_not_hold_up_the_others(tmp_path):
    table = {
        "model": "slow_function:picky",
        "part_runs": 2,
        "measures": {"y": "y"},
        "uncertainties": {"x": [0, 1]},
        "design": {"uncertainties": {"kind": "table", "rows": [{"x": value} for value in (0.95, 0.99, 0.1, 0.2, 0.3)]}},
    }
    report = sweep(Study.from_dict(table), tmp_path / "s", threads=1)
    assert report.whole and report.failed == 2
    assert len(bytes_of(tmp_path / "s")) == 3


def test_a_damaged_part_is_told_and_run_anew(function_table, tmp_path):
    folder = tmp_path / "s"
    study = Study.from_dict(function_table)
    sweep(study, folder)
    whole = bytes_of(folder)
    path = folder / "runs" / "part-00-000002.parquet"
    path.write_bytes(whole[path.name][:-20])
    with pytest.raises(InputError, match=r"part-00-000002.parquet is damaged; delete it and sweep again"):
        open_study(folder).cube("y")
    report = sweep(study, folder)
    assert report.done == 10 and "part-00-000002 was damaged" in report.notes[0]
    assert bytes_of(folder) == whole
    assert path.with_suffix(".damaged").exists()


def test_a_changed_byte_within_a_part_is_found_when_it_is_read(function_table, tmp_path):
    folder = tmp_path / "s"
    sweep(Study.from_dict(function_table), folder)
    path = folder / "runs" / "part-00-000001.parquet"
    chunk = pq.read_metadata(path).row_group(0).column(3)
    data = bytearray(path.read_bytes())
    data[chunk.data_page_offset + chunk.total_compressed_size - 3] ^= 0x01  # within the values of y
    path.write_bytes(bytes(data))
    with pytest.raises(InputError, match=r"part-00-000001.parquet is damaged"):
        open_study(folder).cube("y")


def test_a_store_of_another_version_is_refused(function_table, tmp_path):
    folder = tmp_path / "s"
    study = Study.from_dict(function_table)
    sweep(study, folder)
    spec = json.loads((folder / "spec.json").read_text())
    (folder / "spec.json").write_text(json.dumps({**spec, "format": 9}))
    for action in (lambda: open_study(folder), lambda: sweep(study, folder)):
        with pytest.raises(InputError, match="is a store of format 9, and this version reads format 1"):
            action()
    (folder / "spec.json").write_text("{")
    with pytest.raises(InputError, match=r"spec.json is damaged: it is not JSON"):
        open_study(folder)


def test_a_folder_with_something_else_in_it_is_left_alone(function_table, tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(InputError, match=r"holds thesis.docx, which is not part of a study"):
        sweep(Study.from_dict(function_table), tmp_path)
    with pytest.raises(InputError, match="holds no study"):
        open_study(tmp_path)


def test_a_design_larger_than_the_disk_is_refused_before_it_begins(function_table, tmp_path, monkeypatch):
    monkeypatch.setattr(driver.shutil, "disk_usage", lambda folder: SimpleNamespace(free=100))
    with pytest.raises(InputError, match=r"60 runs need about .* GB and 0.0 GB are free"):
        sweep(Study.from_dict(function_table), tmp_path / "s")


def test_a_full_disk_is_one_clear_line_and_leaves_nothing_half_written(function_table, tmp_path, monkeypatch):
    folder = tmp_path / "s"
    study = Study.from_dict(function_table)
    sweep(study, folder, shard=(1, 3))
    held = bytes_of(folder)

    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(OutputError, match="the disk is full; free some space and give the same command again"):
            sweep(study, folder)
    assert bytes_of(folder) == held
    assert not list((folder / "runs").glob(".*tmp"))
    assert sweep(study, folder).whole


def test_two_sweeps_do_not_work_in_one_folder(function_table, tmp_path):
    folder = tmp_path / "s"
    folder.mkdir()
    with files.locked(folder, "1-of-1"), pytest.raises(InputError, match="another sweep is at work"):
        sweep(Study.from_dict(function_table), folder)


@pytest.mark.slow
def test_a_worker_that_dies_every_time_loses_its_part_and_no_other(tmp_path):
    pytest.importorskip("distributed")
    table = {
        "model": "slow_function:deadly",
        "part_runs": 5,
        "measures": {"y": "y"},
        "uncertainties": {"x": [0, 1]},
        "design": {
            "uncertainties": {"kind": "table", "rows": [{"x": value} for value in [0.1] * 10 + [0.95] + [0.2] * 9]}
        },
    }
    report = sweep(Study.from_dict(table), tmp_path / "s", dask="local", threads=2)
    assert [name for name, _ in report.lost] == ["part-00-000002"]
    assert "KilledWorker" in report.lost[0][1]
    assert report.done == 15 and not report.whole
    assert len(bytes_of(tmp_path / "s")) == 3


@pytest.mark.parametrize(
    "function, says",
    [
        ("constant", r"measure y has shape \(12,\); give \(24,\), a number a run"),
        ("two_columns", r"measure y has shape \(24, 2\); give \(24,\)"),
        ("other_name", "gave no measure y; it gave why"),
        ("lists", "gave list; give a table of measures"),
        ("texts", "measure y holds something else than numbers"),
        ("no_replicates", "TypeError: no_replicates.*it is called with .rows, replicates, seed."),
    ],
)
def test_a_function_of_the_wrong_form_ends_the_sweep_and_no_run_of_its_is_kept(function, says, tmp_path):
    table = {
        "model": f"slow_function:{function}",
        "replicates": 2,
        "part_runs": 24,
        "measures": {"y": "y"},
        "uncertainties": {"x": [0, 1]},
        "design": {"uncertainties": {"kind": "random", "size": 48}},
    }
    for force in (False, True):
        with pytest.raises(InputError, match=says):
            sweep(Study.from_dict(table), tmp_path / "s", force=force)
        assert not bytes_of(tmp_path / "s") and not list((tmp_path / "s" / "failures").iterdir())


def test_a_users_measure_of_the_wrong_shape_ends_the_sweep_and_is_not_fitted_by_halving(
    small_table, tmp_path, monkeypatch
):
    from stackcraft.model import UserMeasure, user_measures

    four = UserMeasure("four", (), "1", "always four numbers", lambda simulation: np.arange(4.0))
    monkeypatch.setattr(user_measures, "_installed", lambda: [four])
    small_table["measures"] = {"y": "four"}
    with pytest.raises(InputError, match=r"measure 'four' in 2025 gave shape \(4,\); give \(8,\)"):
        sweep(Study.from_dict(small_table), tmp_path / "s", threads=1)
    assert not bytes_of(tmp_path / "s")


def test_a_value_beyond_single_precision_is_a_failed_run_and_never_infinity(tmp_path):
    table = {
        "model": "slow_function:huge",
        "measures": {"y": "y"},
        "uncertainties": {"x": {"values": [0.1, 0.2, 0.6]}},
        "design": {"uncertainties": {"kind": "grid"}},
    }
    report = sweep(Study.from_dict(table), tmp_path / "s")
    assert (report.done, report.failed) == (3, 1)
    np.testing.assert_array_equal(open_study(tmp_path / "s").matrix("y")[:, 0], np.float32([0.1, 0.2, np.nan]))
    (failure,) = Store.open(tmp_path / "s").failures()
    assert failure["design_id"] == 2 and "measure y is 1e+39, beyond what single precision holds" in failure["error"]


def test_mistakes_of_a_study_survive_the_way_from_another_machine():
    import pickle

    from stackcraft.experiments.sweep.study import StudyError

    error = pickle.loads(pickle.dumps(StudyError(["one", "two"])))
    assert str(error) == "one\ntwo" and error.mistakes == ["one", "two"]


def test_what_a_killed_sweep_left_half_written_is_tidied_by_the_next(function_table, tmp_path):
    folder, study = tmp_path / "s", Study.from_dict(function_table)
    sweep(study, folder, shard=(1, 2))
    leftovers = [folder / ".spec.json.abc.tmp", folder / "runs" / ".part-00-000001.parquet.xyz.tmp"]
    strangers = [folder / ".notes.tmp", folder / ".cache" / ".spec.json.abc.tmp", folder / "runs" / ".mine.x.tmp"]
    strangers[1].parent.mkdir()
    for path in (*leftovers, *strangers):
        path.write_bytes(b"half")
    with files.locked(folder, "2-of-2"):  # somebody else is at work: it may be theirs
        sweep(study, folder, shard=(1, 2))
    assert all(path.exists() for path in leftovers)
    assert sweep(study, folder).whole
    assert not any(path.exists() for path in leftovers) and all(path.exists() for path in strangers)


@pytest.mark.parametrize("name", ["runs/monday.csv", "inputs/survey.csv", "failures/notes.txt", "superseded/old.txt"])
def test_a_folder_with_somebodys_files_is_refused_though_a_study_has_folders_of_that_name(
    function_table, tmp_path, name
):
    path = tmp_path / name
    path.parent.mkdir()
    path.write_text("mine")
    with pytest.raises(InputError, match=r"which is not part of a study; name a new or empty folder"):
        sweep(Study.from_dict(function_table), tmp_path)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == [path]


def test_a_sweep_that_was_killed_before_its_specification_goes_on(function_table, tmp_path):
    study = Study.from_dict(function_table)
    sweep(study, tmp_path, shard=(1, 2))
    (tmp_path / "spec.json").unlink()
    assert sweep(study, tmp_path).whole
