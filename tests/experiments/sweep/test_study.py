"""A study is checked whole before the first run: every mistake is one line, all of them at once."""

import pytest

from stackcraft.experiments.sweep import Study, StudyError


def mistakes(table):
    with pytest.raises(StudyError) as caught:
        Study.from_dict(table, "mine")
    return caught.value.mistakes


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"mesures": {}}, "mine: key 'mesures' is unknown; did you mean measures?"),
        (
            {"uncertainties": {"suply_fear": {}}},
            "mine: uncertainties: parameter 'suply_fear' is unknown; did you mean supply_fear?",
        ),
        (
            {"uncertainties": {"supply_fear": [3, 1]}},
            "mine: uncertainties: supply_fear: low 3 is above high 1; give the smaller one first",
        ),
        (
            {"uncertainties": {"supply_fear": [1, 1]}},
            "mine: uncertainties: supply_fear: low and high are both 1, so nothing varies; widen them or leave it out",
        ),
        ({"uncertainties": {"supply_fear": [0, 1e9]}}, "supply_fear=1e+09 is out of bounds; give"),
        ({"uncertainties": {"supply_fear": "wide"}}, "supply_fear = 'wide': give {} for the declared range"),
        ({"levers": {"us_government.garantee": {}}}, "did you mean supply_bond?"),
        ({"levers": {"guarantee": {}}}, "write actor.lever, such as us_government.supply_bond"),
        ({"levers": {"us_government.supply_bond@2099": {}}}, "2099 is outside the years 2025 to 2026"),
        ({"bundles": {"b": []}}, "b: give a list of assignments"),
        ({"bundles": {"b": "recomendation-1-contested"}}, "did you mean recommendation-1-contested?"),
        ({"strategies": {"US": ["contested-frist"]}}, "did you mean contested-first?"),
        ({"strategies": {"US": []}}, "US = []: give a list of strategies"),
        ({"structure": {"off": [["piers"]]}}, "off: submodel 'piers' is unknown; did you mean peers?"),
        ({"structure": {"of": [[]]}}, "'of' is not a part of the structure; did you mean off?"),
        ({"measures": {}}, "measures: there is none; a study without measures keeps nothing"),
        (
            {"measures": {"us": "instaled[US]"}},
            "mine: measures.us: measure 'instaled' is unknown; did you mean installed?",
        ),
        ({"measures": {"us": "installed[UX]"}}, "'UX' is none of its country, layer, stack names"),
        ({"measures": {"us": "installed"}}, "choose a stack (US, CN, independent), as in installed[US]"),
        ({"measures": {"year": "tenders"}}, "'year' cannot name a column"),
        ({"measures": {"us": "so_far(installed[US])"}}, "installed is a stock, which does not add up over the years"),
        (
            {"design": {"uncertainties": {"kind": "latn", "size": 3}}},
            "kind of design 'latn' in design.uncertainties is unknown; did you mean latin?",
        ),
        (
            {"design": {"uncertainties": {"kind": "latin"}}},
            'a latin design needs size, such as { kind = "latin", size = 64 }',
        ),
        ({"design": {"uncertainties": {"kind": "latin", "size": 0}}}, "size = 0; give a whole number from 1 on"),
        ({"design": {"uncertainties": {"kind": "table", "rows": []}}}, "design.uncertainties: the table has no rows"),
        (
            {"design": {"uncertainties": {"kind": "table", "rows": [{"supply_fear": 99}]}}},
            "row 1: supply_fear=99 is out of bounds",
        ),
        ({"design": {"uncertainties": {"kind": "sobol", "size": 12}}}, "is not a power of two"),
        (
            {"design": {"uncertainties": {"kind": "latin", "size": 3}, "policies": {"kind": "subsets"}}},
            "us_government.supply_bond is not",
        ),
        ({"design": {}}, "say how uncertainties are sampled"),
        ({"replicates": 0}, "mine: replicates: 0 should be a whole number from 1 to 1000000"),
        ({"years": [2030, 2025]}, "2030 to 2025 ends before it has begun"),
        ({"keep": [2050]}, "keep: 2050 is outside the years 2025 to 2027"),
        ({"scenario": "basline"}, "did you mean baseline?"),
        ({"constraints": ["supply_fear > 1e9"]}, "no row meets them all; the design is empty"),
        ({"constraints": ["suply_fear > 1"]}, "cannot be computed"),
        ({"constraints": ["supply_fear + 1"]}, "cannot be computed: it gives numbers, not yes or no"),
        ({"title": 5}, "mine: title: 5 is not text; put it in quotes"),
        (
            {"design": {"uncertainties": {"kind": "one"}}},
            "mine: design.uncertainties: a design of one row varies nothing, and supply_fear is to vary",
        ),
        (
            {"design": {"uncertainties": {"kind": "table", "rows": [1]}}},
            "row 1 is not a table such as { supply_fear = ... }",
        ),
        (
            {"design": {"uncertainties": {"kind": "latin", "size": 20_000_000}}, "uncertainties": {"*": "judged"}},
            "do not fit in memory",
        ),
        ({"uncertainties": {"growth.cloud": {}, "growth": {}}}, "growth sets all that growth.cloud sets"),
        (
            {"levers": {"us_government.supply_bond": {}, "homes.supply_bond": {}}},
            "homes.supply_bond sets all that us_government.supply_bond sets",
        ),
        ({"levers": {"us_exim.instrument_mix": {}}}, "instrument_mix takes 6 numbers"),
        (
            {"bundles": {"b": ["us_government.supply_bond=0.5"]}},
            "bundle b sets all that us_government.supply_bond sets",
        ),
        (
            {"bundles": {"b": {"presets": {"US": "contested-first"}}}},
            "bundle b sets the preset of US, and so does strategies of US",
        ),
        ({"bundles": {"b": {"presets": {"US": "contested-frist"}}}}, "did you mean contested-first?"),
        ({"bundles": {"b": {"lever": []}}}, "did you mean levers?"),
        (
            {"strategies": {"AAA": ["default", "hedge"], "importers": ["default", "hedge"]}},
            "importers sets all that AAA sets",
        ),
        ({"structure": {"peer_graph": ["region", "region"]}}, "peer_graph: one alternative is named twice"),
        ({"model": "stackcraft.experiments.sweep.known_functions:ishigami"}, "a plain function has no scenario"),
    ],
)
def test_a_mistake_is_one_clear_line(small_table, change, told):
    found = mistakes({**small_table, **change})
    assert any(told in line for line in found), found
    assert all("\n" not in line and line.startswith("mine: ") for line in found)


