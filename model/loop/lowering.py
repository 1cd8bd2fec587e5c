"""From typed code to the compiler's intermediate code: how kernels reach into records, and what may overlap.

Nearly all that kernels do is to read and write elements of arrays within records, `run.state.share[c, l, s]`. numba
would build a general array for each, of which the optimiser takes apart again what it can. Here the element's place is
computed from sizes that the type tells. Indices count from the start: a negative one does not count from the end.

The records of a run lie in memory of their own each, which the optimiser cannot know unless it is told.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import types
from numba.core.compiler import DefaultPassBuilder
from numba.core.compiler_machinery import PassManager, register_pass
from numba.core.ir import Expr, Var
from numba.core.lowering import Lower
from numba.core.typed_passes import BaseNativeLowering, NativeLowering, NopythonRewrites
from numba.np.arrayobj import load_item, store_item

DATA = 4  # place of the pointer to the elements in an array, as numba passes it
WHOLE = ir.IntType(64)
WRITTEN = {"state", "book", "deals", "market", "ledger"}  # records of a run that kernels write


class KernelLower(Lower):
    """numba's own, with a short way to elements of arrays in records, and a word on what cannot overlap."""

    def setup_function(self, fndesc: Any) -> None:
        super().setup_function(fndesc)
        for name, kind in zip(fndesc.args, fndesc.argtypes, strict=True):
            if isinstance(kind, types.NamedTuple) and kind.instance_class.__name__ == "Run":
                others = [one for one in fndesc.argtypes if one is not kind]
                apart = _apart(kind, others)
                for argument in self.function.args:
                    if argument.name in {f"arg.{name}.{place}" for place in apart}:
                        argument.add_attribute("noalias")

    def lower_expr(self, result: types.Type, expr: Expr) -> Any:
        if expr.op == "getattr":
            record = self.typeof(expr.value.name)
            if isinstance(record, types.Record) and isinstance(record.typeof(expr.attr), types.NestedArray):
                return self._array_in(record, expr)
        elif expr.op in ("getitem", "static_getitem"):
            array = self.typeof(expr.value.name)
            indices = self._indices(array, expr.index) if isinstance(array, types.NestedArray) else None
            if indices:
                place = self._place(expr.value.name, array, indices)
                return load_item(self.context, self.builder, array, place)
        return super().lower_expr(result, expr)

    def lower_setitem(self, target: Any, index: Any, value: Any, signature: Any) -> None:
        array, kind = self.typeof(target.name), self.typeof(value.name)
        scalar = isinstance(kind, (types.Number, types.Boolean))
        indices = self._indices(array, index) if scalar and isinstance(array, types.NestedArray) else None
        if not indices:
            return super().lower_setitem(target, index, value, signature)
        place = self._place(target.name, array, indices)
        new = self.context.cast(self.builder, self.loadvar(value.name), kind, array.dtype)
        return store_item(self.context, self.builder, array, new, place)

    def _array_in(self, record: types.Record, expr: Expr) -> Any:
        """Return an array that lies within a record: all but its place is known beforehand."""
        array = record.typeof(expr.attr)
        start = self.builder.gep(
            self.builder.bitcast(self.loadvar(expr.value.name), ir.IntType(8).as_pointer()),
            [WHOLE(record.offset(expr.attr))],
            inbounds=True,
        )
        start = self.builder.bitcast(start, self.context.get_data_type(array.dtype).as_pointer())
        sizes = ir.ArrayType(WHOLE, array.ndim)
        layout = self.context.get_value_type(array)
        nowhere = [ir.Constant(layout.elements[place], None) for place in (0, 1, DATA)]
        known = ir.Constant(
            layout,
            (
                nowhere[0],
                nowhere[1],
                WHOLE(array.nitems),
                WHOLE(array.size),
                nowhere[2],
                ir.Constant(sizes, [WHOLE(size) for size in array.shape]),
                ir.Constant(sizes, [WHOLE(step) for step in array.strides]),
            ),
        )
        return self.builder.insert_value(known, start, DATA)

    def _indices(self, array: types.NestedArray, index: Any) -> list[Any] | None:
        """Return one whole number for each axis, None where an index is of another kind."""
        if not isinstance(index, Var):  # known beforehand
            numbers = index if isinstance(index, tuple) else (index,)
            if len(numbers) != array.ndim or not all(isinstance(number, (int, np.integer)) for number in numbers):
                return None
            return [WHOLE(int(number) % size) for number, size in zip(numbers, array.shape, strict=True)]
        kind = self.typeof(index.name)
        kinds = tuple(kind) if isinstance(kind, types.BaseTuple) else (kind,)
        if len(kinds) != array.ndim or not all(isinstance(one, types.Integer) for one in kinds):
            return None
        value = self.loadvar(index.name)
        single = not isinstance(kind, types.BaseTuple)
        values = [value] if single else [self.builder.extract_value(value, i) for i in range(array.ndim)]
        return [self.context.cast(self.builder, one, kind, types.intp) for one, kind in zip(values, kinds, strict=True)]

    def _place(self, name: str, array: types.NestedArray, indices: list[Any]) -> Any:
        """Return a pointer to an element."""
        number = indices[0]
        for index, size in zip(indices[1:], array.shape[1:], strict=True):
            number = self.builder.add(self.builder.mul(number, WHOLE(size), flags=["nsw"]), index, flags=["nsw"])
        return self.builder.gep(self.builder.extract_value(self.loadvar(name), DATA), [number], inbounds=True)


def _apart(run: types.NamedTuple, others: list[types.Type]) -> list[int]:
    """Return the places of the records of a run into which no other argument of a kernel points.

    What is never written may be pointed into by any number of arguments.
    """
    places = []
    anywhere = any(isinstance(one, types.Array) for one in others)
    for place, (name, record) in enumerate(zip(run.fields, run.types, strict=True)):
        inside = {record}
        for field in record.fields:
            kind = record.typeof(field)
            inside.add(kind.dtype if isinstance(kind, types.NestedArray) else kind)
        if name not in WRITTEN or not (anywhere or inside.intersection(others)):
            places.append(place)
    return places


@register_pass(mutates_CFG=True, analysis_only=False)
class KernelLowering(BaseNativeLowering):
    """The pass that makes intermediate code."""

    _name = "kernel_lowering"
    lowering_class = KernelLower


def passes(state: Any) -> PassManager:
    """Return numba's passes with our own lowering, and without rewriting of array expressions: kernels have none."""
    manager = PassManager("kernel")
    for one, why in DefaultPassBuilder.define_nopython_pipeline(state).passes:
        if one is not NopythonRewrites:
            manager.add_pass(KernelLowering if one is NativeLowering else one, why)
    manager.finalize()
    return manager
