"""The cast: precedence, runs that differ, bad strategies, snapshots."""

import numpy as np
import pytest

from stackcraft.agents.cast import Cast
from stackcraft.agents.errors import InputError
from stackcraft.agents.levers import flat
from stackcraft.agents.names import KINDS
from stackcraft.agents.strategies import Fixed, Strategy, Table, Traits


class Markup(Table):
    """Sets one lever."""

    name = "markup"
    kind = "vendor"
    title = "Mark-up"
    story = "Charges more."
    table = {"markup": 0.5, "affiliation": 0.55}


class Greedy(Markup):
    """Out of bounds."""

    name = "greedy"
    table = {"markup": 5.0}


class Dice(Strategy):
    """Draws from its luck, and counts how often it is asked."""

    name = "dice"
    kind = "importer"
    title = "Dice"
    story = "Throws dice."
    traits = Traits(randomised=True)
    asked = 0

    def decide(self, view):
        """Bargains by luck."""
        type(self).asked += 1
        return {"bargain": view.luck(0)}


def january(cast, views, year=2026, seeds=None):
    cast.decide(views(seeds or list(range(cast.runs)), cast, year))


def test_precedence(views, small):
    cast = Cast(1, small)
    read = lambda name: float(cast.levers("vendor")[name][0, 0])  # noqa: E731
    january(cast, views)
    assert (read("markup"), read("affiliation")) == (1.0, 0.8)  # profile, then side preset
    cast.set_strategy("us_chip_house", Markup)
    january(cast, views)
    assert read("affiliation") == 0.55
    cast.add_layer(["us_vendors.affiliation=0.3", "us_vendors.markup@2030=0.25"])
    january(cast, views)
    assert (read("markup"), read("affiliation")) == (0.5, 0.3)
    cast.add_layer(["us_chip_house.affiliation=0.35"])
    january(cast, views, 2030)
    assert (read("markup"), read("affiliation")) == (0.25, 0.35)


def test_runs_of_a_batch_may_differ_in_everything(views, small):
    cast = Cast(3, small)
    cast.set_preset("US", "arms-length-vendors", runs=[1])
    cast.set_strategy("us_chip_house", Markup, runs=[2])
    cast.add_layer(["us_chip_house.turnkey=1"], runs=[0, 2])
    january(cast, views)
    levers = cast.levers("vendor")[:, 0]
    assert levers["affiliation"].tolist() == [0.8, 0.1, 0.55]
    assert levers["turnkey"].tolist() == [1, 0.3, 1]


def test_a_decision_in_a_batch_is_the_decision_alone(views, small):
    together = Cast(4, small)
    for cast in (together,):
        cast.set_strategy("importers", "bandwagon")
        cast.set_strategy("vendors", "saturate-now")
    january(together, views, seeds=[5, 6, 7, 8])
    alone = Cast(1, small)
    alone.set_strategy("importers", "bandwagon")
    alone.set_strategy("vendors", "saturate-now")
    january(alone, views, seeds=[7])
    for kind in KINDS:
        np.testing.assert_array_equal(flat(together.levers(kind))[2], flat(alone.levers(kind))[0])


def test_last_years_levers_are_what_a_view_shows(views, small):
    cast = Cast(1, small)
    cast.add_layer(["KEN.bargain@2027=1"])
    january(cast, views, 2026)
    fresh = views([1], cast, 2027)
    cast.decide(fresh)
    column = small.index("KEN")
    assert fresh["importer"].levers["bargain"][0, column] == 0.5
    january(cast, views, 2028)
    assert fresh["importer"].levers["bargain"][0, column] == 1


def test_what_cannot_change_is_decided_once(views, small):
    cast = Cast(2, small)
    Dice.asked = 0
    cast.set_strategy("KEN", Dice)
    for year in (2026, 2027, 2028):
        january(cast, views, year)
    assert Dice.asked == 3
    assert cast.kinds["vendor"].settled is not None and cast.kinds["importer"].settled is None


def test_what_the_cast_reads(small):
    cast = Cast(2, small)
    assert not cast.reads("vendor") and not cast.looks_ahead().any()
    cast.set_strategy("us_chip_house", "saturate-now", runs=[1])
    cast.set_preset("CN", "adaptive", runs=[0])
    assert cast.reads("vendor") == {"demand"}
    assert cast.looks_ahead().tolist() == [[False, True], [False, False]]


