"""Pages in a browser: what they ask for and complain about, and what axe-core finds wrong with them.

`chromium` is a browser for the tests of a file. A page opened by `opening` fails its test when it complains or asks
another machine. What is missing (Playwright, Chromium, axe) is said in the reason of the skip.
"""

import shutil
import socket
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).parents[2]
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BROWSER = next((found for name in BROWSERS if (found := shutil.which(name))), None)
PATIENCE = 60_000  # ms; other work on the machine makes everything slower


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# Not for the whole session: while Playwright is open, no other test could run an event loop of its own.
@pytest.fixture(scope="module")
def chromium():
    """A browser for the tests of a file."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="Playwright is not installed: pages are not driven (make setup-all)"
    )
    if BROWSER is None:
        pytest.skip("no Chromium is installed: pages are not driven")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
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


@contextmanager
def opening(browser):
    """Opens pages of devices: `start(address, width=1280, height=900, **options of the browser's context)`; each has
    `.watch`, and at the end none may have complained or asked another machine.
    """
    opened = []

    def start(address=None, width=1280, height=900, **options):
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.watch = Watch(page)
        opened.append(page)
        if address is not None:
            page.goto(address)
        return page

    yield start
    for page in opened:
        if not page.is_closed():
            try:
                page.goto("about:blank")  # leaves as a visitor does, so that the server forgets the page at once
            except _error():
                if not page.is_closed():  # it is closing by itself
                    page.wait_for_event("close", timeout=5000)
        page.context.close()
    for page in opened:
        assert page.watch.outside() == [], "requests left the machine"
        assert (said := page.watch.complaints()) == [], f"the page complained: {said}"


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


def _error():
    from playwright.sync_api import Error

    return Error
