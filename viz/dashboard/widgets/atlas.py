"""The world map of the dashboard, repainted in the browser from bytes that are sent once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import anywidget
import numpy as np
import traitlets

from stackcraft.agents.countries import other_names
from stackcraft.agents.errors import InputError
from stackcraft.agents.names import HOMES as SIDES
from stackcraft.agents.names import IMPORTERS, LAYERS
from stackcraft.experiments.leads import STATES, Changes, Leads
from stackcraft.model.groups import country_groups
from stackcraft.viz.dashboard.strings import strings_of
from stackcraft.viz.map import world_map
from stackcraft.viz.map.shapes import CIRCLE_RADIUS, HEIGHT, HOMES, WIDTH, border_note, shapes
from stackcraft.viz.map.tiles import COLUMNS, ROWS, tile_places, with_homes
from stackcraft.viz.words import GROUP_TITLES
from stackcraft.viz.words.languages import in_each_language
from stackcraft.viz.words.names import layer_title

HERE = Path(__file__).parent
PARTS = ("scales", "maps", "card", "table", "find", "scrub", "save")
SCRIPTS = (
    HERE.parents[1] / "cells.js",
    HERE / "saved.js",
    *(HERE / f"atlas_{part}.js" for part in PARTS),
    HERE / "atlas.js",
)
MODES = ("lead", "share_US", "share_CN", "share_independent", "contested", "confidence")
MOST_VIEWS = 3
SHARE_KEYS = {"share_US": ("us", "dots"), "share_CN": ("cn", "diagonals"), "share_independent": ("in", "")}


def strings() -> dict[str, str]:
    """What the widget says, by key, in the language of the server."""
    return strings_of("atlas")


@cache
def script() -> str:
    """The widget's module: its parts in a row, the last of which exports `render`."""
    return "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)


def patterns() -> str:
    """Every fill of every mode, as SVG patterns called `m-<class>`; plain fills have none."""
    made = [str(world_map.map_patterns()).removeprefix("<defs>").removesuffix("</defs>")]
    for key, texture in SHARE_KEYS.values():
        if texture:
            made += [world_map.pattern(f"{key}-share{step}", texture, 0.35 + 0.2 * step) for step in range(1, 6)]
        made += [world_map.pattern(f"{key}-up{step}", texture) for step in range(1, 4)]
    made += [world_map.pattern(f"down{step}", "bars", 0.3 + 0.35 * step) for step in range(1, 4)]
    made += [world_map.pattern("open", "crosses"), world_map.pattern("doubted", "diagonals", 0.5)]
    return "<defs>" + "".join(made) + "</defs>"


@cache
def shapes_json() -> bytes:
    """What every map draws, for the server to hand out as `/assets/shapes.json`; the same bytes for everybody.

    Keys: `width`, `height`, `radius` (of circles) of the canvas; `shapes`: a list of [code, path, x, y, circle x,
    circle y], the largest land first, the circle null where the land is large enough to see; `homes`: code and string
    key of each home; `tiles`:
    `columns`, `rows` and `places` (column and row by code); `patterns`: SVG of the fills.
    """
    ordered = sorted(shapes().values(), key=lambda shape: -shape.area)
    drawn = [[one.iso3, one.path, *one.centre, *(one.circle or (None, None))] for one in ordered]
    found = {
        "width": WIDTH, "height": HEIGHT, "radius": CIRCLE_RADIUS, "shapes": drawn,
        "homes": {code: ("us_home", "cn_home")[SIDES.index(side)] for code, side in HOMES.items()},
        "tiles": {"columns": COLUMNS, "rows": ROWS, "places": tile_places(with_homes(IMPORTERS, HOMES))},
        "patterns": patterns(),
    }  # fmt: skip
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


@in_each_language()
def legends() -> dict[str, list[tuple[str, str]]]:
    """Return class and words of every legend line, by mode, and by "<mode> of difference"."""
    say = strings()
    found: dict[str, list[tuple[str, str]]] = {
        "lead": list(world_map.legend()),
        "difference": list(world_map.change_legend()),
    }
    nothing = ("none", say["no_data"])
    for mode, (key, _) in SHARE_KEYS.items():
        who = say[f"{key}_stack"]
        who = who[:1].upper() + who[1:]
        found[mode] = [(f"{key}-share{step}", say[f"share_{step}"].format(who=who)) for step in range(1, 6)] + [nothing]
        found[f"{mode} of difference"] = [
            *((f"{key}-up{step}", say[f"up_{step}"].format(who=who)) for step in (3, 2, 1)), ("flat", say["flat"]),
            *((f"down{step}", say[f"down_{step}"]) for step in (1, 2, 3)), nothing,
        ]  # fmt: skip
    found["contested"] = [
        ("open", say["race_open"]),
        ("doubted", say["race_contested"]),
        ("settled", say["race_settled"]),
        nothing,
    ]
    found["confidence"] = [(f"agree{step}", say[f"agree_{step}"]) for step in range(1, 6)] + [nothing]
    found["confidence of difference"] = [("agree5", say["clear_5"]), ("agree1", say["clear_1"]), nothing]
    return found


def layer_pairs(layers: Sequence[str] = LAYERS) -> list[tuple[str, str]]:
    """Name and title of every layer of a cube, all layers first."""
    return [("all", strings()["all_layers"]), *((layer, layer_title(layer)) for layer in layers)]


def country_names(codes: Sequence[str], names: Sequence[str]) -> list[dict[str, Any]]:
    """Name and aliases of every country, for the `names` trait."""
    return [{"name": str(name), "aliases": list(other_names(code))} for code, name in zip(codes, names, strict=True)]


