"""Commits by the names that git understands, and where two of them parted. What they hold is for ``trees``."""

from __future__ import annotations

import os

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.store.git.process import Git
    from git_muse_coord.store.git.repository import Repository

UNRELATED = "have no common history"
"""What is wrong with two commits where there is no third from which both come."""


_MESSAGE_MOST = 1 << 16
"""So much of a message is looked at."""
_LENGTHS_OF_IDS = (40, 64)
_DIGITS = frozenset("0123456789abcdef")


def commit(git: Git, revision: str) -> str:
    """The id of the commit that a branch, a tag, ``HEAD~1`` or the like names. Raises BadInput."""
    # git would take -x for an option and ^x for an exclusion; no argument can hold a null byte
    is_option = revision.startswith(("-", "^"))
    if revision and not is_option and "\0" not in revision:
        name = f"{revision}^{{commit}}"
        oid = git.line_or_none("rev-parse", "-q", "--verify", name)
        if oid is not None:
            return oid
    raise BadInput(
        f"{revision[:100]!r} names no commit here",
        "name a branch, a tag or a commit; git branch -a lists",
    )


def parents(git: Git, commit_id: str) -> list[str]:
    """The parents of a commit, in order."""
    return git.lines("rev-parse", f"{commit_id}^@")


def merging(repository: Repository) -> list[str]:
    """The commits that are being merged into HEAD, where a merge is waiting to be committed."""
    path = os.path.join(repository.git_dir, "MERGE_HEAD")
    try:
        with open(path, encoding="ascii") as file:
            return file.read().split()
    except (OSError, UnicodeDecodeError):
        return []


def squashed(repository: Repository) -> list[str]:
    """The commit that ``git merge --squash`` made changes of that are still to be committed; nothing for nothing."""
    path = os.path.join(repository.git_dir, "SQUASH_MSG")
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            beginning = file.read(_MESSAGE_MOST)
    except OSError:
        return []
    for line in beginning.splitlines():
        # The newest is the first, and holds all others.
        word, _, rest = line.partition(" ")
        if word == "commit" and _is_id(rest):
            return [rest]
    return []


def _is_id(text: str) -> bool:
    return len(text) in _LENGTHS_OF_IDS and _DIGITS.issuperset(text)


def picked(repository: Repository) -> str | None:
    """The commit of which ``git cherry-pick`` has just made another; None for none, and amid a rebase."""
    git_dir = repository.git_dir
    for name in ("rebase-merge", "rebase-apply"):
        folder = os.path.join(git_dir, name)
        if os.path.exists(folder):
            return None
    path = os.path.join(git_dir, "CHERRY_PICK_HEAD")
    try:
        with open(path, encoding="ascii") as file:
            oid = file.read().strip()
    except (OSError, UnicodeDecodeError):
        return None
    return oid or None


def bases(
    git: Git,
    commit: str,
    other_commit: str,
) -> list[str]:
    """The best common ancestors of two commits: one as a rule, several where branches crossed, none if unrelated."""
    answer = git.ask("merge-base", "--all", commit, other_commit)
    return answer.words


def common_bases(
    git: Git,
    commit: str,
    other_commit: str,
) -> list[str]:
    """As ``bases``, of which there must be one. Raises BadInput, which tells of a history that was cut off."""
    common = bases(git, commit, other_commit)
    if common:
        return common
    if git.line("rev-parse", "--is-shallow-repository") == "true":
        raise BadInput(
            "this shallow clone does not reach back to where the two parted",
            "git fetch --unshallow",
        )
    raise BadInput(f"the two {UNRELATED}", "name the commit to start from with --base")
