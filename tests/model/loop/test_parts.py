"""Kernels that kernels call are kept as parts; what Python calls is made of them, and says the same as plain Python."""

import subprocess
import sys

import numpy as np
import pytest
from numba import njit, types

from stackcraft.model.loop import cache
from stackcraft.model.loop.compiled import compiled, compiled_for
from stackcraft.model.loop.lowering import _apart
from stackcraft.model.loop.parts import content

CELL = np.dtype([("weight", np.float64), ("months", np.int16, (2,))], align=True)
WORLD = np.dtype(
    [("size", np.float64), ("share", np.float64, (3, 4)), ("stage", np.int8, (5,)), ("cells", CELL, (2, 3))], align=True
)
PROGRAM = """
import sys
from stackcraft.model.loop import cache
from stackcraft.model.loop.compiled import compiled

@compiled
def inner(x):
    return x * {factor}

@compiled
def middle(x):
    return inner(x) + 1.0  # a comment

@compiled
def outer(x):
    return middle(x) - 0.5

@compiled
def other(x):
    return middle(x) + 0.5

print(globals()[sys.argv[1]](2.0), cache.kernels())
"""


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An empty place for compiled code, in which this process keeps what it compiles."""
    monkeypatch.setenv("STACKCRAFT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(cache, "FOLDER", cache.choose_folder())
    return tmp_path


def world():
    made = np.zeros(1, WORLD)
    made["size"] = 4.0
    made["share"] = np.arange(12).reshape(1, 3, 4)
    made["cells"]["weight"] = np.arange(6).reshape(1, 2, 3) + 0.25
    return made


class Plain:
    """A record, or an array of records, as kernels see it."""

    def __init__(self, row):
        self.row = row

    def __getattr__(self, name):
        value = self.row[name]
        return Plain(value) if value.dtype.names else value

    def __getitem__(self, place):
        return Plain(self.row[place])


def change(w, i, j):
    w.share[i, j] = 2.5
    w.share[0, 1] += w.size
    w.stage[i] = 7
    w.cells[1, i].months[1] = 9
    row = w.share[i]
    row[0] = 11.0
    flat = w.share.reshape(w.share.size)
    return w.share[i, j] + w.stage[2] + w.cells[1, 2].months[1] + w.cells[0, j - 1].weight + flat[5] + w.share.shape[1]


@pytest.mark.parametrize("kind", [int, np.int8, np.uint64])
def test_elements_of_arrays_in_records_are_those_that_python_reaches(place, kind):
    plain, fast = world(), world()
    expected = change(Plain(plain[0]), 2, 3)
    assert compiled(change)(fast[0], kind(2), kind(3)) == expected
    assert plain.tobytes() == fast.tobytes()


def started(place, name, factor="3.0"):
    (place / "program.py").write_text(PROGRAM.format(factor=factor))
    done = subprocess.run([sys.executable, place / "program.py", name], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_parts_are_kept_and_found_again_by_what_is_in_them(place):
    assert started(place, "outer") == ["6.5", "3"], "two parts and a whole"
    assert started(place, "outer") == ["6.5", "3"]
    assert started(place, "other") == ["7.5", "4"], "the same parts"
    assert started(place, "other", factor="4.0") == ["9.5", "7"], "what is called says something else"


RECORDS = """
import sys
import numpy as np
from stackcraft.model.loop import cache
from stackcraft.model.loop.compiled import compiled

@compiled
def last(w):
    return w.x[1]

@compiled
def outer(w):
    return last(w) + 1.0

def made(places):
    world = np.zeros(1, [("before", float, (places,)), ("x", float, (2,))])
    world["x"] = places, 10.0 * places
    return world[0]

