"""The world map of a report: one SVG that works without script, and the bytes from which a script repaints it."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

import numpy as np
from markupsafe import Markup, escape

from stackcraft.experiments.leads import STATES, Changes, Leads
from stackcraft.viz.map.shapes import CIRCLE_RADIUS, HEIGHT, HOMES, WIDTH, shapes
from stackcraft.viz.words.catalogue import text
from stackcraft.viz.words.numbers import percent, points

UNKNOWN = 255  # the byte for a missing number
UNSURE = 16  # added to the state where the runs disagree
LEADS = ("us3", "us2", "us1", "contested", "cn1", "cn2", "cn3", "independent", "us2 unsure", "none")
MOVES = ("us3", "us2", "us1", "contested", "cn1", "cn2", "cn3", "independent", "none")


def legend() -> list[tuple[str, str]]:
    """Return class and words of each line below a map of who leads."""
    return [(name, text(f"report.legend_{name.partition(' ')[2] or name}")) for name in LEADS]


def change_legend() -> list[tuple[str, str]]:
    """Return class and words of each line below a map of what changes."""
    return [(name, text(f"report.towards_{name}")) for name in MOVES]


def pattern(name: str, texture: str = "", size: float = 1.0) -> str:
    """Return a fill called `m-<name>`: the colour of class `s-<name>`, with dots, diagonals, crosses, hatch or bars.

    `size` is the size of the ink, 1 as on the lead map.
    """
    marks = {
        "dots": (
            26,
            (
                f'<circle cx="8" cy="8" r="{3.2 * size:.3g}" class="ink"/><circle cx="21" cy="21" '
                f'r="{3.2 * size:.3g}" class="ink"/>'
            ),
        ),
        "diagonals": (22, f'<rect width="{4 * size:.3g}" height="22" class="ink"/>'),
        "crosses": (34, '<path d="M17 10v14M10 17h14" class="cross"/>'),
        "hatch": (26, '<rect width="9" height="26" class="hatch"/>'),
        "bars": (24, f'<rect y="10" width="24" height="{4 * size:.3g}" class="ink"/>'),
        "": (26, ""),
    }
    side, ink = marks[texture]
    turn = ' patternTransform="rotate(45)"' if texture in ("diagonals", "hatch") else ""
    return (
        f'<pattern id="m-{name}" width="{side}" height="{side}" patternUnits="userSpaceOnUse"{turn}>'
        f'<rect width="{side}" height="{side}" class="s-{name}"/>{ink}</pattern>'
    )


def map_patterns() -> Markup:
    """Return a pattern for each state: US dots, China diagonals, contested crosses, so that colour is not needed."""
    textures = {"us": "dots", "cn": "diagonals", "contested": "crosses", "none": "hatch"}
    chosen = ((state, textures.get(state) or textures.get(state[:2])) for state in STATES)
    return Markup("<defs>" + "".join(pattern(state, texture) for state, texture in chosen if texture) + "</defs>")


def swatch(state: str) -> Markup:
    """Return a legend box with the fill of the map."""
    return Markup(
        f'<svg class="swatch" viewBox="0 0 90 60" aria-hidden="true"><rect class="c {state}" x="4" '
        'y="4" width="82" height="52"/></svg>'
    )


def draw(
    states: Mapping[str, str],
    labels: Mapping[str, str],
    title: str,
    description: str,
    name: str = "map",
    patterns: Markup | None = None,
) -> Markup:
    """Draw the map as SVG; `states` and `labels` are by ISO code of every importer, other land is plain.

    Codes that the shapes lack (a made-up world) are drawn as tiles with the code on them. A page with two maps gives
    the second another `name`, and the `patterns` of its own states; no script repaints that one.
    """
    key = "data-c" if name == "map" else "data-country"
    parts = [
        (
            f'<svg id="{name}" viewBox="0 0 {WIDTH} {HEIGHT}" role="group" aria-labelledby="{name}-title {name}-text">'
            f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-text">{escape(description)}</desc>'
        ),
        map_patterns() if patterns is None else patterns,
    ]
    if any(code in shapes() for code in states):
        parts += _land(states, labels, key)
    parts += _tiles([code for code in states if code not in shapes()], states, labels, key)
    parts.append("</svg>")
    return Markup("".join(parts))


def _land(states: Mapping[str, str], labels: Mapping[str, str], key: str) -> list[str]:
    known = shapes()
    plain = "".join(shape.path for code, shape in known.items() if code not in states and code not in HOMES)
    parts = [f'<path class="other" d="{plain}"/>']
    for code, home in (("USA", "us"), ("CHN", "cn")):
        name = text(f"atlas.{home}_home")
        shape = known[code]
        x, y = shape.centre
        told = escape(text("report.not_importer", name=name))
        parts.append(f'<path class="home" d="{shape.path}"><title>{told}</title></path>')
        parts.append(f'<text class="home-name" x="{x:.0f}" y="{y + 10:.0f}">{escape(name)}</text>')
    drawn = sorted((code for code in states if code in known), key=lambda code: -known[code].area)
    for code in drawn:
        told = f"<title>{escape(labels[code])}</title>"
        parts.append(f'<path class="c {states[code]}" {key}="{code}" d="{known[code].path}">{told}</path>')
    for code in drawn:
        if known[code].circle:
            x, y = known[code].circle
            place = f'cx="{x:.0f}" cy="{y:.0f}" r="{CIRCLE_RADIUS}"'
            told = f"<title>{escape(labels[code])}</title>"
            parts.append(f'<circle class="c {states[code]}" {key}="{code}" {place}>{told}</circle>')
    return parts


def _tiles(codes: Sequence[str], states: Mapping[str, str], labels: Mapping[str, str], key: str) -> list[str]:
    """Return squares in rows, as near to the shape of the canvas as the number of countries allows."""
    if not codes:
        return []
    columns = max(1, round((len(codes) * WIDTH / HEIGHT) ** 0.5))
    step = min(WIDTH / columns, HEIGHT / -(-len(codes) // columns))
    parts = []
    for i, code in enumerate(codes):
        x, y = step * (i % columns), step * (i // columns)
        place = f'x="{x + 8:.0f}" y="{y + 8:.0f}" width="{step - 16:.0f}" height="{step - 16:.0f}"'
        told = f"<title>{escape(labels[code])}</title>"
        parts.append(f'<rect class="c {states[code]}" {key}="{escape(code)}" {place}>{told}</rect>')
        parts.append(f'<text class="tile-name" x="{x + step / 2:.0f}" y="{y + step / 2:.0f}">{escape(code)}</text>')
    return parts


def _share_bytes(shares: np.ndarray) -> np.ndarray:
    """Return fractions as half points in one byte; NaN is UNKNOWN.

    Halved and rounded (halves up) they give the right whole percent.
    """
    filled = np.nan_to_num(shares)
    half, whole = np.round(filled * 200), np.floor(filled * 100 + 0.5)
    half = np.where(np.floor(half / 2 + 0.5) == whole, half, 2 * whole)
    return np.where(np.isfinite(shares), half, UNKNOWN).astype(np.uint8)


def lead_cells(found: Leads) -> bytes:
    """Return five bytes a cell (US, CN, independent, agreement, state), cells in order of year, layer, country."""
    state = found.state.astype(np.uint8) + UNSURE * found.open.astype(np.uint8)
    planes = [
        *(_share_bytes(found.shares[..., i]) for i in range(3)),
        np.round(np.nan_to_num(found.agreement) * 200),
        state,
    ]
    return np.stack(planes, axis=-1).astype(np.uint8).tobytes()


def lead_bytes(found: Leads) -> str:
    """Return `lead_cells` as base64, for a page."""
    return base64.b64encode(lead_cells(found)).decode()


def change_cells(found: Changes) -> bytes:
    """Return cells as `lead_cells` does, with differences in half points around 127, and 1 where they are clear."""
    moved = np.where(
        np.isfinite(found.shares), np.clip(np.round(np.nan_to_num(found.shares) * 200), -126, 126) + 127, UNKNOWN
    ).astype(np.uint8)
    planes = [moved[..., i] for i in range(3)] + [found.sure.astype(np.uint8), found.state.astype(np.uint8)]
    return np.stack(planes, axis=-1).tobytes()


def change_bytes(found: Changes) -> str:
    """Return `change_cells` as base64."""
    return base64.b64encode(change_cells(found)).decode()


def state_names(state: np.ndarray, codes: Sequence[str], unsure: np.ndarray | None = None) -> dict[str, str]:
    """Return the class of each country for a year and layer: its state, and "unsure" where the race is open."""
    doubt = np.zeros(len(codes), bool) if unsure is None else unsure
    return {
        code: STATES[int(value)] + (" unsure" if doubted else "")
        for code, value, doubted in zip(codes, state, doubt, strict=True)
    }


def lead_labels(found: Leads, codes: Sequence[str], names: Mapping[str, str]) -> dict[str, str]:
    """Return what a pointer resting on a country shows without script: last year, all layers."""
    labels = {}
    for i, code in enumerate(codes):
        us, cn, other = found.shares[-1, 0, i]
        labels[code] = label(names[code], percent(us), percent(cn), percent(other))
    return labels


def change_labels(found: Changes, codes: Sequence[str], names: Mapping[str, str]) -> dict[str, str]:
    """Return the same for a difference of two arms."""
    labels = {}
    for i, code in enumerate(codes):
        us, cn, other = found.shares[-1, 0, i]
        labels[code] = label(names[code], points(us), points(cn), points(other))
    return labels


def label(name: str, us: str, cn: str, independent: str) -> str:
    """Return what is said of a country on the map."""
    return text("report.label", name=name, us=us, cn=cn, independent=independent)
