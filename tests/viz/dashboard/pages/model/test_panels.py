"""The Model page repeats nothing by hand: it shows the declarations, tables and measurements as they stand."""

import html
import re

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.checks import FAMILIES
from stackcraft.experiments.checks.check import Check, within
from stackcraft.experiments.evidence import claim_tests
from stackcraft.experiments.live import Queue
from stackcraft.experiments.live.checking import Checking
from stackcraft.model.parameters import PARAMETERS, SUBJECTS
from stackcraft.viz.dashboard.pages.model import diagram
from stackcraft.viz.dashboard.pages.model import panels as model_page
from stackcraft.viz.report.assumptions import judged
from tests.viz.dashboard.reading import Page


@pytest.fixture(scope="module")
def page(countries):
    return Page(model_page.before_checks(countries) + model_page.after_checks())


def test_it_is_sound_html_with_one_heading_of_the_first_order(page):
    assert not page.faults and not page.repeated_ids()
    assert len(page.all("h1")) == 1


def test_links_lead_to_the_parts(page):
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes} | {"checks"}
    assert {link["href"][1:] for link in page.all("a") if link["href"].startswith("#")} <= ids


def test_the_headline_counts_the_judgements(page):
    few, every = (sum(column) for column in zip(*judged().values(), strict=True))
    assert f"{100 * few / every:.0f}% of those are judgements" in page.text


def test_every_parameter_is_there_with_its_range_and_mark():
    text = Page(model_page.assumptions()).text
    for one in PARAMETERS.values():
        assert one.name in text and one.bounds in text
    marks = str(model_page.assumptions()).count('<span class="judgement">')
    assert marks == sum(one.judgement for one in PARAMETERS.values())
    assert all(f"{len(group)} parameters" in text for group in SUBJECTS.values())


def test_values_are_told_by_part():
    told = {name: Page(model_page.value_words(one)).text for name, one in PARAMETERS.items()}
    assert told["price_taste"] == f"{PARAMETERS['price_taste'].default:g}"
    assert told["incumbency"].startswith(f"network {PARAMETERS['incumbency'].default[0]:g}")
    matrix = told["complementarity_between"]
    assert np.size(PARAMETERS["complementarity_between"].default) == 49 and matrix.startswith("49 numbers")


def test_every_claim_is_there_with_what_carries_it(page):
    rows, _ = claim_tests.stored()
    assert rows
    for row in rows:
        assert row.sentence in page.text
        assert row.carrier.replace(" ", ", ").replace("_", " ") in page.text


def test_a_stale_measurement_is_said_to_be_one(monkeypatch):
    from stackcraft.viz.words import claims

    rows, about = claim_tests.stored()
    monkeypatch.setattr(model_page.claims, "stored", lambda: claims.Stored(rows, about, ["parameters"]))
    assert "Measured on other parameters than the present" in Page(model_page.claims_table()).text
    monkeypatch.setattr(model_page.claims, "stored", lambda: claims.Stored(rows, about, []))
    assert "than the present" not in Page(model_page.claims_table()).text
    monkeypatch.setattr(model_page.claims, "stored", lambda: claims.Stored([], {}, []))
    assert claims.MEASURE_AGAIN in Page(model_page.claims_table()).text


def test_facts_show_sources_inputs_and_filled_in_values(page, countries):
    from stackcraft.viz.report.source import facts_columns

    assert all(column["source"] in page.text for column in facts_columns(countries) if column["source"])
    assert all(name.replace("_", " ") in page.text for name in countries.filled)


def test_every_family_of_checks_is_explained():
    text = Page(model_page.checks_opening()).text
    assert "stackcraft check" in text
    assert len(Page(model_page.checks_opening()).all("tr")) == 1 + len(FAMILIES)


def checks():
    return [
        within("exact", "close enough", "a gap", 1e-15, 1e-12),
        Check("exact", "far off", "a gap", 0.5, 0.1, False, "it moved", sense="<="),
    ]


def test_a_check_shows_what_it_reached_and_must_reach():
    text = Page(model_page.checks_result(checks()[:1], "exact", 1, 1)).text
    assert "1e-15" in text and "<= 1e-12" in text and "Exact answers: 1 of 1 passed" in text


def test_a_failed_check_says_why():
    text = Page(model_page.checks_result(checks(), "exact", 2, 2)).text
    assert "only 1 of 2 passed" in text and "FAILED" in text and "it moved" in text


def test_checks_under_way_and_in_error_are_told():
    assert "1 of 8 parts done" in Page(model_page.checks_result([], "exact", 1, 8)).text
    assert "no room" in Page(model_page.checks_result([], "exact", 1, 8, "no room")).text


def test_checks_run_through_the_queue():
    queue = Queue(workers=1)
    try:
        found = queue.wait(queue.ask("a visitor", "checks", Checking("explain")), 120)
        assert found and all(check.passed for check in found)
        assert all(check.group == "explain" for check in found)
    finally:
        queue.close()


def test_an_unknown_family_names_the_nearest():
    with pytest.raises(InputError, match="exact"):
        Checking("exakt")


@pytest.mark.parametrize("draw", [diagram.wide, diagram.tall])
def test_the_picture_says_the_same_as_the_words_and_fits_its_boxes(draw):
    picture, told = draw(193), diagram.in_words(193)
    shown = Page(picture)
    assert not shown.faults
    assert all(words in Page(told).text for _, words in diagram.titles(193).values())
    assert all(words.split()[0] in shown.text for title, words in diagram.titles(193).values())
    lower = right = 0.0
    for line in re.findall(r"<rect [^>]*>|<text [^>]*>[^<]*", picture):
        number = {name: float(value) for name, value in re.findall(r'\b(x|y|width|height)="([\d.]+)"', line)}
        if line.startswith("<rect"):
            lower, right = number["y"] + number["height"], number["x"] + number["width"]
            continue
        letter = diagram.TITLE_LETTER if 'class="box-title"' in line else diagram.LETTER
        words = html.unescape(line.partition(">")[2])
        assert number["y"] <= lower - 4, f"{words!r} stands below its box"
        assert number["x"] + letter * len(words) <= right, f"{words!r} is wider than its box"
