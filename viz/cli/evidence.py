"""The commands `evidence ...`: what the model is held to, what could be known, and how it scores."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Annotated, Any

import typer

from stackcraft.viz.cli.matching import match, worlds
from stackcraft.viz.cli.options import Json, Runs, Threads

app = typer.Typer(
    name="evidence",
    help="Hold the model to what happened since 2011: targets and baselines settled beforehand, scores, losses first.",
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
Target = Annotated[str | None, typer.Argument(help="Show this target in full.", metavar="[TARGET]")]
app.command()(match)
app.command()(worlds)


@app.callback()
def evidence(context: typer.Context, as_json: Json = False) -> None:
    """Show the stored scores: the model beside its best baseline, losses first, and by block of countries."""
    if context.invoked_subcommand is not None:
        return
    from stackcraft.experiments.evidence.hindcast.declared import declared
    from stackcraft.experiments.evidence.hindcast.stored import reasons, stored
    from stackcraft.viz.cli.terminal import console, name, number, print_json, prose, show
    from stackcraft.viz.words import evidence as words

    found, plan = stored(), declared()
    if as_json:
        print_json(
            {
                "about": dict(found.about),
                "scores": [{key: _plain(value) for key, value in asdict(row).items()} for row in found.scores],
                "forecasts": [asdict(row) for row in found.forecasts],
            }
        )
        return
    out = console()
    columns = (
        name("target"), prose("score"), number("model's"), prose("best baseline's"), prose("difference, 95 %"),
        number("foreseen"), prose("verdict"), prose("wrong models as good"),
    )  # fmt: skip
    rows = [words.row(one, found.of_wrong(one.target)) for one in found.primary()]
    show(out, "The model against what happened, losses first", columns, rows)
    out.print(words.summary(found), markup=False)
    out.print(words.basis(found, plan), markup=False)
    show(out, "Why it misses, found after scoring", (name("target"), prose("why")), reasons().items())
    cells = [
        (target.name if first else "", words.BLOCKS[block], f"{countries}", f"{events}", *map(words.number, rated))
        for target in plan.tested()
        if target.kind == "yes-no"
        for first, (block, countries, events, *rated) in _marked(found.blocks(target.name))
    ]
    columns = (
        name("target"), prose("block"), number("countries"), number("events"), number("fitted with it"),
        number("left out"), number("best baseline"),
    )  # fmt: skip
    show(out, "Log score by block of countries (the smaller the better)", columns, cells)
    cells = [
        (target.name if first else "", f"{chance:.2f}", f"{happened:.2f}", f"{countries}")
        for target in plan.tested()
        if target.kind == "yes-no"
        for first, (chance, happened, countries) in _marked(found.reliability(target.name, plan.reliability_bins))
    ]
    columns = (name("target"), number("foreseen"), number("happened"), number("countries"))
    show(out, "Reliability: chance foreseen and share that happened, in fifths", columns, cells)
    show(out, "Cannot be tested", (prose("what"), prose("why")), words.not_tested(plan))


def _marked(rows: list) -> list:
    return [(place == 0, row) for place, row in enumerate(rows)]


@app.command()
def readings(target: Target = None, as_json: Json = False) -> None:
    """List the targets that the model is held to: readings, baselines and tolerances, declared before any score."""
    from stackcraft.agents.errors import InputError, unknown
    from stackcraft.experiments.evidence.hindcast.declared import declared
    from stackcraft.viz.cli.terminal import console, name, number, print_json, prose, show

    plan = declared()
    chosen = [one for one in plan.targets if target in (None, one.name)]
    if not chosen:
        raise InputError(str(unknown("target", target, [one.name for one in plan.targets])))
    if as_json:
        print_json([asdict(one) for one in chosen])
    elif target is None:
        columns = (name("target"), prose("what"), prose("score"), prose("baselines"), number("tolerance"))
        rows = [
            (one.name, one.what, one.primary or one.status, ", ".join(one.baselines), f"{one.tolerance:g}")
            for one in chosen
        ]
        show(console(), f"Targets, declared {plan.declared}", columns, rows)
    else:
        for key, value in asdict(chosen[0]).items():
            text = ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)
            console().print(f"{key}: {text}", markup=False, highlight=False)


@app.command()
def leaks(as_json: Json = False) -> None:
    """List every fact that a hindcast starts from, and whether it could be known then."""
    from stackcraft.model.history import leaks as found
    from stackcraft.viz.cli.terminal import console, name, print_json, prose, show

    rows = found()
    if as_json:
        print_json(rows)
        return
    columns = (name("fact"), prose("kind"), prose("state"), prose("what"))
    show(console(), "Facts of a hindcast", columns, [(r["item"], r["kind"], r["state"], r["what"]) for r in rows])


@app.command()
def score(runs: Runs = None, threads: Threads = None, as_json: Json = False) -> None:
    """Run the hindcast and score it beside its best baseline, and models that are wrong on purpose; minutes."""
    from stackcraft.experiments.evidence.hindcast.declared import declared
    from stackcraft.experiments.evidence.hindcast.score import Score, score_all
    from stackcraft.experiments.evidence.hindcast.stored import LOSSES_FIRST
    from stackcraft.viz.cli.progress import waiting
    from stackcraft.viz.cli.terminal import console, name, number, print_json, prose, show

    with waiting("Scoring") as note:
        rows, _ = score_all(declared(), runs=runs, threads=threads, note=note)
    if as_json:
        print_json([{key: _plain(value) for key, value in asdict(row).items()} for row in rows])
        return
    columns = (
        name("target"), name("model"), prose("score"), number("model's"), number("best baseline's"), prose("baseline"),
        number("difference"), number("95 %"), prose("verdict"),
    )  # fmt: skip

    def place(one: Score) -> tuple:
        return one.model != "model", not one.primary, LOSSES_FIRST.index(one.verdict)

    cells = [
        (one.target, one.model, one.score, _text(one.value), _text(one.baseline), one.best, _text(one.difference),
         f"{_text(one.low)} to {_text(one.high)}", one.verdict)
        for one in sorted(rows, key=place)
    ]  # fmt: skip
    show(console(), "Scores, losses first", columns, cells)


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and math.isnan(value) else value


def _text(value: float) -> str:
    return "" if math.isnan(value) else f"{value:.3g}"
