"""One contract for all ways of writing objects: into files, through git processes and through libgit2."""

from __future__ import annotations

import contextlib
import errno
import os
import threading
from pathlib import Path

import pytest

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.store.git.loose_objects import write_loose
from git_muse_coord.store.git.objects import MANY, MISSING, UNREADABLE, Objects, blob_oid
from git_muse_coord.store.git.repository import Repository
from tests.tools import Repo

WAYS = ("files", "git", "libgit2")


@pytest.fixture(params=WAYS)
def objects(request: pytest.FixtureRequest, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Objects:
    if request.param != "files":
        monkeypatch.setattr(Objects, "_are_plain_files", False)
    return Objects(Repository(str(repo.path), stays=request.param == "libgit2"))


def found(objects: Objects, *oids: str) -> dict[str, tuple[bytes | None, str]]:
    return {one.oid: (one.blob, one.reason) for one in objects.read(oids)}


def test_what_is_written_is_what_git_reads_under_the_id_that_git_gives(
    objects: Objects, repo: Repo
) -> None:
    blobs = [b"", b"one", b"\x00\xff\n\r\n", b"x" * 100_000]

    oids = objects.write(blobs)

    assert oids == [blob_oid(blob, "sha1") for blob in blobs]
    for oid, blob in zip(oids, blobs, strict=True):
        assert int(repo.git("cat-file", "-s", oid)) == len(blob)
    assert found(objects, *oids) == {oid: (blob, "") for oid, blob in zip(oids, blobs, strict=True)}
    repo.git("fsck", "--strict")


def test_writing_the_same_twice_is_one_object(objects: Objects) -> None:
    assert objects.write([b"one", b"one"]) == objects.write([b"one"]) * 2


def test_writing_nothing_is_nothing(objects: Objects) -> None:
    assert objects.write([]) == []
    assert list(objects.read([])) == []


def test_many_at_once_come_back_in_order(objects: Objects) -> None:
    blobs = [b"blob %d" % number for number in range(2 * MANY)]
    assert objects.write(blobs) == [blob_oid(blob, "sha1") for blob in blobs]


def test_a_directory_of_objects_that_is_none_is_a_failure_to_store(
    objects: Objects, repo: Repo
) -> None:
    blob = b"nowhere to go"
    (repo.git_dir / "objects" / blob_oid(blob, "sha1")[:2]).write_text("in the way")

    with pytest.raises(StoreFailed):
        objects.write([blob])


def test_where_no_file_may_grow_nothing_is_left_behind(
    objects: Objects, repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    blob = os.urandom(100)
    monkeypatch.setattr(os, "fsync", full)
    folder = str(repo.git_dir / "objects")
    with pytest.raises(OSError, match="No space"):
        write_loose(folder, blob_oid(blob, "sha1"), blob)
    assert list(repo.git_dir.glob("objects/*/tmp_obj_*")) == []
    # git still can, and is asked
    assert objects.write([blob]) == [blob_oid(blob, "sha1")]
    assert repo.loose(blob_oid(blob, "sha1")).exists()


def test_an_object_has_the_rights_that_git_gives_it(repo: Repo) -> None:
    (by_git,) = [repo.git("hash-object", "-w", "--stdin", given=b"by git")]
    (by_us,) = Objects(Repository(str(repo.path), stays=False)).write([b"by us"])
    assert repo.loose(by_us).stat().st_mode == repo.loose(by_git).stat().st_mode
    assert repo.loose(by_us).parent.stat().st_mode == repo.loose(by_git).parent.stat().st_mode


def test_a_directory_that_a_gc_takes_away_is_made_again(repo: Repo) -> None:
    folder = repo.git_dir / "objects"
    over = threading.Event()

    def take_away() -> None:
        while not over.is_set():
            for place in folder.glob("??"):
                with contextlib.suppress(OSError):
                    place.rmdir()

    thread = threading.Thread(target=take_away)
    thread.start()
    try:
        for number in range(300):
            blob = b"%d" % number
            write_loose(str(folder), blob_oid(blob, "sha1"), blob)
            assert repo.loose(blob_oid(blob, "sha1")).exists()
    finally:
        over.set()
        thread.join()


@pytest.mark.parametrize("name", ["GIT_OBJECT_DIRECTORY", "core.sharedRepository"])
def test_where_git_writes_otherwise_it_is_git_that_writes(
    repo: Repo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    home = repo.git_dir / "objects"
    if name.isupper():
        home = tmp_path / "elsewhere"
        home.mkdir()
        monkeypatch.setenv(name, str(home))
        monkeypatch.setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", str(repo.git_dir / "objects"))
    else:
        repo.git("config", name, "0640")
    (oid,) = Objects(Repository(str(repo.path), stays=False)).write([b"one"])
    mode = (home / oid[:2] / oid[2:]).stat().st_mode & 0o777
    assert mode == (0o444 if name.isupper() else 0o440)


def test_an_object_that_is_missing_is_told_from_those_around_it(objects: Objects) -> None:
    oids = objects.write([b"one", b"two", b"three"])
    absent = "1" * 40

    assert found(objects, oids[0], absent, oids[1]) == {
        oids[0]: (b"one", ""),
        absent: (None, MISSING),
        oids[1]: (b"two", ""),
    }


def test_what_is_no_blob_is_named_by_its_type(objects: Objects, repo: Repo) -> None:
    commit, tree = repo.git("rev-parse", "HEAD", "HEAD^{tree}").split()
    tag = repo.git("rev-parse", "v1") if repo.git("tag", "-a", "-m", "One", "v1") == "" else ""

    assert {reason for _, reason in found(objects, commit, tree, tag).values()} == {
        "points at a commit, not at a blob",
        "points at a tree, not at a blob",
        "points at a tag, not at a blob",
    }


@pytest.mark.slow
def test_a_blob_over_the_limit_is_not_loaded(objects: Objects, repo: Repo) -> None:
    huge = repo.git("hash-object", "-w", "--stdin", given=b"0" * 50_000_000)
    assert found(objects, huge) == {huge: (None, "larger than 1,048,576 bytes")}


DAMAGE = {
    "emptied": lambda _: b"",
    "cut in the header": lambda whole: whole[:4],
    "cut in the body": lambda whole: whole[: len(whole) // 2],
    "overwritten": lambda _: b"garbage" * 10,
    "another object's": None,
}


@pytest.mark.parametrize("how", DAMAGE)
@pytest.mark.parametrize("place", [0, 2, 4])
def test_a_damaged_object_does_not_hide_the_others(
    objects: Objects, repo: Repo, how: str, place: int
) -> None:
    blobs = [os.urandom(300) for _ in range(5)]
    oids = objects.write(blobs)
    file = repo.loose(oids[place])
    change = DAMAGE[how]
    content = (
        change(file.read_bytes())
        if change
        else repo.loose(objects.write([b"other"])[0]).read_bytes()
    )
    _overwrite(file, content)

    seen = found(objects, *oids)

    assert seen[oids[place]][0] is None
    assert seen[oids[place]][1] in (MISSING, UNREADABLE)
    assert [seen[oid][0] for oid in oids if oid != oids[place]] == [
        blob for blob in blobs if blob != blobs[place]
    ]


def _overwrite(file: Path, content: bytes) -> None:
    file.unlink()
    file.write_bytes(content)


def test_a_repository_that_libgit2_cannot_open_is_written_by_git(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Objects, "_are_plain_files", False)
    made = Repo.make(tmp_path / "r", "--object-format=sha256")
    objects = Objects(Repository(str(made.path), stays=True))

    assert objects.write([b"one"] * MANY) == [blob_oid(b"one", "sha256")] * MANY
