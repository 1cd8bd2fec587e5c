"""The secrets by which a device, a facilitator or a projector is known again; only their digests are ever kept.

A token is 128 random bits. It lives in a cookie that scripts cannot read, and in a link after the `#`, which browsers
send to nobody. The phrase is four words made from the token, for another device of the same person.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from functools import cache
from pathlib import Path

TOKEN_BYTES = 16
PHRASE_WORDS = 4
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")


def new_token() -> str:
    """Return 128 random bits as 22 letters, digits, `-` and `_`."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def digest(secret: str) -> str:
    """Return the SHA-256 of a token or of a phrase, in hexadecimal: what is kept in place of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def same(one: str, other: str) -> bool:
    """Return whether two digests are equal, in a time that does not tell how far they agree."""
    return hmac.compare_digest(one.encode(), other.encode())


def looks_like_token(text: str) -> bool:
    """Return whether the text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


@cache
def words() -> tuple[str, ...]:
    """Return the 256 words that phrases are made of."""
    return tuple(Path(__file__).with_name("words.txt").read_text(encoding="utf-8").split())


def phrase_of(token: str) -> str:
    """Return the four words that belong to a token."""
    bits = hmac.new(b"stackcraft phrase", token.encode(), hashlib.sha256).digest()
    return "-".join(words()[byte] for byte in bits[:PHRASE_WORDS])


def tidy_phrase(text: str) -> str:
    """Return a phrase as `phrase_of` writes it, whatever was put between its words."""
    return "-".join(re.findall(r"[a-z]+", text.lower()))


CODE_SIGNS, CODE_LENGTH = "ABCDEFGHJKMNPQRSTUVWXYZ23456789", 6  # without look-alikes


def new_code() -> str:
    """Return a join code of six letters and digits."""
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
