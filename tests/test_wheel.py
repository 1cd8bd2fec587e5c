"""The wheel works alone: in an environment without the checkout, in a folder whose names are those of its own parts."""

import os
import re
import subprocess
import sys
import sysconfig
import time
import urllib.request
import zipfile
from importlib.util import find_spec
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[1]
SMALL = ("--years", "2025:2027", "--runs", "2", "--threads", "1")
STUDY = """
title = "Small"
story = "Does it matter to bind oneself?"
scenario = "first-lesson"
years = [2025, 2027]
keep = [2027]
seed = 2025
replicates = 2

[measures]
us_installed = "installed[US]"

[uncertainties]
supply_fear = {}

[bundles]
binding = ["us_government.supply_bond=0.9"]

[design]
uncertainties = { kind = "latin", size = 3 }
policies = { kind = "subsets" }
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from a copy of what git knows, so that nothing left from earlier builds gets in."""
    source = tmp_path_factory.mktemp("source")
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    out = tmp_path_factory.mktemp("wheel")
    program = f"import setuptools.build_meta as build; print(build.build_wheel({str(out)!r}))"
    subprocess.run([sys.executable, "-c", program], cwd=source, capture_output=True, check=True)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def python(wheel, tmp_path_factory):
    """Python of a fresh environment that holds the wheel; what it depends on comes from the present environment."""
    place = tmp_path_factory.mktemp("environment") / "with blanks"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    python = place / "bin" / "python"
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([python, "-c", ask], capture_output=True, text=True, check=True).stdout.strip())
    with zipfile.ZipFile(wheel) as file:
        file.extractall(packages)
    # Links, not a .pth line: the present environment's own stackcraft must stay out.
    for path in Path(sysconfig.get_path("purelib")).iterdir():
        if "stackcraft" not in path.name.lower() and path.suffix != ".pth" and not (packages / path.name).exists():
            (packages / path.name).symlink_to(path.resolve())
    # What packages put beside the site-packages, such as the widgets' scripts: where they are really installed.
    installed = Path(find_spec("solara").origin).resolve().parents[4]
    for name in ("etc", "share"):
        if (installed / name).is_dir() and not (place / name).exists():
            (place / name).symlink_to(installed / name)
    return python


@pytest.fixture
def run(python, tmp_path, monkeypatch):
    """Run `stackcraft` of the fresh environment in a folder that holds the names of the project's own parts."""
    (tmp_path / "model.py").write_text("raise RuntimeError('a file of the visitor')\n")
    for name in ("agents", "experiments", "viz"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text("raise RuntimeError('a package of the visitor')\n")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def start(*arguments, **options):
        options = {"capture_output": True, "text": True, "check": True, **options}
        return subprocess.run([python, *map(str, arguments)], cwd=tmp_path, env=environment, **options)

    return start


def command(*arguments):
    return "-c", "import sys; from stackcraft.viz.cli.main import main; sys.exit(main())", *arguments


def test_it_holds_what_git_knows_of_the_four_folders(wheel):
    listed = subprocess.run(
        ["git", "ls-files", *("agents", "model", "experiments", "viz")], cwd=ROOT, capture_output=True
    )
    wanted = {
        f"stackcraft/{name}"
        for name in listed.stdout.decode().splitlines()
        if not name.endswith((".png", ".md", ".ipynb"))
    }
    held = set(zipfile.ZipFile(wheel).namelist())
    assert wanted - held == set() and {name.split("/")[0] for name in held} - {"stackcraft"} <= {
        name.split("/")[0] for name in held if ".dist-info/" in name
    }
    assert {f"stackcraft/{folder}/py.typed" for folder in ("agents", "model", "experiments", "viz")} <= held


def test_the_first_experiment_of_the_readme(run, tmp_path):
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = [
        part for part in re.findall(r"```python\n(.*?)```", text, re.S) if "us_government.supply_bond=0.9" in part
    ]
    (tmp_path / "first.py").write_text(code.replace("runs=8", "runs=2"), encoding="utf-8")
    shown = run("first.py").stdout
    assert "cloud" in shown and "independent" in shown
    assert str(ROOT) not in run("-c", "import stackcraft.model as model; print(model.__file__)").stdout


def test_a_run_and_a_small_sweep(run, tmp_path):
    run(*command("run", "first-lesson", *SMALL, "--out", "out"))
    assert (tmp_path / "out" / "report.html").stat().st_size > 10_000
    again = run(*command("run", "--manifest", "out"))
    assert "the same as in the manifest, bit for bit" in again.stdout
    (tmp_path / "small.toml").write_text(STUDY)
    run(*command("sweep", "small.toml", "--out", "study"))
    assert "12 of 12 runs are there" in run(*command("study", "show", "study")).stdout


def test_the_first_page_of_the_dashboard(python, run, tmp_path):
    process = subprocess.Popen(
        [python, *command("dashboard", "--no-browser", "--port", "0")], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    )
    try:
        line = ""
        while "http://" not in line:
            line = process.stdout.readline()
            assert line, "it ended before it served"
        address = re.search(r"http://\S+", line)[0]
        time.sleep(1)
        with urllib.request.urlopen(address, timeout=60) as page:
            assert page.status == 200 and b"Stackcraft" in page.read()
    finally:
        process.terminate()
        process.wait(60)
