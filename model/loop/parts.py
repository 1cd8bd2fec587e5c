"""Parts and wholes: kernels that others call are translated one by one, and optimised once, in what Python calls.

numba would optimise a kernel, make machine code of it, and link, optimise and translate it once more in each kernel
that calls it, over all levels of the model. Here a kernel that another one calls is kept as the compiler's
intermediate code alone, a part, without machine code and without the code of what it calls itself. A kernel that
Python calls is a whole: all parts that it needs, at any depth, are put together and optimised as one program, in which
the compiler sees every call of every kernel.
"""

from __future__ import annotations

import dis
import hashlib
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import llvmlite
import llvmlite.binding as llvm
import numba
import numpy as np
from numba.core import compiler
from numba.core.codegen import CPUCodeLibrary, JITCodeLibrary
from numba.core.dispatcher import Dispatcher, _FunctionCompiler
from numba.core.funcdesc import PythonFunctionDescriptor
from numba.core.typing import signature

from stackcraft.agents.source_code import without_comments
from stackcraft.model.loop.cache import load_part, save_part
from stackcraft.model.loop.lowering import passes

COMPILED = "_ZN"  # how the names of functions begin that were Python
PARTS: dict[str, KernelPart] = {}  # by the name of the function


@cache
def content(function: Callable) -> str:
    """Return a hash of what a function says and of everything that it uses: kernels, numbers, tables.

    Comments, docstrings and the lines on which it stands do not count.
    """
    digest = hashlib.sha256(_makers())
    digest.update(repr(_code(function.__code__, function.__doc__)).encode())
    around = zip(function.__code__.co_freevars, function.__closure__ or (), strict=True)
    read = {name: function.__globals__[name] for name in _globals(function.__code__) if name in function.__globals__}
    for name, value in sorted(
        (read | {name: cell.cell_contents for name, cell in around}).items(), key=lambda one: one[0]
    ):
        digest.update(f"{name}={_value(value)}".encode())
    return digest.hexdigest()[:16]


@cache
def _makers() -> bytes:
    """Return what translates kernels: the compiler's versions, and the files that say how."""
    files = [Path(__file__).with_name(f"{name}.py") for name in ("compiled", "lowering", "parts")]
    released = (sys.version_info[:2], numba.__version__, llvmlite.__version__, np.__version__)
    return repr((released, [without_comments(file.read_text(encoding="utf-8")) for file in files])).encode()


def _code(code: CodeType, documented: str | None) -> tuple:
    """Return what a function's code says; `documented` is its docstring, the first of its constants."""
    constants = list(code.co_consts)
    if constants[:1] in ([None], [documented]):
        constants[0] = None
    inner = [_code(one, None) if isinstance(one, CodeType) else one for one in constants]
    return code.co_code, inner, code.co_names, code.co_varnames, code.co_freevars


