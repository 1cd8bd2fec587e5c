"""Codes follow from names: every constant is the place of its name."""

from pathlib import Path

import pytest

from stackcraft.agents import names
from stackcraft.model.batch import all_on
from stackcraft.model.layouts import as_switches
from stackcraft.model.loop import cache, codes

PREFIXES = {
    names.LAYERS: "",
    names.STACKS: "",
    names.BELIEF_CHANNELS: "",
    names.INSTRUMENTS: "",
    names.DEAL_CLASSES: "",
    names.MODES: "",
    names.SITE_CLASSES: "",
    names.WEIGHTS: "BY_",
    codes.STAGES: "",
    codes.CAUSES: "",
    codes.ORIGINS: "",
    codes.OUTCOMES: "",
    codes.TERMS: "T_",
    codes.VENDOR_TERMS: "R_",
    codes.TASTES: "TASTE_",
    codes.EVENT_KINDS: "E_",
}
# Names whose constant is called otherwise: the plain word is taken, or long.
OTHERWISE = {
    names.BELIEF_CHANNELS: {"security": "BREACH"},
    names.INSTRUMENTS: {"concessional_loan": "CONCESSIONAL", "direct_loan": "DIRECT"},
    names.MODES: {"partner_operated": "PARTNER"},
    names.SITE_CLASSES: {"mid_data_centre": "MID", "network": "NETWORK_SITE", "software": "SOFTWARE_SITE"},
    codes.ORIGINS: {name: f"FROM_{name.upper()}" for name in ("tender", "renewal", "package", "hedge")},
    codes.OUTCOMES: {"pipeline": "IN_PIPELINE", "operating": "IN_OPERATION"},
}


@pytest.mark.parametrize(("group", "prefix"), PREFIXES.items(), ids=lambda value: value[0] if value else "")
def test_every_constant_is_the_place_of_its_name(group, prefix):
    otherwise = OTHERWISE.get(group, {})
    constants = [otherwise.get(name, f"{prefix}{name.upper()}") for name in group]
    assert {name: int(getattr(codes, name)) for name in constants} == {name: i for i, name in enumerate(constants)}


def test_terms_of_vendors_have_their_rows():
    rows = {codes.TERMS[term]: int(row) for term, row in enumerate(codes.ROW_OF_TERM) if row >= 0}
    assert rows == {name: place for place, name in enumerate(codes.VENDOR_TERMS)}


def test_a_run_reads_its_switches_by_name():
    switches = as_switches(all_on(3, off=["peers", "hedge"]))
    assert switches.dtype.names == codes.SUBMODELS and switches.shape == (3,)
    assert {name for name in codes.SUBMODELS if not switches[name].any()} == {"peers", "hedge"}


def test_compiled_code_goes_by_the_names_and_by_no_strategy():
    """Other names compile the loop again; a changed strategy does not."""
    source = Path(codes.__file__).read_text(encoding="utf-8")
    assert {path.name for path in cache._imported(source, Path(cache.__file__).parents[2])} == {"names.py"}
