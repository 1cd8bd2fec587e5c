"""The trials that every strategy and every preset must pass; a new one is tried as soon as it is registered."""

from dataclasses import fields, is_dataclass, replace

import numpy as np
import pytest

from stackcraft.agents.levers import LEVER_SETS, flat
from stackcraft.agents.names import SIDES, side_actors
from stackcraft.agents.strategies import Fixed, SeatStrategy, Strategy, find_strategy
from stackcraft.agents.strategies.registry import every_preset, every_strategy
from stackcraft.agents.view import PublicRecord, readable

SEEDS = [3, 1, 4, 15, 9]
SEAT = SeatStrategy(["KEN"], find_strategy("bandwagon", "importer"))
SCRIPT = Fixed("vendor", {"markup": {2020: 0.1, 2031: 0.4}, "teams": None})
PLAYERS = [*every_strategy(), SEAT, SCRIPT, *every_preset()]
IDS = [f"{getattr(one, 'kind', None) or one.side}-{one.name}" for one in PLAYERS]
every_player = pytest.mark.parametrize("player", PLAYERS, ids=IDS)


def decisions(player, views):
    """What it decides, by kind of actor, laid over the defaults: structured arrays, shape (runs, actors)."""
    if isinstance(player, Strategy):
        answers = {player.kind: player.decide(views[player.kind])}
    else:
        plan = player.plan(views["home_government"])
        plan = np.full(views["vendor"].runs, -1) if plan is None else plan
        answers = {kind: player.decide(views[kind], plan) for kind in ("home_government", "financier", "vendor")}
    laid = {}
    for kind, answer in answers.items():
        view = views[kind]
        levers = np.repeat(view.base[np.newaxis], view.runs, axis=0)
        mask = None
        if not isinstance(player, Strategy):
            mask = np.isin(view.actors, side_actors(player.side, kind))[np.newaxis]
        LEVER_SETS[kind].apply(levers, answer, mask)
        laid[kind] = levers
    return laid


def same(left, right):
    assert left.keys() == right.keys()
    for kind in left:
        np.testing.assert_array_equal(flat(left[kind]), flat(right[kind]))


def without(views, keep, look_ahead=True, luck=True):
    """The views with every optional field that is not in `keep` taken out."""
    stripped = {}
    for kind, view in views.items():
        public = PublicRecord(
            **{one.name: getattr(view.public, one.name) for one in fields(PublicRecord) if one.name in keep}
        )
        own = {one: None for one in readable(kind) if one not in keep and hasattr(view, one)}
        if not look_ahead and hasattr(view, "look_ahead"):
            own["look_ahead"] = None
        stripped[kind] = replace(view, public=public, **own, **({} if luck else {"luck": None}))
    return stripped


@every_player
def test_stays_in_bounds(player, views):
    for year in (2026, 2029, 2030, 2045):
        for kind, levers in decisions(player, views(SEEDS, year=year)).items():
            LEVER_SETS[kind].validate(levers, views([1])[kind].actors)


@every_player
def test_repeats_itself(player, views):
    once = decisions(player, views(SEEDS))
    same(once, decisions(player, views(SEEDS)))
    if isinstance(player, Strategy) and not player.traits.seat and player.name != "fixed":
        same(once, decisions(type(player)(), views(SEEDS)))
        assert not vars(player), "a strategy keeps no state of its own"


@every_player
@pytest.mark.parametrize("count", [1, 2, 17])
def test_takes_any_number_of_runs(player, views, count):
    for levers in decisions(player, views(list(range(count)))).values():
        assert levers.shape[0] == count


@every_player
def test_a_run_does_not_depend_on_the_others(player, views):
    together = decisions(player, views(SEEDS))
    for position, seed in enumerate(SEEDS):
        alone = decisions(player, views([seed]))
        same(alone, {kind: levers[position : position + 1] for kind, levers in together.items()})


def contents(record):
    """Every array of a view, its facts and its public record, as bytes."""
    found = {}
    for one in fields(record):
        value = getattr(record, one.name)
        if isinstance(value, np.ndarray):
            found[one.name] = value.tobytes()
        elif is_dataclass(value):
            found.update({f"{one.name}.{name}": data for name, data in contents(value).items()})
    return found


@every_player
def test_leaves_the_view_as_it_was(player, views):
    shown = views(SEEDS)
    before = {kind: contents(view) for kind, view in shown.items()}
    decisions(player, shown)
    for kind, view in shown.items():
        assert contents(view) == before[kind]
        assert {"levers", "facts.gdp", "public.demand", "public.buyer_levers"} <= set(before[kind])


@every_player
def test_reads_only_what_it_says_it_reads(player, views):
    traits = player.traits
    full = decisions(player, views(SEEDS))
    lean = without(views(SEEDS), traits.reads, look_ahead=traits.needs_look_ahead, luck=traits.randomised)
    same(full, decisions(player, lean))


@every_player
def test_is_constant_only_if_it_says_so(player, views):
    if player.traits.constant:
        base = decisions(player, views(SEEDS, year=2026))
        same(base, decisions(player, views([8, 8, 8, 8, 8], year=2044)))
    assert not (player.traits.constant and (player.traits.adaptive or player.traits.randomised))


@every_player
def test_tells_its_story_in_one_sentence(player):
    assert player.story.endswith(".") and ". " not in player.story
    assert player.title and player.name == player.name.lower() and " " not in player.name


@pytest.mark.parametrize("side", SIDES)
def test_a_preset_writes_only_known_levers(side):
    for preset in every_preset():
        if preset.side == side and hasattr(preset, "government"):
            assert set(preset.government) <= set(LEVER_SETS["home_government"].names)
            assert set(preset.financiers) <= set(side_actors(side, "financier"))
            assert set(preset.vendors) <= set(LEVER_SETS["vendor"].names)
