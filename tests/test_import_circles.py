"""No module imports, through others, itself: circles hide what depends on what."""

import ast
from collections.abc import Iterator
from pathlib import Path

import networkx as nx

ROOT = Path(__file__).resolve().parents[1]


def imports_at_the_top(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The imports that run when a module is loaded; those for type checkers or inside functions do not."""
    for statement in body:
        if isinstance(statement, ast.Import | ast.ImportFrom):
            yield statement
        elif isinstance(statement, ast.If) and "TYPE_CHECKING" not in ast.unparse(statement.test):
            yield from imports_at_the_top([*statement.body, *statement.orelse])
        elif isinstance(statement, ast.Try):
            yield from imports_at_the_top(statement.body)


def graph(root: Path, folders: tuple[str, ...]) -> nx.DiGraph:
    """Which module imports which."""
    modules = {}
    for path in (path for folder in folders for path in (root / folder).rglob("*.py")):
        name = ".".join(("stackcraft", *path.relative_to(root).with_suffix("").parts)).removesuffix(".__init__")
        modules[name] = path
    arrows = nx.DiGraph()
    for name, path in modules.items():
        for statement in imports_at_the_top(ast.parse(path.read_text(encoding="utf-8")).body):
            base = [getattr(statement, "module", None)] if isinstance(statement, ast.ImportFrom) else []
            for alias in statement.names:
                whole = ".".join(filter(None, [*base, alias.name]))
                target = whole if whole in modules else base[0] if base else alias.name
                if target in modules and target != name:
                    arrows.add_edge(name, target)
    return arrows


def circles(arrows: nx.DiGraph) -> list[set[str]]:
    return [group for group in nx.strongly_connected_components(arrows) if len(group) > 1]


def test_no_module_imports_itself_through_others():
    arrows = graph(ROOT, ("agents", "model", "experiments", "viz"))
    assert arrows.number_of_edges() > 500
    assert circles(arrows) == []


def test_a_circle_would_be_seen(tmp_path):
    (tmp_path / "agents").mkdir()
    (tmp_path / "agents" / "a.py").write_text("from stackcraft.agents import b\n")
    (tmp_path / "agents" / "b.py").write_text("import stackcraft.agents.a\n")
    assert circles(graph(tmp_path, ("agents",))) == [{"stackcraft.agents.a", "stackcraft.agents.b"}]
