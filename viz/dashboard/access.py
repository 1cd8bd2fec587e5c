"""Decide which requests the server answers: only under this machine's own names, and only for its own pages.

Both matter even on a server for this machine alone. A website that is open in the same browser can have its own name
point at this machine (DNS rebinding), or start requests from its own pages; neither may reach the server.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any
from urllib.parse import urlsplit

from stackcraft.agents.errors import InputError
from stackcraft.viz.dashboard.strings import text

DOWNLOADS = "/download"  # below it, answers that compute
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}
# What a proxy sends when it serves the dashboard under a path; Solara would take the second pair from anybody.
_PATH_HEADERS = ("x-forwarded-prefix", "script-name", "x-script-name")


def address_of(text: str) -> IPv4Address | IPv6Address | None:
    """Return the IP address that the text is, an IPv4 address in IPv6 form as IPv4; None for anything else."""
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_loopback(address: str) -> bool:
    """Return whether the text is an address that only this machine can reach."""
    parsed = address_of(address)
    return parsed is not None and parsed.is_loopback


def is_unspecified(address: str) -> bool:
    """Return whether the text is the address that means all addresses of a machine."""
    parsed = address_of(address)
    return parsed is not None and parsed.is_unspecified


def host_name(header: str) -> str | None:
    """Return the name or address in a Host header in lower case, without port and final dot, or None."""
    match = _HOST.fullmatch(header.strip())
    return match[1].lower().removesuffix(".") if match else None


def machine_names() -> set[str]:
    """Return the names of this machine in its network, in lower case, and the addresses that they lead to."""
    name = socket.gethostname().lower()
    first = name.partition(".")[0]
    names = {name, first, f"{first}.local"}
    try:
        entries = socket.getaddrinfo(name, None, flags=socket.AI_CANONNAME)
    except OSError:
        return names
    return names | {str(entry[4][0]) for entry in entries} | {entry[3].lower() for entry in entries if entry[3]}


class Access:
    """An ASGI layer that answers 403 to requests under a foreign name and to requests from another site's page.

    `bound` is the address that the server listens on. On a loopback address only loopback names and addresses count;
    on any other also the address at which a connection arrived and this machine's names. `names` are further host
    names, such as that of a proxy. Raises `InputError` for a further name that is not a host name.
    """

    def __init__(self, app: Any, bound: str = "127.0.0.1", names: Sequence[str] = ()) -> None:
        self.app = app
        self.alone = is_loopback(bound)
        self.names = {"localhost", *_checked(names)} | (set() if self.alone else machine_names())
        self.names |= set() if self.alone or is_unspecified(bound) else {str(address_of(bound) or bound).lower()}

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key = name.decode("latin-1").lower()
            headers[key] = f"{headers[key]},{value.decode('latin-1')}" if key in headers else value.decode("latin-1")
        if reason := self.refusal(scope, headers):
            await _refuse(scope, send, reason)
        else:
            await self.app(scope, receive, send)

    def refusal(self, scope: Any, headers: dict[str, str]) -> str:
        """Return the sentence with which a request is turned away; "" for one that is answered."""
        forwarded = [name for name in headers.get("x-forwarded-host", "").split(",") if name.strip()]
        arrived = str((scope.get("server") or ("",))[0])
        if not all(self.is_ours(host, arrived) for host in (headers.get("host", ""), *forwarded)):
            return text("shell.refused")
        if any(headers.get(name, "").strip("/ ") for name in _PATH_HEADERS):
            return text("shell.refused_path")
        if not _from_own_page(scope, headers):
            return text("shell.refused_site")
        return ""

    def is_ours(self, host: str, arrived: str = "") -> bool:
        """Return whether a Host header names this server; `arrived` is the address at which the connection came in."""
        name = host_name(host)
        if name is None:
            return False
        address = address_of(name)
        if address is None:
            return name in self.names
        at_arrival = not self.alone and address == address_of(arrived)
        return address.is_loopback or at_arrival or str(address) in self.names


def _checked(names: Iterable[str]) -> list[str]:
    checked = [host_name(name) for name in names]
    for name, found in zip(names, checked, strict=True):
        if found is None:
            raise InputError(
                f"--allow-host {name!r} is not a host name; give it as in ministry.example, without http://"
            )
    return [str(address_of(name) or name) for name in checked if name]


def _from_own_page(scope: Any, headers: dict[str, str]) -> bool:
    """Return whether a request comes from our own page, a link that was followed, or a typed address."""
    host, origin = headers["host"], headers.get("origin")
    if origin is not None:
        return _same_origin(origin, host)
    if scope["type"] == "websocket" or scope.get("method", "GET") not in ("GET", "HEAD"):
        return False  # every browser says where these come from
    site = headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return True
    computes = scope["path"].startswith(DOWNLOADS)
    if site is not None:
        shown = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
        return shown and not computes
    referer = headers.get("referer")
    return not computes or referer is None or _same_origin(referer, host)


def _same_origin(address: str, host: str) -> bool:
    """Return whether the address of a page has the host and port of a Host header."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    default = _DEFAULT_PORTS.get(parts.scheme)
    theirs, ours = _HOST.fullmatch(parts.netloc), _HOST.fullmatch(host.strip())
    if default is None or theirs is None or ours is None:
        return False
    return host_name(parts.netloc) == host_name(host) and (theirs[2] or default) == (ours[2] or default)


async def _refuse(scope: Any, send: Any, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"vary", b"Host, Origin, Sec-Fetch-Site"),
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": reason.encode()})
