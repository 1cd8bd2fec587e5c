"""One server for the tests of a session, and a game for those of a file."""

from importlib.util import find_spec

import pytest

MISSING = [name for name in ("starlette", "segno") if find_spec(name) is None]
collect_ignore_glob = ["test_*.py"] if MISSING else []

if not MISSING:
    from tests.viz.browsing import chromium, opening  # noqa: F401  a fixture
    from tests.viz.wargame.hosting import Hosted


def pytest_terminal_summary(terminalreporter):
    if MISSING:
        terminalreporter.write_line(
            f"tests/viz/wargame is left out: {' and '.join(MISSING)} not installed, so the game is not served "
            "(make setup-all)"
        )


@pytest.fixture(scope="session")
def hosted(tmp_path_factory):
    one = Hosted(tmp_path_factory.mktemp("games"))
    yield one
    one.stop()


@pytest.fixture
def open_page(chromium):
    """Opens pages of devices: `open_page(address, width=390, **options of the browser's context)`."""
    with opening(chromium) as start:
        yield lambda address=None, **options: start(address, **{"width": 390, "height": 844, **options})


@pytest.fixture(autouse=True)
def whole_allowance(request):
    if "hosted" in request.fixturenames:
        request.getfixturevalue("hosted").fresh()
