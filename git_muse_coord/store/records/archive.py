"""The archive: records that no longer matter, kept for the audit trail under ``refs/muse-archive/``.

Which records go there is decided in ``rules.lifetime``.
"""

from __future__ import annotations

from git_muse_coord.model import codec, records
from git_muse_coord.model.later import Later
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property, defaultdict
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.store.records.archive_index import ArchiveRow
from git_muse_coord.store.records.ref_names import short_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from datetime import datetime

    from git_muse_coord.model.records import Record
    from git_muse_coord.store.git.objects import Objects
    from git_muse_coord.store.git.process import Git
    from git_muse_coord.store.records import archive_commits, segments
    from git_muse_coord.store.records.archive_index import ArchiveIndex
    from git_muse_coord.store.records.loading import Records
    from git_muse_coord.store.records.segments import ArchiveFiles

    Ask = Callable[[], list[ArchiveRow]]
    """Asks the index for some rows, which may be of another archive."""
else:
    # Hardly a command looks into the archive itself.
    archive_commits = Later("git_muse_coord.store.records.archive_commits")
    segments = Later("git_muse_coord.store.records.segments")

ByDay = dict[str, dict[RecordId, bytes]]
"""The bytes of records by the day of their segment, and by their ids."""


class Archive:
    """The archive of one repository."""

    def __init__(
        self,
        git: Git,
        objects: Objects,
        index: ArchiveIndex,
    ) -> None:
        self._git = git
        self._objects = objects
        self._index = index

    @cached_property
    def _commits(self) -> archive_commits.ArchiveCommits:
        return archive_commits.ArchiveCommits(self._git, self._objects)

    def find(
        self,
        tip: str | None,
        names: Iterable[str],
    ) -> dict[str, ArchiveRow]:
        """Those names that are archived at ``tip``: refs without ``refs/muse/``, such as ``releases/<hex>``."""
        wanted = set(names)
        if tip is None or not wanted:
            return {}

        def is_wanted(row: ArchiveRow) -> bool:
            return row.name in wanted

        in_order = sorted(wanted)
        rows = self._select(
            tip,
            lambda: self._index.named(in_order),
            is_wanted,
        )
        return {row.name: row for row in rows}

    def about(
        self,
        tip: str | None,
        ids: Iterable[str],
    ) -> list[ArchiveRow]:
        """What is archived about some reservations, given in bare hex: themselves, releases, heartbeats, intents."""
        wanted = set(ids)
        if tip is None or not wanted:
            return []

        def is_wanted(row: ArchiveRow) -> bool:
            return row.about in wanted

        in_order = sorted(wanted)
        return self._select(
            tip,
            lambda: self._index.about(in_order),
            is_wanted,
        )

    def beyond(
        self,
        tip: str | None,
        now: datetime,
    ) -> list[ArchiveRow]:
        """What is archived although it reaches beyond now: reservations, releases, heartbeats and intents."""
        if tip is None:
            return []
        moment = codec.format_time(now)

        def is_beyond(row: ArchiveRow) -> bool:
            return row.until is not None and row.until > moment

        return self._select(
            tip,
            lambda: self._index.beyond(moment),
            is_beyond,
        )

    def load(self, rows: Iterable[ArchiveRow]) -> Records:
        """The records of some rows, by id."""
        wanted: dict[str, set[RecordId]] = defaultdict(set)
        for row in rows:
            wanted[row.segment].add(row.id)
        loaded: Records = {}
        for segment, blob in self._commits.read(wanted):
            ids = wanted[segment]
            for line in segments.lines_with_ids(blob or b"", ids):
                if line.record is not None:
                    loaded[line.id] = line.record
        return loaded

    def records(self, tip: str | None) -> Records:
        """Every record of the archive by id."""
        if tip is None:
            return {}
        present = self._commits.segments(tip)
        archived: Records = {}
        for _, line in self._commits.lines(present):
            if line.record is None:  # of a later version: kept, but not known here
                continue
            archived[line.id] = line.record
        return archived

    def add(
        self,
        tip: str | None,
        new: Mapping[RecordId, Record],
    ) -> str:
        """Write a commit that also holds some records, and return it; the same tip when it held them all."""
        by_day: ByDay = defaultdict(dict)
        for content_id, record in new.items():
            day = segments.day_of(record)
            by_day[day][content_id] = records.encode(record)
        files = self._commits.files(tip)
        # the first commit of an archive has none
        parents = [tip] if tip else []
        return self._commits.commit(files, by_day, parents)

    def holds(
        self,
        tip: str,
        other: str,
    ) -> bool:
        """Whether an archive has grown out of another one."""
        return self._commits.is_ancestor(other, tip)

    def merge(
        self,
        ours: str | None,
        theirs: str,
    ) -> str:
        """Unite another archive with ours. Returns their commit when it already holds all, ours when ours does.

        Lines of theirs that are not canonical are left out; what is of a later version is kept.
        Raises Unsound when it cannot be read whole, within bounds.
        """
        if ours is not None and self.holds(ours, theirs):
            return ours
        # before it is taken as it is, too: one that pointed at junk broke every later command
        their_files = self._commits.checked_files(theirs)
        self._check_and_index(their_files)
        if ours is None or self.holds(theirs, ours):
            return theirs
        our_files = self._commits.files(ours)
        base_files = self._commits.base_files(ours, theirs)
        files: ArchiveFiles = {}
        for path, file in our_files.items():
            if segments.day_in(path, file):
                files[path] = file
        files |= segments.unite_other_files(
            segments.other_files(base_files),
            segments.other_files(our_files),
            segments.other_files(their_files),
        )
        missing = self._lines_missing(their_files, our_files)
        merged = self._commits.commit(files, missing, [ours, theirs])
        # equal records make equal trees: where ours adds nothing to theirs there is nothing to push
        merged_tree = self._commits.tree(merged)
        is_as_theirs = merged_tree == self._commits.tree(theirs)
        return theirs if is_as_theirs else merged

    def _check_and_index(self, files: ArchiveFiles) -> None:
        """Look into the segments of an archive that were never seen, and index their names. Raises Unsound."""
        days = segments.days_of(files)
        new = days.keys() - self._index.segments()
        for oid, blob in self._commits.read(new):
            checked = segments.check_content(blob)
            rows = _rows(oid, checked)
            # now, as they are at hand: the first look at the united archive would read them again
            self._index.put_segment(oid, rows)

    def _lines_missing(
        self,
        theirs: ArchiveFiles,
        ours: ArchiveFiles,
    ) -> ByDay:
        """The lines of those segments of theirs that are not among ours.

        A line that is no record known here stays in the folder where it is, because only who knows
        its kind knows its day.
        """
        known = {file.oid for file in ours.values()}
        days = segments.days_of(theirs)
        new = days.keys() - known
        by_day: ByDay = defaultdict(dict)
        for oid, blob in self._commits.read(new):
            day = days[oid]
            for line in segments.segment_lines(blob or b"", day):
                lines = by_day[line.day]
                lines[line.id] = line.blob
        return by_day

    def _select(
        self,
        tip: str,
        ask: Ask,
        wanted: Callable[[ArchiveRow], bool],
    ) -> list[ArchiveRow]:
        """Some rows of an archive: those that the index gives when it is asked, and those that it could not keep."""
        present, loose = self._indexed(tip)
        rows = ask()
        rows += loose
        if self._index.failed:
            # a row that is not there may then mean nothing, and a missed release holds everybody up
            rows = []
            for oid, blob in self._commits.read(present):
                rows += _rows(oid, blob or b"")
        selected: list[ArchiveRow] = []
        for row in rows:
            # The index also knows segments that another archive had.
            if row.segment in present and wanted(row):
                selected.append(row)
        return selected

    def _indexed(self, tip: str) -> tuple[set[str], list[ArchiveRow]]:
        """The segments of an archive, indexed by now, and the rows of those that the index could not keep."""
        present = self._commits.segments(tip)
        new = present - self._index.segments()
        loose: list[ArchiveRow] = []
        for oid, blob in self._commits.read(new):
            rows = _rows(oid, blob or b"")
            is_kept = self._index.put_segment(oid, rows)
            if not is_kept:
                loose += rows
        return present, loose


def _rows(segment: str, blob: bytes) -> list[ArchiveRow]:
    """What the index holds of a segment."""
    rows: list[ArchiveRow] = []
    for line in segments.segment_lines(blob, ""):
        record = line.record
        if record is None:
            continue
        ref = records.ref_name(record, line.id)
        until, about = segments.reach_of(record, line.id)
        row = ArchiveRow(
            short_name(ref),
            line.id,
            segment,
            until,
            about,
        )
        rows.append(row)
    return rows
