"""Reading both versions of files that differ piece by piece, for as long as there is time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from git_muse_coord.source.allowance import Allowance
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.trees import Delta

_PIECE = 64 << 10
_RECALLED = 4
_AT_ONCE = 40
"""So many files of at most 1 MiB, in two versions, are in memory together."""

Pair = tuple[str, str]


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
        deltas = self._with_ids(deltas)
        known, unknown = self._recalled(deltas, share)
        yield known
        for start in range(0, len(unknown), _AT_ONCE):
            if not self.has_time(share):
                return
            yield from self._read(unknown[start : start + _AT_ONCE], share)

    def has_time(self, share: float) -> bool:
        """Whether less than a share of the allowance is spent."""
        return self._allowance is None or self._allowance.spent < share

    def _recalled(self, deltas: Sequence[Delta], share: float) -> tuple[list[Delta], list[Delta]]:
        """The files that the cache knows, as far as there is time to decode them, and the rest."""
        known: list[Delta] = []
        unknown: list[Delta] = []
        for start in range(0, len(deltas), _RECALLED):
            some = deltas[start : start + _RECALLED]
            wanted = (
                [pair for delta in some for pair in _pairs(delta)] if self.has_time(share) else []
            )
            recalled = self.sources.recall(wanted)
            for delta in some:
                (known if wanted and recalled.issuperset(_pairs(delta)) else unknown).append(delta)
        return known, unknown

    def _with_ids(self, deltas: Sequence[Delta]) -> list[Delta]:
        """The same files, those of the working tree with the ids that git would give them."""
        hashed = self.sources.contents.hashed
        old = hashed({delta.path: delta.old for delta in deltas if delta.old})
        new = hashed({delta.path: delta.new for delta in deltas if delta.new})
        return [Delta(delta.path, old.get(delta.path), new.get(delta.path)) for delta in deltas]

    def _read(self, deltas: Sequence[Delta], share: float) -> Iterator[list[Delta]]:
        contents = self._contents(deltas)
        sizes = {
            delta.path: sum(len(contents.get(pair, b"")) for pair in _pairs(delta))
            for delta in deltas
        }
        piece: list[Delta] = []
        size = 0
        for delta in sorted(deltas, key=lambda one: sizes[one.path]):
            piece.append(delta)
            size += sizes[delta.path]
            if size >= _PIECE:
                yield self._learned(piece, contents)
                piece, size = [], 0
                if not self.has_time(share):
                    return
        if piece:
            yield self._learned(piece, contents)

    def _contents(self, deltas: Sequence[Delta]) -> dict[Pair, bytes]:
        pairs = [pair for delta in deltas for pair in _pairs(delta)]
        read = self.sources.contents.read([oid for _, oid in pairs])
        return {pair: data for pair, data in zip(pairs, read, strict=True) if data is not None}

    def _learned(self, piece: list[Delta], contents: Mapping[Pair, bytes]) -> list[Delta]:
        pairs = [pair for delta in piece for pair in _pairs(delta)]
        self.sources.learn({pair: contents[pair] for pair in pairs if pair in contents})
        return piece


def _pairs(delta: Delta) -> list[Pair]:
    """The path with the object id of each version that can be read inside."""
    versions = (one for one in (delta.old, delta.new) if one is not None)
    return [(delta.path, one.oid) for one in versions if one.is_file and one.oid]
