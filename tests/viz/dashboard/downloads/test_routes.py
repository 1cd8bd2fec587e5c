"""Downloads answer from the address alone, and hold the numbers of the screen."""

import asyncio
import csv
import io
import json
import re
import shlex
import subprocess
import sys
import zipfile

import numpy as np
import pytest

pytest.importorskip("starlette", reason="the dashboard is not installed: pip install 'stackcraft[dashboard]'")

import xarray as xr
from starlette.applications import Starlette
from starlette.routing import Mount

from stackcraft.agents.errors import InputError
from stackcraft.experiments.live import Ensemble, Queue, country_frame_of_results
from stackcraft.model.scenario import Scenario, shipped
from stackcraft.viz.dashboard.downloads import files
from stackcraft.viz.dashboard.downloads import routes as take_away
from stackcraft.viz.dashboard.downloads.codes import decode, encode
from stackcraft.viz.dashboard.state import Question, View, read

BASE = "world=synthetic&years=2025:2028&runs=6&seed=5"
CHANGE = "US government: bond against cutting supply 0.1 → 0.9"
CHANGE_IN_FILES = "us-government-bond-against-cutting-supply-0.9"
ASKED = f"{BASE}&set=us_government.supply_bond%3D0.9&y=2027&l=cloud&k=utilised"


@pytest.fixture(scope="module")
def queue():
    one = Queue(workers=2)
    yield one
    one.close()


@pytest.fixture
def get(queue, monkeypatch):
    """Ask for a download: status, headers and body."""
    monkeypatch.setattr(take_away, "queue", lambda: queue)
    app = Starlette(routes=[Mount("/download", routes=take_away.ROUTES)])

    def ask(name, query):
        found = {"body": b""}

        async def receive():
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message):
            if message["type"] == "http.response.start":
                found.update(
                    status=message["status"],
                    headers={key.decode(): value.decode() for key, value in message["headers"]},
                )
            else:
                found["body"] += message.get("body", b"")

        path = f"/download/{name}"
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(b"host", b"here")],
            "server": ("here", 80),
            "client": ("there", 1),
        }
        asyncio.run(app(scope, receive, send))
        return found

    return ask


@pytest.fixture(scope="module")
def summary(queue):
    return queue.wait(queue.ask("test", "a", Ensemble(read(ASKED).question.scenario)), 120)


def parted(body):
    """Comment lines and the table of a CSV."""
    lines = body.decode().splitlines(keepends=True)
    comments = [line for line in lines if line.startswith("#")]
    return comments, "".join(lines[len(comments) :])


def test_the_table_holds_the_cells_on_screen_to_the_last_bit(get, summary):
    found = get("table.csv", ASKED)
    assert (
        found["status"] == 200 and f"stackcraft-{CHANGE_IN_FILES}-table.csv" in found["headers"]["content-disposition"]
    )
    comments, table = parted(found["body"])
    rows = list(csv.DictReader(io.StringIO(table)))
    cells = summary.utilised
    for i, code in enumerate(summary.codes):
        assert rows[i]["country"] == code and (rows[i]["year"], rows[i]["layer"], rows[i]["kind"]) == (
            "2027",
            "cloud",
            "utilised",
        )
        assert [float(rows[i][stack]) for stack in ("US", "CN", "independent")] == cells.shares[2, 3, i].tolist()
        assert float(rows[i]["CN_p05"]) == float(cells.low[2, 3, i, 1]) and float(rows[i]["agreement"]) == float(
            cells.agreement[2, 3, i]
        )
    told = "".join(comments)
    assert "6 runs, seed 5, 2025 to 2028" in told and "not a forecast" in told and "Stackcraft" in told
    assert "--set us_government.supply_bond=0.9" in told


def test_the_snippet_run_afresh_gives_the_table(get, tmp_path):
    _, table = parted(get("table.csv", ASKED)["body"])
    script = tmp_path / "snippet.py"
    script.write_bytes(get("snippet.py", ASKED)["body"])
    done = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, timeout=300, env=_environment()
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == table.strip()


