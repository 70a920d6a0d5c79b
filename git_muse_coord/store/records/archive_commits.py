"""The archive as git holds it: a chain of commits, whose files are told of in ``segments``."""

from __future__ import annotations

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.names import ARCHIVE
from git_muse_coord.store.git import foreign
from git_muse_coord.store.git.foreign import Unsound
from git_muse_coord.store.git.process import IDENTITY
from git_muse_coord.store.records import segments

if TYPE_CHECKING:
    from collections.abc import (
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.store.git.objects import Objects
    from git_muse_coord.store.git.process import Git
    from git_muse_coord.store.records.segments import ArchiveFiles, Line

_AT_ONCE = 8
"""At most this many segments are read by one git process, and held in memory: 40 MiB."""

_MESSAGE = b"Archive of coordination records [skip ci]\n"


class ArchiveCommits:
    """The commits of archives in one repository, their files and the lines in them."""

    def __init__(
        self,
        git: Git,
        objects: Objects,
    ) -> None:
        self._git = git
        self._objects = objects

    def files(self, tip: str | None) -> ArchiveFiles:
        """The files of our archive, by path. Raises StoreFailed."""
        if tip is None:
            return {}
        try:
            return foreign.list_files(self._git, tip)
        except Unsound as error:
            raise StoreFailed(
                f"the archive of this clone cannot be read: {error}",
                f"see git show {ARCHIVE}",
            ) from None

    def segments(self, tip: str) -> set[str]:
        """The segments of our archive; none of one that cannot be read, which must not stop those who only look."""
        try:
            files = foreign.list_files(self._git, tip)
        except Unsound:
            return set()
        return set(segments.days_of(files))

    def checked_files(self, tip: str) -> ArchiveFiles:
        """The files of an archive that another clone made, by path. Raises Unsound where bounds are broken."""
        foreign.require_commit(self._git, tip)
        listing = foreign.list_files(self._git, tip, sizes=True)
        segments.check_listing(listing)
        without_sizes: ArchiveFiles = {}
        for path, file in listing.items():
            # so that it compares with a listing of ours
            without_sizes[path] = file._replace(size=0)
        return without_sizes

    def base_files(
        self,
        ours: str,
        theirs: str,
    ) -> ArchiveFiles:
        """The files of the archive that two others have grown out of; none where there is no such."""
        answer = self._git.ask("merge-base", ours, theirs)
        base = answer.out.decode().strip()
        # two clones that archived before they first met
        if not base:
            return {}
        return foreign.list_files(self._git, base)

    def is_ancestor(
        self,
        old: str,
        new: str,
    ) -> bool:
        """Whether a commit has grown out of another one."""
        answer = self._git.ask("merge-base", "--is-ancestor", old, new)
        return answer.code == 0

    def tree(self, commit: str) -> str:
        """The id of the tree of a commit."""
        name = f"{commit}^{{tree}}"
        return self._git.line("rev-parse", name)

    def read(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """The bytes of segments, with their ids; None for what cannot be read."""
        wanted = list(oids)
        for start in range(0, len(wanted), _AT_ONCE):
            end = start + _AT_ONCE
            part = wanted[start:end]
            for stored in self._objects.read(part, segments.READABLE_BYTES):
                yield stored.oid, stored.blob

    def lines(self, oids: Iterable[str]) -> Iterator[tuple[str, Line]]:
        """The lines of segments, each with the id of its segment. What cannot be read has none."""
        for oid, blob in self.read(oids):
            for line in segments.segment_lines(blob or b"", ""):
                yield oid, line

    def commit(
        self,
        files: ArchiveFiles,
        new: Mapping[str, Mapping[RecordId, bytes]],
        parents: Sequence[str],
    ) -> str:
        """Add lines, by day and by id, to the files of an archive, and commit that.

        Returns the only parent where that had them all. Raises StoreFailed.
        """
        whole = dict(files)
        for day, added in new.items():
            whole = self._with_lines(whole, day, added)
        if len(parents) == 1 and whole == files:
            return parents[0]
        tree = foreign.write_tree(self._git, whole)
        command = [*IDENTITY, "commit-tree", tree]
        for parent in parents:
            command += ["-p", parent]
        return self._git.line(*command, given=_MESSAGE)

    def _with_lines(
        self,
        files: ArchiveFiles,
        day: str,
        added: Mapping[RecordId, bytes],
    ) -> ArchiveFiles:
        """The files of an archive in which a day has some more lines."""
        before = segments.segments_of_day(files, day)
        lines = self._lines_of(before, day)
        if added.keys() <= lines.keys():
            return files
        # the whole day is cut anew: lines are sorted through all its segments
        lines.update(added)
        blobs = list(segments.cut_segments(lines))
        new_oids = self._objects.write(blobs)
        whole: ArchiveFiles = {}
        for path, file in files.items():
            if path not in before:
                whole[path] = file
        whole |= segments.name_segments(day, new_oids)
        return whole

    def _lines_of(
        self,
        files: ArchiveFiles,
        day: str,
    ) -> dict[RecordId, bytes]:
        """The lines in the segments of a day, by their ids."""
        oids = [file.oid for file in files.values()]
        lines: dict[RecordId, bytes] = {}
        for _, blob in self.read(oids):
            for line in segments.segment_lines(blob or b"", day):
                lines[line.id] = line.blob
        return lines
