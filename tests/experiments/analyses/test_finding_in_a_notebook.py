"""Findings as a person sees them: sentences as text, tables as DataFrames and HTML with everything escaped."""

from stackcraft.experiments.analyses.finding import Column, Finding, Table

TABLE = Table("Shares <1>", (Column("who"), Column("share", "points", 1)), (("US", 1.5), ("CN", None)))
FINDING = Finding("luck", "What luck did", ("It did little & late.",), (TABLE,))


def test_a_finding_is_its_sentences_as_text():
    assert repr(FINDING) == "What luck did (luck)\nIt did little & late."


def test_a_table_is_a_frame_with_units():
    frame = TABLE.to_pandas()
    assert list(frame.columns) == ["who", "share"] and frame.attrs["units"] == {"who": "", "share": "points"}
    assert frame.loc[0, "share"] == 1.5 and frame["share"].isna()[1]


def test_a_finding_is_escaped_in_html():
    html = FINDING._repr_html_()
    assert "little &amp; late" in html and "Shares &lt;1&gt;" in html and "<td>1.5</td>" in html
