"""A linked graph as bytes, for the cache: every key once, the edges as columns of numbers.

It is asked there as it lies: of the tens of thousands of edges of a tree, an answer needs a few
hundred, and only those are made.
"""

from __future__ import annotations

import sys
from array import array
from collections import Counter
from functools import cached_property

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_json import loads, writer
from git_muse_coord.rules.uses import (
    VERSION,
    Use,
    UseEdge,
    UseGraph,
)
from git_muse_coord.symbols.kinds import ReadingKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    from git_muse_coord.model.address import Key

    _Numbers: TypeAlias = "array[int]"

_as_json = writer()
_USES = tuple(Use)
_STEP = "\x1f"
"""Between the parts of a key; no path and no name of a symbol holds it."""
_WIDTH = 4
"""Bytes of a number, the lowest first, but for uses, which take one."""


class _Grouped(NamedTuple):
    """Edges by one of their ends: those of key ``k`` are ``edges[starts[k] : starts[k + 1]]``, in their order."""

    starts: _Numbers
    edges: _Numbers


class _Columns(NamedTuple):
    sources: _Numbers
    targets: _Numbers
    lines: _Numbers
    thousandths: _Numbers
    """How sure they are."""
    uses: bytes


class StoredGraph(UseGraph):
    """A graph of which the edges are made when somebody looks at them."""

    def __init__(
        self,
        texts: list[str],
        columns: _Columns,
        by_source: _Grouped,
        by_target: _Grouped,
        *,
        unread: Sequence[str],
        unlinked: Sequence[str],
        ambiguous: Sequence[tuple[str, int]],
        imports: Sequence[tuple[str, int, int]],
    ) -> None:
        super().__init__(
            (),
            unread=unread,
            unlinked=unlinked,
            ambiguous=ambiguous,
            imports=imports,
        )
        self._texts = texts
        self._columns = columns
        self._by_source = by_source
        self._by_target = by_target
        self._keys: dict[int, Key] = {}
        """Those that were asked for: one stands at the ends of many edges."""

    @cached_property
    def edges(self) -> tuple[UseEdge, ...]:
        """All uses."""
        columns = self._columns
        # without a loop in Python, for graphs have tens of thousands of edges
        edges = map(
            UseEdge,
            map(self._key, columns.sources),
            map(self._key, columns.targets),
            columns.lines,
            map(_USES.__getitem__, columns.uses),
            map((1000).__rtruediv__, columns.thousandths),
        )
        return tuple(edges)

    @property
    def targets(self) -> list[Key]:
        """All that is used."""
        # in the order in which they come in the edges
        return list(map(self._key, dict.fromkeys(self._columns.targets)))

    def used_by(self, source: Key) -> list[UseEdge]:
        """What a symbol itself uses."""
        return self._edges_of(source, self._by_source)

    def users_of(self, target: Key) -> list[UseEdge]:
        """Where a symbol is used."""
        return self._edges_of(target, self._by_target)

    def file_edges(self) -> dict[tuple[str, str], int]:
        """How many uses lead from one file to another, for each pair of files."""
        paths = [text.partition(_STEP)[0] for text in self._texts]
        pairs = zip(
            map(paths.__getitem__, self._columns.sources),
            map(paths.__getitem__, self._columns.targets),
            strict=True,
        )
        return {pair: count for pair, count in Counter(pairs).items() if pair[0] != pair[1]}

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return dict(zip(self._texts, range(len(self._texts)), strict=True))

    def _key(self, number: int) -> Key:
        key = self._keys.get(number)
        if key is None:
            key = self._keys[number] = tuple(self._texts[number].split(_STEP))
        return key

    def _edges_of(self, key: Key, grouped: _Grouped) -> list[UseEdge]:
        number = self._numbers.get(_STEP.join(key))
        if number is None:
            return []
        sources, targets, lines, thousandths, uses = self._columns
        start = grouped.starts[number]
        end = grouped.starts[number + 1]
        known = self._keys
        edges: list[UseEdge] = []
        for edge in grouped.edges[start:end]:
            # most are known, and a call for each would take longer than all else
            source = known.get(sources[edge]) or self._key(sources[edge])
            target = known.get(targets[edge]) or self._key(targets[edge])
            use = _USES[uses[edge]]
            edges.append(
                UseEdge(
                    source,
                    target,
                    lines[edge],
                    use,
                    thousandths[edge] / 1000,
                )
            )
        return edges


