"""Views show what an actor may see, and nobody can write into them."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from stackcraft.agents.view import VIEWS, readable


def test_every_kind_has_a_view_and_optional_fields():
    assert {"demand", "shares"} <= readable("vendor")
    assert "peer_additions" in readable("importer") and "peer_additions" not in readable("vendor")
    for kind in VIEWS:
        assert not {"luck", "look_ahead", "levers", "facts"} & readable(kind)


def test_the_rival_in_a_home_view_is_the_other_home_without_what_is_hidden(views):
    view = views([1, 2])["home_government"]
    np.testing.assert_array_equal(view.rival["budget_bn"], view.levers["budget_bn"][:, ::-1])
    assert np.isnan(view.rival["gravity"]).all()


def test_nobody_can_write_into_a_view(views):
    shown = views([1])
    with pytest.raises(ValueError, match="read-only"):
        shown["vendor"].levers["markup"][0, 0] = 1
    with pytest.raises(ValueError, match="read-only"):
        shown["home_government"].plan[0, 0] = 1
    with pytest.raises(FrozenInstanceError):
        shown["vendor"].year = 2000
