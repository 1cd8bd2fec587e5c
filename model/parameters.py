"""Every parameter of the model in one table; runs hold them in a structured array, one record a run."""

import numpy as np

from stackcraft.agents.declare import Declaration
from stackcraft.agents.declare import parts_of_shape as named_parts
from stackcraft.agents.errors import InputError, unknown
from stackcraft.agents.renamed import PARAMETERS as OLD_NAMES
from stackcraft.agents.renamed import name_of_today
from stackcraft.model.declared.choice import BIDS, CHOICE, CONTROL, PRICE
from stackcraft.model.declared.demand import DEMAND, USE
from stackcraft.model.declared.finance import FINANCE
from stackcraft.model.declared.lifecycle import LICENCES, LIFECYCLE, SHOCKS
from stackcraft.model.declared.scores import OBSERVATION, SCORES
from stackcraft.model.declared.trust import FEEDBACKS, TRUST

SUBJECTS: dict[str, tuple[Declaration, ...]] = {
    "choice": CHOICE,
    "control": CONTROL,
    "price": PRICE,
    "bids": BIDS,
    "demand": DEMAND,
    "use": USE,
    "life cycle": LIFECYCLE,
    "licences": LICENCES,
    "shocks": SHOCKS,
    "finance": FINANCE,
    "trust": TRUST,
    "feedbacks": FEEDBACKS,
    "scores": SCORES,
    "observation": OBSERVATION,
}
PARAMETERS: dict[str, Declaration] = {one.name: one for group in SUBJECTS.values() for one in group}


def dtype() -> np.dtype:
    """One field a parameter: float64, or a float64 sub-array for a parameter by layer, home, tier, ..."""
    return np.dtype([(name, np.float64, np.shape(one.default)) for name, one in PARAMETERS.items()], align=True)


def parts(one: Declaration) -> list[tuple[str, tuple[int, ...]]]:
    """The scalar parts of a parameter as (name, index): `incumbency.cloud` is ("cloud", (2,)); a scalar is ("", ())."""
    axes = named_parts(one.shape)
    if not axes:
        return [("", ())]
    result: list[tuple[str, tuple[int, ...]]] = [("", ())]
    for names in axes.values():
        result = [(f"{text}.{name}".strip("."), (*index, i)) for text, index in result for i, name in enumerate(names)]
    return result


def locate(name: str, where: str = "") -> tuple[Declaration, tuple[int, ...] | None]:
    """The declaration and index that `growth` or `growth.cloud` names; index None means the whole parameter.

    An old name is taken, with a note. Raises `InputError` with the nearest name.
    """
    head, _, tail = name_of_today(name, OLD_NAMES).partition(".")
    if head not in PARAMETERS:
        raise unknown("parameter", head, PARAMETERS, where)
    one = PARAMETERS[head]
    if not tail:
        return one, None
    options = dict(parts(one))
    if tail not in options:
        raise unknown(f"part of parameter {head}", tail, [key for key in options if key], where)
    return one, options[tail]


def assign(array: np.ndarray, name: str, value, where: str = "") -> None:
    """Set parameter `name` (or one part of it) in a structured array of any shape.

    `value` is a number, or an array that broadcasts against the field. Raises `InputError` if it is out of bounds.
    """
    one, index = locate(name, where)
    checked = one.check(value, f"parameter {name}" + (f" in {where}" if where else ""))
    field = array[one.name]
    if index is not None:
        field[(..., *index)] = checked
        return
    shape = np.shape(one.default)
    try:
        field[...] = np.broadcast_to(checked, field.shape)
    except ValueError:
        raise InputError(f"parameter {name} takes one number or {' x '.join(map(str, shape))} of them") from None


def defaults(runs: int) -> np.ndarray:
    """The default parameters, shape (runs,)."""
    array = np.zeros(runs, dtype())
    for name, one in PARAMETERS.items():
        array[name] = np.asarray(one.default, dtype=float)
    return array


def is_judged(name: str) -> bool:
    """Whether the scalar of that full name rests on a judgement; a parameter may have sourced and judged parts."""
    head, _, part = name.partition(".")
    one = PARAMETERS[head]
    return one.judgement and not (part and part in one.sourced)


def scalars() -> list[tuple[str, Declaration]]:
    """Every scalar part under its full name, for sweeps and sliders."""
    return [(f"{name}.{text}".rstrip("."), one) for name, one in PARAMETERS.items() for text, _ in parts(one)]


def judged() -> list[tuple[str, Declaration]]:
    """Return every judged scalar that can vary, under its full name."""
    found = []
    for name, one in scalars():
        low, high = plausible(name, one)
        if is_judged(name) and low < high and "structure" not in one.tags:
            found.append((name, one))
    return found


def plausible(name: str, one: Declaration) -> tuple[float, float]:
    """Return the plausible range of the scalar that a full name means."""
    return one.range(locate(name)[1] or ())
