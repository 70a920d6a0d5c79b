"""What breaks git itself under our refs, and its mending: lost objects, torn ref files, left locks.

Records that are merely wrong are harmless to git; they are reported with the rest and left alone.
"""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.names import (
    ARCHIVE,
    EPOCH,
    INCOMING,
    NOTES,
)
from git_muse_coord.model.records import REF_PREFIX
from git_muse_coord.store.git.leftovers import Leftovers, is_stale
from git_muse_coord.store.git.objects import MISSING, UNREADABLE
from git_muse_coord.store.git.refs import RefUpdate
from git_muse_coord.store.records.records import RecordStore
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.records.verdicts import BadRef

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


TORN = "its file is empty, torn or ill-named: git cannot read it, and git gc fails"
LOCKED = "a process that died left its lock file"
HELD = "its lock file is old, but a process at work here may hold it"

_SINGLES = (EPOCH, ARCHIVE, INCOMING, NOTES)
_OURS = re.compile(r"muse(?:-|\Z)")
_ALL_OURS = ("refs/muse", "refs/muse-*", "refs/muse-*/**")


class Repaired(NamedTuple):
    """What was done to a ref."""

    ref: str
    action: str


class TornFile(NamedTuple):
    """A file under our refs that git cannot read, and why."""

    ref: str
    reason: str
    path: str


class Examined(NamedTuple):
    """What was found of our refs: how many were looked at, the bad ones, and what the records are."""

    checked: int
    bad: list[BadRef]
    snapshot: Snapshot


def examine(
    store: RecordStore,
    common_dir: str,
    *,
    afresh: bool = False,
) -> Examined:
    """Check every ref of ours; ``afresh`` means that nothing counts which was found out before."""
    if afresh:
        snapshot = store.look(afresh=True)
    else:
        snapshot = store.look_into_all()
    bad_refs = list(snapshot.bad)
    torn = _torn_files(store, common_dir)
    for file in torn:
        bad_refs.append(BadRef(file.ref, file.reason))
    singles = store.refs.list(*_SINGLES)
    bad_refs += _bad_singles(store, singles)
    bad_refs.sort(key=lambda bad: bad.ref)
    number = snapshot.checked + len(torn) + len(singles)
    return Examined(number, bad_refs, snapshot)


def _bad_singles(store: RecordStore, singles: OidsByRef) -> Iterator[BadRef]:
    """Which of our refs that are no records name what git has lost, or what is of no use."""
    oids = list(singles.values())
    reasons: dict[str, str] = {}
    for stored in store.objects.read(oids):
        reasons[stored.oid] = stored.reason
    for ref, oid in singles.items():
        reason = reasons[oid]
        # all but the epoch point at commits, which are no blobs; that alone is nothing bad
        is_lost = reason in (MISSING, UNREADABLE)
        if is_lost or (ref == EPOCH and reason):
            yield BadRef(ref, reason)


def repair(store: RecordStore, common_dir: str) -> list[Repaired]:
    """Mend what breaks git: write lost objects again from the cache, drop what is beyond that."""
    # files first: git lists no ref that it cannot read, and its lock would stop what comes after
    done = _tidy(store, common_dir)
    examined = examine(store, common_dir, afresh=True)
    lost: list[str] = []
    for bad in examined.bad:
        if bad.reason in (MISSING, UNREADABLE):
            lost.append(bad.ref)
    if lost:
        listed = store.refs.list(*lost)
        done += _restore(store, common_dir, listed)
    return done


def heal(store: RecordStore, common_dir: str) -> list[Repaired]:
    """Mend, at little cost, what would make git's own fetch and push fail; objects that are there are not read."""
    done = _tidy(store, common_dir)
    listed = store.refs.list(REF_PREFIX)
    oids = list(listed.values())
    absent = set(store.objects.absent(oids))
    lost: Oids = {}
    for ref, oid in listed.items():
        if oid in absent:
            lost[ref] = oid
    done += _restore(store, common_dir, lost)
    return done


