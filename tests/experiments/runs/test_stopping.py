"""A process that is asked to end tidies up first, whichever signal asks."""

import os
import signal
import subprocess
import sys

import pytest

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