print(*(outer(made(int(places))) for places in sys.argv[1:]), cache.kernels())
"""


def test_records_of_other_layouts_have_parts_of_their_own_whichever_a_process_meets_first(place):
    (place / "records.py").write_text(RECORDS)

    def started(*layouts):
        command = [sys.executable, place / "records.py", *layouts]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()

    assert started("3") == ["31.0", "2"]
    (whole,) = cache.FOLDER.glob("*.kernel")
    whole.unlink()
    assert started("5", "3") == ["51.0", "31.0", "4"], "a part and a whole for each layout, of which one was there"


def test_what_an_edit_leaves_as_it_was_is_taken_over_from_another_version(place, monkeypatch):
    @compiled
    def inner(x):
        return x + 1

    def outer(factor):
        return compiled(lambda x: inner(x) * factor)

    assert outer(2)(3) == 8
    (part,), (whole,) = cache.FOLDER.glob("*.part"), cache.FOLDER.glob("*.kernel")
    edited = cache.FOLDER.with_name(f"loop-{1:016x}")
    edited.mkdir(mode=0o700)
    monkeypatch.setattr(cache, "FOLDER", edited)
    inner.overloads.clear()
    assert outer(2)(3) == 8
    assert [path.name for path in edited.iterdir() if path.name != cache.LOCK] == [whole.name], "without its parts"
    assert (edited / whole.name).read_bytes() == whole.read_bytes()
    assert outer(3)(3) == 12, "another whole of the same part"
    assert (edited / part.name).read_bytes() == part.read_bytes()


def test_a_whole_is_not_taken_over_if_what_it_calls_has_been_edited(place):
    for number, (factor, said) in enumerate((("3.0", "6.5"), ("4.0", "8.5"), ("3.0", "6.5"))):
        (place / "program.py").write_text(PROGRAM.format(factor=factor))
        version = cache.FOLDER.with_name(f"loop-{number:016x}")
        version.mkdir(mode=0o700)
        cache._mark(version)
        code = "import sys; sys.argv = ['', 'outer']; from pathlib import Path\n"
        code += f"from stackcraft.model.loop import cache; cache.FOLDER = Path({str(version)!r})\n"
        code += f"exec(open({str(place / 'program.py')!r}).read())"
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        assert done.stdout.split()[0] == said
    kept = [sorted(path.name for path in cache.FOLDER.parent.glob(f"loop-{number:016x}/*.part")) for number in range(3)]
    assert kept[2] == [] and len(kept[0]) == len(kept[1]) == 2, "the third version has the first's whole"


def test_numba_functions_of_others_may_call_kernels(place):
    @compiled
    def inner(x):
        return x + 1

    @compiled
    def middle(x):
        return inner(x) * 2

    assert njit(lambda x: middle(x))(3) == 8


def test_a_kernel_for_one_signature_converts_what_it_is_given(place):
    @compiled_for("int64(int64)")
    def half(x):
        return x // 2

    assert half(np.uint8(7)) == compiled(lambda x: half(x))(np.int16(7)) == 3


def test_what_a_kernel_says_counts_and_not_how_it_is_written_down():
    def first(x):
        """Double."""
        return x * 2.0

    def second(x):
        # Another text, on other lines.
        return x * 2.0

    def third(x):
        return x * 2.5

    assert content(first) == content(second) != content(third)


def test_only_records_into_which_nothing_else_points_are_said_to_be_apart():
    from collections import namedtuple

    from numba.np.numpy_support import from_dtype

    Run = namedtuple("Run", "state facts deals")
    state, facts, deals = (from_dtype(np.dtype([(name, kind)])) for name, kind in STORED.items())
    run = types.NamedTuple((state, facts, deals), Run)
    cell, number = deals.typeof("at").dtype, types.int64
    assert _apart(run, [number]) == [0, 1, 2]
    assert _apart(run, [cell, number]) == [0, 1]
    assert _apart(run, [state]) == [1, 2]
    assert _apart(run, [types.Array(types.float64, 1, "C")]) == [1], (
        "an array may lie anywhere; facts are never written"
    )


STORED = {"share": (np.float64, (2,)), "gdp": (np.float64, (3,)), "at": (CELL, (2,))}
