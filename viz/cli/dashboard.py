"""The command `dashboard`: pages in a browser, served from this machine alone."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from typing import Annotated

import typer

# Nothing heavy above: the help must come at once.


def dashboard(
    port: Annotated[
        int,
        typer.Option(
            "--port", help="Where the browser finds it; 0 takes any free port.", metavar="N", min=0, max=65535
        ),
    ] = 8765,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            help="The address to listen on; the usual one is reached from this machine alone.",
            metavar="ADDRESS",
        ),
    ] = "127.0.0.1",
    allow_host: Annotated[
        list[str] | None,
        typer.Option(
            "--allow-host",
            help="A further host name under which it may be asked for, such as that of a proxy; may be repeated.",
            metavar="NAME",
        ),
    ] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")] = True,
) -> None:
    """Explore in the browser: levers, a living map, and why. Needs no network."""
    from rich.console import Console

    from stackcraft.viz.cli.progress import bars
    from stackcraft.viz.dashboard.server import check_installed, serve

    check_installed()
    console = Console(highlight=False, soft_wrap=True)
    console.print("Working out the first picture...")
    progress = ExitStack()
    progress.enter_context(bars())
    started = False

    def ready(address: str, open_to_others: bool) -> None:
        nonlocal started
        started = True
        progress.close()
        console.print(f"The dashboard is at [bold]{address}[/bold]   (Ctrl-C ends it)")
        if open_to_others:
            console.print(
                "It can be reached from other machines, and has no passwords: use it in networks that you trust."
            )
        if browser:
            import webbrowser

            webbrowser.open(address)
        sys.stdout.flush()

    try:
        with progress:
            serve(host, port, ready, allow_host or [])
    except KeyboardInterrupt:
        if not started:
            raise
    console.print("The dashboard has ended.")
