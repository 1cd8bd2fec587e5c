"""Keyed draws as arrays, for what is drawn outside the months: observation noise, strategies' own luck."""

import numpy as np

from stackcraft.model.loop.compiled import entry
from stackcraft.model.loop.luck import gaussian, run_key, uniform


@entry
def _fill(seed, replicates, stream, numbers, month, slot, normal, out):
    for r in range(out.shape[0]):
        key = run_key(seed, replicates[r])
        for a in range(out.shape[1]):
            for i in range(out.shape[2]):
                if normal:
                    out[r, a, i] = gaussian(key, stream, numbers[a], i % 16, month, slot * 64 + i // 16)
                else:
                    out[r, a, i] = uniform(key, stream, numbers[a], i % 16, month, slot * 64 + i // 16)


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
