"""The commands `wargame debrief | tournament | print | replay`: what is made of games, without serving any."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

# Nothing heavy above: the help must come at once.

GameFile = Annotated[Path, typer.Argument(help="A game's file, such as games/K7M2QX.db.", metavar="FILE")]


def debrief(
    file: GameFile,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where the page goes.", metavar="PAGE.html")
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Also write the table for grading.", metavar="TABLE.csv")
    ] = None,
    key: Annotated[
        Path | None, typer.Option("--key", help="Also write who is who, for you alone.", metavar="KEY.csv")
    ] = None,
    earlier: Annotated[
        Path | None,
        typer.Option("--earlier", help="Compare with the scores of other games in this folder.", metavar="DIR"),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Only what the log says; without replays, which take minutes.")
    ] = False,
) -> None:
    """Write what a class learns from afterwards: one page that needs nothing else, from a game's file alone."""
    from stackcraft.agents.errors import InputError
    from stackcraft.experiments.wargame import grades
    from stackcraft.experiments.wargame.debrief import Debrief, earlier_classes
    from stackcraft.experiments.wargame.files import write
    from stackcraft.experiments.wargame.game import Wargame

    if not file.is_file():
        raise InputError(f"{file} is not a file; `stackcraft wargame list` shows the games there are")
    with Wargame.open(file, play=False) as game:
        others = earlier_classes(earlier, game.state) if earlier else ()
        found = Debrief(game, "quick" if quick else "full", say=_progress, earlier=others, workers=_workers())
        page = found.write(output or file.with_suffix(".html"))
        print(f"{page}: {page.stat().st_size / 1e6:.2f} MB")
        if csv:
            print(found.write_table(csv))
        if key:
            print(write(key, grades.key(game.state)))


ROOMY = 4e9  # bytes of memory; each worker takes up to 0.7 GB of it, and a class may play on meanwhile


def _workers() -> int:
    """Two where there are cores and memory for it, else one."""
    import os

    from stackcraft.model.batch import threads_available

    try:
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):  # not said on this system
        memory = 0
    return 2 if memory >= ROOMY and threads_available() > 1 else 1


def _progress(what: str, done: int, of: int) -> None:
    import sys

    print(f"{what}: {done} of {of}", file=sys.stderr, flush=True)


def tournament(
    games: Annotated[list[str] | None, typer.Argument(help="Ready games (default: all).", metavar="[GAME]...")] = None,
    seeds: Annotated[int, typer.Option("--seeds", help="How many seeds.", metavar="N", min=1, max=1000)] = 30,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Where the tables go; printed without.", metavar="PAGE.md")
    ] = None,
    before: Annotated[
        Path | None, typer.Option("--before", help="An earlier page to compare with.", metavar="PAGE.md")
    ] = None,
) -> None:
    """Play every strategy in every seat, by bots, and say whether the game is balanced. Costs minutes a game."""
    import sys

    from stackcraft.agents.errors import InputError
    from stackcraft.experiments.wargame import content
    from stackcraft.experiments.wargame import tournament as play
    from stackcraft.experiments.wargame.files import write

    names = list(games or content.games())
    for name in names:
        content.game_of(name)
    if before is not None and not before.is_file():
        raise InputError(f"{before} is not a file; give a page that this command wrote")
    earlier = before.read_text(encoding="utf-8") if before else ""
    first = play.FIRST_SEED
    results = play.play(
        names, range(first, first + seeds), say=lambda text: print(text, file=sys.stderr, flush=True)
    )  # fmt: skip
    text = play.page(results, earlier)
    if output is None:
        print(text)
    else:
        print(write(output, text))


def prints(
    game: Annotated[str, typer.Argument(help="A ready game.", metavar="GAME")] = "game-2025",
    folder: Annotated[Path, typer.Option("-o", "--output", help="Where the pages go.", metavar="DIR")] = Path("."),
    secret: Annotated[bool, typer.Option("--secret-cards", help="Also print the secret cards.")] = False,
) -> None:
    """Write what is printed before a class: the facilitator's guide on two pages, and a card for each seat."""
    from stackcraft.agents.errors import InputError
    from stackcraft.experiments.wargame import content, printed
    from stackcraft.experiments.wargame.files import write

    about = content.game_of(game)
    if not folder.is_dir():
        raise InputError(f"{folder} is not a folder; make it first")
    print(write(folder / f"{game}-guide.html", printed.guide(game)))
    cards = printed.seat_cards(about.pack, title=about.title, with_secret_cards=secret)
    print(write(folder / f"{game}-seats.html", cards))


def add_to(app: typer.Typer) -> None:
    """Add these commands to `stackcraft wargame`."""
    app.command()(debrief)
    app.command()(tournament)
    app.command("print")(prints)
