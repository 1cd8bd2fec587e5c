"""Scenario files: what is read, what is refused and how plainly."""

import tomllib

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.strategies.registry import find_preset, preset_names
from stackcraft.model.events import EVENTS, Event, event_array
from stackcraft.model.loop.codes import EVENT_KINDS
from stackcraft.model.scenario import Scenario, ScenarioError, find, shipped


def write(folder, text):
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(folder, text):
    with pytest.raises(ScenarioError) as caught:
        Scenario.load(write(folder, text))
    assert all("\n" not in line and line.startswith("mine.toml: ") for line in caught.value.mistakes)
    assert str(caught.value).splitlines() == caught.value.mistakes
    return caught.value.mistakes


@pytest.mark.parametrize("name", shipped())
def test_shipped_scenarios_are_valid_and_say_what_they_are(name):
    scenario = Scenario.load(name)
    assert scenario.name == name and scenario.title
    assert scenario.story.endswith(".") and scenario.story.count(". ") == 0


def test_shipped_scenarios_cover_every_preset_against_the_rivals_status_quo():
    pairs = {tuple(sorted(Scenario.load(name).presets.items())) for name in shipped()}
    quo = "status-quo-2025"
    for us in preset_names("US"):
        assert (("CN", quo), ("US", us)) in pairs, us
    for cn in preset_names("CN"):
        assert (("CN", cn), ("US", quo)) in pairs, cn


def test_each_recommendation_alone_changes_only_part_of_what_all_nine_change():
    alone = [Scenario.load(name) for name in shipped() if name.startswith("recommendation-")]
    assert len(alone) == 9
    assert all(one.presets == Scenario.load("baseline").presets and one.levers for one in alone)
    together = find_preset("nine-recommendations", "US").government
    levers = [{text.split("=")[0].removeprefix("us_government.") for text in one.levers} for one in alone]
    assert len({frozenset(one) for one in levers}) == 9
    assert set().union(*levers) <= set(together)


def test_to_toml_reads_back_equal():
    scenario = Scenario(
        name="all",
        title='A "quoted" title \\ and é',
        story="One.",
        years=(2026, 2040),
        peer_graph="region",
        presets={"CN": "pipes-first"},
        strategies={"KEN": "hedge", "us_vendors": "keep-distance"},
        levers=("us_government.supply_bond=0.5", "us_government.supply_bond@2030=0.9", "KEN.hedge=none"),
        parameters={"supply_fear": 3.0, "incumbency.cloud": 1e-05},
        events=(Event("cut_off", 2030, 6, "US", "KEN"), Event("ai_bust", 2031)),
        off=("disputes",),
        runs=3,
        seed=0,
    )
    again = Scenario.from_dict(tomllib.loads(scenario.to_toml()))
    assert again == scenario and again.peer_graph == "region"
    assert Scenario.from_dict({"runs": 3}).peer_graph == "trade-and-votes"  # what was written before there was a choice
    assert Scenario.from_dict(scenario.as_dict()) == scenario