def _environment():
    import os
    from pathlib import Path

    return {**os.environ, "PYTHONPATH": str(Path(take_away.__file__).parents[3])}


def test_the_command_line_run_afresh_gives_the_table(get, tmp_path):
    _, table = parted(get("table.csv", ASKED)["body"])
    line = files.command(read(ASKED).question)
    assert "\n" not in line and f"#   {line}\n" in get("snippet.py", ASKED)["body"].decode()
    done = subprocess.run(
        [sys.executable, "-m", "stackcraft.viz.cli.main", *shlex.split(line)[1:], "--out", str(tmp_path / "out")],
        capture_output=True, text=True, timeout=300, env=_environment(), cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    frame = country_frame_of_results(xr.load_dataset(tmp_path / "out" / "results.nc"), 2027, "cloud", "utilised")
    assert frame.to_csv(index=False).strip() == table.strip()


@pytest.mark.parametrize("query", [
    BASE, (f"{BASE}&parameter=price_taste%3D2.5&preset=US%3Dlock-in&strategy=AAB%3Dhedge&off=hedge&peers=region"
    "&set=AAB.hedge%3D0.8&set=us_vendors.open_weights%3D0.5"),
])  # fmt: skip
def test_the_command_asks_the_same_question(query, monkeypatch):
    from typer.testing import CliRunner

    from stackcraft.viz.cli import main, run

    question = read(query).question
    asked = []
    monkeypatch.setattr(run, "_simulate", lambda scenario, *rest: asked.append(scenario) or io.BytesIO())
    monkeypatch.setattr(run, "_print_run", lambda scenario, simulation: None)
    result = CliRunner().invoke(main.app, [*shlex.split(files.command(question))[1:], "--no-files"])
    assert result.exit_code == 0, result.output
    assert asked[0].as_dict() == question.checked.as_dict()


def test_with_events_the_command_takes_the_scenario_file():
    event = json.dumps({"what": "alliance_doubt", "year": 2026, "stack": "US"})
    question = Question(events=(event,), world="synthetic", years=(2025, 2028), runs=4)
    assert files.command(question).startswith("stackcraft run scenario.toml --years 2025:2028 --runs 4")
    assert Question(base="", title="Own").base == "" and files.command(Question(base="")).startswith(
        "stackcraft run scenario.toml"
    )


def test_the_snippet_names_the_scenario_in_full():
    question = Question(levers=("us_government.supply_bond=0.9",), parameters=(("price_taste", 1 / 3 + 1),), runs=4)
    code = files.snippet(question, View(layer="cloud"))
    given = re.search(r"from_dict\((\{.*?\})\)\n", code, re.S)[1]
    assert Scenario.from_dict(eval(given)) == question.scenario
    assert "year=2045, layer='cloud', kind='installed'" in code
    compile(code, "snippet", "exec")


def test_curves_hold_the_world_shares(get, summary):
    _, table = parted(get("curves.csv", ASKED)["body"])
    rows = [
        row
        for row in csv.DictReader(io.StringIO(table))
        if row["year"] == "2028" and row["weight"] == "gdp" and row["layer"] == "chips"
    ]
    assert len(rows) == 6
    expected = summary.world["world_installed"].sel(year=2028, weight="gdp", layer="chips", stack="US").values.mean()
    assert float(
        next(row for row in rows if (row["kind"], row["stack"]) == ("installed", "US"))["mean"]
    ) == pytest.approx(expected, abs=1e-15)


def test_the_difference_is_that_of_the_reference_in_the_address(get):
    query = ASKED + "&a=s%3Dbaseline"
    comments, table = parted(get("difference.csv", query)["body"])
    rows = list(csv.DictReader(io.StringIO(table)))
    assert len(rows) == 10 and any(float(row["US_difference"]) for row in rows)
    assert any("Compared with" in line for line in comments)
    same = list(csv.DictReader(io.StringIO(parted(get("difference.csv", f"{BASE}&a=s%3Dbaseline")["body"])[1])))
    assert all(float(row["US_difference"]) == 0 for row in same)


def test_results_as_json_hold_no_nan_and_the_scenario(get, summary):
    found = json.loads(
        get("results.json", ASKED)["body"], parse_constant=lambda name: pytest.fail(f"{name} is no JSON")
    )
    assert Scenario.from_dict(found["scenario"]) == read(ASKED).question.scenario
    assert found["runs"] == 6 and found["leads"]["utilised"][2]["leads"] == summary.utilised.counts(2)
    assert {row["measure"] for row in found["scorecard"]} >= {"retention", "cost"}


def test_the_scenario_goes_out_and_comes_in_again(get):
    given = get("scenario.toml", ASKED)["body"].decode()
    assert files.read_toml_text(given) == read(ASKED).question.scenario
    assert files.read_toml_text("\ufeff" + given.replace("\n", "\r\n")) == read(ASKED).question.scenario


@pytest.mark.parametrize("name", shipped())
def test_every_scenario_of_the_project_can_be_brought(name):
    one = Scenario.load(name)
    assert files.read_toml_text(one.to_toml()) == one


@pytest.mark.parametrize(("given", "said"), [
    ("levers = ['us_government.guaranty=0.9']", "guaranty.*did you mean supply_bond"),
    ("[levers]\nus_goverment.supply_bond = 0.9", "us_goverment.*did you mean us_government"),
    ("yers = [2025, 2045]", "'yers' is unknown; did you mean years"),
    ("title = ", "not valid TOML"),
    ("world = '/etc'", "world: /etc is not here"),
    ("world = ['world']", "is not here"),
    ("years = [2025, 2099]", "more than the 40"),
    ("runs = 'many'", "runs"),
    ("a" * 300_000, "nothing was opened"),
    ("[" * 2000, "not valid TOML"),
])  # fmt: skip
def test_a_bad_file_gives_one_clear_line(given, said):
    with pytest.raises(InputError, match=said) as found:
        files.read_toml_text(given)
    assert (
        "\n" not in str(found.value) and str(found.value).startswith("scenario file: ") and len(str(found.value)) < 600
    )


def test_many_mistakes_are_told_in_part_and_counted():
    with pytest.raises(InputError, match=r"and 2 more$"):
        files.read_toml_text("levers = [" + ", ".join(f"'us_government.nothing{i}=1'" for i in range(5)) + "]")


@pytest.mark.parametrize("name", sorted(take_away.MAKERS))
def test_a_bad_address_gives_a_page_with_one_line(get, name):
    found = get(name, f"{BASE}&set=us_goverment.supply_bond%3D0.9&l=%3Cscript%3E")
    page = found["body"].decode()
    assert found["status"] == 400 and found["headers"]["content-type"].startswith("text/html")
    (line,) = re.findall(r"<p>(?!<a)(.*?)</p>", page)
    assert "did you mean us_government" in line and "and 1 more such mistakes" in line and "left out" not in line
    assert "<script>" not in page


def test_a_year_out_of_reach_is_the_nearest_there_is(get):
    _, table = parted(get("table.csv", f"{BASE}&y=2044")["body"])
    assert next(csv.DictReader(io.StringIO(table)))["year"] == "2028"


def test_the_bundle_holds_everything_and_repeats_itself(get, summary, queue, tmp_path):
    found = get("bundle.zip", ASKED)
    with zipfile.ZipFile(io.BytesIO(found["body"])) as archive:
        assert archive.testzip() is None
        names = {name.removeprefix("stackcraft/") for name in archive.namelist()}
        assert names == {"results.nc", "deals.parquet", "manifest.json", "report.html", "scenario.toml"}
        archive.extractall(tmp_path)
    folder = tmp_path / "stackcraft"
    results = xr.load_dataset(folder / "results.nc")
    assert np.array_equal(results["installed"].values.astype(float).mean(0)[-1, :, 2], summary.installed.shares[-1, 3])
    from stackcraft.experiments.runs.manifest import read_manifest, scenario_of

    manifest = read_manifest(folder)
    assert scenario_of(manifest) == read(ASKED).question.scenario and manifest["files"]["results.nc"]["bytes"] > 0
    assert all(job.work.__class__ is not take_away.Bundle for job, _ in queue._kept.values())  # too large to keep


def test_the_report_is_the_run_s_report(get):
    page = get("report.html", ASKED)["body"].decode()
    assert page.startswith("<!doctype html>") and "--set us_government.supply_bond=0.9" in page


def outside(page):
    """What a page would fetch."""
    return [
        one
        for one in re.findall(r'(?:src|href)="([^"#][^"]*)"', page) + re.findall(r"url\(([^)#]+)\)", page)
        if not one.startswith("data:")
    ]


def test_the_brief_of_one_scenario_stands_alone(get):
    page = get("brief.html", BASE)["body"].decode()
    assert outside(page) == [] and "@page" in page and page.count("<h1>") == 1
    assert " worlds; " in page and "Would it last?" in page and 'id="map"' in page
    assert "scenario as it comes with the project" in page
    assert decode(re.search(r"(SC2-[\w-]+)", page)[1]) == read(BASE).query()


def test_the_brief_of_a_change_tells_the_difference(get):
    page = get("brief.html", ASKED + "&title=%3Cb%3EBold")["body"].decode()
    assert "bond against cutting supply" in page and "0.9" in page and "95% interval" in page
    assert re.search(r"share (rises|falls) in \d+ and falls in \d+ of \d+ worlds", page)
    assert "<b>Bold" not in page and "&lt;b&gt;Bold" in page


def test_two_downloads_at_once_do_not_drop_each_other(queue, monkeypatch):
    from concurrent.futures import ThreadPoolExecutor

    monkeypatch.setattr(take_away, "queue", lambda: queue)
    works = [Ensemble(read(f"{BASE}&seed={seed}").question.scenario) for seed in range(20, 24)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda work: take_away.wait_for(work)[0], works))
    assert [one.scenario.seed for one in found] == [20, 21, 22, 23]
    assert queue.load()["visitors"] == 0


