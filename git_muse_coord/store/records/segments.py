"""The files of the archive: segments of line-delimited records in a folder for each day, sorted and cut.

Equal sets of records give equal segments. What else lies in an archive is of a later version, and
is left alone.
"""

from __future__ import annotations

from git_muse_coord.model import codec, records
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.continued import replaced_by
from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import (
    Heartbeat,
    Intent,
    Message,
    Receipt,
    Release,
    Reservation,
    bare,
)
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.state import lives_until
from git_muse_coord.store.git.foreign import ForeignFile, Unsound

if TYPE_CHECKING:
    from collections.abc import (
        Container,
        Iterable,
        Iterator,
        Mapping,
    )

    from git_muse_coord.model.records import Record

    ArchiveFiles = dict[str, ForeignFile]
    """The files of an archive by path."""

SEGMENT_RECORDS = 1000
SEGMENT_BYTES = 4 << 20
"""A segment is cut before it has more records or more bytes than this."""

READABLE_BYTES = SEGMENT_BYTES + codec.MAX_RECORD_BYTES
ARCHIVE_BYTES = 1 << 30
"""An archive with more in it is not read: some two million records, a year of fifty busy agents."""

_DAY = r"\d{4}-\d\d-\d\d"
_SEGMENT = rf"({_DAY})/\d{{4,}}\.jsonl"
_NOT_THERE = rf"(?s:{_DAY}|{_DAY}/\d{{4,}}\.jsonl(/.*)?)"
_REFUSED_BY_GIT = {"", ".", "..", ".git"}


class Line(NamedTuple):
    """A line of a segment. ``record`` is None where it is canonical, but no record that this version knows."""

    id: RecordId
    day: str
    blob: bytes
    record: Record | None


def segment_lines(blob: bytes, day: str) -> Iterator[Line]:
    """The lines of a segment of that day. What is not canonical JSON is left out."""
    for line in blob.split(b"\n"):
        if not line:
            continue
        try:
            yield _line(line, day)
        except InvalidRecord:
            continue


def lines_with_ids(blob: bytes, ids: Container[RecordId]) -> Iterator[Line]:
    """The lines of a segment with some ids. No other is parsed: to hash one takes a fiftieth of that."""
    for line in blob.split(b"\n"):
        if codec.content_id(line) in ids:
            yield from segment_lines(line, "")


def _line(line: bytes, day: str) -> Line:
    try:
        record = records.decode(line)
    except InvalidRecord:
        # a later version may know it, if it is canonical; this raises InvalidRecord if it is not
        codec.load_canonical(line)
        return Line(codec.content_id(line), day, line, None)
    return Line(codec.content_id(line), day_of(record), line, record)


def day_of(record: Record) -> str:
    """The folder of a record: the day, in UTC, on which it was made, its year with four digits."""
    return record.made_at.date().isoformat()


def reach_of(
    record: Record,
    content_id: RecordId,
) -> tuple[str | None, str | None]:
    """How far a record reaches that may be unfinished, and the reservation or message it belongs to.

    As the index holds them; both None for kinds that are never written as refs again.
    """
    if isinstance(record, Heartbeat):
        # at most so long as a heartbeat can, whatever it says itself
        return codec.format_time(lives_until(record)), bare(record.subject)
    if isinstance(record, Reservation):
        # What a union ended may come back as long as that is not here, so it is for itself alone.
        about = RecordId("") if replaced_by(record) else content_id
    elif isinstance(record, Release):
        about = record.reservation_id
    elif isinstance(record, Message):
        about = content_id
    elif isinstance(record, Receipt):
        about = record.message_id
    elif isinstance(record, Intent):
        about = record.reservation_id or RecordId("")
    else:
        return None, None
    return codec.format_time(record.expires_at), bare(about)


def day_in(path: str, file: ForeignFile) -> str | None:
    """The day of the segment at a path of an archive; None for what is no segment."""
    if file.mode != "100644":
        return None
    match = re.fullmatch(_SEGMENT, path)
    if match is None:
        return None
    return match[1]


def days_of(files: ArchiveFiles) -> dict[str, str]:
    """The days of the segments in an archive, by the ids of the segments."""
    days: dict[str, str] = {}
    for path, file in files.items():
        day = day_in(path, file)
        if day is not None:
            days[file.oid] = day
    return days


