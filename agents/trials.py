"""The trial of a lever: a setting in which moving the lever shows both what it brings and what it costs.

A lever that only costs, or only pays, would be a fault in the model. Every lever declares its trial, and
`experiments/evidence/lever_tests.py` runs it. The settings that several trials and claims share are written here.
"""

from __future__ import annotations

from dataclasses import dataclass

from stackcraft.agents.names import CLUB

US = "us_government"
# Small deals may be supported; with four times the money as well; with much more money; and by score alone.
OPEN = (f"{US}.min_package_mw=2",)
FUNDED = (*OPEN, f"{US}.budget_bn=8", f"{US}.start_delay_months=0")
LAVISH = (*OPEN, f"{US}.budget_bn=50", f"{US}.start_delay_months=0")
BY_SCORE = (*FUNDED, f"{US}.gravity=0")
LOANS, GUARANTEES = (f"us_financiers.instrument_mix={mix}" for mix in ("0,0,1,0,0,0", "0,0,0,1,0,0"))
SOVEREIGN, SOFTWARE = (f"us_vendors.deal_class={mix}" for mix in ("1,0,0", "0,0,1"))
TEAMS = tuple(f"us_vendors.teams.{code}=0.2" for code in CLUB.split())
DOUBT = (("alliance_doubt_rate.us_government", 0.5),)


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How the two sides of one lever are shown.

    `low` and `high` are the assignments compared, after those of `setting`. `gain` and `cost` are (reading, direction
    in which it moves from low to high), each to be seen with a paired 95 % interval off zero. While the cost is looked
    at, the submodels `cost_off` are switched off and `cost_parameters` set, where gain and cost would otherwise hide
    each other (a price, under the trust that it buys).
    """

    gain: tuple[str, int]
    cost: tuple[str, int]
    low: tuple[str, ...]
    high: tuple[str, ...]
    part: str = ""
    setting: tuple[str, ...] = ()
    parameters: tuple[tuple[str, float], ...] = ()
    cost_off: tuple[str, ...] = ()
    cost_parameters: tuple[tuple[str, float], ...] = ()
