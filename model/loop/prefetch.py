"""Asking for memory ahead of its use.

It changes no value; it only shortens the wait when a batch's next run, or a month's next tender, is fetched from far.
A run is larger than the cache of a core, and tenders come from anywhere.
"""

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from stackcraft.model.loop.codes import EMPTY, N_LAYERS, N_PEERS, N_SLOTS
from stackcraft.model.loop.compiled import compiled

LINE = 64  # bytes of a cache line
DATA = 4  # place of the pointer to the elements in an array, as numba passes it


def _ask(builder, start, size):
    """Ask for every cache line of `size` bytes from a pointer on, wherever in a line they begin."""
    byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
    start = builder.bitcast(start, byte)
    kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
    prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], kind)
    for offset in sorted({*range(0, size, LINE), size - 1}):
        place = builder.gep(start, [ir.Constant(ir.IntType(64), offset)])
        builder.call(prefetch, [place, number(0), number(3), number(1)])  # to read, keep, data


@intrinsic
def ask_for(typing_context, record):
    """Ask for every cache line of a record."""

    def build(context, builder, signature, arguments):
        _ask(builder, arguments[0], record.size)
        return context.get_dummy_value()

    return types.void(record), build


@intrinsic
def ask_for_row(typing_context, array, row):
    """Ask for what an array within a record holds at place `row` of its first axis."""

    def build(context, builder, signature, arguments):
        offset = builder.mul(arguments[1], ir.Constant(ir.IntType(64), array.strides[0]))
        start = builder.bitcast(builder.extract_value(arguments[0], DATA), ir.IntType(8).as_pointer())
        _ask(builder, builder.gep(start, [offset]), array.strides[0])
        return context.get_dummy_value()

    return types.void(array, types.intp), build


@intrinsic
def ask_for_cell(typing_context, array, row, column):
    """Ask for what an array within a record holds at places `row` and `column` of its first two axes."""

    def build(context, builder, signature, arguments):
        whole, part = (ir.Constant(ir.IntType(64), stride) for stride in array.strides[:2])
        offset = builder.add(builder.mul(arguments[1], whole), builder.mul(arguments[2], part))
        start = builder.bitcast(builder.extract_value(arguments[0], DATA), ir.IntType(8).as_pointer())
        _ask(builder, builder.gep(start, [offset]), array.strides[1])
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp), build


@compiled
def ask_for_deals(run):
    """Ask for the deals of a run before its January reads them one after another."""
    for c in range(run.facts.countries):
        for l in range(N_LAYERS):
            for i in range(N_SLOTS):
                if run.state.stage[c, l, i] != EMPTY:
                    ask_for(run.deals.at[c, l, i])


@compiled
def ask_for_tender(run, c, l):
    """Ask for what the decision of a tender of this cell reads of the state, while the one before it is decided."""
    w, k, m = run.state, run.facts, run.market
    ask_for(run.importer.at[c])
    ask_for_row(w.demand, c)
    ask_for_row(w.share, c)
    ask_for_row(w.taste, c)
    ask_for_row(w.fear, c)
    ask_for_row(w.kept, c)
    ask_for_row(w.goodwill, c)
    ask_for_row(w.scepticism, c)
    ask_for_row(w.banned, c)
    ask_for_row(w.appeal, c)
    ask_for_row(w.stage, c)
    ask_for_row(w.constant, c)
    ask_for_row(w.belief_against, c)
    ask_for_row(w.use_mix, c)
    ask_for_cell(w.constant_at_sale, c, l)
    ask_for_cell(w.constant_at_renewal, c, l)
    ask_for_cell(w.stock, c, l)
    ask_for_cell(w.ends, c, l)
    ask_for_row(m.chance_bid, c)
    ask_for_row(m.chance_considered, c)
    for j in range(N_PEERS):
        ask_for_cell(w.opening_share, k.peer_index[c, j], l)
    for i in range(N_SLOTS):
        if w.stage[c, l, i] != EMPTY:
            ask_for(run.deals.at[c, l, i])
