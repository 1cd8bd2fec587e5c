"""A process that is asked to end tidies up first, whichever signal asks."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from stackcraft.experiments.runs import stopping
from stackcraft.experiments.runs.stopping import stop_request

WRITES = """
import sys, time
from stackcraft.experiments.runs.outputs import output_folder
from stackcraft.experiments.runs.stopping import exit_code, stop_tidily
stop_tidily()
try:
    with output_folder(sys.argv[1]) as place:
        (place / "report.html").write_text("half")
        print("writing", flush=True)
        time.sleep(60)
except KeyboardInterrupt:
    sys.exit(exit_code())
"""


def start(folder, **options):
    return subprocess.Popen([sys.executable, "-c", WRITES, str(folder)], stdout=subprocess.PIPE, text=True, **options)


@pytest.mark.skipif(os.name != "posix", reason="sends signals that only POSIX systems have")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_leaves_no_half_written_folder(tmp_path, name, code):
    def foreground():
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)

    process = start(tmp_path / "out", preexec_fn=foreground)
    assert process.stdout.readline() == "writing\n" and len(list(tmp_path.iterdir())) == 1
    process.send_signal(getattr(signal, name))
    assert process.wait(60) == code and list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="sends signals that only POSIX systems have")
def test_a_hang_up_that_is_ignored_stays_ignored(tmp_path):
    process = start(tmp_path / "out", preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    assert process.stdout.readline() == "writing\n"
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(1)
    process.terminate()
    assert process.wait(60) == 143 and list(tmp_path.iterdir()) == []


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


@pytest.mark.skipif(os.name != "posix", reason="sends signals that only POSIX systems have")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_other_signals_ask_as_ctrl_c_does(usual, name, monkeypatch):
    number = getattr(signal, name)
    monkeypatch.setattr(stopping, "received", [])
    before = signal.signal(number, signal.SIG_DFL)
    try:
        with pytest.raises(KeyboardInterrupt), stop_request() as request:
            os.kill(os.getpid(), number)
            assert request.is_set() and request.by == name and stopping.exit_code() == 128 + number
            os.kill(os.getpid(), number)
        assert signal.getsignal(number) == signal.SIG_DFL
    finally:
        signal.signal(number, before)
