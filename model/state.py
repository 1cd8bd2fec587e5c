"""The state of the world: structured arrays with a leading run axis, one record a run.

Everything a run knows is kept in three arrays: `state` (one record a run), `deals` (run, country, layer, slot) and
`book` (run, year: what is recorded each January). To save, restore or branch a world is to copy arrays.
"""

import mmap
import weakref

import numpy as np

from stackcraft.model.loop.codes import (
    LOAN_ROWS,
    N_CHANNELS,
    N_FINANCIERS,
    N_HOMES,
    N_LAYERS,
    N_SLOTS,
    N_STACKS,
    N_TASTES,
    N_USES,
    VENDOR_PLACES,
)

REAL, WHOLE, FLAG, MONTH = np.float64, np.int64, np.int8, np.int16


def state_fields(countries: int) -> list[tuple[str, type, tuple[int, ...], str]]:
    """Name, type, shape and meaning of every field of the state; money in bn$, rates a year unless said."""
    c, l, s, v, h, f = countries, N_LAYERS, N_STACKS, VENDOR_PLACES, N_HOMES, N_FINANCIERS
    return [
        ("key", np.uint64, (), "key of the run's luck"),
        ("month", WHOLE, (), "months since the start"),
        ("start_year", WHOLE, (), "calendar year of month 0"),
        ("status", WHOLE, (), "0 while the run is sound"),
        ("deals_signed", WHOLE, (), "deals so far; numbers the ledger"),
        ("packages", WHOLE, (), "packages so far"),
        # countries
        ("taste", REAL, (c, N_TASTES), "factors on tastes"),
        ("prior_against", REAL, (c, s, N_CHANNELS), "prior weight against (b)"),
        ("prior_for", REAL, (c, s, N_CHANNELS), "prior weight for (a)"),
        ("belief_against", REAL, (c, s, N_CHANNELS), "weight against: events"),
        ("belief_for", REAL, (c, s, N_CHANNELS), "weight for: quiet years"),
        ("severity", REAL, (c, s, N_CHANNELS), "severity of this year's events at home"),
        ("fear", REAL, (c, s, 2), "chance of a cut-off, of a breach within the horizon, as the buyer sees it"),
        ("kept", REAL, (c, s), "chance that a commitment is kept, as the buyer sees it"),
        ("true_hazard", REAL, (c, s, N_CHANNELS), "true hazards of the year"),
        ("use_mix", REAL, (c, N_USES), "mix of uses"),
        ("sovereignty_shift", REAL, (c,), "what changes of government did to the appetite for sovereignty"),
        ("scepticism_shift", REAL, (c, s), "what they did to scepticism"),
        ("goodwill", REAL, (c, s), "goodwill, 0-1"),
        ("debt_until", WHOLE, (c,), "month until which the country is in debt distress"),
        ("sanctioned_until", WHOLE, (c, s), "month until which a home sanctions the country"),
        ("champion", REAL, (c,), "1 while the country backs its domestic champion"),
        ("reputation", REAL, (c, v), "what use of a vendor's deals here and at peers says of it"),
        ("log_fit", REAL, (c, v), "log fit that a buyer expects of a vendor"),
        ("appeal", REAL, (c, v), "fit, reputation and, for a domestic champion, what it has learned: log quality"),
        ("scepticism", REAL, (c, s), "scepticism of a stack's home now"),
        ("banned", REAL, (c, h), "largest degree in which a home's vendors are banned on a layer"),
        ("concessions", REAL, (c, h), "stakes conceded this year"),
        # cells
        ("demand", REAL, (c, l), "demand, bn$ a year"),
        ("capacity", REAL, (c, l), "contracted capacity in operation, bn$ a year"),
        ("pending", REAL, (c, l), "capacity in the pipeline, bn$ a year"),
        ("pipeline", FLAG, (c, l), "deals in the pipeline"),
        ("used", REAL, (c, l), "capacity in use, bn$ a year"),
        ("experience", REAL, (c, l), "years of experience"),
        ("stock", REAL, (c, l, v), "installed by vendor, contracts and organic, bn$ a year"),
        ("stock_used", REAL, (c, l, s), "in use by stack, bn$ a year"),
        ("share", REAL, (c, l, s), "installed share of each stack, by what a sale is made of"),
        ("opening_share", REAL, (c, l, s), "the same at the quarter's opening, as peers see it"),
        ("standing", REAL, (c, l, s), "installed by stack, without the domestic champion, at the last record"),
        ("exposed", REAL, (c, l, s), "the same weighted by how easily its sellers can cut it off"),
        ("bill", REAL, (c,), "what the country pays for all that is installed, bn$ a year, at the last record"),
        ("organic", REAL, (c, l, v), "what firms and people buy without any government deal, bn$ a year"),
        ("organic_choice", REAL, (c, l, v), "unsupported choice probabilities of this January"),
        ("peers_served", REAL, (c, l), "share of peers that are served"),
        ("skills", REAL, (c,), "what spending on skills has built up, 0-1"),
        ("absorption", REAL, (c,), "absorption, with the skills that were built up"),
        ("win_unsupported", REAL, (c, l, s), "chance that a stack wins a tender unsupported, this January"),
        ("win_nothing", REAL, (c, l), "chance that nothing is bought"),
        ("additional", REAL, (h, c, l), "what a home's finance would add to the chance of winning, at the last survey"),
        ("target", REAL, (h, c, l), "score of the cells that a home supports this year; 0 = not supported"),
        ("constant", REAL, (c, l, s), "constants that reproduce the start (xi)"),
        (
            "constant_at_sale",
            REAL,
            (c, l, s),
            "added at a tender for something new: what lets the shares be won though not every vendor bids",
        ),
        (
            "constant_at_renewal",
            REAL,
            (c, l, s),
            "added at a renewal: what lets as much leave each stack as comes to it",
        ),
        ("last_award", WHOLE, (c, l), "month of the last award"),
        ("last_vendor", WHOLE, (c, l), "vendor of the last award"),
        ("next_month", MONTH, (c, l, N_SLOTS), "month of each slot's next event; -1 = none"),
        ("stage", FLAG, (c, l, N_SLOTS), "stage of each slot"),
        ("ends", REAL, (c, l, N_SLOTS), "month in which each slot's contract ends"),
        # layers, stacks and sides
        ("standards", REAL, (l, s), "installed-base standards"),
        ("quality", REAL, (v, l), "log quality, the best of a layer at 0"),
        ("quality_by_layer", REAL, (l, v), "the same, transposed"),
        ("budget", REAL, (h,), "what is left of the year's budget"),
        ("appropriation", REAL, (h,), "the year's budget, without the part kept for finance"),
        ("purse", REAL, (h,), "what is left of the part of the year's budget that is kept for finance"),
        ("slots_left", REAL, (h,), "tenders that the programme can still handle this year"),
        ("subsidy_on", REAL, (h,), "1 while there is money for subsidies"),
        ("broken_until", WHOLE, (h,), "month until which a broken supply bond is remembered"),
        ("last_score", REAL, (h,), "last year's programme score, against the year before"),
        ("bust_until", WHOLE, (), "month until which the AI bust lasts"),
        ("power_until", WHOLE, (), "month until which the energy crisis lasts"),
        ("tariff_until", WHOLE, (h,), "month until which a tariff row lasts"),
        ("tariff_size", REAL, (h,), "size of that row; 1 is the usual one"),
        ("shock_month", MONTH, (32,), "months of this year's world shocks; -1 = none"),
        ("country_shock_month", MONTH, (c, 2), "months of this year's country shocks; -1 = none"),
        ("market_stale", WHOLE, (), "1 when offers must be computed again"),
        # vendors and financiers
        ("revenue", REAL, (v,), "this year's revenue abroad"),
        ("data_use", REAL, (v,), "use of models, this year"),
        ("cash", REAL, (v,), "cash"),
        ("alive", REAL, (v,), "1 while in business"),
        ("quick_until", WHOLE, (v,), "month until which a vendor short of cash goes for quick wins"),
        ("supply_left", REAL, (l, v), "value of new contracts that a vendor can still take on this year, bn$"),
        ("exposure", REAL, (f,), "outstanding and committed"),
        ("overdue", REAL, (f,), "overdue"),
        ("committed", REAL, (f,), "committed this year"),
        ("finance_factor", REAL, (f, c), "cost to the buyer of a dollar financed"),
        ("finance_terms", REAL, (f, 10), "terms for which the factors were computed"),
        ("reserve", REAL, (f,), "what financiers have set aside for losses"),
        ("uncovered", REAL, (f,), "losses beyond it that the public has paid and recoveries have not given back"),
        ("loans", WHOLE, (), "loan book: loans outstanding, in the first rows"),
        ("loan_owed", REAL, (LOAN_ROWS,), "owed to the financier, bn$"),
        ("loan_ratio", REAL, (LOAN_ROWS,), "the partner's part over the financier's"),
        ("loan_lost", REAL, (LOAN_ROWS,), "share that is lost in a default once recoveries are in"),
        ("loan_luck", WHOLE, (LOAN_ROWS,), "slot of its draws"),
        ("loan_country", MONTH, (LOAN_ROWS,), "the borrower"),
        ("loan_payments", MONTH, (LOAN_ROWS,), "half-yearly payments of principal still due"),
        ("loan_grace", MONTH, (LOAN_ROWS,), "half-years of grace left"),
        ("loan_layer", FLAG, (LOAN_ROWS,), "what it paid for"),
        ("loan_slot", FLAG, (LOAN_ROWS,), "place of the deal that it paid for; -1 once that has gone"),
        ("loan_stack", FLAG, (LOAN_ROWS,), "stack of that deal"),
        ("loan_financier", FLAG, (LOAN_ROWS,), "who lends or covers"),
        ("loan_partner", FLAG, (LOAN_ROWS,), "who carries a part beside; -1 = nobody"),
        ("loan_extended", FLAG, (LOAN_ROWS,), "1 once its maturity was extended"),
        ("loans_disbursed", REAL, (), "disbursed so far"),
        ("loans_repaid", REAL, (), "principal repaid so far"),
        ("loans_written_off", REAL, (), "written off so far"),
        ("loans_recovered", REAL, (), "recovered so far"),
        ("recovery_due", REAL, (f, 40), "recoveries by year from the start"),
        ("arrears_end", REAL, (f, 40), "arrears that are settled, by year from the start"),
        ("left_due", REAL, (s, 40), "adopters that left and are due for the retention count, by year from the start"),
        ("left_retained", REAL, (s, 40), "of them, still with the stack"),
        ("left_use", REAL, (s, 40), "sum over those of the share of capacity in use"),
    ]


