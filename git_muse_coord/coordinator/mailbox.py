"""The messages that a run may read, chosen without reading more than are told, and marked as read."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.model.records import (
    Message,
    Receipt,
    Reservation,
    bare,
)
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.messages import choose, readable_by
from git_muse_coord.store.git.refs import ATTEMPTS, pause
from git_muse_coord.store.records.message_lines import messages_to, unread_lines, was_read
from git_muse_coord.store.records.ref_names import last_part, named_after, prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.rules.messages import Chosen, MessageLine
    from git_muse_coord.store.records.snapshot import Snapshot


Places = dict[RecordId, tuple[str, ...]]
"""The addresses of reservations, by their ids."""


class Letter(NamedTuple):
    """A message that was read from the store, with its id."""

    id: RecordId
    message: Message


class Mailbox:
    """What lies before a run, by a snapshot."""

    def __init__(
        self,
        session: Session,
        run_id: RunId,
        snapshot: Snapshot,
    ) -> None:
        self._session = session
        self._run_id = run_id
        self._snapshot = snapshot
        self._index = snapshot.index

    @property
    def is_empty(self) -> bool:
        """Whether there are no messages at all, to whomever: mostly so, and cheap to tell."""
        return not self._index.has(Message)

    @cached_property
    def lines(self) -> list[MessageLine]:
        """All messages to the run, read or not, oldest first."""
        if self.is_empty:
            return []
        ended = self._session.ended_here()
        readers = readable_by(self._run_id, ended)
        # What ended runs have left unread is ours, too.
        named = messages_to(self._index, readers)
        # Hardly anybody writes to no name, so who holds what is not looked up for it.
        unnamed = messages_to(self._index, [None])
        if not unnamed:
            return named
        held = self._held_by(readers)
        for line in unnamed:
            if line.about in held:
                named.append(line)
        return named

    def choose(self, most: int) -> Chosen:
        """The unread messages that are to be told now, at most so many."""
        now = self._session.now()
        unread = unread_lines(self._index, self.lines, now)
        unread = self._without_archived(unread)
        holders: set[bytes] = set()
        # Only where not all are told it matters who comes first.
        if len(unread) > most:
            holders = self._who_holds_something(unread)
        return choose(unread, holders, most)

    def letters(self, lines: Iterable[MessageLine]) -> list[Letter]:
        """Some messages with what they say. What cannot be read any more is left out."""
        refs: dict[str, str] = {}
        start = prefix_of(Message)
        for line in lines:
            ref = start + bare(line.message_id)
            oid = self._index.sound(ref)
            if oid is not None:
                refs[ref] = oid
        records = self._snapshot.read(refs)
        letters: list[Letter] = []
        for message_id, record in records.values():
            if isinstance(record, Message):
                letters.append(Letter(message_id, record))
        return letters

    def mark_read(self, letters: Sequence[Letter]) -> set[RecordId]:
        """Write receipts, and return which messages were unread until then: of two readers one is the first.

        Raises StoreFailed.
        """
        receipts = self.receipts(letters)
        return write_receipts(self._session, receipts)

    def receipts(self, letters: Iterable[Letter]) -> list[Receipt]:
        """The receipts for some messages, which are still to be written."""
        return [self._receipt(letter) for letter in letters]

    def _receipt(self, letter: Letter) -> Receipt:
        return Receipt(
            run_id=self._run_id,
            nonce=self._session.nonce(),
            message_id=letter.id,
            read_at=self._session.time_to_write(),
            expires_at=letter.message.expires_at,
        )

    def _held_by(self, readers: Iterable[RunId]) -> set[str | None]:
        """The reservations of some runs, in bare hex."""
        held: set[str | None] = set()
        for reader in readers:
            for ref in self._index.reservations_of(reader):
                name = last_part(ref)
                held.add(name)
        return held

    def _who_holds_something(self, lines: Iterable[MessageLine]) -> set[bytes]:
        holders: set[bytes] = set()
        writers = {line.writer for line in lines}
        for writer in writers:
            run_id = RunId(writer.decode("utf-8", "backslashreplace"))
            if self._index.reservations_of(run_id):
                holders.add(writer)
        return holders

    def _without_archived(self, lines: list[MessageLine]) -> list[MessageLine]:
        """Some messages without those whose receipt a clone has archived that is ahead of its time."""
        if not lines or self._snapshot.archive_tip is None:
            return lines
        # By a sweep a receipt goes there with its message, which a stale clone may bring back alone.
        names: dict[str, MessageLine] = {}
        for line in lines:
            names[named_after(Receipt, line.message_id)] = line
        archived = set(self._snapshot.archived_names(names))
        unread: list[MessageLine] = []
        for name, line in names.items():
            if name not in archived:
                unread.append(line)
        return unread


def write_receipts(
    session: Session,
    receipts: Sequence[Receipt],
) -> set[RecordId]:
    """Say that messages were read, and return those that nobody had read before. Raises StoreFailed."""
    # A receipt is named by its message, so that git lets only one of two readers write it.
    left = list(receipts)
    for attempt in range(ATTEMPTS):
        if not left or session.store.write(left):
            break
        # All or none are written, and of one somebody else was the first reader.
        index = session.store.look().index
        tried = left
        left = []
        for receipt in tried:
            if not was_read(index, receipt.message_id):
                left.append(receipt)
        pause(attempt)
    return {receipt.message_id for receipt in left}


def places_told(
    snapshot: Snapshot,
    letters: Iterable[Letter],
) -> Places:
    """The addresses of the reservations that some messages are about, as far as these are live."""
    refs: dict[str, str] = {}
    for letter in letters:
        about = letter.message.about
        if about is None:
            continue
        ref = prefix_of(Reservation) + bare(about)
        oid = snapshot.index.sound(ref)
        if oid is not None:
            refs[ref] = oid
    records = snapshot.read(refs)
    places: Places = {}
    for reservation_id, record in records.values():
        if isinstance(record, Reservation):
            places[reservation_id] = record.addresses
    return places
