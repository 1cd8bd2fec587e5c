"""Ctrl-C asks once and insists the second time, wherever it falls."""

import os
import signal
import threading

import pytest

from stackcraft.experiments.sweep.keyboard import stop_request


@pytest.fixture
def usual():
    """The handler that a program in a terminal has, whatever the tests were started from."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_the_first_press_asks_and_the_second_interrupts(usual):
    with pytest.raises(KeyboardInterrupt), stop_request() as asked:
        assert not asked.is_set()
        os.kill(os.getpid(), signal.SIGINT)
        assert asked.is_set()
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_another_thread_or_another_handler_is_left_alone(usual):
    found = []

    def elsewhere():
        with stop_request() as asked:
            found.append(asked.is_set())

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert found == [False]

    def own(*_):
        pass

    signal.signal(signal.SIGINT, own)
    with stop_request():
        assert signal.getsignal(signal.SIGINT) is own
