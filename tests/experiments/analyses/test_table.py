"""The table of analyses: every one can be loaded and called as promised; options are read as their types say."""

import inspect
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.table import ANALYSES, Analysis, find, split_options

ROOT = Path(__file__).resolve().parents[3]


def made_up(
    results,
    measure,
    year=None,
    *,
    draws: int = 100,
    share: float | None = None,
    side: Literal["above", "below"] = "above",
    fast: bool = False,
    factors: Sequence[str] | None = None,
    at: Mapping[str, object] | None = None,
    fixed: Mapping[str, int] | None = None,
    plain=3,
    seed=0,
):
    return draws, share, side, fast, factors, at, fixed, plain, measure, year, seed


def needy(results, *, us: str, cn: str, year=None, seed=0):
    return us, cn


def only_for_checkers(results, measure, year=None, *, draws: "Nowhere" = 5, seed=0):  # noqa: F821
    return draws


@pytest.fixture
def here(monkeypatch):
    module = type(sys)("made_up_here")
    module.made_up, module.needy, module.only_for_checkers = made_up, needy, only_for_checkers
    monkeypatch.setitem(sys.modules, "made_up_here", module)
    return {name: Analysis(name, "made_up_here", "Says.", name) for name in ("made_up", "needy", "only_for_checkers")}


@pytest.mark.parametrize("name", ANALYSES)
def test_every_analysis_takes_what_the_command_gives_and_its_options_have_defaults(name):
    one = ANALYSES[name]
    parameters = inspect.signature(one.load()).parameters
    assert next(iter(parameters)) == "results" and {"year", "seed"} <= set(parameters)
    assert parameters["year"].default is None and parameters["seed"].default == 0
    assert all(option.default is not inspect.Parameter.empty for option in one.options())
    assert one.sentence.endswith(".") and find(name) is one


@pytest.mark.parametrize("name", ANALYSES)
def test_every_default_written_as_text_is_read_as_itself(name):
    for option in ANALYSES[name].options():
        text = (
            "none"
            if option.default is None
            else ",".join(option.default)
            if isinstance(option.default, tuple)
            else str(option.default)
        )
        assert option.read(text, name) == option.default


def test_looking_up_an_analysis_loads_none():
    program = (
        "import sys; from stackcraft.experiments.analyses import table; table.find('prim');"
        "print([name for name in ('pandas', 'scipy', 'sklearn', 'SALib', 'stackcraft.experiments.analyses.prim') if "
        "name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_gives_the_nearest():
    with pytest.raises(InputError, match=r"'sobel'.*did you mean sobol"):
        find("sobel")


def test_options_are_read_as_their_types_say(here):
    texts = {
        "draws": "500",
        "share": "0.25",
        "side": "below",
        "fast": "yes",
        "factors": "a, b",
        "at": "US:hedge,fear:2",
        "fixed": "policies:3",
        "plain": "4",
    }
    read = here["made_up"].read_options(texts)
    assert read == {
        "draws": 500,
        "share": 0.25,
        "side": "below",
        "fast": True,
        "factors": ("a", "b"),
        "at": {"US": "hedge", "fear": 2.0},
        "fixed": {"policies": 3},
        "plain": 4,
    }
    assert isinstance(read["fixed"]["policies"], int)
    assert here["made_up"].read_options({"at": "{'US': 'hedge', 'fear': 2}"}) == {"at": read["at"]}
    assert here["made_up"].read_options({"share": "none"}) == {"share": None}
    assert here["made_up"].run(None, "m", 2045, options=read, seed=2)[-3:] == ("m", 2045, 2)
    assert here["only_for_checkers"].read_options({"draws": "7"}) == {"draws": 7}


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("draws", "2.5", "a whole number"),
        ("share", "nan", "a number or none"),
        ("side", "left", "one of above, below"),
        ("fast", "maybe", "yes or no"),
        ("factors", "a,,b", "a list with commas"),
        ("at", "US", "NAME:VALUE pairs"),
        ("fixed", "policies:x", "NAME:VALUE pairs"),
        ("plain", "x", "a whole number"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_in_one_line(here, name, text, kind):
    with pytest.raises(InputError) as found:
        here["made_up"].read_options({name: text})
    assert f"{name}={text}" in str(found.value) and kind in str(found.value) and "\n" not in str(found.value)


def test_options_that_must_be_given_are_asked_for(here):
    with pytest.raises(InputError, match=r"needy needs --option us=... and --option cn=..."):
        here["needy"].run(None, "m")
    assert here["needy"].run(None, "m", options={"us": "a", "cn": "b"}) == ("a", "b")
    assert not here["needy"].takes_measure() and here["made_up"].takes_measure()


def test_pairs_are_split_at_the_first_equals_sign():
    assert split_options(["at=a=b", "most-rows=3"]) == {"at": "a=b", "most_rows": "3"}
    for pairs in (["x"], ["=1"], ["x="], ["x=1", "x=2"]):
        with pytest.raises(InputError):
            split_options(pairs)
