"""What a user of studies types, and what comes back."""

import functools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from stackcraft.viz.cli import main

ROOT = Path(__file__).resolve().parents[3]
STUDY = """
title = "A sum"
model = "stackcraft.experiments.sweep.known_functions:noisy_sum"
replicates = 4
part_runs = 10

[measures]
y = "y"

[uncertainties]
x1 = [0, 1]
x2 = [0, 2]

[design]
uncertainties = { kind = "random", size = 15 }
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sum.toml"
    path.write_text(STUDY, encoding="utf-8")
    return path


@pytest.fixture
def swept(file, tmp_path, capsys):
    assert main.main(["sweep", str(file), "--out", str(tmp_path / "s")]) == 0
    capsys.readouterr()
    return tmp_path / "s"


def test_a_sweep_says_how_many_runs_and_where(file, tmp_path, capsys):
    assert main.main(["sweep", str(file), "--out", str(tmp_path / "s")]) == 0
    out = capsys.readouterr().out
    assert "60 runs in" in out and f"Study: {tmp_path / 's'}: whole" in out
    assert main.main(["sweep", str(file), "--out", str(tmp_path / "s"), "--replicates", "6"]) == 0
    assert "30 runs in" in capsys.readouterr().out


def test_texts_of_a_study_are_printed_as_they_are_and_never_taken_for_markup(file, tmp_path, capsys):
    text = STUDY.replace('"A sum"', '"Half [/b] [red] price"\nstory = "A [/x] story"')
    file.write_text(text, encoding="utf-8")
    folder = tmp_path / "st u [red]"
    assert main.main(["study", "check", str(file)]) == 0
    out = capsys.readouterr().out
    assert "Half [/b] [red] price" in out and "A [/x] story" in out
    assert main.main(["sweep", str(file), "--out", str(folder), "--shard", "1/2"]) == 0
    assert main.main(["study", "show", str(folder)]) == 0
    shown = capsys.readouterr().out
    assert f"--out '{folder}'" in shown.replace("\n", " ").replace("  ", " ") or f"'{folder}'" in shown.replace(
        "\n", ""
    )
    assert main.main(["study", "rerun", str(folder), "--row", "0"]) == 0 and "x1 = " in capsys.readouterr().out


def test_only_a_whole_study_is_a_hundred_per_cent(file, tmp_path, capsys):
    text = STUDY.replace("size = 15", "size = 300").replace("part_runs = 10", "part_runs = 1")
    file.write_text(text.replace("replicates = 4", "replicates = 1"), encoding="utf-8")
    assert main.main(["sweep", str(file), "--out", str(tmp_path / "s")]) == 0
    next((tmp_path / "s" / "runs").glob("part-*.parquet")).unlink()
    capsys.readouterr()
    assert main.main(["study", "show", str(tmp_path / "s")]) == 0
    assert "299 of 300 runs are there (99%), in 299 parts" in capsys.readouterr().out


@pytest.mark.parametrize(
    "command",
    [["sweep", "FILE", "--out", ""], ["study", "show", ""], ["study", "verify", ""], ["analyse", "all", ""],
     ["study", "query", "SWEPT", "select 1", "--out", ""], ["study", "rerun", "SWEPT", "--row", "0", "--deals", ""]],
)  # fmt: skip
def test_an_empty_text_is_not_taken_for_the_present_folder(file, swept, capsys, monkeypatch, command):
    monkeypatch.chdir(swept)
    before = sorted(swept.rglob("*"))
    paths = {"FILE": str(file), "SWEPT": str(swept)}
    assert main.main([paths.get(word, word) for word in command]) == 2
    assert "give the name of a file or folder, not an empty text" in capsys.readouterr().err
    assert sorted(swept.rglob("*")) == before


@pytest.mark.parametrize(
    ("name", "words"), [("mine.toml", "name a file that ends in .parquet"), ("no/x.parquet", "there is no folder")]
)
def test_deals_of_a_row_never_replace_another_kind_of_file_and_the_place_is_checked_first(
    swept, tmp_path, capsys, monkeypatch, name, words
):
    from stackcraft.experiments.sweep import work

    monkeypatch.setattr(work, "one_run", None)  # nothing is run
    (tmp_path / "mine.toml").write_text("mine")
    assert main.main(["study", "rerun", str(swept), "--row", "0", "--deals", str(tmp_path / name)]) == 2
    assert words in capsys.readouterr().err and (tmp_path / "mine.toml").read_text() == "mine"


def test_an_answer_is_written_to_the_last_digit_though_values_are_missing(swept, tmp_path, capsys):
    sql = """select 9007199254740993 as big, 0.1::double + 0.2::double as real, sum(design_id) as total,
        date '2030-01-02' as day, 'é' as word
        from study union all select null, 'nan'::double, null, null, null order by big"""
    for kind in (".csv", ".json"):
        path = tmp_path / f"answer{kind}"
        assert main.main(["study", "query", str(swept), sql, "--out", str(path)]) == 0
        text = path.read_text(encoding="utf-8")
        assert "9007199254740993" in text and "9007199254740993.0" not in text and "0.30000000000000004" in text
    first, second = json.loads(text)
    total = 4 * sum(range(15))
    assert first == {"big": 2**53 + 1, "real": 0.1 + 0.2, "total": total, "day": "2030-01-02", "word": "é"}
    assert set(second.values()) == {None}


def test_a_replicate_that_the_study_does_not_have_is_refused_as_a_row_is(swept, capsys):
    assert main.main(["study", "rerun", str(swept), "--row", "0", "--replicate", "4"]) == 2
    assert "--replicate 4: the study has replicates 0 to 3" in capsys.readouterr().err


def test_a_study_without_runs_is_not_called_sound(swept, capsys):
    for path in (swept / "runs").iterdir():
        path.unlink()
    assert main.main(["study", "verify", str(swept)]) == 2
    assert "holds no parts yet" in capsys.readouterr().err


def test_shards_together_make_the_study_whole(file, tmp_path, capsys):
    for index in (1, 2):
        assert main.main(["sweep", str(file), "--out", str(tmp_path / "s"), "--shard", f"{index}/2"]) == 0
    capsys.readouterr()
    assert main.main(["study", "show", str(tmp_path / "s")]) == 0
    assert "60 of 60 runs are there (100%)" in capsys.readouterr().out


def test_show_says_what_a_half_finished_study_lacks(file, tmp_path, capsys):
    main.main(["sweep", str(file), "--out", str(tmp_path / "s"), "--shard", "1/3"])
    capsys.readouterr()
    assert main.main(["study", "show", str(tmp_path / "s")]) == 0
    out = capsys.readouterr().out
    assert "20 of 60 runs are there" in out and "Go on with: stackcraft sweep" in out


def test_one_row_is_run_again_exactly(swept, capsys):
    assert main.main(["study", "rerun", str(swept), "--row", "3", "--replicate", "2"]) == 0
    assert "bit for bit" in capsys.readouterr().out
    assert main.main(["study", "rerun", str(swept), "--row", "99"]) == 2
    assert "the study has rows 0 to 14" in capsys.readouterr().err


def test_a_study_is_asked_in_sql(swept, capsys):
    pytest.importorskip("duckdb")
    assert (
        main.main(
            [
                "study",
                "query",
                str(swept),
                (
                    "select count(*) as number, round(avg(y - x1 - 2 * x2), 3) as luck from runs join design using "
                    "(design_id)"
                ),
            ]
        )
        == 0
    )
    out = capsys.readouterr().out
    assert "60" in out
    table = pd.concat(pd.read_parquet(path) for path in (swept / "runs").glob("part-*.parquet")).merge(
        pd.read_parquet(swept / "design.parquet"), on="design_id"
    )
    assert str(np.round((table["y"] - table["x1"] - 2 * table["x2"]).mean(), 3)) in out
    assert main.main(["study", "query", str(swept), "selekt"]) == 2
    assert "DuckDB" in capsys.readouterr().err


def test_verify_finds_a_damaged_part(swept, capsys):
    assert main.main(["study", "verify", str(swept)]) == 0
    path = swept / "runs" / "part-00-000003.parquet"
    path.write_bytes(path.read_bytes()[:-5])
    assert main.main(["study", "verify", str(swept)]) == 1
    assert "part-00-000003.parquet is damaged" in capsys.readouterr().out


def test_list_and_check_run_nothing(file, tmp_path, capsys):
    assert main.main(["study", "list"]) == 0
    out = capsys.readouterr().out
    assert all(name in out for name in ("tiny", "policies", "uncertainty", "game"))
    assert main.main(["study", "check", str(file)]) == 0
    assert "15 rows x 4 replicates = 60 runs" in capsys.readouterr().out
    assert [path.name for path in tmp_path.iterdir()] == ["sum.toml"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["sweep", "tiney"], "study 'tiney' is unknown; did you mean tiny?"),
        (["sweep", "nowhere.toml"], "study file nowhere.toml does not exist"),
        (
            ["sweep", "tiny", "--shard", "3of4"],
            "--shard 3of4: write the number of this job and how many there are, such as 3/8",
        ),
        (["sweep", "tiny", "--shard", "9/8"], "--shard 9/8: the first number counts from 1 to the second"),
        (["sweep", "tiny", "--time-limit", "soon"], "--time-limit soon: write a number and s, m, h or d, such as 90m"),
        (["study", "show", "nowhere"], "nowhere holds no study: there is no spec.json in it"),
        (["study", "shwo", "x"], "command 'shwo' is unknown; did you mean show?"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(arguments, told, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main.main(arguments) == 2
    error = capsys.readouterr().err.strip()
    assert told in error and "\n" not in error
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and not path.name.startswith(".lock")]


def test_a_missing_extra_is_named_with_the_command_that_installs_it(swept, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    assert main.main(["study", "query", str(swept), "select 1"]) == 2
    error = capsys.readouterr().err
    assert "duckdb is not installed; install it with: pip install 'stackcraft[analysis]'" in error


@pytest.mark.parametrize(
    ("name", "code", "by"), [("SIGINT", 130, "the keyboard"), ("SIGTERM", 143, "SIGTERM"), ("SIGHUP", 129, "SIGHUP")]
)
def test_a_signal_keeps_what_is_done_and_says_how_to_go_on(tmp_path, name, code, by):
    study = tmp_path / "slow.toml"
    study.write_text(
        'model = "slow_function:slow"\nreplicates = 3\npart_runs = 6\n[measures]\ny = "y"\n'
        "[uncertainties]\nx = [0, 1]\n"
        '[design]\nuncertainties = { kind = "random", size = 200 }\n',
        encoding="utf-8",
    )
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "experiments" / "sweep")]),
    }
    command = [
        sys.executable,
        "-m",
        "stackcraft.viz.cli.main",
        "sweep",
        str(study),
        "--out",
        str(tmp_path / "s"),
        "--threads",
        "2",
    ]

    def foreground():  # a shell's background jobs ignore Ctrl-C or a hang-up, and their children with them
        for number in (signal.SIGINT, signal.SIGHUP):
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

    process = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=foreground
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and len(list((tmp_path / "s").glob("runs/part-*.parquet"))) < 3:
        time.sleep(0.02)
    process.send_signal(getattr(signal, name))
    out, error = process.communicate(timeout=60)
    assert process.returncode == code and "Traceback" not in error
    assert f"stopped by {by}" in out and not list((tmp_path / "s").rglob(".*.tmp"))
    there = len(list((tmp_path / "s").glob("runs/part-*.parquet")))
    assert 3 <= there < 100 and f"{there * 6} of 600 runs there" in out
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "whole" in done.stdout


def test_a_shard_speaks_for_itself_alone(file, tmp_path, capsys):
    assert main.main(["sweep", str(file), "--out", str(tmp_path / "s"), "--shard", "1/2"]) == 0
    out = capsys.readouterr().out
    assert f"Shard 1/2 of the study {tmp_path / 's'}: whole" in out and "Next:" not in out


def test_a_query_before_the_first_run_is_one_clear_line(swept, capsys):
    pytest.importorskip("duckdb")
    for path in (swept / "runs").iterdir():
        path.unlink()
    assert main.main(["study", "query", str(swept), "select 1"]) == 2
    assert "holds no runs yet" in capsys.readouterr().err


def query(*arguments):
    return main.main(["study", "query", *map(str, arguments)])


@pytest.mark.parametrize("name", ["g[12]", "s*", "g?", "y=5", "it's here", "a,b", "**"])
def test_a_folder_is_asked_by_its_name_whatever_signs_are_in_it(name, swept, file, tmp_path, capsys):
    pytest.importorskip("duckdb")
    for other in ("g1", "g2", "sx"):
        assert main.main(["sweep", str(file), "--out", str(tmp_path / other), "--replicates", "1"]) == 0
    assert main.main(["sweep", str(file), "--out", str(tmp_path / name), "--replicates", "2"]) == 0
    capsys.readouterr()
    question = "select count(*) as n, max(replicate) as r, count(distinct x1) as x, count(y) as y from study"
    assert query(tmp_path / name, question, "--out", tmp_path / "out.csv") == 0
    assert (tmp_path / "out.csv").read_text() == "n,r,x,y\n30,1,15,30\n"


def test_study_joins_the_factors_and_an_answer_is_never_cut(swept, tmp_path, capsys):
    pytest.importorskip("duckdb")
    assert (
        query(swept, "select *, 'a long text that goes on and on, and on, and on' as " + "c" * 70 + " from study") == 0
    )
    out = capsys.readouterr().out
    assert out.count("a long text that goes on and on, and on, and on") == 60 and "c" * 70 in out and "x2" in out
    assert "…" not in out and "·" not in out
    read_json = functools.partial(pd.read_json, precise_float=True)
    for kind, read in ((".csv", pd.read_csv), (".json", read_json), (".parquet", pd.read_parquet)):
        path = tmp_path / f"answer{kind}"
        assert query(swept, "select design_id, x1, y from study order by all", "--out", path) == 0
        table = read(path)
        design = pd.read_parquet(swept / "design.parquet").set_index("design_id")
        assert len(table) == 60
        np.testing.assert_allclose(table["x1"], design["x1"][table["design_id"]], rtol=1e-14)
    capsys.readouterr()
    assert query(swept, "select 1", "--out", tmp_path / "answer.xls") == 2
    assert "name a file that ends in .csv, .json, .parquet" in capsys.readouterr().err
    assert query(swept, "select 1 as a, 2 as a", "--out", tmp_path / "b.json") == 2
    assert "two columns are called a" in capsys.readouterr().err


def test_a_query_sees_the_tables_of_the_study_and_no_variable_of_the_program(swept, capsys):
    pytest.importorskip("duckdb")
    assert query(swept, "select * from answer") == 2
    assert "Table with name answer does not exist" in capsys.readouterr().err


def test_show_tells_values_that_are_no_numbers_from_runs_that_failed(tmp_path, capsys, monkeypatch):
    (tmp_path / "odd_function.py").write_text(
        "import numpy as np\ndef odd(rows, replicates, seed):\n    x = rows['x'].to_numpy()\n"
        "    return {'y': np.where(x > 0.75, np.nan, x), 'z': np.where(x < 0.25, 1e300, x)}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "odd.toml"
    path.write_text(
        'model = "odd_function:odd"\n[measures]\ny = "y"\nz = "z"\n[uncertainties]\nx = [0, 1]\n'
        '[design]\nuncertainties = { kind = "grid", levels = 41 }\n'
    )
    assert main.main(["sweep", str(path), "--out", str(tmp_path / "s")]) == 0
    assert "10 failed" in capsys.readouterr().out
    assert main.main(["study", "show", str(tmp_path / "s")]) == 0
    out = capsys.readouterr().out
    assert "10 runs failed" in out and "measure z is 1e+300, beyond what single precision holds (3.4e+38)" in out
    assert "y is not a number in 10 of 31 records" in out
    assert main.main(["analyse", "scores", str(tmp_path / "s")]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "10 runs ended well but gave no number for y" in said


BESIDE = """
import numpy as np
from a_neighbour import FACTOR
def mine(rows, replicates, seed):
    return {"y": FACTOR * rows["x"].to_numpy()}