def test_levers_may_be_nested_tables_or_a_list(tmp_path):
    nested = write(
        tmp_path,
        """
        [levers]
        us_government.supply_bond = 0.5
        us_government."supply_bond@2030" = 0.9
        us_government."supply_bond[IDN,VNM]" = 0.9
        cn_government.subsidy.network = 0.3
        us_exim.instrument_mix = [0, 0, 0.5, 0.5, 0, 0]
        [parameters]
        incumbency.cloud = 2.0
    """,
    )
    expected = (
        "us_government.supply_bond=0.5", "us_government.supply_bond@2030=0.9",
        "us_government.supply_bond[IDN,VNM]=0.9", "cn_government.subsidy.network=0.3",
        "us_exim.instrument_mix=0,0,0.5,0.5,0,0",
    )  # fmt: skip
    scenario = Scenario.load(nested)
    assert scenario.levers == expected and scenario.parameters == {"incumbency.cloud": 2.0}
    listed = write(tmp_path, f"levers = {list(expected)}\n[parameters]\n'incumbency.cloud' = 2.0")
    assert Scenario.load(listed) == scenario


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("yeers = [2025, 2045]", ("'yeers'", "years")),
        ("years = [2045, 2025]", ("years", "2045 to 2025", "before it has begun")),
        ("years = [2025]", ("[2025, 2045]",)),
        ("years = 2025", ("years", "[2025, 2045]")),
        ("years = [2010, 2020]", ("2010", "2025")),
        ("years = [2025.5, 2030]", ("years",)),
        ("runs = 0", ("runs", "1 to")),
        ("runs = true", ("runs", "True")),
        ("seed = -1", ("seed", "-1")),
        ("title = 3", ("title", "quotes")),
        ("world = 'wrold'", ("'wrold'", "world")),
        (
            "peer_graph = 'neighbors'",
            (
                "peer_graph",
                "'neighbors'",
                "did you mean neighbours",
                "trade-and-votes, neighbours, region, votes, random",
            ),
        ),
        ("peer_graph = 3", ("peer_graph", "quotes")),
        ("off = ['dispute']", ("'dispute'", "disputes")),
        ("off = 'disputes'", ("off", "list")),
        ("[presets]\nUS = 'contested-fist'", ("presets.US", "contested-fist", "contested-first")),
        ("[presets]\nEU = 'baseline'", ("'EU'", "US, CN")),
        ("[presets]\nUS = 'pipes-first'", ("pipes-first", "did you mean")),
        ("[strategies]\nKEN = 'hegde'", ("strategies.KEN", "'hegde'", "hedge")),
        ("[strategies]\nKNE = 'hedge'", ("'KNE'", "KEN")),
        ("[strategies]\nus_chip_house = 'hedge'", ("vendor", "hedge")),
        ("[levers]\nus_goverment.supply_bond = 0.5", ("us_goverment", "us_government")),
        ("[levers]\nus_government.garantee = 0.5", ("garantee", "did you mean supply_bond")),
        ("[levers]\nus_government.supply_bond = 1.5", ("supply_bond", "1.5", "0 to 1")),
        ("[levers]\nus_government.'supply_bond[KEM]' = 0.5", ("KEM", "did you mean KEN")),
        ("[levers]\nus_government.'budget_bn[IDN]' = 5", ("budget_bn", "no exceptions by country")),
        ("[levers]\nus_government.subsidy.netwrok = 0.1", ("netwrok", "network")),
        ("[levers]\nus_government.'supply_bond@2050' = 0.5", ("2050", "2025 to 2044")),
        ("[levers]\nus_government.weight_use = 0.7\nus_government.weight_headline = 0.7", ("sum to 1",)),
        ("[parameters]\nsuply_fear = 3", ("suply_fear", "supply_fear")),
        ("[parameters]\nsupply_fear = 300", ("supply_fear", "300", "0 to 5")),
        ("[parameters]\nsupply_fear = 'high'", ("supply_fear", "not a number")),
        ("[parameters]\nincumbency.clowd = 1", ("clowd", "cloud")),
        ("[[events]]\nwhat = 'alliance_dout'\nyear = 2030", ("alliance_dout", "alliance_doubt")),
        ("[[events]]\nwhat = 'ai_bust'", ("events", "year")),
        ("[[events]]\nwhat = 'ai_bust'\nyear = 2060", ("2060", "2025 to 2044")),
        ("[[events]]\nwhat = 'ai_bust'\nyear = 2030\nmonth = 13", ("13", "1 to 12")),
        ("[[events]]\nwhat = 'ai_bust'\nyear = 2030\ncountry = 'KEN'", ("takes no country",)),
        ("[[events]]\nwhat = 'cut_off'\nyear = 2030\nstack = 'US'", ("needs a country",)),
        ("[[events]]\nwhat = 'cut_off'\nyear = 2030\nstack = 'US'\ncountry = 'KNE'", ("'KNE'", "KEN")),
        ("[[events]]\nwhat = 'cut_off'\nyear = 2030\nwhere = 'KEN'", ("'where'",)),
        ("[[events]]\nwhat = 'tariff'\nyear = 2030\nstack = 'independent'", ("'independent'", "use one of US, CN")),
        ("[[events]]\nwhat = 'ai_bust'\nyear = 2030\nsize = -1", ("size", "above 0")),
        ("[[events]]\nwhat = 3\nyear = 2030", ("event 3 is unknown",)),
        ("events = 3", ("[[events]]",)),
    ],
)
def test_a_mistake_is_one_line_that_says_what_where_and_what_would_be_right(tmp_path, text, parts):
    (line,) = mistakes(tmp_path, text)
    for part in parts:
        assert part in line


def test_every_mistake_of_a_file_is_told_at_once(tmp_path):
    lines = mistakes(tmp_path, "yeers = 3\nruns = 0\noff = ['x']\n[levers]\nKEN.hegde = 1\n[parameters]\nnothing = 1")
    assert len(lines) == 5


