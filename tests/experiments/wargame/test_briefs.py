"""Role briefs: read in under four minutes, with facts that are the model's own."""

import pytest

from stackcraft.experiments.wargame import content, rules
from stackcraft.experiments.wargame.briefs import brief_of, facts_of
from stackcraft.experiments.wargame.seats import SEATS
from stackcraft.model.inputs import load_inputs

SLOW_READER = 130  # words a minute
SLANTED = ("regime", "aggressive", "malign", "authoritarian", "hegemon", "puppet", "backward", "evil", "rogue")


@pytest.mark.parametrize("seat", SEATS)
def test_a_slow_reader_is_done_in_four_minutes(seat):
    assert 150 < brief_of(seat)["words"] <= 4 * SLOW_READER


@pytest.mark.parametrize("seat", SEATS)
def test_no_brief_uses_a_slanted_word(seat):
    brief = content.briefs()[seat]
    text = " ".join((brief.who, brief.wants, brief.dilemma, brief.ask, *brief.first)).lower()
    assert not [word for word in SLANTED if word in text]


@pytest.mark.parametrize("seat", SEATS)
def test_the_orders_that_a_brief_names_are_the_seats_own(seat):
    import re

    brief = content.briefs()[seat]
    text = " ".join((brief.who, brief.wants, brief.dilemma, brief.ask, *brief.first))
    groups = {form.group for form in rules.orders_of(seat, tuple(SEATS)).values()} | {
        form.group for form in rules.orders_of("us" if SEATS[seat].kind == "bloc" else seat, tuple(SEATS)).values()
    }
    named = set(re.findall(r"\b[HFBG]\d+\b", text))
    assert named and named <= groups


def test_the_facts_of_a_bloc_follow_the_models_tables():
    inputs = load_inputs("world")
    places = [inputs.iso3.index(code) for code in SEATS["asean"].countries]
    lines = {one["fact"]: one for one in facts_of("asean")}
    assert lines["Economy and people"]["value"].startswith(f"{inputs.gdp[places].sum():,.0f} bn $")
    assert lines["Demand for artificial intelligence"]["value"].startswith(f"{inputs.demand[places].sum():.2g}")
    shares = lines["Whose stack is installed"]["value"]
    numbers = [int(word.rstrip("%,")) for word in shares.replace(",", " ").split() if word.rstrip("%,").isdigit()]
    assert len(numbers) == 3 and abs(sum(numbers) - 100) <= 1
