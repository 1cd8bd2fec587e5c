"""What is given away of a game, and what is left of a deleted one."""

import json

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import export


def test_an_export_holds_every_row_and_nobody(joined, tmp_path):
    game, people = joined
    given = game.apply("join", None, key="k", code=game.code, seat="us", name="Ada-of-the-class")
    game.apply("name", people["us"], name="Grace-of-the-class")
    game.apply("new_code", "facilitator")
    hashes = [token for one in game.state.people.values() for token in (*one.tokens, one.phrase)]
    written = export.write(game.path, tmp_path / "log.jsonl").read_text()
    rows = [json.loads(line) for line in written.splitlines()]
    assert [row["seq"] for row in rows] == list(range(1, game.version + 1))
    assert rows[0]["body"]["title"] and not {"key", "hash", "answer"} & set(rows[0])
    secrets = [given["token"], given["phrase"], "Ada-of-the-class", "Grace-of-the-class", game.code, *hashes]
    assert not [one for one in secrets if one in written]


def test_an_export_goes_into_a_folder_that_is_there(small, tmp_path):
    with pytest.raises(InputError, match="does not exist"):
        export.write(small.path, tmp_path / "nowhere" / "log.jsonl")
    with pytest.raises(InputError, match="no such game"):
        export.write(tmp_path / "none.db", tmp_path / "log.jsonl")
    assert not (tmp_path / "log.jsonl").exists()
