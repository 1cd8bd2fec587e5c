"""Play what people come for in a browser, timed: `python -m stackcraft.viz.dashboard.browser_tasks`.

Each task starts on the first page and types no address. After the tasks come what a lever costs in time while it is
dragged and after it is let go, and the heights of all pages before anything is unfolded.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from stackcraft.viz.dashboard.browser_timing import FULL, Server, launch, lever, until

MOST_CLICKS = 5
COUNTRIES = ("Kenya", "Brazil", "Viet Nam")
WINDOWS = {"1360 x 860": ((1360, 860), 4), "390 x 800": ((390, 800), 8)}  # and how many screens a page may be high
BOND = "set=us_government.supply_bond%3D0.9"
PAGES = {
    "start": "/", "explore": "/explore", "country": "/country?c=KEN", "compare": f"/compare?{BOND}",
    "matters": "/matters", "deals": "/deals", "model": "/model", "evidence": "/evidence", "selftest": "/selftest",
}  # fmt: skip
PATIENCE = 400  # seconds; other work on the machine makes everything slower
DRAG_SECONDS = 4.0
LEAST_PICTURES = 5.0  # a second, while a lever is dragged
# Counts the frames in which a colour of the map or a number beside it changes.
COUNT_PICTURES = """() => {
  window.pictures = 0;
  let drawn = false;
  const seen = new MutationObserver(() => { drawn = true; });
  const what = { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ['class'] };
  document.querySelectorAll('.atlas-map, .numbers').forEach((one) => seen.observe(one, what));
  const frame = () => { if (drawn) { window.pictures++; drawn = false; } requestAnimationFrame(frame); };
  frame();
}"""


@dataclass
class Hand:
    """What a visitor does on a page: every click counts, and so does putting the cursor into a field."""

    page: Any
    clicks: int = 0

    def click(self, locator: Any) -> None:
        locator.click()
        self.clicks += 1

    def write(self, locator: Any, words: str) -> None:
        """Click into a field, type, and press Enter."""
        self.click(locator)
        locator.press_sequentially(words)
        locator.press("Enter")

    def settled(self) -> None:
        """Wait for the whole answer to what the page asks."""
        until(self.page, FULL, PATIENCE)

    def sees(self, selector: str, *words: str) -> str:
        """Wait until something is on the page and says these words; return what it says."""
        self.page.wait_for_selector(selector, timeout=1000 * PATIENCE, state="attached")
        script = "([one, words]) => words.every((word) => document.querySelector(one).textContent.includes(word))"
        self.page.wait_for_function(script, arg=[selector, list(words)], timeout=1000 * PATIENCE)
        return self.page.locator(selector).first.inner_text()


@dataclass(frozen=True)
class Done:
    """A task that was played: how long it took, how many clicks, and a sentence that answers it."""

    task: str
    seconds: float
    clicks: int
    answer: str


def what_does_my_country_run_on(hand: Hand, country: str) -> str:
    """What does my country run on, and what would change it?"""
    hand.write(hand.page.locator("#my-country-name"), country)
    hand.page.wait_for_url("**/country?*")
    hand.settled()
    today = hand.sees("#today", country)
    hand.sees(".own-levers .rail-lever")
    hand.sees("#others", "What moves")
    return next(line for line in today.splitlines() if " runs mostly " in line or "nobody clearly leads" in line)


def guarantee_or_subsidy(hand: Hand) -> str:
    """Guarantee or subsidy in Indonesia, and would it last?"""
    told = hand.sees(".stories", "Indonesia", "Would it last?")
    story = hand.page.locator(".story", has_text="Indonesia")
    hand.click(story.get_by_role("link").last)  # the two beside each other
    hand.page.wait_for_url("**/compare?*")
    hand.settled()
    hand.sees("main h1", "rather than")
    hand.sees("main", "Would it last?", "public cost")
    return next(line for line in told.splitlines() if "Would it last" in line)


def the_nine(hand: Hand) -> str:
    """The nine recommendations: which of them matter, and why?"""
    hand.click(hand.page.get_by_role("navigation").get_by_role("link", name="What matters", exact=True))
    hand.page.wait_for_url("**/matters*")
    card = hand.page.locator("section.card", has=hand.page.get_by_role("heading", name="The nine recommendations"))
    card.wait_for(timeout=1000 * PATIENCE)
    hand.click(card.get_by_text("Why each recommendation does that"))
    reasons = card.locator("ul.reasons li")
    reasons.first.wait_for()
    return reasons.first.inner_text()


def take_away(hand: Hand) -> str:
    """Take a picture, a table and a brief away."""
    hand.write(hand.page.locator("#my-country-name"), COUNTRIES[0])
    hand.page.wait_for_url("**/country?*")
    hand.settled()
    hand.click(hand.page.locator("details.share > summary"))
    names = []
    for button in (
        hand.page.locator("details.share").get_by_role("button", name="PNG", exact=True).first,
        hand.page.locator('.share-links a[href*="table.csv"]'),
    ):
        with hand.page.expect_download(timeout=1000 * PATIENCE) as waiting:
            hand.click(button)
        names.append(waiting.value.suggested_filename)
    hand.click(hand.page.locator('.share-links a[href*="brief.html"]'))
    pages = [page for page in hand.page.context.pages if "brief" in page.url] or [hand.page]
    pages[-1].wait_for_selector(".brief", timeout=1000 * PATIENCE)
    return ", ".join([*names, pages[-1].title()])


TASKS: dict[str, Callable[[Hand], str]] = {
    **{
        f"what does {country} run on, and what would change it": (
            lambda hand, country=country: what_does_my_country_run_on(hand, country)
        )
        for country in COUNTRIES
    },
    "guarantee or subsidy in Indonesia, and would it last": guarantee_or_subsidy,
    "the nine recommendations, which matter and why": the_nine,
    "take a picture, a table and a brief away": take_away,
}


@contextmanager
def visiting(browser: Any, address: str, size: tuple[int, int] = (1360, 860)) -> Iterator[Any]:
    """A page of a fresh visitor, left at the end."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(1000 * PATIENCE)
    page.goto(address)
    try:
        yield page
    finally:
        context.close()


