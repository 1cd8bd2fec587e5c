"""A short way to declare a parameter."""

from stackcraft.agents.declare import Declaration
from stackcraft.model.declared.ranges import RANGES

JUDGED = "judgement of the project; open to the user"
STRUCTURE = (
    "structure",
)  # tags of a parameter that chooses between forms of the model; no worlds are drawn from its range


def number(name, default, low, high, unit, sentence, source=JUDGED, shape="scalar", **more):
    """One parameter. It counts as a judgement unless a source is named; `judgement=True` keeps the mark beside a
    source.

    `low` and `high` bound what may be set; the plausible range and its reason stand in `ranges.py`.
    """
    judgement = more.pop("judgement", source == JUDGED)
    likely = RANGES.get(name)
    if likely is not None:
        more |= {"plausible": likely.around(default, low, high), "reason": likely.reason}
    return Declaration(
        name=name,
        unit=unit,
        low=low,
        high=high,
        default=default,
        sentence=sentence,
        source=source,
        judgement=judgement,
        shape=shape,
        **more,
    )
