"""A game told in sentences, and the questions to ask about it: rules on what the debrief holds, each with its evidence.

Evidence is the part of the page that shows it: happened, reveal, what-if, whose, regret, beliefs, promises.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from stackcraft.experiments.wargame.seats import SEATS

MOST_PROMPTS = 7
ASKED_ALWAYS = (
    ("Name one thing that the model left out and that would have changed your decision.", "reveal"),
    ("Which claim of the policy texts would you defend less than an hour ago? Which one more?", "whose"),
)
ALWAYS = len(ASKED_ALWAYS)
ROUNDS = {1: "What happened", 2: "Why", 3: "So what"}
STACK_WORDS = {"US": "the American stack", "CN": "the Chinese stack"}
NARROW = 2.0  # points: a smaller lead in the score is within luck
CROWDED = 1.0  # points of use: a rise or fall that is worth a question


def sentences(data: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return the game in at most six sentences, {text, evidence}, in the order in which a teacher would tell it."""
    told = [_board, _doing, _order, _turn, _promise, _luck]
    return [one for one in (rule(data) for rule in told) if one is not None]


def _title(seat: str) -> str:
    return SEATS[seat].named


def _possessive(seat: str) -> str:
    title = _title(seat)
    return f"{title}'" if title.endswith("s") else f"{title}'s"


def _start(text: str) -> str:
    return text[:1].upper() + text[1:]


def _last(data: Mapping[str, Any], stack: str) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    lines = [one for one in data["board"] if one["stack"] == stack]
    return lines[0], lines[-1]


def _board(data: Mapping[str, Any]) -> dict[str, str] | None:
    (_, us), (_, cn) = _last(data, "US"), _last(data, "CN")
    (us_first, _), (cn_first, _) = _last(data, "US"), _last(data, "CN")
    text = (
        f"By {us['year']} the United States had announced {us['announced_bn']:,.0f} bn $ and China "
        f"{cn['announced_bn']:,.0f}; of what is in use, {_moved(us_first['use'], us['use'])} is American and "
        f"{_moved(cn_first['use'], cn['use'])} Chinese."
    )
    return {"text": text, "evidence": "happened"}


def _moved(before: float, after: float) -> str:
    gap = after - before
    way = (
        f"{abs(gap):.1f} points {'more' if gap > 0 else 'less'} than at the start" if abs(gap) >= 0.05 else "as before"
    )
    return f"{after:.0f} % ({way})"


def _doing(data: Mapping[str, Any]) -> dict[str, str] | None:
    whose = data.get("whose")
    if not whose or not whose["players"]:
        return None
    others = [(abs(line[seat]["mean"]), line[seat]["mean"], player, seat)
              for player, line in whose["table"].items() for seat in whose["seats"] if player != seat]  # fmt: skip
    if not others:
        return None
    size, mean, player, seat = max(others)
    if size < 0.5:
        text = "Nobody's moves counted much for anybody else."
    else:
        text = (
            f"The moves of {_title(player)} {'helped' if mean > 0 else 'hurt'} {_title(seat)} by {abs(mean):.1f} "
            "points: the largest effect of one seat on another."
        )
    return {"text": text, "evidence": "whose"}


def _order(data: Mapping[str, Any]) -> dict[str, str] | None:
    worth = [one for one in data.get("what_ifs") or () if _clear(one["own"])]
    if not worth:
        return None
    best = max(worth, key=lambda one: one["own"]["mean"])
    worst = min(worth, key=lambda one: one["own"]["mean"])
    parts = []
    if best["own"]["mean"] > 0:
        parts.append(f"the order that paid most was {_possessive(best['seat'])} \"{best['sentence']}\" in turn "
                     f"{best['turn']} ({best['own']['mean']:+.1f} points)")  # fmt: skip
    if worst["own"]["mean"] < 0:
        parts.append(f"the dearest mistake was \"{worst['sentence']}\" by {_title(worst['seat'])} in turn "
                     f"{worst['turn']} ({worst['own']['mean']:+.1f} points)")  # fmt: skip
    return {"text": f"{_start(', '.join(parts))}.", "evidence": "what-if"} if parts else None


def _turn(data: Mapping[str, Any]) -> dict[str, str] | None:
    whose = data.get("whose_turn")
    if not whose or len(whose["players"]) < 2:
        return None
    sizes = {turn: sum(abs(one["mean"]) for one in line.values()) for turn, line in whose["table"].items()}
    total = sum(sizes.values())
    if total <= 0:
        return None
    most = max(sizes, key=sizes.get)
    text = f"Turn {most} decided most: {100 * sizes[most] / total:.0f} % of all that moves did came of its own."
    return {"text": text, "evidence": "whose"}


