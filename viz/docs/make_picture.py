"""Take the README's pictures of a report and the dashboard: `python -m stackcraft.viz.docs.make_picture [FOLDER]`.

`make remeasure` runs it when what they show may have changed. Needs Chromium or Chrome, and Playwright.
"""

from __future__ import annotations

import io
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.runs import stopping
from stackcraft.model.scenario import Scenario
from stackcraft.viz.dashboard.browser_timing import DRAWN, FULL, Server, launch, until
from stackcraft.viz.dashboard.state import Question, State

FOLDER = Path(__file__).parents[1] / "pictures"
COMPARED = "us-contested-first"  # with the status quo, in the picture of Compare
REPORT_SIZE, EXPLORE_SIZE, COMPARE_SIZE = (1000, 1240), (1360, 872), (1360, 740)  # pixels: width, height
LARGEST_BYTES = 150_000
PATIENCE = 600  # seconds for a page to be complete


def take(folder: Path) -> list[Path]:
    """Write every picture into a folder and return their paths.

    Raises `InputError` where there is no browser to take them with, or where one gets too large.
    """
    made = []
    with browser() as chromium, tempfile.TemporaryDirectory() as work:
        run = Path(work) / "baseline"
        command = [sys.executable, "-m", "stackcraft.viz.cli.main", "run", "baseline", "--out", str(run)]
        subprocess.run(command, check=True, capture_output=True)
        page = _page(chromium, (run / "report.html").as_uri(), REPORT_SIZE)
        made.append(_shot(page, folder / "report.png"))
        with Server() as server:
            page = _answered(_page(chromium, server.address + "/explore", EXPLORE_SIZE))
            made.append(_shot(page, folder / "dashboard-explore.png"))
            both = State(Question.of(Scenario.load(COMPARED)), Question())
            page = _answered(_page(chromium, server.address + both.href("/compare"), COMPARE_SIZE))
            page.evaluate(
                "() => window.scrollTo(0, document.querySelector('.tiles.three').getBoundingClientRect().top - 22)"
            )
            made.append(_shot(page, folder / "dashboard-compare.png"))
    return made


@contextmanager
def browser() -> Iterator[Any]:
    """Give a browser that is closed at the end. Raises `InputError` if Playwright or Chromium is missing."""
    try:
        from playwright.sync_api import Error, sync_playwright
    except ImportError:
        raise InputError("Playwright is not installed: make setup-all installs it") from None
    with sync_playwright() as playwright:
        try:
            chromium = launch(playwright)
        except Error:
            raise InputError("no browser starts: install Chromium or Chrome") from None
        yield chromium
        chromium.close()


def _page(chromium: Any, address: str, size: tuple[int, int]) -> Any:
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]})
    answer = page.goto(address, timeout=1000 * PATIENCE)
    if not answer.ok:
        raise InputError(f"{address} answers {answer.status}; is everything installed (make setup-all)?")
    return page


def _answered(page: Any) -> Any:
    """Wait until the map is drawn and every run is in."""
    for condition in (DRAWN, FULL):
        until(page, condition, PATIENCE)
    return page


def _shot(page: Any, path: Path) -> Path:
    """Write what the page shows as a PNG of 256 colours."""
    from PIL import Image

    with Image.open(io.BytesIO(page.screenshot())) as picture:
        picture.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(path, optimize=True)
    if path.stat().st_size > LARGEST_BYTES:
        raise InputError(f"{path.name} has {path.stat().st_size:,} bytes; keep it below {LARGEST_BYTES:,}")
    return path


def main(arguments: Sequence[str]) -> int:
    """Take the pictures into the folder named, or where the README has them; with --check only look for a browser."""
    stopping.stop_tidily()
    try:
        if "--check" in arguments:
            with browser():
                return 0
        for path in take(Path(arguments[0]) if arguments else FOLDER):
            print(path)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return stopping.exit_code()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
