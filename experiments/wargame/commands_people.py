"""Commands by which people come and go, and share a seat."""

from __future__ import annotations

from stackcraft.agents.errors import InputError, unknown
from stackcraft.experiments.wargame import tokens
from stackcraft.experiments.wargame.commands import ANYBODY, FACILITATOR, PEOPLE, Asked, Made, command
from stackcraft.experiments.wargame.seats import JOBS, MOST_IN_A_SEAT
from stackcraft.experiments.wargame.state import State

MOST_NAME = 24
PEN_SECONDS = 20.0  # without a sign of life, until the pen may be taken
BIRDS = (
    "Heron Avocet Bittern Curlew Dunlin Egret Falcon Gannet Harrier Ibis Jay Kestrel Lark Merlin Nightjar Osprey "
    "Plover Quail Robin Siskin Tern Wagtail Wren Swift"
).split()


@command("join", ANYBODY)
def _join(asked: Asked) -> Made:
    state = asked.state
    _check_code(asked)
    if not state.doors:
        raise InputError("the doors are closed; ask the facilitator")
    seat = asked.chair("seat") if asked.body.get("seat") else smallest(state)
    _check_room(state, seat)
    person = f"p{len(state.people) + 1}"
    name = asked.text("name", MOST_NAME) if state.config["names"] else None
    _check_name(state, name, person)
    name = name or f"{BIRDS[len(state.people) % len(BIRDS)]} {len(state.people) // len(BIRDS) + 1}"
    token = tokens.new_token()
    phrase = tokens.phrase_of(token)
    answer = {"person": person, "seat": seat, "name": name}
    body = {**answer, "token": tokens.digest(token), "phrase": tokens.digest(phrase)}
    return Made("joined", body, answer, {"token": token, "phrase": phrase})


def _check_code(asked: Asked) -> None:
    given = str(asked.body.get("code", "")).strip().upper()
    if not tokens.same(tokens.digest(given), tokens.digest(asked.state.code)):
        raise InputError("there is no game with this code; look at the screen again")


def _check_name(state: State, name: str | None, person: str) -> None:
    """Raise `InputError` where a name would pass somebody off as somebody else."""
    taken = {one.name.casefold() for one in state.people.values() if one.person != person} | {FACILITATOR}
    if name and name.strip().casefold() in taken:
        raise InputError(f"{name} is somebody else here; choose another name")


def _check_room(state: State, seat: str) -> None:
    chair = state.chairs[seat]
    if not chair.open:
        raise InputError(f"{chair.form.title} is closed; take another seat")
    if len(state.members(seat)) >= MOST_IN_A_SEAT:
        raise InputError(f"{chair.form.title} is full ({MOST_IN_A_SEAT}); take another seat")


def smallest(state: State) -> str:
    """The open seat with the fewest people, the first of equals. Raises `InputError` where all are full."""
    free = [seat for seat, one in state.chairs.items() if one.open and len(state.members(seat)) < MOST_IN_A_SEAT]
    if not free:
        raise InputError("the game is full; ask the facilitator")
    return min(free, key=lambda seat: len(state.members(seat)))


@command("rejoin", ANYBODY)
def _rejoin(asked: Asked) -> Made:
    _check_code(asked)
    wanted = tokens.digest(tokens.tidy_phrase(str(asked.body.get("phrase", ""))))
    found = [one for one in asked.state.people.values() if one.phrase and tokens.same(one.phrase, wanted)]
    if not found:
        raise InputError("nobody here has these four words; look at the phone that joined")
    person, token = found[0], tokens.new_token()
    answer = {"person": person.person, "seat": person.seat, "name": person.name}
    return Made("rejoined", {"person": person.person, "token": tokens.digest(token)}, answer, {"token": token})


@command("leave", PEOPLE)
def _leave(asked: Asked) -> Made:
    return Made("left", {"person": asked.person().person})


@command("name", PEOPLE)
def _name(asked: Asked) -> Made:
    asked.person()
    if not asked.state.config["names"]:
        raise InputError("names are switched off in this game")
    name = asked.text("name", MOST_NAME, needed=True)
    _check_name(asked.state, name, asked.person().person)
    return Made("named", {"name": name})


@command("job", PEOPLE)
def _job(asked: Asked) -> Made:
    asked.person()
    if asked.body.get("job") not in JOBS:
        raise unknown("job", asked.body.get("job"), JOBS)
    return Made("named", {"job": asked.body["job"]})


@command("take_pen", PEOPLE)
def _take_pen(asked: Asked) -> Made:
    person, seat = asked.person(), asked.seat()
    holder = asked.state.chairs[seat].pen
    if holder not in (None, person.person) and asked.silent(holder) < PEN_SECONDS:
        name = asked.state.people[holder].name
        raise InputError(f"{name} holds the pen and is there; it can be taken after {PEN_SECONDS:g} s of silence")
    return Made("pen", {"seat": seat, "person": person.person})


@command("pass_pen", PEOPLE)
def _pass_pen(asked: Asked) -> Made:
    seat, person = asked.with_pen(), _known(asked)
    to = asked.state.people[person]
    if to.seat != seat or not to.here:
        raise InputError(f"{to.name} is not in your team")
    return Made("pen", {"seat": seat, "person": person})


# the facilitator seats people


@command("assign", FACILITATOR)
def _assign(asked: Asked) -> Made:
    person = _known(asked)
    seat = asked.chair("seat")
    _check_room(asked.state, seat)
    return Made("assigned", {"moves": {person: seat}})


def _known(asked: Asked) -> str:
    person = asked.body.get("person")
    if person not in asked.state.people:
        raise unknown("person", person, asked.state.people)
    return person


@command("merge", FACILITATOR)
def _merge(asked: Asked) -> Made:
    seat, into = asked.chair("seat"), asked.chair("into")
    people = asked.state.members(seat)
    if len(people) + len(asked.state.members(into)) > MOST_IN_A_SEAT:
        raise InputError(f"together they are more than {MOST_IN_A_SEAT}")
    return Made("assigned", {"moves": {one.person: into for one in people}})


@command("kick", FACILITATOR)
def _kick(asked: Asked) -> Made:
    return Made("kicked", {"person": _known(asked)})


@command("open_seat", FACILITATOR)
def _open_seat(asked: Asked) -> Made:
    return Made("opened", {"seat": asked.chair("seat")})


@command("close_seat", FACILITATOR)
def _close_seat(asked: Asked) -> Made:
    return Made("closed", {"seat": asked.chair("seat")})


@command("hand_to_bot", FACILITATOR)
def _hand_to_bot(asked: Asked) -> Made:
    return Made("bot", {"seat": asked.chair("seat"), "bot": asked.body.get("strategy") or "default"})


@command("take_over", FACILITATOR, PEOPLE)
def _take_over(asked: Asked) -> Made:
    seat = asked.chair("seat")
    if asked.actor == "facilitator":
        return Made("bot", {"seat": seat, "bot": None})
    person = asked.person()
    if person.seat != seat:
        _check_room(asked.state, seat)
    return Made("assigned", {"moves": {person.person: seat}})
