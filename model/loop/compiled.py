"""How every kernel compiles.

`error_model="numpy"`: checks for division by zero keep loops from vectorising, so kernels guard their denominators. No
fastmath: it makes `isnan` false. Kernels release the GIL; plain threads take slices of runs, so results cannot depend
on their number.
"""

from numba import njit

from stackcraft.model.loop.cache import keep


def compiled(function):
    """Compile a kernel for every signature that it is called with, and keep the result on disk."""
    return keep(njit(error_model="numpy", nogil=True)(function))


def compiled_for(signature):
    """Compile a small kernel once, for one signature; arguments of other widths are converted."""

    def compile_kernel(function):
        kernel = keep(njit(error_model="numpy", nogil=True)(function))
        kernel.compile(signature)
        kernel.disable_compile()
        return kernel

    return compile_kernel
