"""What is kept of a message beside its bytes: enough to choose which of many are read at all.

Anybody can write any number of messages to one reader. They are sorted by their writers and counted
without being parsed, so that a flood costs its lines and no more.
"""

from __future__ import annotations

from git_muse_coord.model.codec import format_time
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import Receipt, bare
from git_muse_coord.store.records.cached_record import ABOUT_NONE, READER_MARK, reader_key
from git_muse_coord.store.records.ref_names import id_in, prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.store.records.index import Index


class MessageLine(NamedTuple):
    """A message as the index knows it; ``reader`` and ``writer`` as ``reader_key`` writes them."""

    message_id: RecordId
    reader: bytes
    writer: bytes
    about: str | None
    created_at: str
    expires_at: str


def messages_to(index: Index, readers: Iterable[RunId | None]) -> list[MessageLine]:
    """All messages to some runs, oldest first."""
    keys = {reader_key(reader) for reader in readers}
    lines: list[MessageLine] = []
    for ref, mentions in index.messages_to(keys).items():
        lines.append(_read(id_in(ref), mentions))
    return sorted(lines, key=_age)


def is_over(line: MessageLine, now: datetime) -> bool:
    """Whether the time of a message is over."""
    return line.expires_at <= format_time(now)


def was_read(index: Index, message_id: RecordId) -> bool:
    """Whether a receipt for a message is here, be it one that only its name can be read of."""
    ref = prefix_of(Receipt) + bare(message_id)
    if index.oid_of(ref) is None:
        return False
    return index.sound(ref) is not None or ref in index.unread


def _read(message_id: RecordId, mentions: bytes) -> MessageLine:
    reader, _, rest = mentions.partition(READER_MARK)
    created_at, expires_at, about, writer = rest.split(b" ", 3)
    return MessageLine(
        message_id=message_id,
        reader=reader,
        writer=writer,
        about=None if about.decode() == ABOUT_NONE else about.decode(),
        created_at=created_at.decode(),
        expires_at=expires_at.decode(),
    )


def _age(line: MessageLine) -> tuple[str, RecordId]:
    return line.created_at, line.message_id
