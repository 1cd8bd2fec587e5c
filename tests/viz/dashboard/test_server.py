"""The dashboard's server asked without a browser, and the command that starts it."""

import signal
import socket
import subprocess
import sys
import threading
import time

import pytest

from stackcraft.viz.cli.main import main
from tests.viz.browsing import ROOT, free_port
from tests.viz.dashboard.driving import SMALL, Served


@pytest.mark.parametrize("path", ["/", "/explore", "/compare", "/country", "/deals", "/matters", "/model", "/selftest"])
def test_every_page_is_served_with_language_zoom_and_policy(served, path):
    status, headers, page = served.get(f"{path}?{SMALL}")
    assert (
        status == 200
        and '<html lang="en" dir="ltr">' in page
        and "user-scalable" not in page
        and page.count('name="viewport"') == 1
    )
    assert "connect-src 'self' ws://127.0.0.1:" in headers["Content-Security-Policy"]
    assert (
        "https://" not in page.replace("https://www.w3.org", "").split("<script", 1)[0]
    )  # the head links nothing outside
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_health_says_that_it_is_ready_and_who_it_is(served):
    told = served.health()
    assert told["ready"] and len(told["instance"]) == 16 and told["jobs"] >= 0
    assert f'content="{told["instance"]}"' in served.get("/selftest")[2]


@pytest.mark.parametrize(("path", "kind", "holds"), [
    ("/assets/stackcraft.css", "text/css", "--us:"), ("/assets/stackcraft.js", "text/javascript", "stackcraft-theme"),
    ("/assets/stackcraft.svg", "image/svg+xml", "<svg"), ("/assets/font.ttf", "font/ttf", ""),
    ("/assets/shapes.json", "application/json", "KEN"),
    ("/_solara/cdn/requirejs@2.3.6/require.js", "text/javascript", "define"),
])  # fmt: skip
def test_assets_come_from_this_machine(served, path, kind, holds):
    status, headers, text = served.get(path)
    assert status == 200 and headers["Content-Type"].startswith(kind) and holds in text and len(text) > 100


def test_an_asset_that_no_package_carries_is_not_fetched_from_elsewhere(served):
    assert served.get("/_solara/cdn/vue@3.0.0/dist/vue.js")[0] == 404


def test_what_is_not_there_is_said_in_words(served):
    status, headers, text = served.get("/nowhere", Accept="text/html")
    assert (
        status == 404
        and "There is no such page" in text
        and '<a href="/">' in text
        and "Content-Security-Policy" in headers
    )
    assert served.get("/assets/nothing.css")[2] == "Not found"


def test_another_sites_page_is_turned_away(served):
    assert served.get("/health", Host="evil.example")[0] == 403
    assert served.get("/health", Origin="http://evil.example")[0] == 403


@pytest.mark.parametrize("path", ["/resourcez", "/readyz", "/docs", "/openapi.json", "/static"])
def test_what_no_page_needs_is_not_served(served, path):
    assert served.get(path)[0] == 404


def test_another_sites_page_starts_no_download(served):
    assert served.get(f"/download/table.csv?{SMALL}", **{"Sec-Fetch-Site": "cross-site"})[0] == 403
    assert served.get(f"/download/scenario.toml?{SMALL}", **{"Sec-Fetch-Site": "same-origin"})[0] == 200


def test_the_cookie_ends_with_the_browser_and_keeps_to_our_pages(served):
    for host in (f"127.0.0.1:{served.port}", f"localhost:{served.port}"):
        cookie = served.get(f"/?{SMALL}", Host=host)[1]["Set-Cookie"].lower()
        assert "expires" not in cookie and "max-age" not in cookie
        assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie


def test_a_visitors_headers_do_not_move_the_pages_of_others(served):
    assert served.get("/", **{"X-Script-Name": "/elsewhere"})[0] == 403
    assert "/elsewhere" not in served.get("/")[2]


def test_the_server_says_nothing_to_anybody_outside(served):
    said = served.said()
    assert "New version" not in said and "mixpanel" not in said and "Traceback" not in said


def test_a_port_in_use_is_said_in_one_line(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code = subprocess.run(
            [sys.executable, "-m", "stackcraft.viz.cli.main", "dashboard", "--port", str(port), "--no-browser"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )
    assert code.returncode == 2
    assert (
        code.stderr.splitlines()[-1].startswith(f"stackcraft: port {port} on 127.0.0.1 cannot be used: ")
        and "--port" in code.stderr
    )
    assert "Traceback" not in code.stderr


def test_what_is_not_installed_is_said_with_the_command_that_installs_it(monkeypatch, capsys):
    from stackcraft.viz.dashboard import server

    monkeypatch.setattr(server, "PACKAGES", ("numpy", "no-such-package"))
    assert main(["dashboard", "--no-browser"]) == 2
    assert capsys.readouterr().err == (
        "stackcraft: the dashboard needs no-such-package; install it with: pip install 'stackcraft[dashboard]', or "
        "start it with: make dashboard\n"
    )


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.slow
def test_it_ends_cleanly(served, tmp_path, how):
    one = Served(free_port(), tmp_path / "server.log")
    assert one.stop(how) in (0, -how)
    assert "Traceback" not in one.said()


@pytest.mark.slow
def test_it_ends_at_once_though_a_download_is_being_computed(served, tmp_path):
    one = Served(free_port(), tmp_path / "server.log")
    answers = []
    asking = threading.Thread(target=lambda: answers.append(one.get("/download/bundle.zip?runs=256&seed=77")[0]))
    asking.start()
    while not one.health()["jobs"]:
        time.sleep(0.05)
    began = time.monotonic()
    assert one.stop() == 0 and time.monotonic() - began < 15
    asking.join()
    assert answers == [503] and "Traceback" not in one.said()
