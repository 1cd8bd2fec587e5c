"""What is printed before a class: the facilitator's guide on two pages, and a card for each seat.

Both are single pages of HTML without scripts, with a style for paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from stackcraft.experiments.wargame import content
from stackcraft.experiments.wargame.briefs import brief_of
from stackcraft.experiments.wargame.replays import RUNS_OF_PAR
from stackcraft.experiments.wargame.seats import CARDS, SEATS
from stackcraft.model import Scenario

TEMPLATES = Path(__file__).parent / "templates"
KINDS = {"home": "for the two homes", "firms": "for firms", "bloc": "for blocs"}
CLOCK = (
    ("0-4", "Seats fill", "Scan, take a seat, pick a name. Nobody needs your real one."),
    ("4-8", "Story, briefs, secret cards", "Read the opening. Then: read your brief, hold your card to your chest."),
    ("8-16", "Turn 1", "Give one order and make one offer. A small first step is a step."),
    ("16-25", "Turn 2", "Look at what opened and what stands idle. Whom would you ask first?"),
    ("25-34", "Turn 3", "Contracts end and promises are tested. What do you want to leave behind?"),
    ("34-36", "Reveal", "Headlines on the left, use on the right. Say nothing for ten seconds."),
    ("36-48", "Debrief", "See the other page."),
    ("48-50", "Exit question", "On paper: which claim do you believe less, or more, and one line why."),
)
TROUBLE = (
    ("Late, lost or sleeping phone",
     "Same link or four words, same seat. Who comes late joins the smallest team or takes over a bot's seat."),
    ("A silent team",
     "Nudge it. Advance slowest waits for nobody who is away. After one missed turn, hand the seat to a bot."),
    ("One loud person", "Let the pen go round: its holder gives it to the next. Forecasts are each person's own."),
    ("Time runs out", "End after this turn; scores are right for the turns that were played."),
    ("Somebody wins by luck", "Show the second face of the score, without luck."),
    ("Rude names or texts", "Hide the text, move or remove the person; a removed token no longer works."),
)  # fmt: skip


# Said before somebody plans for it; what is missing, not what is hoped for.
NOT_THERE = (
    ("Thirty phones in one room",
     "Measured are forty readers simulated on one machine. Try your wireless with a few phones; have a hotspot ready."),
    ("A class", "No class of any size has played it yet. How long people read and talk is a guess."),
    ("Talk between seats",
     "Only offers go from phone to phone; to talk people walk over, and thirty need the room for it."),
    ("Parts within a team",
     "The people of a seat share one draft, and who writes last wins. Their own are the forecast and the job."),
    ("A second facilitator", "Your link opens everything. Whoever has it can do all that you can."),
    ("Answers on phones", "The debrief asks, but answers and the exit question are on paper."),
    ("A practice turn, two rooms",
     "To practise, play a turn and rewind. Two rooms are two games; nothing compares them while they are played."),
    ("Other languages, a closed line",
     "Words are English alone, and the connection is not encrypted: play in a network that you trust."),
)  # fmt: skip


@cache
def _environment():
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
    )


def _css() -> str:
    return (TEMPLATES / "print.css").read_text(encoding="utf-8")


def guide(game: str) -> str:
    """Return the facilitator's guide of a ready game, as HTML for two sheets. Raises `InputError`."""
    about = content.game_of(game)
    last = Scenario.load(about.scenario).years[0] + about.turns * about.years_a_turn
    armed = {one["card"]: one["turn"] for one in about.injects}
    cards = [{"title": one.title, "news": _first_sentence(one.text()), "hint": one.hint, "armed": armed.get(one.card)}
             for one in content.injects().values()]  # fmt: skip
    titles = [SEATS[seat].title for seat in about.pack]
    return _environment().get_template("guide.html.j2").render(
        game=about, opening=about.told(last), titles=titles, injects=cards, clock=CLOCK, trouble=TROUBLE,
        not_there=NOT_THERE, runs=RUNS_OF_PAR, css=_markup(_css())
    )  # fmt: skip


def _first_sentence(text: str) -> str:
    return text.partition(". ")[0].rstrip(".") + "."


def seat_cards(
    seats: Sequence[str],
    *,
    title: str = "",
    join: Callable[[str], Mapping[str, Any]] | None = None,
    with_secret_cards: bool = False,
) -> str:
    """Return a printable card for each seat, as HTML.

    `join` gives for a seat {address, code, phrase, qr}, `qr` being an SVG; None prints none of it.
    """
    briefs = [{**brief_of(seat), "join": dict(join(seat)) if join else None} for seat in seats]
    kinds = dict.fromkeys(SEATS[seat].kind for seat in seats)
    cards = [
        {"title": card.title, "kind": KINDS[kind], "text": card.text, "weights": weights_in_words(card.weights)}
        for kind in (kinds if with_secret_cards else ())
        for card in CARDS[kind]
    ]
    return _environment().get_template("seat_cards.html.j2").render(
        briefs=briefs, cards=cards, title=title or "Stackcraft", css=_markup(_css())
    )  # fmt: skip


def weights_in_words(weights: Mapping[str, float]) -> str:
    """A card's weights in words: "use 50 %, trust 50 %"."""
    from stackcraft.experiments.wargame.scores import MEASURES

    return ", ".join(f"{MEASURES[name].title.lower()} {100 * weight:.0f} %" for name, weight in weights.items())


def _markup(text: str):
    from markupsafe import Markup

    return Markup(text)
