"""Which paths differ between commits, the index and the working tree, and what stands in each version.

Git itself is asked, so the index is the one that a hook's GIT_INDEX_FILE names.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from git_muse_coord.model.errors import BadInput
from git_muse_coord.store.git.process import input_lines
from git_muse_coord.store.git.repository import Repository

# paths from the root, whatever diff.relative says; nothing of the user's own diff programs; a
# submodule has changed when its commit has
_PLAIN = (
    "--raw",
    "-z",
    "--no-abbrev",
    "--no-renames",
    "--no-relative",
    "--no-ext-diff",
    "--ignore-submodules=dirty",
)
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


class Trees:
    """The trees of one repository. A mode that changes alone is no difference."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._git = repository.git

    def staged(self, commit: str | None = None) -> list[Delta]:
        """What the index changes in a commit, or HEAD. Raises BadInput in a bare repository."""
        self._needs_files(self._repository.is_bare)
        return self._unmerged_from_files(
            self._deltas("diff-index", "--cached", *_PLAIN, commit or self._head(), "--")
        )

    def working(self, commit: str | None = None) -> list[Delta]:
        """What the files of the working tree change in a commit, or HEAD, new ones that git does not ignore included.

        Raises BadInput where there is no working tree.
        """
        self._needs_files(self._repository.top is None)
        tracked = self._unmerged_from_files(
            self._deltas("diff", *_PLAIN, commit or self._head(), "--")
        )
        known = {delta.path for delta in tracked}
        return tracked + [
            Delta(path, None, self.on_disk(path)) for path in self._untracked() if path not in known
        ]

    def between(self, revisions: str) -> list[Delta]:
        """What a range changes: ``A..B`` from A to B; ``A...B``, or ``A`` for ``A...HEAD``, since they parted.

        ``A^!`` is what the commit A itself changes. Raises BadInput for what names no commits.
        """
        old, new = self._ends(revisions)
        return self._deltas("diff-tree", "-r", *_PLAIN, old, new, "--")

    def at(self, revision: str) -> dict[str, Version]:
        """Every path of a commit or a tree. Raises BadInput for what is neither."""
        named = not revision.startswith(("-", "^")) and "\0" not in revision
        answer = (
            self._git.ask("rev-parse", "-q", "--verify", f"{revision}^{{tree}}") if named else None
        )
        if answer is None or answer.code:
            raise BadInput(f"{revision[:100]!r} is no commit or tree here")
        return self._listed(answer.out.decode().strip())

    def found(self, places: Iterable[tuple[str, str]]) -> dict[str, Version]:
        """The files that are at some paths, each of a commit; of a path that several have, the first."""
        wanted = [f"{commit}:{path}" for commit, path in places]
        if not wanted:
            return {}
        asked = ("cat-file", "--batch-check=%(objecttype) %(objectname)", "--buffer")
        found: dict[str, Version] = {}
        for place, row in zip(
            wanted, self._git.ask(*asked, given=input_lines(wanted)).out.splitlines(), strict=False
        ):
            kind, _, oid = row.decode("utf-8", "surrogateescape").partition(" ")
            if kind == "blob":
                found.setdefault(place.partition(":")[2], Version("100644", oid))
        return found

    def tracked(self, paths: Sequence[str] = ()) -> dict[str, Version]:
        """Every tracked path, or those at and below some paths, as they are on disk.

        In a bare repository: of HEAD's tree.
        """
        where = [f":(top,literal){path}" for path in paths]
        if self._repository.top is None:
            return {
                path: one
                for path, one in self._listed(self._head()).items()
                if not paths or _is_in(path, paths)
            }
        told = self._git.run("ls-files", "-z", "-s", "--full-name", "--", *(where or [":/"]))
        found = {path: Version(facts[0], facts[1]) for facts, path in rows(told)}
        for delta in self._deltas("diff", *_PLAIN, "--", *where):
            if delta.new is None:
                found.pop(delta.path, None)
            else:
                found[delta.path] = delta.new
        return found

    def on_disk(self, path: str) -> Version | None:
        """What lies at a path of the working tree, to be hashed yet; None for nothing and for what git cannot keep."""
        if ".git" in path.split("/"):
            return None
        full = os.path.join(self._repository.top or "", path)
        if os.path.islink(full):
            return Version(LINK, "")
        return Version("100644", "") if os.path.isfile(full) else None

    def _listed(self, tree: str) -> dict[str, Version]:
        told = self._git.run("ls-tree", "-z", "-r", "--full-tree", tree)
        return {path: Version(facts[0], facts[2]) for facts, path in rows(told)}

    def _untracked(self) -> list[str]:
        told = self._git.run(
            "ls-files", "-z", "-o", "--exclude-standard", "--full-name", "--", ":/"
        )
        return [path for path in os.fsdecode(told).split("\0")[:-1] if not path.endswith("/")]

    def _unmerged_from_files(self, deltas: list[Delta]) -> list[Delta]:
        """Take a path in conflict, which has no one version in the index, as it lies in the working tree."""
        merged = {delta.path for delta in deltas if delta.new is None or delta.new.mode != _GONE}
        found: dict[str, Delta] = {}
        for delta in deltas:
            if delta.new is None or delta.new.mode != _GONE:
                found[delta.path] = delta
            elif delta.path not in merged:
                found[delta.path] = delta._replace(new=self.on_disk(delta.path))
        return list(found.values())

    def _deltas(self, *arguments: str) -> list[Delta]:
        fields = os.fsdecode(self._git.run(*arguments)).split("\0")
        return [one for one in map(_delta, fields[0:-1:2], fields[1::2]) if one is not None]

    def _head(self) -> str:
        return self._repository.head().commit or self._empty_tree()

    def _empty_tree(self) -> str:
        return self._git.run("hash-object", "-t", "tree", "--stdin").decode().strip()

    def _ends(self, revisions: str) -> tuple[str, str]:
        if "..." in revisions:
            one, _, other = revisions.partition("...")
        elif ".." in revisions:
            one, _, other = revisions.partition("..")
            return self._tree(one or "HEAD", revisions), self._tree(other or "HEAD", revisions)
        elif revisions.endswith("^!"):
            commit = self._named(f"{revisions[:-2]}^{{commit}}", revisions)
            parent = (
                self._git.ask("rev-parse", "-q", "--verify", f"{commit}^1^{{tree}}")
                .out.decode()
                .strip()
            )
            return parent or self._empty_tree(), commit
        else:
            one, other = revisions, "HEAD"
        ends = [
            self._named(f"{end}^{{commit}}", revisions) for end in (one or "HEAD", other or "HEAD")
        ]
        base = self._git.ask("merge-base", *ends)
        if base.code:
            raise BadInput(
                f"the two ends of {revisions!r} have no common history",
                "compare them as they are: A..B",
            )
        return base.out.decode().split()[0], ends[1]

    def _tree(self, revision: str, revisions: str) -> str:
        return self._named(f"{revision}^{{tree}}", revisions)

    def _named(self, revision: str, revisions: str) -> str:
        answer = None
        if revisions and not revision.startswith(("-", "^")) and "\0" not in revision:
            answer = self._git.ask("rev-parse", "-q", "--verify", revision)
        if answer is None or answer.code:
            raise BadInput(
                f"{revisions[:100]!r} is no range of commits here",
                "write A..B, A...B, or A for what HEAD adds to it",
            )
        return answer.out.decode().strip()

    def _needs_files(self, absent: bool) -> None:
        if absent:
            raise BadInput(
                "a bare repository has no index and no working tree", "name a range of commits"
            )


def _delta(facts: str, path: str) -> Delta | None:
    old_mode, new_mode, old_oid, new_oid, status = facts.removeprefix(":").split(" ")
    if status == "U":
        return Delta(
            path,
            Version(old_mode, old_oid.strip("0")) if old_mode != _GONE else None,
            Version(_GONE, ""),
        )
    old = None if old_mode == _GONE else Version(old_mode, old_oid)
    new = None if new_mode == _GONE else Version(new_mode, new_oid if new_oid.strip("0") else "")
    if old and new and old.oid == new.oid and old.is_file and new.is_file:
        return None
    return Delta(path, old, new)


def rows(told: bytes) -> Iterator[tuple[list[str], str]]:
    """The facts and the path of each entry that ``ls-files -z -s`` or ``ls-tree -z`` told."""
    for row in os.fsdecode(told).split("\0")[:-1]:
        facts, _, path = row.partition("\t")
        yield facts.split(" "), path


def _is_in(path: str, paths: Sequence[str]) -> bool:
    return any(path == one or path.startswith(one.rstrip("/") + "/") for one in paths)
