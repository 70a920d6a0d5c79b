"""The record kinds: their fields, and the ref that each is stored under.

A kind is said once, by its class here; names, sync, cache and archive follow from that. Bytes and
hashing live in ``codec``; what records mean together is the business of ``rules``.
"""

from __future__ import annotations

from git_muse_coord.model import codec, light_json
from git_muse_coord.model.codec import (
    ADDRESS,
    FORMAT,
    ID,
    OID,
    TIME,
    InvalidRecord,
    NotUnderstood,
)
from git_muse_coord.model.frozen import stored
from git_muse_coord.model.kind import (
    HEX,
    RUN_ID,
    WORD,
    Kind,
)
from git_muse_coord.model.light import TYPE_CHECKING, TypeVar
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.text_types import RecordId, RunId

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from git_muse_coord.model.codec import Json
    from git_muse_coord.model.text_types import Oid

UNKNOWN = RunId("unknown")
"""The run id of a run without identity."""

MAX_ADDRESSES = 1000
MAX_DEPENDENCIES = 1000
MAX_REASON = 4096
MAX_MESSAGE = 2000
MAX_SECONDS = 31_536_000
"""The longest life of a reservation and the furthest reach of a heartbeat: a year of 365 days."""

BEAT_SECONDS = 30
"""So often who waits gives a sign of life, or more often: what says less counts as this."""

LONGEST = timedelta(days=366)
"""How far a record's end may lie from its beginning: a year, and a day for clocks that differ."""

OPERATIONS = ("rename", "move", "modify", "extract", "delete")
INTENT_OPERATIONS = (*OPERATIONS, "inline", "split", "merge")
REF_PREFIX = "refs/muse/"

_IDS = codec.text_set(ID, MAX_DEPENDENCIES)
_ADDRESSES = codec.text_set(ADDRESS, MAX_ADDRESSES, least=1)
_BRANCH = codec.nullable(codec.text(1024))
_REASON = codec.nullable(codec.text(MAX_REASON, empty=True))
_ATTEMPT = codec.integer(1, 1_000_000)
_OPERATION = codec.nullable(codec.choice(*OPERATIONS))
_ID_OR_NONE = codec.nullable(ID)


class Reservation(Kind):
    """A run is about to touch these addresses until then."""

    kind = "reservation"
    folder = "reservations"
    longest = LONGEST
    branch: str | None = stored(_BRANCH)
    commit: Oid | None = stored(codec.nullable(OID))
    addresses: tuple[str, ...] = stored(_ADDRESSES)
    operation: str | None = stored(_OPERATION)
    reason: str | None = stored(_REASON)
    depends_on: tuple[RecordId, ...] = stored(_IDS)
    created_at: datetime = stored(TIME)
    expires_at: datetime = stored(TIME)


class Intent(Kind):
    """What a run means to do to these addresses, alone or as part of a reservation."""

    kind = "intent"
    folder = "intents"
    longest = LONGEST
    branch: str | None = stored(_BRANCH)
    addresses: tuple[str, ...] = stored(_ADDRESSES)
    operation: str = stored(codec.choice(*INTENT_OPERATIONS))
    detail: str | None = stored(_REASON)
    reservation_id: RecordId | None = stored(_ID_OR_NONE)
    created_at: datetime = stored(TIME)
    expires_at: datetime = stored(TIME)


class Release(Kind):
    """The end of a reservation, or of an intent that waited. There can be only one, so it is named by what it ends."""

    kind = "release"
    folder = "releases"
    begins = "released_at"
    reservation_id: RecordId = stored(ID)
    outcome: str = stored(codec.choice("done", "abandoned"))
    released_at: datetime = stored(TIME)
    expires_at: datetime = stored(TIME)

    @property
    def key(self) -> str:
        """The id of what is released."""
        return bare(self.reservation_id)


