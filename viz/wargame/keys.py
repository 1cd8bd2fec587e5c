"""Who may read what: cookies, and the digests of the tokens of facilitators and projectors.

People's tokens are the game's own (`Wargame.reader`). The tokens of the facilitator and of projectors belong to the
server: one file beside the games holds their digests, so that open pages still work after the server was killed.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from stackcraft.agents.errors import InputError
from stackcraft.experiments.wargame import tokens
from stackcraft.experiments.wargame.views import Reader

MEMBER, DESK, SCREEN, WORDS = "seat", "desk", "screen", "words"  # names of cookies
COOKIE_SECONDS = 30 * 86400
KEPT = 12  # digests for each door: one is made at every start of the server
FILE = "keys.json"


class Keys:
    """The digests of the tokens that open the facilitator's pages and the projectors of a folder's games."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        self.digests: dict[str, list[str]] = {}
        try:
            held = json.loads(self.path.read_text(encoding="utf-8"))
            self.digests = {str(door): [str(one) for one in ones] for door, ones in held.items()}
        except FileNotFoundError:
            pass
        except (ValueError, AttributeError, TypeError):
            raise InputError(
                f"{self.path} is damaged; delete it, and open the facilitator's page with a new link"
            ) from None

    def make(self, door: str) -> str:
        """Return a new token for a door: "desk", or a game's name for its projector."""
        token = tokens.new_token()
        self.digests[door] = [*self.digests.get(door, []), tokens.digest(token)][-KEPT:]
        self._write()
        return token

    def opens(self, door: str, token: str | None) -> bool:
        """Return whether a token opens a door."""
        if not token:
            return False
        digest = tokens.digest(token)
        found = [tokens.same(digest, one) for one in self.digests.get(door, [])]  # all of them, whichever it is
        return any(found)

    def forget(self, door: str) -> None:
        """Make every token of a door useless."""
        if self.digests.pop(door, None) is not None:
            self._write()

    def _write(self) -> None:
        part = self.path.with_suffix(".part")
        part.write_text(json.dumps(self.digests), encoding="utf-8")
        os.chmod(part, 0o600)
        os.replace(part, self.path)


def member(request: Any, table: Any) -> Reader | None:
    """Return the reader of the member's cookie; None without one that this game knows."""
    return member_of(request.cookies.get(MEMBER), table)


def member_of(token: str | None, table: Any) -> Reader | None:
    """Return the member that a token belongs to; None for nobody."""
    if not token or not tokens.looks_like_token(token):
        return None
    found = table.game.reader(token)
    if found is None or not table.game.state.people[found.person].here:
        return None
    return found


def set_cookie(response: Any, name: str, value: str, path: str) -> None:
    """Put a secret into a cookie that no script reads and no other site's page sends."""
    response.set_cookie(name, value, max_age=COOKIE_SECONDS, path=path, httponly=True, samesite="strict")
