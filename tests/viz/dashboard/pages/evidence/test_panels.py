"""The Evidence page says what the stored scores say, losses first, and no number that is not in the files."""

import csv
import math
import re
from dataclasses import replace

import pytest

from stackcraft.agents.names import IMPORTERS
from stackcraft.experiments.evidence import claim_tests, levels
from stackcraft.experiments.evidence.hindcast import baselines, mechanisms
from stackcraft.experiments.evidence.hindcast import stored as hindcast
from stackcraft.experiments.evidence.hindcast.declared import NOT_TESTED, declared
from stackcraft.experiments.evidence.hindcast.stored import LOSSES_FIRST, Evidence, reasons, stored
from stackcraft.viz.dashboard.pages.evidence import panels, places, rests, targets
from stackcraft.viz.dashboard.pages.evidence.naming import LOST, key, letters, name_of, rule_of, verdict_of
from stackcraft.viz.dashboard.parts.markup import joined
from stackcraft.viz.dashboard.strings import text
from stackcraft.viz.words import evidence as told
from tests.viz.dashboard.reading import Page


@pytest.fixture(scope="module")
def evidence():
    return stored()


@pytest.fixture(scope="module")
def plan():
    return declared()


def changed(evidence, **changes):
    """The same with another verdict, and other numbers, of the model on one target."""
    name = changes.pop("target")
    rows = (
        replace(one, **changes) if one.target == name and one.model == "model" and one.primary else one
        for one in evidence.scores
    )
    return replace(evidence, scores=tuple(rows))


def whole(evidence, plan):
    target = places.usual(evidence, plan)
    return panels.opening(evidence, plan) + joined(
        panels.section(name, evidence, plan, target) for name in panels.SECTIONS
    )


def test_it_is_sound_html_with_one_heading_and_links_that_lead_somewhere(evidence, plan):
    page = Page(whole(evidence, plan))
    assert not page.faults and not page.repeated_ids()
    assert len(page.all("h1")) == 1
    ids = {attributes["id"] for _, attributes in page.tags if "id" in attributes}
    assert {link["href"][1:] for link in page.all("a")} <= ids


def test_every_target_is_a_row_losses_first_and_what_cannot_be_tested_last(evidence, plan):
    html = str(targets.rows(evidence, plan))
    rows = [Page(f"<article{part}</article>") for part in re.findall(r"<article(.*?)</article>", html, re.S)]
    assert len(rows) == len(plan.targets)
    expected = [one.target for one in evidence.primary()]
    expected += [one.name for one in plan.targets if one.status == NOT_TESTED]
    known = {one.name: one for one in plan.targets}
    verdicts = {one.target: one.verdict for one in evidence.primary()}
    for row, name in zip(rows, expected, strict=True):
        assert row.text.startswith(name_of(name)) and known[name].what in row.text
        assert verdict_of(verdicts.get(name, NOT_TESTED)) in row.text
        if name not in verdicts:
            assert known[name].reason[1:] in row.text and not row.all("svg")
        else:
            assert len(row.all("svg")) == 1
            assert (text("evidence.why") in row.text) == (name in reasons())
            assert reasons().get(name, "") in row.text
    order = [LOSSES_FIRST.index(verdicts[name]) for name in expected if name in verdicts]
    assert order == sorted(order)


def test_no_number_of_the_rows_is_made_up(evidence, plan):
    """Every number is one of the files', written as it is written everywhere."""
    rows = [one for one in evidence.scores if one.primary]
    fields = ("value", "baseline", "difference", "low", "high", "events", "foreseen")
    known = {told.number(getattr(one, field)) for one in rows for field in fields}
    known |= {f"{one.countries}" for one in rows}
    for target in plan.targets:
        known |= set(re.findall(r"\d[\d.]*\d|\d", f"{target.what} {target.reason} {reasons().get(target.name)}"))
    for target in plan.tested():
        values = [getattr(one, field) for one in rows if one.target == target.name for field in ("events", "foreseen")]
        known |= {
            targets.amount(target, value).strip("$ m%") for value in (*values, target.tolerance) if value == value
        }
        known.add(f"{100 * target.tolerance:.0f}")
    known |= {
        f"{sum(True for _ in plan.tested())}",
        "95",
        "0",
        "1",
        "5",
    }  # the interval, the middle, the same order, 5G
    known |= {f"{targets.no_worse(evidence, one.name)}" for one in plan.wrong}
    known |= {
        f"{sum(one.name in told.as_good(row, evidence.of_wrong(row.target)) for row in evidence.primary())}"
        for one in plan.wrong
    }
    said = re.findall(r"-?\d[\d.]*\d|\d", Page(targets.rows(evidence, plan)).text)
    assert len(said) > 100
    assert sorted(set(said) - known - {f"-{one}" for one in known}) == []


