"""A stored measurement knows when code, parameters or facts have changed, and that words change nothing."""

import pytest

from stackcraft.agents import source_code
from stackcraft.experiments.evidence import staleness


@pytest.fixture
def copied(tmp_path):
    """A copy of all that measurements rest on."""
    for path in (
        one for patterns in staleness.RESTS_ON.values() for pattern in patterns for one in staleness.ROOT.glob(pattern)
    ):
        copy = tmp_path / path.relative_to(staleness.ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    return tmp_path


@pytest.mark.parametrize(
    ("file", "changed"),
    [
        ("model/loop/utilisation.py", "code"),
        ("agents/strategies/home.py", "code"),
        ("model/declared/trust.py", "parameters"),
        ("model/facts/world/countries.csv", "facts"),
    ],
)
def test_a_measurement_knows_when_what_it_rests_on_is_another(copied, file, changed):
    about = staleness.hashes(copied)
    assert about == staleness.hashes() and staleness.what_changed(about) == []
    (copied / file).write_bytes((copied / file).read_bytes() + b"MORE = 1\n")
    assert staleness.what_changed(about, staleness.hashes(copied)) == [changed]
    assert staleness.what_changed({"commit": "abc"}) == list(staleness.RESTS_ON)


def test_a_clearer_comment_changes_nothing(copied):
    about, path = staleness.hashes(copied), copied / "model/loop/utilisation.py"
    source = path.read_text(encoding="utf-8")
    title = source.splitlines()[0]
    path.write_text(source.replace(title, '"""Use.\n\nSaid otherwise.\n"""', 1) + "\n\n# and more\n", encoding="utf-8")
    assert staleness.what_changed(about, staleness.hashes(copied)) == []


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
    assert source_code.without_comments(source) == kept
    assert source_code.without_comments("x = 1\n") != source_code.without_comments("x = 2\n")
    assert source_code.without_comments("if x:\n    f()\ng()\n") != source_code.without_comments(
        "if x:\n    f()\n    g()\n"
    )
