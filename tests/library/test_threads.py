"""One Coordinator in many threads, and many processes beside each other: nobody's work is lost, nobody fails."""

from __future__ import annotations

import random
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from git_muse_coord import Coordinator, NotThere
from tests.tools import Repo

THREADS = 8
STEPS = 8


@pytest.fixture(autouse=True)
def eager_switches() -> Iterator[None]:
    """Threads take turns as often as they can, which finds in a moment what else takes days."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(before)


def in_threads(work: Callable[[int], object]) -> None:
    """Do something in threads that begin at the same moment. Raises what one of them raises."""
    gate = threading.Barrier(THREADS)

    def begin(number: int) -> None:
        gate.wait()
        work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(begin, range(THREADS)))


def held_by(coordinator: Coordinator, run_id: str) -> set[str]:
    return {row.reservation_id for row in coordinator.list(run_id=run_id).reservations}


def test_each_thread_finds_what_it_has_written_from_the_first_call_on(repo: Repo) -> None:
    coordinator = repo.coordinator()

    def work(number: int) -> None:
        run_id = f"run{number}"
        mine: set[str] = set()
        for step in range(STEPS):
            address = f"src/{number}/{step}.py::f"
            mine.add(coordinator.reserve([address], run_id=run_id).reservation_id or "")
            assert held_by(coordinator, run_id) == mine
            if step % 3 == 2:
                coordinator.release([mine.pop()], run_id=run_id)
        assert held_by(coordinator, run_id) == mine

    in_threads(work)

    rows = repo.coordinator().list().reservations
    assert len(rows) == THREADS * (STEPS - STEPS // 3)


def test_whatever_is_asked_meanwhile_is_answered(repo: Repo) -> None:
    coordinator = repo.coordinator()
    repo.write("src/billing.py", "def compute_total(items):\n    return 0\n")
    questions: list[Callable[[], object]] = [
        coordinator.status,
        coordinator.forecast,
        coordinator.check,
        coordinator.dag,
        coordinator.whoami,
        coordinator.fsck,
        coordinator.radar,
        coordinator.close_files,
        lambda: coordinator.list(conflicts=True),
        lambda: coordinator.symbols(["src/billing.py"]),
        lambda: coordinator.watch().look(),
        lambda: coordinator.shard(agents=2),
    ]

    def work(number: int) -> None:
        chosen = random.Random(number)
        for step in range(STEPS):
            reserved = coordinator.reserve(
                [f"src/billing.py::f{step}"], run_id=f"run{number}"
            ).reservation_id
            chosen.choice(questions)()
            coordinator.release([reserved or ""], run_id=f"run{number}")

    in_threads(work)

    assert coordinator.list().reservations == ()
    assert repo.bad() == {}


def test_of_threads_that_end_the_same_one_wins(repo: Repo) -> None:
    coordinator = repo.coordinator()
    reserved = coordinator.reserve(["a.py"], run_id="a").reservation_id or ""
    won: list[int] = []

    def work(number: int) -> None:
        try:
            coordinator.release([reserved], run_id="a")
        except NotThere:
            return
        won.append(number)

    in_threads(work)

    assert len(won) == 1


def test_of_threads_that_want_the_same_strictly_one_gets_it(repo: Repo) -> None:
    from git_muse_coord import Stopped

    coordinator = repo.coordinator()
    won: list[int] = []

    def work(number: int) -> None:
        try:
            coordinator.reserve(["a.py"], run_id=f"run{number}", strict=True)
        except Stopped:
            return
        won.append(number)

    in_threads(work)

    assert len(won) == 1
    assert [row.run_id for row in coordinator.list().reservations] == [f"run{won[0]}"]


def test_a_cache_is_closed_in_turn(repo: Repo) -> None:
    from git_muse_coord.cachefile import CacheFile

    file = CacheFile(str(repo.git_dir / "trial.sqlite3"), lambda _: None)
    over = threading.Event()
    slow = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 9999) SELECT max(x) FROM c"

    def ask() -> None:
        while not over.is_set():
            file.run(lambda database: database.execute(slow).fetchall(), [])

    thread = threading.Thread(target=ask)
    thread.start()
    for _ in range(300):
        file.close()
    over.set()
    thread.join()
    # where a connection was closed under somebody's hands, that would have failed
    assert not file.failed
    file.close()
