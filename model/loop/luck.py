"""Keyed luck: every draw is a hash of what it is for, never of when it was asked for.

A site (stream, country's ISO number, layer, month, slot) is packed into 64 bits and hashed twice with splitmix64
(Steele, Lea and Flood 2014) and the key of the run, which comes from the seed and the replicate. Within a run the map
is a bijection, so no two sites share a draw. The same luck meets every policy: change one lever, and only what it
touches changes.
"""

import numpy as np
from numba import uint64

from stackcraft.model.loop.arithmetic import log, normal
from stackcraft.model.loop.compiled import compiled_for

# Streams. Their numbers are part of the results: append, never renumber.
(
    ARRIVAL,
    DEMAND_BIAS,
    CONSIDERED,
    PACKAGE_OFFERED,
    RACE_STACK,
    RACE_VENDOR,
    RACE_HEDGE,
    HEDGE,
    FINANCE_CLOCK,
    CANCEL_CLOCK,
    BUILD_CLOCK,
    LICENCE_DELAY,
    LICENCE_DENIAL,
    NOVATION,
    DEFAULT,
    DIVERSION,
    RESTRICTION,
    WORLD_SHOCK,
    COUNTRY_SHOCK,
    STAKE,
    DISPUTE,
    COERCION,
    USE_MIX,
    TASTE,
    CONTRACT_AGE,
    CHAMPION,
    ELIGIBLE,
    DEAL_CLASS,
    RATION,
    BARGAIN,
    SHOCK_SIZE,
    OBSERVATION,
    STRATEGY,
    SCRIPTED,
    REGIME,
    BREACHED,
) = (np.int64(code) for code in range(36))

GOLDEN = 0x9E3779B97F4A7C15


@compiled_for("uint64(uint64)")
def mix(z):
    """One step of splitmix64: the output that follows state `z`."""
    z = uint64(z) + uint64(GOLDEN)
    z = (z ^ (z >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> uint64(27))) * uint64(0x94D049BB133111EB)
    return z ^ (z >> uint64(31))


@compiled_for("uint64(int64,uint64)")
def run_key(seed, replicate):
    """The key of one run."""
    return mix(uint64(seed) + mix(uint64(replicate)))


@compiled_for("uint64(int64,int64,int64,int64,int64)")
def site(stream, country, layer, month, slot):
    """Pack a site: stream 6 bits, country 10, layer 4, month 12 (counted from January 2000), slot 32."""
    return (
        (uint64(stream) << uint64(58))
        | (uint64(country) << uint64(48))
        | (uint64(layer) << uint64(44))
        | (uint64(month) << uint64(32))
        | uint64(slot)
    )


@compiled_for("uint64(uint64,int64,int64,int64,int64,int64)")
def bits(key, stream, country, layer, month, slot):
    """Sixty-four random bits."""
    return mix(mix(site(stream, country, layer, month, slot) ^ key) + key)


@compiled_for("float64(uint64)")
def as_uniform(word):
    """Random bits as a number between 0 and 1: never 0, never 1."""
    return (float(word >> uint64(12)) + 0.5) * (1.0 / 4503599627370496.0)


@compiled_for("float64(uint64,int64,int64,int64,int64,int64)")
def uniform(key, stream, country, layer, month, slot):
    """A draw from (0, 1): never 0, never 1."""
    return as_uniform(bits(key, stream, country, layer, month, slot))


@compiled_for("float64(uint64,int64,int64,int64,int64,int64)")
def exponential(key, stream, country, layer, month, slot):
    """A draw from the unit exponential."""
    return -log(uniform(key, stream, country, layer, month, slot))


@compiled_for("float64(uint64,int64,int64,int64,int64,int64)")
def gaussian(key, stream, country, layer, month, slot):
    """A draw from the standard normal."""
    return normal(uniform(key, stream, country, layer, month, slot))