def test_a_lever_and_its_exceptions_are_factors_of_their_own(small_table):
    """The general value does not hide an exception, and two exceptions for one country hide each other."""
    levers = {"us_government.supply_bond": [0, 1], "us_government.supply_bond[AAB]": [0, 1]}
    study = Study.from_dict({**small_table, "levers": levers}, "mine")
    assert {*levers} <= {factor.name for factor in study.factors}
    levers["homes.supply_bond[AAB,AAC]"] = [0, 1]
    (told,) = mistakes({**small_table, "levers": levers})
    assert "homes.supply_bond[AAB,AAC] sets all that us_government.supply_bond[AAB] sets" in told
    (told,) = mistakes({**small_table, "levers": {"us_government.budget_bn[AAB]": [0, 1]}})
    assert "takes no exceptions by country" in told


def test_every_mistake_is_told_at_once(small_table):
    small_table["uncertainties"]["nothing"] = {}
    small_table["measures"]["bad"] = "nothing[US]"
    small_table["replicates"] = -1
    small_table["strategies"]["CN"] = ["nobody"]
    assert len(mistakes(small_table)) == 4


def test_a_function_that_is_not_there_is_named(function_table):
    assert "module nowhere cannot be imported" in mistakes({**function_table, "model": "nowhere:f"})[0]
    assert (
        "did you mean ishigami?"
        in mistakes({**function_table, "model": "stackcraft.experiments.sweep.known_functions:ishigamy"})[0]
    )
    assert "write package.module:function" in mistakes({**function_table, "model": "f"})[0]


def test_a_design_that_is_far_too_large_is_refused_before_it_is_made(function_table):
    function_table["design"]["policies"] = {"kind": "grid", "levels": 20_000_000}
    assert any("rows" in line and "smaller" in line for line in mistakes(function_table))


def test_rows_are_the_product_of_blocks_the_first_outermost(small_table):
    study = Study.from_dict(small_table)
    assert [block.name for block in study.design.blocks] == ["uncertainties", "policies", "strategies", "structure"]
    assert study.design.sizes == (2, 4, 2, 2)
    table = study.design.table()
    assert len(table) == study.design.rows == 32
    assert list(table["structure"][:4]) == [0, 1, 0, 1]
    assert list(table["strategies"][:4]) == [0, 0, 1, 1]
    assert table["uncertainties"].is_monotonic_increasing
    assert set(table["US"]) == {"status-quo-2025", "contested-first"}
    assert set(table["off"]) == {"nothing", "peers"}


def test_constraints_leave_rows_out(small_table):
    small_table["constraints"] = ["`us_government.supply_bond` + hosting <= 1"]
    study = Study.from_dict(small_table)
    assert study.design.rows == 24
    table = study.design.table()
    assert (table["us_government.supply_bond"] + table["hosting"]).max() == 1


def test_types_and_bounds_come_from_the_declarations():
    study = Study.from_dict(
        {
            "scenario": "first-lesson",
            "measures": {"us_installed": "installed[US]"},
            "uncertainties": {"*": "judged"},
            "levers": {"us_government.cloud_counts": {}},
            "design": {"uncertainties": {"kind": "latin", "size": 2}},
        }
    )
    from stackcraft.model.parameters import locate

    for one in study.factors:
        if one.group == "uncertainty":
            declaration, index = locate(one.name)
            assert (one.low, one.high, one.unit) == (*declaration.range(index or ()), declaration.unit)
            assert declaration.low <= one.low < one.high <= declaration.high
            assert one.judgement
    assert len(study.factors) > 300


