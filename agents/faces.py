"""Public names of a package that load when they are first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any


def lazily(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return `__getattr__` and `__dir__` of a package whose public names lie in the modules `homes`.

    `homes` maps a name to "module" (the object of the same name there), "module:name", or "module:" for the module
    itself. `dir` and tab completion show these names and nothing else.
    """

    def find(name: str) -> Any:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}; it offers {', '.join(sorted(homes))}")
        module, colon, inner = homes[name].partition(":")
        loaded = import_module(module)
        return loaded if colon and not inner else getattr(loaded, inner or name)

    return find, lambda: sorted(homes)
