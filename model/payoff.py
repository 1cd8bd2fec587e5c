"""What a home's years are worth to it, in bn$, by prices that are the user's (DESCRIPTION.md, 7.10). Not zero-sum."""

import numpy as np

PARTS = ("use", "influence", "cost", "incident", "trust")


def payoff_parts(book: np.ndarray) -> np.ndarray:
    """Return the parts of each home's payoff in bn$, (runs, 2, parts), from the yearbook rows so far (runs, years).

    In the order of `PARTS`; cost and incidents are negative. Each is in proportion to its price, so that other prices
    need no new run. The rows hold them by year (`payoff_use_bn` and so on).
    """
    return np.stack([book[f"payoff_{part}_bn"].sum(axis=1)[:, :2] for part in PARTS], axis=-1)


def payoff(book: np.ndarray) -> np.ndarray:
    """Return the payoff of each home in bn$, (runs, 2): the sum of its parts over the years so far."""
    return payoff_parts(book).sum(axis=-1)
