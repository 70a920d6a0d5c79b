"""Finds our own modules with one look each: a command loads a hundred, and finding took longer than loading them.

Python's finders list directories and put names together in Python for each. This one knows where a
module of ours lies, and leaves to them all that is not as usual: what is not compiled yet or has
changed since, or lies in an archive.
"""

from __future__ import annotations

import os
import sys
from marshal import loads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec, SourceFileLoader
    from types import CodeType

    MAGIC_NUMBER: bytes
else:
    # As importlib has them, which takes a millisecond to load around them.
    from _frozen_importlib import ModuleSpec
    from _frozen_importlib_external import MAGIC_NUMBER, SourceFileLoader

_OURS = __name__.rpartition(".")[0] + "."
_SUFFIX = f".{sys.implementation.cache_tag}.pyc"
_HEAD = 16
"""Bytes before the code: the version of the format, how it is checked, and the time and size of the source."""

_BY_TIME = MAGIC_NUMBER + bytes(4)
_WORD = 0xFFFFFFFF
_MOST_MODULES = 1 << 16
"""Bytes that hardly a compiled module of ours has."""


class _Loader(SourceFileLoader):
    """Loads a module whose code was found with it."""

    def __init__(
        self,
        name: str,
        source: str,
        code: CodeType,
    ) -> None:
        super().__init__(name, source)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002 - as Python asks for it
        """The code."""
        return self._code


class OwnModules:
    """The finder."""

    @staticmethod
    def find_spec(
        name: str,
        path: Sequence[str] | None,
        target: object = None,  # noqa: ARG004 - as Python asks for it
    ) -> ModuleSpec | None:
        """Where a module lies, with its code; None for what others must find."""
        if path is None or not name.startswith(_OURS):
            return None
        folder = path[0]
        leaf = name.rpartition(".")[2]
        inside = f"{folder}/{leaf}"
        return _spec(name, folder, leaf) or _spec(name, inside, "__init__", [inside])


def _spec(
    name: str,
    folder: str,
    leaf: str,
    inside: list[str] | None = None,
) -> ModuleSpec | None:
    source = f"{folder}/{leaf}.py"
    compiled = f"{folder}/__pycache__/{leaf}{_SUFFIX}"
    try:
        facts = os.stat(source)
        content = _read(compiled)
    except OSError:
        return None
    time = int(facts.st_mtime) & _WORD
    size = facts.st_size & _WORD
    head = _BY_TIME + time.to_bytes(4, "little") + size.to_bytes(4, "little")
    if content[:_HEAD] != head:
        return None
    try:
        code = loads(memoryview(content)[_HEAD:])  # noqa: S302 - what Python itself loads
    except (EOFError, ValueError, TypeError):  # torn: Python says so, or compiles it anew
        return None
    loader = _Loader(name, source, code)
    spec = ModuleSpec(name, loader, origin=source)
    spec.submodule_search_locations = inside
    spec.has_location = True
    spec.cached = compiled
    return spec


def _read(path: str) -> bytes:
    # Not by a file of Python's, which asks the system twice as often.
    descriptor = os.open(path, os.O_RDONLY)
    try:
        content = os.read(descriptor, _MOST_MODULES)
        while piece := os.read(descriptor, _MOST_MODULES):
            content += piece
    finally:
        os.close(descriptor)
    return content


def find_own_modules() -> None:
    """Let our modules be found so from now on."""
    # With -O other files hold the code, and on Windows paths are put together in another way.
    if os.sep == "/" and not sys.flags.optimize:
        sys.meta_path.insert(0, OwnModules)
