"""The records that tell what happened, live and archived: the newest, or those about a place, a run or a branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.model import codec
from git_muse_coord.model.address import revive_stored
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.records import (
    Heartbeat,
    Release,
    Reservation,
    bare,
)
from git_muse_coord.model.wording import few
from git_muse_coord.store.records.archive_days import ArchiveDays
from git_muse_coord.store.records.ref_names import named_after

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId, RunId

    Records = dict[RecordId, Record]
    """Records by their ids."""

    Subjects = dict[RecordId, Reservation]
    """What records are about, by its ids."""

_TELLING = (Reservation, Release, Heartbeat)
"""The kinds of records that say that something happened to a reservation."""

_AS_THEY_ARE = frozenset('"\\')
"""Characters before which JSON writes a backslash."""


class Search(NamedTuple):
    """What is asked for: of a run, a branch or some places, since a moment, at most so many events."""

    most: int
    places: tuple[Address, ...] = ()
    run_id: RunId | None = None
    branch: str | None = None
    since: datetime | None = None

    @property
    def is_for_all(self) -> bool:
        """Whether all that happened is meant."""
        return not self.places and self.run_id is None and self.branch is None

    def takes(self, reservation: Reservation) -> bool:
        """Whether what happens to a reservation is asked for, by what it says itself."""
        if self.branch is not None and reservation.branch != self.branch:
            return False
        return not self.places or self.is_at(reservation.addresses)

    def is_at(self, addresses: Iterable[str]) -> bool:
        """Whether one of some addresses overlaps a place."""
        for text in addresses:
            address = revive_stored(text)
            if any(place.overlaps(address) for place in self.places):
                return True
        return False


def one_place(session: Session, text: str) -> Address:
    """The one address that somebody's text means. Raises BadInput for a pattern that means several."""
    places = session.addresses([text])
    if len(places) != 1:
        names = few(list(map(str, places)))
        raise BadInput(f"{text[:80]!r} means {len(places):,} places", f"name one: {names}")
    return places[0]


class PastRecords(NamedTuple):
    """The records that tell of it, and the reservations that they are about."""

    records: Records
    subjects: Subjects


def past_records(session: Session, search: Search) -> PastRecords:
    """What is known of the past that is asked for."""
    snapshot = session.store.look()
    store = session.store
    days = ArchiveDays(store.refs.git, store.objects, snapshot.archive_tip)
    live: Records = {}
    for record_id, record in snapshot.records().items():
        if isinstance(record, _TELLING):
            live[record_id] = record
    if search.is_for_all:
        records = _newest(days, live, search)
    else:
        records = _matching(session, days, live, search)
    return PastRecords(records, _subjects(session, records, live))


def _newest(
    days: ArchiveDays,
    live: Records,
    search: Search,
) -> Records:
    """The newest records: of the archive no more days than it takes."""
    records = dict(live)
    first_day = ""
    if search.since is not None:
        first_day = search.since.date().isoformat()
    for day in days.days:
        if day < first_day:
            break
        if _count_after(day, records) >= search.most:
            break
        # Live ones count where both are there: what is being archived is both.
        of_day = days.newest_of(day, search.most)
        records = {**of_day, **records}
    return records


def _count_after(day: str, records: Records) -> int:
    """How many records surely tell of something that happened after a day."""
    count = 0
    for record in records.values():
        is_certain = not isinstance(record, Heartbeat)
        made_on = record.made_at.date().isoformat()
        if is_certain and made_on > day:
            count += 1
    return count


def _matching(
    session: Session,
    days: ArchiveDays,
    live: Records,
    search: Search,
) -> Records:
    """The records about what is asked for, however old: of lines that do not look like it none is parsed."""
    archived = days.mentioning(_Look(search))
    # Live ones count where both are there: what is being archived is both.
    known = {**archived, **live}
    chosen: Records = {}
    reservations: set[RecordId] = set()
    for record_id, record in known.items():
        if isinstance(record, Reservation):
            is_of_run = search.run_id in (None, record.run_id)
            if is_of_run and search.takes(record):
                chosen[record_id] = record
                reservations.add(record_id)
        elif record.run_id == search.run_id:
            # What a run did to what others hold.
            chosen[record_id] = record
    # What happened to it later, whoever did it.
    for record_id, record in live.items():
        if _subject_of(record) in reservations:
            chosen[record_id] = record
    # Their days need not be those of the reservations, so the index of the archive is asked.
    archive = session.store.archive
    tip = session.store.look().archive_tip
    names = map(bare, reservations)
    rows = archive.about(tip, names)
    later = archive.load(rows)
    for record_id, record in later.items():
        if isinstance(record, Release | Heartbeat):
            chosen.setdefault(record_id, record)
    return chosen


def _subjects(
    session: Session,
    records: Records,
    live: Records,
) -> Subjects:
    """The reservations that some records are about, those that are older than all of these too."""
    subjects: Subjects = {}
    # Most are told of together with what they are about.
    lacking: list[str] = []
    for record_id, record in records.items():
        if isinstance(record, Reservation):
            subjects[record_id] = record
    for record in records.values():
        subject = _subject_of(record)
        if subject is None or subject in subjects:
            continue
        reservation = live.get(subject)
        if isinstance(reservation, Reservation):
            subjects[subject] = reservation
        else:
            lacking.append(named_after(Reservation, subject))
    if not lacking:
        return subjects
    archive = session.store.archive
    tip = session.store.look().archive_tip
    rows = archive.find(tip, lacking)
    older = archive.load(rows.values())
    for record_id, record in older.items():
        if isinstance(record, Reservation):
            subjects[record_id] = record
    return subjects


def _subject_of(record: Record) -> RecordId | None:
    if isinstance(record, Release):
        return record.reservation_id
    if isinstance(record, Heartbeat):
        return record.subject
    return None


class _Look:
    """Whether a line of the archive may be about what is asked for: never no where it is."""

    def __init__(self, search: Search) -> None:
        self._texts: list[bytes] = []
        # What a run did to what others hold names no branch.
        wanted = search.branch if search.run_id is None else search.run_id
        if wanted is not None:
            self._texts.append(codec.canonical(wanted))
        self._names = list(map(_last_name, search.places))

    def __call__(self, line: bytes) -> bool:
        if not all(text in line for text in self._texts):
            return False
        if not self._names or b'/"' in line:
            # A directory may hold what is asked for under another name.
            return True
        lower = line.lower()
        return any(name in lower for name in self._names)


def _last_name(place: Address) -> bytes:
    """The end of a path as it stands in a line; empty, which stands in each, where it may be spelt in several ways."""
    path = place.path.rstrip("/")
    _, _, last = path.rpartition("/")
    name = last.lower()
    # What JSON would write otherwise, or another file system call otherwise, is not looked for.
    is_plain = name.isascii() and name.isprintable() and _AS_THEY_ARE.isdisjoint(name)
    if not is_plain or name == ".":
        return b""
    return name.encode()
