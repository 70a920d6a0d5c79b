"""Histories with merges, made as people make them: branches that part, and come together with or without a conflict."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable

from git_muse_coord.coordinator.learning import learn
from git_muse_coord.coordinator.session import Session
from git_muse_coord.source.merging.merge_memory import MergeMemory
from tests.tools import Repo

Edit = Callable[[Repo], None]

_minutes = itertools.count(1)


def replacing(path: str, old: str, new: str) -> Edit:
    """An edit of a file."""

    def edit(repo: Repo) -> None:
        text = (repo.path / path).read_text()
        assert old in text, (path, old)
        repo.write(path, text.replace(old, new))

    return edit


def renaming(path: str, new: str) -> Edit:
    """An edit that gives a file another name."""

    def edit(repo: Repo) -> None:
        (repo.path / new).parent.mkdir(parents=True, exist_ok=True)
        repo.git("mv", path, new)

    return edit


def merge(repo: Repo, ours: Edit, theirs: Edit) -> str:
    """Let two sides part, and merge them; what conflicts is resolved in our favour."""
    tick(repo)
    repo.git("switch", "-qC", "topic")
    theirs(repo)
    repo.commit("theirs")
    repo.git("switch", "-q", "main")
    ours(repo)
    repo.commit("ours")
    repo.git("merge", "-q", "-s", "ours", "--no-commit", "topic")
    tick(repo)
    return repo.commit("merged")


def tick(repo: Repo) -> None:
    """Let time pass: what comes later is newer."""
    stamp = f"{1_700_000_000 + 60 * next(_minutes)} +0000"
    os.environ["GIT_COMMITTER_DATE"] = stamp


def learning_session(repo: Repo) -> Session:
    """A session in a repository that may be learnt from."""
    repo.git("config", "muse-coord.learn", "true")
    return Session(str(repo.path), stays=False)


def learn_all(repo: Repo, rest: Callable[[], bool] = lambda: True) -> MergeMemory:
    """Learn in this process, without rests."""
    session = learning_session(repo)
    learn(session, rest)
    return session.merge_memory


SHOP = """\
def order(items):
    return list(items)


def unrelated_one(value):
    number = value + 1
    return number


def unrelated_two(value):
    number = value + 2
    return number


def unrelated_three(value):
    number = value + 3
    return number


def pay(total):
"""
# Long enough that in most projects two who change it do not conflict.
SHOP += "".join(f"    step_{number} = {number}\n" for number in range(50)) + "    return total\n"


def shop(repo: Repo) -> Repo:
    """A file with functions that lie far apart, and a changelog."""
    repo.write("src/shop.py", SHOP)
    repo.write("CHANGELOG.md", "# Changes\n\n## Next\n\n- first\n")
    repo.commit("A shop")
    return repo


def two_pays(number: int) -> tuple[Edit, Edit]:
    """Both sides change what ``pay`` returns."""

    def one(value: str) -> Edit:
        def edit(repo: Repo) -> None:
            path = next(repo.path.rglob("s*op.py"))
            head, _, _ = path.read_text().rpartition("    return ")
            path.write_text(f"{head}    return total{value}\n")

        return edit

    return one(f" + {number}"), one(f" - {number}")
