"""The story of a deal: who won what, why, what support did, and what became of it."""

from __future__ import annotations

import math
from collections.abc import Mapping

from stackcraft.viz.words.names import FINANCIER_TITLES, layer_title, vendor_title
from stackcraft.viz.words.numbers import capital, listed, money, percent

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
    "leaning": (
        "leaning of the government",
        "the government's leaning to its side",
        "the government's leaning to the other side",
    ),
}
TERM_TITLES = {term: title for term, (title, _, _) in TERMS.items()}
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


def terms_apart(row: Mapping) -> list[tuple[str, float]]:
    """Return the winner's utility less the runner-up's by term, largest first; empty where no runner-up is kept."""
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
    """Return the title of a deal: "Kenya, cloud, 2029"."""
    signed = _number(row.get("signed"))
    year = f", {int(signed)}" if math.isfinite(signed) else ""
    return f"{countries.get(row['country'], row['country'])}, {layer_title(row['layer']).lower()}{year}"


def deal_story(row: Mapping, vendors: Mapping[str, str] | None = None) -> list[str]:
    """Return sentences on one deal: who won what, why, what support did, how it ended; `row` is one of the ledger."""
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
        text = f"In its favour: {listed(for_it)}"
        sentences.append(text + (f"; against it: {listed(against)}." if against else "."))
    lead = _number(row.get("utility")) - _number(row.get("runner_up_utility"))
    chance, bare = _number(row.get("win_probability")), _number(row.get("win_probability_unsupported"))
    if math.isfinite(chance):
        luck = ""
        if has_other and lead < 0:
            luck = " On the terms alone the runner-up ranked higher; the rest was luck."
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
    """Return a sentence on what became of a deal; "" for an outcome without words."""
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
