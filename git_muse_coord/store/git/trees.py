"""Which paths differ between commits, the index and the working tree, and what stands in each version.

Git itself is asked, so the index is the one that a hook's GIT_INDEX_FILE names.
"""

from __future__ import annotations

import os

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.git.process import fields_of, input_lines, pairs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
_UNREFRESHED = ("-c", "diff.autoRefreshIndex=false")
"""So that git diff does not write the index where only times have changed; that nobody wants locks does not stop it."""
_STAGED = ("diff-index", "--cached", *PLAIN)
_GONE = "000000"
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
        if self.new is None or not self.new.is_file:
            return False
        return self.old is None or self.old.is_file


class Trees:
    """The trees of one repository. A mode that changes alone is no difference.

    ``told`` is what git said differs, when it was last asked, as it said it.
    """

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._git = repository.git
        self.told = b""
        self._begun: Asking | None = None

    def begin_staged(self) -> None:
        """Have git begin to tell what ``staged`` will be asked for first, while something else is done."""
        if not self.repository.is_bare:
            self._begun = self._git.begin(*_STAGED, self._head(), "--")

    def staged(self, commit: str | None = None) -> list[Delta]:
        """What the index changes in a commit, or HEAD. Raises BadInput in a bare repository."""
        self._needs_files(self.repository.is_bare)
        begun, self._begun = self._begun, None
        if begun is not None and commit is None:
            return self._unmerged_from_files(self._told(begun.out()))
        compared = commit or self._head()
        deltas = self._deltas(*_STAGED, compared, "--")
        return self._unmerged_from_files(deltas)

    def working(self, commit: str | None = None) -> list[Delta]:
        """What the files of the working tree change in a commit, or HEAD, new ones that git does not ignore included.

        Raises BadInput where there is no working tree.
        """
        self._needs_files(self.repository.top is None)
        compared = commit or self._head()
        deltas = self._deltas("diff", *PLAIN, compared, "--")
        changed = self._unmerged_from_files(deltas)
        known = {delta.path for delta in changed}
        for path in self._untracked():
            # what was taken out of the index alone is there as deleted, and lies here as untracked
            if path in known:
                continue
            delta = Delta(path, None, self.on_disk(path))
            changed.append(delta)
        return changed

    def between(self, revisions: str) -> list[Delta]:
        """What a range of commits changes, or a single one (``A^!``). Raises BadInput for what names no commits."""
        from git_muse_coord.store.git.ranges import ends_of

        old, new = ends_of(self._git, revisions)
        return self._deltas("diff-tree", "-r", *PLAIN, old, new, "--")

    def from_to(self, old: str, new: str) -> list[Delta]:
        """The same of two commits or trees whose ids are known, which saves to ask git for them."""
        return self._deltas("diff-tree", "-r", *PLAIN, old, new, "--")

    def at(self, revision: str) -> dict[str, Version]:
        """Every path of a commit or a tree. Raises BadInput for what is neither."""
        from git_muse_coord.store.git.ranges import resolved

        tree = resolved(self._git, f"{revision}^{{tree}}")
        if tree is None:
            raise BadInput(f"{revision[:100]!r} is no commit or tree here")
        return files_of_tree(self._git, tree)

    def found(self, places: Iterable[tuple[str, str]]) -> dict[str, Version]:
        """The files that are at some paths, each of a commit; of a path that several have, the first."""
        wanted = list(places)
        if not wanted:
            return {}
        answer = self._git.ask(
            "cat-file",
            "--batch-check=%(objecttype) %(objectname)",
            "--buffer",
            given=input_lines(f"{commit}:{path}" for commit, path in wanted),
        )
        answers = answer.out.decode("utf-8", "surrogateescape").split("\n")
        versions: dict[str, Version] = {}
        for (_, path), line in zip(wanted, answers, strict=False):
            kind, _, oid = line.partition(" ")
            if kind == "blob" and path not in versions:
                versions[path] = Version("100644", oid)
        return versions

    def index(self) -> dict[str, Version]:
        """Every path of the index; what conflicts is not in it."""
        versions: dict[str, Version] = {}
        listed = self._git.run("ls-files", "-z", "-s", "--full-name", "--", ":/")
        for (mode, oid, stage), path in rows(listed):
            if stage == "0":
                versions[path] = Version(mode, oid)
        return versions

    def tracked(self, paths: Sequence[str] = ()) -> dict[str, Version]:
        """Every tracked path, or those at and below some paths, as they are on disk.

        In a bare repository: of HEAD's tree.
        """
        if self.repository.top is None:
            return self._tracked_in_head(paths)
        patterns = [f":(top,literal){path}" for path in paths]
        listed = self._git.run(
            "ls-files",
            "-z",
            "-s",
            "--full-name",
            "--",
            *(patterns or [":/"]),
        )
        versions: dict[str, Version] = {}
        for (mode, oid, _), path in rows(listed):
            versions[path] = Version(mode, oid)
        # What only has another time is told as well, and hashed by whoever reads it.
        for delta in self._deltas(*_UNREFRESHED, "diff", *PLAIN, "--", *patterns):
            if delta.new is None:
                versions.pop(delta.path, None)
            else:
                versions[delta.path] = delta.new
        return versions

    def on_disk(self, path: str) -> Version | None:
        """What lies at a path of the working tree, to be hashed yet; None for nothing and for what git cannot keep."""
        if ".git" in path.split("/"):
            return None
        top = self.repository.top or ""
        full = os.path.join(top, path)
        if os.path.islink(full):
            return Version(LINK, "")
        if os.path.isfile(full):
            return Version("100644", "")
        return None

    def _tracked_in_head(self, paths: Sequence[str]) -> dict[str, Version]:
        versions = files_of_tree(self._git, self._head())
        if not paths:
            return versions
        chosen: dict[str, Version] = {}
        for path, version in versions.items():
            if _is_in(path, paths):
                chosen[path] = version
        return chosen

    def _untracked(self) -> list[str]:
        output = self._git.run(
            "ls-files", "-z", "-o", "--exclude-standard", "--full-name", "--", ":/"
        )
        # git names a repository within this one by its folder alone
        return [path for path in fields_of(output) if not path.endswith("/")]

    def _unmerged_from_files(self, deltas: list[Delta]) -> list[Delta]:
        """Take a path in conflict, which has no one version in the index, as it lies in the working tree."""
        unmerged: list[Delta] = []
        by_path: dict[str, Delta] = {}
        settled: set[str] = set()
        for delta in deltas:
            by_path.setdefault(delta.path, delta)  # in the order in which git tells them
            if _is_unmerged(delta):
                unmerged.append(delta)
            else:
                by_path[delta.path] = delta
                settled.add(delta.path)
        for delta in unmerged:
            # else git tells it a second time, with what lies on disk
            if delta.path not in settled:
                by_path[delta.path] = delta._replace(new=self.on_disk(delta.path))
        return list(by_path.values())

    def _deltas(self, *arguments: str) -> list[Delta]:
        return self._told(self._git.run(*arguments))

    def _told(self, output: bytes) -> list[Delta]:
        self.told = output
        return deltas_told(output)

    def _head(self) -> str:
        commit = self.repository.head().commit
        if commit is not None:
            return commit
        from git_muse_coord.store.git.ranges import empty_tree

        return empty_tree(self._git)

    def _needs_files(self, absent: bool) -> None:
        if not absent:
            return
        raise BadInput(
            "a bare repository has no index and no working tree",
            "name a range of commits",
        )


