"""What the model is held to is declared whole, and a faulty declaration is refused in one line."""

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.evidence.hindcast.declared import READINGS, declared
from stackcraft.model.fact_tables import read_world


def test_every_country_is_in_one_block():
    plan = declared()
    world = read_world("world")
    blocks = plan.block_of(world.words("subregion"))
    assert len(plan.blocks) == 5 and len(blocks) == 193
    assert min((blocks == block).sum() for block in range(5)) >= 25
    with pytest.raises(InputError, match="did you mean Eastern Asia"):
        plan.block_of(["Easter Asia"])


def test_targets_say_why_and_have_a_baseline_where_one_is_possible():
    plan = declared()
    assert len(plan.tested()) >= 8
    for target in plan.targets:
        assert target.reason and target.rule and target.what
        assert target.baselines or target.kind == "level", target.name
    assert {one.how for one in plan.wrong} == {"inputs", "off", "shuffle"}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('kind = "ranking"', 'kind = "rank"'), "did you mean ranking"),
        (('primary = "spearman"', 'primary = "log"'), "target ai-users: score 'log'"),
        (('"internet_users"', '"internet_user"'), "did you mean internet_users"),
        (('reading = ["use_per_head"', 'reading = ["use_a_head"'), "is not a function of observe.py"),
        (("tolerance = 0.06", "tolerance = 0"), "should be above 0"),
        (("tolerance = 0.06\n", ""), "missing"),
        (("weight = 0.05", "weight = 0.5"), "add up to 1.45"),
        (('off = ["finance"]', 'off = ["finances"]'), "off names submodels"),
        (("declared =", "declare ="), "did you mean declared"),
        (("declared =", "declared"), "cannot be read"),
    ],
)
def test_a_faulty_declaration_is_refused_in_one_line(tmp_path, change, says):
    text = READINGS.read_text(encoding="utf-8")
    assert change[0] in text
    path = tmp_path / "readings.toml"
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    with pytest.raises(InputError, match=says) as error:
        declared(path)
    assert "\n" not in str(error.value)
