"""The worktrees of a clone: where each is, and what it has checked out."""

from __future__ import annotations

import os

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import suppress
from git_muse_coord.store.git.regular_file import read_regular

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.store.git.repository import Repository

MAIN = "."
"""How the main worktree is called; a linked one by its directory in the git directory: ``worktrees/NAME``."""
_REBASES = ("rebase-merge", "rebase-apply")

_HEADS = "refs/heads/"
_MOST_BYTES = 4096
_SECONDS = 10.0


class Worktree(NamedTuple):
    """A worktree; ``branch`` is None where HEAD is detached. ``is_locked``: it may be on a disk that is away."""

    name: str
    top: str
    branch: str | None
    is_locked: bool

    def git_dir(self, common_dir: str) -> str:
        """Where git keeps what is its own, in the git directory of the clone."""
        if self.name == MAIN:
            return common_dir
        return os.path.join(common_dir, self.name)

    @property
    def is_gone(self) -> bool:
        """Whether somebody removed its directory, and with it all that was not committed there."""
        if self.is_locked:
            return False
        return not os.path.lexists(self.top)


def name_of_this(repository: Repository) -> str:
    """The name of the worktree that we are in."""
    return os.path.relpath(repository.git_dir, repository.common_dir)


def worktrees(repository: Repository) -> list[Worktree]:
    """All worktrees of a clone; what is bare has none of its own. Raises StoreFailed."""
    # Git looks whether each is there, which takes for ever on a disk that is away.
    asking = repository.git.begin("worktree", "list", "--porcelain")
    answer = asking.answer_within(_SECONDS)
    if answer is None or answer.code:
        raise StoreFailed("git does not list the worktrees of this repository")
    paragraphs = answer.text.split("\n\n")
    names = _names_of_linked(repository.common_dir)
    listed: list[Worktree] = []
    for number, paragraph in enumerate(paragraphs):
        facts = _facts(paragraph)
        if "worktree" not in facts or "bare" in facts:
            continue
        top = facts["worktree"]
        # Git lists it first.
        is_main = number == 0
        if is_main:
            name = MAIN
            top = _top_of_main(repository, top)
        else:
            name = _name_of(top, names)
        branch = facts.get("branch")
        if branch is not None:
            branch = branch.removeprefix(_HEADS)
        is_locked = "locked" in facts
        listed.append(Worktree(name, top, branch, is_locked))
    return listed


def _facts(paragraph: str) -> dict[str, str]:
    """What git tells of one worktree, by its first word in a line; some words have nothing behind them."""
    facts: dict[str, str] = {}
    for line in paragraph.splitlines():
        word, _, value = line.partition(" ")
        facts.setdefault(word, value)
    return facts


def _top_of_main(repository: Repository, told: str) -> str:
    """Where the main worktree is: as git told it, if we do not know better.

    With a git directory elsewhere, as in a submodule, git names that.
    """
    common_dir = repository.common_dir
    if repository.top and repository.git_dir == common_dir:
        return repository.top
    real = os.path.realpath(told)
    if real == os.path.realpath(common_dir):
        return _configured_top(repository) or told
    return told


def _configured_top(repository: Repository) -> str | None:
    """Where the main worktree lies by core.worktree, which git itself sets in a submodule; None where nothing says."""
    git = repository.git.in_worktree(repository.common_dir)
    asking = git.begin("rev-parse", "--show-toplevel")
    answer = asking.answer_within(_SECONDS)
    if answer is None or answer.code:
        return None
    return answer.text.rstrip("\n")


def rebased_branch(git_dir: str) -> str | None:
    """The branch that a rebase under way in a worktree will move in the end; HEAD is detached meanwhile."""
    for folder in _REBASES:
        path = os.path.join(git_dir, folder, "head-name")
        content = read_regular(path, _MOST_BYTES)
        if content is None:
            continue
        line = os.fsdecode(content)
        ref = line.rstrip("\n")
        # a commit that is on no branch is rebased, too
        if not ref.startswith(_HEADS):
            return None
        return ref.removeprefix(_HEADS)
    return None


def _names_of_linked(common_dir: str) -> dict[str, str]:
    """The names of linked worktrees, by where they are: git keeps that in a file for each."""
    names: dict[str, str] = {}
    home = os.path.join(common_dir, "worktrees")
    with suppress(FileNotFoundError):
        for name in os.listdir(home):
            folder = os.path.join(home, name)
            with suppress(OSError):
                top = _top_by_pointer(folder)
                names[top] = f"worktrees/{name}"
    return names


def _top_by_pointer(folder: str) -> str:
    """Where a linked worktree is, by its own folder in the git directory. Raises OSError."""
    pointer = os.path.join(folder, "gitdir")
    with open(pointer, "rb") as file:
        line = os.fsdecode(file.read())
    # the path of its file .git, which may begin at that folder
    dot_git = line.rstrip("\n")
    top = os.path.dirname(dot_git)
    return os.path.join(folder, top)


def _name_of(top: str, names: Mapping[str, str]) -> str:
    if top in names:
        return names[top]
    # It is written otherwise in the file. Looking is the last resort: the disk may be away.
    real_top = os.path.realpath(top)
    for path, name in names.items():
        if os.path.realpath(path) == real_top:
            return name
    return MAIN
