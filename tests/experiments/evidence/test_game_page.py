"""The page of the strategy game says what a study of it holds, and payoffs follow from their parts."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.evidence import game_page
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
    text = game_page.text(played, worlds)
    assert all(f"| {name} |" in text for name in game_page.WEIGHINGS)
    assert "9 pairs x 4 replicates, 2025 to 2028" in text and "Nothing here is a forecast" in text
    assert "in 6 worlds drawn" in text and "**In short.**" in text
    results = open_study(played)
    # What the parts of a payoff add up to is the payoff.
    row = next(line for line in text.splitlines() if line.startswith("| status-quo-2025 and status-quo-2025 | US |"))
    *parts, whole = (float(cell.replace(",", "")) for cell in row.split("|")[3:-1])
    assert abs(sum(parts) - whole) <= 2 and abs(whole - results.cube("payoff_us")[0].mean()) <= 1
    # By hand: the pair that is an equilibrium of the mean payoffs where only use counts.
    us, cn = (
        game_page.payoffs(results, (1, 0, 0, 0))[f"payoff_{side}"].mean(axis=-1).reshape(3, 3) for side in ("us", "cn")
    )
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


def test_a_study_without_the_parts_is_refused(tmp_path):
    table = {
        "scenario": "first-lesson",
        "years": [2025, 2026],
        "measures": {"payoff_us": "payoff[US]"},
        "strategies": {"US": ["status-quo-2025", "lock-in"]},
    }
    sweep(Study.from_dict(table), tmp_path / "s")
    with pytest.raises(InputError, match="it kept no us_used_by_gdp"):
        game_page.text(tmp_path / "s", tmp_path / "s")
