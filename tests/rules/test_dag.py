from __future__ import annotations

from datetime import timedelta

from hypothesis import given, strategies as st

from git_muse_coord.model.records import Release, Reservation
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.following import where_work_goes_on
from git_muse_coord.rules.state import World
from git_muse_coord.rules.waiting import became_ready, blocked_by, wait_graph
from tests.tools import NOON, a_reservation

HOUR = timedelta(hours=1)


def named(name: str) -> RecordId:
    return RecordId("sha256:" + name * 64)


def world(edges: dict[str, str], released: str = "", expired: str = "") -> World:
    """Reservations by their letters, each with the letters that it waits for; the first is the oldest."""
    reservations = {
        named(name): a_reservation(
            f"{name}.py",
            depends_on=tuple(sorted(map(named, waits))),
            created_at=NOON + timedelta(seconds=number),
            expires_at=NOON if name in expired else NOON + HOUR,
        )
        for number, (name, waits) in enumerate(edges.items())
    }
    releases = {
        named(name): Release(
            run_id=RunId("a"),
            nonce="n",
            reservation_id=named(name),
            outcome="done",
            released_at=NOON,
            expires_at=NOON,
        )
        for name in released
    }
    return World(reservations, releases)


def states(here: World) -> dict[str, str]:
    return {one[-1]: state for one, state in wait_graph(here, NOON + HOUR / 2).states.items()}


def letters(some: tuple[str, ...]) -> str:
    return "".join(one[-1] for one in some)


def test_what_waits_for_nothing_is_ready_and_what_waits_for_an_active_one_is_blocked() -> None:
    assert states(world({"a": "", "b": "a", "c": "ab"})) == {
        "a": "ready",
        "b": "blocked",
        "c": "blocked",
    }


def test_a_released_or_expired_one_is_done_and_blocks_nobody() -> None:
    assert states(world({"a": "", "b": "", "c": "ab"}, released="a", expired="b")) == {
        "a": "done",
        "b": "done",
        "c": "ready",
    }


def test_a_dependency_that_is_not_here_is_unknown_and_blocks_nobody() -> None:
    assert states(world({"b": "a"})) == {"a": "unknown", "b": "ready"}


def test_a_dependency_of_which_only_the_release_is_here_is_done() -> None:
    assert states(world({"b": "a"}, released="a")) == {"a": "done", "b": "ready"}


def test_what_is_over_and_stands_alone_is_left_out() -> None:
    assert states(world({"a": "", "b": ""}, released="a")) == {"b": "ready"}


def test_dependencies_come_before_what_needs_them_and_older_ones_first() -> None:
    graph = wait_graph(world({"d": "", "c": "d", "b": "", "a": "cb"}), NOON)

    assert letters(graph.order) == "dbca"


def test_the_critical_path_is_the_longest_chain_of_what_is_not_done() -> None:
    graph = wait_graph(world({"a": "", "b": "a", "c": "b", "d": "", "e": "d"}, released="a"), NOON)

    assert letters(graph.critical_path) in ("bc", "de")
    assert (
        letters(
            wait_graph(world({"a": "", "b": "a", "c": "b", "d": "", "e": "d"}), NOON).critical_path
        )
        == "abc"
    )


def test_an_empty_world_has_an_empty_graph() -> None:
    graph = wait_graph(World(), NOON)
    assert (graph.states, graph.order, graph.critical_path) == ({}, (), ())


def test_around_one_are_only_what_it_waits_for_and_what_waits_for_it() -> None:
    here = world({"a": "", "b": "a", "c": "b", "x": "", "y": "a", "z": "x"})

    assert set(letters(wait_graph(here, NOON, around=named("b")).order)) == set("abc")
    assert set(letters(wait_graph(here, NOON, around=named("a")).order)) == set("abcy")


def test_one_that_stands_alone_is_its_own_surroundings() -> None:
    graph = wait_graph(world({"a": "", "b": ""}, released="a"), NOON, around=named("a"))
    assert (letters(graph.order), set(graph.states.values())) == ("a", {"done"})


def test_releasing_the_last_dependency_makes_ready_those_that_waited() -> None:
    edges = {"a": "", "b": "", "c": "a", "d": "ab", "e": ""}

    assert became_ready([named("a")], world(edges, released="a"), NOON) == [named("c")]
    assert became_ready([named("b")], world(edges, released="ab"), NOON) == [named("d")]
    assert became_ready([named("e")], world(edges, released="e"), NOON) == []


def test_only_active_dependencies_block() -> None:
    here = world({"a": "", "b": "", "c": ""}, released="b", expired="c")
    assert blocked_by(map(named, "abcx"), where_work_goes_on(here, NOON + HOUR / 2)) == [named("a")]


def graph_worlds() -> st.SearchStrategy[World]:
    """Any graph at all, cycles and loops included, which only bad data could claim."""
    nodes = "abcdef"
    edges = st.dictionaries(
        st.sampled_from(nodes), st.sets(st.sampled_from(nodes + "x")).map("".join)
    )
    return st.builds(world, edges, st.sets(st.sampled_from(nodes)).map("".join))


@given(graph_worlds())
def test_any_graph_has_an_answer_even_one_with_cycles(here: World) -> None:
    for around in [None, *here.reservations]:
        graph = wait_graph(here, NOON, around)
        assert sorted(graph.order) == sorted(graph.states) == sorted(graph.waits_for)
        assert set(graph.critical_path) <= {
            one for one, state in graph.states.items() if state in ("ready", "blocked")
        }
        assert len(set(graph.critical_path)) == len(graph.critical_path)


@given(st.lists(st.sets(st.integers(0, 30)), max_size=20), st.sets(st.integers(0, 20)))
def test_in_a_graph_without_cycles_every_edge_points_back_in_the_order(
    edges: list[set[int]], over: set[int]
) -> None:
    def name(number: int) -> RecordId:
        return RecordId(f"sha256:{number:064x}")

    reservations: dict[RecordId, Reservation] = {
        name(number): a_reservation(
            "a.py", depends_on=tuple(name(one) for one in sorted(waits) if one < number)
        )
        for number, waits in enumerate(edges)
    }
    for number in over & set(range(len(edges))):
        reservations[RecordId(name(number))] = a_reservation("a.py", expires_at=NOON)
    graph = wait_graph(World(reservations), NOON)

    place = {one: at for at, one in enumerate(graph.order)}
    assert all(
        place[dependency] < place[one]
        for one, waits in graph.waits_for.items()
        for dependency in waits
    )
    steps = list(zip(graph.critical_path, graph.critical_path[1:], strict=False))
    assert all(before in graph.waits_for[after] for before, after in steps)


def test_a_chain_of_thousands_is_no_deeper_than_the_stack() -> None:
    names = [RecordId(f"sha256:{number:064x}") for number in range(5000)]
    chain = {
        one: a_reservation("a.py", depends_on=(names[number - 1],) if number else ())
        for number, one in enumerate(names)
    }
    graph = wait_graph(World(chain), NOON, around=names[2500])

    assert list(graph.critical_path) == names
