"""A game from outside: made, played by a script, reopened, rewound, deleted."""

import threading

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import Offer, Order, Reader, Wargame, turns
from stackcraft.experiments.wargame.log import Log
from tests.experiments.wargame.conftest import SMALL


def test_the_example_of_the_package_works(small, tmp_path):
    us = small.seat("us")
    assert us.submit([Order("H1", 0.4), Order("H4", "business")], why="trust first", forecast=0.2)["pc"] == 6
    us.lock()
    small.offer("us", "asean", Offer.package("IDN", ("cloud",), size=0.5), until=2)
    small.fill_with_bots()
    result = small.advance()
    assert result.turn == 1 and result.digest and result.news and len(result.board) == 2
    assert small.view("asean")["results"]["turn"] == 1
    small.close()
    with Wargame.open(small.path) as again:
        assert again.digest == result.digest and again.version == small.version
        assert again.view("us")["own"]["orders"][0]["now"] == 0.4
        again.advance()
        assert again.over and again.seat("us").view()["game"]["over"]


def test_orders_hold_until_others_replace_them_and_move_the_played_world(tmp_path):
    digests = []
    for value in (None, 1.0):
        with Wargame.create("game-2025", folder=tmp_path, **SMALL, pc=20) as game:
            if value is not None:
                game.seat("us").submit([Order("H1", value)])
            game.advance(), game.advance()
            assert game.state.now("us", "H1") == (0.1 if value is None else value)
            digests.append(game.digest)
            moves = game.state.played.moves
            assert ("us_government.supply_bond=1" in moves[2]["assignments"]) == (value is not None)
    assert digests[0] != digests[1]


def test_results_stand_and_can_be_read_while_par_is_played(small, monkeypatch):
    real, phases, shown = turns.play_pars, [], []

    def play_pars(state, courses, threads=1):
        phases.append(state.phase)
        reader = threading.Thread(target=lambda: shown.append(small.view("us")["results"]["turn"]))
        reader.start(), reader.join(10)
        return real(state, courses, threads)

    monkeypatch.setattr(turns, "play_pars", play_pars)
    small.seat("us").submit([Order("H1", 0.4)])
    small.advance()
    assert phases == ["results"] and shown == [1]
    assert small.state.played.scores[1]["us"]["points"] != 50 == small.state.played.scores[1]["asean"]["points"]
    small.scores()
    assert len(phases) == 1  # par of a turn is played once


def test_an_exception_for_a_country_and_its_end(small):
    us = small.seat("us")
    us.submit([Order("H1", 0.4, where="IDN")])
    small.advance()
    assert small.state.played.moves[1]["assignments"] == ["us_government.supply_bond[IDN]=0.4"]
    us.submit([Order("H1", None, where="IDN")])
    small.advance()
    assert small.state.played.moves[2]["assignments"] == []


def test_what_cannot_be_paid_is_taken_back_from_the_end_and_said(small):
    us = small.seat("us")
    answer = us.submit([Order("H4", "business"), Order("H1", 1.0)])
    assert "too dear" in answer["problems"][0]
    with pytest.raises(InputError, match="cannot be locked"):
        us.lock()
    small.advance()
    assert [one["order"] for one in small.state.played.history[1]["us"]["orders"]] == ["H4"]
    assert any("could not be paid" in line["text"] for line in small.view("us")["news"])
    assert not any("could not be paid" in line["text"] for line in small.view("cn")["news"])


def test_a_package_is_paid_built_and_judged_by_the_ledger(small):
    number = small.offer("us", "asean", Offer.package("IDN", ("cloud",), size=0.25), until=2, penalty_bn=0.5)
    purse = small.state.chairs["us"].purse
    person = small.apply("join", None, code=small.code, seat="asean")["person"]
    small.apply("accept", person, contract=number)
    contract = small.state.contracts[number]
    small.advance()
    value = contract.values["cloud"]
    assert contract.state == "in force" and small.state.chairs["us"].purse == pytest.approx(
        purse - 0.1 * value, abs=1e-3
    )
    deals = small._worlds.played.deals
    built = deals[(deals.origin == "scripted") & (deals.country == "IDN") & (deals.signed == 2025 + 1 / 12)]
    assert built.value_bn.iloc[0] == pytest.approx(value)
    small.advance()
    done = built.deal.isin(small._worlds.played.deals.query("outcome in ('operating', 'renewed')").deal).all()
    assert contract.state == ("kept" if done else "broken")


def test_breaking_a_guarantee_costs_its_bond_and_everybody_hears_of_it(small):
    small._worlds.played.world.book["leverage"][:, 0] = 0.5  # leverage enough to cut anybody off
    small.state.config["world"]["leverage"]["US"]["IDN"] = 0.5
    number = small.offer("us", "asean", Offer.guarantee("IDN"), penalty_bn=2.0, public=False)
    person = small.apply("join", None, code=small.code, seat="asean")["person"]
    small.apply("accept", person, contract=number)
    small.advance()
    assert "us_government.supply_bond[IDN]=0.9" in small.state.played.moves[1]["assignments"]
    small.state.world()["leverage"]["US"]["IDN"] = 0.5
    small.begin_turn()
    before = {seat: chair.purse for seat, chair in small.state.chairs.items()}
    answer = small.seat("us").submit([Order("H10", where="IDN")])
    assert "breaks Guarantee" in answer["warnings"][0] and not answer["problems"]
    small.advance()
    assert small.state.contracts[number].state == "broken" and small.state.chairs["us"].broken == 1
    assert (
        small.state.chairs["us"].purse == before["us"] - 2 and small.state.chairs["asean"].purse == before["asean"] + 2
    )
    assert {"cut_off", "broken"} <= {line["kind"] for line in small.view(Reader("projector"))["news"]}
    assert not any("supply_bond" in text for text in small.state.played.moves[2]["assignments"])