# One deal takes three cache lines of 64 bytes, ordered by how often they are read together: what use, pay and the
# record read of every deal; what signing, building and lending need; what was agreed. Terms agreed are copies of levers
# and need no more than single precision.
TERM = np.float32
DEAL_FIELDS = [
    ("vendor", FLAG, "vendor number"),
    ("stack", FLAG, "its stack"),
    ("kind", FLAG, "row of the life-cycle tables"),
    ("deal_class", FLAG, "sovereign, narrow or software"),
    ("mode", FLAG, "sold, operated, by a partner, self-hosted"),
    ("origin", FLAG, "how the deal came about"),
    ("cause", FLAG, "what the next event is"),
    ("holdover", FLAG, "1 while it waits for its successor"),
    ("capacity", REAL, "bn$ a year"),
    ("used", REAL, "share of capacity in use"),
    ("fit", REAL, "fit to the country's needs and sectors"),
    ("ceiling", REAL, "share of capacity that can come into use"),
    ("kept", REAL, "share of the distance to it that is left after an update of use"),
    ("price", TERM, "agreed price over the reference, as the vendor earns it"),
    ("paid", TERM, "the same as the buyer pays it, after subsidies"),
    ("cut", TERM, "how easily the seller can cut the buyer off"),
    ("operating", TERM, "month of first operation"),
    ("clock", REAL, "exact month of the next event"),
    ("ledger", np.int32, "row of the ledger; -1 = none"),
    ("package", np.int32, "package; -1 = none"),
    ("loan_row", np.int32, "row of its loan in the loan book; -1 = none"),
    ("signed", TERM, "month"),
    ("payments", np.int16, "half-yearly payments of principal agreed"),
    ("grace", np.int16, "half-years of grace agreed"),
    ("renewals", np.int16, "times renewed"),
    ("financier", FLAG, "who finances; -1 = nobody"),
    ("partner", FLAG, "who carries a part of the loan beside; -1 = nobody"),
    ("instrument", FLAG, "main instrument; -1 = none"),
    ("supported", FLAG, "1 if a home supports it"),
    ("diverted", FLAG, "1 after a diversion"),
    ("value", REAL, "value of the contract, bn$"),
    ("commitment", REAL, "committed and not yet disbursed, bn$"),
    ("rate", TERM, "a year"),
    ("partner_ratio", TERM, "the partner's part over the financier's"),
    ("mix", (TERM, (N_USES,)), "mix of uses served"),
    ("customisation", TERM, "customisation"),
    ("option_value", TERM, "option value"),
    ("turnkey", TERM, "turnkey delivery"),
    ("sector", TERM, "fit to the sectors in need"),
    ("lock_contract", TERM, "lock-in by contract"),
    ("lock_silicon", TERM, "lock-in by silicon"),
    ("supply_bond", TERM, "supply bond posted at signing"),
    ("hosting", TERM, "local hosting"),
    ("capacity_building", TERM, "training and skills"),
    ("grant", TERM, "bn$"),
    ("cancel_factor", TERM, "factor on cancelling"),
    ("megawatts", TERM, "MW"),
]
MAPPED = 1 << 20  # bytes from which an array is mapped
_spare: list[mmap.mmap] = []  # memory that no array uses any more


