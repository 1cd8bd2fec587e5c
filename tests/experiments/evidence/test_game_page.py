"""The page of the strategy game says what a study of it holds, and payoffs follow from their parts."""

from xml.etree import ElementTree

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.evidence import game_page, game_picture
from stackcraft.experiments.evidence.game_picture import default_price
from stackcraft.experiments.sweep import Study, open_study, sweep

STRATEGIES = {
    "US": ["status-quo-2025", "contested-first", "lock-in"],
    "CN": ["status-quo-2025", "pipes-first", "quiet-commercial"],
}


def small(name, folder, **changes):
    """A small game: three presets a side, ten countries, three years."""
    table = dict(Study.load(name).given) | {
        "scenario": "first-lesson",
        "years": [2025, 2028],
        "keep": "last",
        "strategies": STRATEGIES,
        **changes,
    }
    sweep(Study.from_dict(table, name), folder)
    return folder


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    return small("game", tmp_path_factory.mktemp("game") / "study", replicates=4)


@pytest.fixture(scope="module")
def worlds(tmp_path_factory):
    return small(
        "game_worlds",
        tmp_path_factory.mktemp("worlds") / "study",
        uncertainties={"supply_fear": {}},
        design={"uncertainties": {"kind": "random", "size": 6}},
    )


def test_payoffs_follow_from_the_parts_that_the_study_keeps(played):
    assert game_page.check(open_study(played)) < 1e-6


def test_the_page_names_the_best_pair_under_every_weighing(played, worlds):
    pytest.importorskip("nashpy")
    text = game_page.text(played, worlds)[0]
    assert all(f"| {name} |" in text for name in game_page.WEIGHINGS)
    assert "9 pairs x 4 replicates, 2025 to 2028" in text and "Nothing here is a forecast" in text
    assert "in 6 worlds drawn" in text and "**In short.**" in text
    results = open_study(played)
    # What the parts of a payoff add up to is the payoff.
    row = next(line for line in text.splitlines() if line.startswith("| status-quo-2025 and status-quo-2025 | US |"))
    *parts, whole = (float(cell.replace(",", "")) for cell in row.split("|")[3:-1])
    assert abs(sum(parts) - whole) <= 2.5 and abs(whole - results.cube("payoff_us")[0].mean()) <= 1
    # By hand: the pair that is an equilibrium of the mean payoffs where only use counts.
    only_use = game_page.payoffs(results, (1, 0, 0, 0, 0))
    us, cn = (only_use[f"payoff_{side}"].mean(axis=-1).reshape(3, 3) for side in ("us", "cn"))
    stable = [
        (row, column)
        for row in range(3)
        for column in range(3)
        if us[row, column] == us[:, column].max() and cn[row, column] == cn[row].max()
    ]
    line = next(line for line in text.splitlines() if line.startswith("| only use counts |"))
    factors = {one.name: one.values for one in results.study.factors}
    if stable:
        assert any(f"{factors['US'][row]} and {factors['CN'][column]}" in line for row, column in stable)
    assert np.isfinite(us).all() and np.isfinite(cn).all()


def test_the_parts_of_every_preset_stand_in_a_table_with_their_spread(played, worlds):
    pytest.importorskip("nashpy")
    text, results = game_page.text(played, worlds)[0], open_study(played)
    table = text.split("## The parts by preset")[1].split("## ")[0]
    assert all(f"| {name} |" in table for side in STRATEGIES.values() for name in side)
    use = results.cube("us_use").mean(axis=-1).reshape(3, 3).mean(axis=1)
    row = next(line for line in table.splitlines() if line.startswith("| lock-in |"))
    assert abs(float(row.split("|")[2].replace(",", "")) - use[2]) <= 0.51
    shares = [line for line in table.splitlines() if line.startswith("| part of all such differences |")]
    assert len(shares) == 2
    for line in shares:
        assert abs(sum(float(cell.strip(" %")) for cell in line.split("|")[2:7]) - 100) <= 2


def test_the_picture_shows_the_pair_that_is_stable_at_each_price():
    """Two presets a side and one resample; the first costs 10 bn$ more and brings 20 bn$ of trust."""
    first = np.zeros((len(game_page.PARTS), 1, 2, 2))
    first[game_page.PARTS.index("cost"), 0, 0], first[game_page.PARTS.index("trust"), 0, 0] = -10, 20
    second = np.zeros((len(game_page.PARTS), 1, 2, 2))
    second[0, 0, :, 1] = 1.0
    found = game_picture.region(first, second, "cost", 5.0, "trust", 800.0, survives=0.95)
    for i, trust in enumerate(found.up):
        for j, cost in enumerate(found.across):
            gain = 20 * trust / default_price("trust") - 10 * cost / default_price("cost")
            if abs(gain) > 1e-9:
                assert found.pair[i, j] == (1 if gain > 0 else 3) and found.share[i, j] == 1
    names = ("generous", "<mean>"), ("quiet", "loud")
    drawn = game_picture.draw(*names, [found], 0.95)
    tree = ElementTree.fromstring(drawn)
    letters = [one.text for one in tree.iter() if one.text in ("A", "B")]
    assert len(letters) == 21 * 21 and "http" not in drawn.replace("http://www.w3.org/2000/svg", "")
    legend = [one.text for one in tree.iter() if (one.text or "").startswith(("A:", "B:"))]
    assert {text[3:] for text in legend} == {"US generous, China loud", "US <mean>, China loud"}
    # The letter of most cells is that of the pair that holds most of them.
    often = max("AB", key=letters.count)
    holds = int(np.bincount(found.pair.ravel()).argmax())
    assert often == "A" and f"A: US {names[0][holds // 2]}, China loud" in legend


def test_the_picture_of_a_study_marks_the_declared_prices(played, worlds):
    pytest.importorskip("nashpy")
    text, picture = game_page.text(played, worlds)
    assert "(GAME.svg)" in text and picture.count("<circle") == len(game_picture.PANELS)
    rows, columns, found = game_picture.regions(open_study(played), 0.95)
    assert rows == tuple(STRATEGIES["US"]) and columns == tuple(STRATEGIES["CN"])
    assert all(one.pair.shape == one.share.shape == (21, 21) for one in found)
    assert game_picture.draw(rows, columns, found, 0.95) == picture


def test_a_study_without_the_parts_is_refused(tmp_path):
    table = {
        "scenario": "first-lesson",
        "years": [2025, 2026],
        "measures": {"payoff_us": "payoff[US]"},
        "strategies": {"US": ["status-quo-2025", "lock-in"]},
    }
    sweep(Study.from_dict(table), tmp_path / "s")
    with pytest.raises(InputError, match="holds a game without us_use"):
        game_page.text(tmp_path / "s", tmp_path / "s")
