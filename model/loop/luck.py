"""Keyed luck: every draw is a hash of what it is for, never of when it was asked for.

A site (stream, country's ISO number, layer, month, slot) is packed into 64 bits and hashed twice with splitmix64
(Steele, Lea and Flood 2014) and the key of the run, which comes from the seed and the replicate. Within a run the map
is a bijection, so no two sites share a draw. The same luck meets every policy: change one lever, and only what it
touches changes.
"""

from typing import NamedTuple

import numpy as np
from numba import uint64

from stackcraft.model.loop.arithmetic import log, normal
from stackcraft.model.loop.codes import MOST_EVENTS
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


class Slots(NamedTuple):
    """The slots of one use of a stream, from `first` on: they keep it apart from the stream's other uses."""

    stream: int
    first: int
    number: int


# Streams that serve more than one use. The slots are part of the results: append, never renumber.
VENDOR_NUMBERS = 200  # vendors' own numbers are below it
DEALS_OF_A_VENDOR = 16  # at least as many as a deal can have origins
CONTRACT_LEFT = Slots(CONTRACT_AGE, 0, 3)  # what is left of the first contracts, by stack
CONTRACT_VENDOR = Slots(CONTRACT_AGE, 3, 1)  # who holds them: the same draw for every stack of a cell
ON_ITS_WAY = Slots(CONTRACT_AGE, 4, 3)  # whether a cell has a deal on its way at the start, whose, and for how long
GOES = Slots(ELIGIBLE, 0, VENDOR_NUMBERS)  # a vendor's go / no-go, by its number
TAKES_LAYER = Slots(ELIGIBLE, 200, 2)  # whether a home's programme takes a layer
ASKS_FINANCE = Slots(ELIGIBLE, 400, 2)  # whether a buyer asks a home for public finance
INSTRUMENT = Slots(ELIGIBLE, 500, 6)  # by which instrument a financier would support a tender
ALLY_JOINS = Slots(ELIGIBLE, 300, 2)  # whether allied vendors may join a home's package
ADMITTED = Slots(ELIGIBLE, 600, 2)  # whether a home's vendors are admitted to a tender, by home
CLAIM_TIE = Slots(RATION, 0, 2)  # order of claims of equal score, by home
BETTER_OFFER = Slots(RATION, 7, 1)  # which of two equal offers a vendor takes; the layer's place holds the vendor
TURN = Slots(RATION, 9, 1)  # order in which a month's tenders are decided
INVITED = Slots(PACKAGE_OFFERED, 0, 1)  # whether a buyer takes packages
WHOLE_ONLY = Slots(PACKAGE_OFFERED, 2, 2)  # whether a home offers full packages only
VENDOR_BID = Slots(RACE_VENDOR, 0, VENDOR_NUMBERS)  # races within a stack, by the vendor's number
PACKAGE_BID = Slots(RACE_VENDOR, 100_000, 2)  # the same for the packages
COERCED = Slots(COERCION, 0, 1)  # whether a dispute ends in coercion
CONCEDES = Slots(COERCION, 1, 1)  # whether the coerced country gives in
EVALUATION = Slots(OBSERVATION, 0, 1000)  # what an evaluation kit sees; the noise of public figures begins at 6,400
SHOCK = Slots(SHOCK_SIZE, 0, 32)  # whom a shock that is drawn meets, by the slot of the shock
SCRIPTED_EVENT = Slots(SHOCK_SIZE, 100, MOST_EVENTS)  # whom a scripted event meets, by its number
CUT_DEAL = Slots(SHOCK_SIZE, 500, VENDOR_NUMBERS * DEALS_OF_A_VENDOR)  # whether a cut-off ends a deal, by `deal_slot`
SOVEREIGNTY_SHIFT = Slots(REGIME, 0, 1)  # what a new government does to the appetite for sovereignty
SCEPTICISM_SHIFT = Slots(REGIME, 1, 2)  # and to scepticism of each home

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


@compiled_for("int64(int64,int64)")
def deal_slot(vendor_number, origin):
    """The slot of a deal's draws: two deals signed in one cell in one month differ in their vendor or their origin."""
    return vendor_number * DEALS_OF_A_VENDOR + origin
