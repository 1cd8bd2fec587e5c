"""Output folders are whole or not there; hashes tell the smallest difference."""

import errno
import hashlib
import json
import os

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from filelock import FileLock

from stackcraft.agents.errors import InputError
from stackcraft.experiments.runs import manifest as manifests
from stackcraft.experiments.runs import outputs
from stackcraft.experiments.runs.outputs import OutputError, check_place, output_folder, results_hash
from stackcraft.model.scenario import Scenario


@pytest.fixture
def results():
    rng = np.random.default_rng(1)
    return xr.Dataset(
        {
            "share": (("run", "year", "country"), rng.random((3, 4, 5)), {"units": "share"}),
            "count": (("run", "year"), rng.integers(0, 9, (3, 4)), {"units": "count"}),
            "gap": (("run", "year"), np.where(rng.random((3, 4)) < 0.5, np.nan, 1.0)),
        },
        coords={"run": np.arange(3), "year": np.arange(2025, 2029), "country": list("ABCDE")},
    )


def write_outputs(place, text="whole"):
    """Write what a run leaves, as little of it as will do."""
    (place / outputs.REPORT).write_text(text)
    outputs.write_manifest({"program": "stackcraft"}, place)


def everything_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_when_it_is_whole_and_not_before(tmp_path):
    target = tmp_path / "deep" / "out"
    with output_folder(target) as place:
        (place / outputs.REPORT).write_text("half")
        assert not target.exists()
    assert everything_in(target) == [outputs.REPORT] and everything_in(tmp_path / "deep") == ["out"]
    mask = os.umask(0)
    os.umask(mask)
    assert target.stat().st_mode & 0o777 == 0o777 & ~mask


@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), RuntimeError("x"), OSError(errno.ENOSPC, "No space left on device")]
)
def test_a_failure_leaves_nothing_new_and_keeps_what_was_there(tmp_path, error):
    target = tmp_path / "out"
    with pytest.raises(BaseException) as caught, output_folder(tmp_path / "new" / "out") as place:
        (place / outputs.REPORT).write_text("half")
        raise error
    assert everything_in(tmp_path) == []
    with output_folder(target) as place:
        write_outputs(place, "first")
    with pytest.raises(type(error) if not isinstance(error, OSError) else OutputError), output_folder(target) as place:
        (place / outputs.REPORT).write_text("second")
        raise error
    assert everything_in(tmp_path) == ["out"] and (target / outputs.REPORT).read_text() == "first"
    if isinstance(error, OSError):
        assert isinstance(caught.value, OutputError)
        assert "disk is full" in str(caught.value) and "\n" not in str(caught.value)


def test_earlier_outputs_are_replaced_and_nothing_else(tmp_path):
    target = tmp_path / "out"
    for text in ("first", "second"):
        with output_folder(target) as place:
            write_outputs(place, text)
    assert (target / outputs.REPORT).read_text() == "second" and everything_in(tmp_path) == ["out"]
    (target / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match=r"notes\.txt"):
        check_place(target)
    with pytest.raises(InputError, match="is a file"):
        check_place(target / "notes.txt")
    with pytest.raises(InputError, match="is a file"):
        check_place(target / "notes.txt" / "deeper")
    assert (target / "notes.txt").read_text() == "mine"


def test_a_file_that_somebody_wrote_is_kept_though_it_is_called_as_ours_are(tmp_path):
    (tmp_path / outputs.SCENARIO).write_text("# my own\n")
    with pytest.raises(InputError, match=r"holds scenario.toml, but no manifest which says that Stackcraft wrote it"):
        check_place(tmp_path)
    (tmp_path / outputs.MANIFEST).write_text('{"program": "other"}')
    with pytest.raises(InputError, match="no manifest which says that Stackcraft wrote it"):
        check_place(tmp_path)


@pytest.mark.parametrize("name", [outputs.SCENARIO, outputs.REPORT])
def test_outputs_that_somebody_changed_or_added_to_are_kept(tmp_path, name):
    with output_folder(tmp_path / "out") as place:
        write_outputs(place)
    check_place(tmp_path / "out")
    (tmp_path / "out" / name).write_text("mine")
    with pytest.raises(InputError, match=rf"holds {name}, which is not as Stackcraft wrote it; name a new or empty"):
        check_place(tmp_path / "out")
    (tmp_path / "out" / name).unlink()
    (tmp_path / "out" / name).mkdir()
    with pytest.raises(InputError, match=rf"holds {name}, which is not an output"):
        check_place(tmp_path / "out")


