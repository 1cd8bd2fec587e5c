"""What came of a matching, as findings: what is left, what each wave ruled out, what was learnt and what was not."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stackcraft.experiments.analyses.finding import Bars, Finding, Table, headings
from stackcraft.experiments.analyses.wording import count, figure, listed
from stackcraft.experiments.evidence.matching.declared import Target
from stackcraft.experiments.evidence.matching.emulator import averaged
from stackcraft.experiments.evidence.matching.simulators import values_of
from stackcraft.experiments.evidence.matching.space import active_of
from stackcraft.experiments.evidence.matching.stages import Matched, alone, without
from stackcraft.experiments.evidence.matching.weights import Learnt, learnt

FEW = 50  # worlds of equal weight: fewer say little of single parameters
MIDDLE = (0.05, 0.5, 0.95)
POOR = 0.3  # share of the variance between worlds: an emulator that explains less rules hardly anything out


def findings(found: Matched) -> list[Finding]:
    """Return the findings of a matching."""
    made = [_what_is_left(found)]
    if found.left:
        made += [_targets(found), _kept_back(found), _parameters(found)]
    elif found.ruled_out_by:
        made.append(_ruled_out(found))
    made.append(_emulators(found))
    return [one for one in made if one is not None]


def percent(share: float) -> str:
    """Return a share in words, however small."""
    return f"{100 * share:.3g} %" if share >= 1e-4 else f"{share:.1g} of the whole" if share else "nothing"


def _what_is_left(found: Matched) -> Finding:
    plan, sentences = found.matching, []
    shares = found.shares
    for place, share in enumerate(shares, 1):
        rank = {1: "largest", 2: "second largest"}.get(plan.waves[place - 1].rank, "chosen")
        sentences.append(
            f"After wave {place}, by the {rank} implausibility, {percent(share)} of the worlds drawn at random is left."
        )
    if not found.left:
        sentences.append(
            "Nothing is left: within the declared ranges, discrepancies and tolerances the model is ruled out."
        )
    else:
        weighed = found.weighed
        whole, kept = len(weighed.weight), int(weighed.left.sum())
        sentences.append(
            f"Of {whole} worlds that were run at the end, {kept} are not ruled out by their own runs; weighed by how "
            f"likely they make what was observed, they count as {weighed.effective:.0f} worlds of equal weight."
        )
        if shares and min(shares) > 0.9:
            sentences.append(
                "These targets rule out hardly anything: the declared ranges were already narrow, or the targets say "
                "little. Agreement with them is then no merit of the worlds that are left."
            )
        if weighed.effective < FEW:
            sentences.append(f"Fewer than {FEW} of equal weight: give the last stage more worlds before using them.")
    if found.unread:
        sentences.append(
            "Worlds in which a target could not be read were not held against it: "
            + listed([f"{name} ({number})" for name, number in found.unread.items()])
            + "."
        )
    tables = []
    if found.rulings:
        rows = alone(found)
        tables.append(Table(
            "Share of what was left before each wave that a target alone puts beyond the wave's bound",
            headings("target", *(f"wave {place}|1|%" for place in range(1, len(rows) + 1))),
            tuple((one.name, *(100 * row[one.name] for row in rows)) for one in plan.counted),
        ))  # fmt: skip
    about = (
        ("file", plan.file), ("declared", plan.declared), ("hash", plan.hash()), ("inputs", len(plan.inputs)),
        ("matched on", ", ".join(plan.matched)), ("runs", plan.runs), ("seed", plan.seed),
    )  # fmt: skip
    return Finding("matching", plan.title, tuple(sentences), tuple(tables), (), about)


def _ruled_out(found: Matched) -> Finding:
    """By what the model is ruled out: each target by itself, and which one would have to go."""
    targets = found.matching.counted
    single, others = alone_left(found), without(found)
    impossible = [name for name, share in single.items() if not share]
    sentences = []
    if impossible:
        sentences.append(f"No world at all comes near enough to {listed(impossible)}, whatever else is asked.")
    helping = [name for name, share in others.items() if share and name not in impossible]
    if len(impossible) == 1 and others.get(impossible[0]):
        sentences.append(f"Without {impossible[0]} worlds would be left.")
    elif not impossible and helping:
        sentences.append(
            "Each target can be met by itself, but not all in one world: worlds would be left without "
            f"{listed(helping)}."
        )
    elif not impossible:
        sentences.append("Each target can be met by itself, but several exclude each other.")
    worst = sorted(found.ruled_out_by.items(), key=lambda item: -item[1])
    sentences.append(
        "At the best world found, the targets furthest off are "
        + listed([f"{name} ({value:.1f} standard deviations)" for name, value in worst[:3]])
        + "."
    )
    rows = tuple(
        (one.name, one.observed, found.ruled_out_by.get(one.name), 100 * single.get(one.name, np.nan),
         100 * others.get(one.name, np.nan))
        for one in targets
    )  # fmt: skip
    table = Table(
        "What rules the model out",
        headings("target", "observed|3", "off at the best world|2|standard deviations", "left by it alone|2|%",
                 "left without it|2|%"),
        rows,
    )  # fmt: skip
    return Finding("ruled out", "By what the model is ruled out", tuple(sentences), (table,))


def alone_left(found: Matched) -> dict[str, float]:
    """Return the share of the space that each target by itself would leave, by the last wave's emulators."""
    return {one.name: without(found, keep=one.name)["kept"] for one in found.matching.counted}


