"""One decorator that fixes how every kernel compiles.

`error_model="numpy"`: zero-division checks keep loops from vectorising, so kernels guard their own denominators. No
fastmath: it makes `isnan` false. Kernels release the GIL; plain threads take slices of runs, so results cannot depend
on their number.
"""

from numba import njit

from stackcraft.model.loop.cache import keep


def compiled(function):
    """Compile a kernel that other kernels call (no Python wrapper: half the compile time)."""
    return keep(njit(error_model="numpy", nogil=True)(function))


def compiled_for(signature):
    """Compile a small kernel once, for one signature; arguments of other widths are converted."""

    def compile_kernel(function):
        kernel = keep(njit(error_model="numpy", nogil=True)(function))
        kernel.compile(signature)
        kernel.disable_compile()
        return kernel

    return compile_kernel


def entry(function):
    """Compile a kernel that Python calls."""
    return keep(njit(error_model="numpy", nogil=True)(function))
