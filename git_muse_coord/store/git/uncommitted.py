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
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.store.git.index_copy import (
    IndexCopy,
    IndexDifference,
    copied_index,
    differences_told,
    filters_of,
)
from git_muse_coord.store.git.merges import Merges
from git_muse_coord.store.git.process import Answer, Asking
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.status import is_history_under_way
from git_muse_coord.store.git.worktrees import Worktree
from git_muse_coord.store.settings import Settings

_FILES_MOST = 2000
"""Of more files than this that differ in one worktree the others count as they were committed."""
_BYTES_MOST = 1_000_000
_LOOKED_AT = 8000
"""So many bytes git looks at itself before it takes a file for text."""


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
    # One that does not answer must leave the others time to read their files.
    deadline_to_enter = begun + seconds / 2
    deadline = begun + seconds
    readers = [_Reader(worktree, clone, merges) for worktree in worktrees]
    for reader in readers:
        reader.enter(deadline_to_enter)
    for reader in readers:
        worktree = reader.worktree
        reported_there = reported.get(worktree.name, ())
        held = reader.finish(deadline, reported_there)
        if held is not None:
            yield worktree, held
        elif not reader.is_gone:
            unread.append(worktree.top)


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
        git = clone.git
        self._plain = git.in_worktree(worktree.top)
        # Git itself says whether it may be entered: it may be gone, or of somebody not to be trusted.
        self._entering = self._plain.begin("rev-parse", "--path-format=absolute", "--git-dir")
        self._repository: Repository | None = None
        self._index: IndexCopy | None = None
        self._differing: Asking | None = None
        self._trouble = ""
        self.is_gone = False

    def enter(self, deadline: float) -> None:
        """Have git look which files differ, if there is nothing in the way."""
        with suppress(MuseCoordError, OSError):
            answer = self._ask(deadline)
            if answer is None or answer.code:
                return
            if not self._is_ours(answer.out):
                return
            self._repository = Repository(self.worktree.top, stays=False, git=self._plain)
            self._begin(self._repository)

    def _ask(self, deadline: float) -> Answer | None:
        """What git says of where it is, if it can enter, and that in time."""
        seconds = deadline - monotonic()
        try:
            return self._entering.answer_within(seconds)
        except NoRepository:
            # Only now, because whoever looks for what is on a disk that is away waits for ever.
            self.is_gone = self.worktree.is_gone
            return None

    def _is_ours(self, told: bytes) -> bool:
        """Whether what lies there is still the worktree that this clone knows."""
        git_dir = os.fsdecode(told).rstrip("\n")
        common_dir = self._clone.common_dir
        expected = self.worktree.git_dir(common_dir)
        real = os.path.realpath(git_dir)
        return real == os.path.realpath(expected)

    def _begin(self, repository: Repository) -> None:
        if is_history_under_way(repository):
            self._trouble = "a merge or rebase is under way there"
            return
        settings = Settings.of(repository.configuration)
        filters = filters_of(settings)
        # Such a name cannot be told to git on a line, so that filter could not be kept off.
        if any("=" in name for name in filters):
            self._trouble = "a filter has an equals sign in its name"
            return
        index = _index_of(repository)
        copy = copied_index(index, self._merges.home)
        if copy is None:
            self._trouble = "there is no index"
            return
        git = self._clone.git.in_worktree(self.worktree.top)
        git.environment["GIT_INDEX_FILE"] = copy
        self._merges.lend_objects(git)
        self._index = IndexCopy(git, filters)
        self._differing = self._index.begin_differing()

    def finish(self, deadline: float, reported: Collection[str]) -> Uncommitted | None:
        """What it holds, once git has looked."""
        repository = self._repository
        if repository is None:
            return None
        if self._index is None or self._differing is None:
            return _unknown(repository, self._trouble)
        seconds = max(deadline - monotonic(), 0.0)
        answer = self._differing.answer_within(seconds)
        if answer is None:
            return _unknown(repository, "its files were not read in time")
        if answer.code:
            return _unknown(repository, answer.complaint)
        differences = differences_told(answer.out)
        if any(difference.is_unmerged for difference in differences):
            return _unknown(repository, "conflicts wait there to be resolved")
        new = sorted(reported)[:_FILES_MOST]
        try:
            return self._read(repository, self._index, differences, new)
        except (MuseCoordError, OSError) as error:
            return _unknown(repository, str(error))

    def _read(
        self,
        repository: Repository,
        index: IndexCopy,
        differences: Iterable[IndexDifference],
        reported: Sequence[str],
    ) -> Uncommitted:
        gone: list[str] = []
        there: list[str] = []
        for difference in differences:
            if difference.is_submodule:
                continue
            if difference.is_gone:
                gone.append(difference.path)
            else:
                there.append(difference.path)
        there += index.new(reported)
        wanted = index.without_filter(there)
        looked_at = wanted[:_FILES_MOST]
        texts, changed_at = self._texts(looked_at)
        index.remove(gone)
        index.put(texts)
        # What is only staged, or gone, has no time of its own.
        if not texts:
            changed_at = os.stat(_index_of(repository)).st_mtime
        too_many = len(wanted) - len(looked_at)
        return Uncommitted(repository, index.tree(), changed_at, too_many)

    def _texts(self, paths: Iterable[str]) -> tuple[list[str], float]:
        """Those of some paths that are small and text, or links; and when one was changed last."""
        texts: list[str] = []
        newest = 0.0
        for path in paths:
            full = os.path.join(self.worktree.top, path)
            changed_at = _time_of_text(full)
            if changed_at is not None:
                texts.append(path)
                newest = max(newest, changed_at)
        return texts, newest


def _unknown(repository: Repository, trouble: str) -> Uncommitted:
    """What is said of a worktree of which nothing can be told."""
    return Uncommitted(repository, None, trouble=trouble)


def _index_of(repository: Repository) -> str:
    return os.path.join(repository.git_dir, "index")


def _time_of_text(path: str) -> float | None:
    """When a small file of text, or a link, was changed last; None for anything else."""
    try:
        facts = os.lstat(path)
        changed_at = facts.st_mtime
        if stat.S_ISLNK(facts.st_mode):
            return changed_at
        if not stat.S_ISREG(facts.st_mode):
            return None
        if facts.st_size > _BYTES_MOST:
            return None
        with open(path, "rb") as file:
            beginning = file.read(_LOOKED_AT)
    except OSError:
        return None
    if b"\0" in beginning:
        return None
    return changed_at
