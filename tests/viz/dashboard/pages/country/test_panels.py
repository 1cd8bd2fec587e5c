"""The country page's parts: sentences and pictures that say what the numbers are, terms that add up, flags where they
belong.
"""

import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from stackcraft.agents.names import LAYERS, STACKS
from stackcraft.model import blocs
from stackcraft.model.describe import describe_country
from stackcraft.viz import words
from stackcraft.viz.dashboard.pages.country import choices as country_choices
from stackcraft.viz.dashboard.pages.country import facts
from stackcraft.viz.dashboard.pages.country import panels as country
from stackcraft.viz.dashboard.pages.country.panels import Where
from stackcraft.viz.dashboard.pages.country.sections import KEYS, now_and_ahead, others_and_why, titles
from stackcraft.viz.dashboard.parts import markup, search
from stackcraft.viz.dashboard.parts import why as drivers
from stackcraft.viz.dashboard.parts.contracts import contracts, is_renewal, kept_and_lost
from stackcraft.viz.dashboard.parts.search import find_country, search_index
from tests.viz.dashboard.country_run import ran  # noqa: F401


def link(code):
    return f"/country?c={code}"


def with_cell(summary, code, shares, agreement, state="us3"):
    """The summary with one country's last year set by hand."""
    from stackcraft.experiments.leads import STATES

    cells = summary.installed
    place = summary.codes.index(code)
    new = {name: getattr(cells, name).copy() for name in ("shares", "agreement", "state")}
    new["shares"][-1, 0, place], new["agreement"][-1, 0, place], new["state"][-1, 0, place] = (
        shares,
        agreement,
        STATES.index(state),
    )
    return replace(summary, installed=replace(cells, **new))


def test_the_headline_names_the_leader_its_share_and_whether_it_lasts(ran):  # noqa: F811
    summary, place = ran.summary, ran.summary.codes.index("KEN")
    shares = summary.installed.shares[-1, 0, place]
    said = country.headline(summary, ran.inputs, "KEN", Where())
    assert (
        f"By {summary.years[-1]}" in said
        and "Kenya" in said
        and words.STACK_TITLES[STACKS[int(np.argmax(shares))]] in said
    )
    assert words.percent(float(shares.max())) in said
    assert "too early" in said  # after four years nothing of the country's own can have lasted five


@pytest.mark.parametrize(
    ("shares", "agreement", "state", "said"),
    [
        ((0.7, 0.2, 0.1), 1.0, "us3", "the US stack leads in Kenya with 70%"),
        ((0.2, 0.1, 0.7), 1.0, "independent", "independent vendors lead in Kenya with 70%"),
        ((0.2, 0.6, 0.2), 0.8, "cn2", "the Chinese stack probably leads"),
        ((0.5, 0.4, 0.1), 0.5, "us1", "is ahead only"),
        ((0.35, 0.34, 0.31), 0.5, "contested", "nobody clearly leads in Kenya: the US stack 35%"),
        ((math.nan,) * 3, 0.0, "none", "no AI capacity installed"),
    ],
)
def test_the_headline_is_as_sure_as_the_runs(ran, shares, agreement, state, said):  # noqa: F811
    summary = with_cell(ran.summary, "KEN", shares, agreement, state)
    assert said in country.headline(summary, ran.inputs, "KEN", Where())


def test_what_it_has_draws_every_layer_and_tabulates_the_shares(ran):  # noqa: F811
    page = str(country.what_it_has(ran.summary, ran.inputs, "KEN", Where(layer="cloud")))
    assert page.count("<svg") == 1 + len(LAYERS) and page.count('class="chosen"') == 1
    share = ran.summary.installed.shares[-1, 1 + LAYERS.index("cloud"), ran.summary.codes.index("KEN"), 1]
    assert f">{words.percent(float(share), 1)}<" in re.search(r"Cloud, China</th>(.*?)</tr>", page).group(1)