class Heartbeat(Kind):
    """A sign of life that moves an expiry."""

    kind = "heartbeat"
    folder = "heartbeats"
    begins = "beat_at"
    subject: RecordId = stored(ID)
    beat_at: datetime = stored(TIME)
    expires_at: datetime = stored(TIME)


class Message(Kind):
    """What a run tells another one: the run ``to``, or else whoever holds the reservation ``about``."""

    kind = "message"
    folder = "messages"
    longest = LONGEST
    to: RunId | None = stored(codec.nullable(RUN_ID))
    about: RecordId | None = stored(_ID_OR_NONE)
    re: RecordId | None = stored(_ID_OR_NONE)
    text: str = stored(codec.text(MAX_MESSAGE))
    created_at: datetime = stored(TIME)
    expires_at: datetime = stored(TIME)

    def check(self) -> None:
        """Look at the fields together. Raises InvalidRecord."""
        super().check()
        if self.to is None and self.about is None:
            raise InvalidRecord("it is to nobody, and about no reservation")


class Receipt(Kind):
    """A message was read. There can be only one, so it is named by the message."""

    kind = "receipt"
    folder = "receipts"
    begins = "read_at"
    message_id: RecordId = stored(ID)
    read_at: datetime = stored(TIME)
    expires_at: datetime = stored(TIME)

    @property
    def key(self) -> str:
        """The id of the message that was read."""
        return bare(self.message_id)


class Task(Kind):
    """A piece of work in a queue."""

    kind = "task"
    folder = "tasks"
    title: str = stored(codec.text(1024))
    queue: str = stored(WORD)
    priority: int = stored(codec.integer(-1_000_000, 1_000_000))
    payload: Json = stored(codec.ANY)
    tags: tuple[str, ...] = stored(codec.text_set(WORD, 100))
    addresses: tuple[str, ...] = stored(codec.text_set(ADDRESS, MAX_ADDRESSES))
    depends_on: tuple[RecordId, ...] = stored(_IDS)
    max_attempts: int = stored(_ATTEMPT)
    created_at: datetime = stored(TIME)


class Claim(Kind):
    """An attempt at a task. Its name is its contention key: the second writer is refused."""

    kind = "claim"
    folder = "claims"
    ref_pattern = HEX + "-[1-9][0-9]{0,6}"
    begins = "claimed_at"
    longest = LONGEST
    task_id: RecordId = stored(ID)
    attempt: int = stored(_ATTEMPT)
    reservation_id: RecordId | None = stored(_ID_OR_NONE)
    claimed_at: datetime = stored(TIME)
    expires_at: datetime = stored(TIME)

    @property
    def key(self) -> str:
        """The task and the number of the attempt."""
        return f"{bare(self.task_id)}-{self.attempt}"


class Outcome(Kind):
    """How an attempt ended. There can be only one, so it is named by the claim."""

    kind = "outcome"
    folder = "outcomes"
    begins = "ended_at"
    claim_id: RecordId = stored(ID)
    task_id: RecordId = stored(ID)
    attempt: int = stored(_ATTEMPT)
    status: str = stored(codec.choice("completed", "failed", "expired"))
    retry: bool = stored(codec.BOOLEAN)
    result: Json = stored(codec.ANY)
    error: str | None = stored(_REASON)
    ended_at: datetime = stored(TIME)

    @property
    def key(self) -> str:
        """The id of the claim that ended."""
        return bare(self.claim_id)


Record = Reservation | Intent | Release | Heartbeat | Message | Receipt | Task | Claim | Outcome
"""A record of any kind. The type checker demands that ``rules.lifetime`` says of each what is to become of it."""

KINDS: dict[str, type[Record]] = {cls.kind: cls for cls in Record.__args__}

R = TypeVar("R", bound=Kind)


def bare(record_id: str) -> str:
    """An id, or the start of one, without its ``sha256:``: ref names may hold no colon."""
    return record_id.removeprefix("sha256:")


def with_prefix(bare_id: str) -> RecordId:
    """The id of which a ref name holds the hex digits."""
    return RecordId(f"sha256:{bare_id}")


