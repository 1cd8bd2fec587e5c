"""Constants of January at tenders: over everybody who may come, what is installed is won."""

import itertools
import math

import numpy as np
import pytest

from stackcraft.model.loop.balance import solve
from tests.model.loop.conftest import stand
from tests.reference import choice, start
from tests.reference.bids import chance_admitted, could_sell

LAYERS = (0, 3, 5)  # few enough vendors to try every set of comers


def won(world, c, l, stack, utility, certain=None):
    """P(stack) among what is bought, over every set of vendors that may come and of homes that are admitted.

    Who is `certain` comes whenever its home is admitted.
    """
    p, total = world.parameters, np.zeros(3)
    coming = {v: 1.0 if v == certain else start.chance_of_coming(world, c, v) for v in stack}
    for open_us, open_cn in itertools.product((False, True), repeat=2):
        us, cn = (chance_admitted(world, c, l, h) for h in (0, 1))
        case = (us if open_us else 1 - us) * (cn if open_cn else 1 - cn)
        if case == 0:
            continue
        admitted = [v for v in stack if (stack[v] != 0 or open_us) and (stack[v] != 1 or open_cn)]
        for here in itertools.product((False, True), repeat=len(admitted)):
            chance = case * math.prod(
                coming[v] if one else 1 - coming[v] for v, one in zip(admitted, here, strict=True)
            )
            came = {v: utility[v] for v, one in zip(admitted, here, strict=True) if one}
            if chance > 0 and came:
                total += chance * np.array(choice.of_stacks(p, came, stack))
    return total / total.sum()


def utilities(world, c, l, stack, held=None):
    """Utility of every vendor's bid at a tender for something new, or at a renewal."""
    return {v: sum(choice.terms(world, c, l, v, held, sale=True).values()) for v in stack}


def within_reach(world, c, l, share, stack):
    """True where no stack is to win nearly all tenders to which it comes."""
    for s, one in share.items():
        missing = math.prod(1 - start.chance_of_coming(world, c, v) for v in stack if stack[v] == s)
        open_to = chance_admitted(world, c, l, s) if s < 2 else 1.0
        if one > 0.7 * open_to * (1 - missing):
            return False
    return True


@pytest.fixture(scope="module")
def january():
    """(world, [(c, l, {vendor that may sell: stack}, {stack: share to win})]) of the first January."""
    one = stand(years=0)
    world, common, cells = one.world, one.simulation.world.constants[0], []
    for c, l in itertools.product(range(world.countries), LAYERS):
        stack = {v: int(world.facts.vendor_stack[v]) for v in range(world.vendors) if could_sell(world, c, l, v)}
        share = start.shares_met(world, c, l, [float(value) for value in common[l]])
        if within_reach(world, c, l, share, stack):
            cells.append((c, l, stack, share))
    yield world, cells
    one.simulation.close()


def test_something_new_is_bought_by_what_is_installed(january):
    world, cells = january
    missed = []
    for c, l, stack, share in cells:
        got = won(world, c, l, stack, utilities(world, c, l, stack))
        missed.append([got[s] - share.get(s, 0.0) for s in range(3)])
    assert len(cells) > 10
    assert np.abs(missed).max() < 0.01 and np.abs(np.mean(missed, axis=0)).max() < 0.005


def test_renewals_leave_every_stack_what_it_has(january):
    world, cells = january
    missed = []
    for c, l, stack, share in cells:
        after = np.zeros(3)
        for s, part in share.items():
            installed = {v: world.facts.installed[c][l][v] for v in stack if stack[v] == s}
            whole = sum(installed.values())
            for v, one in installed.items():
                of_stack = one / whole if whole > 0 else 1 / len(installed)
                if of_stack > 0:
                    held = [float(v == other) for other in range(world.vendors)]
                    after += part * of_stack * won(world, c, l, stack, utilities(world, c, l, stack, held), v)
        missed.append([after[s] - share.get(s, 0.0) for s in range(3)])
    assert np.abs(missed).max() < 0.01 and np.abs(np.mean(missed, axis=0)).max() < 0.005


def test_three_equations():
    rng = np.random.default_rng(4)
    for _ in range(20):
        a, x = rng.normal(size=(3, 3)), rng.normal(size=3)
        y = np.linalg.solve(a, x)
        solve(a, x)
        assert x == pytest.approx(y, rel=1e-9)
    a, x = np.diag([2.0, 1.0, 4.0]), np.array([1.0, 0.0, 1.0])  # a stack that is not there stays where it is
    solve(a, x)
    assert x.tolist() == [0.5, 0.0, 0.25]
