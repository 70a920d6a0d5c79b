"""The archive: records that no longer matter, kept for the audit trail under ``refs/muse-archive/``.

A commit chain, whose files are told of in ``segments``. Which records go there is decided in
``rules.lifetime``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from git_muse_coord.model import codec, records
from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.names import ARCHIVE
from git_muse_coord.model.records import Record
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.store.git import foreign
from git_muse_coord.store.git.foreign import ForeignFile, Unsound
from git_muse_coord.store.git.objects import Objects
from git_muse_coord.store.git.process import IDENTITY, Git
from git_muse_coord.store.records import segments
from git_muse_coord.store.records.archive_index import ArchiveIndex, ArchiveRow

_AT_ONCE = 8
"""So many segments are read by one git process, and held in memory: 40 MiB."""

_MESSAGE = b"Archive of coordination records [skip ci]\n"


class Archive:
    """The archive of one repository."""

    def __init__(self, git: Git, objects: Objects, index: ArchiveIndex) -> None:
        self._git = git
        self._objects = objects
        self._index = index

    def find(self, tip: str | None, names: Iterable[str]) -> dict[str, ArchiveRow]:
        """Those names that are archived at ``tip``: refs without ``refs/muse/``, such as ``releases/<hex>``."""
        wanted = set(names)
        if tip is None or not wanted:
            return {}
        rows = self._select(
            tip, lambda: self._index.named(sorted(wanted)), lambda row: row.name in wanted
        )
        return {row.name: row for row in rows}

    def beyond(self, tip: str | None, now: datetime) -> list[ArchiveRow]:
        """What is archived although it reaches beyond now: reservations, releases, heartbeats and intents."""
        if tip is None:
            return []
        moment = codec.format_time(now)
        return self._select(
            tip,
            lambda: self._index.beyond(moment),
            lambda row: row.until is not None and row.until > moment,
        )

    def load(self, rows: Iterable[ArchiveRow]) -> dict[RecordId, Record]:
        """The records of some rows, by id."""
        wanted: dict[str, set[RecordId]] = defaultdict(set)
        for row in rows:
            wanted[row.segment].add(row.id)
        return {
            line.id: line.record
            for segment, blob in self._read(wanted)
            for line in segments.segment_lines(blob or b"", "")
            if line.record is not None and line.id in wanted[segment]
        }

    def records(self, tip: str | None) -> dict[RecordId, Record]:
        """Every record of the archive by id."""
        if tip is None:
            return {}
        blobs = self._read(self._segments(tip))
        found = (line for _, blob in blobs for line in segments.segment_lines(blob or b"", ""))
        return {line.id: line.record for line in found if line.record is not None}

    def add(self, tip: str | None, new: Mapping[RecordId, Record]) -> str:
        """Write a commit that also holds some records, and return it; the same tip when it held them all."""
        by_day: dict[str, dict[RecordId, bytes]] = defaultdict(dict)
        for content_id, record in new.items():
            by_day[segments.day_of(record)][content_id] = records.encode(record)
        return self._commit(self._own(tip), by_day, [tip] if tip else [])

    def holds(self, tip: str, other: str) -> bool:
        """Whether an archive has grown out of another one."""
        return self._git.ask("merge-base", "--is-ancestor", other, tip).code == 0

    def merge(self, ours: str | None, theirs: str) -> str:
        """Unite another archive with ours. Returns their commit when it already holds all, ours when ours does.

        Lines of theirs that are not canonical are left out; what is of a later version is kept.
        Raises Unsound when it cannot be read whole, within bounds.
        """
        if ours is not None and self.holds(ours, theirs):
            return ours
        found = self._checked(theirs)
        if ours is None or self.holds(theirs, ours):
            return theirs
        mine = self._own(ours)
        kept = segments.unite_other_files(
            self._others_before(ours, theirs),
            segments.other_files(mine),
            segments.other_files(found),
        )
        files = {path: file for path, file in mine.items() if segments.day_in(path, file)} | kept
        merged = self._commit(files, self._lines_of(found, mine), [ours, theirs])
        return theirs if self._tree(merged) == self._tree(theirs) else merged

    def _checked(self, tip: str) -> dict[str, ForeignFile]:
        """The files of an archive, all of which can be read. Raises Unsound.

        What is new in it is put into the index of names meanwhile.
        """
        foreign.require_commit(self._git, tip)
        found = foreign.list_files(self._git, tip, sizes=True)
        segments.check_listing(found)
        new = {
            file.oid for path, file in found.items() if segments.day_in(path, file)
        } - self._index.segments()
        for oid, blob in self._read(new):
            self._index.put_segment(oid, _rows(oid, segments.check_content(blob)))
        return {path: file._replace(size=0) for path, file in found.items()}

    def _others_before(self, ours: str, theirs: str) -> dict[str, ForeignFile]:
        base = self._git.ask("merge-base", ours, theirs).out.decode().strip()
        return segments.other_files(foreign.list_files(self._git, base)) if base else {}

    def _lines_of(
        self, found: Mapping[str, ForeignFile], mine: Mapping[str, ForeignFile]
    ) -> dict[str, dict[RecordId, bytes]]:
        """The lines of segments that are not among ours, by day and by id."""
        known = {file.oid for file in mine.values()}
        days = {
            file.oid: day for path, file in found.items() if (day := segments.day_in(path, file))
        }
        by_day: dict[str, dict[RecordId, bytes]] = defaultdict(dict)
        for oid, blob in self._read(days.keys() - known):
            for line in segments.segment_lines(blob or b"", days[oid]):
                by_day[line.day][line.id] = line.blob
        return by_day

    def _commit(
        self,
        files: Mapping[str, ForeignFile],
        new: Mapping[str, Mapping[RecordId, bytes]],
        parents: Sequence[str],
    ) -> str:
        """Add lines to some files of an archive, and commit that; the only parent where it had them all."""
        whole = dict(files)
        for day, added in new.items():
            before = segments.segments_of_day(whole, day)
            blobs = self._read(file.oid for file in before.values())
            kept = {
                line.id: line.blob
                for _, blob in blobs
                for line in segments.segment_lines(blob or b"", day)
            }
            if not added.keys() <= kept.keys():
                cut = list(segments.cut_segments({**kept, **added}))
                whole = {path: file for path, file in whole.items() if path not in before}
                whole |= segments.name_segments(day, self._objects.write(cut))
        if len(parents) == 1 and whole == files:
            return parents[0]
        options = [word for parent in parents for word in ("-p", parent)]
        return (
            self._git.run(
                *IDENTITY,
                "commit-tree",
                foreign.write_tree(self._git, whole),
                *options,
                given=_MESSAGE,
            )
            .decode()
            .strip()
        )

    def _select(
        self, tip: str, ask: Callable[[], list[ArchiveRow]], wanted: Callable[[ArchiveRow], bool]
    ) -> list[ArchiveRow]:
        """Some rows of an archive: those that the index gives when it is asked, and those that it could not keep."""
        present, loose = self._indexed(tip)
        rows = [*ask(), *loose]
        if self._index.failed:
            rows = [row for oid, blob in self._read(present) for row in _rows(oid, blob or b"")]
        return [row for row in rows if row.segment in present and wanted(row)]

    def _indexed(self, tip: str) -> tuple[set[str], list[ArchiveRow]]:
        """The segments of an archive, and the rows of those that the cache could not keep."""
        present = self._segments(tip)
        loose: list[ArchiveRow] = []
        for oid, blob in self._read(present - self._index.segments()):
            rows = _rows(oid, blob or b"")
            if not self._index.put_segment(oid, rows):
                loose += rows
        return present, loose

    def _segments(self, tip: str) -> set[str]:
        """The segments of our archive; none of one that cannot be read, which must not stop those who only look."""
        try:
            files = foreign.list_files(self._git, tip)
        except Unsound:
            return set()
        return {file.oid for path, file in files.items() if segments.day_in(path, file)}

    def _own(self, tip: str | None) -> dict[str, ForeignFile]:
        """The files of our archive. Raises StoreFailed."""
        try:
            return foreign.list_files(self._git, tip) if tip else {}
        except Unsound as error:
            raise StoreFailed(
                f"the archive of this clone cannot be read: {error}", f"see git show {ARCHIVE}"
            ) from None

    def _read(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        wanted = list(oids)
        for start in range(0, len(wanted), _AT_ONCE):
            for found in self._objects.read(
                wanted[start : start + _AT_ONCE], segments.READABLE_BYTES
            ):
                yield found.oid, found.blob

    def _tree(self, commit: str) -> str:
        return self._git.run("rev-parse", f"{commit}^{{tree}}").decode().strip()


def _rows(segment: str, blob: bytes) -> list[ArchiveRow]:
    """What the index of names holds of a segment."""
    return [
        ArchiveRow(
            segments.name_of(line.record, line.id),
            line.id,
            segment,
            *segments.reach_of(line.record, line.id),
        )
        for line in segments.segment_lines(blob, "")
        if line.record is not None
    ]
