"""What a matching settles: the shipped file holds together, and mistakes are told in a line that says what is right."""

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.evidence.hindcast.outcomes import FROM
from stackcraft.experiments.evidence.matching import declared

SMALL = """
title = "small"
inputs = ["growth.cloud", "peer_pull"]
[screening]
worlds = 20
replicates = 2
[[wave]]
worlds = 20
replicates = 2
[last]
worlds = 20
replicates = 2
[simulations.world]
scenario = "first-lesson"
years = [2025, 2027]
"""
TARGET = """
[[target]]
name = "share"
what = "A share"
group = "mine"
reading = { measure = "installed[US]", year = 2027 }
observed = 0.4
discrepancy = 0.1
"""


@pytest.fixture(scope="module")
def history():
    return declared.load()


def read(tmp_path, text):
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return declared.load(path)


def test_what_happened_from_2019_on_is_matched_on_by_no_target_of_the_shipped_file(history):
    """The fold of the hindcast: what is fitted sees nothing of the years that are scored."""
    assert history.matched == ("before", "present") and {one.group for one in history.kept_back} == {"after"}
    assert history.simulations["before"].scenario.years[1] == FROM
    assert all(one.reading.get("as") in (None, "level") for one in history.counted)
    assert {one.reading["hindcast"] for one in history.kept_back} >= {"us-cloud-entry", "huawei-exclusion", "ai-users"}


def test_every_target_of_the_shipped_file_says_how_far_off_is_too_far_and_why(history):
    for one in history.targets:
        assert one.observation > 0 and one.discrepancy > 0 and len(one.reason) > 10
    assert len(history.inputs) > 400 and all(one.low < one.high for one in history.inputs)


def test_a_smaller_matching_is_another_matching(history):
    small = history.smaller(0.1)
    assert small.runs < history.runs / 8 and small.hash() != history.hash() == declared.load().hash()
    assert small.last.bound == history.last.bound and small.targets == history.targets


def test_other_groups_may_be_matched_on_and_a_misspelt_one_gets_the_nearest(history):
    assert not history.matching_on(["before", "present", "after"]).kept_back
    with pytest.raises(InputError, match="did you mean after"):
        history.matching_on(["aftr"])


def test_a_table_of_ones_own_is_a_target_for_each_row(tmp_path):
    (tmp_path / "seen.csv").write_text(
        'measure,year,value,observation,kind\n"installed[US]",2026,0.5,0.02,at most\n"demand[cloud]",2027,9,,\n',
        encoding="utf-8",
    )
    made = read(tmp_path, SMALL + '[[table]]\nfile = "seen.csv"\nobservation = 0.1\ndiscrepancy = 0.2\n')
    first, second = made.targets
    assert (first.observed, first.observation, first.kind) == (0.5, 0.02, "at most")
    assert (second.observed, second.observation, second.kind, second.discrepancy) == (9.0, 0.1, "about", 0.2)
    assert made.matched == ("seen",)


def test_a_narrower_range_needs_its_reason_and_is_drawn_from(tmp_path):
    made = read(tmp_path, SMALL + TARGET + '[ranges."growth.cloud"]\nrange = [0.2, 0.21]\nreason = "told so"\n')
    assert (made.inputs[0].low, made.inputs[0].high) == (0.2, 0.21)
    with pytest.raises(InputError, match="reason"):
        read(tmp_path, SMALL + TARGET + '[ranges."growth.cloud"]\nrange = [0.2, 0.21]\n')


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("discrepancy = 0.1", "discrepancy = 0", "no model is exact"),
        ("discrepancy = 0.1", "discrepency = 0.1", "did you mean discrepancy"),
        ("installed[US]", "instaled[US]", "did you mean installed"),
        ("year = 2027 }", "year = 2050 }", "no simulation reaches 2050"),
        ("observed = 0.4", 'observed = { rule = "publik", with = [] }', "did you mean public"),
        ("observed = 0.4", 'observed = "much"', "should be a number"),
        ('{ measure = "installed[US]", year = 2027 }', '{ rule = "nowhere:rule" }', "cannot be imported"),
        ('{ measure = "installed[US]", year = 2027 }', '{ hindcast = "us-cloud-entry", as = "auc" }', "way of reading"),
        ("peer_pull", "peer_pul", "did you mean peer_pull"),
        ("worlds = 20\nreplicates = 2\n[[wave]]", "worlds = 20\nreplicates = 1\n[[wave]]", "from 2 on"),
    ],
)
def test_a_mistake_is_told_in_a_line_that_says_what_would_be_right(tmp_path, before, after, says):
    text = SMALL + TARGET
    assert text.count(before) == 1
    with pytest.raises(InputError, match=says) as caught:
        read(tmp_path, text.replace(before, after))
    assert len(str(caught.value).splitlines()) == 1
