"""A process that plays a small game by keyed commands and says what was acknowledged; killed, it goes on where it was.

python -m tests.experiments.wargame.driver FOLDER [THREADS]
"""

import sys
from pathlib import Path

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import Offer, Wargame
from tests.experiments.wargame.conftest import SMALL


def say(text):
    """Tell the parent at once."""
    print(text, flush=True)


def game_in(folder, threads):
    """The game of a folder: opened, or made where there is none, or none that was whole."""
    for path in Path(folder).glob("*.db"):
        try:
            return Wargame.open(path, threads=threads)
        except InputError as error:
            assert "cut off before it was made" in str(error), error
            for left in Path(folder).glob("*"):
                left.unlink()
    return Wargame.create("game-2025", folder=folder, threads=threads, **SMALL)


def main(folder, threads=1):
    """Play to the end, whatever has been played."""
    game = game_in(folder, threads)
    numbers = {}

    def apply(key, kind, actor, **body):
        answer = game.apply(kind, actor, key=key, **body)
        say(f"acked {key}")
        return answer

    people = {
        seat: apply(f"join-{seat}", "join", None, code=game.code, seat=seat)["person"] for seat in ("us", "asean")
    }
    apply("bots", "hand_to_bot", "facilitator", seat="cn")
    for turn in (1, 2):
        apply(f"brief-{turn}", "advance", "facilitator")
        apply(f"talk-{turn}", "advance", "facilitator")
        for number, value in enumerate((0.2, 0.3, 0.4)):
            orders = [{"order": "H1", "value": value}, {"order": "H4", "value": "business" if turn == 1 else "values"}]
            apply(f"us-{turn}-{number}", "draft", people["us"], orders=orders, why=f"{turn} {number}", forecast=0.25)
        orders = [{"order": "B1", "value": 0.75 if turn == 1 else 1.0}]
        apply(f"asean-{turn}", "draft", people["asean"], orders=orders)
        offer = Offer.package("IDN", ("cloud",), size=0.25).as_dict() if turn == 1 else Offer.guarantee("IDN").as_dict()
        numbers[turn] = apply(f"offer-{turn}", "offer", people["us"], to="asean", offer=offer, until=2)["contract"]
        apply(f"accept-{turn}", "accept", people["asean"], contract=numbers[turn])
        apply(f"lock-{turn}", "lock", people["us"])
        apply(f"orders-{turn}", "advance", "facilitator")
        apply(f"seal-{turn}", "advance", "facilitator")
        if game.state.turn == turn and game.state.phase in ("resolve", "results"):
            say(f"resolving {turn}")
            game.resolve()
            say(f"resolved {turn}")
    say(f"digest {game.digest}")
    game.close()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
