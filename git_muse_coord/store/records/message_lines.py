"""What is kept of a message beside its bytes: enough to choose which of many are read at all.

Anybody can write any number of messages to one reader. They are sorted by their writers and counted
without being parsed, so that a flood costs its lines and no more.
"""

from __future__ import annotations

from git_muse_coord.model.codec import format_time
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Receipt
from git_muse_coord.rules.messages import MessageLine
from git_muse_coord.store.records.cached_record import ABOUT_NONE, READER_MARK, reader_key
from git_muse_coord.store.records.ref_names import id_in, ref_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.store.records.index import Index


def messages_to(
    index: Index,
    readers: Iterable[RunId | None],
) -> list[MessageLine]:
    """All messages to some runs, oldest first; None stands for those that name no reader."""
    keys = {reader_key(reader) for reader in readers}
    lines: list[MessageLine] = []
    mentions_of = index.messages_to(keys)
    for ref, mentions in mentions_of.items():
        line = _read(id_in(ref), mentions)
        lines.append(line)
    return sorted(lines, key=_age)


def unread_lines(
    index: Index,
    lines: Iterable[MessageLine],
    now: datetime,
) -> list[MessageLine]:
    """Those of some messages that nobody has read and whose time is not over."""
    moment = format_time(now)
    unread: list[MessageLine] = []
    for line in lines:
        # times are compared as text, which sorts as they do
        is_over = line.expires_at <= moment
        if not is_over and not was_read(index, line.message_id):
            unread.append(line)
    return unread


def was_read(index: Index, message_id: RecordId) -> bool:
    """Whether a receipt for a message is here, be it one that only its name can be read of."""
    ref = ref_of(Receipt, message_id)
    if index.oid_of(ref) is None:
        return False
    # first, as it takes no look at what is odd
    if index.sound(ref) is not None:
        return True
    return ref in index.unread


def _read(message_id: RecordId, mentions: bytes) -> MessageLine:
    reader, _, rest = mentions.partition(READER_MARK)
    # the writer comes last, as a run id may hold blanks
    created_at, expires_at, named, writer = rest.split(b" ", 3)
    about = named.decode()
    return MessageLine(
        message_id=message_id,
        reader=reader,
        writer=writer,
        about=None if about == ABOUT_NONE else about,
        created_at=created_at.decode(),
        expires_at=expires_at.decode(),
    )


def _age(line: MessageLine) -> tuple[str, RecordId]:
    return line.created_at, line.message_id
