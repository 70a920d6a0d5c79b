"""A graph out of the cache answers as the one that was put in."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.rules.uses import Use, UseEdge, UseGraph
from git_muse_coord.symbols.graph_codec import GRAPHS

from .helpers import FIXTURES, graph

PARTS = st.text("abc.\n\udcff é", min_size=1, max_size=3)
KEYS = st.lists(PARTS, min_size=1, max_size=3).map(tuple)
EDGES = st.builds(
    UseEdge,
    KEYS,
    KEYS,
    st.integers(1, 1 << 30),
    st.sampled_from(Use),
    st.integers(0, 1000).map(lambda thousandths: thousandths / 1000),
)


def alike(restored: UseGraph, graph: UseGraph) -> None:
    keys = {key for edge in graph.edges for key in (edge.source, edge.target)}
    for key in (*keys, ("nowhere",), ()):
        assert restored.users_of(key) == graph.users_of(key)
        assert restored.used_by(key) == graph.used_by(key)
        assert restored.users_within(key, 2) == graph.users_within(key, 2)
    assert list(restored.targets) == list(graph.targets)
    assert restored.file_edges() == graph.file_edges()
    assert restored.edges == graph.edges
    assert restored.unread == graph.unread
    assert restored.unlinked == graph.unlinked
    assert restored.ambiguous == graph.ambiguous
    assert restored.imports == graph.imports


@given(st.lists(EDGES, max_size=12), st.lists(PARTS), st.lists(st.tuples(PARTS, st.integers(1, 9))))
def test_any_graph_comes_back(
    edges: list[UseEdge], unread: list[str], ambiguous: Iterable[tuple[str, int]]
) -> None:
    stored = UseGraph(
        edges, unread=unread, unlinked=["lua"], ambiguous=ambiguous, imports=[("go", 3, 4)]
    )
    alike(GRAPHS.decode("", GRAPHS.encode(stored)), stored)


def test_the_graph_of_all_samples_comes_back() -> None:
    texts = {
        path.name: path.read_text(errors="replace") for path in sorted(FIXTURES.glob("*/sample.*"))
    }
    linked = graph(texts)
    assert linked.edges
    restored = GRAPHS.decode("", GRAPHS.encode(linked))
    alike(restored, linked)
    assert GRAPHS.encode(restored) == GRAPHS.encode(linked)


def test_what_is_cut_off_is_refused() -> None:
    edge = UseEdge(("a.py", "f"), ("b.py", "g"), 1, Use.CALL, 1.0)
    value = GRAPHS.encode(UseGraph([edge]))
    for end in range(len(value)):
        with pytest.raises((ValueError, TypeError, IndexError)):
            GRAPHS.decode("", value[:end])
