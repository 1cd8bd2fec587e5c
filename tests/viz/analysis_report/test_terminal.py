"""A finding in the terminal: whole sentences, tables that fit, bars of letters."""

import io

from rich.console import Console

from stackcraft.experiments.analyses.finding import Finding
from stackcraft.viz.analysis_report.terminal import print_finding, text_bar


def printed(finding, width=110):
    out = io.StringIO()
    print_finding(finding, Console(file=out, width=width, highlight=False))
    return out.getvalue()


def test_sentences_tables_and_bars_are_printed(findings):
    text = printed(findings[0])
    assert text.index("supply_fear explains 0.31") < text.index("Indices") < text.index("Total order")
    assert "<does not>" in text and "2045" in text and "2,045" not in text
    assert "█" in text and "to 0.399" in text


def test_what_is_cut_says_where_the_whole_is(make):
    text = printed(Finding("x", "X", (), (make.indices(40, 30),), (make.long_bars(),)), width=80)
    flat = " ".join(text.split())
    assert (
        "20 of 40 rows" in flat
        and "of 30 columns; --out report.html or --json gives all." in flat
        and "The first 20 of 60 bars" in flat
    )
    assert all(len(line) <= 80 for line in text.splitlines())


def test_a_table_that_fits_is_whole(make):
    text = printed(Finding("x", "X", (), (make.indices(5),)))
    assert "The first" not in text and "factor_4" in text and "Low may be below zero by luck." in text


def test_a_matrix_is_printed_and_other_charts_are_named(findings, make):
    assert "(framed)" in printed(Finding("x", "X", (), (), (make.payoffs(3, 3),)))
    assert "Charts in the report only: Width of the interval; Share over time." in printed(findings[2])


def test_marks_of_the_terminal_in_names_are_printed_as_they_are():
    assert "a [bold]name[/bold] [x]" in printed(Finding("x", "X [red]", ("a [bold]name[/bold] [x]",)))


def test_bars_start_at_zero_and_lines_span_the_interval():
    assert text_bar(1.0, 0.5, 2.0, 0.0, 2.0, 21) == "█" * 11 + "─" * 10
    assert text_bar(-1.0, float("nan"), float("nan"), -1.0, 1.0, 21) == "█" * 11
    assert text_bar(1.0, float("nan"), float("nan"), -1.0, 1.0, 21) == " " * 10 + "█" * 11
    assert (
        text_bar(float("nan"), 0.0, 1.0, 0.0, 1.0) == "" and text_bar(1.0, 0.0, 2.0, 0.0, 2.0, 5, plain=True) == "###--"
    )
