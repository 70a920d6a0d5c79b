"""Branches, here and as last seen at a remote: what they are called, where they stand, how far they have parted.

What is on them is for ``commits`` and ``trees``.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.store.git.refs import Refs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git_muse_coord.store.git.process import Git

_LOCAL = "refs/heads/"
_REMOTE = "refs/remotes/"
_USUAL = ("main", "master")


class Branch(NamedTuple):
    """A branch; ``name`` is as people say it: ``topic``, or ``origin/topic`` for one that is only at a remote."""

    name: str
    commit: str


class Commit(NamedTuple):
    """A commit of a branch; ``parents`` are ids."""

    id: str
    parents: tuple[str, ...]


class Branches:
    """The branches of one repository. ``remote`` is the one to look at for those that are not here."""

    def __init__(self, git: Git, remote: str | None) -> None:
        self._git = git
        self._remote = remote

    def find(self, name: str) -> Branch | None:
        """A branch by its name: of this clone, of the remote, or with the name of its remote before it."""
        branch = self.local(name)
        if branch is None and self._remote:
            branch = self._branch(_REMOTE, f"{self._remote}/{name}")
        if branch is None:
            branch = self._branch(_REMOTE, name)
        return branch

    def default(self, current: str | None) -> Branch | None:
        """The default branch of the remote, else main, else master, else the current one."""
        names = list(_USUAL)
        if current:
            names.append(current)
        if self._remote:
            head = f"{_REMOTE}{self._remote}/HEAD"
            answer = self._git.ask("symbolic-ref", "-q", head)
            target = answer.text.strip()
            # empty where nobody asked the remote, as after git init and git remote add
            if target:
                names.insert(0, target.removeprefix(_REMOTE))
        for name in names:
            branch = self.find(name)
            if branch is not None:
                return branch
        return None

    def shared_default(self) -> Branch | None:
        """The default branch as it was last seen at the remote; where there is no remote, the one here.

        None where nothing says which it is: a guess will do for an answer, not to act upon.
        """
        default = self.default(None)
        if default is None or not self._remote:
            return default
        name = default.name
        prefix = f"{self._remote}/"
        if not name.startswith(prefix):
            name = prefix + name
        return self._branch(_REMOTE, name)

    def local(self, name: str) -> Branch | None:
        """A branch of this clone by its name."""
        return self._branch(_LOCAL, name)

    def _branch(self, prefix: str, name: str) -> Branch | None:
        commit = self._refs.get(prefix + name)
        if not commit:
            return None
        return Branch(name, commit)

    def is_same(self, name: str, branch: Branch) -> bool:
        """Whether a name means a branch, in this clone or at the remote."""
        if name == branch.name:
            return True
        if self._remote is None:
            return False
        at_remote = f"{self._remote}/{name}"
        return at_remote == branch.name

    def distance(self, onto: str, commit: str) -> tuple[int, int]:
        """How many commits are on ``commit`` alone, and how many on ``onto`` alone: ahead, behind."""
        both = f"{onto}...{commit}"
        counts = self._git.line("rev-list", "--left-right", "--count", both, "--")
        behind, ahead = counts.split()
        return int(ahead), int(behind)

    def commits(self, commit: str, without: Sequence[str]) -> list[Commit]:
        """What is on a commit and on none of others, parents first."""
        listed = ("rev-list", "--parents", "--topo-order", "--reverse")
        range_ = (commit, "--not", *without, "--")
        commits: list[Commit] = []
        for row in self._git.lines(*listed, *range_):
            commit_id, *parents = row.split()
            commits.append(Commit(commit_id, tuple(parents)))
        return commits

    @cached_property
    def _refs(self) -> dict[str, str]:
        refs = Refs(self._git)
        return refs.list(_LOCAL, _REMOTE)
