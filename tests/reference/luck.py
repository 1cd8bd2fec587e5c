"""splitmix64 and keyed draws in whole numbers of any size, reduced to 64 bits by hand."""

import math
from statistics import NormalDist

# In the order of their numbers, which are part of the results.
STREAMS = (
    "arrival",
    "demand_bias",
    "considered",
    "package_offered",
    "race_stack",
    "race_vendor",
    "race_hedge",
    "hedge",
    "finance_clock",
    "cancel_clock",
    "build_clock",
    "licence_delay",
    "licence_denial",
    "novation",
    "default",
    "diversion",
    "restriction",
    "world_shock",
    "country_shock",
    "stake",
    "dispute",
    "coercion",
    "use_mix",
    "taste",
    "contract_age",
    "champion",
    "eligible",
    "deal_class",
    "ration",
    "bargain",
    "shock_size",
    "observation",
    "strategy",
    "scripted",
    "regime",
    "breached",
)
WORD = 2**64


def splitmix64(state: int) -> int:
    """The output that follows a state (Steele, Lea and Flood 2014)."""
    z = (state + 0x9E3779B97F4A7C15) % WORD
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) % WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % WORD
    return z ^ (z >> 31)


def run_key(seed: int, replicate: int) -> int:
    """mix(seed + mix(replicate))."""
    return splitmix64((seed + splitmix64(replicate)) % WORD)


def bits(key: int, stream: int, country: int, layer: int, month: int, slot: int) -> int:
    """Sixty-four bits that belong to one site."""
    site = (stream << 58) | (country << 48) | (layer << 44) | (month << 32) | slot
    return splitmix64((splitmix64(site ^ key) + key) % WORD)


def uniform(*site) -> float:
    """A draw strictly between 0 and 1 from the top 52 bits."""
    return ((bits(*site) >> 12) + 0.5) / 2**52


def exponential(*site) -> float:
    """A draw from the unit exponential."""
    return -math.log(uniform(*site))


def site(world, stream: str, c: int | None, l: int, slot: int, month: int | None = None) -> tuple:
    """Key, stream, ISO number (0 where no country is meant), layer, month and slot of a draw.

    The month is today's if none is given.
    """
    month = world.state.month if month is None else month
    country = 0 if c is None else int(world.facts.iso_number[c])
    return int(world.state.key), STREAMS.index(stream), country, int(l), int(month), int(slot)


def drawn(world, stream: str, c: int | None, l: int, slot: int, month: int | None = None) -> float:
    """A uniform draw of a run."""
    return uniform(*site(world, stream, c, l, slot, month))


def waited(world, stream: str, c: int | None, l: int, slot: int, month: int | None = None) -> float:
    """A unit exponential of a run."""
    return exponential(*site(world, stream, c, l, slot, month))


def normal(world, stream: str, c: int | None, l: int, slot: int, month: int | None = None) -> float:
    """A standard normal draw of a run."""
    return NormalDist().inv_cdf(drawn(world, stream, c, l, slot, month))
