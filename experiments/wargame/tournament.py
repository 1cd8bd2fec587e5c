"""Whether the game is balanced: every strategy of the library in every seat, over many seeds, scored on every card.

`stackcraft wargame tournament` plays it and writes `BALANCE.md`. In each game one seat's strategy changes and the
others are the seed's usual bots; one world a seed, so that a strategy's mean is over that many lucks. Par is as in
scores: the others' orders the same, and the seat without any. Bots give the orders that they can afford, and agree to
nothing: agreements are what people add.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from stackcraft.experiments.wargame import attribution, content, effects, plans, pricing, replays, scores, setup
from stackcraft.experiments.wargame.attribution import Planned
from stackcraft.experiments.wargame.replays import Change, Course
from stackcraft.experiments.wargame.rules import orders_of
from stackcraft.experiments.wargame.seats import CARDS, MANDATES, SEATS
from stackcraft.experiments.wargame.state import Chair, State

SEEDS, FIRST_SEED = 30, 1
PAGE = Path(__file__).with_name("BALANCE.md")
MANDATE, YEARS = "mandate", 9  # every ready game plays nine years
PRICE_RULE = """\
A step of a home's or a firm's order should cost 1 PC for each half point of world share that it gains, a step of a
bloc's order 1 PC for each half point of the open mandate (mean over blocs); nothing costs less than 1, and a way that
gains nothing costs 1. The last column says why a price is another one."""
# What the game should show.
MOST_AHEAD, DISTINCT, RANDOM_BAND, THOUGHTFUL_LEAST = 5.0, 4, (45.0, 52.0), 56.0


@dataclass(frozen=True)
class Result:
    """Points of one strategy of one seat in one game: on the mandate alone and on each card, a value a seed."""

    game: str
    seat: str
    strategy: str
    points: Mapping[str, np.ndarray]

    def mean(self, card: str) -> float:
        """The mean over seeds."""
        return float(self.points[card].mean())


def table_of(game: str, seed: int) -> State:
    """Return a game's state as it would be with every turn played and nobody having done anything. No world is kept."""
    config, worlds = setup.config(content.game_of(game), "TOURNY", 0, 1, seed=seed)
    worlds.close()
    state = State()
    state.config = config
    state.played.chairs = {seat: Chair(seat) for seat in config["seats"]}
    idle = {"orders": [], "why": None, "forecast": None, "pc": 0}
    for turn in range(1, config["turns"] + 1):
        state.played.history[turn] = {seat: dict(idle) for seat in config["seats"]}
        injected = [one for one in config["injects"] if one["turn"] == turn]
        state.played.moves[turn] = {"broken": [], "injected": injected}
        state.played.results[turn] = {"judged": {}}
    return state


def play(
    games: Sequence[str], seeds: Iterable[int], *, threads: int | None = 1, say: Callable[[str], None] | None = None
) -> list[Result]:
    """Play the tournament of these games. About 7 s of one core a game and seed."""
    found: dict[tuple[str, str, str], dict[str, list[float]]] = {}
    for game in games:
        for seed in seeds:
            for (seat, strategy), points in _one_seed(game, seed, threads).items():
                for card, value in points.items():
                    found.setdefault((game, seat, strategy), {}).setdefault(card, []).append(value)
            if say is not None:
                say(f"{game}, seed {seed}")
    return [Result(*key, {card: np.array(values) for card, values in points.items()}) for key, points in found.items()]


def _one_seed(game: str, seed: int, threads: int | None) -> dict[tuple[str, str], dict[str, float]]:
    state = table_of(game, seed)
    usual = {seat: attribution.planned_orders(state, seat, plans.drawn(seat, None, seed)) for seat in state.seats}
    asked: list[tuple[str, str]] = []
    courses: list[Course] = [replays.course(state, replays.nobody(state)), _course(state, usual)]
    for seat in state.seats:
        for strategy in plans.strategies(seat):
            asked.append((seat, strategy))
            own = attribution.planned_orders(state, seat, strategy)
            courses.append(_course(state, {**usual, seat: own}))
    nobody, as_usual, *played = replays.play(state, courses, runs=1, threads=threads, every=True)
    by_key = dict(zip(asked, played, strict=True))
    pars = {seat: by_key[(seat, plans.STATUS_QUO)] for seat in state.seats}  # the others are the usual bots there too
    found = {key: _points(key[0], measures, pars[key[0]]) for key, measures in by_key.items()}
    for seat in state.seats:
        found[(seat, "usual bots")] = _points(seat, as_usual, pars[seat])
        found[(seat, "usual bots")] |= {f"gained in {name}": _gained(seat, name, as_usual, nobody)
                                        for name in ("headline", "use") if SEATS[seat].kind == "home"}  # fmt: skip
    return found


