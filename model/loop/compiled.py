"""How every kernel compiles.

`error_model="numpy"`: checks for division by zero keep loops from vectorising, so kernels guard their denominators. No
fastmath: it makes `isnan` false. Kernels release the GIL; plain threads take slices of runs, so results cannot depend
on their number.

A kernel that another one calls is only translated, to a part (`parts.py`); what Python calls is compiled as a whole,
with all of its parts, once.
"""

import hashlib

from numba import types
from numba.core import sigutils
from numba.core.compiler_lock import global_compiler_lock
from numba.core.registry import CPUDispatcher
from numba.core.typing import make_concrete_template

from stackcraft.model.loop.cache import keep
from stackcraft.model.loop.parts import PartCompiler, WholeCompiler, content

LONGEST_NAME = 60  # of a type, within the names of compiled functions
OPTIONS = {"nopython": True, "error_model": "numpy", "nogil": True}


def _short_name(self: types.Type) -> tuple[str, tuple]:
    """Return a type's name for use within the names of functions: a hash where it is long.

    numba would name a record by the order in which this process met its types, which says nothing to another process
    that finds the part on disk. The name of a record spells all of its fields, and the name of every function all types
    of its arguments: tens of thousands of characters, which the compiler would read and write again and again.
    """
    if len(self.name) <= LONGEST_NAME:
        return self.name, ()
    return f"{type(self).__name__}_{hashlib.sha256(self.name.encode()).hexdigest()[:16]}", ()


types.Type.mangling_args = types.Record.mangling_args = property(_short_name)


class Entry(CPUDispatcher):
    """What Python calls of a kernel."""

    def __init__(self, function, kept):
        super().__init__(function, targetoptions=dict(OPTIONS))
        self._compiler = WholeCompiler(function, self.targetdescr, self.targetoptions, kept)


class Kernel(CPUDispatcher):
    """A compiled function: a part of the kernels that call it, and a whole of its own once Python calls it."""

    def __init__(self, function, only=None, kept=True):
        super().__init__(function, targetoptions=dict(OPTIONS))
        self._compiler = PartCompiler(function, self.targetdescr, self.targetoptions, kept)
        self._only = None if only is None else tuple(sigutils.normalize_signature(only)[0])
        self.whole = keep(Entry(function, kept), content) if kept else Entry(function, kept)

    def __call__(self, *given):
        if self._only and self.whole._can_compile:
            with global_compiler_lock:  # two threads may come here at the same time
                if self.whole._can_compile:
                    self.whole.compile(self._only)
                    self.whole.disable_compile()
        return self.whole(*given)

    def get_call_template(self, args, kws):
        """Type a call by a kernel; one translation serves all values of an argument."""
        pysig, args = self.fold_argument_types(args, kws)
        self.compile(self._only or tuple(types.unliteral(one) for one in args))
        template = make_concrete_template(f"CallTemplate({self.__name__})", self.__name__, self.nopython_signatures)
        return template, pysig, args, {}

    def compile(self, args):
        """Translate the kernel for these types of arguments, or load its part, unless that is done."""
        with global_compiler_lock:
            if args not in self.overloads:
                self.add_overload(self._compiler.load(args) or self._compiler.compile(args, None))
            return self.overloads[args].entry_point

    def add_overload(self, part):
        """Know a part by its types; numba would let Python call it, too."""
        self.overloads[tuple(part.signature.args)] = part
        self.targetctx.insert_user_function(part.entry_point, part.fndesc, [part.library])


def compiled(function):
    """Compile a kernel for every signature that it is called with, and keep the result on disk."""
    return Kernel(function)


def compiled_here(function):
    """Compile a kernel for this process alone: it may use objects of it, and nothing is kept on disk."""
    return Kernel(function, kept=False)


def compiled_for(signature):
    """Compile a small kernel for one signature only; arguments of other widths are converted."""

    def compile_kernel(function):
        return Kernel(function, signature)

    return compile_kernel
