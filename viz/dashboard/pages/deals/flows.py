"""Who sold to whom, on the map: arcs from each home to the buyers of its largest deals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from markupsafe import Markup, escape

from stackcraft.viz import words
from stackcraft.viz.charts import kit
from stackcraft.viz.dashboard.parts.contracts import contracts, run_note, vendor_titles, waiting
from stackcraft.viz.dashboard.parts.markup import behind, each, note
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.map.shapes import HEIGHT, WIDTH, border_note, shapes

LARGEST = 40
HOME_OF = {"US": "USA", "CN": "CHN"}
WIDEST, THINNEST = 34.0, 5.0
BEND = 0.2


def largest(record: Any, year: int | None = None) -> list[Mapping[str, Any]]:
    """The largest contracts by value, signed by the end of `year` where one is given."""
    table = contracts(record.deals)
    if year is not None:
        table = table[table["signed"] < year + 1]
    return table.sort_values("value_bn", ascending=False, kind="stable").head(LARGEST).to_dict("records")


def flows_svg(record: Any, year: int | None = None) -> Markup:
    """The map with an arc for each of the largest deals from the home of its stack to the buyer, as wide as its value.

    Vendors that are neither American nor Chinese have no one home: their deals are squares on the buyer. A full mark at
    the buyer tells of public support, an open one of none.
    """
    known, rows = shapes(), list(largest(record, year))
    most = max((float(row["value_bn"]) for row in rows), default=1.0) or 1.0
    drawn = [row for row in rows if str(row["country"]) in known]
    told = text("deals.flows_told", number=len(drawn), value=words.money(sum(float(row["value_bn"]) for row in drawn)))
    parts = [
        (
            f'<svg class="flows" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">'
            f"<title>{escape(text('deals.flows_title'))}</title><desc>{escape(told)}</desc>"
        )
    ]
    land = "".join(shape.path for code, shape in known.items() if code not in HOME_OF.values())
    parts.append(f'<path class="land" d="{land}"/>')
    for code in HOME_OF.values():
        parts.append(f'<path class="land home" d="{known[code].path}"/>')
    names = words.country_names(record.inputs)
    marks = []
    for row in reversed(drawn):  # the largest last, on top
        stack, code, value = str(row["stack"]), str(row["country"]), float(row["value_bn"])
        x, y = known[code].circle or known[code].centre
        label = text(
            "deals.flow",
            country=names.get(code, code),
            layer=words.layer_title(str(row["layer"])).lower(),
            year=int(row["signed"]),
            value=words.money(value),
        )
        size = THINNEST + (WIDEST - THINNEST) * math.sqrt(value / most)
        if stack in HOME_OF:
            kind = f'class="flow {kit.KEYS[stack]}" style="stroke-width:{size:.0f}"'
            parts += [
                f'<path {kind} d="{path}"><title>{escape(label)}</title></path>'
                for path in _arcs(known[HOME_OF[stack]].centre, (x, y))
            ]
            marks.append(kit.mark(stack, x, y, 9 + size / 3, hollow=not row["supported"], note=label))
        else:
            marks.append(kit.mark(stack, x, y, 9 + size / 2, hollow=not row["supported"], note=label))
    for stack, code in HOME_OF.items():
        x, y = known[code].centre
        marks.append(f'<text class="home-name" x="{x:.0f}" y="{y + 10:.0f}">{words.STACK_SHORT[stack]}</text>')
    return Markup("".join([*parts, *marks, "</svg>"]))


def _arcs(start: tuple[float, float], end: tuple[float, float]) -> list[str]:
    """Return a bent path between two places, or two where the way over the edge of the map is shorter."""
    over = end[0] - start[0]
    if abs(over) <= WIDTH / 2:
        return [_arc(start, end)]
    shift = -math.copysign(WIDTH, over)
    return [_arc(start, (end[0] + shift, end[1])), _arc((start[0] - shift, start[1]), end)]


def _arc(start: tuple[float, float], end: tuple[float, float]) -> str:
    (a, b), (c, d) = start, end
    lift = BEND * math.hypot(c - a, d - b)
    return f"M{a:.0f},{b:.0f}Q{(a + c) / 2:.0f},{(b + d) / 2 - lift:.0f} {c:.0f},{d:.0f}"


def flows(record: Any, year: int | None = None) -> Markup:
    """The map of flows with its key and the table behind it."""
    if record is None:
        return waiting()
    if not len(record.deals):
        return note(text("deals.none"))
    rows, titles = largest(record, year), vendor_titles(record.inputs)
    names = words.country_names(record.inputs)
    body = []
    for row in rows:
        financier = row.get("financier")
        named = (
            words.FINANCIER_TITLES.get(financier, financier)
            if isinstance(financier, str)
            else text("deals.no_financier")
        )
        body.append(
            [
                names.get(str(row["country"]), str(row["country"])),
                words.STACK_SHORT[str(row["stack"])],
                words.capital(words.vendor_title(str(row["vendor"]), titles)),
                words.layer_title(str(row["layer"])),
                str(int(row["signed"])),
                words.money(float(row["value_bn"])),
                named,
                text(f"country.outcome_{row['outcome']}"),
            ]
        )
    head = [
        text(f"deals.column_{key}")
        for key in ("country", "stack", "vendor", "layer", "signed", "value_bn", "financier", "outcome")
    ]
    key = each(
        '<li><svg class="chart key wide-key" viewBox="0 0 34 18" aria-hidden="true">{}</svg>{}</li>',
        (
            (Markup(drawn), text(f"deals.{name}"))
            for drawn, name in (
                (
                    '<path class="said us" style="stroke-dasharray:none;stroke-width:4" d="M1,9H26"/>'
                    + kit.mark("US", 27, 9, 5, True),
                    "key_us",
                ),
                (
                    '<path class="said cn" style="stroke-dasharray:6 3;stroke-width:4" d="M1,9H26"/>'
                    + kit.mark("CN", 27, 9, 5, True),
                    "key_cn",
                ),
                (kit.mark("independent", 17, 9, 6, True), "key_in"),
                (kit.mark("US", 9, 9, 5) + kit.mark("CN", 25, 9, 5), "key_public"),
            )
        ),
    )
    return Markup('{}<ul class="legend">{}</ul><p class="note">{} {}</p>{}').format(
        flows_svg(record, year),
        key,
        run_note(record),
        border_note(),
        behind(kit.table(head, body, text("deals.flows_title"))),
    )