def _promise(data: Mapping[str, Any]) -> dict[str, str] | None:
    kept = sum(one["state"] == "kept" for one in data["promises"])
    broken = [one for one in data["promises"] if one["state"] == "broken"]
    if not kept and not broken:
        return {"text": "No agreement was tested: none came about, or none ended.", "evidence": "promises"}
    many = _start(_number(kept)) if kept else "No"
    text = f"{many} agreement{'s were' if kept > 1 else ' was'} kept and {_number(len(broken))} broken"
    if broken and broken[0]["broken_by"]:
        text += f", {'the first ' if len(broken) > 1 else ''}by {_title(broken[0]['broken_by'])}"
    return {"text": f"{text}.", "evidence": "promises"}


def _number(value: int) -> str:
    words = "none one two three four five six seven eight nine ten".split()
    return words[value] if value < len(words) else str(value)


def _luck(data: Mapping[str, Any]) -> dict[str, str] | None:
    scored = [one for one in data["seats"] if one["score"]]
    if len(scored) < 2:
        return None
    happened = sorted(scored, key=lambda one: -one["score"]["points"])
    without = sorted(scored, key=lambda one: -one["score"]["no_luck"])
    if happened[0]["seat"] != without[0]["seat"]:
        text = (
            f"As it happened {_title(happened[0]['seat'])} came first; without luck it would have been "
            f"{_title(without[0]['seat'])}."
        )
    else:
        text = f"{_start(_title(happened[0]['seat']))} came first, as it happened and without luck."
    widest = max(scored, key=lambda one: abs(one["score"]["points"] - one["score"]["no_luck"]))
    gap = widest["score"]["points"] - widest["score"]["no_luck"]
    if abs(gap) >= NARROW:
        text += f" Luck {'gave' if gap > 0 else 'took'} {abs(gap):.0f} points {'to' if gap > 0 else 'from'} "
        text += f"{_title(widest['seat'])}."
    return {"text": text, "evidence": "reveal"}


# prompts