def test_bars_stand_on_each_other_and_fill_the_height():
    from stackcraft.viz.charts.stacks import Shares, stack_bars

    shares = np.array([[0.2, 0.5, 0.3], [0.6, 0.3, 0.1]])
    drawn = str(stack_bars((2025, 2026), Shares(shares), "t", "d"))
    tops = {
        key: [float(y) for y in re.findall(r"M[\d.]+,([\d.]+)h", path)]
        for key, path in re.findall(r'class="bar (\w+)" d="([^"]*)"', drawn)
    }
    feet = {
        key: [float(y) for y in re.findall(r"V([\d.]+)h", path)]
        for key, path in re.findall(r'class="bar (\w+)" d="([^"]*)"', drawn)
    }
    assert list(tops) == ["us", "cn", "in"]  # the leader of the last year at the foot
    assert feet["cn"] == tops["us"] and feet["in"] == tops["cn"]
    assert tops["in"] == pytest.approx([8.0, 8.0], abs=0.11)
    heights = [foot - top for foot, top in zip(feet["us"], tops["us"], strict=True)]
    assert heights[1] / heights[0] == pytest.approx(3.0, abs=0.02)


def test_the_steps_of_every_choice_add_up_to_the_lead(ran):  # noqa: F811
    rows = [row for row in ran.record.deals.to_dict("records") if math.isfinite(drivers.lead(row))][:400]
    assert len(rows) == 400
    for row in rows:
        assert sum(gap for _, gap in drivers.steps(row)) == pytest.approx(drivers.lead(row), abs=1e-9)


def test_without_a_term_the_lead_is_less_by_its_gap_and_turns_where_the_sign_flips():
    row = {f"{side}term_{name}": 0.0 for side in ("", "runner_up_") for name in words.TERM_TITLES}
    row |= {
        "term_price": 0.9,
        "runner_up_term_quality": 0.5,
        "utility": 0.9,
        "runner_up_utility": 0.5,
        "term_peers": 0.001,
    }
    found = {one.term: one for one in drivers.without_each(row)}
    assert set(found) == {"price", "quality"}
    assert found["price"].turned and found["price"].lead == pytest.approx(-0.499)
    assert not found["quality"].turned and found["quality"].lead == pytest.approx(0.901)
    said = str(drivers.remove_one(row, "rival"))
    assert "Without price: it would have been the runner-up; the rival would have been ahead by 0.50." in said
    assert "Without quality: it would still have been ahead, by 0.90" in said
    behind = row | {"term_price": 0.2, "utility": 0.2}
    assert "Without quality: it would have been ahead of the rival" in str(drivers.remove_one(behind, "rival"))
    assert "Without price: it would still have been behind, by 0.50" in str(drivers.remove_one(behind, "rival"))


def test_drivers_show_the_largest_choices_each_with_its_waterfall(ran):  # noqa: F811
    found = country_choices.choices(ran.record, "IND")
    assert found and all(row["country"] == "IND" for row in found)
    values = [row["value_bn"] for row in found]
    assert values == sorted(values, reverse=True)
    page = str(country_choices.drivers(ran.record, ran.inputs, "IND"))
    assert page.count("chart waterfall") == min(len(found), country_choices.EXPLAINED)
    assert f"{drivers.lead(found[0]):+.2f}" in page and "nothing else reacts" in page


def test_contracts_add_up_to_what_was_announced(ran):  # noqa: F811
    table = contracts(ran.record.deals)
    for stack in STACKS:
        announced = float(ran.record.results["announced_bn"].sel(stack=stack).sum())
        assert table.loc[table["stack"].astype(str) == stack, "announced_bn"].sum() == pytest.approx(
            announced, rel=1e-9
        )
        assert len(table[table["stack"].astype(str) == stack]) == int(
            ran.record.results["signed_deals"].sel(stack=stack).sum()
        )


def test_rows_of_renewals_are_no_contracts_and_are_counted_as_kept(ran):  # noqa: F811
    deals = ran.record.deals
    events = deals[is_renewal(deals)]
    assert 0 < len(events) <= int(ran.record.results["renewed_deals"].sum())  # second sources go on without a row
    assert (events["renewals"] > 0).all() and set(events["outcome"]) == {"renewed"}
    kept, lost, by = kept_and_lost(deals)
    assert kept == len(events) and lost == sum(by.values()) > 0


def test_deals_have_a_line_from_signing_to_their_end(ran):  # noqa: F811
    page = str(country_choices.deals(ran.record, ran.inputs, "IND"))
    mine = country.own_contracts(ran.record, "IND")
    assert page.count("chart course") == min(len(mine), country_choices.TIMED)
    assert words.money(float(mine["announced_bn"].sum())) in page
    assert page.count("<tr>") == len(mine) + 1


def test_neighbours_are_the_peers_of_the_inputs_with_links(ran):  # noqa: F811
    page = str(country.neighbours(ran.summary, ran.inputs, "KEN", Where(), link))
    place = ran.inputs.iso3.index("KEN")
    for peer, weight in zip(ran.inputs.peer_index[place], ran.inputs.peer_weight[place], strict=True):
        if weight > 0:
            assert f'href="/country?c={ran.inputs.iso3[peer]}"' in page and words.percent(float(weight)) in page


