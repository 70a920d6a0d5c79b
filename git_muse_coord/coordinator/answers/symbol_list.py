"""What can be addressed, as an answer: lines kept packed by file, because a large repository has millions of them."""

from __future__ import annotations

import marshal
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import overload


@dataclass(
    kw_only=True,
    eq=False,
    slots=True,
)
class SymbolLine:
    """Something that can be addressed; the lines count from 1."""

    address: str
    kind: str
    start_line: int
    end_line: int
    signature: str


class Listing(Sequence[SymbolLine]):
    """Lines in the order of their files. To go through them is cheap; an index costs as much as going through all."""

    def __init__(self) -> None:
        self._packed: dict[str, bytes] = {}
        self._length = 0

    def add(self, path: str, lines: Iterable[SymbolLine]) -> None:
        """Take in the lines of one file, whichever file comes first."""
        rows = []
        for line in lines:
            rows.append((line.address, line.kind, line.start_line, line.end_line, line.signature))
        self._length += len(rows)
        # Level 1: addresses of one file repeat its path, and that is what packs well.
        self._packed[path] = zlib.compress(marshal.dumps(rows), 1)

    def __len__(self) -> int:
        return self._length

    def __iter__(self) -> Iterator[SymbolLine]:
        for path in sorted(self._packed):
            # The bytes never leave this process, so the quickest codec will do.
            rows = marshal.loads(zlib.decompress(self._packed[path]))  # noqa: S302 - our own bytes, made above
            for address, kind, start_line, end_line, signature in rows:
                yield SymbolLine(
                    address=address,
                    kind=kind,
                    start_line=start_line,
                    end_line=end_line,
                    signature=signature,
                )

    @overload
    def __getitem__(self, at: int) -> SymbolLine: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[SymbolLine, ...]: ...
    def __getitem__(self, at: int | slice) -> SymbolLine | tuple[SymbolLine, ...]:
        return tuple(self)[at]
