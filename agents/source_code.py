"""What Python source does, apart from how it is explained: for hashes that a clearer comment leaves as they are."""

import io
import re
import tokenize
from functools import cache
from pathlib import Path

PACKAGE = "stackcraft"
ROOT = Path(__file__).resolve().parents[1]
IMPORT = re.compile(
    rf"^[ \t]*(?:from (?P<module>{PACKAGE}[\w.]*) import (?P<names>\([^)]*\)|.*)|import (?P<plain>{PACKAGE}[\w.]*))",
    re.M,
)
NAME = re.compile(r"[a-z_]\w*")
FIRST = (tokenize.NEWLINE, tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.COMMENT, tokenize.ENCODING)


def without_comments(source: str) -> str:
    """Return Python source without comments, docstrings and blank lines.

    They are cut out of the text, so that every version of Python gives the same.
    """
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


def files_behind(*modules: str, root: Path = ROOT) -> list[Path]:
    """Return the source files of the modules and of everything in this project that they import, sorted.

    Imports count wherever they are in a file; `root` is the folder that holds the project's four. Raises `ValueError`
    for a module that this project does not have.
    """
    files = {module: _file_of(module, root) for module in modules}
    if missing := [module for module, path in files.items() if path is None]:
        raise ValueError(f"{PACKAGE} has no module {missing[0]}")
    waiting = list(modules)
    while waiting:
        for module in _imports(files[waiting.pop()]):
            if module not in files and (path := _file_of(module, root)) is not None:
                files[module] = path
                waiting.append(module)
    return sorted(set(files.values()))


@cache
def _file_of(module: str, root: Path) -> Path | None:
    place = root.joinpath(*module.split(".")[1:])
    return next((path for path in (place.with_suffix(".py"), place / "__init__.py") if path.is_file()), None)


@cache
def _imports(path: Path) -> frozenset[str]:
    """Return the modules of this project that a file may import; names that are not modules are among them."""
    found = set()
    for match in IMPORT.finditer(path.read_text(encoding="utf-8")):
        module = match["module"] or match["plain"]
        found |= {module, *(f"{module}.{name}" for name in NAME.findall(match["names"] or ""))}
    return frozenset(found)
