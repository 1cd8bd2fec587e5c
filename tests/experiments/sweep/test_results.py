"""The results of a study as labelled tables and arrays, and how a study shows itself."""

import numpy as np
import pandas as pd

from stackcraft.experiments.sweep import Study, open_study, sweep


def test_results_are_labelled_with_factors_replicates_years_and_units(function_table, tmp_path):
    sweep(Study.from_dict(function_table), tmp_path / "s")
    results = open_study(tmp_path / "s")
    data = results.to_xarray()
    assert dict(data.sizes) == {"design_id": 15, "replicate": 4, "year": 1}
    np.testing.assert_array_equal(data["y"].sel(replicate=2).squeeze(), results.matrix("y")[:, 2])
    assert data["x2"].dims == ("design_id",) and data["x2"].attrs["group"] == "lever"
    frame = results.to_pandas(["z"])
    assert list(frame.columns) == ["design_id", "replicate", "year", "x1", "x2", "z"] and len(frame) == 60
    row = frame.iloc[37]
    assert row["z"] == results.matrix("z")[int(row["design_id"]), int(row["replicate"])]
    assert row["x1"] == results.design["x1"][int(row["design_id"])]


def test_measures_of_the_model_carry_their_units(small_table):
    study = Study.from_dict(small_table)
    assert repr(study) == "<Study two years of ten countries: 32 rows x 3 replicates = 96 runs, 4 measures>"
    html = study._repr_html_()
    assert "so_far(tenders_won[US])" in html and "latin, 2 rows over supply_fear" in html


def test_headings_that_repeat_follow_the_name_of_their_value():
    from stackcraft.experiments.analyses.finding import Column, Table

    table = Table(
        "t", (Column("factor"), Column("first"), Column("±"), Column("total", "share"), Column("±", "share")),
        (("a", 1.0, 0.1, 2.0, 0.2),),
    )  # fmt: skip
    frame = table.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert list(frame.columns) == ["factor", "first", "first ±", "total", "total ±"]
    assert frame.attrs["units"]["total ±"] == "share" and frame["total ±"][0] == 0.2
