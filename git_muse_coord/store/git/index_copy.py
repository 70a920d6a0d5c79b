"""A copy of the index of a worktree, into which git takes files without anybody seeing or running anything."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence

from git_muse_coord.model.later import tempfile
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.store.git.process import (
    Asking,
    Git,
    fields_of,
    pairs_of,
)
from git_muse_coord.store.git.trees import PLAIN, untracked_files
from git_muse_coord.store.settings import Settings

_DIFFERING = ("diff-files", *PLAIN, "--ignore-submodules=all")
_ALONE = (
    # what would run programs, or write beside the copy of the index
    "-c",
    "core.fsmonitor=false",
    "-c",
    f"core.hooksPath={os.devnull}",
    "-c",
    "core.splitIndex=false",
    # line ends that cannot be restored are no reason to stop
    "-c",
    "core.safecrlf=false",
)
_FILTER = "filter."
_NO_FILTER = ("unspecified", "unset", "set")
"""What git says of the attribute where it names no filter."""
_SUBMODULE = "160000"
_DELETED = "D"
_UNMERGED = "U"


class IndexDifference(NamedTuple):
    """A path of the index that lies otherwise on disk; ``status`` is git's letter."""

    path: str
    status: str
    mode: str

    @property
    def is_unmerged(self) -> bool:
        """Whether it is in conflict, and has no one version in the index."""
        return self.status == _UNMERGED

    @property
    def is_submodule(self) -> bool:
        """Whether it is a commit of another repository."""
        return self.mode == _SUBMODULE

    @property
    def is_gone(self) -> bool:
        """Whether nothing lies there any more."""
        return self.status == _DELETED


class IndexCopy:
    """An index of which ``git`` has been told, and by which it runs none of the ``filters`` that are set up."""

    def __init__(self, git: Git, filters: Iterable[str]) -> None:
        self._git = git
        # git reads these before the command
        self._options = [*_ALONE, *_switched_off(filters)]

    def begin_differing(self) -> Asking:
        """Have git look which files lie on disk otherwise than in the index."""
        return self._git.begin(*self._options, *_DIFFERING)

    def put(self, paths: Sequence[str]) -> None:
        """Take some paths in, as git would store them."""
        self._update(paths, "--add", "--remove")

    def remove(self, paths: Sequence[str]) -> None:
        """Take some paths out, whatever lies there."""
        self._update(paths, "--force-remove")

    def tree(self) -> str:
        """The tree of all that is in it. Raises StoreFailed."""
        return self._git.line(*self._options, "write-tree", "--missing-ok")

    def new(self, paths: Sequence[str]) -> list[str]:
        """Those of some paths that are neither in it nor ignored."""
        if not paths:
            return []
        patterns = [f":(top,literal){path}" for path in paths]
        command = ("ls-files", "-z", "-o", "--exclude-standard", "--", *patterns)
        answer = self._git.ask(*self._options, *command)
        return untracked_files(answer.out)

    def without_filter(self, paths: Sequence[str]) -> list[str]:
        """Those of some paths that no filter would change: that of LFS, say, writes objects of its own."""
        if not paths:
            return []
        command = ("check-attr", "-z", "--stdin", "filter")
        told = self._run(*command, given=_ended_by_null(paths))
        fields = fields_of(told)
        # of each path three: its name, that of the attribute, and what this says
        names = fields[0::3]
        filters = fields[2::3]
        plain: list[str] = []
        for path, name_of_filter in zip(names, filters, strict=True):
            if name_of_filter in _NO_FILTER:
                plain.append(path)
        return plain

    def _update(self, paths: Sequence[str], *how: str) -> None:
        if paths:
            command = ("update-index", *how, "-z", "--stdin")
            self._run(*command, given=_ended_by_null(paths))

    def _run(self, *command: str, given: bytes = b"") -> bytes:
        return self._git.run(*self._options, *command, given=given)


def copied_index(index: str, home: str) -> str | None:
    """A copy of an index in a directory of its own; None where there is none."""
    try:
        with open(index, "rb") as file:
            data = file.read()
            facts = os.fstat(file.fileno())
    except OSError:
        return None
    # Git makes a lock beside it when it writes.
    folder = tempfile.mkdtemp(dir=home)
    place = os.path.join(folder, "index")
    with open(place, "wb") as copy:
        copy.write(data)
    # By the time of the index git knows of which files it must look at the contents.
    times = (facts.st_atime_ns, facts.st_mtime_ns)
    os.utime(place, ns=times)
    return place


def differences_told(told: bytes) -> list[IndexDifference]:
    """What git says that lies on disk otherwise."""
    differences: list[IndexDifference] = []
    for facts, path in pairs_of(told):
        columns = facts.removeprefix(":").split(" ")
        mode, _, _, _, status = columns
        differences.append(IndexDifference(path, status, mode))
    return differences


def filters_of(settings: Settings) -> set[str]:
    """The names of all filters that git knows there."""
    names: set[str] = set()
    for key in settings.values:
        if key.startswith(_FILTER):
            # a name may hold dots of its own
            name, _, _ = key.removeprefix(_FILTER).rpartition(".")
            names.add(name)
    return names


def _switched_off(filters: Iterable[str]) -> Iterator[str]:
    for name in sorted(filters):
        for fact in ("clean=", "smudge=", "process=", "required=false"):
            yield "-c"
            yield f"{_FILTER}{name}.{fact}"


def _ended_by_null(paths: Iterable[str]) -> bytes:
    """Paths as git reads them with ``-z``."""
    fields = [os.fsencode(path) + b"\0" for path in paths]
    return b"".join(fields)
