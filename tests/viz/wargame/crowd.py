"""Forty browsers in one event loop: each holds its stream open and asks for its page whenever a version comes."""

import asyncio
import time
from urllib.parse import urlencode


class Phone:
    """One device. `seen` holds when its page was there for each version that it was told of."""

    def __init__(self, host, code):
        self.port, self.code = int(host.address.rpartition(":")[2]), code
        self.cookies, self.seen, self.asked = {}, [], 0

    async def ask(self, method, path, fields=None, **headers):
        """Status, headers and body of an answer, over a connection of its own."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        body = urlencode(fields or {}).encode()
        fixed = {
            "Host": f"127.0.0.1:{self.port}",
            "Origin": f"http://127.0.0.1:{self.port}",
            "Connection": "close",
            "Accept-Encoding": "gzip",
            "Content-Length": str(len(body)),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        lines = [f"{method} /game/{self.code}/{path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in {**fixed, **headers}.items()]
        if self.cookies:
            lines.append("Cookie: " + "; ".join(f"{key}={value}" for key, value in self.cookies.items()))
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        whole = await reader.read()
        writer.close()
        head, _, content = whole.partition(b"\r\n\r\n")
        for line in head.decode("latin-1").split("\r\n"):
            if line.lower().startswith("set-cookie:"):
                name, _, value = line.partition(":")[2].strip().partition(";")[0].partition("=")
                self.cookies[name] = value
        return int(head.split(b" ")[1]), content

    async def listen(self, kind="seat", page="seat"):
        """Hold the stream open for ever, and ask for the page at every version."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        cookies = "; ".join(f"{key}={value}" for key, value in self.cookies.items())
        lines = (f"GET /game/{self.code}/stream/{kind} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Cookie: {cookies}")
        writer.write("\r\n".join((*lines, "", "")).encode())
        try:
            while line := await reader.readline():
                if line.startswith(b"data: "):
                    status, content = await self.ask("GET", page, **{"X-Live": "1"})
                    assert status == 200 and content
                    self.asked += 1
                    self.seen.append(time.perf_counter())
        finally:
            writer.close()

    async def do(self, **fields):
        """Seconds until a command is acknowledged; tries again when told that it was too fast."""
        while True:
            began = time.perf_counter()
            status, content = await self.ask("POST", "do", fields, **{"X-Live": "1"})
            if status != 429:
                assert status == 200, content[:300]
                return time.perf_counter() - began
            await asyncio.sleep(0.5)


def spread(values):
    """Median and 95th percentile."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
