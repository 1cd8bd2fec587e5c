"""What a turn came to, read from the model's own record: contracts judged, forecasts settled, what happened and why."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from math import isnan, nan
from typing import Any

from stackcraft.agents.countries import usual_name
from stackcraft.experiments.wargame import contracts
from stackcraft.experiments.wargame.seats import SEATS, SeatForm
from stackcraft.experiments.wargame.state import Contract, State

MOST_SENTENCES, MOST_NEWS = 3, 6
OWN_FIRST = 1e6  # bn$: what happens in a country that somebody plays comes before the largest deal elsewhere
STACK_WORDS = {"US": "American", "CN": "Chinese", "independent": "independent"}
TERM_WORDS = {
    "constant": "habit", "incumbency": "what is installed", "complementarity": "fit with other layers",
    "peers": "what peers bought", "supply_fear": "less fear of being cut off",
    "security_fear": "less fear of breaches", "sovereignty": "control",
    "affiliation": "distance from government",
    "graces": "good graces", "capacity": "room to deliver", "delay": "speed", "licence": "easier licences",
    "finance_gap": "finance", "package": "a whole package", "regulation": "respect for rules",
}  # fmt: skip
QUESTIONS = {
    "cut_off": "Will a home cut anybody off before the turn is over?",
    "own_use": "Will the use of your stack, or of what you need, rise this turn?",
    "us_trust": "Will trust in the United States be higher at the end of the turn?",
    "us_leads": "Will the United States sign for more than China this turn, in bn $?",
}


def question(state: State, seat: str, turn: int) -> tuple[str, str]:
    """Return the event and the wording of a seat's forecast of a turn, drawn by the seed."""
    events = sorted(QUESTIONS)
    drawn = hashlib.sha256(f"{state.config['seed']} {seat} {turn}".encode()).digest()[0] % len(events)
    return events[drawn], QUESTIONS[events[drawn]]


class Turn:
    """The record of one turn of the played world: `deals` as plain rows, books before and after."""

    def __init__(self, first: int, years: int, deals: Sequence[Mapping[str, Any]], rows: Any) -> None:
        """`rows` are the yearbook's from the turn's first January to its last, structured (years + 1,)."""
        self.first, self.end, self.deals, self.rows = first, first + years, deals, rows

    def cut(self) -> list[Mapping[str, Any]]:
        """The deals that a home cut off in the turn."""
        return [one for one in self.deals if one["outcome"] == "cut" and self.first <= one["ended"] < self.end]

    def total(self, name: str) -> Any:
        """A flow over the turn."""
        return self.rows[name][1:].sum(axis=0)


def judged(state: State, turn: Turn, number: int) -> dict[int, dict[str, Any]]:
    """Return what the record says of the contracts that stood in a turn: {id: {state, by}} of those that ended."""
    found = {}
    for contract in state.contracts.values():
        if contract.state != "in force":
            continue
        culprit = _culprit(contract, turn, number)
        if culprit is not None:
            found[contract.id] = {"state": "broken", "by": culprit}
        elif contract.until <= number:
            found[contract.id] = {"state": "kept", "by": None}
    return found


def _culprit(contract: Contract, turn: Turn, number: int) -> str | None:
    """Who broke a contract, by the record; None for nobody."""
    for clause, doer, _ in contract.clauses():
        side, terms = SEATS[doer].side, clause["terms"]
        if clause["form"] == "A2":
            if any(one["stack"] == side and one["country"] in terms["countries"] for one in turn.cut()):
                return doer
        elif clause["form"] == "A1" and contract.until <= number and not _built(terms, side, turn):
            return doer
    return None


def _built(terms: Mapping[str, Any], side: str | None, turn: Turn) -> bool:
    """Whether every layer of a package came into operation and was not cut off; what follows its term is free."""
    return all(
        any(
            one["origin"] == "scripted" and one["country"] == terms["country"] and one["layer"] == layer
            and one["vendor"] == contracts.BUILDERS[side][layer]
            and one["operating"] < turn.end and one["outcome"] != "cut"
            for one in turn.deals
        )
        for layer in terms["layers"]
    )  # fmt: skip


def forecasts(state: State, turn: Turn, number: int, places: Mapping[str, list[int]]) -> dict[str, dict[str, Any]]:
    """Return each seat's question, its outcome and the forecasts with Brier scores; `places` are of blocs' countries.

    {question, event, outcome, forecast, brier, people: {person: {forecast, brier}}}: people forecast for themselves;
    `forecast` is that of a bot or a script, or what the seat's people expect on average.
    """
    found = {}
    for seat, sealed in state.played.history.get(number, {}).items():
        event, words = question(state, seat, number)
        outcome = _happened(event, state.chairs[seat].form, turn, places.get(seat, []))
        own = sealed.get("forecasts") or {}
        given = sealed["forecast"]
        if given is None and own:
            given = round(sum(own.values()) / len(own), 4)
        found[seat] = {
            "question": words, "event": event, "forecast": given, "outcome": outcome, "brier": _brier(given, outcome),
            "people": {one: {"forecast": said, "brier": _brier(said, outcome)} for one, said in own.items()},
        }  # fmt: skip
    return found


