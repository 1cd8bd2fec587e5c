"""A helper compiles what is needed later, once, and ends with the process that it works for."""

import os
import subprocess
import sys

import pytest

HELPED = """
import sys
from stackcraft.model.compiling import start_helper
from stackcraft.model.loop import cache
from stackcraft.model.loop.luck import run_key, site

signature = tuple(site.whole.typeof_pyval(one) for one in (1, 2, 3, 4, 5))
path = site.whole._cache.path(signature, site.whole.targetctx)
start_helper(run_key, site, (1, 2, 3, 4, 5), int(sys.argv[1]))
started = len(cache.helpers)
if len(sys.argv) > 2:
    site.whole.compile(signature)
print(started, path.exists(), len(site.whole.stats.cache_hits), len(site.whole.stats.cache_misses), len(cache.helpers))
"""


@pytest.fixture
def helped(tmp_path):
    """What a new process prints that may have a helper, with an empty place for compiled code of its own."""

    def run(*arguments):
        environment = os.environ | {"STACKCRAFT_CACHE": str(tmp_path)}
        command = [sys.executable, "-c", HELPED, *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120)
        assert done.returncode == 0, done.stderr
        return done.stdout.split()

    return run


def test_who_needs_what_a_helper_compiles_waits_for_it_and_loads_it(helped):
    assert helped("2", "needs it") == ["1", "True", "1", "0", "0"]
    assert helped("2", "needs it") == ["0", "True", "1", "0", "0"], "nothing is left to compile"


def test_on_one_core_there_is_no_helper(helped):
    assert helped("1", "needs it") == ["0", "True", "0", "1", "0"]


def test_who_does_not_need_it_ends_at_once(helped):
    assert helped("2")[0] == "1"


def test_a_helper_ends_with_the_process_that_it_works_for():
    code = (
        "import sys, time, threading; from stackcraft.model.compiling import _end_with\n"
        "threading.Thread(target=_end_with, args=(sys.stdin.buffer,), daemon=True).start()\n"
        "print('works', flush=True); time.sleep(60); print('still there')"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as helper:
        assert helper.stdout.readline().strip() == b"works"
        helper.stdin.close()
        assert helper.stdout.read() == b"" and helper.wait(30) == 1
