"""The command line as a person meets it: what it prints, what it refuses, what it leaves behind."""

import errno
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import xarray as xr

from stackcraft.agents.names import PEER_GRAPHS
from stackcraft.experiments.evidence import claim_tests, staleness
from stackcraft.experiments.runs import outputs, running
from stackcraft.model.scenario import Scenario, shipped
from stackcraft.viz.cli import main

pytestmark = pytest.mark.usefixtures("compiled")
ROOT = Path(__file__).resolve().parents[3]
SMALL = ("first-lesson", "--years", "2025:2028", "--runs", "3", "--threads", "1")


@pytest.fixture
def say(capsys, tmp_path, monkeypatch):
    """Run a command in an empty folder; gives exit code, output and error text."""
    monkeypatch.chdir(tmp_path)

    def run(*arguments):
        code = main.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


def refused(answer, *parts, code=2):
    """Check that a command was refused in one clear line that holds `parts`."""
    got, out, err = answer
    assert got == code and out == "" and "Traceback" not in err
    assert err.startswith("stackcraft: ") and err.count("\n") == 1, err
    for part in parts:
        assert part in err, err


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """The outputs of one small run, made once."""
    folder = tmp_path_factory.mktemp("run") / "out"
    assert main.main(["run", *SMALL, "--set", "us_government.supply_bond=0.9", "--out", str(folder)]) == 0
    return folder


TITLE = "Half [/b] price [red]"


@pytest.mark.parametrize("command", [["run", "mine.toml"], ["compare", "mine.toml", "mine.toml"]])
def test_a_title_is_printed_as_it_is_and_never_taken_for_markup(say, tmp_path, command):
    text = f'title = "{TITLE}"\nstory = "A [/x] story"\nyears = [2025, 2026]\nruns = 1\nworld = "synthetic"\n'
    (tmp_path / "mine.toml").write_text(text)
    code, out, err = say(*command, "--out", "out")
    assert code == 0 and out.startswith(TITLE) and (tmp_path / "out" / outputs.REPORT).is_file(), err


def test_a_scenario_file_in_the_output_folder_is_kept(say, tmp_path):
    (tmp_path / "mine").mkdir()
    text = '# my notes\nyears = [2025, 2026]\nruns = 1\nworld = "synthetic"\n'
    (tmp_path / "mine" / "scenario.toml").write_text(text)
    refused(say("run", "mine/scenario.toml", "--out", "mine"), "holds scenario.toml, but no manifest")
    assert (tmp_path / "mine" / "scenario.toml").read_text() == text


@pytest.mark.parametrize("years", ["2025²:2027", "2025:②"])
def test_years_in_digits_that_are_not_decimal_are_refused_in_one_line(say, years):
    refused(say("run", "--years", years), f"--years {years}: write the first and the last year")


# reading


