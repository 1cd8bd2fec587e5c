"""Stored measurements are made again by one command, which can be stopped, goes on, and says what differs."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from stackcraft.agents.errors import InputError
from stackcraft.experiments.evidence import claim_tests, levels, lever_effects, paired_runs, remeasure, staleness
from stackcraft.experiments.evidence.claims import CLAIMS
from stackcraft.experiments.evidence.measurements import (
    Calibration,
    Claims,
    Description,
    Game,
    Levels,
    LeverEffects,
    Pictures,
    difference,
    measurements,
)
from stackcraft.experiments.sweep import Study
from stackcraft.model import Scenario

SMALL = Scenario.load("baseline").with_changes(world="synthetic", years=(2025, 2027), runs=2)
FEW = tuple(claim for claim in CLAIMS if claim.claim in ("A6", "O4"))


@pytest.fixture
def claims(tmp_path, monkeypatch):
    """Two claims in a few runs, in parts of five."""
    monkeypatch.setattr(paired_runs, "BATCH", 5)
    return Claims(worlds=3, world="synthetic", until=2027, claims=FEW, path=tmp_path / "claims.csv")


def made(measurement, tmp_path, said, **options):
    return remeasure.remeasure([measurement], work=tmp_path / "work", threads=2, say=said.append, **options)


def test_claims_measured_in_parts_are_those_measured_at_once(claims, tmp_path):
    said = []
    made(claims, tmp_path, said)
    assert said[-1] == "claims: claims.csv: new" and claims.changed() == []
    rows, about = claim_tests.stored(claims.path)
    at_once = claim_tests.run(worlds=3, world="synthetic", until=2027, claims=FEW)
    claim_tests.store(at_once, tmp_path / "at_once.csv", about=about)
    assert rows == claim_tests.stored(tmp_path / "at_once.csv")[0] and len(rows) == 2
    assert {name: about[name] for name in staleness.RESTS_ON} == staleness.hashes("claims")


def test_what_is_interrupted_goes_on_where_it_was_and_gives_the_same(claims, tmp_path):
    made(claims, tmp_path / "whole", [])
    whole = claims.path.read_bytes()
    claims.path.unlink()
    said = []

    def interrupt(text):
        said.append(text)
        if "3 of" in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        remeasure.remeasure([claims], work=tmp_path / "work", threads=1, say=interrupt)
    number = len(claims.parts(tmp_path))
    assert number > 5 and not claims.path.exists()
    kept = int(said[-1].split()[1])
    assert 3 <= kept < number and "the same command goes on" in said[-1]
    said.clear()
    made(claims, tmp_path, said)
    assert said[0] == f"claims: {kept} of {number} parts are there"
    assert sum("parts, about" in text for text in said) == number - kept
    assert claims.path.read_bytes() == whole


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_killed_process_leaves_whole_parts_and_the_stored_file(number, claims, tmp_path):
    claims.path.write_text("as it was\n")
    script = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from stackcraft.experiments.evidence import measurements, paired_runs, remeasure
        from stackcraft.experiments.evidence.claims import CLAIMS
        paired_runs.BATCH = 5
        few = tuple(claim for claim in CLAIMS if claim.claim in ("A6", "O4"))
        path = Path({str(claims.path)!r})
        claims = measurements.Claims(worlds=3, world="synthetic", until=2027, claims=few, path=path)
        remeasure.measurements = lambda: {{"claims": claims}}
        remeasure.rate = lambda threads: 100.0
        remeasure.compare_results = lambda threads, say: None  # it may write into the project
        slow = measurements.run_batch
        measurements.run_batch = lambda *given, **options: (time.sleep(0.3), slow(*given, **options))[1]
        sys.exit(remeasure.main(["--only", "claims", "--all", "--threads", "1", "--work", {str(tmp_path / "work")!r}]))
    """)
    # A shell's background jobs ignore Ctrl-C, and their children with them.
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        text=True,
        stdout=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    deadline = time.monotonic() + 120
    while not list(tmp_path.glob("work/claims-*/part-00001.npz")) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(process.pid, number)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == (-signal.SIGKILL if number == signal.SIGKILL else 128 + number)
    assert number == signal.SIGKILL or "the same command goes on" in said
    assert claims.path.read_text() == "as it was\n"
    parts = list(tmp_path.glob("work/claims-*/part-*.npz"))
    assert parts and all(np.load(part)["readings"].shape[0] <= 5 for part in parts)
    told = []
    made(claims, tmp_path, told)
    assert told[0] == f"claims: {len(parts)} of {len(claims.parts(tmp_path))} parts are there"
    assert len(claim_tests.stored(claims.path)[0]) == 2