def segments_of_day(files: ArchiveFiles, day: str) -> ArchiveFiles:
    """The segments of one day, by path."""
    return _files_of(files, day)


def other_files(files: ArchiveFiles) -> ArchiveFiles:
    """What lies in an archive besides segments."""
    return _files_of(files, None)


def _files_of(files: ArchiveFiles, day: str | None) -> ArchiveFiles:
    files_of_day: ArchiveFiles = {}
    for path, file in files.items():
        if day_in(path, file) == day:
            files_of_day[path] = file
    return files_of_day


def check_listing(files: ArchiveFiles) -> None:
    """Refuse an archive that could not be read whole, by its listing with sizes. Raises Unsound."""
    others = other_files(files)
    if len(others) == len(files):
        raise Unsound("no records are in it")
    total = 0
    for path, file in files.items():
        total += file.size
        if path in others:
            _check_name(path)
        elif file.size > READABLE_BYTES:
            raise Unsound(f"a segment of it is larger than {READABLE_BYTES:,} bytes")
    if total > ARCHIVE_BYTES:
        raise Unsound(f"it is larger than {ARCHIVE_BYTES:,} bytes")


def _check_name(path: str) -> None:
    """What is no segment must not lie where segments are written, nor where git writes nothing."""
    steps = path.lower().split("/")
    if re.fullmatch(_NOT_THERE, path) or not _REFUSED_BY_GIT.isdisjoint(steps):
        raise Unsound("a name in it is not for what is there")


def check_content(blob: bytes | None) -> bytes:
    """The bytes of a segment, where there are no more lines than a segment has. Raises Unsound."""
    if blob is None:
        raise Unsound("a segment of it cannot be read")
    if blob.count(b"\n") > SEGMENT_RECORDS:
        raise Unsound(f"a segment of it has more than {SEGMENT_RECORDS:,} lines")
    return blob


def cut_segments(kept: Mapping[RecordId, bytes]) -> Iterator[bytes]:
    """Cut lines, sorted by id, into segments. Equal lines give equal segments."""
    segment: list[bytes] = []
    size = 0
    for content_id in sorted(kept):
        line = kept[content_id]
        has_room = len(segment) < SEGMENT_RECORDS and size + len(line) <= SEGMENT_BYTES
        # One that is too long for any gets a segment of its own.
        if segment and not has_room:
            yield b"".join(segment)
            segment = []
            size = 0
        segment.append(line + b"\n")
        size += len(line) + 1
    if segment:
        yield b"".join(segment)


def name_segments(day: str, oids: Iterable[str]) -> ArchiveFiles:
    """The segments of a day that was cut anew, by path."""
    files: ArchiveFiles = {}
    for number, oid in enumerate(oids):
        path = f"{day}/{number:04}.jsonl"
        files[path] = ForeignFile("100644", oid)
    return files


def unite_other_files(
    base: ArchiveFiles,
    ours: ArchiveFiles,
    theirs: ArchiveFiles,
) -> ArchiveFiles:
    """Merge what this version cannot read, file by file, as git merges: who changed it is right. Raises Unsound."""
    united: ArchiveFiles = {}
    for path in ours.keys() | theirs.keys():
        file = _choose(
            base.get(path),
            ours.get(path),
            theirs.get(path),
        )
        if file is not None:
            united[path] = file
    _check_folders(united)
    return united


def _choose(
    before: ForeignFile | None,
    ours: ForeignFile | None,
    theirs: ForeignFile | None,
) -> ForeignFile | None:
    if ours == theirs or theirs == before:
        return ours
    if ours == before:
        return theirs
    # what one side changed stays, although the other side dropped it: nothing of a later version
    # is lost by those who cannot read it
    if ours is None:
        return theirs
    if theirs is None:
        return ours
    raise Unsound("it and the archive here differ in a file of a later version")


def _check_folders(files: ArchiveFiles) -> None:
    """Refuse what no tree can hold: a path below a file. Raises Unsound."""
    for path in files:
        folder, slash, _ = path.rpartition("/")
        while slash:
            if folder in files:
                raise Unsound("what is a file in one archive is a folder in the other")
            folder, slash, _ = folder.rpartition("/")
