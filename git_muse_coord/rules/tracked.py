"""What the tracked paths of a tree say of a path that was typed: its one spelling, and where it leads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from git_muse_coord.model.address import ROOT
from git_muse_coord.model.spelling import composed, lower

_MOST_LINKS = 40
"""At most this many links are followed, as by Linux; more must be a loop."""


class Tracked:
    """The tracked files of one tree, without the slash that tells directories.

    ``ignore_case`` and ``ignore_form`` say what git is told not to tell apart here: ASCII letters
    by their case, and letters by their normal form.
    """

    def __init__(
        self,
        files: Iterable[str],
        *,
        ignore_case: bool = False,
        ignore_form: bool = False,
    ) -> None:
        self.files = dict.fromkeys(files)
        self._ignore_case = ignore_case
        self._ignore_form = ignore_form

    @cached_property
    def directories(self) -> set[str]:
        """Every directory with something tracked in it."""
        directories: set[str] = set()
        for path in self.files:
            for directory in _parents(path):
                # What is around one that is known is known, too: so each is visited once.
                if directory in directories:
                    break
                directories.add(directory)
        return directories

    def find(self, path: str) -> str | None:
        """The spelling under which a file or a directory is tracked."""
        if path in self.files or path in self.directories:
            return path
        # The index of spellings is made only where git itself would find one under another.
        if not self._ignore_case and not self._ignore_form:
            return None
        common = self._common(path)
        return self._alike.get(common)

    def respelt(self, path: str) -> str:
        """A path in the spelling of the tree; one that is new, below the deepest of its directories that is tracked."""
        for head in (path, *_parents(path)):
            known = self.find(head)
            if known is not None:
                new_part = path.removeprefix(head)
                return known + self._as_added(new_part)
        return self._as_added(path)

    @cached_property
    def _alike(self) -> dict[str, str]:
        """The first of several spellings that git does not tell apart."""
        alike: dict[str, str] = {}
        for path in (*self.files, *self.directories):
            common = self._common(path)
            alike.setdefault(common, path)
        return alike

    def _common(self, path: str) -> str:
        """What all the spellings have in common that git does not tell apart."""
        spelling = self._as_added(path)
        if self._ignore_case:
            return lower(spelling)
        return spelling

    def _as_added(self, path: str) -> str:
        """The spelling in which git adds what is new: it composes names where it ignores their form."""
        if self._ignore_form:
            return composed(path)
        return path


def follow(path: str, link_at: Callable[[str], str | None]) -> str:
    """Where a path leads through symbolic links; the path itself where they loop or leave the tree.

    ``link_at`` tells what a link holds, and None of anything else.
    """
    rest = path.split("/")
    done: list[str] = []
    links = 0
    while rest:
        step = rest.pop(0)
        if step == "..":
            if not done:
                return path
            done.pop()
        elif step not in ("", "."):
            done.append(step)
            so_far = "/".join(done)
            target = link_at(so_far)
            if target is not None:
                links += 1
                if links > _MOST_LINKS or target.startswith("/"):
                    return path
                # A relative target is read from the directory of the link, which is no step any more.
                done.pop()
                rest = target.split("/") + rest
    return "/".join(done) or ROOT


def _parents(path: str) -> Iterator[str]:
    """The directories around a path, innermost first."""
    while "/" in path:
        path, _, _ = path.rpartition("/")
        yield path
