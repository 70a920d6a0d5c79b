"""Those who wait: in order, never for ever, and of a circle exactly one gives up."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings, strategies as st

from git_muse_coord.model import address
from git_muse_coord.model.address import Address
from git_muse_coord.model.records import Reservation
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.model.ticket import Ticket
from git_muse_coord.rules.conflicts import Holdings
from git_muse_coord.rules.queue import Need, Queue
from git_muse_coord.rules.state import World
from tests.tools import NOON, a_reservation

PLACES = ["a.py::f", "a.py::g", "a.py", "b.py::f", "b.py"]


def an_id(number: int) -> RecordId:
    return RecordId(f"sha256:{number:064x}")


def places(*texts: str) -> tuple[Address, ...]:
    return tuple(map(address.parse, texts))


def a_ticket(number: int, run: str, *texts: str, depends_on: tuple[RecordId, ...] = ()) -> Ticket:
    return Ticket(number, an_id(1000 + number), RunId(run), places(*texts), depends_on)


def a_queue(held: dict[RecordId, Reservation], *tickets: Ticket) -> Queue:
    return Queue(tickets, World(reservations=held), NOON)


def test_who_came_first_is_in_the_way_of_who_asks_for_the_same() -> None:
    first, second, other = (
        a_ticket(1, "a", "a.py::f"),
        a_ticket(2, "b", "a.py"),
        a_ticket(3, "c", "b.py"),
    )
    queue = a_queue({}, other, second, first)

    assert queue.ahead_of(first) == []
    assert queue.ahead_of(second) == [first]
    assert queue.ahead_of(other) == []


def test_who_waits_for_me_is_not_in_my_way() -> None:
    # a holds p; y waits for p and q; x, for whom y waits, asks q
    held = {an_id(1): a_reservation("p.py", run_id="x")}
    y, x = a_ticket(1, "y", "p.py", "q.py"), a_ticket(2, "x", "q.py")
    queue = a_queue(held, y, x)

    assert queue.ahead_of(x) == []
    assert queue.circle(x) == queue.circle(y) == []


def test_who_waits_for_me_through_another_is_not_in_my_way_either() -> None:
    held = {
        an_id(1): a_reservation("p.py", run_id="z"),
        an_id(2): a_reservation("r.py", run_id="x"),
    }
    y, z, x = a_ticket(1, "y", "p.py", "q.py"), a_ticket(2, "z", "r.py"), a_ticket(3, "x", "q.py")

    assert a_queue(held, y, z, x).ahead_of(x) == []


def test_a_circle_of_three_is_named_by_the_one_who_came_last() -> None:
    held = {
        an_id(number): a_reservation(f"{run}.py", run_id=run) for number, run in enumerate("abc")
    }
    a, b, c = a_ticket(1, "a", "b.py"), a_ticket(2, "b", "c.py"), a_ticket(3, "c", "a.py")
    queue = a_queue(held, a, b, c)

    assert queue.circle(a) == queue.circle(b) == []
    assert queue.circle(c) == [
        Need(RunId("c"), RunId("a"), address.parse("a.py")),
        Need(RunId("a"), RunId("b"), address.parse("b.py")),
        Need(RunId("b"), RunId("c"), address.parse("c.py")),
    ]


def test_a_dependency_closes_a_circle() -> None:
    # a waits for what b holds, and b has said that it cannot go on before a's work is done
    held = {
        an_id(1): a_reservation("a.py", run_id="a"),
        an_id(2): a_reservation("b.py", run_id="b", depends_on=(an_id(1),)),
    }
    a = a_ticket(1, "a", "b.py")

    assert a_queue(held, a).circle(a) == [
        Need(RunId("a"), RunId("b"), address.parse("b.py")),
        Need(RunId("b"), RunId("a"), None),
    ]


def test_to_depend_on_ones_own_work_is_no_circle() -> None:
    held = {
        an_id(1): a_reservation("a.py", run_id="a"),
        an_id(2): a_reservation("b.py", run_id="b"),
    }
    a = a_ticket(1, "a", "b.py", depends_on=(an_id(1),))

    assert a_queue(held, a).circle(a) == []


def test_of_those_without_identity_nobody_knows_who_waits_for_whom() -> None:
    held = {an_id(1): a_reservation("a.py", run_id="unknown")}
    first, second = a_ticket(1, "unknown", "a.py"), a_ticket(2, "unknown", "a.py")
    queue = a_queue(held, first, second)

    assert queue.ahead_of(second) == [first]
    assert queue.circle(first) == queue.circle(second) == []


def test_tickets_of_one_number_have_an_order_too() -> None:
    first, second = (
        a_ticket(1, "a", "a.py"),
        a_ticket(1, "b", "a.py")._replace(intent_id=an_id(2000)),
    )
    queue = a_queue({}, second, first)

    assert (queue.ahead_of(first), queue.ahead_of(second)) == ([], [first])


class Agent:
    """Takes one thing after the other, keeps all, and lets go of all at the end."""

    def __init__(self, run: str, wants: list[list[str]]) -> None:
        self.run = RunId(run)
        self.wants = wants
        self.taken = 0
        self.ticket: Ticket | None = None
        self.gave_up = False

    @property
    def is_done(self) -> bool:
        return self.taken == len(self.wants)


class Fleet:
    """Agents that wait for each other, in a world without clocks and networks."""

    def __init__(self, agents: list[Agent]) -> None:
        self.agents = agents
        self.held: dict[RecordId, Reservation] = {}
        self.numbers = 0
        self.entered: list[Ticket] = []

    def step(self, agent: Agent) -> None:
        if agent.ticket is None:
            self.numbers += 1
            agent.ticket = a_ticket(self.numbers, agent.run, *agent.wants[agent.taken])
        tickets = [other.ticket for other in self.agents if other.ticket is not None]
        queue = a_queue(self.held, *tickets)
        if queue.circle(agent.ticket):
            agent.gave_up = True
            self.end(agent)
        elif not self.is_blocked(agent.ticket) and not queue.ahead_of(agent.ticket):
            self.enter(agent, agent.ticket)

    def is_blocked(self, ticket: Ticket) -> bool:
        return any(Holdings(self.held).conflicts(ticket.addresses, ticket.run_id))

    def enter(self, agent: Agent, ticket: Ticket) -> None:
        self.held[an_id(ticket.number)] = a_reservation(
            *map(str, ticket.addresses), run_id=agent.run
        )
        self.entered.append(ticket)
        agent.ticket = None
        agent.taken += 1
        if agent.is_done:
            self.end(agent)

    def end(self, agent: Agent) -> None:
        agent.ticket = None
        agent.taken = len(agent.wants)
        mine = [held for held, reservation in self.held.items() if reservation.run_id == agent.run]
        for held in mine:
            del self.held[held]


_wants = st.lists(
    st.lists(st.sampled_from(PLACES), min_size=1, max_size=2, unique=True), min_size=1, max_size=3
)


@settings(max_examples=200)
@given(st.lists(_wants, min_size=2, max_size=5), st.data())
def test_whatever_they_want_all_come_to_an_end(
    wants: list[list[list[str]]], data: st.DataObject
) -> None:
    fleet = Fleet([Agent(f"run-{number}", some) for number, some in enumerate(wants)])
    turns = 0
    while any(not agent.is_done for agent in fleet.agents):
        turns += 1
        assert turns < 100, "somebody waits for ever"
        at_work = [agent for agent in fleet.agents if not agent.is_done]
        # in any order, and nobody twice before the others had their turn
        for agent in data.draw(st.permutations(at_work)):
            if not agent.is_done:
                fleet.step(agent)
    assert not fleet.held


@given(
    st.lists(
        st.lists(st.sampled_from(PLACES), min_size=1, max_size=2, unique=True),
        min_size=2,
        max_size=6,
    ),
    st.data(),
)
def test_those_who_hold_nothing_get_in_by_their_tickets(
    wants: list[list[str]], data: st.DataObject
) -> None:
    """Whoever is free to go in has nobody before him that he could pass."""
    fleet = Fleet([Agent(f"run-{number}", [some]) for number, some in enumerate(wants)])
    for number, agent in enumerate(fleet.agents):
        agent.ticket = a_ticket(number + 1, agent.run, *wants[number])
    fleet.numbers = len(wants)
    while any(not agent.is_done for agent in fleet.agents):
        for agent in data.draw(st.permutations([one for one in fleet.agents if not one.is_done])):
            fleet.step(agent)
    for later, ticket in enumerate(fleet.entered):
        for earlier in fleet.entered[:later]:
            overlap = any(a.overlaps(b) for a in ticket.addresses for b in earlier.addresses)
            assert not overlap or earlier.number < ticket.number
    assert not any(agent.gave_up for agent in fleet.agents)


@st.composite
def _stuck(draw: st.DrawFn) -> tuple[dict[RecordId, Reservation], list[Ticket]]:
    """Some runs that hold something and wait for something else."""
    runs = [f"run-{number}" for number in range(draw(st.integers(2, 5)))]
    held: dict[RecordId, Reservation] = {}
    tickets: list[Ticket] = []
    for number, run in enumerate(runs):
        held[an_id(number)] = a_reservation(f"{run}.py", run_id=run)
        others = [f"{other}.py" for other in runs if other != run]
        asked = draw(st.lists(st.sampled_from(others), min_size=1, max_size=2, unique=True))
        tickets.append(a_ticket(number + 1, run, *asked))
    return held, draw(st.permutations(tickets))


@given(_stuck())
def test_where_all_wait_for_each_other_exactly_one_of_a_circle_gives_up(
    stuck: tuple[dict[RecordId, Reservation], list[Ticket]],
) -> None:
    held, tickets = stuck
    queue = a_queue(held, *tickets)
    circles = {ticket.run_id: queue.circle(ticket) for ticket in tickets}

    giving_up = [run for run, circle in circles.items() if circle]
    assert giving_up, "all of them hold something, and all wait for it"
    for run in giving_up:
        named = [need.run_id for need in circles[run]]
        assert named[0] == run
        assert len(named) == len(set(named))
        assert [need.holder for need in circles[run]] == [*named[1:], run]
        # of those who are named nobody else gives up, and nobody came later
        assert not set(named[1:]) & set(giving_up)
        numbers = {ticket.run_id: ticket.number for ticket in tickets}
        assert numbers[run] == max(numbers[one] for one in named)


def test_a_queue_of_a_hundred_is_no_work() -> None:
    tickets = [a_ticket(number, f"run-{number}", "a.py") for number in range(1, 101)]

    assert len(a_queue({}, *tickets).ahead_of(tickets[-1])) == 99


@pytest.mark.parametrize("gone", [True, False])
def test_what_has_expired_is_in_nobodys_way(gone: bool) -> None:
    ends = NOON - timedelta(seconds=1) if gone else NOON + timedelta(hours=1)
    held = {
        an_id(1): a_reservation(
            "p.py", run_id="x", created_at=NOON - timedelta(hours=1), expires_at=ends
        )
    }
    y, x = a_ticket(1, "y", "p.py", "q.py"), a_ticket(2, "x", "q.py")

    assert a_queue(held, y, x).ahead_of(x) == ([y] if gone else [])


def test_not_each_two_places_of_each_two_who_wait_are_compared(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared = 0
    overlaps = Address.overlaps

    def counted(one: Address, other: Address) -> bool:
        nonlocal compared
        compared += 1
        return overlaps(one, other)

    tickets: list[Ticket] = []
    for number in range(1, 5):
        own = [f"{number}/{place}.py::f" for place in range(200)]
        tickets.append(a_ticket(number, f"r{number}", "shared.py", *own))
    monkeypatch.setattr(Address, "overlaps", counted)
    queue = a_queue({}, *tickets)

    assert queue.ahead_of(tickets[-1]) == tickets[:-1]
    assert compared < 5000
