"""Addresses that others can use, and QR codes that hold them."""

from stackcraft.viz.wargame import addresses


def test_no_address_that_only_this_machine_can_reach_is_told(monkeypatch):
    monkeypatch.setattr(addresses, "machine_names", lambda: {"lab", "127.0.0.1", "10.1.2.3", "0.0.0.0", "fe80::1"})
    found = addresses.network_addresses()
    assert "10.1.2.3" in found and not {"127.0.0.1", "0.0.0.0"} & set(found)


def test_a_server_on_all_addresses_tells_one_that_a_phone_can_open(monkeypatch):
    monkeypatch.setattr(addresses, "network_addresses", lambda: ["192.168.1.23"])
    assert addresses.base_address("0.0.0.0", 8765) == "http://192.168.1.23:8765"
    assert addresses.base_address("127.0.0.1", 80) == "http://127.0.0.1:80"
    assert addresses.base_address("fd00::5", 80) == "http://[fd00::5]:80"


def test_without_a_network_this_machine_is_told(monkeypatch):
    monkeypatch.setattr(addresses, "network_addresses", list)
    assert addresses.base_address("0.0.0.0", 1) == "http://127.0.0.1:1"


def test_a_qr_code_is_a_picture_without_scripts_and_differs_with_the_address():
    one, other = addresses.qr_svg("http://192.168.1.23:8765/game/K7M2QX"), addresses.qr_svg("http://192.168.1.24:8765")
    assert one.startswith(b"<?xml") and b"<script" not in one and one != other
    assert len(addresses.qr_terminal("http://192.168.1.23:8765").splitlines()) > 10
