"""``Coordinator.watch()``: an iterator, for threads and for asyncio."""

from __future__ import annotations

import asyncio
import shutil
import threading
from datetime import timedelta

import pytest

from git_muse_coord import BadInput, MuseCoordError
from git_muse_coord.coordinator.answers.happened import Happened
from git_muse_coord.coordinator.session import utc_now
from git_muse_coord.model.records import Intent, Message, Receipt
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.model.ticket import ticket_facts
from tests.tools import Repo

HOUR = timedelta(hours=1)


def kinds(events: list[Happened]) -> list[str]:
    return [event.event for event in events]


def test_a_look_gives_what_happened_since_the_last(repo: Repo) -> None:
    coordinator = repo.coordinator()
    with coordinator.watch() as watching:
        assert kinds(watching.look()) == ["snapshot"]
        assert watching.look() == []
        reserved = coordinator.reserve(["a.py"], run_id="a")
        (added,) = watching.look()
        assert added.reservation is not None
        assert added.reservation.reservation_id == reserved.reservation_id
        assert watching.look() == []


def test_to_close_it_ends_whoever_waits(repo: Repo) -> None:
    watching = repo.coordinator().watch()
    seen: list[Happened] = []
    thread = threading.Thread(target=lambda: seen.extend(watching))
    thread.start()
    while not seen:
        pass
    watching.close()
    thread.join()
    assert kinds(seen) == ["snapshot"]


def test_several_threads_share_the_events(repo: Repo) -> None:
    watching = repo.coordinator().watch()
    seen: list[Happened] = []
    threads = [threading.Thread(target=lambda: seen.extend(watching)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for number in range(6):
        repo.reserve(f"{number}.py", "--run-id", "a")
    while len(seen) < 7:
        pass
    watching.close()
    for thread in threads:
        thread.join()
    addresses = [event.reservation.addresses[0] for event in seen if event.reservation]
    assert sorted(addresses) == [f"{number}.py" for number in range(6)]


def test_with_asyncio_others_go_on_meanwhile_and_a_break_ends_it(repo: Repo) -> None:
    coordinator = repo.coordinator()

    async def others() -> None:
        await asyncio.sleep(0)
        await asyncio.to_thread(coordinator.reserve, ["a.py"], run_id="a")

    async def watching() -> list[str]:
        seen: list[str] = []
        task = asyncio.create_task(others())
        async for event in coordinator.watch():
            seen.append(event.event)
            if len(seen) == 2:
                break
        await task
        return seen

    assert asyncio.run(watching())[0] == "snapshot"


def test_to_be_cancelled_loses_nothing(repo: Repo) -> None:
    coordinator = repo.coordinator()

    async def impatient() -> Happened:
        watching = coordinator.watch()
        assert (await anext(watching)).event == "snapshot"
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(watching), 0.1)
        coordinator.reserve(["a.py"], run_id="a")
        return await anext(watching)

    assert asyncio.run(impatient()).event == "added"


def test_who_waits_in_the_queue_is_told_and_that_he_left(repo: Repo) -> None:
    coordinator = repo.coordinator()
    holding = coordinator.reserve(["a.py"], run_id="a")
    watching = coordinator.watch()
    watching.look()
    now = utc_now()
    waiting = Intent(
        run_id=RunId("b"),
        nonce="n",
        branch=None,
        addresses=("a.py",),
        operation="modify",
        detail=None,
        reservation_id=None,
        created_at=now,
        expires_at=now + HOUR,
        extra=ticket_facts(7, (), 30),
    )
    coordinator.store.write([waiting])
    (event,) = watching.look()
    assert event.event == "waiting"
    assert event.waiter is not None
    assert (event.waiter.run_id, event.waiter.ticket) == ("b", 7)
    assert [conflict.reservation_id for conflict in event.conflicts] == [holding.reservation_id]
    assert [waiter.run_id for waiter in watching.overview(10).waiters] == ["b"]

    repo.git("update-ref", "-d", next(ref for ref in repo.refs() if "/intents/" in ref))
    assert kinds(watching.look()) == ["expired"]


def test_who_waits_without_a_sign_of_life_is_gone_at_his_time(repo: Repo) -> None:
    now = [utc_now()]
    coordinator = repo.coordinator(clock=lambda: now[0])
    waiting = Intent(
        run_id=RunId("b"),
        nonce="n",
        branch=None,
        addresses=("a.py",),
        operation="modify",
        detail=None,
        reservation_id=None,
        created_at=now[0],
        expires_at=now[0] + HOUR,
        extra=ticket_facts(7, (), 30),
    )
    coordinator.store.write([waiting])
    watching = coordinator.watch()
    watching.look()
    now[0] += HOUR
    (event,) = watching.look()
    assert event.waiter is not None
    assert (event.event, event.waiter.run_id) == ("expired", "b")


def test_a_message_is_seen_by_its_reader_and_by_no_other(repo: Repo) -> None:
    coordinator = repo.coordinator()
    of_reader = coordinator.watch(for_="b")
    of_other = coordinator.watch(for_="c")
    assert kinds(of_reader.look() + of_other.look()) == ["snapshot", "snapshot"]
    now = utc_now()
    message = Message(
        run_id=RunId("a"),
        nonce="n",
        to=RunId("b"),
        about=None,
        re=None,
        text="I am nearly done",
        created_at=now,
        expires_at=now + HOUR,
    )
    coordinator.store.write([message])
    (event,) = of_reader.look()
    assert event.message is not None
    assert (event.event, event.message.text) == ("message", "I am nearly done")
    assert of_other.look() == []

    # that it was read is no news
    receipt = Receipt(
        run_id=RunId("b"),
        nonce="n",
        message_id=RecordId(event.message.message_id),
        read_at=now,
        expires_at=now + HOUR,
    )
    coordinator.store.write([receipt])
    assert of_reader.look() == []


def test_bad_input_is_refused_at_once(repo: Repo) -> None:
    with pytest.raises(BadInput):
        repo.coordinator().watch(address=["../x"])
    with pytest.raises(BadInput):
        repo.coordinator().watch(for_="")


def test_a_clone_that_goes_away_ends_it_with_an_error(repo: Repo) -> None:
    watching = repo.coordinator().watch()
    watching.look()
    shutil.rmtree(repo.path / ".git")
    with pytest.raises((MuseCoordError, OSError)):
        list(watching)
