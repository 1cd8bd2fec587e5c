"""Whatever is taken along says what was changed and, where a country is looked at, which."""

import io
import json
import zipfile

import pytest

from stackcraft.model.inputs import load_inputs
from stackcraft.viz.dashboard.downloads import routes
from stackcraft.viz.dashboard.naming import file_part
from stackcraft.viz.dashboard.parts.frame import captions, file_of, picture_title
from stackcraft.viz.dashboard.state import read
from tests.viz.dashboard.downloads.test_routes import ASKED, CHANGE, CHANGE_IN_FILES, get, queue  # noqa: F401  fixtures

COUNTRY = load_inputs("synthetic").iso3[3]
NAME = str(load_inputs("synthetic").name[3])
FROM_COUNTRY = f"{ASKED}&c={COUNTRY}"


def told(name, body):
    """The text of an export, the texts within a bundle put together."""
    if not name.endswith(".zip"):
        return body.decode()
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        return "\n".join(
            archive.read(one).decode() for one in archive.namelist() if one.endswith((".toml", ".html", ".json"))
        )


def plain(text):
    """As JSON and HTML write an arrow."""
    return text.replace("\\u2192", "→").replace("&#8594;", "→")


@pytest.mark.parametrize("name", sorted(routes.MAKERS))
def test_every_export_names_what_was_changed_and_the_country(get, name):  # noqa: F811
    found = get(name, FROM_COUNTRY)
    assert found["status"] == 200
    text = plain(told(name, found["body"]))
    assert CHANGE in text, name
    assert NAME in text, name
    file = found["headers"]["content-disposition"]
    assert CHANGE_IN_FILES in file and file_part(NAME) in file, file


@pytest.mark.parametrize("name", sorted(routes.MAKERS))
def test_no_export_of_the_usual_scenario_speaks_of_a_change(get, name):  # noqa: F811
    found = get(name, ASKED.replace("&set=us_government.supply_bond%3D0.9", ""))
    assert found["status"] == 200 and CHANGE not in plain(told(name, found["body"]))
    assert "status-quo-of-2025" in found["headers"]["content-disposition"]


def test_pictures_name_what_was_changed_and_the_country():
    state = read(FROM_COUNTRY)
    assert CHANGE in picture_title(state, "By 2028 nobody leads.")
    lines = " ".join(captions(state))
    assert CHANGE in lines and NAME in lines
    assert file_of(state, "map", "") == f"stackcraft-{file_part(NAME)}-{CHANGE_IN_FILES}-map"
    assert picture_title(read(""), "By 2045 nobody leads.") == "By 2045 nobody leads."


def test_numbers_in_json_have_the_title(get):  # noqa: F811
    found = json.loads(get("results.json", FROM_COUNTRY)["body"])
    assert CHANGE in found["title"] and CHANGE in found["scenario"]["title"] and found["looked_at"] == NAME