def test_help_loads_nothing_heavy():
    program = (
        "import sys; from stackcraft.viz.cli.main import main; code = main(['--help']);"
        "heavy = ('numpy', 'numba', 'xarray', 'pandas', 'mesa', 'stackcraft.model', 'stackcraft.agents.levers');"
        "print([name for name in heavy if name in sys.modules]); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0 and done.stdout.splitlines()[-1] == "[]"
    assert "compare" in done.stdout


def test_a_command_that_has_ended_does_not_look_for_garbage_first():
    program = (
        "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > 0));"  # runs last
        "from stackcraft.viz.cli.main import main; main(['--help']); print(gc.get_freeze_count())"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert done.stdout.splitlines()[-2:] == ["0", "True"]


def test_without_a_command_the_help_is_shown(say):
    code, out, err = say()
    assert code == 0 and "Usage: stackcraft" in out and err == ""


@pytest.mark.parametrize("command", [one.callback.__name__ for one in main.app.registered_commands])
def test_every_command_explains_itself(say, command):
    code, out, err = say(command, "--help")
    assert code == 0 and f"Usage: stackcraft {command}" in out and err == ""


def test_scenarios_lists_every_one_with_its_story(say):
    code, out, _ = say("scenarios")
    assert code == 0 and all(name in out for name in shipped())
    assert all(name in out for name in PEER_GRAPHS)


def test_strategies_and_one_in_full(say):
    code, out, _ = say("strategies")
    assert code == 0 and "contested-first" in out and "clear-eyed" in out and "side CN" in out
    code, out, _ = say("strategies", "contested-first")
    assert code == 0 and "government.weight_additional = 0.6" in out
    refused(say("strategies", "contested-fist"), "contested-first")


def test_levers_by_name_actor_and_as_json(say):
    code, out, _ = say("levers", "supply_bond")
    assert code == 0 and "downside" in out and "judgement" in out and "0 to 1" in out
    code, out, _ = say("levers", "KEN")
    assert code == 0 and "prestige" in out and "subsidy" not in out
    code, out, _ = say("levers", "--json")
    kinds = {row["kind"] for row in json.loads(out)}
    assert code == 0 and kinds == {"home_government", "financier", "vendor", "importer"}
    refused(say("levers", "suply_bond"), "supply_bond")


def test_parameters(say):
    code, out, _ = say("parameters", "supply_fear")
    assert code == 0 and "judgement" in out
    code, out, _ = say("parameters", "--json")
    assert code == 0 and {"supply_fear", "peer_pull"} <= {row["name"] for row in json.loads(out)}
    refused(say("parameters", "suply_fear"), "supply_fear")


def test_facts_by_code_and_by_name(say):
    code, by_code, _ = say("facts", "KEN")
    assert code == 0 and "Kenya (KEN)" in by_code and "filled in" in by_code
    assert say("facts", "kenya")[1] == by_code
    code, out, _ = say("facts", "KEN", "--json")
    found = json.loads(out)
    assert code == 0 and len(found["facts_hash"]) == 64 and any(row["input"] == "gdp" for row in found["rows"])
    refused(say("facts", "KNE"), "KEN")
    refused(say("facts", "Kenia"), "Kenya")
    for home in ("USA", "China", "United States"):
        refused(say("facts", home), "home country")
    assert "United Kingdom (GBR)" in say("facts", "UK")[1] and "DR Congo (COD)" in say("facts", "D.R.C.")[1]
    code, _, told = say("facts", "Xyzzyx")
    assert code == 2 and "did you mean" not in told and "three letters" in told, "a name like none is no hint"


def test_a_lever_is_found_as_it_is_set(say):
    code, out, _ = say("levers", "us_government.supply_bond")
    assert code == 0 and "supply_bond (home governments)" in out and "Levers of" not in out
    assert say("levers", "us_government.guarantee")[1] == say("levers", "supply_bond")[1] == out, "the old name"
    refused(say("levers", "us_government.suply_bond"), "us_government", "supply_bond")
    refused(say("levers", "us_goverment.supply_bond"), "us_government")


def test_a_comparison_says_what_was_set_in_b(say):
    arguments = (
        "compare",
        "baseline",
        "baseline",
        "--world",
        "synthetic",
        "--runs",
        "2",
        "--years",
        "2025:2027",
        "--no-files",
    )
    assert "In B alone: us_government.supply_bond=0.9" in say(*arguments, "--set", "us_government.supply_bond=0.9")[1]
    assert "In B alone" not in say(*arguments)[1]


# running


def test_run_prints_the_answer_and_leaves_a_whole_folder(say, finished, tmp_path):
    code, out, err = say("run", *SMALL, "--out", tmp_path / "out")
    assert code == 0 and err == ""
    for part in ("Installed shares", "Countries by who leads, 2028", "Scorecard", "out/report.html"):
        assert part in out
    names = ["deals.parquet", "manifest.json", "report.html", "results.nc", "scenario.toml"]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    with xr.open_dataset(tmp_path / "out" / "results.nc", engine="h5netcdf") as results:
        assert results.sizes["run"] == 3 and list(results["year"].values) == [2025, 2026, 2027, 2028]


def test_another_form_of_the_model_is_recorded_reported_and_repeated(say, finished, tmp_path):
    form = ("--peer-graph", "random", "--parameter", "satisficing=1")
    assert say("run", *SMALL, *form, "--out", tmp_path / "out")[0] == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["overrides"][-2:] == ["--parameter satisficing=1", "--peer-graph random"]
    usual = json.loads((finished / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["facts_hash"] == usual["facts_hash"] and manifest["results_hash"] != usual["results_hash"]
    scenario = Scenario.load(tmp_path / "out" / "scenario.toml")
    assert scenario.peer_graph == "random" and scenario.parameters["satisficing"] == 1
    assert "random, in place of trade-and-votes" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    code, out, _ = say("run", "--manifest", tmp_path / "out" / "manifest.json")
    assert code == 0 and "The results are the same as in the manifest, bit for bit." in out


def test_without_out_results_go_under_results_and_changes_get_a_place_of_their_own(say, tmp_path):
    assert say("run", *SMALL)[0] == 0
    assert say("run", *SMALL, "--set", "us_government.supply_bond=0.9")[0] == 0
    assert len(list((tmp_path / "results").iterdir())) == 2


def test_no_files_writes_nothing(say, tmp_path):
    code, out, _ = say("run", *SMALL, "--no-files")
    assert code == 0 and "Scorecard" in out and list(tmp_path.iterdir()) == []


def test_a_manifest_repeats_its_run_to_the_bit(say, finished):
    manifest = json.loads((finished / "manifest.json").read_text())
    assert manifest["scenario"]["levers"] == ["us_government.supply_bond=0.9"] and manifest["runs"] == 3
    code, out, err = say("run", "--manifest", finished / "manifest.json")
    assert code == 0 and err == "" and "the same as in the manifest, bit for bit" in out


def test_a_manifest_of_other_results_says_that_they_differ_and_why(say, finished, tmp_path):
    manifest = json.loads((finished / "manifest.json").read_text())
    manifest["results_hash"], manifest["facts_hash"] = "0" * 64, "1" * 64
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    code, _, err = say("run", "--manifest", tmp_path)
    assert code == 1 and "results differ" in err and "facts have changed" in err and err.count("\n") == 1


def test_a_manifest_takes_no_changes(say, finished):
    refused(say("run", "--manifest", finished, "--runs", "5"), "--runs")
    refused(say("run", "baseline", "--manifest", finished), "leave out 'baseline'")


def test_a_manifest_of_other_facts_is_told_even_if_nothing_came_of_it(say, finished, tmp_path):
    manifest = json.loads((finished / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "facts_hash": "0" * 64}))
    code, _, err = say("run", "--manifest", tmp_path)
    assert (
        code == 1
        and "same bit for bit" in err
        and "facts are not those of the manifest" in err
        and err.count("\n") == 1
    )


def test_a_manifest_with_other_runs_than_its_scenario_is_refused(say, finished, tmp_path):
    manifest = json.loads((finished / "manifest.json").read_text())
    (tmp_path / "manifest.json").write_text(json.dumps({**manifest, "runs": 5}))
    refused(say("run", "--manifest", tmp_path), "runs is 5", "3 in its scenario")


def test_what_repeats_a_run_holds_no_place_of_its_maker(finished, say, monkeypatch):
    manifest = json.loads((finished / "manifest.json").read_text())
    assert manifest["repeat"] == "stackcraft run --manifest manifest.json"
    assert str(finished.parent) not in (finished / "report.html").read_text() + (finished / "manifest.json").read_text()
    monkeypatch.chdir(finished)
    code, out, _ = say(*manifest["repeat"].split()[1:])
    assert code == 0 and "bit for bit" in out


def test_the_scenario_beside_the_report_runs_again(say, finished):
    code, out, _ = say("compare", finished / "scenario.toml", finished / "scenario.toml", "--no-files")
    assert code == 0 and "zero everywhere" in out


def test_compare_with_itself_is_zero_everywhere(say):
    code, out, _ = say("compare", "first-lesson", "first-lesson", *SMALL[1:], "--no-files")
    assert code == 0 and "zero everywhere" in out


def test_compare_prints_json_and_writes_a_report(say, finished, tmp_path):
    lever = ("--set", "us_government.local_hosting=1")
    code, out, err = say(
        "compare", "first-lesson", "first-lesson", *SMALL[1:], *lever, "--json", "--out", tmp_path / "out"
    )
    found = json.loads(out)
    assert (
        code == 0
        and err == ""
        and found["b"]["levers"] == ["us_government.local_hosting=1"]
        and found["a"]["levers"] == []
    )
    assert not found["zero_everywhere"] and "installed" in found["changed"]
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert {"report.html", "manifest.json", "differences.json", "a-results.nc", "b-results.nc"} <= names
    assert json.loads((tmp_path / "out" / "differences.json").read_text()) == found


def test_what_repeats_a_comparison_holds_no_place_of_its_maker(say, tmp_path, monkeypatch):
    assert (
        say(
            "compare",
            "first-lesson",
            "first-lesson",
            *SMALL[1:],
            "--set",
            "us_government.local_hosting=1",
            "--out",
            tmp_path / "out",
        )[0]
        == 0
    )
    repeat = json.loads((tmp_path / "out" / "manifest.json").read_text())["repeat"]
    assert repeat == "stackcraft compare a-scenario.toml b-scenario.toml"
    monkeypatch.chdir(tmp_path / "out")
    code, out, _ = say(*repeat.split()[1:], "--no-files")
    assert code == 0 and "local hosting" not in out and "Installed shares" in out


@pytest.mark.parametrize("name", ["../../evil", "a/b", "..", "", "C:\\x"])
def test_a_scenario_name_leads_nowhere_but_under_results(say, tmp_path, name):
    (tmp_path / "mine.toml").write_text(
        f"name = {json.dumps(name)}\nworld = 'synthetic'\nyears = [2025, 2027]\nruns = 1\n"
    )
    refused(say("run", "mine.toml", "--seed", "3"), "name", "--out")
    refused(say("compare", "mine.toml", "mine.toml"), "name", "--out")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.toml"]
    assert say("run", "mine.toml", "--no-files")[0] == 0


def test_the_table_of_leads_says_as_many_open_races_as_the_headline(say):
    _, out, _ = say("run", "first-lesson", "--runs", "6", "--threads", "1", "--no-files")
    (row,) = [line for line in out.split("by who leads")[1].split("Scorecard")[0].splitlines() if "All layers" in line]
    numbers = [int(text) for text in re.findall(r"\d+", row)]
    us, contested, cn, independent, *race = numbers
    assert us + contested + cn + independent == 10 and len(race) == 3
    told = re.search(r"in (\d+) of 10 countries(?: \((\d+) to (\d+)\))? the race is open", " ".join(out.split()))
    assert told and race[0] == int(told[1]) and (told[2] is None or race[1:] == [int(told[2]), int(told[3])])


# claims


def test_the_stored_claims_are_shown_with_their_verdicts_counted(say):
    code, out, _ = say("levers", "--trace")
    assert max(map(len, out.splitlines())) <= 110 and "verdict" in out
    table = claim_tests.stored()[0]
    found = claim_tests.tally(table)
    flat = " ".join(out.split())
    assert code == 0
    assert (
        f"Of {len(table)} claims {found['holds']} hold, {found['mostly holds']} mostly hold, {found['open']} are open"
        in flat
    )


@pytest.mark.parametrize(
    ("about", "says"),
    [
        ({}, None),
        ({"results": "0" * 12}, "other results than the present"),
        ({"code": "0" * 12, "facts": "0" * 12}, "other code and facts than the present"),
    ],
)
def test_stored_claims_say_when_they_were_measured_on_something_else(say, monkeypatch, tmp_path, about, says):
    path = tmp_path / "table.csv"
    rows, _ = claim_tests.stored()
    made = {"version": "1", "commit": "abcdef", "uncommitted_changes": "no", **staleness.hashes("claims")}
    claim_tests.store(rows[:3], path, about={**made, **about})
    stored = claim_tests.stored
    monkeypatch.setattr(claim_tests, "stored", lambda: stored(path))
    code, out, _ = say("levers", "--trace")
    flat = " ".join(out.split())
    assert code == 0 and "at commit abcdef" in flat
    assert (says is None) == ("than the present" not in flat) and (says is None or says in flat)
    shown = json.loads(say("levers", "--trace", "--json")[1])
    assert [row["claim"] for row in shown] == [row.claim for row in rows[:3]] and shown[0]["changed_since"] == list(
        about
    )
    path.write_text(
        "\n".join(",".join(line.split(",")[: -len(claim_tests.ABOUT)]) for line in path.read_text().splitlines()) + "\n"
    )
    assert "does not say on which code" in " ".join(say("levers", "--trace")[1].split())


def test_claims_are_measured_when_asked(say, monkeypatch):
    asked = []

    def measured(name, **options):
        asked.append((name, {key: value for key, value in options.items() if key != "note"}))
        return claim_tests.stored()[0][:1]

    monkeypatch.setattr(claim_tests, "run", measured)
    assert "Measured just now" in say("levers", "supply_bond", "--trace", "--runs", "4")[1]
    assert "Measured just now" in say("levers", "--trace", "--measure")[1]
    assert asked == [("supply_bond", {"runs": 4}), (None, {})]
    refused(say("levers", "--runs", "4"), "--trace")
    refused(say("levers", "suply_bond", "--trace"), "supply_bond")


def test_checks_are_printed_with_the_side_they_must_lie_on(say, monkeypatch):
    from stackcraft.experiments import checks
    from stackcraft.experiments.checks.check import at_least, report, within

    rows = [at_least("g", "least", "c", 0.08, 0.001), within("g", "most", "c", 0.5, 2.0), report("g", "told", "c", 3.0)]
    monkeypatch.setattr(checks, "run", lambda *arguments, **options: rows)
    code, out, _ = say("check")
    assert code == 0 and ">= 0.001" in out and "<= 2" in out


def test_scenarios_of_unlike_years_are_not_compared(say):
    refused(say("compare", "first-lesson", "baseline"), "world")


# bad input


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("rnu",), ("did you mean run",)),
        (("comprae", "baseline", "baseline"), ("did you mean compare",)),
        (("run", "--rnus", "3"), ("--runs",)),
        (("run", "basline"), ("did you mean baseline",)),
        (("run", "nowhere/mine.toml"), ("does not exist",)),
        (("run", "--runs", "many"), ("--runs", "integer")),
        (("run", "--runs", "0"), ("runs", "1 to")),
        (("run", "--seed", "-1"), ("seed",)),
        (("run", "--threads", "0"), ("threads",)),
        (("run", "--set", ""), ("--set ''", "ACTOR.LEVER=VALUE")),
        (("run", "--out", ""), ("--out", "empty")),
        (("run", "--manifest", ""), ("--manifest", "empty")),
        (("run", "--years", ""), ("2025:2045",)),
        (("run", ""), ("''", ".toml")),
        (("run", "--years", "2025"), ("2025:2045",)),
        (("run", "--years", "2045:2025"), ("before it has begun",)),
        (("run", "--set", "us_goverment.supply_bond=0.9"), ("us_government",)),
        (("run", "--set", "us_government.garantee=0.9"), ("supply_bond",)),
        (("run", "--set", "us_government.supply_bond=2"), ("0 to 1",)),
        (("run", "--set", "us_government.supply_bond"), ("=value",)),
        (("run", "--set", "KNE.hedge=0.5"), ("KEN",)),
        (("run", "--set", "us_government.compact.KNE=1"), ("KEN",)),
        (("run", "--off", "dispute"), ("disputes",)),
        (("run", "--parameter", "suply_fear=3"), ("supply_fear",)),
        (("run", "--parameter", "supply_fear=high"), ("not a number",)),
        (("run", "--preset", "US=contested-fist"), ("contested-first",)),
        (("run", "--preset", "US"), ("US=contested-first",)),
        (("run", "--strategy", "KEN=hegde"), ("hedge",)),
        (("run", "--world", "wrold"), ("world",)),
        (("run", "--peer-graph", "vote"), ("peer_graph", "did you mean votes")),
        (("run", "--manifest", "none.json"), ("none.json",)),
        (("compare", "baseline"), ("B",)),
    ],
)
def test_bad_input_is_one_clear_line(say, tmp_path, arguments, parts):
    refused(say(*arguments), *parts)
    assert list(tmp_path.iterdir()) == []