def _spread(target: Target, values: np.ndarray, weight: np.ndarray | None = None) -> tuple[float, float, float]:
    """Return quantiles over worlds of the mean reading of a world, in the unit of what is observed."""
    _, means, _, _ = averaged(np.arange(len(values))[:, None], target.scaled(values))
    if weight is None:
        found = np.quantile(means, MIDDLE)
    else:
        kept = weight[np.isfinite(np.nanmean(target.scaled(values), axis=1))]
        order = np.argsort(means)
        reached = np.cumsum(kept[order]) / kept.sum()
        found = np.array([means[order][min(np.searchsorted(reached, q), len(order) - 1)] for q in MIDDLE])
    return tuple(float(one) for one in (np.exp(found) if target.scale == "log" else found))


def _sides(found: Matched, targets: Sequence[Target]) -> Table:
    """Observed beside what worlds gave before and after, in words where a span is told."""
    weight, rows = found.weighed.weight, []
    for one in targets:
        before = _spread(one, found.stages[0].values[one.name])
        after = _spread(one, found.last.values[one.name], weight)
        rows.append(
            (one.name, one.kind, one.observed, _told(before), _told(after), _off(one, before), _off(one, after))
        )
    return Table(
        "Median and 5 to 95 % over worlds",
        headings("target", "kind", "observed|3", "drawn at random", "left", "off at random|2|sd", "off, left|2|sd"),
        tuple(rows),
        "Off: how far the median is off, in standard deviations of observation and discrepancy together.",
    )


def _told(spread: tuple[float, float, float]) -> str:
    low, middle, high = (figure(value) for value in spread)
    return f"{middle} ({low} to {high})"


def _off(target: Target, spread: tuple[float, float, float]) -> float:
    middle = target.scaled(np.array([spread[1]]))
    return float(target.misses(middle)[0] / np.sqrt(target.doubt))


def _targets(found: Matched) -> Finding:
    plan = found.matching
    table = _sides(found, plan.counted)
    off = [row for row in table.rows if row[-1] > 2]
    sentence = (
        f"Even among the worlds that are left, the median is more than two standard deviations off in "
        f"{listed([row[0] for row in off])}."
        if off
        else "Among the worlds that are left, every median lies within two standard deviations of what was observed."
    )
    return Finding("targets", "What was matched on", (sentence,), (table,))


def _kept_back(found: Matched) -> Finding | None:
    """The targets that nothing was matched on: they say whether matching helped where it did not look."""
    targets = found.matching.kept_back
    if not targets:
        return None
    table = _sides(found, targets)
    nearer = [row[0] for row in table.rows if row[-1] < row[-2] - 0.1]
    further = [row[0] for row in table.rows if row[-1] > row[-2] + 0.1]
    sentences = []
    sentences.append(
        f"Of {count(len(targets), 'target')} that nothing was matched on, the worlds that are left are nearer to "
        f"{listed(nearer)} than worlds drawn at random, and further from {listed(further)}."
    )
    beyond = [row[0] for row in table.rows if row[-1] > 3]
    if beyond:
        sentences.append(
            "More than three standard deviations off in the median, and so against the model as it is: "
            f"{listed(beyond)}."
        )
    return Finding("kept back", "What was kept back", tuple(sentences), (table,))


