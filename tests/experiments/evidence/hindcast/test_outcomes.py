"""Who could have had an event, and who had it."""

import numpy as np
import pytest

from stackcraft.experiments.evidence.hindcast import outcomes


def of(outcome, name):
    return {code for code, value in zip(outcome.codes, getattr(outcome, name), strict=True) if value}


def test_cloud_entries_leave_out_who_had_a_region_before_2019():
    us, cn = outcomes.cloud_entry("US"), outcomes.cloud_entry("CN")
    assert (us.candidate.sum(), us.number) == (193 - 16, 18)
    assert (cn.candidate.sum(), cn.number) == (193 - 13, 11)
    assert {"GBR", "BRA"} & of(us, "candidate") == set() and "ESP" in of(us, "happened")
    assert "AUS" not in of(cn, "candidate")  # left in 2024, but entered in 2016


def test_who_is_there_is_known_before_each_january():
    us = outcomes.cloud_entry("US")
    united_kingdom = us.codes.index("GBR")
    assert [us.there_in(year)[united_kingdom] for year in (2016, 2017, 2019)] == [0.0, 1.0, 1.0]


def test_countries_that_are_not_listed_are_no_candidates_for_an_exclusion():
    decided = outcomes.huawei_exclusion()
    assert {"AUS", "JPN", "TWN", "ARG"} & of(decided, "candidate") == set()
    assert "KEN" in of(decided, "candidate") and "KEN" not in of(decided, "happened")
    assert np.isnan(decided.there_in(2018)[decided.codes.index("ARG")])
    firm = outcomes.huawei_exclusion(firm_only=True)
    assert of(firm, "happened") < of(decided, "happened") and "POL" in of(firm, "candidate")


def test_clusters_and_users():
    clusters = outcomes.ai_cluster()
    assert "JPN" not in of(clusters, "candidate") and "FRA" in of(clusters, "happened")
    assert "MEX" not in of(clusters, "happened")  # 2025
    users = outcomes.ai_users("2025H1")
    assert np.isnan(users.happened[users.codes.index("AFG")])  # a regional estimate
    assert users.candidate.sum() == np.isfinite(users.happened).sum() > 80


def test_public_figures():
    assert outcomes.share("ran_ex_china_huawei_2020", "ran_ex_china_zte_2020") == pytest.approx(0.24)
    assert outcomes.yearly("cla_information_2000_2023", 24) == pytest.approx(15.67 / 24)
