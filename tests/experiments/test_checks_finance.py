"""The check of public finance: what its rows count, and that a fall or a cost without a budget is noticed."""

import numpy as np
import pandas as pd
import pytest

from stackcraft.agents.names import FINANCIERS, INCOME_GROUPS, LAYERS
from stackcraft.experiments.checks import finance
from stackcraft.model import Scenario

SMALL = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2029))


def deals(**changes) -> pd.DataFrame:
    columns = {
        "origin": ["tender", "tender", "legacy", "package"],
        "financier": ["us_exim", "us_dfc", None, "cn_exim"],
        "instrument": ["guarantee", "direct_loan", None, "concessional_loan"],
        "loan_bn": [1.0, 2.0, np.nan, 4.0],
        "grant_bn": [0.0, 1.0, np.nan, np.nan],
        "layer": ["cloud", "network", "cloud", "network"],
        "income": [0, 3, 0, 1],
    }
    return pd.DataFrame({**columns, **changes})


def test_instruments_are_counted_by_institution_side_income_group_and_layer():
    rows = {row.name.partition(",")[0] + row.name.partition(",")[2].partition(":")[0]: row
            for row in finance.instruments(deals(), years=2.0)}  # fmt: skip
    assert rows["us_exim share of new deals"].value == pytest.approx(1 / 3)
    assert "0.5 deals and 1.50 bn$ a year, direct loan 100 %" in rows["us_dfc share of new deals"].name
    assert rows["US all, share under guarantee or insurance"].value == 0.5
    assert rows["US low income, share under guarantee or insurance"].value == 1
    assert rows["US network, share under guarantee or insurance"].value == 0
    assert np.isnan(rows["CN cloud, share under guarantee or insurance"].value)
    assert len(rows) == len(FINANCIERS) + 2 * (1 + len(INCOME_GROUPS) + len(LAYERS)) + 2


def test_a_side_that_lends_as_the_other_does_fails():
    def verdict(**changes):
        return [row.passed for row in finance.instruments(deals(**changes), 1.0) if row.tolerance == 0]

    assert verdict() == [True, True]
    assert verdict(instrument=["direct_loan", "direct_loan", None, "guarantee"]) == [False, False]


def test_a_fall_beyond_luck_is_noticed_and_one_within_is_not():
    generator = np.random.default_rng(3)
    luck = generator.normal(size=(len(finance.BUDGETS), 16))
    rising = np.arange(len(finance.BUDGETS))[:, np.newaxis] * 10.0

    def verdict(values):
        return [row.passed for row in finance.monotone("US", {"wins": values})]

    assert verdict(rising + luck) == [True, True]
    assert verdict(np.minimum(rising, 10.0) + luck) == [True, True]  # has all it can use: steps are luck
    assert verdict(np.where(rising == 30, 0, rising) + luck) == [False, True]
    assert verdict(0 * rising + 0 * luck) == [True, False]


def test_budgets_on_a_small_world_cost_nothing_at_nil():
    rows = {row.name: row for row in finance.budgets(SMALL, 3, None)}
    nil = [row for name, row in rows.items() if ", nil: " in name]
    assert len(nil) == 6 and all(row.passed and row.value == 0 for row in nil)
    assert sum(name.startswith("CN, public cost by bn$ a year of budget: 0: ") for name in rows) == 1


def test_what_is_spent_elsewhere_is_seen_without_a_budget(monkeypatch):
    monkeypatch.setattr(finance, "ELSEWHERE", ())
    rows = [row for row in finance.budgets(SMALL, 2, None) if row.name.endswith("nil: public cost")]
    assert rows and not any(row.passed for row in rows)


def test_the_rows_of_a_small_world_are_all_there():
    rows = list(finance.checks(world="synthetic", runs=2))
    assert {row.group for row in rows} == {"finance"}
    assert sum("commitments" in row.name for row in rows) == 5
    assert all(np.isfinite(row.value) for row in rows if "budget" in row.name)