def test_trust_tells_beliefs_from_what_is_true(ran):  # noqa: F811
    page = str(country.trust(ran.summary, ran.inputs, "KEN"))
    assert page.count("chart pair") == 9
    believed = float(
        ran.summary.country["perceived_hazard"].sel(country="KEN", stack="US", channel="supply").isel(year=-1)
    )
    assert words.percent(believed, 1) in re.search(r"Being cut off, US, believed</th>(.*?)</tr>", page).group(1)
    assert "Kenya" in page and "Buyers" not in page


def test_facts_flag_what_is_filled_in(ran):  # noqa: F811
    code = next(code for code in ran.inputs.iso3 if facts.filled(ran.inputs, code)[0])
    rows = describe_country(ran.inputs, code)
    filled = [row for row in rows if row.filled and row.input not in facts.UNSAID]
    page = str(facts.facts(ran.inputs, code))
    assert page.count('class="is-filled"') == len(filled)
    assert "Filled in because" in facts.filled_sentence(ran.inputs, code)
    assert "CC BY 4.0" in page and "million" in page


def test_a_country_without_gaps_says_so(ran):  # noqa: F811
    assert "None of the" in facts.filled_sentence(ran.inputs, "KEN")


def effects(mean, half):
    return SimpleNamespace(mean=mean, low=mean - half, high=mean + half)


def matters(*moves):
    """Return changes and an effect by outcome; a move is (name, end, three means, half width)."""
    table = {(name, end): (means, half) for name, end, means, half in moves}
    changes = [SimpleNamespace(kind="lever", name=name, end=end, value=0.5) for name, end in table]
    changes.append(SimpleNamespace(kind="alone", name="1", end="", value=math.nan))

    def effect(kind, name, outcome, end="", country=""):
        assert kind == "lever" and country == "KEN"
        means, half = table[name, end]
        return effects(means[["us_share", "cn_share", "independent_share"].index(outcome)], half)

    return SimpleNamespace(changes=changes, effect=effect, years=(2025, 2045))


def test_levers_stand_in_order_of_what_they_move(ran):  # noqa: F811
    study = matters(
        ("us_government.capacity_building", "high", (0.01, -0.01, 0.0), 0.05),
        ("cn_government.subsidy", "low", (0.02, -0.08, 0.06), 0.01),
        ("us_government.supply_bond", "high", (0.04, -0.03, -0.01), 0.01),
        ("us_vendors.markup", "low", (math.nan,) * 3, 0.0),
    )
    found = country_choices.trials(study, "KEN")
    assert [one.name for one in found] == [
        "cn_government.subsidy",
        "us_government.supply_bond",
        "us_government.capacity_building",
    ]
    assert [one.clear for one in found] == [True, True, False] and found[0].most == 1
    page = str(country_choices.what_others_can_do(study, ran.inputs, "KEN", explore="/explore"))
    assert "China -8.0 points" in page and "US +1.0 point (unclear)" in page
    assert (
        "What moves Kenya most is Chinese government: price subsidy at 0.5: the share of the Chinese stack -8.0" in page
    )
    assert 'href="/explore"' in page and page.count("chart course") == 3
    assert "Tried at the status quo" not in page
    assert "Tried at the status quo" in str(country_choices.what_others_can_do(study, ran.inputs, "KEN", at_usual=True))


def test_governments_come_first_and_vendors_last(ran):  # noqa: F811
    study = matters(
        ("us_vendors.markup", "low", (0.2, -0.1, -0.1), 0.01),
        ("importers.hedge", "high", (-0.1, 0.05, 0.05), 0.01),
        ("us_government.supply_bond", "high", (0.04, -0.03, -0.01), 0.01),
    )
    page = str(country_choices.what_others_can_do(study, ran.inputs, "KEN"))
    places = [page.index(words) for words in ("Governments and financiers", "All importing", "Business choices")]
    assert places == sorted(places)
    said = country_choices.others_in_words(study, "KEN")
    assert len(said) == 1 and said[0].startswith(
        "US government: bond against cutting supply at 0.5: the share of the US"
    )


