"""The deals page: sums that agree with the engine's own, flows that begin at home, and a headline from the numbers."""

import math
import re
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from stackcraft.agents.names import STACKS
from stackcraft.viz import words
from stackcraft.viz.dashboard.pages.deals import flows, ledger
from stackcraft.viz.dashboard.pages.deals import panels as deals
from stackcraft.viz.dashboard.parts.contracts import STAGES, contracts, kept_and_lost, stage
from stackcraft.viz.map.shapes import WIDTH, shapes
from tests.viz.dashboard.country_run import ran  # noqa: F401


def test_the_headline_gives_announced_and_delivered(ran):  # noqa: F811
    said = deals.headline(ran.summary)
    announced, delivered = (
        float(ran.summary.world[name].sum(("year", "stack")).mean()) for name in ("announced_bn", "delivered_bn")
    )
    assert (
        words.money(announced) in said
        and words.money(delivered) in said
        and words.percent(delivered / announced) in said
    )


def test_stages_agree_with_the_yearbook_of_the_run(ran):  # noqa: F811
    """But for what was signed before the start, which is all in operation after four years and has no row."""
    for stack in STACKS:
        number, value = ran.before[stack]
        assert number > 0
        rows = {name: (number, value) for name, number, value in deals.stage_rows(ran.record, stack)}
        results = ran.record.results.sel(stack=stack)
        assert rows["announced"] == (
            int(results["signed_deals"].sum()),
            pytest.approx(float(results["announced_bn"].sum())),
        )
        assert rows["built"] == (
            int(results["operating_deals"].sum()) - number,
            pytest.approx(float(results["delivered_bn"].sum()) - value),
        )
        assert rows["lost_before"][0] == int(results["cancelled_deals"].sum())
        assert rows["announced"][1] >= rows["financed"][1] >= rows["built"][1] >= rows["used"][1] > 0


def test_every_contract_is_at_one_stage_and_lost_ones_have_ended(ran):  # noqa: F811
    table = contracts(ran.record.deals)
    found = stage(table)
    assert set(found) <= set(STAGES)
    lost = np.isin(found, ("lost_before", "lost_after"))
    assert table.loc[lost, "ended"].notna().all() and table.loc[found == "in_use", "ended"].isna().all()
    renewed, gone, by = kept_and_lost(table)
    assert renewed == 0 and gone == sum(by.values()) == int((found == "lost_after").sum())


def test_years_are_drawn_for_each_stack_and_tabulated(ran):  # noqa: F811
    page = str(deals.announced_and_delivered(ran.summary))
    assert page.count("chart pair") == 3
    whole = float(ran.summary.world["delivered_bn"].sel(stack="CN").isel(year=slice(1, None)).mean("run").sum())
    assert words.money(whole) in re.search(r"China, delivered</th>(.*?)</tr>", page).group(1)


def test_flows_run_from_home_to_the_buyer_and_independents_have_none(ran):  # noqa: F811
    rows = flows.largest(ran.record)
    assert len(rows) == flows.LARGEST and rows[0]["value_bn"] == contracts(ran.record.deals)["value_bn"].max()
    drawn = str(flows.flows_svg(ran.record))
    homes = {"us": shapes()["USA"].centre, "cn": shapes()["CHN"].centre}
    arcs = re.findall(r'class="flow (\w+)" style="stroke-width:(\d+)" d="M(-?\d+),(\d+)Q\S+ (-?\d+),(\d+)"', drawn)
    begun = {key for key, _, x, y, *_ in arcs if (float(x), float(y)) == homes[key]}
    assert begun == {key for key in ("us", "cn") if any(str(row["stack"]).lower() == key for row in rows)}
    assert len([row for row in rows if row["stack"] != "independent"]) <= len(arcs) <= 2 * len(rows)
    assert drawn.count("<rect") == sum(row["stack"] == "independent" for row in rows)
    early = flows.largest(ran.record, 2026)
    assert early and all(row["signed"] < 2027 for row in early)


def test_an_arc_takes_the_shorter_way_round():
    assert len(flows._arcs((900, 400), (1900, 300))) == 1
    away, back = flows._arcs((914, 406), (3275, 438))
    assert away.startswith("M914,406") and away.endswith(f"{3275 - WIDTH},438")
    assert back.startswith(f"M{914 + WIDTH},406") and back.endswith("3275,438")


def test_the_ledger_has_every_deal_and_its_sums_are_the_engines(ran):  # noqa: F811
    rows = ledger.ledger_rows(ran.record)
    assert sorted(row["deal"] for row in rows) == sorted(ran.record.deals["deal"])
    assert sum(row["announced_bn"] for row in rows) == pytest.approx(
        float(ran.record.results["announced_bn"].sum()), rel=1e-4
    )
    assert sum(row["delivered_bn"] for row in rows) == pytest.approx(
        float(ran.record.results["delivered_bn"].sum()) - sum(value for _, value in ran.before.values()), rel=1e-4
    )
    assert sum(row["contract"] for row in rows) == int(ran.record.results["signed_deals"].sum())
    signed = [row["signed"] for row in rows]
    assert signed == sorted(signed, reverse=True)
    assert {column["key"] for column in ledger.ledger_columns()} <= set(rows[0])


def test_a_deal_is_explained_and_an_unknown_one_is_not(ran):  # noqa: F811
    row = next(row for row in ran.record.deals.to_dict("records") if isinstance(row["runner_up"], str))
    said = ledger.explain(ran.record, row["deal"])
    assert "waterfall" in said and " won" in said
    hedge = next(
        row
        for row in ran.record.deals.to_dict("records")
        if row["origin"] == "hedge" and isinstance(row["runner_up"], str)
    )
    beside = ledger.explain(ran.record, hedge["deal"])
    assert "which won; the steps show how the two compare" in beside and "Without one of the reasons" not in beside
    assert ledger.explain(ran.record, 10**9) == ""


def test_a_run_without_deals_says_so(ran):  # noqa: F811
    import pandas as pd

    empty = SimpleNamespace(deals=pd.DataFrame(), results=ran.record.results, inputs=ran.inputs, replicate=0)
    assert "No deal was signed" in str(deals.stages(empty)) and "No deal was signed" in str(flows.flows(empty))
    assert ledger.ledger_rows(empty) == [] and "being made" in str(flows.flows(None))
    world = ran.summary.world.copy()
    world["announced_bn"] = world["announced_bn"] * 0
    from dataclasses import replace

    assert "no deal is announced" in deals.headline(replace(ran.summary, world=world))


def test_scales_end_on_round_numbers():
    assert [deals._round_up(value) for value in (0.0, 0.93, 1.0, 3.1, 561, 9e3)] == [1.0, 1.0, 1.0, 4.0, 600.0, 10000.0]


def test_retention_is_the_share_of_adopters_that_stay(ran):  # noqa: F811
    due, kept = np.array([[0.0, 10, 10], [0, 0, 20]]), np.array([[0.0, 5, 10], [0, 0, 20]])
    world = ran.summary.world.isel(year=slice(0, 3)).assign(
        adopters_5y=(("run", "year", "stack"), np.stack([due, due * 0, due], -1)),
        adopters_retained_5y=(("run", "year", "stack"), np.stack([kept, kept * 0, kept], -1)),
    )
    summary = replace(ran.summary, world=world)
    assert deals.retention(summary, "US")[0] == pytest.approx((0.75 + 1.0) / 2)
    assert math.isnan(deals.retention(summary, "CN")[0])