@pytest.mark.parametrize(
    "query", ["", BASE, ASKED, "title=K%C3%B6nigsberg%20%F0%9F%98%80&s=cn-pipes-first", "x" * 3000]
)
def test_a_code_gives_its_address_back(query):
    code = encode(query)
    assert decode(code) == query and re.fullmatch(r"SC2-[\w-]*", code)
    assert decode(f" {code[:9]}\n{code[9:]} ") == query


def test_a_code_that_an_earlier_version_made_is_read_though_a_name_in_it_has_changed():
    query = decode("SC1-ePlgohjQIyRvCUumAE5lDsU")
    assert query == "set=us_government.guarantee%3D0.9&runs=16"
    state = read(query)
    assert not state.mistakes and state.question.levers == ("us_government.supply_bond=0.9",)


def test_a_code_is_short():
    assert len(encode("set=us_government.supply_bond%3D0.9")) <= 32


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "hello",
        "SC1-",
        "SC1-????",
        encode(ASKED)[:-6],
        encode(ASKED)[:10] + "A" + encode(ASKED)[11:] + "AA",
        "SC2-abc",
        "SC3-abc",
    ],
)
def test_a_mangled_code_is_refused_in_one_line(wrong):
    with pytest.raises(InputError) as found:
        decode(wrong)
    assert "\n" not in str(found.value) and "code" in str(found.value)


def test_a_code_that_swells_is_refused():
    with pytest.raises(InputError, match="too long"):
        decode(encode("x" * 1_000_000))
