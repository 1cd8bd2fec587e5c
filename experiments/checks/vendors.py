"""Do vendors' defaults stand near their own best replies, for mark-up, research and fit?

A vendor that loses more by its default than is usual stands out, and fails unless `REASONS` says why.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stackcraft.experiments.best_replies import BestReply, best_replies
from stackcraft.experiments.checks.check import Check

RUNS = 8
MOST_LOST = 0.15  # share of a vendor's worth
CLAIM = "share of its worth that a vendor loses by its default against its best reply"
# Why a default loses more than that, by vendor and lever; "" for any vendor.
REASONS: dict[tuple[str, str], str] = {
    ("", "rnd_share"): (
        "research counts by its dollars beside the mean of all vendors', most of which hyperscalers spend, and who "
        "falls behind catches up a tenth of the gap a year for nothing: twenty years without research cost a "
        "hyperscaler 0.35 of log quality, a Chinese cloud vendor 0.06. The share of the full-stack champion is its "
        "annual report's, the others' are set near it"
    ),
    ("us_chip_house", "rnd_share"): (
        "most chips of the American stack are its own, whatever it spends: twenty years without research cost it 0.24 "
        "of log quality and 2 % of its sales"
    ),
    ("cn_open_weights_cloud", "customisation"): (
        "the default is a judgement, and too low by this measure: eight runs put the loss at 10 to 24 %, so that it "
        "may lie within what is usual"
    ),
    ("cn_open_weights_lab", "customisation"): (
        "a lab that gives its models away leaves the fitting to those who run them; its own sales abroad, about a "
        "billion a year, are too small for teams"
    ),
}


def checks(
    threads: int | None = None, vendors: Sequence[str] | None = None, runs: int = RUNS, **options
) -> Iterator[Check]:
    """One line a vendor and lever: what the default loses against the best of a small grid."""
    for one in best_replies(vendors, runs=runs, threads=threads, **options):
        yield check_of(one)


def check_of(one: BestReply) -> Check:
    """Return the check of one lever of one vendor."""
    reason = REASONS.get((one.vendor, one.lever)) or REASONS.get(("", one.lever), "")
    out = not one.lost <= MOST_LOST
    name = f"{one.vendor}.{one.lever}: default {one.default:g}, best {one.best:g}"
    if one.lever == "rnd_share":
        name += f"; elasticity of revenue {one.elasticity:.2f}, {one.needed:.2f} would pay for it"
    detail = f"{one}. {f'Because {reason}' if reason else 'No reason is given.'}"
    return Check(
        "vendors", name, CLAIM, one.lost, MOST_LOST, not out or bool(reason), detail, sense="<=", stands_out=out
    )
