"""The archive read backwards, day by day: what happened last, without reading what happened before.

A record lies in the folder of the day on which it was made, and so does its release in that of its
own. In a segment records are sorted by id, so a day is read as a whole; but only what is told of it
is parsed.
"""

from __future__ import annotations

import heapq
import re
from typing import NamedTuple

from git_muse_coord.model import records
from git_muse_coord.model.codec import InvalidRecord, content_id
from git_muse_coord.store.records.archive_commits import ArchiveCommits
from git_muse_coord.store.records.segments import days_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from git_muse_coord.store.git.objects import Objects
    from git_muse_coord.store.git.process import Git
    from git_muse_coord.store.records.loading import Records

_KIND = re.compile(rb'"kind":"(?:reservation|release|heartbeat)"')
_TIME = re.compile(rb'"(?:beat_at|created_at|released_at)":"([^"]{32})"')
"""In a text no quote stands without a backslash, so neither is found in what somebody wrote."""

_NO_LESS = 50
"""So many more than asked for are parsed, as of some nothing is told."""


class _Line(NamedTuple):
    """A line with the time that it says, which sorts as text."""

    time: bytes
    text: bytes


class ArchiveDays:
    """The days of one archive, newest first."""

    def __init__(
        self,
        git: Git,
        objects: Objects,
        tip: str | None,
    ) -> None:
        self._commits = ArchiveCommits(git, objects)
        self._segments: dict[str, list[str]] = {}
        if tip is not None:
            self._list(tip)

    def _list(self, tip: str) -> None:
        days = days_of(self._commits.files(tip))
        for oid, day in days.items():
            of_day = self._segments.setdefault(day, [])
            of_day.append(oid)

    @property
    def days(self) -> list[str]:
        """The days of which there is anything, newest first."""
        return sorted(self._segments, reverse=True)

    def newest_of(
        self,
        day: str,
        most: int,
    ) -> Records:
        """The newest reservations, releases and heartbeats of a day, by id; what cannot be read is left out."""
        # by what the lines say, unparsed: a day of a busy team has thousands
        stamped = self._stamped(self._segments[day])
        newest = heapq.nlargest(most + _NO_LESS, stamped)
        return _decoded(line.text for line in newest)

    def mentioning(self, is_wanted: Callable[[bytes], bool]) -> Records:
        """All reservations, releases and heartbeats of which the line looks like one that is wanted."""
        wanted: Records = {}
        for day in self.days:
            lines = self._lines(self._segments[day])
            looking_like_it = filter(is_wanted, lines)
            wanted.update(_decoded(looking_like_it))
        return wanted

    def _stamped(self, oids: Iterable[str]) -> Iterator[_Line]:
        for line in self._lines(oids):
            time = _TIME.search(line)
            if time is not None:
                yield _Line(time[1], line)

    def _lines(self, oids: Iterable[str]) -> Iterator[bytes]:
        for _, blob in self._commits.read(oids):
            # what git has lost must not keep the rest of the past from being told
            content = blob or b""
            for line in content.split(b"\n"):
                if _KIND.search(line):
                    yield line


def _decoded(lines: Iterable[bytes]) -> Records:
    """The records in some lines. Others may have written them, so each is looked at as if it had just come."""
    decoded: Records = {}
    for line in lines:
        try:
            record = records.decode(line)
        except InvalidRecord:
            continue
        decoded[content_id(line)] = record
    return decoded