def named_groups(inputs: Any) -> list[dict[str, Any]]:
    """Return regions, income groups and alliances of a world's inputs, for the `groups` trait."""
    say, codes = strings(), np.array(inputs.iso3)
    return [
        {
            "name": f"{kind}:{name}",
            "title": GROUP_TITLES.get(name, name),
            "kind": say[f"kind_{kind}"],
            "codes": codes[chosen].tolist(),
        }
        for kind, found in country_groups(inputs).items()
        for name, chosen in found.items()
        if chosen.any()
    ]


class Atlas(anywidget.AnyWidget):
    """One to three maps side by side with one scrubber. Made once; `show` and the traits change what it shows.

    Selection (both ways): `year` (told to Python 150 ms after the last move, and when playing ends), `layer` ("all" or
    a layer),
    `country` (ISO code or ""), `mode`, `drawing` ("map", "tiles"), `tab` ("map", "table"), `group` (name of a group or
    "").
    `country_href` may hold {code} {year} {layer}, `csv_href` {year} {layer}; an empty one leaves the link out.
    """

    _esm = script()
    _css = (HERE / "atlas.css").read_text(encoding="utf-8")

    views = traitlets.List(traitlets.Dict()).tag(sync=True)  # {"name": "lead" or "difference", "title": ...} each
    cells = traitlets.List(traitlets.Bytes()).tag(sync=True)  # five bytes a cell; order of year, layer, country
    years = traitlets.List(traitlets.Int()).tag(sync=True)
    codes = traitlets.List(traitlets.Unicode()).tag(sync=True)
    names = traitlets.List().tag(sync=True)  # a name, or {"name": ..., "aliases": [...]}
    layers = traitlets.List().tag(sync=True)  # pairs of name and title, "all" first
    runs = traitlets.Int(1).tag(sync=True)
    groups = traitlets.List(traitlets.Dict()).tag(sync=True)
    states = traitlets.List(traitlets.Unicode(), list(STATES)).tag(sync=True)
    legends = traitlets.Dict().tag(sync=True)
    strings = traitlets.Dict().tag(sync=True)
    title = traitlets.Unicode("").tag(sync=True)  # what the maps show, as a sentence: heads the saved pictures
    caption = traitlets.List(traitlets.Unicode()).tag(sync=True)  # lines under a saved picture: source, date, licence
    note = traitlets.Unicode(border_note()).tag(sync=True)
    status = traitlets.Unicode("").tag(sync=True)  # such as "8 of 64 runs"
    busy = traitlets.Bool(False).tag(sync=True)  # what is shown is not yet the answer
    shapes_url = traitlets.Unicode("/assets/shapes.json").tag(sync=True)
    country_href = traitlets.Unicode("").tag(sync=True)
    csv_href = traitlets.Unicode("").tag(sync=True)
    file_name = traitlets.Unicode("stackcraft").tag(sync=True)  # how the names of saved pictures begin

    year = traitlets.Int(0).tag(sync=True)
    layer = traitlets.Unicode("all").tag(sync=True)
    country = traitlets.Unicode("").tag(sync=True)
    mode = traitlets.Enum(MODES, "lead").tag(sync=True)
    drawing = traitlets.Enum(("map", "tiles"), "map").tag(sync=True)
    tab = traitlets.Enum(("map", "table"), "map").tag(sync=True)
    group = traitlets.Unicode("").tag(sync=True)

    @traitlets.default("strings")
    def _usual_strings(self) -> dict[str, str]:
        return {key: value for key, value in strings().items() if not key.startswith("alias_")}

    @traitlets.default("legends")
    def _usual_legends(self) -> dict[str, list[list[str]]]:
        return {mode: [list(line) for line in lines] for mode, lines in legends().items()}

    @traitlets.default("layers")
    def _usual_layers(self) -> list[list[str]]:
        return [list(pair) for pair in layer_pairs()]

    def show(
        self, views: Sequence[tuple[str, Leads | Changes]], years: Sequence[int], codes: Sequence[str], runs: int,
        names: Sequence[Any] | None = None, **traits: Any,
    ) -> None:  # fmt: skip
        """Show `views` (title and numbers each, 1 to 3) and any other `traits` in one message to the browser.

        Shapes must be (year, layer + 1, country, 3) with `years` and `codes`. Raises `InputError` for views that do not
        fit.
        """
        if not 1 <= len(views) <= MOST_VIEWS:
            raise InputError(f"atlas: {len(views)} views given; 1 to {MOST_VIEWS} can be shown side by side")
        expected = (len(years), len(self.layers), len(codes), 3)
        packed, described = [], []
        for title, found in views:
            if found.shares.shape != expected:
                raise InputError(
                    f"atlas: view {title!r} has shape {found.shares.shape}; years, layers and countries make {expected}"
                )
            moved = isinstance(found, Changes)
            packed.append(world_map.change_cells(found) if moved else world_map.lead_cells(found))
            described.append({"name": "difference" if moved else "lead", "title": title})
        plain: Mapping[str, Any] = {
            "views": described,
            "cells": packed,
            "years": [int(year) for year in years],
            "codes": [str(code) for code in codes],
            "names": list(names if names is not None else codes),
            "runs": int(runs),
        }
        with self.hold_sync():
            for name, value in {**plain, **traits}.items():
                if not self.has_trait(name):
                    raise InputError(f"atlas: there is no trait {name!r}")
                setattr(self, name, value)