def deltas_told(output: bytes) -> list[Delta]:
    """What git tells by the options ``PLAIN``."""
    deltas: list[Delta] = []
    for facts, path in pairs_of(output):
        delta = delta_of(facts, path)
        if delta is not None:
            deltas.append(delta)
    return deltas


def files_of_tree(git: Git, tree: str) -> dict[str, Version]:
    """Every path of a commit or a tree."""
    output = git.run("ls-tree", "-z", "-r", "--full-tree", tree)
    return {path: Version(mode, oid) for (mode, _, oid), path in rows(output)}


def _is_unmerged(delta: Delta) -> bool:
    if delta.new is None:
        return False
    return delta.new.mode == _GONE


def delta_of(facts: str, path: str) -> Delta | None:
    """A row of ``--raw``; None where the mode alone differs."""
    old_mode, new_mode, old_oid, new_oid, status = facts.removeprefix(":").split(" ")
    old = _version(old_mode, old_oid)
    if status == "U":
        # the index has several versions of it, and git gives an id of nought to what it leaves open
        unmerged = Version(_GONE, "")
        return Delta(path, old, unmerged)
    new = _version(new_mode, new_oid)
    delta = Delta(path, old, new)
    if old is None or new is None:
        return delta
    if old.oid == new.oid and old.is_file and new.is_file:
        return None
    return delta


def _version(mode: str, oid: str) -> Version | None:
    if mode == _GONE:
        return None
    # nought stands for a file of the working tree that is not hashed
    is_hashed = oid.strip("0") != ""
    if not is_hashed:
        oid = ""
    return Version(mode, oid)


def rows(output: bytes) -> Iterator[tuple[list[str], str]]:
    """The facts and the path of each entry that ``ls-files -z -s`` or ``ls-tree -z`` told."""
    for row in fields_of(output):
        facts, _, path = row.partition("\t")
        yield facts.split(" "), path


def _is_in(path: str, places: Iterable[str]) -> bool:
    """Whether a path is one of some places, or below one that is a directory."""
    for place in places:
        directory = place.rstrip("/") + "/"
        if path == place or path.startswith(directory):
            return True
    return False
