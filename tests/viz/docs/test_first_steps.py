"""The notebook runs from its first cell to its last, and shows a person what it should; pictures are taken of it."""

import shutil
import subprocess
from html import escape
from pathlib import Path

import pytest

nbclient = pytest.importorskip("nbclient", reason="nbclient runs the notebook: make setup-all")
NOTEBOOK = Path(__file__).parents[3] / "viz" / "docs" / "first_steps.ipynb"
BROWSER = next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)


@pytest.fixture(scope="module")
def ran():
    """The notebook after a run in a fresh kernel."""
    import nbformat

    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells), "store the notebook without what it printed"
    return nbclient.NotebookClient(notebook, timeout=900, kernel_name="python3").execute()


def shown(cell):
    """What a cell shows, as HTML where it has any, else as text."""
    parts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {"text/plain": output.get("text", "")})
        parts.append(data.get("text/html") or f"<pre>{escape(data.get('text/plain', ''))}</pre>")
    return "".join(parts)


def after(notebook, source):
    return next(shown(cell) for cell in notebook.cells if cell.cell_type == "code" and source in cell.source)


def test_no_cell_fails_or_warns(ran):
    kinds = [(output.output_type, output.get("name")) for cell in ran.cells for output in cell.get("outputs", [])]
    assert kinds and all(kind != "error" and name != "stderr" for kind, name in kinds)


def test_a_person_sees_scenario_results_table_and_finding(ran):
    assert "us_government.supply_bond=0.9" in after(ran, "with_changes") and "<table>" in after(ran, "with_changes")
    assert "run to its end" in after(ran, "progress=True") and "32 runs, seed 7" in after(ran, "progress=True")
    assert "weighting of countries" in after(ran, "results = simulation.results")
    assert "<th>US</th>" in after(ran, "to_pandas().round")
    assert "constant 2025 US$" in after(ran, "descriptions")
    assert "clear of zero" in after(ran, "comparison = compare")
    assert "<p>" in after(ran, "finding = ") and "<table" in after(ran, "finding = ")


@pytest.mark.skipif(BROWSER is None, reason="no Chromium or Chrome is installed: no picture is taken")
def test_pictures_are_taken_of_what_a_person_sees(ran, tmp_path):
    cells = [
        f"<section><pre style='background:#f4f4f4;padding:8px'>{escape(cell.source)}</pre>{shown(cell)}</section>"
        for cell in ran.cells
    ]
    page, picture = tmp_path / "first_steps.html", tmp_path / "first_steps.png"
    page.write_text(
        "<!doctype html><meta charset=utf-8><body style='font:14px sans-serif;max-width:900px'>" + "".join(cells),
        encoding="utf-8",
    )
    subprocess.run(
        [
            BROWSER,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            f"--user-data-dir={tmp_path / 'profile'}",
            "--window-size=1000,5200",
            f"--screenshot={picture}",
            page.as_uri(),
        ],
        capture_output=True,
        timeout=120,
        check=True,
    )
    assert picture.read_bytes().startswith(b"\x89PNG") and picture.stat().st_size > 50_000