def blank(shape: tuple[int, ...], kind: np.dtype) -> np.ndarray:
    """Zeros for what a batch fills run by run, at the start of a memory page.

    Large arrays are mapped in ordinary pages: NumPy would ask for huge ones, whose first touch takes several times as
    long here.
    """
    size = int(np.prod(shape)) * kind.itemsize
    if size < MAPPED:
        return np.zeros(shape, kind)
    return _memory(size)[:size].view(kind).reshape(shape)


def untouched(shape: tuple[int, ...], kind: np.dtype) -> np.ndarray:
    """Zeros of which most are never used: new from the system, so that only what is touched takes time and room."""
    size = int(np.prod(shape)) * kind.itemsize
    return np.frombuffer(mmap.mmap(-1, size, **_private()), np.uint8)[:size].view(kind).reshape(shape)


def _memory(size: int) -> np.ndarray:
    """Zeroed bytes, at least `size`.

    Memory that an earlier batch let go of where it fits, which spares the first touch, or new.
    """
    for piece in sorted(_spare, key=len):
        if size <= len(piece) <= 1.25 * size:
            try:
                _spare.remove(piece)
            except ValueError:  # another thread was quicker
                continue
            array = _kept(piece)
            array[:size] = 0
            return array
    _spare.clear()  # of other sizes: they would only take room
    return _kept(mmap.mmap(-1, size, **_private()))


def _kept(piece: mmap.mmap) -> np.ndarray:
    """The bytes of a piece of memory, which is spare again when this array and every view of it are gone."""
    array = np.frombuffer(piece, np.uint8)
    weakref.finalize(array, _spare.append, piece).atexit = False
    return array


def _private() -> dict[str, int]:
    """Private, where the system knows the difference: a forked process must not write into its parent's world."""
    return {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}


def empty_state(runs: int, countries: int) -> np.ndarray:
    return blank((runs,), np.dtype([(n, k, s) for n, k, s, _ in state_fields(countries)], align=True))


def empty_deals(runs: int, countries: int) -> np.ndarray:
    """Empty places for deals, (runs, countries, N_LAYERS, N_SLOTS), each at the start of a cache line."""
    fields = [(name, *kind) if isinstance(kind, tuple) else (name, kind) for name, kind, _ in DEAL_FIELDS]
    return blank((runs, countries, int(N_LAYERS), int(N_SLOTS)), np.dtype(fields, align=True))
