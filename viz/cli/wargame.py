"""The commands `wargame ...`: the classroom game, hosted for a class or played alone."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from stackcraft.viz.cli import wargame_files, wargame_study

if TYPE_CHECKING:
    from stackcraft.viz.wargame.begin import Links, Wish

# Nothing heavy above: the help must come at once.

app = typer.Typer(
    name="wargame",
    help="Play the classroom game: two AI stacks, up to twelve seats, any device with a browser.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
wargame_files.add_to(app)
wargame_study.add_to(app)
Scenario = Annotated[str, typer.Option("--scenario", help="A scenario to be played.", metavar="S")]
Turns = Annotated[int | None, typer.Option("--turns", help="How many turns.", metavar="N", min=1, max=12)]
Years = Annotated[
    int | None, typer.Option("--years-a-turn", help="Years that a turn plays.", metavar="Y", min=1, max=3)
]
Seed = Annotated[int | None, typer.Option("--seed", help="The luck of the game; any without.", metavar="N", min=0)]
Port = Annotated[int, typer.Option("--port", help="0 takes any free port.", metavar="P", min=0, max=65535)]
Games = Annotated[Path, typer.Option("--games", help="The folder that holds one file a game.", metavar="DIR")]
Browser = Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")]
FOLDER = Path("games")


@app.command()
def host(
    scenario: Scenario = "game-2025",
    seats: Annotated[
        str | None, typer.Option("--seats", help="A pack of seats: two, five, six, eight, ten, twelve.", metavar="PACK")
    ] = None,
    turns: Turns = None,
    years_a_turn: Years = None,
    seed: Seed = None,
    address: Annotated[
        str, typer.Option("--host", help="The address to listen on; 0.0.0.0 lets the class in.", metavar="ADDRESS")
    ] = "0.0.0.0",
    port: Port = 8765,
    games: Games = FOLDER,
    most: Annotated[int, typer.Option("--most", help="Games open at once.", metavar="N", min=1, max=64)] = 8,
    keep: Annotated[float, typer.Option("--keep", help="Days that games are kept.", metavar="DAYS", min=0.01)] = 30,
    new: Annotated[bool, typer.Option("--new", help="Begin a new game even if one is under way.")] = False,
    clock: Annotated[bool, typer.Option("--clock/--no-clock", help="Phases end by themselves, as in a class.")] = True,
    pseudonyms: Annotated[bool, typer.Option("--pseudonyms", help="Nobody may give a name.")] = False,
    browser: Browser = True,
) -> None:
    """Host games for a class in this network; goes on with the game that was under way, after a crash too."""
    from stackcraft.viz.wargame.begin import Wish

    wish = Wish(
        scenario, seats, turns, years_a_turn, seed, games, address, port, (), most, keep, new, clock, pseudonyms
    )
    _serve(wish, _say_host, browser)


@app.command()
def solo(
    seat: Annotated[str, typer.Option("--seat", help="The seat that you play.", metavar="S")] = "east_africa",
    watch: Annotated[bool, typer.Option("--watch", help="Watch a bot play it, a turn in 15 seconds.")] = False,
    scenario: Scenario = "game-2025",
    turns: Turns = 5,
    years_a_turn: Years = 2,
    seed: Seed = None,
    port: Port = 0,
    games: Games = FOLDER,
    browser: Browser = True,
) -> None:
    """Play alone against bots, on this machine and without a clock; also a way to learn the game."""
    from stackcraft.viz.wargame.begin import Wish
    from stackcraft.viz.wargame.solo import prepare

    wish = Wish(scenario, None, turns, years_a_turn, seed, games / "solo", "127.0.0.1", port, new=True)
    _serve(wish, _say_solo, browser, lambda table: prepare(table, seat, watch))


def _serve(
    wish: Wish, say: Callable[[Any, Links], str], browser: bool, prepare: Callable[[Any], str] | None = None
) -> None:
    from rich.console import Console

    from stackcraft.viz.cli.progress import bars
    from stackcraft.viz.wargame.begin import host as begin

    console = Console(highlight=False, soft_wrap=True)
    console.print("Setting up the game...")
    started = False

    def ready(links: Links) -> None:
        nonlocal started
        started = True
        first = say(console, links)
        sys.stdout.flush()
        if browser:
            import webbrowser

            webbrowser.open(first)

    try:
        with bars():
            begin(wish, ready, prepare)
    except KeyboardInterrupt:
        if not started:
            raise
    console.print("The game has ended; its file stays.")


def _say_host(console: Any, links: Links) -> str:
    from stackcraft.viz.wargame.addresses import qr_terminal

    console.print("The game that was under way goes on." if links.goes_on else "The game is open.")
    if links.open_to_others:
        console.print(qr_terminal(links.join), markup=False)
    console.print(f"People join at   [bold]{links.join}[/bold]   code [bold]{links.code}[/bold]")
    console.print(f"Your own page    {links.desk}", markup=False)
    console.print(f"The projector    {links.screen}", markup=False)
    console.print("Keep the last two to yourself: what stands after the # opens them.   (Ctrl-C ends the server)")
    return links.desk


def _say_solo(console: Any, links: Links) -> str:
    console.print(f"Your seat is at  {links.seat}", markup=False)
    console.print("Only this machine can reach it.   (Ctrl-C ends it)")
    return links.seat


@app.command()
def check(
    address: Annotated[str, typer.Option("--host", help="The address to listen on.", metavar="ADDRESS")] = "0.0.0.0",
    port: Port = 8765,
    wait: Annotated[float, typer.Option("--wait", help="Seconds to wait for a phone.", metavar="S", min=0)] = 120,
) -> None:
    """Try before the class whether a phone can reach this machine: scan the code with one."""
    from rich.console import Console

    from stackcraft.viz.wargame import addresses
    from stackcraft.viz.wargame.begin import Wish, reachable
    from stackcraft.viz.wargame.server import check_installed

    check_installed()
    console = Console(highlight=False, soft_wrap=True)
    found = addresses.network_addresses()
    console.print(f"Addresses of this machine: {', '.join(found) or 'none: it is in no network'}")
    console.print(f"Name in the network: {addresses.local_name()}")

    def told(base: str, code: str) -> None:
        console.print(code, markup=False)
        console.print(f"Open [bold]{base}[/bold] on a phone in the same network. Waiting {wait:.0f} seconds.")
        sys.stdout.flush()

    device = reachable(Wish(host=address, port=port), told, wait)
    if device is None:
        console.print("No other device came. Many networks keep devices apart: try a hotspot, or another access point.")
        raise typer.Exit(1)
    console.print(f"A device at {device} has reached this machine: the class can join.")


@app.command("list")
def list_games(games: Games = FOLDER) -> None:
    """List the games of a folder."""
    from stackcraft.viz.cli.terminal import console, name, number, prose, show
    from stackcraft.viz.wargame.begin import described
    from stackcraft.viz.wargame.pages.games import age_text, size_text

    found = [described(path) for path in sorted(games.glob("*.db"), key=lambda path: -path.stat().st_mtime)]
    rows = [
        (one["code"], one["title"], f"{one['turn']} of {one['turns']}", str(one["people"]),
         size_text(one.get("bytes", 0)), age_text(one.get("seconds", 0)))
        for one in found
    ]  # fmt: skip
    columns = [name("code"), prose("game"), number("turn"), number("people"), number("size"), number("age")]
    show(console(), f"Games in {games}", columns, rows, caption="" if rows else "No games.")


@app.command()
def delete(
    code: Annotated[str, typer.Argument(help="The code of the game.", metavar="CODE")], games: Games = FOLDER
) -> None:
    """Delete a game: its file, and with it everything that is known of it."""
    from stackcraft.experiments.wargame.log import delete as delete_file
    from stackcraft.viz.wargame.keys import Keys

    delete_file(games / f"{code.upper()}.db")
    Keys(games).forget(code.upper())
    print(f"{code.upper()} is deleted.")
