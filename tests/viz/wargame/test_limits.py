"""Limits count what was let through, and say when to come back."""

import pytest

from stackcraft.viz.wargame.limits import LIMITS, Limits, TooMany


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.mark.parametrize("kind", sorted(LIMITS))
def test_as_many_as_are_allowed_pass_and_the_next_is_told_when_to_try_again(kind, clock):
    limits = Limits(clock)
    most, span = LIMITS[kind]
    for _ in range(most):
        limits.count(kind, "somebody")
    with pytest.raises(TooMany) as refused:
        limits.count(kind, "somebody")
    assert 1 <= refused.value.seconds <= span + 1
    clock.now += refused.value.seconds
    limits.count(kind, "somebody")


def test_a_refused_request_costs_nothing(clock):
    limits = Limits(clock)
    for _ in range(5):
        limits.count("command", "device")
    for _ in range(100):
        with pytest.raises(TooMany):
            limits.count("command", "device")
    clock.now = 1.01
    for _ in range(5):
        limits.count("command", "device")


def test_one_device_does_not_use_up_what_another_may(clock):
    limits = Limits(clock)
    for _ in range(5):
        limits.count("command", "one")
    limits.count("command", "other")


def test_old_windows_are_forgotten(clock):
    limits = Limits(clock)
    for number in range(50):
        limits.count("command", number)
    clock.now = 10.0
    limits.forget()
    assert limits.times == {}
