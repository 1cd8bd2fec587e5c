"""Asking for memory ahead of its use.

It changes no value; it only shortens the wait when a batch's next run is fetched from far.
"""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from stackcraft.model.loop.codes import EMPTY, N_LAYERS, N_SLOTS
from stackcraft.model.loop.compiled import compiled

LINE = 64  # bytes of a cache line


@intrinsic
def ask_for(typing_context, record):
    """Ask for every cache line of a record."""
    size = record.size

    def build(context, builder, signature, arguments):
        byte = ir.IntType(8).as_pointer()
        start, number = builder.bitcast(arguments[0], byte), ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
        for offset in range(0, size, LINE):
            place = builder.gep(start, [ir.Constant(ir.IntType(64), offset)])
            builder.call(prefetch, [place, number(0), number(3), number(1)])  # to read, keep, data
        return context.get_dummy_value()

    return types.void(record), build


@compiled
def ask_for_deals(run):
    """Ask for the deals of a run before its January reads them one after another."""
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            for i in range(N_SLOTS):
                if run.state.stage[c, l, i] != EMPTY:
                    ask_for(run.deals.at[c, l, i])
