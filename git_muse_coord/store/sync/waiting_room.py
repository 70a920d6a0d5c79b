"""Where the processes of one clone wait with their strict reservations, so that one of them can carry all in one push.

Each has a file, named by its reservation, and a lock on it as long as it is there. The name says how
far it is: who carries it takes it, and tells when it is in. Whoever dies meanwhile leaves nothing to
be repaired: one whose file was taken looks himself whether it is in, and a file whose lock is free
is nobody's any more.
"""

from __future__ import annotations

import os
import sys

from git_muse_coord.model import address, codec, records
from git_muse_coord.model.codec import MAX_RECORD_BYTES, InvalidRecord
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import contextmanager, suppress
from git_muse_coord.model.records import Reservation, bare, with_prefix
from git_muse_coord.store.sync.strict_gate import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAKING = ".new"
_WAITS = ".waits"
_TAKEN = ".taken"
_IN = ".in"
_NAME_SIZE = 64


class Seat:
    """The place of one who waits. Without a file, where none can be made or locked, nobody takes him along."""

    def __init__(
        self,
        path: str,
        *,
        has_file: bool,
    ) -> None:
        self._path = path
        self._has_file = has_file

    def is_in(self) -> bool:
        """Whether he was taken along, and is in."""
        return self._has_file and os.path.exists(self._path + _IN)

    def leave(self) -> bool:
        """Wait no more. True: somebody took him along before that, and may have got him in."""
        if not self._has_file:
            return False
        self._has_file = False
        was_taken = not _removed(self._path + _WAITS)
        # the first once more at the end: he may have been put back in between
        for state in (_TAKEN, _IN, _WAITS):
            _removed(self._path + state)
        return was_taken


class WaitingRoom:
    """The folder of those who wait for one remote."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    @contextmanager
    def seat(self, entry: Entry) -> Iterator[Seat]:
        """Wait there for as long as this lasts."""
        path = self._path(entry)
        # Several that go in together, or what ends with one, are carried by nobody else: a file holds one.
        is_alone = not entry.others and not entry.ends
        descriptor = _locked_file(path + _MAKING) if is_alone else None
        is_made = descriptor is not None and _written(descriptor, records.encode(entry.record))
        seat = Seat(path, has_file=is_made)
        try:
            if is_made:
                self._moved(entry, _MAKING, _WAITS)
            elif descriptor is not None:
                _removed(path + _MAKING)
            yield seat
        finally:
            seat.leave()
            if descriptor is not None:
                os.close(descriptor)

    def waiting(self) -> Iterator[Entry]:
        """Those who wait. What dead ones left is cleared away."""
        try:
            names = sorted(os.listdir(self._folder))
        except OSError:
            return
        for name in names:
            path = os.path.join(self._folder, name)
            if not name.endswith((_WAITS, _TAKEN, _IN)) and not _is_left(path):
                continue
            if not _is_held(path):
                _removed(path)
            elif name.endswith(_WAITS):
                entry = _read(path, name.removesuffix(_WAITS))
                if entry is not None:
                    yield entry

    def take(self, entry: Entry) -> bool:
        """Take one along. False: he does not wait any more."""
        return self._moved(entry, _WAITS, _TAKEN)

    def put_back(self, entry: Entry) -> None:
        """Let one wait on who certainly is not in."""
        self._moved(entry, _TAKEN, _WAITS)

    def tell(self, entry: Entry) -> None:
        """Tell one that he is in."""
        self._moved(entry, _TAKEN, _IN)

    def _moved(
        self,
        entry: Entry,
        before: str,
        after: str,
    ) -> bool:
        path = self._path(entry)
        try:
            os.rename(path + before, path + after)
        except OSError:
            return False
        return True

    def _path(self, entry: Entry) -> str:
        return os.path.join(self._folder, bare(entry.own_id))


def _read(path: str, name: str) -> Entry | None:
    """What somebody waits with; None for what is nobody's reservation."""
    try:
        with open(path, "rb") as file:
            blob = file.read(MAX_RECORD_BYTES)
        record = records.decode(blob)
    except (OSError, InvalidRecord):
        return None
    own_id = codec.content_id(blob)
    if not isinstance(record, Reservation) or own_id != with_prefix(name):
        return None
    places = [address.revive_stored(text) for text in record.addresses]
    return Entry(record, own_id, places)


def _locked_file(path: str) -> int | None:
    """Make a file and hold its lock. None where that cannot be done."""
    # without locks that end with their process nobody waits in company
    if sys.platform == "win32":
        return None
    import fcntl

    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        _removed(path)
        return None
    return descriptor


def _is_left(path: str) -> bool:
    """Whether a file that was being made is so old that nobody makes it any more; a young one is locked soon."""
    from git_muse_coord.store.git.leftovers import is_stale  # there is hardly ever one

    return path.endswith(_MAKING) and is_stale(path)


def _is_held(path: str) -> bool:
    """Whether somebody who is alive has the lock of a file, as far as can be told."""
    if sys.platform == "win32":
        return True
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _written(descriptor: int, content: bytes) -> bool:
    """Whether all of it was written. A full disk takes a seat, not the reservation."""
    try:
        return os.write(descriptor, content) == len(content)
    except OSError:
        return False


def _removed(path: str) -> bool:
    with suppress(OSError):
        os.unlink(path)
        return True
    return False
