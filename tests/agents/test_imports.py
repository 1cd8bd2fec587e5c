"""`agents` knows nothing of the rooms above it, and loads nothing heavy until asked."""

import ast
import subprocess
import sys
from pathlib import Path

import stackcraft.agents

ABOVE = ("stackcraft.model", "stackcraft.experiments", "stackcraft.viz")
ROOT = Path(stackcraft.agents.__file__).parent


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_no_file_imports_the_rooms_above():
    files = sorted(ROOT.rglob("*.py"))
    assert len(files) > 15
    for path in files:
        assert not [name for name in imported(path) if name.startswith(ABOVE)], path


def test_strategies_load_without_mesa():
    code = (
        "import sys, stackcraft.agents.cast; sys.exit(any(name in sys.modules for name in ('mesa', 'pandas', 'numba')))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT.parent, check=False).returncode == 0
