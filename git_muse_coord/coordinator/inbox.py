"""Use case: the messages of other runs, read by who they are for."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.message import told_letters
from git_muse_coord.coordinator.autosync import auto_sync
from git_muse_coord.coordinator.freshness import stay_informed
from git_muse_coord.coordinator.mailbox import Letter, Mailbox, places_told
from git_muse_coord.coordinator.session import ignored
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Message
from git_muse_coord.model.results import Dated

if TYPE_CHECKING:
    from datetime import datetime

    from git_muse_coord.coordinator.answers.message import Told
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.text_types import RecordId, RunId
    from git_muse_coord.store.records.snapshot import Snapshot

SHOWN_MOST = 50
"""At most this many unread messages are read at one time; the rest comes with the next."""


class InboxResult(Dated):
    """Messages to a run, the unread ones first, oldest first; they count as read from now on.

    ``unread`` is how many of them nobody had read before, and ``left`` how many more lie unread.
    """

    run_id: str
    messages: tuple[Told, ...]
    unread: int
    left: int


def inbox(
    session: Session,
    *,
    all: bool = False,  # noqa: A002 - keywords are named like the options
    run_id: str | None = None,
    most: int = SHOWN_MOST,
    local: bool = False,
) -> InboxResult:
    """Read what others have told a run, at most ``most`` messages; each is told as unread once.

    With ``all`` also what was read already, and what the run itself has written, as long as it is
    not archived. Raises BadInput and StoreFailed.
    """
    reader = session.who_reads(run_id)
    snapshot = session.store.look()
    mailbox = Mailbox(session, reader, snapshot)
    unread, left = read_now(mailbox, most)
    # What was read before comes behind what is news.
    letters = list(unread)
    read_at: dict[RecordId, datetime] = {}
    if all:
        receipts = snapshot.world().receipts
        for letter in _others(mailbox, snapshot, reader, unread):
            letters.append(letter)
            receipt = receipts.get(letter.id)
            if receipt is not None:
                read_at[letter.id] = receipt.read_at
    places = places_told(snapshot, letters)
    messages = told_letters(letters, places, read_at)
    result = InboxResult(
        run_id=reader,
        messages=messages,
        unread=len(unread),
        left=left,
        warnings=ignored(snapshot),
    )
    if unread:
        result.warnings += auto_sync(session, reader, local)
    stay_informed(session, result)
    return result


def read_now(mailbox: Mailbox, most: int) -> tuple[list[Letter], int]:
    """The unread messages of a run, oldest first, which from now on are read, and how many are left unread.

    Raises StoreFailed.
    """
    chosen = mailbox.choose(most)
    letters = mailbox.letters(chosen.lines)
    if not letters:
        return [], chosen.left
    marked = mailbox.mark_read(letters)
    # What another reader was faster with was told there.
    unread = [letter for letter in letters if letter.id in marked]
    unread.sort(key=_age)
    return unread, chosen.left


def _others(
    mailbox: Mailbox,
    snapshot: Snapshot,
    reader: RunId,
    unread: list[Letter],
) -> list[Letter]:
    """What else was told to a run, or by it, newest first."""
    shown = {letter.id for letter in unread}
    to_reader = {line.message_id for line in mailbox.lines}
    others: list[Letter] = []
    records = snapshot.world().others
    for message_id, record in records.items():
        if not isinstance(record, Message) or message_id in shown:
            continue
        is_own = record.run_id == reader
        if is_own or message_id in to_reader:
            others.append(Letter(message_id, record))
    return sorted(others, key=_age, reverse=True)


def _age(letter: Letter) -> tuple[datetime, RecordId]:
    return letter.message.created_at, letter.id
