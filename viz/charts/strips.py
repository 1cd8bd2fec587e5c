"""Level bars, one a layer, cut by stack: what a country runs on in one year."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from stackcraft.agents.names import STACKS
from stackcraft.viz.charts.kit import Picture, Scale, key_of
from stackcraft.viz.charts.stacks import SHORT

LEAST_NAMED = 0.17  # of a bar: a narrower piece has no room for its words
ROW, LEFT, WIDTH = 30, 116, 560


def layer_strip(rows: Sequence[tuple[str, np.ndarray]], title: str, told: str) -> Markup:
    """Draw a bar for each (layer's title, shares of the three stacks); a layer without capacity has an empty one."""
    picture = Picture((WIDTH, ROW * len(rows) + 4), title, told, "layer-strip")
    x_of = Scale(0, 1, LEFT, WIDTH - 2)
    for number, (name, shares) in enumerate(rows):
        y = ROW * number + 3
        picture.text(LEFT - 8, y + 17, name, "label", "end")
        if not np.isfinite(shares).all():
            picture.box("grid empty", LEFT, y, (WIDTH - 2 - LEFT, ROW - 6))
            continue
        start = 0.0
        for stack, share in zip(STACKS, shares, strict=True):
            share = float(share)
            if math.isfinite(share) and share > 0.002:
                ends = (x_of(start), x_of(min(1.0, start + share)))
                words = f"{SHORT[stack]} {100 * share:.0f}%"
                picture.box(f"bar {key_of(stack)}", ends[0], y, (max(ends[1] - ends[0] - 1, 1), ROW - 6), words)
                if share >= LEAST_NAMED:
                    picture.text((ends[0] + ends[1]) / 2, y + 17, words, "inside", "middle")
                start += share
    return picture.svg()