def test_a_part_goes_over_the_whole_and_a_member_over_its_group(small_table):
    small_table["uncertainties"] = {"*": "judged", "growth": {"values": [0.1, 0.2]}, "growth.cloud": [0.1, 0.3]}
    small_table["levers"] = {"importers.hedge": [0, 1], "AAA.hedge": [0, 1]}
    names = [one.name for one in Study.from_dict(small_table).factors]
    assert [name for name in names if name.partition(".")[0] == "growth"] == ["growth", "growth.cloud"]


def test_a_value_of_a_table_is_one_of_those_that_are_listed(small_table):
    small_table["structure"] = {"satisficing": [0, 1]}
    small_table["design"]["structure"] = {"kind": "table", "rows": [{"satisficing": 0.5}]}
    assert "satisficing=0.5 is none of its values 0, 1" in mistakes(small_table)[0]


def test_a_bundle_is_a_scenario_beside_the_study_that_changes_nothing_but_levers_and_presets(small_table, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('[presets]\nCN = "price-war"\n[levers]\nus_government.supply_bond = 0.9\n', encoding="utf-8")
    from stackcraft.agents.strategies.registry import preset_names

    path.write_text(path.read_text(encoding="utf-8").replace("price-war", preset_names("CN")[1]), encoding="utf-8")
    small_table["bundles"] = {"b": "mine.toml"}
    small_table["levers"] = {}
    bundle = next(one for one in Study.from_dict(small_table, "mine", tmp_path).factors if one.name == "b")
    assert bundle.settings == {"levers": ("us_government.supply_bond=0.9",), "presets": {"CN": preset_names("CN")[1]}}
    path.write_text("[parameters]\nsupply_fear = 3\n[levers]\nus_government.supply_bond = 0.9\n", encoding="utf-8")
    with pytest.raises(
        StudyError, match=r"b: scenario mine.toml also changes parameters, which a bundle cannot switch"
    ):
        Study.from_dict(small_table, "mine", tmp_path)


def test_a_csv_with_cells_too_many_or_none_is_one_clear_line(function_table, tmp_path):
    function_table["design"]["uncertainties"] = {"kind": "table", "file": "t.csv"}
    for text, told in (
        ("x1,note\n0.5,a,b\n", "row 1: None is not a factor"),
        ("x1\n0.5\n\0\n", "t.csv|row 2"),
        ("x1\n\n", "has no rows"),
        ("", "has no rows"),
    ):
        (tmp_path / "t.csv").write_text(text, encoding="utf-8")
        with pytest.raises(StudyError, match=told):
            Study.from_dict(function_table, "mine", tmp_path)


def test_the_studies_that_come_with_the_project_are_sound():
    from stackcraft.experiments.sweep.study import shipped

    assert {"tiny", "policies", "uncertainty"} <= set(shipped())
    for name in shipped():
        assert Study.load(name).runs > 0


def test_policies_hold_the_nine_recommendations_and_the_financing():
    names = [one.name for one in Study.load("policies").factors if one.group == "bundle"]
    assert [name for name in names if name.startswith("recommendation_")] == sorted(
        name for name in names if name.startswith("recommendation_")
    )
    assert len([name for name in names if name.startswith("recommendation_")]) == 9
    assert len([name for name in names if name.startswith("financing_")]) >= 3


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"measures": {"y": "y", "Y": "z"}}, "measures: y and Y are one column to SQL"),
        ({"measures": {"X1": "y"}}, "factors: X1 and x1 are one column to SQL"),
        ({"measures": {"Year": "y"}}, "measures: year and Year are one column to SQL"),
    ],
)
def test_names_that_differ_in_case_alone_are_refused_because_sql_would_answer_from_the_other(
    function_table, change, says
):
    with pytest.raises(StudyError) as caught:
        Study.from_dict({**function_table, **change})
    assert any(says in line for line in caught.value.mistakes)


def test_a_finished_study_with_names_that_differ_in_case_alone_is_read_but_not_asked_in_sql(function_table, tmp_path):
    from stackcraft.agents.errors import InputError
    from stackcraft.experiments.sweep import open_study, study, sweep

    sweep(Study.from_dict(function_table), tmp_path / "s")
    results = open_study(tmp_path / "s")
    object.__setattr__(results.study, "measures", {"y": "y", "Y": "z"})  # as an earlier version allowed it
    with pytest.raises(InputError, match="y and Y are one column to SQL"):
        results.query("select Y from study")
    assert study.same_but_for_case(["a", "b", "A", "a"]) == [("a", "A")]
