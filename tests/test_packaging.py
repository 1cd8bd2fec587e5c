"""What a fresh copy is set up from: the lock file, the licence, the entry point."""

import os
import re
import shutil
import subprocess
import tomllib
from importlib import import_module
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def lines(name):
    return [
        line for line in (ROOT / name).read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")
    ]


BASE, SCREENS, EXTRA = (
    lines(name) for name in ("requirements.lock", "requirements-dashboard.lock", "requirements-all.lock")
)
LOCK = [*BASE, *SCREENS, *EXTRA]
EXTRAS = PROJECT["project"]["optional-dependencies"]


def test_the_lock_files_pin_every_package_once_and_name_no_place():
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in LOCK)
    names = [canonicalize_name(line.split("==")[0]) for line in LOCK]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "wanted",
    [
        *PROJECT["project"]["dependencies"],
        *(text for name in EXTRAS for text in EXTRAS[name]),
        *PROJECT["build-system"]["requires"],
    ],
)
def test_the_lock_files_hold_a_fitting_version_of_everything_asked_for(wanted):
    requirement = Requirement(wanted)
    if requirement.name == PROJECT["project"]["name"]:
        assert requirement.extras <= set(EXTRAS)
        return
    pinned = {canonicalize_name(name): version for name, version in (line.split("==") for line in LOCK)}
    assert requirement.specifier.contains(Version(pinned[canonicalize_name(requirement.name)]))


def test_the_base_install_holds_no_extra():
    small = {canonicalize_name(line.split("==")[0]) for line in BASE}
    for name in ("analysis", "dask", "games", "dashboard", "test"):
        for text in EXTRAS[name]:
            assert canonicalize_name(Requirement(text).name) not in small


def test_nothing_is_under_the_gpl():
    strangers = []
    for line in LOCK:
        try:
            about = metadata(line.split("==")[0])
        except PackageNotFoundError:  # not everything is installed everywhere
            continue
        said = [
            about.get("License-Expression") or "",
            (about.get("License") or "").splitlines()[0] if about.get("License") else "",
        ]
        said += [text for text in about.get_all("Classifier", []) if text.startswith("License")]
        if any("GPL" in text.replace("LGPL", "") or "GNU General" in text for text in said):
            strangers.append(f"{line}: {said}")
    assert strangers == []


def test_the_entry_point_is_there():
    module, function = PROJECT["project"]["scripts"]["stackcraft"].split(":")
    assert callable(getattr(import_module(module), function))


def test_the_wheel_holds_every_folder_with_code_and_no_other():
    folders = {path.parent for top in ("agents", "model", "experiments", "viz") for path in (ROOT / top).rglob("*.py")}
    names = {f"stackcraft.{'.'.join(folder.relative_to(ROOT).parts)}" for folder in folders}
    assert sorted(names) == sorted(PROJECT["tool"]["setuptools"]["packages"])
    assert all((ROOT / top / "py.typed").is_file() for top in ("agents", "model", "experiments", "viz"))


def test_tab_completion_shows_the_public_names():
    for name in ("agents", "model", "experiments"):
        package = import_module(f"stackcraft.{name}")
        assert set(package.__all__) <= set(dir(package)) and all(hasattr(package, public) for public in package.__all__)


def test_licence_and_readme_are_there():
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert (ROOT / PROJECT["project"]["readme"]).is_file()


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
@pytest.mark.parametrize(("made_in", "again"), [("here", False), ("/elsewhere", True)])
def test_an_environment_that_was_moved_is_set_up_again(tmp_path, made_in, again):
    folder = tmp_path / "with blanks"
    (folder / ".venv").mkdir(parents=True)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    os.utime(folder / "Makefile")
    (folder / ".venv" / "installed").write_text(str(folder) if made_in == "here" else made_in)
    shown = subprocess.run(["make", "-n", "run"], cwd=folder, capture_output=True, text=True, check=True).stdout
    assert ("Setting up" in shown) == again and "stackcraft run baseline" in shown
