"""check and the hooks: a merge that git makes without a word, and whose result breaks."""

from __future__ import annotations

import pytest

from tests.tools import Repo

A, B, C = (f"def {name}():\n    return '{name}'\n" for name in "abc")
SLUG = "def slug(text):\n    return text.lower()\n"
PATH = "my shop/ähm.py"
BASE = "from geo import area\nimport os\n\n\n" + "\n\n".join((A, B, C))


def merging(repo: Repo, ours: str, theirs: str, *, path: str = PATH) -> None:
    """Wait with a merge of two branches, in both of which a file was changed."""
    for branch, text in (("base", BASE), ("ours", ours), ("theirs", theirs)):
        repo.git("checkout", "-q", "-B", branch, *(["base"] if branch != "base" else []))
        repo.write(path, text)
        repo.commit(branch)
    repo.git("checkout", "-q", "ours")
    repo.git("merge", "-q", "--no-commit", "theirs")


@pytest.mark.parametrize("option", [[], ["--worktree"]])
def test_what_stands_twice(repo: Repo, option: list[str]) -> None:
    merging(repo, BASE.replace(B, f"{SLUG}\n\n{B}"), f"{BASE}\n\n{SLUG}")

    (warning,) = repo.json("check", *option)["warnings"]
    assert warning == f"{PATH} has slug twice, because each side of the merge added it"
    assert repo.muse("check", *option, "--strict").code == 0


def test_an_import_that_is_lost(repo: Repo) -> None:
    merging(repo, BASE.replace("from geo import area\n", ""), BASE.replace("'c'", "area()"))

    (warning,) = repo.json("check")["warnings"]
    assert "uses area, which it does not import any more" in warning
    repo.write(PATH, f"from geo import area\n{(repo.path / PATH).read_text()}")
    assert repo.json("check", "--worktree")["warnings"] == []


def test_a_merge_in_peace_and_no_merge(repo: Repo) -> None:
    merging(repo, BASE.replace("'a'", "'A'"), BASE.replace("'c'", "'C'"))

    assert repo.json("check")["warnings"] == []
    repo.git("commit", "-q", "-m", "merged")
    repo.write(PATH, f"{BASE}\n\n{SLUG}\n\n{SLUG}")
    repo.git("add", "-A")
    assert repo.json("check")["warnings"] == []


def test_the_hook_of_a_merge_says_it(repo: Repo) -> None:
    repo.muse("install")
    repo.muse("reserve", "--local", "--run-id", "bob", "other.py")
    merging(repo, BASE.replace(B, f"{SLUG}\n\n{B}"), f"{BASE}\n\n{SLUG}")
    ran = repo.muse("hook", "pre-merge-commit")

    assert ran.code == 0
    assert "has slug twice" in ran.err
