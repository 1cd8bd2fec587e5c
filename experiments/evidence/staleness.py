"""What a stored measurement rests on: hashes of the code, the parameters and the facts it was made with.

Of Python only what it does counts: a comment or a docstring made clearer leaves every number as it was.
"""

from __future__ import annotations

import hashlib
import io
import tokenize
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A column of the stored tables -> the files whose hash it keeps.
RESTS_ON = {
    "code": ("model/loop/*.py", "agents/**/*.py"),
    "parameters": ("model/declared/*.py",),
    "facts": ("model/facts/world/*.csv",),
}
FIRST = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENCODING)


def hashes(root: Path = ROOT) -> dict[str, str]:
    """A short hash of the code, the parameters and the facts that are here now, over names and contents of `RESTS_ON`."""
    found = {}
    for name, patterns in RESTS_ON.items():
        digest = hashlib.sha256()
        for path in sorted(path for pattern in patterns for path in root.glob(pattern)):
            content = path.read_bytes().replace(b"\r\n", b"\n")  # a checkout may turn line ends
            digest.update(path.relative_to(root).as_posix().encode() + b"\0")
            digest.update((without_words(content.decode()).encode() if path.suffix == ".py" else content) + b"\0")
        found[name] = digest.hexdigest()[:12]
    return found


def what_changed(about: dict[str, str], now: dict[str, str] | None = None) -> list[str]:
    """Which of code, parameters and facts are other than those a table was measured with (`about`), or not known to be the same."""
    now = hashes() if now is None else now
    return [name for name in RESTS_ON if about.get(name) != now[name]]


def without_words(source: str) -> str:
    """Python source without comments, docstrings and blank lines. Cut out of the text, so that every version of Python gives the same."""
    lines, cuts, docstring, first = source.splitlines(keepends=True), [], None, True
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            cuts.append((token.start, token.end))
        elif token.type == tokenize.STRING and first:
            docstring = token.start, token.end
            first = False
            continue
        elif token.type == tokenize.NEWLINE and docstring is not None:
            cuts.append(docstring)
        if token.type not in (tokenize.COMMENT, tokenize.NL):
            docstring = None
        first = token.type in FIRST
    for (top, left), (bottom, right) in reversed(cuts):
        lines[top - 1 : bottom] = [lines[top - 1][:left] + lines[bottom - 1][right:]]
    return "\n".join(line.rstrip() for line in lines if line.strip())