def _parameters(found: Matched) -> Finding:
    plan, last = found.matching, found.last
    active = set(active_of(found.rulings).tolist())
    known = learnt(last.points, found.weighed.weight, sorted(active))
    enough = found.weighed.effective >= FEW
    clear = [one for one in known if one.clear and enough]
    names = [one.name for one in plan.inputs]
    sentences = []
    if not enough:
        sentences.append(
            f"The worlds that are left count as {found.weighed.effective:.0f} of equal weight: too few to say of any "
            "parameter that something was learnt."
        )
    sentences.append(
        f"Of {count(len(plan.inputs), 'parameter')}, {len(active)} move a target by what the emulators know, and "
        f"{len(clear)} {'is' if len(clear) == 1 else 'are'} clearly not spread as before: "
        f"{listed([names[one.place] for one in clear])}."
    )
    sentences.append(
        f"Nothing was learnt of the other {len(plan.inputs) - len(clear)}: they stay as they were judged, though not "
        "every combination of them is left."
    )

    def row(one: Learnt) -> tuple:
        own = plan.inputs[one.place]
        at = np.array([values_of([own], np.array([[q]]))[0, 0] for q in one.quantiles])
        return (
            own.name, f"{figure(own.low)} to {figure(own.high)}", _told(tuple(at)), 100 * one.narrowed,
            "yes" if one in clear else "no",
        )  # fmt: skip

    shown = [one for one in known if one.place in active]
    table = Table(
        "Parameters that move a target",
        headings("parameter", "drawn from", "left", "narrowed|0|%", "clear"),
        tuple(map(row, shown)),
        "Left: median, and 5 to 95 %. Narrowed: by how much the standard deviation shrank. Clear: the difference from "
        "an even spread would hardly come by luck in so many worlds, for all these parameters together.",
    )
    bars = Bars(
        "How much narrower", "%", tuple(names[one.place] for one in shown[:20]),
        tuple(float(100 * one.narrowed) for one in shown[:20]),
    )  # fmt: skip
    return Finding(
        "parameters", "What was learnt of which parameter", tuple(sentences), (table,), (bars,) if shown else ()
    )


def _emulators(found: Matched) -> Finding | None:
    rows, poor, loose = [], [], []
    for place, ruling in enumerate(found.rulings, 1):
        for name, one in ruling.emulators.items():
            within = float((np.abs(one.errors) <= 2).mean())
            rows.append((
                place, name, len(one.inputs), 100 * one.explained, 100 * within, one.inflation,
                float(np.sqrt(one.luck)), float(np.sqrt(one.aside)),
            ))  # fmt: skip
            if place == len(found.rulings):
                poor += [name] * (one.explained < POOR)
                loose += [name] * (within < 0.9)
    if not rows:
        return None
    sentences = []
    sentences.append(
        "Each emulator foresees worlds that it was not fitted on. Within two of the standard deviations that it claims "
        "should lie 95 % of them; where its errors are larger, its variance is raised until they fit."
    )
    if loose:
        sentences.append(f"Less than 90 % do in {listed(loose)}.")
    if poor:
        sentences.append(
            f"Hardly better than the mean, so that they rule out little, in {listed(poor)}: mostly luck, or parameters "
            "that each do little."
        )
    table = Table(
        "Emulators on worlds held out",
        headings("wave", "target", "inputs", "explained|0|%", "within two sd|0|%", "raised|2|times", "luck|4|sd",
                 "other inputs|4|sd"),
        tuple(rows),
        "Explained: share of the variance between worlds. Luck: of one run. Other inputs: what those not screened do.",
    )  # fmt: skip
    return Finding("emulators", "How well the emulators foresee", tuple(sentences), (table,))
