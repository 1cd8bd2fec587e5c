"""splitmix64 and keyed draws in whole numbers of any size, reduced to 64 bits by hand."""

import math

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


def uniform(key: int, stream: int, country: int, layer: int, month: int, slot: int) -> float:
    """A draw strictly between 0 and 1 from the top 52 bits."""
    site = (stream << 58) | (country << 48) | (layer << 44) | (month << 32) | slot
    bits = splitmix64((splitmix64(site ^ key) + key) % WORD)
    return ((bits >> 12) + 0.5) / 2**52


def exponential(*site) -> float:
    """A draw from the unit exponential."""
    return -math.log(uniform(*site))
