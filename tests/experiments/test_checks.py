"""The list of checks: names, order, what the command line reads."""

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments import checks
from stackcraft.experiments.checks import Check
from stackcraft.experiments.checks.check import at_least, equal, report, within


def test_an_unknown_check_names_the_nearest():
    with pytest.raises(InputError, match="'explian' is unknown; did you mean explain"):
        checks.run(["explian"])


def test_families_are_told_and_their_checks_timed(monkeypatch):
    monkeypatch.setitem(checks.FAMILIES, "exact", ("exact_diffusion",))
    told = []
    rows = checks.run(["exact"], note=told.append)
    assert told == ["exact"]
    assert len(rows) > 5 and {row.group for row in rows} == {"exact"}
    assert all(row.seconds >= 0 for row in rows) and sum(row.seconds for row in rows) > 0


@pytest.mark.parametrize(
    ("check", "passed"),
    [
        (within("g", "n", "c", 1.0, 1.0), True),
        (within("g", "n", "c", 1.1, 1.0), False),
        (within("g", "n", "c", float("nan"), 1.0), False),
        (at_least("g", "n", "c", 1.0, 1.0), True),
        (at_least("g", "n", "c", float("nan"), 1.0), False),
        (equal("g", "n", "c", 0), True),
        (equal("g", "n", "c", 1), False),
        (report("g", "n", "c", 3.0), True),
    ],
)
def test_verdicts(check, passed):
    assert check.passed is passed


def test_a_check_says_on_which_side_of_the_bound_it_must_lie():
    made = (
        within("g", "n", "c", 1, 1),
        at_least("g", "n", "c", 1, 1),
        equal("g", "n", "c", 0),
        report("g", "n", "c", 3),
    )
    assert [check.sense for check in made] == ["<=", ">=", "=", ""]


def test_a_check_has_what_the_command_line_prints():
    assert {"group", "name", "value", "tolerance", "passed", "detail"} <= set(vars(within("g", "n", "c", 1.0, 1.0)))
    assert isinstance(within("g", "n", "c", 1.0, 1.0), Check)
