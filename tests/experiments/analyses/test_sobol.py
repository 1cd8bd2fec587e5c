"""Sobol indices against closed forms, luck and gaps in the runs included."""

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses import sobol
from stackcraft.experiments.analyses.sobol import analyse, estimates, sobol_indices
from stackcraft.experiments.sweep.blocks import make_block
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.memory import MemoryStudy

pytest.importorskip("SALib")

ISHIGAMI = tuple(
    Factor(name, "uncertainty", "real", -np.pi, np.pi) for name in ("third", "first", "middle")
)  # in no order that sorting would keep
G_CONSTANTS = {"small": (78, 12, 0.5, 2, 97, 33), "classic": (0, 1, 4.5, 9, 99, 99, 99, 99)}


def ishigami(x, a=7.0, b=0.1):
    return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])


def ishigami_exact(a=7.0, b=0.1):
    """Ishigami and Homma (1990): first, total, and the one pair (0, 2) that interacts."""
    one, two, pair = 0.5 * (1 + b * np.pi**4 / 5) ** 2, a**2 / 8, b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + pair
    second = np.zeros((3, 3))
    second[0, 2] = pair / whole
    return np.array([one, two, 0]) / whole, np.array([one + pair, two, pair]) / whole, second


def g_function(x, a):
    return np.prod((np.abs(4 * x - 2) + a) / (1 + np.asarray(a, dtype=float)), axis=1)


def g_exact(a):
    """Saltelli and Sobol' (1995): V_i = 1 / (3 (1 + a_i)^2), and products of them for interactions."""
    part = 1 / (3 * (1 + np.asarray(a, dtype=float)) ** 2)
    whole = np.prod(1 + part) - 1
    return part / whole, part * np.prod(1 + part) / (1 + part) / whole, np.outer(part, part) / whole


def block(factors, size, second_order=True, seed=1):
    return make_block("uncertainties", "sobol", factors, {"size": size, "second_order": second_order}, seed)


def upper(matrix):
    return matrix[np.triu_indices(len(matrix), 1)]


def g_block(name, size):
    return block(tuple(Factor(f"x{place}", "uncertainty", "real") for place in range(len(G_CONSTANTS[name]))), size)


@pytest.mark.parametrize(("size", "tolerance"), [(256, 0.12), (4096, 0.02)])
def test_ishigami_has_its_closed_form(size, tolerance):
    rows = block(ISHIGAMI, size)
    found = sobol_indices(ishigami(rows.table.to_numpy()), rows.table.columns, resamples=40)
    first, total, second = ishigami_exact()
    assert np.abs(found.first - first).max() < tolerance
    assert np.abs(found.total - total).max() < tolerance
    assert np.abs(upper(found.second) - upper(second)).max() < tolerance


@pytest.mark.parametrize("name", G_CONSTANTS)
@pytest.mark.parametrize(("size", "tolerance"), [(256, 0.12), (4096, 0.02)])
def test_g_function_has_its_closed_form(name, size, tolerance):
    rows = g_block(name, size)
    found = sobol_indices(g_function(rows.table.to_numpy(), G_CONSTANTS[name]), rows.table.columns, resamples=10)
    first, total, second = g_exact(G_CONSTANTS[name])
    assert np.abs(found.first - first).max() < tolerance
    assert np.abs(found.total - total).max() < tolerance
    assert np.abs(upper(found.second) - upper(second)).max() < tolerance


def test_the_closed_forms_are_the_published_figures():
    first, total, second = ishigami_exact()
    assert [*first, *total, second[0, 2]] == pytest.approx(
        [0.3139, 0.4424, 0, 0.5576, 0.4424, 0.2437, 0.2437], abs=5e-5
    )
    # The figures in print for the eight constants leave the four of 99 out of the variance: 0.7165, where all eight
    # give 0.7162.
    assert g_exact(G_CONSTANTS["classic"][:4])[0] == pytest.approx([0.7165, 0.1791, 0.0237, 0.0072], abs=5e-5)
    assert g_exact(G_CONSTANTS["classic"])[0][:4] == pytest.approx([0.7165, 0.1791, 0.0237, 0.0072], abs=4e-4)
    assert g_exact(G_CONSTANTS["small"])[1] == pytest.approx(
        [0.0003294577, 0.01214324, 0.7959698, 0.2203131, 0.0002140966, 0.001778255], rel=1e-5
    )


