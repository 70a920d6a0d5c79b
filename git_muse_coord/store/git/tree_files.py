"""Every path of a tree, be it of a commit, the index or the working tree, and what stands there."""

from __future__ import annotations

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.process import input_lines
from git_muse_coord.store.git.trees import (
    EVERYTHING,
    FILE,
    LIST_INDEX,
    PLAIN,
    Version,
    Versions,
    commit_or_empty_tree,
    deltas_told,
    files_of_tree,
    rows,
    versions_in_index,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from git_muse_coord.store.git.repository import Repository

CommitAndPath = tuple[str, str]
_DIFFERING = ("-c", "diff.autoRefreshIndex=false", "diff", *PLAIN, "--")
"""What lies on disk otherwise than in the index, which git would write where only times have changed.

That nobody wants locks does not stop it.
"""


class TreeFiles:
    """The files in the trees of one repository."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._git = repository.git

    def at(self, revision: str) -> Versions:
        """Every path of a commit or a tree. Raises BadInput for what is neither."""
        from git_muse_coord.store.git.ranges import resolved

        tree = resolved(self._git, f"{revision}^{{tree}}")
        if tree is None:
            raise BadInput(f"{revision[:100]!r} is no commit or tree here")
        return files_of_tree(self._git, tree)

    def found(self, places: Iterable[CommitAndPath]) -> Versions:
        """The files that are at some paths, each of a commit; of a path that several have, the first."""
        wanted = list(places)
        if not wanted:
            return {}
        names = [f"{commit}:{path}" for commit, path in wanted]
        answer = self._git.ask(
            "cat-file",
            "--batch-check=%(objecttype) %(objectname)",
            "--buffer",
            given=input_lines(names),
        )
        # a path may hold what else ends a line for Python, and git repeats one that is not there
        lines = answer.text.split("\n")
        versions: Versions = {}
        for (_, path), line in zip(wanted, lines, strict=False):
            kind, _, oid = line.partition(" ")
            if kind == "blob" and path not in versions:
                versions[path] = Version(FILE, oid)
        return versions

    def index(self) -> Versions:
        """Every path of the index; what conflicts is not in it."""
        listed = self._git.run(*LIST_INDEX, EVERYTHING)
        versions: Versions = {}
        for (mode, oid, stage), path in rows(listed):
            if stage == "0":
                versions[path] = Version(mode, oid)
        return versions

    def tracked(self, paths: Sequence[str] = ()) -> Versions:
        """Every tracked path, or those at and below some paths, as they are on disk.

        In a bare repository: of HEAD's tree.
        """
        if self._repository.top is None:
            return self._tracked_in_head(paths)
        patterns = [f":(top,literal){path}" for path in paths]
        if not patterns:
            patterns = [EVERYTHING]
        listed = self._git.run(*LIST_INDEX, *patterns)
        versions = versions_in_index(listed)
        # what only has another time is told as well, and hashed by whoever reads it
        told = self._git.run(*_DIFFERING, *patterns)
        for delta in deltas_told(told):
            if delta.new is None:
                versions.pop(delta.path, None)
            else:
                versions[delta.path] = delta.new
        return versions

    def _tracked_in_head(self, paths: Sequence[str]) -> Versions:
        head = commit_or_empty_tree(self._repository)
        versions = files_of_tree(self._git, head)
        if not paths:
            return versions
        chosen: Versions = {}
        for path, version in versions.items():
            if _is_in(path, paths):
                chosen[path] = version
        return chosen


def _is_in(path: str, places: Iterable[str]) -> bool:
    """Whether a path is one of some places, or below one that is a directory."""
    for place in places:
        directory = place.rstrip("/") + "/"
        if path == place or path.startswith(directory):
            return True
    return False