def _course(state: State, planned: Mapping[str, Planned]) -> Course:
    return replays.course(state, Change(
        instead=tuple(one for seat, plan in planned.items() for one in plan.instead(seat)),
        pc=tuple((seat, plan.pc) for seat, plan in planned.items()),
    ))  # fmt: skip


def _gained(seat: str, name: str, measures: Mapping[str, Any], nobody: Mapping[str, Any]) -> float:
    """What a home's measure gained over a world without anybody's orders, in spreads."""
    spread = scores.MEASURES[name].spread_at(SEATS[seat], YEARS)
    return float((measures[seat][name][0] - nobody[seat][name][0]) / spread)


def _points(seat: str, measures: Mapping[str, Any], par: Mapping[str, Any]) -> dict[str, float]:
    """A seat's points on its mandate alone, and on each card as scores weigh it."""
    form = SEATS[seat]
    tables = {MANDATE: MANDATES[form.kind]}
    tables |= {card.card: scores.weights_of(form, card.card) for card in CARDS[form.kind]}
    own, usual = measures[seat], par[seat]
    return {name: 50.0 + float(scores.points(form, weights, own, usual, YEARS)[0]) for name, weights in tables.items()}


# what the game should show


def checks(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Return what is asked of each game, with the figure reached: {game, check, figure, target, met}."""
    found = []
    for game in dict.fromkeys(one.game for one in results):
        here = [one for one in results if one.game == game]
        for seat in ("us", "cn"):
            found += _of_home(game, seat, [one for one in here if one.seat == seat and one.strategy in _library(seat)])
        found += _of_players(game, here)
    return found + _of_orders()


def _library(seat: str) -> tuple[str, ...]:
    return tuple(name for name in plans.strategies(seat) if name not in plans.ANYBODY)


def _of_home(game: str, seat: str, lines: Sequence[Result]) -> list[dict[str, Any]]:
    if not lines:
        return []
    first, second, *_ = sorted(lines, key=lambda one: -one.mean(MANDATE))
    ahead = first.mean(MANDATE) - second.mean(MANDATE)
    best = {card.card: max(lines, key=lambda one: one.mean(card.card)).strategy for card in CARDS["home"]}
    title = SEATS[seat].title
    return [
        {"game": game, "check": f"{title}: lead of the best bundle on the mandate ({first.strategy} over "
                                f"{second.strategy})", "figure": f"{ahead:.1f} points",
         "target": f"at most {MOST_AHEAD:g}", "met": ahead <= MOST_AHEAD},
        {"game": game, "check": f"{title}: different best bundles over the six cards",
         "figure": f"{len(set(best.values()))} ({', '.join(f'{card}: {name}' for card, name in best.items())})",
         "target": f"at least {DISTINCT}", "met": len(set(best.values())) >= DISTINCT},
    ]  # fmt: skip


def _of_players(game: str, here: Sequence[Result]) -> list[dict[str, Any]]:
    found = []
    for strategy, fits, target in (
        (plans.RANDOM, lambda x: RANDOM_BAND[0] <= x <= RANDOM_BAND[1], "45 to 52"),
        (plans.THOUGHTFUL, lambda x: x > THOUGHTFUL_LEAST, "above 56"),
    ):
        lines = [one for one in here if one.strategy == strategy]
        by_seat = {one.seat: _over_cards(one) for one in lines}
        mean = float(np.mean(list(by_seat.values())))
        said = ", ".join(f"{SEATS[seat].title} {value:.0f}" for seat, value in by_seat.items())
        found.append({"game": game, "check": f"A {strategy} affordable player, mean over seats and cards",
                      "figure": f"{mean:.1f} ({said})", "target": target, "met": bool(fits(mean))})  # fmt: skip
    lines = {one.seat: one for one in here if one.strategy == "usual bots" and one.seat in ("us", "cn")}
    if len(lines) == 2:
        signs = [np.sign(lines["us"].points[f"gained in {name}"] - lines["cn"].points[f"gained in {name}"])
                 for name in ("headline", "use")]  # fmt: skip
        share = float(np.mean(signs[0] != signs[1]))
        found.append({"game": game, "check": "The home that gained more headlines is not the one that gained more use",
                      "figure": f"{100 * share:.0f} % of seeds", "target": "reported", "met": None})  # fmt: skip
    return found


def _over_cards(one: Result) -> float:
    return float(np.mean([one.mean(card.card) for card in CARDS[SEATS[one.seat].kind]]))


def _of_orders() -> list[dict[str, Any]]:
    """Whether every order of the short list moves something that its seat sees by more than luck."""
    silent, aside, tried = [], [], 0
    for seat in SEATS:
        forms, quiet = orders_of(seat, (seat,)), effects.silent(seat)
        tried += sum(form.first and order in effects.measured(seat) for order, form in forms.items())
        silent += [f"{SEATS[seat].title} {order}" for order in quiet if forms[order].first]
        aside += [f"{SEATS[seat].title} {order}" for order in forms if forms[order].quiet]
    if not tried:
        return []
    said = f"{len(silent)} of {tried}" + (f": {', '.join(silent)}" if silent else "")
    if aside:
        said += f"; not on the short list there for that reason: {', '.join(aside)}"
    return [{"game": "all", "check": "Orders of the short list that move nothing by more than luck in nine years",
             "figure": said, "target": "none", "met": not silent}]  # fmt: skip


# the page


def page(results: Sequence[Result], before: str = "") -> str:
    """Return the tables as Markdown: what was asked for and reached, then every seat's strategies on every card.

    `before` is an earlier page, whose first table is shown for comparison.
    """
    seeds = {content.game_of(one.game).title: len(one.points[MANDATE]) for one in results}
    about = (
        "Written by `stackcraft wargame tournament`: bots only, one world a seed, orders without agreements. 50 is a "
        "seat that gives no orders while the others do as they do. Prices and cards were set on seeds 101 to 108. "
        "Missed targets are left standing. "
        f"Seeds played: {', '.join(f'{title} {number}' for title, number in seeds.items())}."
    )
    lines = ["# Balance of the classroom game", "", about, "", *_checks_table(checks(results))]
    if before:
        lines += [
            "",
            "## Before: the old page",
            "",
            *(f"> {line}" for line in _about(before)),
            "",
            *_first_table(before),
        ]
    lines += ["", "## Prices", "", PRICE_RULE, "", *pricing.table()]
    for game in dict.fromkeys(one.game for one in results):
        lines += ["", f"## {content.game_of(game).title}"]
        here = [one for one in results if one.game == game]
        for seat in dict.fromkeys(one.seat for one in here):
            lines += _seat_table(seat, [one for one in here if one.seat == seat])
    return "\n".join(lines) + "\n"


def _checks_table(found: Sequence[Mapping[str, Any]]) -> list[str]:
    lines = ["| Game | Check | Reached | Target | |", "|---|---|---|---|---|"]
    for one in found:
        verdict = {True: "met", False: "**missed**", None: ""}[one["met"]]
        lines.append(f"| {one['game']} | {one['check']} | {one['figure']} | {one['target']} | {verdict} |")
    return lines


def _about(text: str) -> list[str]:
    """What a page says of itself: who played how many seeds, and what 50 was."""
    return [line for line in text.splitlines() if "Seeds played:" in line][:1]


def _first_table(text: str) -> list[str]:
    """The lines of a page's first table."""
    lines = text.splitlines()
    first = next((place for place, line in enumerate(lines) if line.startswith("|")), len(lines))
    last = next((place for place in range(first, len(lines)) if not lines[place].startswith("|")), len(lines))
    return lines[first:last]


def _seat_table(seat: str, here: Sequence[Result]) -> list[str]:
    cards = [MANDATE, *(card.card for card in CARDS[SEATS[seat].kind])]
    titles = [MANDATE, *(card.title for card in CARDS[SEATS[seat].kind])]
    best = {card: max((one for one in here if one.strategy in _library(seat)), key=lambda one: one.mean(card)).strategy
            for card in cards}  # fmt: skip
    lines = [
        "",
        f"### {SEATS[seat].title}",
        "",
        f"| Strategy | {' | '.join(titles)} |",
        "|---" * (len(cards) + 1) + "|",
    ]
    for one in sorted(here, key=lambda one: -one.mean(MANDATE)):
        cells = []
        for card in cards:
            number = len(one.points[card])
            error = 1.96 * float(one.points[card].std(ddof=1)) / number**0.5 if number > 1 else None
            text = f"{one.mean(card):.1f}" + (f" ±{error:.1f}" if error is not None else "")
            cells.append(f"**{text}**" if best[card] == one.strategy else text)
        lines.append(f"| {one.strategy} | {' | '.join(cells)} |")
    return lines
