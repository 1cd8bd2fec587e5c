"""The dashboard driven in a browser: one server for all tests, and pages that fail the test when they complain or ask
outside.

`server` is its address, `page` a fresh visitor's page, `open_page` opens one more. `SMALL` is a question small enough
to be answered at once. What is missing (Solara, Playwright, Chromium) is said in the reason of the skip.
"""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from tests.viz.browsing import ROOT, free_port, opening

SMALL = "years=2025:2029&runs=4"


class Served:
    """`stackcraft dashboard` in a process of its own."""

    def __init__(self, port, log):
        self.port, self.address, self.log = port, f"http://127.0.0.1:{port}", log
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
        command = [sys.executable, "-m", "stackcraft.viz.cli.main", "dashboard", "--port", str(port), "--no-browser"]
        with log.open("a") as stream:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=stream, stderr=subprocess.STDOUT)
        end = time.monotonic() + 240  # the first ever start compiles the model
        while "The dashboard is at" not in self.said():
            assert self.process.poll() is None, f"the server ended: {self.said()[-2000:]}"
            assert time.monotonic() < end, f"the server is not ready: {self.said()[-2000:]}"
            time.sleep(0.1)

    def said(self):
        return self.log.read_text(encoding="utf-8")

    def get(self, path, **headers):
        """Status, headers and text of an answer."""
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read().decode("utf-8", "replace")
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode("utf-8", "replace")

    def health(self):
        return json.loads(self.get("/health")[2])

    def stop(self, how=signal.SIGINT):
        """End it as Ctrl-C does; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(how)
        try:
            return self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"the server did not end: {self.said()[-2000:]}") from None


@pytest.fixture(scope="session")
def served(tmp_path_factory):
    pytest.importorskip("solara", reason="Solara is not installed: the dashboard is not served (make setup-all)")
    one = Served(free_port(), tmp_path_factory.mktemp("dashboard") / "server.log")
    yield one
    one.stop()


@pytest.fixture(scope="session")
def server(served):
    """The address of the running dashboard."""
    return served.address


@pytest.fixture
def open_page(chromium, server):
    """Opens visitors' pages: `open_page("/explore?...", width=390, **options of the browser's context)`; each has
    `.watch`.
    """
    with opening(chromium) as start:

        def visit(path=None, **options):
            page = start(None if path is None else server + path, **options)
            if path is not None:
                page.wait_for_selector("main h1")
            return page

        yield visit


@pytest.fixture
def page(open_page):
    """A fresh visitor's page, nothing opened yet."""
    return open_page()


def settled(page):
    """Wait until the page shows the answer to its address, whole, where it shows one."""
    page.wait_for_function("""() => {
      const shown = document.getElementById('progress');
      return document.querySelector('main h1')
        && (!shown || (shown.dataset.finished === '1' && shown.dataset.stale === '0'
        && shown.dataset.question === location.search));
    }""")
    return page
