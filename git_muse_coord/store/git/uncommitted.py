"""What lies in the worktrees of a clone and in no commit, as trees of objects that go again.

Git makes them from a copy of each index, so nothing is written that anybody else sees. Files that
nobody added stay out of it, except those that the caller names; so does what a filter would change
(that of LFS writes objects of its own), what is ignored, large or no text, and submodules.
"""

from __future__ import annotations

import os
import stat
from collections.abc import (
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from time import monotonic

from git_muse_coord.model.errors import MuseCoordError, NoRepository
from git_muse_coord.model.later import tempfile
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.store.git.merges import Merges
from git_muse_coord.store.git.process import (
    Answer,
    Asking,
    fields_of,
    pairs_of,
)
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.status import is_history_under_way
from git_muse_coord.store.git.trees import PLAIN
from git_muse_coord.store.git.worktrees import Worktree
from git_muse_coord.store.settings import Settings

_FILES_MOST = 2000
"""Of more files than this that differ in one worktree the others count as they were committed."""
_BYTES_MOST = 1_000_000
_LOOKED_AT = 8000
"""So many bytes git looks at itself before it takes a file for text."""

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


class Uncommitted(NamedTuple):
    """What a worktree holds beyond its commit.

    ``tree`` is the commit's with the files as they lie there; None where that is not known, and
    then ``trouble`` says why. ``changed_at`` is when one of them was changed last, in seconds since
    1970; ``too_many`` counts those that were one too many to be looked at.
    """

    repository: Repository
    tree: str | None
    changed_at: float = 0.0
    too_many: int = 0
    trouble: str = ""


class _Difference(NamedTuple):
    """A path of the index that lies otherwise on disk; ``status`` is git's letter."""

    path: str
    status: str
    mode: str


def uncommitted(
    clone: Repository,
    worktrees: Iterable[Worktree],
    merges: Merges,
    seconds: float,
    reported: Mapping[str, Collection[str]],
    unread: list[str],
) -> Iterator[tuple[Worktree, Uncommitted]]:
    """What each of some worktrees holds. To ``unread`` go those that cannot be entered, or not in time.

    ``reported`` are paths that count although nobody added them, by the name of the worktree. All
    worktrees are asked at once, and together they have so many seconds: one may lie on a disk that
    is away.
    """
    begun = monotonic()
    deadline = begun + seconds
    asked = [_Reader(worktree, clone, merges) for worktree in worktrees]
    for reader in asked:
        # One that does not answer must leave the others time to read their files.
        reader.enter(begun + seconds / 2)
    for reader in asked:
        held = reader.finish(deadline, reported.get(reader.worktree.name, ()))
        if held is not None:
            yield reader.worktree, held
        elif not reader.is_gone:
            unread.append(reader.worktree.top)


class _Reader:
    """One worktree on the way from a first question to its tree; ``is_gone`` says that somebody removed it."""

    def __init__(
        self,
        worktree: Worktree,
        clone: Repository,
        merges: Merges,
    ) -> None:
        self.worktree = worktree
        self._clone = clone
        self._merges = merges
        self._plain = clone.git.in_worktree(worktree.top)
        # Git itself says whether it may be entered: it may be gone, or of somebody not to be trusted.
        self._entering = self._plain.begin("rev-parse", "--path-format=absolute", "--git-dir")
        self._repository: Repository | None = None
        self._git = self._plain
        self._differing: Asking | None = None
        self._trouble = ""
        self.is_gone = False

    def enter(self, deadline: float) -> None:
        """Have git look which files differ, if there is nothing in the way."""
        with suppress(MuseCoordError, OSError):
            answer = self._ask(deadline)
            if answer is None or answer.code or not self._is_ours(answer.out):
                return
            self._repository = Repository(self.worktree.top, stays=False, git=self._plain)
            self._begin(self._repository)

    def _ask(self, deadline: float) -> Answer | None:
        """What git says of where it is, if it can enter, and that in time."""
        try:
            return self._entering.answer_within(deadline - monotonic())
        except NoRepository:
            # Only now, because whoever looks for what is on a disk that is away waits for ever.
            self.is_gone = self.worktree.is_gone
            return None

    def _is_ours(self, told: bytes) -> bool:
        """Whether what lies there is still the worktree that this clone knows."""
        expected = self.worktree.git_dir(self._clone.common_dir)
        git_dir = os.fsdecode(told).rstrip("\n")
        return os.path.realpath(git_dir) == os.path.realpath(expected)

    def _begin(self, repository: Repository) -> None:
        if is_history_under_way(repository):
            self._trouble = "a merge or rebase is under way there"
            return
        filters = _filters(Settings.of(repository.configuration))
        # Such a name cannot be told to git on a line, so that filter could not be kept off.
        if any("=" in name for name in filters):
            self._trouble = "a filter has an equals sign in its name"
            return
        index = _copied(os.path.join(repository.git_dir, "index"), self._merges.home)
        if index is None:
            self._trouble = "there is no index"
            return
        self._git = self._clone.git.in_worktree(self.worktree.top)
        self._git.environment["GIT_INDEX_FILE"] = index
        self._merges.lend_objects(self._git)
        self._options = [*_ALONE, *_switched_off(filters)]
        self._differing = self._git.begin(*self._options, *_DIFFERING)

    def finish(self, deadline: float, reported: Collection[str]) -> Uncommitted | None:
        """What it holds, once git has looked."""
        repository = self._repository
        if repository is None:
            return None
        if self._differing is None:
            return Uncommitted(repository, None, trouble=self._trouble)
        answer = self._differing.answer_within(max(deadline - monotonic(), 0.0))
        if answer is None:
            return Uncommitted(repository, None, trouble="its files were not read in time")
        if answer.code:
            return Uncommitted(repository, None, trouble=answer.complaint)
        try:
            return self._read(repository, _differences(answer.out), reported)
        except (MuseCoordError, OSError) as error:
            return Uncommitted(repository, None, trouble=str(error))

    def _read(
        self,
        repository: Repository,
        differences: Sequence[_Difference],
        reported: Collection[str],
    ) -> Uncommitted:
        if any(difference.status == "U" for difference in differences):
            return Uncommitted(repository, None, trouble="conflicts wait there to be resolved")
        gone: list[str] = []
        there: list[str] = []
        for difference in differences:
            if difference.mode == _SUBMODULE:
                continue
            (gone if difference.status == "D" else there).append(difference.path)
        there += self._new(reported)
        wanted = self._without_filter(there)
        texts, changed_at = self._texts(wanted[:_FILES_MOST])
        self._put(gone, "--force-remove")
        self._put(texts, "--add", "--remove")
        tree = self._git.line(*self._options, "write-tree", "--missing-ok")
        # What is only staged, or gone, has no time of its own.
        if not texts:
            changed_at = os.stat(os.path.join(repository.git_dir, "index")).st_mtime
        return Uncommitted(repository, tree, changed_at, max(len(wanted) - _FILES_MOST, 0))

    def _put(self, paths: Sequence[str], *how: str) -> None:
        """Take some paths into the copy of the index, as git would store them."""
        if paths:
            given = b"".join(os.fsencode(path) + b"\0" for path in paths)
            self._git.run(*self._options, "update-index", *how, "-z", "--stdin", given=given)

    def _new(self, reported: Collection[str]) -> list[str]:
        """Those of some paths that are neither known to git nor ignored."""
        if not reported:
            return []
        literal = [f":(top,literal){path}" for path in sorted(reported)[:_FILES_MOST]]
        told = self._git.ask(
            *self._options, "ls-files", "-z", "-o", "--exclude-standard", "--", *literal
        )
        return [path for path in fields_of(told.out) if not path.endswith("/")]

    def _without_filter(self, paths: Sequence[str]) -> list[str]:
        if not paths:
            return []
        given = b"".join(os.fsencode(path) + b"\0" for path in paths)
        told = self._git.run(*self._options, "check-attr", "-z", "--stdin", "filter", given=given)
        fields = fields_of(told)
        plain: list[str] = []
        for path, value in zip(fields[0::3], fields[2::3], strict=True):
            if value in _NO_FILTER:
                plain.append(path)
        return plain

    def _texts(self, paths: Iterable[str]) -> tuple[list[str], float]:
        """Those of some paths that are small and text, or links; and when one was changed last."""
        texts: list[str] = []
        newest = 0.0
        for path in paths:
            changed_at = _time_of_text(os.path.join(self.worktree.top, path))
            if changed_at is not None:
                texts.append(path)
                newest = max(newest, changed_at)
        return texts, newest


def _filters(settings: Settings) -> set[str]:
    """The names of all filters that git knows there."""
    names: set[str] = set()
    for key in settings.values:
        if key.startswith(_FILTER):
            names.add(key.removeprefix(_FILTER).rpartition(".")[0])
    return names


def _switched_off(filters: Iterable[str]) -> Iterator[str]:
    for name in sorted(filters):
        for fact in ("clean=", "smudge=", "process=", "required=false"):
            yield "-c"
            yield f"{_FILTER}{name}.{fact}"


def _copied(index: str, home: str) -> str | None:
    """A copy of an index in a directory of its own; None where there is none."""
    try:
        with open(index, "rb") as file:
            data = file.read()
            times = os.fstat(file.fileno())
    except OSError:
        return None
    # Git makes a lock beside it when it writes.
    place = os.path.join(tempfile.mkdtemp(dir=home), "index")
    with open(place, "wb") as copy:
        copy.write(data)
    # By the time of the index git knows of which files it must look at the contents.
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
    return place


def _differences(told: bytes) -> list[_Difference]:
    differences: list[_Difference] = []
    for facts, path in pairs_of(told):
        mode, _, _, _, status = facts.removeprefix(":").split(" ")
        differences.append(_Difference(path, status, mode))
    return differences


def _time_of_text(path: str) -> float | None:
    """When a small file of text, or a link, was changed last; None for anything else."""
    try:
        facts = os.lstat(path)
        if stat.S_ISLNK(facts.st_mode):
            return facts.st_mtime
        if not stat.S_ISREG(facts.st_mode) or facts.st_size > _BYTES_MOST:
            return None
        with open(path, "rb") as file:
            is_text = b"\0" not in file.read(_LOOKED_AT)
    except OSError:
        return None
    return facts.st_mtime if is_text else None
