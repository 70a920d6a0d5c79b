"""The one function of a grammar's package that is called here, without the rest of the package.

The packages offer files of queries as well, and load what reads such files: archives, temporary
directories, URLs. That takes twice as long as the grammar itself.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.machinery import PathFinder
from types import ModuleType
from typing import TYPE_CHECKING

from git_muse_coord.model.light_tools import Lock

if TYPE_CHECKING:
    from collections.abc import Callable

_turn = Lock()


def grammar_function(package: str, name: str) -> Callable[[], object]:
    """What gives the grammar of a package. Raises ImportError where there is none."""
    with _turn:
        binding = None if package in sys.modules else _binding(package)
    source = binding if hasattr(binding, name) else import_module(package)
    function: Callable[[], object] = getattr(source, name)
    return function


def _binding(package: str) -> ModuleType | None:
    """The compiled module in a package; None where the package has none of the usual name."""
    spec = PathFinder.find_spec(package)
    if spec is None or spec.submodule_search_locations is None:
        return None
    # Python runs a package before a module in it, unless that seems to have been done.
    stand_in = ModuleType(package)
    stand_in.__path__ = spec.submodule_search_locations
    sys.modules[package] = stand_in
    try:
        return import_module(f"{package}._binding")
    except ImportError:
        return None
    finally:
        del sys.modules[package]