def play(browser: Any, address: str) -> list[Done]:
    """Play every task from the first page."""
    found = []
    for name, task in TASKS.items():
        with visiting(browser, address + "/") as page:
            page.wait_for_selector("#my-country-name")
            start, hand = time.perf_counter(), Hand(page)
            answer = task(hand)
            found.append(Done(name, time.perf_counter() - start, hand.clicks, " ".join(answer.split())))
            print(found[-1], file=sys.stderr, flush=True)
    return found


def dragging(browser: Any, address: str) -> dict[str, float]:
    """Pictures a second while a lever of Explore is dragged; seconds to the first picture and to the full band."""
    with visiting(browser, address + "/explore") as page:
        until(page, FULL, PATIENCE)
        slider = page.locator(".rail-lever input[type=range]").first
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        page.evaluate(COUNT_PICTURES)
        middle = box["y"] + box["height"] / 2
        page.mouse.move(box["x"] + 0.2 * box["width"], middle)
        page.mouse.down()
        start, step = time.perf_counter(), 0
        while time.perf_counter() - start < DRAG_SECONDS:
            step += 1
            page.mouse.move(box["x"] + (0.2 + 0.6 * abs(1 - (step / 40) % 2)) * box["width"], middle)
            time.sleep(0.02)
        pictures, seconds = page.evaluate("window.pictures"), time.perf_counter() - start
        page.mouse.up()
        until(page, FULL, PATIENCE)
        first, full = lever(page, 0.77)
    return {
        "pictures a second while a lever is dragged": pictures / seconds,
        "seconds to the first picture": first,
        "seconds to the full band": full,
    }


def heights(browser: Any, address: str, paths: dict[str, str] | None = None) -> dict[tuple[str, str], float]:
    """Return how many screens high every page is in each window, before anything is unfolded."""
    found = {}
    for window, (size, _) in WINDOWS.items():
        for name, path in (paths or PAGES).items():
            with visiting(browser, address + path, size) as page:
                page.wait_for_selector("main h1")
                if page.locator("#progress").count():
                    until(page, FULL, PATIENCE)
                found[window, name] = page.evaluate("document.documentElement.scrollHeight") / size[1]
    return found


def main() -> None:
    """Print every figure; exit code 1 where a task takes too many clicks or a page is too high."""
    parser = argparse.ArgumentParser(description="Play tasks in a browser.")
    parser.add_argument("--only", choices=("tasks", "dragging", "heights"), help="one of the three parts")
    parser.add_argument("--json", action="store_true", help="print JSON and nothing else")
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    parts = {"tasks": play, "dragging": dragging, "heights": heights}
    with Server() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        found = {name: part(browser, server.address) for name, part in parts.items() if given.only in (None, name)}
        browser.close()
    missed = [one for one in found.get("tasks", ()) if one.clicks > MOST_CLICKS]
    missed += [key for key, screens in found.get("heights", {}).items() if screens > WINDOWS[key[0]][1]]
    if given.json:
        tasks = [vars(one) for one in found.get("tasks", ())]
        high = {f"{name}, {window}": screens for (window, name), screens in found.get("heights", {}).items()}
        print(json.dumps({"tasks": tasks, "dragging": found.get("dragging", {}), "heights": high}))
        sys.exit(1 if missed else 0)
    for one in found.get("tasks", ()):
        print(f"{one.seconds:6.1f} s {one.clicks:2} clicks  {one.task}\n          {one.answer}")
    for name, value in found.get("dragging", {}).items():
        print(f"{value:6.1f}  {name}")
    for (window, name), screens in found.get("heights", {}).items():
        print(f"{screens:6.1f} screens  {name} at {window}{'' if screens <= WINDOWS[window][1] else '  TOO HIGH'}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
