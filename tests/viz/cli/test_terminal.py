"""A table fits the terminal: where it cannot, each row is printed line by line, and nothing is lost."""

import json

import pytest
from rich.console import Console

from stackcraft.agents.levers import LEVER_SETS
from stackcraft.viz.cli import read, terminal
from stackcraft.viz.cli.terminal import name, number, prose, show

COLUMNS = (name("lever"), number("value"), prose("what it is"), prose("upside"))
ROWS = [
    ("local_hosting", "0.25", "How much is hosted in the country itself.", "sovereignty"),
    ("hedge", "1", "", "less"),
]


def printed(width, **options):
    out = Console(width=width, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    show(out, "Levers", COLUMNS, ROWS, **options)
    return out.export_text()


@pytest.mark.parametrize("width", [20, 40, 60, 80, 200])
def test_every_word_is_shown_at_every_width(width):
    text = printed(width)
    assert max(map(len, text.splitlines())) <= width
    words = {word for row in ROWS for cell in row for word in cell.split()}
    assert words <= set(text.replace("│", " ").split())


def test_a_narrow_terminal_gets_lines_and_a_wide_one_a_table():
    assert "what it is: How much" in printed(40) and "│" not in printed(40)
    assert "what it is:" not in printed(80) and "│" in printed(80)


def test_the_same_columns_serve_several_tables():
    assert printed(80) == printed(80)


def test_levers_at_forty_columns_show_all_that_is_known(monkeypatch):
    out = Console(width=40, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    monkeypatch.setattr(read, "console", lambda: out)
    read.levers(None, as_json=False)
    words = out.export_text().split()
    for lever in LEVER_SETS["importer"]:
        assert set(lever.sentence.split()) <= set(words), lever.name


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", None])
def test_json_is_the_same_whatever_the_encoding(encoding, monkeypatch):
    printed = []
    monkeypatch.setattr(terminal, "sys", type("sys", (), {"stdout": type("stream", (), {"encoding": encoding})}))
    monkeypatch.setattr("builtins.print", printed.append)
    terminal.print_json({"name": "Côte", "value": float("nan"), 3: (1, 2)})
    assert json.loads(printed[0]) == {"name": "Côte", "value": None, "3": [1, 2]}
    assert printed[0].isascii() == (encoding == "ascii")
