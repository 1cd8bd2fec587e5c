"""Declarations check their own values, and say in one line what is wrong."""

import numpy as np
import pytest

from stackcraft.agents.declare import Declaration, parts_of_shape
from stackcraft.agents.errors import InputError, hint, nearest, shown, unknown


def declare(**changes):
    base = {
        "name": "pull",
        "unit": "bn$/year",
        "low": 0,
        "high": 5,
        "default": 1,
        "sentence": "A pull.",
        "source": "test",
        "judgement": True,
    }
    return Declaration(**{**base, **changes})


def test_a_good_value_comes_back_as_floats():
    assert declare().check(2) == 2.0
    assert declare().check([0, 5]).tolist() == [0.0, 5.0]


@pytest.mark.parametrize("value", [-0.1, 5.1, [1, 9], np.inf])
def test_out_of_bounds_names_value_and_bounds(value):
    with pytest.raises(InputError, match=r"pull=.*out of bounds; give 0 to 5 bn\$/year"):
        declare().check(value)


@pytest.mark.parametrize("value", [None, np.nan, "many", [1, np.nan]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(InputError, match="pull"):
        declare().check(value)


def test_none_where_it_means_something():
    assert np.isnan(declare(none_means="the rule decides").check(None))


def test_whole_numbers_take_no_fraction():
    assert declare(whole=True).check(3) == 3
    with pytest.raises(InputError, match="whole"):
        declare(whole=True).check(2.5)


@pytest.mark.parametrize("changes", [{"default": 6}, {"low": 9}, {"name": "two words"}, {"default_by": {"KEN": -1}}])
def test_a_declaration_that_contradicts_itself_cannot_be_made(changes):
    with pytest.raises(ValueError):
        declare(**changes)


def test_shapes_name_their_parts():
    assert parts_of_shape("scalar") == {}
    assert parts_of_shape("stack")["stack"] == ("US", "CN", "independent")
    assert [len(part) for part in parts_of_shape("layer x layer").values()] == [7, 7]
    assert declare(shape="country").parts == {"country": ()}
    with pytest.raises(InputError, match="did you mean layer"):
        parts_of_shape("layers")


def test_nearest_forgives_case_and_hyphens():
    assert nearest("Hedge-Fund", ["hedge_fund", "fund"]) == "hedge_fund"
    with pytest.raises(ValueError):
        nearest("x", [])


def test_a_name_like_none_gets_no_hint():
    assert hint("garantee", ["guarantee", "subsidy"]) == "; did you mean guarantee?"
    assert hint("nonsense", ["considered_base", "subsidy"]) == ""
    assert str(unknown("lever", "nonsense", [f"considered_{i}" for i in range(20)])) == "lever 'nonsense' is unknown"


def test_a_name_like_none_lists_the_options_where_they_are_few():
    assert str(unknown("side", "EU", ["US", "CN"])) == "side 'EU' is unknown; use one of US, CN"


@pytest.mark.parametrize("value", [10**400, -(10**400)])
def test_a_number_too_large_for_a_computer_number_is_one_clear_line(value):
    with pytest.raises(InputError, match=r"^pull=-?1000+\.\.\. is not a number; give one from 0 to 5"):
        declare().check(value)


def test_a_value_is_shown_in_full_or_cut_and_never_fails():
    assert shown("x") == "'x'" and len(shown("x" * 500)) < 90 and shown(10**9999) == "a number of thousands of digits"