@pytest.mark.parametrize("second_order", [True, False])
def test_the_resampled_estimators_are_those_of_salib(second_order):
    rows = block(ISHIGAMI, 64, second_order)
    values = ishigami(rows.table.to_numpy())
    found = sobol_indices(values, rows.table.columns, second_order=second_order, resamples=2)
    first, total, second = estimates((values - values.mean()).reshape(64, -1), second_order)
    assert first == pytest.approx(found.first, abs=1e-12) and total == pytest.approx(found.total, abs=1e-12)
    if second_order:
        assert upper(second) == pytest.approx(upper(found.second), abs=1e-12)
    else:
        assert second is None and found.second is None


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    _, total, _ = ishigami_exact()
    held = 0
    for seed in range(20):
        rows = block(ISHIGAMI, 128, False, seed)
        found = sobol_indices(
            ishigami(rows.table.to_numpy()), rows.table.columns, second_order=False, resamples=100, seed=seed
        )
        held += int((np.abs(found.total - total) <= found.total_half).sum())
    assert held >= 54  # of 60: low-discrepancy points err less than the bootstrap thinks


def noisy(rows, replicates, common, own, seed=0):
    luck = np.random.default_rng(seed)
    return (
        ishigami(rows.table.to_numpy())[:, None]
        + common * luck.normal(size=replicates)
        + own * luck.normal(size=(rows.size, replicates))
    )


def test_the_share_of_luck_and_its_lift_of_the_totals_are_those_put_in():
    rows, replicates, common, own = block(ISHIGAMI, 512, False), 8, 1.0, 2.0
    found = sobol_indices(noisy(rows, replicates, common, own), rows.table.columns, second_order=False, resamples=30)
    variance = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2 + 49 / 8 + 0.01 * np.pi**8 * (1 / 18 - 1 / 50)
    assert found.luck == pytest.approx((common**2 + own**2) / (variance + common**2 + own**2), abs=0.06)
    assert found.lift == pytest.approx(own**2 / replicates / (variance + own**2 / replicates), rel=0.15)
    assert found.total[0] - found.lift[0] == pytest.approx(ishigami_exact()[1][0], abs=0.08)


def test_common_luck_alone_changes_no_index():
    rows = block(ISHIGAMI, 128)
    calm = sobol_indices(noisy(rows, 1, 0, 0), rows.table.columns, resamples=10)
    values = noisy(rows, 6, 5.0, 0)
    lucky = sobol_indices(values, rows.table.columns, resamples=10)
    assert lucky.first == pytest.approx(calm.first) and lucky.total == pytest.approx(calm.total)
    assert np.abs(lucky.lift).max() < 1e-12
    corners = values.reshape(128, 8, 6)[:, [0, 7]].reshape(256, 6)
    shared, design = corners.mean(axis=0).var(ddof=1), corners.mean(axis=1).var(ddof=1)
    assert lucky.luck == pytest.approx(shared / (shared + design))
    assert np.isnan(calm.luck) and np.isnan(calm.lift).all()


def test_missing_runs_take_the_replicate_from_their_point_and_a_lost_row_the_point():
    rows = block(ISHIGAMI, 64)
    values = noisy(rows, 4, 1.0, 0.5)
    values[8 * 5 + 3, 2] = np.nan
    values[8 * 9 + 1] = np.nan
    found = sobol_indices(values, rows.table.columns, resamples=5)
    means = values.mean(axis=1).reshape(64, 8)
    means[5] = np.delete(values.reshape(64, 8, 4)[5], 2, axis=1).mean(axis=1)
    wanted = sobol_indices(np.delete(means, 9, axis=0).ravel(), rows.table.columns, resamples=5)
    assert (found.points, found.left_out) == (63, 1) and found.total == pytest.approx(wanted.total)


def test_the_same_seed_gives_the_same_intervals_and_another_does_not():
    rows = block(ISHIGAMI, 32)
    values = noisy(rows, 3, 1.0, 1.0)
    halves = [sobol_indices(values, rows.table.columns, resamples=20, seed=seed).total_half for seed in (0, 0, 1)]
    assert (halves[0] == halves[1]).all() and (halves[0] != halves[2]).all()


def crossed(sides=("wait", "lead"), size=128, replicates=4):
    """A Sobol block crossed with a strategy under which the pair (first, middle) does or does not matter."""
    rows = block(ISHIGAMI, size)
    strategies = make_block("strategies", "grid", (Factor("US", "strategy", "category", values=sides),), {}, 0)
    x = rows.table.to_numpy()
    values = np.stack([ishigami(x, b=0.1 if place == 0 else 0.0) for place in range(len(sides))], axis=1)
    luck = np.random.default_rng(0).normal(size=(*values.shape, replicates)) * 0.3
    return MemoryStudy(
        [rows, strategies], {"share": values[..., None] + luck, "still": np.ones((*values.shape, replicates))}
    )