def test_scores_in_the_table_are_those_of_the_file(evidence, plan):
    html = str(targets.rows(evidence, plan))
    with hindcast.SCORES.open(encoding="utf-8") as file:
        lines = csv.DictReader(line for line in file if not line.startswith("#"))
        stored_rows = [row for row in lines if row["primary"] == "True"]
    for row in stored_rows:
        assert f"<td>{float(row['value']):.3g}</td>" in html or row["model"] != "model"
    huawei = next(row for row in stored_rows if row["target"] == "huawei-exclusion" and row["model"] == "model")
    line = re.search(rf'<th scope="row">{name_of("huawei-exclusion")}</th>(.*?)</tr>', html)[1]
    assert f"{float(huawei['difference']):.3g} ({float(huawei['low']):.3g} to {float(huawei['high']):.3g})" in line


def test_the_headline_follows_the_verdicts(evidence, plan):
    losses = [one for one in evidence.primary() if one.verdict in LOST]
    said = panels.headline(evidence, plan)
    assert losses and all(text(f"evidence.thing_{key(one.target)}") in said for one in losses)
    won = changed(evidence, target="huawei-exclusion", verdict="better")
    assert "Huawei" not in panels.headline(won, plan) and "it is better than" in panels.headline(won, plan)
    for foreseen, way in ((4.0, "few"), (40.0, "many")):
        other = changed(evidence, target="cn-cloud-count", verdict="worse", foreseen=foreseen, events=11.0)
        assert f"in too {way} countries ({foreseen:.0f}, against 11)" in panels.headline(other, plan)
    for target in plan.tested():  # every kind of loss can be told
        lost = "outside" if target.kind == "level" else "worse"
        told_ = panels.headline(changed(evidence, target=target.name, verdict=lost), plan)
        assert text(f"evidence.thing_{key(target.name)}") in told_
    drawn = evidence
    for target in plan.tested():
        drawn = changed(drawn, target=target.name, verdict="no difference shown")
    assert "loses on no target" in panels.headline(drawn, plan)


def test_nothing_stored_is_said_and_no_section_drawn(plan):
    none = Evidence((), (), {})
    assert "make remeasure" in Page(panels.opening(none, plan)).text
    assert panels.for_report(none, plan) == ""


def test_every_name_of_the_files_has_words(evidence, plan):
    for target in plan.targets:
        assert name_of(target.name)
    for name in (*baselines.YES_NO, *baselines.COUNTS, *baselines.RANKINGS, *baselines.LEVELS):
        assert rule_of(name)
    for verdict in (*LOSSES_FIRST, NOT_TESTED):
        assert verdict_of(verdict)
    for kind in mechanisms.KINDS:
        assert text(f"evidence.mark_{kind}")


def test_wrong_models_are_ticked_in_every_picture(evidence, plan):
    for picture in re.findall(r'<svg class="chart beside.*?</svg>', str(targets.rows(evidence, plan)), re.S):
        shown = {word.strip("←→") for word in re.findall(r'class="label"[^>]*>([^<]*)<', picture)}
        assert shown == set(letters(plan).values())


def test_the_map_shows_every_country_by_what_happened(evidence, plan):
    for target in targets.by_country(plan):
        html = str(places.panel(evidence, target.name))
        drawn = {code: state for state, code in re.findall(r'class="c (\w+)" data-country="([A-Z]{3})"', html)}
        assert set(drawn) == set(IMPORTERS)
        rows = {one.iso3: one for one in evidence.of_target(target.name)}
        assert {code for code, state in drawn.items() if state == places.OUT} == set(IMPORTERS) - set(rows)
        happened = {code for code, state in drawn.items() if state in ("hit", "missed")}
        assert happened == {code for code, one in rows.items() if one.happened}
        foreseen = [code for code, state in drawn.items() if state in ("hit", "alarm")]
        assert len(foreseen) == round(sum(one.chance for one in rows.values()))
        least = min(rows[code].chance for code in foreseen)
        assert all(rows[code].chance <= least for code in set(rows) - set(foreseen))
        assert f"{len(foreseen)} countries count as foreseen" in html