def _brier(forecast: float | None, outcome: bool) -> float | None:
    return None if forecast is None else round((forecast - outcome) ** 2, 4)


def _happened(event: str, form: SeatForm, turn: Turn, places: list[int]) -> bool:
    before, after = turn.rows[0], turn.rows[-1]
    if event == "cut_off":
        return bool(turn.cut()) or bool(turn.total("coercion_events").sum() > 0)
    if event == "us_trust":
        return bool(after["trust"][:, 0].mean() > before["trust"][:, 0].mean())
    if event == "us_leads":
        announced = turn.total("announced_bn")
        return bool(announced[0] > announced[1])
    if form.side:
        stack = ("US", "CN").index(form.side)
        return bool(after["world_utilised"][3, :, stack].mean() > before["world_utilised"][3, :, stack].mean())
    shares = [row["used"][places].sum() / row["demand"][places].sum() for row in (before, after)]
    return bool(shares[1] > shares[0])


# words


def news(turn: Turn, number: int, own: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return what the papers say of a turn: cut-offs, then the largest openings and failures, those in `own` first."""
    lines: list[tuple[float, str, str, float]] = []
    for country, stack in sorted({(one["country"], one["stack"]) for one in turn.cut()}):
        when = min(one["ended"] for one in turn.cut() if one["country"] == country)
        lines.append((1e9, "cut_off", f"{usual_name(country)} is cut off from the {STACK_WORDS[stack]} stack.", when))
    for one in turn.deals:
        value, place = float(one["value_bn"]), usual_name(one["country"])
        weight = value + OWN_FIRST * (one["country"] in own)
        words = _a(f"{STACK_WORDS[one['stack']]} {one['layer']} deal")
        if turn.first <= one["operating"] < turn.end and one["origin"] != "legacy":
            lines.append((weight, "opened", f"{place}: {words} worth {value:.1f} bn $ opens.", one["operating"]))
        elif one["outcome"] in ("cancelled", "defaulted") and turn.first <= one["ended"] < turn.end:
            words = (
                f"{words} worth {value:.1f} bn $ is {'called off' if one['outcome'] == 'cancelled' else 'in default'}"
            )
            lines.append((weight, "failed", f"{place}: {words}.", one["ended"]))
    chosen = sorted(lines, key=lambda line: (-line[0], line[2]))[:MOST_NEWS]
    return [
        {"turn": number, "year": int(when), "month": min(12, int(when % 1 * 12) + 1), "kind": kind, "text": text,
         "seat": None, "seq": None}
        for _, kind, text, when in sorted(chosen, key=lambda line: line[3])
    ]  # fmt: skip


def reasons(turn: Turn, own: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return the turn's largest choices with the two terms that weighed most in each, as sentences.

    Choices of the countries that somebody plays come first (`own`), each country's largest one before its others.
    """
    signed = [
        one for one in turn.deals if turn.first <= one["signed"] < turn.end and one["origin"] in ("tender", "package")
    ]
    found = []
    signed.sort(key=lambda one: (-float(one["value_bn"]), one["deal"]))
    first = {one["country"]: one["deal"] for one in reversed(signed)}
    signed.sort(key=lambda one: (one["country"] not in own, first[one["country"]] != one["deal"]))
    for one in signed[:MOST_SENTENCES]:
        gaps = {
            name.removeprefix("term_"): float(one[name]) - float(one[f"runner_up_{name}"])
            for name in one
            if name.startswith("term_") and not isnan(one.get(f"runner_up_{name}", nan))
        }
        top = [name for name in sorted(gaps, key=lambda name: -gaps[name]) if gaps[name] > 0][:2]
        because = ", then ".join(TERM_WORDS.get(name, name.replace("_", " ")) for name in top)
        sentence = f"{usual_name(one['country'])} chose {_a(STACK_WORDS[one['stack']])} {one['layer']} deal. " + (
            f"What weighed most against the runner-up: {because}." if because else "Nobody else bid."
        )
        found.append({
            "country": one["country"], "layer": one["layer"], "stack": one["stack"], "vendor": one["vendor"],
            "value_bn": round(float(one["value_bn"]), 2), "sentence": sentence,
            "terms": {name: round(gaps[name], 2) for name in top},
        })  # fmt: skip
    return found


def _a(word: str) -> str:
    return f"{'an' if word[0].lower() in 'aeiou' else 'a'} {word}"