def test_one_combination_is_told_in_full():
    found = analyse(crossed(), "share", at={"US": "wait"}, resamples=30)
    text = " ".join(found.sentences)
    assert (
        found.name == "sobol"
        and "moved most by third (" in text
        and "third with middle" in text
        and "Luck makes up" in text
    )
    assert [row[0] for row in found.tables[0].rows][:2] == ["third", "first"]
    assert len(found.charts) == 3 and found.charts[2].marked
    assert dict(found.about)["at"] == {"US": "wait"}


def test_many_combinations_are_told_in_short_and_their_difference_too():
    found = analyse(crossed(), "share", resamples=30)
    text = " ".join(found.sentences)
    assert "each of 2 combinations" in text and "depends on the combination for" in text and "middle" in text
    assert found.charts[0].columns == ("US=wait", "US=lead")
    assert found.charts[0].values[0][0] == pytest.approx(found.tables[0].rows[0][3], abs=0.5)


def test_the_average_over_combinations_is_that_of_the_averaged_runs():
    results = crossed()
    found = analyse(results, "share", over="mean", resamples=5)
    wanted = sobol_indices(results.cube("share").mean(axis=1), [one.name for one in ISHIGAMI], resamples=5)
    totals = {row[0]: row[3] for row in found.tables[0].rows}
    assert [totals[one.name] for one in ISHIGAMI] == pytest.approx(list(wanted.total))


def test_a_combination_without_enough_runs_is_named_and_the_rest_told():
    results = crossed()
    cube = results.cube("share")
    cube[20:, 1] = np.nan
    found = analyse(MemoryStudy(results.blocks, {"share": cube}), "share", resamples=10)
    assert any("Too few runs yet for US=lead" in one for one in found.sentences) and len(found.charts) == 3


def test_a_measure_that_never_varies_is_said_to():
    found = analyse(crossed(), "still", at={"US": "lead"})
    assert "nothing moves it" in found.sentences[0] and not found.charts


def test_one_replicate_says_that_luck_cannot_be_told():
    assert any(
        "one replicate" in one
        for one in analyse(crossed(replicates=1), "share", at={"US": "wait"}, resamples=5).sentences
    )


def test_mistakes_are_one_line():
    grid = MemoryStudy([make_block("uncertainties", "grid", ISHIGAMI, {"levels": 2}, 0)], {"share": np.zeros((8, 2))})
    few = MemoryStudy([block(ISHIGAMI, 4)], {"share": np.zeros((32, 2))})
    many = crossed(tuple(f"s{place}" for place in range(70)), 8, 1)
    cases = (
        (grid, "share", {}, "sobol"),
        (few, "share", {}, "at least 8"),
        (many, "share", {}, "70 combinations"),
        (crossed(), "shares", {}, "did you mean"),
        (crossed(), "share", {"at": {"US": "wiat"}}, "wait"),
        (crossed(), "share", {"at": {"CN": "wait"}}, "CN"),
        (crossed(), "share", {"over": "all"}, "over"),
        (crossed(), "share", {"block": "strategies"}, "grid design"),
        (crossed(), "share", {"at": {"strategies": 2}}, "0 to 1"),
    )
    for results, measure, options, words in cases:
        with pytest.raises(InputError, match=words) as error:
            analyse(results, measure, **options)
        assert "\n" not in str(error.value)


def test_rows_of_another_design_are_refused():
    with pytest.raises(InputError, match="multiple of 8"):
        sobol_indices(np.zeros(30), ("a", "b", "c"))


def test_the_factor_that_leads_the_table_leads_the_sentence_even_where_its_interval_is_not_clear(monkeypatch):
    rows = block(ISHIGAMI, 32)
    nothing, second, half = np.zeros(3), np.full((3, 3), np.nan), np.full((3, 3), np.nan)
    second[np.triu_indices(3, 1)], half[np.triu_indices(3, 1)] = (0.2, 0.15, 0.1), (0.3, 0.05, 0.2)
    made = sobol.Indices(
        ("third", "first", "middle"),
        *(nothing, nothing, np.array([0.9, 0.5, 0.001]), np.array([1.1, 0.2, 0.001])),
        *(second, half, nothing, np.nan, 32, 0, 1.0, 1.0),
    )
    monkeypatch.setattr(sobol, "sobol_indices", lambda *_, **__: made)
    found = analyse(MemoryStudy([rows], {"share": np.ones((rows.size, 1))}), "share")
    assert [row[0] for row in found.tables[0].rows] == ["third", "first", "middle"]
    text = " ".join(found.sentences)
    assert "moved most by third (0.9 ± 1.1, not clear) and first (0.50 ± 0.20): the total index" in text
    assert "Not clear: the interval reaches what luck, or nothing at all, would give." in text
    assert [row[:2] for row in found.tables[1].rows][:2] == [("third", "first"), ("third", "middle")]
    assert "strongest pairs: third with first (0.20 ± 0.30, not clear) and third with middle (0.150 ± 0.050)" in text
