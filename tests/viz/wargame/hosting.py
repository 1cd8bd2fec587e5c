"""The game served to tests: a server in a thread with its games at hand, and devices that speak HTTP as browsers do."""

import http.client
import re
import threading
import time
from http.cookies import SimpleCookie
from types import SimpleNamespace
from urllib.parse import urlencode

import uvicorn

from stackcraft.experiments.wargame import Wargame
from stackcraft.viz.dashboard.server import listen
from stackcraft.viz.wargame.house import House
from stackcraft.viz.wargame.server import make_app

SIX = ("us", "cn", "asean", "east_africa", "south_america", "gulf")


class Hosted:
    """A server on a free port of this machine. `game()` makes a game at one of its tables."""

    def __init__(self, folder):
        self.listening = listen("127.0.0.1", 0)
        self.port = self.listening.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.house = House(folder)
        self.app = make_app(self.house, self.address)
        self.server = uvicorn.Server(
            uvicorn.Config(self.app, log_level="warning", lifespan="on", timeout_graceful_shutdown=1)
        )
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listening]}, daemon=True)
        self.thread.start()
        self.wait(lambda: self.server.started)
        self.loop = self.server.servers[0].get_loop()
        self.desk_token = self.app.state.keys.make("desk")

    def game(self, scenario="game-2025", **options):
        """A new game at a table; its shadows are few, for most tests do not look at luck."""
        options = {"seats": "six", "seed": 7, "shadows": 1, "turns": 3, "years_a_turn": 1, **options}
        return self.house.take(Wargame.create(scenario, folder=self.house.folder, **options))

    def again(self, table):
        """The same game at a new table, as after a restart."""
        self.house.close(table)
        return self.house.take(Wargame.open(self.house.folder / f"{table.name}.db"))

    def desk(self, table):
        """The facilitator's device."""
        device = Device(self, table.name)
        assert device.post("enter", secret=self.desk_token).status == 303
        return device

    def screen(self, table):
        """A projector."""
        device = Device(self, table.name)
        assert device.post("enter", secret=self.app.state.keys.make(table.name)).status == 303
        return device

    def join(self, table, seat="", name=""):
        """A device of somebody who took a seat."""
        device = Device(self, table.name)
        answer = device.post("join", seat=seat, name=name)
        assert answer.status == 303, answer.text
        return device

    def fresh(self):
        """Forget what was counted: each test begins with its whole allowance."""
        self.app.state.limits.times.clear()

    @staticmethod
    def wait(what, seconds=60):
        """Wait until something holds."""
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end, f"waited {seconds} seconds in vain"
            time.sleep(0.02)

    def stop(self):
        self.server.should_exit = True
        self.thread.join(20)


class Device:
    """A browser without scripts: cookies are kept and sent as their paths say; `seen` is every byte it was sent."""

    def __init__(self, hosted, name):
        self.hosted, self.name = hosted, name
        self.cookies = {}
        self.seen = []

    def get(self, path, **headers):
        """Ask for a page of the game; a path that begins with a slash is asked for as it is."""
        return self.ask("GET", path, None, headers)

    def post(self, path, live=False, **fields):
        """Post a form. A list is a field that is sent several times; `__` in a name stands for a dot."""
        pairs = [(name.replace("__", "."), value) for name, value in fields.items()]
        body = urlencode(
            [(name, one) for name, value in pairs for one in (value if isinstance(value, list) else [value])]
        )
        return self.ask("POST", path, body, {"x-live": "1"} if live else {})

    def ask(self, method, path, body=None, headers=None):
        address = path if path.startswith("/") else f"/game/{self.name}/{path}".rstrip("/")
        given = {"Host": f"127.0.0.1:{self.hosted.port}", **(headers or {})}
        if body is not None:
            given |= {
                "Origin": self.hosted.address,
                "Content-Type": "application/x-www-form-urlencoded",
                **(headers or {}),
            }
        kept = "; ".join(f"{key}={value}" for key, (value, where) in self.cookies.items() if address.startswith(where))
        if kept:
            given["Cookie"] = kept
        connection = http.client.HTTPConnection("127.0.0.1", self.hosted.port, timeout=60)
        connection.request(method, address, body, given)
        answer = connection.getresponse()
        raw = answer.read()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self._keep(value)
        connection.close()
        self.seen.append(raw + "\n".join(f"{name}: {value}" for name, value in answer.getheaders()).encode())
        return SimpleNamespace(
            status=answer.status, headers=answer.headers, text=raw.decode("utf-8", "replace"), raw=raw,
            location=answer.headers.get("location"),
        )  # fmt: skip

    def _keep(self, header):
        for name, morsel in SimpleCookie(header).items():
            if morsel["max-age"] == "0" or not morsel.value:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = (morsel.value, morsel["path"])

    def hear(self, kind="seat", seconds=0.5, last=None):
        """What a stream says within a time."""
        headers = {"Host": f"127.0.0.1:{self.hosted.port}"}
        headers["Cookie"] = "; ".join(f"{key}={value}" for key, (value, _) in self.cookies.items())
        if last is not None:
            headers["Last-Event-ID"] = str(last)
        connection = http.client.HTTPConnection("127.0.0.1", self.hosted.port, timeout=seconds)
        heard = bytearray()
        try:
            connection.request("GET", f"/game/{self.name}/stream/{kind}", headers=headers)
            answer = connection.getresponse()
            heard += "\n".join(f"{name}: {value}" for name, value in answer.getheaders()).encode() + b"\n\n"
            while piece := answer.read1(4096):
                heard += piece
        except TimeoutError:
            pass
        finally:
            connection.close()
        self.seen.append(bytes(heard))
        return bytes(heard)

    def orders(self):
        """What the form of the orders page holds, as a browser would post it unchanged."""
        page = self.get("seat").text
        form = page[page.index('id="draft"') : page.index("</form>", page.index('id="draft"'))]
        fields = {}
        for tag in re.findall(r"<input[^>]*>", form):
            name = re.search(r'name="([^"]*)"', tag)
            if name and ("checked" in tag or ('type="radio"' not in tag and 'type="checkbox"' not in tag)):
                fields.setdefault(name[1], re.search(r'value="([^"]*)"', tag)[1] if "value=" in tag else "")
        return fields
