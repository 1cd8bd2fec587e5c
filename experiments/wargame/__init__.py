"""The classroom game without its pages: a log of commands, the rules that read it, and the simulation behind it.

    from stackcraft.experiments.wargame import Bot, Offer, Order, Wargame

    game = Wargame.create("game-2025", seats=("us", "cn", "asean", "gulf"), seed=7, folder="games")
    us = game.seat("us")
    us.submit([Order("H1", 0.4), Order("H4", "business")], why="trust first", forecast=0.2)
    us.lock()
    game.offer("us", "asean", Offer.package("IDN", ("cloud",), size=0.5), until=3)
    game.fill_with_bots()
    result = game.advance()                       # resolves the turn: result.news, result.board, result.digest
    game.view("asean")
    game.close()
    again = Wargame.open("games/K7M2QX.db")       # what happened is read from the log and played again
    assert again.digest == game.digest

How a game is driven
--------------------
Everything that changes a game goes through one function, `game.apply(kind, actor, key=None, **body)`, which checks the
command, writes it to the log, and only then returns its answer (a table with at least `version`). A command with a
`key` that was seen before gets the first answer again. `actor` is "facilitator", "clock", a person ("p3") or a bot
("bot:us"); `actor=None` is somebody without a token, who may only join. Bad commands raise `InputError`, one line; they
leave nothing in the log.

=============== ================================================================ =======================================
kind            body                                                             who; answer
=============== ================================================================ =======================================
join            seat=None, name=None, code                                       anybody; person, token, phrase
rejoin          phrase, code                                                     anybody; person, token
leave, seen     -                                                                person (`seen` is not logged)
name, job       name= / job=head|negotiator|treasurer|analyst                    person
take_pen        -                                                                person
pass_pen        person: somebody of the same team                                who holds the pen
draft           orders=[{order, value, where, part}], why, forecast              person or bot; problems, warnings
forecast        forecast: a person's own, whoever holds the pen                  person
lock, unlock    -                                                                who holds the pen, or bot
offer           to, offer={form, ...}, until, penalty_bn, public, seat           person or bot; contract
counter         contract, offer, until, penalty_bn, public                       person or bot; contract
accept          contract                                                         who holds the pen, or bot
decline,        contract                                                         person or bot
withdraw
advance         -                                                                facilitator, clock: the next phase
advance_slowest -                                                                facilitator: teams away are locked
nudge           seat                                                             facilitator: how far are you?
pause, resume   -                                                                facilitator
extend          seconds                                                          facilitator
rewind          turn                                                             facilitator
inject          card, country=None, stack=None, month=None                       facilitator
announce        text                                                             facilitator
override        lever="actor.lever=value" | contract=, state= | seat=, points=,  facilitator
                reason
assign          person, seat                                                     facilitator (also moves)
merge           seat, into                                                       facilitator
kick            person                                                           facilitator
open_seat,      seat                                                             facilitator
close_seat
hand_to_bot     seat, strategy=None                                              facilitator
take_over       seat                                                             facilitator, person
envelopes       -                                                                facilitator: drafts become readable
new_code, doors code | open=True|False                                           facilitator
hide            seq                                                              facilitator: a text is hidden
reveal          -                                                                facilitator
=============== ================================================================ =======================================

`advance` out of the phase `orders` logs what is to be played and stands in phase `resolve`; `game.resolve()` then
plays it (about a second), stands in `results`, and plays what each seat would have had without its moves, for the
scores (one to four seconds more for eight seats; call it from a worker: views stay available meanwhile).
`game.advance()` does all of it. `game.due()` says whether the clock is out or all seats are locked; a server calls it
every second and answers True with `game.apply("advance", "clock")`.

`game.evaluate(seat, orders)` says what a draft costs and what is wrong with it, as the server will judge it;
`game.preview(seat, orders)` what it may do, in a few imagined futures (a second; every five seconds a seat).
`game.due()`, `game.view(reader)` and `game.apply` take milliseconds; `create` and `open` take seconds.
"""

from stackcraft.agents.faces import lazily

_HOME = "stackcraft.experiments.wargame."
_HOMES = {
    "Bot": _HOME + "bots",
    "Offer": _HOME + "contracts",
    "Order": _HOME + "script",
    "Reader": _HOME + "views",
    "Seat": _HOME + "script",
    "TurnResult": _HOME + "script",
    "Wargame": _HOME + "game",
}
__all__ = sorted(_HOMES)
__getattr__, __dir__ = lazily(__name__, _HOMES)
