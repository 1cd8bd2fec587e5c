"""TOML is read in one place: whatever is wrong with a file is one clear line that begins with its name."""

import codecs

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.sweep.study import read
from stackcraft.model import Scenario
from stackcraft.model.toml_files import parse_toml, read_toml, write_toml


def test_a_byte_order_mark_and_the_line_ends_of_windows_do_not_count(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_bytes(codecs.BOM_UTF8 + b'title = "a"\r\nruns = 3\r\n')
    assert read_toml(path) == {"title": "a", "runs": 3}
    assert Scenario.load(path).runs == 3
    assert parse_toml("\ufefftitle = 'a'", "mine") == {"title": "a"}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"title = ", "not valid TOML: Invalid value"),
        (b"x = " + b"[" * 5000, "not valid TOML: brackets are nested too deeply"),
        (b"runs = " + b"1" * 5000, "not valid TOML: a number has too many digits"),
        (b"title = 'a'\nstory = '\xff'", r"not a text in UTF-8 \(line 2\); save it as UTF-8"),
        ("title = 'a'".encode("utf-16"), "not a text in UTF-8"),
    ],
    ids=["cut", "deep", "long", "latin-1", "utf-16"],
)
@pytest.mark.parametrize("reader", [read_toml, Scenario.load, read])
def test_a_file_that_cannot_be_read_is_one_line(tmp_path, content, says, reader):
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=f"^mine.toml: {says}") as caught:
        reader(path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


@pytest.mark.parametrize("text", ["runs = 1" + "0" * 400, "[parameters]\nsupply_fear = 1" + "0" * 400])
def test_a_number_far_too_large_is_one_short_line(text):
    with pytest.raises(InputError) as caught:
        Scenario.from_dict(parse_toml(text, "mine"), source="mine")
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 200


def test_not_a_number_is_named_as_it_was_written(tmp_path):
    with pytest.raises(InputError, match="parameters: supply_fear cannot be nan; give a number from 0 to 5"):
        Scenario.from_dict(parse_toml("parameters.supply_fear = nan", "mine"))
    with pytest.raises(InputError, match="'nan' is not a finite number"):
        Scenario.from_dict(parse_toml("levers.KEN.hedge = nan", "mine"))


def test_what_is_written_is_read_back():
    table = {"a b": 1, "n": {"x.y": "q\x7f", "z": [1.5, True]}, "rows": [{"what": "ü"}, {"what": "b"}], "t": "end"}
    assert parse_toml(write_toml(table), "mine") == table
