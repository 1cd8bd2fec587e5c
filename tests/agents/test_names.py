"""Names are fixed, unique and in the order that arrays rely on."""

import pytest

from stackcraft.agents import names
from stackcraft.agents.errors import InputError


def test_sizes_and_order():
    assert len(names.IMPORTERS) == 193
    assert list(names.IMPORTERS) == sorted(set(names.IMPORTERS))
    assert not {"USA", "CHN"} & set(names.IMPORTERS)
    assert [len(part) for part in (names.LAYERS, names.STACKS, names.VENDORS, names.FINANCIERS)] == [7, 3, 15, 6]
    assert len(names.VENDORS) < names.VENDOR_PLACES


def test_vendors_are_ordered_by_stack():
    stacks = [names.STACKS.index(names.stack_of(vendor)) for vendor in names.VENDORS]
    assert stacks == sorted(stacks)


def test_groups_hold_known_actors_of_one_kind():
    for group, actors in names.GROUPS.items():
        assert len({names.kind_of(actor) for actor in actors}) == 1, group
        assert names.members(group) == actors
    assert names.members("importers", ("KEN", "NGA")) == ("KEN", "NGA")


@pytest.mark.parametrize("side", names.SIDES)
def test_sides_hold_their_own(side):
    assert len(names.side_actors(side, "home_government")) == 1
    assert len(names.side_actors(side, "financier")) == 2
    assert names.side_actors(side, "importer") == ()
    assert set(names.side_actors(side, "vendor")) == set(names.GROUPS[f"{side.lower()}_vendors"])


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("us_goverment", "us_government"),
        ("KEM", "KEN"),
        ("USA", "us_government"),
        ("CHN", "cn_government"),
        ("importer", "importers"),
    ],
)
def test_a_wrong_actor_is_answered_with_the_nearest(wrong, right):
    with pytest.raises(InputError, match=right) as caught:
        names.members(wrong)
    assert "\n" not in str(caught.value)


def test_unknown_sides_and_kinds():
    with pytest.raises(InputError, match="US, CN"):
        names.side_actors("EU", "vendor")
    with pytest.raises(InputError, match="did you mean vendor"):
        names.actors_of("vendors")
