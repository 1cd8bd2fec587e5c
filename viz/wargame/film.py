"""Play a whole game in browsers and leave a picture of every screen in every phase.

    python -m stackcraft.viz.wargame.film build/film

Six phones, a facilitator and a projector play three turns with offers, a late joiner, a bot that takes over, a card, an
override and the reveal, in about three minutes. Needs Playwright and Chromium (make setup-all). `index.html` in the
folder shows the pictures in order.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from html import escape
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SEATS = ("us", "cn", "asean", "east_africa", "south_america", "gulf")
PHONE, DESK, SCREEN = (390, 844), (1280, 900), (1920, 1080)
PATIENCE = 120_000  # ms


class Film:
    """The devices of one game, and the pictures taken so far."""

    def __init__(self, browser: Any, folder: Path, said: str) -> None:
        self.browser, self.folder, self.pictures = browser, folder, []
        links = {line.split()[0]: line.split()[-1] for line in said.splitlines() if "http://" in line}
        self.join = next(line.split()[3] for line in said.splitlines() if line.startswith("People join"))
        self.desk = self.open(links["Your"], DESK)
        self.screen = self.open(links["The"], SCREEN)
        self.phones: dict[str, Any] = {}

    def open(self, address: str, size: tuple[int, int]) -> Any:
        """Return the page of a new device."""
        context = self.browser.new_context(viewport={"width": size[0], "height": size[1]})
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        return page

    def take(self, page: Any, title: str) -> None:
        """Take a picture once the page is still."""
        page.wait_for_timeout(400)
        name = f"{len(self.pictures) + 1:02d}-{'-'.join(title.lower().split())}.png"
        page.screenshot(path=str(self.folder / name))
        self.pictures.append((name, title))

    def sit(self, seat: str) -> None:
        """Take a seat with a new phone."""
        page = self.open(self.join, PHONE)
        if not self.phones:
            self.take(page, "Phone choosing a seat")
        page.click(f"#take-{seat}")
        page.wait_for_selector("#team")
        self.phones[seat] = page

    def tab(self, seat: str, name: str) -> Any:
        """Show a part of a phone's page and return the page."""
        self.phones[seat].click(f"[data-tab-link={name}]")
        return self.phones[seat]

    def advance(self, phase: str) -> None:
        """Go on to a phase, on every screen; the game's own clock may have done so already."""
        if phase not in self.desk.inner_text(".phase"):
            self.desk.click("#desk-now button.main")
        for page in (self.desk, *self.phones.values()):
            page.wait_for_selector(f".phase:has-text('{phase}')")

    def all_screens(self, title: str, tab: str = "orders") -> None:
        """Take a picture of phone, facilitator and projector."""
        self.take(self.tab("asean", tab), f"{title} phone {tab}")
        self.take(self.desk, f"{title} facilitator")
        self.take(self.screen, f"{title} projector")

    def write_index(self) -> Path:
        """Write the page that shows all pictures in order."""
        shown = "".join(
            f'<figure><img src="{name}" alt="" height="420"><figcaption>{escape(title)}</figcaption></figure>'
            for name, title in self.pictures
        )
        style = "body{font-family:sans-serif;display:flex;flex-wrap:wrap;gap:16px}figure{margin:0}"
        path = self.folder / "index.html"
        path.write_text(f"<!doctype html><title>A game</title><style>{style}</style>{shown}", encoding="utf-8")
        return path


def play(film: Film) -> None:
    """Play the game."""
    film.take(film.screen, "Lobby projector empty")
    for seat in SEATS[:5]:
        film.sit(seat)
    film.all_screens("Lobby", "us")
    film.desk.click("button:has-text('Bots take the empty seats')")
    film.advance("News")
    film.all_screens("Turn 1 news")
    _first_turn(film)
    for turn in (2, 3):
        film.advance("News")
        film.all_screens(f"Turn {turn} news", "talk")
        film.advance("Talk")
        if turn == 2:
            _second_turn(film)
        film.advance("Orders")
        film.advance("Results")
        film.all_screens(f"Turn {turn} results", "world" if turn == 2 else "us")
    film.desk.once("dialog", lambda dialog: dialog.accept())
    film.desk.click("button:has-text('Reveal')")
    film.screen.wait_for_selector("text=Scores and secret cards")
    film.all_screens("Reveal", "us")
    debrief = film.phones["asean"]
    debrief.click("a:has-text('Open the debrief')")
    debrief.wait_for_selector("h1:has-text('Debrief')")
    film.take(debrief, "Debrief phone")
    film.desk.click("a:has-text('Open the debrief')")
    film.desk.wait_for_selector("h1:has-text('Debrief')")
    film.take(film.desk, "Debrief facilitator")


