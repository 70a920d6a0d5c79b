"""The tables of the index made anew for a listing, whatever they hold: in parts, as all at once takes much memory."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Heartbeat
from git_muse_coord.store.records.index_change import add_pieces
from git_muse_coord.store.records.index_facts import (
    BEATS,
    ENDS,
    HOLDERS,
    MESSAGES,
    PATHS,
    WAITS,
    by_bucket,
)
from git_muse_coord.store.records.index_tables import IndexStamp
from git_muse_coord.store.records.ref_lines import digest_of, listed_lines, parted
from git_muse_coord.store.records.ref_names import prefix_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.store.records.cached_record import Entries
    from git_muse_coord.store.records.index_tables import Buckets, IndexTables, Pieces
    from git_muse_coord.store.records.ref_lines import RefLines

_PARTS = ((PATHS, WAITS), (HOLDERS, BEATS), (ENDS, MESSAGES))
"""The families that are in memory at one time."""


def write_anew(
    tables: IndexTables,
    listing: RefLines,
    entries: Entries,
) -> None:
    """Fill the tables for a listing. ``entries`` are the sound records by ref."""
    pieces: Pieces = {}
    add_pieces(b"", listing.text, pieces)
    digests: Pieces = {}
    for name, text in pieces.items():
        digests[name] = digest_of(text)
    odd: set[bytes] = set()
    for line in listed_lines(listing.text):
        ref, _ = parted(line)
        if ref not in entries:
            odd.add(line)
    empty = IndexStamp(
        pieces=digests,
        odd=frozenset(odd),
        spare=_spare_among(entries),
    )
    tables.write_anew(empty, pieces, _parts(entries))


def _parts(entries: Entries) -> Iterator[Buckets]:
    """All buckets, some families at a time."""
    for families in _PARTS:
        # in no name here: they would be in memory twice until the next ones are made
        yield _copied(by_bucket(entries.values(), families))


def _copied(texts: dict[int, bytearray]) -> Buckets:
    """Some buckets as they are stored, each taken out of where it was made."""
    buckets: Buckets = {}
    while texts:
        number, text = texts.popitem()
        buckets[number] = bytes(text)
    return buckets


def _spare_among(entries: Entries) -> int:
    """How many heartbeats there are beyond one a subject."""
    start = prefix_of(Heartbeat)
    subjects: list[bytes] = []
    for ref, beat in entries.items():
        if ref.startswith(start):
            subjects.append(beat.mentions)
    return len(subjects) - len(set(subjects))