def test_comparing_says_what_differs_and_writes_nothing(claims, tmp_path):
    made(claims, tmp_path, [])
    said, stored = [], claims.path.read_text()
    assert made(claims, tmp_path, said, replace=False) is True
    assert said[-1] == "claims: claims.csv: 2 rows, equal to the bit but for what says when and on what code"
    rows, about = claim_tests.stored(claims.path)
    claims.path.write_text(stored.replace(about["code"], "other").replace(f"{rows[0].effect:.6g}", "12345", 1))
    said.clear()
    assert made(claims, tmp_path, said, replace=False) is False
    assert "of 2 rows differ: effect in 1 (the first: row" in said[-1] and "'12345'" in said[-1]
    assert claim_tests.stored(claims.path)[1]["code"] == "other" and claims.changed() == ["code"]


def test_parts_of_other_code_are_not_used(claims, tmp_path, monkeypatch):
    made(claims, tmp_path, [])
    now = staleness.hashes("claims")
    monkeypatch.setattr(staleness, "hashes", lambda name: {**now, "code": "another"})
    said = []
    made(claims, tmp_path, said)
    assert "not used" in said[0] and said[1].startswith("claims: 0 of")


def test_lever_effects_measured_in_parts_are_those_that_are_asked_of_a_queue(tmp_path):
    levers = ("us_government.supply_bond", "cn_vendors.turnkey")
    measurement = LeverEffects(SMALL, runs=6, levers=levers, path=tmp_path / "effects.csv")
    said = []
    made(measurement, tmp_path, said)
    assert [text.split(": ")[1:] for text in said[-2:]] == [["effects.csv", "new"], ["effects_countries.npz", "new"]]
    stored = lever_effects.stored(measurement.path)
    work = measurement.work
    matters = work.fold({number: task.run(lambda: False) for number, task in enumerate(work.parts())})
    np.testing.assert_allclose(stored.world, matters.world, rtol=1e-4)
    assert (stored.made == matters.made).all() and measurement.changed() == []
    assert made(measurement, tmp_path, said, replace=False) is True
    with np.load(tmp_path / "effects_countries.npz") as arrays:
        arrays = {name: arrays[name] for name in arrays.files}
    np.savez_compressed(tmp_path / "effects_countries.npz", **{**arrays, "mean": arrays["mean"] + 1})
    assert made(measurement, tmp_path, said, replace=False) is False
    assert said[-1] == "lever-effects: effects_countries.npz: mean differ"


def test_the_figures_of_the_calibration_are_stored(tmp_path):
    from stackcraft.experiments.evidence import calibration

    notes = tmp_path / "NOTES.md"
    notes.write_text("Before.\n<!-- table reached -->\n<!-- end -->\nAfter.\n")
    measurement = Calibration(SMALL.with_changes(years=(2025, 2029)), path=tmp_path / "figures.csv", notes=notes)
    said = []
    made(measurement, tmp_path, said)
    figures, about = calibration.stored(measurement.path)
    assert len(figures) == 17 and about["years"] == "2025:2029" and measurement.changed() == []
    head, tail = "Before.\n<!-- table reached -->\n", "\n<!-- end -->\nAfter.\n"
    assert notes.read_text() == f"{head}{calibration.table(figures)}{tail}"
    assert made(measurement, tmp_path, said, replace=False) is True


