"""Who is answered and who is turned away, by the address that the server listens on; without a server."""

import asyncio
import socket

import pytest

from stackcraft.agents.errors import InputError
from stackcraft.viz.dashboard import access
from stackcraft.viz.dashboard.access import Access
from stackcraft.viz.dashboard.server import listen

LOOPBACK = ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"]
ARRIVED = {"0.0.0.0": "192.168.7.9", "::": "::ffff:192.168.7.9"}  # at which a connection comes in
OPEN = ["0.0.0.0", "::", "192.168.7.9"]


@pytest.fixture(autouse=True)
def lab(monkeypatch):
    """A machine whose name in its network is known."""
    monkeypatch.setattr(access, "machine_names", lambda: {"lab", "lab.local", "lab.ministry.example", "192.168.7.9"})


def answer(bound="127.0.0.1", kind="http", path="/", method="GET", names=(), arrived=None, **headers):
    """Status of the answer, or whether a websocket is "accepted" or "closed"; `_` in a header's name means `-`."""
    sent = []

    async def page(scope, receive, send):
        await send(
            {"type": "websocket.accept"} if kind == "websocket" else {"type": "http.response.start", "status": 200}
        )

    async def keep(message):
        sent.append(message)

    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": kind, "path": path, "headers": pairs, "server": (arrived or ARRIVED.get(bound, bound), 8765)}
    if kind == "http":
        scope["method"] = method
    asyncio.run(Access(page, bound, names)(scope, None, keep))
    return sent[0].get("status", sent[0]["type"].partition(".")[2])


@pytest.mark.parametrize("bound", LOOPBACK)
@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8765", "localhost:8765", "LocalHost", "localhost.:1", "[::1]:8765", "127.1.2.3", "[::ffff:7f00:1]"],
)
def test_a_loopback_server_answers_under_loopback_names_and_addresses(bound, host):
    assert answer(bound, host=host) == 200
    assert answer(bound, "websocket", host=host, origin=f"http://{host}") == "accept"


FOREIGN = [
    "evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil.example", "127.0.0.1@evil.example",
    "evil.example#.localhost", "192.0.2.7", "[2001:db8::7]:8765", "", " ", "[::1", "localhost:x", "0.0.0.0:8765",
]  # fmt: skip


@pytest.mark.parametrize("bound", [*LOOPBACK, *OPEN])
@pytest.mark.parametrize("host", FOREIGN)
def test_a_foreign_name_is_turned_away_wherever_the_server_listens(bound, host):
    assert answer(bound, host=host) == 403
    assert answer(bound, "websocket", host=host, origin=f"http://{host}") == "close"


@pytest.mark.parametrize("bound", [*LOOPBACK, *OPEN])
def test_a_request_without_a_host_is_turned_away(bound):
    assert answer(bound) == 403


@pytest.mark.parametrize("bound", LOOPBACK)
@pytest.mark.parametrize("host", ["lab", "192.168.7.9"])
def test_a_loopback_server_does_not_answer_under_the_names_of_the_machine_in_its_network(bound, host):
    assert answer(bound, host=host) == 403


@pytest.mark.parametrize("bound", OPEN)
@pytest.mark.parametrize("host", ["lab:8765", "LAB.local.", "lab.ministry.example", "192.168.7.9:8765", "localhost"])
def test_an_open_server_answers_under_the_machines_own_names_and_addresses(bound, host):
    assert answer(bound, host=host) == 200


def test_an_open_server_answers_under_the_address_at_which_the_connection_arrived():
    assert answer("0.0.0.0", host="10.1.2.3:8765", arrived="10.1.2.3") == 200
    assert answer("::", host="10.1.2.3:8765", arrived="::ffff:10.1.2.3") == 200
    assert answer("::", host="[fd00::5]:8765", arrived="fd00::5") == 200
    assert answer("0.0.0.0", host="10.1.2.3:8765", arrived="10.9.9.9") == 403


@pytest.mark.parametrize("bound", [*LOOPBACK, *OPEN])
def test_a_name_given_with_the_option_is_answered(bound):
    assert answer(bound, host="ministry.example", names=["Ministry.Example."]) == 200
    assert answer(bound, host="192.0.2.7:80", names=["192.0.2.7"]) == 200


