"""What is put into the buckets of the index: a line for each thing by which a record is asked for."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Heartbeat, Message, Reservation
from git_muse_coord.store.records.cached_record import (
    END_MARK,
    READER_MARK,
    WAIT_MARK,
    mark_in,
)
from git_muse_coord.store.records.index_tables import bucket_number
from git_muse_coord.store.records.ref_names import prefix_of

if TYPE_CHECKING:
    from collections.abc import (
        Collection,
        Iterable,
        Iterator,
        Sequence,
    )

    from git_muse_coord.store.records.cached_record import CachedRecord

PATHS = 0
"""By a folded path: the reservations that mention it."""
HOLDERS = 1
"""By who holds them: the reservations."""
BEATS = 2
"""By their subject: the heartbeats."""
ENDS = 3
"""By the time when they end by themselves: the reservations."""
WAITS = 4
"""By what they wait for: the reservations."""
MESSAGES = 5
"""By their reader, and then by all that is known of them without reading them: the messages."""

_FAMILIES = {END_MARK: ENDS, WAIT_MARK: WAITS}
_MARKS = END_MARK + WAIT_MARK
_RESERVATIONS = prefix_of(Reservation)
_HEARTBEATS = prefix_of(Heartbeat)
_MESSAGES = prefix_of(Message)


def by_bucket(
    records: Iterable[CachedRecord],
    families: Collection[int] = (PATHS, HOLDERS, BEATS, ENDS, WAITS, MESSAGES),
) -> dict[int, bytearray]:
    """The lines of sound records, by the numbers of the buckets of some families that they lie in.

    A line has a key, which holds no newline and no tab, then the last part of a ref,
    and an object id. It begins and ends with a newline, so that none is found inside of another.
    """
    # Each bucket as one text: of 100,000 records the lines by themselves would take as much as all else.
    buckets: dict[int, bytearray] = {}
    for cached in records:
        name = cached.ref.rpartition("/")[2]
        value = f"{name} {cached.oid}".encode()
        for family, key in keys_of(cached):
            if family not in families:
                continue
            number = _bucket_of(family, key)
            bucket = buckets.setdefault(number, bytearray())
            bucket += b"\n%s\t%s\n" % (key, value)
    return buckets


def _bucket_of(family: int, key: bytes) -> int:
    """The bucket of a line. The messages to one reader lie together, whatever else their keys say."""
    if family == MESSAGES:
        key = key.partition(READER_MARK)[0]
    return bucket_number(family, key)


def lines_in(bucket: bytes | bytearray) -> list[bytes]:
    """The lines of a bucket, each with its two newlines."""
    return [b"\n%s\n" % line for line in bare_lines(bytes(bucket))]


def bare_lines(bucket: bytes) -> list[bytes]:
    """The lines of a bucket without their newlines."""
    if not bucket:
        return []
    # two newlines stand between two lines, and one at either end
    return bucket[1:-1].split(b"\n\n")


def named_in(line: bytes) -> tuple[str, str]:
    """The name and the object id in a line."""
    value = line.rpartition(b"\t")[2]
    name, oid = value.decode().split(" ")
    return name, oid


def keys_of(cached: CachedRecord) -> Iterator[tuple[int, bytes]]:
    """By what a record is asked for, beside its ref: most kinds by nothing."""
    if cached.ref.startswith(_RESERVATIONS):
        first, *lines = cached.mentions.split(b"\n")
        yield HOLDERS, mark_in(first)
        for line in lines:
            # what has no mark is a path
            family = _FAMILIES.get(line[:1], PATHS)
            yield family, line.lstrip(_MARKS)
    elif cached.ref.startswith(_HEARTBEATS):
        yield BEATS, cached.mentions
    elif cached.ref.startswith(_MESSAGES):
        yield MESSAGES, cached.mentions


def with_key(lines: bytes, key: bytes) -> Iterator[tuple[str, str]]:
    """The names and object ids under a key."""
    start = b"\n%s\t" % key
    place = lines.find(start)
    while place >= 0:
        place += len(start)
        end = lines.index(b"\n", place)
        value = lines[place:end].decode()
        name, oid = value.split(" ")
        yield name, oid
        place = lines.find(start, end)


def with_beginning(
    lines: bytes,
    starts: Sequence[bytes],
) -> Iterator[tuple[str, str]]:
    """The names and object ids under all keys that begin with one of some texts."""
    begins_so = tuple(starts)
    for line in lines.split(b"\n"):
        if line and line.startswith(begins_so):
            yield named_in(line)


def spare_in(lines: bytes) -> int:
    """How many lines there are beyond one a key."""
    number = 0
    keys: set[bytes] = set()
    for line in lines.split(b"\n"):
        if line:
            number += 1
            keys.add(line.partition(b"\t")[0])
    return number - len(keys)