def test_the_game_is_played_and_its_page_written(tmp_path):
    pytest.importorskip("nashpy")
    presets = {
        "US": ["status-quo-2025", "contested-first", "lock-in"],
        "CN": ["status-quo-2025", "pipes-first", "quiet-commercial"],
    }
    small = partial(dict, scenario="first-lesson", years=[2025, 2027], keep="last", strategies=presets)
    played = Study.from_dict(dict(Study.load("game").given) | small(replicates=3), "game")
    design = {"uncertainties": {"kind": "random", "size": 3}}
    worlds = dict(Study.load("game_worlds").given) | small(uncertainties={"supply_fear": {}}, design=design)
    measurement = Game((played, Study.from_dict(worlds, "game_worlds")), tmp_path / "GAME.md")
    said = []
    made(measurement, tmp_path, said)
    assert "9 pairs x 3 replicates" in measurement.path.read_text() and measurement.changed() == []
    assert measurement.run_years() == 9 * 3 * 2 + 27 * 2 * 2
    measurement.path.write_text(measurement.path.read_text().replace(measurement.about()["commit"], "other"))
    assert made(measurement, tmp_path, said, replace=False) is True, said[-1]


def test_levels_and_drawn_worlds_are_stored_and_written_into_the_notes(tmp_path):
    notes = tmp_path / "NOTES.md"
    notes.write_text("".join(f"<!-- table {name} -->\n<!-- end -->\n" for name in ("levels", "judgements", "worlds")))
    measurement, said = Levels(2, 2, tmp_path / "levels.csv", notes), []
    made(measurement, tmp_path, said)
    rows, about = levels.stored(measurement.path)
    assert (about["runs"], about["worlds"]) == ("2", "2") and measurement.changed() == []
    text = notes.read_text(encoding="utf-8")
    assert levels.table(rows).splitlines()[0] in text and levels.judgements() in text
    assert "| tenders that buy nothing |" in text and (tmp_path / "drawn_worlds.csv").is_file()
    assert made(measurement, tmp_path, said, replace=False) is True, said[-3:]


def test_the_tables_of_the_description_are_made_from_what_is_there(tmp_path):
    path = tmp_path / "DESCRIPTION.md"
    measurement, said = Description(path), []
    made(measurement, tmp_path, said)
    text = path.read_text(encoding="utf-8")
    assert "<!-- table claims -->" in text and said[-1] == "description: DESCRIPTION.md: new"
    path.write_text(text.replace("## ", "# ", 1), encoding="utf-8")
    assert made(measurement, tmp_path, said, replace=False) is False
    assert said[-1].startswith("description: DESCRIPTION.md: 1 of ")


@pytest.fixture
def camera(monkeypatch):
    """The command that takes pictures, replaced: what it is called with, and what it answers."""
    calls, answer = [], {"": ""}

    def take(*options):
        calls.append(options)
        if options != ("--check",) and not answer[""]:
            for name in Pictures.TAKEN:
                (Path(options[0]) / name).write_bytes(name.encode())
        return answer[""]

    monkeypatch.setattr(Pictures, "_take", staticmethod(take))
    return answer


def test_pictures_say_what_they_were_taken_with_and_hold_until_that_changes(camera, tmp_path, monkeypatch):
    (tmp_path / "pictures").mkdir()
    pictures, said = Pictures(tmp_path / "pictures"), []
    assert remeasure.stale(pictures)[0] == "ABOUT.md is missing"
    made(pictures, tmp_path, said)
    assert {path.name for path in pictures.folder.iterdir()} == {"ABOUT.md", *Pictures.TAKEN}
    assert remeasure.stale(pictures) == [] and staleness.hashes("pictures").items() <= pictures.about().items()
    (pictures.folder / "report.png").write_bytes(b"other")
    assert made(pictures, tmp_path, said, replace=False) is False
    assert "pictures: report.png: differs" in said and said[-1].startswith("pictures: dashboard-compare.png: equal")
    now = staleness.hashes("pictures")
    monkeypatch.setattr(staleness, "hashes", lambda name, root=None: {**now, "code": "another"})
    assert remeasure.stale(pictures) == ["code"]


