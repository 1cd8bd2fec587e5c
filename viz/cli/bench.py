"""What `stackcraft bench` prints."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.markup import escape

from stackcraft.viz.cli.terminal import console, number, show

SHOWN = 0.01  # steps with less of the time are summed up in one row
WORK = {"tenders": "tenders held", "choices": "choices evaluated", "signed_deals": "deals signed",
        "renewed_deals": "contracts renewed"}  # fmt: skip
GROWTH = {"countries": "countries", "vendors": "vendors that sell", "years": "years", "runs": "runs in the batch"}


def print_bench(found: dict[str, Any]) -> None:
    """Print figures beside their targets, the work behind them, where the time goes and how it grows."""
    out = console()
    setting, machine = found["setting"], found["machine"]
    first, last = setting["years"]
    out.print(
        f"[bold]{setting['scenario']}[/bold]: {setting['countries']} countries, {setting['layers']} layers,"
        f" {setting['vendors']} vendors, {last - first} years by month, batch of {setting['runs']},"
        f" seed {setting['seed']}; medians of {setting['repeats']}"
    )
    load = "" if machine["load_before"] is None else f", load {machine['load_before']:.1f} before the start"
    out.print(
        escape(
            f"{machine['processor']}, {machine['cores']} cores{load};"
            f" Python {machine['python']}, numba {machine['numba']}"
        )
    )
    out.print()
    _targets(out, found["targets"])
    _counts(out, found["counts"])
    same = "the same" if found["counts"]["same_as_run"] else "[bold]NOT the same[/bold]"
    out.print(
        f"`stackcraft run` counts {same} on this seed (the first {found['counts']['runs_compared']}, run by run).\n"
    )
    _where(out, found["where"])
    _growth(out, found["growth"])
    _twins(out, found["twins"])
    for note in found["notes"]:
        out.print(escape(note))


def print_comparison(found: dict[str, Any]) -> None:
    """Print how an earlier version compares with this one: time, work, and where the time goes in either."""
    out, setting = console(), found["setting"]
    there = setting["commit"][:9]
    out.print(
        f"[bold]{setting['scenario']}[/bold]: batches of {setting['runs']} on one thread, this version and {there} in"
        f" turn, {setting['repeats']} rounds; processor time"
    )
    out.print()
    rows = []
    for place, one in enumerate(found["rounds"], 1):
        here, before = one["here"]["cpu"], one["there"]["cpu"]
        rows.append((f"{place}", f"{here:.2f}", f"{before:.2f}", f"{before / here:.2f}"))
    show(out, "Rounds", ("round", number("here, s"), number(f"{there}, s"), number("ratio")), rows)
    for title, name in (("This version is", "ratio"), ("For each tender it is", "ratio_per_tender")):
        one = found[name]
        out.print(
            f"{title} {one['median']:.2f} times as fast ({one['least']:.2f} to {one['most']:.2f} over the rounds)."
        )
    out.print()
    rows = [(WORK[name], f"{found['counts']['here'][name]:,.0f}", f"{found['counts']['there'][name]:,.0f}")
            for name in WORK]  # fmt: skip
    show(out, "Work in a run", ("what", number("here"), number(there)), rows)
    steps = {
        side: {(one["part"], one["step"]): one["ms"] for one in found["where"][side]} for side in ("here", "there")
    }
    names = sorted({*steps["here"], *steps["there"]}, key=lambda name: -steps["here"].get(name, 0.0))
    least = SHOWN * sum(steps["here"].values())
    rows = [
        (*name, *(f"{steps[side][name]:.2f}" if name in steps[side] else "-" for side in ("here", "there")))
        for name in names
        if max(steps[side].get(name, 0.0) for side in steps) >= least
    ]
    show(out, "Where the time goes", ("when", "step", number("here, ms a run"), number(f"{there}, ms a run")), rows)
    costs = ", ".join(f"{name} {value:.2f} ns" for name, value in found["calibration"].items())
    out.print(f"This machine meanwhile: {costs}.")


def _targets(out: Console, targets: list[dict[str, Any]]) -> None:
    rows = []
    for target in targets:
        value = "not measured" if target["value"] is None else f"{target['value']:.3g} {target['unit']}"
        verdict = {True: "met", False: "[bold]missed[/bold]", None: ""}[target["met"]]
        rows.append(
            (escape(target["name"]), value, f"{target['sense']} {target['target']:g} {target['unit']}", verdict)
        )
    show(out, "Speed and memory", ("what", number("measured"), "target", ""), rows)


def _counts(out: Console, counts: dict[str, Any]) -> None:
    rows = [(title, f"{counts[name]:,.0f}") for name, title in WORK.items()]
    show(out, "Work in a run", ("what", number("mean of the batch")), rows)


def _where(out: Console, steps: list[dict[str, Any]]) -> None:
    if not steps:
        out.print("Where the time goes was not measured: this system has no clock for the time of one thread.")
        return
    rows = [
        (step["part"], step["step"], f"{step['ms']:.2f}", f"{100 * step['share']:.0f} %")
        for step in steps
        if step["share"] >= SHOWN
    ]
    if rest := [step for step in steps if step["share"] < SHOWN]:
        ms, share = (sum(step[key] for step in rest) for key in ("ms", "share"))
        rows.append(("", f"{len(rest)} more", f"{ms:.2f}", f"{100 * share:.0f} %"))
    title = "Where the time goes (processor time, one thread)"
    show(out, title, ("when", "step", number("ms a run"), number("share")), rows)


def _growth(out: Console, growth: dict[str, list[dict[str, Any]]]) -> None:
    rows, ends = [], []
    for name, sizes in growth.items():
        for place, size in enumerate(sizes):
            rows.append(("" if place else GROWTH[name], f"{size['size']}", f"{size['ms']:.1f}"))
        ends.append(len(rows) - 1)
    columns = ("with", number("how many"), number("ms a run"))
    show(out, "How it grows (processor time, one thread)", columns, rows, lines_after=ends)


def _twins(out: Console, twins: list[dict[str, Any]]) -> None:
    if not twins:
        out.print("The readable twins were not timed: there is no tests/reference/timed.py.")
        return
    rows = [
        (escape(twin["name"]), f"{twin['readable_ms']:.3g}", f"{twin['compiled_ms']:.3g}", f"{twin['ratio']:.0f}")
        for twin in twins
    ]
    columns = ("submodel", number("readable, ms"), number("compiled, ms"), number("times slower"))
    show(out, "Readable twins of the compiled submodels", columns, rows)
