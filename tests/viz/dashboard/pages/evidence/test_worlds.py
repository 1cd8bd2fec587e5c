"""The section on worlds says what is stored of them, and that nothing is where nothing is."""

from stackcraft.experiments.evidence import drawn_worlds
from stackcraft.viz.dashboard.pages.evidence import worlds


def row(what, luck):
    return drawn_worlds.Row(what, (1.0, 2.0, 3.0, 4.0, 5.0), (0.0, 2.5, 3.0, 3.5, 9.0), (0.0, 1.0, 2.0, 3.0, 4.0), luck)


def test_the_section_says_how_much_is_luck_and_where_the_declared_values_lie(monkeypatch):
    monkeypatch.setattr(drawn_worlds, "stored", lambda: ([row("one thing", 0.25), row("another", 0.35)], {}))
    told = str(worlds.panel())
    assert "in 2 of 2 outputs" in told and "30% is luck" in told and "3 (0 to 9)" in told and "another" in told


def test_without_a_measurement_it_says_so(monkeypatch):
    monkeypatch.setattr(drawn_worlds, "stored", lambda: ([], {}))
    assert "No measurement of the worlds is stored" in worlds.panel()