def test_toml_that_is_none_says_where(tmp_path):
    with pytest.raises(InputError, match=r"mine\.toml: not valid TOML: .*line 2"):
        Scenario.load(write(tmp_path, "title = 'a'\nyears = = 3"))


def test_unknown_names_and_files(tmp_path):
    with pytest.raises(InputError, match="did you mean baseline"):
        find("basline")
    with pytest.raises(InputError, match="does not exist"):
        find(tmp_path / "none.toml")


def test_with_changes_adds_and_replaces_and_leaves_the_original():
    base = Scenario(name="b", levers=("KEN.hedge=0.1",), parameters={"supply_fear": 1.0}, off=("hedge",))
    changed = base.with_changes(
        levers=["KEN.hedge=0.9"], years=(2025, 2030), parameters={"peer_pull": 1.0}, off=["hedge", "disputes"]
    )
    assert changed.levers == ("KEN.hedge=0.1", "KEN.hedge=0.9") and changed.years == (2025, 2030)
    assert changed.parameters == {"supply_fear": 1.0, "peer_pull": 1.0} and changed.off == ("hedge", "disputes")
    assert base.levers == ("KEN.hedge=0.1",) and base.parameters == {"supply_fear": 1.0}
    with pytest.raises(ScenarioError, match="0 to 1"):
        base.with_changes(levers=["KEN.hedge=9"])
    with pytest.raises(TypeError, match="'yeers'; did you mean years"):
        base.with_changes(yeers=(2025, 2030))
    with pytest.raises(TypeError, match="'lever'; did you mean levers"):
        base.with_changes(lever="KEN.hedge=0.5")
    with pytest.raises(TypeError, match="'qqq'; use one of levers, parameters, presets"):
        base.with_changes(qqq=1)


@pytest.mark.parametrize("name", ["zzz", 5])
def test_an_unknown_preset_lists_those_that_there_are(name):
    with pytest.raises(ScenarioError, match=r"use one of status-quo-2025, headline-chaser|is not a preset"):
        Scenario(presets={"US": name})


def test_a_lone_lever_is_not_taken_apart_into_letters():
    assert Scenario(levers="KEN.hedge=0.1").levers == ("KEN.hedge=0.1",)


PARTS = {
    "stack": "US",
    "country": "KEN",
    "size": 2.0,
    "layer": "cloud",
    "vendor": "us_country_lab",
    "value_bn": 1.5,
    "megawatts": 100.0,
    "financier": "us_exim",
    "instrument": "guarantee",
    "financed": 0.5,
    "supply_bond": 0.9,
    "hosting": 1,
}


def test_every_kind_of_event_can_be_scripted_with_what_it_needs_and_with_all_it_takes():
    assert tuple(EVENTS) == EVENT_KINDS
    for what, kind in EVENTS.items():
        for parts in (kind.needs, (*kind.needs, *kind.may)):
            event = Event(what, 2030, **{part: PARTS[part] for part in parts})
            assert Scenario(events=[event]).events == (event,)


def test_events_become_the_records_that_the_months_read():
    events = [
        Event("cut_off", 2030, 6, "CN", "KEN"), Event("ai_bust", 2026),
        Event("deal", 2025, 12, country="ARE", layer="models", vendor="us_chip_house", value_bn=2.0, megawatts=500.0),
    ]  # fmt: skip
    array = event_array(events, (2025, 2045), ("ARE", "KEN"))
    assert array["month"].tolist() == [65, 12, 11]
    assert [EVENT_KINDS[kind] for kind in array["kind"]] == ["cut_off", "ai_bust", "deal"]
    assert array["country"].tolist() == [1, -1, 0] and array["side"].tolist() == [1, -1, -1]
    assert array["size"].tolist() == [1, 1, 500] and array["value"].tolist() == [0, 0, 2]
    assert (array["layer"][2], array["vendor"][2]) == (4, 0)
    assert len(event_array([], (2025, 2045), ())) == 0


