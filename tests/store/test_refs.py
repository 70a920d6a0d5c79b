from __future__ import annotations

import threading

import pytest

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.store.git import refs as refs_module
from git_muse_coord.store.git.process import Git
from git_muse_coord.store.git.refs import ATTEMPTS, Refs, RefUpdate, retrying
from tests.tools import Repo


@pytest.fixture(params=[False, True], ids=["a process for each", "one process for all"])
def refs(repo: Repo, request: pytest.FixtureRequest) -> Refs:
    return Refs(Git(str(repo.path)), stays=request.param)


@pytest.fixture
def oids(repo: Repo) -> list[str]:
    return [repo.git("hash-object", "-w", "--stdin", given=b"%d" % number) for number in range(3)]


def test_refs_are_created_changed_and_deleted(refs: Refs, oids: list[str]) -> None:
    one, two, _ = oids
    assert refs.commit([RefUpdate("refs/muse/x", one, None), RefUpdate("refs/muse/y", one, None)])
    assert refs.list("refs/muse/") == {"refs/muse/x": one, "refs/muse/y": one}

    assert refs.commit([RefUpdate("refs/muse/x", two, one), RefUpdate("refs/muse/y", None, one)])
    assert refs.list("refs/muse/") == {"refs/muse/x": two}


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("name", "new", "old"),
    [("there", 1, None), ("there", 1, 1), ("there", None, 1), ("absent", 1, 0), ("absent", 1, 1)],
    ids=[
        "create over",
        "update from another",
        "delete another",
        "update what is absent",
        "update to the same",
    ],
)
def test_one_ref_that_is_not_as_expected_stops_them_all(
    refs: Refs,
    repo: Repo,
    oids: list[str],
    name: str,
    new: int | None,
    old: int | None,
    packed: bool,
) -> None:
    one = oids[0]
    refs.commit([RefUpdate("refs/muse/there", one, None), RefUpdate("refs/muse/other", one, None)])
    if packed:
        repo.git("pack-refs", "--all")
    before = refs.list("refs/")
    wrong = RefUpdate(
        f"refs/muse/{name}", None if new is None else oids[new], None if old is None else oids[old]
    )

    done = refs.commit(
        [RefUpdate("refs/muse/new", one, None), RefUpdate("refs/muse/other", None, one), wrong]
    )

    assert done is False
    assert refs.list("refs/") == before


def test_deleting_what_is_gone_already_is_done(refs: Refs, oids: list[str]) -> None:
    assert refs.commit([RefUpdate("refs/muse/absent", None, oids[0])])


def test_of_many_threads_that_move_one_ref_exactly_one_wins(
    refs: Refs, oids: list[str], repo: Repo
) -> None:
    start, *_ = oids
    refs.commit([RefUpdate("refs/muse-epoch/head", start, None)])
    targets = [
        repo.git("hash-object", "-w", "--stdin", given=b"to %d" % number) for number in range(8)
    ]
    gate = threading.Barrier(len(targets))
    won: list[str] = []

    def move(target: str) -> None:
        gate.wait()
        if retrying(lambda: refs.commit([RefUpdate("refs/muse-epoch/head", target, start)])):
            won.append(target)

    threads = [threading.Thread(target=move, args=(target,)) for target in targets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert won == [refs.list("refs/muse-epoch/head")["refs/muse-epoch/head"]]


def test_an_object_that_is_missing_cannot_be_referred_to(refs: Refs) -> None:
    with pytest.raises(StoreFailed):
        refs.commit([RefUpdate("refs/muse/x", "1" * 40, None)])
    assert refs.list("refs/muse/") == {}


def test_a_ref_that_is_locked_is_a_failure_and_no_lost_race(
    refs: Refs, repo: Repo, oids: list[str]
) -> None:
    (repo.git_dir / "refs/muse").mkdir()
    (repo.git_dir / "refs/muse/x.lock").touch()

    with pytest.raises(StoreFailed, match="cannot lock ref"):
        refs.commit(
            [RefUpdate("refs/muse/y", oids[0], None), RefUpdate("refs/muse/x", oids[0], None)]
        )
    assert refs.list("refs/muse/") == {}


def test_no_reflog_is_kept_of_our_refs(refs: Refs, repo: Repo, oids: list[str]) -> None:
    repo.git("config", "core.logAllRefUpdates", "always")
    refs.commit([RefUpdate("refs/muse/x", oids[0], None)])
    assert not (repo.git_dir / "logs/refs/muse").exists()


def test_a_listing_is_only_of_what_is_asked(refs: Refs, oids: list[str]) -> None:
    refs.commit(
        [
            RefUpdate(name, oids[0], None)
            for name in ("refs/muse/x", "refs/muse-epoch/head", "refs/musette/x")
        ]
    )
    assert set(refs.list("refs/muse", "refs/muse-epoch/head")) == {
        "refs/muse/x",
        "refs/muse-epoch/head",
    }


def test_a_failure_that_passes_is_tried_again_and_one_that_stays_is_raised(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(refs_module, "pause", lambda _: None)
    tries: list[int] = []

    def fail(times: int) -> str:
        tries.append(1)
        if len(tries) <= times:
            raise StoreFailed("for now")
        return "done"

    assert retrying(lambda: fail(ATTEMPTS - 1)) == "done"
    tries.clear()
    with pytest.raises(StoreFailed, match="for now"):
        retrying(lambda: fail(ATTEMPTS))
    assert len(tries) == ATTEMPTS
