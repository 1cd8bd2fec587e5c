"""What every answer wears, without a server: the page's head, its policy and its cookie."""

import asyncio
import re

from stackcraft.viz.dashboard.security_headers import (
    DOWNLOAD_POLICY,
    INSTANCE,
    Documents,
    dressed,
    lost_page,
    page_policy,
    session_cookie,
)

SOLARA = (
    '<!doctype html>\n<html>\n<head><title>x</title><meta name="viewport" content="width=device-width, '
    'maximum-scale=1, user-scalable=no">'
    '<link rel="icon" type="image/png" href="/static/f.png"></head><body data-base-url="/j/">'
    '<script>var a = 1;</script><script type="module" src="/b.js"></script></body></html>'
)


def directives(policy):
    return {name: values for name, *values in (part.split() for part in policy.split(";"))}


def test_a_page_says_its_language_and_can_be_zoomed():
    page = dressed(SOLARA, "abc", ["/", "/explore"])
    assert '<html lang="en" dir="ltr">' in page
    assert re.findall(r'name="viewport" content="([^"]*)"', page) == ["width=device-width, initial-scale=1"]
    assert re.findall(r'rel="icon"[^>]*href="([^"]*)"', page) == ["/assets/stackcraft.svg"]
    assert (
        f'name="stackcraft-instance" content="{INSTANCE}"' in page
        and 'name="stackcraft-pages" content="/ /explore"' in page
    )
    assert page.index("/assets/stackcraft.js") < page.index("<body") and "<noscript>" in page


def test_a_language_that_is_there_stays():
    assert '<html lang="fr">' in dressed(SOLARA.replace("<html>", '<html lang="fr">'), "abc")


def test_every_script_of_the_markup_carries_the_nonce():
    page = dressed(SOLARA, "abc")
    assert len(re.findall(r"<script\b", page)) == len(re.findall(r'<script nonce="abc"', page)) == 4


def test_the_policy_keeps_everything_on_this_machine():
    found = directives(page_policy("abc", "127.0.0.1:8765"))
    assert found["connect-src"] == ["'self'", "ws://127.0.0.1:8765", "wss://127.0.0.1:8765"]
    assert "'unsafe-inline'" not in found["script-src"] and "'nonce-abc'" in found["script-src"]
    for values in found.values():
        assert not {"*", "http:", "https:", "ws:", "wss:"} & set(values)
    assert found["frame-ancestors"] == found["object-src"] == found["base-uri"] == ["'none'"]
    assert directives(DOWNLOAD_POLICY)["default-src"] == ["'none'"]


def test_a_forged_host_cannot_write_into_the_policy():
    assert directives(page_policy("abc", "a; script-src *"))["connect-src"] == ["'self'"]


def test_the_page_for_what_is_not_there_has_a_way_home():
    assert '<a href="/">' in lost_page()


def ask(**headers):
    """Status, headers and body of an answer."""
    sent = []

    async def page(scope, receive, send):
        content = b"text/html; charset=utf-8" if scope["path"] == "/" else b"text/css"
        await send(
            {
                "type": "http.response.start",
                "status": 200,
                "headers": [(b"content-type", content), (b"content-length", b"1")],
            }
        )
        await send({"type": "http.response.body", "body": SOLARA[:50].encode(), "more_body": True})
        await send({"type": "http.response.body", "body": SOLARA[50:].encode()})

    async def keep(message):
        sent.append(message)

    path = headers.pop("path", "/")
    scope = {
        "type": "http",
        "path": path,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(Documents(page)(scope, None, keep))
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(one["body"] for one in sent[1:])


def test_a_page_goes_out_whole_and_dressed():
    status, headers, body = ask(host="127.0.0.1:80")
    assert status == 200 and int(headers[b"content-length"]) == len(body) and b'lang="en"' in body
    nonce = re.search(r"'nonce-([^']+)'", headers[b"content-security-policy"].decode())[1]
    assert f'nonce="{nonce}"'.encode() in body
    assert nonce not in ask(host="127.0.0.1:80")[1][b"content-security-policy"].decode()


def test_what_is_no_page_passes_unchanged():
    _, headers, body = ask(host="127.0.0.1:80", path="/assets/a.css")
    assert body == SOLARA.encode() and headers[b"content-length"] == b"1"
    _, headers, body = ask(host="127.0.0.1:80", path="/download/")
    assert b"script-src" in headers[b"content-security-policy"]


def test_the_session_cookie_ends_with_the_browser_and_is_read_by_no_script():
    solara = b"solara-session-id=abc; expires=Fri, 01 Jan 2038 00:00:00 GMT; Path=/; SameSite=none; Secure"
    assert session_cookie(solara, secure=False) == b"solara-session-id=abc; Path=/; HttpOnly; SameSite=Lax"
    assert session_cookie(solara, secure=True).endswith(b"; Secure")


def test_a_page_knows_the_path_that_was_asked_for():
    assert '<meta name="stackcraft-path" content="/explore">' in dressed(SOLARA, "abc", path="/explore")
