"""The ledger of the run that is shown: which rows are contracts and which renewals, and how far each contract came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from markupsafe import Markup

from stackcraft.viz.dashboard.parts.markup import note
from stackcraft.viz.dashboard.strings import text

if TYPE_CHECKING:
    import pandas as pd

# How far a contract came by the end of the run, in the order of its life.
STAGES = ("announced", "financed", "in_use", "renewed", "lost_before", "lost_after")
LOST = ("switched", "lapsed", "cut", "restricted", "defaulted")


def is_renewal(deals: pd.DataFrame) -> np.ndarray:
    """Rows about the renewal of a contract that has its own row; shape (rows,).

    The model notes the choice at the end of a term as a row without stages; a successor with another vendor, or a
    contract that another of the same vendor took up, has stages and is a contract.
    """
    event = (deals["origin"].astype(str) == "renewal") & (deals["outcome"].astype(str) == "renewed")
    return (event & deals["financed"].isna() & deals["operating"].isna() & deals["ended"].isna()).to_numpy()


def contracts(deals: pd.DataFrame) -> pd.DataFrame:
    """The rows that are contracts: what was announced of them adds up to the world's.

    Deals signed before the start have no row. What of them begins to operate counts in the world's sums all the same.
    """
    return deals[~is_renewal(deals)]


def stage(deals: pd.DataFrame) -> np.ndarray:
    """How far each row came, one of STAGES; rows that tell of a renewal are "renewed". Shape (rows,)."""
    outcome = deals["outcome"].astype(str)
    built, ended, financed = deals["operating"].notna(), deals["ended"].notna(), deals["financed"].notna()
    found = np.where(financed, "financed", "announced").astype(object)
    found[(built & ~ended).to_numpy()] = "in_use"
    found[(ended & built).to_numpy()] = "lost_after"
    found[(ended & ~built).to_numpy()] = "lost_before"
    found[(outcome == "renewed").to_numpy()] = "renewed"
    return found


def kept_and_lost(deals: pd.DataFrame) -> tuple[int, int, dict[str, int]]:
    """Return how many contracts were renewed by a choice, how many were lost after use, and the lost by outcome.

    Second sources that go on beside a new choice are renewed without their own choice and are not counted.
    """
    if not len(deals):
        return 0, 0, {}
    outcome = deals["outcome"].astype(str)
    renewed = int(is_renewal(deals).sum())
    lost = {name: int(((outcome == name) & deals["operating"].notna()).sum()) for name in LOST}
    lost = {name: number for name, number in lost.items() if number}
    return renewed, sum(lost.values()), lost


def vendor_titles(inputs: Any) -> dict[str, str]:
    """Return the title of every vendor by its name."""
    return dict(zip(inputs.vendors.name, inputs.vendors.title, strict=True))


def run_note(record: Any) -> str:
    """Return the sentence that says which run is shown."""
    return text("country.run_note", run=int(record.replicate))


def waiting() -> Markup:
    """Return what is shown while the one run in detail is being made."""
    return note(text("country.waiting"), role="status")
