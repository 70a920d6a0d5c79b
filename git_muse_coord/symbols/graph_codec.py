"""A linked graph as bytes, for the cache: every key once, the edges as columns of numbers."""

from __future__ import annotations

import json
import sys
from array import array
from collections.abc import Iterable, Sequence

from git_muse_coord.rules.uses import VERSION, Use, UseEdge, UseGraph
from git_muse_coord.symbols.kinds import ReadingKind

_USES = tuple(Use)
_STEP = "\x1f"
"""Between the parts of a key; no path and no name of a symbol holds it."""


def encode_graph(graph: UseGraph) -> bytes:
    """A line of JSON, then the columns: source, target, line, use, and confidence in thousandths."""
    keys = {
        key: at
        for at, key in enumerate(dict.fromkeys(key for edge in graph.edges for key in edge[:2]))
    }
    head = (
        len(graph.edges),
        [_STEP.join(key) for key in keys],
        graph.unread,
        graph.unlinked,
        graph.ambiguous,
    )
    columns = (
        _packed(keys[edge.source] for edge in graph.edges),
        _packed(keys[edge.target] for edge in graph.edges),
        _packed(edge.line for edge in graph.edges),
        bytes(_USES.index(edge.use) for edge in graph.edges),
        _packed(round(1000 * edge.confidence) for edge in graph.edges),
    )
    return json.dumps(head, separators=(",", ":")).encode() + b"\n" + b"".join(columns)


def decode_graph(_path: str, value: bytes) -> UseGraph:
    """The graph again. Raises ValueError, TypeError or IndexError on other bytes."""
    first, _, rest = value.partition(b"\n")
    count, texts, unread, unlinked, ambiguous = json.loads(first)
    if len(rest) != 17 * count:
        raise ValueError
    keys = [tuple(text.split(_STEP)) for text in texts]
    wide = 4 * count
    sources, targets, lines = (_unpacked(rest[at : at + wide]) for at in (0, wide, 2 * wide))
    uses, sureness = rest[3 * wide : 3 * wide + count], _unpacked(rest[3 * wide + count :])
    edges = map(
        UseEdge,
        map(keys.__getitem__, sources),
        map(keys.__getitem__, targets),
        lines,
        map(_USES.__getitem__, uses),
        [each / 1000 for each in sureness],
    )
    return UseGraph(
        edges,
        unread=unread,
        unlinked=unlinked,
        ambiguous=((name, places) for name, places in ambiguous),
    )


def _packed(numbers: Iterable[int]) -> bytes:
    column = array("I", numbers)
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()


def _unpacked(data: bytes) -> Sequence[int]:
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
