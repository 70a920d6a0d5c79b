"""Learning from the merges of this repository in the background: when it is time, in a process of its own.

Whoever calls this never waits for it; ``status`` says what was learnt.
"""

from __future__ import annotations

import os

from git_muse_coord.coordinator.session import utc_now
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.store.git.head import read_head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.rules.merge_record import MergeRecord
    from git_muse_coord.source.merging.merge_lessons import MergeLessons
    from git_muse_coord.source.merging.merge_memory import MergeMemory

_WORK = "learning"
_EVERY_SECONDS = 600
"""So long after one process was started none is started again: merges do not come by the minute."""
_DAY_SECONDS = 86_400
_LISTED_MOST = 4000
"""So many merges are looked at, of which those that merged nothing teach nothing."""
_AT_ONCE = 10
"""Merges between two rests: what is learnt of them is kept together."""
_STAMP = "stamp"
_OBSTACLE = "obstacle"


class Learnt(Declared):
    """What this clone knows of the past merges of its project, made again one after the other.

    ``merges`` are those that taught something, of which git could not make ``conflicted`` by itself;
    ``waiting`` are still to be looked at. ``obstacle`` says why nothing is learnt here, null where all is well.
    """

    merges: int
    conflicted: int
    waiting: int
    obstacle: str | None = None


def learnt(session: Session) -> Learnt | None:
    """What was learnt here; None where nothing is to be, or nothing was yet."""
    if not session.settings.learns:
        return None
    memory = session.merge_memory
    if not memory.is_there:
        return None
    merges, conflicted, waiting = memory.learnt()
    return Learnt(
        merges=merges,
        conflicted=conflicted,
        waiting=waiting,
        obstacle=memory.fact(_OBSTACLE) or None,
    )


def record_of(session: Session, paths: Iterable[str]) -> MergeRecord | None:
    """What is on record of some folded paths, and of the project; None where nothing is."""
    if not session.settings.learns:
        return None
    from git_muse_coord.source.merging.project_record import project_record

    return project_record(session.merge_memory, paths)


def begin_learning_if_due(session: Session, *, by_hook: bool = False) -> None:
    """Start a process that learns, if there is something new to learn. Never waits, never raises, never prints."""
    # It would go by another clock than a caller who sets ours.
    if session.now is not utc_now or _was_started_lately(session):
        return
    if not session.settings.learns or not _has_news(session):
        return
    from git_muse_coord.store.git.background import Background

    work = Background(session.repository, _WORK)
    who_waits = "hook" if by_hook else "person"
    with suppress(OSError):
        work.start("git_muse_coord.learner", (work.place, who_waits))


def learn(session: Session, rest: Callable[[], bool]) -> None:
    """Learn from the merges, in the process that was started for it, until ``rest`` says that it is enough."""
    from git_muse_coord.model.errors import MuseCoordError

    if not session.settings.learns:
        return
    memory = session.merge_memory
    stamp = _stamp(session)
    try:
        is_done = _learn(session, memory, rest)
    except MuseCoordError as error:
        memory.note({_OBSTACLE: error.message, _STAMP: stamp})
        return
    # Where somebody took all of ours out of the clone meanwhile, nothing is to be put back.
    if not memory.is_there:
        return
    # What is left waits for the next process.
    if not is_done:
        stamp = ""
    memory.note({_OBSTACLE: "", _STAMP: stamp})


def forget_lessons(session: Session) -> None:
    """Forget all that was learnt."""
    from git_muse_coord.cachefile import remove_cache

    file = session.merge_memory.file
    file.close()
    remove_cache(file.path)


def _learn(
    session: Session,
    memory: MergeMemory,
    rest: Callable[[], bool],
) -> bool:
    """Look at one merge after the other, the newest first. False: some are left. Raises StoreFailed."""
    from git_muse_coord.model.errors import StoreFailed
    from git_muse_coord.source.merging.merge_lessons import MergeLessons
    from git_muse_coord.source.merging.past_work import PastWork

    if session.settings.is_partial:
        # Each merge would fetch what it needs, one object after the other.
        raise StoreFailed("this is a partial clone, in which old versions are not at hand")
    lessons = MergeLessons(memory)
    _list_merges(session, lessons)
    work = PastWork(session.repository)
    while batch := lessons.take(_AT_ONCE):
        taught = work.lessons(batch)
        lessons.keep(zip(batch, taught, strict=True))
        if not rest() or not memory.is_there:
            return False
    # None may have come because somebody else was at the file, or the disk was full.
    return not memory.learnt().waiting


def _list_merges(session: Session, lessons: MergeLessons) -> None:
    from git_muse_coord.store.git.branches import Branches
    from git_muse_coord.store.git.past_merges import merge_commits, ways_to_merge

    repository = session.repository
    head = repository.head()
    remote = session.remote_name(None)
    branches = Branches(repository.git, remote)
    default = branches.default(head.branch)
    tips: set[str] = set()
    if head.commit is not None:
        tips.add(head.commit)
    if default is not None:
        tips.add(default.commit)
    if not tips:
        return
    listed = sorted(tips)
    merges = merge_commits(repository.git, listed, lessons.known_tips(), _LISTED_MOST)
    lessons.await_merges(merges, listed, ways_to_merge(repository))


def _was_started_lately(session: Session) -> bool:
    """Whether a process was started a while ago, by one look at its mark."""
    mark = os.path.join(session.repository.own_folder, f"{_WORK}.started")
    try:
        started = os.stat(mark).st_mtime
    except OSError:
        return False
    age = session.now().timestamp() - started
    # By a clock that was set back nothing is known.
    return 0 <= age < _EVERY_SECONDS


def _has_news(session: Session) -> bool:
    memory = session.merge_memory
    return not memory.is_there or memory.fact(_STAMP) != _stamp(session)


def _stamp(session: Session) -> str:
    """What changes when there may be new merges: the commit of the main worktree, or else the day."""
    # Not of our own worktree: the process that learns knows nothing of that.
    common_dir = session.repository.common_dir
    head = read_head(common_dir, common_dir)
    if head is None or head.commit is None:
        day = session.now().timestamp() // _DAY_SECONDS
        return f"day {day:.0f}"
    return head.commit