def test_pictures_that_cannot_be_taken_leave_those_that_are_there(camera, tmp_path):
    (tmp_path / "pictures").mkdir()
    pictures = Pictures(tmp_path / "pictures")
    made(pictures, tmp_path, [])
    before = {path.name: path.read_bytes() for path in pictures.folder.iterdir()}
    camera[""] = "report.png has 400,000 bytes"
    with pytest.raises(InputError, match=r"could not be taken: report\.png has 400,000 bytes"):
        made(pictures, tmp_path, [])
    assert {path.name: path.read_bytes() for path in pictures.folder.iterdir()} == before


def test_where_there_is_no_browser_the_rest_is_measured_and_that_is_said(claims, camera, tmp_path, monkeypatch, capsys):
    pictures = Pictures(tmp_path / "pictures")
    monkeypatch.setattr(remeasure, "measurements", lambda: {"pictures": pictures, "claims": claims})
    monkeypatch.setattr(remeasure, "rate", lambda threads: 1000.0)
    monkeypatch.setattr(remeasure, "compare_results", lambda threads, say: None)  # it may write into the project
    camera[""] = "no browser starts: install Chromium or Chrome"
    assert remeasure.main(["--work", str(tmp_path / "work"), "--threads", "2"]) == 1
    assert "pictures: cannot be measured here: no browser starts: install Chromium" in capsys.readouterr().out
    assert claims.path.is_file() and not pictures.folder.exists()


def test_without_a_browser_the_command_that_takes_pictures_says_what_to_install(monkeypatch):
    pytest.importorskip("playwright", reason="Playwright is not installed: no pictures are taken")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", "/nowhere")
    assert Pictures().obstacle() == "no browser starts: install Chromium or Chrome"


def test_the_command_says_what_is_stale_and_how_long_it_takes(monkeypatch, capsys):
    monkeypatch.setattr(remeasure, "rate", lambda threads: 1000.0)
    assert remeasure.main(["--dry-run", "--all"]) == 0
    text = capsys.readouterr().out
    for name, measurement in measurements().items():
        line = next(line for line in text.splitlines() if line.startswith(f"{name}: "))
        assert ("stale" in line) == bool(remeasure.stale(measurement))
        here = not measurement.obstacle()  # what cannot be measured on this machine is not planned
        years = measurement.run_years()
        assert not here or not years or f"{years:,} years of runs" in line
    assert "in all, at 1,000 years of runs a second" in text
    assert remeasure.main(["--only", "claim"]) == 2
    assert "did you mean claims" in capsys.readouterr().err


def test_two_at_once_in_one_folder_are_refused(claims, tmp_path):
    from filelock import FileLock

    (tmp_path / "work").mkdir()
    with FileLock(tmp_path / "work" / ".lock"), pytest.raises(InputError, match="another process measures"):
        made(claims, tmp_path, [])


def test_a_table_of_another_length_differs(tmp_path):
    for name, rows in (("old.csv", "1\n2\n"), ("new.csv", "1\n")):
        (tmp_path / name).write_text(f"# code: x\nvalue\n{rows}")
    assert difference(tmp_path / "old.csv", tmp_path / "new.csv") == "2 rows are stored, 1 were measured"
    assert difference(tmp_path / "none.csv", tmp_path / "new.csv") == "new"


def test_a_reader_that_has_gone_does_not_end_the_measuring():
    reading, writing = os.pipe()
    os.close(reading)
    script = "import sys; from stackcraft.experiments.evidence import remeasure as m\n"
    script += "m._print('a'); m._print('b'); sys.exit(3)"
    done = subprocess.run([sys.executable, "-c", script], stdout=writing, stderr=subprocess.PIPE, text=True)
    os.close(writing)
    assert (done.returncode, done.stderr) == (3, "")
