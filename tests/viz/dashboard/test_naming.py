"""What a scenario is called is made of what was changed in it."""

from stackcraft.viz.dashboard.naming import LONGEST_FILE_PART, MOST_NAMED, file_name, file_part
from stackcraft.viz.dashboard.state import Question, read


def names(query):
    state = read(query)
    assert not state.mistakes
    return state.question.names


def test_a_scenario_that_comes_along_keeps_its_title():
    assert names("").long == names("").short == "Status quo of 2025"
    assert names("s=us-contested-first&runs=8&years=2025:2030&seed=3").long == "Contested markets first"


def test_the_long_form_has_what_was_before_and_the_short_form_has_not():
    found = names("set=us_government.supply_bond%3D0.9")
    assert found.long == "Status quo of 2025 with: US government: bond against cutting supply 0.1 → 0.9"
    assert found.short == "US government: bond against cutting supply 0.9"


def test_a_lever_of_one_country_names_the_country():
    found = names("set=KEN.hedge%3D0.6&set=KEN.ban_cn.cloud%3D1")
    assert "Kenya: second source 0.6" in found.long and "Kenya: ban on Chinese vendors (Cloud) 0 → 1" in found.long
    assert found.short == "Kenya: second source 0.6; Kenya: ban on Chinese vendors (Cloud) 1"


def test_an_exception_for_a_country_and_a_later_year_are_said():
    assert "(Indonesia) 0.1 → 0.9" in names("set=us_government.supply_bond[IDN]%3D0.9").long
    assert "from 2030: 0.3" in names("set=us_vendors.rnd_share@2030%3D0.3").long


def test_everything_that_decides_results_is_named():
    found = names("parameter=satisficing%3D1&off=peers&preset=CN%3Dpipes-first")
    for part in ("satisficing", "peers", "pipes first"):
        assert part in found.long


def test_many_changes_are_counted():
    layers = ("network", "chips", "cloud", "data", "models", "security", "applications")
    found = names("&".join(f"set=KEN.ban_cn.{layer}%3D1" for layer in layers))
    assert found.long.count("ban on Chinese") == MOST_NAMED and found.long.endswith("; and one more change")
    assert found.short.endswith("and 6 more changes")


def test_a_title_of_one_s_own_is_kept_beside_the_changes():
    found = names("title=Mine&set=us_government.supply_bond%3D0.9")
    assert found.short == "Mine" and found.long.startswith("Mine: US government: bond")


def test_names_of_files_are_plain_and_short():
    assert file_part("Côte d'Ivoire: 0.1 → 0.9") == "cote-d-ivoire-0.1-0.9"
    assert len(file_part("word " * 40)) <= LONGEST_FILE_PART
    found = names("set=KEN.hedge%3D0.6")
    assert file_name(found, "table", "csv", "Kenya") == "stackcraft-kenya-kenya-second-source-0.6-table.csv"


def test_the_title_leaves_the_question_as_it_is():
    plain, changed = Question(), Question(levers=("us_government.supply_bond=0.9",))
    assert changed.scenario.levers == changed.checked.levers and changed.query() != plain.query()
    assert changed.scenario.title == changed.names.long and plain.scenario.title == "Status quo of 2025"
