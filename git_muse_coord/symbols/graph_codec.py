"""A linked graph as bytes, for the cache: every key once, the edges as columns of numbers."""

from __future__ import annotations

import json
import sys
from array import array

from git_muse_coord.model.address import Key
from git_muse_coord.rules.uses import VERSION, Use, UseEdge, UseGraph
from git_muse_coord.symbols.kinds import ReadingKind

_USES = tuple(Use)
_STEP = "\x1f"
"""Between the parts of a key; no path and no name of a symbol holds it."""
_WIDTH = 4
"""Bytes of a number, the lowest first, but for uses, which take one."""


def encode_graph(graph: UseGraph) -> bytes:
    """A line of JSON, then the columns: source, target, line, use, and confidence in thousandths."""
    numbers: dict[Key, int] = {}
    for edge in graph.edges:
        numbers.setdefault(edge.source, len(numbers))
        numbers.setdefault(edge.target, len(numbers))
    sources = array("I")
    targets = array("I")
    lines = array("I")
    uses = bytearray()
    confidences = array("I")
    for edge in graph.edges:
        sources.append(numbers[edge.source])
        targets.append(numbers[edge.target])
        lines.append(edge.line)
        uses.append(_USES.index(edge.use))
        confidences.append(round(1000 * edge.confidence))
    head = (
        len(graph.edges),
        list(map(_STEP.join, numbers)),
        graph.unread,
        graph.unlinked,
        graph.ambiguous,
    )
    columns = (
        _packed(sources),
        _packed(targets),
        _packed(lines),
        uses,
        _packed(confidences),
    )
    first_line = json.dumps(head, separators=(",", ":")).encode()
    return first_line + b"\n" + b"".join(columns)


def decode_graph(_path: str, value: bytes) -> UseGraph:
    """The graph again. Raises ValueError, TypeError or IndexError on other bytes."""
    first, _, rest = value.partition(b"\n")
    count, texts, unread, unlinked, ambiguous = json.loads(first)
    if len(rest) != (4 * _WIDTH + 1) * count:
        raise ValueError
    keys = [tuple(text.split(_STEP)) for text in texts]
    wide = _WIDTH * count
    sources = _unpacked(rest[:wide])
    targets = _unpacked(rest[wide : 2 * wide])
    lines = _unpacked(rest[2 * wide : 3 * wide])
    uses = rest[3 * wide : 3 * wide + count]
    confidences = _unpacked(rest[3 * wide + count :])
    # without a loop in Python, for graphs have tens of thousands of edges
    edges = map(
        UseEdge,
        map(keys.__getitem__, sources),
        map(keys.__getitem__, targets),
        lines,
        map(_USES.__getitem__, uses),
        [thousandths / 1000 for thousandths in confidences],
    )
    pairs = ((name, places) for name, places in ambiguous)
    return UseGraph(edges, unread=unread, unlinked=unlinked, ambiguous=pairs)


def _packed(column: array[int]) -> bytes:
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()


def _unpacked(data: bytes) -> array[int]:
    column = array("I", data)
    if sys.byteorder == "big":
        column.byteswap()
    return column


def _never(path: str, _data: bytes) -> UseGraph:
    raise NotImplementedError(path)


GRAPHS = ReadingKind(
    "graphs", VERSION, _never, _never, encode_graph, decode_graph, max_size=32 << 20
)
"""How linked graphs are remembered; they are never read from one file."""