def _tidy(store: RecordStore, common_dir: str) -> list[Repaired]:
    """Remove the files that git cannot read, but for locks that somebody may hold."""
    done: list[Repaired] = []
    for file in _torn_files(store, common_dir):
        if file.reason != HELD and _remove(store, file):
            done.append(Repaired(file.ref, "removed"))
    return done


def write_again(
    store: RecordStore,
    common_dir: str,
    lost: OidsByRef,
) -> list[str]:
    """Write the lost objects of some refs again, where the cache has them. Returns the refs that are whole again."""
    whole: list[str] = []
    for ref, oid in lost.items():
        if _write_again(store, common_dir, oid):
            whole.append(ref)
    return whole


def _restore(
    store: RecordStore,
    common_dir: str,
    lost: OidsByRef,
) -> Iterator[Repaired]:
    whole = write_again(store, common_dir, lost)
    for ref, oid in lost.items():
        if ref in whole:
            yield Repaired(ref, "written again from the cache")
            continue
        # only as it was listed: another process may have put a sound record there meanwhile
        removal = RefUpdate(ref, None, oid)
        if store.refs.commit([removal]):
            yield Repaired(ref, "removed")


def _write_again(
    store: RecordStore,
    common_dir: str,
    oid: str,
) -> bool:
    blob = store.cache.bodies([oid]).get(oid)
    if blob is None:
        return False
    loose = os.path.join("objects", oid[:2], oid[2:])
    # a torn object file would keep git from writing the whole one
    with contextlib.suppress(OSError):
        os.unlink(os.path.join(common_dir, loose))
    written = store.objects.write([blob])
    if written != [oid]:
        return False
    for stored in store.objects.read([oid]):
        if stored.blob != blob:
            return False
    return True


def _torn_files(store: RecordStore, common_dir: str) -> list[TornFile]:
    """The files under our refs that git cannot read. Only where refs are files."""
    files = dict(_files(common_dir))
    if not files:
        return []
    listed = store.refs.list(*_ALL_OURS)
    torn = _old_locks(store, common_dir, files)
    for ref, path in files.items():
        if ref.endswith(".lock") or ref in listed:
            continue
        # a ref that was deleted between the two listings is not torn
        is_there = os.path.lexists(path)
        if is_there:
            torn.append(TornFile(ref, TORN, path))
    return torn


def _old_locks(
    store: RecordStore,
    common_dir: str,
    files: Mapping[str, str],
) -> list[TornFile]:
    """The locks among some files, by ref, that are older than any git that is at work here."""
    locks: dict[str, str] = {}
    for ref, path in files.items():
        if ref.endswith(".lock") and is_stale(path):
            locks[ref] = path
    if not locks:
        return []
    left = Leftovers(store.refs.git, common_dir)
    paths = list(locks.values())
    holder = left.holder(paths)
    reason = LOCKED if holder is None else HELD
    return [TornFile(ref, reason, path) for ref, path in locks.items()]


def _files(common_dir: str) -> Iterator[tuple[str, str]]:
    """Every file of ours among the refs: its name as a ref, and its path."""
    top = os.path.join(common_dir, "refs")
    for directory, folders, names in os.walk(top):
        if directory == top:
            # os.walk goes into what is left in this very list
            folders[:] = filter(_OURS.match, folders)
            names = list(filter(_OURS.match, names))
        for name in names:
            path = os.path.join(directory, name)
            inside = os.path.relpath(path, common_dir)
            ref = inside.replace(os.sep, "/")
            yield ref, path


def _remove(store: RecordStore, file: TornFile) -> bool:
    """Remove a file that git cannot read, under the lock that git would take, unless it is whole by then."""
    if file.ref.endswith(".lock"):
        return _unlink(file.path)
    lock = f"{file.path}.lock"
    try:
        handle = os.open(lock, os.O_CREAT | os.O_EXCL)
    except OSError:
        return False
    os.close(handle)
    try:
        is_torn = file.ref not in store.refs.list(*_ALL_OURS)
        if is_torn:
            os.unlink(file.path)
        return is_torn
    finally:
        os.unlink(lock)


def _unlink(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:
        return False
    return True