def encode(record: Record) -> bytes:
    """The canonical bytes of a record. Raises InvalidRecord when a field breaks its limits."""
    value = to_json(record)
    # Whoever made the record may be a library's caller: what is written is checked as what is read.
    _read_fields(type(record), dict(value))
    record.check()
    blob = codec.canonical(value)
    try:
        # What nobody would read back, as it is too large or nested too deeply, is never written.
        codec.load_canonical(blob)
    except InvalidRecord as error:
        raise InvalidRecord(f"record is refused: {error}") from None
    return blob


def to_json(record: Record) -> dict[str, Json]:
    """The record as the JSON object that is stored."""
    # First what is extra, so that nothing in it can stand in the place of a field that is known.
    value = dict(record.extra)
    value["kind"] = record.kind
    value["format"] = FORMAT
    for name, rule in record.fields.items():
        field = getattr(record, name)
        value[name] = rule.write(field)
    return value


_NO_KIND = "of a kind that is not known here"


def decode(blob: bytes) -> Record:
    """Read a record from bytes that anybody may have written.

    Raises NotUnderstood for one that only another version of this program can read, and
    InvalidRecord with the reason for all else that is no record.
    """
    value = codec.load_canonical(blob)
    kind = value.get("kind")
    version = value.get("format")
    if not isinstance(kind, str):
        raise InvalidRecord(_NO_KIND)
    if type(version) is not int or version < 1:
        raise InvalidRecord("without a format number")
    if kind not in KINDS:
        raise NotUnderstood(_NO_KIND, kind, _expiry(value))
    if version > FORMAT:
        reason = f"of format {version}; this version reads up to {FORMAT}, a newer one is needed"
        raise NotUnderstood(reason, kind, _expiry(value))
    cls = KINDS[kind]
    fields = _read_fields(cls, value)
    # What is left was added by a later writer of this format. It must be kept: the id is over it.
    fields["extra"] = _without_envelope(value)
    record = cls.of_checked(fields)
    record.check()
    return record


def _read_fields(cls: type[Record], value: dict[str, Json]) -> dict[str, Any]:
    """The fields of a kind, checked and taken out of what was stored."""
    fields: dict[str, Any] = {}
    name = ""
    try:
        for name, rule in cls.fields.items():
            fields[name] = rule.read(value.pop(name))
    except KeyError:
        raise InvalidRecord(f"without the field {name}") from None
    except InvalidRecord as error:
        raise InvalidRecord(f"{name} {error}") from None
    return fields


def _expiry(value: dict[str, Json]) -> datetime | None:
    """When something that is not understood says that it ends: this much is promised of every kind and format."""
    try:
        moment: datetime = TIME.read(value.get("expires_at"))
    except InvalidRecord:
        return None
    return moment


def revive(blobs: Iterable[bytes]) -> list[Record]:
    """Read records from bytes that ``decode`` or ``encode`` accepted before, without checking them again."""
    # As one list, because one call of the parser for all is twice as fast as one for each.
    whole = b",".join(blobs).decode("ascii")
    values = light_json.loads(f"[{whole}]")
    return list(map(_revive, values))


def _revive(value: dict[str, Json]) -> Record:
    cls = KINDS[value["kind"]]
    for name, revive_field in cls.revivers:
        value[name] = revive_field(value[name])
    value = _without_envelope(value)
    # Hardly a record has anything extra, and this runs for each of thousands: so only then.
    if len(value) > len(cls.fields):
        unknown = value.keys() - cls.fields.keys()
        value["extra"] = {name: value.pop(name) for name in unknown}
    return cls.of_checked(value)


def ref_name(record: Record, content_id: RecordId) -> str:
    """The ref under which a record with this id must be stored."""
    name = record.key or bare(content_id)
    return f"{REF_PREFIX}{record.folder}/{name}"


def _without_envelope(value: dict[str, Json]) -> dict[str, Json]:
    del value["kind"]
    del value["format"]
    return value
