"""Levels are set against public figures as their rules say, and what is off says why."""

import math
from dataclasses import replace

import numpy as np
import pytest

from stackcraft.experiments.checks.levels import check_of
from stackcraft.experiments.evidence import levels
from stackcraft.experiments.evidence.level_readings import Model, Public, public
from stackcraft.experiments.evidence.levels import LEVELS, Level, Row, called, measured


@pytest.fixture(scope="module")
def simulation():
    with levels.simulate(runs=2) as made:
        yield made


@pytest.fixture(scope="module")
def rows(simulation):
    return {row.what: row for row in levels.rows_of(simulation)}


def row(kind="about", ratio=1.0, reason=""):
    return Row(
        "what",
        "bn$",
        2.0 * ratio,
        ratio,
        2.0 * ratio,
        3.0 * ratio,
        2.0,
        2.0,
        kind,
        ratio,
        "2025",
        "somebody",
        "a rule",
        reason,
    )


def test_there_are_at_least_twenty_comparable_magnitudes_of_every_kind():
    assert sum(level.kind != "not comparable" for level in LEVELS) >= 20
    assert len({level.what for level in LEVELS}) == len(LEVELS)
    assert all(level.kind in levels.KINDS and level.rule for level in LEVELS)


def test_every_row_of_the_table_names_a_reading_and_a_public_figure():
    for level in LEVELS:
        assert callable(getattr(Model, level.reading[0])) and callable(getattr(Public, level.public[0])), level.what
        named = {argument for argument in level.public[1:] if isinstance(argument, str)}
        assert named & set(public().rows) <= set(level.figures), level.what


def test_every_public_figure_is_used_and_says_where_it_is_from():
    figures = public()
    read = {name for level in LEVELS for name in level.figures}
    for name in read:
        entry = figures.rows[name]
        assert entry["publisher"] and entry["unit"] and entry["year"] and entry["place"], name
        low, high = figures.span(name)
        assert 0 < low <= high
    assert set(figures.rows) == read


def test_the_homes_are_taken_out_as_said():
    figures = public()
    outside = (415 - 183 - 102) / 415
    assert figures.outside() == pytest.approx(outside)
    assert figures.gigawatts(2024) == pytest.approx(130 / 8.76)
    assert figures.gigawatts(2030) - figures.gigawatts(2024) == pytest.approx((945 - 426 - 277 - 130) / 8.76)
    level = next(level for level in LEVELS if level.what == "demand, models")
    assert called(figures, level.public) == pytest.approx((14.2 * outside, 14.2 * 0.564))


def test_readings_are_plain_sums(simulation, rows):
    results = simulation.results
    demand = results.demand.sel(year=2025, layer="models").values.mean(axis=0).sum()
    assert rows["demand, models"].model == pytest.approx(float(demand), rel=1e-5)
    flows = results.commitments_bn.sel(financier=["cn_development_bank", "cn_exim"]).values[:, 1:].sum(axis=-1)
    assert rows["Chinese banks' commitments"].model == pytest.approx(float(flows.mean()))
    model = Model(simulation)
    assert len(model.countries("Africa")) == 54 and "KEN" in model.countries("Eastern Africa")
    new = model.signed(stack="CN")
    assert set(new["stack"]) == {"CN"} and not set(new["origin"]) & {"legacy", "renewal"}
    assert math.isfinite(rows["capital cost of a megawatt"].model)


def test_a_level_has_its_range_over_worlds_and_a_world_without_a_reading_does_not_count(simulation, monkeypatch):
    models = [Model(simulation, 0), Model(simulation, 1), Model(simulation, 1)]
    values = dict(zip(map(id, models), (4.0, 8.0, math.nan), strict=True))
    monkeypatch.setattr(Model, "reading", lambda self: values[id(self)], raising=False)
    monkeypatch.setattr(Public, "between", lambda self, low, high: (low, high), raising=False)
    found = measured(Level("what", "bn$", ["reading"], ["between", 6.0, 6.0], [], "a rule"), models, public())
    assert (found.model, found.median, found.ratio) == (6.0, 6.0, 1.0)
    assert (found.p05, found.p95) == pytest.approx((4.2, 7.8)) and levels.model_words(found) == "6 (4.2 to 7.8)"


def test_the_ratio_is_to_the_middle_or_to_the_bound(simulation, monkeypatch):
    model, figures = Model(simulation), public()
    monkeypatch.setattr(Model, "reading", lambda self: 6.0, raising=False)
    monkeypatch.setattr(Public, "between", lambda self, low, high: (low, high), raising=False)
    level = Level("what", "bn$", ["reading"], ["between", 4.0, {"high": 9.0}], [], "a rule")
    assert measured(level, [model], figures).ratio == 1.0
    assert measured(replace(level, kind="at least"), [model], figures).ratio == 1.5
    assert measured(replace(level, kind="at most"), [model], figures).ratio == pytest.approx(2 / 3)
    assert np.isnan(measured(replace(level, kind="not comparable"), [model], figures).ratio)


@pytest.mark.parametrize(
    ("kind", "ratio", "out"),
    [
        ("about", 1.9, False),
        ("about", 2.1, True),
        ("about", 0.49, True),
        ("about", math.nan, True),
        ("at least", 0.9, True),
        ("at least", 5.0, False),
        ("at most", 1.1, True),
        ("at most", 0.1, False),
        ("not comparable", math.nan, False),
    ],
)
def test_what_stands_out(kind, ratio, out):
    assert row(kind, ratio).stands_out is out


def test_what_is_off_fails_unless_somebody_said_why():
    assert check_of(row()).passed and not check_of(row()).stands_out
    assert not check_of(row(ratio=3.0)).passed
    explained = check_of(row(ratio=3.0, reason="it is another year"))
    assert explained.passed and explained.stands_out and "another year" in explained.detail
    assert check_of(row("not comparable", math.nan)).tolerance is None


def test_rows_come_back_as_they_were_stored(rows, tmp_path):
    levels.store(list(rows.values()), {"commit": "abc"}, tmp_path / "levels.csv")
    back, about = levels.stored(tmp_path / "levels.csv")
    assert about == {"commit": "abc"} and [one.what for one in back] == list(rows)
    assert all(
        one.model == pytest.approx(rows[one.what].model, rel=1e-5) and one.rule == rows[one.what].rule for one in back
    )
    assert levels.stored(tmp_path / "none.csv") == ([], {})


def test_the_notes_are_made_from_what_is_stored():
    text = levels.NOTES.read_text(encoding="utf-8")
    stored, about = levels.stored()
    assert len(stored) == len(LEVELS) and about["commit"]
    assert levels.table(stored).splitlines()[3].split(" | ")[0] in text and levels.summary(stored) in text
    assert levels.page(text, {"levels": "nothing"}).count("nothing") > text.count("nothing") - 1
    with pytest.raises(ValueError, match="no place for elsewhere"):
        levels.page(text, {"elsewhere": ""})
