"""What breaks git itself under our refs, and its mending: lost objects, torn ref files, left locks.

Records that are merely wrong are harmless to git; they are reported with the rest and left alone.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from git_muse_coord.model.names import ARCHIVE, EPOCH, INCOMING, NOTES
from git_muse_coord.model.records import REF_PREFIX
from git_muse_coord.store.git.leftovers import Leftovers, is_stale
from git_muse_coord.store.git.objects import MISSING, UNREADABLE
from git_muse_coord.store.git.refs import RefUpdate
from git_muse_coord.store.records.records import RecordStore
from git_muse_coord.store.records.verdicts import BadRef

TORN = "its file is empty, torn or ill-named: git cannot read it, and git gc fails"
LOCKED = "a process that died left its lock file"
HELD = "its lock file is old, but a process at work here may hold it"

_OTHERS = (EPOCH, ARCHIVE, INCOMING, NOTES)
_OURS = re.compile(r"muse(?:-|\Z)")
_ALL_OURS = ("refs/muse", "refs/muse-*", "refs/muse-*/**")


class Repaired(NamedTuple):
    """What was done to a ref."""

    ref: str
    action: str


def examine(store: RecordStore, common_dir: str) -> tuple[int, list[BadRef]]:
    """Check every ref of ours. Returns how many were looked at, and the bad ones."""
    snapshot = store.look(afresh=True)
    files = [BadRef(ref, reason) for ref, reason, _ in _torn_files(store, common_dir)]
    others = store.refs.list(*_OTHERS)
    reasons = {found.oid: found.reason for found in store.objects.read(list(others.values()))}
    lost = [
        BadRef(ref, reasons[oid])
        for ref, oid in others.items()
        if reasons[oid] in (MISSING, UNREADABLE) or (ref == EPOCH and reasons[oid])
    ]
    return snapshot.checked + len(files) + len(others), sorted(
        [*snapshot.bad, *files, *lost], key=lambda one: one.ref
    )


def repair(store: RecordStore, common_dir: str) -> list[Repaired]:
    """Mend what breaks git: write lost objects again from the cache, drop what is beyond that."""
    done = _tidy(store, common_dir)
    _, bad = examine(store, common_dir)
    lost = [one.ref for one in bad if one.reason in (MISSING, UNREADABLE)]
    return [*done, *_restore(store, common_dir, store.refs.list(*lost) if lost else {})]


def heal(store: RecordStore, common_dir: str) -> list[Repaired]:
    """Mend, at little cost, what would make git's own fetch and push fail; objects that are there are not read."""
    done = _tidy(store, common_dir)
    listed = store.refs.list(REF_PREFIX)
    lost = set(store.objects.absent(list(listed.values())))
    return [
        *done,
        *_restore(store, common_dir, {ref: oid for ref, oid in listed.items() if oid in lost}),
    ]


def _tidy(store: RecordStore, common_dir: str) -> list[Repaired]:
    torn = [(ref, path) for ref, reason, path in _torn_files(store, common_dir) if reason != HELD]
    return [Repaired(ref, "removed") for ref, path in torn if _remove(store, ref, path)]


def write_again(store: RecordStore, common_dir: str, lost: Mapping[str, str]) -> list[str]:
    """Write the lost objects of some refs again, where the cache has them. Returns the refs that are whole again."""
    return [ref for ref, oid in lost.items() if _write_again(store, common_dir, oid)]


def _restore(store: RecordStore, common_dir: str, lost: Mapping[str, str]) -> Iterator[Repaired]:
    whole = write_again(store, common_dir, lost)
    for ref, oid in lost.items():
        if ref in whole:
            yield Repaired(ref, "written again from the cache")
        elif store.refs.commit([RefUpdate(ref, None, oid)]):
            yield Repaired(ref, "removed")


def _write_again(store: RecordStore, common_dir: str, oid: str) -> bool:
    blob = store.cache.bodies([oid]).get(oid)
    if blob is None:
        return False
    with contextlib.suppress(
        OSError
    ):  # a torn object file would keep git from writing the whole one
        os.unlink(os.path.join(common_dir, "objects", oid[:2], oid[2:]))
    return store.objects.write([blob]) == [oid] and all(
        found.blob == blob for found in store.objects.read([oid])
    )


def _torn_files(store: RecordStore, common_dir: str) -> Iterator[tuple[str, str, str]]:
    """The ref, the reason and the path of files under our refs that git cannot read. Only where refs are files."""
    files = dict(_files(common_dir))
    listed = store.refs.list(*_ALL_OURS) if files else {}
    locks = {ref: path for ref, path in files.items() if ref.endswith(".lock") and is_stale(path)}
    if locks:
        held = Leftovers(store.refs.git, common_dir).holder(list(locks.values())) is not None
        yield from ((ref, HELD if held else LOCKED, path) for ref, path in locks.items())
    for ref, path in files.items():
        if not ref.endswith(".lock") and ref not in listed and os.path.lexists(path):
            yield ref, TORN, path


def _files(common_dir: str) -> Iterator[tuple[str, str]]:
    top = os.path.join(common_dir, "refs")
    for directory, folders, names in os.walk(top):
        if directory == top:
            folders[:] = [name for name in folders if _OURS.match(name)]
            names = [name for name in names if _OURS.match(name)]
        for path in (os.path.join(directory, name) for name in names):
            yield os.path.relpath(path, common_dir).replace(os.sep, "/"), path


def _remove(store: RecordStore, ref: str, path: str) -> bool:
    """Remove a file that git cannot read, under the lock that git would take, unless it is whole by then."""
    if ref.endswith(".lock"):
        with contextlib.suppress(OSError):
            os.unlink(path)
            return True
        return False
    try:
        os.close(os.open(path + ".lock", os.O_CREAT | os.O_EXCL))
    except OSError:
        return False
    try:
        torn = ref not in store.refs.list(*_ALL_OURS)
        if torn:
            os.unlink(path)
        return torn
    finally:
        os.unlink(path + ".lock")
