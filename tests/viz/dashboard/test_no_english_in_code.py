"""What a reader sees is in the catalogue: no sentence in English is left in the code of pages, charts and reports."""

import ast
import re
from pathlib import Path

import pytest

VIZ = Path(__file__).parents[3] / "viz"
FOLDERS = ("dashboard", "words", "map", "report", "charts")
# Not for readers of pages: the server's start, developers' tools, and what only the terminal and studies say.
ELSEWHERE = {
    "access.py", "browser_tasks.py", "browser_timing.py", "findings.py",
    "make_shapes.py", "server.py", "tables.py", "translations.py",
}  # fmt: skip
FAULTS = {
    "InputError",
    "KeyError",
    "TimeoutError",
    "warning",
    "exception",
    "error",
    "filterwarnings",
    "split",
    "nearest",
}
NAMES = {"novated, not yet operating", "; did you mean "}  # of an outcome in the ledger; of a fault in the code
MARKUP = re.compile(r"<[^>]*>?|\{[^}]*\}|[\w-]+=\"[^\"]*\"")
SENTENCE = re.compile(r"[A-Za-z]{2,},?(?: [a-z]{2,},?){2,}")
NO_TEXT = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|<style>.*?</style>|<script>.*?</script>|<[^>]*>", re.S)
CODE = re.compile(r"^(?:from |with |import |stackcraft |`|\s*export default|[a-z-]+( [a-z-]+)*$)")


def sentences(source):
    """Every string of a module that reads as English, with its line; not docstrings, errors and class names."""
    tree = ast.parse(source)
    apart = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body:
            first = node.body[0]
            apart |= {id(first.value)} if isinstance(first, ast.Expr) else set()
        named = isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in FAULTS
        if named or isinstance(node, ast.Raise | ast.Assert):
            apart |= {id(one) for one in ast.walk(node)}
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in apart
            and node.value not in NAMES
        ):
            plain = MARKUP.sub(" ", node.value)
            if SENTENCE.search(plain) and not CODE.match(node.value):
                yield node.lineno, node.value


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_sentence_in_english_is_left_in_the_code(folder):
    found = [
        f"{path.relative_to(VIZ)}:{line}: {words[:80]!r}"
        for path in sorted((VIZ / folder).rglob("*.py"))
        if path.name not in ELSEWHERE
        for line, words in sentences(path.read_text(encoding="utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize("folder", ["report/templates", "dashboard/downloads/templates"])
def test_no_sentence_in_english_is_left_in_the_templates(folder):
    for path in sorted((VIZ / folder).glob("*.html")):
        plain = re.sub(
            r"\{%.*?%\}|\{\{.*?\}\}|<style>.*?</style>|<[^>]*>", "|", path.read_text(encoding="utf-8"), flags=re.S
        )
        assert re.findall(r"[A-Za-z]{2,} [a-z]{2,}", plain) == [], path.name


def test_the_check_finds_a_sentence():
    assert list(sentences('def f():\n    """Say what is found here."""\n    return f"Of {n} runs most agree on this."'))
    assert not list(sentences('raise InputError("that is not a number at all")\nkind = "words many claims"'))
