"""The merges that a history holds, and git's verdict on each when it is made again as git would merge here today."""

from __future__ import annotations

import os
import tempfile
import zlib
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from git_muse_coord.store.git import commits
from git_muse_coord.store.git.attributes import (
    NO_ATTRIBUTES,
    Attributes,
    lay_out,
    of_commits,
)
from git_muse_coord.store.git.merge_answers import CommitPair
from git_muse_coord.store.git.merges import Merges, PairsByAttributes
from git_muse_coord.store.git.process import Git
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.settings import Settings

_BY_LINES = "git merge-file -q --marker-size=%L %A %O %B || exit 1"
"""What stands in for each driver that is set up here; 1 is a conflict, and a file that is no text is one."""
_WAYS = (b"merge", b"binary")
"""The words in a line of attributes that make git merge a file in another way."""
_COUNT = "GIT_CONFIG_COUNT"
_LATEST = 2**63 - 1
"""A commit may name any moment up to twice this; no database could hold that."""
_LISTED = ("rev-list", "--merges", "--max-parents=2", "--parents", "--timestamp")


class MergeCommit(NamedTuple):
    """A merge of history: the commit, when it was made, in seconds since 1970, and its two parents."""

    commit: str
    at: int
    ours: str
    theirs: str


def merge_commits(
    git: Git,
    tips: Iterable[str],
    known_tips: Iterable[str] = (),
    most: int | None = None,
) -> list[MergeCommit]:
    """The merges of two parents that can be reached from some commits and from none of others, the newest first."""
    # a known tip may be gone since, as after a rebase and a gc
    command = [*_LISTED, "--ignore-missing"]
    if most is not None:
        command.append(f"-n{most}")
    command += tips
    for tip in known_tips:
        command.append(f"^{tip}")
    merges: list[MergeCommit] = []
    for row in git.lines(*command, "--"):
        seconds, commit, ours, theirs = row.split(" ")
        at = min(int(seconds), _LATEST)
        merges.append(MergeCommit(commit, at, ours, theirs))
    return merges


def base_to_compare(git: Git, merge: MergeCommit) -> str | None:
    """Where the two sides of a merge had parted; None where there was nothing to merge, or nobody knows.

    Of several bases, where branches crossed, it is the first. In a shallow clone there may be none.
    """
    bases = commits.bases(git, merge.ours, merge.theirs)
    if not bases:
        return None
    base = bases[0]
    if base in (merge.ours, merge.theirs):
        return None
    return base


class RemadeMerges(Merges):
    """Merges of the past, by the attributes of HEAD: so they say how git would merge the like today.

    No driver runs, not even one that HEAD chooses: nobody waits for these merges, and nobody would
    know what starts his programs thousands of times.
    """

    def __init__(self, repository: Repository) -> None:
        super().__init__(repository)

    def _grouped(self, pairs: Sequence[CommitPair]) -> PairsByAttributes:
        every_number = list(range(len(pairs)))
        return {self._of_head: every_number}

    def _where_they_lie(self, attributes: Attributes) -> Git:
        # never in the working tree, where files of attributes lie that are not committed
        directory = tempfile.mkdtemp(dir=self.home)
        lay_out(self._git, attributes, directory, NO_ATTRIBUTES)
        # Attributes outside of the tree choose drivers, too, and so does merge.default.
        no_drivers = self._no_drivers()
        return self._within(directory, GIT_WORK_TREE=directory, **no_drivers)

    def _no_drivers(self) -> dict[str, str]:
        """Variables by which git itself does the work of each driver."""
        settings = Settings.of(self._repository.configuration)
        # behind those that whoever called us has set
        number = int(os.environ.get(_COUNT) or 0)
        variables: dict[str, str] = {}
        for name in settings.merge_drivers:
            # Not with -c, where a name could not hold an equals sign.
            variables[f"GIT_CONFIG_KEY_{number}"] = f"merge.{name}.driver"
            variables[f"GIT_CONFIG_VALUE_{number}"] = _BY_LINES
            number += 1
        variables[_COUNT] = str(number)
        return variables


def ways_to_merge(repository: Repository) -> str:
    """What tells apart how the attributes of HEAD have files merged; empty where they leave that to git."""
    head = repository.head().commit
    if head is None:
        return ""
    git = repository.git
    attributes_of = of_commits(git, [head])
    chosen: list[str] = []
    for path, oid in sorted(attributes_of[head]):
        blob = git.run("cat-file", "blob", oid)
        lines = list(filter(_names_a_way, blob.splitlines()))
        # most files of attributes are about line ends and languages
        if lines:
            checksum = zlib.crc32(b" ".join(lines))
            chosen.append(f"{path} {checksum:08x}")
    return " ".join(chosen)


def _names_a_way(line: bytes) -> bool:
    return any(word in line for word in _WAYS)
