"""Reading both versions of files that differ piece by piece, for as long as there is time."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.source.by_path import new_versions, old_versions
from git_muse_coord.store.git.trees import Delta

if TYPE_CHECKING:
    from collections.abc import (
        Iterable,
        Iterator,
        Mapping,
        Sequence,
    )

    from git_muse_coord.source.allowance import Allowance
    from git_muse_coord.source.sources import Sources
    from git_muse_coord.symbols.kinds import FileId

    KnownAndUnread = tuple[list[Delta], list[Delta]]

_PIECE = 64 << 10
"""Bytes of source after which it is looked whether there is still time."""
_RECALLED = 4
"""Files that are recalled from the cache before it is looked whether there is still time, at most."""
_AT_ONCE = 40
"""Files of at most 1 MiB that are in memory together, each in two versions, at most."""


class Piecemeal:
    """Files of one repository, whose symbols are kept in ``sources`` as they become known.

    Each piece goes into the cache at once, so that whoever is stopped goes on there the next time.
    """

    def __init__(self, sources: Sources, allowance: Allowance | None) -> None:
        self.sources = sources
        self._allowance = allowance

    def pieces(self, deltas: Sequence[Delta], share: float) -> Iterator[list[Delta]]:
        """The files in the order in which they become known: at first what the cache has, then small before large.

        Ends early when that share of the allowance is spent; the rest is for what is done with
        them. Where there is no limit all are one piece, and still to be read: several processes do
        that faster.
        """
        if self._allowance is None:
            yield list(deltas)
            return
        with_ids = self._with_ids(deltas)
        cached, unread = self._recalled(with_ids, share)
        yield cached
        for batch in _in_batches(unread, _AT_ONCE):
            if not self.has_time(share):
                return
            yield from self._read(batch, share)

    def has_time(self, share: float) -> bool:
        """Whether less than a share of the allowance is spent."""
        if self._allowance is None:
            return True
        return self._allowance.spent < share

    def _recalled(self, deltas: Sequence[Delta], share: float) -> KnownAndUnread:
        """The files that the cache knows, as far as there is time to decode them, and the rest."""
        cached: list[Delta] = []
        unread: list[Delta] = []
        for batch in _in_batches(deltas, _RECALLED):
            # Decoding takes time as well: when none is left, what is cached counts as unread.
            if not self.has_time(share):
                unread += batch
                continue
            pairs = _pairs_of(batch)
            known = self.sources.recall(pairs)
            for delta in batch:
                is_known = known.issuperset(_pairs(delta))
                if is_known:
                    cached.append(delta)
                else:
                    unread.append(delta)
        return cached, unread

    def _with_ids(self, deltas: Sequence[Delta]) -> list[Delta]:
        """The same files, those of the working tree with the ids that git would give them."""
        hashed = self.sources.contents.hashed
        old_by_path = hashed(old_versions(deltas))
        new_by_path = hashed(new_versions(deltas))
        with_ids: list[Delta] = []
        for delta in deltas:
            path = delta.path
            old = old_by_path.get(path)
            new = new_by_path.get(path)
            with_ids.append(Delta(path, old, new))
        return with_ids

    def _read(self, deltas: Sequence[Delta], share: float) -> Iterator[list[Delta]]:
        contents = self._contents(deltas)

        def bytes_of(delta: Delta) -> int:
            return _size(delta, contents)

        piece: list[Delta] = []
        size = 0
        # Small ones first: of them the most are known before the time is spent.
        for delta in sorted(deltas, key=bytes_of):
            piece.append(delta)
            size += bytes_of(delta)
            if size < _PIECE:
                continue
            yield self._learned(piece, contents)
            piece = []
            size = 0
            if not self.has_time(share):
                return
        if piece:
            yield self._learned(piece, contents)

    def _contents(self, deltas: Sequence[Delta]) -> dict[FileId, bytes]:
        pairs = _pairs_of(deltas)
        oids = [oid for _, oid in pairs]
        read = self.sources.contents.read(oids)
        contents: dict[FileId, bytes] = {}
        for pair, data in zip(pairs, read, strict=True):
            # Too large, or filtered: of it only the whole is known.
            if data is not None:
                contents[pair] = data
        return contents

    def _learned(self, piece: list[Delta], contents: Mapping[FileId, bytes]) -> list[Delta]:
        """The piece, of which the symbols are known from now on."""
        contents_of_piece: dict[FileId, bytes] = {}
        for pair in _pairs_of(piece):
            if pair in contents:
                contents_of_piece[pair] = contents[pair]
        self.sources.learn(contents_of_piece)
        return piece


def _in_batches(deltas: Sequence[Delta], most: int) -> Iterator[Sequence[Delta]]:
    for start in range(0, len(deltas), most):
        end = start + most
        yield deltas[start:end]


def _pairs(delta: Delta) -> list[FileId]:
    """The path with the object id of each version that can be read inside."""
    pairs: list[FileId] = []
    for version in delta.versions:
        is_readable = version.is_file and version.oid != ""
        if is_readable:
            pairs.append((delta.path, version.oid))
    return pairs


def _pairs_of(deltas: Iterable[Delta]) -> list[FileId]:
    pairs: list[FileId] = []
    for delta in deltas:
        pairs += _pairs(delta)
    return pairs


def _size(delta: Delta, contents: Mapping[FileId, bytes]) -> int:
    """Bytes in the versions of a file together."""
    size = 0
    for pair in _pairs(delta):
        data = contents.get(pair, b"")
        size += len(data)
    return size
