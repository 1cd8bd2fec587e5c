"""Strategies are found by name, class or instance; a wrong name is answered with the nearest."""

from importlib.metadata import EntryPoint, EntryPoints

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.agents.strategies import (
    Table,
    TablePreset,
    Traits,
    find_preset,
    find_strategy,
    preset_names,
    registry,
    strategy_names,
)


class Stubborn(Table):
    """Somebody else's strategy."""

    name = "stubborn"
    kind = "importer"
    title = "Stubborn"
    story = "Never bargains."
    table = {"bargain": 0.0}


class Nameless(Table):
    """Lacks everything."""

    kind = "importer"


class Nosy(Stubborn):
    """Wants to read what no importer may see."""

    name = "nosy"
    traits = Traits(reads=frozenset({"peer_additons"}))


class Loud(TablePreset):
    """Somebody else's preset."""

    name = "loud"
    side = "US"
    title = "Loud"
    story = "Talks."
    government = {"advocacy": 1.0}


def test_every_row_of_the_model_description_is_there():
    assert preset_names("US") == (
        "status-quo-2025",
        "headline-chaser",
        "contested-first",
        "sovereignty-guarantor",
        "risk-tolerant-underwriter",
        "arms-length-vendors",
        "alliance-infrastructure",
        "lock-in",
        "control-first",
        "nine-recommendations",
        "stand-aside",
        "adaptive",
    )
    assert set(preset_names("CN")) == {
        "status-quo-2025",
        "loss-leader-policy-bank",
        "open-weights-flood",
        "turnkey-and-training",
        "pipes-first",
        "quiet-commercial",
        "coercive-leverage",
        "stand-aside",
        "tit-for-tat",
        "adaptive",
    }
    assert {"saturate-now", "deep-customise", "lock-in", "sovereignty-virtue", "keep-distance"} <= set(
        strategy_names("vendor")
    )
    importers = {
        "price-taker",
        "bandwagon",
        "hedge",
        "sovereign-first",
        "clear-eyed",
        "capability-first",
        "rule-setter",
        "club",
    }
    assert importers <= set(strategy_names("importer"))
    assert {"rule-bound", "strategic-premium", "co-financing-hub"} <= set(strategy_names("financier"))


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: find_strategy("bandwagn", "importer"), "did you mean bandwagon"),
        (lambda: find_strategy("hedge", "buyer"), "kind of actor 'buyer' is unknown"),
        (lambda: find_strategy(Stubborn, "vendor"), "is for an importer, not for a vendor"),
        (lambda: find_strategy(Nameless, "importer"), "has no name"),
        (lambda: find_strategy(Nosy, "importer"), "did you mean peer_additions"),
        (lambda: find_strategy(3, "importer"), "is not a strategy"),
        (lambda: find_preset("lockin", "US"), "did you mean lock-in"),
        (lambda: find_preset("lock-in", "EU"), "side 'EU' is unknown"),
        (lambda: find_preset(Loud, "CN"), "is for side US"),
        (lambda: find_preset(Stubborn, "CN"), "is not a preset"),
    ],
)
def test_one_clear_line_for_what_is_wrong(call, says):
    with pytest.raises(InputError, match=says) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_classes_and_instances_will_do():
    assert find_strategy(Stubborn, "importer").name == "stubborn"
    assert find_strategy(Stubborn(), "importer").name == "stubborn"
    assert find_preset(Loud, "US").name == "loud"
    assert find_preset("status-quo", "CN").name == "status-quo-2025"


@pytest.fixture
def offered(monkeypatch):
    """Lets a test offer classes of this file as another package would."""

    def offer(*names):
        points = EntryPoints(
            EntryPoint(name=name.lower(), value=f"{__name__}:{name}", group=registry.ENTRY_POINT_GROUP)
            for name in names
        )
        monkeypatch.setattr(registry, "entry_points", lambda group: points.select(group=group))
        registry._others.cache_clear()

    yield offer
    registry._others.cache_clear()


def test_other_packages_offer_theirs(offered):
    offered("Stubborn", "Loud")
    assert "stubborn" in strategy_names("importer") and "stubborn" not in strategy_names("vendor")
    assert find_strategy("stubborn", "importer").table == {"bargain": 0.0}
    assert find_preset("loud", "US").government == {"advocacy": 1.0}


@pytest.mark.parametrize("name", ["Nameless", "Nosy", "Missing", "pytest"])
def test_a_broken_offer_is_named(offered, name):
    offered(name)
    with pytest.raises(InputError, match=f"entry point {name.lower()}"):
        strategy_names("importer")


@pytest.mark.parametrize("name", ["hedge", "fixed", "seat"])
def test_a_class_with_the_name_of_another_strategy_is_refused(name):
    other = type("Other", (Stubborn,), {"name": name})
    for given in (other, other()):
        with pytest.raises(
            InputError, match=f"Other is called '{name}', as stackcraft.agents.strategies..* is; give it another name"
        ):
            find_strategy(given, "importer")


@pytest.mark.parametrize("name", ["lock-in", "status-quo"])
def test_a_preset_with_the_name_of_another_is_refused(name):
    with pytest.raises(InputError, match="give it another name"):
        find_preset(type("Other", (Loud,), {"name": name}), "US")


def test_a_class_that_has_to_be_told_more_is_refused():
    with pytest.raises(InputError, match=r"SeatStrategy cannot be made without more being said.*pass an instance"):
        find_strategy(registry.SeatStrategy, "importer")


def test_which_strategies_their_name_gives_again():
    assert registry.found_by_name("hedge", "importer") and registry.found_by_name(
        type(find_strategy("hedge", "importer")), "importer"
    )
    assert registry.found_by_name(find_preset("lock-in", "US"), "US")
    assert not registry.found_by_name(Stubborn, "importer") and not registry.found_by_name(Loud, "US")
    assert not registry.found_by_name(registry.Fixed("importer", {"hedge": 0.5}), "importer")