def test_the_worst_surprises_are_named(evidence, plan, countries):
    names = dict(zip(countries.iso3, countries.name, strict=True))
    for target in targets.by_country(plan):
        page, rows = Page(places.panel(evidence, target.name)), evidence.of_target(target.name)
        outcomes = evidence.outcomes(target.name)
        missed = [one for one in rows if outcomes[one.iso3] == "missed"]
        alarms = [one for one in rows if outcomes[one.iso3] == "alarm"]
        for worst in (min(missed, key=lambda one: one.chance), max(alarms, key=lambda one: one.chance)):
            chance, theirs = (targets.words.percent(value) for value in (worst.chance, worst.baseline))
            assert f"{names[worst.iso3]}: {chance} (best simple rule {theirs})" in page.text
        assert len(page.all("ol")) == 2


def test_the_usual_map_is_of_the_target_that_is_lost_first(evidence, plan):
    shown = [target.name for target in targets.by_country(plan)]
    for name in shown:
        drawn = evidence
        for other in shown:
            drawn = changed(drawn, target=other, verdict="worse" if other == name else "better")
        assert places.usual(drawn, plan) == name


def test_reliability_and_blocks_show_what_is_stored(evidence, plan):
    groups, by_block = Page(targets.reliability(evidence, plan)), Page(targets.blocks(evidence, plan))
    for target in targets.by_country(plan):
        for chance, happened, size in evidence.reliability(target.name, plan.reliability_bins):
            chance, happened = (targets.words.percent(value) for value in (chance, happened))
            assert f"{name_of(target.name)} {chance} {happened} {size}" in groups.text
        for block, countries, events, *rated in evidence.blocks(target.name):
            name = targets.words.capital(told.BLOCKS[block])
            numbers = " ".join([f"{countries}", f"{events}", *map(told.number, rated)])
            assert f"{name_of(target.name)} {name} {numbers}" in by_block.text
    assert len(groups.all("svg")) == len(by_block.all("svg")) == len(targets.by_country(plan))


def test_levels_that_stand_out_come_first_with_their_reason():
    html = str(rests.levels_table())
    rows, _ = levels.stored()
    first, _, rest = html.partition("<details>")
    for row in rows:
        place = first if row.stands_out else rest
        assert targets.words.capital(row.what).replace("'", "&#39;") in place
        assert not row.stands_out or row.reason[1:].replace("'", "&#39;") in first


def test_every_claim_says_what_it_rests_on(evidence, plan):
    html = rests.claims_rest_on(evidence, plan)
    page, rows = Page(html), claim_tests.stored()[0]
    tried = mechanisms.trials(evidence, plan)
    untried = [row for row in rows if mechanisms.rests_on(row.carrier.split(), tried)[0] == mechanisms.UNTRIED]
    assert all(row.sentence in page.text for row in rows)
    assert 0 < len(untried) < len(rows)
    assert f"Of {len(rows)} claims of the policy debate, {len(untried)} rest on judgement alone" in page.text
    drawn = evidence
    for target in plan.tested():
        drawn = changed(drawn, target=target.name, verdict="no difference shown")
    assert "no claim is confirmed" in Page(rests.claims_rest_on(drawn, plan)).text
    better = changed(evidence, target="ai-cluster", verdict="better")
    assert "no claim is confirmed" not in Page(rests.claims_rest_on(better, plan)).text


def test_what_would_help_is_what_the_files_say(plan):
    page = Page(rests.data_that_would_help(plan))
    for one in plan.targets:
        assert one.reason[:20] in page.text or one.reason.startswith("As ")
    assert not any(f" {one.name}" in page.text for one in plan.tested())  # by their titles, not by their codes
    assert all(row.reason[1:] in page.text for row in levels.stored()[0] if row.stands_out and row.reason)


def test_a_stale_measurement_is_said_above_and_below(evidence, plan, monkeypatch):
    monkeypatch.setattr(told.staleness, "what_changed", lambda name, about: [])
    assert not told.warning(evidence) and "still those" in Page(panels.basis(evidence, plan)).text
    assert "than the present" not in Page(panels.lead(evidence, plan)).text
    monkeypatch.setattr(told.staleness, "what_changed", lambda name, about: ["facts"])
    for html in (panels.lead(evidence, plan), panels.basis(evidence, plan)):
        assert "Measured on other facts than the present" in Page(html).text
    assert "<code>make remeasure" in str(panels.basis(evidence, plan))
    assert "still those" not in Page(panels.basis(evidence, plan)).text


def test_gains_point_the_same_way_whatever_the_score(evidence):
    for one in evidence.primary():
        if not math.isnan(one.difference):
            sign = 1 if one.score == "spearman" else -1
            assert told.gain(one, one.value) == pytest.approx(sign * one.difference, rel=1e-3, abs=1e-6)
