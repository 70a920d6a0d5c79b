"""The archive: records that no longer matter, kept for the audit trail under ``refs/muse-archive/``.

A commit chain; the tree has a folder for each day, with segments of line-delimited records, sorted by id. Equal sets of
records give equal trees. Which records go there is decided in ``rules.lifetime``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from git_muse_coord.model import codec, records
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.records import Record
from git_muse_coord.store.cache import ArchiveRow, Cache
from git_muse_coord.store.git import IDENTITY, Git
from git_muse_coord.store.objects import Objects

ARCHIVE = "refs/muse-archive/head"
SEGMENT_RECORDS = 1000
SEGMENT_BYTES = 4 << 20
"""A segment is cut before it has more records or more bytes than this."""

_READABLE_BYTES = SEGMENT_BYTES + codec.MAX_RECORD_BYTES
_SEGMENT_PATH = re.compile(r"(\d{4}-\d\d-\d\d)/\d{4,}\.jsonl")


class Segment(NamedTuple):
    """One blob of the archive."""

    day: str
    oid: str


class Archive:
    """The archive of one repository."""

    def __init__(self, git: Git, objects: Objects, cache: Cache) -> None:
        self._git = git
        self._objects = objects
        self._cache = cache

    def find(self, tip: str | None, names: Iterable[str]) -> dict[str, ArchiveRow]:
        """Those names that are archived at ``tip``: refs without ``refs/muse/``, such as ``releases/<hex>``."""
        names = list(names)
        if tip is None or not names:
            return {}
        segments, loose = self._index(tip)
        rows = [*self._cache.archived(names), *loose]
        if self._cache.failed:
            rows = [row for oid in segments for row in self._rows(oid)]
        wanted = set(names)
        return {row.name: row for row in rows if row.name in wanted and row.segment in segments}

    def load(self, rows: Iterable[ArchiveRow]) -> dict[str, Record]:
        """The records of some rows, by id."""
        wanted: dict[str, set[str]] = defaultdict(set)
        for row in rows:
            wanted[row.segment].add(row.id)
        blobs = ((self._read(segment), ids) for segment, ids in wanted.items())
        return {one: record for blob, ids in blobs if blob for one, record in _parse(blob) if one in ids}

    def records(self, tip: str | None) -> dict[str, Record]:
        """Every record of the archive by id."""
        if tip is None:
            return {}
        blobs = (blob for segment in self._segments(tip) if (blob := self._read(segment.oid)) is not None)
        return dict(item for blob in blobs for item in _parse(blob))

    def add(self, tip: str | None, new: Mapping[str, Record]) -> str:
        """Write a commit that also holds some records, and return it; the same tip when it held them all."""
        by_day: dict[str, dict[str, bytes]] = defaultdict(dict)
        for content_id, record in new.items():
            by_day[day_of(record)][content_id] = records.encode(record)
        return self._commit(tip, [tip] if tip else [], by_day)

    def is_sound(self, tip: str) -> bool:
        """Whether an object is a commit that holds segments of a bounded size and nothing else."""
        if self._git.ask("cat-file", "-t", tip).out.strip() != b"commit":
            return False
        told = self._git.run("ls-tree", "-r", "-l", "-z", "--full-tree", tip).decode("utf-8", "replace")
        rows = (row.partition("\t") for row in told.split("\0") if row)
        return all(_is_segment(facts.split(), path) for facts, _, path in rows)

    def holds(self, tip: str, other: str) -> bool:
        """Whether an archive has grown out of another one."""
        return self._is_ancestor(other, tip)

    def merge(self, ours: str | None, theirs: str) -> str:
        """Unite another sound archive with ours. Returns their commit when it already holds all, ours when ours does.

        Lines of theirs that are no records are left out.
        """
        if ours is None or self._is_ancestor(ours, theirs):
            return theirs
        if self._is_ancestor(theirs, ours):
            return ours
        known = {segment.oid for segment in self._segments(ours)}
        by_day: dict[str, dict[str, bytes]] = defaultdict(dict)
        for segment in self._segments(theirs):
            if segment.oid not in known and (blob := self._read(segment.oid)) is not None:
                for content_id, record in _parse(blob):
                    by_day[day_of(record)][content_id] = records.encode(record)
        merged = self._commit(ours, [ours, theirs], by_day)
        return theirs if self._tree(merged) == self._tree(theirs) else merged

    def _commit(self, tip: str | None, parents: Sequence[str], by_day: Mapping[str, Mapping[str, bytes]]) -> str:
        tree = self._folders(tip) if tip else {}
        for day, lines in by_day.items():
            before = [self._read(segment.oid) for segment in self._segments(tip, day)] if tip else []
            kept = {one: records.encode(record) for blob in before if blob for one, record in _parse(blob)}
            if not lines.keys() <= kept.keys():
                tree[day] = self._write_day({**kept, **lines})
        listing = "".join(f"040000 tree {oid}\t{day}\n" for day, oid in tree.items())
        top = self._git.run("mktree", given=listing.encode()).decode().strip()
        if tip and len(parents) == 1 and top == self._tree(tip):
            return tip
        options = [word for parent in parents for word in ("-p", parent)]
        message = b"Archive of coordination records [skip ci]\n"
        return self._git.run(*IDENTITY, "commit-tree", top, *options, given=message).decode().strip()

    def _write_day(self, lines: Mapping[str, bytes]) -> str:
        blobs = list(cut(lines))
        oids = self._objects.write(blobs)
        listing = "".join(f"100644 blob {oid}\t{number:04}.jsonl\n" for number, oid in enumerate(oids))
        return self._git.run("mktree", given=listing.encode()).decode().strip()

    def _index(self, tip: str) -> tuple[set[str], list[ArchiveRow]]:
        """The segments of an archive, and the rows of those that the cache could not keep."""
        segments = {segment.oid for segment in self._segments(tip)}
        loose: list[ArchiveRow] = []
        for oid in segments - self._cache.segments():
            rows = self._rows(oid)
            if not self._cache.put_segment(oid, rows):
                loose += rows
        return segments, loose

    def _rows(self, segment: str) -> list[ArchiveRow]:
        parsed = _parse(self._read(segment) or b"")
        return [ArchiveRow(name_of(record, content_id), content_id, segment) for content_id, record in parsed]

    def _segments(self, tip: str, day: str = "") -> list[Segment]:
        where = ["--", f"{day}/"] if day else []
        told = self._git.run("ls-tree", "-r", "-z", "--full-tree", tip, *where).decode("utf-8", "replace")
        rows = (row.partition("\t") for row in told.split("\0") if row)
        return [
            Segment(match[1], facts.split()[2]) for facts, _, path in rows if (match := _SEGMENT_PATH.fullmatch(path))
        ]

    def _folders(self, tip: str) -> dict[str, str]:
        told = self._git.run("ls-tree", "-z", "--full-tree", tip).decode("utf-8", "replace")
        rows = (row.partition("\t") for row in told.split("\0") if row)
        return {path: facts.split()[2] for facts, _, path in rows if facts.split()[1] == "tree"}

    def _read(self, segment: str) -> bytes | None:
        return next((found.blob for found in self._objects.read([segment], _READABLE_BYTES)), None)

    def _tree(self, commit: str) -> str:
        return self._git.run("rev-parse", f"{commit}^{{tree}}").decode().strip()

    def _is_ancestor(self, one: str, other: str) -> bool:
        return self._git.ask("merge-base", "--is-ancestor", one, other).code == 0


def _is_segment(facts: Sequence[str], path: str) -> bool:
    mode, _, _, size = facts
    return mode == "100644" and bool(_SEGMENT_PATH.fullmatch(path)) and int(size) <= _READABLE_BYTES


def day_of(record: Record) -> str:
    """The folder of a record: the day, in UTC, on which it was made."""
    return record.made_at.date().isoformat()


def name_of(record: Record, content_id: str) -> str:
    """The name of a record's ref without ``refs/muse/``."""
    return records.ref_name(record, content_id).removeprefix(records.REF_PREFIX)


def cut(lines: Mapping[str, bytes]) -> Iterator[bytes]:
    """Cut lines, sorted by id, into segments. Equal lines give equal segments."""
    segment: list[bytes] = []
    size = 0
    for content_id in sorted(lines):
        line = lines[content_id]
        if segment and (len(segment) == SEGMENT_RECORDS or size + len(line) > SEGMENT_BYTES):
            yield b"".join(segment)
            segment, size = [], 0
        segment.append(line + b"\n")
        size += len(line) + 1
    if segment:
        yield b"".join(segment)


def _parse(blob: bytes) -> Iterator[tuple[str, Record]]:
    for line in blob.split(b"\n"):
        if line:
            try:
                yield codec.content_id(line), records.decode(line)
            except InvalidRecord:
                continue
