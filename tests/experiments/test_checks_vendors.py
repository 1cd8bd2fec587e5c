"""The check of vendors' defaults against their best replies."""

import pytest

from stackcraft.experiments.best_replies import BestReply
from stackcraft.experiments.checks import vendors
from stackcraft.model import Scenario

SHORT = Scenario(name="short", world="synthetic", years=(2025, 2028))


def reply(lost: float, lever: str = "markup") -> BestReply:
    return BestReply("v", lever, 0.2, (0.1, 0.2, 0.4), (1, 1, 1), lost, (lost, lost), (10.0, 12.0, 20.0), markup=1.0)


def test_a_default_far_from_the_best_reply_fails_unless_the_reason_is_told(monkeypatch):
    assert vendors.check_of(reply(0.15)).passed and not vendors.check_of(reply(0.15)).stands_out
    assert not vendors.check_of(reply(0.16)).passed
    assert not vendors.check_of(reply(float("nan"))).passed
    monkeypatch.setitem(vendors.REASONS, ("v", "markup"), "it is so")
    told = vendors.check_of(reply(0.16))
    assert told.passed and told.stands_out and "Because it is so" in told.detail
    assert vendors.check_of(reply(float("nan"))).stands_out


def test_research_says_what_it_brings_and_what_would_pay():
    assert "elasticity of revenue 0.50, 0.40 would pay for it" in vendors.check_of(reply(0.0, "rnd_share")).name


def test_every_vendor_and_lever_that_is_asked_for_has_a_row():
    rows = list(
        vendors.checks(None, ["cn_telecom_house"], 2, scenario=SHORT, grid={"markup": (0.1,), "rnd_share": (0.1,)})
    )
    assert [row.name.partition(":")[0] for row in rows] == ["cn_telecom_house.markup", "cn_telecom_house.rnd_share"]
    assert all(row.group == "vendors" and row.tolerance == vendors.MOST_LOST for row in rows)


@pytest.mark.parametrize("key", vendors.REASONS)
def test_reasons_are_told_of_vendors_and_levers_that_there_are(key):
    from stackcraft.agents.names import VENDORS
    from stackcraft.experiments.best_replies import GRID

    assert key[0] in ("", *VENDORS) and key[1] in GRID and vendors.REASONS[key]
