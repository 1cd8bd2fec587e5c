"""The dashboard driven in a browser: one server for all tests, and pages that fail the test when they complain or ask
outside.

`server` is its address, `page` a fresh visitor's page, `open_page` opens one more. `SMALL` is a question small enough
to be answered at once. What is missing (Solara, Playwright, Chromium) is said in the reason of the skip.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[3]
SMALL = "years=2025:2029&runs=4"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PATIENCE = 60_000  # ms; other work on the machine makes everything slower


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


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


# Not for the whole session: while Playwright is open, no other test could run an event loop of its own.
@pytest.fixture(scope="module")
def chromium():
    """A browser for the tests of a file."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: the dashboard is not driven (make setup-all)"
    )
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("no Chromium is installed: the dashboard is not driven")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Watch:
    """What a page asked for and complained about."""

    def __init__(self, page):
        self.asked, self.faults, self.allowed = [], [], []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda opened: self.asked.append(opened.url))
        page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        page.on(
            "console",
            lambda message: self.faults.append(f"console: {message.text}") if message.type == "error" else None,
        )

    def outside(self):
        """Requests that leave this machine."""
        return [
            url
            for url in self.asked
            if urlsplit(url).scheme not in ("data", "blob", "about") and urlsplit(url).hostname != "127.0.0.1"
        ]

    def complaints(self):
        """Errors, less those that the test has said it expects (`allowed` holds parts of their words)."""
        return [one for one in self.faults if not any(part in one for part in self.allowed)]


@pytest.fixture
def open_page(chromium, server):
    """Opens visitors' pages: `open_page("/explore?...", width=390, **options of the browser's context)`; each has
    `.watch`.
    """
    opened = []

    def start(path=None, width=1280, height=900, **options):
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.watch = Watch(page)
        opened.append(page)
        if path is not None:
            page.goto(server + path)
            page.wait_for_selector("main h1")
        return page

    yield start
    for page in opened:
        if not page.is_closed():
            page.goto("about:blank")  # leaves as a visitor does, so that the server forgets the page at once
        page.context.close()
    for page in opened:
        assert page.watch.outside() == [], "requests left the machine"
        assert page.watch.complaints() == [], "the page complained"


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


def violations(page, *rules):
    """Serious and critical findings of axe-core: rule, what it hit, and what is wrong with it; of all rules or of those
    named.
    """
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="axe-playwright-python is not installed: accessibility is not checked",
    )
    if not page.evaluate("typeof axe === 'object'"):
        # The library adds its script as an element, which the page's policy turns away; evaluated by the driver it
        # runs.
        page.evaluate(Path(axe.__file__).with_name("axe.min.js").read_text(encoding="utf-8"))
    found = page.evaluate(
        "(rules) => axe.run({ resultTypes: ['violations'], ...(rules.length ? { runOnly: rules } : {}) })", list(rules)
    )
    return [
        f"{one['id']} at {node['target']}: {node['html'][:160]} "
        f"({' '.join(check['message'] for check in [*node['any'], *node['all'], *node['none']])[:300]})"
        for one in found["violations"]
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
