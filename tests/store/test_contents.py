"""Contents of files that git has not stored: read by who hashed them, and only while they stay the same."""

from __future__ import annotations

from git_muse_coord.store.git.contents import Contents
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.trees import Version
from tests.tools import Repo

LIMIT = 1 << 20
UNHASHED = Version("100644", "")


def hashed(repo: Repo, path: str) -> tuple[Contents, str]:
    contents = Contents(Repository(str(repo.path), stays=True), LIMIT)
    return contents, contents.hashed({path: UNHASHED})[path].oid


def test_what_was_hashed_is_read_from_disk(repo: Repo) -> None:
    repo.write("new.py", "one = 1\n")

    contents, oid = hashed(repo, "new.py")

    assert list(contents.read([oid])) == [b"one = 1\n"]


def test_a_file_that_changed_since_is_not_there_any_more(repo: Repo) -> None:
    repo.write("new.py", "one = 1\n")
    contents, oid = hashed(repo, "new.py")

    repo.write("new.py", "two = 2\n")

    assert list(contents.read([oid])) == [None]
    assert list(contents.read([contents.hashed({"new.py": UNHASHED})["new.py"].oid])) == [
        b"two = 2\n"
    ]


def test_a_file_that_changed_since_it_was_added_is_read_as_it_was_hashed(repo: Repo) -> None:
    repo.write("new.py", "one = 1\n")
    contents, oid = hashed(repo, "new.py")
    repo.git("add", "new.py")

    repo.write("new.py", "two = 2\n")

    assert list(contents.read([oid])) == [b"one = 1\n"]


def test_what_somebody_else_hashed_is_an_object_that_is_not_here(repo: Repo) -> None:
    repo.write("new.py", "one = 1\n")
    _, oid = hashed(repo, "new.py")
    repo.write("other.py", "two = 2\n")

    contents, _ = hashed(repo, "other.py")

    assert list(contents.read([oid])) == [None]
