"""Assignments: what they say is what is written, and what is wrong is said in one line."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stackcraft.agents import assignments
from stackcraft.agents.assignments import check, parse, parse_all, part_names
from stackcraft.agents.errors import InputError
from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import actors_of
from stackcraft.agents.renamed import OldName

WORLD = ("BRA", "IDN", "KEN", "NGA")


def tables(runs=2):
    return {
        kind: np.repeat(lever_set.defaults(actors_of(kind, WORLD), len(WORLD))[np.newaxis], runs, axis=0)
        for kind, lever_set in LEVER_SETS.items()
    }


def applied(*texts, year=2030, runs=slice(None), count=2):
    levers = tables(count)
    assignments.apply(parse_all(texts, WORLD), year, levers, WORLD, runs)
    for kind, lever_set in LEVER_SETS.items():
        lever_set.validate(levers[kind], actors_of(kind, WORLD))
    return levers


def cell(levers, actor, name):
    for kind in LEVER_SETS:
        if actor in actors_of(kind, WORLD):
            return levers[kind][name][:, actors_of(kind, WORLD).index(actor)]
    raise AssertionError(actor)


def test_scalars_parts_groups_and_wholes():
    levers = applied(
        "us_government.supply_bond=0.9",
        "cn_government.subsidy.network=0.3",
        "us_government.compact.KEN=1",
        "KEN.hedge=0.8",
        "NGA.ban_cn=0,1,0,0,0,0,0",
        "us_vendors.affiliation=0.1",
        "importers.prestige=0",
        "BRA.hedge=none",
    )
    assert (cell(levers, "us_government", "supply_bond") == 0.9).all()
    assert cell(levers, "cn_government", "subsidy")[0].tolist() == [0.3] + [0.15] * 6
    assert cell(levers, "us_government", "compact")[0].tolist() == [0.1, 0.1, 1, 0.1]
    assert (cell(levers, "KEN", "hedge") == 0.8).all() and np.isnan(cell(levers, "BRA", "hedge")).all()
    assert cell(levers, "NGA", "ban_cn")[1].tolist() == [0, 1, 0, 0, 0, 0, 0]
    assert (levers["vendor"]["affiliation"][:, :6] == 0.1).all() and (
        levers["vendor"]["affiliation"][:, 6] == 0.9
    ).all()
    assert (levers["importer"]["prestige"] == 0).all()


def test_exceptions_for_some_countries():
    """The general value stays, a later year wins, and none ends an exception."""
    texts = (
        "us_government.supply_bond=0.2",
        "us_government.supply_bond[IDN]=0.9",
        "us_government.supply_bond[IDN]@2032=none",
        "homes.coerce[BRA,KEN]=0",
        "cn_government.subsidy.network[KEN]=0.4",
        "cn_government.subsidy[NGA]=0.1",
        "us_government.local_hosting[importers]=1",
    )
    now, later = (applied(*texts, year=year) for year in (2030, 2032))
    assert (cell(now, "us_government", "supply_bond") == 0.2).all()
    assert cell(now, "us_government", "supply_bond_in")[0].tolist() == pytest.approx(
        [np.nan, 0.9, *[np.nan] * 2], nan_ok=True
    )
    assert np.isnan(cell(later, "us_government", "supply_bond_in")).all()
    for home in ("us_government", "cn_government"):
        assert cell(now, home, "coerce_in")[1].tolist() == pytest.approx([0, np.nan, 0, np.nan], nan_ok=True)
    subsidy = cell(now, "cn_government", "subsidy_in")
    assert (subsidy[:, 2, 0] == 0.4).all() and (subsidy[:, 3] == 0.1).all() and np.isnan(subsidy[:, 2, 1:]).all()
    assert (cell(now, "us_government", "local_hosting_in") == 1).all()


def test_an_exception_names_countries_by_code():
    one = parse("us_government.supply_bond[Indonesia, KEN]@2030=0.9", WORLD)
    assert one.text == "us_government.supply_bond[IDN,KEN]@2030=0.9" and one.countries == ("IDN", "KEN")
    assert (one.lever, one.field, one.year, one.value) == ("supply_bond", "supply_bond_in", 2030, 0.9)
    assert parse("us_government.supply_bond=0.9", WORLD).field == "supply_bond"


def test_years_begin_in_their_january_and_the_latest_wins():
    texts = ("KEN.bargain@2035=1", "KEN.bargain=0", "KEN.bargain@2028=0.25")
    wanted = {2027: 0, 2028: 0.25, 2034: 0.25, 2035: 1, 2045: 1}
    for year, value in wanted.items():
        assert (cell(applied(*texts, year=year), "KEN", "bargain") == value).all()


def test_runs_that_are_not_named_keep_theirs():
    levers = applied("KEN.bargain=1", "us_exim.instrument_mix.equity=1", runs=np.array([2, 0]), count=3)
    assert cell(levers, "KEN", "bargain").tolist() == [1, 0.5, 1]
    assert cell(levers, "us_exim", "instrument_mix")[:, 5].tolist() == [1, 0, 1]


def test_named_shares_stand_and_the_rest_share_what_is_left():
    mix = cell(applied("us_exim.instrument_mix.equity=0.5"), "us_exim", "instrument_mix")[0]
    np.testing.assert_allclose(mix, [0, 0, 0.1, 0.25, 0.15, 0.5])
    teams = cell(applied("us_country_lab.teams.KEN=0.4"), "us_country_lab", "teams")[0]
    np.testing.assert_allclose(teams, [0.2, 0.2, 0.4, 0.2])
    levers = applied("us_government.weight_use=0.55")
    assert cell(levers, "us_government", "weight_use")[0] == 0.55
    np.testing.assert_allclose(cell(levers, "us_government", "weight_headline")[0], 0.45 * 0.5 / 0.9)


def test_a_whole_replaces_the_parts_named_before_it():
    mix = cell(
        applied("us_exim.instrument_mix.equity=0.5", "us_exim.instrument_mix=1,0,0,0,0,0"), "us_exim", "instrument_mix"
    )
    assert mix[0].tolist() == [1, 0, 0, 0, 0, 0]
    teams = cell(applied("us_country_lab.teams.KEN=0.4", "us_country_lab.teams=none"), "us_country_lab", "teams")
    assert np.isnan(teams).all()
    teams = cell(applied("us_country_lab.teams=none", "us_country_lab.teams.KEN=1"), "us_country_lab", "teams")
    assert teams[0].tolist() == [0, 0, 1, 0]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("us_goverment.supply_bond=0.9", "did you mean us_government"),
        ("us_government.guarante=0.9", "did you mean supply_bond"),
        ("KEM.hedge=1", "did you mean KEN"),
        ("us_government.compact.KEM=1", "did you mean KEN"),
        ("us_government.compact.kenia=1", "did you mean KEN"),
        ("cn_government.subsidy.netwrk=0.1", "did you mean network"),
        ("us_government.supply_bond=2", "supply_bond=2 is out of bounds; give 0 to 1"),
        ("us_government.supply_bond=lots", "not a number"),
        ("us_government.supply_bond=inf", "not a finite number"),
        ("us_government.supply_bond=none", "cannot be none"),
        ("us_government.supply_bond.KEN=1", "has no parts"),
        ("us_government.supply_bond[KEM]=1", "did you mean KEN"),
        ("us_government.supply_bond[USA]=1", "USA"),
        ("us_government.supply_bond[KEN]=2", "supply_bond=2 is out of bounds; give 0 to 1"),
        ("us_government.supply_bond[KEN=1", "between brackets stand countries"),
        ("us_government.supply_bond[]=1", "between brackets stand countries"),
        ("us_government.budget_bn[KEN]=1", "takes no exceptions by country; these take some: subsidy, supply_bond"),
        ("KEN.hedge[BRA]=1", "takes no exceptions by country; an importer makes none"),
        ("us_government.supply_bond=0.1,0.2", "takes one number"),
        ("us_government.supply_bond", "is not an assignment"),
        ("us_government.supply_bond=", "is not an assignment"),
        ("us_government=1", "names no lever"),
        ("us_government.a.b.c=1", "names no lever"),
        ("us_government.supply_bond@soon=1", "not a year"),
        ("us_government.supply_bond@3=1", "not a year"),
        ("KEN.club=0.5", "must be whole"),
        ("KEN.ban_cn.network=1.5", "out of bounds; give 0 to 1"),
        ("us_exim.instrument_mix=0.5", "takes 6 numbers"),
        ("us_exim.instrument_mix=0.5,0.5", "takes 6 numbers"),
        ("us_exim.instrument_mix=0.5,0.6,0,0,0,0", "sum to 1.1; make them sum to 1"),
        ("us_country_lab.teams.KEN=none", "as a whole"),
        ("USA.hedge=1", "use us_government"),
    ],
)
def test_one_clear_line_for_what_is_wrong(text, says):
    with pytest.raises(InputError, match=says) as caught:
        parse(text, WORLD)
    message = str(caught.value)
    assert message.startswith(text) and "\n" not in message


@pytest.mark.parametrize(
    "texts",
    [
        ("us_government.weight_use=0.9", "us_government.weight_headline=0.3"),
        ("us_exim.instrument_mix.equity=0.9", "us_exim.instrument_mix.grant@2031=0.9"),
        tuple(f"us_government.weight_{name}=0.2" for name in ("headline", "use", "additional", "strategic")),
    ],
)
def test_shares_that_cannot_sum_to_one_are_found_before_the_run(texts):
    with pytest.raises(InputError, match="sum to"):
        check([parse_all(texts, WORLD)], WORLD)


def every_lever():
    return [(actors_of(kind, WORLD)[-1], lever) for kind, lever_set in LEVER_SETS.items() for lever in lever_set]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(every_lever()), st.floats(0, 1), st.data())
def test_any_value_in_bounds_is_written_and_stays_valid(pair, position, data):
    actor, lever = pair
    value = lever.low + position * (lever.high - lever.low)
    if lever.whole:
        value = float(round(value))
    parts = part_names(lever, WORLD)
    target = f"{actor}.{lever.name}"
    part = data.draw(st.sampled_from(parts)) if parts else None
    levers = applied(f"{target}.{part}={value!r}" if part else f"{target}={value!r}")
    written = cell(levers, actor, lever.name)
    np.testing.assert_array_equal(written[:, parts.index(part)] if part else written, value)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(every_lever()), st.floats(1e-6, 1e6), st.booleans())
def test_any_value_out_of_bounds_is_refused(pair, beyond, above):
    actor, lever = pair
    value = lever.high + beyond if above else lever.low - beyond
    parts = part_names(lever, WORLD)
    target = f"{actor}.{lever.name}" + (f".{parts[0]}" if parts else "")
    with pytest.raises(InputError, match="out of bounds"):
        parse(f"{target}={value!r}", WORLD)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=5))
def test_shares_always_sum_to_one_or_are_refused(shares):
    names = part_names(LEVER_SETS["financier"]["instrument_mix"])
    texts = [f"us_exim.instrument_mix.{name}={share!r}" for name, share in zip(names, shares, strict=False)]
    if sum(shares) > 1 + 1e-9:
        with pytest.raises(InputError, match="sum to"):
            applied(*texts)
    else:
        mix = cell(applied(*texts), "us_exim", "instrument_mix")
        np.testing.assert_allclose(mix.sum(axis=-1), 1)
        np.testing.assert_allclose(mix[:, : len(shares)], np.tile(shares, (2, 1)), atol=1e-9)


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="abKEN_.=@0159-, none", max_size=30))
def test_nonsense_never_raises_anything_but_an_input_error(text):
    try:
        parse(text, WORLD)
    except InputError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize("target", ["us_government.guarantee", "homes.guarantee@2030", "cn_government.guarantee"])
def test_an_old_name_of_a_lever_is_taken_with_a_note_that_says_the_new_one(target):
    with pytest.warns(OldName, match=r"^\w+\.guarantee is now called \w+\.supply_bond; the old name still works$"):
        assignment = parse(f"{target}=0.9")
    assert (
        assignment == parse(f"{target.replace('guarantee', 'supply_bond')}=0.9") and assignment.lever == "supply_bond"
    )


def test_the_guarantee_of_lenders_keeps_its_name(recwarn):
    assert parse("us_exim.instrument_mix.guarantee=0.5").part == "guarantee" and not recwarn.list


def test_what_stands_before_the_equals_sign_is_read_alone():
    target = assignments.parse_target("us_government.compact.Ivory Coast@2030")
    assert str(target) == "us_government.compact.CIV@2030"
    assert (target.kind, target.actors, target.lever, target.part, target.year) == (
        "home_government", ("us_government",), "compact", "CIV", 2030,
    )  # fmt: skip
    with pytest.raises(InputError, match="names no lever"):
        assignments.parse_target("us_government")