def prompts(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the questions for the class, {round, title, text, evidence, seat}, seven at most, by rounds."""
    found = [one for rule in (_signed, _promised, _shut_out, _idle_threat, _camps, _club, _unasked, _shielded, _regret)
             for one in rule(data)]  # fmt: skip
    chosen = [*found[: MOST_PROMPTS - ALWAYS], *(_prompt(3, text, evidence) for text, evidence in ASKED_ALWAYS)]
    return sorted(chosen, key=lambda one: one["round"])


def _prompt(round_: int, text: str, evidence: str, seat: str | None = None) -> dict[str, Any]:
    return {"round": round_, "title": ROUNDS[round_], "text": text, "evidence": evidence, "seat": seat}


def _orders(data: Mapping[str, Any], group: str) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
    """Every order of a group (H3, B6) with its turn and seat."""
    for turn in data["turns"]:
        for seat, one in turn["orders"].items():
            for order in one["orders"]:
                if order["order"].partition(".")[0] == group:
                    yield turn["turn"], seat, order


def _signed(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    (us0, us), (cn0, cn) = _last(data, "US"), _last(data, "CN")
    ahead = "us" if us["announced_bn"] - us0["announced_bn"] > cn["announced_bn"] - cn0["announced_bn"] else "cn"
    used = "us" if us["use"] - us0["use"] > cn["use"] - cn0["use"] else "cn"
    line, before = (us, us0) if ahead == "us" else (cn, cn0)
    if ahead != used:
        text = (
            f"{_start(_title(ahead))} announced {line['announced_bn']:,.0f} bn $, and its use moved by "
            f"{line['use'] - before['use']:+.1f} points; the other's moved further. Who was rewarded for which?"
        )
    else:
        share = 100 * line["delivered_bn"] / line["announced_bn"] if line["announced_bn"] else 0.0
        text = (
            f"Of the {line['announced_bn']:,.0f} bn $ that {_title(ahead)} announced, {share:.0f} % had begun to "
            f"operate by {line['year']}. Where in the game could you have seen that coming?"
        )
    yield _prompt(1, text, "happened", ahead)


def _promised(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for one in data["promises"]:
        if one["state"] == "broken" and one["broken_by"]:
            who, said = one["broken_by"], one["does"]
            asked = 'broke this: "{}". Part 7 says what keeping it would have brought. Would a treaty have stopped you?'
            missed = 'could not keep this: "{}". Nobody ordered that. Who could have seen it coming?'
            yield _prompt(2, f"{_start(_title(who))} {(asked if one['by_an_order'] else missed).format(said)}",
                          "promises", who)  # fmt: skip
            return
    bound = {(one["by"]) for one in data["promises"] if one["form"] == "A2" and one["came_about"]}
    for turn, seat, order in _orders(data, "H3"):
        if seat in bound and isinstance(order["value"], (int, float)) and order["value"] > 0.3:
            text = (
                f"{_start(_title(seat))} guaranteed supply and raised its readiness to use its weight in turn {turn}. "
                "Who noticed? What would have stopped you?"
            )
            yield _prompt(2, text, "promises", seat)
            return
    if bound:
        seat = sorted(bound)[0]
        yield _prompt(2, f"{_start(_title(seat))} posted a bond. What did it win by it, and what did it give up?",
                      "what-if", seat)  # fmt: skip


def _shut_out(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    worth = {(one["turn"], one["seat"], one["order"]): one for one in data.get("what_ifs") or ()}
    for turn, seat, order in _orders(data, "B6"):
        if not order["value"]:
            continue
        home = "Chinese" if order["order"].endswith("cn") else "American"
        line = worth.get((turn, seat, order["order"]))
        moved = f" and its use moved by {line['use']['mean']:+.1f} points" if line else ""
        yield _prompt(2, f"{_start(_title(seat))} shut {home} vendors out of {order['label']}{moved}. What did it buy?",
                      "what-if", seat)  # fmt: skip
        return


def _idle_threat(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for turn, seat, order in _orders(data, "H10"):
        text = f'In turn {turn} {_title(seat)} cut somebody off ("{order["sentence"]}"). Who paid, and who learned?'
        yield _prompt(2, text, "what-if", seat)
        return


def _camps(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for turn, seat, order in _orders(data, "H4"):
        if order["value"] == "camp":
            yield _prompt(1, f"{_start(_title(seat))} talked of camps in turn {turn}. Who at the table felt addressed?",
                          "happened", seat)  # fmt: skip
            return


def _club(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for one in data["promises"]:
        if one["form"] == "A5" and one["came_about"]:
            text = (
                f"{_start(_title(one['by']))} and {_title(one['to'])} bought together. What did waiting for each other "
                "cost, and what did it save?"
            )
            yield _prompt(2, text, "promises", one["by"])
            return


def _unasked(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    asked = {seat for one in data["promises"] if one["form"] == "A4" for seat in (one["by"], one["to"])}
    listened = any(True for _ in _orders(data, "H7"))
    blocs = [one["seat"] for one in data["seats"] if one["kind"] == "bloc" and one["seat"] not in asked]
    if blocs and not listened:
        yield _prompt(1, f"Nobody asked {_title(blocs[0])} what it needed. What would it have said?", "happened",
                      blocs[0])  # fmt: skip


def _shielded(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    last = max((one["turn"] for one in data["beliefs"]), default=0)
    gaps = [one for one in data["beliefs"] if one["turn"] == last and one["channel"] == "supply"]
    if gaps:
        most = max(gaps, key=lambda one: one["feared"] - one["true"])
        if most["feared"] > 2 * max(most["true"], 0.05):
            text = (
                f"{_start(_title(most['seat']))} feared to be cut off from {STACK_WORDS[most['stack']]} with a chance "
                f"of {most['feared']:.0f} % a year; it was {most['true']:.1f} %. What would have shown you?"
            )
            yield _prompt(2, text, "beliefs", most["seat"])


def _regret(data: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    regrets = data.get("regrets") or {}
    if regrets:
        seat = max(regrets, key=lambda one: regrets[one]["gain"]["mean"])
        line = regrets[seat]
        if line["gain"]["low"] > 0:
            text = (
                f'With the same luck and the same others, "{line["best"].replace("-", " ")}" would have brought '
                f"{_title(seat)} {line['gain']['mean']:.0f} points more. Did you not think of it, or not want it?"
            )
            yield _prompt(3, text, "regret", seat)


def _clear(one: Mapping[str, float]) -> bool:
    return one["low"] > 0 or one["high"] < 0
