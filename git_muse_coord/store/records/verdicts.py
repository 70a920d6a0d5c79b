"""The verdict on a blob: a sound record, a damaged one, or one that is not understood here.

It follows from the bytes alone, so that all clones of one version judge alike. The name of a ref is
compared with what the bytes say.
"""

from __future__ import annotations

import zlib

from git_muse_coord.model import codec, records
from git_muse_coord.model.codec import TIME, InvalidRecord, NotUnderstood
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.names import folder_of, is_of_known_kind, is_of_unknown_kind
from git_muse_coord.model.records import (
    KINDS,
    REF_PREFIX,
    Heartbeat,
    Message,
    Reservation,
    bare,
)
from git_muse_coord.model.spelling import fold
from git_muse_coord.rules.reuse import gist
from git_muse_coord.store.records.cached_record import (
    ABOUT_NONE,
    DAMAGED,
    END_MARK,
    NOT_UNDERSTOOD,
    READER_MARK,
    SAYS_MORE,
    SOUND,
    WAIT_MARK,
    CachedRecord,
    holder_mark,
    reader_key,
)
from git_muse_coord.store.records.ref_names import prefix_of, ref_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from git_muse_coord.model.records import Record
    from git_muse_coord.store.records.cached_record import RecordRow, Verdict


class BadRef(NamedTuple):
    """A ref under ``refs/muse/`` that counts for nothing, and why."""

    ref: str
    reason: str


class UnreadRef(NamedTuple):
    """A record that is not understood here, and when it says that it ends, if it does."""

    oid: str
    expires_at: datetime | None


if TYPE_CHECKING:
    Unread = Mapping[str, UnreadRef]
    """What is not understood here, by ref."""


def judge(
    oid: str,
    blob: bytes | None,
    reason: str,
) -> RecordRow:
    """The lasting verdict on an object, and its bytes if it is a sound record.

    ``reason`` says why there are no bytes, where there are none.
    """
    if blob is None:
        return damaged(oid, reason), None
    try:
        record = records.decode(blob)
    except NotUnderstood as error:
        return _not_understood(oid, blob, error), None
    except InvalidRecord as error:
        return damaged(oid, str(error)), None
    ref = records.ref_name(record, codec.content_id(blob))
    cached = CachedRecord(oid, ref, mentions(record))
    return cached, blob


def damaged(oid: str, reason: str) -> CachedRecord:
    """What is known of an object that is of no use, and why it is not."""
    return CachedRecord(oid, "", _storable(reason), DAMAGED)


def _not_understood(
    oid: str,
    blob: bytes,
    error: NotUnderstood,
) -> CachedRecord:
    kind = KINDS.get(error.kind)
    place = _place(kind, blob)
    expiry = ""
    if error.expires_at:
        expiry = codec.format_time(error.expires_at)
    facts = "\n".join([place, expiry, str(error)])
    return CachedRecord(oid, "", _storable(facts), NOT_UNDERSTOOD)


def _storable(text: str) -> bytes:
    """A text that quotes what others wrote, which need not be encodable."""
    return text.encode("utf-8", "backslashreplace")


def _place(kind: type[Record] | None, blob: bytes) -> str:
    """Where a newer format of a kind may be: under its own id, or anywhere in its folder if it is named by a key."""
    if kind is None:
        return ""
    if kind.is_keyed():
        return prefix_of(kind)
    return ref_of(kind, codec.content_id(blob))


def mentions(record: Record) -> bytes:
    """What the cache keeps of a sound record, to find it without parsing it again."""
    if isinstance(record, Reservation):
        return _of_reservation(record)
    if isinstance(record, Heartbeat):
        return bare(record.subject).encode()
    if isinstance(record, Message):
        return _of_message(record)
    return b""


def _of_reservation(reservation: Reservation) -> bytes:
    """Who holds it, the paths that it mentions, when it ends and was made, and what it waits for."""
    # an address is a path, or a path and a symbol in it; here only files are told apart
    paths: set[str] = set()
    for text in reservation.addresses:
        path, _, _ = text.partition("::")
        paths.add(fold(path))
    places = "\n".join(sorted(paths))
    ends = codec.format_time(reservation.expires_at)
    made = codec.format_time(reservation.created_at)
    end = END_MARK + f"{ends} {made}".encode()
    # so that who must know what more it says need not read the others
    if reservation.extra:
        end += SAYS_MORE
    lines = [
        first_mention(reservation),
        places.encode("utf-8", "surrogateescape"),
        end,
    ]
    for awaited in reservation.depends_on:
        lines.append(WAIT_MARK + bare(awaited).encode())
    return b"\n".join(lines)


def _of_message(message: Message) -> bytes:
    """Its reader, its times, what it is about and its writer: run ids hold no mark, and the last may hold blanks."""
    about = ABOUT_NONE
    if message.about is not None:
        about = bare(message.about)
    made = codec.format_time(message.created_at)
    ends = codec.format_time(message.expires_at)
    facts = f"{made} {ends} {about} ".encode()
    rest = facts + reader_key(message.run_id)
    return reader_key(message.to) + READER_MARK + rest


def first_mention(reservation: Reservation) -> bytes:
    """Who holds a reservation, and a digest of what it says, so that the like of it is found."""
    said = repr(gist(reservation)).encode("utf-8", "backslashreplace")
    holder = holder_mark(reservation.run_id)
    return b"%s%08x" % (holder, zlib.crc32(said))


def verdict_at(ref: str, cached: CachedRecord) -> Verdict:
    """The verdict on a ref, from that on its object.

    A newer format keeps the names of its kind, so a hash that does not match is damage in any
    format. In the folder of a kind that is not known nobody here knows what a sound record is,
    except that one of ours does not belong there.
    """
    if cached.verdict == SOUND:
        return SOUND if cached.ref == ref else DAMAGED
    if is_of_unknown_kind(ref):
        return NOT_UNDERSTOOD
    if cached.verdict == DAMAGED or not is_of_known_kind(ref):
        return DAMAGED
    place, *_ = _facts(cached)
    # a folder where the kind is named by a key, which only who understands it can compare
    is_folder = place.endswith("/")
    fits = ref.startswith(place) if is_folder else ref == place
    return NOT_UNDERSTOOD if fits else DAMAGED


def unread_ref(cached: CachedRecord) -> UnreadRef:
    """What is known of a record that is not understood."""
    if cached.verdict != NOT_UNDERSTOOD:
        # of a kind that is not stored as ours are, so it says nothing that we could read
        return UnreadRef(cached.oid, None)
    _, expiry, _ = _facts(cached)
    expires_at = TIME.revive(expiry) if expiry else None
    return UnreadRef(cached.oid, expires_at)


def why_damaged(ref: str, cached: CachedRecord) -> str:
    """Why a ref counts for nothing."""
    if cached.verdict == NOT_UNDERSTOOD:
        _, _, reason = _facts(cached)
        return reason
    if cached.verdict == DAMAGED:
        return cached.mentions.decode()
    wanted = folder_of(cached.ref)
    if folder_of(ref) != wanted:
        return f"its record belongs under {REF_PREFIX}{wanted}/"
    return "its name does not match its record"


def _facts(cached: CachedRecord) -> list[str]:
    """Of a record that is not understood: its place, its expiry, and why it is not understood."""
    return cached.mentions.decode().split("\n", 2)
