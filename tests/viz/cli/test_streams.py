"""Standard output that is cut, closed, full or short of letters costs no work and is told in one line at most."""

import json
import os
import subprocess
import sys

import pytest

from stackcraft.experiments.runs import outputs

pytestmark = pytest.mark.usefixtures("compiled")
COMMAND = [sys.executable, "-m", "stackcraft.viz.cli.main"]
RUN = ("run", "first-lesson", "--years", "2025:2027", "--runs", "2", "--threads", "1", "--out")
LONG = ("levers", "facts CIV --json", "cache")
FILES = {outputs.RESULTS, outputs.DEALS, outputs.MANIFEST, outputs.REPORT, outputs.SCENARIO}
posix = pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
linux = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full, which only Linux has")


def shell(line, **environment):
    """Run a line of shell in which `S` is `stackcraft`; a part that fails makes a pipe fail."""
    command = " ".join(f"'{part}'" for part in COMMAND)
    return subprocess.run(
        ["bash", "-c", f'set -o pipefail; S() {{ {command} "$@"; }}; {line}'],
        capture_output=True,
        env={**os.environ, **environment},
    )


@posix
@pytest.mark.parametrize("cut", ["| head -2", ">&- 2>&- <&-"])
def test_a_run_whose_output_is_cut_leaves_all_its_files(tmp_path, cut):
    done = shell(f"S {' '.join(RUN)} '{tmp_path / 'out'}' {cut}")
    assert done.returncode == 0 and done.stderr == b""
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES


@linux
@pytest.mark.parametrize("unbuffered", ["1"])
def test_a_run_whose_output_is_full_leaves_all_its_files_and_says_so(tmp_path, unbuffered):
    done = shell(f"S {' '.join(RUN)} '{tmp_path / 'out'}' > /dev/full", PYTHONUNBUFFERED=unbuffered)
    assert done.returncode == 1
    assert done.stderr == b"stackcraft: standard output could not be written: No space left on device\n"
    assert {path.name for path in (tmp_path / "out").iterdir()} == FILES


@posix
@pytest.mark.parametrize("command", LONG)
def test_a_listing_that_is_cut_or_closed_is_a_success(command):
    done = shell(f"S {command} | head -1; echo $?; S {command} >&-; echo $?")
    *_, piped, closed = done.stdout.splitlines()
    assert (piped, closed, done.stderr) == (b"0", b"0", b"")


@pytest.mark.parametrize("encoding", ["ascii", "cp437"])
def test_every_encoding_shows_names_and_gives_whole_json(encoding):
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    run = {"capture_output": True, "env": environment, "check": True}
    shown = subprocess.run([*COMMAND, "facts", "CIV"], **run).stdout.decode(encoding)
    assert ("Cote d'Ivoire" if encoding == "ascii" else "Côte d'Ivoire") in shown
    rows = json.loads(subprocess.run([*COMMAND, "facts", "CIV", "--json"], **run).stdout.decode(encoding))["rows"]
    assert "Côte d'Ivoire" in [row["value"] for row in rows]


@posix
def test_a_file_never_takes_the_number_of_a_closed_stream(tmp_path):
    program = (
        "import os; from stackcraft.viz.cli.streams import prepare_streams; prepare_streams();"
        f"os.write(3, str(os.open({str(tmp_path / 'file')!r}, os.O_CREAT | os.O_WRONLY)).encode())"
    )
    read, write = os.pipe()
    script = f"exec 3>&{write}; exec 0<&- 1>&- 2>&-; exec '{sys.executable}' -c \"{program}\""
    subprocess.run(["bash", "-c", script], pass_fds=[write], check=True)
    assert int(os.read(read, 10)) > 2