def test_a_threat_is_carried_out_by_itself_if_the_offer_is_not_accepted(small):
    threat = {"order": "B2", "value": 0.8, "where": None, "part": None}
    small.offer("asean", "us", Offer.words("Host here.", in_return=Offer.hosting(0.8), or_else=threat))
    small.advance()
    assert [one["order"] for one in small.state.played.history[1]["asean"]["orders"]] == ["B2"]


def test_a_repeated_command_gets_the_first_answer_and_does_nothing(small):
    first = small.apply("join", None, key="a", code=small.code, seat="us")
    again = small.apply("join", None, key="a", code=small.code, seat="us")
    assert first == again and len(small.state.people) == 1
    person = first["person"]
    small.apply("advance", "facilitator", key="b")
    version = small.version
    small.apply("advance", "facilitator", key="b")
    assert small.version == version and small.state.phase == "brief"
    with pytest.raises(InputError, match="somebody else"):
        small.apply("leave", person, key="b")
    small.close()
    with Wargame.open(small.path) as reopened:  # the token is in no file: the person gets another
        later = reopened.apply("join", None, key="a", code=small.code, seat="us")
        assert later["person"] == person and later["token"] != first["token"]
        assert reopened.reader(later["token"]).person == person
        assert reopened.reader(first["token"]).person == person


def test_a_rewind_takes_turns_back_on_the_same_luck(small):
    first = small.advance().digest
    us = small.seat("us")
    us.submit([Order("H4", "business")])
    second = small.advance().digest
    small.rewind(2)
    assert small.state.phase == "brief" and small.state.turn == 2 and small.digest == first
    us.submit([Order("H4", "business")])
    assert small.advance().digest == second
    small.rewind(1)
    assert small.digest == "" and small.advance().digest == first
    assert len(small.state.void) > 4


def test_a_log_cut_at_any_row_opens_where_it_was(small, tmp_path):
    small.fill_with_bots()
    small.advance(), small.advance()
    small.apply("reveal", "facilitator")
    small.close()
    rows = small.rows()
    for count in range(1, len(rows) + 1):
        cut = Log(tmp_path / f"CUT{count}.db", new=True)
        for row in rows[:count]:
            cut.append(row.at, row.turn, row.phase, row.actor, row.kind, body=row.body, answer=row.answer, key=row.key)
        cut.close()
        played = count in (1, len(rows) // 2, len(rows)) or rows[count - 1].kind in ("resolving", "resolved")
        with Wargame.open(cut.path, play=played) as game:
            assert game.state.phase == (rows[count].phase if count < len(rows) else small.state.phase)
            game.view("us") if played else game.rows()
            if rows[count - 1].kind == "resolving":
                assert game.resolve().digest == small.state.played.results[game.state.turn]["digest"]


def test_a_process_that_ends_while_a_turn_is_played_plays_it_again(small, tmp_path):
    for _ in range(4):
        small.apply("advance", "facilitator")
    assert small.state.phase == "resolve"
    small.close()
    with Wargame.open(small.path) as again:
        assert again.state.phase == "resolve"
        digest = again.resolve().digest
    with Wargame.create("game-2025", folder=tmp_path / "other", **SMALL) as other:
        assert other.advance().digest == digest


def test_a_turn_that_comes_out_otherwise_is_refused_but_can_be_read(small):
    small.advance()
    small.close()
    log = Log(small.path)
    rows = list(log.rows())
    forged = Log(small.path.with_name("FORGED.db"), new=True)
    for row in rows:
        body = {**row.body, "digest": "0" * 64} if row.kind == "resolved" else row.body
        forged.append(row.at, row.turn, row.phase, row.actor, row.kind, body=body, answer=row.answer, key=row.key)
    forged.close(), log.close()
    with pytest.raises(InputError, match="turn 1 comes out otherwise"):
        Wargame.open(small.path.with_name("FORGED.db"))
    with Wargame.open(small.path.with_name("FORGED.db"), play=False) as read:
        assert read.state.turn == 1
        with pytest.raises(InputError, match="open it again"):
            read.advance()


def test_a_bad_choice_leaves_no_file(tmp_path):
    for bad in (
        {"seats": ("us", "moon")},
        {"turns": 99},
        {"cards": {"us": "joker"}},
        {"clock": {"nap": 3}},
        {"moon": 1},
    ):
        with pytest.raises(InputError) as error:
            Wargame.create("game-2025", folder=tmp_path, **{**SMALL, **bad})
        assert "\n" not in str(error.value)
    with pytest.raises(InputError, match="game-2025"):
        Wargame.create("game-2026", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_delete_leaves_no_file_and_no_token(small, tmp_path):
    small.apply("join", None, code=small.code, seat="us")
    small.delete()
    assert list(tmp_path.iterdir()) == []


def test_no_secret_of_a_person_is_in_the_file(small):
    given = small.apply("join", None, key="k", code=small.code, seat="us")
    small.apply("rejoin", None, key="l", code=small.code, phrase=given["phrase"])
    small.close()
    content = small.path.read_bytes()
    assert given["token"].encode() not in content and given["phrase"].encode() not in content
