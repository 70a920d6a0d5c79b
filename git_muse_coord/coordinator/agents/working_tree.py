"""What changed in the working tree between two events, as a stamp of how its files lay tells."""

from __future__ import annotations

import os
from collections.abc import Mapping

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.agent_memory.stamps import FileState, Stamp
from git_muse_coord.store.git.objects import blob_oid
from git_muse_coord.store.git.regular_file import read_regular
from git_muse_coord.store.git.status import differing, is_history_under_way

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.store.git.status import Differing

READ_MOST = 200
"""Of more files than this that changed at once none is read."""

_UNREAD = "?"
"""What a file holds of which nobody looked."""

States = Mapping[str, FileState]
"""How files lie, by their paths."""


class Since(NamedTuple):
    """What changed in the files since the stamp before.

    ``paths`` are those that hold something else now, with the objects that HEAD has there. ``before``
    is None where nothing can be said, because there was no stamp, or git itself changed the files.
    """

    paths: Mapping[str, str]
    before: Stamp | None


def stamp(run: AgentRun) -> Since:
    """See how the files of the worktree lie, remember it, and tell what changed since that was done last."""
    repository = run.session.repository
    if repository.top is None:
        return Since({}, None)
    memory = run.memory.stamps
    before = memory.read(run.worktree)
    head = repository.head().commit or ""
    known: States = {}
    if before is not None:
        known = before.files
    listed = differing(repository)
    files = _states(run, listed, known)
    stamp_now = Stamp(head, files, run.now)
    memory.write(run.worktree, stamp_now)
    if before is None:
        return Since({}, None)
    # What a checkout or a merge brings was changed by others, and is in their hands.
    if before.head != head or is_history_under_way(repository):
        return Since({}, None)
    changed: dict[str, str] = {}
    for file in listed:
        path = file.path
        content = _content(files, path)
        is_same = content == _content(known, path)
        # Of too many at once nothing was read, and all count.
        if not is_same or content == _UNREAD:
            changed[path] = file.head_oid
    return Since(changed, before)


def note_edits(run: AgentRun, paths: Iterable[str]) -> None:
    """Take files as they lie into the stamp: what a tool did to them was told by itself."""
    paths = list(paths)
    if not paths:
        return
    stamps = run.memory.stamps
    stamps.note_edited(run.worktree, paths, run.now)
    before = stamps.read(run.worktree)
    if before is None:
        return
    files = dict(before.files)
    for path in paths:
        size, time = _size_and_time(run, path)
        content = _oid(run, path)
        files[path] = (content, size, time)
    stamp_now = before._replace(files=files)
    stamps.write(run.worktree, stamp_now)


def _states(
    run: AgentRun,
    listed: Sequence[Differing],
    known: States,
) -> dict[str, FileState]:
    """The states of files, read where they may hold something else than is known."""
    files: dict[str, FileState] = {}
    to_read: list[str] = []
    for file in listed:
        path = file.path
        size, time = _size_and_time(run, path)
        state = known.get(path)
        # As git takes it: what has the same size and time was not written.
        if state is not None and state[1:] == (size, time):
            files[path] = state
        else:
            files[path] = (_UNREAD, size, time)
            to_read.append(path)
    if len(to_read) > READ_MOST:
        return files
    for path in to_read:
        _, size, time = files[path]
        content = _oid(run, path)
        files[path] = (content, size, time)
    return files


def _content(files: States, path: str) -> str | None:
    """What a file holds, by its object id; None where nothing is known of it."""
    state = files.get(path)
    if state is None:
        return None
    return state[0]


def _size_and_time(run: AgentRun, path: str) -> tuple[int, int]:
    place = _on_disk(run, path)
    try:
        status = os.lstat(place)
    except OSError:
        return 0, 0
    return status.st_size, status.st_mtime_ns


def _oid(run: AgentRun, path: str) -> str:
    data = read(run, path)
    if data is None:
        return ""
    object_format = run.session.repository.object_format
    return blob_oid(data, object_format)


def read(run: AgentRun, path: str) -> bytes | None:
    """What a regular file of the worktree holds; None where there is none."""
    place = _on_disk(run, path)
    return read_regular(place)


def _on_disk(run: AgentRun, path: str) -> str:
    top = run.session.repository.top or ""
    return os.path.join(top, path)
