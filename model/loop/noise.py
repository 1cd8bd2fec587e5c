"""Keyed draws as arrays, for what is drawn outside the months: observation noise, strategies' own luck."""

import numpy as np

from stackcraft.model.loop.compiled import compiled
from stackcraft.model.loop.luck import gaussian, run_key, uniform

# An array of draws takes the sites of 16 layers, and as many slots as it needs of those that belong to it.
LAYERS_OF_A_SITE, SLOTS_OF_A_DRAW = 16, 64


@compiled
def _fill(seed, replicates, stream, numbers, month, slot, normal, out):
    for r in range(out.shape[0]):
        key = run_key(seed, replicates[r])
        for a in range(out.shape[1]):
            for i in range(out.shape[2]):
                if normal:
                    out[r, a, i] = gaussian(
                        key,
                        stream,
                        numbers[a],
                        i % LAYERS_OF_A_SITE,
                        month,
                        slot * SLOTS_OF_A_DRAW + i // LAYERS_OF_A_SITE,
                    )
                else:
                    out[r, a, i] = uniform(
                        key,
                        stream,
                        numbers[a],
                        i % LAYERS_OF_A_SITE,
                        month,
                        slot * SLOTS_OF_A_DRAW + i // LAYERS_OF_A_SITE,
                    )


def uniforms(seed, replicates, stream, numbers, month, slot, number) -> np.ndarray:
    """Uniform draws, (runs, actors, number); `numbers` (actors,) key the actors."""
    out = np.empty((len(replicates), len(numbers), number))
    _fill(seed, replicates, stream, np.asarray(numbers, np.int64), month, slot, False, out)
    return out


def gaussians(seed, replicates, stream, numbers, month, slot, number) -> np.ndarray:
    """Standard normal draws, (runs, actors, number)."""
    out = np.empty((len(replicates), len(numbers), number))
    _fill(seed, replicates, stream, np.asarray(numbers, np.int64), month, slot, True, out)
    return out
