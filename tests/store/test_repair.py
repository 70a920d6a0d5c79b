"""What breaks git under our refs is named by fsck and mended by fsck --repair."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import zlib
from pathlib import Path

import pytest

from git_muse_coord.store.git.leftovers import STALE_SECONDS
from git_muse_coord.store.records.repair import LOCKED, TORN
from tests.tools import Repo

pytestmark = pytest.mark.slow


def ref_file(repo: Repo, content_id: str) -> Path:
    return repo.git_dir / "refs/muse/reservations" / content_id.removeprefix("sha256:")


def ref_of(content_id: str) -> str:
    return "refs/muse/reservations/" + content_id.removeprefix("sha256:")


def repaired(repo: Repo) -> dict[str, str]:
    answer = repo.muse("fsck", "--repair", "--json").json
    return {one["ref"]: one["action"] for one in answer["repaired"]}


def breaks_git(repo: Repo) -> bool:
    return any(
        subprocess.run(
            ["git", *command], cwd=repo.path, capture_output=True, check=False
        ).returncode
        for command in (["fsck"], ["log", "--all", "--oneline"], ["gc", "-q"])
    )


TORN_CONTENTS = {
    "empty": b"",
    "a line end": b"\n",
    "half an id": b"0123456789abcdef",
    "garbage": b"garbage\n",
    "binary": b"\x00\xff" * 30,
    "the null id": b"0" * 40 + b"\n",
    "an id of the wrong length": b"1" * 64 + b"\n",
}


@pytest.mark.parametrize("content", TORN_CONTENTS.values(), ids=TORN_CONTENTS)
def test_a_torn_ref_file_is_named_hides_nothing_and_is_mended(repo: Repo, content: bytes) -> None:
    good = repo.reserve("a.py", "--run-id", "a")
    torn = repo.reserve("b.py", "--run-id", "a")
    ref_file(repo, torn).write_bytes(content)

    assert repo.held() == [good]
    assert repo.bad() == {ref_of(torn): TORN}
    assert repaired(repo) == {ref_of(torn): "removed"}
    repo.sound()
    assert repo.held() == [good]


def test_a_torn_file_over_a_packed_ref_uncovers_it(repo: Repo) -> None:
    one = repo.reserve("a.py", "--run-id", "a")
    repo.git("pack-refs", "--all")
    ref_file(repo, one).parent.mkdir(parents=True, exist_ok=True)
    ref_file(repo, one).write_bytes(b"")

    assert repo.bad() == {ref_of(one): TORN}
    repaired(repo)
    repo.sound()
    assert repo.held() == [one]


def test_a_file_with_a_name_that_git_forbids_is_named_and_mended(repo: Repo) -> None:
    good = repo.reserve("a.py", "--run-id", "a")
    (repo.git_dir / "refs/muse/reservations/a b").write_text(repo.git("rev-parse", "HEAD") + "\n")

    assert breaks_git(repo)
    assert repo.bad() == {"refs/muse/reservations/a b": TORN}
    assert repaired(repo) == {"refs/muse/reservations/a b": "removed"}
    repo.sound()
    assert repo.held() == [good]


@pytest.mark.parametrize(
    "name", ["refs/muse-epoch/head", "refs/muse-archive", "refs/muse-incoming/x/y"]
)
def test_torn_files_of_our_other_refs_are_mended_too(repo: Repo, name: str) -> None:
    (repo.git_dir / name).parent.mkdir(parents=True, exist_ok=True)
    (repo.git_dir / name).write_bytes(b"")

    assert repo.bad() == {name: TORN}
    assert repaired(repo) == {name: "removed"}
    repo.sound()
    repo.reserve("a.py", "--strict")


def test_a_torn_epoch_stops_strict_reservations_with_a_pointer_to_the_remedy(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("git_muse_coord.store.git.refs.pause", lambda _: None)
    repo.reserve("a.py", "--strict")
    (repo.git_dir / "refs/muse-epoch/head").write_bytes(b"")

    ran = repo.muse("reserve", "b.py", "--strict")

    assert ran.code == 3
    assert "git muse-coord fsck" in ran.err
    repaired(repo)
    assert repo.muse("reserve", "b.py", "--strict").code == 0


def test_files_of_others_are_none_of_our_business(repo: Repo) -> None:
    (repo.git_dir / "refs/heads/torn").write_bytes(b"")
    (repo.git_dir / "refs/musette").write_bytes(b"")
    (repo.git_dir / "refs/heads/old.lock").touch()
    os.utime(repo.git_dir / "refs/heads/old.lock", (0, 0))

    assert repo.bad() == {}
    assert repaired(repo) == {}
    assert (repo.git_dir / "refs/heads/torn").exists()


def test_a_lock_that_a_dead_process_left_is_removed_and_a_young_one_is_not(repo: Repo) -> None:
    repo.reserve("a.py", "--run-id", "a")
    folder = repo.git_dir / "refs/muse/reservations"
    old, young = folder / ("a" * 64 + ".lock"), folder / ("b" * 64 + ".lock")
    for file in (old, young):
        file.touch()
    then = time.time() - STALE_SECONDS - 5
    os.utime(old, (then, then))

    name = f"refs/muse/reservations/{old.name}"
    assert repo.bad() == {name: LOCKED}
    assert repaired(repo) == {name: "removed"}
    assert not old.exists()
    assert young.exists()


def test_a_stale_lock_on_the_epoch_is_removed(repo: Repo) -> None:
    lock = repo.git_dir / "refs/muse-epoch.lock"
    lock.touch()
    os.utime(lock, (0, 0))

    assert repo.bad() == {"refs/muse-epoch.lock": LOCKED}
    repaired(repo)
    assert repo.muse("reserve", "a.py", "--strict").code == 0


def _lose(file: Path) -> None:
    file.unlink()


def _empty(file: Path) -> None:
    file.unlink()
    file.touch()


def _cut(file: Path) -> None:
    content = file.read_bytes()
    file.unlink()
    file.write_bytes(content[: len(content) // 2])


def _replace(file: Path) -> None:
    file.unlink()
    file.write_bytes(zlib.compress(b"blob 5\0other"))


LOSSES = {"lost": _lose, "emptied": _empty, "cut": _cut, "replaced": _replace}


@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES)
def test_a_lost_object_is_written_again_from_the_cache(repo: Repo, lose: object) -> None:
    one = repo.reserve("a.py", "--run-id", "a")
    assert callable(lose)
    lose(repo.loose(repo.refs()[ref_of(one)]))

    assert breaks_git(repo)
    assert list(repo.bad()) == [ref_of(one)]
    assert repaired(repo) == {ref_of(one): "written again from the cache"}
    repo.sound()
    assert repo.held() == [one]


@pytest.mark.parametrize("lose", LOSSES.values(), ids=LOSSES)
def test_without_the_cache_the_ref_of_a_lost_object_is_removed(repo: Repo, lose: object) -> None:
    good = repo.reserve("a.py", "--run-id", "a")
    lost = repo.reserve("b.py", "--run-id", "a")
    oid = repo.refs()[ref_of(lost)]
    assert callable(lose)
    lose(repo.loose(oid))
    shutil.rmtree(repo.git_dir / "muse-coord")

    assert repo.held() == [good]
    assert list(repo.bad()) == [ref_of(lost)]
    assert repaired(repo) == {ref_of(lost): "removed"}
    assert repo.held() == [good]
    repo.loose(oid).unlink(
        missing_ok=True
    )  # a damaged object that nothing refers to is git's own business
    repo.sound()


def test_a_packed_ref_to_a_lost_object_is_mended(repo: Repo) -> None:
    one = repo.reserve("a.py", "--run-id", "a")
    oid = repo.refs()[ref_of(one)]
    repo.git("pack-refs", "--all")
    repo.loose(oid).unlink()
    shutil.rmtree(repo.git_dir / "muse-coord")

    assert repaired(repo) == {ref_of(one): "removed"}
    repo.sound()


def test_an_epoch_that_lost_its_object_is_removed_and_strict_goes_on(repo: Repo) -> None:
    repo.reserve("a.py", "--strict", "--run-id", "a")
    repo.loose(repo.refs("refs/muse-epoch/head")["refs/muse-epoch/head"]).unlink()

    assert list(repo.bad()) == ["refs/muse-epoch/head"]
    assert repaired(repo) == {"refs/muse-epoch/head": "removed"}
    repo.sound()
    assert repo.muse("reserve", "a.py", "--strict", "--run-id", "b").code == 2
    assert repo.muse("reserve", "b.py", "--strict", "--run-id", "b").code == 0


def test_records_that_are_merely_wrong_are_left_alone(repo: Repo) -> None:
    repo.plant("refs/muse/reservations/" + "c" * 64, b"junk")

    ran = repo.muse("fsck", "--repair")

    assert ran.code == 1
    assert "repaired" not in ran.out
    assert "bad refs/muse/reservations/" in ran.out
    assert len(repo.refs()) == 1
    assert not breaks_git(repo)


def test_in_a_sound_repository_there_is_nothing_to_do(repo: Repo) -> None:
    repo.reserve("a.py", "--strict")

    ran = repo.muse("fsck", "--repair")

    assert (ran.code, ran.out, ran.err) == (0, "Checked 2 refs, 0 bad.\n", "")


def test_everything_at_once_is_mended_at_once(repo: Repo) -> None:
    ids = [repo.reserve(f"{name}.py", "--run-id", "a") for name in "abcd"]
    ref_file(repo, ids[0]).write_bytes(b"")
    repo.loose(repo.refs()[ref_of(ids[1])]).unlink()
    lock = repo.git_dir / "refs/muse/reservations" / ("e" * 64 + ".lock")
    lock.touch()
    os.utime(lock, (0, 0))

    assert breaks_git(repo)
    assert len(repo.bad()) == 3
    assert len(repaired(repo)) == 3
    repo.sound()
    assert repo.held() == ids[1:]
