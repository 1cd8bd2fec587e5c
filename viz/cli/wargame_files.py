"""The commands `wargame bots | replay | export`: games without pages, and what their files hold."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from stackcraft.experiments.wargame import Wargame

# Nothing heavy above: the help must come at once.

GameFile = Annotated[Path, typer.Argument(help="A game's file, such as games/K7M2QX.db.", metavar="FILE")]


def bots(
    game: Annotated[str, typer.Argument(help="A ready game.", metavar="GAME")] = "game-2025",
    seats: Annotated[str | None, typer.Option("--seats", help="A pack of seats, such as six.", metavar="PACK")] = None,
    turns: Annotated[int | None, typer.Option("--turns", help="How many turns.", metavar="N", min=1, max=12)] = None,
    years_a_turn: Annotated[
        int | None, typer.Option("--years-a-turn", help="Years that a turn plays.", metavar="Y", min=1, max=3)
    ] = None,
    seed: Annotated[int, typer.Option("--seed", help="The luck of the game.", metavar="N", min=0)] = 2025,
    games: Annotated[Path, typer.Option("--games", help="The folder that gets its file.", metavar="DIR")] = Path(
        "games"
    ),
) -> None:
    """Play a whole game by bots, and print every seat's score."""
    from stackcraft.experiments.wargame import Wargame

    options = {"seats": seats, "turns": turns, "years_a_turn": years_a_turn, "seed": seed}
    with Wargame.create(game, folder=games, **{name: one for name, one in options.items() if one is not None}) as made:
        made.fill_with_bots()
        while not made.over:
            result = made.advance()
            print(f"turn {result.turn} of {made.state.turns}: {result.digest[:16]}", file=sys.stderr)
        _print_scores(made)
        print(made.path)


def _print_scores(game: Wargame) -> None:
    from stackcraft.viz.cli.terminal import console, name, number, show

    scores = game.state.played.scores
    rows = [
        (
            seat, game.state.config["cards"][seat], game.state.chairs[seat].bot or "",
            f"{one['points']:.1f}", f"{one['no_luck']:.1f}", str(one["kept"]), str(game.state.chairs[seat].broken),
        )
        for seat, one in (scores[max(scores)] if scores else {}).items()
    ]  # fmt: skip
    columns = [name("seat"), name("card"), name("bot"), number("happened"), number("without luck"),
               number("kept"), number("broken")]  # fmt: skip
    show(console(), f"Scores after turn {max(scores, default=0)}", columns, rows)


def replay(
    file: GameFile,
    check: Annotated[bool, typer.Option("--check", help="Print nothing but whether all turns agree.")] = False,
    threads: Annotated[int, typer.Option("--threads", help="Changes no result.", metavar="N", min=1)] = 1,
) -> None:
    """Play a game's turns again from its log alone and compare them with what they gave; exit with 2 if one differs."""
    from stackcraft.experiments.wargame import Wargame
    from stackcraft.viz.cli.progress import bars

    with bars(), Wargame.replay(file, threads=threads) as game:
        turns = len(game.state.played.results)
        if not check and turns:
            _print_scores(game)
        print(f"{turns} of {game.state.turns} turns played again, all as they were; {game.version} rows, all whole")


def export(
    file: GameFile,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Where it goes.", metavar="LOG.jsonl")] = None,
) -> None:
    """Write a game's log as lines of JSON, without names, codes or anything that lets anybody in."""
    from stackcraft.experiments.wargame.export import write

    print(write(file, output or file.with_suffix(".jsonl")))


def add_to(app: typer.Typer) -> None:
    """Add these commands to `stackcraft wargame`."""
    for function in (bots, replay, export):
        app.command()(function)
