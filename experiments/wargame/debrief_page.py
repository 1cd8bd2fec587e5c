"""The debrief as one page of HTML: pictures are SVG written here, words and order are the template's.

The page needs no other file and opens without a script; a script of a few lines moves the map from turn to turn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.agents.countries import usual_name
from stackcraft.agents.names import STACKS
from stackcraft.experiments.wargame.seats import SEATS
from stackcraft.model.inputs import load_inputs

TEMPLATES = Path(__file__).parent / "templates"
CLASSES = {"US": "us", "CN": "cn", "independent": "in"}
MAP_WIDTH, MAP_HEIGHT = 960.0, 430.0
LEAST_RADIUS, MOST_RADIUS = 2.2, 17.0
SOUTH = -38.0  # degrees; the map's lower edge
ICE = 72.0  # degrees; the upper edge


def page(data: Mapping[str, Any]) -> str:
    """Return the page of what `Debrief.data` holds."""
    environment = _environment()
    parts = {name: (TEMPLATES / f"debrief.{name}").read_text(encoding="utf-8") for name in ("css", "js")}
    from markupsafe import Markup

    return environment.get_template("debrief.html.j2").render(
        **data,
        css=Markup(parts["css"]),
        js=Markup(parts["js"]),
        maps=[
            {"turn": one["turn"], "year": one["year"], "svg": Markup(world(one["shares"]))} for one in data["frames"]
        ],
        bars=Markup(board(data["board"])),
        strips={one["seat"]: Markup(strip(one["score"])) for one in data["seats"] if one["score"]},
        span=Markup(scale(data["seats"])),
        dots=Markup(calibration(data["forecasts"])) if data["forecasts"] else None,
        top=12,
    )


@cache
def _environment():
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    environment.filters |= {"signed": signed, "seat": lambda seat: SEATS[seat].title, "plan": _plan, "heat": heat}
    environment.globals |= {"bar": bar}
    return environment


def signed(value: float, digits: int = 1) -> str:
    """A number with its sign; a minus that is one."""
    text = f"{value:+.{digits}f}"
    return f"{0:.{digits}f}" if float(text) == 0 else text.replace("-", "\N{MINUS SIGN}")


def _plan(name: str) -> str:
    """A strategy's name as words."""
    return name.replace("-", " ")


def heat(value: float) -> str:
    """The class of a cell: which way, and how strongly in five steps."""
    step = min(5, int(abs(value) / 1.5) + (abs(value) >= 0.25))
    return "h0" if step == 0 else f"h{'p' if value > 0 else 'm'}{step}"


# pictures


def world(shares: Mapping[str, Sequence[float]]) -> str:
    """A map of bubbles: a country is as large as its demand and has the colour of the stack that leads there."""
    inputs = load_inputs("world")
    demand = inputs.demand.sum(axis=1)
    radius = np.clip(MOST_RADIUS * np.sqrt(demand / np.sort(demand)[-4]), LEAST_RADIUS, MOST_RADIUS)
    marks = []
    for place in np.argsort(-radius, kind="stable"):
        code = inputs.iso3[place]
        if code not in shares:
            continue
        x = (inputs.longitude[place] + 180.0) / 360.0 * MAP_WIDTH
        y = (ICE - inputs.latitude[place]) / (ICE - SOUTH) * MAP_HEIGHT
        values = list(shares[code])
        leader = int(np.argmax(values))
        lead = values[leader] - sorted(values)[-2]
        said = ", ".join(f"{stack} {100 * value:.0f} %" for stack, value in zip(STACKS, values, strict=True))
        kind = f"{CLASSES[STACKS[leader]]}{3 if lead > 0.4 else 2 if lead > 0.15 else 1}"
        marks.append(f'<circle class="{kind}" cx="{x:.0f}" cy="{y:.0f}" r="{radius[place]:.1f}">'
                     f"<title>{usual_name(code)}: {said}</title></circle>")  # fmt: skip
    return (f'<svg viewBox="0 0 {MAP_WIDTH:.0f} {MAP_HEIGHT:.0f}" role="img" aria-label="Map of leading stacks">'
            f"{''.join(marks)}</svg>")  # fmt: skip