def test_a_place_that_cannot_be_written_is_told_before_the_work(tmp_path, monkeypatch):
    def refuse(*arguments, **options):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(outputs.tempfile, "mkdtemp", refuse)
    with pytest.raises(InputError, match=r"--out .*no permission; name another folder with --out"):
        check_place(tmp_path / "out")


def test_a_full_disk_is_no_fault_of_whoever_asked(tmp_path, monkeypatch):
    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(outputs.tempfile, "mkdtemp", full)
    with pytest.raises(OutputError, match="disk is full"):
        check_place(tmp_path / "out")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, which only Linux has")
@pytest.mark.parametrize("write", ["results", "deals"])
def test_a_disk_that_really_is_full(tmp_path, results, write, capfd):
    with pytest.raises(OutputError, match="disk is full"), output_folder(tmp_path / "out") as place:
        os.symlink("/dev/full", place / "file")
        if write == "results":
            outputs.write_results(results, place / "file")
        else:
            outputs.write_deals(pd.DataFrame({"value": np.arange(100_000)}), place / "file")
    assert everything_in(tmp_path) == []
    assert capfd.readouterr().err == ""  # the libraries say nothing of their own


def test_results_and_deals_read_back(tmp_path, results):
    outputs.write_results(results, tmp_path / "r.nc")
    with xr.open_dataset(tmp_path / "r.nc", engine="h5netcdf") as again:
        assert again["share"].attrs["units"] == "share" and list(again["country"].values) == list("ABCDE")
        np.testing.assert_allclose(again["share"], results["share"], rtol=1e-6)
        np.testing.assert_array_equal(again["count"], results["count"])
        np.testing.assert_array_equal(np.isnan(again["gap"]), np.isnan(results["gap"]))
    deals = pd.DataFrame({"country": ["KEN", "BRA"], "value_bn": [1.0, np.nan]})
    outputs.write_deals(deals, tmp_path / "d.parquet")
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "d.parquet"), deals)


def test_hash_is_of_bits_names_and_coordinates(results):
    first = results_hash(results)
    assert results_hash(results.copy(deep=True)) == first
    assert results_hash(results[["gap", "share", "count"]]) == first  # order does not matter
    nudged = results.copy(deep=True)
    nudged["share"].values[0, 0, 0] = np.nextafter(nudged["share"].values[0, 0, 0], 2)
    assert results_hash(nudged) != first
    assert results_hash(results.rename(share="shares")) != first
    assert results_hash(results.assign_coords(country=list("ABCDF"))) != first
    other_nan = results.copy(deep=True)
    bits = other_nan["gap"].values.view(np.uint64)
    bits[np.isnan(results["gap"].values)] |= 1
    assert results_hash(other_nan) == first


def test_manifest_says_everything_and_is_read_back(tmp_path):
    scenario = Scenario.load("baseline").with_changes(levers=["KEN.hedge=0.5"], runs=3, seed=9)
    manifest = manifests.make_manifest(scenario, overrides=["--runs 3"], facts_hash="f", results_hash="r")
    (tmp_path / outputs.REPORT).write_text("report")
    outputs.write_manifest(manifest, tmp_path)
    again = manifests.read_manifest(tmp_path)
    assert again == manifests.read_manifest(tmp_path / outputs.MANIFEST)
    assert manifests.scenario_of(again) == scenario
    assert (again["runs"], again["seed"], again["facts_hash"], again["results_hash"]) == (3, 9, "f", "r")
    assert again["files"] == {outputs.REPORT: {"bytes": 6, "sha256": hashlib.sha256(b"report").hexdigest()}}
    assert again["packages"]["numpy"] == np.__version__
    assert set(again) >= {"version", "commit", "uncommitted_changes", "repeat", "python", "overrides"}


@pytest.mark.parametrize("key", ["runs", "seed"])
def test_a_manifest_that_contradicts_itself_is_refused(tmp_path, key):
    manifest = manifests.make_manifest(Scenario(), overrides=[], facts_hash="f", results_hash="r")
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, key: 5}))
    with pytest.raises(InputError, match=f"contradicts itself: {key} is 5"):
        manifests.read_manifest(tmp_path)


def test_what_differs_names_facts_packages_and_version():
    manifest = manifests.make_manifest(Scenario(), overrides=[], facts_hash="f", results_hash="r")
    unchanged = [text for text in manifests.what_differs(manifest, "f") if "not committed" not in text]
    assert unchanged == []
    manifest["packages"] = {**manifest["packages"], "numpy": "1.0"}
    manifest["version"] = "0"
    text = "; ".join(manifests.what_differs(manifest, "g"))
    assert "facts have changed" in text and "numpy was 1.0" in text and "version was 0" in text


