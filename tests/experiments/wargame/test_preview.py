"""A preview of a draft: from what the seat can see alone, and not too often."""

import copy

import numpy as np
import pytest

from stackcraft.agents.errors import InputError


def test_a_preview_says_which_way_an_order_goes_and_depends_on_nothing_secret(small):
    orders = [{"order": "B6.us", "value": ["cloud", "chips", "models"]}]
    shown = small.preview("asean", orders)
    assert shown["futures"] == 8 and shown["years"] == 1
    by_name = {one["measure"]: one for one in shown["measures"]}
    assert all(one["low"] <= one["mean"] <= one["high"] for one in by_name.values())
    assert any(one["mean"] for one in by_name.values())
    small.previewed.clear()
    worlds = small._worlds
    worlds.played.world.book["welfare"] += 1
    worlds.played.world.state["belief_mean" if "belief_mean" in worlds.played.world.state.dtype.names else "key"] += 1
    small.state = copy.deepcopy(small.state)
    small.state.chairs["us"].standing = {("H5", None, None): "partners"}
    for record in small.records.values():
        record["secret"] = record["books"] = None
    assert small.preview("asean", orders) == shown
    small.previewed.clear()
    small.state.chairs["us"].standing = {("H3", None, None): 1.0}  # that can be seen
    assert small.preview("asean", orders) != shown


def test_no_orders_change_nothing(small):
    assert {one["mean"] for one in small.preview("us", [])["measures"]} == {0.0}


def test_one_preview_in_five_seconds_a_seat(small):
    small.preview("us", [])
    with pytest.raises(InputError, match="one preview in 5 s"):
        small.preview("us", [])
    small.preview("cn", [])
    with pytest.raises(InputError, match="not in this game"):
        small.preview("moon", [])
    assert np.isfinite(small.previewed["us"])
