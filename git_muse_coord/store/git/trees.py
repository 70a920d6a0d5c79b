"""Which paths differ between commits, the index and the working tree. What else is there tells ``tree_files``.

Git itself is asked, so the index is the one that a hook's GIT_INDEX_FILE names.
"""

from __future__ import annotations

import os

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.git.process import fields_of, pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.store.git.process import Asking, Git
    from git_muse_coord.store.git.repository import Repository

PLAIN = (
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-relative",  # paths from the root, whatever diff.relative says
    "--no-ext-diff",  # nothing of the user's own diff programs
    "--ignore-submodules=dirty",  # a submodule has changed when its commit has
)
"""Options by which git tells what differs as ``delta_of`` reads it."""
LIST_TREE = ("ls-tree", "-z", "-r", "--full-tree")
LIST_INDEX = ("ls-files", "-z", "-s", "--full-name", "--")
"""The words that ask git for what ``rows`` reads: before a tree, and before patterns of paths."""
EVERYTHING = ":/"
"""The pattern of all paths, wherever git is run."""
_STAGED = ("diff-index", "--cached", *PLAIN)
_GONE = "000000"
FILE = "100644"
"""The mode of a regular file; that of a program differs in its last digits."""
LINK = "120000"
"""The mode of a symbolic link."""


class Version(NamedTuple):
    """What a path is in one tree: git's mode, and the object id; empty for a file that git would still have to hash."""

    mode: str
    oid: str

    @property
    def is_file(self) -> bool:
        """Whether it is a regular file, not a symbolic link or a submodule."""
        return self.mode.startswith("100")


Versions = dict[str, Version]
"""What stands at each path of a tree."""


class Delta(NamedTuple):
    """A path that differs; ``old`` or ``new`` is None where it is not there."""

    path: str
    old: Version | None
    new: Version | None

    @property
    def versions(self) -> list[Version]:
        """What was there and what is there, as far as it is, older first."""
        versions: list[Version] = []
        if self.old is not None:
            versions.append(self.old)
        if self.new is not None:
            versions.append(self.new)
        return versions

    @property
    def is_file_still(self) -> bool:
        """Whether a regular file is there, and nothing else was before: only then can one look inside."""
        if self.new is None:
            return False
        was_file = self.old is None or self.old.is_file
        return was_file and self.new.is_file


class Trees:
    """What differs between the trees of one repository. A mode that changes alone is no difference.

    ``told`` is what git said differs, when it was last asked, as it said it.
    """

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._git = repository.git
        self.told = b""
        self._begun: Asking | None = None

    def begin_staged(self) -> None:
        """Have git begin to tell what ``staged`` will be asked for first, while something else is done."""
        if self.repository.is_bare:
            return
        head = commit_or_empty_tree(self.repository)
        self._begun = self._git.begin(*_STAGED, head, "--")

    def staged(self, commit: str | None = None) -> list[Delta]:
        """What the index changes in a commit, or HEAD. Raises BadInput in a bare repository."""
        if self.repository.is_bare:
            raise _has_no_files()
        begun = self._begun
        # what git began to tell is true for the first question alone
        self._begun = None
        if begun is not None and commit is None:
            deltas = self._take(begun.out())
        else:
            compared = commit or commit_or_empty_tree(self.repository)
            deltas = self._differing(*_STAGED, compared)
        # one path in conflict is told several times
        return self._unmerged_from_files(deltas)

    def working(self, commit: str | None = None) -> list[Delta]:
        """What the files of the working tree change in a commit, or HEAD, new ones that git does not ignore included.

        Raises BadInput where there is no working tree.
        """
        if self.repository.top is None:
            raise _has_no_files()
        compared = commit or commit_or_empty_tree(self.repository)
        deltas = self._differing("diff", *PLAIN, compared)
        changed = self._unmerged_from_files(deltas)
        known = {delta.path for delta in changed}
        for path in self._untracked():
            # what was taken out of the index alone is there as deleted, and lies here as untracked
            if path in known:
                continue
            version = version_on_disk(self.repository, path)
            changed.append(Delta(path, None, version))
        return changed

    def between(self, revisions: str) -> list[Delta]:
        """What a range of commits changes, or a single one (``A^!``). Raises BadInput for what names no commits."""
        from git_muse_coord.store.git.ranges import ends_of

        old, new = ends_of(self._git, revisions)
        return self.from_to(old, new)

    def from_to(self, old: str, new: str) -> list[Delta]:
        """The same of two commits or trees whose ids are known, which saves to ask git for them."""
        return self._differing("diff-tree", "-r", *PLAIN, old, new)

    def _untracked(self) -> list[str]:
        command = ("ls-files", "-z", "-o", "--exclude-standard", "--full-name", "--")
        output = self._git.run(*command, EVERYTHING)
        return untracked_files(output)

    def _unmerged_from_files(self, deltas: list[Delta]) -> list[Delta]:
        """Take a path in conflict, which has no one version in the index, as it lies in the working tree."""
        unmerged: list[Delta] = []
        by_path: dict[str, Delta] = {}
        settled: set[str] = set()
        for delta in deltas:
            path = delta.path
            by_path.setdefault(path, delta)  # in the order in which git tells them
            if _is_unmerged(delta):
                unmerged.append(delta)
            else:
                by_path[path] = delta
                settled.add(path)
        for delta in unmerged:
            path = delta.path
            # else git tells it a second time, with what lies on disk
            if path not in settled:
                version = version_on_disk(self.repository, path)
                by_path[path] = delta._replace(new=version)
        return list(by_path.values())

    def _differing(self, *arguments: str) -> list[Delta]:
        output = self._git.run(*arguments, "--")
        return self._take(output)

    def _take(self, output: bytes) -> list[Delta]:
        self.told = output
        return deltas_told(output)


