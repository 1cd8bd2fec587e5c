"""A stored measurement knows when code, parameters or facts have changed, and that words change nothing."""

import shutil

import pytest

from stackcraft.agents.source_code import files_behind, without_comments
from stackcraft.experiments.evidence import fingerprint
from stackcraft.experiments.evidence.staleness import (
    BASES,
    FINGERPRINT,
    RESTS_ON,
    ROOT,
    hashes,
    model_hash,
    what_changed,
)


@pytest.fixture
def copied(tmp_path):
    """A copy of everything that measurements depend on."""
    for folder in ("agents", "model", "experiments", "viz"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "*.png"))
    compared(tmp_path)
    return tmp_path


def compared(root):
    """Mark the results as compared on the model's present code."""
    fingerprint.store({"status quo": 1.0}, model_hash(root), root / FINGERPRINT)


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("model/loop/utilisation.py", ["results"]),
        ("model/layouts.py", ["results"]),
        ("model/state.py", ["results"]),
        ("model/batch.py", ["results"]),
        ("model/inputs.py", ["results"]),
        ("agents/strategies/home.py", ["results"]),
        ("experiments/readings.py", ["code"]),
        ("experiments/evidence/claims.py", ["code"]),
        ("experiments/evidence/claims.toml", ["facts"]),
        ("model/declared/trust.py", ["results"]),
        ("model/facts/world/countries.csv", ["results", "facts"]),
        ("model/scenarios/baseline.toml", ["results", "facts"]),
    ],
)
def test_a_measurement_knows_when_what_it_depends_on_has_changed(copied, file, changed):
    about = hashes("claims", copied)
    assert what_changed("claims", about, copied) == []
    (copied / file).write_bytes((copied / file).read_bytes() + b"MORE = 1\n")
    assert what_changed("claims", about, copied) == changed


def test_code_of_the_model_that_gives_the_same_results_leaves_a_measurement_as_it_was(copied):
    about, path = hashes("claims", copied), copied / "model/loop/utilisation.py"
    path.write_bytes(path.read_bytes() + b"MORE = 1\n")
    assert hashes("claims", copied)["results"].startswith("unknown-")
    compared(copied)
    assert what_changed("claims", about, copied) == []
    fingerprint.store({"status quo": 2.0}, model_hash(copied), copied / FINGERPRINT)
    assert what_changed("claims", about, copied) == ["results"]


def test_without_a_fingerprint_results_may_have_changed(copied):
    about = hashes("claims", copied)
    (copied / FINGERPRINT).unlink()
    assert what_changed("claims", about, copied) == ["results"]


def test_a_measurement_that_says_nothing_may_differ_in_everything():
    assert what_changed("claims", {"commit": "abc"}) == list(RESTS_ON)


def test_what_a_measurement_does_not_use_leaves_it_as_it_is(copied):
    numbers = [name for name in BASES if name != "pictures"]
    about = {name: hashes(name, copied) for name in numbers}
    for file in (
        "viz/dashboard/app.py",
        "experiments/bench/growth.py",
        "model/describe.py",
        "model/scenarios/us-lock-in.toml",
    ):
        (copied / file).write_bytes((copied / file).read_bytes() + b"MORE = 1\n")
    assert [name for name in numbers if what_changed(name, about[name], copied)] == []
    (copied / "experiments/studies/policies.toml").write_text("more = 1\n")
    assert [name for name in numbers if what_changed(name, about[name], copied)] == ["lever-effects", "reasons"]


def test_pictures_may_show_something_else_once_a_page_or_the_model_has_changed(copied):
    about = hashes("pictures", copied)
    for file, changed in (
        ("viz/report/build.py", "code"),
        ("viz/dashboard/pages/compare/page.py", "code"),
        ("model/loop/utilisation.py", "results"),
        ("viz/look.css", "facts"),
        ("viz/dashboard/widgets/atlas.js", "facts"),
        ("viz/dashboard/strings/en/explore.toml", "facts"),
    ):
        before = (copied / file).read_bytes()
        (copied / file).write_bytes(before + b"MORE = 1\n")
        assert what_changed("pictures", about, copied) == [changed], file
        (copied / file).write_bytes(before)


def test_a_clearer_comment_changes_nothing(copied):
    about, path = hashes("claims", copied), copied / "model/loop/utilisation.py"
    source = path.read_text(encoding="utf-8")
    title = source.splitlines()[0]
    path.write_text(source.replace(title, '"""Use.\n\nSaid otherwise.\n"""', 1) + "\n\n# and more\n", encoding="utf-8")
    assert what_changed("claims", about, copied) == []


def test_the_code_behind_a_module_is_all_that_it_imports():
    files = {path.relative_to(ROOT).as_posix() for path in files_behind("stackcraft.model.simulation")}
    kernels = {path.relative_to(ROOT).as_posix() for path in (ROOT / "model" / "loop").glob("*.py")}
    assert kernels - files <= {"model/loop/explain.py"}
    assert {"model/simulation.py", "model/batch.py", "agents/cast.py", "agents/strategies/us_presets.py"} <= files
    assert not any(name.startswith(("experiments/", "viz/")) for name in files)
    with pytest.raises(ValueError, match=r"no module stackcraft\.model\.nothing"):
        files_behind("stackcraft.model.nothing")


def test_what_counts_as_words():
    source = '''"""A file."""

# a remark
NAME = "kept # too"  # another
LONG = (
    "kept"
    "as well"
)


def one(x):
    """Goes.

    Over lines.
    """
    y = """kept,
    being a value"""
    return x, y
'''
    kept = '''NAME = "kept # too"
LONG = (
    "kept"
    "as well"
)
def one(x):
    y = """kept,
    being a value"""
    return x, y'''
    assert without_comments(source) == kept
    assert without_comments("x = 1\n") != without_comments("x = 2\n")
    assert without_comments("if x:\n    f()\ng()\n") != without_comments("if x:\n    f()\n    g()\n")
