"""Graphs cut into parts of equal weight."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from git_muse_coord.rules.division import TOLERANCE, Division
from git_muse_coord.rules.partition import partition
from git_muse_coord.rules.weighted import Weighted
from git_muse_coord.source.metis import metis

pytestmark = pytest.mark.slow

GRAPHS = st.integers(1, 60).flatmap(
    lambda size: st.tuples(
        st.lists(st.integers(0, 30), min_size=size, max_size=size),
        st.lists(
            st.tuples(st.integers(0, size - 1), st.integers(0, size - 1), st.integers(1, 9)),
            max_size=150,
        ),
    )
)


def islands(count: int, size: int, weight: int = 3) -> Weighted:
    """Groups of vertices, each tied to all in its group, and every group by one weak tie to the next."""
    edges = [
        (group * size + one, group * size + other, 10)
        for group in range(count)
        for one in range(size)
        for other in range(one)
    ]
    edges += [(group * size, (group + 1) % count * size, 1) for group in range(count)]
    return Weighted.of([weight] * (count * size), edges)


def loads(graph: Weighted, parts: list[int], count: int) -> list[int]:
    found = [0] * count
    for part, weight in zip(parts, graph.weights, strict=True):
        found[part] += weight
    return found


def cut(graph: Weighted, parts: list[int], count: int) -> int:
    return Division(graph, parts, [1] * count).cut()


def test_what_hangs_together_stays_together() -> None:
    for count, size in ((4, 10), (7, 40), (16, 100)):
        graph = islands(count, size)
        parts = partition(graph, count)
        assert cut(graph, parts, count) == count
        assert loads(graph, parts, count) == [3 * size] * count


def test_a_graph_without_edges_is_only_balanced() -> None:
    graph = Weighted.of([1 + number * 7919 % 13 for number in range(300)], [])
    found = loads(graph, partition(graph, 4), 4)
    assert max(found) <= min(found) * (1 + TOLERANCE)


def test_one_component_with_a_hub_is_cut_into_equal_parts() -> None:
    ring = [(one, one % 400 + 1, 2) for one in range(1, 401)]
    graph = Weighted.of([5] * 401, [*ring, *((0, one, 1) for one in range(1, 401))])
    parts = partition(graph, 4)
    found = loads(graph, parts, 4)
    assert max(found) <= min(found) * (1 + TOLERANCE)
    assert cut(graph, parts, 4) <= 330  # the best is 316


def test_what_is_too_heavy_stands_alone_and_the_rest_is_balanced() -> None:
    graph = Weighted.of([10] * 10 + [1000] + [10] * 20, [(10, one, 5) for one in range(10)])
    parts = partition(graph, 4)
    assert parts.count(parts[10]) == 1
    assert sorted(loads(graph, parts, 4)) == [100, 100, 100, 1000]


def test_equal_weights_are_reached_by_swaps_where_no_move_helps() -> None:
    graph = Weighted.of([30, 29, 31, 30, 21, 20, 20, 19], [])
    assert loads(graph, partition(graph, 2, lambda *_: [0, 0, 0, 0, 1, 1, 1, 1]), 2) == [100, 100]


def test_a_better_proposal_is_taken_and_a_worse_one_is_not() -> None:
    graph = islands(4, 12)
    best = [number // 12 for number in range(48)]
    assert (
        cut(
            graph, partition(graph, 4, lambda _, count: [number % count for number in range(48)]), 4
        )
        == 4
    )
    assert cut(graph, partition(graph, 4, lambda *_: best), 4) == 4


def test_metis_proposes_where_it_is_installed_and_the_graph_is_large_enough() -> None:
    pytest.importorskip("pymetis")
    graph = islands(4, 40)
    proposed = metis(graph, 4)
    assert proposed is not None
    assert cut(graph, proposed, 4) == 4
    assert metis(graph, 100) is None


def test_as_many_parts_as_vertices() -> None:
    graph = Weighted.of(
        [1 + number * 7919 % 1009 for number in range(900)], [(0, one, 1) for one in range(1, 900)]
    )
    for count in (900, 700):
        assert len(set(partition(graph, count))) == count


@given(GRAPHS, st.integers(1, 8))
@settings(max_examples=50)
def test_every_vertex_is_in_one_part_and_never_a_worse_one(
    drawn: tuple[list[int], list[tuple[int, int, int]]], count: int
) -> None:
    graph = Weighted.of(*drawn)
    parts = partition(graph, count)

    assert len(parts) == len(graph.weights)
    assert set(parts) <= set(range(count))
    assert partition(graph, count) == parts


@given(GRAPHS, st.integers(2, 6))
def test_settling_keeps_its_books(
    drawn: tuple[list[int], list[tuple[int, int, int]]], count: int
) -> None:
    graph = Weighted.of(*drawn)
    division = Division(graph, [one % count for one in range(len(graph.weights))], [1] * count)
    before = division.excess()

    division.settle()

    assert division.excess() <= before
    fresh = Division(graph, division.parts, [1] * count)
    assert (division.cut(), division.excess()) == (fresh.cut(), fresh.excess())
