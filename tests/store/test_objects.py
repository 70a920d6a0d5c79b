"""One contract for both ways of writing objects: through git processes and through libgit2."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.store.git.objects import MANY, MISSING, UNREADABLE, Objects, blob_oid
from git_muse_coord.store.git.repository import Repository
from tests.tools import Repo

WAYS = {"git": False, "libgit2": True}


@pytest.fixture(params=list(WAYS.values()), ids=list(WAYS))
def objects(request: pytest.FixtureRequest, repo: Repo) -> Objects:
    return Objects(Repository(str(repo.path), stays=request.param))


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


def test_a_repository_that_libgit2_cannot_open_is_written_by_git(tmp_path: Path) -> None:
    made = Repo.make(tmp_path / "r", "--object-format=sha256")
    objects = Objects(Repository(str(made.path), stays=True))

    assert objects.write([b"one"] * MANY) == [blob_oid(b"one", "sha256")] * MANY
