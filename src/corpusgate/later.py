"""Heavy modules: loaded when something is first taken from them, and without looking for garbage meanwhile."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from threading import RLock
from types import ModuleType
from typing import Any

_LOCK = RLock()


class _Later(ModuleType):
    """Stands for a module until an attribute is asked for, and then becomes it.

    The library's own LazyLoader loads as soon as a second module imports the name.
    """

    def __getattr__(self, name: str) -> Any:
        # What only looks at modules, such as the registry of warnings, is no use. A path is: a submodule is imported.
        if name.startswith("__") and name != "__path__":
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        with _LOCK:
            if type(self) is _Later:
                self.__class__ = ModuleType  # type: ignore[assignment]
                spec = self.__spec__
                assert spec is not None
                assert spec.loader is not None
                if spec.submodule_search_locations is not None:
                    self.__path__ = spec.submodule_search_locations
                spec.loader.exec_module(self)
        return getattr(self, name)


def load_later(*names: str) -> None:
    """Put off loading modules until they are used. Those that are loaded, or not installed, stay as they are."""
    for name in names:
        spec = find_spec(name) if name not in sys.modules else None
        if spec is None or spec.loader is None:
            continue
        module = _Later(name)
        module.__spec__, module.__loader__, module.__file__ = spec, spec.loader, spec.origin
        module.__package__ = name if spec.submodule_search_locations is not None else spec.parent
        sys.modules[name] = module
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, module)


@contextmanager
def uncollected() -> Iterator[None]:
    """Work that makes many objects which stay, such as importing: looking for garbage among them takes a seventh of its time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