@pytest.mark.parametrize("name", ["http://ministry.example", "", "two names", "*"])
def test_what_is_not_a_host_name_is_said(name):
    with pytest.raises(InputError, match="--allow-host"):
        Access(None, names=[name])


def test_two_host_headers_or_a_foreign_forwarded_host_are_turned_away():
    assert answer(host="localhost", Host="evil.example") == 403
    assert answer(host="localhost", x_forwarded_host="evil.example") == 403
    assert answer(host="localhost", x_forwarded_host="localhost, evil.example") == 403
    assert answer(host="localhost", x_forwarded_host="ministry.example", names=["ministry.example"]) == 200


@pytest.mark.parametrize("header", ["x_forwarded_prefix", "script_name", "x_script_name"])
def test_a_proxy_that_serves_it_below_a_path_is_told_so(header):
    assert answer(host="localhost", **{header: "/stackcraft"}) == 403
    assert answer(host="localhost", **{header: "/"}) == 200


@pytest.mark.parametrize("bound", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:2", "http://[::1", "ftp://localhost:1"]
)
def test_another_sites_page_is_turned_away(bound, origin):
    assert answer(bound, host="localhost:1", origin=origin) == 403
    assert answer(bound, "websocket", host="localhost:1", origin=origin) == "close"


def test_what_does_not_say_where_it_comes_from_can_look_but_not_act():
    assert answer(host="localhost") == 200
    assert answer(host="localhost", method="POST") == 403
    assert answer(kind="websocket", host="localhost") == "close"
    assert answer(host="localhost:1", method="POST", origin="http://localhost:1") == 200


def test_a_page_behind_a_proxy_with_encryption_is_its_own():
    headers = {"host": "ministry.example", "origin": "https://ministry.example:443"}
    assert answer(kind="websocket", names=["ministry.example"], **headers) == "accept"


VISIT = {"host": "localhost", "sec_fetch_mode": "navigate", "sec_fetch_dest": "document"}


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_sites_page_starts_no_download_but_a_link_to_a_page_is_followed(site):
    assert answer(path="/explore", sec_fetch_site=site, **VISIT) == 200
    assert answer(path="/download/bundle.zip", sec_fetch_site=site, **VISIT) == 403
    assert answer(path="/explore", host="localhost", sec_fetch_site=site, sec_fetch_mode="no-cors") == 403
    assert answer(path="/explore", sec_fetch_site=site, **{**VISIT, "sec_fetch_dest": "iframe"}) == 403


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_and_typed_addresses_download(site):
    assert answer(path="/download/bundle.zip", sec_fetch_site=site, **VISIT) == 200


def test_an_older_browser_is_judged_by_the_page_that_it_comes_from():
    assert answer(path="/download/table.csv", host="localhost:1", referer="http://evil.example/") == 403
    assert answer(path="/download/table.csv", host="localhost:1", referer="http://localhost:1/explore?y=2030") == 200


def test_any_spelling_of_an_address_of_this_machine_is_listened_on():
    for host, bound in {
        "127.1": "127.0.0.1",
        "[::1]": "::1",
        "localhost": "127.0.0.1",
        "127.0.0.3": "127.0.0.3",
    }.items():
        with listen(host, 0) as listening:
            assert listening.getsockname()[0] == bound


@pytest.mark.parametrize("host", ["no such host", "192.0.2.77", "a" * 70])
def test_an_address_of_another_machine_is_said_in_one_line(host):
    with pytest.raises(InputError) as error:
        listen(host, 0)
    assert host in str(error.value) and "\n" not in str(error.value)


def test_the_names_of_a_machine_are_told_without_a_network(monkeypatch):
    monkeypatch.undo()
    monkeypatch.setattr(socket, "gethostname", lambda: "Lab.ministry.example")

    def unknown(*arguments, **options):
        raise socket.gaierror("no network")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert access.machine_names() == {"lab.ministry.example", "lab", "lab.local"}