def commit_or_empty_tree(repository: Repository) -> str:
    """The commit of HEAD; before the first one a tree with nothing in it."""
    commit = repository.head().commit
    if commit is not None:
        return commit
    from git_muse_coord.store.git.ranges import empty_tree

    return empty_tree(repository.git)


def version_on_disk(repository: Repository, path: str) -> Version | None:
    """What lies at a path of the working tree, to be hashed yet; None for nothing and for what git cannot keep."""
    if ".git" in path.split("/"):
        return None
    top = repository.top or ""
    full = os.path.join(top, path)
    # the link itself counts, wherever it leads
    if os.path.islink(full):
        return Version(LINK, "")
    if os.path.isfile(full):
        return Version(FILE, "")
    return None


def _has_no_files() -> BadInput:
    return BadInput(
        "a bare repository has no index and no working tree",
        "name a range of commits",
    )


def untracked_files(listed: bytes) -> list[str]:
    """What ``ls-files -z -o`` told, without repositories within this one, which git names by their folder alone."""
    return [path for path in fields_of(listed) if not path.endswith("/")]


def deltas_told(output: bytes) -> list[Delta]:
    """What git tells by the options ``PLAIN``."""
    deltas: list[Delta] = []
    for facts, path in pairs_of(output):
        delta = delta_of(facts, path)
        if delta is not None:
            deltas.append(delta)
    return deltas


def files_of_tree(git: Git, tree: str) -> Versions:
    """Every path of a commit or a tree."""
    listed = git.run(*LIST_TREE, tree)
    return versions_in_tree(listed)


def versions_in_tree(listed: bytes) -> Versions:
    """What ``ls-tree -z`` told, by path."""
    versions: Versions = {}
    for (mode, _, oid), path in rows(listed):
        versions[path] = Version(mode, oid)
    return versions


def versions_in_index(listed: bytes) -> Versions:
    """What ``ls-files -z -s`` told, by path; of a path in conflict, which has several, the last."""
    versions: Versions = {}
    for (mode, oid, _), path in rows(listed):
        versions[path] = Version(mode, oid)
    return versions


def _is_unmerged(delta: Delta) -> bool:
    if delta.new is None:
        return False
    return delta.new.mode == _GONE


def delta_of(facts: str, path: str) -> Delta | None:
    """A row of ``--raw``; None where the mode alone differs."""
    columns = facts.removeprefix(":").split(" ")
    old_mode, new_mode, old_oid, new_oid, status = columns
    old = _version(old_mode, old_oid)
    if status == "U":
        # the index has several versions of it, and git gives an id of nought to what it leaves open
        unmerged = Version(_GONE, "")
        return Delta(path, old, unmerged)
    new = _version(new_mode, new_oid)
    if _have_same_content(old, new):
        return None
    return Delta(path, old, new)


def _have_same_content(old: Version | None, new: Version | None) -> bool:
    """Whether both are regular files that hold the same."""
    if old is None or new is None:
        return False
    # a link whose text is that of a file is something else
    if not old.is_file or not new.is_file:
        return False
    return old.oid == new.oid


def _version(mode: str, oid: str) -> Version | None:
    if mode == _GONE:
        return None
    # nought stands for a file of the working tree that is not hashed
    if not oid.strip("0"):
        return Version(mode, "")
    return Version(mode, oid)


def rows(output: bytes) -> Iterator[tuple[list[str], str]]:
    """The facts and the path of each entry that ``ls-files -z -s`` or ``ls-tree -z`` told."""
    for row in fields_of(output):
        facts, _, path = row.partition("\t")
        columns = facts.split(" ")
        yield columns, path