def test_a_manifest_is_read_with_a_byte_order_mark_as_some_editors_write_it(tmp_path):
    manifest = manifests.make_manifest(Scenario(), overrides=[], facts_hash="f", results_hash="r")
    (tmp_path / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8-sig")
    assert manifests.read_manifest(tmp_path) == manifest


@pytest.mark.parametrize(
    ("key", "value"),
    [("overrides", 5), ("overrides", [5]), ("packages", ["numpy"]), ("scenario", []), ("facts_hash", 5),
     ("results_hash", None)],
)  # fmt: skip
def test_a_manifest_with_a_value_of_the_wrong_kind_is_refused_before_the_run(tmp_path, key, value):
    manifest = manifests.make_manifest(Scenario(), overrides=[], facts_hash="f", results_hash="r")
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, key: value}))
    with pytest.raises(InputError, match=rf"manifest .*: {key} should be a .*; it has been edited"):
        manifests.read_manifest(tmp_path)


def test_a_scenario_that_another_version_knew_says_which_version_that_was():
    manifest = manifests.make_manifest(Scenario(), overrides=[], facts_hash="f", results_hash="r")
    manifest["scenario"]["levers"] = ["us_government.charm=0.9"]
    with pytest.raises(InputError) as caught:
        manifests.scenario_of(manifest)
    assert "made by version" not in str(caught.value)
    with pytest.raises(InputError, match=r"'charm'(.|\n)*it was made by version 9.9, and this is version 0"):
        manifests.scenario_of({**manifest, "version": "9.9"})


@pytest.mark.parametrize("text", ["{", "[" * 100_000, "[]", '{"program": "other"}', '{"program": "stackcraft"}'])
def test_what_is_no_manifest_is_refused_in_one_line(tmp_path, text):
    (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(InputError) as caught:
        manifests.read_manifest(tmp_path)
    assert "manifest" in str(caught.value) and "\n" not in str(caught.value)
    with pytest.raises(InputError, match="cannot be read"):
        manifests.read_manifest(tmp_path / "none.json")


def test_manifest_is_plain_json(tmp_path):
    outputs.write_manifest(
        manifests.make_manifest(Scenario(), overrides=[], facts_hash="f", results_hash="r"), tmp_path
    )
    assert json.loads((tmp_path / outputs.MANIFEST).read_text())["program"] == "stackcraft"


def leftover(place, name="out", *, alive=False):
    """What a run to `name` leaves that is killed while it writes; with `alive`, what one that still writes has made."""
    hidden = place / f".{name}.x1y2z3"
    (hidden / outputs.NEW).mkdir(parents=True)
    (hidden / outputs.NEW / outputs.REPORT).write_text("half")
    (hidden / outputs.WRITING).touch()
    lock = FileLock(hidden / outputs.WRITING)
    if alive:
        lock.acquire()
    return hidden, lock


def test_what_a_dead_run_has_left_is_tidied_by_the_next_and_nothing_else_is(tmp_path):
    hidden, _ = leftover(tmp_path)
    strangers = [tmp_path / ".out.mine", tmp_path / ".output.x1y2z3", tmp_path / ".other.x1y2z3"]
    for stranger in strangers:
        stranger.mkdir()
    with output_folder(tmp_path / "out") as place:
        (place / outputs.REPORT).write_text("whole")
    assert not hidden.exists() and all(stranger.is_dir() for stranger in strangers)
    assert (tmp_path / "out" / outputs.REPORT).read_text() == "whole"


def test_what_a_living_run_writes_is_left_alone(tmp_path):
    hidden, lock = leftover(tmp_path, alive=True)
    with output_folder(tmp_path / "out") as place:
        (place / outputs.REPORT).write_text("whole")
    assert (hidden / outputs.NEW / outputs.REPORT).read_text() == "half"
    lock.release()


def test_earlier_outputs_that_a_dead_run_had_moved_aside_come_back(tmp_path):
    hidden, _ = leftover(tmp_path)
    (hidden / outputs.EARLIER).mkdir()
    (hidden / outputs.EARLIER / outputs.REPORT).write_text("earlier")
    outputs.tidy_leftovers(tmp_path / "out")
    assert (tmp_path / "out" / outputs.REPORT).read_text() == "earlier" and not hidden.exists()
