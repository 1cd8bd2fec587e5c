"""The arrays of a batch."""

import os

import numpy as np
import pytest

from stackcraft.model.state import MAPPED, blank, empty_deals, untouched


def test_large_and_small_arrays_are_zeros_that_can_be_written():
    for size in (3, MAPPED):
        array = blank((size,), np.dtype(np.int64))
        assert array.shape == (size,) and not array.any()
        array[-1] = 7
        assert array[-1] == 7


def test_memory_is_used_again_once_no_view_of_it_is_left_and_is_zero_then():
    first = blank((MAPPED,), np.dtype(np.int64))
    place = first.ctypes.data
    view = first.reshape(4, -1)[2]
    view[:] = 7
    del first
    while_viewed = blank((MAPPED,), np.dtype(np.int64))
    assert while_viewed.ctypes.data != place and (view == 7).all()
    del view
    again = blank((MAPPED,), np.dtype(np.int64))
    assert again.ctypes.data == place and not again.any()
    larger = blank((2 * MAPPED,), np.dtype(np.int64))
    assert larger.ctypes.data not in (place, while_viewed.ctypes.data)


def test_every_deal_takes_whole_cache_lines():
    deals = empty_deals(2, 193)
    assert deals.dtype.itemsize % 64 == 0 and deals.ctypes.data % 64 == 0


def test_a_step_of_use_reads_one_line_of_a_deal():
    fields = empty_deals(1, 193).dtype.fields
    for name in ("vendor", "stack", "mode", "capacity", "used", "fit", "ceiling", "kept", "price", "paid"):
        kind, offset = fields[name][:2]
        assert offset + kind.itemsize <= 64, name


def test_untouched_memory_is_zero_and_new():
    first = untouched((3, 5), np.dtype(np.int64))
    assert first.shape == (3, 5) and not first.any()
    first[...] = 7
    del first
    assert not untouched((3, 5), np.dtype(np.int64)).any()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_does_not_write_into_its_parents_world():
    array = blank((MAPPED,), np.dtype(np.int64))
    child = os.fork()
    if child == 0:
        array[0] = 1
        os._exit(0)
    os.waitpid(child, 0)
    assert array[0] == 0
