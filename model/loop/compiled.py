"""One decorator that fixes how every kernel compiles.

`error_model="numpy"`: zero-division checks keep loops from vectorising, so kernels guard their own denominators. No
fastmath: it makes `isnan` false. Kernels release the GIL; plain threads take slices of runs, so results cannot depend
on their number.
"""

from numba import njit


def compiled(function):
    """Compile a kernel that other kernels call (no Python wrapper: half the compile time)."""
    return njit(error_model="numpy", nogil=True, cache=True)(function)


def compiled_for(signature):
    """Compile a small kernel once, for one signature; arguments of other widths are converted."""
    return njit(signature, error_model="numpy", nogil=True, cache=True)


def entry(function):
    """Compile a kernel that Python calls."""
    return njit(error_model="numpy", nogil=True, cache=True)(function)