def board(lines: Sequence[Mapping[str, Any]]) -> str:
    """Announced beside in use, turn by turn, for both homes: two panels that share their rows."""
    turns = sorted({one["turn"] for one in lines if one["turn"] > 0}) or [0]
    width, row, left, gap = 640.0, 22.0, 44.0, 16.0
    panel = (width - left - gap) / 2
    most = {key: max([one[key] for one in lines] + [1e-9]) for key in ("announced_bn", "use")}
    out, y = [], 22.0
    heads = (("announced_bn", "Announced, bn $"), ("use", "In use in the average country, %"))
    for column, (_, title) in enumerate(heads):
        out.append(f'<text class="head" x="{left + column * (panel + gap):.0f}" y="13">{title}</text>')
    for turn in turns:
        year = next(one["year"] for one in lines if one["turn"] == turn)
        out.append(f'<text class="year" x="0" y="{y + row:.0f}">{year}</text>')
        for stack in STACKS[:2]:
            line = next(one for one in lines if one["turn"] == turn and one["stack"] == stack)
            for column, (key, _) in enumerate(heads):
                x = left + column * (panel + gap)
                long = (panel - 52) * line[key] / most[key]
                value = f"{line[key]:,.0f}" if key == "announced_bn" else f"{line[key]:.1f}"
                out.append(f'<rect class="{CLASSES[stack]}" x="{x:.1f}" y="{y + 2:.1f}" width="{max(long, 1):.1f}" '
                           f'height="{row - 5:.0f}"/><text class="value" x="{x + long + 5:.1f}" y="{y + row - 7:.1f}">'
                           f"{value}</text>")  # fmt: skip
            y += row
        y += 8
    return (f'<svg class="board" viewBox="0 0 {width:.0f} {y:.0f}" role="img" aria-label="Announced and in use by '
            f'year; the table below has the same numbers">{"".join(out)}</svg>')  # fmt: skip


LOW, HIGH = 20.0, 80.0  # points that the strips of scores show


def _x(points: float, width: float = 300.0) -> float:
    return width * (min(max(points, LOW), HIGH) - LOW) / (HIGH - LOW)


def strip(score: Mapping[str, Any]) -> str:
    """A seat's score in every run: one dot a world of other luck, the played one filled, the mean a line."""
    dots = "".join(f'<circle class="shadow" cx="{_x(one):.1f}" cy="12" r="4"/>' for one in score["by_run"][1:])
    mean, played = _x(score["no_luck"]), _x(score["points"])
    said, par = f"{score['points']:.0f} as it happened, {score['no_luck']:.0f} without luck", _x(50)
    return (f'<svg class="strip" viewBox="-6 0 312 24" role="img" aria-label="{said}">'
            f'<line class="par" x1="{par:.1f}" x2="{par:.1f}" y1="0" y2="24"/>'
            f'{dots}<line class="mean" x1="{mean:.1f}" x2="{mean:.1f}" y1="3" y2="21"/>'
            f'<circle class="played" cx="{played:.1f}" cy="12" r="5.5"/></svg>')  # fmt: skip


def scale(seats: Sequence[Mapping[str, Any]]) -> str:
    """The scale below the strips."""
    marks = "".join(
        f'<text x="{_x(one):.1f}" y="11" text-anchor="middle">{one:.0f}</text>' for one in (20, 35, 50, 65, 80)
    )
    return f'<svg class="strip" viewBox="-6 0 312 14" aria-hidden="true">{marks}</svg>'


def bar(one: Mapping[str, float], most: float) -> Any:
    """A difference with its interval, as a bar from the middle; the played world's as a dot."""
    from markupsafe import Markup

    half, most = 75.0, max(most, 1e-9)

    def x(value: float) -> float:
        return half + half * min(max(value / most, -1.0), 1.0)

    start, end = sorted((half, x(one["mean"])))
    kind = "plus" if one["mean"] >= 0 else "minus"
    return Markup(
        f'<svg class="bar" viewBox="0 0 150 16" role="img" aria-label="{signed(one["mean"])} points, from '
        f'{signed(one["low"])} to {signed(one["high"])}"><line class="zero" x1="{half}" x2="{half}" y1="0" y2="16"/>'
        f'<rect class="{kind}" x="{start:.1f}" y="3" width="{max(end - start, 0.5):.1f}" height="10"/>'
        f'<line class="span" x1="{x(one["low"]):.1f}" x2="{x(one["high"]):.1f}" y1="8" y2="8"/>'
        f'<circle class="played" cx="{x(one["played"]):.1f}" cy="8" r="3"/></svg>'
    )


def calibration(forecasts: Sequence[Mapping[str, Any]]) -> str:
    """How often forecasts came true, by how likely they were called: a dot for each fifth, as large as its number."""
    groups: dict[int, list[Mapping[str, Any]]] = {}
    for one in forecasts:
        groups.setdefault(min(4, int(5 * one["forecast"])), []).append(one)
    dots = []
    for members in groups.values():
        said = sum(one["forecast"] for one in members) / len(members)
        true = sum(bool(one["outcome"]) for one in members) / len(members)
        dots.append(f'<circle class="played" cx="{20 + 160 * said:.1f}" cy="{180 - 160 * true:.1f}" '
                    f'r="{3 + 1.6 * len(members) ** 0.5:.1f}"><title>{len(members)} forecasts near {100 * said:.0f} %: '
                    f"{100 * true:.0f} % came true</title></circle>")  # fmt: skip
    return (f'<svg class="calibration" viewBox="0 0 200 206" role="img" '
            f'aria-label="Forecasts against what came true">'
            f'<line class="par" x1="20" y1="180" x2="180" y2="20"/>'
            f'<path class="axis" d="M20 20V180H180"/>{"".join(dots)}'
            f'<text x="100" y="200" text-anchor="middle">forecast, 0 to 100 %</text>'
            f'<text transform="translate(12 100) rotate(-90)" text-anchor="middle">came true</text></svg>')  # fmt: skip
