"""Messages and receipts on their way between clones, and when they go."""

from __future__ import annotations

from datetime import timedelta

from git_muse_coord.coordinator import Coordinator
from tests.messages.test_tell import tell, texts
from tests.sync.hubs import Hub
from tests.tools import NOON


def test_messages_travel_and_are_read_in_one_clone_only(hub: Hub) -> None:
    one, two, three = hub.clone("one"), hub.clone("two"), hub.clone("three")
    first = tell(one, "ann", "ben", "Do you still need f?")
    one.json("sync")
    two.json("sync")
    three.json("sync")
    assert texts(two, "ben") == ["Do you still need f?"]
    tell(two, "ben", "ann", "No.", "--re", first)
    two.json("sync")
    three.json("sync")
    assert texts(three, "ben") == []
    one.json("sync")
    assert texts(one, "ann") == ["No."]
    again = one.json("inbox", "--all", "--run-id", "ann")["messages"]
    assert [told["read_at"] is not None for told in again] == [True, True]


def test_two_who_read_the_same_before_they_sync_agree_afterwards(hub: Hub) -> None:
    one, two = hub.clone("one"), hub.clone("two")
    tell(one, "ann", "ben", "x")
    one.json("sync")
    two.json("sync")
    assert texts(one, "ben") == texts(two, "ben") == ["x"]
    for clone in (one, two, one):
        clone.json("sync")
    assert one.refs() == two.refs() == hub.refs()
    one.sound()


def test_what_was_read_goes_after_the_grace_and_stays_read(hub: Hub) -> None:
    one, two = hub.clone("one"), hub.clone("two")
    at = [NOON]
    here = Coordinator(str(one.path), clock=lambda: at[0])
    there = Coordinator(str(two.path), clock=lambda: at[0])
    here.tell("ben", "read", run_id="ann")
    here.tell("cat", "not read", run_id="ann")
    here.sync()
    there.sync()
    there.inbox(run_id="ben")
    at[0] = NOON + timedelta(minutes=16)
    there.gc(execute=True, remote=True)
    assert sum("/messages/" in ref for ref in hub.refs()) == 1
    here.sync()
    here.gc(execute=True)
    assert sum("/messages/" in ref for ref in one.refs()) == 1
    assert here.inbox(run_id="ben").messages == ()
    at[0] = NOON + timedelta(days=2)
    here.gc(execute=True, remote=True)
    assert hub.refs() == one.refs() == {}


def test_an_unread_message_that_a_clone_ahead_of_time_archived_comes_back(hub: Hub) -> None:
    one, two = hub.clone("one"), hub.clone("two")
    here = Coordinator(str(one.path), clock=lambda: NOON)
    ahead = Coordinator(str(two.path), clock=lambda: NOON + timedelta(days=3))
    behind = Coordinator(str(two.path), clock=lambda: NOON + timedelta(minutes=1))
    here.tell("ben", "one", run_id="ann")
    here.tell("ben", "other", run_id="cat")
    here.sync()
    behind.sync()
    [read] = here.inbox(run_id="ben", most=1).messages
    here.sync()
    behind.sync()
    ahead.gc(execute=True)
    assert two.refs() == {}
    behind.gc(execute=True)
    told = [message.text for message in behind.inbox(run_id="ben").messages]
    assert sorted([*told, read.text]) == ["one", "other"]