"""


def test_a_function_beside_its_study_is_found_and_goes_with_the_folder(tmp_path, capsys, monkeypatch):
    place = tmp_path / "with a space"
    place.mkdir()
    (place / "my_model.py").write_text(BESIDE)
    (place / "a_neighbour.py").write_text("FACTOR = 3.0\n")
    (place / "mine.toml").write_text(
        'model = "my_model:mine"\n[measures]\ny = "y"\n[uncertainties]\nx = [0, 1]\n'
        '[design]\nuncertainties = { kind = "grid", levels = 3 }\n'
    )
    folder = tmp_path / "s"
    assert main.main(["sweep", str(place / "mine.toml"), "--out", str(folder)]) == 0
    assert main.main(["study", "rerun", str(folder), "--row", "2"]) == 0
    assert "y 3" in (out := capsys.readouterr().out) and "bit for bit" in out
    # Another file is other code, and another study's file of the same name is not mixed up with it.
    (place / "my_model.py").write_text(BESIDE.replace("FACTOR *", "2 *"))
    assert main.main(["sweep", str(place / "mine.toml"), "--out", str(folder)]) == 2
    assert "the code has changed" in capsys.readouterr().err
    assert main.main(["sweep", str(place / "mine.toml"), "--out", str(tmp_path / "other")]) == 0
    capsys.readouterr()
    assert main.main(["study", "rerun", str(tmp_path / "other"), "--row", "2"]) == 0
    assert "y 2" in capsys.readouterr().out
    # What is kept can be read without any of it.
    for path in (*place.iterdir(), *(folder / "inputs").iterdir()):
        path.unlink()
    assert main.main(["study", "show", str(folder)]) == 0
    assert main.main(["study", "rerun", str(folder), "--row", "2"]) == 2
    assert "module my_model cannot be imported" in capsys.readouterr().err
