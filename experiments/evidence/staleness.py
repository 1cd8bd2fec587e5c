"""What a stored measurement rests on: hashes of the code, the parameters and the facts it was made with.

Of Python only what it does counts: a comment or a docstring made clearer leaves every number as it was.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from stackcraft.agents.source_code import without_comments

ROOT = Path(__file__).resolve().parents[2]
# A column of the stored tables -> the files whose hash it keeps.
RESTS_ON = {
    "code": ("model/loop/*.py", "agents/**/*.py"),
    "parameters": ("model/declared/*.py",),
    "facts": ("model/facts/world/*.csv",),
}


def hashes(root: Path = ROOT) -> dict[str, str]:
    """A short hash of the code, the parameters and the facts that are here now, over names and contents of `RESTS_ON`."""
    found = {}
    for name, patterns in RESTS_ON.items():
        digest = hashlib.sha256()
        for path in sorted(path for pattern in patterns for path in root.glob(pattern)):
            content = path.read_bytes().replace(b"\r\n", b"\n")  # a checkout may turn line ends
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update((without_comments(content.decode()).encode() if path.suffix == ".py" else content) + b"\0")
        found[name] = digest.hexdigest()[:12]
    return found


def what_changed(about: dict[str, str], now: dict[str, str] | None = None) -> list[str]:
    """Which of code, parameters and facts are other than those a table was measured with (`about`), or not known to be
    the same.
    """
    now = hashes() if now is None else now
    return [name for name in RESTS_ON if about.get(name) != now[name]]
