"""Imports that lead nowhere although something here is called like that: most likely nobody knows what they mean.

That an import means nothing of the tree is as a rule so: it is of the language, or a library.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from posixpath import basename, dirname

from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.symbols.go_names import is_standard

_STEPS = re.compile(r"[/.:\\]+")
_STANDARD_CRATES = ("std", "core", "alloc")
_STANDARD_PACKAGES = ("java", "javax")


class Imports:
    """The imports of each language that were followed."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._names: set[str] = set()
        """What files and directories are called, without an ending."""
        for path in paths:
            stem, _, _ = basename(path).partition(".")
            self._names.add(stem)
            self._names.add(basename(dirname(path)))
        self._found: dict[str, int] = defaultdict(int)
        self._astray: dict[str, int] = defaultdict(int)

    def forget(self) -> None:
        """Count from nought again."""
        self._found.clear()
        self._astray.clear()

    def note(
        self,
        language: str,
        module: str,
        *,
        is_found: bool,
    ) -> None:
        """Count an import."""
        if is_found:
            self._found[language] += 1
        elif self._seems_here(language, module):
            self._astray[language] += 1

    def counts(self) -> list[tuple[str, int, int]]:
        """Of each language how many lead somewhere, and how many astray."""
        counts: list[tuple[str, int, int]] = []
        for language in sorted({*self._found, *self._astray}):
            found = self._found[language]
            astray = self._astray[language]
            counts.append((language, found, astray))
        return counts

    def _seems_here(self, language: str, module: str) -> bool:
        steps = list(filter(None, _STEPS.split(module)))
        if not steps or steps[-1] not in self._names:
            return False
        match language:
            case "go":
                return not is_standard(module)
            case "python":
                return steps[0] not in sys.stdlib_module_names
            case "rust":
                return steps[0] not in _STANDARD_CRATES
            case "java":
                return steps[0] not in _STANDARD_PACKAGES
            case _:
                # a single name is that of a library
                return "/" in module