def test_a_scripted_deal_carries_its_finance_and_its_promises():
    said = {"country": "KEN", "layer": "network", "vendor": "cn_full_stack_champion", "value_bn": 1.0}
    plain, whole = (
        Event("deal", 2026, **said),
        Event(
            "deal", 2026, **said, financier="cn_exim", instrument="concessional_loan", financed=0.85, supply_bond=0.4,
            hosting=1.0,
        ),
    )  # fmt: skip
    array = event_array([plain, whole], (2025, 2045), ("ARE", "KEN"))
    names = ["financier", "instrument", "financed", "bond", "hosting"]
    assert [array[name][0] for name in names] == [-1] * 5  # nobody, and what is usual
    assert [array[name][1] for name in names] == [3, 1, 0.85, 0.4, 1.0]
    scenario = Scenario(events=[whole])
    assert Scenario.from_dict(scenario.as_dict()).events == (whole,)  # as in a file


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"financier": "us_bank"}, "financier 'us_bank' is unknown"),
        ({"financier": "us_exim", "instrument": "swap"}, "instrument 'swap' is unknown"),
        ({"instrument": "guarantee"}, 'instrument needs a financier, such as financier = "us_exim"'),
        ({"financed": 0.5}, 'financed needs a financier, such as financier = "us_exim"'),
        ({"financier": "us_exim", "financed": 1.5}, "financed 1.5 should be a share from 0 to 1, such as 0.85"),
        ({"supply_bond": -0.1}, "supply_bond -0.1 should be a share from 0 to 1"),
        ({"hosting": True}, "hosting .*rue should be a share from 0 to 1"),
    ],
)
def test_what_is_wrong_with_the_finance_of_a_scripted_deal_is_told_in_a_line(more, says):
    said = {"country": "KEN", "layer": "network", "vendor": "cn_full_stack_champion", "value_bn": 1.0}
    with pytest.raises(ScenarioError, match=says):
        Scenario(events=[Event("deal", 2026, **said, **more)])


def test_a_lever_after_the_only_year_is_told_so():
    with pytest.raises(ScenarioError, match="2035 is outside 2025, the only year in which levers act"):
        Scenario(years=(2025, 2026), levers=("KEN.hedge@2035=0.5",))


def test_a_name_like_no_scenario_gets_no_hint():
    with pytest.raises(InputError, match=r"'nope' is unknown .`stackcraft scenarios`"):
        Scenario.load("nope")


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"years": None}, "years: None should be two years"),
        ({"levers": 5}, "levers: 5 should be a list of texts"),
        ({"presets": ["x"]}, "presets: .* should be a table"),
        ({"parameters": [1]}, "parameters: .* should be a table"),
        ({"strategies": 5}, "strategies: 5 should be a table"),
        ({"events": [5]}, "events: 5 is not an event; give one such as Event"),
        ({"events": 5}, "events: 5 should be a list of events"),
        ({"world": None}, "world: None is not a text"),
        ({"peer_graph": ["votes"]}, "peer_graph: .*is not a text; give one such as 'trade-and-votes'"),
        ({"off": [3]}, r"off: .3.* should be a list of texts"),
        ({"strategies": {5: "hedge"}}, "names for keys"),
        ({"events": [{"wat": 1, "what": "ai_bust", "year": 2031}]}, "key 'wat' is unknown; did you mean what"),
    ],
    ids=str,
)
def test_values_of_the_wrong_kind_are_one_line_each(values, says):
    with pytest.raises(ScenarioError, match=says) as caught:
        Scenario(name="mine", **values)
    assert len(caught.value.mistakes) == 1
    if next(iter(values)) not in ("years", "world"):
        with pytest.raises(ScenarioError, match=says):
            Scenario(name="mine").with_changes(**values)


def test_every_value_of_the_wrong_kind_is_told_at_once():
    with pytest.raises(ScenarioError) as caught:
        Scenario(years=None, levers=5, parameters={"supply_fear": 300}, runs=0)
    assert len(caught.value.mistakes) == 4


def test_one_thing_may_stand_for_a_list_of_one():
    base, event = Scenario(), Event("ai_bust", 2031)
    assert base.with_changes(levers="KEN.hedge=0.1", off="hedge", events=event) == base.with_changes(
        levers=["KEN.hedge=0.1"], off=["hedge"], events=[event]
    )
    assert base.with_changes(events={"what": "ai_bust", "year": 2031}).events == (event,)
    assert base.with_changes(levers={"KEN": {"hedge": 0.1}, "us_government.supply_bond@2030": 0.9}).levers == (
        "KEN.hedge=0.1",
        "us_government.supply_bond@2030=0.9",
    )


def test_numbers_of_numpy_become_plain_numbers():
    import json

    import numpy as np

    scenario = Scenario(
        runs=np.int64(3), seed=np.uint8(1), years=np.array([2025, 2030]), parameters={"supply_fear": np.float32(2)}
    )
    assert scenario == Scenario(runs=3, seed=1, years=(2025, 2030), parameters={"supply_fear": 2.0})
    assert Scenario.from_dict(json.loads(json.dumps(scenario.as_dict()))) == scenario