def test_levers_that_luck_could_explain_are_called_so(ran):  # noqa: F811
    study = matters(("us_government.capacity_building", "high", (0.01, -0.01, 0.0), 0.05))
    page = str(country_choices.what_others_can_do(study, ran.inputs, "KEN"))
    assert "None of these moves Kenya clearly" in page and country_choices.others_in_words(study, "KEN") == []
    empty = SimpleNamespace(changes=[])
    assert "No lever has been tried" in str(country_choices.what_others_can_do(empty, ran.inputs, "KEN"))


def test_the_region_is_drawn_on_the_same_axes(ran):  # noqa: F811
    codes = country.region_of(ran.inputs, "KEN")[:6]
    assert codes[0] == "KEN" and len(set(codes)) == 6
    page = str(country.multiples(ran.summary, ran.inputs, codes, Where(), link))
    assert page.count("stack-bars") == 6 and all(link(code) in page for code in codes)


@pytest.mark.parametrize(
    ("sought", "code"),
    [("Ivory Coast", "CIV"), ("cote d'ivoire", "CIV"), ("Turkey", "TUR"), ("turkiye", "TUR"), ("UAE", "ARE"),
     ("uk", "GBR"), ("South Korea", "KOR"), ("kenya", "KEN"),
     ("ken", "KEN"), ("burkina", "BFA"), ("Korea, Rep.", "KOR"), ("Gambia, The", "GMB"),
     ("guinea bissau", "GNB"), ("United", ""), ("Atlantis", ""), ("", "")],
)  # fmt: skip
def test_countries_are_found_by_name_code_and_other_names(ran, sought, code):  # noqa: F811
    assert find_country(sought, search_index(ran.inputs)) == code


def test_a_name_belongs_to_one_country_but_congo_to_two(ran):  # noqa: F811
    from stackcraft.viz.dashboard.parts.search import folded

    named = [
        (folded(name), row["code"])
        for row in search_index(ran.inputs)
        for name in dict.fromkeys([row["name"], *row["aliases"]])
    ]
    owners = {}
    for name, code in named:
        owners.setdefault(name, set()).add(code)
    assert {name: codes for name, codes in owners.items() if len(codes) > 1} == {"congo": {"COD", "COG"}}
    assert find_country("congo", search_index(ran.inputs)) == ""


def test_a_code_of_two_letters_finds_its_country(ran):  # noqa: F811
    assert (
        find_country("na", search_index(ran.inputs)) == "NAM" and find_country("SN", search_index(ran.inputs)) == "SEN"
    )


def test_the_page_stands_before_and_after_the_run_in_detail(ran):  # noqa: F811
    before = others_and_why(ran.summary, None, None, ran.inputs, "KEN", Where(), link)
    after = others_and_why(ran.summary, ran.record, None, ran.inputs, "KEN", Where(2027, "cloud", "utilised"), link)
    above = now_and_ahead(ran.summary, None, ran.inputs, "KEN", 2029)
    assert [key for key, _, _ in (*above, *after)] == [key for key in KEYS if key != "own"]
    assert [title for _, title, _ in above] == ["Kenya today", "Kenya in 2029"]
    assert titles("Kenya", 2029)["own"] == "What Kenya can do"
    assert "being made" in str({key: body for key, _, body in before}["why"])
    page = str(markup.sections([*above, *after]))
    assert page.count("<section") == page.count("<h2") == 4 and "{" not in re.sub(r"<[^>]*>", "", page)


def test_every_part_of_every_country_can_be_drawn(ran):  # noqa: F811
    for code in ran.inputs.iso3[::12]:
        parts = others_and_why(ran.summary, ran.record, None, ran.inputs, code, Where(), link)
        parts += now_and_ahead(ran.summary, ran.summary, ran.inputs, code, 2029)
        for _, _, body in parts:
            body = re.sub(r'<table class="words facts">.*?</table>', "", str(body), flags=re.S)
            assert "nan" not in re.sub(r"<[^>]*>", " ", body).lower().split()


def test_the_finder_keeps_the_rest_of_the_address_and_says_what_it_does_not_know(ran):  # noqa: F811
    form = str(search.finder(ran.inputs, "/country", [("set", "us_government.supply_bond=0.9")], "Atlantis<"))
    assert (
        'name="set" value="us_government.supply_bond=0.9"' in form and "Atlantis&lt;" in form and 'value="KEN"' in form
    )
    assert "The United States is one of the two homes" in str(search.finder(ran.inputs, "/country", sought="USA"))
    assert str(search.by_region(ran.inputs, link)).count("<a href") == len(ran.inputs.iso3) + len(blocs.known())
