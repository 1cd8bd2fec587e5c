"""Morris screening against linear models, whose elementary effects are their coefficients."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses.morris import analyse, elementary_effects, screen
from stackcraft.experiments.sweep.blocks import make_block
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.memory import MemoryStudy

pytest.importorskip("SALib")

NAMES = ("wait", "fear", "pull", "cost")
FACTORS = tuple(
    Factor(name, "uncertainty", "real", low, high)
    for name, low, high in zip(NAMES, (0, -1, 10, 0), (1, 1, 30, 5), strict=True)
)
SLOPES = np.array([3.0, -0.5, 0.0, 1.0])


def block(trajectories=12, levels=4, seed=1):
    return make_block("uncertainties", "morris", FACTORS, {"trajectories": trajectories, "levels": levels}, seed)


@pytest.mark.parametrize("levels", [4, 6, 8])
def test_a_linear_model_gives_its_coefficients_and_no_sigma(levels):
    rows = block(levels=levels)
    found = screen(rows.unit, rows.unit @ SLOPES + 7.0, NAMES, levels=levels)
    assert found.mu == pytest.approx(SLOPES) and found.mu_star == pytest.approx(np.abs(SLOPES))
    assert found.sigma == pytest.approx(0, abs=1e-12) and found.mu_star_half == pytest.approx(0, abs=1e-12)


def test_effects_are_per_whole_range_of_a_factor():
    rows = block()
    slopes = SLOPES / np.array([1.0, 2.0, 20.0, 5.0])
    assert screen(rows.unit, rows.table.to_numpy() @ slopes, NAMES).mu == pytest.approx(SLOPES)


def test_the_resampled_effects_are_those_of_salib():
    rows = block(20)
    values = np.exp(rows.unit @ SLOPES) + rows.unit[:, 1] * rows.unit[:, 2]
    found = screen(rows.unit, values, NAMES)
    effects = elementary_effects(rows.unit.reshape(20, 5, 4), values.reshape(20, 5, 1))[..., 0]
    assert effects.mean(axis=0) == pytest.approx(found.mu) and np.abs(effects).mean(axis=0) == pytest.approx(
        found.mu_star
    )
    assert effects.std(axis=0, ddof=1) == pytest.approx(found.sigma)


def test_a_product_has_the_mean_and_sigma_of_its_other_factor():
    rows = block(400)
    found = screen(rows.unit, rows.unit[:, 0] * rows.unit[:, 3], NAMES)
    # The effect of one is the place of the other: 0, 1/3, 2/3 or 1, about equally often.
    assert found.mu_star[[0, 3]] == pytest.approx(0.5, abs=0.05)
    assert found.sigma[[0, 3]] == pytest.approx(np.sqrt(5.0) / 6.0, abs=0.05)
    assert found.mu_star[[1, 2]] == pytest.approx(0)


def test_intervals_of_mu_star_hold_the_truth_about_as_often_as_they_say():
    held = 0
    for seed in range(30):
        rows = block(40, seed=seed)
        found = screen(rows.unit, rows.unit[:, 0] * rows.unit[:, 3], NAMES, resamples=200, seed=seed)
        held += int((np.abs(found.mu_star[[0, 3]] - 0.5) <= found.mu_star_half[[0, 3]]).sum())
    assert 51 <= held <= 60


def noisy(rows, replicates, common, own, slopes=SLOPES):
    luck = np.random.default_rng(0)
    return (
        (rows.unit @ slopes)[:, None]
        + common * luck.normal(size=replicates)
        + own * luck.normal(size=(rows.size, replicates))
    )


def test_what_luck_alone_shows_is_what_a_factor_without_effect_shows():
    rows = block(200)
    found = screen(rows.unit, noisy(rows, 5, 3.0, 1.0), NAMES)
    expected = np.sqrt(2 / np.pi) * np.sqrt(2 / 5) / (2 / 3)
    assert found.luck == pytest.approx(expected, rel=0.1) and found.mu_star[2] == pytest.approx(expected, rel=0.15)
    assert found.clear[[0, 3]].all() and not found.clear[2]


def test_common_luck_alone_changes_nothing():
    rows = block()
    found = screen(rows.unit, noisy(rows, 5, 3.0, 0.0), NAMES)
    assert (
        found.mu == pytest.approx(SLOPES)
        and found.luck == pytest.approx(0, abs=1e-12)
        and found.mu_star_half == pytest.approx(0, abs=1e-9)
    )


def test_a_lost_row_takes_its_trajectory_and_a_lost_run_its_replicate():
    rows = block()
    values = noisy(rows, 3, 1.0, 0.2)
    values[7, 1] = np.nan
    values[20] = np.nan
    found = screen(rows.unit, values, NAMES)
    means = values.mean(axis=1)
    means[5:10] = values[5:10][:, [0, 2]].mean(axis=1)
    kept = np.delete(np.arange(60), np.arange(20, 25))
    assert (found.trajectories, found.left_out) == (11, 1)
    assert found.mu_star == pytest.approx(screen(rows.unit[kept], means[kept], NAMES).mu_star)


def study(trajectories=12, replicates=4, slopes=SLOPES):
    rows = block(trajectories)
    sides = make_block("strategies", "grid", (Factor("US", "strategy", "category", values=("stay", "lead")),), {}, 0)
    values = np.stack(
        [noisy(rows, replicates, 1.0, 0.05, slopes), noisy(rows, replicates, 1.0, 0.05, slopes[::-1])], axis=1
    )
    return MemoryStudy([rows, sides], {"share": values})


def test_one_combination_is_told_in_full():
    found = analyse(study(), "share", at={"US": "stay"}, resamples=100)
    assert found.name == "morris" and "moved most by wait (" in found.sentences[0]
    assert any("cannot be told from luck or from zero: pull" in one for one in found.sentences)
    assert [row[0] for row in found.tables[0].rows] == ["wait", "cost", "fear", "pull"] and found.tables[0].rows[-1][
        -1
    ] == "no"


def test_many_combinations_are_told_in_short():
    found = analyse(study(), "share", resamples=50)
    assert "each of 2 combinations" in found.sentences[0] and found.charts[0].columns == ("US=stay", "US=lead")
    ranges = {row[0]: row[2:4] for row in found.tables[0].rows}
    assert ranges["wait"] == pytest.approx((1.0, 3.0), abs=0.15)


def test_a_model_that_nothing_moves_says_so():
    found = analyse(study(slopes=np.zeros(4)), "share", at={"US": "stay"}, resamples=50)
    assert "Nothing moves share" in found.sentences[0]


def test_few_trajectories_and_one_replicate_are_said():
    text = " ".join(analyse(study(6, 1), "share", at={"US": "lead"}, resamples=50).sentences)
    assert "6 trajectories are few" in text and "one replicate" in text


def test_the_same_seed_gives_the_same_finding():
    assert (
        analyse(study(), "share", resamples=20, seed=0).as_dict()
        == analyse(study(), "share", resamples=20, seed=0).as_dict()
    )


def test_mistakes_are_one_line():
    grid = MemoryStudy([make_block("uncertainties", "grid", FACTORS, {"levels": 2}, 0)], {"share": np.zeros((16, 2))})
    for results, measure, words in (
        (grid, "share", "morris"),
        (study(2), "share", "at least 4"),
        (study(), "sharp", "share"),
    ):
        with pytest.raises(InputError, match=words) as error:
            analyse(results, measure)
        assert "\n" not in str(error.value)
    with pytest.raises(InputError, match="multiple of 5"):
        screen(np.zeros((9, 4)), np.zeros(9), NAMES)