def test_a_broken_scenario_file_tells_every_mistake_a_line_each(say, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("yeers = 1\nruns = 0\n[levers]\nKEN.hegde = 1\n")
    code, out, err = say("run", path)
    assert code == 2 and out == "" and len(err.splitlines()) == 3
    assert all(line.startswith("stackcraft: mine.toml: ") for line in err.splitlines())


def test_a_folder_is_no_scenario_but_may_hold_one(say, finished, tmp_path):
    refused(say("run", finished), "is a folder", "did you mean", "scenario.toml")
    refused(say("run", tmp_path), "is a folder", ".toml")


def test_a_broken_facts_row_is_named(say, tmp_path):
    import shutil

    folder = tmp_path / "facts"
    shutil.copytree(ROOT / "model" / "facts" / "synthetic", folder)
    lines = (folder / "countries.csv").read_text(encoding="utf-8").splitlines()
    column = lines[0].split(",").index("population_m")
    cells = lines[3].split(",")
    cells[column] = "many"
    lines[3] = ",".join(cells)
    (folder / "countries.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    refused(say("run", "--world", folder, "--runs", "1"), "countries.csv", "line 4", "population_m", "many")


# trouble


def test_ctrl_c_leaves_nothing(say, tmp_path, monkeypatch):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(running, "run_scenario", interrupted)
    refused(say("run", *SMALL), "interrupted", code=130)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_while_writing_leaves_nothing(say, tmp_path, monkeypatch):
    def interrupted(*arguments, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(outputs, "write_deals", interrupted)
    code, _, err = say("run", *SMALL)
    assert code == 130 and err.count("\n") == 1 and list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing(say, tmp_path, monkeypatch):
    def full(*arguments, **options):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(outputs, "write_deals", full)
    code, _, err = say("run", *SMALL)
    assert code == 1 and "disk is full" in err and err.count("\n") == 1 and list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_refused_before_running(say, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("mine")

    def never(*arguments, **options):
        raise AssertionError("ran all the same")

    monkeypatch.setattr(running, "run_scenario", never)
    refused(say("run", *SMALL, "--out", tmp_path / "file"), "is a file")
    refused(say("run", *SMALL, "--out", tmp_path / "file" / "deeper"), "is a file")
    refused(say("run", *SMALL, "--out", tmp_path), "file", "not an output of Stackcraft")
    if sys.platform == "linux":
        refused(say("run", *SMALL, "--out", "/proc/stackcraft"), "cannot be written")


def test_a_fault_of_our_own_is_one_line_unless_debugging(say, monkeypatch):
    def broken(*arguments, **options):
        raise ZeroDivisionError("by hand")

    monkeypatch.setattr(running, "run_scenario", broken)
    refused(say("run", *SMALL), "ZeroDivisionError", "by hand", "--debug", code=1)
    with pytest.raises(ZeroDivisionError):
        say("run", *SMALL, "--debug")


@pytest.mark.skipif(os.name != "posix", reason="sends SIGINT, which only POSIX systems have")
def test_ctrl_c_in_the_middle_of_a_real_run(tmp_path):
    run = ["run", "baseline", "--runs", "400", "--out", str(tmp_path / "out")]
    # A job in the background is started with Ctrl-C ignored; the one who presses it is in the foreground.
    running_one = subprocess.Popen(
        [sys.executable, "-m", "stackcraft.viz.cli.main", *run],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    time.sleep(4)
    assert running_one.poll() is None, "it ended before it could be interrupted"
    running_one.send_signal(signal.SIGINT)
    _, err = running_one.communicate(timeout=120)
    assert running_one.returncode == 130 and "interrupted" in err and "Traceback" not in err, err
    assert list(tmp_path.iterdir()) == []


def test_the_caches_json_is_json_also_where_no_folder_can_be_written(say, monkeypatch):
    from stackcraft.model.loop import cache

    monkeypatch.setattr(cache, "FOLDER", None)
    code, out, err = say("cache", "--json")
    assert code == 0 and err == "" and json.loads(out)["folder"] is None


def test_an_implausible_parameter_is_noted_and_taken(capsys):
    from stackcraft.viz.cli.run import changed, load

    made = changed(load("baseline"), {"parameters": ["outside_option=1.5", "growth.cloud=0.2"]})
    assert made.parameters["outside_option"] == 1.5
    told = capsys.readouterr().err
    assert "outside_option is outside what is thought plausible" in told and "growth" not in told