def encode_graph(graph: UseGraph) -> bytes:
    """A line of JSON with the keys, then the columns, and the numbers of the edges by each of their ends."""
    numbers: dict[Key, int] = {}
    for edge in graph.edges:
        numbers.setdefault(edge.source, len(numbers))
        numbers.setdefault(edge.target, len(numbers))
    columns = _Columns(
        array("I", [numbers[edge.source] for edge in graph.edges]),
        array("I", [numbers[edge.target] for edge in graph.edges]),
        array("I", [edge.line for edge in graph.edges]),
        array("I", [round(1000 * edge.confidence) for edge in graph.edges]),
        bytes(_USES.index(edge.use) for edge in graph.edges),
    )
    head = (
        len(graph.edges),
        list(map(_STEP.join, numbers)),
        graph.unread,
        graph.unlinked,
        graph.ambiguous,
        graph.imports,
    )
    parts = (
        *map(_packed, columns[:-1]),
        *map(_packed, _grouped(columns.sources, len(numbers))),
        *map(_packed, _grouped(columns.targets, len(numbers))),
        columns.uses,
    )
    first_line = _as_json(head).encode()
    return first_line + b"\n" + b"".join(parts)


def decode_graph(_path: str, value: bytes) -> UseGraph:
    """The graph again. Raises ValueError, TypeError or IndexError on other bytes."""
    first, _, rest = value.partition(b"\n")
    count, texts, unread, unlinked, ambiguous, imports = loads(first.decode())
    starts = len(texts) + 1
    sizes = (count, count, count, count, starts, count, starts, count)
    if len(rest) != _WIDTH * sum(sizes) + count:
        raise ValueError
    numbers: list[_Numbers] = []
    at = 0
    for size in sizes:
        end = at + _WIDTH * size
        numbers.append(_unpacked(rest[at:end]))
        at = end
    sources, targets, lines, thousandths, *grouped = numbers
    uses = rest[at:]
    return StoredGraph(
        texts,
        _Columns(
            sources,
            targets,
            lines,
            thousandths,
            uses,
        ),
        _Grouped(*grouped[:2]),
        _Grouped(*grouped[2:]),
        unread=unread,
        unlinked=unlinked,
        ambiguous=[(name, places) for name, places in ambiguous],
        imports=[(language, found, astray) for language, found, astray in imports],
    )


def _grouped(ends: _Numbers, keys: int) -> _Grouped:
    counts = Counter(ends)
    starts = array("I", [0])
    for number in range(keys):
        starts.append(starts[-1] + counts[number])
    # sorted() keeps the order of equals
    return _Grouped(starts, array("I", sorted(range(len(ends)), key=ends.__getitem__)))


def _packed(column: _Numbers) -> bytes:
    if sys.byteorder == "big":
        column = column[:]
        column.byteswap()
    return column.tobytes()


def _unpacked(data: bytes) -> _Numbers:
    column = array("I", data)
    if sys.byteorder == "big":
        column.byteswap()
    return column


def _never(path: str, _data: bytes) -> UseGraph:
    raise NotImplementedError(path)


GRAPHS = ReadingKind(
    name="graphs",
    version=VERSION,
    read=_never,
    failed=_never,
    encode=encode_graph,
    decode=decode_graph,
    max_size=32 << 20,
)
"""How linked graphs are remembered; they are never read from one file."""
