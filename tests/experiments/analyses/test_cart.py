"""The classification tree: rules that were put there, the published leaves, accuracy against the base rate."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed (the extra analysis)")

from sklearn.tree import DecisionTreeClassifier

from stackcraft.agents.errors import InputError
from stackcraft.experiments.analyses import cart
from stackcraft.experiments.analyses.peeling import Limit, contains
from stackcraft.experiments.sweep.blocks import Block
from stackcraft.experiments.sweep.factors import Factor
from stackcraft.experiments.sweep.memory import MemoryStudy

DATA = Path(__file__).parent / "data" / "bryant_lempert"


def test_the_published_leaves_are_found():
    table = pd.read_csv(DATA / "cases.csv")
    columns = {name: table[name].to_numpy(dtype=float) for name in table.columns[:-1]}
    leaves = cart.grow(columns, table.iloc[:, -1].to_numpy(dtype=bool), depth=None, least_rows=44)
    published = [  # coverage, density, mass
        (0.606742, 0.642857, 0.095238),
        (0.224719, 0.434783, 0.052154),
        (0.112360, 0.227273, 0.049887),
        (0.044944, 0.090909, 0.049887),
        (0.011236, 0.021739, 0.052154),
        (0.0, 0.0, 0.546485),
        (0.0, 0.0, 0.103175),
        (0.0, 0.0, 0.051020),
    ]
    assert [(leaf.coverage, leaf.density, leaf.rows / 882) for leaf in leaves] == [
        pytest.approx(one, abs=1e-6) for one in published
    ]
    assert leaves[0].limits == {
        "Demand elasticity": Limit(low=pytest.approx(-0.3165)),
        "Biomass backstop price": Limit(low=pytest.approx(148.300003)),
    }


def test_a_rule_that_was_put_there_is_found_and_holds_on_unseen_rows():
    luck = np.random.default_rng(2)
    columns = {"x": luck.random(600), "place": luck.choice(["east", "north", "south"], 600), "noise": luck.random(600)}
    interest = (columns["x"] > 0.4) & (columns["place"] != "south")
    leaves = cart.grow(columns, interest, depth=3, least_rows=5)
    assert leaves[0].density == 1.0 and leaves[0].coverage > 0.99
    assert leaves[0].limits["place"].values == ("east", "north")
    assert leaves[0].limits["x"].low == pytest.approx(0.4, abs=0.02)
    checked = cart.cross_validate(columns, interest, least_rows=5)
    assert checked.right.mean() > 0.98
    assert checked.guess.mean() == pytest.approx(1 - interest.mean(), abs=1e-12), (
        "the more common answer is: not of interest"
    )


def test_leaves_divide_the_rows_between_them():
    luck = np.random.default_rng(3)
    # Values of which some, not all, are the same in single precision, which is what the tree compares in.
    columns = {
        "x": 1.0 + 2.5e-8 * luck.integers(0, 40, 300),
        "y": luck.random(300),
        "place": luck.choice(["a", "b", "c", "d"], 300),
    }
    interest = luck.random(300) < 0.4
    leaves = cart.grow(columns, interest, depth=None, least_rows=3, seed=1)
    inside = np.array([contains(leaf.limits, columns) for leaf in leaves])
    assert (inside.sum(axis=0) == 1).all() and len(leaves) > 10
    assert sum(leaf.coverage for leaf in leaves) == pytest.approx(1.0)
    assert any(leaf.limits.get("x") for leaf in leaves) and any(leaf.limits.get("place") for leaf in leaves)
    # The rows under each rule are those that scikit-learn's own tree puts together.
    places, _ = cart.encode(columns)
    ends = DecisionTreeClassifier(min_samples_leaf=3, random_state=1).fit(places, interest).apply(places)
    assert {frozenset(np.flatnonzero(rows)) for rows in inside} == {
        frozenset(np.flatnonzero(ends == end)) for end in np.unique(ends)
    }


def test_a_value_halfway_between_two_single_numbers_stays_where_the_tree_sent_it():
    step = 2.0**-14  # between single numbers just above 512
    for halfway, sent_up in ((512.0 + 0.5 * step, False), (512.0 + 1.5 * step, True)):  # ties go to the even neighbour
        below, above = (512.0, 512.0 + step) if not sent_up else (512.0 + step, 512.0 + 2 * step)
        column = np.repeat([below, halfway, above], 10)
        interest = column >= above if not sent_up else column > below
        leaves = cart.grow({"x": column}, interest)
        assert [(leaf.rows, leaf.density) for leaf in leaves] == [
            (int(interest.sum()), 1.0),
            (int((~interest).sum()), 0.0),
        ]


def test_rows_of_one_world_stay_in_one_fold():
    # Each world is a draw of x with 12 copies whose answer is a coin of the world: copies in other folds would give it
    # away.
    luck = np.random.default_rng(4)
    world = np.repeat(np.arange(60), 12)
    columns = {"x": luck.random(60)[world]}
    interest = (luck.random(60) < 0.5)[world]
    together = cart.cross_validate(columns, interest, depth=None, groups=world)
    apart = cart.cross_validate(columns, interest, depth=None)
    assert apart.right.mean() > 0.99 and together.right.mean() < 0.7


def study(signal):
    luck = np.random.default_rng(8)
    factors = (Factor("x", "uncertainty", "real"), Factor("on", "uncertainty", "switch"))
    table = pd.DataFrame({"x": luck.random(300), "on": luck.integers(0, 2, 300).astype(float)})
    cube = signal * ((table["x"] > 0.5) & (table["on"] == 1)).to_numpy(dtype=float)[:, None] + luck.standard_normal(
        (300, 5)
    )
    return MemoryStudy([Block("uncertainties", "latin", factors, table)], {"y": cube})


def test_a_study_gives_rules_in_words_with_their_worth():
    finding = cart.analyse(study(10.0), "y", options=cart.Options(threshold=5.0, draws=100))
    rules, scores = finding.tables
    assert (
        re.fullmatch(r"(on is on and )?x at least 0\.(49|5)\d*( and on is on)?", rules.rows[0][0])
        and "on is on" in rules.rows[0][0]
    )
    assert rules.rows[0][1:3] == (100.0, 100.0) and rules.rows[0][-1] == "of interest"
    assert sum(row[3] for row in rules.rows) == 300
    gain = next(row for row in scores.rows if row[0].startswith("gain"))
    assert gain[1] > 15 and gain[2] > 10 and "the rules add something" in finding.sentences[2]
    assert finding == cart.analyse(study(10.0), "y", options=cart.Options(threshold=5.0, draws=100))


def test_noise_is_called_noise():
    finding = cart.analyse(study(0.0), "y", options=cart.Options(quantile=0.7, draws=100))
    assert "not to be relied on" in finding.sentences[2]


def test_bad_questions_are_refused_in_one_line(monkeypatch):
    for options, words in (
        ({"folds": 200}, "at most 150"),
        ({"depth": 0}, "depth=0"),
        ({"least_mass": 0.9}, "least_mass=0.9"),
        ({"threshold": 1e9}, "0 of 300 rows"),
    ):
        with pytest.raises(InputError, match=words):
            cart.analyse(study(1.0), "y", options=cart.Options(**options))
    import importlib

    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(InputError, match="scikit-learn is not installed"):
        cart.analyse(study(1.0), "y")
