"""The model description says what the declarations say."""

import pytest

from stackcraft.agents.levers import LEVER_SETS
from stackcraft.model.parameters import PARAMETERS
from stackcraft.viz.docs import describe_model

TEXT = describe_model.TARGET.read_text(encoding="utf-8")


def test_the_description_is_up_to_date(capsys):
    assert describe_model.main(["--check"]) == 0, capsys.readouterr().out


def test_a_changed_table_is_noticed_and_put_right(tmp_path, monkeypatch, capsys):
    copy = tmp_path / "DESCRIPTION.md"
    copy.write_text(TEXT.replace("| supply_fear |", "| supply_fears |", 1), encoding="utf-8")
    monkeypatch.setattr(describe_model, "TARGET", copy)
    assert describe_model.main(["--check"]) == 1 and "out of date" in capsys.readouterr().out
    assert describe_model.main([]) == 0 and copy.read_text(encoding="utf-8") == TEXT


def test_every_lever_and_parameter_stands_in_it():
    names = [*PARAMETERS, *(one.name for kind in LEVER_SETS.values() for one in kind)]
    assert [name for name in names if f"| {name} |" not in TEXT] == []


def test_the_order_is_the_loops_own():
    table = describe_model.tables()["order"]
    steps = [line.split("|")[3].strip() for line in table.splitlines()[2:]]
    assert (
        steps.index("settle_disputes")
        < steps.index("january_beliefs")
        < steps.index("gather_tenders")
        < steps.index("decide_tender")
    )
    assert steps[-1] == "record"
    said = [line.split("|")[4].strip() for line in table.splitlines()[2:]]
    assert [one for one in said if not one.endswith(".")] == [], "a docstring does not begin with a whole sentence"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (TEXT.replace("<!-- table terms -->", "<!-- table term -->"), "terms"),
        (TEXT + "<!-- table magic -->\n<!-- end -->\n", "unknown tables: magic"),
    ],
)
def test_a_table_without_a_place_or_a_place_without_a_table_is_refused(text, says):
    with pytest.raises(ValueError, match=says):
        describe_model.refreshed(text)


def test_a_sentence_is_whole_however_its_docstring_is_broken():
    broken = "\n    Record the shares of a year\n    by layer; see `record`. More follows.\n\n    And more.\n    "
    assert describe_model.first_sentence(broken) == "Record the shares of a year by layer; see `record`."
    assert describe_model.first_sentence("No stop at the end") == "No stop at the end."
