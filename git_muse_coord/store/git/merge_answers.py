"""What git says of merges that it made in memory, read into values. Having it make them is for ``merges``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_tools import defaultdict, suppress
from git_muse_coord.store.git.process import fields_of
from git_muse_coord.store.git.trees import Version

CommitPair = tuple[str, str]
"""The ids of two commits to merge, first the one that is merged into."""
StagesOfPath = dict[str, Version]
"""What stands at a path in a merge, by the number of git's stage: 1 is the base, 2 is ours, 3 is theirs."""


class ConflictedFile(NamedTuple):
    """A path that git leaves unmerged, and what stands there on each side; None where it does not."""

    path: str
    base: Version | None
    ours: Version | None
    theirs: Version | None


class Merged(NamedTuple):
    """What became of merging two commits, in the order of the asking.

    ``tree`` is the result, in which files that conflict hold git's markers. Where git would not
    merge at all it is empty, and ``problem`` says why.
    """

    ours: str
    theirs: str
    tree: str
    conflicts: tuple[ConflictedFile, ...] = ()
    problem: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether git merged everything by itself."""
        return not self.conflicts and not self.problem


def finished_merges(output: bytes, pairs: Sequence[CommitPair]) -> Iterator[Merged]:
    """The merges of some pairs of commits that git finished, in order."""
    fields = iter(fields_of(output))
    # the fields end early where git was stopped in the middle of a merge, for want of room, say
    with suppress(StopIteration):
        for ours, theirs in pairs:
            # 0: a merge with conflicts; 1: one without; and nothing where git would not merge
            verdict = next(fields)
            if not verdict:
                return
            yield _finished(ours, theirs, fields)


def _finished(
    ours: str,
    theirs: str,
    fields: Iterator[str],
) -> Merged:
    """One merge of which git tells its tree, the paths left unmerged, and its messages."""
    tree = next(fields)
    unmerged = _unmerged(ours, theirs, fields)
    paths_in_messages = _paths_in_messages(fields)
    if not unmerged:
        # where the files of a directory went to several others git stops, although nothing is left
        # unmerged
        for path in paths_in_messages:
            unmerged[path] = {}
    conflicts: list[ConflictedFile] = []
    for path, stages in unmerged.items():
        conflict = ConflictedFile(
            path,
            base=stages.get("1"),
            ours=stages.get("2"),
            theirs=stages.get("3"),
        )
        conflicts.append(conflict)
    return Merged(ours, theirs, tree, tuple(conflicts))


def _unmerged(
    ours: str,
    theirs: str,
    fields: Iterator[str],
) -> dict[str, StagesOfPath]:
    """The paths that git leaves unmerged, up to the empty field behind them."""
    unmerged: dict[str, StagesOfPath] = defaultdict(dict)
    while row := next(fields):
        facts, _, path = row.partition("\t")
        mode, oid, stage = facts.split(" ")
        # what cannot have its name, because a directory or a link has it, gets that of its commit
        # behind it
        path = path.removesuffix(f"~{ours}")
        path = path.removesuffix(f"~{theirs}")
        unmerged[path][stage] = Version(mode, oid)
    return unmerged


def _paths_in_messages(fields: Iterator[str]) -> list[str]:
    """The paths of which git says that they conflict."""
    conflicted: list[str] = []
    # a message: the number of its paths, these, its kind, its text; the end is empty, or advice
    # about submodules
    while (count := next(fields)).isdigit():
        paths = list(islice(fields, int(count)))
        kind = next(fields)
        _text = next(fields)
        if kind.startswith("CONFLICT"):
            conflicted += paths
    return conflicted
