"""What takes the tables of the index from the listing that they know to the one at hand."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.records.index_facts import (
    BEATS,
    bare_lines,
    by_bucket,
    lines_in,
    spare_in,
)
from git_muse_coord.store.records.index_tables import BUCKETS, IndexChange, IndexStamp
from git_muse_coord.store.records.ref_lines import digest_of, listed_lines, parted

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Collection,
        Iterable,
        Sequence,
    )

    from git_muse_coord.store.records.cached_record import CachedRecord, Known
    from git_muse_coord.store.records.index import Index
    from git_muse_coord.store.records.index_tables import Buckets, IndexTables, Pieces
    from git_muse_coord.store.records.ref_lines import RefLines
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef

_PIECE_LINES = 128
"""A piece of the listing is cut where it has twice as many lines: all of it is written where one of them changes."""

_MOST_CHANGES = 500
"""Where more lines differ, to read all rows takes less time."""

_TRIES = 3
"""How often the tables are read again where another process changes them just then."""


class Untold(Exception):
    """The tables lack what their stamp vouches for, or what is needed to take them further."""


class Lookup(NamedTuple):
    """The tables, and what tells of refs and objects.

    ``judge`` makes an index of some refs by looking at each, into the object if that was never
    seen; ``remembered`` gives what is known of objects without a look; ``whole`` makes the index of
    a listing by all rows.
    """

    tables: IndexTables
    whole: Callable[[RefLines], Index]
    judge: Callable[[OidsByRef], Index]
    remembered: Callable[[Sequence[str]], Known]


class TablesAtHand:
    """What the tables hold, as it is for the listing at hand. Raises Untold where they cannot be brought up to it.

    ``stamp`` vouches for them, as they are for that listing.
    """

    def __init__(self, listing: RefLines, lookup: Lookup) -> None:
        self._listing = listing
        self._lookup = lookup
        self.stamp = IndexStamp()
        self._buckets: Buckets = {}
        change = self._carry_on()
        # once is enough: who comes next has fewer lines to look into
        if change is not None:
            lookup.tables.write(change)

    def fetch(self, numbers: Collection[int]) -> Buckets:
        """Buckets by their numbers, and maybe others beside them. Raises Untold.

        Another process may have taken the tables further meanwhile. Then what they hold is another
        difference away from this listing, and that is found as the first one was.
        """
        for _ in range(_TRIES):
            lacking = [number for number in numbers if number not in self._buckets]
            try:
                buckets = read_buckets(self.stamp, lacking, self._lookup.tables)
            except Untold:
                self._carry_on()
                continue
            self._buckets.update(buckets)
            return self._buckets
        # nobody is that fast: they are damaged
        self._lookup.tables.forget()
        raise Untold

    def family(self, family: int) -> list[bytes]:
        """All buckets of a family. Raises Untold."""
        first = family * BUCKETS
        numbers = range(first, first + BUCKETS)
        buckets = self.fetch(numbers)
        return [buckets[number] for number in numbers]

    def lines(self, family: int) -> list[bytes]:
        """All lines of a family: a key, a tab, a name, a blank and an object id. Raises Untold."""
        lines: list[bytes] = []
        for bucket in self.family(family):
            lines += bare_lines(bucket)
        return lines

    def _carry_on(self) -> IndexChange | None:
        """Take what the tables hold, in memory alone, from where they are to the listing at hand. Raises Untold."""
        stamp = self._lookup.tables.stamp()
        if stamp is None:
            raise Untold
        change = change_to(self._listing, stamp, self._lookup)
        if change is None:
            self.stamp = stamp
            self._buckets = {}
        else:
            self.stamp = change.after
            self._buckets = dict(change.buckets)
        return change


class _Difference(NamedTuple):
    """The lines that a listing shows more and less than the tables know, and the pieces that it is cut into.

    ``pieces`` are those that changed.
    """

    added: set[bytes]
    removed: set[bytes]
    pieces: Pieces
    digests: Pieces


def change_to(
    listing: RefLines,
    stamp: IndexStamp,
    lookup: Lookup,
) -> IndexChange | None:
    """What is to change in the tables; None: nothing. Raises Untold and OddRef."""
    difference = _difference(listing, stamp, lookup.tables)
    added, removed = difference.added, difference.removed
    if len(added) + len(removed) > _MOST_CHANGES:
        raise Untold
    # an object that was not there may be there again
    still_odd = stamp.odd - removed
    came, odd = _told_apart(added | still_odd, lookup)
    if not difference.pieces and odd == stamp.odd:
        return None
    left = _remembered(removed - stamp.odd, lookup)
    buckets, spare = _changed_buckets(stamp, came, left, lookup.tables)
    after = IndexStamp(
        stamp.with_buckets(buckets),
        difference.digests,
        odd,
        stamp.spare + spare,
    )
    return IndexChange(stamp, after, buckets, difference.pieces)


def read_buckets(
    stamp: IndexStamp,
    numbers: Collection[int],
    tables: IndexTables,
) -> Buckets:
    """Some buckets, as a stamp vouches for them. Raises Untold."""
    stored = tables.buckets(numbers)
    buckets: Buckets = {}
    for number in numbers:
        # an empty one need not be there
        lines = stored.get(number, b"")
        if not stamp.vouches_for(number, lines):
            raise Untold
        buckets[number] = lines
    return buckets


def _difference(
    listing: RefLines,
    stamp: IndexStamp,
    tables: IndexTables,
) -> _Difference:
    """How a listing differs from that of a stamp. Raises Untold, and OddRef where a line is not plain."""
    difference = _Difference(set(), set(), {}, {})
    texts = listing.cut(stamp.pieces)
    for (name, known), text in zip(stamp.pieces.items(), texts, strict=True):
        digest = digest_of(text)
        if digest == known:
            difference.digests[name] = digest
            continue
        before = tables.piece(name)
        if digest_of(before) != known:
            raise Untold
        lines_before = set(listed_lines(before))
        lines = set(listing.lines(text, lines_before))
        difference.added.update(lines - lines_before)
        difference.removed.update(lines_before - lines)
        parts: Pieces = {}
        add_pieces(name, text, parts)
        for part, part_text in parts.items():
            difference.digests[part] = digest_of(part_text)
        difference.pieces.update(parts)
    return difference


def add_pieces(
    name: bytes,
    text: bytes,
    pieces: Pieces,
) -> None:
    """Add a piece that begins with a name, or several where it is long."""
    lines = listed_lines(text)
    if len(lines) < 2 * _PIECE_LINES:
        pieces[name] = text
        return
    for start in range(0, len(lines), _PIECE_LINES):
        part = lines[start : start + _PIECE_LINES]
        # the first goes on where the piece began, though no line need be there any more
        begins = name
        if start > 0:
            _, _, begins = part[0].partition(b" ")
        pieces[begins] = b"\n".join([*part, b""])


def _told_apart(
    lines: Collection[bytes],
    lookup: Lookup,
) -> tuple[list[CachedRecord], frozenset[bytes]]:
    """What is known of the sound records in lines of a listing, and the lines of all else."""
    # mostly there are none, and this is in the way of every look
    if not lines:
        return [], frozenset()
    refs: Oids = {}
    line_of: dict[str, bytes] = {}
    for line in lines:
        ref, oid = parted(line)
        refs[ref] = oid
        line_of[ref] = line
    sound = lookup.judge(refs).entries
    odd: set[bytes] = set()
    for ref, line in line_of.items():
        if ref not in sound:
            odd.add(line)
    return list(sound.values()), frozenset(odd)


def _remembered(lines: Iterable[bytes], lookup: Lookup) -> list[CachedRecord]:
    """What is known of the sound records in lines that are gone. Raises Untold where it is known no more."""
    refs: Oids = {}
    for line in lines:
        ref, oid = parted(line)
        refs[ref] = oid
    sound: list[CachedRecord] = []
    if not refs:
        return sound
    oids = list(refs.values())
    verdicts = lookup.remembered(oids)
    for ref, oid in refs.items():
        cached = verdicts.get(oid)
        if cached is None or cached.ref != ref:
            raise Untold
        sound.append(cached)
    return sound


def _changed_buckets(
    stamp: IndexStamp,
    came: Iterable[CachedRecord],
    left: Iterable[CachedRecord],
    tables: IndexTables,
) -> tuple[Buckets, int]:
    """Buckets with the lines of some records added and of others removed, and by how much the spare heartbeats grow.

    Raises Untold.
    """
    new = by_bucket(came)
    old = by_bucket(left)
    numbers = new.keys() | old.keys()
    buckets = read_buckets(stamp, numbers, tables)
    grown = 0
    for number, lines in buckets.items():
        changed = lines
        for line in lines_in(old.get(number, b"")):
            if line not in changed:
                raise Untold
            changed = changed.replace(line, b"", 1)
        changed += new.get(number, b"")
        if number // BUCKETS == BEATS:
            grown += spare_in(changed) - spare_in(lines)
        buckets[number] = changed
    return buckets, grown