def test_a_bad_decision_names_the_actor(views, small):
    cast = Cast(1, small)
    cast.set_strategy("us_country_lab", Greedy)
    with pytest.raises(InputError, match=r"us_country_lab.markup=5 is out of bounds"):
        january(cast, views)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda cast: cast.set_strategy("KEM", "hedge"), "did you mean KEN"),
        (lambda cast: cast.set_strategy("KEN", "hegde"), "did you mean hedge"),
        (lambda cast: cast.set_preset("US", "lock-inn"), "did you mean lock-in"),
        (
            lambda cast: cast.add_layer(["us_exim.instrument_mix.equity@2040=0.9", "us_exim.instrument_mix.grant=0.2"]),
            "sum to 1.1",
        ),
    ],
)
def test_bad_input_is_refused_before_the_run(small, call, says):
    with pytest.raises(InputError, match=says):
        call(Cast(1, small))


def test_a_restored_cast_goes_on_as_before(views, small):
    def make():
        cast = Cast(2, small)
        cast.set_preset("US", "adaptive")
        cast.set_preset("CN", "tit-for-tat")
        cast.set_strategy("importers", "bandwagon")
        cast.add_layer(["KEN.bargain@2029=1"])
        return cast

    straight, stopped = make(), make()
    for year in (2026, 2027):
        january(straight, views, year)
        january(stopped, views, year)
    state = stopped.snapshot()
    january(stopped, views, 2028, seeds=[40, 41])
    fresh = make()
    fresh.restore(state)
    for year in (2028, 2029, 2030):
        january(straight, views, year)
        january(fresh, views, year)
        for kind in KINDS:
            np.testing.assert_array_equal(flat(straight.levers(kind)), flat(fresh.levers(kind)))
            np.testing.assert_array_equal(flat(straight.kinds[kind].last), flat(fresh.kinds[kind].last))


def answering(answer):
    """A strategy of an importer that decides by calling `answer(view)`."""
    return type(
        "Answering",
        (Dice,),
        {"name": "answering", "traits": Traits(adaptive=True), "decide": lambda self, view: answer(view)},
    )


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda view: None, r"answering: decide gave None; give a table of levers, \{\} to leave all of them alone"),
        (lambda view: [0.5], r"answering: decide gave \[0.5\]"),
        (lambda view: {"hedge": "a"}, "answering: importer lever hedge='a' is not a number; give one from 0 to 1"),
        (lambda view: {"bargain": None}, "answering: importer lever bargain cannot be none"),
        (lambda view: {"bargain": np.nan}, "answering: KEN.bargain cannot be nan"),
        (lambda view: {"hedge": 2.0}, "answering: KEN.hedge=2 is out of bounds"),
        (lambda view: {"hegde": 1.0}, "answering: .*hegde.*did you mean hedge"),
        (lambda view: 1 / 0, "answering: decide failed in 2026: ZeroDivisionError: division by zero"),
    ],
)
def test_a_strategy_that_decides_wrongly_is_named_in_one_line(views, small, answer, says):
    cast = Cast(2, small)
    cast.set_strategy("importers", "hedge")
    cast.set_strategy("KEN", answering(answer), runs=[1])
    with pytest.raises(InputError, match=says) as caught:
        january(cast, views)
    assert "\n" not in str(caught.value)


def test_what_a_strategy_says_where_it_is_not_held_does_no_harm(views, small):
    cast = Cast(1, small)
    cast.set_strategy("KEN", answering(lambda view: {"hedge": np.where(np.array(view.actors) == "KEN", 0.5, np.nan)}))
    january(cast, views)
    assert cast.levers("importer")["hedge"][0, small.index("KEN")] == 0.5


def test_a_cast_begins_where_the_reference_stands(views, small):
    reference, cast = Cast(1, small), Cast(2, small)
    reference.decide(views([1], reference))
    cast.set_strategy("importers", "hedge")
    cast.begin(reference)
    for kind in KINDS:
        for run in range(2):
            assert cast.levers(kind)[run].tobytes() == reference.levers(kind)[0].tobytes()
    assert not (cast.levers("importer")["hedge"] == 0.8).any()
    january(cast, views)
    assert (cast.levers("importer")["hedge"] == 0.8).all()


