"""Mesa's agent and model without the rest of Mesa, which loads when somebody asks for it.

`import mesa` also loads its spaces, its data collector, its batch runner and, for them, pandas and SciPy: half a
second before the first run. Here an empty package stands in its place, and what its `__init__` does is left until
somebody asks for a name that `__init__` brings, such as `mesa.DataCollector`. Other code that imports Mesa still
finds all of it.
"""

from __future__ import annotations

import importlib.util
import sys
from threading import RLock
from types import ModuleType
from typing import Any

MESA = "mesa"


class _Late(ModuleType):
    """A package whose `__init__` runs when a name is asked for that it does not have yet."""

    def __getattr__(self, name: str) -> Any:
        self._load()
        try:
            return self.__dict__[name]
        except KeyError:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}") from None

    def __dir__(self) -> list[str]:
        self._load()
        return sorted(self.__dict__)

    def _load(self) -> None:
        state = self.__dict__
        with state["_late_lock"]:
            if state["_late"]:
                state["_late"] = False  # what `__init__` itself asks for is there, or is not
                try:
                    self.__spec__.loader.exec_module(self)
                except BaseException:
                    state["_late"] = True
                    raise


def _put_off() -> None:
    """Let Mesa's package be there without its content, unless it has been loaded already."""
    spec = importlib.util.find_spec(MESA)
    if MESA in sys.modules or spec is None or spec.loader is None:
        return
    package = importlib.util.module_from_spec(spec)
    package.__dict__.update(_late=True, _late_lock=RLock())
    package.__class__ = _Late
    sys.modules[MESA] = package


_put_off()

from mesa.agent import Agent  # noqa: E402  after its package
from mesa.model import Model  # noqa: E402

__all__ = ["Agent", "Model"]
