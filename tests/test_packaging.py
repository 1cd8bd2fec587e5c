"""What a fresh copy is set up from: the lock file, the licence, the entry point."""

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = [line for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def test_the_lock_file_pins_every_package_once_and_names_no_place():
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line) for line in LOCK)
    names = [canonicalize_name(line.split("==")[0]) for line in LOCK]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "wanted",
    [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["test"], *PROJECT["build-system"]["requires"]],
)
def test_the_lock_file_holds_a_fitting_version_of_everything_asked_for(wanted):
    requirement = Requirement(wanted)
    pinned = {canonicalize_name(name): version for name, version in (line.split("==") for line in LOCK)}
    assert requirement.specifier.contains(Version(pinned[canonicalize_name(requirement.name)]))


def test_the_entry_point_is_there():
    module, function = PROJECT["project"]["scripts"]["stackcraft"].split(":")
    assert callable(getattr(import_module(module), function))


def test_licence_and_readme_are_there():
    assert "Apache License" in (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert (ROOT / PROJECT["project"]["readme"]).is_file()
