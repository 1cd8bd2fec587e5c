"""Sentences written from numbers: for the report now, for a dashboard later.

Nothing here knows a scenario. Every function takes numbers (shares as fractions, money in constant 2025 US$ bn) and
returns plain English. Where runs disagree, the sentence says so in counts of runs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from stackcraft.experiments.statistics import band, paired_interval

STACK_TITLES = {"US": "the US stack", "CN": "the Chinese stack", "independent": "independent vendors"}
STACK_SHORT = {"US": "US", "CN": "China", "independent": "Independent"}
LAYER_TITLES = {
    "all": "All layers",
    "network": "Network",
    "chips": "Chips",
    "cloud": "Cloud",
    "data": "Data",
    "models": "Models",
    "security": "Security",
    "applications": "Applications",
}
WEIGHT_TITLES = {
    "country": "every country counts the same",
    "low_income": "low-income countries",
    "population": "weighted by population",
    "gdp": "weighted by GDP",
    "capability": "weighted by capability",
}
# Each term of the choice: its title; how it reads as a reason for the winner; how it reads as a reason against it.
TERMS = {
    "constant": (
        "standing taste for the stack",
        "a standing taste for its stack",
        "a standing taste for the other stack",
    ),
    "price": ("price", "a better price", "a worse price"),
    "quality": ("quality", "better quality", "weaker quality"),
    "incumbency": ("being there already", "being there already", "the rival being there already"),
    "complementarity": (
        "fit with layers held",
        "fit with the layers already held",
        "a poorer fit with the layers already held",
    ),
    "peers": ("what partners use", "what partner countries use", "what partner countries use"),
    "standards": ("standards in use", "the standards in use", "the standards in use"),
    "supply_fear": ("fear of being cut off", "less fear of being cut off", "more fear of being cut off"),
    "security_fear": ("fear for security", "less fear for security", "more fear for security"),
    "sovereignty": ("control left to the buyer", "more control left to the buyer", "less control left to the buyer"),
    "dependence": ("dependence on one stack", "less dependence on one stack", "more dependence on one stack"),
    "alliance": ("alliance", "alliance", "the rival's alliance"),
    "regulation": ("friction over regulation", "less friction over regulation", "more friction over regulation"),
    "framing": ("how it was framed", "how the offer was framed", "how the offer was framed"),
    "affiliation": ("ties to its government", "fewer visible ties to a government", "visible ties to its government"),
    "graces": (
        "good graces",
        "hope for its government's good graces",
        "hope for the good graces of the rival's government",
    ),
    "capacity": ("training offered", "the training offered", "the training that the rival offered"),
    "delay": ("time until it operates", "an earlier start of operation", "a later start of operation"),
    "licence": ("risk of a licence denied", "less risk of a licence denied", "more risk of a licence denied"),
    "finance_gap": ("want of finance", "finance at hand", "want of finance"),
    "package": ("being a package", "the package around it", "what a package drags along"),
    "pressure": (
        "pressure on the buyer",
        "pressure on the buyer against the rival",
        "pressure on the buyer against it",
    ),
}
TERM_TITLES = {term: title for term, (title, _, _) in TERMS.items()}
FINANCIER_TITLES = {
    "us_exim": "US EXIM",
    "us_dfc": "US DFC",
    "cn_development_bank": "China Development Bank",
    "cn_exim": "China Exim",
    "private_capital": "private capital",
    "gulf_fund": "Gulf fund",
}
OUTCOME_WORDS = {
    "pipeline": "it was not yet operating when the run ended",
    "operating": "it was operating when the run ended",
    "renewed": "it was renewed",
    "lapsed": "it lapsed at the end of its term",
    "switched": "at renewal the buyer switched to another vendor",
    "novated": "the first builder failed and another vendor of the stack took over",
    "cancelled": "it was cancelled before it operated",
    "defaulted": "the loan defaulted",
    "cut": "it was cut off in a dispute",
    "restricted": "it was restricted later",
}
SMALL_NUMBERS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)


def percent(share: float, digits: int = 0) -> str:
    """0.473 -> "47%"; "n/a" where there is no number."""
    if not math.isfinite(share):
        return "n/a"
    if digits == 0 and 0 < share < 0.005:
        return "under 1%"
    return f"{100 * share:.{digits}f}%"


def points(share: float, digits: int = 1) -> str:
    """A difference of shares in percentage points, signed: 0.031 -> "+3.1 points"."""
    if not math.isfinite(share):
        return "n/a"
    value = round(100 * share, digits)
    sign = "+" if value > 0 else "-" if value < 0 else ""
    return f"{sign}{abs(value):.{digits}f} {'point' if abs(value) == 1 else 'points'}"


def money(bn: float) -> str:
    """Constant 2025 US$: 1.234 -> "$1.2 bn", 0.034 -> "$34 m"."""
    if not math.isfinite(bn):
        return "n/a"
    sign, size = ("-" if bn < 0 else ""), abs(bn)
    if size >= 1000:
        return f"{sign}${size / 1000:.1f} trillion"
    if size >= 99.5:
        return f"{sign}${size:.0f} bn"
    if size >= 0.95:
        return f"{sign}${size:.1f} bn"
    if size >= 0.0095:
        return f"{sign}${1000 * size:.0f} m"
    return f"{sign}${1000 * size:.1f} m" if size > 0 else "$0"


def count(number: int, one: str, many: str | None = None) -> str:
    """ "one country", "three countries", "58 countries"."""
    many = many or one + "s"
    shown = SMALL_NUMBERS[number] if 0 <= number < len(SMALL_NUMBERS) else f"{number:,}"
    return f"{shown} {one if number == 1 else many}"


def listed(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return ", ".join(items[:-1]) + " and " + items[-1]


def capital(text: str) -> str:
    """The text with its first letter raised, the rest left alone."""
    return text[:1].upper() + text[1:]


def layer_title(layer: str) -> str:
    return LAYER_TITLES.get(layer, capital(layer.replace("_", " ")))


def vendor_title(vendor: str, titles: Mapping[str, str] | None = None) -> str:
    """The side and the title from the vendor table, or the name read out: "us_chip_house" -> "US chip house"."""
    side, _, rest = vendor.partition("_")
    word = {"us": "US", "cn": "Chinese", "in": "independent"}.get(side, "")
    title = (titles or {}).get(vendor, rest.replace("_", " "))
    if title[1:2].islower():
        title = title[:1].lower() + title[1:]
    return f"{word} {title}".strip() if word else title or vendor.replace("_", " ")


def runs_words(part: int, whole: int) -> str:
    """How many runs agree: "in every one of 64 runs", "in 61 of 64 runs", "in the one run made"."""
    if whole == 1:
        return "in the one run made" if part else "not in the one run made"
    if part == whole:
        return f"in every one of {whole} runs"
    return f"in {part} of {whole} runs" if part else f"in none of {whole} runs"


def band_words(values: Sequence[float] | np.ndarray, show=percent) -> str:
    """Where nine runs in ten lie: "between 43% and 50% in nine runs of ten"; "" for fewer than five runs."""
    _, low, high = band(values)
    if not math.isfinite(low):
        return ""
    if show(low) == show(high):
        return f"{show(low)} in nine runs of ten"
    return f"between {show(low)} and {show(high)} in nine runs of ten"


def headline(
    year: int,
    shares: Mapping[str, np.ndarray],
    contested: int,
    countries: int,
    what: str = "AI capacity",
    where: str = "in the average importing country",
) -> str:
    """The finding of a run in one sentence.

    `shares` gives, for each stack, its share of `what` in every run, shape (runs,); `contested` of `countries`
    importing countries are those in which no stack is clearly ahead; `where` says whose shares they are.
    """
    middle = {stack: float(np.mean(values)) for stack, values in shares.items()}
    first, second, third = sorted(middle, key=middle.get, reverse=True)
    ahead = np.asarray(shares[first]) > np.asarray(shares[second])
    part, whole = int(ahead.sum()), int(ahead.size)
    open_part = (
        "in one country the race is open"
        if contested == 1
        else f"in {contested} of {countries} countries the race is open"
    )
    one, other, last = (percent(middle[stack]) for stack in (first, second, third))
    if part / whole < 0.67 or middle[first] - middle[second] < 0.01:
        both = f"{STACK_TITLES[first]} ({one}) and {STACK_TITLES[second]} ({other})"
        level = "" if what == "AI capacity" else f" in {what}"
        return f"By {year} {both} are level{level} {where}, with {STACK_TITLES[third]} at {last}; {open_part}."
    if part / whole < 0.95:
        are = "are" if first == "independent" else "is"
        lead = f"{STACK_TITLES[first]} {are} ahead in most runs, with {one} of {what} {where} against {other} for {STACK_TITLES[second]}"
        return f"By {year} {lead} and {last} for {STACK_TITLES[third]}; {open_part}."
    verb = "hold" if first == "independent" else "holds"
    others = f"{STACK_TITLES[second]} {other}, {STACK_TITLES[third]} {last}"
    return f"By {year} {STACK_TITLES[first]} {verb} {one} of {what} {where}, {others}; {open_part}."


def certainty(shares: Mapping[str, np.ndarray]) -> str:
    """How sure the headline is, in runs; shapes as in `headline`."""
    middle = {stack: float(np.mean(values)) for stack, values in shares.items()}
    first, second = sorted(middle, key=middle.get, reverse=True)[:2]
    ahead = np.asarray(shares[first]) > np.asarray(shares[second])
    whole = ahead.size
    verb = "are" if first == "independent" else "is"
    text = f"{capital(STACK_TITLES[first])} {verb} ahead {runs_words(int(ahead.sum()), whole)}"
    spread = band_words(shares[first])
    if whole == 1:
        return text + ": one run shows one course of events and says nothing about how sure it is."
    whose = "their" if first == "independent" else "its"
    return f"{text}; {whose} share is {spread}." if spread else text + "."


def change(start: int, end: int, before: Mapping[str, float], after: Mapping[str, float]) -> str:
    """What moved between two years: `before` and `after` are shares by stack."""
    moves = {stack: after[stack] - before[stack] for stack in after}
    up = max(moves, key=moves.get)
    down = min(moves, key=moves.get)
    if moves[up] < 0.01:
        return f"Between {start} and {end} no stack's share moves by more than a point."
    verb, loses = ("gain", "lose") if up == "independent" else ("gains", "loses")
    loses = "lose" if down == "independent" else "loses"
    text = f"Between {start} and {end} {STACK_TITLES[up]} {verb} {points(moves[up]).lstrip('+')}"
    text += f" ({percent(before[up])} to {percent(after[up])})"
    if moves[down] < -0.005:
        text += f"; {STACK_TITLES[down]} {loses} {points(-moves[down]).lstrip('+')}"
    return text + "."


def layers_sentence(leads: Mapping[str, float]) -> str:
    """Which layer is closest and which the most decided; `leads` is US share less Chinese share by layer."""
    close = min(leads, key=lambda layer: abs(leads[layer]))
    wide = max(leads, key=lambda layer: abs(leads[layer]))

    def lead(layer: str) -> str:
        if abs(leads[layer]) < 0.005:
            return "the two are level"
        side = "US" if leads[layer] > 0 else "CN"
        return f"{STACK_TITLES[side]} leads by {points(abs(leads[layer]), 0).lstrip('+')}"

    if close == wide:
        return f"In {layer_title(close).lower()} {lead(close)}."
    return (
        f"Between the two home stacks the widest gap is in {layer_title(wide).lower()} ({lead(wide)}), "
        f"the narrowest in {layer_title(close).lower()} ({lead(close)})."
    )


def weighting_sentence(by_weight: Mapping[str, Mapping[str, float]]) -> str:
    """How the answer depends on who is counted; shares by weighting and stack."""
    parts = []
    for weight, phrase in (("gdp", "Weighted by GDP"), ("low_income", "among low-income countries")):
        shares = by_weight[weight]
        parts.append(
            f"{phrase} the US stack holds {percent(shares['US'])} and the Chinese stack {percent(shares['CN'])}"
        )
    return "; ".join(parts) + "."


def interval_words(low: float, high: float, show=points) -> str:
    """ "95% interval +1.2 to +4.0 points"; says so where there is none."""
    if not (math.isfinite(low) and math.isfinite(high)):
        return "no interval from one run"
    first, last = show(low), show(high)
    if show is points:
        first = first.rsplit(" ", 1)[0]
    return f"95% interval {first} to {last}"


def comparison_headline(first: str, second: str, year: int, difference: Mapping[str, np.ndarray]) -> str:
    """What `second` does that `first` does not: paired differences of shares by stack, shape (runs,)."""
    found = {stack: paired_interval(values) for stack, values in difference.items()}
    moved = {stack: mean for stack, (mean, low, high) in found.items() if low > 0 or high < 0}
    runs = max(np.asarray(values).size for values in difference.values())
    if all(np.all(np.asarray(values) == 0) for values in difference.values()):
        return (
            f"“{second}” and “{first}” end exactly alike in {year}: nothing that differs between them touched a share."
        )
    if not moved:
        largest = max(found, key=lambda stack: abs(found[stack][0]))
        mean, low, high = found[largest]
        return (
            f"“{second}” makes no clear difference by {year}: {STACK_TITLES[largest]} "
            f"{'move' if largest == 'independent' else 'moves'} by {points(mean)} ({interval_words(low, high)}) over {count(runs, 'paired run')}."
        )
    stack = max(moved, key=lambda name: abs(moved[name]))
    mean, low, high = found[stack]
    verb = ("gain" if mean > 0 else "lose") + ("" if stack == "independent" else "s")
    return (
        f"With “{second}” instead of “{first}”, {STACK_TITLES[stack]} {verb} {points(abs(mean)).lstrip('+')} "
        f"of AI capacity in the average importing country by {year} ({interval_words(low, high)})."
    )


def terms_apart(row: Mapping) -> list[tuple[str, float]]:
    """Winner's utility less the runner-up's, term by term, largest first; empty where no runner-up is kept."""
    gaps = []
    for term in TERM_TITLES:
        gap = _number(row.get(f"term_{term}")) - _number(row.get(f"runner_up_term_{term}"))
        if math.isfinite(gap):
            gaps.append((term, gap))
    return sorted(gaps, key=lambda item: -abs(item[1]))


def _number(value) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan


def deal_title(row: Mapping, countries: Mapping[str, str]) -> str:
    """ "Kenya, cloud, 2029"."""
    signed = _number(row.get("signed"))
    year = f", {int(signed)}" if math.isfinite(signed) else ""
    return f"{countries.get(row['country'], row['country'])}, {layer_title(row['layer']).lower()}{year}"


def deal_story(row: Mapping, vendors: Mapping[str, str] | None = None) -> list[str]:
    """Sentences on one deal: who won what, why, what support did, how it ended. `row` has the ledger's columns."""
    winner = f"The {vendor_title(row['vendor'], vendors)}"
    size = _number(row.get("megawatts"))
    value = _number(row.get("value_bn"))
    what = (money(value) if math.isfinite(value) else "value not announced") + (
        f", {size:,.0f} MW" if math.isfinite(size) and size >= 1 else ""
    )
    what += ", in a package" if str(row.get("winning_bid")).endswith("_package") else ""
    other = row.get("runner_up")
    has_other = isinstance(other, str) and other not in ("", "none")
    rival = f" over the {vendor_title(other, vendors)}" if has_other else ""
    opening = {
        "renewal": f"{winner} won the renewal ({what}){rival}.",
        "hedge": f"{winner} was taken as a second source ({what}).",
        "scripted": f"{winner} was given it ({what}) by an agreement announced outside any tender.",
        "legacy": f"{winner} held it ({what}) before the run began.",
    }
    plain = f"{winner} won ({what}){rival}." if has_other else f"{winner} won ({what}); no rival bid was left."
    sentences = [opening.get(str(row.get("origin")), plain)]
    gaps = [(term, gap) for term, gap in terms_apart(row) if abs(gap) >= 0.01]
    for_it = [TERMS[term][1] for term, gap in gaps if gap > 0][:3]
    against = [TERMS[term][2] for term, gap in gaps if gap < 0][:2]
    if has_other and for_it:
        text = f"What told for it: {listed(for_it)}"
        sentences.append(text + (f"; against it: {listed(against)}." if against else "."))
    lead = _number(row.get("utility")) - _number(row.get("runner_up_utility"))
    chance, bare = _number(row.get("win_probability")), _number(row.get("win_probability_unsupported"))
    if math.isfinite(chance):
        luck = ""
        if has_other and lead < 0:
            luck = " On the terms alone the runner-up stood higher; the rest was the luck of the draw."
        sentences.append(f"Its chance beforehand was {percent(chance)}.{luck}")
    if bool(row.get("supported")) and math.isfinite(bare) and math.isfinite(chance):
        financier = row.get("financier")
        named = isinstance(financier, str) and financier not in ("", "none")
        by = f" ({FINANCIER_TITLES.get(financier, financier)})" if named else ""
        sentences.append(f"Public support{by} moved that chance from {percent(bare)} to {percent(chance)}.")
    if told := ending(row):
        sentences.append(told)
    return sentences