def test_a_restored_cast_finds_by_name_who_held_what(views, small):
    cast = Cast(2, small)
    cast.set_strategy("AGO", "price-taker")
    cast.set_strategy("KEN", "hedge", runs=[1])
    cast.set_preset("US", "lock-in", runs=[0])
    fresh = Cast(2, small)
    fresh.set_strategy("KEN", "club")
    fresh.restore(cast.snapshot())
    for one in (cast, fresh):
        january(one, views)
    for kind in KINDS:
        assert fresh.levers(kind).tobytes() == cast.levers(kind).tobytes()


def test_a_restored_cast_may_keep_its_own_strategies(views, small):
    cast, fresh = Cast(2, small), Cast(2, small)
    cast.set_strategy("KEN", "price-taker")
    cast.set_preset("CN", "adaptive")
    january(cast, views)
    fresh.set_strategy("KEN", "hedge")
    fresh.restore(cast.snapshot(), keep_strategies=True)
    assert (fresh.plan == -1).all(), "what another preset settled on"
    january(fresh, views, 2027)
    assert (fresh.levers("importer")["hedge"][:, small.index("KEN")] == 0.8).all()


def test_a_snapshot_with_a_script_asks_for_it_again(small):
    cast = Cast(1, small)
    cast.set_strategy("KEN", Fixed("importer", {"hedge": 0.5}))
    with pytest.raises(InputError, match="'fixed' that was passed as an object; pass it again"):
        Cast(1, small).restore(cast.snapshot())


def test_a_january_that_failed_can_be_decided_again(views, small):
    cast, sound = Cast(1, small), Cast(1, small)
    for one in (cast, sound):
        one.set_preset("CN", "tit-for-tat")
        one.add_layer(["us_government.subsidy@2027=0.2"])
        january(one, views)
    cast.set_strategy("KEN", answering(lambda view: None))
    with pytest.raises(InputError, match="decide gave None"):
        january(cast, views, 2027)
    cast.set_strategy("KEN", "default")
    for one in (cast, sound):
        january(one, views, 2027)
        january(one, views, 2028)
    for kind in KINDS:
        assert cast.levers(kind).tobytes() == sound.levers(kind).tobytes()
        assert cast.kinds[kind].last.tobytes() == sound.kinds[kind].last.tobytes()


def test_a_preview_follows_the_precedence_without_seeing_anything_and_changes_nothing(facts, small):
    cast = Cast(2, small)
    cast.set_preset("US", "lock-in", runs=[1])
    cast.set_preset("CN", "tit-for-tat")
    cast.set_strategy("us_country_lab", Fixed("vendor", {"lock_contract": {2025: 0.1, 2030: 0.2}}))
    cast.set_strategy("KEN", "bandwagon")
    cast.add_layer(["us_chip_house.lock_contract@2031=0.5"])
    before = {kind: cast.levers(kind).copy() for kind in KINDS}
    shown = {year: cast.preview(year, facts) for year in (2026, 2031)}
    lock = {year: levers["vendor"]["lock_contract"][:, :4].tolist() for year, levers in shown.items()}
    assert cast.kinds["vendor"].base["lock_contract"][:3].tolist() == [0.3, 0.3, 0.4]
    assert lock[2026] == [[0.3, 0.3, 0.4, 0.1], [0.8, 0.8, 0.8, 0.1]]
    assert lock[2031] == [[0.5, 0.3, 0.4, 0.2], [0.5, 0.8, 0.8, 0.2]]
    quiet = Cast(2, small).preview(2026, facts)
    for kind in ("home_government", "importer"):  # what answers what it sees is shown as what it starts from
        assert shown[2026][kind][0].tobytes() == quiet[kind][0].tobytes()
    for kind in KINDS:
        assert cast.levers(kind).tobytes() == before[kind].tobytes()


def test_a_preview_is_what_the_first_january_decides_where_nobody_answers_what_it_sees(views, facts, small):
    cast = Cast(2, small)
    cast.set_preset("US", "sovereignty-guarantor")
    cast.set_strategy("importers", "hedge", runs=[1])
    cast.add_layer(["KEN.bargain=0.9"], runs=[0])
    shown = cast.preview(2026, facts)
    january(cast, views)
    for kind in KINDS:
        assert shown[kind].tobytes() == cast.levers(kind).tobytes()
