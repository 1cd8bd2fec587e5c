"""What a person sees while something takes long: bars on the error stream, plain lines where that is not a terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeElapsedColumn

COMPILING = "Compiling the model, once on this machine"
WAITING = "Another process compiles the model; waiting for it"


@contextmanager
def bars(*columns: ProgressColumn) -> Iterator[Progress]:
    """Give bars on the error stream, to add tasks to; a bar for compiling joins them when the model has to compile."""
    from stackcraft.model.loop import cache

    console = Console(stderr=True, highlight=False)
    columns = columns or (TextColumn("{task.description}"), BarColumn(pulse_style="dim"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        watch = _compiling_bar(progress) if console.is_terminal else _compiling_lines(console)
        cache.watchers.append(watch)
        try:
            yield progress
        finally:
            cache.watchers.remove(watch)


@contextmanager
def waiting(title: str) -> Iterator[Callable[[str], None]]:
    """Show `title` and the time passed; calling what this gives changes the words beside it."""
    with bars() as progress:
        task = progress.add_task(title, total=None)
        yield lambda text: progress.update(task, description=f"{title}: {text}")


def _compiling_bar(progress: Progress) -> Callable[[Any], None]:
    task = None

    def watch(seen: Any) -> None:
        nonlocal task
        if task is None:
            task = progress.add_task("", total=1.0, year="")
        share = seen.share
        progress.update(task, description=WAITING if seen.waiting else COMPILING, completed=share, visible=share < 1)

    return watch


def _compiling_lines(console: Console) -> Callable[[Any], None]:
    from stackcraft.model.loop.cache import MINUTES

    last = -1

    def watch(seen: Any) -> None:
        nonlocal last
        tenth = int(10 * seen.share)
        if last < 0 and seen.share < 1:
            title = WAITING if seen.waiting else COMPILING
            console.print(f"{title} ({MINUTES:g} minutes of one core where it was measured).", soft_wrap=True)
        elif last >= 0 and tenth > last:
            console.print(f"Compiled: {10 * tenth} %")
        last = max(last, tenth)

    return watch