def _first_turn(film: Film) -> None:
    asean = film.tab("asean", "orders")
    asean.click("#order-B3 label:has-text('0.5')")
    asean.wait_for_selector("#order-B3.changed")
    film.take(asean, "Turn 1 phone with a draft")
    asean.select_option("[name=forecast]", "30")
    asean.click("#acts button:has-text('Preview')")
    asean.wait_for_selector("#preview article")
    asean.locator("#preview").scroll_into_view_if_needed()
    film.take(asean, "Turn 1 phone with a preview")
    film.advance("Talk")
    film.desk.click("#seat-cn summary")
    film.desk.click("#seat-cn button:has-text('Nudge')")
    film.take(film.tab("cn", "orders"), "Turn 1 phone that is nudged")
    us = film.tab("us", "talk")
    us.select_option("[name=to]", "asean")
    us.click("#new-offer button:has-text('Next')")
    us.select_option("[name=form]", "A1")
    us.select_option("[name=back]", "A7")
    film.take(us, "Turn 1 phone choosing an offer")
    us.click("#new-offer button:has-text('3. Terms')")
    us.locator("input[name='term.layers'][value=cloud]").check(force=True)
    us.locator("input[name='return.layers'][value=chips]").check(force=True)
    us.locator("#new-offer").scroll_into_view_if_needed()
    film.take(us, "Turn 1 phone writing terms")
    us.click("#new-offer button:has-text('4. Send')")
    asean.wait_for_selector(".count")
    film.all_screens("Turn 1 talk", "talk")
    asean.click("#talk-inbox article:has-text('Indonesia') button:has-text('Accept')")
    film.tab("asean", "orders").click("#acts button:has-text('Lock')")
    asean.wait_for_selector("text=Sealed at")
    film.take(asean, "Turn 1 phone locked")
    film.advance("Orders")
    film.all_screens("Turn 1 orders", "world")
    film.desk.click("#desk-now button.main")
    film.take(film.screen, "Turn 1 projector while the years go by")
    for page in (film.desk, *film.phones.values()):
        page.wait_for_selector(".phase:has-text('Results')")
    film.all_screens("Turn 1 results")


def _second_turn(film: Film) -> None:
    late = film.open(film.join, PHONE)
    film.take(late, "Turn 2 late joiner")
    late.click("text=Put me anywhere")
    late.wait_for_selector("#team")
    film.desk.click("#seat-south_america summary")
    film.desk.click("#seat-south_america button:has-text('Hand to a bot')")
    film.desk.click("#desk-cards details summary >> nth=0")
    film.desk.click("#desk-cards details >> nth=0 >> button:has-text('Play this card')")
    film.desk.wait_for_selector("#said:has-text('in play')")
    film.desk.fill("[name=text]", "Ten minutes to the bell")
    film.desk.click("button:has-text('Announce')")
    film.desk.click("#desk-override summary")
    film.desk.select_option("[name=what]", "score")
    film.desk.fill("[name=points]", "1")
    film.desk.fill("[name=reason]", "A question was answered well")
    film.desk.click("#desk-override button:has-text('Override')")
    film.desk.wait_for_selector("#desk-overrides:has-text('answered well')")
    film.all_screens("Turn 2 talk", "talk")


def shoot(folder: Path, say: Callable[[str], None] = print) -> Path:
    """Host a game, play it, and return the page of pictures. Raises `InputError` where no browser is installed."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise InputError("the film needs Playwright: make setup-all") from None
    path = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if path is None:
        raise InputError("the film needs Chromium, and none is installed")
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as games:
        command = [sys.executable, "-u", "-m", "stackcraft.viz.cli.main", "wargame", "host", "--host", "127.0.0.1"]
        command += ["--port", "0", "--games", games, "--seed", "7", "--clock", "--no-browser"]
        host = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            said = ""
            for line in host.stdout or ():
                said += line
                if "Ctrl-C" in line:
                    break
            else:
                raise InputError("the game could not be hosted")
            with sync_playwright() as driver:
                browser = driver.chromium.launch(executable_path=path, args=["--no-sandbox"])
                film = Film(browser, folder, said)
                play(film)
                browser.close()
        finally:
            host.terminate()
            host.wait(20)
    say(f"{len(film.pictures)} pictures in {time.monotonic() - began:.0f} s")
    return film.write_index()


if __name__ == "__main__":
    print(shoot(Path(sys.argv[1] if len(sys.argv) > 1 else "build/film")))
