"""The atlas as a component: one to three maps with one scrubber, kept in step with the address."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import solara

from stackcraft.experiments.live import Summary
from stackcraft.model.inputs import load_inputs
from stackcraft.viz import words
from stackcraft.viz.dashboard.live import Progress
from stackcraft.viz.dashboard.parts.address import Go
from stackcraft.viz.dashboard.parts.frame import captions, file_of, picture_title
from stackcraft.viz.dashboard.parts.native import Shown
from stackcraft.viz.dashboard.parts.places import shown_year
from stackcraft.viz.dashboard.state import State
from stackcraft.viz.dashboard.widgets.atlas import Atlas, country_names, named_groups

WATCHED = ("year", "layer", "country", "mode", "drawing", "tab")


@solara.component
def WorldMaps(
    views: Sequence[tuple[str, Any]], summary: Summary, progress: Progress, state: State, go: Go, title: str
) -> None:
    """Maps of `views` (title and numbers each); what a visitor picks there changes the address quietly."""
    atlas = solara.use_memo(Atlas, [])
    latest = solara.use_ref(go)
    latest.current = go
    inputs = load_inputs(summary.scenario.world, peer_graph=summary.scenario.peer_graph)
    about = solara.use_memo(
        lambda: {
            "names": country_names(summary.codes, list(words.country_names(inputs).values())),
            "groups": named_groups(inputs),
        },
        [summary.scenario.world],
    )
    view = state.view
    chosen = {
        "year": shown_year(summary.years, view.year),
        "layer": view.layer,
        "country": view.country if view.country in summary.codes else "",
        "mode": view.mode,
        "drawing": view.drawing,
        "tab": view.tab,
    }

    def listen() -> Any:
        def told(change: Any) -> None:
            value = change.new
            if change.name == "year" and value == summary.years[-1]:
                value = None
            latest.current(step=False, **{change.name: value})

        atlas.observe(told, list(WATCHED))
        return lambda: atlas.unobserve(told, list(WATCHED))

    solara.use_effect(listen, [summary.years])
    made = solara.use_memo(lambda: list(views), [id(numbers) for _, numbers in views])

    def show() -> None:
        atlas.show(
            made,
            summary.years,
            summary.codes,
            summary.runs,
            title=picture_title(state, title),
            caption=captions(state, summary.runs),
            file_name=file_of(state, "map", ""),
            **about,
            status="",
            busy=progress.stale,
            country_href=_template(state, "/country", c="{code}"),
            csv_href=_template(state, "/download/table.csv", y="{year}", l="{layer}"),
            **chosen,
        )

    solara.use_memo(show, [id(made), title, progress.stale, state])
    Shown(atlas)


def _template(state: State, path: str, **places: str) -> str:
    """An address in which {code}, {year} or {layer} is still to be filled in."""
    from urllib.parse import parse_qsl, quote, urlencode

    kept = [(key, value) for key, value in parse_qsl(state.query()) if key not in places]
    query = urlencode(kept, quote_via=quote)
    blanks = "&".join(f"{key}={place}" for key, place in places.items())
    return f"{path}?{query}&{blanks}" if query else f"{path}?{blanks}"