def ending(row: Mapping) -> str:
    """What became of a deal, in a sentence; "" for an outcome without words."""
    outcome = row.get("outcome")
    ended = OUTCOME_WORDS.get(outcome, "") if isinstance(outcome, str) else ""
    if not ended:
        return ""
    start, stop = _number(row.get("operating")), _number(row.get("ended"))
    if outcome == "novated":  # this comes before it operates, whatever came of it later
        later = f"; it began to operate in {int(start)}" if math.isfinite(start) else ""
        return capital(f"{ended}{later}{f'; it ended in {int(stop)}' if math.isfinite(stop) else ''}.")
    when = f"It began to operate in {int(start)}; " if math.isfinite(start) else ""
    year = f" ({int(stop)})" if math.isfinite(stop) else ""
    return capital(f"{when}{ended}{year}.")


def belief_sentence(stack: str, channel: str, perceived: float, true: float, whose: str = "") -> str:
    """Whether buyers, or the one country `whose`, fear more or less than they should; yearly hazards as fractions."""
    what = {"supply": "being cut off by", "security": "a breach through", "commitment": "being let down by"}[channel]
    whom = STACK_TITLES[stack]
    if abs(perceived - true) < 0.25 * max(true, 0.01):
        return f"{whose or 'Buyers'} {'judges' if whose else 'judge'} the risk of {what} {whom} about right ({percent(perceived, 1)} a year believed, {percent(true, 1)} true)."
    side = ("fear" if perceived > true else "underrate") + ("s" if whose else "")
    more = "more than is warranted " if perceived > true else ""
    return f"{whose or 'Buyers'} {side} {what} {whom} {more}({percent(perceived, 1)} a year believed, {percent(true, 1)} true)."
