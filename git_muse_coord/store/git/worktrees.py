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
        return not self.is_locked and not os.path.lexists(self.top)


def name_of_this(repository: Repository) -> str:
    """The name of the worktree that we are in."""
    return os.path.relpath(repository.git_dir, repository.common_dir)


def worktrees(repository: Repository) -> list[Worktree]:
    """All worktrees of a clone; what is bare has none of its own. Raises StoreFailed."""
    # Git looks whether each is there, which takes for ever on a disk that is away.
    answer = repository.git.begin("worktree", "list", "--porcelain").answer_within(_SECONDS)
    if answer is None or answer.code:
        raise StoreFailed("git does not list the worktrees of this repository")
    told = os.fsdecode(answer.out)
    names = _names_of_linked(repository.common_dir)
    listed: list[Worktree] = []
    for number, paragraph in enumerate(told.split("\n\n")):
        facts: dict[str, str] = {}
        for line in paragraph.splitlines():
            word, _, value = line.partition(" ")
            facts.setdefault(word, value)
        if "worktree" not in facts or "bare" in facts:
            continue
        top = facts["worktree"]
        # Git lists it first.
        is_main = number == 0
        # With a git directory elsewhere, as in a submodule, git names that; here we know better.
        if is_main and repository.top and repository.git_dir == repository.common_dir:
            top = repository.top
        elif is_main and os.path.realpath(top) == os.path.realpath(repository.common_dir):
            top = _configured_top(repository) or top
        branch = facts.get("branch")
        listed.append(
            Worktree(
                name=MAIN if is_main else _name_of(top, names),
                top=top,
                branch=branch.removeprefix(_HEADS) if branch else None,
                is_locked="locked" in facts,
            )
        )
    return listed


def _configured_top(repository: Repository) -> str | None:
    """Where the main worktree lies by core.worktree, which git itself sets in a submodule; None where nothing says."""
    git = repository.git.in_worktree(repository.common_dir)
    answer = git.begin("rev-parse", "--show-toplevel").answer_within(_SECONDS)
    if answer is None or answer.code:
        return None
    return os.fsdecode(answer.out).rstrip("\n")


def rebased_branch(git_dir: str) -> str | None:
    """The branch that a rebase under way in a worktree will move in the end; HEAD is detached meanwhile."""
    for folder in _REBASES:
        line = read_regular(os.path.join(git_dir, folder, "head-name"), _MOST_BYTES)
        if line is not None:
            name = os.fsdecode(line).rstrip("\n")
            return name.removeprefix(_HEADS) if name.startswith(_HEADS) else None
    return None


def _names_of_linked(common_dir: str) -> dict[str, str]:
    """The names of linked worktrees, by where they are: git keeps that in a file for each."""
    names: dict[str, str] = {}
    home = os.path.join(common_dir, "worktrees")
    with suppress(FileNotFoundError):
        for name in os.listdir(home):
            with (
                suppress(OSError),
                open(os.path.join(home, name, "gitdir"), "rb") as file,
            ):
                # the path of its file .git
                place = os.path.dirname(os.fsdecode(file.read()).rstrip("\n"))
                path = os.path.join(home, name, place)
                names[path] = f"worktrees/{name}"
    return names


def _name_of(top: str, names: Mapping[str, str]) -> str:
    if top in names:
        return names[top]
    # It is written otherwise in the file. Looking is the last resort: the disk may be away.
    place = os.path.realpath(top)
    for path, name in names.items():
        if os.path.realpath(path) == place:
            return name
    return MAIN
