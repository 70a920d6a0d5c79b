"""Git's own merges, in memory: which pairs of commits merge, which paths conflict, to what tree.

Whatever git writes for it goes into a directory of objects that is gone afterwards. The lines that
conflict are the business of ``hunks``.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.later import tempfile
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.store.git import commits, temporary
from git_muse_coord.store.git.attributes import (
    NO_ATTRIBUTES,
    Attributes,
    lay_out,
    of_commits,
    on_disk,
)
from git_muse_coord.store.git.hunks import Hunks, Stages, hunks
from git_muse_coord.store.git.merge_answers import (
    CommitPair,
    ConflictedFile,
    Merged,
    finished_merges,
)
from git_muse_coord.store.git.objects import Objects
from git_muse_coord.store.git.process import (
    IDENTITY,
    Git,
    input_lines,
    pairs_of,
)
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.trees import PLAIN, Version, Versions, files_of_tree

if TYPE_CHECKING:
    from typing import Self

# renormalizing takes attributes from the merged tree, and runs what filters and drivers they name
_MERGE = (
    "-c",
    "merge.renormalize=false",
    "merge-tree",
    "--write-tree",
    "--stdin",
    "-z",
    "--messages",
)
_OBJECTS = "GIT_OBJECT_DIRECTORY"
_ALTERNATES = "GIT_ALTERNATE_OBJECT_DIRECTORIES"
_USAGE = 129
"""The exit code of a git that does not know the options."""

PairsByAttributes = dict[Attributes, list[int]]
"""The numbers of pairs of commits, by the attributes that count for merging them."""


def merging_in_memory(number: int) -> str:
    """What is told of many merges while they are made."""
    return f"merging {number:,} pairs in memory"


class Merges:
    """Merges in one repository; a context manager, which forgets all trees and commits made in it.

    As in ``git merge``, the attributes of the commit that is merged into count, whatever is checked
    out; but they run no merge driver that those of HEAD do not choose, too. Without ``attributes``
    those of no commit count: a file that the project lets git unite conflicts like any other.
    """

    def __init__(self, repository: Repository, *, attributes: bool = True) -> None:
        self._repository = repository
        self._by_attributes = attributes

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if "home" in vars(self):
            temporary.remove(self.home)

    @cached_property
    def repository(self) -> Repository:
        """The same repository with all trees and commits that are made here, for who reads what is in them."""
        directory = self._git.directory
        return Repository(directory, stays=False, git=self._git)

    def lend_objects(self, git: Git) -> None:
        """Let a git of another worktree see all objects, and write its new ones into the store that goes."""
        for name in (_OBJECTS, _ALTERNATES):
            git.environment[name] = self._places[name]

    def bases(self, commit: str, other_commit: str) -> list[str]:
        """The merge bases of two commits, those made here included."""
        return commits.bases(self._git, commit, other_commit)

    def pairs(self, pairs: Iterable[CommitPair], base: str | None = None) -> list[Merged]:
        """Merge each pair of commit ids, in one process. Their own merge base counts, unless ``base`` is given."""
        asked = list(pairs)
        to_merge = asked
        if base is not None:
            to_merge = self._upon(base, asked)
        merged: dict[int, Merged] = {}
        for attributes, numbers in self._grouped(to_merge).items():
            git = self._where_they_lie(attributes)
            group = [to_merge[number] for number in numbers]
            answers = self._merge(git, group)
            merged.update(zip(numbers, answers, strict=True))
        in_order: list[Merged] = []
        for number, (ours, theirs) in enumerate(asked):
            # the caller knows nothing of the commits that stand in where a base was given
            answer = merged[number]._replace(ours=ours, theirs=theirs)
            in_order.append(answer)
        return in_order

    def commit(self, tree: str, parents: Sequence[str]) -> str:
        """A commit to merge on: of the tree that a merge gave, say, with the two that were merged as its parents."""
        command = [*IDENTITY, "commit-tree", tree, "-m", "merged"]
        for parent in parents:
            command += ["-p", parent]
        return self._git.line(*command)

    def hunks(self, conflicts: Sequence[ConflictedFile]) -> list[Hunks]:
        """The lines that conflict in each of some paths, in one process; none where the file as a whole conflicts."""
        stages_of_files: list[Stages] = []
        for file in conflicts:
            stages = (file.base, file.ours, file.theirs)
            stages_of_files.append(stages)
        return hunks(self._git, stages_of_files)

    def outcome(self, merged: Merged) -> dict[str, str]:
        """The files in which a merge differs from ours, and the ids of what stands in them."""
        command = ("diff-tree", "-r", *PLAIN, merged.ours, merged.tree, "--")
        output = self._git.run(*command)
        changed: dict[str, str] = {}
        for facts, path in pairs_of(output):
            _, new_mode, _, new_oid, _ = facts.split(" ")
            version = Version(new_mode, new_oid)
            if version.is_file:
                changed[path] = new_oid
        return changed

    def files(self, merged: Merged) -> Versions:
        """Every path after a merge; what conflicts holds git's markers."""
        return files_of_tree(self._git, merged.tree)

    def has(self, merged: Merged, path: str) -> bool:
        """Whether there is anything at a path after a merge."""
        answer = self._git.ask("cat-file", "-e", f"{merged.tree}:{path}")
        return answer.code == 0

    def read(self, oids: Sequence[str], limit: int) -> Iterator[bytes | None]:
        """The bytes of files, those that a merge made included; None for one of more than ``limit`` bytes."""
        objects = Objects(self._repository, self._git)
        contents = objects.contents(oids, limit)
        for oid in oids:
            yield contents.get(oid)

    @cached_property
    def _git(self) -> Git:
        """Git, with a directory of its own for new objects, which sees all others."""
        directory = self._repository.top or self._repository.git_dir
        return self._within(directory)

    @cached_property
    def home(self) -> str:
        """The directory that goes when all is done, for whatever is to go with it."""
        return temporary.make_folder("merge")

    @cached_property
    def _places(self) -> dict[str, str]:
        """The variables by which git finds the repository, and the store of objects that goes."""
        command = ("rev-parse", "--path-format=absolute", "--git-path", "objects")
        output = self._repository.git.run(*command)
        theirs = os.fsdecode(output).rstrip("\n")
        ours = os.path.join(self.home, "objects")
        os.mkdir(ours)
        # ours replaces a variable by which whoever called us may lend git more objects
        alternates = [_quoted(theirs)]
        lent = os.environ.get(_ALTERNATES)
        if lent:
            alternates.append(lent)
        return {
            "GIT_DIR": self._repository.git_dir,
            _OBJECTS: ours,
            _ALTERNATES: ":".join(alternates),
        }

    def _within(self, directory: str, **more: str) -> Git:
        """At the top of a working tree, because git tells the paths in conflict from where it is."""
        environment = {**self._places, **more}
        return self._repository.git.within(directory, environment)

    def _grouped(self, pairs: Sequence[CommitPair]) -> PairsByAttributes:
        """The pairs in groups: one git reads one set of attributes alone."""
        if not self._by_attributes:
            every_number = list(range(len(pairs)))
            return {NO_ATTRIBUTES: every_number}
        merged_into = [ours for ours, _ in pairs]
        attributes_of = of_commits(self._git, merged_into)
        groups: PairsByAttributes = defaultdict(list)
        for number, commit in enumerate(merged_into):
            attributes = attributes_of[commit]
            groups[attributes].append(number)
        return groups

    @cached_property
    def _on_disk(self) -> Attributes:
        return on_disk(self._repository)

    @cached_property
    def _of_head(self) -> Attributes:
        """The files of attributes whose merge drivers may run; none before the first commit."""
        head = self._repository.head().commit
        if head is None:
            return NO_ATTRIBUTES
        attributes_of = of_commits(self._git, [head])
        return attributes_of[head]

    def _where_they_lie(self, attributes: Attributes) -> Git:
        """Git where these attributes lie: in our own working tree, or in one that is made for them."""
        if attributes == self._on_disk:
            return self._git
        directory = tempfile.mkdtemp(dir=self.home)
        lay_out(self._git, attributes, directory, self._of_head)
        return self._within(directory, GIT_WORK_TREE=directory)

    def _upon(self, base: str, pairs: Sequence[CommitPair]) -> list[CommitPair]:
        """The same contents as children of one commit, which so becomes the merge base.

        An older git cannot be told the base; and it takes what it is told as a commit with all its
        history.
        """
        root = self.commit(f"{base}^{{tree}}", [])

        @cache
        def child(commit: str) -> str:
            return self.commit(f"{commit}^{{tree}}", [root])

        children: list[CommitPair] = []
        for ours, theirs in pairs:
            our_child = child(ours)
            their_child = child(theirs)
            children.append((our_child, their_child))
        return children

    def _merge(self, git: Git, pairs: Sequence[CommitPair]) -> list[Merged]:
        # git stops at a pair that it will not merge, so go on behind it
        merged: list[Merged] = []
        while len(merged) < len(pairs):
            rest = pairs[len(merged) :]
            lines = [f"{ours} {theirs}" for ours, theirs in rest]
            answer = git.ask(*_MERGE, given=input_lines(lines))
            if answer.code == _USAGE:
                raise StoreFailed(
                    "this git is too old to merge in memory",
                    "install git 2.39 or newer",
                )
            merged += finished_merges(answer.out, rest)
            if len(merged) < len(pairs):
                ours, theirs = pairs[len(merged)]
                refused = Merged(ours, theirs, tree="", problem=answer.complaint)
                merged.append(refused)
        return merged


def _quoted(path: str) -> str:
    """A path as git reads it in a list: in quotes, because it may hold the colon that parts two."""
    escaped = path.replace("\\", "\\\\")
    escaped = escaped.replace('"', '\\"')
    return f'"{escaped}"'
