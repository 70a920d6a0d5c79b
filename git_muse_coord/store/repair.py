"""What breaks git itself under our refs, and its mending: lost objects, torn ref files, left locks.

Records that are merely wrong are harmless to git; they are reported with the rest and left alone.
"""

from __future__ import annotations

import contextlib
import os
import re
import time
from collections.abc import Iterator
from typing import NamedTuple

from git_muse_coord.store.objects import MISSING, UNREADABLE
from git_muse_coord.store.records import EPOCH, BadRef, RecordStore
from git_muse_coord.store.refs import Change

STALE_SECONDS = 600
"""A lock file this old was left behind by a process that died."""

TORN = "its file is empty or torn, which breaks git gc"
LOCKED = "a process that died left its lock file"

_OURS = re.compile(r"muse(?:-|\Z)")
_WHOLE = re.compile(rb"(?:[0-9a-f]{40}|[0-9a-f]{64}|ref: .+)\s*\Z")


class Repaired(NamedTuple):
    """What was done to a ref."""

    ref: str
    action: str


def examine(store: RecordStore, common_dir: str) -> tuple[int, list[BadRef]]:
    """Check every ref of ours. Returns how many were looked at, and the bad ones."""
    snapshot = store.look()
    files = [BadRef(ref, reason) for ref, reason, _ in _torn_files(common_dir)]
    epochs = [] if snapshot.epoch is None else [found for found in store.objects.read([snapshot.epoch]) if found.reason]
    bad = [*snapshot.bad, *files, *(BadRef(EPOCH, found.reason) for found in epochs)]
    return snapshot.checked + len(files) + (snapshot.epoch is not None), sorted(bad, key=lambda one: one.ref)


def repair(store: RecordStore, common_dir: str) -> list[Repaired]:
    """Mend what breaks git: write lost objects again from the cache, drop what is beyond that."""
    done = [Repaired(ref, "removed") for ref, _, path in _torn_files(common_dir) if _remove(path)]
    _, bad = examine(store, common_dir)
    lost = [one.ref for one in bad if one.reason in (MISSING, UNREADABLE)]
    listed = store.refs.list(*lost) if lost else {}
    for ref, oid in listed.items():
        if _write_again(store, common_dir, oid):
            done.append(Repaired(ref, "written again from the cache"))
        elif store.refs.commit([Change(ref, None, oid)]):
            done.append(Repaired(ref, "removed"))
    return done


def _write_again(store: RecordStore, common_dir: str, oid: str) -> bool:
    blob = store.cache.bodies([oid]).get(oid)
    if blob is None:
        return False
    with contextlib.suppress(OSError):  # a torn object file would keep git from writing the whole one
        os.unlink(os.path.join(common_dir, "objects", oid[:2], oid[2:]))
    return store.objects.write([blob]) == [oid] and all(found.blob == blob for found in store.objects.read([oid]))


def _torn_files(common_dir: str) -> Iterator[tuple[str, str, str]]:
    """The ref, the reason and the path of files under our refs that are no whole refs. Only where refs are files."""
    top = os.path.join(common_dir, "refs")
    for directory, folders, names in os.walk(top):
        if directory == top:
            folders[:] = [name for name in folders if _OURS.match(name)]
            names = [name for name in names if _OURS.match(name)]
        for path in (os.path.join(directory, name) for name in names):
            if reason := _flaw(path):
                yield os.path.relpath(path, common_dir).replace(os.sep, "/"), reason, path


def _flaw(path: str) -> str:
    try:
        if path.endswith(".lock"):
            return LOCKED if time.time() - os.stat(path).st_mtime > STALE_SECONDS else ""
        with open(path, "rb") as file:
            return "" if _WHOLE.match(file.read(1024)) else TORN
    except OSError:  # gone meanwhile: packed or deleted
        return ""


def _remove(path: str) -> bool:
    """Remove a torn file under the lock that git would take, unless it is whole by then."""
    if path.endswith(".lock"):
        with contextlib.suppress(OSError):
            os.unlink(path)
            return True
        return False
    try:
        os.close(os.open(path + ".lock", os.O_CREAT | os.O_EXCL))
    except OSError:
        return False
    try:
        torn = _flaw(path) == TORN
        if torn:
            os.unlink(path)
        return torn
    finally:
        os.unlink(path + ".lock")
