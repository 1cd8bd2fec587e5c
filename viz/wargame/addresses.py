"""Where other devices find this machine, and the QR code of an address."""

from __future__ import annotations

import io
import socket
from functools import cache

from stackcraft.viz.dashboard.access import address_of, is_loopback, is_unspecified, machine_names

# An address of a private network that need not exist: connecting a datagram socket sends nothing and only asks the
# system which of its own addresses it would use.
_ELSEWHERE = (("10.254.254.254", 1), ("192.0.2.1", 1))


def network_addresses() -> list[str]:
    """Return the addresses of this machine in its networks, the likeliest first; empty without a network."""
    found: list[str] = []
    for place in _ELSEWHERE:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            try:
                asking.connect(place)
                found.append(asking.getsockname()[0])
            except OSError:
                continue
    for name in sorted(machine_names()):
        address = address_of(name)
        if address is not None and address.version == 4:
            found.append(str(address))
    return [one for one in dict.fromkeys(found) if not is_loopback(one) and not is_unspecified(one)]


@cache
def local_name() -> str:
    """Return the name of this machine that phones of the same network may know, such as `laptop.local`."""
    return f"{socket.gethostname().lower().partition('.')[0]}.local"


def base_address(bound: str, port: int) -> str:
    """Return the address to tell others, `http://192.168.1.23:8765`, for a server that listens on `bound`."""
    host = (network_addresses() or ["127.0.0.1"])[0] if is_unspecified(bound) else bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def qr_svg(text: str) -> bytes:
    """Return the QR code of a text as an SVG of its own, dark on white in every theme."""
    import segno

    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="svg", border=2, scale=8, dark="#14181d", light="#ffffff", omitsize=True)
    return out.getvalue()


def qr_terminal(text: str) -> str:
    """Return the QR code of a text for a terminal."""
    import segno

    out = io.StringIO()
    segno.make(text, error="m").terminal(out, compact=True, border=2)
    return out.getvalue()
