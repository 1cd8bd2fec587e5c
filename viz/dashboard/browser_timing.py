"""Time the dashboard in a browser and weigh a visitor: `python -m stackcraft.viz.dashboard.browser_timing`.

Starts its own server, drives it with Chromium through Playwright, and prints each figure beside what is asked for.
Figures are those of the machine it runs on; other work on the machine makes them worse.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

ASKED = {
    "first map, warm server": ("s", 3.0, "most"),
    "year moved to painted, median": ("ms", 50.0, "most"),
    "frames a second in play": ("", 30.0, "least"),
    "lever moved to first new picture": ("s", 1.0, "most"),
    "lever moved to the full band of 64 runs": ("s", 4.0, "most"),
    "memory for each further visitor": ("MB", 15.0, "most"),
}
SCRUB = """async () => {
  const input = document.querySelector('.atlas input[type=range]'), times = [];
  const frame = () => new Promise(done => requestAnimationFrame(done));
  for (let turn = 0; turn < 2; turn++) for (let value = +input.min; value <= +input.max; value++) {
    await frame();
    const start = performance.now();
    input.value = value; input.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise(done => requestAnimationFrame(() => {
      const channel = new MessageChannel(); channel.port1.onmessage = done; channel.port2.postMessage(0);
    }));
    times.push(performance.now() - start);
  }
  return times;
}"""
PLAY = """async (seconds) => {
  let frames = 0; const start = performance.now();
  while (performance.now() - start < 1000 * seconds) {
    await new Promise(done => requestAnimationFrame(done)); frames++;
  }
  return 1000 * frames / (performance.now() - start);
}"""
MOVE = """(share) => {
  const input = document.querySelector('.rail input[type=range]');
  input.value = +input.min + share * (+input.max - +input.min);
  input.dispatchEvent(new Event('input', { bubbles: true }));
  input.dispatchEvent(new Event('change', { bubbles: true }));
  return performance.now();
}"""


class Server:
    """A dashboard on a free port, in its own process, stopped at the end of the `with` block."""

    def __init__(self, *options: str) -> None:
        import socket

        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        command = [
            sys.executable,
            "-m",
            "stackcraft.viz.cli.main",
            "dashboard",
            "--port",
            str(self.port),
            "--no-browser",
            *options,
        ]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said: list[str] = []
        self._reader = threading.Thread(target=lambda: self.said.extend(self.process.stdout), daemon=True)
        self._reader.start()

    def __enter__(self) -> Server:
        import urllib.request

        for _ in range(600):
            if self.process.poll() is not None:
                raise SystemExit("the dashboard did not start: " + "".join(self.said[-5:]))
            try:
                with urllib.request.urlopen(self.address + "/health", timeout=5) as answer:
                    if json.load(answer).get("ready", True):
                        return self
            except OSError:
                pass
            time.sleep(0.2)
        raise SystemExit("the dashboard was not ready within two minutes")

    def __exit__(self, *exception: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def memory(self) -> float:
        """Return the resident memory in MB; NaN where the system does not say."""
        try:
            for line in Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
                if line.startswith("VmRSS"):
                    return int(line.split()[1]) / 1024
        except OSError:
            pass
        return float("nan")


def launch(playwright: Any) -> Any:
    """Return a browser: the system's Chromium, or the one that Playwright installed."""
    import shutil

    path = next(
        (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
    )
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


def until(page: Any, condition: str, seconds: float = 60) -> None:
    """Wait until a condition in JavaScript holds."""
    page.wait_for_function(condition, timeout=1000 * seconds, polling=20)


DRAWN = "() => document.querySelector('.atlas svg .c') !== null && document.querySelector('#progress') !== null"
FRESH = (
    "() => { const p = document.querySelector('#progress'); return p && p.dataset.stale === '0' && "
    "p.dataset.question === location.search; }"
)
FULL = (
    "() => { const p = document.querySelector('#progress'); return p && p.dataset.stale === '0' && "
    "p.dataset.finished === '1' && p.dataset.question === location.search; }"
)


def open_page(browser: Any, address: str) -> Any:
    """Return a new visitor's page, once it is drawn. Raises `SystemExit` where the server answers with a fault."""
    page = browser.new_context(viewport={"width": 1360, "height": 900}).new_page()
    answer = page.goto(address)
    if not answer.ok:
        raise SystemExit(f"{address} answers {answer.status}; is everything installed (make setup-all)?")
    until(page, DRAWN)
    return page


def lever(page: Any, share: float) -> tuple[float, float]:
    """Move the first lever; return the seconds to the first new picture and to the full band."""
    before = page.evaluate("location.search")
    start = time.perf_counter()
    page.evaluate(MOVE, share)
    until(page, f"() => location.search !== {json.dumps(before)}")
    until(page, FRESH)
    first = time.perf_counter() - start
    until(page, FULL)
    return first, time.perf_counter() - start


def measure(visitors: int = 8) -> dict[str, float]:
    """Return every figure, by name."""
    from playwright.sync_api import sync_playwright

    found: dict[str, float] = {}
    with Server() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        open_page(
            browser, server.address + "/explore"
        ).context.close()  # the browser's own caches, as on a second visit
        start = time.perf_counter()
        page = open_page(browser, server.address + "/explore")
        found["first map, warm server"] = time.perf_counter() - start
        until(page, FULL)
        times = page.evaluate(SCRUB)
        found["year moved to painted, median"] = statistics.median(times)
        found["year moved to painted, slowest of nine in ten"] = statistics.quantiles(times, n=10)[-1]
        page.locator(".atlas-play").first.click()
        found["frames a second in play"] = page.evaluate(PLAY, 3)
        page.locator(".atlas-play").first.click()
        firsts, fulls = zip(*(lever(page, share) for share in (0.31, 0.77, 0.52)), strict=True)
        found["lever moved to first new picture"] = statistics.median(firsts)
        found["lever moved to the full band of 64 runs"] = statistics.median(fulls)
        before = server.memory()
        pages = [open_page(browser, server.address + "/explore") for _ in range(visitors)]
        time.sleep(1)
        found["memory for each further visitor"] = (server.memory() - before) / visitors
        for one in pages:
            one.context.close()
        browser.close()
    return found


def main() -> None:
    """Print every figure beside what is asked for; exit code 1 where one misses."""
    parser = argparse.ArgumentParser(description="Time the dashboard in a browser.")
    parser.add_argument("--visitors", type=int, default=8, help="pages opened to measure the memory of a visitor")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    given = parser.parse_args()
    found = measure(given.visitors)
    if given.json:
        print(json.dumps(found))
        return
    missed = False
    for name, value in found.items():
        unit, asked, kind = ASKED.get(name, ("ms", None, ""))
        met = asked is None or (value <= asked if kind == "most" else value >= asked)
        missed = missed or not met
        wanted = "" if asked is None else f"   at {kind} {asked:g} {unit}: {'met' if met else 'MISSED'}"
        print(f"{name:48} {value:8.2f} {unit:3}{wanted}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
