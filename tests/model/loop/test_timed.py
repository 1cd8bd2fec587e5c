"""The pairs that `stackcraft bench` times.

They run without pytest's fixtures, and time nothing that the tests do not compare.
"""

from tests.reference import timed


def test_every_pair_runs():
    pairs = timed.pairs()
    assert len({name for name, _, _ in pairs}) == len(pairs) >= 10
    for _, readable, compiled in pairs:
        readable()
        compiled()


def test_both_do_the_same():
    """The compiled side of a pair works on arrays of its own: what it leaves there is what the readable side says."""
    one = timed.standing()
    expected = timed.targeting.targets(one.world, 0)
    timed.kernels.targets(one.records, one.room)
    marked = one.records.state["target"][0, 0] > 0
    assert {(c, l) for c, l in zip(*marked.nonzero(), strict=True)} == {*expected[0], *expected[1]} and marked.any()
    before = one.run.state["used"].copy()
    timed.kernels.use_of_deals(one.records, one.room)
    found = timed.use.half_year(one.world)
    for (c, l), used in found.cell.items():
        assert abs(one.records.state["used"][0, c, l] - used) < 1e-9
    assert (one.run.state["used"] == before).all()
