"""The table of levers from end to end: what stands out, and that every lever has its reason."""

from dataclasses import replace

import numpy as np
import pytest

from stackcraft.agents.levers import LEVER_SETS
from stackcraft.agents.names import kind_of, members
from stackcraft.experiments.checks import levers
from stackcraft.experiments.evidence import lever_effects
from stackcraft.experiments.live.lever_effects import OUTCOMES
from stackcraft.experiments.live.moves import LEVER, LOW, declaration, has_ends
from stackcraft.experiments.statistics import Interval
from stackcraft.model.toml_files import read_toml

NAME = "us_government.aid_bn"


@pytest.fixture(scope="module")
def stored():
    return lever_effects.stored()


def effects_with(stored, **found):
    """The stored effects of one lever, all nil but for those given at its low end."""
    world = stored.world.copy()
    place = next(
        place for place, one in enumerate(stored.changes) if (one.kind, one.name, one.end) == (LEVER, NAME, LOW)
    )
    world[place : place + 2] = 0.0
    for outcome, interval in found.items():
        world[place, OUTCOMES.index(outcome)] = interval
    return replace(stored, world=world)


def test_every_lever_that_was_measured_has_a_sentence_and_no_sentence_is_of_another(stored):
    table, measured = read_toml(levers.REASONS), {one.name for one in stored.changes if one.kind == LEVER}
    measured = {(kind_of(members(actor)[0]), lever) for actor, lever in (name.split(".") for name in measured)}
    for kind, lever_set in LEVER_SETS.items():
        assert {lever for other, lever in measured if other == kind} <= set(table[kind]), kind
        assert set(table[kind]) <= {lever.name for lever in lever_set if has_ends(lever)}, kind
    for actor in set(table) - set(LEVER_SETS):
        names = {lever.name for lever in LEVER_SETS[kind_of(members(actor)[0])]}
        assert set(table[actor]) <= {*names, levers.EVERY}, actor
    assert not any(sentence.endswith(".") for part in table.values() for sentence in part.values())


def test_every_lever_that_was_measured_has_a_row_that_passes(stored):
    rows = list(levers.checks())
    assert len(rows) == 4 + len({one.name for one in stored.changes if one.kind == LEVER})
    assert [row.name for row in rows if not row.passed] == []
    bond = next(row for row in rows if row.name.startswith("us_government.supply_bond"))
    assert "share, points" in bond.name and "Because a promise with money behind it" in bond.name
    assert bond.value == pytest.approx(
        100 * abs(stored.effect(LEVER, "us_government.supply_bond", "us_share", "high").mean)
    )


def test_a_lever_without_a_sentence_fails(stored):
    assert not levers.row_of("us_government.supply_bond", stored, {}).passed
    assert "No sentence says why" in levers.row_of("us_government.supply_bond", stored, {}).name


def test_a_lever_that_moves_nothing_needs_a_reason_of_its_own(stored):
    still = effects_with(stored)
    general = {"home_government": {"aid_bn": "it pays"}}
    assert not levers.row_of(NAME, still, general).passed
    told = levers.row_of(NAME, still, {**general, "us_government": {"aid_bn": "nobody asks"}})
    assert (
        told.passed
        and told.stands_out
        and told.detail == "moves nothing beyond luck"
        and told.name.endswith("Because nobody asks.")
    )
    assert levers.row_of(NAME, still, {"us_government": {levers.EVERY: "nobody asks"}}).passed
    assert levers.row_of(NAME, effects_with(stored, us_cost=(-9, -10, -8)), general).passed


def test_a_gain_without_a_cost_stands_out_and_says_where_the_cost_shows(stored):
    why = {"home_government": {"aid_bn": "it pays"}}
    free = levers.row_of(NAME, effects_with(stored, us_share=(0.02, 0.015, 0.025)), why)
    assert free.stands_out and "wins at no measured cost at 0" in free.detail
    assert f"its cost shows in {declaration(NAME).trial.cost[0]}" in free.name
    paid = effects_with(stored, us_share=(0.02, 0.015, 0.025), us_cost=(3, 2, 4))
    assert not levers.row_of(NAME, paid, why).stands_out
    lost = effects_with(stored, us_share=(0.02, 0.015, 0.025), us_payoff=(-3, -4, -2))
    assert not levers.row_of(NAME, lost, why).stands_out


def test_of_many_intervals_one_that_barely_leaves_zero_out_is_luck():
    barely, nil = Interval(1.0, 0.1, 1.9), Interval(0.0, -1.0, 1.0)
    assert levers.moves_any([barely])
    assert not levers.moves_any([barely, *[nil] * 40])
    assert levers.moves_any([Interval(1.0, 0.6, 1.4), *[nil] * 40])
    assert levers.moves_any([Interval(1.0, 1.0, 1.0)]) and not levers.moves_any([Interval(0.0, 0.0, 0.0)])
    assert not levers.moves_any([Interval(np.nan)])


def test_without_a_stored_measurement_the_check_fails(monkeypatch):
    monkeypatch.setattr(lever_effects, "stored", lambda: None)
    (row,) = levers.checks()
    assert not row.passed