def _globals(code: CodeType) -> set[str]:
    """Return the names of the globals that code reads."""
    names = {step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    return names.union(*(_globals(one) for one in code.co_consts if isinstance(one, CodeType)))


def _value(value: Any) -> str:
    """Return a text that says what a global of a kernel is."""
    if isinstance(value, np.ndarray):
        return f"{value.dtype} {value.shape} {hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()}"
    if isinstance(value, ModuleType):
        return value.__name__
    defined = value.py_func if isinstance(value, Dispatcher) else getattr(value, "_defn", value)  # or an intrinsic's
    if hasattr(defined, "__code__"):
        return content(defined)
    return getattr(value, "__qualname__", None) or f"{type(value).__name__} {value!r}"


class KernelPart(JITCodeLibrary):
    """The intermediate code of one kernel: it cannot be executed, only linked."""

    _bitcode: bytes | None = None

    def add_llvm_module(self, module: llvm.ModuleRef) -> None:
        self._final_module.link_in(module)

    def finalize(self) -> None:
        """Take in what is no kernel: numba's own functions, compiled for this one."""
        for library in dict.fromkeys(self._linking_libraries):
            if not isinstance(library, KernelPart):
                self._final_module.link_in(library._get_module_for_linking(), preserve=True)
        self._finalized = True

    @classmethod
    def kept(cls, codegen: Any, name: str, bitcode: bytes) -> KernelPart:
        """Return a part as it was when its intermediate code was kept."""
        part = cls(codegen, name)
        part._bitcode, part._finalized = bitcode, True
        PARTS[name] = part
        return part

    def own_module(self) -> llvm.ModuleRef:
        """Return the code of this kernel alone."""
        if self._bitcode is not None:
            self._final_module, self._bitcode = llvm.parse_bitcode(self._bitcode), None
        return self._final_module

    def _get_module_for_linking(self) -> llvm.ModuleRef:
        """Return its code with that of all parts that it needs: for a function that is not compiled here."""
        if self._shared_module is None:
            module = self.own_module().clone()
            for part in list(parts_of(self._codegen, module)):
                module.link_in(part.own_module(), preserve=True)
            _nothing_missing(module)
            for function in module.functions:
                if not function.is_declaration and function.linkage == llvm.Linkage.external:
                    function.linkage = "linkonce_odr"
            self._shared_module = module
        return self._shared_module


def parts_of(codegen: Any, module: llvm.ModuleRef) -> Iterator[KernelPart]:
    """Give each part that a module needs, directly or through others."""
    seen, modules = set(), [module]
    while modules:
        for function in modules.pop().functions:
            if function.is_declaration and function.name not in seen:
                seen.add(function.name)
                part = _part(codegen, function.name)
                if part:
                    modules.append(part.own_module())
                    yield part


def _part(codegen: Any, name: str) -> KernelPart | None:
    """Return the part of this name, None if it is no kernel."""
    if name not in PARTS and name.startswith(COMPILED):
        kept = load_part(name)
        return kept and KernelPart.kept(codegen, name, kept[1])
    return PARTS.get(name)


def _nothing_missing(module: llvm.ModuleRef) -> None:
    """Raise `RuntimeError` if a module calls a kernel that it does not hold: the call would end the process."""
    for function in module.functions:
        if function.is_declaration and function.name.startswith(COMPILED):
            raise RuntimeError(f"a part of the model's compiled code has gone: {function.name}; start again")


class KernelWhole(JITCodeLibrary):
    """The machine code of a kernel that Python calls, with everything that it needs.

    `here`: it is for this process alone, and may use its objects.
    """

    here = False

    def add_llvm_module(self, module: llvm.ModuleRef) -> None:
        self._final_module.link_in(module)

    def finalize(self) -> None:
        """Put the parts together; nothing but the kernel itself is seen from outside, so the optimiser is free."""
        module = self._final_module
        entries = {function.name for function in module.functions if not function.is_declaration}
        for library in dict.fromkeys(self._linking_libraries):
            if not isinstance(library, KernelPart):
                module.link_in(library._get_module_for_linking(), preserve=True)
        for part in list(parts_of(self._codegen, module)):
            module.link_in(part.own_module(), preserve=True)
        _nothing_missing(module)
        for function in module.functions:
            if not function.is_declaration and function.name not in entries:
                function.linkage = "internal"
        self._optimize_final_module()
        module.verify()
        self._finalize_final_module()
        if self.has_dynamic_globals and not self.here:
            raise RuntimeError(f"{self.name} refers to an object of this process; its parts cannot be kept")

    def _optimize_final_module(self) -> None:
        passes, builder = self._codegen._module_pass_manager()
        passes.run(self._final_module, builder)

    def serialize_using_object_code(self) -> tuple:
        """Return the machine code and, in place of intermediate code, the names of what it defines."""
        names = [function.name for function in self._final_module.functions if not function.is_declaration]
        stub = "\n".join(f'define void @"{name}"() {{ ret void }}' for name in names)
        return self.name, "object", (self._get_compiled_object(), llvm.parse_assembly(stub).as_bitcode())


class _Pipeline(compiler.Compiler):
    """numba's own, but the name of a function says what is in it, not how many were compiled before it."""

    def define_pipelines(self) -> list:
        return [passes(self.state)]

    def _compile_bytecode(self) -> Any:
        identity = self.state.func_id
        identity.unique_id = content(identity.func)
        identity.unique_name = f"{identity.func_qualname}${identity.unique_id}"
        return super()._compile_bytecode()


class WholeCompiler(_FunctionCompiler):
    """Compiles what Python calls."""

    library_class: type[CPUCodeLibrary] = KernelWhole

    def __init__(self, function: Callable, target: Any, options: dict[str, Any], kept: bool = True) -> None:
        super().__init__(function, target, options, {}, _Pipeline)
        self.kept = kept

    def flags(self) -> compiler.Flags:
        """Return the options as numba wants them."""
        flags = compiler.Flags()
        self.targetdescr.options.parse_as_flags(flags, self.targetoptions)
        return self._customize_flags(flags)

    def _customize_flags(self, flags: compiler.Flags) -> compiler.Flags:
        # No kernel of the loop makes an array: what it is given outlives the call, and there is nothing to count. To
        # count references would be a call in every loop over an array within a record, and a loop with a call in it
        # is never vectorised. What checks and tests compile may make arrays.
        if Path(self.py_func.__code__.co_filename).parent == Path(__file__).parent:
            flags.nrt = False
        return flags

    def _compile_core(self, args: tuple, return_type: Any) -> compiler.CompileResult:
        context = self.targetdescr.target_context
        library = self.library_class(context.codegen(), self.py_func.__qualname__)
        library.enable_object_caching()
        library.here = not self.kept
        return compiler.compile_extra(
            self.targetdescr.typing_context,
            context,
            self.py_func,
            args=args,
            return_type=return_type,
            flags=self.flags(),
            locals={},
            library=library,
            pipeline_class=self.pipeline_class,
        )


class PartCompiler(WholeCompiler):
    """Translates what kernels call, and does no more."""

    library_class = KernelPart

    def _customize_flags(self, flags: compiler.Flags) -> compiler.Flags:
        flags.no_compile = flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
        return super()._customize_flags(flags)

    def _compile_core(self, args: tuple, return_type: Any) -> compiler.CompileResult:
        part = super()._compile_core(args, return_type)
        part.library._ensure_finalized()
        name = part.fndesc.mangled_name
        PARTS[name] = part.library
        if self.kept:
            save_part(name, (part.signature.return_type, part.library.own_module().as_bitcode()))
        return part._replace(entry_point=object())

    def load(self, args: tuple) -> compiler.CompileResult | None:
        """Return a part that was translated before, if it is kept."""
        if not self.kept:
            return None
        context, function = self.targetdescr.target_context, self.py_func

        def description(return_type: Any) -> PythonFunctionDescriptor:
            return PythonFunctionDescriptor(
                True,
                function.__module__,
                function.__qualname__,
                f"{function.__qualname__}${content(function)}",
                "",
                None,
                return_type,
                None,
                tuple(self.pysig.parameters),
                (),
                mangler=context.mangler,
                argtypes=args,
                abi_tags=[self.flags().get_mangle_string()],
                uid=content(function),
            )

        name = description(None).mangled_name
        kept = load_part(name)
        return kept and compiler.compile_result(
            typing_context=self.targetdescr.typing_context,
            target_context=context,
            entry_point=object(),
            library=KernelPart.kept(context.codegen(), name, kept[1]),
            fndesc=description(kept[0]),
            signature=signature(kept[0], *args),
            objectmode=False,
            lifted=(),
            typing_error=None,
        )
